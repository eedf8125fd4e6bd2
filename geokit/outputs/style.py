"""One look for the page, the report and the notebook map: colours, symbols, numbers, and the words on every output."""

from __future__ import annotations

import math
from dataclasses import dataclass

THIN_SPACE = "\u202f"
"""Thousands mark: a narrow space that does not break."""
WORDS = (
    "Screening, not a feasibility study.",
    "Not legal advice: classify with counsel.",
)
"""Said on every output."""


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
    >>> format_figure(5779, "nm").replace(chr(0x202f), "_")
    '5_780_nm'
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
    return f"{text}{THIN_SPACE}{unit}" if unit else text


def format_range(low: float | None, high: float | None, unit: str = "") -> str:
    """Return a range as ``a to b`` with its unit, or one figure when both ends print alike."""
    ends = (format_figure(low), format_figure(high))
    if "unknown" in ends or ends[0] == ends[1]:
        return format_figure(low if ends[1] == "unknown" else high, unit)
    return f"{ends[0]} to {ends[1]}{THIN_SPACE}{unit}" if unit else f"{ends[0]} to {ends[1]}"


def format_share(value: float | None) -> str:
    """Return a probability or share in tenths, ``3 in 10``; below one in twenty and above nineteen in twenty in hundredths."""
    if value is None or not math.isfinite(value):
        return "unknown"
    if value in (0, 1):
        return "none" if value == 0 else "all"
    return f"{round(value * 10)} in 10" if 0.05 <= value < 0.95 else f"{round(value * 100)} in 100"
