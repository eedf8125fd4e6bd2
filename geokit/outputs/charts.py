"""Charts as SVG: what makes up a score, the feed of each year, the cash flow; each of them also reads in grey print."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from geokit.outputs.style import THIN_SPACE, format_figure, mark_controls

Row = Mapping[str, Any]
Scale = Callable[[float], float]
FAMILY = "Source Sans Pro, sans-serif"
"""Fonts of the words in a chart."""
WIDTH = 496.0
"""Width of a page's text, points."""
INK, MUTED, RULE, BAR, PALE = "#16202a", "#56626e", "#cfd5db", "#2c4a73", "#e3e7eb"
"""Colours of words, of lesser words, of lines, of what is known and of the ground behind it."""
SMALL = 7.5
"""Size of the words in a chart, points."""
PITCH = 10.5
"""From one row of bars to the next, points."""
LEFT, RIGHT = 205.0, 88.0
"""Room for the names and for the figures beside the bars, points."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
"""Round steps of an axis within a power of ten."""
DASHES = {"free": "", "unknown": "1.5 1.5", "contested": "3 1.5", "committed": "5 2", "captive": "7 2 1.5 2"}
"""Line of each kind of feed, so that no colour is needed to tell them apart."""


def open_chart(width: float, height: float) -> Element:
    """Return an empty drawing in points, with the hatching that means that nothing is known.

    Parameters
    ----------
    width, height : float
        Size, points.

    Returns
    -------
    xml.etree.ElementTree.Element
        The root; :func:`add` draws on it.
    """
    size = {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}"}
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "font-family": FAMILY, "font-size": f"{SMALL:g}", "fill": INK})
    hatch = SubElement(SubElement(root, "defs"), "pattern", {"id": "hatch", "width": "3", "height": "3", "patternUnits": "userSpaceOnUse"})
    add(hatch, "path", d="M-1,1 l2,-2 M0,3 l3,-3 M2,4 l2,-2", stroke=MUTED, stroke_width=0.6)
    return root


def add(parent: Element, tag: str, words: str = "", /, **facts: str | float) -> Element:
    """Draw one shape; a name of a fact takes a hyphen for each underscore, and figures two decimals.

    Parameters
    ----------
    parent : xml.etree.ElementTree.Element
        What to draw on.
    tag : str
        Element of SVG.
    words : str
        Text inside; any text stays text.
    **facts
        Attributes of the element.

    Returns
    -------
    xml.etree.ElementTree.Element
        The shape.
    """
    told = {name.replace("_", "-"): _tell(value) for name, value in facts.items()}
    shape = SubElement(parent, tag, told)
    if words:
        shape.text = mark_controls(words)
    return shape


def print_chart(root: Element) -> str:
    """Return a drawing as SVG."""
    return tostring(root, encoding="unicode")


def _tell(value: str | float) -> str:
    """Return an attribute as text."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def draw_why(cells: Sequence[Row]) -> str:
    """Return what each criterion adds to a score, those of most weight first.

    Parameters
    ----------
    cells : sequence of mapping
        Rows with ``label``, ``weight``, ``v`` (None when unknown), ``value`` and ``unit``, as :meth:`geokit.Study.explain` gives them.

    Returns
    -------
    str
        SVG; the ground of a bar is the weight, its filled part weight times value, and all of it is hatched where nothing is known.
    """
    rows = sorted((cell for cell in cells if cell["weight"]), key=lambda cell: (-cell["weight"], cell["criterion_id"]))
    root = open_chart(WIDTH, PITCH * max(len(rows), 1) + 2)
    scale = (WIDTH - LEFT - RIGHT) / max((cell["weight"] for cell in rows), default=1.0)
    for at, cell in enumerate(rows):
        top = 1 + PITCH * at
        known = cell["v"] is not None
        add(root, "text", shorten(cell["label"].split(":")[0], LEFT - 6), x=0, y=top + 7)
        add(root, "rect", x=LEFT, y=top + 1, width=cell["weight"] * scale, height=PITCH - 4, fill=PALE if known else "url(#hatch)")
        if known:
            add(root, "rect", x=LEFT, y=top + 1, width=cell["weight"] * cell["v"] * scale, height=PITCH - 4, fill=BAR)
        told = f"{cell['weight'] * cell['v']:.3f} of {cell['weight']:.3f}" if known else f"unknown, of {cell['weight']:.3f}"
        add(root, "text", told, x=WIDTH, y=top + 7, text_anchor="end", fill=INK if known else MUTED)
    return print_chart(root)


