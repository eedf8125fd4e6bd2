"""Snapping and land hauls in the country of four towns."""

import pandas as pd
import pytest

from geokit.network.land import build_land, land_hauls
from geokit.network.snap import list_places, snap_places, straight_km


@pytest.fixture
def land(country, plain):
    return build_land(country, plain)


def haul(land, origin, destination):
    position = dict(zip(land.places["place_id"], land.places.index, strict=True))
    rows = land_hauls(pd.DataFrame({"origin": [position[origin]], "destination": [position[destination]]}), land)
    return None if rows.empty else rows.iloc[0]


def place(land, name):
    return land.places.set_index("place_id").loc[name]


def test_every_kind_of_place_is_listed(country):
    counts = list_places(country)["kind"].value_counts().to_dict()
    assert counts == {"port": 5, "node": 4, "deposit": 3, "site": 2}


def test_straight_km_on_the_equator(degree_km):
    here, there = pd.DataFrame({"lat": [0.0], "lon": [0.0]}), pd.DataFrame({"lat": [0.0], "lon": [1.0]})
    assert straight_km(here, there)[0] == pytest.approx(degree_km, rel=1e-9)


def test_a_deposit_snaps_to_the_nearest_town_on_an_open_road(land, degree_km):
    assert place(land, "dep-far")["node_id"] == "FAR"
    assert place(land, "dep-far")["gap_km"] == pytest.approx(0.1 * degree_km, rel=1e-6)


def test_a_town_whose_roads_are_closed_is_not_snapped_to(country, plain):
    country["links"].loc[country["links"]["link_id"] == "r3", "status_code"] = "closed"
    assert place(build_land(country, plain), "dep-far")["node_id"] == "END"


def test_a_deposit_without_coordinates_has_no_haul(land):
    assert pd.isna(place(land, "dep-lost")["gap_km"])
    assert haul(land, "dep-lost", "P1") is None


def test_beyond_the_snap_limit_there_is_no_haul(land):
    assert haul(land, "dep-remote", "P1") is None


def test_without_roads_nothing_snaps(country, plain):
    country["links"] = country["links"][country["links"]["mode"] == "rail"]
    land = build_land(country, plain)
    assert haul(land, "dep-far", "P1") is None
    assert haul(land, "END", "P1")["usd_per_t"] == pytest.approx(4.0)


def test_ports_and_nodes_are_on_the_network(land):
    assert place(land, "P1")["gap_km"] == place(land, "FAR")["gap_km"] == 0.0


def test_snapping_leaves_its_input_alone(country, land):
    places = list_places(country)
    before = places.copy()
    snap_places(places, land.network, country)
    pd.testing.assert_frame_equal(places, before)


def test_up_country_the_train_wins(land):
    row = haul(land, "P1", "END")
    assert (row["usd_per_t"], row["rail_km"], row["road_km"], row["transfers"]) == pytest.approx((4.0 + 3.0, 200.0, 0.0, 1.0))


def test_home_bound_from_inland_the_empty_truck_wins(land):
    row = haul(land, "END", "P1")
    assert (row["usd_per_t"], row["road_km"], row["transfers"]) == pytest.approx((2.0, 200.0, 0.0))
    assert (row["usd_per_t_low"], row["usd_per_t_high"]) == pytest.approx((1.0, 8.0))


def test_a_load_from_the_wild_rides_no_empty_truck_even_inland(land):
    row = haul(land, "FAR", "P1")
    assert row["usd_per_t"] == pytest.approx(50 * 0.04 + 3.0 + 200 * 0.02)
    assert row["rail_km"] == 200


def test_freight_reaches_the_quay_by_rail_without_a_transfer(land):
    assert haul(land, "FAR", "P1")["transfers"] == 1


def test_the_gorge_is_assumed_open_and_named(land):
    assert haul(land, "FAR", "P1")["assumed_open"] == "The gorge"
    assert haul(land, "END", "P1")["assumed_open"] == ""


