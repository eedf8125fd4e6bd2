"""A digit may have slipped: a namesake lies one degree or a tenth away, or one degree would put the point into its district."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from geokit.check.aliases import list_names
from geokit.check.finding import Finding, Rows
from geokit.check.points import PLACE, Points, find_steps, lies_in, list_districts, measure_distances, read_points
from geokit.check.reference import Reference

TOLERANCES_DEG = {1.0: 0.035, 0.1: 0.005}
"""How nearly the one coordinate must differ by one degree or a tenth, and the other agree. Sources that mean one place differ by 0.01 to
0.03 degrees (the pairs in the layer of conflicting coordinates), and their slips are not exact therefore."""
DISTRICT_KM = 20.0
"""Boundaries of districts are indicative: a point this close to one may lie on either side. One degree is about 100 km."""
AXES = ("latitude", "longitude")
APART = 1000.0
"""Degrees between points of different names, so that one search finds namesakes only."""


def find_slips(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every row whose point looks one digit wrong; whether it is, only its source can tell.

    Parameters
    ----------
    rows : Rows
        The table; the packaged rows of that table are compared too, also those that the frame replaces.
    reference : Reference
        The layers.

    Yields
    ------
    Finding
        Doubts.
    """
    base = reference.frames.get(rows.table, rows.frame)
    base = base.head(0) if base is rows.frame else base
    if rows.holds("name", "lat", "lon"):
        yield from _find_namesakes(rows, base, "name", [*list_names(rows.frame), *list_names(base)])
    if rows.key and rows.holds(rows.key, "lat", "lon") and rows.key in base:
        yield from _find_namesakes(rows, base, rows.key, [(one,) for one in (*rows.frame[rows.key], *base[rows.key])])
    yield from _find_outside_district(rows, reference)


def _find_namesakes(rows: Rows, base: pd.DataFrame, kind: str, names: Sequence[tuple[str, ...]]) -> Iterator[Finding]:  # noqa: PLR0917
    """Yield rows of which another row of that name differs by one degree or a tenth in one coordinate and agrees in the other."""
    both = pd.concat([rows.frame[["lat", "lon"]], base.reindex(columns=["lat", "lon"])], ignore_index=True)
    count, points = len(rows.frame), read_points(both)
    for one, two, step, axis in _pair(points, count, names):
        row, twin = int(points.rows[one]), int(points.rows[two])
        if twin >= count or twin < row:
            there = f"row {twin + 2}" if twin < count else "the packaged row"
            rule = f"is {step:g} degree of {AXES[axis]} away from {there} of the same {kind}, and agrees otherwise"
            remedy = f"a digit may have slipped; {there} has {points.lat[two]:g}, {points.lon[two]:g}: compare the sources"
            yield Finding(row, PLACE, rows.show_point(row), rule, remedy, is_doubt=True)


def _pair(points: Points, count: int, names: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, float, int]]:
    """Yield pairs of points of one name, the first of the first ``count`` rows, that a step along one axis would bring together."""
    from scipy.spatial import KDTree  # noqa: PLC0415  slow to import, needed for doubts only

    named = [(place, name) for place, row in enumerate(points.rows) for name in names[row]]
    if not named:
        return
    owner, codes = np.array([place for place, _ in named]), pd.factorize(pd.Series([name for _, name in named], dtype=object))[0]
    spots = np.column_stack([points.lat[owner], points.lon[owner], codes * APART])
    mine, tree = np.flatnonzero(points.rows[owner] < count), KDTree(spots)
    for step, axis, sign in itertools.product(TOLERANCES_DEG, (0, 1), (1, -1)):
        found = tree.query(spots[mine] + sign * step * np.eye(3)[axis], distance_upper_bound=TOLERANCES_DEG[step], p=np.inf)[1]
        near = found < len(owner)
        yield from ((int(one), int(two), step, axis) for one, two in zip(owner[mine[near]], owner[found[near]], strict=True))


def _find_outside_district(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield rows that lie outside the districts they state, and would lie inside with one degree more or less."""
    districts = reference.areas.get("districts")
    if districts is None:
        return
    points = read_points(rows.frame)
    stated = list_districts(rows.frame, points, reference)
    is_out = np.array([bool(ids) for ids in stated], dtype=bool) & ~lies_in(points, stated, districts)
    far, stated = points.keep(is_out), [ids for ids, out in zip(stated, is_out, strict=True) if out]
    away_km = measure_distances(far, stated, districts)
    for row, ids, hint, km, slack in zip(far.rows.tolist(), stated, find_steps(far, stated, districts), away_km, far.slack_km, strict=True):
        if hint and km > slack + DISTRICT_KM:
            rule, remedy = f"lies {km:.0f} km outside {' and '.join(ids)}", f"a digit may have slipped: with {hint} it would lie inside"
            yield Finding(row, PLACE, rows.show_point(row), rule, remedy, is_doubt=True)
