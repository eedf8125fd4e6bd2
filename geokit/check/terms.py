"""The terms of every file of the layers: each has a row in the table of resources."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

import pandas as pd

from geokit.core.errors import Problem

TABLE = "resources"
"""The table that holds one row a file: licence, attribution, sources, method and limits."""


def check_resources(resources: pd.DataFrame, paths: Iterable[str]) -> list[Problem]:
    """Return the files of a folder that have no row in the table of resources, and the rows without a file.

    Parameters
    ----------
    resources : pandas.DataFrame
        The table as text, rows in the order of the file.
    paths : iterable of str
        Every data file, by its path below the folder; files that share a stem share a row.

    Returns
    -------
    list of Problem
        One for each file and each row that stands alone.
    """
    stems = {PurePosixPath(path).stem: path for path in sorted(paths)}
    rows = resources["layer"].tolist() if "layer" in resources else []
    rule, remedy = "has no row in resources.csv, which would say on what terms it may be used", "add the row, or remove the file"
    unlisted = [Problem(path, stem, rule, remedy) for stem, path in stems.items() if stem not in rows]
    orphans = [
        Problem(f"{TABLE}.csv", layer, "names no file of the folder", "remove the row, or add the file", number, "layer")
        for number, layer in enumerate(rows, 2)
        if layer not in stems
    ]
    return [*unlisted, *orphans]
