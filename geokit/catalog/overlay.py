"""Lay a user's rows over a layer: a row with a known key changes that row, a row with a new key is added, nothing is removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geokit.core.columns import Column

USER = "user"
"""The source of what the user gives without a source of its own."""


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

    def __str__(self) -> str:
        """Return the change as one phrase."""
        rows = "row" if len(self.changed) == 1 else "rows"
        return f"{self.table} ({len(self.changed)} {rows} changed, {len(self.added)} added by {self.file})"


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
