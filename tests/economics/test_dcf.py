import math

import numpy as np
import pytest

from geokit.economics.dcf import annuity_factor, chance_below_zero, irr, level_npv, npv, present_factor


def test_annuity_without_interest_counts_the_years():
    assert list(annuity_factor([0.0, 0.0], 7)) == [7.0, 7.0]


def test_annuity_of_no_years_is_nil():
    assert float(annuity_factor(0.1, 0)) == 0.0


def test_annuity_is_the_sum_of_discounted_ones():
    assert float(annuity_factor(0.07, 5)) == pytest.approx(npv(0.07, [1.0] * 5, first_period=1))


def test_npv_at_zero_rate_is_the_sum():
    assert npv(0.0, [-10.0, 4.0, 8.0]) == 2.0


def test_a_later_first_period_discounts_everything_once_more():
    assert npv(0.25, [-100.0, 50.0], first_period=1) == pytest.approx(npv(0.25, [-100.0, 50.0]) / 1.25)


def test_irr_doubles_in_a_year():
    assert irr([-1.0, 2.0]) == pytest.approx(1.0)


def test_irr_of_flows_that_never_turn_is_unknown():
    assert math.isnan(irr([1.0, 2.0]))


def test_level_npv_is_the_long_sum():
    flows = [-100.0, 0.0, 0.0, *[30.0] * 4]
    assert float(level_npv(100.0, 30.0, 0.1, life_years=4, construction_years=2)) == pytest.approx(npv(0.1, flows))


def test_present_factor_without_construction_is_the_annuity():
    assert float(present_factor(0.1, life_years=3, construction_years=0)) == pytest.approx(float(annuity_factor(0.1, 3)))


@pytest.mark.parametrize(
    ("low", "mode", "high", "chance"),
    [
        (-1, 0, 1, 0.5),
        (1, 2, 3, 0),
        (-3, -2, -1, 1),
        (-1, 1, 1, 0.25),
        (-1, -1, 1, 0.75),
        (-1, 3, 3, 1 / 16),
        (0, 0, 0, 0),
        (-2, -2, -2, 1),
    ],
)
def test_chance_of_a_triangle_below_zero(low, mode, high, chance):
    assert float(chance_below_zero(low, mode, high)) == pytest.approx(chance)


def test_chance_of_an_unknown_is_unknown():
    assert np.isnan(chance_below_zero([-1.0], [np.nan], [1.0])).all()
