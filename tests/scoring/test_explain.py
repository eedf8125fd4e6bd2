"""Contributions add up to the score; flat criteria are those one sees."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.io.dictionary import read_columns
from geokit.scoring import find_flat


def contributions(*rows, alternative="x"):
    frame = pd.DataFrame(rows, columns=["criterion_id", "weight", "v"]).astype({"v": float})
    return frame.assign(case_id="c", alternative=alternative, contribution=frame["weight"] * frame["v"].fillna(0.0))


def test_columns_are_those_of_the_dictionary(ranking):
    assert list(ranking.contributions.columns) == [column.name for column in read_columns("contributions")]


def test_contributions_add_up_to_the_score(ranking):
    summed = ranking.contributions.groupby(["case_id", "alternative"])["contribution"].sum()
    scores = ranking.table.dropna(subset="rank").set_index(["case_id", "alternative"])["score"]
    assert summed.to_dict() == pytest.approx(scores.to_dict())


def test_a_missing_cell_has_no_value_and_adds_nothing(ranking):
    own = ranking.contributions_of("b:smelt", "p/text/2026-11-22").set_index("criterion_id")
    assert own.loc["W", ["value", "v"]].isna().all()
    assert own.loc["W", "contribution"] == 0.0
    assert own.loc["F", ["weight", "value", "v", "contribution"]].tolist() == pytest.approx([0.5, 6.0, 0.6, 0.3])


def test_a_flat_criterion_is_known_everywhere_and_the_same():
    rows = [("A", 0.2, 0.5), ("B", 0.3, 0.5), ("C", 0.4, None), ("D", 0.1, 0.1)]
    other = [("A", 0.2, 0.5), ("B", 0.3, 0.5), ("C", 0.4, None), ("D", 0.1, 0.2)]
    assert find_flat(pd.concat([contributions(*rows), contributions(*other, alternative="y")])) == ("B", "A")


def test_one_row_separates_nothing():
    assert find_flat(contributions(("A", 1.0, 0.5))) == ()
