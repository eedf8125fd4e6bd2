"""Where a new road or track could run over the relief between two points, how long it is, how much it climbs and what it costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Geod

from geokit.core.assumptions import Assumptions, Spread, Terrain
from geokit.core.errors import GeokitError
from geokit.io.raster import Raster
from geokit.network.surface import STEPS, Cell, Grade, Surface, spread_cost

GEOD = Geod(ellps="WGS84")
CORNERS = ("low", "mode", "high")
EAST, SOUTH = 0, 1
"""Numbers of two of ``STEPS``."""
ROUNDING = 1e-5
"""Relative error of a cost that single precision leaves."""
Point = tuple[float, float]
"""Longitude and latitude, degrees."""
Metres = npt.NDArray[np.float64]
ROAD = "road-capex"
"""Row of the cost factors that gives the cost of a kilometre of road."""
INDEX = "cepci"
"""Index of costs by which that row is brought to the year of the study."""
MARGIN = 0.5
"""A window reaches this share of the straight distance beyond its two points, and at least ``LEAST_MARGIN_KM``."""
LEAST_MARGIN_KM = 50.0
KM_PER_DEG = 111.0
"""Kilometres to a degree of latitude, rounded; only for the size of windows."""
LAND_WITHIN = 3
"""A point in the sea of a coarse raster, as a quay is, counts as on the nearest land this many cells away."""


@dataclass(frozen=True)
class Relief:
    """Heights, and what follows from them alone.

    Attributes
    ----------
    raster : Raster
        Heights, m; NaN = sea or missing.
    lengths : numpy.ndarray, shape (rows, 16)
        Geodesic lengths of all steps from every row, m.
    slope : numpy.ndarray of float32, shape (rows, columns)
        Slope of the ground over two cells, m per m; NaN on sea.
    """

    raster: Raster
    lengths: Metres
    slope: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Alignment:
    """A way over the relief; indicative, since the relief is coarse.

    Attributes
    ----------
    profile : pandas.DataFrame
        One row a point from start to end: ``lon``, ``lat`` (degrees), ``height_m``, and of the piece that ends there ``run_m``,
        ``rise_m`` and ``slope`` (mean slope of the ground, m per m); the first row has no piece and zeros.
    length_km : Spread
        Length of the road, its windings included: low with the least windings and the steepest limit of the gradient, high with the
        most windings and the gentlest limit.
    haul_km : Spread
        Kilometres of level road that cost loads in this direction as much.
    climb_m, descent_m : float
        Sums of the rises and of the falls from cell to cell, m.
    effort_km : float
        What the way minimises, at mode: kilometres of level road on level ground.
    """

    profile: pd.DataFrame
    length_km: Spread
    haul_km: Spread
    climb_m: float
    descent_m: float
    effort_km: float


def measure_relief(raster: Raster) -> Relief:
    """Return a relief with the true lengths of its steps: cells of equal degrees are narrower towards the poles.

    Parameters
    ----------
    raster : Raster
        Heights, m.

    Returns
    -------
    Relief
        Ready for :func:`find_alignment`.
    """
    lengths = np.stack([_step_lengths(raster, step) for step in STEPS], axis=1)
    falls = [_difference(raster.data, axis) / lengths[:, [step]] for axis, step in ((1, EAST), (0, SOUTH))]
    return Relief(raster, lengths, np.hypot(*falls).astype(np.float32))


def find_window(start: Point, end: Point) -> tuple[float, float, float, float]:
    """Return west, south, east and north of the ground in which a way between two points is sought, degrees."""
    margin = max(MARGIN * _metres(start, end) / 1000.0, LEAST_MARGIN_KM) / KM_PER_DEG
    (west, east), (south, north) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    wide = margin / max(math.cos(math.radians(max(abs(south), abs(north)))), 0.1)
    return west - wide, south - margin, east + wide, north + margin


def find_alignment(relief: Relief, start: Point, end: Point, *, terrain: Terrain) -> Alignment:
    r"""Find the way of least effort for loads from one point to another.

    A step costs :math:`(1 + k s)(l + a h_+ + b h_-)` metres of level road on level ground: :math:`l` is the length of the road, the
    step with its windings, more of them where the ground is steeper than the steepest gradient, :math:`h` the rise or fall, :math:`s`
    the slope of the ground; :math:`a`, :math:`b` and :math:`k` are assumptions at mode. Lengths at low and high are those of the same
    way.

    Parameters
    ----------
    relief : Relief
        From :func:`measure_relief`.
    start, end : tuple of float
        Longitude and latitude, degrees.
    terrain : Terrain
        Assumptions.

    Returns
    -------
    Alignment
        From start to end.

    Raises
    ------
    GeokitError
        If a point lies outside the relief or out at sea, or no way leads over land.
    """
    ends = [_find_land(relief, point) for point in (start, end)]
    surface = _spread(relief, ends[0], terrain, toward=False, trace=True)
    cells = surface.trace(ends[1])
    if not cells:
        msg = f"no way over land leads from {start} to {end} (lon, lat) within the relief; give a larger relief, or go by sea"
        raise GeokitError(msg)
    profile = _list_points(relief, cells, (start, end))
    haul = {corner: _haul_m(profile, terrain, corner) for corner in CORNERS}
    road = {corner: float(_road_m(profile, terrain, corner).sum()) / 1000.0 for corner in CORNERS}
    effort = float((haul["mode"] * (1.0 + terrain.slope_cost_factor.mode * profile["slope"].to_numpy())).sum()) / 1000.0
    rise = profile["rise_m"]
    hauls = Spread(**{corner: float(metres.sum()) / 1000.0 for corner, metres in haul.items()})
    return Alignment(profile, Spread(**road), hauls, float(rise.clip(lower=0).sum()), float((-rise).clip(lower=0).sum()), effort)


def find_corridor(relief: Relief, start: Point, end: Point, *, terrain: Terrain, within_frac: float) -> npt.NDArray[np.bool_]:
    """Find all cells on ways that take little more effort than the least.

    Parameters
    ----------
    relief : Relief
        From :func:`measure_relief`.
    start, end : tuple of float
        Longitude and latitude, degrees.
    terrain : Terrain
        Assumptions.
    within_frac : float
        How much more effort a way may take, as a share of the least; not below zero.

    Returns
    -------
    numpy.ndarray of bool, shape (rows, columns)
        True where such a way leads through; nowhere if no way leads over land.

    Raises
    ------
    GeokitError
        If a point lies outside the relief or out at sea.
    """
    here, there = (_find_land(relief, point) for point in (start, end))
    through = _spread(relief, here, terrain, toward=False).cost + _spread(relief, there, terrain, toward=True).cost
    least = float(through[here])
    return np.asarray(through <= least * (1.0 + max(within_frac, ROUNDING)) if math.isfinite(least) else np.zeros_like(through, dtype=bool))


def price_road(alignment: Alignment, usd_per_km: Spread, *, terrain: Terrain) -> Spread:
    """Return the cost of building a road along a way, USD.

    Parameters
    ----------
    alignment : Alignment
        The way.
    usd_per_km : Spread
        Cost of a kilometre on level ground, as from :func:`read_road_cost`.
    terrain : Terrain
        What slopes add.

    Returns
    -------
    Spread
        Low, mode and high, each with the length, the slope and the cost of a kilometre of its own corner.
    """
    cost = {}
    for corner in CORNERS:
        dearer = 1.0 + float(getattr(terrain.slope_cost_factor, corner)) * alignment.profile["slope"].to_numpy()
        kilometres = _road_m(alignment.profile, terrain, corner) / 1000.0
        cost[corner] = float((kilometres * dearer).sum()) * float(getattr(usd_per_km, corner))
    return Spread(**cost)


def read_road_cost(layers: Mapping[str, pd.DataFrame], assumptions: Assumptions) -> Spread | None:
    """Return the cost of a kilometre of road on level ground in US dollars of the year of the study.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``cost_factors`` with the row ``road-capex`` (thousand of its currency a km) and ``cost_indices`` with ``cepci``.
    assumptions : Assumptions
        ``terrain.road_fx_per_usd`` and ``finance.price_year``.

    Returns
    -------
    Spread or None
        USD/km; None where the row or the index of either year is missing.
    """
    row = layers["cost_factors"].set_index("factor_id").reindex([ROAD]).iloc[0]
    index = layers["cost_indices"].query("index_id == @INDEX").set_index("year")["value"]
    factor = 1000.0 / assumptions.terrain.road_fx_per_usd
    factor *= float(index.get(assumptions.finance.price_year, math.nan)) / float(index.get(row["price_year"], math.nan))
    figures = [float(row[corner]) * factor for corner in CORNERS]
    return Spread(**dict(zip(CORNERS, figures, strict=True))) if np.isfinite(figures).all() else None


def _metres(start: Point, end: Point) -> float:
    """Return the geodesic between two points."""
    return float(GEOD.inv(*start, *end)[2])


def _step_lengths(raster: Raster, step: npt.NDArray[np.int64]) -> Metres:
    """Return the geodesic length of a step from every row, m."""
    rows = np.arange(raster.data.shape[0])
    lon, lat = raster.place(rows, np.zeros_like(rows))
    east, south = raster.place(rows + step[0], np.full_like(rows, step[1]))
    return np.asarray(GEOD.inv(lon, lat, east, np.clip(south, -90.0, 90.0))[2], dtype=float)


def _difference(heights: npt.NDArray[np.float32], axis: int) -> npt.NDArray[np.float32]:
    """Return how much the ground rises to the next cell: the mean over both neighbours, or that of one where the other is missing."""
    framed = np.pad(heights, [(1, 1) if side == axis else (0, 0) for side in (0, 1)], constant_values=np.nan)
    steps = np.diff(framed, axis=axis)
    before, after = np.delete(steps, -1, axis=axis), np.delete(steps, 0, axis=axis)
    known = np.isfinite(before).astype(np.float32) + np.isfinite(after)
    mean = (np.nan_to_num(before) + np.nan_to_num(after)) / np.maximum(known, 1)
    return np.where(np.isnan(heights), np.float32(np.nan), mean)


def _find_land(relief: Relief, point: Point) -> Cell:
    """Return the cell of a point, or the nearest land within a few cells of it."""
    cell = relief.raster.find_cell(*point)
    if cell is None:
        msg = f"the point {point} (lon, lat) lies outside the relief"
        raise GeokitError(msg)
    corner = np.maximum(np.subtract(cell, LAND_WITHIN), 0)
    around = relief.raster.data[corner[0] : cell[0] + LAND_WITHIN + 1, corner[1] : cell[1] + LAND_WITHIN + 1]
    land = np.argwhere(np.isfinite(around)) + corner
    if not len(land):
        msg = f"the point {point} (lon, lat) lies in the sea of the relief, more than {LAND_WITHIN} cells from land"
        raise GeokitError(msg)
    row, column = land[np.argmin(((land - cell) ** 2).sum(axis=1))]
    return int(row), int(column)


def _spread(relief: Relief, cell: Cell, terrain: Terrain, *, toward: bool, trace: bool = False) -> Surface:
    """Return the effort from a cell to all others, or toward it from all others."""
    climb = terrain.climb_m_per_m.mode
    grade = Grade(terrain.steepest_gradient_frac.mode, climb, climb * terrain.descent_share_frac.mode)
    return spread_cost(
        1.0 + terrain.slope_cost_factor.mode * relief.slope,
        [cell],
        lengths=terrain.winding_factor.mode * relief.lengths,
        steps=16,
        elevation=relief.raster.data,
        grade=grade.reverse() if toward else grade,
        trace=trace,
    )


def _list_points(relief: Relief, cells: list[Cell], ends: tuple[Point, Point]) -> pd.DataFrame:
    """Return the profile of a way: the centres of its cells and the middles of its knight's moves, between the two points themselves."""
    way = np.array(cells if len(cells) > 1 else cells * 2)
    pairs, slopes = [(way[0], way[0])], [0.0]
    for cell, target in pairwise(way):
        crossed = _cross(cell, target)
        stops = [(target, target)] if len(crossed) == 2 else [(crossed[1], crossed[2]), (target, target)]
        pairs += stops
        slopes += [float(relief.slope[tuple(np.transpose(crossed))].mean())] * len(stops)
    rows, columns = np.array(pairs).transpose(2, 0, 1)
    lon, lat = (part.mean(axis=1) for part in relief.raster.place(rows, columns))
    (lon[0], lat[0]), (lon[-1], lat[-1]) = ends
    height = relief.raster.data[rows, columns].mean(axis=1, dtype=float)
    run = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    pieces = {"run_m": np.concatenate([[0.0], run]), "rise_m": np.diff(height, prepend=height[0]), "slope": slopes}
    return pd.DataFrame({"lon": lon, "lat": lat, "height_m": height, **pieces})


