"""Lay a user's rows over a layer: a row with a known key changes that row, a row with a new key is added, nothing is removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geokit.core.columns import Column


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
    changed, added : int
        Rows that differ from the layer's row of the same key, and rows with a new key.
    """

    table: str
    file: str
    sha256: str
    changed: int
    added: int

    def __str__(self) -> str:
        """Return the change as one phrase."""
        return f"{self.table} ({self.changed} {'row' if self.changed == 1 else 'rows'} changed, {self.added} added by {self.file})"


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


def count_changes(base: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[Column]) -> tuple[int, int]:
    """Return how many complete rows differ from the row of the same key in a layer, and how many have a new key."""
    key = _name_key(columns)
    same = rows[base.columns].merge(base, how="left", indicator=True)["_merge"].eq("both")
    known = rows[key].merge(base[key].drop_duplicates(), how="left", indicator=True)["_merge"].eq("both")
    return int((known & ~same).sum()), int((~known).sum())


def _name_key(columns: Sequence[Column]) -> list[str]:
    """Return the columns of the primary key."""
    return [column.name for column in columns if column.key]
