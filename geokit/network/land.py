"""Hauls by land: off the network, along it, and off it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geokit.core.assumptions import Assumptions, Transport
from geokit.network.build import COSTS, Network, build_network, closed_days
from geokit.network.paths import Paths, find_paths, sum_paths
from geokit.network.snap import list_places, snap_places, straight_km

MONEY = COSTS[:3]


@dataclass(frozen=True)
class Land:
    """The land side of a study, solved once.

    Attributes
    ----------
    network : Network
        The graph.
    places : pandas.DataFrame
        Snapped places, index = position; see :func:`geokit.network.snap.snap_places`.
    paths : mapping of bool to Paths
        Cheapest paths for loads without and with an empty truck to ride.
    transport : Transport
        Assumptions.
    """

    network: Network
    places: pd.DataFrame
    paths: Mapping[bool, Paths]
    transport: Transport


def build_land(layers: Mapping[str, pd.DataFrame], assumptions: Assumptions) -> Land:
    """Build the graph, snap the places and solve all paths.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    assumptions : Assumptions
        Group ``transport`` counts.

    Returns
    -------
    Land
        Ready for :func:`land_hauls`.
    """
    network = build_network(layers, assumptions)
    places = snap_places(list_places(layers), network, layers)
    paths = {backhaul: find_paths(edges, len(network.vertices)) for backhaul, edges in network.edges.items()}
    return Land(network, places, paths, assumptions.transport)


def land_hauls(pairs: pd.DataFrame, land: Land) -> pd.DataFrame:
    r"""Cost every pair of places by land.

    .. math:: c = \sum_{links} c_l + n_{transfers}\,c_t + (g_o + g_d)\,\tau\,\phi\,r_{dear} + s

    with straight gaps :math:`g`, tortuosity :math:`\tau`, cost factor :math:`\phi` and security premium :math:`s`. The path is the
    cheapest at mode; low and high follow the same path, the radius of a place subtracted from its gap (not below zero) and added to
    it. Two places no farther apart than the gaps they would bridge are joined by a direct track. A place to itself costs nothing.

    Parameters
    ----------
    pairs : pandas.DataFrame
        ``origin`` and ``destination``: positions in ``land.places``.
    land : Land
        From :func:`build_land`.

    Returns
    -------
    pandas.DataFrame
        Index of ``pairs`` (pairs without a haul are left out): costs in USD/t, ``hours``, ``road_km``, ``rail_km``, ``transfers``,
        ``gap_km``, ``closed_days``, ``assumed_open``, ``backhaul`` and ``direct`` (whether the track replaces the network).
    """
    here, there = (land.places.loc[pairs[side]].set_index(pairs.index) for side in ("origin", "destination"))
    gaps = pd.DataFrame({"here": here["gap_km"], "there": there["gap_km"], "straight": straight_km(here, there)})
    direct = gaps["straight"] <= gaps["here"] + gaps["there"]
    backhaul = here["province_id"].isin(land.network.backhaul)
    sums = _along_network(land, here["source"], there["target"], backhaul=backhaul)
    sums.loc[direct, list(land.network.sums)] = 0.0
    table = sums.assign(direct=direct, backhaul=backhaul)
    table = _add_tracks(table, _track_km(gaps, (here, there), direct), land)
    table["closed_days"] = closed_days(table)
    table["assumed_open"] = _name_passages(table, land.network.passages)
    same = pairs["origin"] == pairs["destination"]
    table.loc[same, [*COSTS, "gap_km"]] = 0.0
    reach = gaps[["here", "there"]].max(axis=1, skipna=False) <= land.transport.snap_limit_km
    kept = [*COSTS, "road_km", "rail_km", "transfers", "gap_km", "closed_days", "assumed_open", "backhaul", "direct"]
    return table.loc[(reach | same) & table["usd_per_t"].notna(), kept]


def track_usd_per_t(straight_km: pd.Series[float], land: Land, corner: str) -> pd.Series[float]:
    """Return the cost of a track off the network over a straight gap in km, USD/t, at ``low``, ``mode`` or ``high``."""
    rate = dict(zip(("low", "mode", "high"), land.network.dear, strict=True))[corner]
    windings, factor = land.transport.offnetwork_tortuosity, land.transport.offnetwork_cost_factor
    return straight_km * float(getattr(windings, corner) * getattr(factor, corner) * rate)


def _along_network(land: Land, source: pd.Series[int], target: pd.Series[int], *, backhaul: pd.Series[bool]) -> pd.DataFrame:
    """Add up the columns along the path of each pair; NaN where a vertex is missing or no path exists."""
    columns = list(land.network.sums)
    sums = pd.DataFrame(np.nan, index=source.index, columns=columns)
    reached = (source >= 0) & (target >= 0)
    for kind, paths in land.paths.items():
        chosen = reached & (backhaul == kind)
        ends = (np.asarray(source[chosen], dtype=np.int64), np.asarray(target[chosen], dtype=np.int64))
        sums.loc[chosen] = sum_paths(paths, ends, columns).to_numpy()
    return sums


def _track_km(gaps: pd.DataFrame, ends: tuple[pd.DataFrame, pd.DataFrame], direct: pd.Series[bool]) -> pd.DataFrame:
    """Return the straight km off the network of each pair: ``low``, ``mode``, ``high``."""
    radius = [end["accuracy_km"] for end in ends]
    both = {
        "low": (gaps["here"] - radius[0]).clip(lower=0) + (gaps["there"] - radius[1]).clip(lower=0),
        "mode": gaps["here"] + gaps["there"],
        "high": gaps["here"] + radius[0] + gaps["there"] + radius[1],
    }
    reach = radius[0] + radius[1]
    alone = {"low": (gaps["straight"] - reach).clip(lower=0), "mode": gaps["straight"], "high": gaps["straight"] + reach}
    return pd.DataFrame({corner: alone[corner].where(direct, both[corner]) for corner in both})


def _add_tracks(table: pd.DataFrame, tracks: pd.DataFrame, land: Land) -> pd.DataFrame:
    """Add the cost and time of tracks, and the security premium of whatever goes by road or track."""
    transport = land.transport
    gap_km = tracks["mode"] * transport.offnetwork_tortuosity.mode
    by_road = (table["road_km"] + gap_km > 0).astype(float)
    premium = transport.security_premium_usd_per_t
    costs = {
        name: table[name] + track_usd_per_t(tracks[corner], land, corner) + by_road * getattr(premium, corner)
        for name, corner in zip(MONEY, ("low", "mode", "high"), strict=True)
    }
    return table.assign(**costs, gap_km=gap_km, hours=table["hours"] + gap_km / transport.offnetwork_km_per_h)


def _name_passages(table: pd.DataFrame, passages: tuple[str, ...]) -> npt.NDArray[np.object_]:
    """Join the names of the passages that each path runs through, separated by ``;``."""
    names = pd.Series("", index=table.index)
    for passage in passages:
        names = names.where(~(table[passage] > 0), names + ";" + passage)
    return names.str.strip(";").to_numpy(dtype=object)
