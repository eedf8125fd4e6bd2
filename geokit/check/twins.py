"""Two rows that may be one, in any table of points: names alike, within 25 km, and neither said to be a part of the other."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from geokit.check.aliases import list_names
from geokit.check.finding import Finding, Rows
from geokit.check.points import GEOD, Points, read_points
from geokit.check.reference import Reference

NEAR_KM = 25.0
EARTH_KM = 6371.0
LIKENESS = 0.8
"""Share of signs in common (Ratcliff and Obershelp, as difflib counts) from which two names count as alike."""
STEM = 4
"""First letters of a word by which names that may be alike are found."""
NEIGHBOURS = 8
"""Nearest rows with a word in common that are compared."""
Name = tuple[str, tuple[str, ...]]
GAZETTEER = "places"
"""The towns, of which neighbours have one name."""
PART_WORDS = frozenset({
    "north", "south", "east", "west", "northern", "southern", "eastern", "western", "upper", "lower", "central", "new", "old",
})  # fmt: skip
"""Words that tell two bodies apart, as numbers and single letters do."""
KIND_WORDS = frozenset({
    "mine", "mines", "deposit", "deposits", "prospect", "occurrence", "project", "area", "district", "zone", "ore", "body", "bodies",
})  # fmt: skip
"""Words that tell nothing."""


def find_twins(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every row that may be the same as another row of the frame or of the layers.

    Parameters
    ----------
    rows : Rows
        The table. One without a point and a name is passed over, and so is a whole gazetteer, whose namesakes are for its editors.
    reference : Reference
        The layers; rows that the frame replaces do not count.

    Yields
    ------
    Finding
        Doubts, at most one a row.
    """
    frame, key = rows.frame, rows.key
    parent = next((column.name for column in rows.columns if key and column.refers_to == f"{rows.table}.{key}"), "")
    base = reference.frames.get(rows.table, frame)
    if not key or not rows.holds(key, *([parent] if parent else []), "name", "lat", "lon") or (base is frame and rows.table == GAZETTEER):
        return
    both = pd.concat([frame, base[~base[key].isin(set(frame[key]))]], ignore_index=True).fillna("")
    ids, names, told = both[key].tolist(), both["name"].tolist(), set[int]()
    roots = find_roots(dict(zip(ids, both[parent] if parent else [""] * len(ids), strict=True)))
    part = f", or set {parent} if one is a part of the other" if parent else ""
    points = read_points(both)
    for one, two in _pair(points, len(frame), _simplify_names(both, reference)):
        row, other = int(points.rows[one]), int(points.rows[two])
        if row not in told and ids[row] != ids[other] and roots[ids[row]] != roots[ids[other]]:
            told.add(row)
            km = GEOD.inv(points.lon[one], points.lat[one], points.lon[two], points.lat[two])[2] / 1000
            there = f"row {other + 2}" if other < len(frame) else f"the packaged row {ids[other]}"
            rule = f"may be the same as {there} ({names[other][:60]}), {km:.1f} km away"
            yield Finding(row, "name", names[row], rule, f"use its {key}{part}; else leave it", is_doubt=True)


def _simplify_names(rows: pd.DataFrame, reference: Reference) -> list[list[Name]]:
    """Return the names of each row, without words that any neighbour may have too: kinds of place, and commodities beside another name."""
    commodities = reference.aliases.get("commodities.commodity_id", {})
    kinds = KIND_WORDS.union(word for alias in commodities for word in alias.split() if len(word) > 2)
    districts = reference.aliases.get("district_aliases.district_ids", {})
    return [[_simplify(name, kinds, districts) for name in names] for names in list_names(rows)]


def find_roots(parents: Mapping[str, str]) -> dict[str, str]:
    """Return the largest body of which each row is a part."""
    roots: dict[str, str] = {}
    for start in parents:
        way = dict.fromkeys([start])
        while (one := next(reversed(way))) not in roots and parents.get(one, "") not in {"", *way}:
            way[parents[one]] = None
        roots |= dict.fromkeys(way, roots.get(one, one))
    return roots


def _pair(points: Points, count: int, told: Sequence[Sequence[Name]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of points that lie near each other and have names alike, first one of the first rows, which are the frame's."""
    from scipy.spatial import KDTree  # noqa: PLC0415  slow to import, needed for doubts only

    stems = [(place, stem) for place, row in enumerate(points.rows) for stem in _list_stems(told[row])]
    if not stems:
        return
    owner = np.array([place for place, _ in stems])
    codes = pd.factorize(pd.Series([stem for _, stem in stems], dtype=object))[0]
    spots = np.column_stack([to_sphere(points.lat, points.lon)[owner], codes * 10 * EARTH_KM])  # other words lie beyond reach
    mine = np.flatnonzero(points.rows[owner] < count)
    found = KDTree(spots).query(spots[mine], k=NEIGHBOURS, distance_upper_bound=NEAR_KM)[1]
    one, two = np.repeat(owner[mine], NEIGHBOURS), np.append(owner, -1)[found].ravel()
    wanted = (two >= 0) & (one != two) & ((points.rows[two] >= count) | (two < one))
    for first, second in zip(one[wanted].tolist(), two[wanted].tolist(), strict=True):
        if _are_alike(told[points.rows[first]], told[points.rows[second]]):
            yield first, second


def _list_stems(names: Sequence[Name]) -> list[str]:
    """Return what finds names that may be alike: what tells the body apart, with the beginning of each word and of all together."""
    return sorted({f"{part}/{word[:STEM]}" for part, words in names for word in (*words, "".join(words)) if word})


def _simplify(name: str, kinds: Collection[str], districts: Collection[str]) -> Name:
    """Return what tells a body from its neighbours (numbers, single letters, points of the compass), and the words of its folded name."""
    words = re.findall(r"[^\W\d_]+|\d+", name)
    parts = sorted(word for word in words if word.isdigit() or len(word) == 1 or word in PART_WORDS)
    rest = tuple(word for word in words if word not in parts)
    short = tuple(word for word in rest if word not in kinds)
    return " ".join(parts), rest if " ".join(short) in districts or not short else short


def _are_alike(some: Sequence[Name], others: Sequence[Name]) -> bool:
    """Return whether one of the names of a row is like one of another row, and nothing tells the two apart."""
    return any(one[0] == two[0] and _is_alike(one[1], two[1]) for one in some for two in others)


def _is_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two names have most signs in common, as written together or with their words sorted."""
    pairs = (("".join(one), "".join(other)), (" ".join(sorted(one)), " ".join(sorted(other))))
    return any(first == second or difflib.SequenceMatcher(None, first, second).ratio() >= LIKENESS for first, second in pairs)


def to_sphere(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return points on a sphere, km from its centre."""
    north, east = np.radians(lat), np.radians(lon)
    return EARTH_KM * np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
