"""The matrix: values on fixed anchors, ranges turned to worse and better ends, every bad cell told at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.core.errors import LayerError
from geokit.io.dictionary import read_columns
from geokit.scoring import build_matrix
from geokit.scoring.criteria import Criterion

ENDS = ["v_low", "v", "v_high"]


def test_columns_are_those_of_the_dictionary(matrix):
    assert list(matrix.table.columns) == [column.name for column in read_columns("matrix")]


def test_the_worse_end_comes_first_whatever_the_sense(make_cells, criteria, plain):
    cells = make_cells((("W", "a"), (2.0, 4.0, 7.0)), (("D", "", "smelt"), (2.0, 4.0, 7.0)))
    table = build_matrix(cells, criteria, assumptions=plain).table.set_index("criterion_id")
    assert table.loc["W", ENDS].tolist() == pytest.approx([0.2, 0.4, 0.7])
    assert table.loc["D", ENDS].tolist() == pytest.approx([0.3, 0.6, 0.8])


def test_ignorance_reaches_beyond_chance_and_must_hold_the_value(make_cells, criteria, plain):
    cells = make_cells((("W", "a"), (2.0, 4.0, 7.0)), (("D", "", "smelt"), (2.0, 4.0, 7.0))).assign(bound_low=[1.0, np.nan], bound_high=9.0)
    table = build_matrix(cells, criteria, assumptions=plain).table.set_index("criterion_id")
    assert table.loc["W", ENDS].tolist() == pytest.approx([0.1, 0.4, 0.9])
    assert table.loc["D", ENDS].tolist() == pytest.approx([0.1, 0.6, 0.8])
    with pytest.raises(LayerError, match="range out of order"):
        build_matrix(cells.assign(bound_high=3.0), criteria, assumptions=plain)


def test_a_figure_without_a_range_is_certain_and_a_blank_stays_blank(make_cells, criteria, plain):
    cells = make_cells((("W", "a"), (None, 4.0, None)), (("W", "b"), None))
    table = build_matrix(cells, criteria, assumptions=plain).table.set_index("site_id")
    assert table.loc["a", ENDS].tolist() == [0.4, 0.4, 0.4]
    assert table.loc["b", ["value", *ENDS]].isna().all()
    assert table.loc["b", "note"] == "not found"


def test_a_criterion_without_anchors_keeps_its_figure_and_says_why_it_has_no_value(make_cells, plain):
    bare = Criterion("W", "g", "G", "Water", "points", "max", "piecewise", (None, 5.0, 10.0))
    cells = make_cells((("W", "a"), 4.0), (("W", "b"), None))
    table = build_matrix(cells, [bare], assumptions=plain).table
    assert table["value"].tolist()[0] == 4.0
    assert table["v"].isna().all()
    words = "no value: the piecewise value function has no anchors"
    assert table["note"].tolist() == [words, f"not found; {words}"]


def test_anchors_of_the_assumptions_stand_instead_of_those_of_the_table(make_cells, criteria, plain):
    changed = plain.replace(scoring__anchors={"W": {"p2": 5.0}})
    assert build_matrix(make_cells((("W", "a"), 4.0)), criteria, assumptions=changed).table["v"].tolist() == [pytest.approx(0.8)]


def test_the_order_of_the_cells_does_not_matter(hand_cells, criteria, plain, matrix):
    again = build_matrix(hand_cells.iloc[::-1], criteria, assumptions=plain)
    pd.testing.assert_frame_equal(again.table, matrix.table)


BAD = {
    "names no criterion": {"criterion_id": "Z"},
    "stands twice": {"site_id": "a"},
    "has a range out of order": {"value_low": 9.0},
    "is infinite": {"value_high": np.inf},
    "has a range but no value": {"value": np.nan, "grade": ""},
    "has a figure without a grade": {"grade": ""},
    "is missing and has a grade": {"value_low": np.nan, "value": np.nan, "value_high": np.nan},
}


@pytest.mark.parametrize("rule", BAD)
def test_a_bad_cell_is_refused_with_its_key(rule, make_cells, criteria, plain):
    cells = make_cells((("W", "a"), 4.0), (("W", "b"), 4.0)).astype(object)
    for column, value in BAD[rule].items():
        cells.loc[1, column] = value
    with pytest.raises(LayerError, match=f"/./.*{rule}") as caught:
        build_matrix(cells, criteria, assumptions=plain)
    assert len(caught.value.problems) == 1


def test_all_bad_cells_are_told_at_once(make_cells, criteria, plain):
    cells = make_cells((("Z", "a"), 4.0), (("W", "b"), (5.0, 4.0, 4.0)))
    with pytest.raises(LayerError) as caught:
        build_matrix(cells, criteria, assumptions=plain)
    assert len(caught.value.problems) == 2


def test_it_prints_the_sense_the_unit_and_what_is_known(matrix):
    text = repr(matrix)
    assert text.startswith("DecisionMatrix: 3 criteria, 12 cells, 83% known")
    assert "W ▲" in text
    assert "D ▼" in text
    assert "months" in text


def test_the_summary_counts_cells_and_keeps_the_range(matrix):
    feed = matrix.to_frame().loc["F ▲"]
    assert feed[["cells", "known", "least", "largest"]].tolist() == [4, 3, 2.0, 6.0]


def test_a_criterion_without_cells_is_still_shown(make_cells, criteria, plain):
    frame = build_matrix(make_cells((("W", "a"), 4.0)), criteria, assumptions=plain).to_frame()
    assert frame["cells"].tolist() == [1, 0, 0]


def test_the_cells_of_one_alternative_come_one_a_criterion(matrix, plants, grid):
    cells = matrix.cells_of(plants.iloc[1], grid[1], "B")
    assert cells["criterion_id"].tolist() == ["W", "F", "D"]
    assert cells["value"].tolist() == [8.0, 6.0, 1.0]
