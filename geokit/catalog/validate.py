"""Check a folder of layers against the data dictionary and tell every problem of every file at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from geokit.catalog.rules import Finding, find_disorder, find_in_column, find_repeats, find_swapped, index_ids
from geokit.core.columns import Column
from geokit.core.errors import LayerError, Problem
from geokit.io.dictionary import list_dictionary, read_columns, read_themes
from geokit.io.read import hash_bytes, read_package
from geokit.io.table import parse_table, read_bytes


@dataclass(frozen=True)
class Folder:
    """What was found in a folder of layers.

    Attributes
    ----------
    frames : mapping of str to pandas.DataFrame
        Tables as text.
    digests : mapping of str to str
        SHA-256 of every file, by its path below the folder.
    package : mapping
        The data package descriptor; empty when the folder has none.
    problems : tuple of Problem
        Everything that is wrong.
    """

    frames: Mapping[str, pd.DataFrame]
    digests: Mapping[str, str]
    package: Mapping[str, Any]
    problems: tuple[Problem, ...]


def check_table(frame: pd.DataFrame, table: str, *, place: str, known_ids: Mapping[str, frozenset[str]]) -> list[Problem]:
    """Check one table against the data dictionary.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table as text, rows in the order of the file.
    table : str
        Its name in the data dictionary.
    place : str
        The file's name in messages.
    known_ids : mapping of str to frozenset of str
        ``table.column`` to the ids that stand there; a foreign key into a column that is not in it goes unchecked.

    Returns
    -------
    list of Problem
        Every problem; rows are counted as in a spreadsheet, the header being row 1.
    """
    columns = read_columns(table)
    swapped = find_swapped(frame, columns)
    found = chain(
        *(find_in_column(frame[c.name].tolist(), c, known_ids.get(c.refers_to)) for c in columns if c.name in frame.columns),
        find_repeats(frame, columns),
        find_disorder(frame, columns),
    )
    empty = [Problem(place, "", "has no row", "fill it, or take the packaged layer")] if frame.empty else []
    return [*empty, *_check_names(frame, columns, place), *(_describe(finding, place, swapped) for finding in found)]


def check_layers(folder: Path) -> None:
    """Check every layer of a folder.

    Parameters
    ----------
    folder : pathlib.Path
        A complete set of layers: one folder a theme, and ``sources.csv``.

    Raises
    ------
    LayerError
        One error with every problem of every file.
    """
    problems = read_folder(folder).problems
    if problems:
        raise LayerError(problems)


def read_folder(folder: Path) -> Folder:
    """Read every declared table of a folder as text and check all of them.

    Parameters
    ----------
    folder : pathlib.Path
        A complete set of layers.

    Returns
    -------
    Folder
        The tables and everything that is wrong with them; nothing is raised.
    """
    paths, problems = _find_tables(folder)
    files = {str(path.relative_to(folder).as_posix()): path for path in sorted(folder.glob("**/*")) if _is_layer(path, folder)}
    data = {name: read_bytes(path, name) for name, path in files.items()}
    frames: dict[str, pd.DataFrame] = {}
    for table, place in paths.items():
        frame, broken = parse_table(data[place][0], place) if not data[place][1] else (pd.DataFrame(), data[place][1])
        problems += broken
        if not broken:
            frames[table] = frame
    known = index_ids(frames, {table: read_columns(table) for table in frames})
    for table, frame in frames.items():
        problems += check_table(frame, table, place=paths[table], known_ids=known)
    package, broken = read_package(folder / "datapackage.json")
    digests = {name: hash_bytes(content) for name, (content, _) in data.items()}
    return Folder(frames, digests, package, tuple(problems + broken))


def _is_layer(path: Path, folder: Path) -> bool:
    """Return whether a path is a data file of the folder, at its top or one folder down."""
    return path.suffix in {".csv", ".geojson", ".tif", ".png", ".json"} and path.parent in {folder, *folder.glob("*")} and (
        path.name != "datapackage.json"
    )


def _find_tables(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """Return the path of every declared table below the folder, and the tables that are missing."""
    themes, declared = read_themes(), set(list_dictionary())
    found = {path.stem: path for path in sorted([*folder.glob("*.csv"), *folder.glob("*/*.csv")]) if path.stem in declared}
    missing = [
        Problem(f"{theme}/{table}.csv".lstrip("/"), str(folder), "lacks this table: a layers folder is a complete set",
                "start from a copy of the whole packaged folder and change what you need")
        for table, (theme, _) in themes.items()
        if table not in found
    ]
    return {table: path.relative_to(folder).as_posix() for table, path in found.items()}, missing


def _check_names(frame: pd.DataFrame, columns: Sequence[Column], place: str) -> list[Problem]:
    """Return columns that the dictionary does not declare and required ones that are absent."""
    declared = [column.name for column in columns]
    problems = []
    for name in frame.columns:
        if name not in declared:
            near = difflib.get_close_matches(name, declared, n=2)
            remedy = f"did you mean {' or '.join(near)}?" if near else "remove it, or declare it in the data dictionary"
            problems.append(Problem(place, name, "is no column of this table", remedy, 1, name))
    absent = [column for column in columns if column.required and column.name not in frame.columns]
    return problems + [Problem(place, column.name, "is a required column and absent", "add it", 1) for column in absent]


def _describe(finding: Finding, place: str, swapped: frozenset[int]) -> Problem:
    """Turn a finding into a problem with its place in the file."""
    remedy = finding.remedy
    if finding.row in swapped and finding.column in {"lat", "lon"}:
        remedy = "lat and lon look swapped: exchange them"
    return Problem(place, finding.value, finding.rule, remedy, finding.row + 2, finding.column)
