"""Two studies compared: every change is named, and the parts of each move add up to it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from geokit.catalog import Change
from geokit.core.errors import UnknownNameError
from geokit.study import compare as room
from geokit.study.compare import NOT_HELD, compare, list_changes, list_moves, mix, pair_cases
from geokit.study.evaluate import evaluate
from geokit.study.replay import Question

KEYS = {"feed.cutoff_usd_per_t", "controls.months_to_fid", "weights"}


@pytest.fixture(scope="module")
def cases(small, moved):
    return pair_cases(small, moved)[0]


@pytest.fixture(scope="module")
def found(small, moved, cases):
    return compare(small, moved, cases)


def test_every_change_is_named_with_its_two_ends(found):
    changes = found.changes.set_index("what")
    assert set(found.changes["key"]) == KEYS
    assert changes.loc["feed.cutoff_usd_per_t", ["before", "after"]].tolist() == ["80", "30"]
    assert changes.loc["weight of D1", "after"] == "0.4"


def test_the_parts_of_a_move_add_up_to_it(found):
    parts = found.shares.groupby("alternative")["score_change"].sum()
    moves = found.moves.set_index("alternative")["score_change"]
    np.testing.assert_allclose(parts.reindex(moves.index), moves, atol=1e-12)
    places = found.shares.groupby("alternative")["places"].agg(lambda one: one.sum(skipna=False)).reindex(moves.index)
    told = places.notna().to_numpy()
    assert told.sum() > 10
    np.testing.assert_allclose(places[told], found.moves.set_index("alternative")["places"][told], atol=1e-9)


def test_nothing_is_left_unexplained_where_the_studies_hold_everything(found):
    assert found.is_exact
    assert set(found.shares["key"]) == KEYS


def test_a_study_against_itself_changed_nothing_and_moved_nothing(small):
    found = compare(small, small, pair_cases(small, small)[0])
    assert found.changes.empty
    assert found.shares.empty
    assert (found.moves["score_change"] == 0).all()


def test_what_the_studies_do_not_hold_stays_a_part_of_its_own(small, cases):
    """Another version of the program moved these scores: they are told as not explained."""
    other = small.scored.table.assign(score=small.scored.table["score"] + 0.01)
    strange = dataclasses.replace(small, rankings=small.rankings.assign(score=other["score"]))
    found = compare(small, strange, (cases[0], cases[0]))
    assert set(found.shares["key"]) == {NOT_HELD}
    np.testing.assert_allclose(found.shares["score_change"], 0.01, atol=1e-12)


def test_no_change_made_is_the_first_question_and_all_made_the_second(small, moved, cases):
    first, second = (Question.of(one, case) for one, case in zip((small, moved), cases, strict=True))
    assert mix(first, second, frozenset()).assumptions == first.assumptions
    whole = mix(first, second, frozenset(KEYS))
    assert (whole.assumptions, whole.case, dict(whole.weights)) == (second.assumptions, second.case, dict(second.weights))
    half = mix(first, second, frozenset({"weights"}))
    assert (half.assumptions, dict(half.weights)) == (first.assumptions, dict(second.weights))


def test_date_and_partner_are_changes_of_their_own(small):
    later = dataclasses.replace(small.cases[0], on=dt.date(2027, 3, 1), known_on=dt.date(2027, 3, 1), partner="korea")
    other = dataclasses.replace(small, cases=(later,), weights={"korea": small.weights["japan"]})
    rows = list_changes(small, other, (small.cases[0], later)).set_index("key")
    assert rows.loc["date", ["before", "after"]].tolist() == ["2026-11-22", "2027-03-01"]
    assert rows.loc["partner", ["before", "after"]].tolist() == ["japan", "korea"]


def test_assumptions_that_move_no_score_are_told_and_share_nothing(small, cases):
    renamed = dataclasses.replace(small, assumptions=small.assumptions.replace(title="mine", scoring__samples=7))
    changes = list_changes(small, renamed, (cases[0], cases[0]))
    assert changes["what"].tolist() == ["title", "scoring.samples"]
    assert changes["key"].tolist() == ["", ""]


def test_rows_of_a_user_are_one_change_of_the_layers(small, cases, layers):
    texts = layers.texts["deposits"].copy()
    texts.loc[0, "name"] = "another name"
    one = Change("deposits", "mine.csv", "0" * 64, changed=(str(texts.loc[0, "deposit_id"]),), added=())
    facts = dataclasses.replace(layers, texts={**layers.texts, "deposits": texts}, changes=(one,))
    rows = list_changes(small, dataclasses.replace(small, layers=facts), (cases[0], cases[0]))
    assert rows[["key", "what", "before", "after"]].to_numpy().tolist() == [["layers", "deposits", "as packaged", str(one)]]


def test_partners_are_paired_by_name_or_as_the_only_ones(small):
    first = small.cases[0]
    assert pair_cases(small, small) == [(first, first)]
    two = dataclasses.replace(small, cases=(first, dataclasses.replace(first, partner="korea")))
    assert [case.partner for case, _ in pair_cases(two, two)] == ["japan", "korea"]
    only = dataclasses.replace(small, cases=(dataclasses.replace(small.cases[0], partner="korea"),))
    assert [one.partner for one in pair_cases(small, only)[0]] == ["japan", "korea"]
    with pytest.raises(UnknownNameError, match="atlantis"):
        pair_cases(small, small, partner="atlantis")


def test_many_changes_are_shared_over_orders_drawn_at_random(small, moved, cases, monkeypatch):
    """The score is a sum over the changes made, so that any order gives the same parts."""
    names = sorted(small.alternatives["alternative"])

    class Summed:
        def learn(self, study):
            """Know nothing."""

        def answer(self, question):
            months = question.assumptions.controls.months_to_fid
            score = 0.001 * months + (0.1 if question.assumptions.feed.cutoff_usd_per_t < 80 else 0.0)
            return pd.DataFrame({"score": score, "rank": 1.0}, index=names)

    monkeypatch.setattr(room, "EXACT", 1)
    monkeypatch.setattr("geokit.scoring.shapley.EXACT", 1)
    monkeypatch.setattr(room, "Replay", Summed)
    told = []
    found = compare(small, moved, cases, progress=lambda *one: told.append(one))
    assert not found.is_exact
    parts = found.shares.groupby("key")["score_change"].first()
    assert parts["controls.months_to_fid"] == pytest.approx(0.018)
    assert parts["feed.cutoff_usd_per_t"] == pytest.approx(0.1)
    assert parts["weights"] == pytest.approx(0.0)
    assert all(done <= total for done, total in told)


def test_moves_tell_who_gained_or_lost_a_rank(small, moved, cases):
    moves = list_moves(small, moved, cases)
    assert set(moves["alternative"]) == set(small.alternatives["alternative"])
    comes = moves[moves["rank_before"].isna() & moves["rank"].notna()]
    assert comes["places"].isna().all()
    both = moves.dropna(subset=["rank", "rank_before"])
    assert (both["places"] == both["rank_before"] - both["rank"]).all()


def test_ranks_gained_and_lost_are_shared_like_scores(found):
    """What each change gives adds up to who has a rank after and had none before."""
    parts = found.shares.groupby("alternative")["gains_rank"].sum()
    moves = found.moves.set_index("alternative")
    gained = moves["rank"].notna().astype(float) - moves["rank_before"].notna().astype(float)
    np.testing.assert_allclose(parts.reindex(gained.index), gained, atol=1e-12)
    assert gained.abs().sum() > 10


def test_a_rule_of_evidence_moves_no_score_and_gives_ranks(small, layers, assumptions, one_case):
    loose = evaluate(assumptions.replace(scoring__evidence_threshold_frac=0.45), cases=one_case, layers=layers)
    found = compare(small, loose, pair_cases(small, loose)[0])
    assert set(found.shares["key"]) == {"scoring.evidence_threshold_frac"}
    assert (found.shares["score_change"] == 0).all()
    assert found.shares["gains_rank"].sum() > 10
