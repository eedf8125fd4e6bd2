"""Turn the shapes of a map into latitude and longitude."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geokit.core.errors import Problem
from geokit.io.sheet import write_cells

DEGREES = CRS("EPSG:4326")
DECIMALS = 6
"""Decimals of a computed coordinate: a tenth of a metre."""


def locate_shapes(shapes: np.ndarray, crs: Any, place: str) -> tuple[list[str], list[str], list[Problem]]:  # noqa: ANN401  what pyproj takes
    """Return where shapes lie, as cells of text.

    Parameters
    ----------
    shapes : numpy.ndarray
        Shapely geometries; None gives blanks.
    crs : object
        Their reference system as pyproj understands it; None when the file states none, and then figures that can be degrees count as
        longitude and latitude.
    place : str
        The file's name in messages.

    Returns
    -------
    tuple of list of str, list of str and list of Problem
        Latitudes and longitudes on WGS84 (points as they are, a point inside of anything else), and what is wrong with the reference
        system; blanks where that makes the figures meaningless.
    """
    inside = _pick_points(shapes)
    east, north = shapely.get_x(inside), shapely.get_y(inside)
    is_exact = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    is_small = np.nanmax(np.abs(east), initial=0) <= 180 and np.nanmax(np.abs(north), initial=0) <= 90
    transformer, problem = _read_crs(crs, place, could_be_degrees=bool(is_small))
    if problem and not problem.is_doubt:
        return [""] * len(shapes), [""] * len(shapes), [problem]
    if transformer is not None:
        east, north = transformer.transform(east, north)
        is_exact = np.zeros(len(shapes), dtype=bool)
    lat, lon = (np.where(is_exact, values, np.round(values, DECIMALS)).tolist() for values in (north, east))
    return write_cells(lat), write_cells(lon), [problem] if problem else []


def _pick_points(shapes: np.ndarray) -> np.ndarray:
    """Return a point inside each shape; empty shapes and broken ones that stay broken give none."""
    solid = shapely.get_dimensions(shapes) > 0
    inside = shapes.copy()
    inside[solid] = shapely.point_on_surface(shapely.make_valid(shapes[solid]))
    several = shapely.get_type_id(inside) != shapely.GeometryType.POINT
    inside[several] = shapely.centroid(inside[several])
    return inside


def _read_crs(crs: Any, place: str, *, could_be_degrees: bool) -> tuple[Transformer | None, Problem | None]:  # noqa: ANN401  as above
    """Return the way from a reference system to degrees on WGS84, None where it leads nowhere, and what is wrong with the system."""
    remedy = "set the reference system of the layer and save it, or add columns lat and lon in degrees on WGS84"
    try:
        known = None if crs is None else CRS.from_user_input(crs)
        if known is not None and (known.is_geographic or known.is_projected):
            return None if _is_degrees(known) else Transformer.from_crs(known, DEGREES, always_xy=True), None
    except ProjError as error:
        return None, Problem(place, str(crs)[:60], f"is no reference system ({error})"[:200], remedy)
    rule = "and its figures were read as longitude and latitude on WGS84" if could_be_degrees else "and its figures are no degrees"
    return None, Problem(place, "", f"states no reference system, {rule}", remedy, is_doubt=could_be_degrees)


def _is_degrees(crs: CRS) -> bool:
    """Return whether coordinates in a reference system are longitude and latitude on WGS84 already."""
    return bool(crs.to_epsg() == 4326 or crs.to_authority() == ("OGC", "CRS84"))
