"""Write files whole or not at all."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from geokit.core.columns import Column
from geokit.core.errors import OutputError

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins with one of these for a formula."""


def write_text(path: Path, text: str) -> Path:
    r"""Write a text file through a temporary file beside it, so that nobody ever sees half of it.

    Parameters
    ----------
    path : pathlib.Path
        Where to; missing folders are made.
    text : str
        Written as UTF-8 with ``\n`` line ends.

    Returns
    -------
    pathlib.Path
        The path that was written.

    Raises
    ------
    OutputError
        If the folder or the file cannot be written.
    """
    return write_bytes(path, text.encode("utf8"))


def write_bytes(path: Path, content: bytes) -> Path:
    """Write a file through a temporary file beside it, so that nobody ever sees half of it.

    Parameters
    ----------
    path : pathlib.Path
        Where to; missing folders are made.
    content : bytes
        What to write.

    Returns
    -------
    pathlib.Path
        The path that was written.

    Raises
    ------
    OutputError
        If the folder or the file cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror or error}); choose a folder that you may write to"
        raise OutputError(msg) from error
    return path


def write_table(frame: pd.DataFrame, path: Path, columns: Sequence[Column]) -> Path:
    r"""Write a table as CSV: declared columns first and in order, nine significant digits, blanks for what is missing.

    Text that a spreadsheet would run as a formula (first sign ``=``, ``+``, ``-``, ``@``, tab or return) gets an apostrophe in
    front; figures are left alone. Line ends inside a cell become ``\n``.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows, already in their order.
    path : pathlib.Path
        Where to.
    columns : sequence of Column
        The declaration; further columns of the frame follow in their own order.

    Returns
    -------
    pathlib.Path
        The path that was written.

    Raises
    ------
    OutputError
        If a declared column is not in the frame, or the file cannot be written.
    """
    declared = [column.name for column in columns]
    absent = [name for name in declared if name not in frame]
    if absent:
        msg = f"{path}: the table lacks the declared column(s) {', '.join(absent)}; add them before writing"
        raise OutputError(msg)
    names = [*declared, *(name for name in frame.columns if name not in declared)]
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(names)
    rows.writerows(zip(*(_cells(frame[name]) for name in names), strict=True))
    return write_text(path, text.getvalue())


def _cells(column: pd.Series) -> list[str]:
    """Return a column as the text of its cells; each word of a column of text is looked at once."""
    if pd.api.types.is_bool_dtype(column):
        return ["" if pd.isna(value) else str(bool(value)).lower() for value in column]
    if pd.api.types.is_numeric_dtype(column):
        return [_figure(value) for value in column.to_numpy(dtype=float, na_value=np.nan).tolist()]
    cells = column.tolist()
    told = {cell: _words(cell) for cell in set(cells)} if isinstance(column.dtype, pd.StringDtype) else None
    return [told[cell] for cell in cells] if told is not None else [_words(cell) for cell in cells]


def _figure(value: float) -> str:
    """Return a figure with nine significant digits, blank when missing; no negative zero."""
    return "" if math.isnan(value) else f"{value + 0.0:.9g}"


def _words(value: object) -> str:
    """Return a cell of a text column, made harmless for spreadsheets."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, (float, np.floating)):
        return _figure(float(value))
    text = str(value)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{lines}" if text.startswith(FORMULA_SIGNS) else lines


def _replace(path: Path, content: bytes) -> None:
    """Write beside the path, then move into place in one step; leave nothing behind when that fails."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
