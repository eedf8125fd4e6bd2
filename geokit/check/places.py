"""Does a point lie where its row says? Coordinates exchanged, out of the study area, or outside the stated province."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from geokit.check.aliases import guess_ids
from geokit.check.exchanged import EXCHANGE, find_exchanged
from geokit.check.figures import LEAVE_BLANK
from geokit.check.finding import Finding, Rows
from geokit.check.points import PLACE, Points, find_steps, lies_in, lies_in_box, list_districts, measure_distances, name_areas, read_points
from geokit.check.reference import Reference
from geokit.io.areas import Areas

BOUNDARY_KM = 5.0
"""Boundaries are drawn for a map of 1:10 million and simplified: a point this close to one may lie on either side."""


def find_misplaced(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every row whose point is half given, nought, out of the study area or outside its province.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers; without boundaries of provinces only half a point and nought are told.

    Yields
    ------
    Finding
        At most one a row.
    """
    points, provinces = read_points(rows.frame), reference.areas.get("provinces")
    yield from _find_halves(rows)
    is_nought = (points.lat == 0) & (points.lon == 0)
    for row in points.rows[is_nought].tolist():
        yield Finding(row, PLACE, rows.show_point(row), "seems to stand for a blank: the point lies in the open sea", LEAVE_BLANK)
    points = points.keep(~is_nought)
    if not rows.holds("province_id"):
        yield from find_exchanged(rows, points, reference)
    if provinces is None or not rows.holds("province_id"):
        return
    is_inside = lies_in_box(points, provinces)
    yield from _find_outside_area(rows, points.keep(~is_inside), provinces)
    yield from _find_outside_province(rows, points.keep(is_inside), reference)


def _find_halves(rows: Rows) -> Iterator[Finding]:
    """Yield every row that has one coordinate and lacks the other."""
    if rows.holds("lat", "lon"):
        for row, (lat, lon) in enumerate(zip(rows.cells["lat"], rows.cells["lon"], strict=True)):
            if bool(lat.strip()) != bool(lon.strip()):
                rule = "is blank while the other coordinate is given"
                yield Finding(row, "lon" if lat.strip() else "lat", "", rule, "give both, or leave both blank")


def _find_outside_area(rows: Rows, points: Points, provinces: Areas) -> Iterator[Finding]:
    """Yield points that lie outside the study area, and say whether they are exchanged or lost their sign."""
    west, south, east, north = provinces.bounds
    rule = f"lies outside the study area ({south:.1f} to {north:.1f} N, {west:.1f} to {east:.1f} E)"
    is_swapped = lies_in_box(points.swap(), provinces)
    is_negative = lies_in_box(replace(points, lat=np.abs(points.lat), lon=np.abs(points.lon)), provinces)
    for row, swapped, negative in zip(points.rows.tolist(), is_swapped, is_negative, strict=True):
        remedy = EXCHANGE if swapped else "remove the minus sign" if negative else "correct the point, or leave it blank"
        yield Finding(row, PLACE, rows.show_point(row), rule, remedy)


def _find_outside_province(rows: Rows, points: Points, reference: Reference) -> Iterator[Finding]:
    """Yield points that lie farther outside the province stated, or meant, than their accuracy and that of the boundary allow."""
    provinces = reference.areas["provinces"]
    aliases = reference.aliases.get("province_aliases.province_id", {})
    column = rows.frame["province_id"].map(guess_ids(rows.cells["province_id"], provinces.ids, aliases))
    points = points.keep(column.iloc[points.rows].isin(provinces.ids).to_numpy())
    stated = [(one,) for one in column.iloc[points.rows]]
    far = points.keep(~lies_in(points, stated, provinces))
    away_km = measure_distances(far, [(one,) for one in column.iloc[far.rows]], provinces)
    is_wrong = away_km > far.slack_km + BOUNDARY_KM
    far, names, away_km = far.keep(is_wrong), column.iloc[far.rows[is_wrong]].tolist(), away_km[is_wrong]
    here, hints = name_areas(far, provinces), _suggest(rows.frame, far, [(name,) for name in names], reference=reference)
    for row, name, there, km, hint in zip(far.rows.tolist(), names, here, away_km, hints, strict=True):
        rule = f"lies {f'in {there}' if there else 'in no province'}, {km:.0f} km outside {name}"
        remedy = f"write province_id {there}, or correct the point" if there else "correct the point"
        yield Finding(row, PLACE, rows.show_point(row), rule, hint if hint == EXCHANGE else f"{remedy}{hint}")


def _suggest(frame: pd.DataFrame, points: Points, stated: Sequence[tuple[str, ...]], *, reference: Reference) -> list[str]:
    """Return for each point outside its province what would put it inside: the exchange of lat and lon, or one digit; else a blank."""
    swapped = lies_in(points.swap(), stated, reference.areas["provinces"])
    slips = find_steps(points, list_districts(frame, points, reference), reference.areas.get("districts"))
    coarse = find_steps(points, stated, reference.areas["provinces"])
    return [
        EXCHANGE if exchange else f" (with {slip or other} it would lie inside)" if slip or other else ""
        for exchange, slip, other in zip(swapped, slips, coarse, strict=True)
    ]
