"""Facts about money, trade and grade-tonnage: published figures typed again, sums that must close, and traps fallen into before."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from geokit.core.columns import split_ids
from geokit.io.dictionary import read_columns
from geokit.network.sea import read_voyage, voyage_usd_per_t

ROOM = (
    "royalties_taxes", "cost_factors", "cost_indices", "trade", "cost_quotes", "prices", "charges", "cost_models", "finance",
    "power_tariffs", "ocean_freight", "grade_tonnage", "grade_tonnage_map",
)  # fmt: skip
BAND = ["low", "mode", "high"]


@pytest.fixture(scope="module")
def row(layers):
    """Return a function that finds one row of a table by its key."""

    def found(table, key):
        names = [column.name for column in read_columns(table) if column.key]
        return layers[table].set_index(names[0]).loc[key]

    return found


# Every table of the room


@pytest.mark.parametrize("table", ROOM)
def test_every_figure_column_states_unit_and_grade(table):
    for column in read_columns(table):
        if column.type in {"number", "integer"}:
            assert column.unit, (table, column.name)
            assert column.grade in {"E", "M", "A", "row"}, (table, column.name)


@pytest.mark.parametrize("table", [table for table in ROOM if any(column.name == "grade" for column in read_columns(table))])
def test_a_row_has_a_grade_exactly_when_it_has_a_figure(layers, table):
    frame = layers[table]
    by_row = [column.name for column in read_columns(table) if column.grade == "row"]
    known = frame[by_row].notna().any(axis=1)
    graded = frame["grade"] != ""
    if table == "trade":
        known |= frame["world_rank"].notna()
    assert (graded == known).all(), frame[graded != known].iloc[:, 0].tolist()


@pytest.mark.parametrize("table", ["royalties_taxes", "cost_factors", "trade", "cost_quotes", "prices", "charges", "ocean_freight"])
def test_what_was_not_found_is_blank_and_names_who_might_know(layers, table):
    frame = layers[table]
    missing = frame[frame["confidence"] == "not found"]
    figures = [name for name in (*BAND, "tonnes", "usd_million", "latest_value") if name in frame]
    assert len(missing)
    assert missing[figures].isna().all(axis=None)
    assert (missing["holder"] != "").all()


@pytest.mark.parametrize("table", ROOM)
def test_no_row_leans_on_the_word_same(layers, table):
    for name in ("source", "url", "unit"):
        if name in layers[table]:
            assert not layers[table][name].str.fullmatch("same|see .*", case=False).any(), (table, name)


GRADED_BY_ROW = (*ROOM, "port_charges")
OUR_WORK = "own work"


@pytest.mark.parametrize("table", [table for table in GRADED_BY_ROW if any(column.name == "grade" for column in read_columns(table))])
def test_what_counts_as_evidence_names_a_source_outside_this_study(layers, table):
    """Grade E says that a source prints the figure; our dossiers, assumptions and derivations are no such source."""
    frame = layers[table]
    ours = set(layers["sources"].query("licence == @OUR_WORK")["source_id"])
    rows = frame[frame["grade"] == "E"]
    inside = rows[[set(split_ids(cell)) <= ours for cell in rows["source_id"]]]
    assert inside.empty, inside.iloc[:, 0].tolist()


@pytest.mark.parametrize("table", ["stages", "products", "deposits"])
def test_notes_name_layers_and_columns_that_a_reader_has(layers, table):
    for name in ("note", "price_note", "pack_note"):
        if name in layers[table]:
            stale = layers[table][name].str.contains(r"\btonnage_mt\b|\b(?:deposits|charges)\.csv\b")
            assert not stale.any(), layers[table].loc[stale].iloc[:, 0].tolist()


# Indices and cost factors


CEPCI = {2008: 575.4, 2019: 607.5, 2020: 596.2, 2021: 708.0, 2022: 816.0, 2023: 797.9, 2024: 800.0, 2025: 810.4, 2026: 870.5}
"""Plant cost index as collected in the economics dossier, section 6; 2025 and 2026 are the figures of June."""


def test_plant_cost_index_is_the_published_one(layers):
    index = layers["cost_indices"].query("index_id == 'cepci'").set_index("year")
    assert {year: index.loc[year, "value"] for year in CEPCI} == CEPCI
    assert index.loc[2024, ["value_low", "value_high"]].tolist() == [798.0, 810.0]
    assert index.loc[[2025, 2026], "period"].eq("month").all()
    assert (index.loc[2026, "status"], index.loc[2026, "month"]) == ("preliminary", "2026-06")


def test_capital_costs_are_escalated_by_that_index(layers):
    index = layers["cost_indices"].query("index_id == 'cepci'").set_index("year")["value"]
    costs = layers["cost_models"].dropna(subset=["escalation_factor"])
    assert len(costs) == 20
    ratio = index[2026] / costs["price_year"].map(index)
    assert costs["escalation_factor"].to_numpy() == pytest.approx(ratio.to_numpy(), rel=5e-4)
    escalated = costs["capex_usd_per_tpa_mode"] * ratio
    assert costs["capex_mode_escalated_2026"].to_numpy() == pytest.approx(escalated.to_numpy(), rel=6e-3)


def test_the_parts_of_the_installed_cost_add_up(layers):
    factors = layers["cost_factors"].set_index("factor_id")
    parts = factors.loc[[name for name in factors.index if name.startswith("lang-") and name != "lang-factor"], "mode"]
    assert len(parts) == 11
    assert 1.0 + parts.sum() / 100.0 == pytest.approx(factors.loc["lang-factor", "mode"])


def test_exponents_of_the_cost_models_are_percentiles_of_the_equipment(layers):
    """63 equipment accounts have an exponent other than 1: 0.38, 0.56 and 0.95 at P10, median and P90 (economics dossier, section 5)."""
    equipment = layers["cost_factors"].query("category == 'equipment'")
    assert len(equipment) == 67
    scaled = equipment.loc[equipment["exponent"] != 1.0, "exponent"]
    assert len(scaled) == 63
    low, mode, high = np.percentile(scaled, [10, 50, 90])
    costs = layers["cost_models"]
    assert set(costs["exponent_low"]) == {round(low, 2)}
    assert set(costs["exponent_mode"]) == {round(mode, 3)}
    assert set(costs["exponent_high"]) == {round(high, 2)}


def test_equipment_keeps_the_year_of_its_own_dollars(row):
    """The cost file prints $2019 for the shredder and $1998 for the decrepitation; all else is $2016."""
    assert row("cost_factors", "equipment-hdd-recycling-shredder-2-700-drives-per-hour")["price_year"] == 2019
    assert row("cost_factors", "equipment-hdd-recycling-hydrogen-decrepitation")["price_year"] == 1998


def test_the_energy_law_gives_the_figures_of_the_concentrators_in_tonnes(layers, row):
    """130, 65, 33 and 21 kWh/t of ore at 0.1, 1, 10 and 45 million t a year; kilograms would give 129 times as much."""
    law = row("cost_factors", "processing-energy")
    kwh = {size: 1e3 * law["mode"] * (size * 1e6) ** law["exponent"] / (size * 1e6) for size in (0.1, 1, 10, 45)}
    assert [round(value) for value in kwh.values()] == [130, 65, 33, 21]
    assert 1000 ** law["exponent"] == pytest.approx(129, abs=0.6)
    mills = layers["cost_models"].query("energy_per == 't ore' and stage_id != 'copper-concentrate'")
    assert len(mills) == 6
    for column, size in (("energy_kwh_t_low", 10), ("energy_kwh_t_mode", 1), ("energy_kwh_t_high", 0.1)):
        assert mills[column].to_numpy() == pytest.approx(kwh[size], abs=0.06)
    copper = row("cost_models", "copper-concentrate")
    assert [copper[f"energy_kwh_t_{end}"] for end in BAND] == pytest.approx([kwh[45], kwh[10], kwh[1]], abs=0.06)


def test_two_stages_count_their_capacity_in_ore_and_say_so(layers):
    costs = layers["cost_models"].set_index("stage_id")
    assert set(costs.index[costs["capacity_basis"] == "t ore/y"]) == {"copper-concentrate", "gold-dore"}
    copper = costs.loc["copper-concentrate"]
    assert copper["ref_capex_musd"] * 1e6 / copper["ref_capacity_tpa"] == pytest.approx(copper["capex_usd_per_tpa_mode"], abs=0.5)
    assert "UNIT TRAP" in copper["notes"]
    assert (costs["water_per"] == np.where(costs["water_m3_t"].notna(), "t ore", "")).all()
    assert ((costs["energy_per"] != "") == costs["energy_kwh_t_mode"].notna()).all()
    assert ((costs["opex_per"] != "") == costs["opex_usd_per_t_mode"].notna()).all()


def test_operating_cost_of_lithium_counts_another_salt_than_its_capacity(row):
    """A tonne of LiOH.H2O (41.96 g/mol) is 0.880 t of Li2CO3 (73.89 g/mol)."""
    lithium = row("cost_models", "lithium-hydroxide")
    assert (lithium["capacity_basis"], lithium["opex_per"]) == ("t LiOH.H2O/y", "t LCE")
    assert f"{73.89 / 2 / 41.96:.3f} t LCE" in lithium["notes"]


# Prices, charges and finance


def test_antimony_outside_the_rival_market_costs_twice_as_much(row):
    """163,000 CNY/t with 13 % tax at 7.00 CNY/USD is 20,607 USD/t; 44,754 outside: 2.2 times."""
    inside, outside = row("prices", "antimony_metal_china"), row("prices", "antimony_metal_exchina")
    without = inside["latest_value"] / 1.13 / 7.00
    assert (inside["vat_included"], inside["currency"]) == ("yes", "CNY")
    assert without == pytest.approx(20_607, abs=1)
    assert row("prices", "antimony_metal_china_usd")["mode"] == pytest.approx(without, abs=1)
    assert outside["latest_value"] == pytest.approx(20.3 * 2204.62, abs=1)
    assert outside["latest_value"] / without == pytest.approx(2.2, abs=0.05)


def test_prices_on_different_bases_carry_the_basis_in_columns_and_a_warning(row):
    pound, tonne = row("prices", "ferrochrome_us"), row("prices", "ferrochrome_china")
    assert (pound["per_unit"], pound["contained_of"], pound["vat_included"]) == ("lb", "Cr", "no")
    assert (tonne["per_unit"], tonne["contained_of"], tonne["vat_included"]) == ("t", "", "yes")
    assert "never average" in pound["notes"]
    assert "never average" in tonne["notes"]
    for name, net in (("chromite_turkey_lump_42", 372), ("chromite_sa_conc_42", 330)):
        chrome = row("prices", name)
        assert (chrome["vat_included"], chrome["market_issuer"]) == ("yes", "cn")
        assert chrome["latest_value"] / 1.13 == pytest.approx(net, abs=0.5)
        assert "no CIF price" in chrome["notes"]


def test_value_added_tax_in_a_unit_stands_in_its_column_too(layers):
    prices = layers["prices"]
    assert (prices["unit"].str.contains("VAT") == (prices["vat_included"] == "yes")).all()


def test_metals_beyond_their_own_decade_are_marked(layers):
    """Copper, gold and silver of February 2026 lie above the 95th percentile of 2016-2026 (economics dossier, section 2)."""
    prices = layers["prices"].set_index("price_id")
    bank = prices[prices["range_years"] == "2016-2026M02"]
    beyond = bank.index[bank["latest_value"] >= bank["high"]]
    assert set(beyond) == {"copper_lme", "gold", "silver"}
    assert bank.loc[beyond, "notes"].str.contains("95th percentile").all()
    assert (bank.loc[beyond, "regime_change"] == "yes").all()


def test_a_price_band_holds_what_was_observed(layers):
    prices = layers["prices"].dropna(subset=[*BAND, "latest_value"])
    outside = prices[(prices["latest_value"] < prices["low"]) | (prices["latest_value"] > prices["high"])]
    assert set(outside["price_id"]) == {"tungsten_conc"}
    assert "last figure of the rise" in outside["latest_is"].item()


def test_treatment_charges_of_today_are_the_low_end(row):
    """Copper benchmark of 2026: 0 USD/t and 0 cents/lb; zinc 85 USD/t (economics dossier, section 3)."""
    assert row("charges", "cu_tc_annual")["low"] == row("charges", "cu_rc_annual")["low"] == 0.0
    assert row("charges", "zn_tc_annual")["low"] == 85.0
    for name in ("cu_tc_annual", "cu_rc_annual", "zn_tc_annual"):
        charge = row("charges", name)
        seen = [float(re.match(r"[\d.]+", part.split(":")[1])[0]) for part in charge["observations"].split(";")]
        assert (charge["low"], charge["high"]) == (min(seen), max(seen))
        assert "today's benchmark (2026) is the low end" in charge["notes"]


def test_costs_of_capital_follow_from_their_parts(row):
    """16.1 / 18.1 / 20.0 % equity and 13.2 / 14.9 / 16.5 % in all (economics dossier, section 6)."""
    safe, beta, premium = (row("finance", name)["mode"] for name in ("rf_usd", "beta_mining", "mature_erp"))
    equity = [safe + beta * premium + row("finance", "pk_crp")[end] for end in BAND]
    debt = [safe + spread for spread in (row("finance", "pk_cds")["mode"], row("finance", "pk_default_spread")["mode"], 7.64)]
    printed = row("finance", "coe_pk_mining")[BAND].tolist()
    assert printed == pytest.approx(equity, abs=0.05) == [16.1, 18.1, 20.0]
    assert row("finance", "cod_pk")[BAND].tolist() == pytest.approx(debt, abs=0.05)
    whole = [0.7 * one + 0.3 * other * (1 - 0.29) for one, other in zip(equity, debt, strict=True)]
    assert row("finance", "wacc_pk_mining")[BAND].tolist() == pytest.approx(whole, abs=0.06) == [13.2, 14.9, 16.5]
    assert safe == pytest.approx(8.602 - 1.0430 * 4.46, abs=0.005)
    assert row("finance", "pk_erp_total")[BAND].tolist() == pytest.approx([premium + row("finance", "pk_crp")[end] for end in BAND])


def test_a_rating_is_letters_and_no_number(layers):
    ratings = layers["finance"][layers["finance"]["letters"] != ""].set_index("finance_id")
    assert ratings["letters"].to_dict() == {"pk_rating_moodys": "Caa1", "pk_rating_sp": "B-", "pk_rating_fitch": "B-"}
    assert ratings[BAND].isna().all(axis=None)


# Royalties and taxes


def test_statutory_royalties_stay_blank_where_no_schedule_was_read(layers):
    taxes = layers["royalties_taxes"]
    schedules = taxes[(taxes["kind"] == "royalty") & (taxes["reach"] == "province") & (taxes["mineral"] != "coal")]
    assert schedules.groupby("province_id").size().to_dict() == {"balochistan": 12, "gilgit-baltistan": 12, "khyber-pakhtunkhwa": 12}
    assert (schedules["status"] == "not_found").all()
    assert schedules[BAND].isna().all(axis=None)
    assert (schedules["holder"] != "").all()


def test_zero_tax_is_written_only_where_a_source_says_zero(layers):
    taxes = layers["royalties_taxes"].set_index("levy_id")
    zero = taxes.index[(taxes[BAND] == 0).any(axis=1)]
    assert set(zero) == {"super-tax-up-to-500-million", "sez-income-tax-holiday"}


def test_terms_of_the_large_mine_are_those_of_the_answer_in_parliament(row):
    """Business Recorder, 16 May 2025: 5 % royalty, 1 % net smelter return, 0.5 % surcharge, advance of 5 to 10 million USD a year."""
    terms = {"reko-diq-royalty": 5.0, "reko-diq-net-smelter-return": 1.0, "reko-diq-epz-surcharge": 0.5}
    for name, rate in terms.items():
        assert (row("royalties_taxes", name)["mode"], row("royalties_taxes", name)["reach"]) == (rate, "project")
    assert row("royalties_taxes", "reko-diq-advance-royalty")[BAND].tolist() == [5.0, 10.0, 10.0]
    assert row("royalties_taxes", "reko-diq-state-participation")["mode"] == 25 + 15 + 10


def test_a_tax_on_exports_beats_one_on_income_only_above_a_margin(row):
    """1 % of exports against 29 or 37 % of profit: 3.45 and 2.7 % of sales (economics dossier, section 4)."""
    on_sales = row("royalties_taxes", "epz-presumptive-tax")
    income = row("royalties_taxes", "corporate-income-tax")["mode"]
    headline = income + row("royalties_taxes", "super-tax-above-500-million")["mode"]
    assert headline == 37.0
    for rate in (income, headline):
        assert f"{100 * on_sales['mode'] / rate:.3g} %" in on_sales["note"]


def test_payments_of_the_zinc_mine_stand_to_each_other_as_their_rates(row):
    """1,052.434 and 105.2 million PKR against 210.487 of presumptive tax at 1 %: royalty 5 %, surcharge 0.5 %."""
    tax = row("royalties_taxes", "duddar-presumptive-tax-paid")["mode"]
    rate = row("royalties_taxes", "epz-presumptive-tax")["mode"]
    royalty = row("royalties_taxes", "duddar-royalty-paid")["mode"] / tax * rate
    assert royalty == pytest.approx(row("royalties_taxes", "duddar-royalty-implied")["mode"], rel=1e-3)
    surcharge = row("royalties_taxes", "duddar-epz-surcharge-paid")["mode"] / tax * rate
    assert surcharge == pytest.approx(row("royalties_taxes", "reko-diq-epz-surcharge")["mode"], rel=2e-3)
    assert row("royalties_taxes", "saindak-royalty")["mode"] == pytest.approx(royalty, rel=1e-3)


def test_terms_of_a_project_name_it_and_rates_abroad_are_no_law_here(layers):
    taxes = layers["royalties_taxes"]
    assert ((taxes["reach"] == "project") == (taxes["deposit_id"] != "")).all()
    assert ((taxes["kind"] == "comparator") == (taxes["country"] != "pk")).all()
    assert (taxes.loc[taxes["status"] == "not_found", "grade"] == "").all()


# Quotes


def test_a_quote_is_used_where_it_says(layers):
    for quote, cell in layers["cost_quotes"].set_index("quote_id")["used_in"].items():
        for use in split_ids(cell):
            table, _, key = use.partition(":")
            names = [column.name for column in read_columns(table) if column.key]
            assert not key or key in set(layers[table][names[0]]), (quote, use)


def test_power_off_peak_is_cheaper_than_on_average_and_at_peak(layers):
    """One off-peak charge is printed above the average of its tariff by two papers: it stands apart and nothing rests on it."""
    quotes = layers["cost_quotes"].set_index("quote_id")
    odd = []
    for tariff in ("b1", "b2", "b3", "b4"):
        off, average, peak = (quotes.loc[f"tariff-{tariff}-{when}", "mode"] for when in ("off-peak", "average", "peak"))
        assert average < peak
        odd += [tariff] if off >= average else []
    assert odd == ["b4"]
    assert (quotes.loc["tariff-b4-off-peak", "used_in"], quotes.loc["tariff-b4-off-peak", "confidence"]) == ("", "low")


def test_power_tariffs_are_the_quotes_at_the_stated_rate(layers, row):
    quotes, rate = layers["cost_quotes"].set_index("quote_id")["mode"], row("finance", "fx_pkr")["mode"]
    parts = {
        "b3-11-33-kv": ("tariff-b3-off-peak", "tariff-b3-average", "tariff-b3-peak"),
        "b4-66-132-kv": ("tariff-b3-off-peak", "tariff-b4-average", "tariff-b4-peak"),
    }
    assert rate == pytest.approx(791 / 2.80)
    for tariff, names in parts.items():
        found = row("power_tariffs", tariff)
        printed = [found[name] for name in ("usd_per_kwh_low", "usd_per_kwh", "usd_per_kwh_high")]
        assert printed == pytest.approx([quotes[name] / rate for name in names], abs=5e-4)
        assert all(name in found["basis"] for name in names)


def test_road_rates_are_the_trailer_quotes_over_load_and_distance(layers, row):
    """350,000 and 120,000 PKR over 25 t and 1,250 km: 4.0 and 1.4 US cents a tonne-kilometre."""
    quotes, rate = layers["cost_quotes"].set_index("quote_id")["mode"], row("finance", "fx_pkr")["mode"]
    up, down = quotes["truck-karachi-lahore-2025-07"] / 25 / 1250, quotes["truck-lahore-karachi-2025-07"] / 25 / 1250
    assert (up, down) == pytest.approx((quotes["truck-karachi-lahore-per-t-km"], quotes["truck-lahore-karachi-per-t-km"]))
    assert quotes["truck-karachi-peshawar-2025-07"] / 25 / 1400 == pytest.approx(quotes["truck-karachi-peshawar-per-t-km"], abs=0.05)
    roads = layers["freight_rates"].set_index("rate_id")["usd_per_t_km"]
    assert roads["road-up-country"] == pytest.approx(up / rate, abs=5e-4)
    assert roads["road-port-bound-backhaul"] == pytest.approx(down / rate, abs=5e-4)


def test_quotes_that_are_sums_close(layers):
    quotes = layers["cost_quotes"].set_index("quote_id")["mode"]
    assert quotes["gas-captive"] + quotes["gas-captive-levy"] == quotes["gas-captive-with-levy"]
    assert quotes["diesel-2026-03-before"] + 55 == pytest.approx(quotes["diesel-2026-03-07"])
    assert quotes["wage-minimum-punjab-month"] / 26 == pytest.approx(quotes["wage-minimum-punjab-day"], abs=0.01)
    assert quotes["wage-minimum-punjab-day"] / 8 == pytest.approx(quotes["wage-minimum-punjab-hour"], abs=0.01)
    balance = layers["power_balance"].set_index("area_id")["firm_surplus_mw"]
    short = quotes["gb-power-produced"] - quotes["gb-power-demand-winter"]
    assert balance["gilgit-baltistan"] == pytest.approx(short, abs=0.5)


def test_a_figure_stands_once(layers):
    """The royalty of the bulk terminal, the exchange rate and the container quotes stand in other tables, so not among the quotes."""
    quotes = layers["cost_quotes"]
    assert not quotes["unit"].isin(["USD/FEU", "PKR/USD"]).any()
    assert not (quotes["mode"] == 2.27).any()
    named = quotes[["item", "from_place", "to_place", "province_id", "site_id", "date", *BAND, "unit"]]
    assert not named[quotes["grade"] != ""].duplicated().any()


# Ocean freight


def test_derived_voyages_are_what_the_formula_gives(layers):
    freight = layers["ocean_freight"]
    derived, parcels = freight[freight["kind"] == "derived"], freight.set_index("freight_id")
    assert len(derived) == 50
    assert (derived["grade"] == "M").all()
    for vessel, rows in derived.groupby("vessel"):
        for end, cargo in zip(BAND, ("high", "mode", "low"), strict=True):
            voyage = read_voyage(freight, vessel, end)
            made = voyage_usd_per_t(rows["nm"], voyage, parcel_t=parcels.loc[f"parcel_{vessel}", cargo])
            printed = rows[end].to_numpy()
            assert (np.abs(made - printed) <= np.where(printed >= 99.95, 0.51, 0.051)).all(), (vessel, end)


def test_derived_voyages_go_by_lanes_of_the_study(layers):
    """They were computed on lanes without our connectors: the lengths agree to one per cent and the connectors."""
    derived = layers["ocean_freight"].query("kind == 'derived'")
    lanes = layers["sea_distances"].set_index(["from_port_id", "to_port_id"])
    for one in derived.itertuples():
        lane = lanes.loc[(one.origin_port_id, one.dest_port_id)]
        length = lane["nm_via_cape"] if one.route == "via the Cape" else lane["nm"]
        slack = 0.01 * length + lane["connector_from_nm"] + lane["connector_to_nm"]
        assert one.nm == pytest.approx(length, abs=slack), one.freight_id
        assert one.nm >= lane["great_circle_nm"]


# Grade and tonnage


PRINTED = {
    "porphyry-cu-all-cu": (696, 15.6, 200, 1832, 0.15, 0.38, 0.79),
    "porphyry-cu-au-mj-cu": (213, 11, 160, 1362, 0.15, 0.39, 0.96),
    "porphyry-cu-au-mj-au": (213, 11, 160, 1362, 0.22, 0.37, 0.99),
    "porphyry-cu-mo-mj-cu": (309, 29, 302, 2204, 0.14, 0.36, 0.72),
    "skarn-cu-cu": (116, 0.48, 6.8, 95, 0.19, 0.54, 1.76),
    "sedex-znpb-zn-plus-pb": (162, 0.79, 7.8, 108, 2.9, 6.8, 15.0),
    "mvt-znpb-zn-plus-pb": (105, 0.33, 5.3, 36, 2.5, 7.0, 17.3),
    "vms-mafic-cyprus-cu": (174, 0.03, 0.74, 13.9, 0.66, 1.7, 3.9),
    "vms-felsic-kuroko-cu": (411, 0.15, 3.0, 35, 0.34, 1.27, 3.2),
    "carbonatite-ree-treo": (20, 8.3, 46, 526, 1.17, 2.14, 6.3),
    "graphite-flake-c-graphitic": (72, 3.2, 22.8, 173, 3.5, 7.7, 16.1),
}
"""Deposits, tonnage and grade at P10, P50 and P90 as printed in the economics dossier, section 7."""
PERCENTILES = ["p10", "p50", "p90"]


@pytest.mark.parametrize("name", PRINTED)
def test_published_percentiles(row, name):
    model, printed = row("grade_tonnage", name), PRINTED[name]
    figures = [model["n_deposits"], *(model[f"{what}_{at}"] for what in ("tonnage_million_t", "grade") for at in PERCENTILES)]
    for figure, wanted in zip(figures, printed, strict=True):
        digits = len(str(wanted).split(".")[1]) if "." in str(wanted) else 0
        assert abs(figure - wanted) <= 0.5000001 * 10.0**-digits, (name, figure, wanted)


def test_percentiles_rise_and_fit_the_logarithms(layers):
    """Of a lognormal P10 and P90 lie 1.2816 deviations from the mean of the logarithm; wide tails make the ratio fall below one."""
    models = layers["grade_tonnage"].dropna(subset=["tonnage_million_t_p10"]).set_index("row_id")
    assert len(models) == 77
    for what, log in (("tonnage_million_t", "ln_tonnage"), ("grade", "ln_grade")):
        low, middle, high = (models[f"{what}_{at}"] for at in PERCENTILES)
        assert (low <= middle).all()
        assert (middle <= high).all()
        ratio = np.log(high / low) / (2 * 1.2816) / models[f"{log}_sd"]
        shift = (models[f"{log}_mean"] - np.log(middle)) / models[f"{log}_sd"]
        odd = ratio.index[~ratio.between(0.7, 1.1)]
        assert set(odd) <= {"carbonatite-ree-ndpr-in-treo"}
        assert shift.abs().max() < 0.45
    assert models["rank_correlation"].between(-1, 1).all()


def test_two_compilations_agree_on_the_medians_of_copper_gold_porphyries(row):
    """196 against 160 million t, 0.44 against 0.39 % Cu, 0.38 against 0.37 g/t; P10 35 against 11: the tail is a choice."""
    ours, other = (row("grade_tonnage", f"porphyry-cu-au-{name}-cu") for name in ("mj", "mapmark"))
    assert (other["tonnage_million_t_p50"], other["grade_p50"]) == (196.0, 0.44)
    middle, low = (other[f"tonnage_million_t_{at}"] / ours[f"tonnage_million_t_{at}"] for at in ("p50", "p10"))
    assert middle < 1.25
    assert low > 3.0
    assert row("grade_tonnage", "porphyry-cu-au-mapmark-au")["grade_p50"] == 0.38


def test_pods_of_chromite_have_a_mean_grade_and_no_median(layers):
    """USGS SIR 2012-5157, abstract: medians 0.011, 0.0001 and 0.00065 million t, means 45, 43 and 42 % Cr2O3."""
    pods = layers["grade_tonnage"].set_index("model_id").loc[["podiform-major", "podiform-minor", "podiform-banded"]]
    assert pods["tonnage_million_t_p50"].tolist() == [0.011, 0.0001, 0.00065]
    assert pods["grade_mean"].tolist() == [45.0, 43.0, 42.0]
    assert pods[["grade_p10", "grade_p50", "grade_p90"]].isna().all(axis=None)


def test_every_deposit_type_is_mapped_and_nothing_else(layers):
    assert set(layers["deposits"]["deposit_type"]) == set(layers["grade_tonnage_map"]["deposit_type"])
    table = layers["grade_tonnage_map"]
    assert ((table["match"] == "none") == (table["model_id"] == "")).all()
    models = set(layers["grade_tonnage"]["model_id"])
    named = {one for cell in table["alt_model_ids"] for one in split_ids(cell)} | (set(table["model_id"]) - {""})
    assert named <= models
    assert not any(one in split_ids(alts) for one, alts in zip(table["model_id"], table["alt_model_ids"], strict=True) if one)


def test_a_model_of_other_commodities_is_no_model_of_the_ore(layers):
    """A deposit's main commodity is among those of its model, but for by-products and carriers that the note of the map names."""
    deposits, table = layers["deposits"], layers["grade_tonnage_map"].set_index("deposit_type")
    carried = layers["grade_tonnage"].groupby("model_id")["commodity_id"].agg(set)
    parent = layers["commodities"].set_index("commodity_id")["parent_id"]
    strange = set()
    for deposit in deposits.itertuples():
        model = table.loc[deposit.deposit_type, "model_id"]
        if model:
            known = carried[model] | {parent[one] for one in carried[model]}
            strange |= {deposit.deposit_type} if deposit.commodity_id not in known else set()
    assert all(table.loc[name, "note"] for name in strange), sorted(strange)


