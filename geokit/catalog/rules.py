"""The rules of the data dictionary for one cell, one row and one key: each says what is wrong and what to do."""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from geokit.core.columns import Column, split_ids

ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
FIGURE = re.compile(r"[ \t]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?[ \t]*", re.ASCII)
SOURCES = "sources.source_id"


class Finding(NamedTuple):
    """One broken rule: position of the row in the frame, column, value, rule and remedy."""

    row: int
    column: str
    value: str
    rule: str
    remedy: str


def find_in_column(cells: Sequence[str], column: Column, known: frozenset[str] | None) -> Iterator[Finding]:
    """Yield every cell of a column that breaks its declaration.

    Parameters
    ----------
    cells : sequence of str
        The column as text.
    column : Column
        Its declaration.
    known : frozenset of str or None
        The ids that the column may refer to; None when the table they stand in was not read.

    Yields
    ------
    Finding
        In the order of the rows.
    """
    verdicts = {value: _judge(value, column, known) for value in set(cells)}
    wrong = {value: verdict for value, verdict in verdicts.items() if verdict}
    if wrong:
        yield from (Finding(row, column.name, value, *wrong[value]) for row, value in enumerate(cells) if value in wrong)


def find_repeats(frame: pd.DataFrame, columns: Sequence[Column]) -> Iterator[Finding]:
    """Yield every row whose primary key another row above it has already."""
    key = [column.name for column in columns if column.key]
    if not key or not set(key) <= set(frame.columns):
        return
    first: dict[tuple[str, ...], int] = {}
    for row, values in enumerate(zip(*(frame[name] for name in key), strict=True)):
        if values in first:
            rule = f"repeats the key of row {first[values] + 2}"
            yield Finding(row, ", ".join(key), " + ".join(values), rule, "keys are unique: change or remove one of the two rows")
        first.setdefault(values, row)


def find_disorder(frame: pd.DataFrame, columns: Sequence[Column]) -> Iterator[Finding]:
    """Yield every row in which low <= mode <= high does not hold for one of its uncertain figures."""
    figures = {column.name for column in columns if column.type in {"number", "integer"}} & set(frame.columns)
    for names in sorted({_family(name, figures) for name in figures if re.search(r"(low|high)$", name)}):
        for row, cells in enumerate(zip(*(frame[name] for name in names), strict=True)):
            if _is_disordered(cells):
                shown = " <= ".join(cell or "?" for cell in cells)
                yield Finding(row, names[0], shown, f"is out of order: {' <= '.join(names)}", "sort the figures")


def find_swapped(frame: pd.DataFrame, columns: Sequence[Column]) -> frozenset[int]:
    """Return the rows whose coordinates lie outside their box but would lie inside it if lat and lon were exchanged."""
    box = {column.name: column for column in columns if column.name in {"lat", "lon"}}
    if len(box) < 2 or not set(box) <= set(frame.columns):
        return frozenset()
    lat, lon = box["lat"], box["lon"]
    places = [(_figure(north), _figure(east)) for north, east in zip(frame["lat"], frame["lon"], strict=True)]
    outside = [not (_inside(north, lat) and _inside(east, lon)) for north, east in places]
    exchanged = [_inside(east, lat) and _inside(north, lon) for north, east in places]
    return frozenset(row for row, flags in enumerate(zip(outside, exchanged, strict=True)) if all(flags))


def _is_disordered(cells: Sequence[str]) -> bool:
    """Return whether the figures among some cells do not rise from left to right."""
    known = [figure for figure in map(_figure, cells) if not math.isnan(figure)]
    return known != sorted(known)


def _judge(value: str, column: Column, known: frozenset[str] | None) -> tuple[str, str] | None:
    """Return the rule that a value breaks and the remedy, or None."""
    if not value.strip():
        return _judge_blank(column)
    if column.type in {"number", "integer"}:
        return _judge_figure(value, column)
    if column.type == "boolean" and value not in {"true", "false"}:
        return "is neither true nor false", "write true, false or leave it blank"
    if column.type == "date":
        return _judge_date(value)
    return _judge_word(value, column, known)


