"""Laws between the layers: distances, legal tracks, the classes that operations need, counts of the dossiers they were compiled from."""

from __future__ import annotations

import datetime as dt

import pytest
from pyproj import Geod

from geokit.core.columns import split_ids
from geokit.dependency import resolve

GEOD = Geod(ellps="WGS84")
TRACKS = {"text", "practice"}


def measure_km(one, other):
    """Return the geodesic between two places, km."""
    return GEOD.inv(one["lon"], one["lat"], other["lon"], other["lat"])[2] / 1000.0


def test_no_link_is_shorter_than_the_ground_between_its_ends_allows(layers):
    nodes = layers["nodes"].set_index("node_id")
    short = []
    for link in layers["links"].itertuples():
        start, end = (nodes.loc[layers["links"].loc[link.Index, side]] for side in ("from", "to"))
        geodesic_km = measure_km(start, end)
        assert link.geodesic_km == pytest.approx(geodesic_km, abs=0.02), link.link_id
        if link.length_km < geodesic_km - link.coord_slack_km - 0.01:
            short.append(link.link_id)
    assert short == []


def test_every_clause_has_both_tracks_and_begins_on_both_the_same_day(layers):
    tracks = layers["status_events"].groupby("clause_id")["track"].agg(set)
    assert set(tracks.index) == set(layers["clauses"]["clause_id"])
    assert all(found == TRACKS for found in tracks)
    for day in (dt.date(2025, 10, 9), dt.date(2025, 11, 8), dt.date(2026, 11, 11), dt.date(2026, 11, 28)):
        states = resolve(layers, on=day)
        assert set(states["clause_id"]) == set(layers["clauses"]["clause_id"])
        begun = states[["state_as_law_stands", "state_as_practised"]] != ""
        assert (begun["state_as_law_stands"] == begun["state_as_practised"]).all()
    assert begun.all(axis=None)


def test_every_class_that_an_operation_needs_exists_and_is_used(layers):
    needed, known = set(layers["operations"]["class_id"]), set(layers["classes"]["class_id"])
    assert needed == known
    assert set(layers["class_items"]["class_id"]) <= known
    assert {one for cell in layers["suppliers"]["class_id"] for one in split_ids(cell)} <= known
    assert set(layers["operations"]["stage_id"]) == set(layers["stages"]["stage_id"])


def test_every_sea_leg_is_at_least_the_great_circle_between_its_ports(layers):
    ports = layers["ports"].set_index("port_id")
    for leg in layers["sea_distances"].itertuples():
        geodesic_nm = measure_km(ports.loc[leg.from_port_id], ports.loc[leg.to_port_id]) / 1.852
        for length in (leg.nm, leg.nm_via_cape, leg.nm_no_hormuz):
            assert not length < geodesic_nm - 0.1, (leg.from_port_id, leg.to_port_id)


def test_closing_a_strait_never_shortens_a_route(layers):
    table = layers["sea_distances"]
    assert (table["nm_via_cape"] >= table["nm"]).all()
    assert not (table["nm_no_hormuz"] < table["nm"]).any()


PROVINCES = {
    "balochistan": (62, 60, 47, 23, 17),
    "khyber-pakhtunkhwa": (41, 41, 15, 14, 10),
    "gilgit-baltistan": (15, 11, 2, 0, 0),
    "punjab|azad-jammu-kashmir": (5, 5, 1, 2, 1),
}
"""Deposits; those with coordinates; to 5 km or better; with a tonnage; with tonnage and grade (``dossier-deposits``, section 1)."""


def count_deposits(rows, *, ends=("low", "mode", "high")):
    """Return the five counts of the compilation; a tonnage counts where any of these ends of its band is known."""
    placed, sized = rows["lat"].notna(), rows[[f"tonnage_million_t_{end}" for end in ends]].notna().any(axis=1)
    near, graded = placed & (rows["coord_accuracy_km"] <= 5.0), rows["grade_value"].notna()
    return (len(rows), *(int(found.sum()) for found in (placed, near, sized, sized & graded)))


def test_sums_by_province_are_those_that_the_compilation_states(layers):
    """A tonnage is any of low, mode and high, which gives the 39 and 28 of the compilation; the project tonnage adds no row.

    The mode alone gives 38: Gunga barytes was compiled with 69.2 million t, which its operator states for the whole lease, and a
    later correction moved that figure to the project tonnage, so that only its low end of 1.28 is left.
    """
    deposits = layers["deposits"]
    assert set(deposits["province_id"]) == {one for cell in PROVINCES for one in split_ids(cell)}
    for cell, stated in PROVINCES.items():
        assert count_deposits(deposits[deposits["province_id"].isin(split_ids(cell))]) == stated, cell
    assert count_deposits(deposits) == (123, 117, 65, 39, 28)
    assert count_deposits(deposits) == tuple(map(sum, zip(*PROVINCES.values(), strict=True)))
    assert count_deposits(deposits, ends=["mode"]) == (123, 117, 65, 38, 28)
    known = deposits[["tonnage_million_t_low", "tonnage_million_t_high", "project_tonnage_million_t"]].notna().any(axis=1)
    unmoded = deposits[deposits["tonnage_million_t_mode"].isna() & known].set_index("deposit_id")
    assert unmoded[["tonnage_million_t_low", "project_tonnage_million_t"]].T.to_dict("list") == {"gunga-barytes": [1.28, 69.2]}


def test_feed_is_available_where_the_compilation_states(layers):
    """Free, captive, committed and contested as its tables count them; for the rest of the deposits it is not known."""
    found = layers["deposits"]["feed_available"].value_counts().to_dict()
    assert found == {"free": 7, "captive": 6, "committed": 15, "contested": 2, "": 93}
