"""Does a row state a district that exists, and lies it in the stated province?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely

from geokit.check.aliases import MOST_HINTS, fold, guess_ids, list_near
from geokit.check.finding import Finding, Rows
from geokit.check.points import Points, name_areas
from geokit.check.reference import Reference
from geokit.core.columns import split_ids
from geokit.io.areas import Areas

TABLE = "district_aliases"
PARTS = re.compile(r"[/,;|&()]| and ")
"""What stands between several districts in one cell, or round a remark."""


def find_strange_districts(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every district in words that the layers do not know, or that lies in another province than the row states.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers; without other names of districts nothing is told.

    Yields
    ------
    Finding
        Doubts, at most one a row.
    """
    table = reference.frames.get(TABLE)
    if table is None or not rows.holds("district", "province_id"):
        return
    drawn = _place_districts(reference.areas)
    known = {fold(one): province for one, province in drawn.items()}
    known |= zip(table["alias"].map(fold), table["province_id"], strict=True)
    meant = reference.aliases.get("province_aliases.province_id", {})
    stated = guess_ids(rows.cells["province_id"], set(table["province_id"]), meant)
    places = {words: _list_known(words, known) for words in dict.fromkeys(rows.cells["district"])}
    ids = {one for cell in table["district_ids"] for one in split_ids(cell)}
    hints = _list_hints(places, ids.union(drawn), reference.aliases.get(f"{TABLE}.district_ids", {}))
    for row, (words, cell) in enumerate(zip(rows.cells["district"], rows.cells["province_id"], strict=True)):
        if verdict := _judge_district(places[words], stated[cell], hints.get(words, [])) if words.strip() else None:
            yield Finding(row, "district", words, *verdict, is_doubt=True)


def _list_hints(places: Mapping[str, set[str]], ids: set[str], names: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the districts that may be meant by each of the first cells that name none."""
    strange = [words for words, found in places.items() if words.strip() and not found]
    return {words: list_near(words, ids, names) for words in strange[:MOST_HINTS]}


def _judge_district(found: set[str], stated: str, near: Sequence[str]) -> tuple[str, str] | None:
    """Return what is wrong with a district that lies in some provinces and is stated in one, and the remedy."""
    if not found:
        remedy = f"did you mean {' or '.join(near)}?" if near else "compare the spelling, and leave it if the source writes it so"
        return "names no district that the layers know", remedy
    if not stated or "" in found or stated in found:
        return None
    there = " or ".join(sorted(found))
    return f"lies in {there}, and the row states {stated}", f"write province_id {there}, or another district"


def _list_known(words: str, known: Mapping[str, str]) -> set[str]:
    """Return the provinces of the districts that a cell names, whole or one of several; a blank stands for one that is not known."""
    whole = fold(words)
    parts = [whole] if whole in known else [fold(part) for part in PARTS.split(words)]
    return {known[part] for part in parts if part in known}


def _place_districts(areas: Mapping[str, Areas]) -> dict[str, str]:
    """Return the districts that have a boundary, each with the province in which it lies; none without boundaries of both."""
    if not {"provinces", "districts"} <= set(areas):
        return {}
    spots = shapely.get_coordinates(shapely.point_on_surface(areas["districts"].shapes))
    count = len(spots)
    points = Points(np.arange(count), spots[:, 1], spots[:, 0], np.zeros(count))
    return dict(zip(areas["districts"].ids, name_areas(points, areas["provinces"]), strict=True))
