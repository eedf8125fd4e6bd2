"""Say it in words: why a row stands where it stands, and the honest first line of a case (model rule M2)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from geokit.core.codes import Kind, Status

GOOD_V, BAD_V = 0.5, 0.35
"""A criterion is told as a strength above the first value and as a weakness below the second."""


def figure(value: float) -> str:
    """Write a figure with three significant digits and no exponent.

    Examples
    --------
    >>> figure(0.123456), figure(1234.5), figure(7.0)
    ('0.123', '1230', '7')
    """
    return "0" if value == 0 else f"{Decimal(f'{value:.3g}'):f}"


def say_reason(row: Mapping[str, object], cells: Sequence[Mapping[str, Any]], phrases: Mapping[str, Mapping[str, str]]) -> str:
    """Return the sentence of one ranked row.

    Parameters
    ----------
    row : mapping
        ``rank``, ``partner_label`` and ``is_plant``: a way of doing less is not praised for what only a plant needs.
    cells : sequence of mapping
        ``criterion_id``, ``weight``, ``v``, ``value``, ``contribution`` of the active criteria of this row; a missing ``v`` is NaN.
    phrases : mapping
        Criterion to ``good``, ``bad`` and ``missing`` wording with ``{value}`` and ``{percent}``, and ``plant_only`` (yes or blank).

    Returns
    -------
    str
        "No. 3 for ... because ... and ...; held back: ...; not known: ... and ...".
    """
    told = [cell for cell in cells if row["is_plant"] or not phrases[cell["criterion_id"]]["plant_only"]]
    known = [cell for cell in told if not math.isnan(cell["v"])]
    strong = _lead([cell for cell in known if cell["v"] >= GOOD_V], lambda cell: cell["contribution"], 2)
    weak = _lead([cell for cell in known if cell["v"] <= BAD_V], lambda cell: cell["weight"] * (1 - cell["v"]), 1)
    blank = _lead([cell for cell in told if math.isnan(cell["v"])], lambda cell: cell["weight"], 2)
    reasons = [] if row["is_plant"] else ["it needs no plant"]
    reasons += [_phrase(cell, phrases, "good") for cell in strong[: 2 - len(reasons)]]
    parts = [f"No. {row['rank']} for {row['partner_label']}" + (" because " + " and ".join(reasons) if reasons else "")]
    if weak:
        parts.append("held back: " + _phrase(weak[0], phrases, "bad"))
    if blank:
        parts.append("not known: " + " and ".join(phrases[cell["criterion_id"]]["missing"] for cell in blank))
    return "; ".join(parts) + "."


def _lead(cells: Sequence[Mapping[str, Any]], measure: Callable[[Mapping[str, Any]], float], count: int) -> list[Mapping[str, Any]]:
    """Return the cells that lead by a measure, ties by criterion."""
    return sorted(cells, key=lambda cell: (-measure(cell), cell["criterion_id"]))[:count]


def _phrase(cell: Mapping[str, Any], phrases: Mapping[str, Mapping[str, str]], side: str) -> str:
    """Fill the wording of one cell with its figure; a figure of zero may have words of its own."""
    wording = phrases[cell["criterion_id"]]
    told = wording["zero"] if cell["value"] == 0 and wording["zero"] else wording[side]
    return told.format(value=figure(cell["value"]), percent=f"{figure(100 * cell['value'])} %") + str(cell.get("caution", ""))


def say_remarks(
    rows: pd.DataFrame, *, lead: str, valued: int, sourced: bool, flat: bool, moved: int | None, top: int, routes: bool = False
) -> str:
    """Return what else bears on a case as a whole (model rules M10, M14, M20).

    Parameters
    ----------
    rows : pandas.DataFrame
        All rows of the case with ``kind`` and ``status``.
    lead : str
        What the leading plant must earn, in words; blank when there is none.
    valued : int
        Ranked plants with a net present value.
    sourced : bool
        Whether no capital or operating cost under these values is an assumption of the user.
    flat : bool
        Whether controls give the leading rows one and the same value.
    moved : int or None
        How many of the leading rows hold another place under the other reading of the law; None when it was not asked.
    top : int
        How many rows lead.
    routes : bool
        Whether the reliability of routes gives the leading plants nearly the same value.

    Returns
    -------
    str
        Two to five sentences.
    """
    plants = int(((rows["kind"] == Kind.PLANT) & rows["status"].isin([Status.RANKED, Status.CONDITIONAL])).sum())
    told = [lead] if lead else []
    whose = "sourced figures" if not valued or sourced else "figures that you gave"
    have = f"{valued} of {plants} plants, ranked or conditional, have a net present value from {whose}"
    told.append(f"{have}: the order is one of fit, not of profit.")
    if flat:
        told.append(f"Exposure to controls does not separate the first {top}; own licences of supplier countries are told per plant.")
    if routes:
        told.append(f"Routes do not separate the plants among the first {top}: hardly a day of the year without some way open.")
    if moved is not None:
        told.append(f"Under the other reading of the law {moved or 'none'} of the first {top} change places.")
    return " ".join(told)


def say_lead(name: str, money: Mapping[str, Any], *, inside: str) -> str:
    """Return what conversion may cost at the leading plant, the figure that decides whether it beats exporting (model rule M14).

    Parameters
    ----------
    name : str
        The plant in words.
    money : mapping
        Its row of economics: ``margin_usd_per_t`` with ``_low`` and ``_high``, ``domestic_margin_usd_per_t``, ``power_usd_per_t``.
    inside : str
        Name of the market whose issuer controls exports.

    Returns
    -------
    str
        One or two sentences; blank when the margin is not known.
    """
    low, mode, high = (float(money[f"margin_usd_per_t{end}"]) for end in ("_low", "", "_high"))
    if math.isnan(mode):
        return ""
    alike, power = float(money["domestic_margin_usd_per_t"]), float(money["power_usd_per_t"])
    told = f"{name}, beats exporting if conversion costs less than {figure(mode)} USD per tonne of product ({figure(low)} to {figure(high)}"
    told += ")." if math.isnan(alike) else f"; {figure(alike)} at prices inside {inside})."
    return told if math.isnan(power) else f"{told} Power alone takes about {figure(power)}."


def say_headline(rows: pd.DataFrame, *, partner: str, deciding: list[str]) -> str:
    """Return the first line of a case.

    Parameters
    ----------
    rows : pandas.DataFrame
        All rows of one case with ``kind``, ``status`` and ``beats_baseline``.
    partner : str
        Label of the partner.
    deciding : list of str
        What would decide, most decisive first.

    Returns
    -------
    str
        Whether plants beat exporting, how many, and which facts decide.
    """
    plants = rows[(rows["kind"] == Kind.PLANT) & rows["status"].isin([Status.RANKED, Status.CONDITIONAL])]
    count = plants["beats_baseline"].value_counts()
    yes, no, total = int(count.get("yes", 0)), int(count.get("no", 0)), len(plants)
    facts = f" What decides: {', '.join(deciding)}." if deciding else ""
    if total == 0:
        told = f"No plant can be ranked for {partner} on public data: too much of the weight rests on facts that nobody published"
        return f"{told}.{facts}"
    if yes:
        return f"{yes} of {total} plants beat exporting for {partner}; {no} do not, and {total - yes - no} cannot be told.{facts}"
    shown = f"{no} are shown not to, and " if no else ""
    silent = f"the cost of conversion is not published for {'the other ' if no else 'any of the '}{total - no}"
    return f"No plant is shown to beat exporting for {partner} on public data: {shown}{silent}.{facts}"
