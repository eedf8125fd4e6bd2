"""Hauls by land: off the network, along it, and off it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from geokit.core.assumptions import Assumptions, Transport
from geokit.network.build import COSTS, Network, build_network, closed_days
from geokit.network.charges import CORNERS, MONEY, solve_network
from geokit.network.closures import NONE
from geokit.network.gaps import ROAD_COSTS, Ground, measure_gaps, price_access, read_ground
from geokit.network.paths import Paths, sum_paths
from geokit.network.snap import list_places, snap_places, straight_km

Whole = npt.NDArray[np.int64]
BUILDS = [f"build_{corner}" for corner in CORNERS]


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
    ground : Ground
        What is known of the ground off the network.
    """

    network: Network
    places: pd.DataFrame
    paths: Mapping[bool, Paths]
    ground: Ground

    @property
    def transport(self) -> Transport:
        """Return the assumptions on freight."""
        return self.ground.transport


def build_land(
    layers: Mapping[str, pd.DataFrame], assumptions: Assumptions, *, closed: frozenset[str] = NONE, year: int | None = None
) -> Land:
    """Build the graph, snap the places and solve all paths.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    assumptions : Assumptions
        Group ``transport`` counts.
    closed : frozenset of str
        As for :func:`geokit.network.build.build_network`.
    year : int, optional
        Likewise.

    Returns
    -------
    Land
        Ready for :func:`land_hauls`.
    """
    network = build_network(layers, assumptions, closed=closed, year=year)
    places, paths = snap_places(list_places(layers), network, layers), solve_network(network, assumptions.transport)
    return Land(network, places, paths, read_ground(layers, assumptions))


def close_land(land: Land, closed: frozenset[str]) -> Land:
    """Return the land side with some links and ports taken out; only the paths are solved anew.

    Parameters
    ----------
    land : Land
        From :func:`build_land`.
    closed : frozenset of str
        As for :func:`geokit.network.build.build_network`.

    Returns
    -------
    Land
        The same as :func:`build_land` builds with them closed.
    """
    network = land.network.close(closed)
    return replace(land, network=network, paths=solve_network(network, land.transport))


def land_hauls(pairs: pd.DataFrame, land: Land) -> pd.DataFrame:
    r"""Cost every pair of places by land.

    .. math:: c = \sum_{links} c_l + n_{transfers}\,c_t + \sum_{runs} c_u + (g_o + g_d)\,\phi\,r_{dear} + s

    with gaps :math:`g` as kilometres of level road (:func:`geokit.network.gaps.measure_gaps`), cost factor :math:`\phi`, what runs by rail
    cost besides their links :math:`c_u` and the security premium :math:`s` of a load that uses a road or a track
    (:func:`geokit.network.charges.solve_network`). All of it chooses the path,
    the cheapest at mode; low and high follow the same path, the radius of a place times the tortuosity
    subtracted from its gap (not below zero) and added to it. Two places no farther apart than the straight gaps they would bridge are
    joined by a direct track if that is cheaper. A place to itself costs nothing.

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
        ``gap_km``, ``closed_days``, ``assumed_open``, ``backhaul``, ``direct`` (whether the track replaces the network), ``note`` and what
        a new road over the gap would cost (columns of ``ROAD_COSTS``).
    """
    here, there = (land.places.loc[pairs[side]].set_index(pairs.index) for side in ("origin", "destination"))
    backhaul = here["province_id"].isin(land.network.backhaul)
    sums = _along_network(land, (here, there), backhaul=backhaul)
    tracks, direct = _choose_tracks(pairs.assign(usd_per_t=sums["usd_per_t"]), (here, there), land)
    sums.loc[direct, list(land.network.sums)] = 0.0
    table = _add_tracks(sums.assign(direct=direct, backhaul=backhaul), tracks, land)
    table["closed_days"] = closed_days(table)
    table["assumed_open"] = _name_passages(table, land.network.passages)
    table = table.assign(note=tracks["note"], **price_access(tracks, land.ground))
    same = pairs["origin"] == pairs["destination"]
    table.loc[same, [*COSTS, "gap_km", *ROAD_COSTS]] = 0.0
    table.loc[same, "note"] = ""
    reach = pd.concat([here["gap_km"], there["gap_km"]], axis=1).max(axis=1, skipna=False) <= land.transport.snap_limit_km
    kept = [*COSTS, "road_km", "rail_km", "transfers", "gap_km", "closed_days", "assumed_open", "backhaul", "direct", "note", *ROAD_COSTS]
    return table.loc[(reach | same) & table["usd_per_t"].notna(), kept]


def measure_places(positions: pd.Index[int], land: Land) -> pd.DataFrame:
    """Return the ways from places to their nodes on the network, as :func:`geokit.network.gaps.measure_gaps`; index ``positions``."""
    ways = land.places.loc[positions].rename(columns={"gap_km": "straight_km"})
    return measure_gaps(ways, land.ground)


def measure_direct(pairs: pd.DataFrame, land: Land) -> pd.DataFrame:
    """Return the ways that join pairs of places without the network, as :func:`geokit.network.gaps.measure_gaps`; index of ``pairs``."""
    here, there = (land.places.loc[pairs[side], ["lon", "lat"]].set_index(pairs.index) for side in ("origin", "destination"))
    return measure_gaps(here.join(there.add_prefix("to_")).assign(straight_km=straight_km(here, there)), land.ground)


