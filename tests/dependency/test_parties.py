"""Parties on lists: by name, by ownership that adds up, by date; unknown is never clear (model rules M8, M11)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.dependency import gates
from geokit.dependency.parties import find_listed, listed_on, name_roles, reach_owned

NAN = float("nan")
DAY = dt.date(2026, 11, 22)


def listings(**columns):
    row = {"party_id": "a", "list_id": "l", "from": "2026-02-24", "from_latest": "2026-06-29", "to": "", "recorded_on": "2026-06-29"}
    return pd.DataFrame([row | columns])


@pytest.mark.parametrize(
    ("on", "sure"), [("2026-02-23", []), ("2026-02-24", [False]), ("2026-06-28", [False]), ("2026-06-29", [True]), ("2030-01-01", [True])]
)
def test_a_listing_is_sure_from_the_latest_day_on_which_it_may_have_begun(on, sure):
    assert listed_on(listings(), dt.date.fromisoformat(on))["is_sure"].tolist() == sure


@pytest.mark.parametrize(("on", "rows"), [("2026-07-31", 1), ("2026-08-01", 0)])
def test_a_listing_holds_through_its_last_day(on, rows):
    assert len(listed_on(listings(to="2026-07-31"), dt.date.fromisoformat(on))) == rows


@pytest.mark.parametrize(("known_on", "rows"), [("2026-06-28", 0), ("2026-06-29", 1)])
def test_a_listing_counts_once_it_was_on_record(known_on, rows):
    assert len(listed_on(listings(), DAY, dt.date.fromisoformat(known_on))) == rows


def held(*rows):
    return pd.DataFrame(rows, columns=["owner_id", "owned_id", "share_low_frac", "share_high_frac"])


@pytest.mark.parametrize(
    ("rows", "sure", "possible"),
    [
        ([("a", "x", 0.5, 0.5)], {"x"}, {"x"}),
        ([("a", "x", 0.49, 0.49)], set(), set()),
        ([("a", "x", 0.3, 0.3), ("b", "x", 0.2, 0.2)], {"x"}, {"x"}),
        ([("a", "x", 0.3, 0.3), ("c", "x", 0.7, 0.7)], set(), set()),
        ([("a", "x", 0.6, 0.6), ("x", "y", 0.5, 1.0), ("y", "z", 0.4, 0.6)], {"x", "y"}, {"x", "y", "z"}),
        ([("a", "x", 0.6, 0.6), ("a", "y", 0.3, 0.3), ("x", "y", 0.2, 0.2)], {"x", "y"}, {"x", "y"}),
        ([("a", "x", NAN, NAN)], set(), {"x"}),
        ([("a", "x", NAN, 0.49)], set(), set()),
        ([("m", "x", 1.0, 1.0)], set(), {"x"}),
        ([("x", "y", 1.0, 1.0), ("y", "x", 1.0, 1.0)], set(), set()),
    ],
)
def test_shares_of_listed_owners_add_up_and_reach_on(rows, sure, possible):
    assert reach_owned(held(*rows), ["a", "b"], ["m"], share=0.5) == (sure, possible)


def test_more_holding_never_frees_a_party():
    low = reach_owned(held(("a", "x", 0.2, 0.6)), ["a"], [], share=0.5)
    high = reach_owned(held(("a", "x", 0.2, 0.6), ("b", "x", 0.3, 0.4)), ["a", "b"], [], share=0.5)
    assert low[0] <= high[0]
    assert low[1] <= high[1]


def test_the_planned_refinery_stays_below_the_limit_and_the_metal_plant_does_not(layers):
    found = find_listed(layers, DAY).set_index("party_id")
    assert "sa-re-venture" not in found.index
    assert found.loc["less-common-metals", ["is_owned", "is_sure", "via"]].tolist() == [True, True, "usa-rare-earth"]
    assert found.loc["rsezdoc", ["is_owned", "is_sure"]].tolist() == [True, False]


def test_every_place_of_a_role_stands_in_its_table_and_every_plant_has_an_operator(layers):
    run = name_roles(layers["party_roles"], "destination_ids").query("role == 'operator'")
    assert set(run["place_id"]) == set(layers["destinations"]["destination_id"])
    deposits = layers["deposits"]
    mined = name_roles(layers["party_roles"], "deposit_ids").query("role == 'miner'")
    assert set(mined["place_id"]) == set(deposits.loc[deposits["operator"] != "", "deposit_id"])


@pytest.mark.parametrize("column", ["share_low_frac", "share_high_frac"])
def test_no_one_is_held_for_more_than_the_whole(layers, column):
    owners = layers["party_owners"]
    assert (owners["share_low_frac"].fillna(0.0) <= owners["share_high_frac"].fillna(1.0)).all()
    if column == "share_low_frac":
        assert (owners.groupby("owned_id")[column].sum() <= 1.0).all()


def verdict(layers, alternatives, gate, site, *, tracks=tuple(Track), on=DAY, known_on=DAY, partner="korea", stage=""):
    own = {**layers, "gates": layers["gates"][layers["gates"]["gate_id"] == gate]}
    rows = alternatives[(alternatives["kind"] == "plant") & (alternatives["site_id"] == site)]
    rows = rows[rows["stage_id"] == stage] if stage else rows.head(1)
    return gates(own, rows, [Case(partner, on, track, known_on) for track in tracks])[["result", "reason"]].iloc[0]


def test_a_name_without_a_hit_is_unknown_and_says_what_was_searched_and_what_was_not(layers, alternatives):
    row = verdict(layers, alternatives, "listed-parties", "muhammad-khel-epz")
    assert row["result"] == "unknown"
    assert "no hit for Frontier Works Organisation on the US Entity List or US NS-CMIC list, copy of 2026-07-31" in row["reason"]
    assert "Japanese foreign user list not read" in row["reason"]


def test_a_copy_was_not_searched_before_it_was_made(layers, alternatives):
    early = dt.date(2026, 7, 30)
    row = verdict(layers, alternatives, "listed-parties", "muhammad-khel-epz", on=early, known_on=early)
    assert "Frontier Works Organisation was looked up on no list" in row["reason"]


@pytest.mark.parametrize(("share", "tracks", "result"), [
    (0.5, (Track.TEXT,), "fail"), (0.5, (Track.PRACTICE,), "unknown"), (0.5, tuple(Track), "unknown"), (0.49, (Track.TEXT,), "unknown"),
])  # fmt: skip
def test_the_zone_is_reached_through_the_parent_only_where_the_rule_on_affiliates_is_in_force(layers, alternatives, share, tracks, result):
    owners = layers["party_owners"]
    owners = owners.assign(share_low_frac=owners["share_low_frac"].mask(owners["owned_id"] == "crbc", share))
    row = verdict({**layers, "party_owners": owners}, alternatives, "listed-parties", "rashakai-sez", tracks=tracks)
    assert row["result"] == result
    told = "50% or more of" if share == 0.5 else "perhaps 50% or more of"
    assert f"China Communications Construction Co. (US Entity List) holds {told} China Road & Bridge Corp" in row["reason"]


@pytest.mark.parametrize("tracks", [(Track.TEXT,), (Track.PRACTICE,)])
def test_a_share_that_nobody_looked_up_fails_no_zone(layers, alternatives, tracks):
    row = verdict(layers, alternatives, "listed-parties", "rashakai-sez", tracks=tracks)
    assert (row["result"], "perhaps 50% or more of China Road & Bridge Corp" in row["reason"]) == ("unknown", True)


@pytest.mark.parametrize(("tracks", "result"), [((Track.TEXT,), "fail"), ((Track.PRACTICE,), "unknown")])
def test_a_product_whose_only_buyer_is_held_by_a_listed_party(layers, alternatives, tracks, result):
    row = verdict(layers, alternatives, "listed-buyers", "hattar-sez", tracks=tracks, partner="uk", stage="ree-separated-oxides")
    assert (row["result"], "USA Rare Earth" in row["reason"]) == (result, True)


def test_a_list_never_clears_anyone(layers, alternatives, cases):
    own = {**layers, "gates": layers["gates"][layers["gates"]["gate_id"].isin(["listed-parties", "listed-buyers"])]}
    found = gates(own, alternatives, cases)
    assert set(found["result"]) <= {"fail", "unknown"}
    assert not found[["screens", "conditions"]].any().any()


def test_a_laboratory_of_a_listed_body_fails(layers, alternatives):
    role = {"party_id": "paec", "role": "developer", "destination_ids": "", "site_ids": "hattar-sez", "deposit_ids": "", "source_id": "s"}
    own = {**layers, "party_roles": pd.concat([layers["party_roles"], pd.DataFrame([role])], ignore_index=True)}
    row = verdict(own, alternatives, "listed-parties", "hattar-sez")
    assert row["result"] == "fail"
    assert row["reason"].startswith("fails: Pakistan Atomic Energy Commission is on the US Entity List")


def test_being_on_a_watch_list_is_no_denial(layers, alternatives):
    row = verdict(layers, alternatives, "listed-buyers", "reko-diq-plant-site", partner="japan", stage="copper-concentrate")
    assert row["result"] == "unknown"
    watched = find_listed(layers, DAY).query("party_id == 'mitsubishi-materials'")
    assert watched["list_id"].tolist() == ["prc-watch-jp"]


def test_a_share_that_no_source_prints_is_no_evidence(layers):
    owners = layers["party_owners"]
    known = owners[["share_low_frac", "share_high_frac"]].notna().any(axis=1)
    assert (owners.loc[~known, "grade"] == "").all()
    assert set(owners.loc[owners["grade"] == "A", "owned_id"]) == {"less-common-metals"}
    assert (owners.loc[known & owners["source_id"].str.contains("GK"), "grade"] == "A").all()
