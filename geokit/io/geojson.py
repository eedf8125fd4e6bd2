"""Read a GeoJSON feature collection."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geokit.core.errors import LayerError, Problem
from geokit.io.sheet import MAX_CELLS, Sheet, decode_text, refuse_size, write_cells

DEGREES = "OGC:CRS84"
"""The reference system of GeoJSON (RFC 7946): longitude and latitude on WGS84."""


def read_geojson(path: Path) -> Sheet:
    """Read the features of a GeoJSON file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    Sheet
        The properties in the order in which they first appear; the reference system is that of a ``crs`` member, which old files have,
        else longitude and latitude.

    Raises
    ------
    LayerError
        If it holds too many cells, or anything but features.
    ValueError
        If it is no JSON.
    """
    tree = json.loads(decode_text(path.read_bytes()))
    features = _list_features(tree, path.name)
    rows: list[dict[str, Any]] = [feature.get("properties") or {} for feature in features]
    header = list(dict.fromkeys(name for row in rows for name in row))
    if len(header) * len(rows) > MAX_CELLS:
        raise refuse_size(path.name, f"{len(rows)} features, {len(header)} properties", f"holds more than {MAX_CELLS} cells")
    shapes = np.array([_read_shape(feature.get("geometry")) for feature in features], dtype=object)
    cells = tuple(write_cells(row.get(name) for row in rows) for name in header)
    return Sheet("", tuple(write_cells(header)), cells, shapes, _find_crs(tree))


def _list_features(tree: object, place: str) -> list[dict[str, Any]]:
    """Return the features of a collection, or raise what it is instead."""
    features = tree.get("features") if isinstance(tree, dict) and tree.get("type") == "FeatureCollection" else None
    is_sound = isinstance(features, list) and all(_is_feature(feature) for feature in features)
    if isinstance(features, list) and is_sound:
        return features
    raise LayerError([Problem(place, str(tree)[:60], "is no GeoJSON feature collection", "export the layer as GeoJSON")])


def _is_feature(feature: object) -> bool:
    """Return whether something is a feature: its properties, if it has any, stand by name."""
    return isinstance(feature, dict) and isinstance(feature.get("properties") or {}, dict)


def _find_crs(tree: dict[str, Any]) -> Any:  # noqa: ANN401  what pyproj understands
    """Return the reference system of a collection; None when it says that it has none."""
    if "crs" not in tree:
        return DEGREES
    named = tree["crs"]
    return named.get("properties", {}).get("name") if isinstance(named, dict) else None


def _read_shape(geometry: object) -> Any:  # noqa: ANN401  a Shapely geometry or None
    """Return a geometry; None for a blank or a broken one."""
    if not isinstance(geometry, dict):
        return None
    place = geometry.get("coordinates")
    if geometry.get("type") == "Point" and isinstance(place, list) and len(place) >= 2 and all(type(one) in {int, float} for one in place):
        return shapely.Point(place[0], place[1])
    return shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")
