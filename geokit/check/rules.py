"""The rules of the data dictionary for columns, rows and keys: each says what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from geokit.check.aliases import MOST_HINTS, fold, index_ids, suggest_id
from geokit.check.finding import Finding, Rows
from geokit.check.judge import FORMS, SOURCES, judge_cell
from geokit.core.columns import Column

__all__ = [
    "NO_ALIASES", "SOURCES", "USER", "find_disorder", "find_headless", "find_in_column", "find_repeats", "find_slipped_keys", "index_ids",
]  # fmt: skip
USER = "user"
"""The source that a row can name whose facts nobody has verified."""
QUOTED = frozenset({"charges", "cost_quotes", "other_grades", "products", "royalties_taxes"})
"""Tables that keep a range as a source prints it, with no figure between its ends."""
BOUNDED = frozenset({"cost_models", "deposits"})
"""Tables in which one end alone is a bound: at least so much. Elsewhere it is half a range."""
WHOLE = 3
"""Columns of a range with its mode."""
NO_ALIASES: Mapping[str, str] = MappingProxyType({})


def find_in_column(
    cells: Sequence[str], column: Column, known: frozenset[str] | None, *, aliases: Mapping[str, str] = NO_ALIASES
) -> Iterator[Finding]:
    """Yield every cell of a column that breaks its declaration.

    Parameters
    ----------
    cells : sequence of str
        The column as text.
    column : Column
        Its declaration.
    known : frozenset of str or None
        The ids that the column may refer to; None when the table they stand in was not read.
    aliases : mapping of str to str
        Other names of these ids.

    Yields
    ------
    Finding
        In the order of the rows.
    """
    is_checked = known is not None if column.refers_to else bool(column.allowed)
    allowed = (known or frozenset()).union(column.allowed) if is_checked else None
    suggest = _limit_hints(column, allowed or frozenset(), aliases)
    verdicts = {value: judge_cell(value, column, allowed, suggest) for value in dict.fromkeys(cells)}
    wrong = {value: verdict for value, verdict in verdicts.items() if verdict}
    if wrong:
        yield from (Finding(row, column.name, value, *wrong[value]) for row, value in enumerate(cells) if value in wrong)


def find_repeats(rows: Rows) -> Iterator[Finding]:
    """Yield every row whose primary key another row above it has already."""
    key = [column.name for column in rows.columns if column.key]
    if not key or not rows.holds(*key):
        return
    first: dict[tuple[str, ...], int] = {}
    for row, values in enumerate(zip(*(rows.cells[name] for name in key), strict=True)):
        if values in first:
            rule = f"repeats the key of row {first[values] + 2}"
            yield Finding(row, ", ".join(key), " + ".join(values), rule, "keys are unique: change or remove one of the two rows")
        first.setdefault(values, row)


def find_slipped_keys(rows: Rows, base: pd.DataFrame) -> Iterator[Finding]:
    """Yield every id that the layer does not have and that differs from one it has by case, blanks or signs only.

    Parameters
    ----------
    rows : Rows
        The table as text; one whose key is no id of one column is passed over.
    base : pandas.DataFrame
        The layer as text.

    Yields
    ------
    Finding
        Errors: such a row would be a second one beside the row that it means.
    """
    key, types = rows.key, {column.name: column.type for column in rows.columns}
    if base is rows.frame or types.get(key) not in FORMS or key not in base or not rows.holds(key):
        return
    known = set(base[key])
    meant = {fold(one): one for one in known}
    strangers = [(row, one) for row, one in enumerate(rows.cells[key]) if one not in known]
    for row, one in strangers:
        if other := meant.get(fold(one)):
            yield Finding(row, key, one, f"is {other} but for case, blanks or signs, and would be a second row", f"write {other}")


def find_headless(rows: Rows) -> Iterator[Finding]:
    """Yield every range that lacks the most plausible figure between its ends, without which nothing can be drawn from it.

    Parameters
    ----------
    rows : Rows
        The table as text. A table that quotes the ranges of its sources is passed over.

    Yields
    ------
    Finding
        Errors.
    """
    least = 2 if rows.table in BOUNDED else 1
    for names in [] if rows.table in QUOTED else [names for names in _list_families(rows) if len(names) == WHOLE]:
        low, mode, high = (np.array([bool(cell.strip()) for cell in rows.cells[name]], dtype=int) for name in names)
        for row in np.flatnonzero((mode == 0) & (low + high >= least)).tolist():
            shown = " <= ".join(rows.cells[name][row] or "?" for name in names)
            rule = f"has {names[0]} or {names[2]} and no {names[1]} between them"
            yield Finding(row, names[1], shown, rule, f"give {names[1]} too, or leave all three blank and put the range into note")


def find_disorder(rows: Rows, given: Collection[str] | None = None) -> Iterator[Finding]:
    """Yield every row in which low <= mode <= high does not hold for one of its uncertain figures.

    Parameters
    ----------
    rows : Rows
        The table as text.
    given : collection of str, optional
        Columns of the file; the others were filled in from the layers. All when not given.

    Yields
    ------
    Finding
        Errors; the remedy names the figures that the layer holds and the file does not.
    """
    for names in _list_families(rows):
        known = np.array([rows.figures(name) for name in names])
        lowest = np.fmin.accumulate(known[::-1])[::-1]  # the least figure from here to the right, blanks passed over
        for row in np.flatnonzero((known > lowest).any(axis=0)).tolist():
            shown = " <= ".join(rows.cells[name][row] or "?" for name in names)
            remedy = _suggest_order(_list_kept(rows, row, names, given=given))
            yield Finding(row, names[0], shown, f"is out of order: {' <= '.join(names)}", remedy)


def _limit_hints(column: Column, allowed: Collection[str], aliases: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that suggests words for a column, as often as that makes sense."""
    left = iter(range(MOST_HINTS))
    can_own = column.refers_to == SOURCES and USER in allowed
    own = f"write {USER} for facts of your own, or hand in a row of sources too" if can_own else ""

    def suggest(word: str) -> str:
        """Return what to write instead of a word."""
        if next(left, None) is None:
            return own or f"write an id of {column.refers_to or 'the vocabulary'}; the first rows say which are near"
        hint = suggest_id(word, allowed, aliases)
        return hint if not own else f"{hint} else {own}" if hint.endswith("?") else own

    return suggest


