"""Units that stand in a column of their own: one is missing, or it counts what the commodity of the row does not hold."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from geokit.check.aliases import MOST_HINTS
from geokit.check.finding import Finding, Rows
from geokit.check.reference import Reference
from geokit.core.columns import split_ids
from geokit.core.grades import LONGEST, WHOLE, read_grade_unit

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
                    words = _tell_unit(rows, row, reference) if column.unit == OF_GRADE else ""
                    remedy = f"write the unit{f', as {words}' if words else ' with what it counts'}, or leave both blank"
                    yield Finding(row, found[1], "", f"is blank, and {column.name} {figure} needs it", remedy)


def list_grades(rows: Rows) -> tuple[list[str], list[str]]:
    """Return the columns of a table that hold grades, and the unit of each row with what it counts, also where that stands apart."""
    if rows.holds("grade_unit"):
        return [column.name for column in rows.columns if column.unit == OF_GRADE and rows.holds(column.name)], rows.cells["grade_unit"]
    if not rows.holds("constituent", "unit"):
        return [], []
    names = [column.name for column in rows.columns if column.name.startswith("grade_") and rows.holds(column.name)]
    return names, [f"{unit} {one}" for unit, one in zip(rows.cells["unit"], rows.cells["constituent"], strict=True)]


def find_misspelt_units(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every unit of a grade that is not a known unit, a blank and what it counts: its limits could not be looked up.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers, for the units that suit the commodity.

    Yields
    ------
    Finding
        Errors; the remedy is the accepted spelling, or the nearest ones.
    """
    cells = rows.cells.get("grade_unit", [])
    wrong = {cell for cell in set(cells) if cell.strip() and not _is_accepted(cell)}
    near = {cell: _list_nearest(cell, reference) for cell in sorted(wrong)[:MOST_HINTS]}
    for row, cell in enumerate(cells) if wrong else ():
        if cell in wrong:
            meant = near.get(cell) or _tell_unit(rows, row, reference) or "% and a chemical formula, as % Sb"
            rule = f"is no unit of a grade: one of {', '.join(WHOLE)}, a blank, and what it counts"
            yield Finding(row, "grade_unit", cell, rule, f"write {meant}")


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
    counted, same, kin = _index_constituents(reference), _index_same(reference), _index_kin(reference)
    others = rows.cells["other_commodity_ids"] if rows.holds("other_commodity_ids") else [""] * len(rows.frame)
    stated = list(zip(rows.cells["grade_unit"], rows.cells["commodity_id"], others, strict=True))
    strange = set[tuple[str, str, str]]()
    for unit, main, more in set(stated) if counted else ():
        one, named = _name_constituent(unit), {main, *split_ids(more)}
        mine = set[str]().union(*(counted.get(other, ()) for name in named for other in (name, *kin.get(name, ()))))
        known = bool(mine) or any(one in constituents for constituents in counted.values())
        if unit.strip() and known and not {one, *same.get(one, ())} & mine:
            strange.add((unit, main, more))
    words = {main: reference.grade_units.get(main, "") for _, main, _ in strange}
    yield from (_describe_strange(rows, row, words[cells[1]]) for row, cells in enumerate(stated) if cells in strange)


def _describe_strange(rows: Rows, row: int, words: str) -> Finding:
    """Return the doubt about a unit that counts nothing of its row; the words are the units that would."""
    unit, main = rows.cells["grade_unit"][row], rows.cells["commodity_id"][row]
    meant = read_grade_unit(unit)
    rule = f"counts {meant.analyte}, by which {main} is not measured" if meant else f"does not say what it counts in {main}"
    remedy = f"write {words}" if words else "correct the unit"
    return Finding(row, "grade_unit", unit, rule, f"{remedy}, or name the other commodity in other_commodity_ids", is_doubt=True)


def _name_constituent(unit: str) -> str:
    """Return what a unit counts, folded: ``cr2o3`` of ``% Cr2O3``; blank for a bare ``%``."""
    meant = read_grade_unit(unit)
    return meant.analyte.casefold() if meant else ""


def _is_accepted(unit: str) -> bool:
    """Return whether a unit of a grade is spelt in the one accepted way and counts something known."""
    meant = read_grade_unit(unit)
    return meant is not None and meant.is_known and str(meant) == unit


def _list_nearest(unit: str, reference: Reference) -> str:
    """Return the accepted spelling of a unit, or the units of the layers that are spelt nearly like it, in words; blank for none."""
    meant = read_grade_unit(unit)
    if meant and meant.is_known:
        return str(meant)
    limits = reference.frames.get("grade_limits")
    known = [] if limits is None else sorted(set(limits["grade_unit"]))
    return " or ".join(difflib.get_close_matches(unit[:LONGEST], known, n=2, cutoff=0.75))


def _index_kin(reference: Reference) -> dict[str, set[str]]:
    """Return the commodities that each comprises or is a part of."""
    table, kin = reference.frames.get("commodities"), dict[str, set[str]]()
    links = [] if table is None or "parent_id" not in table else zip(table["commodity_id"], table["parent_id"], strict=True)
    for one, other in (turned for pair in links if pair[1] for turned in (pair, pair[::-1])):
        kin.setdefault(one, set()).add(other)
    return kin


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


def _tell_unit(rows: Rows, row: int, reference: Reference) -> str:
    """Return the units in which the main commodity of a row is graded, in words; blank where it states none."""
    return reference.grade_units.get(rows.cells["commodity_id"][row], "") if rows.holds("commodity_id") else ""
