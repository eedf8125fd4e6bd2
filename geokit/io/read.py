"""Read tables from disk into frames of text and numbers, exactly as the data dictionary types them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from geokit.core.columns import Column

NUMBERS = ("number", "integer")


def read_text_table(path: Path) -> pd.DataFrame:
    """Read a CSV file as text: every cell a string, blanks as the empty string.

    Parameters
    ----------
    path : pathlib.Path
        A UTF-8 (or, failing that, Windows-1252) comma-separated file with one header row.

    Returns
    -------
    pandas.DataFrame
        As many rows and columns as the file holds.
    """
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except UnicodeDecodeError:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="cp1252")


def type_columns(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a copy in which the declared figures are floats (blank = NaN) and all else is text (blank = "").

    Parameters
    ----------
    frame : pandas.DataFrame
        Text as read.
    columns : sequence of Column
        The declaration.

    Returns
    -------
    pandas.DataFrame
        Same shape and index.
    """
    figures = {column.name for column in columns if column.type in NUMBERS}
    return frame.assign(
        **{name: pd.to_numeric(frame[name].replace("", None)).astype(float) for name in frame.columns if name in figures}
    )
