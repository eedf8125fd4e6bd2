"""Places on the map become places on the network, and the gap between the two is counted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Geod
from scipy.spatial import KDTree

from geokit.network.build import GATE, QUAY, Network
from geokit.network.rates import origin_ports

GEOD = Geod(ellps="WGS84")
PLACE = ["place_id", "kind", "lat", "lon", "accuracy_km"]


def list_places(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return everything that a land haul can start from or end at.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``deposits``, ``sites``, ``ports`` and ``nodes``.

    Returns
    -------
    pandas.DataFrame
        Columns ``place_id``, ``kind`` (deposit, site, port or node), ``lat``, ``lon``, ``accuracy_km`` (radius of the circle in which
        the place lies; zero where none is stated, as for nodes and ports, which are on the network by definition).
    """
    ports = layers["ports"].assign(accuracy_km=0.0)
    nodes = layers["nodes"].assign(accuracy_km=0.0)
    tables = [
        ("deposit", "deposit_id", layers["deposits"].rename(columns={"coord_accuracy_km": "accuracy_km"})),
        ("site", "site_id", layers["sites"].rename(columns={"coord_precision_km": "accuracy_km"})),
        ("port", "port_id", ports),
        ("node", "node_id", nodes),
    ]
    places = [table.rename(columns={key: "place_id"}).assign(kind=kind)[PLACE] for kind, key, table in tables]
    return pd.concat(places, ignore_index=True).fillna({"accuracy_km": 0.0})


def snap_places(places: pd.DataFrame, network: Network, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tie each place to the network.

    A deposit or site is tied to the nearest node on an open road; the nodes are towns and junctions, so a road that passes a place
    between two nodes is not seen, and the gap is an upper figure. Ports and nodes are tied to themselves.

    Parameters
    ----------
    places : pandas.DataFrame
        As from :func:`list_places`.
    network : Network
        The graph.
    layers : mapping of str to pandas.DataFrame
        Needs ``nodes`` and ``ports``.

    Returns
    -------
    pandas.DataFrame
        ``places`` with ``node_id``, ``source`` and ``target`` (vertices where a haul leaves and arrives; -1 = none), ``gap_km`` (straight,
        NaN for a place without coordinates), ``to_lon`` and ``to_lat`` (of the node) and ``province_id`` of the node.
    """
    nearest = _nearest_nodes(places, network, layers["nodes"])
    table = places.assign(node_id=nearest["node_id"], gap_km=nearest["gap_km"])
    fixed = table["kind"].isin(["port", "node"])
    port_nodes = origin_ports(layers["ports"]).set_index("port_id")["node_id"]
    own = table["place_id"].where(table["kind"] == "node", table["place_id"].map(port_nodes)).fillna("")
    table = table.assign(node_id=table["node_id"].where(~fixed, own), gap_km=table["gap_km"].where(~fixed, 0.0))
    road, rail = (network.locate(mode, table["node_id"]) for mode in ("road", "rail"))
    by_node = np.where(road >= 0, road, rail)
    is_port = table["kind"] == "port"
    source = np.where(is_port, network.locate(GATE, table["place_id"]), by_node)
    target = np.where(is_port, network.locate(QUAY, table["place_id"]), by_node)
    nodes = layers["nodes"].set_index("node_id")
    town = {f"to_{name}": table["node_id"].map(nodes[name]) for name in ("lon", "lat")}
    province = table["node_id"].map(nodes["province_id"]).fillna("")
    return table.assign(source=source, target=target, province_id=province, **town)


def straight_km(here: pd.DataFrame, there: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return the geodesic between two equally long tables with ``lat`` and ``lon``, km; NaN where a coordinate is missing."""
    _, _, metres = GEOD.inv(here["lon"], here["lat"], there["lon"], there["lat"])
    return np.asarray(metres, dtype=float) / 1000.0


def _nearest_nodes(places: pd.DataFrame, network: Network, nodes: pd.DataFrame) -> pd.DataFrame:
    """Return the nearest node on an open road for each place with coordinates."""
    on_road = nodes[nodes["node_id"].isin(network.vertices.query("mode == 'road'")["node_id"])]
    if on_road.empty:
        return pd.DataFrame({"node_id": "", "gap_km": np.nan}, index=places.index)
    located = places.dropna(subset=["lat", "lon"])
    found = on_road.iloc[KDTree(_on_sphere(on_road)).query(_on_sphere(located))[1]].set_index(located.index)
    table = pd.DataFrame({"node_id": found["node_id"], "gap_km": straight_km(located, found)})
    return table.reindex(places.index).fillna({"node_id": ""})


def _on_sphere(points: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return points on the unit sphere, shape (point, 3): who is nearest along the chord is nearest along the great circle."""
    lat, lon = np.radians(points[["lat", "lon"]].to_numpy(dtype=float)).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
