"""Delay: parallel procurement, one political state a draw, nothing without a clause."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.random import SeedSequence

from geokit.core.triangle import draw_triangular
from geokit.dependency.delay import BlockOrder, DelayMonths, simulate_delay

NOTHING = (0.0, 0.0, 0.0)
ANCHORS = (2.5, 12.0, 30.0)
FREE = BlockOrder(0.0, 1.0, (), ANCHORS)
GRANTED = BlockOrder(0.0, 1.0, ((3.0, 3.0, 3.0),), ANCHORS)
REFUSED = BlockOrder(1.0, 1.0, ((3.0, 3.0, 3.0),), (9.0, 9.0, 9.0))


def simulate(*states, prior=(1.0,), samples=4000, seed=1):
    return simulate_delay(states, prior, seed=SeedSequence(seed), samples=samples)


def test_no_clause_no_delay():
    assert simulate([FREE, FREE]) == DelayMonths()


def test_a_licence_that_is_granted_costs_its_own_time():
    assert simulate([FREE, GRANTED]) == DelayMonths(3.0, 3.0, 3.0, 3.0, 3.0)


def test_a_refusal_costs_the_time_of_the_substitute():
    assert simulate([REFUSED]).p50 == 9.0


def test_blocks_are_ordered_at_once():
    assert simulate([GRANTED, REFUSED, GRANTED]).p80 == 9.0


def test_the_slowest_of_several_licences_counts():
    order = dataclasses.replace(GRANTED, licence_months=((1.0, 1.0, 1.0), (4.0, 4.0, 4.0)))
    assert simulate([order]).p50 == 4.0


def test_a_supply_that_is_not_chinese_waits_for_nothing():
    assert simulate([dataclasses.replace(REFUSED, exposed=0.0)]).p80 == 0.0


def test_half_the_supplies_chinese_half_the_draws_delayed():
    found = simulate([dataclasses.replace(REFUSED, exposed=0.5)])
    assert (found.p10, found.p80) == (0.0, 9.0)


def test_draws_are_stratified_so_a_share_just_below_a_fifth_leaves_the_eightieth_percentile_at_nothing():
    assert simulate([dataclasses.replace(REFUSED, exposed=0.195)]).p80 == 0.0
    assert simulate([dataclasses.replace(REFUSED, exposed=0.205)]).p80 == 9.0


def test_without_a_substitute_a_refusal_has_no_figure():
    nan = (float("nan"),) * 3
    assert np.isnan(simulate([dataclasses.replace(REFUSED, substitute_months=nan)]).p50)


def test_an_unknown_share_has_no_figure():
    assert np.isnan(simulate([dataclasses.replace(REFUSED, exposed=float("nan"))]).p80)


def test_an_unknown_share_of_a_free_block_does_not_matter():
    assert simulate([dataclasses.replace(FREE, exposed=float("nan")), GRANTED]).p50 == 3.0


def test_states_are_mixed_by_their_priors_and_bound_the_eightieth_percentile():
    found = simulate([FREE], [REFUSED], prior=(0.3, 0.7))
    assert (found.p10, found.p50, found.p80) == (0.0, 9.0, 9.0)
    assert (found.p80_low, found.p80_high) == (0.0, 9.0)


def test_a_rare_harsh_state_shows_in_the_bound_alone():
    found = simulate([FREE], [REFUSED], prior=(0.9, 0.1))
    assert (found.p80, found.p80_high) == (0.0, 9.0)


def test_the_maximum_of_five_independent_blocks_against_its_formula():
    """P(max <= x) = (1 - b + b F(x))^5 with F triangular; solved for 0.8 by bisection, not by drawing."""

    def cumulative(x):
        low, mode, high = ANCHORS
        rising = (x - low) ** 2 / ((high - low) * (mode - low))
        falling = 1 - (high - x) ** 2 / ((high - low) * (high - mode))
        return rising if x < mode else falling

    low, high = ANCHORS[0], ANCHORS[2]
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (0.75 + 0.25 * cumulative(middle)) ** 5 < 0.8 else (low, middle)
    order = BlockOrder(0.25, 1.0, (NOTHING,), ANCHORS)
    assert simulate([order] * 5, samples=40_000).p80 == pytest.approx(low, rel=0.01)


def test_the_same_seed_gives_the_same_months_and_another_seed_others():
    order = BlockOrder(0.5, 0.9, ((1.0, 3.0, 9.0),), ANCHORS)
    assert simulate([order], seed=3) == simulate([order], seed=3)
    assert simulate([order], seed=3).p80 != simulate([order], seed=4).p80


@pytest.mark.parametrize("uniform", [0.0, 0.3, 1.0])
def test_a_triangle_without_width_is_its_figure(uniform):
    assert draw_triangular(5.0, 5.0, 5.0, uniform=uniform) == 5.0


@pytest.mark.parametrize(
    ("uniform", "spread", "expected"),
    [
        (0.0, (2.0, 6.0, 10.0), 2.0),
        (0.5, (2.0, 6.0, 10.0), 6.0),
        (1.0, (2.0, 6.0, 10.0), 10.0),
        (0.25, (2.0, 10.0, 10.0), 6.0),
        (0.75, (2.0, 2.0, 10.0), 6.0),
    ],
)
def test_a_triangle_at_points_that_its_areas_give(uniform, spread, expected):
    assert draw_triangular(*spread, uniform=uniform) == pytest.approx(expected)


@pytest.mark.parametrize("spread", [(0.0, 0.0, 8.0), (0.0, 8.0, 8.0), (1.0, 2.0, 8.0)])
def test_the_mean_of_a_triangle_is_the_mean_of_its_figures(spread):
    uniform = (np.arange(20_000) + 0.5) / 20_000
    assert draw_triangular(*spread, uniform=uniform).mean() == pytest.approx(sum(spread) / 3, rel=1e-3)
