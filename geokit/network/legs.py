"""The legs of one haul, in the order of travel."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geokit.network.build import GATE, Network
from geokit.network.land import Land, track_usd_per_t

OFF = "off-network"


@dataclass(frozen=True)
class Leg:
    """One stretch of a route in one mode.

    Attributes
    ----------
    mode : str
        ``off-network``, ``road``, ``rail``, ``transfer``, ``security``, ``port`` or ``sea``.
    name : str
        Name of the highway, line, lane or charge.
    start, end : str
        Names of the two ends.
    km : float
        Length; zero for transfers and charges.
    hours : float
        Time.
    usd_per_t : float
        Cost at mode, USD/t.
    """

    mode: str
    name: str
    start: str
    end: str
    km: float
    hours: float
    usd_per_t: float

    def as_dict(self) -> dict[str, object]:
        """Return the leg as a JSON object, its ends called ``from`` and ``to``."""
        named = {"mode": self.mode, "name": self.name, "from": self.start, "to": self.end}
        return {**named, "km": self.km, "hours": self.hours, "usd_per_t": self.usd_per_t}


def land_legs(pair: tuple[int, int], haul: Mapping[Hashable, Any], land: Land, *, node_names: pd.Series[str]) -> tuple[Leg, ...]:
    """Return the legs of a land haul.

    Parameters
    ----------
    pair : tuple of int
        Positions of origin and destination in ``land.places``.
    haul : mapping
        Their row of :func:`geokit.network.land.land_hauls`.
    land : Land
        The land side.
    node_names : pandas.Series
        Names by node id.

    Returns
    -------
    tuple of Leg
        Costs and hours add up to those of the haul; empty from a place to itself.
    """
    here, there = land.places.loc[list(pair)].to_dict("records")
    ids = [str(place["place_id"]) for place in (here, there)]
    if pair[0] == pair[1]:
        return ()
    if haul["direct"]:
        legs = [_track(ids[0], ids[1], float(haul["gap_km"]), land=land)]
    else:
        path = land.paths[bool(haul["backhaul"])].list_edges(int(here["source"]), int(there["target"]))
        towns = [str(node_names.get(place["node_id"], "")) for place in (here, there)]
        gaps = [float(place["gap_km"]) * land.transport.offnetwork_tortuosity.mode for place in (here, there)]
        away, home = _track(ids[0], towns[0], gaps[0], land=land), _track(towns[1], ids[1], gaps[1], land=land)
        legs = [away, *_path_legs(path, land.network, node_names), home]
    return tuple(leg for leg in (*legs, *_security(haul, land)) if leg.km + leg.hours + leg.usd_per_t > 0)


def _track(start: str, end: str, km: float, *, land: Land) -> Leg:
    """Return a leg off the network of a given length, windings included."""
    straight = pd.Series([km / land.transport.offnetwork_tortuosity.mode])
    cost = float(track_usd_per_t(straight, land, "mode").iloc[0])
    return Leg(OFF, "track", start, end, float(km), float(km) / land.transport.offnetwork_km_per_h, cost)


def _path_legs(path: pd.DataFrame, network: Network, node_names: pd.Series[str]) -> list[Leg]:
    """Merge consecutive edges of one mode and name into legs; the gates of ports are no legs."""
    edges = path[path["mode"] != GATE]
    ends = {side: edges[side].map(network.vertices["node_id"]).map(node_names).fillna("") for side in ("tail", "head")}
    edges = edges.assign(start=ends["tail"], end=ends["head"])
    run = ((edges["mode"] != edges["mode"].shift()) | (edges["name"] != edges["name"].shift())).cumsum()
    how = {"mode": "first", "name": "first", "start": "first", "end": "last", "km": "sum", "hours": "sum", "usd_per_t": "sum"}
    table = edges.groupby(run, sort=True).agg(how)
    return [Leg(*row) for row in table.itertuples(index=False)]


def _security(haul: Mapping[Hashable, Any], land: Land) -> tuple[Leg, ...]:
    """Return the security premium of a haul that uses a road or a track."""
    cost = land.transport.security_premium_usd_per_t.mode
    return (Leg("security", "security premium", "", "", 0.0, 0.0, cost),) if haul["road_km"] + haul["gap_km"] > 0 else ()
