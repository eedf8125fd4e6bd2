"""The cash-flow loop against a slow one written from its docstring, closed forms and laws."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.economics import cashflow
from geokit.economics.cashflow import CASE, LINES, Plan, lay_flow, value_cases
from geokit.economics.dcf import annuity_factor, npv

PLAIN = dict.fromkeys(CASE, 0.0) | {
    "output_t_per_y": 1e6, "usd_per_t": 300.0, "other_usd_per_t": 100.0, "capex_million_usd": 600.0, "rate_frac": 0.1,
    "price_ratio": 1.0, "feed_ratio": 1.0,
}  # fmt: skip
BARE = Plan(
    build_years=2.0, build_parts=2, output_frac=np.ones(10), depreciation_years=5, loss_years=3, working_capital_frac=0.0, closure_frac=0.0
)  # fmt: skip
FULL = dataclasses.replace(BARE, output_frac=np.array([0.5, 0.8, *[1.0] * 8]), working_capital_frac=0.15, closure_frac=0.05)
TAXED = {"income_tax_frac": 0.3, "turnover_tax_frac": 0.01}


def case(**figures):
    return np.array([(PLAIN | figures)[name] for name in CASE], dtype=float)


def worth(plan=FULL, **figures):
    return float(value_cases(case(**figures)[np.newaxis], plan)[0])


def by_hand(figures, plan):
    """The docstring of the loop in plain Python, with a list of losses by year."""
    x, span = PLAIN | figures, plan.build_years + (PLAIN | figures)["delay_years"]
    parts = [(span * part / plan.build_parts, -x["capex_million_usd"] / plan.build_parts) for part in range(plan.build_parts)]
    losses, bound, life = [], 0.0, len(plan.output_frac)
    free = max(0.0, min(x["holiday_years"], x["holiday_ends_years"] - span))
    for year in range(1, life + 1):
        moved = 1.0 - math.exp(-x["reversion_per_year"] * (span + year))
        tonnes = x["output_t_per_y"] * plan.output_frac[year - 1] / 1e6
        sales = tonnes * x["usd_per_t"] * x["price_ratio"] ** moved
        gate = max(x["feed_value_usd_per_t"] * x["feed_ratio"] ** moved - x["feed_saved_usd_per_t"], x["feed_floor_usd_per_t"])
        earned = sales * (1.0 - x["royalty_frac"]) - tonnes * (gate + x["other_usd_per_t"])
        income = earned - (x["capex_million_usd"] / plan.depreciation_years if year <= plan.depreciation_years else 0.0)
        losses = [(made, left) for made, left in losses if year - made <= plan.loss_years]
        tax, is_free = 0.0, year <= free + 1e-9
        if not is_free:
            rest, kept = max(income, 0.0), []
            for made, left in losses:
                used = min(left, rest)
                rest -= used
                kept.append((made, left - used))
            losses = [*kept, (year, max(-income, 0.0))]
            final = x["turnover_tax_frac"] * sales
            tax = max(x["income_tax_frac"] * rest, final)
        needed = plan.working_capital_frac * sales if year < life else 0.0
        closure = plan.closure_frac * x["capex_million_usd"] if year == life else 0.0
        parts.append((span + year, earned - tax + bound - needed - closure))
        bound = needed
    return sum(flow * (1.0 + x["rate_frac"]) ** -when for when, flow in parts)


FIGURES = st.fixed_dictionaries(
    {
        "output_t_per_y": st.floats(0, 2e6), "usd_per_t": st.floats(0, 900), "feed_value_usd_per_t": st.floats(0, 400),
        "feed_saved_usd_per_t": st.floats(0, 200), "feed_floor_usd_per_t": st.floats(0, 50), "other_usd_per_t": st.floats(0, 500),
        "capex_million_usd": st.floats(0, 2000), "delay_years": st.floats(0, 8), "rate_frac": st.floats(0, 0.4),
        "royalty_frac": st.floats(0, 0.1), "income_tax_frac": st.floats(0, 0.5), "turnover_tax_frac": st.floats(0, 0.02),
        "holiday_years": st.sampled_from([0.0, 4.0, 23.0]),
        "holiday_ends_years": st.floats(0, 12), "price_ratio": st.floats(0.4, 1.5), "feed_ratio": st.floats(0.4, 1.5),
        "reversion_per_year": st.sampled_from([0.0, 0.2]),
    }
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(FIGURES, st.integers(1, 12), st.integers(0, 3))
def test_the_loop_agrees_with_a_slow_one(figures, loss_years, build):
    plan = dataclasses.replace(FULL, loss_years=loss_years, build_years=float(build), build_parts=max(build, 1))
    assert worth(plan, **figures) == pytest.approx(by_hand(figures, plan), rel=1e-9, abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(FIGURES)
def test_the_printed_flow_adds_up_to_the_value(figures):
    flow = lay_flow(case(**figures), FULL)
    assert flow["present_value"].sum() == pytest.approx(worth(**figures), rel=1e-9, abs=1e-6)
    lines = ["sales", "feed", "other", "royalty", "tax", "capex", "working_capital", "closure"]
    assert np.allclose(flow[lines].sum(axis=1), flow["cash_flow"])
    assert np.allclose(flow["cash_flow"] * (1.0 + figures["rate_frac"]) ** -flow["years"], flow["present_value"])
    assert flow["working_capital"].sum() == pytest.approx(0.0, abs=1e-6)
    assert tuple(flow) == LINES


def test_the_loop_runs_without_a_compiler_to_the_same_figures(monkeypatch):
    rng = np.random.default_rng(3)
    cases = np.array([case(**TAXED, usd_per_t=price, delay_years=late) for price, late in rng.uniform(0, 5, (20, 2)) * [80, 1]])
    compiled = value_cases(cases, FULL)
    monkeypatch.setattr(cashflow, "_fill_values", cashflow._fill_values.__wrapped__)
    assert value_cases(cases, FULL) == pytest.approx(compiled, rel=1e-12)


def test_a_plain_plant_has_its_closed_form():
    expected = -300.0 - 300.0 / 1.1 + 200.0 * float(annuity_factor(0.1, 10)) / 1.1**2
    assert worth(BARE) == pytest.approx(expected)


def test_a_year_without_delay_is_the_flow_of_a_spreadsheet():
    flow = lay_flow(case(**TAXED), BARE)
    # 200 a year before tax, 120 written off in each of five years: tax 24, then 60.
    assert flow["cash_flow"].tolist() == pytest.approx([-300, -300, *[176.0] * 5, *[140.0] * 5])
    assert worth(BARE, **TAXED) == pytest.approx(npv(0.1, [-300, -300, 0, *[176.0] * 5, *[140.0] * 5]))


def test_a_loss_is_used_within_its_years_and_lost_after_them():
    """Losses of 40 a year for five years, then a gain of 80 a year: of five losses the last three count, the oldest first."""
    flow = lay_flow(case(**TAXED | {"turnover_tax_frac": 0.0}, usd_per_t=180.0), BARE)
    assert flow["losses_used"].tolist()[2:] == pytest.approx([0, 0, 0, 0, 0, 80, 40, 0, 0, 0])
    forever = lay_flow(case(**TAXED | {"turnover_tax_frac": 0.0}, usd_per_t=180.0), dataclasses.replace(BARE, loss_years=50))
    assert forever["losses_used"].tolist()[2:] == pytest.approx([0, 0, 0, 0, 0, 80, 80, 40, 0, 0])


def test_a_loss_pays_the_least_tax_on_sales():
    assert lay_flow(case(**TAXED, usd_per_t=90.0), BARE)["tax"].tolist()[2:] == pytest.approx([-0.9] * 10)


def test_without_tax_on_income_that_on_sales_is_all():
    flow = lay_flow(case(**TAXED | {"income_tax_frac": 0.0}), BARE)
    assert flow["tax"].tolist()[2:] == pytest.approx([-3.0] * 10)


@pytest.mark.parametrize(("late", "years"), [(0.0, 4), (1.0, 3), (1.5, 2), (3.9, 0), (9.0, 0)])
def test_a_holiday_ends_on_its_day_however_late_the_plant_comes(late, years):
    taxes = lay_flow(case(**TAXED, holiday_years=10.0, holiday_ends_years=6.0, delay_years=late), BARE)["tax"]
    assert (taxes.tolist()[2:]).count(0.0) == years


def test_a_holiday_is_never_longer_than_granted():
    taxes = lay_flow(case(**TAXED, holiday_years=3.0, holiday_ends_years=99.0), BARE)["tax"]
    assert taxes.tolist()[2:].count(0.0) == 3


def test_a_plant_without_output_sells_nothing():
    flow = lay_flow(case(**TAXED, output_t_per_y=0.0, feed_value_usd_per_t=50.0), FULL)
    assert (flow[["sales", "feed", "other", "tax", "royalty"]] == 0.0).all(axis=None)


@pytest.mark.parametrize("name", CASE)
def test_an_unknown_figure_leaves_the_value_unknown(name):
    assert math.isnan(worth(**{"reversion_per_year": 0.1, name: math.nan}))


MONEY = ["usd_per_t", "feed_value_usd_per_t", "feed_saved_usd_per_t", "feed_floor_usd_per_t", "other_usd_per_t", "capex_million_usd"]


@settings(deadline=None, max_examples=30)
@given(FIGURES)
def test_doubling_price_and_all_costs_doubles_the_value(figures):
    doubled = figures | {name: 2.0 * figures[name] for name in MONEY}
    assert worth(**doubled) == pytest.approx(2.0 * worth(**figures), rel=1e-9, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(FIGURES, st.floats(0.001, 0.2))
def test_a_dearer_rate_lowers_a_positive_value_of_a_conventional_flow(figures, more):
    """Spent first, earned later: (1 + r)^m NPV falls, with m the last year of spending, so NPV does while it is positive."""
    flow = lay_flow(case(**figures), FULL)["cash_flow"].to_numpy()
    signs = np.sign(flow[np.abs(flow) > 1e-9])
    if signs.size and signs[0] < 0 and (np.diff(signs) >= 0).all() and worth(**figures) > 1e-6:
        assert worth(**figures | {"rate_frac": figures["rate_frac"] + more}) < worth(**figures)


@settings(deadline=None, max_examples=40)
@given(FIGURES, st.floats(0.01, 6))
def test_a_delay_never_raises_a_positive_value_at_standing_prices(figures, more):
    still = figures | {"reversion_per_year": 0.0}
    value = worth(**still)
    if value > 0.0:
        assert worth(**still | {"delay_years": still["delay_years"] + more}) <= value + 1e-9


@settings(deadline=None, max_examples=30)
@given(FIGURES, st.sampled_from(["other_usd_per_t", "feed_value_usd_per_t", "feed_floor_usd_per_t", "capex_million_usd", "royalty_frac"]))
def test_raising_a_cost_or_the_rival_bid_never_raises_the_value(figures, dearer):
    assert worth(**figures | {dearer: figures[dearer] * 1.1 + 0.001}) <= worth(**figures) + 1e-7


def test_prices_go_half_of_the_way_in_a_half_life():
    flow = lay_flow(case(price_ratio=0.25, reversion_per_year=math.log(2.0) / 5.0), BARE)
    price = (flow["sales"] / flow["output_t"] * 1e6).tolist()
    assert price[4] == pytest.approx(300.0 * 0.5)  # five years after the decision: the square root of the way from 1 to 1/4
    assert price[-1] > 300.0 * 0.25
    assert price[2:] == sorted(price[2:], reverse=True)


def test_the_plan_follows_the_assumptions(assumptions):
    plan = Plan.of(assumptions.replace(life_years=3, construction_years=0, finance__ramp_frac=[0.2, 0.4]).finance)
    assert plan.output_frac.tolist() == [0.2, 0.4, 1.0]
    assert (plan.build_years, plan.build_parts) == (0.0, 1)