def test_the_summer_road_closes_half_the_year(land):
    assert haul(land, "FAR", "P1")["closed_days"] == 31 + 28 + 31 + 31 + 30 + 31
    assert pd.isna(haul(land, "END", "P1")["closed_days"])


def test_the_gap_is_paid_at_the_dear_rate(land, degree_km):
    gap = 0.1 * degree_km
    off, on = haul(land, "dep-far", "P1"), haul(land, "FAR", "P1")
    assert off["usd_per_t"] - on["usd_per_t"] == pytest.approx(gap * 0.04, rel=1e-6)
    assert off["hours"] - on["hours"] == pytest.approx(gap / 25, rel=1e-6)
    assert off["gap_km"] == pytest.approx(gap, rel=1e-6)


def test_the_radius_of_a_deposit_widens_low_and_high(land, degree_km):
    off, on = haul(land, "dep-far", "P1"), haul(land, "FAR", "P1")
    gap = 0.1 * degree_km
    assert off["usd_per_t_low"] - on["usd_per_t_low"] == pytest.approx((gap - 5) * 0.02, rel=1e-6)
    assert off["usd_per_t_high"] - on["usd_per_t_high"] == pytest.approx((gap + 5) * 0.06, rel=1e-6)


def test_a_wide_circle_never_makes_the_low_gap_negative(country, plain):
    country["deposits"].loc[0, "coord_accuracy_km"] = 500.0
    land = build_land(country, plain)
    assert haul(land, "dep-far", "P1")["usd_per_t_low"] == pytest.approx(haul(land, "FAR", "P1")["usd_per_t_low"])


def test_neighbours_off_the_network_meet_on_a_direct_track(land, degree_km):
    row = haul(land, "dep-far", "site-far")
    assert row["direct"]
    assert row["usd_per_t"] == pytest.approx(0.01 * degree_km * 0.04, rel=1e-4)


def test_a_direct_track_replaces_the_road_between_two_towns(country, plain, degree_km):
    country["deposits"].loc[0, ["lon", "coord_accuracy_km"]] = [2.49, 0.0]
    country["sites"].loc[1, "lon"] = 2.51
    land = build_land(country, plain)
    assert [place(land, name)["node_id"] for name in ("dep-far", "site-far")] == ["END", "FAR"]
    row = haul(land, "dep-far", "site-far")
    assert (row["road_km"], row["transfers"]) == (0.0, 0.0)
    assert row["usd_per_t"] == pytest.approx(0.02 * degree_km * 0.04, rel=1e-4)
    assert pd.isna(row["closed_days"])


def test_a_direct_track_is_never_longer_than_the_gaps_it_replaces(land):
    assert not haul(land, "dep-far", "site-end")["direct"]


def test_tortuosity_and_factor_multiply_the_gap(country, plain, degree_km):
    doubled = plain.replace(
        transport__offnetwork_tortuosity={"low": 1.0, "mode": 1.5, "high": 2.0},
        transport__offnetwork_cost_factor={"low": 1.0, "mode": 2.0, "high": 4.0},
    )
    off, on = (haul(build_land(country, doubled), name, "P1") for name in ("dep-far", "FAR"))
    assert off["usd_per_t"] - on["usd_per_t"] == pytest.approx(0.1 * degree_km * 0.04 * 1.5 * 2.0, rel=1e-6)
    assert off["gap_km"] == pytest.approx(0.1 * degree_km * 1.5, rel=1e-6)


def test_the_security_premium_is_paid_once_by_whatever_uses_a_road(country, plain):
    guarded = plain.replace(transport__security_premium_usd_per_t={"low": 1.0, "mode": 2.0, "high": 3.0})
    for origin in ("FAR", "END"):
        with_guard, without = (haul(build_land(country, a), origin, "P1") for a in (guarded, plain))
        assert with_guard["usd_per_t"] - without["usd_per_t"] == pytest.approx(2.0)
    assert haul(build_land(country, guarded), "FAR", "FAR")["usd_per_t"] == 0.0


def test_an_unbuilt_port_receives_nothing(land):
    assert haul(land, "END", "P2") is None
