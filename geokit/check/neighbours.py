"""Two deposits that may be one though their names differ: one commodity, and nearer to each other than their points are sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from geokit.check.finding import Finding, Rows
from geokit.check.points import GEOD, Points, read_points
from geokit.check.reference import Reference
from geokit.check.twins import EARTH_KM, NEAR_KM, find_roots, to_sphere

LEAST_KM = 2.0
"""Points nearer than this may be one working, however sure they are."""
NEAREST = 16
"""Nearest rows of the commodity that are compared."""
POINT = "point"
"""The kind of point that is the place itself; a town stands for every deposit round it."""


def find_neighbours(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every new row of whose commodity another row lies within the sum of the two radii.

    Parameters
    ----------
    rows : Rows
        The table. One without points, commodities, names and a column for the parent is passed over.
    reference : Reference
        The layers; packaged rows are not told of one another.

    Yields
    ------
    Finding
        Doubts, at most one a row.
    """
    frame, key, base, parent = rows.frame, rows.key, reference.frames.get(rows.table), _name_parent(rows)
    if base is None or base is frame or not parent or not rows.holds(key, parent, "name", "lat", "lon", "coord_kind", "commodity_id"):
        return
    packaged = set(base[key])
    both = pd.concat([frame, base[~base[key].isin(set(frame[key]))]], ignore_index=True).fillna("")
    ids, names, told = both[key].tolist(), both["name"].tolist(), set[int]()
    roots = find_roots(dict(zip(ids, both[parent], strict=True)))
    points = read_points(both)
    points = points.keep((both["coord_kind"].iloc[points.rows] == POINT).to_numpy())
    for row, other, km in _pair(points, len(frame), both["commodity_id"].tolist()):
        if row not in told and ids[row] not in packaged and roots[ids[row]] != roots[ids[other]]:
            told.add(row)
            there = f"row {other + 2}" if other < len(frame) else f"the packaged row {ids[other]}"
            rule = f"lies {km:.1f} km from {there} ({names[other][:60]}), of the same commodity: one deposit under two names?"
            remedy = f"use its {key}, or set {parent} if one is a part of the other; else leave it"
            yield Finding(row, "name", names[row], rule, remedy, is_doubt=True)


def _name_parent(rows: Rows) -> str:
    """Return the column that names the row of which another is a part; blank when the table has none."""
    key = rows.key
    return next((column.name for column in rows.columns if key and column.refers_to == f"{rows.table}.{key}"), "")


def _pair(points: Points, count: int, commodities: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Yield rows of one commodity that lie within the sum of their radii, first one of the frame's and then one above it or packaged."""
    from scipy.spatial import KDTree  # noqa: PLC0415  slow to import, needed for doubts only

    mine = np.flatnonzero(points.rows < count)
    if not len(mine):
        return
    codes = pd.factorize(pd.Series(commodities, dtype=object).iloc[points.rows])[0]
    spots = np.column_stack([to_sphere(points.lat, points.lon), codes * 10 * EARTH_KM])  # other commodities lie beyond reach
    k = min(NEAREST, len(points.rows))
    found = np.reshape(KDTree(spots).query(spots[mine], k=k, distance_upper_bound=NEAR_KM)[1], (len(mine), k))
    for one, two in zip(np.repeat(mine, k).tolist(), found.ravel().tolist(), strict=True):
        if two < len(points.rows) and one != two and (points.rows[two] >= count or two < one):
            km = GEOD.inv(points.lon[one], points.lat[one], points.lon[two], points.lat[two])[2] / 1000
            if km <= max(LEAST_KM, points.slack_km[one] + points.slack_km[two]):
                yield int(points.rows[one]), int(points.rows[two]), km
