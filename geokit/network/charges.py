"""What a haul pays once, however far it goes: terminals, the least length by rail, and the security premium of roads."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geokit.core.assumptions import Transport
from geokit.network.build import COSTS, Network
from geokit.network.paths import Paths, find_paths, sum_paths
from geokit.network.rates import rail_extras

MONEY = COSTS[:3]
CORNERS = ("low", "mode", "high")
PREMIUM, TERMINALS = "security premium", "terminals and least length"
"""Names of the charges."""
SECURITY = "security"
"""Mode of the edge that a load crosses before its first road."""


def solve_network(network: Network, transport: Transport) -> dict[bool, Paths]:
    r"""Solve all paths of a network by their full price.

    A run by rail, from where the load is put on the train to where it is taken off, costs

    .. math:: \sum_{links} c_l + u + r\,\max(L_{min} - L, 0)

    with terminals u and the least length charged; so each run is an edge of its own. The premium s of roads is an edge from each vertex
    to a copy of it, and roads join copies alone: whoever uses a road has crossed it once. Both are left out where they cost nothing.

    Parameters
    ----------
    network : Network
        The graph.
    transport : Transport
        Terminals, least length and premium.

    Returns
    -------
    dict of bool to Paths
        For loads without and with an empty truck to ride. With a premium, vertex v + V is the copy of vertex v of V.
    """
    return {kind: _solve(edges, network, transport) for kind, edges in network.edges.items()}


def _solve(edges: pd.DataFrame, network: Network, transport: Transport) -> Paths:
    """Return the cheapest paths of one kind of load."""
    count, premium = len(network.vertices), transport.security_premium_usd_per_t
    runs = _solve_rail(edges, count) if transport.rail_minimum_km or transport.rail_terminal_usd_per_t.high else None
    bundled = edges if runs is None else _bundle_rail(edges, runs, network, transport=transport)
    if not max(premium.low, premium.mode, premium.high):
        return find_paths(bundled, count, runs=runs)
    costs = {name: getattr(premium, corner) for name, corner in zip(MONEY, CORNERS, strict=True)}
    ends = {"tail": np.arange(count), "head": np.arange(count) + count}
    toll = pd.DataFrame({**ends, "mode": SECURITY, "name": PREMIUM, "link_id": "", **costs})
    copies = bundled.assign(tail=bundled["tail"] + count, head=bundled["head"] + count)
    doubled = pd.concat([bundled[bundled["mode"] != "road"], copies, toll], ignore_index=True)
    return find_paths(doubled.fillna(dict.fromkeys(network.sums, 0.0) | {"km": 0.0}), 2 * count, vertices=count, runs=runs)


def _solve_rail(edges: pd.DataFrame, count: int) -> Paths:
    """Return the cheapest paths by rail alone."""
    return find_paths(edges[edges["mode"] == "rail"], count)


def _bundle_rail(edges: pd.DataFrame, runs: Paths, network: Network, *, transport: Transport) -> pd.DataFrame:
    """Return the edges with one for each run by rail in place of the links of the railway."""
    joined = np.isfinite(runs.cost)
    np.fill_diagonal(joined, val=False)
    tail, head = np.nonzero(joined)
    sums = sum_paths(runs, (tail, head), [*network.sums, "km"])
    sums[MONEY] += rail_extras(sums["rail_km"], network.rates, transport)
    table = sums.assign(tail=tail, head=head, mode="rail", name=TERMINALS, link_id="")
    return pd.concat([edges[edges["mode"] != "rail"], table], ignore_index=True)
