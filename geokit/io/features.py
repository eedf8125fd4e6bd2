"""Read what a file of boundaries, lines or points says of its features, without a library for maps."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from geokit.core.errors import LayerError, Problem
from geokit.io.table import read_bytes


def read_properties(path: Path) -> pd.DataFrame:
    """Return the properties of the features of a GeoJSON file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    pandas.DataFrame
        One row a feature; figures as figures, a missing word as "".

    Raises
    ------
    LayerError
        If the file is missing or is no GeoJSON feature collection.
    """
    data, problems = read_bytes(path, path.name)
    if problems:
        raise LayerError(problems)
    try:
        features = json.loads(data)["features"]
        frame = pd.DataFrame([feature.get("properties") or {} for feature in features], index=range(len(features)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        rule = f"is no GeoJSON feature collection ({error})"
        raise LayerError([Problem(path.name, path.name, rule, "write it again with the script in recipes/")]) from error
    words = frame.columns.difference(frame.select_dtypes("number").columns)
    return frame.assign(**{name: frame[name].fillna("") for name in words})