def _judge_blank(column: Column) -> tuple[str, str] | None:
    """Return what a blank breaks."""
    if not column.required:
        return None
    if column.refers_to == SOURCES:
        return "has no source, and every row needs one", "name a source_id of sources.csv, or add the source there"
    return "is blank but required", f"fill it in: {column.description or column.name}"


def _judge_figure(value: str, column: Column) -> tuple[str, str] | None:
    """Return what a figure breaks: form, whole numbers, bounds."""
    figure = _figure(value)
    if not math.isfinite(figure):
        return "is not a number", "write plain digits with a decimal point, without unit or thousands separator"
    if column.type == "integer" and figure != int(figure):
        return "is not a whole number", "write it without decimals"
    if _inside(figure, column):
        return None
    low, high = ("..." if bound is None else f"{bound:g}" for bound in (column.minimum, column.maximum))
    return f"is outside {low} to {high}{f' {column.unit}' if column.unit else ''}", "correct the figure or its unit"


def _judge_date(value: str) -> tuple[str, str] | None:
    """Return what a date breaks."""
    found = ISO_DATE.fullmatch(value)
    try:
        if found:
            dt.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
            return None
    except ValueError:
        pass
    return "is not an ISO date", "write YYYY-MM-DD, YYYY-MM or YYYY"


def _judge_word(value: str, column: Column, known: frozenset[str] | None) -> tuple[str, str] | None:
    """Return what a word or a list of ids breaks: closed vocabulary and foreign key, of which either may allow it."""
    is_checked = known is not None if column.refers_to else bool(column.allowed)
    allowed = frozenset(column.allowed) | (known or frozenset())
    words = split_ids(value) if column.type == "ids" else (value,)
    strange = next((word for word in words if word not in allowed), "") if is_checked else ""
    if not strange:
        return None
    if column.refers_to:
        return f"names {strange!r}, which {column.refers_to} does not hold", _hint(strange, sorted(allowed))
    return "is not in the vocabulary", _hint(strange, sorted(allowed))


def _hint(word: str, allowed: Sequence[str]) -> str:
    """Return the nearest words that would be right, or the first few."""
    near = difflib.get_close_matches(word, allowed, n=3)
    return f"did you mean {' or '.join(near)}?" if near else f"valid are: {', '.join(allowed[:12])}"


def _figure(value: str) -> float:
    """Return a cell as a figure; not-a-number for anything that is none."""
    return float(value) if FIGURE.fullmatch(value) else math.nan


def _inside(figure: float, column: Column) -> bool:
    """Return whether a figure lies within the bounds of its column; not-a-number never does."""
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    return low <= figure <= high


def _family(name: str, figures: set[str]) -> tuple[str, ...]:
    """Return the columns low, mode and high to which a column belongs, as far as they exist."""
    stem = re.sub(r"(low|high)$", "", name)
    middle = (f"{stem}mode", f"{stem}value", stem.rstrip("_"))
    members = (f"{stem}low", next((one for one in middle if one in figures), ""), f"{stem}high")
    return tuple(one for one in members if one in figures)


def index_ids(frames: Mapping[str, pd.DataFrame], columns: Mapping[str, Sequence[Column]]) -> dict[str, frozenset[str]]:
    """Return the ids that other tables may refer to.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Tables as text.
    columns : mapping of str to sequence of Column
        Their declarations.

    Returns
    -------
    dict of str to frozenset of str
        ``table.column`` to the ids that stand in it.
    """
    types = {f"{table}.{column.name}": column.type for table in frames for column in columns[table]}
    targets = {column.refers_to for table in frames for column in columns[table] if column.refers_to in types}
    cells = {target: frames[target.split(".")[0]].get(target.split(".")[1], pd.Series(dtype=str)) for target in targets}
    return {
        target: frozenset(one for cell in series.unique() for one in (split_ids(cell) if types[target] == "ids" else (cell,)) if one)
        for target, series in cells.items()
    }
