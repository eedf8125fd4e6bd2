"""Latitude and longitude exchanged in a table without provinces, such as the ports: a namesake lies where they would lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from geokit.check.aliases import fold
from geokit.check.figures import read_figure
from geokit.check.finding import Finding, Rows
from geokit.check.points import GEOD, PLACE, Points, lies_in_box, measure_distances
from geokit.check.reference import Reference, Spot
from geokit.io.areas import Areas

EXCHANGE = "lat and lon look swapped: exchange them"
NEAR_KM = 50.0
"""Two points of one name nearer than this mean one place: a harbour, its town and its terminal."""
COAST_KM = 25.0
"""How far off the coast a harbour may be drawn."""
POLE = 90.0
"""Degrees of latitude; a longitude beyond them has no exchange."""


def find_exchanged(rows: Rows, points: Points, reference: Reference) -> Iterator[Finding]:
    """Yield every point that, with its coordinates exchanged, would lie at a known place of its name or key, or in the study area.

    Parameters
    ----------
    rows : Rows
        The table as text.
    points : Points
        Its points.
    reference : Reference
        The layers, whose tables of points hold the known places.

    Yields
    ------
    Finding
        Errors where a namesake lies there, doubts where only the study area does: foreign places are legitimate.
    """
    points = points.keep(np.abs(points.lon) <= POLE)
    if not len(points.rows):
        return
    known = {**reference.spots, **_index_keys(rows, reference)}
    at_home = _would_come_home(points, reference.areas.get("provinces"))
    for place, row in enumerate(points.rows.tolist()):
        here, there = (points.lat[place], points.lon[place]), (points.lon[place], points.lat[place])
        spots = [spot for word in _list_words(rows, row) for spot in known.get(word, ()) if spot != here]
        if _is_near(there, spots) and not _is_near(here, spots):
            yield Finding(row, PLACE, rows.show_point(row), "lies far from where the layers have this name, and not if exchanged", EXCHANGE)
        elif at_home[place] and not _is_near(here, spots):
            rule, remedy = "would lie in the study area if lat and lon were exchanged", "exchange them if they are swapped; else leave it"
            yield Finding(row, PLACE, rows.show_point(row), rule, remedy, is_doubt=True)


def _would_come_home(points: Points, provinces: Areas | None) -> np.ndarray:
    """Return whether points lie outside the study area and would lie in its provinces, or just off their coast, if exchanged."""
    would = np.zeros(len(points.rows), dtype=bool)
    if provinces:
        would = lies_in_box(points.swap(), provinces) & ~lies_in_box(points, provinces)
        some = points.swap().keep(would)
        would[would] = measure_distances(some, [provinces.ids] * len(some.rows), provinces) <= COAST_KM
    return would


def _index_keys(rows: Rows, reference: Reference) -> dict[str, list[Spot]]:
    """Return the points of the layer of the table by key, after a sign that no name has."""
    base = reference.frames.get(rows.table, rows.frame.head(0))
    if not rows.key or not {rows.key, "lat", "lon"} <= set(base.columns):
        return {}
    cells = base[[rows.key, "lat", "lon"]].itertuples(index=False, name=None)
    return {f"#{key}": [(read_figure(lat), read_figure(lon))] for key, lat, lon in cells if lat and lon}


def _list_words(rows: Rows, row: int) -> list[str]:
    """Return the folded name of a row, and its key after a sign that no name has."""
    return [word for word in (fold(rows.cells["name"][row]) if rows.holds("name") else "", _name_key(rows, row)) if word]


def _name_key(rows: Rows, row: int) -> str:
    """Return the key of a row after a sign that no folded name has; blank when it has none."""
    key = rows.cells[rows.key][row] if rows.key and rows.holds(rows.key) else ""
    return f"#{key}" if key else ""


def _is_near(here: Spot, spots: Iterable[Spot]) -> bool:
    """Return whether a point lies near one of some others."""
    return any(GEOD.inv(here[1], here[0], lon, lat)[2] / 1000 <= NEAR_KM for lat, lon in spots)
