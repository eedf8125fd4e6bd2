"""When the dearer vendor is worth it: laws; the worked values stand in tests/published."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.dependency.buy import break_even_refusal, break_even_share, lose_value

PLANT = {"capex_share_frac": 0.05, "pv_over_capex": 1.5, "rate_frac": 0.10}


def test_a_year_costs_one_discount_step():
    assert float(lose_value(12.0, rate_frac=0.10)) == pytest.approx(1 - 1 / 1.1)


def test_no_delay_or_no_discount_costs_nothing():
    assert lose_value([0.0, 24.0], rate_frac=[0.1, 0.0]).tolist() == [0.0, 0.0]


def test_the_rule_is_where_both_sides_are_equal():
    """At b* the expected loss is the extra price, both as a share of the capital cost."""
    b = break_even_refusal(18.0, 1.4, **PLANT)
    assert b * 1.5 * lose_value(18.0, rate_frac=0.10) == pytest.approx(0.05 * 0.4)


def test_a_longer_delay_lowers_the_threshold_and_a_higher_price_raises_it():
    assert (np.diff(break_even_refusal([6.0, 12.0, 30.0], 1.5, **PLANT)) < 0).all()
    assert (np.diff(break_even_refusal(12.0, [1.1, 1.5, 2.4], **PLANT)) > 0).all()


def test_what_is_no_dearer_is_bought_at_once_and_what_costs_no_time_never():
    assert float(break_even_refusal(12.0, 1.0, **PLANT)) == 0.0
    assert float(break_even_refusal(12.0, 0.8, **PLANT)) == 0.0
    assert float(break_even_refusal(0.0, 1.5, **PLANT)) == np.inf
    assert float(break_even_refusal(0.0, 1.0, **PLANT)) == 0.0


def test_an_unknown_price_leaves_the_threshold_unknown():
    assert np.isnan(break_even_refusal(12.0, np.nan, **PLANT))


@pytest.mark.parametrize("share", [0.027, 0.05, 0.2])
def test_the_break_even_share_and_the_break_even_refusal_are_one_rule(share):
    b = float(break_even_refusal(12.0, 1.5, **{**PLANT, "capex_share_frac": share}))
    found = break_even_share(b, 12.0, 1.5, pv_over_capex=1.5, rate_frac=0.10)
    assert float(found) == pytest.approx(share)


def test_the_break_even_share_by_hand():
    """A quarter of a loss of 1.5 (1 - 1 / 1.1) of the capital cost over a premium of a half."""
    assert float(break_even_share(0.25, 12.0, 1.5, pv_over_capex=1.5, rate_frac=0.10)) == pytest.approx(0.25 * 1.5 / 11 / 0.5)


def test_no_item_costs_more_than_the_plant_and_a_vendor_who_is_no_dearer_always_pays():
    found = break_even_share([0.9, 0.5, 0.0], [60.0, 12.0, 12.0], [1.1, 1.0, 1.5], pv_over_capex=1.5, rate_frac=0.10)
    assert found.tolist() == [1.0, 1.0, 0.0]


def test_an_unknown_figure_leaves_the_break_even_share_unknown():
    asked = {"pv_over_capex": 1.5, "rate_frac": 0.1}
    assert np.isnan(break_even_share([0.5, np.nan, 0.5], [12.0, 12.0, np.nan], [np.nan, 1.5, 1.0], **asked)).all()
