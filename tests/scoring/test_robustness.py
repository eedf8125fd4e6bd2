"""Sampled scores: the triangular distribution, shared draws, and what must not move."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.scoring import build_matrix
from geokit.scoring.robustness import draw_triangular, spread_scores

WEIGHTS = np.array([0.25, 0.5, 0.25])


def draw(low, mode, high, uniform):
    return draw_triangular(np.array(low), np.array(mode), np.array(high), uniform=np.array(uniform))


def test_the_ends_and_the_mode_of_a_triangle():
    share_below_mode = (2.0 - 1.0) / (5.0 - 1.0)
    assert draw(1.0, 2.0, 5.0, [0.0, share_below_mode, 1.0]) == pytest.approx([1.0, 2.0, 5.0])


def test_a_symmetric_triangle_has_its_median_at_the_mode():
    assert draw(0.0, 1.0, 2.0, 0.5) == pytest.approx(1.0)


@pytest.mark.parametrize("mode", [1.0, 5.0])
def test_a_mode_at_an_end_is_fine(mode):
    drawn = draw(1.0, mode, 5.0, np.linspace(0.0, 1.0, 11))
    assert drawn[0] == 1.0
    assert drawn[-1] == 5.0
    assert (np.diff(drawn) > 0).all()


def test_a_range_of_no_width_gives_its_figure():
    assert draw(3.0, 3.0, 3.0, [0.0, 0.4, 1.0]).tolist() == [3.0, 3.0, 3.0]


def test_moments_are_those_of_the_triangle():
    uniform = (np.arange(20_000) + 0.5) / 20_000
    drawn = draw(1.0, 2.0, 6.0, uniform)
    assert drawn.mean() == pytest.approx((1 + 2 + 6) / 3, rel=1e-4)
    assert drawn.var() == pytest.approx((1 + 4 + 36 - 2 - 6 - 12) / 18, rel=1e-3)


@pytest.fixture
def spread(criteria, plain, plants, grid, who_uses):
    def run(cells, *, cases=grid, seed=1, chosen=plants):
        joined = build_matrix(cells, criteria, assumptions=plain).join(chosen, cases, who_uses)
        return joined, spread_scores(joined, 0, WEIGHTS, samples=200, seed=seed)

    return run


def test_certain_cells_have_no_band(spread, make_cells):
    _, (p10, p90) = spread(make_cells((("W", "a"), 8.0), (("W", "b"), None)))
    assert p10.tolist() == p90.tolist() == [0.2, 0.2, 0.0, 0.0]


def test_the_band_is_that_of_the_one_uncertain_cell(spread, make_cells):
    _, (p10, p90) = spread(make_cells((("F", "a", "smelt"), (0.0, 5.0, 10.0))))
    tail = np.sqrt(0.1 / 2.0)
    assert p10[1] == pytest.approx(0.5 * tail, abs=0.03)
    assert p90[1] == pytest.approx(0.5 * (1.0 - tail), abs=0.03)


def test_alternatives_that_share_a_cell_share_its_draw(spread, make_cells):
    _, (p10, p90) = spread(make_cells((("W", "a"), (1.0, 5.0, 9.0)), (("W", "b"), (1.0, 5.0, 9.0))))
    assert p10[0] == p10[1]
    assert p90[0] == p90[1]
    assert p10[2] != p10[0]


def test_the_draw_depends_on_the_seed_only(spread, hand_cells, grid):
    _, first = spread(hand_cells)
    _, again = spread(hand_cells, cases=grid[:1])
    _, other = spread(hand_cells, seed=2)
    np.testing.assert_array_equal(first, again)
    assert first[0][2] != other[0][2]


def test_no_alternatives_are_no_error(spread, hand_cells, plants):
    _, (p10, p90) = spread(hand_cells, chosen=plants.iloc[:0])
    assert p10.size == p90.size == 0
