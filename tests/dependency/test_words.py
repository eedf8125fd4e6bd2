"""The words beside the figures: regimes searched, clauses by state, questions to the host."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from geokit.core.codes import Track
from geokit.dependency.clauses import find_general
from geokit.dependency.flowsheet import touch_blocks
from geokit.dependency.supply import name_vendors
from geokit.dependency.words import ask_host, describe_blocks, name_regimes

NOTHING = "PRC: no listed control found"
FREE = ["copper-concentrate", "copper-cathode-smelter", "chromite-concentrate", "ferrochrome"]
FREE += ["lead-zinc-concentrate", "zinc-lead-metal", "barite-ground"]


@pytest.fixture(scope="module")
def named(solved, layers):
    stages = list(layers["stages"]["stage_id"])
    return {track: name_regimes(solved[track], layers["issuers"], stages).set_index("stage_id") for track in Track}


@pytest.fixture(scope="module")
def blocks(solved, layers):
    return {
        track: describe_blocks(solved[track], layers["issuers"]).set_index(["stage_id", "block_id"]) for track in Track
    }


@pytest.mark.parametrize("track", list(Track))
@pytest.mark.parametrize("stage", FREE)
def test_nothing_found_names_who_was_searched(named, track, stage):
    row = named[track].loc[stage]
    assert row["found"] == f"{NOTHING}."
    assert row["searched"].startswith("PRC: none; US: licence required if in scope on its own goods (")
    assert "2A992" in row["searched"]
    assert "; Korea: not researched; Canada: not researched" in row["searched"]


def test_a_country_whose_rules_were_not_read_is_not_said_to_be_silent_where_one_rule_is_told(named):
    told = named[Track.TEXT]["searched"].str.extract(r"Canada: (.+?)(?:;|$)", expand=False)
    assert set(told) == {"not researched", "not researched beyond ECL groups"}


def test_the_searched_regimes_differ_by_track(named):
    text, practice = (named[track].loc["ree-separated-oxides", "searched"] for track in (Track.TEXT, Track.PRACTICE))
    words = f"No.56/2025, No.57/2023 and No.62/2025 in force, and o{KNOWING}"
    assert text.startswith(f"PRC: {words}; US: licence required if in scope on its own goods (")
    assert practice.startswith(f"PRC: No.57/2023 in force, No.56/2025 and No.62/2025 unresolved, and o{KNOWING}; US: ")


def test_a_rule_on_a_condition_is_said_to_be_one(named):
    assert "Finland: only on a condition" in named[Track.TEXT].loc["copper-concentrate", "searched"]


def test_the_eu_rule_binds_where_the_supplier_dossier_says(named):
    assert "EU: licence required if in scope on its own goods (2B350 (AG))" in named[Track.TEXT].loc["tungsten-apt", "searched"]
    assert "EU: none found" in named[Track.TEXT].loc["copper-concentrate", "searched"]


@pytest.mark.parametrize("stage", ["tungsten-apt", "ree-magnets", "antimony-metal-trioxide"])
def test_a_member_state_has_the_rule_of_its_union(named, stage):
    told = named[Track.TEXT].loc[stage, "searched"].split("; ")
    assert "Germany: EU rule" in told
    assert any(words.startswith("Finland: EU rule") for words in told)
    assert any(words.startswith("UK: licence required if in scope on its own goods (2B") for words in told)


def test_where_the_union_has_no_rule_its_members_have_none_of_it(named):
    assert "Germany: none found" in named[Track.TEXT].loc["copper-concentrate", "searched"]


def test_an_issuer_that_no_named_vendor_is_of_is_not_likely_to_ask_for_a_licence(solved, layers):
    one = solved[Track.TEXT]
    scope = one.ties["scope"].mask(one.ties["issuer"] == "us", "elsewhere")
    told = dataclasses.replace(one, ties=one.ties.assign(scope=scope))
    row = name_regimes(told, layers["issuers"], ["copper-concentrate"]).iloc[0]
    assert "US: no vendor named is of its countries; EU: none found" in row["searched"]
    notes = describe_blocks(told, layers["issuers"])["note"]
    assert not notes.str.contains("goods from US|and US").any()


def test_a_plant_elsewhere_has_other_supplier_rules(named):
    row = named[Track.TEXT].loc["copper-concentrate"]
    assert row["searched_abroad"] == "PRC: none; suppliers to that country: not researched"


def test_what_is_found_reads_as_sentences(named):
    thermal = "only for a thermal (graphitisation-furnace) purification route; list written for artificial graphite, furnaces shared"
    rest = f"On a condition alone, so in the upper bound only: 3B901.c.2 ({thermal})."
    text, practice = (named[track].loc["graphite-spherical-purified", "found"] for track in (Track.TEXT, Track.PRACTICE))
    chances = "The chances of a licence and equal weights of the blocks are assumptions."
    assert text == f"PRC, on the days of export: No.58/2025 in force. {chances} {rest}"
    assert practice == (
        "PRC, on the days of export: No.58/2025 unresolved. "
        "What is unresolved has no state in practice yet: the figures mix political states by assumed priors. "
        f"The state renewed ends on 2028-01-11 and is taken to be renewed again, the bounds span both. {rest}"
    )


def test_in_how_many_fills_a_reagent_is_bound_is_said(named):
    told = "Reagents leave every year: a clause binds, or may bind, 20 of the 20 fills."
    assert named[Track.TEXT].loc["ree-concentrate", "found"].endswith(f"{told} O{KNOWING}.")
    assert told in named[Track.PRACTICE].loc["ree-separated-oxides", "found"]
    assert "Reagents" not in named[Track.TEXT].loc["tungsten-apt", "found"]


@pytest.mark.parametrize("state", ["suspended", "revoked"])
def test_a_listing_that_is_not_in_force_is_said_not_to_bind(solved, layers, state):
    ties = solved[Track.TEXT].ties.assign(state=state, fills_bound=0)
    row = name_regimes(dataclasses.replace(solved[Track.TEXT], ties=ties), layers["issuers"], ["ree-concentrate"]).iloc[0]
    assert row["found"] == f"PRC, on the days of export: No.56/2025 {state}. None of it binds then."


def test_a_state_that_the_user_asks_for_is_said_to_be_no_forecast(solved, layers):
    one = solved[Track.TEXT]
    asked = dataclasses.replace(one.outcomes[0], regime_id="tightened", probability=1.0, overrides=True)
    told = name_regimes(dataclasses.replace(one, outcomes=(asked,)), layers["issuers"], ["tungsten-apt"]).iloc[0]
    assert told["found"].startswith("Political state as asked, no forecast: tightened. PRC, on the days of export: No.10/2025 in force.")
    both = tuple(dataclasses.replace(asked, regime_id=name, probability=share) for name, share in (("lifted", 0.3), ("snapback", 0.7)))
    told = name_regimes(dataclasses.replace(one, outcomes=both), layers["issuers"], ["tungsten-apt"]).iloc[0]
    assert told["found"].startswith("Political states mixed by the user's probabilities: lifted 0.3, snapback 0.7. PRC, ")


def test_a_block_states_its_clauses_by_day(blocks):
    row = blocks[Track.TEXT].loc[("ree-separated-oxides", "TECHR")]
    assert row["state"] == "in_force"
    assert "PRC: No.57/2023 in force on 2028-11-22, No.62/2025 in force on 2029-11-22" in row["note"]


def test_the_harshest_state_stands_for_the_block(blocks):
    table = blocks[Track.PRACTICE]
    assert table.loc[("ree-separated-oxides", "RSX"), "state"] == "in_force"
    assert table.loc[("ree-separated-oxides", "REXT"), "state"] == "unresolved"
    assert table.loc[("copper-concentrate", "FLOT"), "state"] == ""


def test_what_does_not_count_is_said_and_not_listed(blocks):
    row = blocks[Track.TEXT].loc[("tungsten-apt", "WAPT")]
    assert "; on the product, not on the plant: 1C117.d; near a listed item, itself not listed: 1C914.c; " in row["note"]
    assert "cn-2025-10-goods" not in row["clause_ids"]
    assert "cn-2025-10-technology" in row["clause_ids"]


def test_other_issuers_are_listed_and_said_to_be_outside(blocks):
    row = blocks[Track.TEXT].loc[("copper-concentrate", "FLOT")]
    assert row["clause_ids"] == "us-ear-pakistan-2024-rs"
    assert row["note"].startswith(NOTHING)
    told = "; own licence required, if in scope, for goods from US (2A992, 2B999 (except .h.2)), not counted in the index"
    assert row["note"].endswith(told)


def test_suppliers_with_the_same_items_stand_together(blocks):
    note = blocks[Track.TEXT].loc[("tungsten-apt", "WAPT"), "note"]
    assert "own licence required, if in scope, for goods from Australia, EU, Japan and UK (2B350 (AG)), US (2B350 (CB2), 2A992" in note


def test_a_size_that_nobody_stated_is_said_to_count_as_caught(blocks):
    note = blocks[Track.TEXT].loc[("ree-mixed-carbonate", "RKIL"), "note"]
    assert "; counted as caught, for want of a size: 2B902.c (diameter, length, temperature not stated); " in note


def test_a_conditional_entry_is_said_not_to_bind(blocks):
    note = blocks[Track.TEXT].loc[("ree-mixed-carbonate", "RLEA"), "note"]
    assert "reached on a condition alone, not counted: 2B902.b, Art.1 catch-all" in note


KNOWING = (
    "n a condition alone, so in the upper bound only: Art.1 catch-all (only where the exporter knows that it serves rare-earth activity "
    "abroad: reaches what no list names and what a stated size lets out)"
)
GOLD = (
    "n a condition alone, so in the upper bound only: Gold-antimony smelting and separation technology "
    "(only where the feed carries gold)"
)


@pytest.mark.parametrize("track", list(Track))
def test_a_control_that_binds_only_on_a_condition_is_named_with_it(named, blocks, track):
    row = named[track].loc["antimony-metal-trioxide"]
    assert row["searched"].startswith(f"PRC: o{GOLD}; US: ")
    assert row["found"] == f"PRC: no clause binds the plant as described. O{GOLD}."
    assert row["conditional"]
    note = blocks[track].loc[("antimony-metal-trioxide", "SBAU"), "note"]
    assert note.startswith(f"PRC: o{GOLD}; own licence required, if in scope, for goods from US (")
    assert "no listed control" not in note


def test_a_condition_is_said_beside_what_binds_elsewhere_in_the_plant(solved, layers):
    ties = solved[Track.TEXT].ties.copy()
    gold = ties["condition"] == "only where the feed carries gold"
    ties.loc[gold, "stage_id"] = "tungsten-apt"
    told = name_regimes(dataclasses.replace(solved[Track.TEXT], ties=ties), layers["issuers"], ["tungsten-apt"]).iloc[0]
    assert told["searched"].startswith(f"PRC: No.10/2025 in force, and o{GOLD}; ")
    assert told["found"].endswith(f" O{GOLD}.")


def test_a_condition_on_a_block_that_is_bound_anyway_is_not_said_of_the_plant(named):
    row = named[Track.TEXT].loc["ree-mixed-carbonate"]
    assert "2B902.b" not in row["searched"].split("; ")[0]
    assert "2B902.b" not in row["found"]
    assert row["found"].endswith(f"O{KNOWING}.")


@pytest.mark.parametrize(("track", "state"), [(Track.TEXT, "in_force"), (Track.PRACTICE, "unresolved")])
def test_goods_for_rare_earths_are_told_of_the_catch_all_with_its_state(solved, layers, track, state):
    """No.62/2025 Art.1: whoever knows that goods serve rare-earth activity abroad asks for a licence, whatever no list names."""
    ties = solved[track].ties
    rows = ties[ties["item_id"] == "cn-2025-62-catch-all-goods"]
    assert set(rows["stage_id"]) == {stage for stage in layers["stages"]["stage_id"] if stage.startswith("ree-")}
    assert {"TANK", "DEWA", "COMM", "RSX", "RKIL"} <= set(rows["block_id"])
    assert set(rows["clause_id"]) == {"cn-2025-62-catch-all"}
    assert set(rows["state"]) == {state}
    assert set(rows["effect"]) == {"catch_all"}
    assert not rows["counts"].any()
    assert rows["condition"].str.startswith("only where the exporter knows").all()


def test_tanks_and_filters_for_copper_are_told_of_no_catch_all_on_rare_earths(solved):
    ties = solved[Track.TEXT].ties
    assert "DEWA" in set(ties.loc[ties["stage_id"] == "copper-concentrate", "block_id"])
    assert not ties.loc[~ties["stage_id"].str.startswith("ree-"), "clause_id"].eq("cn-2025-62-catch-all").any()


def words_of(layers, solved, *rows, stage="antimony-metal-trioxide"):
    """Return what is said of each issuer where a user names vendors, as class, country and share."""
    table = pd.DataFrame(rows, columns=["class_id", "country", "share"]).assign(stage_id="", chosen=float("nan"), sizes="")
    ties = touch_blocks({**layers, "operations": name_vendors(layers["operations"], table)}, table).query("stage_id == @stage")
    ties = ties.assign(state="in_force", day="2028-11-22", fills=0, fills_bound=0)
    told = name_regimes(dataclasses.replace(solved[Track.TEXT], ties=ties), layers["issuers"], [stage])["searched"].iloc[0]
    return dict(part.split(": ", 1) for part in told.split("; ") if ": " in part)


@pytest.mark.parametrize("country", ["China", "Finland", "Japan", "India"])
def test_who_buys_from_elsewhere_is_told_of_the_us_rule_on_us_goods(layers, solved, country):
    """15 CFR 734.3 and 734.4(d): the rule follows goods of US origin, and more than 25 % US content, wherever they are bought."""
    bought = [(name, country, 1.0) for name in ("SBFU", "ACID", "SBAU")]
    words = words_of(layers, solved, *bought)
    assert words["US"].startswith("only if what is bought carries its goods or content (2")
    american = words_of(layers, solved, *[(name, "USA", 1.0) for name, *_ in bought])
    assert american["US"].startswith("licence required if in scope on its own goods")


@pytest.mark.parametrize(("issuer", "label"), [("uk", "UK"), ("eu", "EU"), ("us", "US")])
def test_a_rule_that_was_set_down_later_is_no_empty_search(solved, layers, issuer, label):
    """The lists of the UK stood long before anybody wrote them down here: known as of a day before, that is no "none found"."""
    ties = solved[Track.TEXT].ties.copy()
    ties.loc[ties["issuer"] == issuer, "state"] = ""
    told = name_regimes(dataclasses.replace(solved[Track.TEXT], ties=ties), layers["issuers"], ["ree-separated-oxides"])["searched"].iloc[0]
    words = dict(part.split(": ", 1) for part in told.split("; ") if ": " in part)
    assert words[label].startswith("nothing on record by then (2")
    assert words[label].endswith(" since)")
    assert words["Germany"].startswith("EU rule") == (issuer != "eu")


def test_a_member_whose_own_rule_was_set_down_later_follows_the_union(solved, layers):
    ties = solved[Track.TEXT].ties.copy()
    ties.loc[ties["issuer"] == "de", "state"] = ""
    told = name_regimes(dataclasses.replace(solved[Track.TEXT], ties=ties), layers["issuers"], ["ree-separated-oxides"])["searched"].iloc[0]
    assert "; Germany: EU rule; Finland: " in told


def test_germany_follows_the_rule_of_the_union(layers, solved):
    names = ("SBFU", "ACID", "SBAU")
    away = words_of(layers, solved, *[(name, "China", 1.0) for name in names])
    assert away["EU"] == away["Germany"] == away["Finland"] == "no vendor named is of its countries"
    near = words_of(layers, solved, *[(name, "France", 1.0) for name in names])
    assert near["EU"].startswith("licence required if in scope on its own goods (2B350")
    assert near["Germany"] == near["Finland"] == "EU rule"


@pytest.mark.parametrize("state", ["suspended", "revoked", ""])
def test_a_condition_of_a_rule_that_is_not_in_force_binds_nothing(solved, layers, state):
    calm = dataclasses.replace(solved[Track.TEXT], ties=solved[Track.TEXT].ties.assign(state=state))
    row = name_regimes(calm, layers["issuers"], ["antimony-metal-trioxide"]).iloc[0]
    assert row["found"] == f"{NOTHING}."
    assert not row["conditional"]


def test_questions_to_the_host():
    profiles = pd.DataFrame(
        {
            "site_id": ["zone", "quiet"],
            "host_zone_operator": ["Harbour Ltd", ""],
            "host_port_operator": ["", ""],
            "iran_power_question": ["true", ""],
            "prc_kit_on_site": ["", ""],
            "military_linked": ["true", ""],
            "developer_profile": ["A", "B"],
        }
    )
    asked = ask_host(profiles).set_index("site_id")["host"]
    assert asked["zone"].startswith("Zone run by Harbour Ltd: on which terms? Power from a sanctioned country")
    assert "Military-linked" in asked["zone"]
    assert asked["zone"].endswith("Chinese host: does it ease licences in practice? Not in the figures.")
    assert asked["quiet"] == ""


def test_an_item_that_a_stated_size_lets_out_is_told_and_never_called_nothing_found(solved, layers):
    one = solved[Track.TEXT]
    own = one.ties.query("stage_id == 'ree-mixed-carbonate' and issuer == 'cn' and counts").head(1)
    alone = own.assign(counts=False, scope="outside", scope_note="outside: diameter 6 m (1.8-4.6 m)")
    told = dataclasses.replace(one, ties=alone)
    words = f"t the size stated not caught: {own['code'].iloc[0]} (diameter 6 m (1.8-4.6 m))"
    row = name_regimes(told, layers["issuers"], ["ree-mixed-carbonate"]).iloc[0]
    assert row["found"] == f"PRC: no clause binds the plant as described. A{words}."
    assert row["searched"].startswith(f"PRC: a{words}; ")
    assert describe_blocks(told, layers["issuers"])["note"].iloc[0].startswith(f"PRC: a{words}")


def test_a_catch_all_in_force_is_named_beside_a_list_that_names_nothing(solved, layers):
    general = find_general(layers, on=dt.date(2026, 11, 22), track=Track.TEXT)
    assert general["eu"] == ["Art. 4"]
    told = name_regimes(solved[Track.TEXT], layers["issuers"], ["barite-ground"], general=general)["searched"].iloc[0]
    assert "Germany: none found, catch-all in force (s.9, EU Art. 4)" in told
    assert "Japan: none found, catch-all in force (Foreign User List and catch-all)" in told
    assert told.startswith("PRC: none; US: ")


def test_a_catch_all_counts_only_while_it_is_in_force(layers):
    before = find_general(layers, on=dt.date(2021, 9, 8), track=Track.TEXT)
    assert "eu" not in before
    tracks = [find_general(layers, on=dt.date(2026, 11, 22), track=track) for track in Track]
    assert [("Art.1 catch-all" in found.get("cn", ())) for found in tracks] == [track is Track.TEXT for track in Track]
