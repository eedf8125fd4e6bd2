"""Margins of the real layers worked out again in plain arithmetic, one number after another, without the room's own tables."""

from __future__ import annotations

import math

import pytest

LB_PER_T = 1_000_000 / 453.59237
VAT, CNY = 1.13, 7.0


@pytest.fixture(scope="module")
def hauls(real_freight):
    return real_freight.hauls


@pytest.fixture(scope="module")
def table(real_economics):
    return real_economics.table.set_index(["partner", "alternative"])


@pytest.fixture(scope="module")
def usd(hauls):
    """Look a haul up: ``usd("feed", "pit", "zone")``."""
    index = hauls.set_index(["kind", "origin_id", "destination_id", "product_id"])["usd_per_t"].to_dict()
    return lambda kind, origin, destination, product="": index[kind, origin, destination, product]


@pytest.fixture(scope="module")
def quote(layers):
    """Look a price up: mode, or the latest value where the regime changed."""
    rows = layers["prices"].set_index("price_id").to_dict("index")
    return lambda name: rows[name]["latest_value"] if rows[name]["regime_change"] == "yes" else rows[name]["mode"]


def ports(layers, role):
    table = layers["ports"]
    return list(table.loc[table["role_code"] == role, "port_id"])


@pytest.mark.parametrize("partner", ["japan", "eu", "saudi"])
@pytest.mark.parametrize("site", ["hub-sez", "bostan-sez", "port-qasim"])
def test_ferrochrome(layers, table, usd, quote, partner, site):
    row = table.loc[(partner, f"{site}:ferrochrome")]
    port = layers["partners"].set_index("partner_id").loc[partner, "default_port_id"]
    supplier = row["supplier_deposit_id"]
    price = quote("ferrochrome_us") * LB_PER_T * 0.575
    per_cr2o3 = quote("chromite_sa_conc_42") / VAT / 0.42
    feed_t = 0.575 / (0.68421 * 0.75 * 0.46)
    away = min(usd("delivered", supplier, rival, "chromite-concentrate") for rival in ports(layers, "counterfactual"))
    gate = per_cr2o3 * 0.46 - away
    freight = usd("delivered", site, port, "ferrochrome-hc")
    margin = price - freight - feed_t * (gate + usd("feed", supplier, site))
    assert row["feed_price_usd_per_t"] == pytest.approx(gate, rel=1e-9)
    assert row["margin_usd_per_t"] == pytest.approx(margin, rel=1e-9)
    inside = quote("ferrochrome_china") / VAT / CNY * 0.575 / 0.55
    assert row["domestic_margin_usd_per_t"] == pytest.approx(margin - price + inside, rel=1e-9)


def test_ferrochrome_draws_on_the_cheapest_running_free_mine(layers, table, usd, quote, hauls):
    deposits = layers["deposits"].set_index("deposit_id")
    feeds = layers["deposit_feeds"].query("stage_id == 'chromite-concentrate' and aggregate == 'yes'")["deposit_id"]
    running = [
        name
        for name in feeds
        if deposits.loc[name, "feed_available"] == "free"
        and (deposits.loc[name, "status_code"] == "operating" or deposits.loc[name, "tonnage_million_t_mode"] > 0)
    ]
    per_cr2o3 = quote("chromite_sa_conc_42") / VAT / 0.42

    def cost(name):
        away = min(usd("delivered", name, rival, "chromite-concentrate") for rival in ports(layers, "counterfactual"))
        inbound = usd("feed", name, "hub-sez")
        return round(max(0.0, per_cr2o3 * 0.46 - away) + inbound, 6), inbound

    known = [name for name in running if ((hauls["origin_id"] == name) & (hauls["destination_id"] == "hub-sez")).any()]
    assert len(known) > 1
    assert table.loc[("japan", "hub-sez:ferrochrome"), "supplier_deposit_id"] == min(known, key=cost)


