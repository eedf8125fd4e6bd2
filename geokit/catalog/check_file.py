"""Check a user's file of rows for a layer: every problem at once, the file untouched."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from geokit.catalog.layers import Layers
from geokit.catalog.overlay import adopt_writing, complete_rows
from geokit.check.absent import describe_absent, find_mistyped, list_absent
from geokit.check.finding import Rows
from geokit.check.headings import name_column
from geokit.check.inspection import inspect_rows, tame
from geokit.check.reference import Reference
from geokit.check.rules import index_ids
from geokit.check.validate import check_names
from geokit.core.errors import Problem, UnknownNameError
from geokit.io.dictionary import read_columns
from geokit.io.foreign import Foreign, read_foreign

MISTYPED = "is no row of the layer, and most of what a new row needs is absent"
ENOUGH = 0.5
"""Share of a file's columns that a layer must have for the file to be taken for it."""


@dataclass(frozen=True)
class CheckedFile:
    """A user's file as it was read for a layer.

    Attributes
    ----------
    table : str
        The layer; blank when it is not known.
    frame : pandas.DataFrame
        Its rows as text, with the columns that it leaves out filled in from the layer's rows of the same key.
    problems : tuple of Problem
        What is wrong or odd, row by row. Row 1 is the header and row 2 the first row, also where the format has no header.
    given : tuple of str
        The columns that stand in the file.
    """

    table: str
    frame: pd.DataFrame
    problems: tuple[Problem, ...]
    given: tuple[str, ...] = ()


def check_file(path: Path, layers: Layers, *, table: str | None = None) -> CheckedFile:
    """Read a user's file and put every rule to its rows.

    Parameters
    ----------
    path : pathlib.Path
        A CSV, GeoJSON, GPKG, XLSX or Parquet file with the columns of a layer; it is only read.
    layers : Layers
        What its rows are checked against.
    table : str, optional
        The layer that the rows are for; told by the name of the file, of a sheet, or by the columns when not given.

    Returns
    -------
    CheckedFile
        The rows and every problem.

    Raises
    ------
    UnknownNameError
        If there is no such layer.
    """
    read = read_rows(path, layers, table=table)
    if not read.table or read.frame.empty:
        return read
    settled = {problem.row for problem in read.problems if problem.row > 1 and (problem.rule == MISTYPED or not problem.column)}
    found = check_rows(read.frame, read.table, layers, place=path.name, given=read.given)
    told = [*read.problems, *(problem for problem in found if problem.row not in settled)]
    return replace(read, problems=tuple(sorted(told, key=lambda problem: problem.row)))


def read_rows(path: Path, layers: Layers, *, table: str | None = None) -> CheckedFile:
    """Read a user's file as rows of a layer, without putting the rules to them.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    layers : Layers
        Whose rows fill the columns that it leaves out.
    table : str, optional
        The layer that the rows are for.

    Returns
    -------
    CheckedFile
        With the problems of form only: a file that cannot be read, columns that are strange or absent.

    Raises
    ------
    UnknownNameError
        If there is no such layer.
    """
    if table is not None and table not in layers:
        raise UnknownNameError("layer", table, list(layers))
    named = table or (path.stem if path.stem in layers else "")
    foreign = read_foreign(path, [named] if named else list(layers))
    foreign = replace(foreign, problems=tuple(_tame(problem) for problem in foreign.problems))
    if foreign.frame.columns.empty:
        return CheckedFile(named, foreign.frame, foreign.problems)
    fitting = [named] if named else _list_fitting(foreign, list(layers))
    if len(fitting) == 1:
        return _complete(foreign, fitting[0], layers, place=path.name)
    return _leave_open(foreign, fitting, layers, path=path)


def check_rows(
    frame: pd.DataFrame, table: str, layers: Layers, *, place: str, given: Collection[str] | None = None, before: Layers | None = None
) -> list[Problem]:
    """Put every rule to some rows of a layer.

    Parameters
    ----------
    frame : pandas.DataFrame
        Complete rows as text.
    table : str
        The layer.
    layers : Layers
        What they are checked against. The rows may have been laid over them already.
    place : str
        The file's name in messages.
    given : collection of str, optional
        Columns that stand in the file; all when not given.
    before : Layers, optional
        The layers without the rows, to see which points were moved; ``layers`` when not given.

    Returns
    -------
    list of Problem
        Errors and doubts, row by row.
    """
    reference, problems = layers.reference
    columns = {name: read_columns(name) for name in layers.texts}
    joined = {**layers.texts, table: pd.concat([layers.texts[table], frame]).fillna("")}
    known = {**reference.known, **index_ids(joined, columns, only=table)}
    reference = Reference({**layers.texts, table: (before or layers).texts[table]}, known, reference.aliases, reference.areas)
    return [*problems, *inspect_rows(Rows(frame, table), reference, place=place, given=given, thorough=True)]