def track_usd_per_t(haul_km: pd.Series[float], land: Land, corner: str) -> pd.Series[float]:
    """Return the cost of a way off the network by its kilometres of level road, USD/t, at ``low``, ``mode`` or ``high``."""
    rate = dict(zip(CORNERS, land.network.dear, strict=True))[corner]
    return haul_km * float(getattr(land.transport.offnetwork_cost_factor, corner) * rate)


def find_ends(land: Land, ends: tuple[pd.DataFrame, pd.DataFrame], *, backhaul: bool) -> tuple[Whole, Whole]:
    """Return the vertices between which pairs of places are joined, -1 where a place has none.

    Parameters
    ----------
    land : Land
        The land side.
    ends : tuple of two pandas.DataFrame
        Equally long rows of ``land.places``: origins and destinations.
    backhaul : bool
        Whether the loads ride an empty truck.

    Returns
    -------
    tuple of two numpy.ndarray, shape (n,)
        Numbers of vertices of ``land.paths[backhaul]``.
    """
    here, there = ends
    source, target = here["source"].to_numpy(dtype=np.int64), there["target"].to_numpy(dtype=np.int64)
    tracked = (here["gap_km"].to_numpy() + there["gap_km"].to_numpy()) > 0
    return source, land.paths[backhaul].choose_ends(target, source, tracked=tracked)


def _along_network(land: Land, ends: tuple[pd.DataFrame, pd.DataFrame], *, backhaul: pd.Series[bool]) -> pd.DataFrame:
    """Add up the columns along the path of each pair; NaN where a vertex is missing or no path exists."""
    columns, (here, there) = list(land.network.sums), ends
    sums = pd.DataFrame(np.nan, index=here.index, columns=columns)
    reached = (here["source"] >= 0) & (there["target"] >= 0)
    for kind, paths in land.paths.items():
        chosen = reached & (backhaul == kind)
        sums.loc[chosen] = sum_paths(paths, find_ends(land, (here[chosen], there[chosen]), backhaul=kind), columns).to_numpy()
    return sums


def _choose_tracks(pairs: pd.DataFrame, ends: tuple[pd.DataFrame, pd.DataFrame], land: Land) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """Return the ways off the network of each pair, and whether they replace it; the pairs tell what the path on it costs, USD/t."""
    tracks = _both_gaps(pairs, land)
    straight = pd.Series(straight_km(*ends), index=pairs.index)
    alone = measure_direct(pairs[straight <= ends[0]["gap_km"] + ends[1]["gap_km"]], land)
    alone = _widen(alone, ends[0]["accuracy_km"] + ends[1]["accuracy_km"], land.transport)
    over = pairs["usd_per_t"].loc[alone.index] + track_usd_per_t(tracks.loc[alone.index, "mode"], land, "mode")
    premium = land.transport.security_premium_usd_per_t.mode * (alone["length_km"] > 0)
    alone = alone[~(over < track_usd_per_t(alone["mode"], land, "mode") + premium)]
    tracks.loc[alone.index] = alone[tracks.columns]
    return tracks, pd.Series(pairs.index.isin(alone.index), index=pairs.index)


def _both_gaps(pairs: pd.DataFrame, land: Land) -> pd.DataFrame:
    """Return the sums of the ways from the origins to the network and from there to the destinations."""
    ways = measure_places(pd.Index(pd.unique(pairs[["origin", "destination"]].to_numpy().ravel())), land)
    away, home = (ways.loc[pairs[side]].set_index(pairs.index) for side in ("origin", "destination"))
    home = home.assign(**{corner: home[f"back_{corner}"] for corner in CORNERS})
    radius = land.places["accuracy_km"]
    away, home = (_widen(way, pairs[side].map(radius), land.transport) for way, side in ((away, "origin"), (home, "destination")))
    figures = ["length_km", *CORNERS, *BUILDS]
    return (away[figures] + home[figures]).assign(note=away["note"].where(away["note"] != "", home["note"]))


def _widen(ways: pd.DataFrame, radius: pd.Series[float], transport: Transport) -> pd.DataFrame:
    """Take the radius of a place from the low figure of its way, not below zero, and add it to the high one."""
    windings, radius = transport.offnetwork_tortuosity, radius.loc[ways.index]
    return ways.assign(low=(ways["low"] - radius * windings.low).clip(lower=0), high=ways["high"] + radius * windings.high)


def _add_tracks(table: pd.DataFrame, tracks: pd.DataFrame, land: Land) -> pd.DataFrame:
    """Add the cost and time of tracks, and the security premium of those that replace the network, on which the path has paid it."""
    transport, gap_km = land.transport, tracks["length_km"]
    alone = (table["direct"] & (gap_km > 0)).astype(float)
    premium = {corner: alone * getattr(transport.security_premium_usd_per_t, corner) for corner in CORNERS}
    costs = {
        name: table[name] + track_usd_per_t(tracks[corner], land, corner) + premium[corner]
        for name, corner in zip(MONEY, CORNERS, strict=True)
    }
    return table.assign(**costs, gap_km=gap_km, hours=table["hours"] + gap_km / transport.offnetwork_km_per_h)


def _name_passages(table: pd.DataFrame, passages: tuple[str, ...]) -> npt.NDArray[np.object_]:
    """Join the names of the passages that each path runs through, separated by ``;``."""
    names = pd.Series("", index=table.index)
    for passage in passages:
        names = names.where(~(table[passage] > 0), names + ";" + passage)
    return names.str.strip(";").to_numpy(dtype=object)
