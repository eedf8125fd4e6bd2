"""The legs of one haul, in the order of travel."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from geokit.network.build import GATE, Network
from geokit.network.charges import PREMIUM, SECURITY
from geokit.network.land import Land, find_ends, measure_direct, measure_places, track_usd_per_t
from geokit.network.paths import MOVING

OFF = "off-network"
Point = tuple[float, float]
"""Longitude and latitude, degrees."""


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
    points : tuple of (float, float)
        Longitudes and latitudes of its ends and of the towns between its links, degrees; none for transfers and charges.
    link_ids : tuple of str
        Its links in the order of travel, one fewer than points; none off the network.
    """

    mode: str
    name: str
    start: str
    end: str
    km: float
    hours: float
    usd_per_t: float
    points: tuple[Point, ...] = ()
    link_ids: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the leg as a JSON object, its ends called ``from`` and ``to``."""
        named = {"mode": self.mode, "name": self.name, "from": self.start, "to": self.end}
        return {**named, "km": self.km, "hours": self.hours, "usd_per_t": self.usd_per_t}


def land_legs(pair: tuple[int, int], haul: Mapping[Hashable, Any], land: Land, *, nodes: pd.DataFrame) -> tuple[Leg, ...]:
    """Return the legs of a land haul.

    Parameters
    ----------
    pair : tuple of int
        Positions of origin and destination in ``land.places``.
    haul : mapping
        Their row of :func:`geokit.network.land.land_hauls`.
    land : Land
        The land side.
    nodes : pandas.DataFrame
        The layer, by node id.

    Returns
    -------
    tuple of Leg
        Costs and hours add up to those of the haul; empty from a place to itself.
    """
    here, there = land.places.loc[list(pair)].to_dict("records")
    if pair[0] == pair[1]:
        return ()
    places = [_Stop(str(place["place_id"]), (place["lon"], place["lat"])) for place in (here, there)]
    if haul["direct"]:
        way = measure_direct(pd.DataFrame([pair], columns=["origin", "destination"]), land).iloc[0]
        track = _track(places[0], places[1], (way["length_km"], way["mode"]), land=land)
        premium = land.transport.security_premium_usd_per_t.mode if track.km > 0 else 0.0
        legs = [track, Leg(SECURITY, PREMIUM, "", "", 0.0, 0.0, premium)]
    else:
        backhaul = bool(haul["backhaul"])
        ends = find_ends(land, (land.places.loc[[pair[0]]], land.places.loc[[pair[1]]]), backhaul=backhaul)
        path = land.paths[backhaul].list_edges(*(int(end[0]) for end in ends))
        towns = [_stop(str(place["node_id"]), nodes) for place in (here, there)]
        out, back = (row for _, row in measure_places(pd.Index(pair), land).iterrows())
        away = _track(places[0], towns[0], (out["length_km"], out["mode"]), land=land)
        home = _track(towns[1], places[1], (back["length_km"], back["back_mode"]), land=land)
        legs = [away, *_path_legs(path, land.network, nodes), home]
    return tuple(leg for leg in legs if leg.km + leg.hours + leg.usd_per_t > 0)


@dataclass(frozen=True)
class _Stop:
    """Name and point of one end of a leg."""

    name: str
    point: Point


def _stop(node_id: str, nodes: pd.DataFrame) -> _Stop:
    """Return a town as the end of a leg."""
    name, lon, lat = nodes.loc[[node_id], ["name", "lon", "lat"]].to_numpy()[0]
    return _Stop(str(name), (float(lon), float(lat)))


def _track(start: _Stop, end: _Stop, km: tuple[float, float], *, land: Land) -> Leg:
    """Return a leg off the network by its length and by the kilometres of level road that cost as much."""
    cost = float(track_usd_per_t(pd.Series([km[1]]), land, "mode").iloc[0])
    hours = float(km[0]) / land.transport.offnetwork_km_per_h
    return Leg(OFF, "track", start.name, end.name, float(km[0]), hours, cost, (start.point, end.point))


def _path_legs(path: pd.DataFrame, network: Network, nodes: pd.DataFrame) -> list[Leg]:
    """Merge consecutive edges of one mode and name into legs, the security premium last; the gates of ports are no legs."""
    edges = path[path["mode"] != GATE].sort_values("mode", key=lambda mode: mode == SECURITY, kind="stable")
    run = ((edges["mode"] != edges["mode"].shift()) | (edges["name"] != edges["name"].shift())).cumsum()
    return [_merge(part, network.vertices["node_id"], nodes) for _, part in edges.groupby(run, sort=True)]


def _merge(edges: pd.DataFrame, ids: pd.Series[str], nodes: pd.DataFrame) -> Leg:
    """Return edges of one mode and name, in the order of travel, as one leg; a charge has neither ends nor length."""
    mode, name = edges[["mode", "name"]].iloc[0].tolist()
    km, hours, cost = edges[["km", "hours", "usd_per_t"]].sum().tolist()
    if mode == SECURITY or (mode in MOVING and not edges["link_id"].iloc[0]):
        return Leg(mode, name, "", "", 0.0, 0.0, cost)
    stops = [_stop(str(ids[vertex]), nodes) for vertex in (edges["tail"].iloc[0], *edges["head"])]
    leg = Leg(mode, name, stops[0].name, stops[-1].name, km, hours, cost)
    if mode not in MOVING:
        return leg
    return replace(leg, points=tuple(stop.point for stop in stops), link_ids=tuple(edges["link_id"]))
