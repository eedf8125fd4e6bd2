"""One sheet of a user's file, and its cells as text: exactly as the CSV reader would give them."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from geokit.core.errors import LayerError, Problem

MAX_CELLS = 20_000_000
"""Cells that one sheet may hold: 400,000 rows of 50 columns. More is no table of facts, and would fill the memory."""
MAX_WHOLE = 1e15
"""Floats below this are written without exponent when they are whole; beyond it they are no longer exact."""
SURROGATE = re.compile("[\ud800-\udfff]")
BYTE_MARK = 0xF700
"""Bytes 0x80 to 0xff that are no UTF-8 stand in a frame as the private signs U+F780 to U+F7FF, for the check to name their cell."""


@dataclass(frozen=True)
class Sheet:
    """What a reader found: a header, cells and, on a map, one shape a row.

    Attributes
    ----------
    name : str
        Name of the sheet or layer; blank where the format has none.
    header : tuple of str
        Column names as they stand in the file.
    cells : tuple of list of str
        One list a column, one text a row.
    shapes : numpy.ndarray or None
        Shapely geometries, None where a row has none; None for a file without a map.
    crs : object
        What pyproj understands as the reference system of the shapes; None when the file states none.
    problems : tuple of Problem
        Cells that could not be read; they are blank.
    """

    name: str
    header: tuple[str, ...]
    cells: tuple[list[str], ...]
    shapes: np.ndarray | None = None
    crs: Any = None
    problems: tuple[Problem, ...] = ()


def write_cells(values: Iterable[object]) -> list[str]:
    """Return values as cells of text."""
    return [value if type(value) is str and value.isascii() else write_cell(value) for value in values]


def write_cell(value: Any) -> str:  # noqa: ANN401  whatever a file holds
    """Return one value as a cell of text.

    Parameters
    ----------
    value : object
        Text, figure, truth, date, time, or a list of them.

    Returns
    -------
    str
        Blank for what is missing; floats in the fewest digits that give them back; ISO dates; ``true`` or ``false``; the members of a
        list with ``|`` between them; JSON for the rest.
    """
    if value is None or value is pd.NaT:
        return ""
    for kinds, write in WRITERS:
        if isinstance(value, kinds):
            return write(value)
    return _write_text(json.dumps(value, ensure_ascii=False, default=repr))


def _write_text(value: str) -> str:
    """Return text without halves of signs, which no file can hold."""
    return SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)


def _write_float(value: float) -> str:
    """Return a float in the fewest digits, a whole one without decimals, and not-a-number as a blank, which a typed column holds for it."""
    if math.isnan(value):
        return ""
    return str(int(value)) if abs(float(value)) < MAX_WHOLE and value == int(value) else repr(float(value))


def _write_truth(value: object) -> str:
    """Return a truth in the words of the data dictionary."""
    return "true" if value else "false"


def decode_text(data: bytes) -> str:
    """Return bytes as text; those that are no UTF-8 as signs that tell which they were.

    Parameters
    ----------
    data : bytes
        With or without a byte-order mark.

    Returns
    -------
    str
        With ``BYTE_MARK`` plus the byte in the place of each byte that is no UTF-8.
    """
    text = data.decode("utf-8-sig", errors="surrogateescape")
    return SURROGATE.sub(lambda found: chr(BYTE_MARK + (ord(found[0]) & 0xFF)), text)


def choose_sheet(names: Sequence[str], wanted: Sequence[str], place: str) -> str:
    """Return the sheet to read: the one that is named after a layer, else the only one.

    Parameters
    ----------
    names : sequence of str
        The sheets or layers of the file.
    wanted : sequence of str
        The tables that it may be for.
    place : str
        The file's name in messages.

    Returns
    -------
    str
        One of the names.

    Raises
    ------
    LayerError
        If there is none, or it cannot be told which.
    """
    named = [name for name in names if name.strip().casefold() in wanted]
    if len(named) == 1:
        return named[0]
    if len(names) == 1:
        return names[0]
    if not names:
        raise LayerError([Problem(place, "", "holds no table", "put the rows into one sheet")])
    shown, rule = ", ".join(names)[:200], f"holds {len(names)} sheets, and it is not clear which to read"
    raise LayerError([Problem(place, shown, rule, "say which layer the rows are for with --as, and name the sheet after it")])


def refuse_size(place: str, value: str, rule: str) -> LayerError:
    """Return the error for a file that is too large to be read safely."""
    return LayerError([Problem(place, value, rule, "split the file, or save only the columns and rows of the layer")])


def _write_date(value: dt.date) -> str:
    """Return a date as ISO text, without the time when that is midnight."""
    is_midnight = isinstance(value, dt.datetime) and value.tzinfo is None and value.time() == dt.time()
    return value.isoformat()[:10] if is_midnight else value.isoformat()


def _write_list(value: Iterable[object]) -> str:
    """Return the members of a list as one cell of ids."""
    return "|".join(write_cells(value))


WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (str, _write_text),
    (bool | np.bool_, _write_truth),
    (float | np.floating, _write_float),
    (dt.date, _write_date),
    (int | np.integer | Decimal | dt.time, str),
    (list | tuple | np.ndarray, _write_list),
)
"""How each kind of value is written; the first kind that fits counts."""
