"""What a file of new rows lacks: required columns, each with what it may hold; or a letter of a key that the layer has."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence

import pandas as pd

from geokit.check.aliases import MOST, MOST_HINTS, fold
from geokit.check.headings import name_column
from geokit.check.rules import SOURCES, USER
from geokit.core.columns import Column, split_ids
from geokit.core.errors import Problem

CLOSE = 0.85
"""Share of signs in common (as difflib counts) from which a key may be a mistyped one."""
FEW = 0.5
"""Share of the required columns; a row of fewer is hardly meant to be new."""
SHOWN = 12
"""Ids of another table that are told; a closed vocabulary is told whole."""


def list_absent(header: Collection[str], columns: Sequence[Column]) -> list[Column]:
    """Return the required columns that a file lacks, under their own name and under any heading that means them."""
    declared = [column.name for column in columns]
    meant = {name_column(name, declared)[0] for name in header if name not in declared}
    return [column for column in columns if column.required and column.name not in {*header, *meant}]


def describe_absent(absent: Sequence[Column], frames: Mapping[str, pd.DataFrame], *, place: str, row: int) -> list[Problem]:
    """Return a problem for each required column that a file of new rows lacks.

    Parameters
    ----------
    absent : sequence of Column
        The columns.
    frames : mapping of str to pandas.DataFrame
        The layers as text, for the ids that may stand there.
    place : str
        The file's name in messages.
    row : int
        The first new row, as a spreadsheet counts.

    Returns
    -------
    list of Problem
        In the order of the columns; the remedy says what the column holds.
    """
    rule = "is absent, and this row is new to the layer and needs it"
    told = [f"add the column: {column.description}{_tell_words(column, frames)}" for column in absent]
    return [Problem(place, "", rule, remedy, row, column.name) for column, remedy in zip(absent, told, strict=True)]


def find_mistyped(frame: pd.DataFrame, base: pd.DataFrame, columns: Sequence[Column]) -> dict[int, str]:
    """Return the rows whose key the layer does not have, is close to just one that it has, and that lack most of what a new row needs.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows of a file as text.
    base : pandas.DataFrame
        The layer as text.
    columns : sequence of Column
        The declaration of the table.

    Returns
    -------
    dict of int to str
        Position of the row to the key that may be meant.
    """
    key = [column.name for column in columns if column.key]
    if len(key) != 1 or key[0] not in frame or not _lacks_most(frame.columns, columns) or len(base) > MOST:
        return {}
    ids, known = set(base[key[0]]), {fold(one): one for one in base[key[0]]}
    strange = {row: fold(one) for row, one in enumerate(frame[key[0]]) if one.strip() and one not in ids}
    close = _name_close(strange.values(), known)
    return {row: close[word] for row, word in strange.items() if close.get(word)}


def _lacks_most(header: Collection[str], columns: Sequence[Column]) -> bool:
    """Return whether a file lacks most of the required columns."""
    return len(list_absent(header, columns)) > FEW * sum(column.required for column in columns)


def _name_close(words: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the key that each folded word may mean, a blank where none is close; the first words only."""
    return {word: _name_closest(word, known) for word in list(dict.fromkeys(words))[:MOST_HINTS]}


def _name_closest(word: str, known: Mapping[str, str]) -> str:
    """Return the key that a folded word is, or that alone is close to it; else a blank."""
    near = [word] if word in known else difflib.get_close_matches(word, known, n=2, cutoff=CLOSE)
    return known[near[0]] if len(near) == 1 else ""


def _tell_words(column: Column, frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the words that may stand in a column; blank when any may."""
    if column.type == "boolean" or column.allowed:
        return f" Write one of: {', '.join(column.allowed or ('true', 'false'))}"
    table, _, target = column.refers_to.partition(".")
    if column.refers_to == SOURCES:
        return f" Write an id of {table}, or {USER} for facts of your own"
    ids = _list_ids(frames, table, target)
    return f" Write an id of {table}: {', '.join(ids[:SHOWN])}{', ...' if len(ids) > SHOWN else ''}" if ids else ""


def _list_ids(frames: Mapping[str, pd.DataFrame], table: str, column: str) -> list[str]:
    """Return the ids that stand in a column of a layer, sorted; none when there is no such column."""
    if table not in frames or column not in frames[table]:
        return []
    return sorted({one for cell in frames[table][column] for one in split_ids(cell)})
