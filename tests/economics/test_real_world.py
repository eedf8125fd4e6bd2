"""Modelled feed against what is known of the country (model rule M22), and the size of the run."""

from __future__ import annotations

import pytest

from geokit.economics import estimate
from geokit.network import route


@pytest.fixture(scope="module")
def hauls(layers, alternatives, assumptions):
    return route(layers, alternatives, assumptions=assumptions)


@pytest.fixture(scope="module")
def economics(layers, alternatives, hauls, assumptions):
    return estimate(layers, alternatives, hauls, assumptions=assumptions)


def test_the_chromite_of_the_one_measured_district_is_a_few_decades_of_a_small_smelter(economics):
    """4.5 Mt at 46 % Cr2O3 (historical) hold 1.42 Mt Cr, so at most 2.6 Mt of alloy at 55 % Cr, before any loss."""
    rows = economics.table[economics.table["alternative"].str.endswith(":ferrochrome") & (economics.table["feed_free_t"] > 0)]
    assert len(rows)
    assert rows["feed_free_t_high"].max() < 4.5e6 * 0.46 * 0.6842 / 0.55
    years = economics.cells.query("criterion_id == 'F1' and stage_id == 'ferrochrome'")["value"].dropna()
    assert years.max() == pytest.approx(4.5e6 * 0.46 * 0.6842 * 0.75**2 / 0.575 / 75_000, rel=1e-3)


def test_a_ferrochrome_plant_takes_less_than_the_country_exports(economics):
    """Exports of 490,560 t of ore in 2013 (trade press); a plant of 75 kt/y takes about half of that and could be fed today."""
    row = economics.table[economics.table["alternative"].str.endswith(":ferrochrome")].dropna(subset=["feed_t_per_product_t"]).iloc[0]
    assert 100_000 < row["plant_t_per_y"] * row["feed_t_per_product_t"] < 490_560


def test_no_copper_is_free_because_the_large_ones_are_held(economics):
    years = economics.cells.query("criterion_id == 'F1' and stage_id == 'copper-cathode-smelter'").dropna(subset=["value"])
    assert len(years)
    assert (years["value"] == 0).all()
    assert years["note"].str.contains("none known to be free").any()


def test_the_copper_margin_is_thin_beside_the_price(economics):
    """At today's terms the charges are nil: what a smelter keeps is what the charge row leaves, not the price of copper."""
    rows = economics.table[economics.table["alternative"].str.endswith(":copper-cathode-smelter")].query("margin_usd_per_t > 0")
    assert ((rows["margin_usd_per_t"] / rows["product_usd_per_t"]) < 0.15).all()


def test_at_todays_terms_a_copper_smelter_keeps_nothing(economics):
    """Benchmark charges of 2026 are 0 / 0: on 96.5 % payable and 96.5 % recovered, freight alone decides."""
    rows = economics.table[economics.table["alternative"].str.endswith(":copper-cathode-smelter")].dropna(subset=["margin_usd_per_t_low"])
    plants = rows[~rows["alternative"].str.startswith("export:")]
    assert len(plants)
    assert (plants["margin_usd_per_t_low"] < 0.02 * plants["product_usd_per_t_high"]).all()


def test_antimony_has_a_break_even_feed_price_and_no_margin(economics):
    plants = economics.table[economics.table["alternative"].str.endswith(":antimony-metal-trioxide")]
    known = plants.dropna(subset=["break_even_feed_usd_per_t"])
    traded = known[~known["alternative"].str.startswith("export:")]
    assert len(traded)
    assert traded["margin_usd_per_t"].isna().all()
    assert traded["reason"].str.contains("times the quote inside the rival market").all()


def test_tungsten_has_no_feed_at_home(economics):
    notes = economics.cells.query("criterion_id == 'F1' and stage_id == 'tungsten-apt'")["note"]
    assert set(notes) == {"no deposit in the layers feeds this stage: import or toll feed only"}
