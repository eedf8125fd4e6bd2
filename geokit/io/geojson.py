"""Read a GeoJSON feature collection."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geokit.core.errors import LayerError, Problem
from geokit.io.sheet import MAX_CELLS, Sheet, decode_text, refuse_size, write_cells

DEGREES = "OGC:CRS84"
"""The reference system of GeoJSON (RFC 7946): longitude and latitude on WGS84."""
MAX_TOLD = 20
"""Features without a property that are told one by one."""


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
        If it holds too many cells, anything but features, or features that do not all have the same properties: a blank says that a
        figure is not known, and a property left out says nothing, so the one is not read as the other.
    ValueError
        If it is no JSON.
    """
    tree = json.loads(decode_text(path.read_bytes()))
    features = _list_features(tree, path.name)
    rows: list[dict[str, Any]] = [feature.get("properties") or {} for feature in features]
    header = list(dict.fromkeys(name for row in rows for name in row))
    if len(header) * len(rows) > MAX_CELLS:
        raise refuse_size(path.name, f"{len(rows)} features, {len(header)} properties", f"holds more than {MAX_CELLS} cells")
    _check_same(rows, header, path.name)
    shapes = np.array([_read_shape(feature.get("geometry")) for feature in features], dtype=object)
    cells = tuple(write_cells(_keep_nan(row[name]) for row in rows) for name in header)
    return Sheet("", tuple(write_cells(header)), cells, shapes, _find_crs(tree))


def _list_features(tree: object, place: str) -> list[dict[str, Any]]:
    """Return the features of a collection, or raise what it is instead."""
    features = tree.get("features") if isinstance(tree, dict) and tree.get("type") == "FeatureCollection" else None
    is_sound = isinstance(features, list) and all(_is_feature(feature) for feature in features)
    if isinstance(features, list) and is_sound:
        return features
    raise LayerError([Problem(place, str(tree)[:60], "is no GeoJSON feature collection", "export the layer as GeoJSON")])


def _check_same(rows: Sequence[Mapping[str, Any]], header: Sequence[str], place: str) -> None:
    """Raise which features lack which properties that others have; those beyond ``MAX_TOLD`` are only counted."""
    lacking = [number for number, row in enumerate(rows, 1) if len(row) < len(header)]
    problems = []
    for number in lacking[:MAX_TOLD]:
        missing = [name for name in header if name not in rows[number - 1]]
        rule = f"is a property that feature {number} does not have, and another feature has"
        remedy = "give every feature the same properties, with null where it is not known"
        problems.append(Problem(place, ", ".join(missing)[:200], rule, remedy, number + 1))
    if len(lacking) > MAX_TOLD:
        rule = "is the number of further features that lack a property, from this row on"
        remedy = "give every feature the same properties, with null where it is not known"
        problems.append(Problem(place, str(len(lacking) - MAX_TOLD), rule, remedy, lacking[MAX_TOLD] + 1))
    if problems:
        raise LayerError(problems)


def _keep_nan(value: object) -> object:
    """Return a value, and the literal NaN as text: no JSON has it, so that it is no word for a blank; the check refuses it."""
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


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
