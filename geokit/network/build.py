"""The multimodal graph: a copy of each node per mode, joined where freight can change from road to rail."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import split_ids
from geokit.network.closures import NONE, list_months, open_by
from geokit.network.passages import link_passages
from geokit.network.rates import backhaul_provinces, dear_rate, index_layers, measure_ports, open_links, origin_ports, price_traversals

COSTS = ["usd_per_t_low", "usd_per_t", "usd_per_t_high", "hours"]
MONTHS = [f"closed_{month:02d}" for month in range(1, 13)]
"""Whether a link is closed in a month."""
COMMON_YEAR = 2026
"""A year without a leap day, for the days of a month."""
QUAY, GATE = "quay", "gate"
"""Modes of the two vertices of a port: freight arrives at the quay and leaves through the gate, so no path runs through a port."""


@dataclass(frozen=True)
class Network:
    """A multigraph of what can move where.

    Attributes
    ----------
    vertices : pandas.DataFrame
        ``mode`` and ``node_id`` (of a port: ``port_id``), position = number of the vertex.
    edges : mapping of bool to pandas.DataFrame
        All edges, parallel ones included, for loads without and with an empty truck to ride: ``tail``, ``head``, ``link_id``, ``mode``,
        ``name``, ``km`` and the columns that add up along a path (``sums``).
    sums : tuple of str
        Names of those columns.
    passages : tuple of str
        Those of ``sums`` that count the links of a passage not stated as open.
    dear : numpy.ndarray, shape (3,)
        Dear road rate (low, mode, high), USD/t-km.
    backhaul : frozenset of str
        Provinces in which a load rides an empty truck.
    rates : pandas.DataFrame
        The layer of rates, at the diesel price and the load of the study.
    """

    vertices: pd.DataFrame
    edges: Mapping[bool, pd.DataFrame]
    sums: tuple[str, ...]
    passages: tuple[str, ...]
    dear: npt.NDArray[np.float64]
    backhaul: frozenset[str]
    rates: pd.DataFrame

    def locate(self, mode: str, node_ids: pd.Series[str]) -> npt.NDArray[np.int64]:
        """Return the vertex numbers of nodes in one mode; -1 where the node has no copy in it."""
        index = pd.MultiIndex.from_frame(self.vertices)
        return np.asarray(index.get_indexer(pd.MultiIndex.from_arrays([[mode] * len(node_ids), node_ids])), dtype=np.int64)

    def close(self, closed: frozenset[str]) -> Network:
        """Return the graph without the edges of some links and ports; its vertices stay, so that no place moves to another town."""
        kept = {kind: edges[~edges["link_id"].isin(closed)] for kind, edges in self.edges.items()}
        return replace(self, edges=kept) if closed else self


def build_network(
    layers: Mapping[str, pd.DataFrame], assumptions: Assumptions, *, closed: frozenset[str] = NONE, year: int | None = None
) -> Network:
    """Build the graph of open links, transfers and port gates.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``nodes``, ``links``, ``ports``, ``passages``, ``passage_links``, ``freight_rates`` and ``link_speeds``.
    assumptions : Assumptions
        Cost and time of a transfer.
    closed : frozenset of str
        Ids of links and ports that are taken out; see :func:`geokit.network.closures.close_links`.
    year : int, optional
        Year in which promised links count as open by their ``open_from``; those of today when not given. A promised road does not turn
        the flow of empty trucks round.

    Returns
    -------
    Network
        With edges for both kinds of load.
    """
    from_ports = measure_ports(layers)
    layers = index_layers(open_by(layers, year), assumptions.transport)
    vertices = _vertices(layers)
    known = pd.MultiIndex.from_frame(vertices)
    facts = _link_facts(layers)
    joints = pd.concat([_transfers(layers["nodes"], known, assumptions), _port_gates(layers["ports"], known)])
    edges = {}
    for backhaul in (False, True):
        links = price_traversals(layers, backhaul=backhaul, from_ports=from_ports)
        links["tail"] = known.get_indexer(pd.MultiIndex.from_frame(links[["mode", "tail_id"]]))
        links["head"] = known.get_indexer(pd.MultiIndex.from_frame(links[["mode", "head_id"]]))
        links = links.assign(**{f"{mode}_km": links["km"].where(links["mode"] == mode, 0.0) for mode in ("road", "rail")})
        table = pd.concat([links.join(facts, on="link_id"), joints], ignore_index=True)
        figures = table.select_dtypes("number").columns
        edges[backhaul] = table.fillna(dict.fromkeys(figures, 0.0)).fillna("")
    passages = tuple(name for name in facts.columns if name not in {*MONTHS, "unstated"})
    sums = (*COSTS, "road_km", "rail_km", "transfers", *MONTHS, "unstated", *passages)
    rates = layers["freight_rates"]
    return Network(vertices, edges, sums, passages, dear_rate(rates), backhaul_provinces(rates), rates).close(closed)


def closed_days(totals: pd.DataFrame) -> pd.Series[float]:
    """Return the days a year on which a path is closed by the stated months of its links.

    Parameters
    ----------
    totals : pandas.DataFrame
        Sums along paths with the columns of ``MONTHS`` and ``unstated``.

    Returns
    -------
    pandas.Series
        Days in the closed months of any link of the path; NaN where no link states months, or one is seasonal without stating them.
    """
    days = np.asarray([calendar.monthrange(COMMON_YEAR, month)[1] for month in range(1, 13)], dtype=float)
    closed = pd.Series((totals[MONTHS].to_numpy() > 0).astype(float) @ days, index=totals.index)
    return closed.where((closed > 0) & (totals["unstated"] == 0))


def _vertices(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the ends of open links by mode, then the gate and the quay of each origin port."""
    links = open_links(layers["links"])
    ends = pd.concat([links[["mode", side]].set_axis(["mode", "node_id"], axis=1) for side in ("from", "to")])
    ports = origin_ports(layers["ports"])[["port_id"]].set_axis(["node_id"], axis=1)
    doors = [ports.assign(mode=mode)[["mode", "node_id"]] for mode in (GATE, QUAY)]
    return pd.concat([ends.drop_duplicates().sort_values(["mode", "node_id"]), *doors], ignore_index=True)


