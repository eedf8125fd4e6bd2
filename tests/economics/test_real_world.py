"""Modelled feed against what is known of the country (model rule M22), and the size of the run."""

from __future__ import annotations

import pytest

from geokit.economics.quotes import quote_prices


@pytest.fixture(scope="module")
def economics(real_economics):
    return real_economics


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


def test_nobody_knows_how_much_copper_is_free_because_the_small_ones_have_no_named_holder(economics):
    """The large bodies are captive or committed; what two sized bodies of unknown holders hold is a range and no mode."""
    years = economics.cells.query("criterion_id == 'F1' and stage_id == 'copper-cathode-smelter'")
    assert len(years)
    assert years["value"].isna().all()
    assert years["note"].str.contains("0 to 2.4 years, depending on who holds it", regex=False).all()
    assert years["note"].str.contains("none known to be free").all()


def test_the_shares_of_chromite_cannot_be_told_while_three_free_districts_are_unmeasured(economics):
    spread = economics.cells.query("criterion_id == 'F2' and stage_id == 'ferrochrome'")
    assert spread["value"].isna().all()
    assert set(spread["note"]) == {"1 of 4 free deposits have a tonnage; the shares cannot be told"}


def test_the_low_case_of_a_deposit_keeps_to_one_record(economics):
    """Gunga: 6.93 Mt goes with its own 4 % Zn, not with the 5.4 % of the 9.9 Mt record; Muslim Bagh: 4.5 Mt less 1.5 Mt mined."""
    feeds = economics.feeds.drop_duplicates(["stage_id", "deposit_id"]).set_index(["stage_id", "deposit_id"])
    zinc = feeds.loc[("zinc-lead-metal", "gunga")]
    assert zinc["product_t_low"] / zinc["product_t"] == pytest.approx(6.93 * 4.0 / (9.9 * 5.4), rel=1e-3)
    chrome = feeds.loc[("ferrochrome", "muslim-bagh")]
    assert (chrome["tonnage_t_low"], chrome["tonnage_t"]) == (3.0e6, 4.5e6)


def test_power_takes_a_known_part_of_a_ferrochrome_margin(economics):
    """3,500 kWh/t at 8.4, 9.4 and 12.6 US cents: 294, 329 and 441 USD/t; a tariff abroad was not looked up."""
    rows = economics.table[economics.table["alternative"].str.endswith(":ferrochrome")]
    abroad = rows["alternative"].str.startswith(("export:", "toll-", "abroad-"))
    columns = ["power_usd_per_t_low", "power_usd_per_t", "power_usd_per_t_high"]
    assert abroad.any()
    assert rows.loc[abroad, columns].isna().all(axis=None)
    assert rows.loc[~abroad, columns].drop_duplicates().iloc[0].tolist() == pytest.approx([294.0, 329.0, 441.0])
    assert rows.loc[~abroad, "reason"].str.contains("Power alone takes about 329").all()


def test_the_gap_between_two_ferrochrome_markets_is_not_blamed_on_controls(economics):
    told = economics.table[economics.table["alternative"].str.endswith(":ferrochrome") & economics.table["margin_usd_per_t"].notna()]
    plants = told[~told["alternative"].str.startswith("export:")]["reason"]
    assert plants.str.contains("no control of that market lists the commodity").all()
    assert not plants.str.contains("controls opened").any()


def test_a_price_of_the_us_market_is_a_quote_there_and_a_guess_elsewhere(economics):
    """1.5 USD/lb Cr x 55 % = 1,819 USD/t at US ports; elsewhere down to 9,515 CNY/t incl. tax at 55 % Cr = 1,258 USD/t at 57.5 %."""
    table = economics.table.set_index(["partner", "alternative"])
    own, other = (table.loc[(partner, "hub-sez:ferrochrome")] for partner in ("us", "japan"))
    assert own["product_usd_per_t_low"] == pytest.approx(1_819, abs=1)
    assert other["product_usd_per_t_low"] == pytest.approx(1_258, abs=1)
    assert own["product_usd_per_t"] == other["product_usd_per_t"]
    assert "No quote for this outlet" in other["reason"]
    assert "No quote" not in own["reason"]