# Trade


def test_parts_of_the_trade_are_no_larger_than_the_whole(layers):
    trade = layers["trade"].set_index("trade_id")["usd_million"]
    parts = ["copper-export-7403-2025-jan-jun-cn", "copper-export-7402-2025-jan-jun-cn", "copper-export-7404-2025-jan-jun-cn"]
    assert trade[parts].sum() == pytest.approx(456.01)
    assert trade[parts].sum() <= trade["copper-export-74-2025-jan-jun-cn"] <= trade["copper-export-74-2025-cn"]
    assert trade["lead-zinc-export-2608-2025-jan-jun-cn"] <= trade["lead-zinc-export-2608-2025-cn"]
    assert trade["iron-export-2601-2025-jan-jun-cn"] <= trade["iron-export-2601-2025-cn"]
    months = [f"copper-export-{name}-cn" for name in ("7403-2023-jan-may", "74-2023-jan-may", "74-2023-jan-nov")]
    assert trade[months].is_monotonic_increasing


def test_growth_is_that_of_the_years_beside_it(layers):
    trade = layers["trade"].set_index("trade_id")
    pairs = [
        ("copper-export-74-2025-jan-jun-cn", "copper-export-74-2024-jan-jun-cn"),
        ("copper-export-7402-2025-jan-jun-cn", "copper-export-7402-2024-jan-jun-cn"),
        ("lead-zinc-export-2608-2025-jan-jun-cn", "lead-zinc-export-2608-2024-jan-jun-cn"),
        ("chromite-export-2610-2023-cn", "chromite-export-2610-2022-cn"),
    ]
    for after, before in pairs:
        growth = 100 * (trade.loc[after, "usd_million"] / trade.loc[before, "usd_million"] - 1)
        assert trade.loc[after, "growth_pct"] == pytest.approx(growth, abs=0.5), after


