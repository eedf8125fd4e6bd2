"""What to write instead of a column name that the dictionary does not declare: usual headings of other people's tables."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Collection, Sequence
from functools import cache

from geokit.check.aliases import fold
from geokit.io.resource import read_resource

LONGEST = 60
"""Signs of a heading that are compared."""


def name_column(heading: str, declared: Collection[str]) -> tuple[str, str]:
    """Return the column that a heading means.

    Parameters
    ----------
    heading : str
        As it stands in a file.
    declared : collection of str
        The columns of a table.

    Returns
    -------
    tuple of str and str
        The column and how its figures or words have to be written, blank when as they are; two blanks when the heading means none.
    """
    word = fold(heading[:LONGEST])
    same = next((name for name in declared if word and fold(name) == word), "")
    if same:
        return same, ""
    return next(((column, how) for column, how in _read_headings().get(word, ()) if column in declared), ("", ""))


def suggest_column(heading: str, declared: Sequence[str], given: Collection[str] = ()) -> str:
    """Return what to do about a heading that is no column of a table.

    Parameters
    ----------
    heading : str
        As it stands in the file.
    declared : sequence of str
        The columns of the table.
    given : collection of str
        The columns that stand in the file already.

    Returns
    -------
    str
        The remedy: the column that it means, the nearest ones, or to remove it.
    """
    column, how = name_column(heading, declared)
    if column in given:
        return f"remove it or put it into note: {column} stands in the file already"
    if column:
        return f"write {column}{f', {how}' if how else ''}"
    near = difflib.get_close_matches(heading.casefold()[:LONGEST], declared, n=2)
    return f"did you mean {' or '.join(near)}?" if near else "remove it, or declare it in the data dictionary"


@cache
def _read_headings() -> dict[str, tuple[tuple[str, str], ...]]:
    """Return folded headings of older and public tables to the columns they mean and how to write these."""
    meant: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in csv.DictReader(io.StringIO(read_resource("geokit.check", "headings.csv"))):
        word = fold(row["heading"])
        meant[word] = (*meant.get(word, ()), (row["column"], row["how"]))
    return meant
