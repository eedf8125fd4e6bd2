import math

import pandas as pd
import pytest

from geokit.economics import estimate
from geokit.economics.cells import CELLS
from geokit.io.dictionary import read_columns


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
    assert list(solved.cells) == [column.name for column in read_columns("cells")] == CELLS
    assert not solved.table.duplicated(["partner", "alternative"]).any()
    assert not solved.cells.duplicated(CELLS[:6]).any()
    assert len(solved.table) == 10


def test_the_margin_of_the_plant_and_its_break_evens(solved):
    plant = row(solved, "zone:smelt")
    assert plant["margin_usd_per_t"] == pytest.approx(820.0)
    assert plant["feed_price_usd_per_t"] == pytest.approx(60.0)
    assert plant["break_even_conversion_usd_per_t"] == plant["margin_usd_per_t"]
    assert plant["break_even_feed_usd_per_t"] == pytest.approx(470.0)
    assert (plant["supplier_deposit_id"], plant["feed_buyer_port_id"], plant["outlet"]) == ("pit", "CNBBB", "market")


def test_the_margin_left_at_the_quote_inside_the_rival_market(solved):
    plant = row(solved, "zone:smelt")
    assert plant["domestic_margin_usd_per_t"] == pytest.approx(620.0)
    assert "1.2 times the quote inside the rival market" in plant["reason"]


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
    assert "no free or unclaimed feed" in plant["reason"]


def test_feed_of_an_unknown_holder_counts_at_the_high_end_only(world, change, assumptions):
    economics = solve(world, assumptions, change(world.layers, "deposits", "deposit_id", "pit", feed_available=""))
    years = cell(economics, "F1", "zone")
    assert (years["value_low"], years["value"], years["value_high"]) == (0.0, 0.0, 10.0)
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


def test_value_only_where_capital_and_operating_cost_are_sourced(world, change, assumptions, solved):
    costs = {"capex_usd_per_tpa_mode": 1000.0, "opex_usd_per_t_mode": 100.0}
    valued = solve(world, assumptions, change(world.layers, "cost_models", "stage_id", "smelt", **costs))
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
