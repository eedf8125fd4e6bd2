import math

import pandas as pd
import pytest

from geokit.core.cells import CELL_COLUMNS, CELL_KEYS
from geokit.economics import estimate
from geokit.io.dictionary import read_columns
from tests.economics.conftest import frame, plan


def solve(world, assumptions, layers=None, hauls=None):
    return estimate(layers or world.layers, world.alternatives, world.hauls if hauls is None else hauls, assumptions=assumptions)


def row(economics, alternative, partner="japan"):
    return economics.table.set_index(["partner", "alternative"]).loc[(partner, alternative)]


def cell(economics, criterion, site, partner=""):
    return economics.cells.set_index(["criterion_id", "site_id", "partner"]).loc[(criterion, site, partner)]


@pytest.fixture(scope="module")
def solved(world, assumptions):
    return solve(world, assumptions)


def test_tables_have_the_declared_columns_and_keys(solved):
    assert list(solved.table) == [column.name for column in read_columns("economics")]
    assert list(solved.cells) == [column.name for column in read_columns("cells")] == list(CELL_COLUMNS)
    assert not solved.table.duplicated(["partner", "alternative"]).any()
    assert not solved.cells.duplicated(list(CELL_KEYS)).any()
    assert len(solved.table) == 10


def test_the_margin_of_the_plant_and_its_break_evens(solved):
    plant = row(solved, "zone:smelt")
    assert plant["margin_usd_per_t"] == pytest.approx(820.0)
    assert plant["feed_price_usd_per_t"] == pytest.approx(60.0)
    assert plant["break_even_conversion_usd_per_t"] == plant["margin_usd_per_t"]
    assert plant["break_even_feed_usd_per_t"] == pytest.approx(470.0)
    assert (plant["supplier_deposit_id"], plant["feed_buyer_port_id"], plant["outlet"]) == ("pit", "CNBBB", "")


def test_the_margin_left_at_the_quote_inside_the_rival_market(solved):
    plant = row(solved, "zone:smelt")
    assert plant["domestic_margin_usd_per_t"] == pytest.approx(620.0)
    assert "1.2 times the quote inside the rival market; no control of that market lists the commodity" in plant["reason"]


def test_a_control_on_the_goods_themselves_may_have_opened_the_gap(world, change, assumptions):
    layers = change(world.layers, "items", "item_id", "furnace", kind="material")
    assert "a gap that controls opened closes with them" in row(solve(world, assumptions, layers), "zone:smelt")["reason"]


@pytest.mark.parametrize(("market", "low", "told"), [("us", 800.0, True), ("jp", 1000.0, False), ("", 1000.0, False)])
def test_the_price_basis_follows_the_outlet(world, change, assumptions, market, low, told):
    layers = change(world.layers, "prices", "price_id", "metal", market_issuer=market)
    plant = row(solve(world, assumptions, layers), "zone:smelt")
    assert (plant["product_usd_per_t_low"], plant["product_usd_per_t"]) == (pytest.approx(low), 1000.0)
    assert plant["margin_usd_per_t_low"] == pytest.approx(820.0 - (1000.0 - low))
    assert ("No quote for this outlet" in plant["reason"]) == told


def test_power_is_shown_at_home_and_blank_abroad(world, change, assumptions):
    layers = change(world.layers, "operations", "operation_id", "smelt-1", energy_kwh_per_t=3000.0)
    economics = solve(world, assumptions, layers)
    plant = row(economics, "zone:smelt")
    assert [plant[f"power_usd_per_t{end}"] for end in ("_low", "", "_high")] == pytest.approx([150.0, 300.0, 600.0])
    assert "Power alone takes about 300 USD" in plant["reason"]
    assert {"flo-arc", "tar-heavy"} <= set(plant["source_ids"].split(";"))
    for baseline in ("toll:smelt", "abroad:smelt", "export:smelt"):
        assert math.isnan(row(economics, baseline)["power_usd_per_t"])
        assert "Power alone" not in row(economics, baseline)["reason"]


def test_a_plant_whose_margin_does_not_pay_for_power_loses(world, change, assumptions):
    layers = change(world.layers, "operations", "operation_id", "smelt-1", energy_kwh_per_t=20_000.0)
    plant = row(solve(world, assumptions, layers), "zone:smelt")
    assert (plant["margin_usd_per_t_high"], plant["power_usd_per_t_low"]) == (pytest.approx(820.0), pytest.approx(1000.0))
    assert plant["beats_baseline"] == "no"


