"""Inland legs abroad."""

import pandas as pd
import pytest

from geokit.network.destinations import inland_legs


@pytest.fixture
def abroad(assumptions):
    rate = {"low": 0.01, "mode": 0.02, "high": 0.05}
    return assumptions.replace(transport__inland_abroad_tortuosity=1.5, transport__inland_abroad_usd_per_t_km=rate).transport


@pytest.fixture
def ports():
    rows = [("EAST", "destination", 0.0, 10.0), ("WEST", "destination", 0.0, 0.0), ("HOME", "origin", 0.0, 4.0)]
    return pd.DataFrame(rows, columns=["port_id", "role_code", "lat", "lon"])


def plants(*rows):
    return pd.DataFrame(rows, columns=["destination_id", "lat", "lon", "port_id"])


def test_the_leg_is_the_great_circle_times_windings_and_rate(ports, abroad, degree_km):
    row = inland_legs(plants(("mill", 0.0, 2.0, "WEST")), ports, abroad).loc["mill"]
    assert row["km"] == pytest.approx(2 * degree_km * 1.5)
    costs = [row["usd_per_t_low"], row["usd_per_t"], row["usd_per_t_high"]]
    assert costs == pytest.approx([3 * degree_km * rate for rate in (0.01, 0.02, 0.05)])


def test_the_own_port_goes_before_the_nearest_and_a_port_of_departure_is_none(ports, abroad):
    legs = inland_legs(plants(("mill", 0.0, 3.0, "EAST"), ("works", 0.0, 4.0, "")), ports, abroad)
    assert legs["port_id"].tolist() == ["EAST", "WEST"]
    assert legs["own_port"].tolist() == [True, False]


def test_a_plant_without_a_place_or_with_an_unknown_port_has_no_leg(ports, abroad):
    assert inland_legs(plants(("lost", float("nan"), 0.0, ""), ("odd", 0.0, 0.0, "NOWHERE")), ports, abroad).empty


def test_every_plant_abroad_has_a_port_with_lanes_from_every_port_of_departure(layers, assumptions):
    legs = inland_legs(layers["destinations"], layers["ports"], assumptions.transport)
    assert set(legs.index) == set(layers["destinations"]["destination_id"])
    lanes = set(map(tuple, layers["sea_distances"][["from_port_id", "to_port_id"]].to_numpy()))
    assert all((origin, port) in lanes for origin in ("PKKHI", "PKBQM", "PKGWD") for port in set(legs["port_id"]))


def test_straight_lengths_are_those_of_the_layer(layers, assumptions):
    """The dossier measured the straight way from port to plant on its own, in whole km."""
    rows = layers["destinations"].set_index("destination_id")["port_to_plant_km_straight"].dropna()
    legs = inland_legs(layers["destinations"], layers["ports"], assumptions.transport)
    straight = legs["km"] / assumptions.transport.inland_abroad_tortuosity
    assert len(rows) > 25
    assert (straight[rows.index] - rows).abs().max() <= 2.0


def test_each_partner_has_a_port(layers):
    assert set(layers["partners"]["partner_id"]) <= set(layers["ports"]["partner_id"])
