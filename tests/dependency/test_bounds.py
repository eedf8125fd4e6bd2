"""Exact bounds of the average, the dial between average and weakest link, common shocks, parallel options."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geokit.dependency.bounds import bound_average, measure_common_shock, measure_power_mean
from geokit.dependency.index import combine_options, measure_dependency

SLACK = 1e-9
UNIT = st.floats(0.0, 1.0)
EXPOSURES = arrays(float, st.integers(1, 6), elements=UNIT)


def plant_of(q, probability):
    """The plant whose blocks fail by these chances: no substitutes, every supply Chinese."""
    q = np.asarray(q)
    return measure_dependency(q, np.ones(q.shape[1]), np.zeros(q.shape[1]), probability=probability)


def test_the_band_of_weights_is_the_least_and_the_largest_exposure():
    assert bound_average([0.2, 0.05, 0.6]) == (0.05, 0.6)


def test_the_band_is_exact_the_corners_reach_it_and_no_weights_leave_it():
    e, draws = np.array([0.2, 0.05, 0.6]), np.random.default_rng(1).dirichlet(np.ones(3), size=5000)
    low, high = bound_average(e)
    corners = np.eye(3) @ e
    assert (corners.min(), corners.max()) == (low, high)
    assert ((draws @ e >= low - SLACK) & (draws @ e <= high + SLACK)).all()


@settings(deadline=None)
@given(EXPOSURES, st.data())
def test_any_weights_give_an_average_inside_the_band(e, data):
    weights = data.draw(arrays(float, e.size, elements=st.floats(0.01, 1.0)))
    low, high = bound_average(e)
    found = measure_dependency(e, np.ones(e.size), np.zeros(e.size), weights=weights).d_avg
    assert low - SLACK <= found <= high + SLACK


def test_a_plant_without_blocks_has_no_band_and_an_unknown_block_makes_it_unknown():
    assert bound_average([]) == (0.0, 0.0)
    assert np.isnan(bound_average([0.1, np.nan])).all()


def test_the_dial_at_one_is_the_average_and_at_infinity_the_weakest_link():
    e, weights = [0.2, 0.05, 0.6], [1.0, 2.0, 1.0]
    found = measure_dependency(e, np.ones(3), np.zeros(3), weights=weights)
    assert measure_power_mean(e, 1.0, weights=weights) == pytest.approx(found.d_avg)
    assert measure_power_mean(e, np.inf, weights=weights) == found.d_max
    assert measure_power_mean(e, np.inf, weights=[1.0, 1.0, 0.0]) == 0.6, "the weakest link has no weight"
    assert measure_power_mean(e, 400.0) == pytest.approx(0.6, rel=5e-3)


def test_the_quadratic_mean_by_hand():
    assert measure_power_mean([0.3, 0.4], 2.0) == pytest.approx(np.sqrt((0.09 + 0.16) / 2))


@settings(deadline=None)
@given(EXPOSURES, st.floats(1.0, 50.0), st.floats(1.0, 50.0))
def test_the_dial_only_turns_up(e, one, other):
    low, high = sorted((one, other))
    assert bound_average(e)[0] - SLACK <= measure_power_mean(e, low) <= measure_power_mean(e, high) + SLACK
    assert measure_power_mean(e, high) <= e.max() + SLACK


@pytest.mark.parametrize("r", [0.0, -1.0, np.nan])
def test_a_dial_that_is_not_above_nought_is_shown(r):
    with pytest.raises(ValueError, match="is not above 0"):
        measure_power_mean([0.5], r)


def test_unknown_and_safe_plants_on_the_dial():
    assert measure_power_mean([0.0, 0.0], 3.0) == 0.0
    assert measure_power_mean([], 3.0) == 0.0
    assert np.isnan(measure_power_mean([0.5, np.nan], 3.0))


@settings(deadline=None)
@given(arrays(float, (3, 4), elements=UNIT))
def test_a_common_shock_is_the_lower_bound_and_the_sum_the_upper_one(q):
    prior = np.array([0.2, 0.3, 0.5])
    found = plant_of(q, prior)
    common = measure_common_shock(q, prior)
    assert found.d_avg <= found.d_max + SLACK
    assert found.d_max <= common + SLACK
    assert common <= found.d_rel + SLACK
    assert found.d_rel <= min(1.0, found.exposure.sum()) + SLACK


@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_identical_blocks_under_one_shock_are_one_block(blocks):
    q = np.array([[0.7] * blocks, [0.0] * blocks])
    assert measure_common_shock(q, [0.25, 0.75]) == pytest.approx(plant_of(q, [0.25, 0.75]).d_max)


def test_a_perfect_shock_with_identical_blocks_makes_the_line_its_weakest_link():
    """All blocks fail in one political state and none in the other, so nothing is left to chance given the state."""
    found = plant_of([[1.0] * 5, [0.0] * 5], [0.25, 0.75])
    assert found.d_rel == pytest.approx(found.d_max)


def test_five_blocks_at_a_quarter():
    found = plant_of([[0.25] * 5], [1.0])
    assert found.d_rel == pytest.approx(1 - 0.75**5)
    assert measure_common_shock(found.q, [1.0]) == 0.25


def test_a_plant_without_blocks_meets_no_shock():
    assert measure_common_shock(np.zeros((2, 0)), [0.5, 0.5]) == 0.0


@settings(deadline=None)
@given(arrays(float, (3, 4), elements=UNIT), arrays(float, 4, elements=UNIT))
def test_another_option_never_raises_a_figure(options, extra):
    few, more = combine_options(options), combine_options([*options, extra])
    assert (more <= few + SLACK).all()
    one, two = plant_of([few], [1.0]), plant_of([more], [1.0])
    for name in ("d_avg", "d_max", "d_rel"):
        assert getattr(two, name) <= getattr(one, name) + SLACK


def test_options_fail_together_by_hand():
    assert combine_options([[0.5, 1.0], [0.2, 0.3]]).tolist() == pytest.approx([0.1, 0.3])


@pytest.mark.parametrize(("pieces", "place"), list(itertools.product([2, 3], [0, 2])))
def test_cutting_a_block_into_pieces_inflates_risk_unless_the_pieces_stay_one_block(pieces, place):
    """Why operations that share class, vendors and control are one block."""
    q = np.array([[0.2, 0.0, 0.5]])
    cut = np.insert(q, [place] * (pieces - 1), q[:, [place]], axis=1)
    whole, apart = plant_of(q, [1.0]), plant_of(cut, [1.0])
    assert apart.d_rel > whole.d_rel
    assert (apart.d_max, measure_common_shock(cut, [1.0])) == (whole.d_max, measure_common_shock(q, [1.0]))
