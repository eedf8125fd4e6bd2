"""All cheapest land routes of the study: ours against networkx on the same graph, in one process, and the same answer.

Then some closure scenarios, each solved anew on the arrays of one graph, against building the graph for each. Then a graph as large as the
roads of the country in a street map: 50 x 206 points on 511 thousand streets, against networkx and bare scipy.
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from collections.abc import Callable

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geokit import read_assumptions, read_layers
from geokit.network.build import build_network
from geokit.network.land import build_land, close_land
from geokit.network.paths import find_costs, find_paths

RUNS = 5
GOAL = 5.0
"""Times faster than networkx; the graph is small, so setting up counts on both sides."""
SCENARIOS = 10
REWEIGH_GOAL = 4.0
"""Times faster than building the graph for each scenario."""
SIDE, SITES, DEPOSITS = 506, 50, 206
"""A grid of 506 x 506 crossings has 511,060 streets, each with a cost of its own either way."""
LARGE_GOAL, SCIPY_GOAL = 20.0, 0.9
"""Times faster than networkx, and than scipy from the same table; a tenth is noise."""
PEER_SOURCES = 3
"""Sources that networkx solves; its time is scaled to all."""


def solve_networkx(edges: pd.DataFrame) -> dict[int, dict[int, float]]:
    """Find all cheapest paths with networkx and return their costs in USD/t."""
    graph = nx.MultiDiGraph()
    graph.add_weighted_edges_from(edges[["tail", "head", "usd_per_t"]].itertuples(index=False, name=None))
    return {source: nx.single_source_dijkstra(graph, source)[0] for source in graph}


def time_call(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def compare_closures() -> tuple[float, float]:
    """Return how many times longer rebuilding takes than re-weighing over some closures, and the largest difference of a cost."""
    layers, assumptions = read_layers(), read_assumptions()
    land = build_land(layers, assumptions)
    closed = [frozenset({link}) for link in sorted(set(land.network.edges[False]["link_id"]) - {""})[::3][:SCENARIOS]]
    rebuilt = [build_land(layers, assumptions, closed=links).paths[False].cost for links in closed]
    again = [close_land(land, links).paths[False].cost for links in closed]
    gaps = [np.abs(np.nan_to_num(one) - np.nan_to_num(other)).max() for one, other in zip(rebuilt, again, strict=True)]
    theirs = time_call(lambda: [build_land(layers, assumptions, closed=links) for links in closed])
    return theirs / time_call(lambda: [close_land(land, links) for links in closed]), float(max(gaps))


def make_grid(side: int) -> pd.DataFrame:
    """Return a street grid in both directions, each way with a cost of its own."""
    here = np.arange(side * side).reshape(side, side)
    east, south = (here[:, :-1], here[:, 1:]), (here[:-1], here[1:])
    pairs = np.vstack([np.column_stack([one.ravel(), other.ravel()]) for one, other in (east, south)])
    both = np.vstack([pairs, pairs[:, ::-1]])
    costs = np.random.default_rng(0).uniform(0.1, 2.0, len(both))
    return pd.DataFrame({"tail": both[:, 0], "head": both[:, 1], "usd_per_t": costs, "link_id": ""})


def solve_scipy(edges: pd.DataFrame, count: int, sources: np.ndarray) -> np.ndarray:
    """Find the same costs with scipy alone."""
    return dijkstra(csr_array((edges["usd_per_t"], (edges["tail"], edges["head"])), shape=(count, count)), indices=sources)


def compare_large() -> tuple[float, float, float]:
    """Return how many times longer networkx and scipy take on the large graph, and the largest relative difference of a cost."""
    edges, count = make_grid(SIDE), SIDE * SIDE
    draw = np.random.default_rng(1)
    ends = (draw.integers(0, count, SITES), draw.integers(0, count, DEPOSITS))
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(edges[["tail", "head", "usd_per_t"]].itertuples(index=False, name=None))
    found = [nx.single_source_dijkstra_path_length(graph, int(source)) for source in ends[0][:PEER_SOURCES]]
    theirs = time_call(lambda: [nx.single_source_dijkstra_path_length(graph, int(source)) for source in ends[0][:PEER_SOURCES]])
    bare = statistics.median(time_call(lambda: solve_scipy(edges, count, ends[0])) for _ in range(3))
    ours = statistics.median(time_call(lambda: find_costs(edges, count, ends)) for _ in range(3))
    costs = find_costs(edges, count, ends)
    worst = max(abs(costs[row, at] / max(one[int(to)], 1e-12) - 1) for row, one in enumerate(found) for at, to in enumerate(ends[1]))
    print(f"{count} vertices, {len(edges) // 2} streets, {SITES} x {DEPOSITS} points: {ours:.2f} s")
    return theirs * SITES / PEER_SOURCES / ours, bare / ours, worst


def main(*arguments: str) -> int:
    """Time both and compare their answers; return 1 if they differ or the goal is missed."""
    network = build_network(read_layers(), read_assumptions())
    edges, count = network.edges[False], len(network.vertices)
    theirs = solve_networkx(edges)
    if "--peer-only" in arguments:
        return 0
    ours = find_paths(edges, count).cost
    worst = max((abs(ours[a, b] - cost) for a, costs in theirs.items() for b, cost in costs.items()), default=math.inf)
    ratios = [time_call(lambda: solve_networkx(edges)) / time_call(lambda: find_paths(edges, count)) for _ in range(RUNS)]
    print(f"{count} vertices, {len(edges)} edges, all pairs: networkx takes {statistics.median(ratios):.0f} times as long (goal {GOAL:g})")
    print(f"largest difference of a cost: {worst:.1e} USD/t")
    faster, apart = compare_closures()
    print(f"{SCENARIOS} closures: building the graph for each takes {faster:.0f} times as long as re-weighing (goal {REWEIGH_GOAL:g})")
    print(f"largest difference of a cost: {apart:.1e} USD/t")
    slower, scipy, gap = compare_large()
    print(f"  networkx takes {slower:.0f} times as long (goal {LARGE_GOAL:g}), scipy {scipy:.2f} (goal {SCIPY_GOAL:g})")
    print(f"  largest relative difference of a cost: {gap:.1e}")
    missed = statistics.median(ratios) < GOAL or faster < REWEIGH_GOAL or slower < LARGE_GOAL or scipy < SCIPY_GOAL
    return int(worst > 1e-9 or apart > 0 or gap > 1e-9 or missed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