@pytest.mark.parametrize("partner", ["japan", "korea"])
def test_copper_smelting_keeps_the_charge_and_a_little_metal(layers, table, usd, quote, partner):
    site = "hub-sez"
    row = table.loc[(partner, f"{site}:copper-cathode-smelter")]
    port = layers["partners"].set_index("partner_id").loc[partner, "default_port_id"]
    supplier, metal = row["supplier_deposit_id"], quote("copper_lme")
    feed_t = 0.999935 / (0.965 * 0.275)
    buyers = {*ports(layers, "counterfactual"), port, "ESHUV"}
    away = min(usd("delivered", supplier, buyer, "copper-concentrate") for buyer in buyers)
    gate = metal * 0.275 * 0.965 - away
    margin = metal - usd("delivered", site, port, "copper-cathode") - feed_t * (gate + usd("feed", supplier, site))
    assert row["feed_t_per_product_t"] == pytest.approx(feed_t, rel=1e-9)
    assert row["margin_usd_per_t"] == pytest.approx(margin, rel=1e-9)


def test_tolling_antimony_pays_for_feed_what_the_ingot_leaves(layers, table, usd, quote):
    row = table.loc[("japan", "toll-sohar-antimony:antimony-metal-trioxide")]
    port = layers["partners"].set_index("partner_id").loc["japan", "default_port_id"]
    feed_t = 0.9965 / (0.75 * 0.55)
    left = quote("antimony_metal_exchina") - usd("sea", "OMSOH", port, "antimony-metal")
    inbound = usd("delivered", row["supplier_deposit_id"], "OMSOH", "stibnite-concentrate")
    assert row["break_even_feed_usd_per_t"] == pytest.approx(left / feed_t - inbound, rel=1e-9)


def test_graphite_carries_no_capital_and_says_why(table, quote):
    """The sourced operating cost (coated product) exceeds the margin (uncoated price): no capital can be carried."""
    row = table.loc[("japan", "hub-sez:graphite-spherical-purified")]
    assert row["margin_usd_per_t"] < row["opex_usd_per_t"]
    assert math.isnan(row["break_even_capex_usd_per_tpa"])
    assert f"The sourced operating cost, {row['opex_usd_per_t']:,.0f} USD per tonne of product, eats the margin" in row["reason"]
    assert row["product_usd_per_t"] == quote("spg_uncoated")


def test_export_of_chromite_to_japan_is_the_lump_less_the_way_to_the_rival(layers, table, usd, quote):
    row = table.loc[("japan", "export:ferrochrome")]
    away = min(usd("delivered", row["supplier_deposit_id"], rival, "chromite-ore") for rival in ports(layers, "counterfactual"))
    assert row["product_id"] == "chromite-ore"
    assert row["feed_price_usd_per_t"] == pytest.approx(quote("chromite_turkey_lump_42") / VAT - away, rel=1e-9)


def test_years_of_ferrochrome_feed(table, assumptions):
    recovery = assumptions.feed.recovery_frac
    row = table.loc[("japan", "hub-sez:ferrochrome")]
    metal = 4.5e6 * 0.46 * 0.68421
    assert row["feed_free_t"] == pytest.approx(metal * recovery.mode**2 / 0.575)
    assert row["feed_free_t_low"] == pytest.approx(metal * 3.0 / 4.5 * recovery.low**2 / 0.60)
    assert row["feed_free_t_high"] == pytest.approx(metal * recovery.high**2 / 0.55)


def test_quotes_of_one_family_rise_and_fall_together(table):
    """Lithium hydroxide and spodumene move together: the margin spans less than the price of the product itself."""
    row = table.loc[("japan", "hub-sez:lithium-hydroxide")]
    assert row["margin_usd_per_t_low"] <= row["margin_usd_per_t"] <= row["margin_usd_per_t_high"]
    span = row["product_usd_per_t_high"] - row["product_usd_per_t_low"]
    assert row["margin_usd_per_t_high"] - row["margin_usd_per_t_low"] < span
