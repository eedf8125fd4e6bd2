"""Read tables from disk into frames of text and numbers, exactly as the data dictionary types them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geokit.core.columns import Column
from geokit.core.errors import LayerError, Problem
from geokit.io.table import parse_table, read_bytes

if TYPE_CHECKING:
    import geopandas as gpd

NUMBERS = ("number", "integer")
REWRITE = "write it again with recipes/datapackage.py"


def read_text_table(path: Path) -> pd.DataFrame:
    """Read a CSV file as text: every cell a string, blanks as the empty string.

    Parameters
    ----------
    path : pathlib.Path
        A UTF-8 comma-separated file with one header row.

    Returns
    -------
    pandas.DataFrame
        As many rows and columns as the file holds.

    Raises
    ------
    LayerError
        If the file cannot be read as such a table, with every reason.
    """
    data, problems = read_bytes(path, path.name)
    if problems:
        raise LayerError(problems)
    frame, problems = parse_table(data, path.name)
    if problems:
        raise LayerError(problems)
    return frame


def type_columns(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a copy in which the declared figures are floats (blank = NaN) and all else is text (blank = "").

    Parameters
    ----------
    frame : pandas.DataFrame
        Text as read.
    columns : sequence of Column
        The declaration.

    Returns
    -------
    pandas.DataFrame
        Same index; columns that are declared but absent are added as blanks, at the end.
    """
    absent = {column.name: "" for column in columns if column.name not in frame.columns}
    frame = frame.assign(**absent) if absent else frame
    figures = {column.name for column in columns if column.type in NUMBERS}
    return frame.assign(**{name: [float(cell.strip() or "nan") for cell in frame[name]] for name in frame.columns if name in figures})


def read_geometry(path: Path) -> gpd.GeoDataFrame:
    """Read a GeoJSON layer.

    Parameters
    ----------
    path : pathlib.Path
        A GeoJSON file in longitude and latitude.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326; the index counts the features in the order of the file.

    Raises
    ------
    LayerError
        If the file is missing or is no GeoJSON feature collection.
    """
    import geopandas as gpd  # noqa: PLC0415  (slow to import, needed only for maps)

    data, problems = read_bytes(path, path.name)
    try:
        features = json.loads(data)["features"] if not problems else []
        return gpd.GeoDataFrame.from_features(features, crs="EPSG:4326") if features else _refuse(problems, path, "holds no feature")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _refuse(problems, path, f"is no GeoJSON feature collection ({error})")


def _refuse(problems: list[Problem], path: Path, rule: str) -> Any:  # noqa: ANN401  (never returns)
    """Raise what is wrong with a geometry file."""
    raise LayerError(problems or [Problem(path.name, path.name, rule, "write it again with the script in recipes/")])


def read_package(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """Read a Frictionless data package descriptor.

    Parameters
    ----------
    path : pathlib.Path
        The ``datapackage.json`` of a layers folder.

    Returns
    -------
    tuple of dict and list of Problem
        The descriptor, and what is wrong with it: it must say ``version``, ``verified_on`` (ISO date) and a list of ``resources``.
    """
    data, problems = read_bytes(path, path.name)
    try:
        descriptor = json.loads(data) if not problems else {}
    except ValueError as error:
        return {}, [Problem(path.name, path.name, f"is no JSON ({error})", REWRITE)]
    if not isinstance(descriptor, dict):
        return {}, [Problem(path.name, type(descriptor).__name__, "is no JSON object", REWRITE)]
    return descriptor, problems or _check_package(descriptor, path.name)


def _check_package(descriptor: dict[str, Any], place: str) -> list[Problem]:
    """Return what a descriptor lacks."""
    problems = []
    if not isinstance(descriptor.get("version"), str):
        problems.append(Problem(place, str(descriptor.get("version")), "is no version", REWRITE))
    try:
        dt.date.fromisoformat(str(descriptor.get("verified_on")))
    except ValueError:
        problems.append(Problem(place, str(descriptor.get("verified_on")), "is no date of verification", "write verified_on as YYYY-MM-DD"))
    resources = descriptor.get("resources")
    if not (isinstance(resources, list) and all(isinstance(resource, dict) for resource in resources)):
        problems.append(Problem(place, type(resources).__name__, "is no list of resources", REWRITE))
    return problems


def hash_bytes(data: bytes) -> str:
    """Return the SHA-256 of some bytes as hex digits."""
    return hashlib.sha256(data).hexdigest()
