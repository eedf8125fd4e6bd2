"""Worked examples of discounted cash flow, figures re-typed from their sources.

numpy-financial docstrings (BSD-3; the npv example cites Gitman) and the spreadsheet help example of NPV.
"""

from __future__ import annotations

import pytest

from geokit.economics.dcf import annuity_factor, irr, npv


def test_npv_of_gitman_starts_today():
    assert npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000]) == pytest.approx(3065.22267, abs=1e-5)


def test_npv_of_a_spreadsheet_starts_after_a_year():
    assert npv(0.10, [-10_000, 3_000, 4_200, 6_800], first_period=1) == pytest.approx(1188.44, abs=0.005)


def test_npv_of_a_spreadsheet_with_an_outlay_today():
    flows = [8_000, 9_200, 10_000, 12_000, 14_500]
    assert -40_000 + npv(0.08, flows, first_period=1) == pytest.approx(1922.06, abs=0.005)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-100, 39, 59, 55, 20], 0.28095),
        ([-70_000, 12_000, 15_000, 18_000, 21_000], -0.0212448),
        ([-70_000, 12_000, 15_000, 18_000, 21_000, 26_000], 0.0866309),
    ],
)
def test_irr_of_numpy_financial(flows, rate):
    assert irr(flows) == pytest.approx(rate, abs=5e-6)


@pytest.mark.parametrize(
    ("percent", "years", "factor"), [(10, 20, 8.514), (12, 20, 7.469), (15, 20, 6.259), (8, 10, 6.710), (5, 30, 15.372)]
)
def test_annuities_of_the_tables(percent, years, factor):
    """Present value of one a year, as in the appendix of Brealey, Myers and Allen, Principles of Corporate Finance."""
    assert float(annuity_factor(percent / 100, years)) == pytest.approx(factor, abs=5e-4)
