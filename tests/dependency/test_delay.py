"""Delay and dearer capital cost: parallel procurement, one political state a draw, nothing without a clause."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.random import SeedSequence

from geokit.core.triangle import draw_triangular
from geokit.dependency.delay import BlockOrder, CapexFactor, DelayMonths, simulate_plants

NOTHING = (0.0, 0.0, 0.0)
ANCHORS = (2.5, 12.0, 30.0)
QUARTER = BlockOrder(0.25, 1.0, (NOTHING,), ANCHORS)
FREE = BlockOrder(0.0, 1.0, (), ANCHORS)
GRANTED = BlockOrder(0.0, 1.0, ((3.0, 3.0, 3.0),), ANCHORS)
REFUSED = BlockOrder(1.0, 1.0, ((3.0, 3.0, 3.0),), (9.0, 9.0, 9.0))
DEAR = (1.5, 1.5, 1.5)
LICENSED = BlockOrder(0.0, 1.0, ((3.0, 3.0, 3.0),), ANCHORS, ((1.2, 1.2, 1.2),), DEAR)


def simulate(*states, prior=(1.0,), samples=4000, seed=1, **asked):
    return simulate_plants([states], prior, seed=SeedSequence(seed), samples=samples, **asked)[0][0]


def pay(*states, prior=(1.0,), share=(0.1, 0.1, 0.1)):
    return simulate_plants([states], prior, seed=SeedSequence(1), samples=4000, equipment_share=share)[0][1]


def test_no_clause_no_delay():
    assert simulate([FREE, FREE]) == DelayMonths()


def test_a_licence_that_is_granted_costs_its_own_time():
    assert simulate([FREE, GRANTED]) == DelayMonths(3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0)


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
    assert simulate([QUARTER] * 5, samples=40_000).p80 == pytest.approx(low, rel=0.01)


def test_the_worked_example_of_the_dossier_apart_and_in_common():
    """Section 4.5, by its own draws: five blocks bound at a quarter, 2.5 / 12 / 30 months; the integrals are 12.71, 23.57 and 5.45."""
    apart = simulate([QUARTER] * 5, samples=40_000)
    assert (apart.mean, apart.p90) == (pytest.approx(12.6, abs=0.15), pytest.approx(23.5, abs=0.1))
    bound, free = (dataclasses.replace(QUARTER, refused=chance) for chance in (1.0, 0.0))
    together = simulate([free] * 5, [bound] * 5, prior=(0.75, 0.25), samples=40_000)
    assert together.mean == pytest.approx(5.5, abs=0.1)
    assert together.mean < 5 * 0.25 * np.mean(ANCHORS), "the sum, 18.4 months, is no delay of parallel orders"


def test_float_is_taken_off_once_and_never_below_nothing():
    assert simulate([GRANTED, REFUSED], float_months=2.0).p50 == 7.0
    assert simulate([GRANTED, REFUSED], float_months=12.0) == DelayMonths()


@pytest.mark.parametrize("chunk", [1, 7, 300, 5000])
def test_the_size_of_a_chunk_moves_no_figure(chunk):
    order = BlockOrder(0.4, 0.9, ((1.0, 3.0, 9.0), (0.0, 2.0, 12.0)), ANCHORS, ((1.0, 1.1, 1.3),), DEAR)
    plants = [[[order, FREE], [FREE, REFUSED]], [[FREE, order], [order, GRANTED]]]
    asked = {"seed": SeedSequence(5), "samples": 400, "equipment_share": (0.05, 0.1, 0.2)}
    assert simulate_plants(plants, [0.3, 0.7], chunk=chunk, **asked) == simulate_plants(plants, [0.3, 0.7], **asked)


def test_all_plants_of_a_flowsheet_share_their_draws():
    order = BlockOrder(0.4, 0.9, ((1.0, 3.0, 9.0),), ANCHORS)
    first, second = simulate_plants([[[order]], [[order]]], [1.0], seed=SeedSequence(1), samples=500)
    assert first == second


def test_what_binds_one_block_moves_no_draw_of_another():
    order = BlockOrder(0.4, 0.9, ((1.0, 3.0, 9.0),), ANCHORS)
    nothing = dataclasses.replace(order, exposed=0.0)
    assert simulate([FREE, FREE, order]) == simulate([nothing, nothing, order])


def test_without_a_clause_nothing_is_dearer():
    assert pay([FREE, FREE]) == CapexFactor()


def test_a_licensed_supply_pays_the_premium_of_the_state_on_its_share_of_the_equipment():
    found = pay([FREE, LICENSED])
    assert (found.p10, found.p90) == pytest.approx((1 + 0.1 * 0.5 * 0.2, 1 + 0.1 * 0.5 * 0.2))
    assert (found.low, found.high) == pytest.approx((1.0, 1 + 0.1 * 0.2)), "all of the cost in the free block, or in the dear one"


def test_a_refused_supply_pays_the_premium_of_another_vendor_and_never_less_than_the_state_does():
    refused = dataclasses.replace(LICENSED, refused=1.0)
    assert pay([refused]).p50 == pytest.approx(1 + 0.1 * 0.5)
    cheaper = dataclasses.replace(refused, substitute_price=(1.1, 1.1, 1.1))
    assert pay([cheaper]).p50 == pytest.approx(1 + 0.1 * 0.2)


def test_a_supply_that_is_not_chinese_pays_no_premium():
    assert pay([dataclasses.replace(LICENSED, exposed=0.0)]) == CapexFactor()


def test_without_a_premium_on_file_a_refusal_has_no_capital_cost_and_the_delay_is_known():
    unknown = dataclasses.replace(LICENSED, refused=0.5, substitute_price=(float("nan"),) * 3)
    delay, capex = simulate_plants([[[unknown]]], [1.0], seed=SeedSequence(1), samples=100)[0]
    assert np.isnan(list(dataclasses.astuple(capex))).all()
    assert delay.p50 > 0.0


@pytest.mark.parametrize("weights", [(1.0, 0.0, 0.0), (0.2, 0.5, 0.3), (0.0, 0.0, 1.0)])
def test_no_shares_of_the_blocks_leave_the_bounds(weights):
    """Each share alone is the plant in which the block stands so many times in ten."""
    dear = dataclasses.replace(LICENSED, refused=1.0)
    blocks = [FREE, LICENSED, dear]
    bounds = pay(blocks)
    several = [block for block, weight in zip(blocks, weights, strict=True) for _ in range(round(10 * weight))]
    found = pay(several)
    assert bounds.low - 1e-12 <= found.p10 <= found.p90 <= bounds.high + 1e-12


def test_the_premium_is_drawn_in_the_state_of_the_delay():
    """Where the harsh state waits, it also pays; a state that costs nothing pays nothing."""
    dear = dataclasses.replace(LICENSED, refused=1.0, licence_months=(NOTHING,), substitute_months=(9.0, 9.0, 9.0))
    delay, capex = simulate_plants(
        [[[FREE], [dear]]], [0.7, 0.3], seed=SeedSequence(1), samples=1000, equipment_share=(0.1, 0.1, 0.1)
    )[0]
    assert (delay.p50, capex.p50) == (0.0, 1.0)
    assert (delay.p80, capex.p90) == (9.0, pytest.approx(1.05))


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


def test_a_named_vendor_waits_for_its_own_licence_even_where_no_chinese_clause_binds():
    own = dataclasses.replace(FREE, exposed=0.0, own_share=1.0, own_months=((4.0, 4.0, 4.0),))
    assert simulate([FREE, own]).p10 == simulate([FREE, own]).p90 == 4.0
    assert simulate([dataclasses.replace(own, own_refused=1.0, substitute_months=(9.0, 9.0, 9.0))]).p50 == 9.0
    assert simulate([dataclasses.replace(own, own_share=0.195)]).p80 == 0.0


def test_of_a_chinese_and_another_licence_that_are_both_needed_the_slower_counts():
    both = dataclasses.replace(GRANTED, own_share=1.0, own_months=((2.0, 2.0, 2.0), (5.0, 5.0, 5.0)))
    assert simulate([both]).p50 == 5.0
    assert simulate([dataclasses.replace(both, own_months=((1.0, 1.0, 1.0),))]).p50 == 3.0


def test_an_order_is_either_chinese_or_under_the_other_licence():
    half = dataclasses.replace(GRANTED, exposed=0.5, own_share=0.5, own_months=((1.0, 1.0, 1.0),))
    found = simulate([half])
    assert (found.p10, found.p90, found.mean) == (1.0, 3.0, pytest.approx(2.0, abs=1e-3))


def test_a_licence_without_a_time_on_file_leaves_the_delay_missing():
    assert np.isnan(simulate([dataclasses.replace(FREE, own_share=1.0, own_months=((float("nan"),) * 3,))]).p50)
