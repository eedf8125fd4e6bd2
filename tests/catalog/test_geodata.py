"""The geodata themselves: known places lie where they should, shapes meet, heights are those that others read off the same grid."""

from __future__ import annotations

import json
from collections import Counter

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from pyproj import Geod
from shapely import Point, box

GEOD = Geod(ellps="WGS84")
FLAT = "EPSG:6933"
BOX = (60.5, 23.0, 78.0, 37.5)
FREE = {"public domain", "US public domain", "CC BY 4.0", "MIT", "Apache-2.0", "CC0"}
FILES = ("provinces", "neighbours", "districts", "disputed_lines", "rivers", "lakes", "dem_30s", "hillshade", "places", "airports")
# towns by their usual coordinates (degrees) and the district whose seat or part they are
SEATS = {
    "quetta": (66.99, 30.18), "gwadar": (62.33, 25.12), "chagai": (64.41, 28.89), "khuzdar": (66.61, 27.81), "zhob": (69.45, 31.34),
    "peshawar": (71.54, 34.01), "swat": (72.36, 34.77), "gilgit": (74.31, 35.92), "skardu": (75.63, 35.30), "lasbela": (66.62, 25.81),
    "chitral": (71.79, 35.85), "mardan": (72.05, 34.20), "lahore": (74.34, 31.55), "multan": (71.47, 30.20), "karachi": (67.01, 24.86),
    "sukkur": (68.86, 27.70), "kech": (63.05, 26.00), "muzaffarabad": (73.47, 34.37), "islamabad": (73.06, 33.71), "kalat": (66.59, 29.03),
}  # fmt: skip
# seats of the seven former tribal agencies, merged in 2018
AGENCIES = {
    "bajaur": (71.52, 34.73), "khyber": (71.15, 34.10), "kurram": (70.10, 33.90), "mohmand": (71.40, 34.36), "orakzai": (70.85, 33.70),
    "north-waziristan": (70.07, 33.00), "south-waziristan": (69.57, 32.30),
}  # fmt: skip
# heights read off the same grid by the geodata dossier, m; K2 and Murree show how far it cuts summits (8,611 and 2,291 m in truth)
SPOTS = {
    (66.99, 30.18): 1675, (74.31, 35.92): 1439, (61.58, 29.28): 971, (62.03, 29.12): 949, (66.59, 29.03): 1997, (66.61, 27.81): 1236,
    (75.63, 35.30): 2216, (75.42, 36.85): 4756, (76.5133, 35.8825): 8091, (73.39, 33.91): 1688,
}  # fmt: skip
# places by the source's own codes, counted by the geodata dossier
COUNTS = {"balochistan": 51, "khyber-pakhtunkhwa": 78, "gilgit-baltistan": 15}
RIVERSIDE = {"Sukkur": (68.86, 27.70), "Attock": (72.25, 33.90), "Skardu": (75.63, 35.30), "Bahawalpur": (71.67, 29.46)}


def flatten(lon, lat):
    """Return a point in the equal-area plane, m."""
    return gpd.GeoSeries([Point(lon, lat)], crs="EPSG:4326").to_crs(FLAT).iloc[0]


@pytest.fixture(scope="module")
def provinces(layers):
    return layers.geometry("provinces").to_crs(FLAT).set_index("province_id")


@pytest.fixture(scope="module")
def districts(layers):
    return layers.geometry("districts").to_crs(FLAT).set_index("district_id")


@pytest.fixture(scope="module")
def relief(layers):
    with rasterio.open(layers.root / "terrain" / "dem_30s.tif") as grid:  # noqa: TID251  the file itself, not our reader
        yield grid


@pytest.mark.parametrize(("district", "place"), [*SEATS.items(), *AGENCIES.items()])
def test_a_town_lies_in_its_district(districts, district, place):
    assert list(districts.index[districts.contains(flatten(*place))]) == [district]


@pytest.mark.parametrize("place", AGENCIES.values(), ids=AGENCIES)
def test_the_tribal_areas_belong_to_their_province(provinces, districts, place):
    assert list(provinces.index[provinces.contains(flatten(*place))]) == ["khyber-pakhtunkhwa"]
    assert not districts.index.str.contains("subdivision").any()


def test_districts_tile_their_provinces(provinces, districts):
    whole = districts.union_all()
    assert districts.is_valid.all()
    assert districts.area.sum() == pytest.approx(whole.area, rel=1e-6), "districts overlap"
    for province_id, shape in provinces.geometry.items():
        mine = districts[districts["province_id"] == province_id].union_all()
        assert mine.symmetric_difference(shape).area < 1e-3 * shape.area, province_id


