"""A study keeps the vendor list that it was asked with: saved, compared and asked again it counts."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from geokit.dependency import read_vendors
from geokit.io.dictionary import read_columns
from geokit.study.compare import compare, list_changes, mix, pair_cases
from geokit.study.evaluate import evaluate
from geokit.study.replay import Question, Replay
from geokit.study.study import Study
from geokit.study.vendors import name_any, no_vendors

LIST = """stage_id,class_id,vendor,country,share,chosen
,{first},One Works,Finland,0.75,
,{first},Other Works,China,0.25,
,{second},Third Works,Japan,1,
"""


@pytest.fixture(scope="module")
def bought(layers, small, tmp_path_factory):
    """The two classes with the highest exposure today, bought of named vendors."""
    blocks = small.exposure[small.exposure["block_id"].isin(layers["operations"]["class_id"])]
    ties = blocks.groupby("block_id")["e"].max().sort_values(ascending=False, kind="stable")
    file = tmp_path_factory.mktemp("vendors") / "vendors.csv"
    file.write_text(LIST.format(first=ties.index[0], second=ties.index[1]))
    return read_vendors(file, layers)


@pytest.fixture(scope="module")
def named(layers, assumptions, one_case, bought):
    return evaluate(assumptions, cases=one_case, layers=layers, vendors=bought)


@pytest.fixture(scope="module")
def found(small, named):
    return compare(small, named, pair_cases(small, named)[0])


def test_a_study_without_a_list_holds_an_empty_one(small):
    assert small.vendors.empty
    assert name_any(small.vendors) is None
    assert list(small.vendors.columns) == [one.name for one in read_columns("vendors")] == list(no_vendors().columns)


def test_a_study_holds_the_list_as_it_was_read(named, bought):
    pd.testing.assert_frame_equal(named.vendors, bought)
    assert name_any(named.vendors) is named.vendors


def test_the_list_is_saved_and_opened_again(named, small, layers, tmp_path):
    again = Study.load(named.save(tmp_path / "named.zip"), layers)
    pd.testing.assert_frame_equal(again.vendors, named.vendors, check_dtype=False)
    assert again.vendors.to_csv() == named.vendors.to_csv()
    assert Study.load(small.save(tmp_path / "small.zip"), layers).vendors.empty


def test_a_list_is_one_change_and_told_with_its_classes(found, bought):
    row = found.changes.set_index("key").loc["vendors"]
    assert row["what"] == "vendor list"
    assert row["before"] == "market shares"
    assert row["after"] == f"3 rows for {', '.join(sorted(set(bought['class_id'])))}"
    assert set(found.changes["key"]) == {"vendors"}


def test_the_list_explains_every_score_that_it_moved(found):
    assert set(found.shares["key"]) == {"vendors"}
    moves = found.moves.set_index("alternative")["score_change"]
    assert (moves.abs() > 1e-6).any()
    np.testing.assert_allclose(found.shares.set_index("alternative")["score_change"].reindex(moves.index), moves, atol=1e-12)


def test_another_list_runs_the_controls_again_and_the_same_does_not(named, bought):
    replay = Replay()
    replay.learn(named)
    asked = Question.of(named, named.cases[0])
    replay.answer(asked)
    replay.answer(asked.replace(vendors=bought.copy()))
    assert replay.runs["controls"] == 1
    replay.answer(asked.replace(vendors=bought.iloc[2:]))
    assert replay.runs["controls"] == 2
    assert replay.runs["money"] == 1


@pytest.mark.parametrize(("made", "rows"), [(frozenset(), 0), (frozenset({"vendors"}), 3), (frozenset({"weights"}), 0)])
def test_a_mixture_has_the_list_only_where_it_is_made(small, named, made, rows):
    first, second = (Question.of(one, one.cases[0]) for one in (small, named))
    assert len(mix(first, second, made).vendors) == rows


def test_equal_lists_are_no_change(named):
    twin = dataclasses.replace(named, vendors=named.vendors.copy())
    assert list_changes(named, twin, (named.cases[0], named.cases[0])).empty
