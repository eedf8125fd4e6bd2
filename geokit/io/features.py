"""Count what a file of boundaries, lines or points holds, without a library for maps."""

from __future__ import annotations

import json
from pathlib import Path

from geokit.core.errors import LayerError, Problem
from geokit.io.table import read_bytes


def count_features(path: Path) -> int:
    """Return how many features a GeoJSON file holds.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    int
        The number of features.

    Raises
    ------
    LayerError
        If the file is missing or is no GeoJSON feature collection.
    """
    data, problems = read_bytes(path, path.name)
    if problems:
        raise LayerError(problems)
    try:
        return len(json.loads(data)["features"])
    except (ValueError, KeyError, TypeError) as error:
        rule = f"is no GeoJSON feature collection ({error})"
        raise LayerError([Problem(path.name, path.name, rule, "write it again with the script in recipes/")]) from error
