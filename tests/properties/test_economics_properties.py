"""Interval arithmetic encloses every draw; discounting behaves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.economics.bands import Band
from geokit.economics.dcf import annuity_factor, irr, npv
from geokit.economics.margin import conversion_margin

FIGURE = st.floats(-1e6, 1e6)
POSITIVE = st.floats(0.01, 1e6)
SHARE = st.floats(0, 1)


def band(figures):
    return Band.of(*sorted(figures))


def inside(value, found):
    slack = 1e-9 * max(1.0, abs(float(found.low)), abs(float(found.high)))
    return float(found.low) - slack <= value <= float(found.high) + slack


def draw(found, share):
    return float(found.low + share * (found.high - found.low))


@settings(deadline=None)
@given(st.tuples(FIGURE, FIGURE, FIGURE), st.tuples(FIGURE, FIGURE, FIGURE), SHARE, SHARE)
def test_sum_difference_and_product_enclose_every_draw(one, two, at, other):
    left, right = band(one), band(two)
    a, b = draw(left, at), draw(right, other)
    assert inside(a + b, left + right)
    assert inside(a - b, left - right)
    assert inside(a * b, left * right)


@settings(deadline=None)
@given(st.tuples(FIGURE, FIGURE, FIGURE), st.tuples(POSITIVE, POSITIVE, POSITIVE), SHARE, SHARE)
def test_quotient_encloses_every_draw(one, two, at, other):
    left, right = band(one), band(two)
    assert inside(draw(left, at) / draw(right, other), left / right)


@settings(deadline=None)
@given(st.floats(-0.5, 2.0), st.lists(FIGURE, min_size=1, max_size=8), FIGURE)
def test_npv_is_linear_in_the_first_flow(rate, flows, more):
    assert npv(rate, [flows[0] + more, *flows[1:]]) == pytest.approx(npv(rate, flows) + more, rel=1e-9, abs=1e-4)


@settings(deadline=None)
@given(st.floats(1.0, 1e4), st.lists(st.floats(1.0, 1e4), min_size=1, max_size=8))
def test_irr_is_the_rate_without_value(outlay, gains):
    rate = irr([-outlay, *gains])
    if not np.isnan(rate):
        assert npv(rate, [-outlay, *gains]) == pytest.approx(0.0, abs=1e-3 * outlay)


@settings(deadline=None)
@given(st.floats(0.001, 1.0), st.integers(1, 60))
def test_annuity_is_less_than_the_years_and_grows_with_them(rate, years):
    assert 0 < float(annuity_factor(rate, years)) < years
    assert float(annuity_factor(rate, years)) < float(annuity_factor(rate, years + 1)) + 1e-12


SPANS = {
    "usd_per_t": 2000.0,
    "freight": 100.0,
    "feed_quote_usd_per_t": 500.0,
    "feed_paid_frac": 1.0,
    "feed_frac": 1.0,
    "out": 300.0,
    "in": 80.0,
    "need": 3.0,
}
POINT = st.fixed_dictionaries({name: st.tuples(*[st.floats(0.05, 1.0)] * 3) for name in SPANS})


@settings(deadline=None)
@given(POINT, st.fixed_dictionaries(dict.fromkeys(SPANS, SHARE)), st.booleans(), st.booleans())
def test_no_world_between_the_ends_is_worse_than_the_low_one(spans, shares, on_content, shared):
    """Draw one world inside all bands; its margin, worked out in plain arithmetic, lies between the ends."""
    bands = {name: band([scale * end for end in spans[name]]) for name, scale in SPANS.items()}
    if shared:
        bands["feed_quote_usd_per_t"] = bands["usd_per_t"] * Band.exact(0.9)
        shares["feed_quote_usd_per_t"] = shares["usd_per_t"]
    columns = {column: [float(value)] for name, found in bands.items() for column, value in found.columns(name).items()}
    mode = {name: float(found.mode) for name, found in bands.items()}
    ids = {"price_id": ["a"], "feed_price_id": ["a" if shared else "b"], "feed_on_content": [on_content], "ratio_stated": [False]}
    low, high = bands["need"].low / bands["feed_frac"].high, bands["need"].high / bands["feed_frac"].low
    fed = {"feed_t_low": [float(low)], "feed_t": [mode["need"] / mode["feed_frac"]], "feed_t_high": [float(high)]}
    frame = pd.DataFrame({**columns, **ids, **fed})
    world = {name: draw(found, shares[name]) for name, found in bands.items()}
    price = world["feed_quote_usd_per_t"] * world["feed_paid_frac"] * (world["feed_frac"] if on_content else 1.0)
    cost = world["need"] / world["feed_frac"] * (max(0.0, price - world["out"]) + world["in"])
    found = conversion_margin(frame)
    left = world["usd_per_t"] - world["freight"] - cost
    slack = 1e-6
    assert left >= found.low[0] - slack
    if not (shared or on_content):  # where ore is worth nothing the best world may lie between the corners
        assert left <= found.high[0] + slack
    assert found.low[0] <= found.mode[0] <= found.high[0]