def _link_facts(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return, by link, the months in which it is closed and the passages (not stated as open) that it runs through."""
    links = open_links(layers["links"]).set_index("link_id")
    closed = [[float(month not in list_months(cell)) for month in range(1, 13)] for cell in links["months_open"]]
    months = pd.DataFrame(closed, index=links.index, columns=MONTHS)
    months["unstated"] = ((links["status_code"] == "seasonal") & (links["months_open"] == "")).astype(float)
    return months.join(link_passages(layers)).fillna(0.0)


def _transfers(nodes: pd.DataFrame, known: pd.MultiIndex, assumptions: Assumptions) -> pd.DataFrame:
    """Return the edges between the road and the rail copy of the nodes that handle both."""
    both = nodes[[{"road", "rail"} <= set(split_ids(cell)) for cell in nodes["modes"]]]
    road, rail = (known.get_indexer(pd.MultiIndex.from_arrays([[mode] * len(both), both["node_id"]])) for mode in ("road", "rail"))
    pairs = pd.DataFrame({"tail": np.r_[road, rail], "head": np.r_[rail, road], "name": [*both["name"], *both["name"]]})
    cost = assumptions.transport.transfer_usd_per_t
    money = {"usd_per_t_low": cost.low, "usd_per_t": cost.mode, "usd_per_t_high": cost.high}
    table = pairs.assign(mode="transfer", hours=assumptions.transport.transfer_hours, transfers=1.0, **money)
    return table[(table["tail"] >= 0) & (table["head"] >= 0)]


def _port_gates(ports: pd.DataFrame, known: pd.MultiIndex) -> pd.DataFrame:
    """Return the free edges from each copy of a port's node to its quay, and from its gate to each copy."""
    own = origin_ports(ports).merge(pd.DataFrame({"by": ["road", "rail"]}), how="cross")
    node = known.get_indexer(pd.MultiIndex.from_frame(own[["by", "node_id"]]))
    gate, quay = (known.get_indexer(pd.MultiIndex.from_arrays([[mode] * len(own), own["port_id"]])) for mode in (GATE, QUAY))
    both = pd.concat([own, own], ignore_index=True)
    ends = {"tail": np.r_[node, gate], "head": np.r_[quay, node]}
    table = pd.DataFrame({**ends, "name": both["name"], "mode": GATE, "link_id": both["port_id"]})
    return table[(table["tail"] >= 0) & (table["head"] >= 0)]
