import math

import pandas as pd
import pytest

from geokit.economics.premium import controlled_goods, inside_quotes, reach_inside
from geokit.economics.quotes import quote_prices


def row(**changes):
    cells = {"partner_port_id": "JPAAA", "market_issuer": "us", "usd_per_t_low": 900.0, "usd_per_t": 1000.0, "domestic_usd_per_t": 500.0}
    return reach_inside(pd.DataFrame([{**cells, **changes}])).iloc[0]


def inside(layers, assumptions):
    content = pd.Series({"ore": math.nan, "conc": 0.5, "metal": 1.0})
    return inside_quotes(layers, quote_prices(layers, assumptions=assumptions), content)


def test_only_goods_count_and_only_for_their_issuer(world):
    assert controlled_goods(world.layers) == {("cn", "xx"), ("cn", "yy"), ("us", "mm")}


def test_the_goods_that_the_real_texts_control(layers):
    goods = controlled_goods(layers)
    listed = {commodity for issuer, commodity in goods if issuer == "cn"}
    assert {"antimony", "graphite", "tungsten", "rare-earths"} <= listed
    assert listed.isdisjoint({"chromite", "zinc", "lead", "copper", "barite", "magnesite", "fluorspar"})


def test_the_lowest_inside_quote_stands_and_knows_whether_it_is_controlled(world, change, assumptions):
    metal = inside(world.layers, assumptions).loc["metal"]
    assert metal["domestic_usd_per_t"] == pytest.approx(800.0)
    assert not metal["domestic_controlled"]
    listed = change(world.layers, "items", "item_id", "powder", commodity_ids="xx;mm")
    assert inside(listed, assumptions).loc["metal", "domestic_controlled"]


def test_a_product_without_an_inside_quote_is_blank(world, change, assumptions):
    listed = change(world.layers, "items", "item_id", "powder", commodity_ids="mm")
    assert math.isnan(inside(listed, assumptions).loc["conc", "domestic_usd_per_t"])
    assert not inside(listed, assumptions).loc["conc", "domestic_controlled"]


def test_a_quote_of_another_market_reaches_down_and_its_mode_stays():
    found = row()
    assert (found["usd_per_t_low"], found["usd_per_t"], found["outlet_unquoted"]) == (500.0, 1000.0, True)


def test_a_band_that_is_wide_enough_stays():
    assert row(domestic_usd_per_t=950.0)["usd_per_t_low"] == 900.0


@pytest.mark.parametrize(
    "changes", [{"partner_port_id": "USAAA"}, {"market_issuer": ""}, {"domestic_usd_per_t": math.nan}, {"usd_per_t": math.nan}]
)
def test_the_own_market_a_world_price_and_an_unknown_quote_change_nothing(changes):
    found = row(**changes)
    assert (found["usd_per_t_low"], found["outlet_unquoted"]) == (900.0, False)


@pytest.mark.parametrize(("table", "column"), [("products", "alt_price_ids"), ("prices", "vat_included")])
def test_without_any_inside_quote_every_product_is_blank(world, assumptions, table, column):
    emptied = {**world.layers, table: world.layers[table].assign(**{column: ""})}
    found = inside(emptied, assumptions)
    assert list(found.index) == ["ore", "conc", "metal"]
    assert found["domestic_usd_per_t"].isna().all()
    assert not found["domestic_controlled"].any()


@pytest.mark.parametrize(("table", "column"), [("products", "alt_price_ids"), ("prices", "vat_included")])
def test_without_any_inside_quote_of_the_real_layers_every_product_is_blank(layers, assumptions, table, column):
    emptied = {**layers, table: layers[table].assign(**{column: ""})}
    content = pd.Series(1.0, index=layers["products"]["product_id"])
    found = inside_quotes(emptied, quote_prices(emptied, assumptions=assumptions), content)
    assert len(found) == len(layers["products"])
    assert found["domestic_usd_per_t"].isna().all()
