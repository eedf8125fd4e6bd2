import pandas as pd
import pytest

from geokit.economics.feed import COLUMNS, deposit_stock, feed_sources
from geokit.io.dictionary import read_columns


def test_columns_are_the_declared_ones(world, assumptions):
    feeds = feed_sources(world.layers, world.hauls, assumptions=assumptions)
    assert list(feeds) == [column.name for column in read_columns("feeds")] == COLUMNS


def test_product_is_tonnage_times_grade_times_recoveries_of_the_chain(world, assumptions):
    stock = deposit_stock(world.layers, assumptions=assumptions).set_index("stage_id")
    assert stock.loc["smelt", "contained_t"] == pytest.approx(100_000.0)
    assert stock.loc["smelt", "product_t"] == pytest.approx(50_000.0)
    assert stock.loc["mill", "product_t"] == pytest.approx(100_000.0)


def test_a_historical_tonnage_is_labelled(world, assumptions):
    row = deposit_stock(world.layers, assumptions=assumptions).iloc[0]
    assert (row["historical"], row["note"]) == ("yes", "historical estimate, not a mineral resource")


def test_a_tonnage_that_we_scaled_up_is_not_called_published(world, change, assumptions):
    scaled = change(world.layers, "deposits", "deposit_id", "pit", historical_estimate="false", flags="other|derived_100pct")
    assert set(deposit_stock(scaled, assumptions=assumptions)["note"].str[:42]) == {"derived by us from an attributable figure,"}
    plain = change(world.layers, "deposits", "deposit_id", "pit", historical_estimate="false", flags="derived_100pct_not")
    assert set(deposit_stock(plain, assumptions=assumptions)["note"]) == {"resource as published"}


def test_the_tonnage_of_reko_diq_is_ours(layers, assumptions):
    stock = deposit_stock(layers, assumptions=assumptions).query("deposit_id == 'reko-diq'")
    assert stock["product_t"].notna().any()
    assert stock.loc[stock["product_t"].notna(), "note"].str.startswith("derived by us from an attributable figure").all()


@pytest.mark.parametrize(
    ("table", "key", "cells", "word"),
    [
        ("deposits", "deposit_id", {"tonnage_million_t_mode": float("nan")}, "no tonnage"),
        ("deposits", "deposit_id", {"grade_value": float("nan"), "grade_unit": ""}, "without a grade"),
        ("deposits", "deposit_id", {"grade_unit": "% Zz"}, "another metal"),
    ],
)
def test_what_is_missing_contributes_nothing_and_says_so(world, change, assumptions, table, key, cells, word):
    row = deposit_stock(change(world.layers, table, key, "pit", **cells), assumptions=assumptions).iloc[0]
    assert pd.isna(row["product_t"])
    assert word in row["note"]


def test_a_sub_body_adds_no_tonnage(world, change, assumptions):
    row = deposit_stock(change(world.layers, "deposit_feeds", "feed_id", "pit-1", aggregate="no"), assumptions=assumptions).iloc[0]
    assert pd.isna(row["tonnage_t"])
    assert "not counted again" in row["note"]


def test_a_haul_dearer_than_the_cutoff_is_out_of_reach(world, assumptions):
    feeds = feed_sources(world.layers, world.hauls, assumptions=assumptions.replace(cutoff_usd_per_t=4.0)).set_index("place_id")
    assert set(feeds.loc["zone", "reachable"]) == {"no"}


def test_a_stage_at_the_ore_does_not_draw_on_ore_from_afar(world, assumptions):
    hauls = world.hauls.assign(road_km=world.hauls["road_km"].mask(world.hauls["destination_id"] == "zone", 30.0))
    feeds = feed_sources(world.layers, hauls, assumptions=assumptions).set_index(["stage_id", "place_id"])["reachable"]
    assert feeds["mill", "zone"] == "no"
    assert feeds["smelt", "zone"] == feeds["mill", "pit"] == "yes"
