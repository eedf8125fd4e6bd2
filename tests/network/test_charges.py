"""What is paid once a haul takes part in the choice of the way: the price of a haul is that of the cheapest of all its ways."""

import itertools

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.network import find_route
from geokit.network.build import build_network
from geokit.network.land import build_land, close_land, land_hauls
from geokit.network.reliability import path_links
from tests.network.conftest import make_country

MONEY = ["usd_per_t_low", "usd_per_t", "usd_per_t_high"]
TOWNS = ["HARB", "MID", "END", "FAR"]


def flat(figure):
    return {"low": figure, "mode": figure, "high": figure}


def charged(assumptions, *, terminal=0.0, minimum_km=0.0, premium=0.0):
    return assumptions.replace(
        transport__rail_terminal_usd_per_t=flat(terminal),
        transport__rail_minimum_km=minimum_km,
        transport__security_premium_usd_per_t=flat(premium),
    )


def haul(land, origin, destination):
    position = dict(zip(land.places["place_id"], land.places.index, strict=True))
    return land_hauls(pd.DataFrame({"origin": [position[origin]], "destination": [position[destination]]}), land).iloc[0]


def test_terminals_that_make_the_railway_dear_send_the_load_by_road(country, plain):
    """The train costs 200 x 0.02, a transfer of 3 and terminals of 2: 9; the truck 200 x 0.04: 8."""
    row = haul(build_land(country, charged(plain, terminal=2.0)), "P1", "END")
    assert (row["usd_per_t"], row["rail_km"]) == pytest.approx((8.0, 0.0))


def test_kilometres_charged_but_not_run_send_the_load_by_road(country, plain):
    """The train is charged 300 of 200 km: 6 and a transfer of 3; the truck costs 8."""
    row = haul(build_land(country, charged(plain, minimum_km=300.0)), "P1", "END")
    assert (row["usd_per_t"], row["rail_km"]) == pytest.approx((8.0, 0.0))


def test_a_premium_on_roads_sends_the_load_by_rail(country, plain):
    """The empty truck costs 200 x 0.01 and 6 of premium: 8; the train 200 x 0.02 and a transfer of 3: 7."""
    row = haul(build_land(country, charged(plain, premium=6.0)), "END", "P1")
    assert (row["usd_per_t"], row["road_km"]) == pytest.approx((7.0, 0.0))


def test_whoever_comes_by_track_has_paid_the_premium_and_takes_the_road(country, plain):
    country["sites"].loc[0, "lon"] = 2.01
    land = build_land(country, charged(plain, premium=6.0))
    row, free = haul(land, "site-end", "P1"), haul(build_land(country, plain), "site-end", "P1")
    assert row["road_km"] == free["road_km"] == 200
    assert row["usd_per_t"] == pytest.approx(free["usd_per_t"] + 6.0)


def test_two_runs_by_rail_pay_two_terminals(country, plain):
    """Between the two lines the load rides a truck for 1 km."""
    ways = [("t1", "HARB", "MID", "rail", 100.0), ("r2", "MID", "END", "road", 1.0), ("t2", "END", "FAR", "rail", 100.0)]
    links = country["links"].set_index("link_id").loc[[way[0] for way in ways]].reset_index()
    for at, name in enumerate(["link_id", "from", "to", "mode", "length_km"]):
        links[name] = [way[at] for way in ways]
    layers = country | {"links": links}
    free, dear = (haul(build_land(layers, charged(plain, terminal=fee)), "HARB", "FAR") for fee in (0.0, 0.25))
    assert (free["rail_km"], free["road_km"], free["transfers"]) == (200, 1, 2)
    assert dear["usd_per_t"] - free["usd_per_t"] == pytest.approx(0.5)


def price(path, *, terminal, minimum_km, premium):
    """Return the full price of a list of edges of the graph."""
    total, by_road = 0.0, False
    for mode, run in itertools.groupby(path, key=lambda edge: edge["mode"]):
        edges = list(run)
        total += sum(edge["usd_per_t"] for edge in edges)
        by_road |= mode == "road"
        if mode == "rail":
            total += terminal + 0.02 * max(minimum_km - sum(edge["km"] for edge in edges), 0.0)
    return total + premium * by_road


def list_ways(network, backhaul, start, end):
    graph = nx.MultiDiGraph()
    for number, edge in enumerate(network.edges[backhaul].to_dict("records")):
        graph.add_edge(edge["tail"], edge["head"], key=number, **edge)
    for way in nx.all_simple_edge_paths(graph, start, end):
        yield [graph.edges[step] for step in way]


@settings(max_examples=15, deadline=None)
@given(
    terminal=st.sampled_from([0.0, 0.5, 2.0]),
    minimum_km=st.sampled_from([0.0, 90.0, 150.0, 260.0]),
    premium=st.sampled_from([0.0, 1.0, 3.0, 8.0]),
    ends=st.permutations(TOWNS),
)
def test_no_way_is_cheaper_than_the_price_of_a_haul(assumptions_once, terminal, minimum_km, premium, ends):
    country, fees = make_country(), {"terminal": terminal, "minimum_km": minimum_km, "premium": premium}
    land = build_land(country, charged(assumptions_once, **fees))
    start, end = (land.places.set_index("place_id").loc[town, "source"] for town in ends[:2])
    row = haul(land, *ends[:2])
    least = min(price(way, **fees) for way in list_ways(land.network, bool(row["backhaul"]), start, end))
    assert row["usd_per_t"] == pytest.approx(least)


@pytest.fixture(scope="module")
def assumptions_once(assumptions):
    return assumptions.replace(transport__transfer_usd_per_t={"low": 2.0, "mode": 3.0, "high": 4.0})


@pytest.fixture(scope="module")
def dear(assumptions):
    return charged(assumptions, terminal=2.0, minimum_km=300.0, premium=5.0)


def test_legs_and_links_of_a_charged_haul_are_those_of_its_price(layers, dear):
    found = find_route(layers, "deposit:reko-diq", "port:PKKHI", assumptions=dear)
    assert sum(leg.usd_per_t for leg in found.legs) == pytest.approx(found.usd_per_t)
    told = {leg.name: leg.usd_per_t for leg in found.legs}
    assert told["security premium"] == 5.0
    assert told["terminals and least length"] == pytest.approx(2.0)
    land = build_land(layers, dear)
    links = [link for leg in found.legs for link in leg.link_ids]
    assert path_links([("reko-diq", "PKKHI")], land)["reko-diq", "PKKHI"] == frozenset(links)


def test_a_closure_meets_a_charged_network_as_a_built_one(layers, dear):
    shut = frozenset({"rail-sib-mac"})
    land = build_land(layers, dear)
    built, closed = build_land(layers, dear, closed=shut), close_land(land, shut)
    pairs = pd.MultiIndex.from_product([land.places.query("kind == 'site'").index, [land.places.query("place_id == 'PKKHI'").index[0]]])
    pairs = pairs.to_frame(index=False, name=["origin", "destination"])
    pd.testing.assert_frame_equal(land_hauls(pairs, built)[MONEY], land_hauls(pairs, closed)[MONEY])
    assert (land_hauls(pairs, closed)["usd_per_t"] >= land_hauls(pairs, land)["usd_per_t"] - 1e-9).all()


@pytest.mark.parametrize("backhaul", [False, True])
def test_without_charges_the_graph_is_as_it_was(layers, assumptions, backhaul):
    land = build_land(layers, assumptions)
    assert len(land.paths[backhaul].cost) == len(build_network(layers, assumptions).vertices)
