"""Figures in cells of text: read them, and say how to write those that are none."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from geokit.core.columns import Column

FIGURE = re.compile(r"[ \t]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?[ \t]*", re.ASCII)
BLANK_WORDS = frozenset({
    "nan", "inf", "+inf", "-inf", "infinity", "-infinity", "null", "nil", "n/a", "#n/a", "n.a.", "-", "--", "\N{EN DASH}", "\N{EM DASH}",
    "?", "??", "???", "tbd", "tbc", "#null!", "#ref!", "#div/0!", "#value!", "#name?", "#num!", "<na>", "nat",
})  # fmt: skip
"""What programs and people write for a blank; words that can be an answer, such as none or unknown, are not among them."""
BLANK_FIGURES = frozenset({*BLANK_WORDS, "na", "none", "unknown", "not known", "not available", "no data", "nd", "n.d.", "x", "."})
"""The same where a figure is wanted."""
LEAVE_BLANK = "leave it blank if it is not known"
DIGITS = r"[+-]?\d[\d.,' \u00a0\u202f]*"
MEASURE = re.compile(rf"(?P<figure>{DIGITS}?)\s*(?P<unit>[^\d.,' ].*)")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,' \u00a0\u202f]\d{3})+(?:\.\d+)?")
COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+")
RANGE = re.compile(rf"\s*{DIGITS}\s*(?:-|to|\N{{EN DASH}}|\.\.+)\s*{DIGITS}\s*.{{0,12}}")
DEGREES = re.compile(
    r"([NSEW])? ?(\d{1,3}) ?[°d: ] ?(\d{1,2}(?:\.\d+)?) ?(?:['m:\u2032 ] ?(?:(\d{1,2}(?:\.\d+)?) ?(?:\"|s|''|\u2032\u2032)?)?)? ?([NSEW])?",
    re.IGNORECASE,
)
LONGEST = 60
"""Signs of a cell that are looked at; longer cells hold no figure."""
PLAIN = "write plain digits with a decimal point, without unit or thousands separator"


def read_figures(cells: Sequence[str]) -> np.ndarray:
    """Return cells as figures; not-a-number for blanks and for what is none.

    Parameters
    ----------
    cells : sequence of str
        Text.

    Returns
    -------
    numpy.ndarray
        Floats, as many as cells.
    """
    known = {cell: read_figure(cell) for cell in set(cells)}
    return np.array([known[cell] for cell in cells], dtype=float)


def read_figure(cell: str) -> float:
    """Return a cell as a figure; not-a-number for anything that is none."""
    return float(cell) if FIGURE.fullmatch(cell) else math.nan


def suggest_figure(cell: str, column: Column) -> str:
    """Return how to write a cell that should hold a figure and does not.

    Parameters
    ----------
    cell : str
        What stands there.
    column : Column
        What should.

    Returns
    -------
    str
        The remedy, with the figure where it can be told.
    """
    text = " ".join(unicodedata.normalize("NFKC", cell[: LONGEST + 1]).split())
    if len(text) > LONGEST or math.isinf(read_figure(text)):
        return PLAIN
    if text.casefold() in BLANK_FIGURES:
        return LEAVE_BLANK
    if column.unit == "deg" and (degrees := _read_degrees(text)):
        return f"write decimal degrees: {degrees}"
    if figure := _read_grouped(text.lstrip("~ ")):
        return f"write {figure}"
    return _suggest_one(text, column.unit)


def _suggest_one(text: str, unit: str) -> str:
    """Return how to write a range, or a figure with its unit."""
    if RANGE.fullmatch(text):
        return "write one figure; ranges have columns of their own for low and high"
    found = MEASURE.fullmatch(text)
    figure = _read_grouped(found["figure"].strip()) if found else ""
    words = found["unit"].casefold().split() if found else []
    if figure and len(words) > 1 and words != unit.casefold().split():
        return "leave it blank and put the words into a note, for they say more than a figure"
    understood = f"{unit} is understood" if unit else "without the words"
    return f"write {figure} alone if that is what it means ({understood})" if figure else PLAIN


def _read_grouped(text: str) -> str:
    """Return digits with separators as a plain figure, both readings where a comma can mean two things; blank when they are none."""
    if FIGURE.fullmatch(text):
        return text
    if GROUPED.fullmatch(text):
        plain, has_one_comma = re.sub(r"[,' \u00a0\u202f]", "", text), text.count(",") == 1 and "." not in text
        return f"{plain}, or {text.replace(',', '.')} if the comma is a decimal comma" if has_one_comma else plain
    return text.replace(".", "").replace(",", ".") if COMMA.fullmatch(text) else ""


def _read_degrees(text: str) -> str:
    """Return degrees, minutes and seconds as decimal degrees; blank when the text is none."""
    found = DEGREES.fullmatch(text)
    if not found:
        return ""
    before, degrees, minutes, seconds, after = found.groups()
    figure = float(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
    return f"{-figure if (before or after or '').upper() in {'S', 'W'} else figure:.5f}"
