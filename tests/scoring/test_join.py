"""Joining: each cell goes where its non-blank keys fit, and the more particular cell stands."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.core.errors import UnknownNameError
from geokit.scoring import build_matrix


@pytest.fixture
def join(criteria, plain, plants, grid, who_uses):
    def build(cells, profiles=who_uses):
        return build_matrix(cells, criteria, assumptions=plain).join(plants, grid, profiles)

    return build


def test_alternatives_stand_in_the_order_of_their_ids(join, hand_cells):
    assert join(hand_cells).alternatives["alternative"].tolist() == ["a:grind", "a:smelt", "b:smelt", "export:smelt"]


def test_every_key_is_obeyed(join, hand_cells):
    joined = join(hand_cells)
    nan = np.nan
    expected = {
        0: [[8, 2, 0], [8, 6, 5], [nan, 6, 5], [5, nan, 0]],
        1: [[8, 2, 0], [8, 6, 1], [nan, 6, 1], [5, nan, 0]],
        2: [[8, 2, 0], [8, 6, 10], [nan, 6, 10], [5, nan, 0]],
    }
    for case, values in expected.items():
        np.testing.assert_array_equal(joined.values(case, "value"), values)


def test_the_more_particular_cell_stands_even_when_it_is_missing(join, make_cells):
    cells = make_cells((("D", "", "smelt"), 7.0), (("D", "a", "smelt"), None), (("D",), 1.0))
    delay = join(cells).values(0, "value")[:, 2]
    np.testing.assert_array_equal(delay, [1.0, np.nan, 7.0, 7.0])


def test_the_cell_of_the_site_stands_before_that_of_the_stage_whatever_its_keys(join, make_cells):
    cells = make_cells((("D", "", "smelt", "B", "p", "text"), 7.0), (("D", "a"), 3.0))
    assert join(cells).values(0, "value")[[1, 2], 2].tolist() == [3.0, 7.0]


def test_without_a_profile_no_cell_that_names_one_fits(join, make_cells):
    cells = make_cells((("D", "", "smelt", "B"), 7.0), (("D", "", "smelt"), 2.0))
    assert join(cells, profiles={}).values(0, "value")[1, 2] == 2.0
    assert join(cells).values(0, "value")[1, 2] == 7.0


def test_what_nobody_reported_is_missing(join, make_cells):
    joined = join(make_cells((("W", "elsewhere"), 7.0)))
    assert (joined.rows == -1).all()
    assert np.isnan(joined.values(0)).all()
    assert not joined.sourced(0).any()


def test_no_cells_at_all_is_no_error(join, make_cells):
    assert (join(make_cells()).rows == -1).all()


def test_an_assumption_without_a_source_is_known_but_no_evidence(join, make_cells):
    cells = make_cells((("W", "a"), 7.0), (("W", "b"), 7.0), (("W", "export"), 7.0))
    cells["grade"] = ["A", "A", "D"]
    cells["source_ids"] = ["", "s", ""]
    joined = join(cells)
    assert joined.values(0)[:, 0] == pytest.approx(0.7)
    assert joined.sourced(0)[:, 0].tolist() == [False, False, True, True]


def test_cases_can_be_selected(join, hand_cells):
    joined = join(hand_cells)
    chosen = joined.select([2])
    assert chosen.cases == joined.cases[2:]
    np.testing.assert_array_equal(chosen.values(0), joined.values(2))


def test_cells_are_listed_for_an_explanation(join, hand_cells):
    listed = join(hand_cells).list_cells(0, ["b:smelt"]).set_index("criterion_id")
    assert listed["alternative"].unique().tolist() == ["b:smelt"]
    assert listed.loc["W", "note"] == "not found"
    assert listed.loc["D", ["value", "profile", "track"]].tolist() == [5.0, "B", "text"]


def test_an_unknown_case_or_alternative_is_named(join, hand_cells):
    joined = join(hand_cells)
    with pytest.raises(UnknownNameError, match="no case called 'p/texts'"):
        joined.index_of("p/texts")
    with pytest.raises(UnknownNameError, match="no alternative called 'c:smelt'"):
        joined.places_of(["a:smelt", "c:smelt"])
