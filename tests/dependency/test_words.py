"""The words beside the figures: regimes searched, clauses by state, questions to the host."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from geokit.core.codes import Track
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
    assert row["searched"].startswith("PRC: none; US: licence likely on its own goods (")
    assert "2A992" in row["searched"]
    assert row["searched"].endswith("Korea: not researched; Canada: not researched")


def test_the_searched_regimes_differ_by_track(named):
    assert "in force No.56/2025, No.57/2023, No.62/2025" in named[Track.TEXT].loc["ree-separated-oxides", "searched"]
    practice = named[Track.PRACTICE].loc["ree-separated-oxides", "searched"]
    assert "in force No.57/2023, unresolved No.56/2025, No.62/2025" in practice


def test_a_rule_on_a_condition_is_said_to_be_one(named):
    assert "Finland: only on a condition" in named[Track.TEXT].loc["copper-concentrate", "searched"]


def test_the_eu_rule_binds_where_the_supplier_dossier_says(named):
    assert "EU: licence likely on its own goods (2B350 (AG))" in named[Track.TEXT].loc["tungsten-apt", "searched"]
    assert "EU: none found" in named[Track.TEXT].loc["copper-concentrate", "searched"]


@pytest.mark.parametrize("stage", ["tungsten-apt", "ree-magnets", "antimony-metal-trioxide"])
def test_a_member_state_has_the_rule_of_its_union(named, stage):
    told = named[Track.TEXT].loc[stage, "searched"].split("; ")
    assert "Germany: EU rule" in told
    assert any(words.startswith("Finland: EU rule") for words in told)
    assert any(words.startswith("UK: licence likely on its own goods (2B") for words in told)


def test_where_the_union_has_no_rule_its_members_have_none_of_it(named):
    assert "Germany: none found" in named[Track.TEXT].loc["copper-concentrate", "searched"]


def test_an_issuer_that_no_named_vendor_is_of_is_not_likely_to_ask_for_a_licence(solved, layers):
    one = solved[Track.TEXT]
    scope = one.ties["scope"].mask(one.ties["issuer"] == "us", "elsewhere")
    told = dataclasses.replace(one, ties=one.ties.assign(scope=scope))
    row = name_regimes(told, layers["issuers"], ["copper-concentrate"]).iloc[0]
    assert "US: no vendor named is of its countries; EU: none found" in row["searched"]
    notes = describe_blocks(told, layers["issuers"])["note"]
    assert not notes.str.contains("US licence").any()


def test_a_plant_elsewhere_has_other_supplier_rules(named):
    row = named[Track.TEXT].loc["copper-concentrate"]
    assert row["searched_abroad"] == "PRC: none; suppliers to that country: not researched"


def test_mixed_priors_are_said(named):
    assert "assumed priors" in named[Track.PRACTICE].loc["graphite-spherical-purified", "found"]
    assert "renewed ends on 2028-01-11; taken to be renewed again" in named[Track.PRACTICE].loc["graphite-spherical-purified", "found"]
    assert "renewed" not in named[Track.TEXT].loc["graphite-spherical-purified", "found"]
    assert "assumptions" in named[Track.TEXT].loc["graphite-spherical-purified", "found"]


def test_in_how_many_fills_a_reagent_is_bound_is_said(named):
    assert "first fill to the last: a clause binds, or may, in 20 of 20" in named[Track.TEXT].loc["ree-concentrate", "found"]
    assert "20 of 20" in named[Track.PRACTICE].loc["ree-separated-oxides", "found"]
    assert "first fill" not in named[Track.TEXT].loc["tungsten-apt", "found"]


def test_a_block_states_its_clauses_by_day(blocks):
    row = blocks[Track.TEXT].loc[("ree-separated-oxides", "TECHR")]
    assert row["state"] == "in_force"
    assert "in force on 2028-11-22 (No.57/2023)" in row["note"]
    assert "in force on 2029-11-22 (No.62/2025)" in row["note"]


def test_the_harshest_state_stands_for_the_block(blocks):
    table = blocks[Track.PRACTICE]
    assert table.loc[("ree-separated-oxides", "RSX"), "state"] == "in_force"
    assert table.loc[("ree-separated-oxides", "REXT"), "state"] == "unresolved"
    assert table.loc[("copper-concentrate", "FLOT"), "state"] == ""


def test_what_does_not_count_is_said_and_not_listed(blocks):
    row = blocks[Track.TEXT].loc[("tungsten-apt", "WAPT")]
    assert "product only: 1C117.d" in row["note"]
    assert "spill-over only: 1C914.c" in row["note"]
    assert "cn-2025-10-goods" not in row["clause_ids"]
    assert "cn-2025-10-technology" in row["clause_ids"]


def test_other_issuers_are_listed_and_said_to_be_outside(blocks):
    row = blocks[Track.TEXT].loc[("copper-concentrate", "FLOT")]
    assert row["clause_ids"] == "us-ear-pakistan-2024-rs"
    assert row["note"].startswith(NOTHING)
    assert "US licence on its own kit, not in b" in row["note"]


def test_a_conditional_entry_is_said_not_to_bind(blocks):
    assert "listed only on a condition, not bound: 2B902.b" in blocks[Track.TEXT].loc[("ree-mixed-carbonate", "RLEA"), "note"]


GOLD = "only on a condition (Gold-antimony smelting and separation technology: only where the feed carries gold)"


@pytest.mark.parametrize("track", list(Track))
def test_a_control_that_binds_only_on_a_condition_is_named_with_it(named, blocks, track):
    row = named[track].loc["antimony-metal-trioxide"]
    assert row["searched"].startswith(f"PRC: {GOLD}; US: ")
    assert row["found"] == f"PRC: {GOLD}; not bound in the figures."
    assert row["conditional"]
    note = blocks[track].loc[("antimony-metal-trioxide", "SBAU"), "note"]
    assert note.startswith(f"PRC: {GOLD}, not bound; US licence")
    assert "no listed control" not in note


def test_a_condition_is_said_beside_what_binds_elsewhere_in_the_plant(solved, layers):
    ties = solved[Track.TEXT].ties.copy()
    gold = ties["condition"] == "only where the feed carries gold"
    ties.loc[gold, "stage_id"] = "tungsten-apt"
    told = name_regimes(dataclasses.replace(solved[Track.TEXT], ties=ties), layers["issuers"], ["tungsten-apt"]).iloc[0]
    assert told["searched"].startswith("PRC: in force No.10/2025")
    assert GOLD in told["searched"]
    assert told["found"].endswith(f"PRC binds besides {GOLD}.")


def test_a_condition_on_a_block_that_is_bound_anyway_is_not_said_of_the_plant(named):
    row = named[Track.TEXT].loc["ree-mixed-carbonate"]
    assert not row["conditional"]
    assert not row["searched"].startswith("PRC: only")
    assert "besides" not in row["found"]


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
    words = f"{own['code'].iloc[0]} outside: diameter 6 m (1.8-4.6 m)"
    row = name_regimes(told, layers["issuers"], ["ree-mixed-carbonate"]).iloc[0]
    assert row["found"] == f"PRC: {words}; not bound in the figures."
    assert row["searched"].startswith(f"PRC: {words}; ")
    assert describe_blocks(told, layers["issuers"])["note"].iloc[0].startswith(f"PRC: {words}, not bound")