def _leave_open(foreign: Foreign, fitting: Sequence[str], layers: Layers, *, path: Path) -> CheckedFile:
    """Return a file that does not say for which layer it is, with the layers that may be meant."""
    meant = "" if fitting else _guess_layer(foreign.frame.columns, list(layers))
    near = fitting or difflib.get_close_matches(path.stem.casefold(), list(layers), n=3, cutoff=0.4)
    remedy = f"say so with --as {meant}".rstrip() + (f"; nearest are {', '.join(near[:3])}" if near and not meant else "")
    problem = _tame(Problem(path.name, path.name, "does not say which layer its rows are for", remedy))
    told = _complete(foreign, meant, layers, place=path.name).problems if meant else foreign.problems
    return CheckedFile("", foreign.frame, (problem, *told))


def _complete(foreign: Foreign, table: str, layers: Layers, *, place: str) -> CheckedFile:
    """Return the rows of a file with all columns of the layer, and what is wrong with the columns it has."""
    columns = read_columns(table)
    declared, key = {column.name for column in columns}, [column.name for column in columns if column.key]
    frame = foreign.frame.drop(columns=[name for name in foreign.placed if name not in declared])
    frame = adopt_writing(frame, layers.texts[table], columns)
    problems = [*foreign.problems, *check_names(frame, columns, place)]
    mistyped = find_mistyped(frame, layers.texts[table], columns)
    problems += [Problem(place, frame[key[0]][row], MISTYPED, f"did you mean {meant}?", row + 2, key[0]) for row, meant in mistyped.items()]
    new = _find_new(frame, layers.texts[table], key, mistyped)
    if new is not None:
        problems += describe_absent(list_absent(frame.columns, columns), layers.texts, place=place, row=new + 2)
    if frame.empty:
        problems.append(Problem(place, place, "has no row", "add rows below the column names"))
    told = tuple(_tame(problem) for problem in problems)
    return CheckedFile(table, complete_rows(frame, layers.texts[table], columns), told, tuple(frame.columns))


def _tame(problem: Problem) -> Problem:
    """Return a problem whose words may be shown anywhere."""
    file, value, rule, remedy, column = (tame(word) for word in (problem.file, problem.value, problem.rule, problem.remedy, problem.column))
    return replace(problem, file=file, value=value, rule=rule, remedy=remedy, column=column)


def _find_new(frame: pd.DataFrame, base: pd.DataFrame, key: Sequence[str], passed: Collection[int]) -> int | None:  # noqa: PLR0917
    """Return the first row whose key the layer does not have, some passed over; the first of all where the key is absent; else None."""
    if not set(key) <= set(frame.columns):
        return 0
    known = set(zip(*(base[name] for name in key), strict=True))
    rows = enumerate(zip(*(frame[name] for name in key), strict=True))
    return next((row for row, values in rows if values not in known and row not in passed), None)


def _list_fitting(foreign: Foreign, tables: Sequence[str]) -> list[str]:
    """Return the layer after which a sheet is named, else those of which it has the key and most of its columns; several that fit alike."""
    if (sheet := foreign.sheet.strip().casefold()) in tables:
        return [sheet]
    scores = {table: _score(set(foreign.frame.columns), table) for table in tables}
    best = max(scores.values())
    return [table for table, score in scores.items() if score == best and score[0] >= ENOUGH]


def _guess_layer(header: Iterable[str], tables: Sequence[str]) -> str:
    """Return the layer that has a column for most headings of a file, by their usual meaning and the key aside; else a blank."""
    scores = {}
    for table in tables:
        declared = {column.name: column for column in read_columns(table)}
        meant = [name_column(name, declared)[0] for name in header]
        share, must = sum(map(bool, meant)) / max(len(meant), 1), {name for name, column in declared.items() if column.required}
        scores[table] = (share, len(must.intersection(meant)))
    best = max(scores.values())
    found = [table for table, score in scores.items() if score == best]
    return found[0] if len(found) == 1 and best[0] > ENOUGH else ""


def _score(header: set[str], table: str) -> tuple[float, float]:
    """Return the share of a file's columns that a layer has, nought without the key, and the share of its required columns in the file."""
    columns = read_columns(table)
    names, must = {column.name for column in columns}, {column.name for column in columns if column.required}
    has_key = {column.name for column in columns if column.key} <= header
    return len(names & header) / len(header) * has_key, len(must & header) / max(len(must), 1)
