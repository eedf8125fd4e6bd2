"""Cheapest paths, and sums of anything along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geokit.core.errors import GeokitError

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Paths:
    """Cheapest paths between all vertices of a graph.

    Attributes
    ----------
    edges : pandas.DataFrame
        The edges that can lie on a cheapest path: of parallel ones, the cheapest.
    cost : numpy.ndarray, shape (V, V)
        Cost of the cheapest path from row to column, USD/t; infinite where there is none.
    before : numpy.ndarray, shape (V, V)
        Last vertex but one on the path from row to column; negative where there is none.
    edge_at : numpy.ndarray, shape (V, V)
        Position in ``edges`` of the edge from row to column; -1 where there is none.
    """

    edges: pd.DataFrame
    cost: npt.NDArray[np.float64]
    before: Whole
    edge_at: Whole

    def list_edges(self, source: int, target: int) -> pd.DataFrame:
        """Return the edges from one vertex to another in the order of travel."""
        steps, current = [], target
        while (previous := int(self.before[source, current])) >= 0:
            steps.append(int(self.edge_at[previous, current]))
            current = previous
        return self.edges.iloc[steps[::-1]]


def find_paths(edges: pd.DataFrame, count: int) -> Paths:
    """Solve all pairs of a directed multigraph by Dijkstra's algorithm.

    Parameters
    ----------
    edges : pandas.DataFrame
        ``tail``, ``head`` (vertex numbers), ``usd_per_t`` (never negative), ``hours`` and ``link_id``, which break ties of parallel edges.
    count : int
        Number of vertices, V.

    Returns
    -------
    Paths
        With arrays of shape (V, V).

    Raises
    ------
    GeokitError
        If a cost is negative.
    """
    _refuse_negative(edges)
    single = edges.sort_values(["tail", "head", "usd_per_t", "hours", "link_id"]).drop_duplicates(["tail", "head"]).reset_index(drop=True)
    ends = (single["tail"].to_numpy(), single["head"].to_numpy())
    graph = csr_array((single["usd_per_t"].to_numpy(dtype=float), ends), shape=(count, count))
    cost, before = dijkstra(graph, return_predecessors=True)
    edge_at = np.full((count, count), -1, dtype=np.int64)
    edge_at[ends] = np.arange(len(single))
    return Paths(single, cost, before, edge_at)


def find_costs(edges: pd.DataFrame, count: int, ends: tuple[Whole, Whole]) -> npt.NDArray[np.float64]:
    """Return the costs of the cheapest paths between some vertices of a graph too large for :func:`find_paths`.

    Its memory grows with the edges and with the vertices times the ends of the smaller side, not with the square of the vertices.

    Parameters
    ----------
    edges : pandas.DataFrame
        ``tail``, ``head`` (vertex numbers), ``usd_per_t`` (never negative) and ``link_id``.
    count : int
        Number of vertices.
    ends : tuple of two numpy.ndarray, shapes (S,) and (T,)
        Sources and targets.

    Returns
    -------
    numpy.ndarray, shape (S, T)
        USD/t; infinite where there is no path.

    Raises
    ------
    GeokitError
        If a cost is negative.
    """
    _refuse_negative(edges)
    costs, tail, head = (edges[name].to_numpy() for name in ("usd_per_t", "tail", "head"))
    order = np.lexsort((costs, head, tail))
    first = np.r_[True, (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)] if len(order) else order.astype(bool)
    kept = order[first]
    graph = csr_array((costs[kept].astype(float), (tail[kept], head[kept])), shape=(count, count))
    sources, targets = ends
    if len(sources) <= len(targets):
        return np.asarray(dijkstra(graph, indices=sources)[:, targets])
    return np.asarray(dijkstra(graph.T.tocsr(), indices=targets)[:, sources].T)


def sum_paths(paths: Paths, ends: tuple[Whole, Whole], columns: Sequence[str]) -> pd.DataFrame:
    """Add up columns of the edges along cheapest paths.

    All paths are walked back together, one edge a turn, so there are as many turns as the longest path has edges.

    Parameters
    ----------
    paths : Paths
        Of the graph.
    ends : tuple of two numpy.ndarray, shape (n,)
        Sources and targets of n paths.
    columns : sequence of str
        Columns of the edges.

    Returns
    -------
    pandas.DataFrame, shape (n, len(columns))
        Sums, zero for a path from a vertex to itself, NaN where there is no path.
    """
    source, current = ends[0], ends[1].copy()
    values = paths.edges[list(columns)].to_numpy(dtype=float)
    sums = np.zeros((len(source), len(columns)))
    while len(walking := np.flatnonzero(paths.before[source, current] >= 0)):
        previous = paths.before[source[walking], current[walking]]
        sums[walking] += values[paths.edge_at[previous, current[walking]]]
        current[walking] = previous
    sums[~np.isfinite(paths.cost[ends])] = np.nan
    return pd.DataFrame(sums, columns=list(columns))


def _refuse_negative(edges: pd.DataFrame) -> None:
    """Refuse a graph in which a link pays whoever uses it."""
    cheapest = edges.nsmallest(1, "usd_per_t")
    if (cheapest["usd_per_t"] < 0).any():
        msg = f"link {cheapest['link_id'].iloc[0]!r} costs {cheapest['usd_per_t'].iloc[0]} USD/t; no cost may be negative"
        raise GeokitError(msg)
