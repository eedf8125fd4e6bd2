"""Derive layers/network/sea_distances.csv from the lane network of searoute.

::

    pip download --no-deps searoute==1.6.0 -d PACKAGES
    python recipes/sea_distances.py PACKAGES

Shortest paths over the lanes (geodesic lengths, WGS84), with a geodesic connector from each port to the lanes: the package itself starts at
the nearest lane node and leaves that leg out, which makes some of its distances shorter than the great circle. Every length here is a sum
of geodesics between the two ports, so it is never below the great circle. The lanes are coarse: between a few near ports of one open sea
they go a long way round, and there the length is capped, which the column ``basis`` says. The same input gives the same bytes.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from packages import read_member
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

GEOD = Geod(ellps="WGS84")
M_PER_NM = 1852.0
LAYER = Path(__file__).resolve().parents[1] / "layers" / "network"
NEVER = frozenset({"northwest"})
"""Ice passage that no freight plan counts on; the package blocks it too."""
CAPE = NEVER | {"suez", "babalmandab"}
NO_HORMUZ = NEVER | {"ormuz"}
FAR_NM = 30.0
"""A port whose nearest lane node is farther than this gets connectors to several nodes."""
FAR_NODES = 3
OPEN_SEA_PAIRS = tuple(frozenset({port, "OMSOH"}) for port in ("PKGWD", "PKKHI", "PKBQM"))
"""Ports with nothing but the open Gulf of Oman and Arabian Sea between them: our judgement from the map, no coastline is checked here."""
DETOUR = 1.25
"""Length over great circle from which the lanes of such a pair count as a detour of the network, our judgement."""
CAP = 1.1
"""Length over great circle that such a pair gets instead, our judgement; the lanes take 1.13 between the two other pairs."""
LENGTHS = ["nm", "nm_via_cape", "nm_no_hormuz"]


def read_lanes(packages: Path) -> tuple[np.ndarray, pd.DataFrame]:
    """Return the lane nodes (lon, lat in degrees) and the segments between them (start, end, nm, passage)."""
    features = json.loads(read_member(packages, "searoute-1.6.0", "data/marnet_searoute.geojson"))["features"]
    rows = []
    for feature in features:
        geometry = feature["geometry"]
        lines = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
        passage = feature["properties"].get("passage", "")
        rows += [(*start, *end, passage) for line in lines for start, end in pairwise(line)]
    table = pd.DataFrame(rows, columns=["lon0", "lat0", "lon1", "lat1", "passage"])
    # the lanes cross the antimeridian with longitudes beyond 180: one place, one node
    ends = [list(zip(_wrap(table[f"lon{k}"]), table[f"lat{k}"].round(4), strict=True)) for k in (0, 1)]
    nodes = {place: number for number, place in enumerate(sorted({*ends[0], *ends[1]}))}
    start, end = (np.array([nodes[place] for place in side]) for side in ends)
    places = np.array(list(nodes))
    segments = pd.DataFrame({"start": start, "end": end, "passage": table["passage"]})
    return places, segments.assign(nm=_measure(places[start], places[end])).query("start != end")


def _wrap(lon: pd.Series) -> pd.Series:
    """Bring longitudes into -180 (inclusive) to 180 (exclusive)."""
    return ((lon.round(4) + 180.0) % 360.0 - 180.0).round(4)


def _measure(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the geodesic lengths between places given as (n, 2) arrays of lon, lat, nm."""
    return np.asarray(GEOD.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])[2]) / M_PER_NM


def connect(ports: np.ndarray, nodes: np.ndarray) -> pd.DataFrame:
    """Return the connectors of each port (port, node, nm): the nearest node, or several for a port far from the lanes."""
    rows = []
    for number, place in enumerate(ports):
        nm = _measure(np.broadcast_to(place, nodes.shape), nodes)
        order = np.argsort(nm, kind="stable")
        many = FAR_NODES if nm[order[0]] > FAR_NM else 1
        rows += [(number, node, nm[node]) for node in order[:many]]
    return pd.DataFrame(rows, columns=["port", "node", "nm"])


