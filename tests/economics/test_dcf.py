import math

import numpy as np
import pytest

from geokit.economics.dcf import (
    annuity_factor,
    equivalent_annuity,
    irr,
    irr_roots,
    irr_table,
    npv,
    payback_years,
)


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


def test_several_rates_are_all_told_and_none_is_the_rate():
    flows = [-1.0, 2.3, -1.32]
    assert irr_roots(flows) == pytest.approx([0.1, 0.2])
    assert math.isnan(irr(flows))


def test_three_rates_of_a_cubic():
    """-(x - 1.1)(x - 1.5)(x - 3) = -x^3 + 5.6 x^2 - 9.45 x + 4.95 with x = 1 + rate."""
    assert irr_roots([-1.0, 5.6, -9.45, 4.95]) == pytest.approx([0.1, 0.5, 2.0])


@pytest.mark.parametrize("flows", [[1.0, 2.0], [-1.0, -2.0], [0.0, 0.0], [-1.0], [-1.0, 2.0, math.nan], [-1e-3, 1.0]])
def test_without_a_rate_in_the_bracket_there_is_none(flows):
    assert irr_roots(flows).size == 0
    assert math.isnan(irr(flows))


def test_a_rate_outside_the_bracket_is_not_told():
    assert math.isnan(irr([-1.0, 1.5], bracket=(-0.5, 0.4)))
    assert irr([-1.0, 1.5], bracket=(-0.5, 0.6)) == pytest.approx(0.5)


def test_a_loss_has_a_negative_rate():
    assert irr([-100.0, 20.0, 20.0]) < 0.0


def test_flows_that_are_not_yearly_have_the_rate_of_their_days():
    assert irr([-100.0, 121.0], years=[0.0, 2.0]) == pytest.approx(0.1)
    assert irr([-100.0, 110.0 * 1.1**0.5], years=[0.5, 2.0]) == pytest.approx(0.1)


def test_the_xnpv_example_by_its_days():
    """XNPV of the spreadsheet help: 10,000 out on 1 January 2008, four payments in: 2,086.65 at 9 %; nil at the rate of XIRR, 37.34 %."""
    days = [0, 60, 303, 411, 456]
    flows = [-10_000.0, 2_750.0, 4_250.0, 3_250.0, 2_750.0]
    years = [day / 365 for day in days]
    assert sum(flow / 1.09**year for flow, year in zip(flows, years, strict=True)) == pytest.approx(2086.6476, abs=1e-3)
    assert irr(flows, years=years) == pytest.approx(0.373362535, abs=1e-8)


def test_a_table_has_the_rates_of_its_rows():
    rows = np.array([[-100.0, 60.0, 60.0, 0.0], [-1.0, 5.6, -9.45, 4.95], [1.0, 1.0, 1.0, 1.0]])
    found = irr_table(rows)
    assert found[0, 0] == pytest.approx(irr(rows[0]))
    assert found[1, :3] == pytest.approx([0.1, 0.5, 2.0])
    assert np.isnan(found[2]).all()


@pytest.mark.parametrize(
    ("flows", "years", "answer"),
    [
        ([-100.0, 50.0, 50.0, 50.0], [0, 1, 2, 3], 2.0),
        ([-100.0, 40.0, 80.0], [0, 1, 2], 1.75),
        ([-100.0, 60.0, 60.0, -50.0, 60.0], [0, 1, 2, 3, 4], 3.5),
        ([-100.0, 40.0], [0, 1], math.nan),
        ([10.0, 20.0], [0, 1], math.nan),
        ([-100.0, 50.0, 100.0], [0.0, 2.5, 4.5], 3.5),
    ],
)
def test_payback_is_when_the_sum_turns_for_good(flows, years, answer):
    assert payback_years(flows, years) == pytest.approx(answer, nan_ok=True)


def test_an_annuity_is_worth_as_much_as_the_value():
    yearly = float(equivalent_annuity(1000.0, 0.1, 20))
    assert npv(0.1, [yearly] * 20, first_period=1) == pytest.approx(1000.0)
    assert float(equivalent_annuity(1000.0, 0.0, 20)) == pytest.approx(50.0)
