"""Every haul of the real layers again: networkx for the ways, plain arithmetic for tracks, ships and charges.

The layers are taken without their relief, so that tracks are straight lines times the tortuosity; with it they have tests of their own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from pyproj import Geod

from geokit.network import route

GEOD = Geod(ellps="WGS84")
TORTUOSITY, DEARER, DEAR_RATE = 1.3, 2.0, 0.04
TRANSFER = 3.0


@pytest.fixture(scope="module")
def hauls(layers, alternatives, assumptions):
    return route(replace(layers, root=Path("nowhere")), alternatives, assumptions=assumptions)


def rows(layers, table):
    return layers[table].to_dict("records")


def straight_km(here, there):
    return GEOD.inv(here["lon"], here["lat"], there["lon"], there["lat"])[2] / 1000.0


def is_open(link):
    return link["status_code"] in {"open", "seasonal"} and not math.isnan(link["length_km"]) and link["heavy_trucks"] != "no"


@pytest.fixture(scope="module")
def home_km(layers):
    """Return the road distance of each town from its nearest working port."""
    roads = nx.MultiGraph()
    built = [link for link in rows(layers, "links") if link["mode"] == "road" and link["status_code"] in {"open", "seasonal", "closed"}]
    roads.add_weighted_edges_from((link["from"], link["to"], link["length_km"]) for link in built if not math.isnan(link["length_km"]))
    docks = {port["node_id"] for port in working_ports(layers)}
    return nx.multi_source_dijkstra_path_length(roads, docks & set(roads))


def working_ports(layers):
    ports = layers["ports"].query("role_code == 'origin' and status_code == 'operating' and node_id != ''")
    return ports.to_dict("records")


@pytest.fixture(scope="module")
def country(layers, home_km):
    """Return a graph of (mode, town), priced at mode, for loads without and with an empty truck to ride."""
    province = {node["node_id"]: node["province_id"] for node in rows(layers, "nodes")}
    lowland = {"punjab", "khyber-pakhtunkhwa", "sindh"}
    graphs = {}
    for backhaul in (False, True):
        graph = nx.DiGraph()
        for link in filter(is_open, rows(layers, "links")):
            for tail, head in ((link["from"], link["to"]), (link["to"], link["from"])):
                rate = 0.0144 if link["mode"] == "rail" else 0.04
                homeward = home_km.get(head, math.inf) < home_km.get(tail, math.inf)
                if backhaul and link["mode"] == "road" and homeward and {province[tail], province[head]} <= lowland:
                    rate = 0.014
                old = graph.get_edge_data((link["mode"], tail), (link["mode"], head), {"weight": math.inf})["weight"]
                graph.add_edge((link["mode"], tail), (link["mode"], head), weight=min(old, rate * link["length_km"]))
        for node in rows(layers, "nodes"):
            pair = ("road", node["node_id"]), ("rail", node["node_id"])
            if node["modes"].find("road") >= 0 and node["modes"].find("rail") >= 0 and set(pair) <= set(graph):
                graph.add_edge(*pair, weight=TRANSFER)
                graph.add_edge(*pair[::-1], weight=TRANSFER)
        graphs[backhaul] = graph
    return graphs


@pytest.fixture(scope="module")
def places(layers, country):
    """Return every deposit and site with its nearest town on an open road and the straight gap."""
    towns = [node for node in rows(layers, "nodes") if ("road", node["node_id"]) in country[False]]
    found = {}
    for table, key in (("sites", "site_id"), ("deposits", "deposit_id")):
        for place in rows(layers, table):
            if not math.isnan(place["lat"]):
                near = min(towns, key=lambda town: great_circle(place, town))
                found[place[key]] = place | {"town": near["node_id"], "gap": straight_km(place, near), "province": near["province_id"]}
    return found


def great_circle(here, there):
    """Return the angle between two places on a ball, which orders them as the distance does."""
    a, b, c, d = (math.radians(figure) for figure in (here["lat"], here["lon"], there["lat"], there["lon"]))
    return math.acos(min(1.0, math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d)))


@pytest.fixture(scope="module")
def ways(country, places):
    """Return the costs of all paths from the town of a place, each solved once."""
    solved = {}

    def solve(place):
        key = (places[place]["town"], places[place]["province"] in {"punjab", "khyber-pakhtunkhwa"})
        if key not in solved:
            solved[key] = nx.single_source_dijkstra_path_length(country[key[1]], ("road", key[0]))
        return solved[key]

    return solve


def track(km):
    return km * TORTUOSITY * DEARER * DEAR_RATE


def test_the_figures_typed_here_are_those_of_the_layers(layers, assumptions):
    transport = assumptions.transport
    found = (transport.offnetwork_tortuosity.mode, transport.offnetwork_cost_factor.mode, transport.transfer_usd_per_t.mode)
    assert found == (TORTUOSITY, DEARER, TRANSFER)
    rates = layers["freight_rates"].set_index("rate_id")["usd_per_t_km"].to_dict()
    assert rates == {"road-up-country": 0.04, "road-port-bound": 0.04, "road-port-bound-backhaul": 0.014, "rail": 0.0144}


def test_every_feed_haul_is_track_and_cheapest_way_and_track(hauls, places, ways):
    feed = hauls.query("kind == 'feed' and origin_id != destination_id").to_dict("records")
    assert len(feed) > 1000
    for haul in feed:
        here, there = places[haul["origin_id"]], places[haul["destination_id"]]
        apart = straight_km(here, there)
        expected = track(here["gap"] + there["gap"]) + ways(haul["origin_id"]).get(("road", there["town"]), math.inf)
        if apart <= here["gap"] + there["gap"]:
            expected = track(apart)
        assert haul["usd_per_t"] == pytest.approx(expected, rel=1e-9), haul


def test_every_way_to_a_port_ends_on_the_nearer_of_its_road_and_its_rail(hauls, layers, places, ways):
    docks = {port["port_id"]: port["node_id"] for port in working_ports(layers)}
    to_port = hauls.query("kind == 'port'").to_dict("records")
    assert len(to_port) > 300
    coast = {port["port_id"]: port for port in rows(layers, "ports")}
    for haul in to_port:
        here, dock = places[haul["origin_id"]], docks[haul["destination_id"]]
        arrive = min(ways(haul["origin_id"]).get((mode, dock), math.inf) for mode in ("road", "rail"))
        apart = straight_km(here, coast[haul["destination_id"]])
        expected = track(apart) if apart <= here["gap"] else track(here["gap"]) + arrive
        assert haul["usd_per_t"] == pytest.approx(expected, rel=1e-9), haul


def test_no_place_within_reach_is_left_out(hauls, places, ways, alternatives, assumptions):
    limit = assumptions.transport.snap_limit_km
    plants = {place for place in alternatives.query("kind == 'plant'")["place_id"] if places.get(place, {}).get("gap", math.inf) <= limit}
    reached = set(hauls.query("kind == 'port'")["origin_id"])
    assert {place for place in plants if any(mode == "road" for mode, _ in ways(place))} <= reached


@pytest.fixture(scope="module")
def beyond(hauls):
    """Return what each delivered row costs on top of its way to the port: low, mode and high by (port, destination, product)."""
    ends = ["usd_per_t_low", "usd_per_t", "usd_per_t_high"]
    by_land = {(row["origin_id"], row["destination_id"]): row for row in hauls.query("kind == 'port'").to_dict("records")}
    found = defaultdict(list)
    for row in hauls.query("kind == 'delivered'").to_dict("records"):
        land = by_land[row["origin_id"], row["via_port_id"]]
        rest = [row[end] - land[end] for end in ends]
        found[row["via_port_id"], row["destination_id"], row["product_id"]].append((row["origin_id"], rest, land["usd_per_t"]))
    return dict(found)


def test_delivered_is_land_plus_what_depends_on_the_port_alone(beyond):
    assert len(beyond) > 100
    for key, legs in beyond.items():
        for _, rest, _ in legs:
            assert rest == pytest.approx(legs[0][1], abs=1e-9), key
            assert 0 <= rest[0] <= rest[1] <= rest[2], key


@pytest.mark.parametrize("end", [0, 1, 2])
def test_a_cargo_of_bulk_from_the_port_without_charges_pays_the_voyage(layers, beyond, end):
    """Handysize, 25 000 t, Karachi to Japan without a canal: hire, fuel and port costs by the voyage formula, one line after another."""
    harbour = layers["partners"].set_index("partner_id").loc["japan", "default_port_id"]
    nm = layers["sea_distances"].set_index(["from_port_id", "to_port_id"]).loc[("PKKHI", harbour), "nm"]
    hire, bunker, ballast, turn, port_costs = (
        (9000, 11662, 18960)[end], figure(layers, "bunker", end), figure(layers, "position", end), figure(layers, "turn", end),
        figure(layers, "port_costs_handysize", end),
    )  # fmt: skip
    speed, load, discharge = (figure(layers, name, 2 - end) for name in ("speed", "load_rate_handysize", "disch_rate_handysize"))
    at_sea = nm * 1.05 / (24 * speed) * (1 + ballast)
    in_port = 25_000 / load + 25_000 / discharge + turn
    cost = hire * (at_sea + in_port) + bunker * (figure(layers, "fuel_handysize", end) * at_sea + 3 * in_port) + port_costs
    found = [legs[0][1][end] for (via, destination, _), legs in beyond.items() if (via, destination) == ("PKKHI", harbour)]
    assert found == pytest.approx([cost / 25_000 / 0.95] * len(found), rel=1e-9)
    assert found


def figure(layers, name, end):
    """Return a parameter of the voyage at its low (0), mode (1) or high (2); a blank end is the mode."""
    row = layers["ocean_freight"].set_index("freight_id").loc[name]
    value = row[("low", "mode", "high")[end]]
    return row["mode"] if math.isnan(value) else value


def test_no_other_port_that_ships_the_product_would_have_been_cheaper(layers, hauls, beyond):
    charges = defaultdict(float)
    for row in rows(layers, "port_charges"):
        charges[row["port_id"], row["pack"]] += row["usd_per_t"]
    pack = {row["product_id"]: row["pack"] or "bulk" for row in rows(layers, "products")}
    at_sea = {key: legs[0][1][1] - charges[key[0], pack[key[2]]] for key, legs in beyond.items()}
    by_land = hauls.query("kind == 'port'").set_index(["origin_id", "destination_id"])["usd_per_t"].to_dict()
    for (via, destination, product), legs in beyond.items():
        for other in {port for port, there, what in at_sea if (there, what) == (destination, product)}:
            for origin, _, land in legs:
                elsewhere = by_land.get((origin, other), math.inf) + at_sea[other, destination, product]
                assert land + at_sea[via, destination, product] <= elsewhere + 1e-9, (origin, via, other)


def test_what_a_host_ships_touches_no_land(hauls):
    by_sea = hauls.query("kind == 'sea'")
    assert len(by_sea)
    assert (by_sea[["road_km", "rail_km", "transfers", "gap_km"]] == 0).all(axis=None)
    assert (by_sea["via_port_id"] == "").all()
