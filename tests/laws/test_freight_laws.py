"""Laws of freight on the real layers."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.core.columns import split_ids
from geokit.network.build import GATE, QUAY, build_network
from geokit.network.closures import close_links, list_closures
from geokit.network.land import build_land, close_land, land_hauls
from geokit.network.paths import find_paths
from geokit.network.rates import open_links
from geokit.network.route import route


@pytest.fixture(scope="module")
def network(layers, assumptions):
    return build_network(layers, assumptions)


@pytest.fixture(scope="module")
def hauls(real_freight):
    return real_freight.hauls


def changed(layers, **tables):
    """Return the layers with other tables and the same folder, so that their relief stays."""
    return replace(layers, tables={**layers, **tables})


def costs(network, *, backhaul=False, without=""):
    edges = network.edges[backhaul]
    solved = find_paths(edges[edges["link_id"] != without] if without else edges, len(network.vertices))
    names = pd.MultiIndex.from_frame(network.vertices)
    return pd.DataFrame(solved.cost, index=names, columns=names)


def with_status(layers, link_id, status):
    links = layers["links"].copy()
    links.loc[links["link_id"] == link_id, "status_code"] = status
    return changed(layers, links=links)


def snapped_provinces(layers, assumptions):
    return build_land(layers, assumptions).places.drop_duplicates("place_id").set_index("place_id")["province_id"]


def test_zero_distance_costs_zero(layers, assumptions):
    land = build_land(layers, assumptions)
    everywhere = land.places.index[land.places["gap_km"].notna() & (land.places["target"] >= 0)]
    rows = land_hauls(pd.DataFrame({"origin": everywhere, "destination": everywhere}), land)
    assert len(rows) == len(everywhere)
    assert (rows[["usd_per_t_low", "usd_per_t", "usd_per_t_high", "hours", "road_km", "rail_km", "gap_km"]] == 0).all(axis=None)


@pytest.mark.parametrize("mode", ["road", "rail"])
def test_doubling_a_rate_doubles_its_leg_and_no_other(layers, assumptions, network, mode):
    rates = layers["freight_rates"].copy()
    rates.loc[rates["mode"] == mode, ["usd_per_t_km_low", "usd_per_t_km", "usd_per_t_km_high"]] *= 2
    doubled = build_network(changed(layers, freight_rates=rates), assumptions)
    for backhaul in (False, True):
        before, after = network.edges[backhaul], doubled.edges[backhaul]
        factor = np.where(before["mode"] == mode, 2.0, 1.0)
        for name in ("usd_per_t_low", "usd_per_t", "usd_per_t_high"):
            np.testing.assert_allclose(after[name], before[name] * factor)


def test_doubling_every_price_doubles_every_haul(layers, assumptions):
    land = build_land(layers, assumptions)
    rates = layers["freight_rates"].copy()
    rates[["usd_per_t_km_low", "usd_per_t_km", "usd_per_t_km_high"]] *= 2
    transfer = assumptions.transport.transfer_usd_per_t
    twice = assumptions.replace(transport__transfer_usd_per_t={name: 2 * getattr(transfer, name) for name in ("low", "mode", "high")})
    doubled = build_land(changed(layers, freight_rates=rates), twice)
    deposits = land.places.index[land.places["kind"] == "deposit"]
    port = land.places.index[land.places["target"].isin(land.network.vertices.query("mode == @QUAY").index)][0]
    pairs = pd.DataFrame({"origin": deposits, "destination": port})
    once, after = land_hauls(pairs, land), land_hauls(pairs, doubled)
    assert len(once) > 90
    np.testing.assert_allclose(after["usd_per_t"], 2 * once["usd_per_t"])


@pytest.mark.parametrize("backhaul", [False, True])
def test_removing_any_link_never_lowers_a_cost(layers, network, backhaul):
    before = costs(network, backhaul=backhaul)
    raised = 0
    for link_id in open_links(layers["links"])["link_id"]:
        after = costs(network, backhaul=backhaul, without=link_id)
        assert (after >= before - 1e-9).all(axis=None), link_id
        raised += bool((after > before + 1e-9).any(axis=None))
    assert raised > 80, "most links matter to someone"


@pytest.mark.parametrize("backhaul", [False, True])
def test_closing_a_link_in_the_layer_never_lowers_a_cost(layers, assumptions, network, backhaul):
    before = costs(network, backhaul=backhaul)
    for link_id in open_links(layers["links"])["link_id"].iloc[::16]:
        after = costs(build_network(with_status(layers, link_id, "closed"), assumptions), backhaul=backhaul)
        shared = before.loc[after.index, after.columns]
        assert (after >= shared - 1e-9).all(axis=None), link_id


def test_no_named_closure_lowers_the_cost_of_any_haul(layers, assumptions):
    land = build_land(layers, assumptions)
    where = land.places.index[land.places["kind"].isin(["deposit", "site"])]
    ports = land.places.index[(land.places["kind"] == "port") & (land.places["target"] >= 0)]
    pairs = pd.MultiIndex.from_product([where, ports], names=["origin", "destination"]).to_frame(index=False)
    before, dearer = land_hauls(pairs, land)["usd_per_t"], 0
    closures = list_closures(layers)["closure_id"]
    assert len(closures) > 10
    for name in closures:
        after = land_hauls(pairs, close_land(land, close_links(layers, [name])))["usd_per_t"]
        assert set(after.index) <= set(before.index), name
        assert (after >= before.loc[after.index] - 1e-9).all(), name
        dearer += bool((after > before.loc[after.index] + 1e-9).any() or len(after) < len(before))
    assert dearer > 5


def test_a_year_that_opens_links_never_raises_a_cost(layers, assumptions, network):
    links = layers["links"]
    dated = links.assign(open_from=links["open_from"].mask(links["status_code"].isin(["planned", "construction"]), "2030-01-01"))
    before = costs(network, backhaul=True)
    none, some = (build_network(changed(layers, links=dated), assumptions, year=year) for year in (2029, 2030))
    pd.testing.assert_frame_equal(costs(none, backhaul=True), before)
    after = costs(some, backhaul=True).loc[before.index, before.columns]
    assert (after <= before + 1e-9).all(axis=None)
    assert (after < before - 1e-9).any(axis=None)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_with_any_links_closed_costs_are_those_of_networkx(layers, network, data):
    closed = data.draw(st.frozensets(st.sampled_from(sorted(open_links(layers["links"])["link_id"])), max_size=40))
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(network.vertices.index)
    edges = network.edges[False]
    for tail, head, cost in edges[~edges["link_id"].isin(closed)][["tail", "head", "usd_per_t"]].itertuples(index=False):
        graph.add_edge(tail, head, weight=cost)
    cut = network.close(closed)
    ours = find_paths(cut.edges[False], len(cut.vertices)).cost
    source = data.draw(st.sampled_from(sorted(network.vertices.index)))
    theirs = nx.single_source_dijkstra_path_length(graph, source)
    np.testing.assert_allclose(ours[source], [theirs.get(vertex, np.inf) for vertex in network.vertices.index], atol=1e-9)


def test_no_link_is_shorter_than_the_ground_between_its_towns_allows(layers):
    links = layers["links"]
    short = links["length_km"] < links["geodesic_km"] - links["coord_slack_km"] - 0.01
    assert links.loc[short, "link_id"].tolist() == []


def test_a_link_that_is_twice_its_straight_line_says_why(layers):
    """A share of a published whole that fits so badly was shared out over the wrong part of it."""
    links = layers["links"]
    long = links[(links["length_km"] > 2 * links["geodesic_km"]) & (links["length_basis_code"] == "prorated")]
    assert long["link_id"].tolist() == []


@pytest.mark.parametrize("backhaul", [False, True])
def test_adding_a_link_never_raises_a_cost(layers, assumptions, network, backhaul):
    before = costs(network, backhaul=backhaul)
    idle = layers["links"][~layers["links"]["link_id"].isin(open_links(layers["links"])["link_id"])]
    idle = idle.query("surface_code != '' and heavy_trucks != 'no' and length_km == length_km")
    assert len(idle) > 5
    for link_id in idle["link_id"]:
        after = costs(build_network(with_status(layers, link_id, "open"), assumptions), backhaul=backhaul)
        assert (after.loc[before.index, before.columns] <= before + 1e-9).all(axis=None), link_id


@pytest.mark.parametrize("backhaul", [False, True])
@pytest.mark.parametrize("node_id", ["PPAS", "GADA", "MUX", "LHE", "PEW", "UET"])
def test_another_port_never_raises_a_cost(layers, assumptions, network, node_id, backhaul):
    before = costs(network, backhaul=backhaul)
    port = layers["ports"].query("port_id == 'PKKHI'").assign(port_id="PKNEW", node_id=node_id)
    more = build_network(changed(layers, ports=pd.concat([layers["ports"], port], ignore_index=True)), assumptions)
    after = costs(more, backhaul=backhaul).loc[before.index, before.columns]
    assert (after <= before + 1e-9).all(axis=None)


@pytest.mark.parametrize("backhaul", [False, True])
def test_towards_the_port_is_never_dearer_than_up_country(network, backhaul):
    table = costs(network, backhaul=backhaul)
    down = table.loc[["road", "rail"], QUAY].min(axis=1).groupby(level=1).min()
    up = table.loc[GATE, ["road", "rail"]].min(axis=0).groupby(level=1).min()
    assert len(down) > 100
    assert (down <= up + 1e-9).all()


def test_an_empty_truck_is_never_dearer_than_a_hired_one(network):
    assert (costs(network, backhaul=True) <= costs(network) + 1e-9).all(axis=None)


def test_the_discount_reaches_loads_that_start_where_it_is_evidenced_and_no_other(layers, alternatives, assumptions, hauls):
    rates = layers["freight_rates"]
    scope = set(split_ids(";".join(rates["origin_province_ids"])))
    without = route(changed(layers, freight_rates=rates.query("origin_province_ids == ''")), alternatives, assumptions=assumptions)
    places = snapped_provinces(layers, assumptions)
    cheaper = hauls["usd_per_t"] < without["usd_per_t"] - 1e-9
    home = hauls["origin_id"].map(places).isin(scope)
    assert cheaper[home].sum() > 100
    assert not cheaper[~home].any()


def test_no_sea_lane_is_shorter_than_the_great_circle(hauls, layers):
    table = layers["sea_distances"]
    assert (table["nm"] >= table["great_circle_nm"]).all()
    by_sea = hauls.query("sea_km > 0 and kind != 'plant'")
    port = by_sea["via_port_id"].where(by_sea["via_port_id"] != "", by_sea["origin_id"])
    circle = table.set_index(["from_port_id", "to_port_id"])["great_circle_nm"]
    shortest = circle.reindex(pd.MultiIndex.from_arrays([port, by_sea["destination_id"]]))
    assert shortest.notna().all()
    assert (by_sea["sea_km"].to_numpy() >= shortest.to_numpy() * 1.852).all()


def test_a_shut_passage_raises_the_high_end_where_there_is_a_way_round_and_nothing_else(layers, alternatives, assumptions, hauls):
    opened = changed(layers, passages=layers["passages"].assign(state_code="open"))
    calm = route(opened, alternatives, assumptions=assumptions)
    pd.testing.assert_frame_equal(
        calm.drop(columns=["usd_per_t_high", "assumed_open", "note"]), hauls.drop(columns=["usd_per_t_high", "assumed_open", "note"])
    )
    around = hauls["note"].str.contains("high end by the Cape")
    assert not calm["note"].str.contains("high end").any()
    assert (around == hauls["assumed_open"].str.contains("Suez")).all()
    assert (hauls["usd_per_t_high"] >= calm["usd_per_t_high"]).all()
    raised = hauls["usd_per_t_high"] > calm["usd_per_t_high"] + 1e-9
    at_risk = hauls["assumed_open"].str.contains("Suez|Hormuz")
    assert (at_risk | ~raised).all(), "only a passage at sea, by its way round or its war risk"
    assert (raised | ~around).all()
    assert around.sum() > 1000


def test_no_product_leaves_by_a_port_that_does_not_take_it(layers, hauls):
    lists = layers["ports"].set_index("port_id")["takes_product_ids"].map(split_ids)
    delivered = hauls.query("kind == 'delivered'")
    assert all(not lists[row.via_port_id] or row.product_id in lists[row.via_port_id] for row in delivered.itertuples())


def test_lifting_a_list_of_cargoes_never_makes_land_and_sea_dearer(layers, alternatives, assumptions, hauls):
    """Port charges, which do not decide, are taken out of the comparison."""
    free = changed(layers, port_charges=layers["port_charges"].head(0))
    bound = route(free, alternatives, assumptions=assumptions)
    lifted = route(changed(free, ports=layers["ports"].assign(takes_product_ids="")), alternatives, assumptions=assumptions)
    assert len(lifted) == len(bound) == len(hauls)
    assert (lifted["usd_per_t"] <= bound["usd_per_t"] + 1e-9).all()
    assert (lifted["usd_per_t"] < bound["usd_per_t"] - 1e-9).any()


@pytest.mark.parametrize("field", ["transfer_usd_per_t", "offnetwork_tortuosity", "offnetwork_cost_factor", "security_premium_usd_per_t"])
def test_a_dearer_assumption_never_makes_a_haul_cheaper(layers, alternatives, assumptions, hauls, field):
    spread = getattr(assumptions.transport, field)
    raised = {name: getattr(spread, name) * 1.5 + 0.1 for name in ("low", "mode", "high")}
    after = route(layers, alternatives, assumptions=assumptions.replace(**{f"transport__{field}": raised}))
    assert len(after) == len(hauls)
    assert (after["usd_per_t"] >= hauls["usd_per_t"] - 1e-9).all()
    assert (after["usd_per_t"] > hauls["usd_per_t"] + 1e-9).any()


def test_a_smaller_snap_limit_only_takes_hauls_away(layers, alternatives, assumptions, hauls):
    key = ["origin_id", "destination_id", "kind", "product_id"]
    fewer = route(layers, alternatives, assumptions=assumptions.replace(transport__snap_limit_km=20))
    assert 0 < len(fewer) < len(hauls)
    both = fewer.merge(hauls, on=key, suffixes=("", "_wide"))
    assert len(both) == len(fewer)
    np.testing.assert_allclose(both["usd_per_t"], both["usd_per_t_wide"])


def test_delivered_is_never_cheaper_than_its_land_part(hauls):
    land = hauls.query("kind == 'port'").set_index(["origin_id", "destination_id"])["usd_per_t"]
    delivered = hauls.query("kind == 'delivered'")
    inland = land.reindex(pd.MultiIndex.from_frame(delivered[["origin_id", "via_port_id"]]))
    assert (delivered["usd_per_t"].to_numpy() > inland.to_numpy()).all()
