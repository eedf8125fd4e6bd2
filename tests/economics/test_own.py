"""What a user states: names are checked, figures are marked, and assumptions alone complete every chain."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from geokit.core.errors import AssumptionError
from geokit.economics import check_names, estimate
from geokit.economics.own import KEYS, name_keys
from geokit.economics.quotes import quote_products
from geokit.economics.refusals import find_unpriced
from tests.economics.conftest import frame, plan

FLAT = {"low": 90.0, "mode": 100.0, "high": 130.0}


def solve(world, assumptions, layers=None):
    return estimate(layers or world.layers, world.alternatives, world.hauls, assumptions=assumptions)


def row(economics, alternative, partner="japan"):
    return economics.table.set_index(["partner", "alternative"]).loc[(partner, alternative)]


def test_unknown_products_and_stages_are_refused_all_at_once(world, assumptions):
    wrong = assumptions.replace(price_usd_per_t={"gold-bar": FLAT}, supply_t_per_y={"mine": FLAT}, finance__opex_usd_per_t={"smelt": FLAT})
    with pytest.raises(AssumptionError) as told:
        check_names(world.layers, wrong)
    lines = str(told.value).splitlines()
    assert [line.split("; ")[0] for line in lines] == [
        "finance.price_usd_per_t: 'gold-bar' is no product_id of products.csv",
        "feed.supply_t_per_y: 'mine' is no stage_id of stages.csv",
    ]


def refuse(world, change, assumptions, *changes):
    """Return the lines that refuse the country after some changes of its prices."""
    layers = world.layers
    for price_id, cells in changes:
        layers = change(layers, "prices", "price_id", price_id, **cells)
    with pytest.raises(AssumptionError) as told:
        check_names(layers, assumptions)
    return str(told.value).splitlines()


def test_prices_that_cannot_be_brought_to_dollars_are_refused_with_row_rule_and_remedy(world, change, assumptions):
    """A currency without a rate, a tax that nobody states, a unit of no mass: all of them at once, and beside an unknown name."""
    wrong = assumptions.replace(price_usd_per_t={"gold-bar": FLAT})
    changes = ("conc", {"market_issuer": "xx"}), ("metal", {"per_unit": "bbl"}), ("metal-home", {"currency": "TRY"})
    assert refuse(world, change, wrong, *changes) == [
        "finance.price_usd_per_t: 'gold-bar' is no product_id of products.csv; `geokit layers products` lists them",
        (
            "prices.csv, row 2, column market_issuer: 'xx' has no rate of value-added tax, without which the price conc is blank; "
            "state it in finance.vat_frac, or the price without tax"
        ),
        (
            "prices.csv, row 3, column per_unit: 'bbl' is no unit of mass, without which the price metal is blank; "
            "quote the price per t, kg, lb, oz, mtu"
        ),
        (
            "prices.csv, row 4, column currency: 'TRY' has no exchange rate, without which the price metal-home is blank; "
            "state its units for one US dollar in finance.fx_per_usd"
        ),
    ]


def test_a_rate_that_the_user_states_makes_the_price_known(world, change, assumptions):
    layers = change(world.layers, "prices", "price_id", "metal", currency="TRY", mode=40_000.0, low=40_000.0, high=40_000.0)
    stated = assumptions.replace(finance__fx_per_usd={"CNY": 7.0, "TRY": 40.0})
    check_names(layers, stated)
    assert quote_products(layers, assumptions=stated).loc["metal", "usd_per_t"] == pytest.approx(1000.0)


@pytest.mark.parametrize("cells", [{"mode": math.nan, "latest_value": math.nan}, {"price_id": "unused"}])
def test_a_price_without_a_figure_and_one_of_no_product_are_left_alone(world, change, assumptions, cells):
    check_names(change(world.layers, "prices", "price_id", "metal-home", currency="TRY", **cells), assumptions)


def test_a_price_without_tax_needs_no_rate_of_it(world, change, assumptions):
    check_names(change(world.layers, "prices", "price_id", "conc", market_issuer="xx", vat_included="no"), assumptions)


def test_a_latest_figure_alone_is_refused_too(world, change, assumptions):
    cells = {"mode": math.nan, "latest_value": 9.0, "currency": "TRY"}
    assert len(refuse(world, change, assumptions, ("metal", cells))) == 1


def test_every_price_of_the_packaged_facts_can_be_brought_to_dollars(layers, assumptions):
    assert list(find_unpriced(layers, assumptions)) == []


@pytest.mark.parametrize(
    ("name", "spread"),
    [
        ("price_usd_per_t", {"low": -1.0, "mode": 5.0, "high": 9.0}),
        ("price_usd_per_t", {"low": 0.0, "mode": 0.0, "high": 0.0}),
        ("price_usd_per_t", {"low": 9.0, "mode": 5.0, "high": 7.0}),
        ("gate_usd_per_t", {"low": -2.0, "mode": 0.0, "high": 1.0}),
        ("supply_t_per_y", {"low": -2.0, "mode": 0.0, "high": 1.0}),
        ("feed_t_per_t", {"low": 0.0, "mode": 1.0, "high": 1.0}),
        ("finance__freight_usd_per_t", {"low": -5.0, "mode": 1.0, "high": 1.0}),
    ],
)
def test_figures_out_of_range_are_refused(assumptions, name, spread):
    with pytest.raises(AssumptionError, match=name.removeprefix("finance__")):
        assumptions.replace(**{name: {"metal": spread}})


def test_several_bad_figures_are_told_at_once(assumptions):
    bad = {"price_usd_per_t": {"metal": {"low": -1.0, "mode": 1.0, "high": 2.0}}, "income_tax_frac": {"low": 0, "mode": 1, "high": 3}}
    with pytest.raises(AssumptionError, match=r"(?s)price_usd_per_t.*income_tax_frac"):
        assumptions.replace(**bad)


def test_a_price_of_the_user_is_one_of_a_tonne_of_product_and_moves_with_no_quote(world, assumptions):
    quotes = quote_products(world.layers, assumptions=assumptions.replace(price_usd_per_t={"metal": FLAT}))
    metal, plain = quotes.loc["metal"], quote_products(world.layers, assumptions=assumptions).loc["metal"]
    assert [metal["usd_per_t_low"], metal["usd_per_t"], metal["usd_per_t_high"]] == [90.0, 100.0, 130.0]
    assert (metal["price_mark"], metal["price_role"], metal["price_id"], metal["source_ids"]) == ("assumption", "direct", "", "")
    assert pd.isna(metal["domestic_usd_per_t"])
    assert (plain["price_mark"], plain["price_id"]) == ("evidence", "metal")
    assert quotes.loc["conc", "usd_per_t"] == pytest.approx(100.0)


def test_a_price_of_the_feed_is_netted_back_and_one_at_the_gate_is_not(world, assumptions):
    port = row(solve(world, assumptions.replace(price_usd_per_t={"conc": FLAT})), "zone:smelt")
    gate = row(solve(world, assumptions.replace(gate_usd_per_t={"conc": FLAT})), "zone:smelt")
    assert (port["feed_price_usd_per_t"], gate["feed_price_usd_per_t"]) == (80.0, 100.0)  # no quote of one market: the nearest port pays it
    assert (port["feed_price_mark"], gate["feed_price_mark"]) == ("assumption", "assumption")
    assert port["margin_usd_per_t"] - gate["margin_usd_per_t"] == pytest.approx(2.0 * 20.0)


def test_a_price_of_the_user_never_raises_the_value_where_it_is_the_feeds(world, assumptions, change):
    costs = {"capex_usd_per_tpa_mode": 1000.0, "opex_usd_per_t_mode": 100.0}
    layers = change(world.layers, "cost_models", "stage_id", "smelt", **costs) | {"feed_plans": frame("feed_plans", plan("pit", 100.0))}
    worth = [
        row(solve(world, assumptions.replace(finance__draws=20, gate_usd_per_t={"conc": {"low": bid, "mode": bid, "high": bid}}), layers),
            "zone:smelt")["npv_million_usd"]
        for bid in (0.0, 60.0, 90.0)
    ]  # fmt: skip
    assert worth[0] > worth[1] > worth[2]


def test_a_ratio_and_a_size_of_the_user_win_and_scale_the_sourced_cost(world, change, assumptions):
    layers = change(world.layers, "cost_models", "stage_id", "smelt", capex_usd_per_tpa_mode=1000.0)
    own = assumptions.replace(feed_t_per_t={"smelt": {"low": 2.5, "mode": 3.0, "high": 4.0}}, plant_t_per_y={"smelt": 1250.0})
    plant = row(solve(world, own, layers), "zone:smelt")
    assert (plant["feed_t_per_product_t"], plant["ratio_mark"]) == (3.0, "assumption")
    assert (plant["plant_t_per_y"], plant["size_mark"]) == (1250.0, "assumption")
    assert plant["capex_usd_per_tpa"] == pytest.approx(1000.0 * 0.25 ** (0.66 - 1.0))
    assert plant["feed_eaten_t_per_y"] == pytest.approx(1250.0 * 0.92 * 3.0)
    assert plant["margin_usd_per_t"] == pytest.approx(1000.0 - 50.0 - 3.0 * (60.0 + 5.0))


def test_a_ratio_that_would_make_metal_from_nothing_is_refused(world, assumptions):
    """A tonne of pure metal from concentrate of 50 % takes two tonnes at a recovery of one."""
    tight = assumptions.replace(feed_t_per_t={"smelt": {"low": 1.9, "mode": 2.5, "high": 3.0}})
    with pytest.raises(AssumptionError, match=r"feed\.feed_t_per_t\.smelt: 1\.9 t of feed .* recovery above 1; it takes at least 2"):
        check_names(world.layers, tight)
    check_names(world.layers, assumptions.replace(feed_t_per_t={"smelt": {"low": 2.0, "mode": 2.5, "high": 3.0}}))


def test_a_gain_an_unknown_name_and_a_price_without_a_rate_are_told_together(world, change, assumptions):
    wrong = assumptions.replace(price_usd_per_t={"gold-bar": FLAT}, feed_t_per_t={"smelt": {"low": 0.5, "mode": 1.0, "high": 3.0}})
    told = refuse(world, change, wrong, ("conc", {"currency": "TRY"}))
    assert [line.split(":")[0] for line in told] == [
        "finance.price_usd_per_t", "prices.csv, row 2, column currency", "feed.feed_t_per_t.smelt",
    ]  # fmt: skip


def test_a_sourced_cost_is_not_scaled_from_a_reference_of_unknown_size(world, change, assumptions):
    layers = change(world.layers, "cost_models", "stage_id", "smelt", capex_usd_per_tpa_mode=1000.0)
    layers = change(layers, "stages", "stage_id", "smelt", reference_scale_tpa=float("nan"))
    plant = row(solve(world, assumptions.replace(plant_t_per_y={"smelt": 1250.0}), layers), "zone:smelt")
    assert pd.isna(plant["capex_usd_per_tpa"])
    assert "capital cost of the plant" in plant["missing_inputs"]


def test_freight_of_the_user_stands_only_where_no_way_was_found(world, assumptions):
    own = assumptions.replace(finance__freight_usd_per_t={"metal": FLAT})
    assert row(solve(world, own), "zone:smelt")["product_freight_usd_per_t"] == 50.0
    assert row(solve(world, own), "zone:smelt", "inland")["product_freight_usd_per_t"] == 100.0


def test_each_missing_input_names_what_fills_it():
    words = {"stage_id": "smelt", "product_id": "metal", "feed": "conc"}
    assert name_keys("price of the product; operating cost: power, labour; feed by year", words) == (
        "finance.price_usd_per_t.metal; finance.opex_usd_per_t.smelt; feed.supply_t_per_y.smelt"
    )
    assert name_keys("", words) == ""


def state(assumptions, keys):
    """Return assumptions in which every dotted key holds a figure."""
    tree: dict[str, dict[str, object]] = {}
    for key in keys:
        section, field, name = key.split(".")
        tree.setdefault(f"{section}__{field}", {})[name] = 100.0 if field == "plant_t_per_y" else FLAT
    return assumptions.replace(**tree)


def test_assumptions_alone_complete_every_plant(world, assumptions):
    """The keys that the rows name, and no other, give each plant a value: of the smelter and of the mill at its ore."""
    plain = solve(world, assumptions)
    plants = plain.table[plain.table["alternative"].isin(["zone:smelt", "pit:mill"]) & (plain.table["partner"] == "japan")]
    assert (plants["npv_million_usd"].isna() & (plants["missing_keys"] != "")).all()
    keys = {key for cell in plants["missing_keys"] for key in cell.split("; ")}
    assert {"feed.mining_usd_per_t.ore", "feed.supply_t_per_y.mill", "finance.plant_t_per_y.mill"} <= keys
    full = solve(world, state(assumptions.replace(finance__draws=20), keys))
    told = full.table.set_index(["partner", "alternative"]).loc[[("japan", "zone:smelt"), ("japan", "pit:mill")]]
    assert told["npv_million_usd"].notna().all()
    assert (told[["missing_inputs", "missing_keys"]] == "").all(axis=None)
    mill = told.loc[("japan", "pit:mill")]
    assert mill["feed_t_per_product_t"] == pytest.approx(0.5 / (0.5 * 0.1))
    assert (mill["feed_price_usd_per_t"], mill["feed_price_mark"]) == (100.0, "assumption")


def test_every_name_of_what_is_missing_has_a_key_that_exists(assumptions):
    paths = {path for path, _ in assumptions.leaves()}
    for key in KEYS.values():
        if "." in key and "(" not in key:
            section, field = key.split(".")[:2]
            assert f"{section}.{field}" in paths, key
