"""Cheapest paths, and sums of anything along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geokit.core.errors import GeokitError

Whole = npt.NDArray[np.int64]
MOVING = ("road", "rail")
"""Modes of the edges that are links."""


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
    vertices : int
        Vertices of the network; the others are copies of them, in their order.
    runs : Paths or None
        Where one edge stands for a whole run by rail: the paths by rail that such runs take.
    """

    edges: pd.DataFrame
    cost: npt.NDArray[np.float64]
    before: Whole
    edge_at: Whole
    vertices: int
    runs: Paths | None = None

    @cached_property
    def link_ids(self) -> list[frozenset[str]]:
        """Return the links of each edge: those of its run by rail, or its own; none for a gate or a transfer."""
        own = zip(*(self.edges[name] for name in ("mode", "link_id")), strict=True)
        links = [frozenset({link} if mode in MOVING and link else ()) for mode, link in own]
        if self.runs is None:
            return links
        ends = (self.edges[["tail", "head"]] % self.vertices).to_numpy().tolist()
        unnamed = self.edges["mode"].eq("rail") & self.edges["link_id"].eq("")
        return [self.runs.collect_links(*end) if run else own for own, end, run in zip(links, ends, unnamed, strict=True)]

    def walk(self, source: int, target: int) -> list[int]:
        """Return the positions of the edges from one vertex to another, last first; none where there is no path."""
        steps, current = [], target
        while min(source, current) >= 0 and (previous := int(self.before[source, current])) >= 0:
            steps.append(int(self.edge_at[previous, current]))
            current = previous
        return steps

    def collect_links(self, source: int, target: int) -> frozenset[str]:
        """Return the links between two vertices."""
        return frozenset().union(*(self.link_ids[step] for step in self.walk(source, target)))

    def list_edges(self, source: int, target: int) -> pd.DataFrame:
        """Return the edges from one vertex to another in the order of travel, a run by rail link by link and then what it costs besides."""
        path = self.edges.iloc[self.walk(source, target)[::-1]]
        path = path.assign(tail=path["tail"] % self.vertices, head=path["head"] % self.vertices)
        if self.runs is None or path.empty:
            return path
        return pd.concat([_unfold(path.iloc[[at]], self.runs) for at in range(len(path))], ignore_index=True)

    def choose_ends(self, targets: Whole, sources: Whole, *, tracked: npt.NDArray[np.bool_]) -> Whole:
        """Return where paths end: at the copies of their targets if the load comes or leaves by a track, else wherever it is cheaper."""
        copies = np.where(targets >= 0, targets + len(self.cost) - self.vertices, targets)
        cheaper = self.cost[sources, targets] <= self.cost[sources, copies]
        return np.where(cheaper & ~tracked, targets, copies)

    def leads_to(self, target: int) -> npt.NDArray[np.bool_]:
        """Return from which vertices a path leads to one, shape (vertices,)."""
        return np.isfinite(self.cost[: self.vertices, len(self.cost) - self.vertices + target])


def find_paths(edges: pd.DataFrame, count: int, *, vertices: int | None = None, runs: Paths | None = None) -> Paths:
    """Solve all pairs of a directed multigraph by Dijkstra's algorithm.

    Parameters
    ----------
    edges : pandas.DataFrame
        ``tail``, ``head`` (vertex numbers), ``usd_per_t`` (never negative), ``hours`` and ``link_id``, which break ties of parallel edges.
    count : int
        Number of vertices, V.
    vertices : int, optional
        How many of them are no copies; all when not given.
    runs : Paths, optional
        Ways of the runs by rail, where one edge stands for each.

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
    return Paths(single, cost, before, edge_at, vertices or count, runs)


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


def _unfold(edge: pd.DataFrame, runs: Paths) -> pd.DataFrame:
    """Return one edge of a path; of a run by rail its links, and an edge without links that costs what the run costs besides."""
    if edge["mode"].iloc[0] != "rail":
        return edge
    links = runs.list_edges(int(edge["tail"].iloc[0]), int(edge["head"].iloc[0]))
    figures = edge.select_dtypes("number").columns.difference(["tail", "head"])
    rest = edge.assign(**(edge[figures].iloc[0] - links[figures].sum()))
    return pd.concat([links, rest])


def _refuse_negative(edges: pd.DataFrame) -> None:
    """Refuse a graph in which a link pays whoever uses it."""
    cheapest = edges.nsmallest(1, "usd_per_t")
    if (cheapest["usd_per_t"] < 0).any():
        msg = f"link {cheapest['link_id'].iloc[0]!r} costs {cheapest['usd_per_t'].iloc[0]} USD/t; no cost may be negative"
        raise GeokitError(msg)
