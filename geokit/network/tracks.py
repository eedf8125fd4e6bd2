"""Tracks over the relief for many pairs of points at once."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import pandas as pd

from geokit.core.assumptions import Spread, Terrain
from geokit.core.errors import GeokitError, LayerError
from geokit.io.raster import read_raster
from geokit.network.terrain import CORNERS, find_alignment, find_window, measure_relief, price_road

FIGURES = ["climb_m", "descent_m", *(f"{kind}_km_{corner}" for kind in ("length", "haul", "build") for corner in CORNERS)]
ONE = Spread(low=1.0, mode=1.0, high=1.0)
REMEMBERED = 4096
"""Ways that are kept for the next question of the same process."""


def measure_tracks(pairs: pd.DataFrame, relief: Path, *, terrain: Terrain) -> pd.DataFrame:
    """Find the way of least effort for each pair of points, each in a window of its own.

    Parameters
    ----------
    pairs : pandas.DataFrame
        ``lon``, ``lat`` of the start and ``to_lon``, ``to_lat`` of the end in the direction of the loads, degrees.
    relief : pathlib.Path
        Raster of heights, m.
    terrain : Terrain
        Assumptions.

    Returns
    -------
    pandas.DataFrame
        Index of ``pairs``: ``climb_m``, ``descent_m``, ``length_km_low``, ``length_km_mode``, ``length_km_high`` and the same of
        ``haul_km`` (see :class:`geokit.network.terrain.Alignment`) and of ``build_km``, the kilometres of road on level ground that cost
        as much to build, and ``note``. Where there is no way, or a coordinate is missing,
        the figures are NaN and the note says why.
    """
    ends = pairs[["lon", "lat", "to_lon", "to_lat"]].to_numpy(dtype=float).tolist()
    rows = [_measure(*way, relief=relief, terrain=terrain) for way in ends]
    return pd.DataFrame(rows, index=pairs.index, columns=[*FIGURES, "note"]).astype(dict.fromkeys(FIGURES, float))


@lru_cache(maxsize=REMEMBERED)
def _measure(*ends: float, relief: Path, terrain: Terrain) -> dict[str, object]:
    """Return the figures of one way, or the reason why there is none."""
    if any(map(math.isnan, ends)):
        return {"note": "a coordinate is missing"}
    start, end = (ends[0], ends[1]), (ends[2], ends[3])
    try:
        way = find_alignment(measure_relief(read_raster(relief, find_window(start, end))), start, end, terrain=terrain)
    except LayerError as error:
        return {"note": "; ".join(problem.rule for problem in error.problems)}
    except GeokitError as error:
        return {"note": str(error)}
    spreads = {"length": way.length_km, "haul": way.haul_km, "build": price_road(way, ONE, terrain=terrain)}
    figures = {f"{kind}_km_{corner}": getattr(spread, corner) for kind, spread in spreads.items() for corner in CORNERS}
    return {"climb_m": way.climb_m, "descent_m": way.descent_m, **figures, "note": ""}
