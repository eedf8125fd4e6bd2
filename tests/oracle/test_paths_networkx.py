"""Our shortest paths against those of networkx, on random multigraphs and on the real network."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.network.build import build_network
from geokit.network.paths import find_paths, sum_paths

COUNT = 7
VERTEX = st.integers(0, COUNT - 1)
PRICE = st.one_of(st.just(0.0), st.floats(0.001, 100.0))
ARC = st.tuples(VERTEX, VERTEX, PRICE, st.floats(0.0, 50.0)).filter(lambda arc: arc[0] != arc[1])


def table(arcs):
    edges = pd.DataFrame(arcs, columns=["tail", "head", "usd_per_t", "hours"])
    return edges.assign(link_id=[f"e{number}" for number in range(len(edges))])


def multigraph(edges, count):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(count))
    graph.add_weighted_edges_from(edges[["tail", "head", "usd_per_t"]].itertuples(index=False, name=None))
    return graph


def expected(edges, count):
    lengths = dict(nx.all_pairs_dijkstra_path_length(multigraph(edges, count)))
    return np.array([[lengths[tail].get(head, np.inf) for head in range(count)] for tail in range(count)])


@settings(max_examples=60, deadline=None)
@given(st.lists(ARC, min_size=1, max_size=25))
def test_costs_agree_on_random_multigraphs(arcs):
    edges = table(arcs)
    np.testing.assert_allclose(find_paths(edges, COUNT).cost, expected(edges, COUNT), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(ARC, min_size=1, max_size=25))
def test_sums_along_a_path_are_those_of_its_edges(arcs):
    edges = table(arcs)
    paths = find_paths(edges, COUNT)
    tails, heads = (grid.ravel() for grid in np.meshgrid(np.arange(COUNT), np.arange(COUNT), indexing="ij"))
    sums = sum_paths(paths, (tails, heads), ["usd_per_t", "hours"])
    np.testing.assert_allclose(sums["usd_per_t"].fillna(np.inf), paths.cost.ravel(), atol=1e-9)
    for number, (tail, head) in enumerate(zip(tails, heads, strict=True)):
        steps = paths.list_edges(int(tail), int(head))
        assert steps["tail"].tolist()[1:] == steps["head"].tolist()[:-1]
        if np.isfinite(paths.cost[tail, head]):
            assert steps["hours"].sum() == pytest.approx(sums["hours"].iloc[number])


@pytest.mark.parametrize("backhaul", [False, True])
def test_costs_agree_on_the_real_network(layers, assumptions, backhaul):
    network = build_network(layers, assumptions)
    edges, count = network.edges[backhaul], len(network.vertices)
    ours = find_paths(edges, count).cost
    assert np.isfinite(ours).mean() > 0.9
    np.testing.assert_allclose(ours, expected(edges, count), atol=1e-9)
