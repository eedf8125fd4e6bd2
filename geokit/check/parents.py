"""Bodies within bodies: a part is another body than its whole, lies in no circle of parts, and holds no more ore than the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from geokit.check.deposits import TABLE, TONNAGES
from geokit.check.figures import read_figures
from geokit.check.finding import Finding, Rows
from geokit.check.reference import Reference

APART = "may_overlap"
"""How two bodies relate of which neither lies wholly in the other."""


def find_wrong_parents(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every deposit that is a part of itself, or of a body with less ore.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers, whose rows count where the table does not replace them.

    Yields
    ------
    Finding
        Errors, each of which names both rows.
    """
    if rows.table != TABLE or not rows.holds("deposit_id", "parent_id"):
        return
    base = reference.frames.get(TABLE, rows.frame)
    rest = base[~base["deposit_id"].isin(set(rows.frame["deposit_id"]))] if "deposit_id" in base else base.head(0)
    both = pd.concat([rows.frame, rest], ignore_index=True).fillna("")
    both = both[(both["parent_id"] != "") | both["deposit_id"].isin(set(both["parent_id"]))]
    pairs = zip(both["deposit_id"], both["parent_id"], strict=True)
    parents = {one: parent for one, parent in pairs if one.strip() and parent.strip()}
    first = dict(zip(both["deposit_id"][::-1], both.index[::-1], strict=True))
    yield from _find_circles(rows, parents, first)
    yield from _find_larger(rows, both, first)


def _find_circles(rows: Rows, parents: Mapping[str, str], first: Mapping[str, int]) -> Iterator[Finding]:
    """Yield every row of the table that is its own parent, or comes back to itself through its parents."""
    circles = _list_circles(parents)
    for row, (one, parent) in enumerate(zip(rows.cells["deposit_id"], rows.cells["parent_id"], strict=True)):
        if one and one == parent:
            yield Finding(row, "parent_id", parent, f"is the row itself ({one})", "name the larger body, or leave it blank")
        elif one in circles and parents[one] == parent and parent in first:
            there = _name_row(parent, first[parent], len(rows.frame))
            rule = f"makes {one} a part of itself: {there} is in turn a part of {one}"
            yield Finding(row, "parent_id", parent, rule, "leave it blank in the larger of the two")


def _list_circles(parents: Mapping[str, str]) -> set[str]:
    """Return the rows that are parts of themselves through their parents."""
    circles, settled = set[str](), set[str]()
    for start in parents:
        way, one = dict[str, None](), start
        while one in parents and one not in settled and one not in way:
            way[one] = None
            one = parents[one]
        walked = list(way)
        circles.update(walked[walked.index(one) :] if one in way else ())
        settled.update(way)
    return circles


def _find_larger(rows: Rows, both: pd.DataFrame, first: Mapping[str, int]) -> Iterator[Finding]:
    """Yield every part whose least tonnage is above the largest that its parent states; the row of the table is told."""
    names = [name for name in TONNAGES if name in both]
    figures = np.array([np.full(len(both), np.nan), *(read_figures(both[name].tolist()) for name in names)])
    least, most = (dict(zip(both.index, ends.reduce(figures), strict=True)) for ends in (np.fmin, np.fmax))
    kinds = both.get("parent_kind", pd.Series("", index=both.index))
    for part, whole in _pair_parts(both, first, count=len(rows.frame)):
        if kinds[part] != APART and least[part] > most[whole]:
            row = part if part < len(rows.frame) else whole
            bodies = [_name_row(both["deposit_id"][one], one, len(rows.frame)) for one in (part, whole)]
            rule = f"does not fit: {bodies[0]} has {least[part]:g} million t, more than the {most[whole]:g} of its parent, {bodies[1]}"
            name = next(name for name in names if both[name][row].strip())
            yield Finding(row, name, both[name][row], rule, f"correct one of the two, or write {APART} into parent_kind of the part")


def _pair_parts(both: pd.DataFrame, first: Mapping[str, int], *, count: int) -> list[tuple[int, int]]:
    """Return the places of each part and its parent, of which one at least is among the rows of the table."""
    pairs = [(part, first[parent]) for part, parent in zip(both.index.tolist(), both["parent_id"], strict=True) if parent in first]
    return [(part, whole) for part, whole in pairs if part != whole and min(part, whole) < count]


def _name_row(one: str, place: int, count: int) -> str:
    """Return a row of the table or of the layer in words."""
    return f"row {place + 2} ({one})" if place < count else f"the packaged row {one}"
