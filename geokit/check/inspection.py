"""Put every rule to some rows, and tell each cell's first fault with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain

from geokit.check.deposits import find_double, find_unclassed, find_unfed
from geokit.check.districts import find_strange_districts
from geokit.check.finding import Finding, Rows
from geokit.check.magnitudes import find_fractions, find_leaps, find_oversized
from geokit.check.money import find_mixed_years
from geokit.check.neighbours import find_neighbours
from geokit.check.parents import find_wrong_parents
from geokit.check.places import find_misplaced
from geokit.check.plausible import find_blanks, find_impossible, find_refused
from geokit.check.reference import Reference
from geokit.check.rules import NO_ALIASES, find_disorder, find_headless, find_in_column, find_repeats, find_slipped_keys
from geokit.check.slips import find_slips
from geokit.check.spans import find_backward
from geokit.check.twins import find_twins
from geokit.check.units import find_misspelt_units, find_strange_units, find_unitless
from geokit.check.words import CONTROL, find_hostile, guess_bytes
from geokit.core.errors import Problem

LONGEST_WORDS = 300
"""Signs of a value, rule or remedy that are told."""


def inspect_rows(
    rows: Rows, reference: Reference, *, place: str, given: Collection[str] | None = None, thorough: bool = False
) -> list[Problem]:
    """Check rows against the data dictionary and the layers.

    Parameters
    ----------
    rows : Rows
        The table as text, rows in the order of the file.
    reference : Reference
        What they are checked against; a foreign key into a column that it does not know goes unchecked.
    place : str
        The file's name in messages.
    given : collection of str, optional
        Columns of the file; the others were filled in from the layers. All when not given.
    thorough : bool
        Whether to look at words, slips and duplicates too, which takes longer and bears on no result.

    Returns
    -------
    list of Problem
        One a cell, row by row, counted as in a spreadsheet, the header being row 1. Their words are short and cannot steer a terminal.
    """
    seen = {(row, "") for row in _list_empty(rows)}
    problems = [Problem(place, "", "is an empty row", "remove it", row + 2) for row, _ in seen]
    # An error stands before a doubt of the same cell, whichever rule comes first.
    for finding in sorted(_find_all(rows, reference, given, thorough=thorough), key=lambda one: one.is_doubt):
        cells = {(finding.row, name) for name in finding.column.split(", ")}
        if (finding.row, "") not in seen and not cells & seen:
            seen |= cells
            problems.append(_describe(finding, place))
    return sorted(problems, key=lambda problem: problem.row)


def _find_all(rows: Rows, reference: Reference, given: Collection[str] | None, *, thorough: bool) -> Iterator[Finding]:
    """Yield what every rule finds, the plainest rule first."""
    declared = [column for column in rows.columns if rows.holds(column.name) and (given is None or column.name in given)]
    return chain(
        *([find_hostile(rows)] if thorough else []),
        find_slipped_keys(rows, reference.frames.get(rows.table, rows.frame)),
        *(
            find_in_column(
                rows.cells[column.name], column, reference.known.get(column.refers_to),
                aliases=reference.aliases.get(column.refers_to, NO_ALIASES),
            )
            for column in declared
        ),
        find_repeats(rows),
        find_disorder(rows, given),
        find_backward(rows),
        find_headless(rows),
        find_mixed_years(rows),
        find_wrong_parents(rows, reference),
        find_misspelt_units(rows, reference),
        find_misplaced(rows, reference),
        find_impossible(rows, reference),
        find_refused(rows, reference),
        find_blanks(rows),
        find_unitless(rows, reference),
        *(_find_doubts(rows, reference) if thorough else ()),
        find_double(rows, reference),
    )  # fmt: skip


def _find_doubts(rows: Rows, reference: Reference) -> tuple[Iterator[Finding], ...]:
    """Return what the rules find that bear on no result: slips of digits and units, strange words, duplicates."""
    return (
        find_slips(rows, reference), find_leaps(rows, reference), find_oversized(rows, reference), find_fractions(rows, reference),
        find_strange_units(rows, reference), find_unclassed(rows), find_strange_districts(rows, reference),
        find_twins(rows, reference), find_neighbours(rows, reference), find_unfed(rows, reference),
    )  # fmt: skip


def _list_empty(rows: Rows) -> list[int]:
    """Return the rows in which nothing stands."""
    columns = list(rows.cells.values())
    return [row for row, cell in enumerate(columns[0] if columns else ()) if not cell and not any(cells[row] for cells in columns)]


def _describe(finding: Finding, place: str) -> Problem:
    """Turn a finding into a problem with its place in the file."""
    value, rule, remedy, column = (tame(words) for words in (finding.value, finding.rule, finding.remedy, finding.column))
    return Problem(tame(place), value, rule, remedy, finding.row + 2, column, finding.is_doubt)


def tame(words: str) -> str:
    """Return words of a file as they may be shown anywhere: short, without signs that steer, lost bytes read as Windows-1252."""
    plain = words if words.isascii() and words.isprintable() else CONTROL.sub("\N{REPLACEMENT CHARACTER}", guess_bytes(words))
    return plain if len(plain) <= LONGEST_WORDS else f"{plain[: LONGEST_WORDS - 3]}..."