def sail(lanes: tuple[np.ndarray, pd.DataFrame], connectors: pd.DataFrame, blocked: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the distances between all ports, nm, and the predecessor of every node on the way."""
    nodes, segments = lanes
    open_segments = segments[~segments["passage"].isin(blocked)]
    ports = int(connectors["port"].max()) + 1
    depart, arrive = len(nodes), len(nodes) + ports
    start = np.r_[open_segments["start"], open_segments["end"], depart + connectors["port"], connectors["node"]]
    end = np.r_[open_segments["end"], open_segments["start"], connectors["node"], arrive + connectors["port"]]
    nm = np.r_[open_segments["nm"], open_segments["nm"], connectors["nm"], connectors["nm"]]
    # two segments between the same nodes: the shorter one counts, a sparse matrix would add them
    best = pd.DataFrame({"start": start, "end": end, "nm": np.fmax(nm, 1e-9)}).groupby(["start", "end"], as_index=False)["nm"].min()
    graph = csr_array((best["nm"], (best["start"], best["end"])), shape=(arrive + ports, arrive + ports))
    return dijkstra(graph, indices=np.arange(depart, arrive), return_predecessors=True)


def tabulate(ports: pd.DataFrame, lanes: tuple[np.ndarray, pd.DataFrame]) -> pd.DataFrame:
    """Return the layer: one row an ordered pair of ports."""
    places = ports[["lon", "lat"]].to_numpy(float)
    connectors = connect(places, lanes[0])
    base, before = sail(lanes, connectors, NEVER)
    depart, arrive = len(lanes[0]), len(lanes[0]) + len(ports)
    legs = connectors.set_index(["port", "node"])["nm"]
    columns = dict(zip(LENGTHS, (base, sail(lanes, connectors, CAPE)[0], sail(lanes, connectors, NO_HORMUZ)[0]), strict=True))
    rows = []
    for one, other in ((i, j) for i in range(len(ports)) for j in range(len(ports)) if i != j):
        path = _trace(before[one], arrive + other, depart + one)
        row = {"from_port_id": ports["port_id"].iloc[one], "to_port_id": ports["port_id"].iloc[other]}
        row |= {name: table[one, arrive + other] for name, table in columns.items()}
        row["great_circle_nm"] = _measure(places[[one]], places[[other]])[0]
        row |= {"connector_from_nm": legs[one, path[0]], "connector_to_nm": legs[other, path[-1]]}
        rows.append(row)
    table = cap_detours(pd.DataFrame(rows).replace(np.inf, np.nan)).round(1)
    return table.sort_values(["from_port_id", "to_port_id"], ignore_index=True)


def cap_detours(table: pd.DataFrame) -> pd.DataFrame:
    """Shorten the listed pairs whose lanes are detours of the network, and say on what each row rests."""
    pairs = map(frozenset, zip(table["from_port_id"], table["to_port_id"], strict=True))
    listed = pd.Series([pair in OPEN_SEA_PAIRS for pair in pairs], index=table.index, dtype=bool)
    detour = listed & (table["nm"] > DETOUR * table["great_circle_nm"])
    # a length that equals the first one says that the way needs no canal or strait, and must go on saying so
    short = {name: table[name].mask(detour & (table[name] == table["nm"]), CAP * table["great_circle_nm"]) for name in LENGTHS}
    basis = detour.map({True: "capped: lane network detours", False: "lane network"})
    source = detour.map({True: "judgement;searoute-marnet", False: "searoute-marnet"})
    return table.assign(**short, basis=basis, source_id=source)


def _trace(before: np.ndarray, end: int, start: int) -> list[int]:
    """Return the lane nodes of a path, from the first to the last."""
    path = [int(before[end])]
    while before[path[-1]] != start:
        path.append(int(before[path[-1]]))
    return path[::-1]


def main(packages: Path) -> None:
    """Write the layer for every port that can be used."""
    ports = pd.read_csv(LAYER / "ports.csv", dtype=str, keep_default_na=False)
    ports = ports[~ports["status_code"].isin(["unavailable", "concept"])].reset_index(drop=True)
    table = tabulate(ports, read_lanes(packages))
    table.to_csv(LAYER / "sea_distances.csv", index=False, lineterminator="\n")
    print(f"{len(table)} pairs of {len(ports)} ports")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
