"""All cheapest land routes of the study: ours against networkx on the same graph, in one process, and the same answer.

Then as many closure scenarios as there are links, each solved anew on the arrays of one graph, against building the graph for each.
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

from geokit import read_assumptions, read_layers
from geokit.network.build import build_network
from geokit.network.land import build_land, close_land
from geokit.network.paths import find_paths

RUNS = 5
GOAL = 5.0
"""Times faster than networkx; the graph is small, so setting up counts on both sides."""
SCENARIOS = 10
REWEIGH_GOAL = 4.0
"""Times faster than building the graph for each scenario."""


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
    return int(worst > 1e-9 or apart > 0 or statistics.median(ratios) < GOAL or faster < REWEIGH_GOAL)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