def _list_kept(rows: Rows, row: int, names: Sequence[str], *, given: Collection[str] | None) -> list[str]:
    """Return the figures of a row that the layer holds and the file does not, each after its column."""
    return [f"{one} {rows.cells[one][row]}" for one in names if given is not None and one not in given and rows.cells[one][row]]


def _suggest_order(kept: Sequence[str]) -> str:
    """Return the remedy for figures out of order, of which the layer's stay where the file has no such column."""
    if not kept:
        return "sort the figures"
    verb, columns = ("stays", "that column") if len(kept) == 1 else ("stay", "those columns")
    return f"the layer's {' and '.join(kept)} {verb}, give {columns} too"


def _list_families(rows: Rows) -> list[tuple[str, ...]]:
    """Return the columns of each uncertain figure of a table: low, mode and high as far as they exist."""
    figures = {column.name for column in rows.columns if column.type in {"number", "integer"} and rows.holds(column.name)}
    return sorted({_family(name, figures) for name in figures if re.search(r"(low|high)$", name)})


def _family(name: str, figures: set[str]) -> tuple[str, ...]:
    """Return the columns low, mode and high to which a column belongs, as far as they exist."""
    stem = re.sub(r"(low|high)$", "", name)
    middle = (f"{stem}mode", f"{stem}value", stem.rstrip("_"))
    members = (f"{stem}low", next((one for one in middle if one in figures), ""), f"{stem}high")
    return tuple(one for one in members if one in figures)
