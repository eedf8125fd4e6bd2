"""Whether a stated size lies inside the technical windows of a controlled item: the scope by the item's own text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from geokit.core.errors import Problem

Scope = Literal["inside", "unknown", "outside", "elsewhere", "carried", ""]
Sizes = Mapping[tuple[str, str], float]
"""Value by parameter and unit."""

PLACE = ["stage_id", "class_id"]
SUFFIXES = ("", "_2", "_3")
INSIDE, UNKNOWN, OUTSIDE, ELSEWHERE, CARRIED, NO_WINDOW = "inside", "unknown", "outside", "elsewhere", "carried", ""
WIDEST = (INSIDE, UNKNOWN, NO_WINDOW, CARRIED, OUTSIDE, ELSEWHERE)
"""Verdicts, the one that binds first."""
FORM = "write each as `diameter 6 m`, several with a semicolon between them"


@dataclass(frozen=True)
class Window:
    """One technical window of an item.

    Attributes
    ----------
    parameter, unit : str
        What is measured, and in what.
    least, most : float
        Both ends are inside; infinite where the window is open.
    """

    parameter: str
    unit: str
    least: float
    most: float

    def __str__(self) -> str:
        """Return the window in words."""
        if math.isinf(self.least):
            return f"up to {self.most:g} {self.unit}"
        return f"from {self.least:g} {self.unit}" if math.isinf(self.most) else f"{self.least:g}-{self.most:g} {self.unit}"


def judge_scope(ties: pd.DataFrame, layers: Mapping[str, pd.DataFrame], vendors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the ties with the verdict of each item's windows on the sizes that a user states.

    Parameters
    ----------
    ties : pandas.DataFrame
        Columns ``stage_id``, ``class_id`` and ``item_id``.
    layers : mapping of str to pandas.DataFrame
        Needs ``items``.
    vendors : pandas.DataFrame, optional
        As :func:`geokit.dependency.vendors.read_vendors` returns; its column ``sizes`` counts. Rows of a stage go before rows of
        every stage; of rows that state different sizes the one that lies inside counts.

    Returns
    -------
    pandas.DataFrame
        The ties with ``scope``: ``inside``; ``outside``, shown by a stated size; ``unknown``, which counts as inside unless
        shown otherwise; blank = the item has no window, for it is caught by its use or by its name. ``scope_note`` says why.

    Notes
    -----
    An end of a window counts as inside, though some texts say "above": a size at the end is no proof. Where only a part of an item
    has a window on file, a size outside it proves nothing.
    """
    stated = _collect_sizes(vendors)
    items = {row["item_id"]: row for row in layers["items"].to_dict("records")}
    places = ties[[*PLACE, "item_id"]].itertuples(index=False, name=None)
    told = [_judge_all(items[item], stated.get((stage, name)) or stated.get(("", name)) or [{}]) for stage, name, item in places]
    return ties.assign(scope=[scope for scope, _ in told], scope_note=[note for _, note in told])


def judge_item(item: Mapping[Any, Any], sizes: Sizes) -> tuple[Scope, str]:
    """Return the verdict of one item's windows on some sizes, and why.

    Parameters
    ----------
    item : mapping
        A row of the layer ``items``.
    sizes : mapping of tuple of str and str to float
        Value by parameter and unit.

    Returns
    -------
    tuple of str and str
        The verdict, as :func:`judge_scope` says, and a note.
    """
    windows = list_windows(item)
    if windows:
        return _judge_windows(item, windows, sizes)
    return "", "no window: caught by its use" if item.get("use_defined", "") == "true" else ""


def _judge_windows(item: Mapping[Any, Any], windows: Sequence[Window], sizes: Sizes) -> tuple[Scope, str]:
    """Return the verdict of the windows of an item on some sizes, and why."""
    known = [one for one in windows if (one.parameter, one.unit) in sizes]
    within = [one for one in known if one.least <= sizes[one.parameter, one.unit] <= one.most]
    beyond = [one for one in known if one not in within]
    every = item["window_logic"] != "any"
    if within and (not every or len(within) == len(windows)):
        return "inside", f"inside: {_say(within, sizes)}"
    shown = beyond if every else beyond * (len(beyond) == len(windows))
    if shown and item.get("windows_cover", "") != "part":
        return "outside", f"outside: {_say(shown, sizes)}"
    left = [one.parameter for one in windows if one not in known]
    why = f"{', '.join(left)} not stated" if left else "only a part of the item has a window on file"
    return "unknown", f"inside unless shown otherwise: {why}"


