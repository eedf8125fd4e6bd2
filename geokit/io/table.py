"""Take the bytes of a comma-separated file apart, and say everything that is wrong with its form."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pandas as pd

from geokit.core.errors import Problem

SAVE = "save it as 'CSV UTF-8 (comma delimited)'"


def read_bytes(path: Path, place: str) -> tuple[bytes, list[Problem]]:
    """Read a file whole.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    place : str
        Its name in messages.

    Returns
    -------
    tuple of bytes and list of Problem
        The bytes, and the problem when there are none to be had.
    """
    try:
        return path.read_bytes(), []
    except IsADirectoryError:
        return b"", [Problem(place, path.name, "is a folder, not a file", "put a CSV file of that name there")]
    except OSError as error:
        return b"", [Problem(place, path.name, f"cannot be read ({error.strerror})", "check that the file exists and may be read")]


def parse_table(data: bytes, place: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Split a CSV file into a frame of text.

    Parameters
    ----------
    data : bytes
        The file: UTF-8 (with or without byte-order mark), comma-separated, one header row.
    place : str
        Its name in messages.

    Returns
    -------
    tuple of pandas.DataFrame and list of Problem
        Every cell a string, blanks as ""; row ``i`` of the frame is row ``i + 2`` of the spreadsheet. With problems of form, rows are
        padded or cut to the header and no more than the ids in them should be used.
    """
    text, problem = _decode(data, place)
    if problem:
        return pd.DataFrame(), [problem]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        return pd.DataFrame(), [Problem(place, str(error), "is not comma-separated text", SAVE)]
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        return pd.DataFrame(), [Problem(place, "", "holds no header row", "begin with the column names of the data dictionary")]
    header = [name.strip() for name in rows[0]]
    problems = [*_check_header(header, place), *_check_lengths(rows, place)]
    width = len(header)
    body = [(row + [""] * width)[:width] for row in rows[1:]]
    return pd.DataFrame(body, columns=header if not problems else _unique(header), dtype=str), problems


def _decode(data: bytes, place: str) -> tuple[str, Problem | None]:
    """Return the text of the bytes, or why there is none."""
    if not data.strip():
        return "", Problem(place, "", "is an empty file", "begin with the column names of the data dictionary")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        return "", Problem(place, "NUL", "is no text: the file holds NUL bytes", SAVE, line)
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        shown = data[error.start : error.start + 1].hex()
        return "", Problem(place, f"byte 0x{shown}", "is not UTF-8", SAVE, line)


def _check_header(header: list[str], place: str) -> list[Problem]:
    """Return blank or repeated column names, and the signs of another separator."""
    if len(header) == 1 and any(sign in header[0] for sign in ";\t|"):
        return [Problem(place, header[0][:60], "is one column: the separator is not a comma", SAVE, 1)]
    seen = Counter(header)
    blank = [Problem(place, "", "is a column without a name", "name the column or remove it", 1)] if seen[""] else []
    twice = [name for name, count in seen.items() if count > 1 and name]
    return blank + [Problem(place, name, "stands twice in the header", "keep one", 1, name) for name in twice]


def _check_lengths(rows: list[list[str]], place: str) -> list[Problem]:
    """Return the rows that have more or fewer cells than the header."""
    width, remedy = len(rows[0]), "put cells that hold a comma into double quotes"
    return [
        Problem(place, ",".join(row)[:60], f"has {len(row)} cells, the header has {width}", remedy, number)
        for number, row in enumerate(rows[1:], 2)
        if len(row) != width
    ]


def _unique(header: list[str]) -> list[str]:
    """Make the names of a broken header distinct, so that a frame can carry them."""
    return [name if header.index(name) == place else f"{name}#{place}" for place, name in enumerate(header)]
