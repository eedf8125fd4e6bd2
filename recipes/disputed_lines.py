"""Derive layers/boundaries/disputed_lines.geojson from the provinces and neighbours that stand beside it.

::

    python recipes/disputed_lines.py

A disputed line is the edge that a unit marked ``disputed`` shares with an area beyond our provinces; borders between our own provinces are
none. No other file is read, so the lines lie exactly on the polygons that are drawn. Names are neutral and say what is known, not whose it
is. For drawing, never for legal limits. The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from shapes import write_features

OUT = Path(__file__).resolve().parents[1] / "layers" / "boundaries"
CONTROL = "ind"
"""The neighbour beyond the line on which the two sides' control has met since 1972."""
OPEN = "kas"
"""The glacier area whose status neither side's line settles."""


def share_edge(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    """Return the lines along which two areas touch; single points do not count."""
    parts = shapely.get_parts(shapely.intersection(one.boundary, other.boundary))
    return shapely.line_merge(shapely.multilinestrings(parts[shapely.get_dimensions(parts) == 1]))


def read_areas() -> gpd.GeoDataFrame:
    """Return provinces and neighbours (``area_id``, ``label``, ``disputed``, ``is_home``, geometry)."""
    provinces = gpd.read_file(OUT / "provinces.geojson").rename(columns={"province_id": "area_id"}).assign(is_home=True)
    neighbours = gpd.read_file(OUT / "neighbours.geojson").rename(columns={"country_id": "area_id"}).assign(is_home=False)
    return pd.concat([provinces, neighbours], ignore_index=True)


def name_line(ids: set[str]) -> str:
    """Return what a line is called."""
    if OPEN in ids:
        return "Edge of the Siachen area"
    return "Line of Control" if CONTROL in ids else "Edge of a disputed area"


def list_features(areas: gpd.GeoDataFrame) -> Iterator[tuple[dict[str, object], shapely.Geometry]]:
    """Return properties and shape of each disputed line, by the areas on its two sides."""
    disputed, beyond = areas[areas["disputed"]], areas[~areas["is_home"]]
    pairs = {frozenset({one, other}) for one, other in product(disputed["area_id"], beyond["area_id"]) if one != other}
    shapes = areas.set_index("area_id").geometry
    for ids in sorted(sorted(pair) for pair in pairs):
        line = share_edge(shapes[ids[0]], shapes[ids[1]])
        if not line.is_empty:
            facts = {"line_id": "--".join(ids), "name": name_line(set(ids)), "label": "disputed, simplified", "area_ids": "|".join(ids)}
            yield facts | {"source_id": "ne-admin", "note": "edge of the shipped polygons"}, line


def main() -> None:
    """Write the layer."""
    write_features(OUT / "disputed_lines.geojson", list_features(read_areas()))


if __name__ == "__main__":
    main()
