"""One look for the page, the report and the notebook map: colours, symbols, numbers, and the words on every output."""

from __future__ import annotations

import math
import re
import textwrap
from dataclasses import dataclass

THIN_SPACE = "\u202f"
"""Thousands mark: a narrow space that does not break."""
SPACE = "\u00a0"
"""Between a figure and its unit: a space that does not break."""
WORDS = (
    "Screening, not a feasibility study.",
    "Not legal advice: classify with counsel.",
)
"""Said on every output."""
KIND_TAGS = {"export": "no plant", "toll": "toll abroad", "abroad": "plant abroad"}
"""What a row is that is no plant in the country."""
PROFILE_WORDS = {
    "A": "a Chinese developer",
    "B": "a neutral developer",
    "C": "a developer tied to the US or Japan",
    "D": "a military-linked developer",
}
"""Who uses the equipment in the end, as the controls ask (model rule M11)."""
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs that steer a terminal or turn the direction of writing; a name in a layer may hold them."""
HISTORICAL = "historical estimate, not a mineral resource"
"""Said beside every tonnage, and every span of years, that rests on one."""
_FIGURE = re.compile(r"(?<![\w.,/#-])-?(?:\d{1,3}(?:,\d{3})+|\d{4,})(?![\w,/-])(?!\.\w)")
"""A figure of four digits or more that stands free in a sentence: no part of an id, a date or a decimal."""
_YEARS = range(1800, 2101)
"""Four digits in this range are a year unless money or a mass follows."""


@dataclass(frozen=True)
class Group:
    """A commodity group on the map.

    Attributes
    ----------
    group_id, label : str
        Id and printed name.
    letter : str
        Printed inside the mark, so that a grey print can be read.
    colour, ink : str
        Fill (Okabe and Ito's palette for all kinds of colour vision) and the colour of the letter on it.
    commodity_ids : tuple of str
        What belongs to it; the last group takes the rest.
    """

    group_id: str
    label: str
    letter: str
    colour: str
    ink: str
    commodity_ids: tuple[str, ...]


GROUPS = (
    Group("copper", "copper", "C", "#E69F00", "#000000", ("copper",)),
    Group(
        "alloy",
        "iron and alloy metals",
        "F",
        "#0072B2",
        "#FFFFFF",
        ("chromite", "iron", "manganese", "nickel", "cobalt", "molybdenum", "tungsten", "vanadium", "titanium"),
    ),
    Group("rare-earths", "rare earths and uranium", "R", "#CC79A7", "#000000", ("rare-earths", "uranium", "niobium", "tantalum")),
    Group("antimony", "antimony", "A", "#D55E00", "#FFFFFF", ("antimony",)),
    Group("lead-zinc", "lead and zinc", "Z", "#56B4E9", "#000000", ("lead-zinc", "lead", "zinc")),
    Group("battery", "lithium and graphite", "L", "#009E73", "#000000", ("lithium", "graphite")),
    Group("precious", "gold and gemstones", "G", "#F0E442", "#000000", ("gold", "gemstones", "silver")),
    Group("industrial", "industrial minerals", "M", "#000000", "#FFFFFF", ()),
)
"""Eight groups, one colour each (Okabe and Ito, Color Universal Design, 2008)."""


def commodity_group(commodity_id: str) -> Group:
    """Return the map group of a commodity; the last group takes what no other names."""
    return next((group for group in GROUPS if commodity_id in group.commodity_ids), GROUPS[-1])


def format_figure(value: float | None, unit: str = "") -> str:
    """Return a figure with three significant figures, thin thousands and its unit.

    Parameters
    ----------
    value : float or None
        The figure; None and NaN are unknown.
    unit : str
        Printed behind the figure.

    Returns
    -------
    str
        ``unknown`` when there is none.

    Examples
    --------
    >>> format_figure(0.41279)
    '0.413'
    >>> format_figure(5779, "nm").replace(chr(0x202f), "_").replace(chr(0xa0), " ")
    '5_780 nm'
    >>> format_figure(None, "t")
    'unknown'
    """
    if value is None or not math.isfinite(value):
        return "unknown"
    if value == 0:
        text = "0"
    else:
        decimals = 2 - math.floor(math.log10(abs(value)))
        rounded = round(value, decimals)
        text = f"{rounded:,.{max(decimals, 0)}f}".replace(",", THIN_SPACE)
        text = text.rstrip("0").rstrip(".") if "." in text else text
    text = text.replace("-", "\u2212")
    return f"{text}{SPACE}{unit}" if unit else text


def format_range(low: float | None, high: float | None, unit: str = "") -> str:
    """Return a range as ``a to b`` with its unit, or one figure when both ends print alike."""
    ends = (format_figure(low), format_figure(high))
    if "unknown" in ends or ends[0] == ends[1]:
        return format_figure(low if ends[1] == "unknown" else high, unit)
    return f"{ends[0]} to {ends[1]}{SPACE}{unit}" if unit else f"{ends[0]} to {ends[1]}"


def format_percent(value: float | None) -> str:
    """Return a share as whole per cent, ``80 %``."""
    return "unknown" if value is None or not math.isfinite(value) else f"{round(100 * value)}{SPACE}%"


def format_words(text: str) -> str:
    """Return a sentence whose figures carry thin thousands and true minus signs; ids, dates and years stay.

    Parameters
    ----------
    text : str
        Any sentence.

    Returns
    -------
    str
        The same words.

    Examples
    --------
    >>> format_words("less than 1320 USD (-271 to 3,780) in 2026, No.55/2025").replace(chr(0x202f), "_").replace(chr(0x2212), "~")
    'less than 1_320 USD (~271 to 3_780) in 2026, No.55/2025'
    """
    grouped = _FIGURE.sub(lambda found: _group(found, text), text)
    return re.sub(r"(?<![\w-])-(?=\d)", "\u2212", grouped)


def mark_controls(text: str) -> str:
    """Return a text in which every sign that steers a terminal, or turns the direction of writing, is a replacement mark; lines stay."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def wrap_line(line: str, width: int) -> list[str]:
    """Return a line cut to a width, harmless to a terminal; what goes on stands four columns further in, and an empty line stays."""
    blank = line[: len(line) - len(line.lstrip())] + "    "
    return textwrap.wrap(mark_controls(line), width, subsequent_indent=blank) or [""]


def _group(found: re.Match[str], text: str) -> str:
    """Return a figure with thin thousands, or as it is where it reads as a year."""
    digits = found.group().replace(",", "")
    follows = re.match(r"\s*(USD|EUR|t\b|km\b|tonnes)", text[found.end() :])
    if "," not in found.group() and int(digits) in _YEARS and not follows:
        return found.group()
    return f"{int(digits):,}".replace(",", THIN_SPACE)
