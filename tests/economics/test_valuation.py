"""Base case, ends, draws, break-evens and relief, on a country of round figures."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest

from geokit.economics.basecase import lay_valuation
from geokit.economics.cashflow import lay_cases, value_cases
from geokit.economics.estimate import _join_families
from geokit.economics.margin import conversion_margin
from geokit.economics.plant import plant_inputs
from geokit.economics.risk import simulate
from geokit.economics.rows import lay_basis, lay_rows
from geokit.economics.states import States
from geokit.economics.valuation import explain_flow, value_alternatives, value_by_state

KEY = ("japan", "zone:smelt")
ON = dt.date(2026, 11, 22)
SPREADS = {
    "usd_per_t": (900.0, 1300.0), "freight": (40.0, 70.0), "feed_quote_usd_per_t": (90.0, 150.0), "feed_paid_frac": (0.95, 1.0),
    "feed_frac": (0.45, 0.55), "out": (30.0, 60.0), "in": (3.0, 9.0), "need": (0.9, 1.4),
}  # fmt: skip


def states(probability=(0.5, 0.2, 0.2, 0.1), draws=50):
    """Four political states in a mixed order; harsher ones are later and dearer."""
    rng = np.random.default_rng(5)
    late, dear = rng.uniform(0, 6, (2, 1, 1, draws))
    rank = np.array([1, 2, 3, 0])[None, :, None]
    return States(
        names=("renewed", "snapback", "tightened", "lifted"),
        controls=("suspended", "in_force", "tightened", "revoked"),
        probability=np.array(probability),
        delay_months=late * rank,
        capex_factor=1.0 + 0.01 * dear * rank,
        plants={KEY: 0},
    )


@pytest.fixture(scope="module")
def costed(world, assumptions):
    """Return the layers of the world with a costed plant, and its rows with spreads."""
    costs = {"capex_usd_per_tpa_mode": 1000.0, "opex_usd_per_t_low": 80.0, "opex_usd_per_t_mode": 100.0, "opex_usd_per_t_high": 150.0}
    power = world.layers["operations"].assign(energy_kwh_per_t=[1000.0, np.nan])
    layers = world.layers | {"cost_models": world.layers["cost_models"].assign(**costs), "operations": power}
    basis = lay_basis(layers, world.alternatives, world.hauls, assumptions=assumptions)
    rows = _join_families(lay_rows(layers, world.alternatives, world.hauls, basis=basis, assumptions=assumptions), layers["prices"])
    ends = {f"{name}_{end}": pair[place] for name, pair in SPREADS.items() for place, end in enumerate(("low", "high"))}
    return layers, rows, rows.assign(**ends)


@pytest.fixture
def lay(costed, assumptions):
    """Return base cases, margin and assumptions of the costed world."""

    def laid(*, spread=True, politics=None, **changed):
        assumed = assumptions.replace(finance__draws=400, capacity_factor_frac=1.0, **changed)
        layers, rows = costed[0], costed[2 if spread else 1]
        inputs = plant_inputs(layers, rows, assumptions=assumed, on=ON)
        cases = lay_valuation(rows, inputs, finance=assumed.finance, states=politics, price_states=layers["price_states"])
        return cases, conversion_margin(rows), assumed

    return laid


def pick(cases, table):
    """Return the row of the plant in the zone."""
    return table[(cases.table["partner"] == KEY[0]) & (cases.table["alternative"] == KEY[1])].iloc[0]


def value(laid):
    cases, margin, assumed = laid
    return value_alternatives(cases, margin, finance=assumed.finance, seed=7)


def again(cases, **figures):
    """The value of the base case of the plant with some figures changed."""
    base = cases.base[(cases.table["partner"] == KEY[0]) & (cases.table["alternative"] == KEY[1])]
    return float(value_cases(lay_cases(base.assign(**figures)), cases.plan)[0])


def test_a_value_is_given_only_where_nothing_is_missing(lay):
    laid = lay()
    table = value(laid)
    rows = laid[0].table
    told = table["npv_million_usd"].notna()
    assert rows.loc[told, ["partner", "alternative"]].to_numpy().tolist() == [list(KEY)]
    silent = table[~told]
    figures = ["npv_million_usd_low", "npv_million_usd_p50", "loss_chance", "irr_frac", "payback_years", "worth_year_million_usd"]
    assert silent[figures].isna().all(axis=None)
    assert (table.loc[~told & (rows["kind"] == "plant"), "missing_inputs"] != "").all()


def test_the_base_case_pays_just_the_margin_of_the_table(lay):
    """Price less feed, freight and operating cost a tonne is the mode of the conversion margin less the operating cost."""
    cases, margin, _ = lay()
    base = pick(cases, cases.base)
    feed = max(base["feed_value_usd_per_t"] - base["feed_saved_usd_per_t"], base["feed_floor_usd_per_t"])
    place = cases.table.index[(cases.table["partner"] == KEY[0]) & (cases.table["alternative"] == KEY[1])][0]
    assert base["usd_per_t"] - feed - base["other_usd_per_t"] == pytest.approx(margin.mode[place] - 100.0)


def test_the_flow_is_told_line_by_line_and_adds_up(lay):
    laid = lay(politics=states())
    cases = laid[0]
    place = int(np.flatnonzero((cases.table["partner"] == KEY[0]) & (cases.table["alternative"] == KEY[1]))[0])
    flow = explain_flow(cases, place)
    assert flow["present_value"].sum() == pytest.approx(pick(cases, value(laid))["npv_million_usd"])
    money = ["sales", "feed", "freight", "feed_freight", "opex", "royalty", "tax", "capex", "working_capital", "closure"]
    assert np.allclose(flow[money].sum(axis=1), flow["cash_flow"])
    assert flow["opex"].min() == pytest.approx(-100.0 * 5000.0 / 1e6)


def test_ends_enclose_the_base_case_and_percentiles_are_in_order(lay):
    laid = lay(politics=states())
    row = pick(laid[0], value(laid))
    assert row["npv_million_usd_low"] < row["npv_million_usd_p10"] < row["npv_million_usd_p50"] < row["npv_million_usd_p90"]
    assert row["npv_million_usd_p90"] < row["npv_million_usd_high"]
    assert row["npv_million_usd_low"] < row["npv_million_usd"] < row["npv_million_usd_high"]
    assert 0.0 <= row["loss_chance"] <= 1.0


def test_the_price_drives_up_and_the_rate_down(lay):
    laid = lay()
    names = pick(laid[0], value(laid))["drivers"].split("; ")
    assert len(names) == 3
    figures = [float(name.rsplit(" ", 1)[1]) for name in names]
    assert sorted(map(abs, figures), reverse=True) == [abs(figure) for figure in figures]
    signs = {name.rsplit(" ", 1)[0]: figure > 0 for name, figure in zip(names, figures, strict=True)}
    assert signs["price of the product"] is True
    assert signs["discount rate"] is False


def test_a_sure_world_has_one_value(lay):
    flat = {"low": 0.1, "mode": 0.1, "high": 0.1}
    laid = lay(spread=False, discount_rate_frac=flat)
    cases, margin, assumed = laid
    sure = cases.table.assign(**{f"opex_{end}": cases.table["opex"] for end in ("low", "high")})
    row = pick(cases, value_alternatives(dataclasses.replace(cases, table=sure), margin, finance=assumed.finance, seed=1))
    for name in ("p10", "p50", "p90"):
        assert row[f"npv_million_usd_{name}"] == pytest.approx(row["npv_million_usd"])


@pytest.mark.parametrize("chunk", [1, 7, 399, 400, 5000])
def test_the_size_of_a_chunk_moves_no_figure(lay, chunk):
    cases, _, assumed = lay(politics=states())
    asked = {"finance": assumed.replace(finance__draws=40).finance, "seed": 3}
    whole, parts = (simulate(cases, cases.is_valued, **asked, chunk=size) for size in (4096, chunk))
    pd.testing.assert_frame_equal(whole, parts, check_exact=False, rtol=1e-12)


def test_all_alternatives_share_their_draws(lay):
    cases, _, assumed = lay()
    twice = cases.table[cases.is_valued].iloc[[0, 0]].reset_index(drop=True)
    base = cases.base[cases.is_valued].iloc[[0, 0]].reset_index(drop=True)
    same = dataclasses.replace(cases, table=twice, base=base)
    found = simulate(same, same.is_valued, finance=assumed.finance, seed=3)
    assert found.iloc[0].tolist() == found.iloc[1].tolist()


def test_another_seed_gives_other_draws(lay):
    cases, _, assumed = lay()
    first, second = (simulate(cases, cases.is_valued, finance=assumed.finance, seed=seed) for seed in (1, 2))
    assert pick(cases, first)["npv_million_usd_p50"] != pick(cases, second)["npv_million_usd_p50"]


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("break_even_capex_usd_per_tpa", lambda x, row: {"capex_million_usd": x * row["plant_t_per_y"] / 1e6}),
        ("break_even_opex_usd_per_t", lambda x, row: {"other_usd_per_t": row["freight"] + row["feed_t"] * row["in"] + x}),
        ("break_even_delay_months", lambda x, _: {"delay_years": x / 12.0}),
        (
            "break_even_gate_usd_per_t",
            lambda x, row: {"feed_value_usd_per_t": 0.0, "feed_saved_usd_per_t": 0.0, "feed_floor_usd_per_t": x * row["feed_t"]},
        ),
    ],
)
def test_at_break_even_nothing_is_left(lay, name, figure):
    laid = lay()
    found = pick(laid[0], value(laid))[name]
    assert found > 0.0
    assert again(laid[0], **figure(found, pick(laid[0], laid[0].table))) == pytest.approx(0.0, abs=1e-6)


def test_a_break_even_needs_all_but_its_own_figure(lay):
    cases, margin, assumed = lay()
    blind = dataclasses.replace(
        cases, table=cases.table.assign(opex=np.nan, missing_inputs="operating cost"), base=cases.base.assign(other_usd_per_t=np.nan)
    )
    row = pick(cases, value_alternatives(blind, margin, finance=assumed.finance, seed=1))
    known = pick(cases, value_alternatives(cases, margin, finance=assumed.finance, seed=1))
    assert row["break_even_opex_usd_per_t"] == pytest.approx(known["break_even_opex_usd_per_t"])
    assert np.isnan(row["break_even_capex_usd_per_tpa"])
    assert np.isnan(row["npv_million_usd"])


def test_relief_is_what_the_loop_says_when_it_is_run_again(lay):
    laid = lay(politics=states())
    cases, row = laid[0], pick(laid[0], value(laid))
    base, value_now = pick(cases, cases.base), row["npv_million_usd"]
    capex, politics = pick(cases, cases.table)["capex_million_usd"], cases.states
    gains = [
        again(cases, usd_per_t=1000.0 * cases.factors["metal"][place, 1], delay_years=0.0, capex_million_usd=capex)
        - again(
            cases, usd_per_t=1000.0 * cases.factors["metal"][place, 1], delay_years=politics.delay_months[0, place].mean() / 12,
            capex_million_usd=capex * politics.capex_factor[0, place].mean(),
        )
        for place in range(4)
    ]  # fmt: skip
    assert row["worth_waiver_million_usd"] == pytest.approx(politics.probability @ gains)
    assert row["worth_waiver_million_usd"] > 0.0
    assert row["worth_year_million_usd"] == pytest.approx(value_now - again(cases, delay_years=base["delay_years"] + 1.0))
    assert row["worth_freight_million_usd"] == pytest.approx(again(cases, other_usd_per_t=base["other_usd_per_t"] - 10.0) - value_now)
    assert row["worth_power_million_usd"] == pytest.approx(again(cases, other_usd_per_t=base["other_usd_per_t"] - 10.0) - value_now)


def test_a_plant_that_no_controls_touch_gains_nothing_from_a_waiver(lay):
    laid = lay()
    assert pick(laid[0], value(laid))["worth_waiver_million_usd"] == 0.0


def test_annuity_rate_of_return_and_payback_agree_with_the_value(lay):
    laid = lay()
    cases, row = laid[0], pick(laid[0], value(laid))
    rate = pick(cases, cases.base)["rate_frac"]
    years = cases.plan.build_years + cases.plan.output_frac.size
    assert row["annuity_million_usd_per_y"] * (1 - (1 + rate) ** -years) / rate == pytest.approx(row["npv_million_usd"])
    assert again(cases, rate_frac=row["irr_frac"]) == pytest.approx(0.0, abs=1e-9)
    assert row["irr_count"] == 1
    assert cases.plan.build_years < row["payback_years"] < years


def test_the_price_is_ordered_by_the_state_of_the_controls(lay):
    """Premium at lifted <= suspended <= in force <= tightened, at equal delay and cost (model rule M13)."""
    even = dataclasses.replace(states(), delay_months=np.zeros((1, 4, 1)), capex_factor=np.ones((1, 4, 1)))
    cases, _, assumed = lay(politics=even)
    found = value_by_state(cases, finance=assumed.finance).set_index("state")["npv_million_usd"]
    order = ["lifted", "renewed", "snapback", "tightened"]
    assert all(found[kinder] < found[harsher] for kinder, harsher in itertools.pairwise(order))


def test_by_state_tells_delay_and_cost_of_each(lay):
    politics = states()
    cases, _, assumed = lay(politics=politics)
    found = value_by_state(cases, finance=assumed.finance).set_index("state")
    assert found["probability"].to_dict() == dict(zip(politics.names, politics.probability, strict=True))
    for place, name in enumerate(politics.names):
        assert found.loc[name, "delay_months"] == pytest.approx(np.median(politics.delay_months[0, place]))
        assert found.loc[name, "capex_factor"] == pytest.approx(np.median(politics.capex_factor[0, place]))
    assert found.loc["renewed", "npv_million_usd"] == pytest.approx(again(cases))


def test_a_sure_state_draws_only_its_own_delay(lay):
    """All probability on one state: the percentiles are those of that state, whatever the others say."""
    sure = states(probability=(0.0, 1.0, 0.0, 0.0))
    alone = States(
        names=("snapback",), controls=("in_force",), probability=np.ones(1), delay_months=sure.delay_months[:, 1:2],
        capex_factor=sure.capex_factor[:, 1:2], plants={KEY: 0},
    )  # fmt: skip
    (one, _, assumed), (other, _, _) = lay(politics=sure), lay(politics=alone)
    first, second = (simulate(cases, cases.is_valued, finance=assumed.finance, seed=3) for cases in (one, other))
    pd.testing.assert_frame_equal(first, second)


def test_an_unknown_price_of_equipment_leaves_the_value_unknown(lay):
    blind = dataclasses.replace(states(), capex_factor=np.full((1, 4, 50), np.nan))
    laid = lay(politics=blind)
    row = pick(laid[0], value(laid))
    assert np.isnan(row["npv_million_usd"])
    assert row["missing_inputs"] == "delay and price of equipment under the controls"


@pytest.mark.parametrize(("margin_factor", "word"), [(0.0, "no"), (1.0, "unknown"), (50.0, "yes")])
def test_the_verdict_follows_the_ends(lay, margin_factor, word):
    cases, margin, assumed = lay()
    scaled = type(margin)(*(end * margin_factor for end in (margin.low, margin.mode, margin.high)))
    if margin_factor > 1.0:
        scaled = type(margin)(*(np.abs(end) + 5000.0 for end in (margin.low, margin.mode, margin.high)))
    assert pick(cases, value_alternatives(cases, scaled, finance=assumed.finance, seed=1))["beats_baseline"] == word


def test_the_yardstick_is_not_measured_against_itself(lay):
    laid = lay()
    assert (value(laid).loc[laid[0].table["kind"] == "export", "beats_baseline"] == "").all()