def test_every_district_that_a_table_names_has_one_shape(layers, districts):
    shapes = Counter(one for cell in districts["district_ids"] for one in cell.split("|"))
    named = {one for cell in layers["district_aliases"]["district_ids"] for one in cell.split("|") if one}
    assert {one: shapes[one] for one in named if shapes[one] != 1} == {}
    assert set(districts["province_id"]) == set(layers["province_aliases"]["province_id"])
    of = {one: row.province_id for row in districts.itertuples() for one in row.district_ids.split("|")}
    said = layers["district_aliases"].query("n_districts == 1").set_index("district_ids")["province_id"]
    assert {one for one, province_id in said.items() if of[one] != province_id} == set()


@pytest.mark.parametrize(("table", "accuracy"), [("deposits", "coord_accuracy_km"), ("sites", "coord_precision_km")])
def test_places_lie_in_the_district_that_their_source_names(layers, districts, table, accuracy):
    aliases = layers["district_aliases"].set_index("alias")["district_ids"]
    of = {one: index for index, cell in districts["district_ids"].items() for one in cell.split("|")}
    rows = layers[table].dropna(subset=["lat"])
    rows = rows[rows["district"].map(aliases).fillna("").ne("")]
    off_km = []
    for row in rows.itertuples():
        own = districts.loc[sorted({of[one] for one in aliases[row.district].split("|")})]
        off_km.append(own.distance(flatten(row.lon, row.lat)).min() / 1000.0)
        assert off_km[-1] <= max(15.0, getattr(row, accuracy) or 0.0), row
    assert np.mean(np.array(off_km) == 0.0) >= 0.9


def test_districts_say_how_far_they_can_be_trusted(layers):
    tree = json.loads((layers.root / "boundaries" / "districts.geojson").read_text(encoding="utf8"))
    assert tree["accuracy"]["outline_iou"] >= 0.98
    assert tree["accuracy"]["outline_km_p90"] <= 3.0
    notes = {feature["properties"]["note"] for feature in tree["features"]}
    assert all("indicative" in note and "before 2018" in note for note in notes)
    assert all(0.7 <= feature["properties"]["fit_frac"] <= 1.0 for feature in tree["features"])


def test_disputed_lines_are_exactly_the_shared_edges(layers):
    home, beyond = layers.geometry("provinces"), layers.geometry("neighbours")
    lines = layers.geometry("disputed_lines")
    areas = dict(zip([*home["province_id"], *beyond["country_id"]], [*home.geometry, *beyond.geometry], strict=True))
    disputed = {*home.loc[home["disputed"], "province_id"], *beyond.loc[beyond["disputed"], "country_id"]}
    for row in lines.itertuples():
        ids = row.area_ids.split("|")
        assert disputed & set(ids)
        assert set(ids) - set(home["province_id"]), "a border between two of our provinces is no disputed line"
        assert all(row.geometry.difference(areas[one].boundary.buffer(1e-9)).is_empty for one in ids)
    # nothing is left out: where a disputed unit meets an area beyond, a line stands
    outside = beyond.union_all()
    for one in set(home["province_id"]) & disputed:
        edge = areas[one].boundary.intersection(outside.boundary.buffer(1e-9))
        assert edge.length > 2.0
        assert edge.difference(lines.union_all().buffer(1e-6)).length < 0.01


def test_the_line_of_control_parts_towns_that_it_parts_in_truth(layers):
    lines = layers.geometry("disputed_lines")
    control = lines[lines["name"] == "Line of Control"].to_crs(FLAT).union_all()
    assert control.length > 400_000
    areas = layers.geometry("neighbours").set_index("country_id").to_crs(FLAT).geometry
    for lon, lat in ((74.80, 34.08), (76.13, 34.56)):  # Srinagar, Kargil
        assert areas["ind"].contains(flatten(lon, lat))
    for town, km in (((74.09, 33.77), 20.0), ((74.05, 34.08), 20.0)):  # Poonch and Uri stand close to it
        assert flatten(*town).distance(control) < km * 1000.0


def test_names_of_disputed_lines_take_no_side(layers):
    lines = layers.geometry("disputed_lines")
    assert set(lines["label"]) == {"disputed, simplified"}
    words = " ".join([*lines["name"], *lines["note"]]).lower()
    assert not [word for word in ("occupied", "held", "liberated", "integral", "illegal", "administered", "our ") if word in words]


def test_the_relief_covers_everything_on_the_map(layers, relief):
    assert tuple(round(side, 6) for side in relief.bounds) == BOX
    assert (relief.width, relief.height, relief.dtypes) == (2100, 1740, ("int16",))
    assert relief.res == pytest.approx((1 / 120, 1 / 120))
    assert (layers.root / "terrain" / "dem_30s.tif").stat().st_size < 3_800_000
    for table in ("deposits", "sites", "nodes", "places", "airports"):
        located = layers[table].dropna(subset=["lat", "lon"])
        assert located["lon"].between(BOX[0], BOX[2]).all()
        assert located["lat"].between(BOX[1], BOX[3]).all()


@pytest.mark.parametrize(("place", "height"), SPOTS.items())
def test_spot_heights(relief, place, height):
    assert next(relief.sample([place]))[0] == pytest.approx(height, abs=40)


