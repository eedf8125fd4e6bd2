"""Contributions add up to the score; drivers and flat criteria are those one sees."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.io.dictionary import read_columns
from geokit.scoring import drivers, find_drivers, find_flat


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


def test_the_drivers_of_one_row():
    rows = contributions(("A", 0.4, 0.9), ("B", 0.3, 0.1), ("C", 0.1, None), ("D", 0.15, None), ("E", 0.05, 1.0))
    assert drivers(rows) == (("A", "E", "B"), ("B", "A"), ("D", "C"))
    assert drivers(rows, named=1) == (("A",), ("B",), ("D",))


def test_a_value_of_zero_lifts_nothing_and_a_value_of_one_costs_nothing():
    assert drivers(contributions(("A", 0.5, 0.0), ("B", 0.5, 1.0))) == (("B",), ("A",), ())


def test_drivers_want_one_row_at_a_time():
    two = pd.concat([contributions(("A", 1.0, 0.5)), contributions(("A", 1.0, 0.5), alternative="y")])
    with pytest.raises(ValueError, match="2 rows given"):
        drivers(two)
    assert find_drivers(two)["best"].tolist() == [("A",), ("A",)]


def test_a_flat_criterion_is_known_everywhere_and_the_same():
    rows = [("A", 0.2, 0.5), ("B", 0.3, 0.5), ("C", 0.4, None), ("D", 0.1, 0.1)]
    other = [("A", 0.2, 0.5), ("B", 0.3, 0.5), ("C", 0.4, None), ("D", 0.1, 0.2)]
    assert find_flat(pd.concat([contributions(*rows), contributions(*other, alternative="y")])) == ("B", "A")


def test_one_row_separates_nothing():
    assert find_flat(contributions(("A", 1.0, 0.5))) == ()
