"""Laws of a value and of what surrounds it: cash flow, states, break-evens, relief and draws, on a country of round figures."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.economics.basecase import lay_valuation
from geokit.economics.breakeven import break_even, weigh_relief
from geokit.economics.cashflow import CASE, Plan, lay_cases, value_cases
from geokit.economics.estimate import _join_families
from geokit.economics.plant import plant_inputs
from geokit.economics.risk import RISK, simulate
from geokit.economics.rows import lay_basis, lay_rows
from geokit.economics.states import States, price_factors
from geokit.economics.valuation import list_flows, value_by_state
from geokit.io.dictionary import read_columns

ON = dt.date(2026, 11, 22)
PLAN = Plan(
    build_years=2.0, build_parts=2, output_frac=np.ones(8), depreciation_years=4, loss_years=3, working_capital_frac=0.1, closure_frac=0.1
)  # fmt: skip
PLAIN = dict.fromkeys(CASE, 0.0) | {
    "output_t_per_y": 1e6, "usd_per_t": 300.0, "other_usd_per_t": 100.0, "capex_million_usd": 600.0, "rate_frac": 0.1,
    "income_tax_frac": 0.3, "turnover_tax_frac": 0.01, "price_ratio": 1.0, "feed_ratio": 1.0,
}  # fmt: skip
PRICES = st.floats(50.0, 600.0)


def worth(plan=PLAN, **figures):
    return float(value_cases(np.array([[(PLAIN | figures)[name] for name in CASE]]), plan)[0])


def test_a_plant_without_output_loses_its_capital_and_its_closure():
    assert worth(output_t_per_y=0.0) == pytest.approx(-300.0 - 300.0 / 1.1 - 60.0 / 1.1**10)


@settings(deadline=None, max_examples=30)
@given(PRICES, st.floats(0.0, 2000.0), st.floats(0.01, 50.0))
def test_twice_the_plant_for_twice_the_capital_is_worth_twice(price, capex, factor):
    one = worth(usd_per_t=price, capex_million_usd=capex)
    both = worth(usd_per_t=price, capex_million_usd=capex * factor, output_t_per_y=1e6 * factor)
    assert both == pytest.approx(one * factor, rel=1e-9, abs=1e-6)


def test_without_capital_a_whole_year_of_delay_costs_just_one_discount():
    assert worth(capex_million_usd=0.0, delay_years=3.0) == pytest.approx(worth(capex_million_usd=0.0) / 1.1**3)


@settings(deadline=None, max_examples=30)
@given(PRICES, st.integers(1, 6), st.integers(1, 6))
def test_a_longer_memory_for_losses_never_lowers_the_value(price, years, more):
    short, long = (dataclasses.replace(PLAN, loss_years=kept) for kept in (years, years + more))
    assert worth(long, usd_per_t=price) >= worth(short, usd_per_t=price) - 1e-9


@pytest.mark.parametrize("bid", [0.0, 40.0, 69.9])
def test_a_bid_below_haul_and_floor_together_moves_nothing(bid):
    feed = {"feed_saved_usd_per_t": 50.0, "feed_floor_usd_per_t": 20.0}
    assert worth(feed_value_usd_per_t=bid, **feed) == worth(feed_value_usd_per_t=70.0, **feed)
    assert worth(feed_value_usd_per_t=71.0, **feed) < worth(feed_value_usd_per_t=bid, **feed)


def test_cases_do_not_touch_each_other():
    """Losses of one case must not reach the next one: the order of the rows moves no value."""
    plan = dataclasses.replace(PLAN, depreciation_years=1)  # a loss at once, a gain the year after
    rows = [PLAIN | {"usd_per_t": price} for price in (150.0, 300.0, 90.0, math.nan, 210.0)]
    cases = np.array([[row[name] for name in CASE] for row in rows])
    turned = value_cases(cases[::-1], plan)[::-1]
    np.testing.assert_array_equal(value_cases(cases, plan), turned)
    assert np.isnan(turned).tolist() == [False, False, False, True, False]


def politics(order=(0, 1, 2, 3), probability=(0.1, 0.5, 0.3, 0.1)):
    """Four political states from the kindest to the harshest, told in some order; harsher ones are later and dearer."""
    names, place = ("revoked", "suspended", "in_force", "tightened"), list(order)
    late = np.linspace(0, 6, 20) * np.arange(4.0)[None, :, None]
    keys = {("japan", "zone:smelt"): 0}
    picked = tuple(names[one] for one in order)
    return States(picked, picked, np.array(probability)[place], late[:, place], (1.0 + 0.02 * late)[:, place], keys)


@pytest.fixture(scope="module")
def lay(world, assumptions):
    """Return what lays base cases of the costed plant in the zone, a copy of it with another freight or price, and the finance."""
    costs = world.layers["cost_models"].assign(
        capex_usd_per_tpa_mode=1000.0, opex_usd_per_t_low=80.0, opex_usd_per_t_mode=100.0, opex_usd_per_t_high=150.0
    )
    layers = world.layers | {"cost_models": costs, "operations": world.layers["operations"].assign(energy_kwh_per_t=500.0)}
    assumed = assumptions.replace(finance__draws=200)
    basis = lay_basis(layers, world.alternatives, world.hauls, assumptions=assumed)
    rows = _join_families(lay_rows(layers, world.alternatives, world.hauls, basis=basis, assumptions=assumed), layers["prices"])

    def laid(states=None, **cells):
        given = rows.assign(**{name: value(rows) if callable(value) else value for name, value in cells.items()})
        inputs = plant_inputs(layers, given, assumptions=assumed, on=ON)
        return lay_valuation(given, inputs, finance=assumed.finance, states=states, price_states=layers["price_states"])

    return laid, assumed.finance


def only(cases, table):
    """Return the row of the one plant that has a value."""
    assert cases.is_valued.sum() == 1
    return table[cases.is_valued].iloc[0]


def test_listed_flows_are_of_valued_rows_alone_and_add_up_to_the_value(lay):
    cases = lay[0](politics())
    flows = list_flows(cases)
    assert list(flows) == [column.name for column in read_columns("cash_flows")]
    sums = flows.groupby(["partner", "alternative"])["present_value"].sum()
    valued = cases.table[cases.is_valued]
    assert sums.index.tolist() == list(zip(valued["partner"], valued["alternative"], strict=True))
    assert sums.tolist() == pytest.approx(value_cases(lay_cases(cases.base[cases.is_valued]), cases.plan).tolist())


def test_without_a_valued_row_there_is_no_flow_and_no_state(lay):
    cases = lay[0](opex=math.nan)
    assert not cases.is_valued.any()
    assert list_flows(cases).empty
    assert value_by_state(cases, finance=lay[1]).empty
    assert simulate(cases, cases.is_valued, finance=lay[1], seed=1)[RISK].isna().all(axis=None)


def test_the_order_in_which_states_are_told_changes_nothing(lay):
    told = [value_by_state(lay[0](politics(order)), finance=lay[1]) for order in ((0, 1, 2, 3), (2, 0, 3, 1))]
    pd.testing.assert_frame_equal(*told)
    both = lay[0](politics((2, 0, 3, 1))), lay[0](politics())
    drawn = [only(cases, simulate(cases, cases.is_valued, finance=lay[1], seed=4)) for cases in both]
    assert drawn[0][RISK].tolist() == pytest.approx(drawn[1][RISK].tolist())


def test_the_value_in_a_state_does_not_hang_on_how_likely_it_is(lay):
    told = [value_by_state(lay[0](politics(probability=one)), finance=lay[1]) for one in ((0.1, 0.5, 0.3, 0.1), (0.0, 0.0, 0.1, 0.9))]
    assert told[0]["npv_million_usd"].tolist() == told[1]["npv_million_usd"].tolist()
    assert told[0]["probability"].tolist() != told[1]["probability"].tolist()


def test_a_waiver_is_worth_the_mean_of_what_it_is_worth_in_each_state(lay):
    chances = (0.1, 0.5, 0.3, 0.1)
    mixed, *sure = (
        only(cases, weigh_relief(cases, finance=lay[1]))["worth_waiver_million_usd"]
        for cases in (lay[0](politics(probability=one)) for one in (chances, *np.eye(4)))
    )
    assert mixed == pytest.approx(np.dot(chances, sure))
    assert sure[0] == 0.0
    assert 0.0 < sure[1] < sure[2] < sure[3]


def test_every_break_even_gives_way_to_dearer_freight_and_the_operating_cost_just_as_much(lay):
    plain, dear = lay[0](), lay[0](freight=lambda rows: rows["freight"] + 7.0)
    before, after = (only(cases, break_even(cases)) for cases in (plain, dear))
    assert before["break_even_opex_usd_per_t"] - after["break_even_opex_usd_per_t"] == pytest.approx(7.0)
    feed_t = only(plain, plain.table)["feed_t"]
    assert before["break_even_gate_usd_per_t"] - after["break_even_gate_usd_per_t"] == pytest.approx(7.0 / feed_t)
    needed = "break_even_supply_t_per_y"
    assert (after.drop(needed) < before.drop(needed)).all()
    assert after[needed] > before[needed]  # dearer freight asks for a better fed plant


def test_a_higher_bid_of_the_rival_leaves_less_for_the_operating_cost(lay):
    plain, dear = lay[0](), lay[0](feed_quote_usd_per_t=lambda rows: rows["feed_quote_usd_per_t"] + 3.0)
    row, (before, after) = only(plain, plain.table), (only(cases, break_even(cases)) for cases in (plain, dear))
    lost = before["break_even_opex_usd_per_t"] - after["break_even_opex_usd_per_t"]
    assert lost == pytest.approx(3.0 * row["feed_t"] * row["feed_paid_frac"])
    assert before["break_even_gate_usd_per_t"] == after["break_even_gate_usd_per_t"]  # it stands for the bid, so it does not hang on it


def test_a_plant_that_loses_has_no_delay_at_which_nothing_is_left(lay):
    cases = lay[0](opex=5000.0)
    assert only(cases, break_even(cases))[["break_even_delay_months", "break_even_capex_usd_per_tpa"]].isna().all()
    dear = dataclasses.replace(cases, table=cases.table.assign(opex_low=5000.0, opex_high=5000.0))
    assert only(dear, simulate(dear, dear.is_valued, finance=lay[1], seed=1))["loss_chance"] == 1.0


def test_dearer_freight_lowers_every_percentile_by_the_same_draws(lay):
    dearer = {f"freight{end}": (lambda rows, end=end: rows[f"freight{end}"] + 30.0) for end in ("_low", "", "_high")}
    before, after = (only(cases, simulate(cases, cases.is_valued, finance=lay[1], seed=2)) for cases in (lay[0](), lay[0](**dearer)))
    assert (after[RISK[:3]].astype(float) < before[RISK[:3]].astype(float)).all()
    assert after["loss_chance"] >= before["loss_chance"]


def test_a_state_without_probability_is_never_drawn():
    states = politics(probability=(0.0, 0.5, 0.0, 0.5))
    assert set(states.pick(np.array([0.0, 1e-12, 0.4999, 0.5, 0.9999, 1.0 - 1e-16]))) == {1, 3}


def test_price_states_are_read_by_name_and_not_by_place(layers):
    controls = ("tightened", "revoked", "in_force", "suspended")
    layer = layers["price_states"]
    turned, plain = (price_factors(table, controls) for table in (layer.iloc[::-1], layer))
    assert turned.keys() == plain.keys()
    for name, ends in plain.items():
        np.testing.assert_array_equal(ends, turned[name])
        np.testing.assert_array_equal(ends[::-1], price_factors(layer, controls[::-1])[name])
        assert (np.diff(ends, axis=1) >= 0.0).all(), name
