"""Points of a table, and which areas they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from geokit.check.aliases import fold
from geokit.check.figures import read_figures
from geokit.check.reference import Reference
from geokit.core.columns import split_ids
from geokit.io.areas import Areas

GEOD = Geod(ellps="WGS84")
PLACE = "lat, lon"
"""The two columns of a point, as findings name them."""
MARGIN_DEG = 0.25
"""The study area is the box round its provinces, wider by this on each side."""
STEPS = ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))
"""Slips of one digit: latitude or longitude wrong by one degree."""


@dataclass(frozen=True)
class Points:
    """The points of a table: positions of the rows that have one, latitude and longitude in degrees, and the radius they may be off."""

    rows: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    slack_km: np.ndarray

    def keep(self, mask: np.ndarray) -> Points:
        """Return the points of a mask."""
        return Points(self.rows[mask], self.lat[mask], self.lon[mask], self.slack_km[mask])

    def swap(self) -> Points:
        """Return the points with latitude and longitude exchanged."""
        return replace(self, lat=self.lon, lon=self.lat)

    def move(self, north: float, east: float) -> Points:
        """Return the points moved by some degrees."""
        return replace(self, lat=self.lat + north, lon=self.lon + east)


def read_points(frame: pd.DataFrame) -> Points:
    """Return the rows of a table that have a point on the globe; none for a table without coordinates."""
    if not {"lat", "lon"} <= set(frame.columns):
        return Points(*(np.empty(0, dtype=kind) for kind in (int, float, float, float)))
    lat, lon = (read_figures(frame[name].tolist()) for name in ("lat", "lon"))
    name = next((name for name in ("coord_accuracy_km", "coord_precision_km") if name in frame), None)
    slack = np.nan_to_num(read_figures(frame[name].tolist())) if name else np.zeros(len(frame))
    rows = np.flatnonzero((np.abs(lat) <= 90) & (np.abs(lon) <= 180))
    return Points(rows, lat[rows], lon[rows], slack[rows])


def lies_in(points: Points, stated: Sequence[tuple[str, ...]], areas: Areas) -> np.ndarray:
    """Return for each point whether it lies in one of the areas that its row states.

    Parameters
    ----------
    points : Points
        The points.
    stated : sequence of tuple of str
        Ids of areas, one tuple a point.
    areas : Areas
        Their shapes.

    Returns
    -------
    numpy.ndarray
        Of truths; false for a point whose ids have no shape.
    """
    found = np.zeros(len(points.rows), dtype=bool)
    names = pd.Series(list(stated), dtype=object).explode()
    members = names.groupby(names).groups
    for name, shape in zip(areas.ids, areas.shapes, strict=True):
        if name in members:
            here = members[name].to_numpy()
            found[here] |= shapely.intersects_xy(shape, points.lon[here], points.lat[here])
    return found


def lies_in_box(points: Points, areas: Areas) -> np.ndarray:
    """Return whether points lie in the box round some areas, margin included."""
    west, south, east, north = areas.bounds
    is_between_lat = (points.lat >= south - MARGIN_DEG) & (points.lat <= north + MARGIN_DEG)
    is_between_lon = (points.lon >= west - MARGIN_DEG) & (points.lon <= east + MARGIN_DEG)
    return np.asarray(is_between_lat & is_between_lon)


def list_districts(frame: pd.DataFrame, points: Points, reference: Reference) -> list[tuple[str, ...]]:
    """Return the districts that the rows of some points state, by id or in words; only those that have a boundary."""
    drawn = set(reference.areas["districts"].ids) if "districts" in reference.areas else set()
    names = reference.aliases.get("district_aliases.district_ids", {})
    blank = pd.Series("", index=frame.index)
    cells = zip(frame.get("district_ids", blank).iloc[points.rows], frame.get("district", blank).iloc[points.rows], strict=True)
    told = [split_ids(ids) or split_ids(names.get(fold(words), "")) for ids, words in cells]
    return [ids if ids and set(ids) <= drawn else () for ids in told]


def find_steps(points: Points, stated: Sequence[tuple[str, ...]], areas: Areas | None) -> list[str]:
    """Return for each point the coordinate that, wrong by one degree, would put it inside a stated area; else a blank.

    Parameters
    ----------
    points : Points
        The points.
    stated : sequence of tuple of str
        Ids of areas, one tuple a point.
    areas : Areas or None
        Their shapes.

    Returns
    -------
    list of str
        As ``lat 28.5``.
    """
    told = [""] * len(points.rows)
    for north, east in STEPS if areas else ():
        moved = points.move(north, east)
        for place in np.flatnonzero(lies_in(moved, stated, areas)).tolist():  # type: ignore[arg-type]
            told[place] = told[place] or (f"lat {moved.lat[place]:.6g}" if north else f"lon {moved.lon[place]:.6g}")
    return told


def name_areas(points: Points, areas: Areas) -> list[str]:
    """Return the area in which each point lies; blank for none."""
    told = [""] * len(points.rows)
    for name, shape in zip(areas.ids, areas.shapes, strict=True):
        for place in np.flatnonzero(shapely.intersects_xy(shape, points.lon, points.lat)).tolist():
            told[place] = told[place] or name
    return told


def measure_distances(points: Points, stated: Sequence[tuple[str, ...]], areas: Areas) -> np.ndarray:
    """Return how far each point lies from the nearest of the areas that its row states, km on the ellipsoid; all must have a shape."""
    if not len(points.rows):
        return np.empty(0)
    names = np.array(areas.ids)
    whole = {ids: shapely.union_all(areas.shapes[np.isin(names, ids)]) for ids in set(stated)}
    shapes = np.array([whole[ids] for ids in stated], dtype=object)
    lines = shapely.shortest_line(shapely.points(points.lon, points.lat), shapes)
    ends = shapely.get_coordinates(lines).reshape(-1, 4)
    return np.asarray(GEOD.inv(*ends.T)[2]) / 1000