def list_windows(item: Mapping[Any, Any]) -> list[Window]:
    """Return the windows of an item; none for one that is caught by its use or its name.

    Parameters
    ----------
    item : mapping
        A row of the layer ``items``.

    Returns
    -------
    list of Window
        In the order of the columns.
    """
    named = [suffix for suffix in SUFFIXES if item.get(f"param{suffix}", "")]
    return [
        Window(item[f"param{suffix}"], item[f"unit{suffix}"], _open(item[f"min{suffix}"], -math.inf), _open(item[f"max{suffix}"], math.inf))
        for suffix in named
    ]


def list_parameters(layers: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, list[str]]]:
    """Return the units of every parameter that some item's window asks of a technique class.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``items`` and ``class_items``.

    Returns
    -------
    dict of str to dict of str to list of str
        Class to parameter to units: the closed vocabulary of sizes.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for row in layers["class_items"][["class_id", "item_id"]].merge(layers["items"], on="item_id").to_dict("records"):
        for window in list_windows(row):
            units = found.setdefault(row["class_id"], {}).setdefault(window.parameter, [])
            units += [window.unit] * (window.unit not in units)
    return found


def read_sizes(cell: str) -> Iterator[tuple[str, float, str]]:
    """Yield the sizes of a cell such as ``diameter 6 m; length 110 m``.

    Parameters
    ----------
    cell : str
        Sizes, each as parameter, value and unit, with semicolons between them.

    Yields
    ------
    tuple of str, float and str
        Parameter, value (NaN where it is no number or the size has not three parts) and unit.
    """
    for part in filter(None, (piece.strip() for piece in cell.split(";"))):
        words = part.replace("=", " ").split()
        *name, value, unit = words if len(words) > 2 else (part, "", "")
        yield "_".join(name).lower(), float(pd.to_numeric(value, errors="coerce") if value else math.nan), unit


def check_sizes(cell: str, parameters: Mapping[str, Sequence[str]], *, place: str, row: int) -> Iterator[Problem]:
    """Yield everything that is wrong with the sizes of one row.

    Parameters
    ----------
    cell : str
        As for :func:`read_sizes`.
    parameters : mapping of str to sequence of str
        Units of every parameter of the row's class, as :func:`list_parameters` returns them.
    place : str
        Name of the file in messages.
    row : int
        Number of the row in the file.

    Yields
    ------
    Problem
        A size that cannot be read, an unknown parameter, a wrong unit, a parameter that stands twice.
    """
    sizes = list(read_sizes(cell))
    for number, (name, value, unit) in enumerate(sizes):
        is_told = name in (one for one, *_ in sizes[:number])
        wrong = _judge_size(name, value, unit, parameters) or (("stands twice", "state each size once") if is_told else None)
        if wrong:
            yield Problem(place, f"{name} {value:g} {unit}" if math.isfinite(value) else name, *wrong, row, "sizes")


def _judge_size(name: str, value: float, unit: str, parameters: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:  # noqa: PLR0917
    """Return the rule that a size breaks, and the remedy."""
    if not math.isfinite(value):
        return "is no size with a value and a unit", FORM
    if not parameters:
        return "is a size, and no item of this class has a window", "leave it out"
    if name not in parameters:
        return "is no parameter of a window of this class", f"its parameters are {', '.join(sorted(parameters))}"
    return None if unit in parameters[name] else ("has another unit than the window", f"write it in {' or '.join(parameters[name])}")


def _collect_sizes(vendors: pd.DataFrame | None) -> dict[tuple[str, str], list[Sizes]]:
    """Return the sizes that the rows of a vendor list state, by stage and class."""
    found: dict[tuple[str, str], list[Sizes]] = {}
    if vendors is not None and "sizes" in vendors:
        for stage, name, cell in vendors.loc[vendors["sizes"] != "", [*PLACE, "sizes"]].itertuples(index=False, name=None):
            found.setdefault((stage, name), []).append({(one, unit): value for one, value, unit in read_sizes(cell)})
    return found


def _judge_all(item: Mapping[Any, Any], rows: Sequence[Sizes]) -> tuple[Scope, str]:
    """Return the verdict that binds most, of the sizes that several rows state."""
    return min((judge_item(item, sizes) for sizes in rows), key=lambda told: WIDEST.index(told[0]))


def _open(end: float, blank: float) -> float:
    """Return the end of a window; infinite where it is open."""
    return blank if math.isnan(end) else float(end)


def _say(windows: Sequence[Window], sizes: Sizes) -> str:
    """Return stated sizes beside their windows."""
    return ", ".join(f"{one.parameter} {sizes[one.parameter, one.unit]:g} {one.unit} ({one})" for one in windows)