def test_zinc_stands_for_the_lead_zinc_exports_that_nobody_prices(economics):
    rows = economics.table[economics.table["alternative"] == "export:zinc-lead-metal"]
    assert set(rows["product_id"]) == set(rows["feed_product_id"]) == {"zinc-concentrate"}


def test_the_copper_margin_is_thin_beside_the_price(economics):
    """At today's terms the charges are nil: what a smelter keeps is what the charge row leaves, not the price of copper."""
    rows = economics.table[economics.table["alternative"].str.endswith(":copper-cathode-smelter")].query("margin_usd_per_t > 0")
    assert ((rows["margin_usd_per_t"] / rows["product_usd_per_t"]) < 0.15).all()


def test_at_todays_terms_a_copper_smelter_keeps_little_more_than_freight(economics):
    """The mode is today's terms, 0 / 0: of a price of 12,951 USD/t a smelter keeps under 2 %."""
    rows = economics.table[economics.table["alternative"].str.endswith(":copper-cathode-smelter")].dropna(subset=["margin_usd_per_t"])
    plants = rows[~rows["alternative"].str.startswith(("export:", "toll-", "abroad-"))]
    assert len(plants)
    assert (plants["margin_usd_per_t"] < 0.02 * plants["product_usd_per_t"]).all()


def test_on_bad_terms_a_copper_smelter_loses(economics):
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
    assert traded["reason"].str.contains("times the quote inside the rival market; a gap that controls opened").all()


def test_tungsten_has_no_feed_at_home(economics):
    notes = economics.cells.query("criterion_id == 'F1' and stage_id == 'tungsten-apt'")["note"]
    assert set(notes) == {"no deposit in the layers feeds this stage: import or toll feed only"}


def test_the_premium_never_falls_as_controls_tighten(layers):
    order = ["revoked", "suspended", "in_force", "tightened"]
    rows = layers["price_states"].assign(order=layers["price_states"]["state"].map(order.index)).sort_values("order")
    for _, price in rows.groupby("price_id"):
        assert price["state"].tolist() == order
        assert all(price[name].is_monotonic_increasing for name in ("factor_low", "factor", "factor_high"))
        assert (price["factor_low"] <= price["factor"]).all()
        assert (price["factor"] <= price["factor_high"]).all()


def test_the_antimony_premium_of_each_state_is_that_of_the_quotes(layers, assumptions):
    """44,754 USD/t outside (November 2025) over 163,000 CNY/t inside with 13 % tax at 7 CNY/USD; in force 39,750 over 140,250 CNY/t."""
    quotes = quote_prices(layers, assumptions=assumptions)["usd_per_t"]
    premium = quotes["antimony_metal_exchina"] / quotes["antimony_metal_china"]
    rows = layers["price_states"].set_index(["price_id", "state"]).loc["antimony_metal_exchina"]
    assert rows.loc["suspended", "premium"] == pytest.approx(premium, abs=0.005)
    assert rows.loc["revoked", "factor"] == pytest.approx(1 / premium, abs=0.005)
    assert rows.loc["in_force", "premium"] == pytest.approx(39_750 / (140_250 / 1.13 / 7.0), abs=0.005)
    assert rows.loc["in_force", "factor"] == pytest.approx(rows.loc["in_force", "premium"] / premium, abs=0.005)


def test_no_plant_makes_more_than_it_can_and_what_is_unknown_stays_so(economics):
    table = economics.table
    known = table.dropna(subset=["utilisation_frac"])
    assert known["utilisation_frac"].between(0.0, 1.0).all()
    assert set(known["alternative"].str.split(":").str[1]) == {"ferrochrome", "zinc-lead-metal"}
    blind = table[(table["feed_mark"] == "missing") & table["missing_inputs"].ne("")]
    assert blind["missing_inputs"].str.contains("feed by year").all()
    assert blind[["utilisation_frac", "feed_share_first_frac"]].isna().all(axis=None)


def test_a_small_zinc_plant_finds_a_tenth_of_its_feed_and_only_late(economics):
    """The one free project has a plan and no mine: nothing in the first year of operation, its plan times its chance in the last."""
    rows = economics.table[economics.table["alternative"].str.endswith(":zinc-lead-metal")].dropna(subset=["feed_share_first_frac"])
    assert (rows["feed_share_first_frac"] == 0.0).all()
    assert rows["feed_share_last_frac"].between(0.05, 0.15).all()
