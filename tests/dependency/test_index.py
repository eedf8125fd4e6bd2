"""Dependency figures on numbers whose answer is obvious."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.dependency.index import combine_licences, measure_dependency


def test_one_block():
    found = measure_dependency([0.5], [0.8], [0.25])
    assert found.exposure == pytest.approx([0.3])
    assert (found.d_avg, found.d_max, found.d_rel) == pytest.approx((0.3, 0.3, 0.3))


def test_two_blocks_in_series():
    found = measure_dependency([1.0, 1.0], [0.5, 0.5], [0.0, 0.0])
    assert (found.d_avg, found.d_max, found.d_rel) == pytest.approx((0.5, 0.5, 0.75))


def test_a_common_shock_counts_once_and_independent_blocks_add_up():
    ones = np.ones(5)
    apart = measure_dependency(np.full(5, 0.25), ones, 0 * ones)
    shock = measure_dependency([ones, 0 * ones], ones, 0 * ones, probability=[0.25, 0.75])
    assert apart.d_rel == pytest.approx(0.7627, abs=1e-4)
    assert shock.d_rel == pytest.approx(0.25)
    assert shock.d_max == pytest.approx(0.25)


def test_states_are_equally_likely_when_no_prior_is_given():
    assert measure_dependency([[1.0], [0.0]], [1.0], [0.0]).d_rel == pytest.approx(0.5)


def test_the_figure_of_each_state_is_kept():
    found = measure_dependency([[1.0], [0.0]], [0.4], [0.0], probability=[0.9, 0.1])
    assert found.d_rel_by_state == pytest.approx([0.4, 0.0])


def test_weights_move_the_average_alone():
    equal = measure_dependency([1.0, 0.0], [1.0, 1.0], [0.0, 0.0])
    heavy = measure_dependency([1.0, 0.0], [1.0, 1.0], [0.0, 0.0], weights=[3, 1])
    assert (equal.d_avg, heavy.d_avg) == pytest.approx((0.5, 0.75))
    assert (equal.d_max, equal.d_rel) == (heavy.d_max, heavy.d_rel)


def test_an_unknown_share_matters_only_where_a_clause_binds():
    free = measure_dependency([0.0, 0.5], [np.nan, 1.0], [0.5, 0.0])
    bound = measure_dependency([0.5, 0.5], [np.nan, 1.0], [0.5, 0.0])
    assert free.d_rel == pytest.approx(0.5)
    assert np.isnan(bound.d_rel)
    assert np.isnan(bound.d_avg)


def test_a_plant_without_blocks_depends_on_nothing():
    found = measure_dependency([], [], [])
    assert (found.d_avg, found.d_max, found.d_rel) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("b", "s", "sigma", "shown"),
    [([1.2], [0.5], [0.5], r"b = 1\.2"), ([0.5], [-0.1], [0.5], r"s = -0\.1"), ([0.5], [0.5], [7], r"sigma = 7")],
)
def test_a_figure_outside_the_unit_interval_is_shown(b, s, sigma, shown):
    with pytest.raises(ValueError, match=shown):
        measure_dependency(b, s, sigma)


def test_a_prior_outside_the_unit_interval_is_shown():
    with pytest.raises(ValueError, match=r"probability = 2"):
        measure_dependency([0.5], [0.5], [0.5], probability=[2.0])


@pytest.mark.parametrize(
    ("refused", "expected"), [([], 0.0), ([0.3], 0.3), ([0.5, 0.5], 0.75), ([1.0, 0.2], 1.0), ([0.0, 0.0], 0.0)]
)
def test_licences_combine(refused, expected):
    assert combine_licences(refused) == pytest.approx(expected)


def test_an_unknown_licence_makes_the_block_unknown():
    assert np.isnan(combine_licences([0.5, np.nan]))


def test_the_chance_of_each_block_in_each_state_is_kept():
    found = measure_dependency([[1.0, 0.5], [0.0, 0.5]], [0.4, 0.8], [0.0, 0.5], probability=[0.5, 0.5])
    assert found.q == pytest.approx(np.array([[0.4, 0.2], [0.0, 0.2]]))
    assert found.exposure == pytest.approx([0.2, 0.2])


def test_another_process_beside_the_vendors_multiplies():
    """By hand: 0.5 x 0.8 x (1 - 0.25) and a process that works in half the cases."""
    assert measure_dependency([0.5], [0.8], [0.25], process=[0.5]).d_rel == pytest.approx(0.15)
    assert measure_dependency([0.5], [0.8], [0.25], barred=[0.1], process=[1.0]).d_rel == 0.0


@pytest.mark.parametrize("process", [0.0, 0.25, 1.0])
def test_another_process_never_raises_a_figure(process):
    b, s, sigma = [[0.9, 0.4], [0.2, 0.1]], [0.9, 0.5], [0.0, 0.5]
    without, found = measure_dependency(b, s, sigma), measure_dependency(b, s, sigma, process=[process, 0.0])
    assert (found.q <= without.q).all()
    assert found.d_rel <= without.d_rel
    assert found.d_avg <= without.d_avg
