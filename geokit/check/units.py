"""Units that stand in a column of their own: one is missing, or it counts what the commodity of the row does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geokit.check.finding import Finding, Rows
from geokit.check.reference import Reference
from geokit.core.columns import split_ids

SEE = re.compile(r"see (\w+)")
"""The unit of a column whose rows state it in another column."""
OF_GRADE = "see grade_unit"


def squeeze(unit: str) -> str:
    """Return a unit without blanks and case, as ``%cr2o3``."""
    return "".join(unit.split()).casefold()


def find_unitless(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every row that gives a figure and leaves out the unit that stands in a column of its own.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers, for the units that suit the commodity.

    Yields
    ------
    Finding
        Errors, at most one a row and unit.
    """
    told = set[tuple[int, str]]()
    for column in rows.columns:
        found = SEE.fullmatch(column.unit)
        if found and rows.holds(column.name, found[1]):
            for row, (figure, unit) in enumerate(zip(rows.cells[column.name], rows.cells[found[1]], strict=True)):
                if figure.strip() and not unit.strip() and (row, found[1]) not in told:
                    told.add((row, found[1]))
                    words = _list_units(rows, row, reference) if column.unit == OF_GRADE else ""
                    remedy = f"write the unit{f', as {words}' if words else ' with what it counts'}, or leave both blank"
                    yield Finding(row, found[1], "", f"is blank, and {column.name} {figure} needs it", remedy)


def find_strange_units(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every unit of a grade that counts no constituent of the commodities of its row.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers: limits of grades say what counts a commodity, stoichiometric factors what counts as the same.

    Yields
    ------
    Finding
        Doubts.
    """
    if not rows.holds("grade_unit", "commodity_id"):
        return
    counted, same = _index_constituents(reference), _index_same(reference)
    stated = [(row, unit) for row, unit in enumerate(rows.cells["grade_unit"]) if counted and unit.strip()]
    for row, unit in stated:
        one = _name_constituent(unit)
        mine = set[str]().union(*(counted.get(commodity, ()) for commodity in _list_commodities(rows, row, reference)))
        known = bool(mine) or any(one in constituents for constituents in counted.values())
        if known and not {one, *same.get(one, ())} & mine:
            yield _describe_strange(rows, row, _list_units(rows, row, reference))


def _describe_strange(rows: Rows, row: int, words: str) -> Finding:
    """Return the doubt about a unit that counts nothing of its row; the words are the units that would."""
    unit, main = rows.cells["grade_unit"][row], rows.cells["commodity_id"][row]
    last = unit.split()[-1] if _name_constituent(unit) else ""
    rule = f"counts {last}, by which {main} is not measured" if last else f"does not say what it counts in {main}"
    remedy = f"write {words}" if words else "correct the unit"
    return Finding(row, "grade_unit", unit, rule, f"{remedy}, or name the other commodity in other_commodity_ids", is_doubt=True)


def _name_constituent(unit: str) -> str:
    """Return what a unit counts, folded: ``cr2o3`` of ``% Cr2O3``; blank for a bare ``%``."""
    words = re.findall(r"[^\s%]+", unit)
    return words[-1].casefold() if words and "/" not in words[-1] and words[-1].casefold() not in {"ppm", "ppb"} else ""


def _list_commodities(rows: Rows, row: int, reference: Reference) -> list[str]:
    """Return the commodities of a row, with those that they comprise or are a part of."""
    others = rows.cells["other_commodity_ids"][row] if rows.holds("other_commodity_ids") else ""
    mine = {rows.cells["commodity_id"][row], *split_ids(others)}
    table = reference.frames.get("commodities")
    links = [] if table is None or "parent_id" not in table else list(zip(table["commodity_id"], table["parent_id"], strict=True))
    return [*mine, *(one for pair in links if pair[1] for one, other in (pair, pair[::-1]) if other in mine)]


def _index_constituents(reference: Reference) -> dict[str, set[str]]:
    """Return the constituents by which each commodity is counted, folded."""
    counted: dict[str, set[str]] = {}
    for table in ("grade_limits", "grade_tonnage"):
        frame = reference.frames.get(table)
        if frame is not None and {"commodity_id", "grade_unit"} <= set(frame.columns):
            for commodity, unit in zip(frame["commodity_id"], frame["grade_unit"], strict=True):
                counted.setdefault(commodity, set()).update({_name_constituent(unit)} - {""})
    return {commodity: constituents for commodity, constituents in counted.items() if constituents}


def _index_same(reference: Reference) -> dict[str, set[str]]:
    """Return the constituents into which each can be counted, folded."""
    factors, same = reference.frames.get("contained_factors"), dict[str, set[str]]()
    if factors is not None:
        for pair in zip(factors["from_content"].str.casefold(), factors["to_content"].str.casefold(), strict=True):
            for one, other in (pair, pair[::-1]):
                same.setdefault(one, set()).add(other)
    return same


def _list_units(rows: Rows, row: int, reference: Reference) -> str:
    """Return the units in which the main commodity of a row is graded, in words."""
    limits = reference.frames.get("grade_limits")
    if limits is None or not rows.holds("commodity_id"):
        return ""
    return " or ".join(limits.loc[limits["commodity_id"] == rows.cells["commodity_id"][row], "grade_unit"])
