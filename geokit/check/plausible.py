"""Figures that cannot be: grades richer than the mineral, figures that were refused before, nought where a blank is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from geokit.check.aliases import fold
from geokit.check.figures import LEAVE_BLANK, read_figure
from geokit.check.finding import Finding, Rows
from geokit.check.reference import Reference
from geokit.check.rules import USER
from geokit.check.units import SEE, list_grades, squeeze
from geokit.core.columns import split_ids
from geokit.core.grades import read_grade_unit

LIMITS = "grade_limits"
TINY = 1e-9
"""Share by which a figure may be above its limit for having been computed in another unit."""
LARGE = 1000.0
"""Figures from which all digits are shown."""
SOURCED = "compare your source with the reason; leave it if the source holds"
MATTER = re.compile(r"million t|see (grade|contained|capacity)_unit")
"""Units of what a row exists for: a deposit without ore, a grade of nothing or a plant that makes nothing is no row. Nought is an error."""
MEASURES = re.compile(r"MW|ha|t|t/y.*|kt/y|kt|.*\bUSD\b.*")
"""Units in which nought is possible and rare: power, land, mass, capacity and money. Nought is a doubt. In other units (points, shares,
days, distances) nought is an answer, and nothing is said."""


class Limit(NamedTuple):
    """The richest ore of something: its share by mass, the mineral that sets it and the formula of that mineral."""

    share: float
    mineral: str
    formula: str


BARE = Limit(1.0, "the whole ore", "")
"""What holds where nothing else is known."""
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
        An error where a formula or the whole sets the limit, a doubt where we assume it.
    """
    names, cells = list_grades(rows)
    limits = _index_limits(reference) if names else {}
    units = [read_grade_unit(cell) for cell in cells if names]
    richest = [limits.get(unit.analyte, BARE) if unit else BARE for unit in units]
    most = np.array([unit.whole * one.share if unit else np.nan for unit, one in zip(units, richest, strict=True)])
    for name in names:
        for row in np.flatnonzero(rows.figures(name) > most * (1 + TINY)).tolist():
            limit = richest[row]
            holder = f"{limit.mineral} ({limit.formula})" if limit.formula else limit.mineral
            rule = f"is more than {holder} can hold: {_show(most[row])} {units[row]}"
            is_doubt = limit is not BARE and not limit.formula
            yield Finding(row, name, rows.cells[name][row], rule, "correct the grade or its unit", is_doubt=is_doubt)


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
        Errors; a doubt where the row names a source of its own, neither that of the refused figure nor one of the layer's row.
    """
    refused, base = reference.refused.get(rows.table, []), reference.frames.get(rows.table, rows.frame.head(0))
    if not refused or not rows.holds(*_list_keys(rows)):
        return
    ids, known = _join_keys(rows, rows.frame), _join_keys(rows, base)
    names = dict(zip(known, base["name"].map(fold), strict=True)) if "name" in base else {}
    for one in (one for one in refused if rows.holds(one["column"])):
        name, words = names.get(one["row_id"], "\0"), rows.cells.get("name", ids)
        for row in np.flatnonzero(rows.figures(one["column"]) == read_figure(one["value"])).tolist():
            if (ids[row] == one["row_id"] or fold(words[row]) == name) and _is_unit(rows, row, one):
                is_sourced = _has_own_source(rows, row, one, base=base)
                remedy = SOURCED if is_sourced else "give another figure with its source, or leave it blank"
                rule = f"was refused: {one['reason']}"
                yield Finding(row, one["column"], rows.cells[one["column"]][row], rule, remedy, is_doubt=is_sourced)


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


def _index_limits(reference: Reference) -> dict[str, Limit]:
    """Return the limits of grades by what they count; none for layers without such a table."""
    limits = reference.frames.get(LIMITS)
    if limits is None or not {"grade_unit", "maximum", "mineral", "formula"} <= set(limits.columns):
        return {}
    units = [(read_grade_unit(limit["grade_unit"]), limit) for limit in limits.to_dict("records")]
    return {
        unit.analyte: Limit(read_figure(limit["maximum"]) / unit.whole, limit["mineral"], limit["formula"]) for unit, limit in units if unit
    }


def _show(figure: float) -> str:
    """Return a figure in words, the large ones without a power of ten."""
    return f"{figure:.3g}" if figure < LARGE else f"{figure:,.0f}"


def _has_own_source(rows: Rows, row: int, refused: Mapping[Any, Any], *, base: pd.DataFrame) -> bool:
    """Return whether a row names a source that is neither that of a refused figure, nor one of the layer's row, nor the user."""
    stated = set(split_ids(rows.cells["source_id"][row])) if rows.holds("source_id") else set()
    is_own = np.array(_join_keys(rows, base), dtype=object) == refused["row_id"]
    packaged = base["source_id"][is_own] if "source_id" in base else ()
    return bool(stated.difference(*map(split_ids, packaged), split_ids(refused.get("source_id", "")), {USER}))


def _list_keys(rows: Rows) -> list[str]:
    """Return the columns of the primary key."""
    return [column.name for column in rows.columns if column.key]


def _join_keys(rows: Rows, frame: pd.DataFrame) -> list[str]:
    """Return the key of each row as conflicts of figures name it: its columns with a colon between them."""
    keys = _list_keys(rows)
    return [":".join(cells) for cells in frame[keys].itertuples(index=False, name=None)] if set(keys) <= set(frame.columns) else []


def _is_unit(rows: Rows, row: int, refused: Mapping[Any, Any]) -> bool:
    """Return whether the unit that a row states for a figure, if it states one, can be that of a refused figure (``%`` of ``% Cu``)."""
    found = next((SEE.fullmatch(column.unit) for column in rows.columns if column.name == refused["column"]), None)
    if not found or not rows.holds(found[1]):
        return True
    stated, meant = squeeze(rows.cells[found[1]][row]), squeeze(refused.get("unit", ""))
    return stated.startswith(meant) or meant.startswith(stated)
