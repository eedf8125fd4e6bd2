"""Lay a user's rows over a layer: a row with a known key changes that row, a row with a new key is added, nothing is removed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geokit.core.columns import Column, split_ids

USER = "user"
"""The source of what the user gives without a source of its own."""
MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?(Z|\+00:00)?$")
WHOLE = re.compile(r"(-?\d+)\.0+")
"""A whole number as a program writes it that takes a column with blanks for figures."""
TRUTHS = {"1": "true", "0": "false"}


@dataclass(frozen=True)
class Change:
    """What one file of the user did to one layer.

    Attributes
    ----------
    table : str
        The layer.
    file : str
        Name of the file, without its folder.
    sha256 : str
        Hash of its bytes.
    changed, added : tuple of str
        Keys of the rows that differ from the layer's row of the same key, and of the rows with a new key.
    """

    table: str
    file: str
    sha256: str
    changed: tuple[str, ...]
    added: tuple[str, ...]

    def count_rows(self) -> dict[str, str | int]:
        """Return table, file and hash, and how many rows were changed and added: the mark that outputs in JSON carry."""
        return {"table": self.table, "file": self.file, "sha256": self.sha256, "changed": len(self.changed), "added": len(self.added)}

    def __str__(self) -> str:
        """Return the change as one phrase."""
        rows = "row" if len(self.changed) == 1 else "rows"
        return f"{self.table} ({len(self.changed)} {rows} changed, {len(self.added)} added by {self.file})"


def adopt_writing(frame: pd.DataFrame, base: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Write each cell that says what the layer says as the layer writes it, so that only what differs in value counts as changed.

    Parameters
    ----------
    frame : pandas.DataFrame
        The user's rows as text.
    base : pandas.DataFrame
        The layer as text.
    columns : sequence of Column
        The declaration of the table; the type of a column says when two texts are one value: ``1``, ``1.0`` and ``1e0`` in a column of
        figures, ``TRUE`` and ``1`` in one of truths, a date with and without midnight, ids with ``;`` or ``|`` between them.

    Returns
    -------
    pandas.DataFrame
        The rows in their order; a file without the key columns comes back as it is.
    """
    key, types = _name_key(columns), {column.name: column.type for column in columns}
    if not set(key) <= set(frame.columns):
        return frame
    keyed = frame.assign(**{name: _adopt_first(frame[name], base[name], types[name]) for name in key})
    beside = keyed[key].merge(base.drop_duplicates(key), on=key, how="left").fillna("").set_axis(frame.index)
    shared = [name for name in base.columns if name in frame and name in types and name not in key]
    same = {name: _read_values(frame[name], types[name]) == _read_values(beside[name], types[name]) for name in shared}
    return keyed.assign(**{name: beside[name].where(same[name], frame[name]) for name in shared})


def _adopt_first(cells: pd.Series, base: pd.Series, kind: str) -> pd.Series:
    """Write each cell as the first cell of the layer, else of the file, with the same value."""
    texts = pd.concat([base, cells])
    values = _read_values(texts, kind)
    first: pd.Series = texts.groupby(values, sort=False).transform("first")
    return first.iloc[len(base) :]


def _read_values(cells: pd.Series, kind: str) -> pd.Series:
    """Return the value of each cell in one way of writing."""
    return cells.map({cell: _read_value(cell, kind) for cell in cells.unique()})


def _read_value(cell: str, kind: str) -> str:
    """Return the value of a cell of a type in one way of writing; of a figure the 15 digits that a spreadsheet keeps."""
    if kind in {"number", "integer"}:
        return _read_figure(cell.strip())
    plain = WHOLE.sub(r"\1", cell) if WHOLE.fullmatch(cell) else cell.replace("\r\n", "\n")
    if kind == "boolean":
        word = plain.strip().casefold()
        return TRUTHS.get(word, word)
    if kind == "ids":
        return ";".join(split_ids(plain))
    return MIDNIGHT.sub("", plain.strip()) if kind == "date" else plain


