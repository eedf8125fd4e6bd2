"""The whole stage on the real layers: tables, cells and what they say."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from geokit.core.codes import Track
from geokit.core.errors import UnknownNameError
from geokit.dependency import assess
from geokit.dependency.grade import find_longest, grade_plants
from geokit.dependency.licences import read_terms
from geokit.io.dictionary import read_columns

FREE = ["copper-concentrate", "copper-cathode-smelter", "chromite-concentrate", "ferrochrome"]
FREE += ["lead-zinc-concentrate", "zinc-lead-metal", "barite-ground"]


TABLES = ["exposure", "dependency", "cells", "procurement", "frontier", "outages"]


@pytest.mark.parametrize("table", TABLES)
def test_tables_follow_the_dictionary(assessed, table):
    frame = getattr(assessed, table)
    columns = read_columns(table)
    keys = [column.name for column in columns if column.key]
    assert list(frame.columns) == [column.name for column in columns]
    assert not frame.duplicated(keys).any()
    assert len(frame)
    assert frame[keys].equals(frame[keys].sort_values(keys, ignore_index=True))


@pytest.mark.parametrize("table", TABLES)
def test_figures_lie_within_their_bounds_and_words_have_no_gaps(assessed, table):
    frame = getattr(assessed, table)
    for column in read_columns(table):
        if column.type != "number":
            assert frame[column.name].notna().all(), column.name
        if column.minimum is not None:
            assert frame[column.name].dropna().ge(column.minimum).all(), column.name
        if column.maximum is not None:
            assert frame[column.name].dropna().le(column.maximum + 1e-12).all(), column.name


def test_every_alternative_has_a_row_in_every_case(assessed, alternatives, cases):
    assert len(assessed.dependency) == len(alternatives) * len(cases)
    assert set(assessed.dependency["case_id"]) == {case.case_id for case in cases}


@pytest.mark.parametrize("stage", FREE)
def test_what_the_dossier_found_free_says_so(assessed, stage):
    rows = assessed.dependency[assessed.dependency["alternative"].str.endswith(f":{stage}")]
    plants = rows[rows["profile"] != ""]
    assert plants["note"].str.startswith("PRC: no listed control found.").all()
    assert plants["regimes_searched"].str.startswith("PRC: none").all()
    assert (rows[["d_avg", "d_max", "d_rel", "delay_months_p80"]] == 0).all().all()


def test_doing_less_depends_on_nothing_by_definition(assessed, alternatives):
    idle = alternatives.loc[alternatives["kind"].isin(["export", "toll"]), "alternative"]
    rows = assessed.dependency[assessed.dependency["alternative"].isin(idle)]
    assert (rows["profile"] == "").all()
    assert (rows[["d_avg", "d_max", "d_rel", "d_rel_high", "delay_months_p80"]] == 0).all().all()
    assert (rows[[name for name in rows if name.startswith("capex_factor")]] == 1).all().all()
    assert rows["note"].str.contains("by definition").all()
    assert set(rows["regimes_searched"]) == {"none: no plant is bought"}


def test_the_same_plant_abroad_depends_as_at_home_but_on_other_supplier_rules(assessed, cases):
    case = next(case for case in cases if case.partner == "korea" and case.track == Track.TEXT)
    rows = assessed.dependency[assessed.dependency["case_id"] == case.case_id].set_index("alternative")
    abroad, home = rows.loc["abroad-sohar:tungsten-apt"], rows.loc["hattar-sez:tungsten-apt"]
    assert abroad["d_rel"] == home["d_rel"]
    assert abroad["regimes_searched"].endswith("suppliers to that country: not researched")
    assert abroad[["d_rel_supplier", "d_rel_either"]].isna().all()
    assert abroad[["d_rel_supplier_low", "d_rel_supplier_high", "d_rel_either_high"]].tolist() == [0.0, 1.0, 1.0]
    assert abroad["d_rel_either_low"] == abroad["d_rel_low"]
    assert "US: licence required if in scope" in home["regimes_searched"]


def test_what_suppliers_refuse_the_host_holds_up_no_plant_elsewhere(layers, alternatives, cases, assumptions, assessed):
    few = alternatives[alternatives["alternative"].isin(["abroad-sohar:tungsten-apt", "hattar-sez:tungsten-apt"])]
    asked = dict.fromkeys(("low", "mode", "high"), 0.5)
    one = [case for case in cases if case.partner == "korea"]
    found = assess(layers, few, one, assumptions=assumptions.replace(controls__supplier_refused=asked))
    rows = found.dependency.set_index(["alternative", "case_id"]).loc[["abroad-sohar:tungsten-apt", "hattar-sez:tungsten-apt"]]
    before = assessed.dependency.set_index(["alternative", "case_id"]).loc[rows.index]
    figures = ["d_rel", "d_rel_high", "d_avg", "delay_months_p80", "d_rel_supplier_high"]
    abroad = rows.index.get_level_values("alternative") == "abroad-sohar:tungsten-apt"
    pd.testing.assert_frame_equal(rows.loc[abroad, figures], before.loc[abroad, figures])
    assert (rows.loc[~abroad, "d_rel_supplier_high"] < before.loc[~abroad, "d_rel_supplier_high"]).all()
    cells = found.cells.query("criterion_id == 'D1' and stage_id == 'tungsten-apt' and profile != ''")
    assert set(cells["site_id"]) == {"", "abroad-sohar"}
    assert not cells.duplicated(["criterion_id", "site_id", "stage_id", "profile", "partner", "track"]).any()


def test_the_words_on_other_vendors_say_that_they_are_about_the_host_country(assessed):
    host = "law of other vendors' countries on a plant in the host country: "
    bound = assessed.exposure[assessed.exposure["b_high"] > 0]
    assert bound["note"].str.contains(f"; {host}", regex=False).all()
    assert assessed.procurement["note"].str.contains(f"; {host}", regex=False).all()
    bought = assessed.frontier[assessed.frontier["blocks_elsewhere"] != ""]
    assert bought["note"].str.contains(f", {host}", regex=False).all()


def test_a_host_raises_questions_and_moves_no_figure(assessed, cases):
    case = next(case for case in cases if case.partner == "korea" and case.track == Track.TEXT)
    rows = assessed.dependency[assessed.dependency["case_id"] == case.case_id].set_index("alternative")
    loud, quiet = rows.loc["gwadar-industrial-estate:tungsten-apt"], rows.loc["hattar-sez:tungsten-apt"]
    assert "sanctioned country" in loud["note"]
    assert "Port run by" in loud["note"]
    assert loud["d_rel"] == quiet["d_rel"]


@pytest.mark.parametrize(
    ("site", "partner", "profile"),
    [
        ("hattar-sez", "japan", "C"),
        ("hattar-sez", "eu", "B"),
        ("rashakai-sez", "japan", "C"),
        ("gwadar-free-zone-south", "us", "C"),
        ("gwadar-free-zone-south", "eu", "B"),
        ("muhammad-khel-epz", "us", "D"),
        ("muhammad-khel-epz", "saudi", "D"),
    ],
)
def test_profiles_reach_the_table(assessed, site, partner, profile):
    rows = assessed.dependency[assessed.dependency["case_id"].str.startswith(f"{partner}/")]
    assert set(rows.loc[rows["alternative"].str.startswith(f"{site}:"), "profile"]) == {profile}


def test_exposure_has_the_blocks_of_the_stages_and_profiles_in_use(assessed, layers, alternatives):
    rows = assessed.exposure
    blocks = layers["operations"][["stage_id", "block_id"]].drop_duplicates()
    assert set(rows["stage_id"]) <= set(alternatives["stage_id"])
    for _, group in rows[rows["case_id"].str.startswith("us/text")].groupby(["stage_id", "profile"]):
        stage = group["stage_id"].iloc[0]
        assert set(group["block_id"]) == set(blocks.loc[blocks["stage_id"] == stage, "block_id"])


def test_a_block_that_no_chinese_clause_touches_says_so(assessed):
    free = assessed.exposure[~assessed.exposure["clause_ids"].str.contains("cn-")]
    told = assessed.ties.query("issuer == 'cn' and link == 'conditional'")
    places = pd.MultiIndex.from_frame(told[["stage_id", "block_id"]])
    conditional = pd.MultiIndex.from_frame(free[["stage_id", "block_id"]]).isin(places)
    assert {"SBAU", "GPUR", "TANK", "DEWA"} <= set(free.loc[conditional, "block_id"])
    assert 0 < conditional.sum() < len(free)
    assert free.loc[~conditional, "note"].str.startswith("PRC: no listed control found").all()
    assert free.loc[conditional, "note"].str.startswith("PRC: on a condition alone, so in the upper bound only: ").all()
    assert (free["e"] == 0).all()
    assert (free["state"] == "").all()


def test_exposure_is_the_product_of_its_factors_given_one_state(assessed):
    rows = assessed.exposure[assessed.exposure["case_id"].str.contains("/text/") & (assessed.exposure["b"] > 0)]
    assert len(rows)
    expected = rows["b"] * (rows["s"] * (1 - rows["sigma"]) + rows["barred"]) * (1 - rows["process_sigma"])
    assert (rows["e"] - expected).abs().max() < 1e-12
    assert set(rows.loc[rows["process_sigma"] > 0, "block_id"]) == {"RSX", "RHSX"}


def test_no_other_issuer_ever_moves_a_figure(assessed):
    own = assessed.exposure["clause_ids"].str.contains("cn-")
    assert (assessed.exposure.loc[~own, ["b", "b_high", "e"]] == 0).all().all()


@pytest.mark.parametrize("criterion", ["D1", "D2"])
def test_cells_of_the_stage_on_both_tracks(assessed, criterion):
    rows = assessed.cells[(assessed.cells["criterion_id"] == criterion) & (assessed.cells["profile"] != "")]
    assert set(rows["track"]) == {"text", "practice"}
    assert (rows["partner"] == "").all()
    assert rows["site_id"].str.startswith("abroad-")[rows["site_id"] != ""].all()
    rows = rows[rows["site_id"] == ""]
    assert (rows["value_low"] <= rows["value"] + 1e-12).all()
    assert (rows["value"] <= rows["value_high"] + 1e-12).all()
    assert (rows["source_ids"] != "").all()


def test_a_plant_abroad_says_that_nobody_read_what_else_binds_it_there(assessed):
    abroad = assessed.cells[assessed.cells["site_id"].str.startswith("abroad-") & (assessed.cells["profile"] != "")]
    known = abroad[abroad["value"].notna()]
    assert set(known["criterion_id"]) == {"D1", "D2"}
    assert set(known["grade"]) == {"A"}
    first, second = (known[known["criterion_id"] == name] for name in ("D1", "D2"))
    open_end = first["value_high"] < 1.0 - 1e-9
    assert (first.loc[open_end, "bound_high"] == 1.0).all()
    assert first.loc[open_end, "note"].str.contains("Up to 1 if they refuse: what the vendors' countries ask", regex=False).all()
    longest = 180.0 / (365.25 / 12.0)
    soon = second["value_high"] < longest
    is_open = second["note"].str.contains("in the upper bound only", regex=False)
    assert second.loc[soon & ~is_open, "bound_high"].tolist() == pytest.approx([longest] * int((soon & ~is_open).sum()))
    assert (second.loc[soon & is_open, "bound_high"] >= longest).all()
    words = "Up to 5.9 months if every licence that may be asked for takes the longest time on file, some for another destination"
    assert second.loc[soon & ~is_open, "note"].str.contains(words, regex=False).all()
    assert (soon & ~is_open).any()
    notes = assessed.dependency.loc[assessed.dependency["alternative"].str.startswith("abroad-"), "note"]
    assert notes.str.contains("Index and months count Chinese clauses alone").all()


def test_what_supplier_countries_may_refuse_moves_the_bounds_of_a_cell_and_not_its_range(assessed):
    rows = assessed.cells.query("criterion_id == 'D1' and profile != '' and site_id == ''")
    reach = rows.dropna(subset="bound_high")
    assert len(reach)
    assert (reach["bound_high"] > reach["value_high"]).all()
    assert reach["note"].str.contains("it moves the bound and not the range").all()


def test_the_months_of_a_plant_reach_to_the_longest_us_licence_though_china_asks_nothing(assessed):
    """A concentrator: no Chinese clause, but valves of US origin need a licence of up to 180 days, 5.9 months (supplier dossier, 3)."""
    rows = assessed.cells.query("criterion_id == 'D2' and stage_id == 'copper-concentrate' and profile != '' and site_id == ''")
    assert len(rows)
    assert (rows[["value_low", "value", "value_high"]] == 0).all().all()
    assert rows["bound_high"].tolist() == pytest.approx([180.0 / (365.25 / 12.0)] * len(rows))
    assert rows["note"].str.startswith("PRC: no listed control found. Up to 5.9 months if every licence that may be asked for").all()


def test_a_delay_by_the_licence_of_a_vendor_s_country_names_that_country_first(layers, alternatives, cases, assumptions):
    few = alternatives[alternatives["stage_id"] == "copper-concentrate"].head(1)
    bought = pd.DataFrame([("FLOT", "USA", 1.0)], columns=["class_id", "country", "share"]).assign(stage_id="", vendor="x", sizes="")
    found = assess(layers, few, cases[:1], assumptions=assumptions, vendors=bought.assign(chosen=float("nan")))
    row = found.cells.query("criterion_id == 'D2' and profile != ''").iloc[0]
    assert row["value"] > 0.0
    assert row["note"].startswith("Licence of the vendor's own country: ")
    assert row["note"].index("US: licence required") < row["note"].index("PRC: ")
    assert row["grade"] == "A"

def test_licence_odds_make_an_assumption_and_an_empty_search_evidence(assessed):
    rows = assessed.cells.query("criterion_id == 'D1' and profile != '' and site_id == ''")
    conditional = rows["stage_id"] == "antimony-metal-trioxide"
    assert set(rows.loc[rows["value_high"] > 0, "grade"]) == {"A"}
    assert set(rows.loc[(rows["value_high"] == 0) & ~conditional, "grade"]) == {"E"}


@pytest.mark.parametrize("criterion", ["D1", "D2"])
def test_that_no_condition_holds_is_an_assumption_said_in_the_cell(assessed, criterion):
    cells = assessed.cells
    rows = cells[(cells["criterion_id"] == criterion) & (cells["stage_id"] == "antimony-metal-trioxide") & (cells["profile"] != "")]
    rows = rows[rows["site_id"] == ""]
    assert (rows[["value_low", "value", "value_high"]] == 0).all().all()
    assert set(rows["grade"]) == {"A"}
    assert rows["note"].str.contains("only where the feed carries gold").all()
    assert set(rows["source_ids"]) == {"mofcom-2024-33"}


def test_the_condition_is_said_of_every_antimony_plant(assessed):
    rows = assessed.dependency[assessed.dependency["alternative"].str.endswith(":antimony-metal-trioxide")]
    plants = rows[rows["profile"] != ""]
    assert (plants["d_rel"] == 0).all()
    assert plants["note"].str.contains("only where the feed carries gold").all()
    assert plants["regimes_searched"].str.startswith("PRC: on a condition alone, so in the upper bound only: Gold-antimony").all()
    assert (plants["d_rel_high"] > 0).all()
    assert (plants["d_rel_high"] < 1).any()


@pytest.mark.parametrize("profile", ["A", "B", "C", "D"])
def test_an_open_condition_bounds_the_index_as_if_it_held_and_moves_no_figure(solved, layers, profile):
    """By hand: one block, the licence for technology refused with 1 - p_low, the largest Chinese share, no other supply or process."""
    plants = solved[Track.TEXT].plants.set_index(["stage_id", "profile"]).loc[("antimony-metal-trioxide", profile)]
    terms = read_terms(layers["licence_params"]).set_index(["state", "kind", "profile"]).loc[("in_force", "technology", profile)]
    share = layers["operations"].query("block_id == 'SBAU'")["chinese_share_high"].iloc[0]
    assert plants["d_rel"] == plants["d_rel_low"] == plants["d_rel_high_closed"] == 0.0
    assert 0.0 < plants["d_rel_high"] <= 1.0
    refused = 1.0 - terms["p_low"]
    assert refused * share - 1e-12 <= plants["d_rel_high"] <= refused + 1e-12
    assert plants["delay_months_p80_high"] == 0.0 < plants["delay_months_bound"]


def test_no_bound_lies_inside_the_range_that_it_widens(solved):
    for track in Track:
        plants = solved[track].plants
        ends = plants[["d_rel_low", "d_rel", "d_rel_high_granted", "d_rel_high_closed", "d_rel_high"]].dropna()
        assert (ends.diff(axis=1).iloc[:, 1:] >= -1e-12).all().all()
        assert (plants["d_rel_high_alone"] >= plants["d_rel_high_granted"] - 1e-12).all()
        slow = plants.dropna(subset="delay_months_p80_high")
        assert (slow["delay_months_bound"] >= slow["delay_months_p80_high"] - 1e-12).all()


def test_a_chinese_host_raises_a_question_and_lowers_no_figure(assessed, cases):
    case = next(case for case in cases if case.partner == "us" and case.track == Track.TEXT)
    rows = assessed.dependency[assessed.dependency["case_id"] == case.case_id].set_index("alternative")
    zone, quiet = (rows.loc[f"{site}:graphite-spherical-purified"] for site in ("gwadar-free-zone-south", "dhabeji-sez"))
    assert "does it ease licences in practice?" in zone["note"]
    assert "ease licences" not in quiet["note"]
    assert zone["d_rel"] == quiet["d_rel"]


def test_a_regime_that_ends_before_the_binding_days_is_said_in_cells_and_exposure(assessed):
    words = "he state renewed ends on 2028-01-11 and is taken to be renewed again, the bounds span both"
    practice = (assessed.cells["track"] == "practice") & (assessed.cells["stage_id"] == "graphite-spherical-purified")
    assert assessed.cells.loc[practice & (assessed.cells["site_id"] == ""), "note"].str.contains(words).all()
    rows = assessed.exposure[assessed.exposure["case_id"].str.contains("/practice/") & (assessed.exposure["state"] == "unresolved")]
    assert len(rows)
    assert rows["note"].str.contains(words).all()
    assert not assessed.exposure.loc[assessed.exposure["case_id"].str.contains("/text/"), "note"].str.contains(words).any()


def test_doing_less_has_cells_by_definition(assessed):
    rows = assessed.cells[assessed.cells["grade"] == "D"]
    assert set(rows["criterion_id"]) == {"D1", "D2"}
    assert (rows[["value_low", "value", "value_high"]] == 0).all().all()
    assert (rows["site_id"] != "").all()
    assert rows["source_ids"].ne("").all()


def test_stocks_are_missing_and_their_holders_named(assessed):
    (row,) = assessed.cells[assessed.cells["criterion_id"] == "D3"].to_dict("records")
    assert row["value"] != row["value"]
    assert row["holder"] == "reagent suppliers and plant operators"
    assert row["grade"] == ""


def test_a_missing_cell_has_no_range_and_no_grade(assessed):
    rows = assessed.cells[assessed.cells["value"].isna()]
    assert rows[["value_low", "value_high"]].isna().all().all()
    assert (rows["grade"] == "").all()
    assert (rows["note"] != "").all()


def test_cells_name_known_sources(assessed, layers):
    named = {one for cell in assessed.cells["source_ids"] for one in cell.split(";") if one}
    assert named <= set(layers["sources"]["source_id"])


def test_cases_of_two_dates_are_refused(layers, alternatives, cases, assumptions):
    later = dataclasses.replace(cases[0], on=dt.date(2027, 1, 11))
    with pytest.raises(ValueError, match="2 dates"):
        assess(layers, alternatives, [cases[0], later], assumptions=assumptions)


def test_an_unknown_partner_is_refused(layers, alternatives, cases, assumptions):
    with pytest.raises(UnknownNameError, match="atlantis"):
        assess(layers, alternatives, [dataclasses.replace(cases[0], partner="atlantis")], assumptions=assumptions)


@pytest.fixture(scope="module")
def assess_tungsten(layers, alternatives, cases, assumptions):
    """Assess tungsten alone, of one case, with some columns of its digestion changed and perhaps a vendor list."""
    plants = alternatives[alternatives["stage_id"].isin(["tungsten-apt", "copper-concentrate"])]
    few = assumptions.replace(controls__samples=200)

    def run(vendors=None, asked=(), **changes):
        operations = layers["operations"].copy()
        operations = operations[operations["stage_id"].isin(plants["stage_id"])]
        for name, figure in changes.items():
            operations.loc[operations["block_id"] == "WAPT", name] = figure
        table = {**layers, "operations": operations}
        return assess(table, plants, cases[:1], assumptions=few.replace(**dict(asked)), vendors=vendors)

    return run


def list_vendors(*rows):
    table = pd.DataFrame(rows, columns=["class_id", "vendor", "country", "share"])
    return table.assign(stage_id="", chosen=np.nan, sizes="")


def test_a_missing_substitute_leaves_the_delay_missing_and_the_index_known(assess_tungsten):
    found = assess_tungsten(sigma=0.0).cells
    rows = found[(found["stage_id"] == "tungsten-apt") & (found["profile"] == "C") & (found["site_id"] == "")].set_index("criterion_id")
    assert rows.loc["D1", "value"] > 0
    assert rows.loc["D2", "grade"] == ""
    assert rows.loc["D2", "holder"] == "equipment vendors"


def test_a_missing_premium_leaves_the_capital_cost_and_the_choice_missing_and_the_delay_known(assess_tungsten):
    found = assess_tungsten(premium_low=np.nan, premium_mode=np.nan, premium_high=np.nan)
    plants = found.dependency[found.dependency["alternative"].str.endswith("tungsten-apt") & (found.dependency["profile"] != "")]
    assert plants["capex_factor_p50"].isna().all()
    assert plants["note"].str.contains("Capital cost not found: no Chinese share or premium for scheelite").all()
    assert plants["delay_months_p80"].gt(0).all()
    assert found.procurement["choice"].eq("").all()
    assert found.procurement["note"].str.startswith("not decided: premium not found").all()
    assert found.frontier["step"].eq(0).all()


def test_a_vendor_list_is_a_source_of_the_stages_that_buy_from_it_alone(assess_tungsten):
    found = assess_tungsten(vendors=list_vendors(("WAPT", "a", "CN", 0.4), ("WAPT", "b", "VN", 0.6)))
    cells = found.cells[found.cells["criterion_id"].isin(["D1", "D2"]) & (found.cells["profile"] != "")]
    cites = cells["source_ids"].str.split(";").map(lambda ids: "user" in ids)
    assert cites[cells["stage_id"] == "tungsten-apt"].all()
    assert not cites[cells["stage_id"] == "copper-concentrate"].any()
    row = found.exposure[found.exposure["block_id"] == "WAPT"].iloc[0]
    assert row[["s", "hhi_low", "vendors_left"]].tolist() == [pytest.approx(0.4), 1.0, 1]


def test_without_a_vendor_list_no_cell_cites_the_user(assessed):
    assert not assessed.cells["source_ids"].str.split(";").map(lambda ids: "user" in ids).any()


def test_a_hidden_second_tier_is_beside_the_figures_until_the_user_gives_its_share(assess_tungsten):
    def figures(hidden):
        asked = {} if hidden is None else {"second_tier_share": dict(zip(("low", "mode", "high"), hidden, strict=True))}
        found = assess_tungsten(asked=asked).dependency
        return found[found["profile"] != ""].set_index("alternative").filter(like="tungsten", axis=0).iloc[0]

    unknown, none, all_of_it = (figures(hidden) for hidden in (None, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)))
    assert none["d_rel"] == unknown["d_rel"] < unknown["d_rel_look_through"]
    assert all_of_it["d_rel"] == all_of_it["d_rel_look_through"] == pytest.approx(unknown["d_rel_look_through"])
    some = figures((0.1, 0.3, 0.6))
    assert unknown["d_rel"] < some["d_rel"] < all_of_it["d_rel"]


def test_the_cell_says_what_lies_beyond_its_range_for_nobody_knows_it(assessed):
    cells = assessed.cells.query("criterion_id == 'D1' and profile != ''")
    beyond = cells["note"].str.contains("supplier countries refuse every licence", regex=False)
    assert set(cells.loc[beyond, "stage_id"]) >= {"tungsten-apt", "lithium-hydroxide"}
    row = cells.query("stage_id == 'tungsten-apt' and profile == 'B' and track == 'text'").iloc[0]
    words = "if every condition that is open holds on a step that nothing else binds and supplier countries refuse every licence"
    assert f"Up to 0.98 {words}, also for their goods in what others sell; it moves the bound and not the range." in row["note"]
    is_open = cells["note"].str.contains("in the upper bound only", regex=False)
    assert not beyond[(cells["value_high"] == 0) & ~is_open].any()
    assert beyond[(cells["value_high"] == 0) & is_open & (cells["site_id"] == "")].all()


def test_without_a_time_on_file_the_delay_of_a_plant_abroad_is_unknown(layers):
    """Missing stays missing: that no supplier's licence has a time is no reason to take it for nought (model rule M19)."""
    issuers = layers["issuers"]
    assert find_longest(issuers, spare=1.0) == pytest.approx(180 / (365.25 / 12) - 1.0, abs=0.01)
    assert np.isnan(find_longest(issuers.assign(licence_days_high=np.nan)))
    plants = pd.DataFrame({
        "stage_id": ["smelt"], "profile": "A", "track": "text", "found": "Nothing.", "weakest": "", "own_note": "", "conditional": False,
        "source_ids": "", "d_rel": 0.0, "d_rel_low": 0.0, "d_rel_high": 0.0, "d_rel_high_granted": 0.0, "d_rel_high_closed": 0.0,
        "delay_months_p80": 0.0, "delay_months_p80_low": 0.0, "delay_months_p80_high": 0.0, "delay_months_bound": 0.0,
    })  # fmt: skip
    for months, is_known in ((5.9, True), (np.nan, False)):
        second = grade_plants(plants, is_supplier_known=False, abroad=months).set_index("criterion_id").loc["D2"]
        assert np.isfinite(second["value"]) == is_known
        assert (second["grade"] == "") == (not is_known)
