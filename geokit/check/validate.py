"""Check a folder of layers against the data dictionary and tell every problem of every file at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from geokit.check.finding import Rows
from geokit.check.headings import suggest_column
from geokit.check.inspection import inspect_rows
from geokit.check.reference import build_reference
from geokit.check.terms import check_resources, find_homes
from geokit.core.columns import Column
from geokit.core.errors import Problem
from geokit.io.dictionary import read_columns, read_themes
from geokit.io.folder import list_files
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


def check_names(frame: pd.DataFrame, columns: Sequence[Column], place: str) -> list[Problem]:
    """Return the columns of a table that the dictionary does not declare, with what to write instead."""
    declared, header = [column.name for column in columns], list(frame.columns)
    strange = {name: suggest_column(name, declared, header) for name in header if name not in declared}
    return [Problem(place, name, "is no column of this table", remedy, 1, name) for name, remedy in strange.items()]


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
        The tables and everything that is wrong with them; nothing is raised. Bytes that were read before are not checked again.
    """
    names = sorted({*list_files(folder, read_themes()), *find_homes().values()})
    data = {name: read_bytes(folder / name, name) for name in names if (folder / name).exists()}
    digests = {name: hash_bytes(content) for name, (content, _) in data.items()}
    seal = tuple((name, digests[name], tuple(broken)) for name, (_, broken) in data.items())
    frames, problems = _check_tables(_Contents(folder, seal, data), thorough=thorough)
    package, unreadable = read_package(folder / "datapackage.json")
    told = [*problems, *unreadable]
    errors, doubts = (tuple(problem for problem in told if problem.is_doubt is wanted) for wanted in (False, True))
    return Folder(folder, {table: frame.copy() for table, frame in frames.items()}, digests, package, errors, doubts)


@dataclass(frozen=True)
class _Contents:
    """The files of a folder; the same where their names and bytes are."""

    folder: Path
    seal: tuple[tuple[str, str, tuple[Problem, ...]], ...]
    data: Mapping[str, tuple[bytes, list[Problem]]] = field(compare=False, repr=False)


@lru_cache(maxsize=2)
def _check_tables(found: _Contents, *, thorough: bool) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Return the tables of a folder as text, and everything that is wrong with them and with the boundaries."""
    paths, problems = _find_tables(found)
    frames, broken = _parse_tables(paths, found.data)
    reference, undrawn = build_reference(frames, found.folder)
    for table, frame in frames.items():
        problems += _check_form(frame, table, paths[table])
        problems += inspect_rows(Rows(frame, table), reference, place=paths[table], thorough=thorough)
    problems += check_resources(frames["resources"], found.data) if "resources" in frames else []
    return frames, [*problems, *broken, *undrawn]


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


def _find_tables(found: _Contents) -> tuple[dict[str, str], list[Problem]]:
    """Return the path of every table that lies at its one place in the folder, and the tables that do not."""
    homes = dict(sorted(find_homes().items(), key=lambda item: item[1]))
    missing = [
        Problem(home, str(found.folder), "lacks this table: a layers folder is a complete set",
                "start from a copy of the whole packaged folder and change what you need")
        for home in homes.values()
        if home not in found.data
    ]
    return {table: home for table, home in homes.items() if home in found.data}, missing
