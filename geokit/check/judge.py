"""Judge one cell by the declaration of its column: blank, figure, truth, date, word or list of ids."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Collection

from geokit.check.aliases import fold
from geokit.check.figures import LEAVE_BLANK, read_figure, suggest_figure
from geokit.core.columns import Column, split_ids

Verdict = tuple[str, str]
"""Rule that a cell breaks, and the remedy."""
ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
OTHER_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)
SOURCES = "sources.source_id"
CODES_FOR_BLANK = frozenset({-99.0, -999.0, -9999.0, -99999.0})
"""What older files write for a blank. Their positive sisters can be figures and are left to the rules of plausibility."""
QUARTER = 90.0
"""Degrees from the equator to a pole: more can be a longitude only."""
FORMS = {
    "slug": (re.compile(r"[a-z0-9]+(?:[-_:][a-z0-9]+)*"), "lower-case letters and digits"),
    "code": (re.compile(r"[A-Za-z0-9]+(?:[-_:][A-Za-z0-9]+)*"), "letters and digits"),
}
"""What an id is made of, by the type of its column: parts joined by one sign each."""
TRUTHS = {"yes": "true", "y": "true", "1": "true", "no": "false", "n": "false", "0": "false", "true": "true", "false": "false"}


def judge_cell(value: str, column: Column, allowed: Collection[str] | None, suggest: Callable[[str], str]) -> Verdict | None:  # noqa: PLR0917
    """Return what a cell breaks.

    Parameters
    ----------
    value : str
        The cell.
    column : Column
        Its declaration.
    allowed : collection of str or None
        The words that may stand there; None when any may.
    suggest : callable
        Takes a word that is not allowed and returns the remedy.

    Returns
    -------
    tuple of str and str, or None
        Rule and remedy.
    """
    if not value.strip():
        return _judge_blank(column)
    if column.type in {"number", "integer"}:
        return _judge_figure(value, column)
    if column.type == "boolean":
        return _judge_truth(value)
    if column.type == "date":
        return _judge_date(value)
    wrong = _judge_form(value, column) if column.type in FORMS else None
    return wrong if wrong or allowed is None else _judge_word(value, column, allowed, suggest)


def _judge_blank(column: Column) -> Verdict | None:
    """Return what a blank breaks."""
    if not column.required:
        return None
    if column.refers_to == SOURCES:
        return "has no source, and every row needs one", "name a source_id of sources.csv, or add the source there"
    return "is blank but required", f"fill it in: {column.description or column.name}"


def _judge_figure(value: str, column: Column) -> Verdict | None:
    """Return what a figure breaks: form, whole numbers, bounds."""
    figure = read_figure(value)
    if not math.isfinite(figure):
        return "is not a number", suggest_figure(value, column)
    if column.type == "integer" and figure != int(figure):
        return "is not a whole number", "write it without decimals"
    return _judge_size(figure, column)


def _judge_size(figure: float, column: Column) -> Verdict | None:
    """Return whether a figure is out of bounds, or a code for a blank; -99 can be a longitude."""
    is_inside = _is_inside(figure, column)
    if figure in CODES_FOR_BLANK and not (is_inside and column.unit == "deg"):
        return "is a code for a blank, not a figure", LEAVE_BLANK
    if is_inside:
        return None
    low, high = ("..." if bound is None else f"{bound:g}" for bound in (column.minimum, column.maximum))
    is_turned = column.unit == "deg" and QUARTER < abs(figure) <= 2 * QUARTER
    remedy = "exchange lat and lon if they are swapped, or correct the figure" if is_turned else "correct the figure or its unit"
    return f"is outside {low} to {high}{f' {column.unit}' if column.unit else ''}", remedy


def _judge_truth(value: str) -> Verdict | None:
    """Return what a truth breaks."""
    if value in {"true", "false"}:
        return None
    meant = TRUTHS.get(value.strip().casefold())
    return "is neither true nor false", f"write {meant}" if meant else "write true, false or leave it blank"


def _judge_date(value: str) -> Verdict | None:
    """Return what a date breaks."""
    found, other = ISO_DATE.fullmatch(value), OTHER_DATE.fullmatch(value.strip())
    if found and _is_date(found[1], found[2] or "1", found[3] or "1"):
        return None
    days = [(other[3], other[2], other[1]), (other[3], other[1], other[2])] if other else []
    meant = dict.fromkeys("-".join([year, month.zfill(2), day.zfill(2)]) for year, month, day in days if _is_date(year, month, day))
    return "is not an ISO date", f"write {' or '.join(meant)}" if meant else "write YYYY-MM-DD, YYYY-MM or YYYY"


def _is_date(year: str, month: str, day: str) -> bool:
    """Return whether the calendar has such a day."""
    try:
        return bool(dt.date(int(year), int(month), int(day)))
    except ValueError:
        return False


def _judge_form(value: str, column: Column) -> Verdict | None:
    """Return whether an id has blanks or signs that no id of its column has."""
    form, letters = FORMS[column.type]
    if form.fullmatch(value):
        return None
    plain = "-".join(fold(value).split())
    meant = f"write {plain}" if form.fullmatch(plain) else f"write {letters}"
    return f"is no id: {letters}, parts joined by -, _ or :", meant


def _judge_word(value: str, column: Column, allowed: Collection[str], suggest: Callable[[str], str]) -> Verdict | None:  # noqa: PLR0917
    """Return what a word or a list of ids breaks: closed vocabulary and foreign key, of which either may allow it."""
    words = split_ids(value) if column.type == "ids" else (value,)
    strange = next((word for word in words if word not in allowed), "")
    if not strange:
        return None
    if column.refers_to:
        return f"names {strange[:60]!r}, which {column.refers_to} does not hold", suggest(strange)
    return "is not in the vocabulary", suggest(strange)


def _is_inside(figure: float, column: Column) -> bool:
    """Return whether a figure lies within the bounds of its column."""
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    return low <= figure <= high