def test_implied_tonnes_are_value_over_price_and_marked(layers, row):
    trade = layers["trade"].set_index("trade_id")
    for year in (2023, 2025):
        value, price = trade.loc[f"chromite-export-2610-{year}-cn", "usd_million"], row("prices", "chromite_ore_us")["mode"]
        assert trade.loc[f"chromite-export-implied-{year}-cn", "tonnes"] == pytest.approx(1e6 * value / price, rel=1e-3)
    half, copper = trade.loc["copper-export-7402-2025-jan-jun-cn", "usd_million"], row("prices", "copper_lme")["mode"]
    implied = trade.loc["copper-export-implied-2025-cn"]
    assert implied["tonnes"] == pytest.approx(2e6 * half / copper, rel=1e-3)
    assert implied["tonnes"] > 2 * trade.loc["copper-production-capacity-2022-saindak", "tonnes"]
    derived = trade[trade["kind"] == "implied"]
    assert (derived["grade"] == "M").all()
    assert (derived["formula"] != "").all()
    assert (derived["basis"] == "computed").all()


def test_chrome_ore_of_2013_is_its_share_of_the_world(row):
    """3.2 % of 15.33 million t (trade press, 2014)."""
    ore = row("trade", "chromite-export-2610-2013")
    assert ore["tonnes"] == pytest.approx(0.032 * 15.33e6)
    assert ore["grade"] == "M"


def test_scrap_and_metal_are_no_mine_output(layers):
    """No mine of the country makes cathode, so chapter 74 never counts as feed; ores are chapters 25 and 26."""
    trade = layers["trade"]
    metal = trade[trade["hs"].str.startswith("74")]
    assert metal["tonnes"].notna().sum() == (metal["kind"] == "implied").sum()
    assert "no mine output" in trade.set_index("trade_id").loc["copper-export-74-2025-cn", "note"]


def test_tonnes_say_what_they_count(layers):
    trade = layers["trade"]
    assert ((trade["tonnes_of"] != "") == trade["tonnes"].notna()).all()
    assert (trade.loc[trade["tonnes_of"] == "content", "content"] != "").all()
    assert not math.isclose(trade["tonnes"].min(), 0.0)