def test_the_sea_is_flat_and_the_airports_stand_as_high_as_they_say(layers, relief):
    assert next(relief.sample([(62.0, 24.0)]))[0] == 0
    airports = layers["airports"]
    ground = np.array([cell[0] for cell in relief.sample(zip(airports["lon"], airports["lat"], strict=True))])
    far = airports.loc[np.abs(ground - airports["elevation_m"]) > 120, ["icao", "confidence"]]
    assert far.to_numpy().tolist() == [["OPCL", "low"]]


def test_rivers_cross_the_provinces_and_pass_the_towns_on_their_banks(layers, provinces):
    rivers = layers.geometry("rivers").to_crs(FLAT).union_all()
    crossed = {province_id for province_id, shape in provinces.geometry.items() if rivers.intersection(shape).length > 200_000}
    assert crossed == {"gilgit-baltistan", "khyber-pakhtunkhwa", "punjab", "sindh"}
    for name, place in RIVERSIDE.items():
        assert flatten(*place).distance(rivers) < 6_000, name
    assert flatten(66.99, 30.18).distance(rivers) > 100_000, "no large river passes Quetta"


def test_lakes_lie_where_the_great_dams_are(layers):
    lakes = layers.geometry("lakes").to_crs(FLAT).set_index("label")
    assert lakes.distance(flatten(73.70, 33.20)).min() == 0.0, "Mangla"
    assert lakes.loc["Tarbela Dam", "geometry"].distance(flatten(72.70, 34.09)) < 5_000


@pytest.mark.parametrize("name", ["rivers", "lakes", "districts", "disputed_lines", "provinces", "neighbours"])
def test_shapes_stay_inside_the_frame_and_name_their_source(layers, name):
    shapes = layers.geometry(name)
    frame = box(60.0, 23.0, 78.5, 37.7)
    assert shapes.within(frame.buffer(1e-9)).all()
    assert set(shapes["source_id"]) <= set(layers.sources.index)
    assert not shapes.geometry.is_empty.any()


def test_places_are_those_of_the_gazetteer(layers, provinces):
    places = layers["places"]
    assert len(places) == 570
    counts = places["province_id"].value_counts()
    assert {province_id: counts[province_id] for province_id in COUNTS} == COUNTS
    assert places["geoname_id"].is_unique
    for row in places.itertuples():
        assert provinces.geometry[row.province_id].distance(flatten(row.lon, row.lat)) < 3_000, row.name


def test_what_misleads_is_marked(layers):
    places = layers["places"].set_index("place_id")
    assert places.loc["arif-wala", "confidence"] == "low"
    assert "bad point" in places.loc["arif-wala", "note"]
    twins = places[places["population"].notna() & places.duplicated(["name", "population"], keep=False)]
    assert len(twins) == 6
    assert set(twins["confidence"]) == {"low"}
    assert (layers["places"]["population"].dropna() > 0).all()
    assert (places.loc[places["confidence"] == "low", "note"] != "").all()


def test_airports_lie_in_their_province_and_the_old_field_says_so(layers, provinces):
    airports = layers["airports"].set_index("icao")
    assert len(airports) == 102
    assert (airports["iata"] != "").sum() == 55
    codes = airports[airports["iata"] != ""]
    assert codes["iata"].is_unique
    assert codes["iata"].str.fullmatch("[A-Z]{3}").all()
    for row in airports.itertuples():
        assert provinces.geometry[row.province_id].distance(flatten(row.lon, row.lat)) < 2_000, row.name
    gwadar = airports.loc["OPGD"]
    assert (gwadar["iata"], gwadar["confidence"]) == ("GWD", "low")
    assert "old field" in gwadar["note"]
    port = layers["ports"].set_index("port_id").loc["PKGWD"]
    assert GEOD.inv(gwadar["lon"], gwadar["lat"], port["lon"], port["lat"])[2] < 20_000, "the new airport lies farther out"


@pytest.mark.parametrize("name", FILES)
def test_geodata_may_be_passed_on(layers, name):
    row = layers["resources"].set_index("layer").loc[name]
    ids = row["source_ids"].split(";")
    assert layers.sources.loc[ids[0], "licence"] in FREE
    assert row["licence"] in {"CC-BY-4.0", "other-pd", "CC0-1.0", "MIT", "Apache-2.0", "Unlicense"}
    assert row["recipe"].startswith("recipes/")


def test_geonames_is_credited_where_its_places_are_used(layers):
    row = layers["resources"].set_index("layer").loc["places"]
    assert row["licence"] == "CC-BY-4.0"
    assert "GeoNames" in row["attribution"]
    assert "CC BY 4.0" in row["attribution"]


def test_nothing_comes_from_a_share_alike_or_closed_compilation(layers):
    text = " ".join(layers.sources[["title", "publisher"]].agg(" ".join, axis=1)).lower()
    assert not [name for name in ("gadm", "openstreetmap", "geofabrik", "scgraph", "gem global active faults", "wdpa") if name in text]
