"""Only sensible pairs exist (model rule M1), and doing less is always among them (M2)."""

from __future__ import annotations

import pytest

from geokit.core.codes import Kind
from geokit.io.defaults import read_defaults
from geokit.study.alternatives import LOCATED_KM, build_alternatives


def test_ids_are_unique_and_read_site_and_stage(alternatives):
    assert alternatives["alternative"].is_unique
    assert (alternatives["alternative"] == alternatives["site_id"] + ":" + alternatives["stage_id"]).all()


def test_support_sites_host_no_plant(alternatives, layers):
    support = layers["sites"].query("role == 'support'")["site_id"]
    assert len(support)
    assert not alternatives["site_id"].isin(support).any()


def test_ore_is_treated_at_the_ore(alternatives, layers):
    at_ore = alternatives[(alternatives["kind"] == Kind.PLANT) & (alternatives["siting"] == "at_ore")]
    mines = set(layers["sites"].query("kind_code == 'mine_site'")["site_id"])
    known = layers["deposits"].set_index("deposit_id")["coord_accuracy_km"]
    own = at_ore[~at_ore["site_id"].isin(mines)]
    assert len(own)
    assert (own["site_id"].map(known) <= LOCATED_KM).all()


def test_no_free_stage_stands_on_a_mine_and_no_ore_stage_in_a_zone(alternatives, layers):
    kinds = layers["sites"].set_index("site_id")["kind_code"]
    plants = alternatives[alternatives["kind"] == Kind.PLANT].assign(kind_code=lambda d: d["site_id"].map(kinds))
    assert not plants.query("siting == 'free'")["kind_code"].eq("mine_site").any()
    assert plants.query("siting == 'at_ore'")["kind_code"].dropna().eq("mine_site").all()


def test_a_deposit_under_a_mine_site_hosts_no_second_plant(alternatives):
    at_ore = alternatives.query("siting == 'at_ore'")
    close = at_ore.merge(at_ore, on="stage_id", suffixes=("", "_b")).query("site_id < site_id_b")
    near = close[((close["lat"] - close["lat_b"]).abs() < 0.005) & ((close["lon"] - close["lon_b"]).abs() < 0.005)]
    assert near.empty


def test_what_is_known_to_be_there_can_be_exported_and_every_plant_could_stand_abroad(alternatives, layers):
    free = set(layers["stages"].query("siting == 'free'")["stage_id"])
    exported = set(alternatives.query("kind == 'export'")["stage_id"])
    assert exported < free
    assert exported >= {"ferrochrome", "copper-cathode-smelter", "zinc-lead-metal", "antimony-metal-trioxide"}
    assert not exported & {"ree-separated-oxides", "tungsten-apt", "lithium-hydroxide"}
    assert set(alternatives.query("kind == 'abroad'")["stage_id"]) == free


def test_a_toll_route_of_unverified_status_says_so(alternatives, layers):
    unverified = set(layers["baselines"].query("status_code == 'unverified'")["baseline_id"])
    rows = alternatives[alternatives["site_id"].isin(unverified)]
    assert len(rows) == len(unverified)
    assert rows["conditions"].str.contains("unverified").all()


@pytest.mark.parametrize("siting", ["free", "at_ore"])
def test_who_may_host_is_data(layers, siting):
    fewer = build_alternatives(layers, read_defaults("siting").query("siting != @siting"))
    gone = fewer[(fewer["kind"] == Kind.PLANT) & (fewer["siting"] == "free")]
    assert gone.empty == (siting == "free")
