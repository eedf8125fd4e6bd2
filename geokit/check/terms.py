"""The terms of every file of the layers: each has a row in the table of resources, and nothing else lies in the folder."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from geokit.core.columns import split_ids
from geokit.core.errors import Problem
from geokit.io.dictionary import read_themes

TABLE = "resources"
"""The table that holds one row a layer: files, licence, attribution, sources, method and limits."""


def find_homes() -> dict[str, str]:
    """Return the one path at which each table is read, as ``deposits/deposits.csv``."""
    return {table: f"{theme}/{table}.csv".lstrip("/") for table, (theme, _) in read_themes().items()}


def check_resources(resources: pd.DataFrame, paths: Iterable[str]) -> list[Problem]:
    """Return the files of a folder that nothing reads or that have no row in the table of resources, and the rows without their files.

    Parameters
    ----------
    resources : pandas.DataFrame
        The table as text, rows in the order of the file.
    paths : iterable of str
        Every data file, by its path below the folder.

    Returns
    -------
    list of Problem
        One for each file that no row names, and for each file of a row that is not there.
    """
    homes, present = find_homes(), set(paths)
    rows = [_list_files(row, homes) for row in resources.to_dict("records")] if "layer" in resources else []
    named = {path for files in rows for path in files}
    strays = [Problem(path, PurePosixPath(path).stem, *_judge_stray(path, homes)) for path in sorted(present - named)]
    return [*strays, *_find_orphans(resources, rows, present)]


def _list_files(row: Mapping[Any, str], homes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the files that a row of the table vouches for: the table of its name at its one place, or the files it lists by its name."""
    layer = row["layer"]
    listed = tuple(path for path in split_ids(row.get("files", "")) if PurePosixPath(path).stem == layer)
    return (homes[layer],) if layer in homes else listed


def _judge_stray(path: str, homes: Mapping[str, str]) -> tuple[str, str]:
    """Return what is wrong with a file that no row names, and what to do about it."""
    home = homes.get(PurePosixPath(path).stem, path)
    if home != path:
        return "lies where nothing reads it", f"move it to {home} as CSV, or remove it"
    terms = "" if path in homes.values() else f" with {path} under files"
    return f"has no row in {TABLE}.csv, which would say on what terms it may be used", f"add the row{terms}, or remove the file"


def _find_orphans(resources: pd.DataFrame, rows: Iterable[Collection[str]], present: Collection[str]) -> Iterator[Problem]:
    """Yield each file of a row that is not in the folder, and each row that names no file."""
    remedy = "remove the row, or add the file"
    for number, files in enumerate(rows, 2):
        layer = resources["layer"].iloc[number - 2]
        if not files:
            yield Problem(f"{TABLE}.csv", layer, "names no file of the folder", f"{remedy} and its path under files", number, "layer")
        for path in sorted(set(files) - set(present)):
            yield Problem(f"{TABLE}.csv", layer, f"names no file of the folder: there is no {path}", remedy, number, "layer")
