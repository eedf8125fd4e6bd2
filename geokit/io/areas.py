"""Read boundaries as bare shapes, for the check of where points lie."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely

from geokit.core.errors import LayerError, Problem
from geokit.io.table import read_bytes


@dataclass(frozen=True)
class Areas:
    """Shapes by id, in longitude and latitude.

    Attributes
    ----------
    ids : tuple of str
        One a shape; several shapes may share one.
    shapes : numpy.ndarray
        Shapely geometries.
    """

    ids: tuple[str, ...]
    shapes: np.ndarray

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north of all shapes, degrees."""
        west, south, east, north = shapely.total_bounds(self.shapes).tolist()
        return west, south, east, north


def read_areas(path: Path, key: str) -> Areas | None:
    """Read a GeoJSON file of boundaries.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    key : str
        Property that holds the id.

    Returns
    -------
    Areas or None
        None when there is no such file.

    Raises
    ------
    LayerError
        If the file is no GeoJSON of polygons with that property.
    """
    if not path.is_file():
        return None
    data, problems = read_bytes(path, path.name)
    try:
        return _parse_areas(data, key)
    except (ValueError, LookupError, TypeError, shapely.errors.ShapelyError) as error:
        rule = f"is no GeoJSON of shapes with {key} ({error})"
        raise LayerError(problems or [Problem(path.name, path.name, rule, "write it again with the script in recipes/")]) from error


@lru_cache(maxsize=4)
def _parse_areas(data: bytes, key: str) -> Areas:
    """Return the shapes of a GeoJSON file; bytes that were parsed before are not parsed again."""
    features = json.loads(data)["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    shapely.prepare(shapes)
    return Areas(tuple(str(feature["properties"][key]) for feature in features), shapes)
