"""The files of the layers that are no tables: boundaries, lines and points, grids and pictures."""

from __future__ import annotations

from pathlib import PurePosixPath

import pandas as pd

from geokit.catalog.layers import Layers
from geokit.check.terms import TABLE
from geokit.core.errors import GeokitError
from geokit.io.features import read_properties

TERMS = ["licence", "attribution", "source_ids", "recipe", "method", "limits", "verified_on"]


def find_maps(layers: Layers) -> dict[str, tuple[str, ...]]:
    """Return the files that are no tables, by the name of the layer; a picture and the file of its bounds share one."""
    names: dict[str, tuple[str, ...]] = {}
    for path in sorted(layers.sha256):
        stem = PurePosixPath(path).stem
        names |= {} if stem in layers else {stem: (*names.get(stem, ()), path)}
    return names


def count_map(layers: Layers, name: str) -> int | None:
    """Return how many features a map layer holds; None for a grid or a picture."""
    shapes = _find_shapes(layers, name)
    return len(read_properties(layers.root / shapes)) if shapes else None


def describe_map(layers: Layers, name: str) -> pd.DataFrame:
    """Return what is known of a map layer.

    Parameters
    ----------
    layers : Layers
        As read.
    name : str
        One of :func:`find_maps`.

    Returns
    -------
    pandas.DataFrame
        One row: ``layer``, ``files``, ``features`` (how many; missing for a grid or a picture), ``columns`` (their properties),
        ``licence``, ``attribution``, ``source_ids``, ``recipe``, ``method``, ``limits``, ``verified_on`` and ``modified``.

    Raises
    ------
    LayerError
        If the file is no GeoJSON any more.
    """
    shapes = _find_shapes(layers, name)
    features = read_properties(layers.root / shapes) if shapes else None
    held = {"features": None, "columns": ""} if features is None else {"features": len(features), "columns": ";".join(map(str, features))}
    known = layers[TABLE][layers[TABLE]["layer"] == name].to_dict("records") if TABLE in layers else []
    terms = {term: known[0][term] if known else "" for term in TERMS}
    files = ";".join(find_maps(layers)[name])
    return pd.DataFrame([{"layer": name, "files": files, **held, **terms, "modified": name in layers.modified}])


def read_map(layers: Layers, name: str) -> pd.DataFrame:
    """Return the properties of the features of a map layer, without their shapes.

    Parameters
    ----------
    layers : Layers
        As read.
    name : str
        One of :func:`find_maps`.

    Returns
    -------
    pandas.DataFrame
        One row a feature, in the order of the file.

    Raises
    ------
    GeokitError
        If it is a grid or a picture, which has no features.
    LayerError
        If the file is no GeoJSON any more.
    """
    shapes = _find_shapes(layers, name)
    if not shapes:
        msg = f"{name} is a grid or a picture without rows; leave the condition out to see what is known of it"
        raise GeokitError(msg)
    return read_properties(layers.root / shapes)


def _find_shapes(layers: Layers, name: str) -> str:
    """Return the path of the GeoJSON file of a map layer; blank for a grid or a picture."""
    return next((path for path in find_maps(layers)[name] if path.endswith(".geojson")), "")