def shorten(words: str, width: float) -> str:
    """Return words cut to about a width in points at the size of a chart, with a mark where they were cut."""
    most = int(width / (SMALL * 0.47))
    return words if len(words) <= most else f"{words[: most - 1].rstrip(' ,;')}\u2026"


def find_step(span: float, parts: int = 4) -> float:
    """Return the round step that parts a span into at most so many pieces.

    Parameters
    ----------
    span : float
        Length of an axis, above nought.
    parts : int
        Most pieces.

    Returns
    -------
    float
        1, 2, 2.5 or 5 times a power of ten.
    """
    power = 10.0 ** math.floor(math.log10(span / parts))
    return next(step * power for step in STEPS if step * power * parts >= span * (1 - 1e-9))


def draw_feed(rows: Sequence[Row], needed_t_per_y: float | None, *, scenario: str) -> str:
    """Return the tonnes of feed a year that each kind of holder could give, beside what the plant eats.

    Parameters
    ----------
    rows : sequence of mapping
        ``feed_years`` summed over deposits: ``scenario``, ``year``, ``availability``, ``feed_t_per_y`` and its ends.
    needed_t_per_y : float or None
        Feed that the plant eats at full output.
    scenario : str
        When first ore comes: that of the study.

    Returns
    -------
    str
        SVG: a line a kind in that scenario, with its bounds as a band where feed is free; blank where no figure is known.
    """
    told, free = _pick_years(rows, scenario)
    most = max([needed_t_per_y or 0.0, *(row["feed_t_per_y"] for row in told), *(row["feed_t_per_y_high"] for row in free)])
    if not told or most <= 0.0:
        return ""
    base, left, right = 98.0, 44.0, WIDTH - 96
    root, step = open_chart(WIDTH, base + 14), find_step(most)
    top = step * math.ceil(most / step - 1e-9)
    y = _scale((0.0, top), (base, 18.0))
    _draw_grid(root, y, [step * at for at in range(round(top / step) + 1)], span=(left, right), unit=1e3)
    add(root, "text", "thousand t of feed a year", x=0, y=7, fill=MUTED)
    x = _draw_years(root, sorted({row["year"] for row in told}), y=base + 10, span=(left, right))
    _draw_band(root, free, x=x, y=y)
    labels = _draw_kinds(root, told, x=x, y=y)
    if needed_t_per_y:
        at = y(needed_t_per_y)
        add(root, "line", x1=left, x2=right, y1=at, y2=at, stroke=BAR, stroke_width=1.6)
        labels.append((at, "what the plant eats"))
    _draw_labels(root, labels, right + 4)
    return print_chart(root)


def _pick_years(rows: Sequence[Row], scenario: str) -> tuple[list[Row], list[Row]]:
    """Return the years of a scenario with a figure, and those of free feed with an upper end."""
    told = [row for row in rows if row["scenario"] == scenario and row["feed_t_per_y"] is not None]
    return told, [row for row in told if row["availability"] == "free" and row["feed_t_per_y_high"] is not None]


def _draw_years(root: Element, years: Sequence[int], *, y: float, span: tuple[float, float]) -> Scale:
    """Write some of the years below a chart, and return the place of each."""
    x = _scale((years[0], years[-1] + 1), span)
    for year in years[:: math.ceil(len(years) / 9)]:
        add(root, "text", str(year), x=x(year + 0.5), y=y, text_anchor="middle", fill=MUTED)
    return x


