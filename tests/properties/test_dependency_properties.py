"""Properties of the bare dependency figures and delays on random plants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.random import SeedSequence

from geokit.core.triangle import draw_triangular
from geokit.dependency.delay import BlockOrder, simulate_plants
from geokit.dependency.index import combine_licences, measure_dependency

SLACK = 1e-9
UNIT = st.floats(0.0, 1.0)


@st.composite
def plants(draw):
    blocks, states = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    b = draw(arrays(float, (states, blocks), elements=UNIT))
    s, sigma = (draw(arrays(float, blocks, elements=UNIT)) for _ in range(2))
    prior = draw(arrays(float, states, elements=st.floats(0.01, 1.0)))
    return b, s, sigma, prior / prior.sum()


@settings(deadline=None)
@given(plants())
def test_order_of_the_figures(plant):
    b, s, sigma, prior = plant
    found = measure_dependency(b, s, sigma, probability=prior)
    assert 0 <= found.d_avg <= found.d_max + SLACK
    assert found.d_max <= found.d_rel + SLACK
    assert found.d_rel <= min(1.0, found.exposure.sum()) + SLACK


@settings(deadline=None)
@given(plants())
def test_a_mix_lies_between_its_states(plant):
    b, s, sigma, prior = plant
    found = measure_dependency(b, s, sigma, probability=prior)
    assert found.d_rel_by_state.min() - SLACK <= found.d_rel <= found.d_rel_by_state.max() + SLACK


@settings(deadline=None)
@given(plants(), st.integers(0, 5), UNIT)
def test_more_refusals_or_more_chinese_supply_never_lower_a_figure_and_substitutes_never_raise_it(plant, place, other):
    b, s, sigma, prior = plant
    block = place % len(s)
    before = measure_dependency(b, s, sigma, probability=prior)
    worse_b, worse_s, better = b.copy(), s.copy(), sigma.copy()
    worse_b[:, block] = np.maximum(worse_b[:, block], other)
    worse_s[block] = max(worse_s[block], other)
    better[block] = max(better[block], other)
    assert measure_dependency(worse_b, s, sigma, probability=prior).d_rel >= before.d_rel - SLACK
    assert measure_dependency(b, worse_s, sigma, probability=prior).d_rel >= before.d_rel - SLACK
    assert measure_dependency(b, s, better, probability=prior).d_rel <= before.d_rel + SLACK


@settings(deadline=None)
@given(plants(), UNIT, st.integers(0, 5), UNIT)
def test_a_refusal_elsewhere_never_lowers_a_figure_and_none_leaves_it_as_it_is(plant, part, place, other):
    b, s, sigma, prior = plant
    barred = part * (1.0 - s * (1.0 - sigma))
    worse = barred.copy()
    worse[place % len(s)] = max(worse[place % len(s)], other * (1.0 - (s * (1.0 - sigma))[place % len(s)]))
    none, some, more = (measure_dependency(b, s, sigma, barred=figures, probability=prior) for figures in (0.0, barred, worse))
    assert none.d_rel == measure_dependency(b, s, sigma, probability=prior).d_rel
    assert none.d_rel - SLACK <= some.d_rel <= more.d_rel + SLACK
    assert more.d_max <= more.d_rel + SLACK <= min(1.0, more.exposure.sum()) + 2 * SLACK


@settings(deadline=None)
@given(plants(), st.integers(0, 5))
def test_a_fully_substitutable_block_might_as_well_not_be_there(plant, place):
    b, s, sigma, prior = plant
    block = place % len(s)
    sigma = sigma.copy()
    sigma[block] = 1.0
    whole = measure_dependency(b, s, sigma, probability=prior)
    rest = [np.delete(array, block, axis=-1) for array in (b, s, sigma)]
    assert whole.d_rel == pytest.approx(measure_dependency(*rest, probability=prior).d_rel, abs=SLACK)


@settings(deadline=None)
@given(plants())
def test_a_plant_that_no_clause_binds_is_zero(plant):
    _, s, sigma, prior = plant
    found = measure_dependency(np.zeros((len(prior), len(s))), s, sigma, probability=prior)
    assert (found.d_avg, found.d_max, found.d_rel) == (0.0, 0.0, 0.0)


@settings(deadline=None)
@given(plants(), st.permutations(range(6)))
def test_the_order_of_blocks_does_not_matter(plant, order):
    b, s, sigma, prior = plant
    chosen = [place for place in order if place < len(s)]
    one = measure_dependency(b, s, sigma, probability=prior)
    two = measure_dependency(b[:, chosen], s[chosen], sigma[chosen], probability=prior)
    assert one.d_rel == pytest.approx(two.d_rel, abs=SLACK)


@settings(deadline=None)
@given(st.lists(UNIT, max_size=6))
def test_licences_combine_between_the_likeliest_refusal_and_their_sum(refused):
    chance = combine_licences(refused)
    assert max(refused, default=0.0) - SLACK <= chance <= min(1.0, sum(refused)) + SLACK


@settings(deadline=None)
@given(UNIT, st.lists(st.floats(0.0, 60.0), min_size=3, max_size=3).map(sorted))
def test_a_draw_stays_inside_its_triangle(uniform, spread):
    low, _, high = spread
    assert low - SLACK <= float(draw_triangular(*spread, uniform=uniform)) <= high + SLACK


@st.composite
def orders(draw):
    spread = st.lists(st.floats(0.0, 40.0), min_size=3, max_size=3).map(lambda figures: tuple(sorted(figures)))
    licences = tuple(draw(st.lists(spread, max_size=3)))
    return BlockOrder(draw(UNIT), draw(UNIT), licences, draw(spread))


@settings(max_examples=50, deadline=None)
@given(st.lists(orders(), min_size=1, max_size=4), orders(), st.integers(0, 99))
def test_another_block_never_shortens_the_wait(blocks, extra, seed):
    """Every block has its own random numbers, so those of the blocks that stay are the same."""
    idle = BlockOrder(0.0, 0.0, (), extra.substitute_months)
    plants = [[[*blocks, idle]], [[*blocks, extra]]]
    (fewer, _), (more, _) = simulate_plants(plants, [1.0], seed=SeedSequence(seed), samples=64)
    assert more.p80 >= fewer.p80 - SLACK
    assert more.p10 >= fewer.p10 - SLACK


@settings(max_examples=50, deadline=None)
@given(st.lists(orders(), min_size=1, max_size=4), st.integers(0, 99))
def test_percentiles_are_ordered_and_bounded_by_the_slowest_thing(blocks, seed):
    ((found, _),) = simulate_plants([[blocks, blocks]], [0.4, 0.6], seed=SeedSequence(seed), samples=64)
    slowest = max([spread[2] for block in blocks for spread in (*block.licence_months, block.substitute_months)])
    assert 0 <= found.p10 <= found.p50 <= found.p80 <= slowest + SLACK
    assert found.p80_low == found.p80 == found.p80_high