@pytest.mark.parametrize(("quoted", "best"), [("", "conc"), ("a-lump", "a-lump")])
def test_without_a_price_the_first_input_of_the_stage_is_what_is_exported(world, change, assumptions, quoted, best):
    """A lump named before the concentrate in the alphabet and nearer to the buyer stands behind it in the stage's list."""
    lump = world.layers["products"].query("product_id == 'conc'").assign(product_id="a-lump", price_id=quoted and "conc")
    layers = {**world.layers, "products": pd.concat([world.layers["products"], lump], ignore_index=True)}
    layers = change(
        change(layers, "stages", "stage_id", "smelt", input_product_ids="conc|a-lump"), "products", "product_id", "conc", price_id=""
    )
    near = world.hauls.query("product_id == 'conc'").assign(product_id="a-lump", usd_per_t_low=1.0, usd_per_t=1.0, usd_per_t_high=1.0)
    export = row(solve(world, assumptions, layers, pd.concat([world.hauls, near], ignore_index=True)), "export:smelt")
    assert (export["product_id"], export["feed_product_id"]) == (best, best)


def test_tolling_may_cost_what_is_left(solved):
    toll = row(solved, "toll:smelt")
    assert toll["margin_usd_per_t"] == pytest.approx(1000.0 - 30.0 - 2 * (60.0 + 20.0))
    assert "tolling charge was not found" in toll["reason"]


def test_a_plant_at_the_partners_own_port_ships_nothing(solved):
    abroad = row(solved, "abroad:smelt")
    assert abroad["product_freight_usd_per_t"] == 0.0
    assert abroad["margin_usd_per_t"] == pytest.approx(1000.0 - 2 * (60.0 + 60.0))


def test_export_is_the_yardstick(solved):
    export = row(solved, "export:smelt")
    assert (export["margin_usd_per_t"], export["beats_baseline"], export["product_id"]) == (0.0, "", "conc")
    assert export["feed_price_usd_per_t"] == pytest.approx(60.0)
    assert "60 USD per tonne" in export["reason"]


def test_a_mill_at_the_ore_has_no_margin_without_a_mining_cost(solved):
    mill = row(solved, "pit:mill")
    assert math.isnan(mill["margin_usd_per_t"])
    assert "cost of mining was not found" in mill["reason"]


def test_a_partner_without_a_port_says_so(solved):
    assert "no port of this partner" in row(solved, "zone:smelt", "inland")["reason"]
    assert cell(solved, "L1", "zone", "inland")["note"] == "the layers name no port of this partner"


def test_without_a_feed_price_the_break_even_feed_price_remains(world, change, assumptions):
    layers = change(world.layers, "prices", "price_id", "conc", low=math.nan, mode=math.nan, high=math.nan)
    plant = row(solve(world, assumptions, layers), "zone:smelt")
    assert math.isnan(plant["margin_usd_per_t"])
    assert plant["break_even_feed_usd_per_t"] == pytest.approx(470.0)
    assert "at most 470 USD per tonne of feed" in plant["reason"]
    assert "no price of the feed was found" in plant["reason"]


def test_captive_feed_supplies_nobody(world, change, assumptions):
    economics = solve(world, assumptions, change(world.layers, "deposits", "deposit_id", "pit", feed_available="captive"))
    plant = row(economics, "zone:smelt")
    assert plant["supplier_deposit_id"] == ""
    assert (plant["feed_free_t"], plant["feed_free_t_high"]) == (0.0, 0.0)
    assert cell(economics, "F1", "zone")["value"] == 0.0
    assert "no free or unclaimed feed" in plant["reason"]


def test_feed_of_an_unknown_holder_leaves_the_years_unknown(world, change, assumptions):
    economics = solve(world, assumptions, change(world.layers, "deposits", "deposit_id", "pit", feed_available=""))
    years = cell(economics, "F1", "zone")
    assert math.isnan(years["value"])
    assert years["note"].startswith("0 to 10.0 years, depending on who holds it: ")
    assert "none known to be free" in years["note"]
    assert "holder is unknown" in row(economics, "zone:smelt")["reason"]


def test_years_of_feed_and_its_concentration(solved):
    years, spread = cell(solved, "F1", "zone"), cell(solved, "F2", "zone")
    assert (years["value"], years["grade"], years["source_ids"], years["holder"]) == (10.0, "M", "dep-pit", "")
    assert "historical estimate, not a mineral resource" in years["note"]
    assert spread["value"] == 1.0
    assert cell(solved, "F1", "toll")["value"] == cell(solved, "F1", "export")["value"] == 10.0