def _read_figure(text: str) -> str:
    """Return a figure in one way of writing; what is none stays as it is."""
    try:
        return f"{float(text) + 0.0:.15g}"
    except ValueError:
        return text


def complete_rows(frame: pd.DataFrame, base: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Fill the columns that a file leaves out from the rows of the layer that have the same key.

    A column that stands in the file counts, blanks included: a blank says that the fact is not known.

    Parameters
    ----------
    frame : pandas.DataFrame
        The user's rows as text.
    base : pandas.DataFrame
        The layer as text.
    columns : sequence of Column
        The declaration of the table.

    Returns
    -------
    pandas.DataFrame
        The rows of the file in its order, with all columns of the layer; rows with a new key are blank where the file is silent. A file
        without the key columns comes back as it is.
    """
    key = _name_key(columns)
    if not set(key) <= set(frame.columns):
        return frame
    absent = [name for name in base.columns if name not in frame.columns]
    known = base[[*key, *absent]].drop_duplicates(key)
    filled = frame.merge(known, on=key, how="left").fillna("")
    return filled[[*base.columns, *(name for name in frame.columns if name not in base.columns)]]


def stack_rows(base: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Put complete rows into a layer.

    Parameters
    ----------
    base : pandas.DataFrame
        The layer as text.
    rows : pandas.DataFrame
        Rows as :func:`complete_rows` returns them.
    columns : sequence of Column
        The declaration of the table.

    Returns
    -------
    pandas.DataFrame
        The layer with the rows in the place of those of the same key, new ones at the end.
    """
    key = _name_key(columns)
    both = pd.concat([base, rows[[name for name in rows.columns if name in base.columns]]], ignore_index=True).fillna("")
    newest = both.drop_duplicates(key, keep="last").set_index(key)
    order = pd.MultiIndex.from_frame(both[key].drop_duplicates()) if len(key) > 1 else pd.Index(both[key[0]].drop_duplicates())
    return newest.loc[order].reset_index()[list(base.columns)]


def compare_rows(base: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[Column]) -> pd.Series:
    """Say of each complete row whether it is ``same`` as the layer's row of its key, ``changed``, or ``added``; indexed like the rows."""
    key = _name_key(columns)
    known = rows[key].merge(base[key].drop_duplicates(), how="left", indicator=True)["_merge"].eq("both").to_numpy()
    same = rows[list(base.columns)].merge(base.drop_duplicates(), how="left", indicator=True)["_merge"].eq("both").to_numpy()
    return pd.Series(np.select([same, known], ["same", "changed"], "added"), index=rows.index)


def credit_user(rows: pd.DataFrame, kinds: pd.Series, columns: Sequence[Column], *, given: Sequence[str]) -> pd.DataFrame:
    """Name the user first among the sources of every changed row whose file names no source.

    Parameters
    ----------
    rows : pandas.DataFrame
        Complete rows as text.
    kinds : pandas.Series
        As :func:`compare_rows` returns.
    columns : sequence of Column
        The declaration of the table.
    given : sequence of str
        Columns that stand in the file.

    Returns
    -------
    pandas.DataFrame
        The rows: a figure that the user changed is no longer the figure of the source that stood there.
    """
    named = {"source_id", "source_ids"} & set(rows.columns) - set(given)
    silent = [column for column in columns if column.name in named and not column.key]
    changed = kinds == "changed"
    several = {one.name: f"{USER};" + rows[one.name] if one.type == "ids" else pd.Series(USER, index=rows.index) for one in silent}
    return rows.assign(**{name: cells.where(changed, rows[name]) for name, cells in several.items()})


def name_rows(rows: pd.DataFrame, columns: Sequence[Column]) -> list[str]:
    """Return the key of each row in one word, parts joined by a colon."""
    return [":".join(cells) for cells in rows[_name_key(columns)].itertuples(index=False)]


def _name_key(columns: Sequence[Column]) -> list[str]:
    """Return the columns of the primary key."""
    return [column.name for column in columns if column.key]
