"""Check a folder of layers against the data dictionary and tell every problem of every file at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geokit.check.finding import Rows
from geokit.check.headings import suggest_column
from geokit.check.inspection import inspect_rows
from geokit.check.reference import Reference, build_reference
from geokit.check.terms import check_resources
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
    root : pathlib.Path
        The folder.
    frames : mapping of str to pandas.DataFrame
        Tables as text.
    digests : mapping of str to str
        SHA-256 of every file, by its path below the folder.
    package : mapping
        The data package descriptor; empty when the folder has none.
    problems : tuple of Problem
        Everything that is wrong.
    doubts : tuple of Problem
        What no rule forbids and only a person can tell; looked for on request.
    """

    root: Path
    frames: Mapping[str, pd.DataFrame]
    digests: Mapping[str, str]
    package: Mapping[str, Any]
    problems: tuple[Problem, ...]
    doubts: tuple[Problem, ...] = ()


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
    return [*_check_form(frame, table, place), *inspect_rows(Rows(frame, table), Reference({}, known_ids), place=place)]


def check_names(frame: pd.DataFrame, columns: Sequence[Column], place: str) -> list[Problem]:
    """Return the columns of a table that the dictionary does not declare, with what to write instead."""
    declared, header = [column.name for column in columns], list(frame.columns)
    strange = {name: suggest_column(name, declared, header) for name in header if name not in declared}
    return [Problem(place, name, "is no column of this table", remedy, 1, name) for name, remedy in strange.items()]


def check_layers(folder: Path) -> tuple[Problem, ...]:
    """Check every layer of a folder.

    Parameters
    ----------
    folder : pathlib.Path
        A complete set of layers: one folder a theme, and ``sources.csv``.

    Returns
    -------
    tuple of Problem
        Doubts: what no rule forbids and only a person can tell.

    Raises
    ------
    LayerError
        One error with every problem of every file.
    """
    found = read_folder(folder, thorough=True)
    if found.problems:
        raise LayerError(found.problems)
    return found.doubts


def read_folder(folder: Path, *, thorough: bool = False) -> Folder:
    """Read every declared table of a folder as text and check all of them.

    Parameters
    ----------
    folder : pathlib.Path
        A complete set of layers.
    thorough : bool
        Whether to look at words, slips and duplicates too, which takes longer and bears on no result.

    Returns
    -------
    Folder
        The tables and everything that is wrong with them; nothing is raised.
    """
    paths, problems = _find_tables(folder)
    files = {str(path.relative_to(folder).as_posix()): path for path in sorted(folder.glob("**/*")) if _is_layer(path, folder)}
    data = {name: read_bytes(path, name) for name, path in files.items()}
    frames, broken = _parse_tables(paths, data)
    reference, undrawn = build_reference(frames, folder)
    package, unreadable = read_package(folder / "datapackage.json")
    for table, frame in frames.items():
        problems += _check_form(frame, table, paths[table])
        problems += inspect_rows(Rows(frame, table), reference, place=paths[table], thorough=thorough)
    digests = {name: hash_bytes(content) for name, (content, _) in data.items()}
    problems += check_resources(frames["resources"], digests) if "resources" in frames else []
    told = [*problems, *broken, *undrawn, *unreadable]
    errors, doubts = (tuple(problem for problem in told if problem.is_doubt is wanted) for wanted in (False, True))
    return Folder(folder, frames, digests, package, errors, doubts)


def _parse_tables(
    paths: Mapping[str, str], data: Mapping[str, tuple[bytes, list[Problem]]]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Return the tables of a folder as text, and what is wrong with the form of the others."""
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for table, place in paths.items():
        content, broken = data[place]
        frame, broken = (pd.DataFrame(), broken) if broken else parse_table(content, place)
        problems += broken
        frames |= {} if broken else {table: frame}
    return frames, problems


def _check_form(frame: pd.DataFrame, table: str, place: str) -> list[Problem]:
    """Return what is wrong with a table as a whole: no row, strange columns, absent columns."""
    columns = read_columns(table)
    empty = [Problem(place, "", "has no row", "fill it, or take the packaged layer")] if frame.empty else []
    absent = [column for column in columns if column.required and column.name not in frame.columns]
    missing = [Problem(place, column.name, "is a required column and absent", "add it", 1) for column in absent]
    return [*empty, *check_names(frame, columns, place), *missing]


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
