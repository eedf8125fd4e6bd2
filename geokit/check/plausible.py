"""Figures that cannot be: grades richer than the mineral, figures that were refused before, nought where a blank is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from geokit.check.aliases import fold
from geokit.check.figures import LEAVE_BLANK, read_figure
from geokit.check.finding import Finding, Rows
from geokit.check.reference import Reference
from geokit.check.units import OF_GRADE, SEE, squeeze

LIMITS = "grade_limits"
REFUSED = "figure_conflicts"
MATTER = re.compile(r"million t|see (grade|contained|capacity)_unit")
"""Units of what a row exists for: a deposit without ore, a grade of nothing or a plant that makes nothing is no row. Nought is an error."""
MEASURES = re.compile(r"MW|ha|t|t/y.*|kt/y|kt|.*\bUSD\b.*")
"""Units in which nought is possible and rare: power, land, mass, capacity and money. Nought is a doubt. In other units (points, shares,
days, distances) nought is an answer, and nothing is said."""
NINES = frozenset({9999.0, 99999.0, 999999.0})
"""What older files write for a blank, and what can be a figure."""


def find_impossible(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every grade above what its mineral can hold.

    Parameters
    ----------
    rows : Rows
        The table; its column ``grade_unit`` says what the grades count.
    reference : Reference
        The layers; nothing is told without limits of grades.

    Yields
    ------
    Finding
        An error where a formula sets the limit, a doubt where we assume it.
    """
    by_unit = _index_limits(rows, reference)
    units = [squeeze(cell) for cell in rows.cells.get("grade_unit", ()) if by_unit]
    most = np.array([read_figure(by_unit[unit]["maximum"]) if unit in by_unit else np.nan for unit in units])
    for name in (column.name for column in rows.columns if units and column.unit == OF_GRADE and rows.holds(column.name)):
        for row in np.flatnonzero(rows.figures(name) > most).tolist():
            limit = by_unit[units[row]]
            holder = f"{limit['mineral']} ({limit['formula']})" if limit["formula"] else limit["mineral"]
            rule = f"is more than {holder} can hold: {float(limit['maximum']):.3g} {limit['grade_unit']}"
            yield Finding(row, name, rows.cells[name][row], rule, "correct the grade or its unit", is_doubt=not limit["formula"])


def find_refused(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every figure that was looked at and refused; the same figure in another unit is another figure.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers; nothing is told without conflicts of figures.

    Yields
    ------
    Finding
        Errors.
    """
    refused = _list_refused(rows, reference)
    base = reference.frames.get(rows.table)
    names = dict(zip(base[rows.key], base["name"].map(fold), strict=True)) if refused and base is not None and "name" in base else {}
    for one in refused:
        name, ids, words = names.get(one["row_id"], "\0"), rows.cells[rows.key], rows.cells.get("name", rows.cells[rows.key])
        for row in np.flatnonzero(rows.figures(one["column"]) == read_figure(one["value"])).tolist():
            if (ids[row] == one["row_id"] or fold(words[row]) == name) and _is_unit(rows, row, one):
                remedy = "give another figure with its source, or leave it blank"
                yield Finding(row, one["column"], rows.cells[one["column"]][row], f"was refused: {one['reason']}", remedy)


def find_blanks(rows: Rows) -> Iterator[Finding]:
    """Yield every nought and every row of nines that seems to stand for a blank.

    Parameters
    ----------
    rows : Rows
        The table; the unit of a column says whether nought can be an answer.

    Yields
    ------
    Finding
        Errors for nought where there must be something, doubts elsewhere.
    """
    for column in rows.columns:
        if column.type == "number" and rows.holds(column.name):
            is_matter, is_measure = (bool(units.fullmatch(column.unit)) for units in (MATTER, MEASURES))
            cells, figures = rows.cells[column.name], rows.figures(column.name)
            for row in np.flatnonzero((figures == 0) & (is_matter or is_measure)).tolist():
                rule = "is nought, which seems to stand for a blank"
                yield Finding(row, column.name, cells[row], rule, LEAVE_BLANK, is_doubt=not is_matter)
            for row in np.flatnonzero(np.isin(figures, list(NINES))).tolist():
                yield Finding(row, column.name, cells[row], "looks like a code for a blank", LEAVE_BLANK, is_doubt=True)


def _index_limits(rows: Rows, reference: Reference) -> dict[str, dict[Any, Any]]:
    """Return the limits of grades by their unit; none for a table without grades."""
    limits = reference.frames.get(LIMITS)
    if limits is None or not rows.holds("grade_unit") or not {"grade_unit", "maximum", "mineral", "formula"} <= set(limits.columns):
        return {}
    return {squeeze(limit["grade_unit"]): limit for limit in limits.to_dict("records")}


def _list_refused(rows: Rows, reference: Reference) -> list[dict[Any, Any]]:
    """Return the refused figures of columns that a table has."""
    conflicts = reference.frames.get(REFUSED)
    if conflicts is None or not rows.key or not rows.holds(rows.key):
        return []
    mine = conflicts[(conflicts["layer"] == rows.table) & (conflicts["verdict"] == "refused")]
    return [one for one in mine.to_dict("records") if rows.holds(one["column"])]


def _is_unit(rows: Rows, row: int, refused: Mapping[Any, Any]) -> bool:
    """Return whether the unit that a row states for a figure, if it states one, can be that of a refused figure (``%`` of ``% Cu``)."""
    found = next((SEE.fullmatch(column.unit) for column in rows.columns if column.name == refused["column"]), None)
    if not found or not rows.holds(found[1]):
        return True
    stated, meant = squeeze(rows.cells[found[1]][row]), squeeze(refused.get("unit", ""))
    return stated.startswith(meant) or meant.startswith(stated)
