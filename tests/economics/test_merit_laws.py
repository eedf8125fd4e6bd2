"""Laws of the merit order, the mass balance, the limits of buyers and the inputs of a plant."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest

from geokit.economics.balance import feed_ratios
from geokit.economics.balance_table import lay_balance
from geokit.economics.feed import feed_sources
from geokit.economics.impurities import judge_impurities, sum_penalties
from geokit.economics.merit import order_merit
from geokit.economics.netback import export_hauls
from geokit.economics.plant import plant_inputs
from geokit.economics.quotes import quote_products
from geokit.economics.rows import lay_basis, lay_rows
from geokit.economics.years import feed_years
from tests.economics.conftest import frame, haul, plan

ON = dt.date(2026, 11, 22)
PITS = {"pit": (5.0, 20.0), "hole": (9.0, 40.0), "cut": (2.0, 10.0)}
"""Haul to the zone, USD/t, and ore, kt/y."""


@pytest.fixture(scope="module")
def three(world):
    """The country with three pits that differ in their haul and size."""
    twins = {
        name: pd.concat([world.layers[name].assign(deposit_id=one, **{key: one}) for one in PITS])
        for name, key in (("deposits", "name"), ("deposit_feeds", "feed_id"))
    }
    plans = frame("feed_plans", *(plan(name, size) for name, (_, size) in PITS.items()))
    return {**world.layers, **{name: table.reset_index(drop=True) for name, table in twins.items()}, "feed_plans": plans}


@pytest.fixture(scope="module")
def merit(world, assumptions):
    def ordered(layers, out=40.0):
        sold = [haul(name, "CNBBB", "delivered", out, "conc") for name in PITS]
        hauls = frame("hauls", *(haul(name, "zone", "feed", usd) for name, (usd, _) in PITS.items()), *sold)
        quotes = quote_products(layers, assumptions=assumptions)
        table = order_merit(
            layers, feed_sources(layers, hauls, assumptions=assumptions), feed_years(layers, assumptions=assumptions),
            exports=export_hauls(layers, world.alternatives, hauls, quotes=quotes),
            ratios=feed_ratios(layers, assumptions=assumptions), quotes=quotes, assumptions=assumptions,
        )  # fmt: skip
        return table[(table["place_id"] == "zone") & (table["stage_id"] == "smelt")].set_index("deposit_id")

    return ordered


def test_withdrawing_a_lot_moves_the_others_up_and_leaves_their_cost(three, change, merit):
    plain, less = merit(three), merit(change(three, "deposits", "deposit_id", "cut", feed_available="captive"))
    assert less["rank"].dropna().to_dict() == {"pit": 1, "hole": 2}
    assert less["usd_per_payable_t"].to_dict() == pytest.approx(plain["usd_per_payable_t"].to_dict())
    assert less["cumulative_t_per_y"].dropna().max() == pytest.approx(3_000.0)


def test_a_farther_rival_makes_feed_cheaper_down_to_nil_and_never_below(three, merit):
    costs = [merit(three, out=far).loc["pit", ["gate_usd_per_t", "usd_per_payable_t"]].tolist() for far in (70.0, 900.0)]
    assert [gate for gate, _ in costs] == pytest.approx([30.0, 0.0])
    assert [cost for _, cost in costs] == pytest.approx([70.0, 10.0])


def test_without_a_price_of_the_feed_no_lot_has_a_cost_or_a_place(three, change, merit):
    rows = merit(change(three, "products", "product_id", "conc", price_id=""))
    assert len(rows) == len(PITS)
    assert rows[["usd_per_payable_t", "rank", "cumulative_t_per_y"]].isna().all(axis=None)
    assert rows["note"].str.startswith("nobody quotes a price").all()
    assert (rows["gate_basis"] == "").all()


def test_a_penalty_on_the_feed_is_paid_for_every_tonne_of_it(three, merit):
    keys = {"limit_id": "as", "product_id": "conc", "element": "As", "limit": 0.1, "limit_unit": "%", "kind": "penalty"}
    limits = frame("impurity_limits", keys | {"penalty_usd_per_t": 3.0, "penalty_step": 0.1, "source_id": "src"})
    assay = frame("other_grades", {"deposit_id": "cut", "constituent": "As", "basis": "ore", "grade_value": 0.03, "unit": "%"})
    plain, fined = merit(three), merit({**three, "impurity_limits": limits, "other_grades": assay})
    assert fined.loc["cut", "penalty_usd_per_t"] == pytest.approx(6.0)  # 0.3 % at most in the concentrate: two steps begun
    dearer = fined["usd_per_payable_t"] - plain["usd_per_payable_t"]
    assert dearer.to_dict() == pytest.approx({"cut": 12.0, "pit": 0.0, "hole": 0.0})
    assert fined["rank"].to_dict() == {"pit": 1, "cut": 2, "hole": 3}


def test_a_balance_has_one_row_a_deposit_and_does_not_hang_on_their_order(three, change, assumptions):
    table = lay_balance(three, assumptions=assumptions)
    assert table.loc[table["stage_id"] == "mill", "deposit_id"].tolist() == sorted(PITS)
    turned = {name: rows.iloc[::-1].reset_index(drop=True) for name, rows in three.items()}
    pd.testing.assert_frame_equal(lay_balance(turned, assumptions=assumptions), table)
    blind = lay_balance(change(three, "deposits", "deposit_id", "cut", grade_value=math.nan, grade_unit=""), assumptions=assumptions)
    assert blind.loc[blind["stage_id"] == "mill", "deposit_id"].tolist() == ["hole", "pit"]


@pytest.mark.parametrize(("level", "unit"), [(0.05, "%"), (500.0, "g/t")])
def test_a_looser_limit_never_worsens_the_verdict_and_a_penalty_never_fails(world, assumptions, level, unit):
    """Ten tonnes of ore a tonne: at most 0.5 % of the concentrate, just 0.05 % of ore sold as it is."""
    cells = {"element": "As", "limit_unit": "%", "penalty_usd_per_t": 2.0, "penalty_step": 0.01}
    limits = [
        cells | {"limit_id": f"{kind}-{limit}", "product_id": product, "limit": limit, "kind": kind}
        for kind in ("reject", "penalty") for product in ("ore", "conc") for limit in (0.015, 0.049, 0.051, 0.49, 0.51)
    ]  # fmt: skip
    assay = {"deposit_id": "pit", "constituent": "As", "basis": "ore", "grade_value": level, "unit": unit}
    tables = {"impurity_limits": frame("impurity_limits", *limits), "other_grades": frame("other_grades", assay)}
    told = judge_impurities({**world.layers, **tables}, assumptions=assumptions).set_index(["product_id", "limit_id"])
    for kind, worst in (("reject", "fail"), ("penalty", "unknown")):
        names = [f"{kind}-{limit}" for limit in (0.015, 0.049, 0.051, 0.49, 0.51)]
        assert told.loc["ore"].loc[names, "verdict"].tolist() == [worst, worst, "pass", "pass", "pass"]
        assert told.loc["conc"].loc[names, "verdict"].tolist() == ["unknown"] * 4 + ["pass"]
    assert told.loc["ore"].loc[names, "penalty_usd_per_t"].tolist() == [8.0, 2.0, 0.0, 0.0, 0.0]
    assert sum_penalties(told.reset_index()).to_dict() == pytest.approx({("pit", "ore"): 10.0, ("pit", "conc"): 98.0 + 94.0 + 90.0 + 2.0})


@pytest.fixture(scope="module")
def rows(world, assumptions):
    costs = world.layers["cost_models"].assign(capex_usd_per_tpa_mode=1000.0, opex_usd_per_t_mode=100.0)
    layers = {**world.layers, "cost_models": costs}
    basis = lay_basis(layers, world.alternatives, world.hauls, assumptions=assumptions)
    return lay_rows(layers, world.alternatives, world.hauls, basis=basis, assumptions=assumptions)


def test_the_inputs_of_a_plant_do_not_hang_on_its_neighbours(world, assumptions, rows):
    whole = plant_inputs(world.layers, rows, assumptions=assumptions, on=ON)
    turned = plant_inputs(world.layers, rows.iloc[::-1], assumptions=assumptions, on=ON)
    pd.testing.assert_frame_equal(turned.sort_index(), whole)
    alone = pd.concat([plant_inputs(world.layers, rows.iloc[[place]], assumptions=assumptions, on=ON) for place in range(len(rows))])
    pd.testing.assert_frame_equal(alone, whole)


def test_one_tax_without_a_figure_leaves_the_whole_tax_missing(world, change, assumptions, rows):
    zone = rows["alternative"] == "zone:smelt"
    blind = change(world.layers, "royalties_taxes", "levy_id", "super", mode=math.nan)
    found = plant_inputs(blind, rows, assumptions=assumptions, on=ON)[zone]
    assert found["income_tax_frac"].isna().all()
    assert found["missing_inputs"].str.endswith("tax on income").all()
    final = plant_inputs(blind, rows.assign(site_id="gate"), assumptions=assumptions, on=ON)[zone]
    assert not final["missing_inputs"].str.contains("tax on income").any()  # a final tax on sales is paid alone


def test_only_a_price_whose_regime_changed_moves_and_its_feed_moves_with_it(world, change, assumptions, rows):
    zone = rows["alternative"] == "zone:smelt"
    moves = {"mode": 600.0, "latest_value": 1000.0}
    for changed, ratio in (("yes", 0.6), ("no", 1.0)):
        layers = change(world.layers, "prices", "price_id", "metal", **moves, regime_change=changed)
        found = plant_inputs(layers, rows, assumptions=assumptions, on=ON)[zone]
        assert found["price_ratio"].tolist() == pytest.approx([ratio] * zone.sum())
        assert found["feed_ratio"].tolist() == pytest.approx([ratio] * zone.sum())