def _draw_kinds(root: Element, rows: Sequence[Row], *, x: Scale, y: Scale) -> list[tuple[float, str]]:
    """Draw a stepped line for each kind of feed, and return where each ends and its name."""
    labels = []
    for kind in sorted({row["availability"] for row in rows}, key=list(DASHES).index):
        line = sorted((row for row in rows if row["availability"] == kind), key=lambda row: row["year"])
        path = " ".join(f"{x(row['year'] + part):.2f},{y(row['feed_t_per_y']):.2f}" for row in line for part in (0, 1))
        add(root, "polyline", points=path, fill="none", stroke=INK, stroke_width=1.1, stroke_dasharray=DASHES[kind] or "none")
        labels.append((y(line[-1]["feed_t_per_y"]), "holder unknown" if kind == "unknown" else kind))
    return labels


def _scale(domain: tuple[float, float], span: tuple[float, float]) -> Scale:
    """Return the function that lays a domain evenly on a span of points."""
    (low, high), (start, stop) = domain, span
    return lambda value: start + (value - low) / (high - low) * (stop - start)


def _draw_grid(root: Element, y: Scale, marks: Sequence[float], *, span: tuple[float, float], unit: float) -> None:
    """Draw the lines of an axis with their figures."""
    for mark in marks:
        add(root, "line", x1=span[0], x2=span[1], y1=y(mark), y2=y(mark), stroke=MUTED if mark == 0 else RULE, stroke_width=0.5)
        told = f"{mark / unit:,.4g}".replace(",", THIN_SPACE).replace("-", "\u2212")
        add(root, "text", told, x=span[0] - 4, y=y(mark) + 2.5, text_anchor="end", fill=MUTED)


def _draw_band(root: Element, rows: Sequence[Row], *, x: Scale, y: Scale) -> None:
    """Draw the bounds of free feed as a pale band."""
    ordered = sorted(rows, key=lambda row: row["year"])
    upper = [(x(row["year"] + part), y(row["feed_t_per_y_high"])) for row in ordered for part in (0, 1)]
    lower = [(x(row["year"] + part), y(row["feed_t_per_y_low"] or 0.0)) for row in reversed(ordered) for part in (1, 0)]
    if upper:
        add(root, "polygon", points=" ".join(f"{a:.2f},{b:.2f}" for a, b in [*upper, *lower]), fill=PALE)


def _draw_labels(root: Element, labels: Sequence[tuple[float, str]], left: float) -> None:
    """Write the names of lines at their ends, from the top down, none over another."""
    last = -math.inf
    for at, words in sorted(labels):
        last = max(at + 2.5, last + 8.5)
        add(root, "text", words, x=left, y=last)


def draw_flow(rows: Sequence[Row]) -> str:
    """Return the cash flow of each year as columns.

    Parameters
    ----------
    rows : sequence of mapping
        ``years`` from the decision and ``cash_flow``, million USD.

    Returns
    -------
    str
        SVG; what is paid out hangs below the line and is pale. Blank where there is no cash flow.
    """
    flows = sorted(((row["years"], row["cash_flow"]) for row in rows if row["cash_flow"] is not None), key=lambda pair: pair[0])
    least, most = min([0.0, *(flow for _, flow in flows)]), max([0.0, *(flow for _, flow in flows)])
    if least == most:
        return ""
    root, left = open_chart(WIDTH, 116.0), 44.0
    step = find_step(most - least)
    low, high = step * math.floor(least / step), step * math.ceil(most / step)
    y = _scale((low, high), (100.0, 18.0))
    _draw_grid(root, y, [low + step * at for at in range(round((high - low) / step) + 1)], span=(left, WIDTH), unit=1.0)
    add(root, "text", "million USD a year", x=0, y=7, fill=MUTED)
    each = (WIDTH - left) / len(flows)
    for at, (year, flow) in enumerate(flows):
        spot = left + each * at
        fill, upper = BAR if flow >= 0 else PALE, y(max(flow, 0.0))
        add(root, "rect", x=spot + each * 0.15, y=upper, width=each * 0.7, height=abs(y(flow) - y(0.0)), fill=fill, stroke=BAR,
            stroke_width=0.5)  # fmt: skip
        if at % max(1, math.ceil(len(flows) / 12)) == 0:
            add(root, "text", format_figure(year), x=spot + each / 2, y=112, text_anchor="middle", fill=MUTED)
    return print_chart(root)