def test_a_deposit_without_tonnage_leaves_the_years_unknown(world, change, assumptions):
    economics = solve(world, assumptions, change(world.layers, "deposits", "deposit_id", "pit", tonnage_million_t_mode=math.nan))
    years = cell(economics, "F1", "zone")
    assert math.isnan(years["value"])
    assert (years["grade"], years["note"]) == ("", "1 deposit(s) in reach, none with tonnage and grade in its metal")
    assert "geological survey" in years["holder"]


def test_a_stage_that_no_deposit_feeds_says_import(world, change, assumptions):
    economics = solve(world, assumptions, change(world.layers, "deposit_feeds", "feed_id", "pit-1", stage_id=""))
    assert cell(economics, "F1", "zone")["note"] == "no deposit in the layers feeds this stage: import or toll feed only"


def test_feed_beyond_the_cutoff_is_nil_by_assumption(world, assumptions):
    years = cell(solve(world, assumptions.replace(cutoff_usd_per_t=4.0)), "F1", "zone")
    assert (years["value"], years["grade"]) == (0.0, "A")


def test_a_deposit_without_a_way_is_unknown_and_not_nil(world, assumptions):
    economics = solve(world, assumptions, hauls=world.hauls[world.hauls["destination_id"] != "zone"])
    assert math.isnan(cell(economics, "F1", "zone")["value"])


def test_freight_share_by_kind(solved):
    assert cell(solved, "L1", "zone", "japan")["value"] == pytest.approx((2 * 5.0 + 50.0) / 1000.0)
    assert cell(solved, "L1", "pit", "japan")["value"] == pytest.approx(60.0 / 100.0)
    assert cell(solved, "L1", "export", "japan")["value"] == pytest.approx(60.0 / 100.0)
    assert cell(solved, "L1", "toll", "japan")["value"] == pytest.approx((2 * 20.0 + 30.0) / 1000.0)


COSTS = {"capex_usd_per_tpa_mode": 1000.0, "opex_usd_per_t_mode": 100.0}


def test_value_only_where_capital_and_operating_cost_are_sourced(world, change, assumptions, solved):
    counted = {"feed_plans": frame("feed_plans", plan("pit", 100.0))}
    valued = solve(world, assumptions, change(world.layers, "cost_models", "stage_id", "smelt", **COSTS) | counted)
    plant = row(valued, "zone:smelt")
    assert plant["npv_million_usd"] > 0
    assert plant["beats_baseline"] == "yes"
    assert cell(valued, "E1", "zone", "japan")["value"] == plant["profitability_index"]
    assert cell(valued, "E2", "zone", "japan")["value"] == 0.0
    assert math.isnan(row(valued, "toll:smelt")["npv_million_usd"])
    assert math.isnan(cell(solved, "E1", "zone", "japan")["value"])
    assert cell(solved, "E1", "zone", "japan")["note"] == "no capital cost of the plant was found"


def test_every_blank_has_its_reason(solved):
    table, cells = solved.table, solved.cells
    blank = table["margin_usd_per_t"].isna()
    assert table.loc[blank, "reason"].str.contains("No margin").all()
    assert (table["reason"] != "").all()
    missing = cells["value"].isna()
    assert (cells.loc[missing, "note"] != "").all()
    assert (cells.loc[missing, "holder"] != "").all()
    assert (cells.loc[missing, "grade"] == "").all()
    assert cells.loc[~missing, "grade"].isin(["E", "M", "A"]).all()


def test_the_layers_are_not_touched(world, assumptions):
    before = {name: table.copy() for name, table in world.layers.items()}
    solve(world, assumptions)
    for name, table in before.items():
        pd.testing.assert_frame_equal(table, world.layers[name])


def test_the_outlet_is_the_one_that_was_judged(world, assumptions):
    judged = pd.DataFrame({"partner": ["japan"], "product_id": ["metal"], "outlet": ["plant"], "destination_ids": ["works"]})
    table = estimate(world.layers, world.alternatives, world.hauls, assumptions=assumptions, outlets=judged).table
    own = table[(table["partner"] == "japan") & (table["product_id"] == "metal")]
    assert set(own["outlet"]) == {"plant"}
    assert set(own["outlet_ids"]) == {"works"}
    assert set(table.loc[~table.index.isin(own.index), "outlet"]) <= {""}
