"""What a deposit must say to count: the stage that it feeds, and that a tonnage without a code is a historical estimate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geokit.check.finding import Finding, Rows
from geokit.check.plausible import NINES
from geokit.check.reference import Reference

TABLE, FEEDS = "deposits", "deposit_feeds"
TONNAGES = ("tonnage_million_t_low", "tonnage_million_t_mode", "tonnage_million_t_high")
PARTS = ("sub_body", "same_body")
"""How a body may lie inside another: its tonnage is already in that one."""
NO_CODE = frozenset({"none", "historic"})
"""Classes of a tonnage that no reporting code stands behind."""


def find_unfed(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield the first deposit that is drawn on the map and feeds nothing, because no row pairs it with a stage, and count the others.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers, with the pairs that are handed in beside the table.

    Yields
    ------
    Finding
        One doubt a file.
    """
    feeds = reference.frames.get(FEEDS)
    if rows.table != TABLE or feeds is None or "deposit_id" not in feeds or not rows.holds("deposit_id"):
        return
    fed = set(feeds["deposit_id"])
    unfed = [row for row, deposit in enumerate(rows.cells["deposit_id"]) if deposit and deposit not in fed]
    if unfed:
        columns = ", ".join(name for name in feeds.columns if name not in {"date", "note"})
        more = f"and {len(unfed) - 1} more feed no stage, so they change no ranking"
        rule = more if len(unfed) > 1 else "feeds no stage, so it changes no ranking"
        remedy = f"hand in rows for {FEEDS} too ({columns}){_tell_silence(rows, unfed[0])}"
        yield Finding(unfed[0], "deposit_id", rows.cells["deposit_id"][unfed[0]], rule, remedy, is_doubt=True)


def find_double(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every part of a deposit that is to be counted beside the whole.

    Parameters
    ----------
    rows : Rows
        The pairs of deposit and stage, as text.
    reference : Reference
        The layers, with the deposits that are handed in beside the pairs.

    Yields
    ------
    Finding
        Errors: a sub-body never adds to its parent (model rule M6).
    """
    deposits = reference.frames.get(TABLE)
    if rows.table != FEEDS or deposits is None or not rows.holds("deposit_id", "aggregate") or "parent_kind" not in deposits:
        return
    parts = set(deposits.loc[deposits["parent_kind"].isin(PARTS), "deposit_id"])
    for row, (deposit, counted) in enumerate(zip(rows.cells["deposit_id"], rows.cells["aggregate"], strict=True)):
        if counted == "yes" and deposit in parts:
            yield Finding(row, "aggregate", counted, f"counts {deposit}, a part of another deposit, beside the whole", "write no")


def find_unclassed(rows: Rows) -> Iterator[Finding]:
    """Yield every tonnage without a reporting code that is not marked as a historical estimate.

    Parameters
    ----------
    rows : Rows
        The table as text.

    Yields
    ------
    Finding
        Doubts.
    """
    if not rows.holds("resource_class", "historical_estimate"):
        return
    stated = np.zeros(len(rows.frame), dtype=bool)
    for name in TONNAGES:
        figures = rows.figures(name) if rows.holds(name) else np.zeros(len(stated))
        stated |= (figures > 0) & ~np.isin(figures, list(NINES))
    cells = zip(stated.tolist(), rows.cells["resource_class"], rows.cells["historical_estimate"], strict=True)
    for row, (has_tonnage, kind, historical) in enumerate(cells):
        if has_tonnage and kind in NO_CODE and historical == "false":
            rule = "is false, and a tonnage without a reporting code is a historical estimate"
            remedy = "write true, or name the code in resource_class"
            yield Finding(row, "historical_estimate", historical, rule, remedy, is_doubt=True)


def _tell_silence(rows: Rows, row: int) -> str:
    """Return what a blank feed_available of a row means, to end a remedy; blank when the row states one."""
    free = rows.cells.get("feed_available", [])
    return "" if (free[row] if free else "").strip() else "; a blank feed_available is not counted as free"
