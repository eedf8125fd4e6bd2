"""Permits, land, hazards, passages and what is known of the partners: sums, order in time, and no figure without a source."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from geokit.core.columns import split_ids

HECTARES_AN_ACRE = 0.40468564224
"""International acre, exact."""
OWN = {"assumption", "derived", "dossier", "general knowledge", "judgement", "none"}


@pytest.fixture(scope="module")
def hazards(layers):
    return layers["hazards"].set_index(["area_id", "hazard", "series", "year"])["value"].sort_index()


def test_a_permit_without_a_source_has_no_figure(layers):
    permits = layers["permits"]
    kinds = layers.sources["kind"]
    unsourced = permits["source_id"].map(lambda cell: all(kinds[one] in OWN for one in split_ids(cell)))
    figures = permits[["hearing_notice_days", "days_low", "days_mode", "days_high"]]
    assert unsourced.sum() == 4
    assert figures[unsourced].isna().all(axis=None)
    assert permits.loc[unsourced, "law_status"].isin(["unknown", "in_force"]).all()


def test_times_from_prior_knowledge_stay_in_the_note(layers):
    permits = layers["permits"].set_index("permit_id")
    federal = permits.loc["environment-federal"]
    assert federal["hearing_notice_days"] == 30
    assert np.isnan([federal["days_low"], federal["days_mode"], federal["days_high"]]).all()
    assert "Unsourced" in federal["note"]
    assert not permits[["days_low", "days_mode", "days_high"]].isin([45.0, 90.0, 120.0]).any(axis=None)


def test_a_stayed_law_is_never_in_force(layers):
    permits = layers["permits"].set_index("permit_id")
    title = permits.loc["mineral-title"]
    assert title["law_status"] == "contested"
    assert "balochistan" in split_ids(title["province_ids"])
    laws = layers["institutions"].set_index("institution_id")
    assert "STAYED" in laws.loc["balochistan-mining-law", "value_text"]


def test_permits_cover_every_scope_and_every_province_of_the_sites(layers):
    permits = layers["permits"]
    assert len(permits) == 17
    assert set(permits["scope"]) == {"plant", "ore", "mine", "shipment"}
    environment = permits[permits["permit_id"].str.startswith("environment-")]
    named = {one for cell in environment["province_ids"] for one in split_ids(cell)}
    assert {"balochistan", "khyber-pakhtunkhwa", "gilgit-baltistan", "sindh"} <= named
    assert (environment["province_ids"] == "").sum() == 1


@pytest.mark.parametrize("table", ["permits", "land_availability"])
def test_nothing_was_verified_after_the_layers_were(layers, table):
    for name in ("last_verified", "status_date"):
        dates = layers[table][name]
        assert (dates[dates != ""] <= layers.verified_on.isoformat()).all()


def test_a_part_of_the_land_is_no_larger_than_the_whole(layers):
    land = layers["land_availability"]
    for part in ("industrial_acres", "developed_acres"):
        known = land.dropna(subset=[part, "area_acres"])
        assert len(known)
        assert (known[part] <= known["area_acres"]).all()
    rashakai = land.set_index("land_id").loc["rashakai-sez"]
    assert rashakai["industrial_acres"] == 159 + 279 + 264
    assert land.set_index("land_id").loc["port-qasim-zones", "area_acres"] == 2920 + 8300 + 1000


def test_acres_of_the_land_are_the_hectares_of_the_site(layers):
    """The plan for the steel mill's land and the park inside the port's zones are not the site as a whole."""
    land = layers["land_availability"].query("land_id not in ['pakistan-steel-land', 'bin-qasim-industrial-park']")
    hectares = land["site_id"].map(layers["sites"].set_index("site_id")["area_ha"])
    both = hectares.notna() & land["area_acres"].notna()
    assert both.sum() == 6
    assert (land["area_acres"] * HECTARES_AN_ACRE)[both].to_numpy() == pytest.approx(hectares[both].to_numpy(), abs=0.2)


def test_land_that_is_gone_is_gone_in_both_layers(layers):
    full = set(layers["sites"].query("land_code == 'full'")["site_id"])
    land = layers["land_availability"].set_index("site_id")["availability"]
    assert (land.loc[sorted(full)].groupby(level=0).first() == "none_free").all()
    assert not set(land[land == "free"].index) & full


def test_the_losses_of_the_flood_add_up(hazards):
    """Totals as the disaster authority printed them in mid-September 2022."""
    units = ["sindh", "khyber-pakhtunkhwa", "balochistan", "punjab", "gilgit-baltistan", "azad-jammu-kashmir", "islamabad"]
    for hazard, total in (("flood_roads", 12735), ("flood_bridges", 375), ("flood_deaths", 1545)):
        rows = hazards.xs((hazard, "NDMA mid-Sep 2022", "2022"), level=("hazard", "series", "year"))
        assert rows["pakistan"] == total
        assert rows.reindex(units).sum() == total
    declared = hazards.xs("flood_calamity_districts", level="hazard")
    assert declared.sum() == 31 + 23 + 17 + 6 + 3


def test_the_cost_of_the_flood_in_transport_is_a_part_of_the_whole(hazards):
    for hazard in ("flood_damage", "flood_needs"):
        whole, part = (hazards["pakistan", hazard, series, "2022"] for series in ("PDNA", "PDNA transport and communications"))
        assert 0 < part < whole


def test_counts_of_attacks_add_up_within_their_own_series(hazards):
    crss = hazards.xs(("CRSS Jan-Nov", "2025"), level=("series", "year"))
    rest = hazards.xs(("CRSS Jan-Nov, rest of the country", "2025"), level=("series", "year"))
    for hazard in ("attacks", "attack_killed"):
        parts = crss[:, hazard].drop("pakistan").sum() + rest["pakistan", hazard]
        assert parts == crss["pakistan", hazard]
    pips = hazards.xs(("PIPS", "2025"), level=("series", "year"))
    provinces = ["khyber-pakhtunkhwa", "balochistan", "sindh", "punjab", "gilgit-baltistan"]
    assert pips[:, "attacks"][provinces].sum() == pips["pakistan", "attacks"] - 1
    assert pips[:, "attack_killed"][provinces].sum() <= pips["pakistan", "attack_killed"]
    assert pips["karachi", "attacks"] <= pips["sindh", "attacks"]
    counted = hazards.xs(("attacks", "KP CTD", "2025"), level=("hazard", "series", "year"))
    assert counted.drop("khyber-pakhtunkhwa").sum() < counted["khyber-pakhtunkhwa"] == 284


def test_parts_that_do_not_add_up_are_said_not_to(layers, hazards):
    parts = [hazards["pakistan", "combat_deaths", f"PICSS, {name}", "2025"] for name in ("militants", "forces", "civilians")]
    assert sum(parts) == 3359 != hazards["pakistan", "combat_deaths", "PICSS", "2025"] == 3387
    figures = layers["figure_conflicts"].query("conflict == 'combat-deaths-2025'").set_index("verdict")["value"]
    assert figures.to_dict() == {"chosen": 3387, "kept_aside": 3359}


def test_seismic_zones_of_the_code_follow_on_each_other(hazards):
    zones = [f"SP-2007 zone {name}" for name in ("1", "2A", "2B", "3", "4")]
    lower = [hazards["pakistan", "pga_zone_from", zone, "2007"] for zone in zones]
    upper = [hazards["pakistan", "pga_zone_to", zone, "2007"] for zone in zones[:-1]]
    assert upper == lower[1:]
    assert lower == sorted(lower)


def test_river_basins_cover_the_country(layers):
    shares = layers["hazards"].query("hazard == 'basin_share'")
    assert shares["value"].sum() == 100


def test_only_places_that_are_merely_named_lack_a_figure(layers):
    hazards = layers["hazards"]
    blank = set(hazards.loc[hazards["value"].isna(), "hazard"])
    assert blank == {"seismic", "protected_area", "flood_named", "attacks_named", "attack_on_chinese", "glof_named", "groundwater"}
    assert hazards[hazards["hazard"].isin(["attacks", "attack_killed", "pga"])]["value"].notna().all()


def test_no_count_of_a_series_stands_twice(layers):
    counted = layers["hazards"].dropna(subset="value").query("hazard != 'protected_area'")
    assert not counted.duplicated(["area_id", "hazard", "series", "year"]).any()


def test_states_of_a_passage_follow_on_each_other(layers):
    events = layers["passages"]
    whole = events[events["valid_from"].str.len().eq(10) & events["valid_to"].str.len().isin([0, 10])]
    for passage, rows in whole.sort_values("valid_from").groupby("passage_or_site"):
        ends, starts = list(rows["valid_to"])[:-1], list(rows["valid_from"])[1:]
        assert all(end and end <= start for end, start in zip(ends, starts, strict=True)), passage
        gaps = [(dt.date.fromisoformat(start) - dt.date.fromisoformat(end)).days for end, start in zip(ends, starts, strict=True)]
        assert passage == "KKH / Khunjerab" or all(gap <= 1 for gap in gaps), passage


def test_at_most_one_state_of_a_passage_lasts(layers):
    lasting = layers["passages"].query("valid_to == ''")
    assert not lasting["passage_or_site"].duplicated().any()


def test_corridors_that_the_flood_cut_are_history(layers):
    cut = layers["passages"].query("event_id.str.startswith('FL22')")
    assert len(cut) == 13
    assert cut["valid_from"].str.startswith("2022").all()
    assert (cut["valid_to"] == "2022").all()
    together = cut[cut["valid_from"] == "2022-08"]["passage_or_site"]
    assert set(together) == {"N-25 Karachi-Quetta", "N-65 Quetta-Sibi-Sukkur", "Bolan rail and all trains from Quetta"}


def test_what_is_no_passage_has_no_state(layers):
    events = layers["passages"]
    nothing = events["type"].isin(["site", "licensing", "power line", "pipeline"])
    assert (events.loc[nothing, "state_code"] == "").sum() == nothing.sum()
    assert (events.loc[~nothing, "state_code"] != "").all()


def test_every_partner_is_described(layers):
    facts = layers["partner_facts"]
    assert set(layers["partners"]["partner_id"]) <= set(facts["partner_id"])
    assert facts["fact"].str.endswith(".").all()
    assert not facts.duplicated(["partner_id", "fact"]).any()
    assert set(facts.query("topic == 'finance'")["partner_id"]) >= {"multilateral", "eu", "us"}


def test_travel_advice_knows_its_scale(layers):
    travel = layers["travel_levels"]
    told = travel[travel["level"] != ""]
    scales = told.groupby("level_scale")["level"].agg(set)
    assert scales["MOFA 1-4"] <= {"1", "2", "3", "4"}
    assert scales["US 1-4"] <= {"1", "2", "3", "4"}
    assert scales["FCDO words"] == {"against_all", "all_but_essential"}
    assert (told["date"] != "").all()
    assert pd.Index(travel["travel_id"]).is_unique