def _cross(cell: Any, target: Any) -> list[Any]:  # noqa: ANN401 - rows and columns as small arrays
    """Return the cells that a step crosses in the order of travel."""
    step = target - cell
    if np.abs(step).max() < 2:
        return [cell, target]
    near = np.where(np.abs(step) == 2, step // 2, 0)
    return [cell, cell + near, target - near, target]


def _road_m(profile: pd.DataFrame, terrain: Terrain, corner: str) -> Metres:
    """Return the length of the road of each piece, m: shortest at the corner ``low``, where it may be steepest."""
    steepest = float(getattr(terrain.steepest_gradient_frac, {"low": "high", "high": "low"}.get(corner, corner)))
    winding = float(getattr(terrain.winding_factor, corner))
    run, rise = profile[["run_m", "rise_m"]].to_numpy(dtype=float).T
    return np.asarray(np.maximum(winding * run, np.abs(rise) / steepest), dtype=float)


def _haul_m(profile: pd.DataFrame, terrain: Terrain, corner: str) -> Metres:
    """Return the metres of level road that cost loads as much as each piece."""
    climb, share = float(getattr(terrain.climb_m_per_m, corner)), float(getattr(terrain.descent_share_frac, corner))
    rise = profile["rise_m"].to_numpy(dtype=float)
    weighed = climb * (np.maximum(rise, 0.0) + share * np.maximum(-rise, 0.0))
    return np.asarray(_road_m(profile, terrain, corner) + weighed, dtype=float)
