"""The ways off the network: over the relief where the layers have one, else straight lines times a factor."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geokit.core.assumptions import Assumptions, Spread, Terrain, Transport
from geokit.network.terrain import CORNERS, read_road_cost
from geokit.network.tracks import measure_tracks

RELIEF = "terrain/dem_30s.tif"
"""Heights below the folder of the layers."""
SHORT_KM = 1.0
"""A shorter way crosses about one cell of the relief, which says nothing of it."""
NO_RELIEF = "way off the network: straight line x {tortuosity:g}, {why}"
ROAD_COSTS = {"access_road_usd_million_low": "low", "access_road_usd_million": "mode", "access_road_usd_million_high": "high"}


@dataclass(frozen=True)
class Ground:
    """What is known of the ground off the network.

    Attributes
    ----------
    relief : pathlib.Path or None
        Raster of heights.
    transport, terrain : Transport, Terrain
        Assumptions.
    road_usd_per_km : Spread or None
        Cost of a kilometre of new road on level ground.
    """

    relief: Path | None
    transport: Transport
    terrain: Terrain
    road_usd_per_km: Spread | None


def read_ground(layers: Mapping[str, pd.DataFrame], assumptions: Assumptions) -> Ground:
    """Return the ground of a study.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        If it knows its folder, and that holds heights, they count; so do ``cost_factors`` and ``cost_indices``.
    assumptions : Assumptions
        Groups ``transport``, ``terrain`` and ``finance``.

    Returns
    -------
    Ground
        Without relief, or without the cost of a road, where the layers have none.
    """
    root = getattr(layers, "root", None)
    relief = root / RELIEF if root and (root / RELIEF).is_file() else None
    cost = read_road_cost(layers, assumptions) if {"cost_factors", "cost_indices"} <= set(layers) else None
    return Ground(relief, assumptions.transport, assumptions.terrain, cost)


def measure_gaps(ways: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    r"""Return the length of ways off the network and what they cost loads.

    Over the relief a way costs as much as :math:`L + a (h_+ + b h_-)` kilometres of level road; one road serves both directions, in
    which climb and descent change places. Without relief, on less than a kilometre and where no way leads over land, it is the straight
    line times ``offnetwork_tortuosity``.

    Parameters
    ----------
    ways : pandas.DataFrame
        ``lon``, ``lat``, ``to_lon``, ``to_lat`` (degrees) and ``straight_km``.
    ground : Ground
        From :func:`read_ground`.

    Returns
    -------
    pandas.DataFrame
        Index of ``ways``: ``length_km``; ``low``, ``mode`` and ``high``, kilometres of level road that cost as much; ``back_low``,
        ``back_mode`` and ``back_high``, the same for loads the other way; ``build_low``, ``build_mode`` and ``build_high``, kilometres on
        level ground that cost as much to build (NaN = unknown); and ``note``, why a way is not measured.
    """
    table = _straight(ways["straight_km"], ground.transport)
    long = ways["straight_km"] >= SHORT_KM
    table.loc[long, "note"] = _tell("no relief", ground)
    table.loc[long, [f"build_{corner}" for corner in CORNERS]] = math.nan
    if ground.relief is None:
        return table
    tracks = measure_tracks(ways[long], ground.relief, terrain=ground.terrain)
    table.loc[tracks.index, "note"] = [_tell(why, ground) if why else "" for why in tracks["note"]]
    found = tracks[tracks["note"] == ""]
    table.loc[found.index, "length_km"] = found["length_km_mode"]
    for corner in CORNERS:
        table.loc[found.index, corner] = found[f"haul_km_{corner}"]
        table.loc[found.index, f"back_{corner}"] = _turn(found, ground.terrain, corner)
        table.loc[found.index, f"build_{corner}"] = found[f"build_km_{corner}"]
    return table


def price_access(builds: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Return what new roads over gaps would cost to build, USD million; NaN where it is unknown.

    Parameters
    ----------
    builds : pandas.DataFrame
        ``build_low``, ``build_mode`` and ``build_high`` as from :func:`measure_gaps`.
    ground : Ground
        From :func:`read_ground`.

    Returns
    -------
    pandas.DataFrame
        Columns of ``ROAD_COSTS``; a road of no length costs nothing.
    """
    cost = ground.road_usd_per_km
    rates = {corner: getattr(cost, corner) / 1e6 if cost else math.nan for corner in CORNERS}
    return pd.DataFrame({name: (builds[f"build_{corner}"] * rates[corner]) for name, corner in ROAD_COSTS.items()}, index=builds.index)


def _straight(straight_km: pd.Series[float], transport: Transport) -> pd.DataFrame:
    """Return the figures of ways as straight lines times the tortuosity."""
    windings = transport.offnetwork_tortuosity
    lengths = {corner: straight_km * float(getattr(windings, corner)) for corner in CORNERS}
    kinds = {f"{kind}{corner}": lengths[corner] for kind in ("", "back_", "build_") for corner in CORNERS}
    return pd.DataFrame({"length_km": lengths["mode"], **kinds, "note": ""}, index=straight_km.index)


def _tell(why: str, ground: Ground) -> str:
    """Say that a way stays straight, so that nobody takes it for measured."""
    return NO_RELIEF.format(tortuosity=ground.transport.offnetwork_tortuosity.mode, why=why)


def _turn(tracks: pd.DataFrame, terrain: Terrain, corner: str) -> pd.Series[float]:
    """Return the kilometres of level road that cost loads as much on the way back."""
    climb, share = float(getattr(terrain.climb_m_per_m, corner)), float(getattr(terrain.descent_share_frac, corner))
    return tracks[f"length_km_{corner}"] + climb * (tracks["descent_m"] + share * tracks["climb_m"]) / 1000.0
