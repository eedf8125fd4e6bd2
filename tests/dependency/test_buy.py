"""When the dearer vendor is worth it: laws; the worked values stand in tests/published."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.dependency.buy import break_even_refusal, lose_value

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
