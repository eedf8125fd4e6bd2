"""The modelled feed beside the output and exports of the country (model rule M22)."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from geokit.core.columns import split_ids
from geokit.economics.reality import COLUMNS, compare_world
from geokit.io.dictionary import read_columns


def lay(*rows):
    """Lay rows out as the trade layer; what is not given is blank."""
    blank = {column.name: math.nan if column.type in {"number", "integer"} else "" for column in read_columns("trade")}
    return pd.DataFrame([{**blank, **row} for row in rows])


def tonnes(name, flow, amount, year=2024, kind="observed", **more):
    """Make a row of the trade layer: so many tonnes in a whole year."""
    row = {"trade_id": name, "commodity_id": "mm", "flow": flow, "kind": kind, "year": year, "period": "year", "tonnes": amount}
    return {**row, "tonnes_of": "ore", "basis": "official_statistics", "grade": "E", "source_id": f"trd-{name}", **more}


def value(name, usd, hs="2603", **more):
    """Make a row of the trade layer that is known in dollars only."""
    row = {"trade_id": name, "commodity_id": "mm", "flow": "export", "kind": "observed", "year": 2025, "period": "year", "hs": hs}
    return {**row, "usd_million": usd, "partner": "cn", "product": name, "source_id": f"trd-{name}", **more}


def own(world, basis):
    """Return the stages and feeds of the country with a commodity and a basis."""
    stages, feeds = world.layers["stages"], world.layers["deposit_feeds"]
    return {"stages": stages.assign(commodity_id="mm"), "deposit_feeds": feeds.assign(basis=basis)}


@pytest.fixture
def compare(world, change, assumptions):
    """Compare the country of one pit, whose stock lasts 20 years, with rows of trade; cells of the pit may be changed."""

    def compared(*rows, **cells):
        issuers = pd.DataFrame({"issuer": ["cn"], "label": ["Rivalia"]})
        layers = {**world.layers, "trade": lay(*rows), "issuers": issuers, **own(world, "primary_commodity")}
        layers = change(layers, "deposits", "deposit_id", "pit", **{"feed_available": "free", "status_code": "operating", **cells})
        return compare_world(layers, assumptions=assumptions.replace(life_years=20)).set_index("flow")

    return compared


def test_columns_are_the_declared_ones(compare):
    table = compare(tonnes("a", "export", 1000.0)).reset_index()
    assert set(table) == {column.name for column in read_columns("reality")} == set(COLUMNS)
    assert [column.name for column in read_columns("reality")] == COLUMNS


def test_a_stock_is_spread_over_the_life_and_held_against_a_year(compare, world):
    """The pit holds 1 million t of ore at 10 %: over 20 years 50 kt of ore or 5 kt of metal a year."""
    pit = world.layers["deposits"].set_index("deposit_id").loc["pit"]
    assert (pit["tonnage_million_t_mode"], pit["grade_value"], pit["grade_unit"]) == (1.0, 10.0, "% Mm")
    metal = {"tonnes_of": "content", "content": "Mm"}
    table = compare(tonnes("a", "export", 25_000.0), tonnes("b", "production", 10_000.0, **metal))
    ore, made = table.loc["export"], table.loc["production"]
    assert (ore["counts"], ore["all_kt_per_y"], ore["actual_kt"], ore["all_over_actual"]) == ("ore", 50.0, 25.0, 2.0)
    assert (made["counts"], made["all_kt_per_y"], made["actual_kt"]) == ("Mm", 5.0, 10.0)
    assert made["free_over_actual"] == made["running_over_actual"] == made["all_over_actual"] == 0.5
    assert "the stock of running mines is 40 years of that export; the stock of all bodies is 40 years of that export" in ore["remark"]


@pytest.mark.parametrize(("state", "is_stale"), [("before_mining", True), ("unclear", True), ("remaining", False), ("", False)])
def test_a_tonnage_before_mining_is_never_called_years(compare, state, is_stale):
    row = compare(tonnes("a", "export", 25_000.0), tonnage_state=state).loc["export"]
    assert row["bodies_before_mining"] == is_stale
    assert ("what is left is not known" in row["remark"]) == is_stale
    assert ("years of that export" in row["remark"]) != is_stale
    assert row["all_over_actual"] == 2.0


@pytest.mark.parametrize(("amount", "words"), [(10_000.0, "5.0 times"), (25_000.0, ""), (100_000.0, ""), (1e6, "0.05 times")])
def test_a_factor_is_told_where_the_two_sides_are_far_apart(compare, amount, words):
    """The pit gives 50 kt a year."""
    remark = compare(tonnes("a", "export", amount)).loc["export", "remark"]
    assert ("times what is counted" in remark) == bool(words)
    assert f"for running mines the model holds {words}" in remark or not words


def test_ore_that_is_never_metal_counts_as_ore_alone_and_is_named(compare):
    """A grade does not help: the flag forbids to read the ore as metal."""
    metal = tonnes("b", "production", 1000.0, tonnes_of="content", content="Mm")
    table = compare(tonnes("a", "export", 50_000.0), metal, flags="never_as_metal|unverified")
    assert table.loc["export", ["all_kt_per_y", "main_deposit_id", "main_frac"]].tolist() == [50.0, "pit", 1.0]
    assert "100 % of it is Pit: unverified ore" in table.loc["export", "remark"]
    assert math.isnan(table.loc["production", "all_kt_per_y"])
    assert compare(metal).loc["production", "all_kt_per_y"] == 5.0


def test_bodies_without_a_tonnage_are_named_where_the_model_holds_less_than_is_counted(world, assumptions):
    pit = world.layers["deposits"].query("deposit_id == 'pit'")
    twin = pit.assign(deposit_id="twin", tonnage_million_t_low=math.nan, tonnage_million_t_mode=math.nan, tonnage_million_t_high=math.nan)
    feeds = world.layers["deposit_feeds"].query("deposit_id == 'pit'")
    feeds = pd.concat([feeds, feeds.assign(feed_id="twin-1", deposit_id="twin")]).assign(basis="primary_commodity")
    layers = {**world.layers, **own(world, "primary_commodity"), "deposits": pd.concat([pit, twin]), "deposit_feeds": feeds}
    short, ample = (
        compare_world({**layers, "trade": lay(tonnes("a", "export", amount))}, assumptions=assumptions).loc[0, "remark"]
        for amount in (1e6, 1e4)
    )
    assert "the other bodies (1) have no tonnage and may carry part of that export" in short
    assert "the other bodies" not in ample


@pytest.mark.parametrize(("holder", "status", "free", "running"), [("captive", "operating", None, 50.0), ("free", "prospect", 50.0, None)])
def test_captive_feed_is_not_free_and_a_prospect_does_not_run(compare, holder, status, free, running):
    row = compare(tonnes("a", "export", 1000.0), feed_available=holder, status_code=status).loc["export"]
    for name, wanted in (("free_kt_per_y", free), ("running_kt_per_y", running), ("all_kt_per_y", 50.0)):
        assert math.isnan(row[name]) if wanted is None else row[name] == wanted


def test_observed_tonnes_go_before_a_capacity_and_the_latest_year_before_others(compare):
    rows = [tonnes("a", "export", 1000.0, 2020), tonnes("b", "export", 2000.0, 2022), tonnes("c", "export", 9000.0, 2025, "capacity")]
    assert compare(*rows, tonnes("d", "export", 4000.0, math.nan, period="year_undated")).loc["export", "actual_kt"] == 2.0
    only = compare(rows[2]).loc["export"]
    assert (only["actual_kt"], only["actual_kind"]) == (9.0, "capacity")
    assert "capacity, which is no output" in only["remark"]


@pytest.mark.parametrize(
    ("column", "word"), [("kind", "implied"), ("kind", "rank"), ("period", "jan_jun"), ("tonnes_of", "product"), ("tonnes_of", "")]
)
def test_what_nobody_counted_over_a_year_is_no_tonnage(compare, column, word):
    row = compare({**tonnes("a", "export", 1000.0), column: word}).loc[""]
    assert math.isnan(row["actual_kt"])
    assert math.isnan(row["all_over_actual"])
    assert "no output or export in tonnes was found" in row["remark"]


def test_a_side_that_is_unknown_stays_blank_and_says_so(compare):
    row = compare(tonnes("a", "export", 1000.0), tonnage_million_t_low=math.nan, tonnage_million_t_mode=math.nan).loc["export"]
    assert row[["free_kt_per_y", "running_kt_per_y", "all_kt_per_y", "all_over_actual"]].isna().all()
    assert (row["actual_kt"], row["bodies"], row["bodies_with_tonnage"]) == (1.0, 1, 0)
    assert row["remark"] == "no body has a tonnage that may be counted"
    assert split_ids(row["source_ids"]) == ("trd-a",)


def test_a_grade_in_another_metal_is_not_compared(compare):
    row = compare(tonnes("a", "production", 1000.0, tonnes_of="content", content="Zz")).loc["production"]
    assert math.isnan(row["all_kt_per_y"])
    assert row["remark"] == "no body has a tonnage that counts Zz"


def test_a_commodity_of_trade_alone_is_listed_without_a_model(compare):
    table = compare(tonnes("a", "export", 1000.0, commodity_id="zz")).reset_index().set_index("commodity_id")
    assert set(table.index) == {"mm", "zz"}
    assert table.loc["zz", "remark"].startswith("nothing is modelled")
    assert table.loc["zz", ["bodies", "all_kt_per_y", "all_over_actual"]].isna().all()


def test_dollars_of_the_latest_year_are_told_heading_by_heading_with_the_name_of_the_partner(compare):
    half = {"period": "jan_jun"}
    rows = [value("metal (chapter 74)", 900.0, hs="74"), value("anodes", 80.0, hs="7402", **half)]
    rows += [value("ores", 11.0, qualifier="at_least"), value("ores again", 5.0, **half)]
    row = compare(*rows, value("old", 7.0, year=2020), value("guess", 9.0, kind="implied")).loc[""]
    told = "; exports to Rivalia in 2025, million USD: ores (HS 26.03) at least 11, metal (chapter 74) 900, anodes (HS 74.02) 80 to June"
    assert row["remark"].endswith(f"{told} (a chapter holds its headings: not to be added)")
    assert math.isnan(row["actual_kt"])


def test_a_by_product_brings_no_ore_of_its_own(world, assumptions):
    layers = {**world.layers, "trade": lay(tonnes("a", "export", 1000.0)), **own(world, "by_product")}
    assert compare_world(layers, assumptions=assumptions)["all_kt_per_y"].isna().all()


@pytest.fixture(scope="module")
def reality(layers, assumptions):
    return compare_world(layers, assumptions=assumptions).set_index(["commodity_id", "flow"])


def test_chromite_and_lead_zinc_are_of_the_order_of_the_world(reality):
    """Chrome ore exported in 2013: 3.2 % of 15.33 million t; the lead-zinc mine reached 500,000 t of ore in 2019."""
    chrome, zinc = reality.loc[("chromite", "export")], reality.loc[("lead-zinc", "production")]
    assert (chrome["actual_kt"], chrome["actual_year"]) == (pytest.approx(490.56), 2013)
    assert (zinc["actual_kt"], zinc["actual_kind"]) == (500.0, "capacity")
    for row in (chrome, zinc):
        assert 0.1 < row["running_over_actual"] <= row["all_over_actual"] < 10.0
        assert f"bodies with a tonnage: {row['bodies_with_tonnage']:.0f} of {row['bodies']:.0f}" in row["remark"]
    assert "a company's own figure at second hand" in chrome["remark"]
    assert f"the other bodies ({chrome['bodies'] - 1:.0f}) have no tonnage" in chrome["remark"]
    assert "years of" not in chrome["remark"]


def test_copper_is_not_comparable_and_the_remark_says_why(reality):
    """16,426 t of blister were made in 2021 (the operator): one mine; the large bodies do not run and are not for sale."""
    row = reality.loc[("copper", "production")]
    assert row["actual_kt"] == pytest.approx(16.426)
    assert row["all_over_actual"] > 10.0
    assert 1.0 < row["running_over_actual"] < 10.0
    assert math.isnan(row["free_over_actual"])
    assert row["remark"].startswith("bodies with a tonnage: ")
    assert "known to be free: none" in row["remark"]
    assert f"historical estimate, not a mineral resource: {row['bodies_historical']:.0f}" in row["remark"]
    assert "tonnage before mining: what is left is not known" in row["remark"]
    assert "years of" not in row["remark"]
    assert "derived by us from the share of one owner" in row["remark"]
    assert "copper ores and concentrates (HS 26.03) at least 11" in row["remark"]
    assert "copper and articles (chapter 74) 1,140" in row["remark"]
    assert "PRC" in row["remark"]


def test_antimony_is_mostly_unverified_ore_without_a_grade(reality):
    """600,000 t of 626,000 t of ore rest on one press report."""
    row = reality.loc[("antimony", "")]
    assert row["main_frac"] == pytest.approx(0.6 / 0.626)
    assert "96 % of it is" in row["remark"]
    assert "unverified ore, no grade" in row["remark"]


def test_no_number_comes_out_of_nothing(reality):
    blank = reality["actual_kt"].isna() | reality["all_kt_per_y"].isna()
    assert reality.loc[blank, ["free_over_actual", "running_over_actual", "all_over_actual"]].isna().all(axis=None)
    figures = reality[["free_kt_per_y", "running_kt_per_y", "all_kt_per_y", "actual_kt"]]
    assert not (figures == 0).any(axis=None)
    assert (reality["remark"] != "").all()
    assert not reality.index.duplicated().any()
    modelled = reality["all_kt_per_y"].notna()
    assert (reality.loc[modelled | reality["actual_kt"].notna(), "source_ids"] != "").all()
