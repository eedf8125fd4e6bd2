"""Layers of a map as files: every figure, blank and place as given, whole or not at all, the same bytes again."""

from __future__ import annotations

import datetime as dt
import json
import math
import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.core.errors import OutputError
from geokit.io.vector import CLOCK, DECIMALS, Vector, frame_points, write_geojson, write_geopackage, write_geoparquet

DAY = dt.date(2026, 11, 22)
DEGREES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@pytest.fixture
def places():
    """Four places: one without a figure, one without coordinates, one with hostile words."""
    table = pd.DataFrame({
        "place_id": ["a", "b", "c", "d"], "name": ["Ore 'n' More", '"; DROP TABLE places; --', "", "کوہ"],
        "kt": [1.5, math.nan, 0.0, 1234.56789123], "lat": [30.0, 29.5, math.nan, -0.25], "lon": [66.0, 61.25, 62.0, 179.9999999],
    })  # fmt: skip
    return Vector(frame_points(table), "Point", title="Places", about="Where they lie.", told={"licence": "CC-BY-4.0"})


def write_package(path, **layers):
    return write_geopackage(path, layers, told={"day": "2026-11-22"}, day=DAY)


def query(path, words):
    with sqlite3.connect(path) as base:
        return base.execute(words).fetchall()


def test_a_row_without_a_coordinate_has_no_point():
    frame = frame_points(pd.DataFrame({"lat": [1.0, math.nan, 2.0], "lon": [3.0, 4.0, math.nan]}))
    assert frame.geometry.isna().tolist() == [False, True, True]
    assert (frame.geometry[0].x, frame.geometry[0].y) == (3.0, 1.0)
    assert frame.crs.to_epsg() == 4326


def test_a_package_is_read_back_as_it_was_written(places, tmp_path):
    path = write_package(tmp_path / "map.gpkg", places=places)
    read = pyogrio.read_dataframe(path, layer="places")
    assert read.crs.to_epsg() == 4326
    assert read["place_id"].tolist() == ["a", "b", "c", "d"]
    np.testing.assert_array_equal(read["kt"], places.frame["kt"])
    assert read["name"].tolist() == places.frame["name"].tolist()
    assert read.geometry.isna().tolist() == [False, False, True, False]


def test_a_missing_figure_is_null_in_the_file_and_a_nought_is_a_nought(places, tmp_path):
    path = write_package(tmp_path / "map.gpkg", places=places)
    assert query(path, "SELECT kt FROM places ORDER BY place_id") == [(1.5,), (None,), (0.0,), (1234.56789123,)]
    assert query(path, "SELECT count(*) FROM places WHERE geom IS NULL") == [(1,)]


def test_the_tables_of_the_standard_say_what_the_layer_is(places, tmp_path):
    path = write_package(tmp_path / "map.gpkg", places=places, words=Vector(pd.DataFrame({"word": ["x"]}), ""))
    kinds = query(path, "SELECT table_name, data_type, identifier, description, last_change FROM gpkg_contents ORDER BY table_name")
    assert kinds[0] == ("places", "features", "Places", "Where they lie.", "2026-11-22T00:00:00.000Z")
    assert [row[:2] for row in kinds[1:]] == [("words", "attributes")]
    assert query(path, "SELECT geometry_type_name, srs_id FROM gpkg_geometry_columns") == [("POINT", 4326)]
    assert ("EPSG", 4326) in query(path, "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys")
    assert query(path, "PRAGMA application_id") == [(0x47504B47,)]
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    assert query(path, "PRAGMA foreign_key_check") == []


def test_what_is_told_of_the_layer_and_of_the_file_is_in_the_metadata(places, tmp_path):
    path = write_package(tmp_path / "map.gpkg", places=places)
    assert pyogrio.read_info(path, layer="places")["layer_metadata"]["licence"] == "CC-BY-4.0"
    assert pyogrio.read_info(path)["dataset_metadata"]["day"] == "2026-11-22"
    told = " ".join(row[0] for row in query(path, "SELECT metadata FROM gpkg_metadata"))
    assert "CC-BY-4.0" in told
    assert "2026-11-22" in told


@pytest.mark.parametrize("ending", ["gpkg", "parquet", "geojson"])
def test_the_same_layer_gives_the_same_bytes(places, tmp_path, ending):
    first, second = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"
    for path in (first, second):
        if ending == "gpkg":
            write_package(path, places=places)
        else:
            write_geojson(path, places, key=["place_id"]) if ending == "geojson" else write_geoparquet(path, places)
    assert first.read_bytes() == second.read_bytes()


def test_the_clock_of_the_library_is_left_as_it_was(places, tmp_path):
    before = pyogrio.get_gdal_config_option(CLOCK)
    write_package(tmp_path / "map.gpkg", places=places)
    assert pyogrio.get_gdal_config_option(CLOCK) == before


def test_an_older_package_is_replaced_whole(places, tmp_path):
    path = write_package(tmp_path / "map.gpkg", places=places, gone=Vector(places.frame, "Point", title="Gone"))
    write_package(path, places=places)
    assert [one.name for one in tmp_path.iterdir()] == ["map.gpkg"]
    assert query(path, "SELECT table_name FROM gpkg_contents") == [("places",)]


def test_a_failure_half_way_keeps_the_older_file_and_leaves_nothing_beside_it(places, tmp_path):
    path = write_package(tmp_path / "map.gpkg", places=places)
    before = path.read_bytes()
    with pytest.raises(OutputError, match=r"map\.gpkg: cannot be written \(Identifier Places is already used"):
        write_package(path, places=places, same_title=places)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["map.gpkg"]


def test_a_folder_that_cannot_be_made_is_told(places, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for write in (lambda path: write_package(path, places=places), lambda path: write_geoparquet(path, places),
                  lambda path: write_geojson(path, places, key=["place_id"])):  # fmt: skip
        with pytest.raises(OutputError):
            write(tmp_path / "file" / "map")


def test_geoparquet_is_read_back_and_keeps_blanks(places, tmp_path):
    read = gpd.read_parquet(write_geoparquet(tmp_path / "map.parquet", places))
    np.testing.assert_array_equal(read["kt"], places.frame["kt"])
    assert read["name"].tolist() == places.frame["name"].tolist()
    assert read.geometry.isna().tolist() == [False, False, True, False]
    assert read.crs.to_epsg() == 4326


def test_geojson_writes_null_for_what_is_missing_and_never_nan(places, tmp_path):
    text = write_geojson(tmp_path / "map.geojson", places, key=["place_id"]).read_text(encoding="utf8")
    tree = json.loads(text, parse_constant=pytest.fail)
    assert [one["properties"]["kt"] for one in tree["features"]] == [1.5, None, 0, 1234.56789]
    assert tree["features"][2]["geometry"] is None
    assert tree["features"][2]["properties"]["name"] is None
    assert [one["id"] for one in tree["features"]] == ["a", "b", "c", "d"]
    assert "crs" not in tree
    assert tree["bbox"] == [61.25, -0.25, 180.0, 30.0]


def test_geojson_without_any_place_has_no_bounds(tmp_path):
    nowhere = Vector(frame_points(pd.DataFrame({"place_id": ["a"], "lat": [math.nan], "lon": [math.nan]})), "Point")
    tree = json.loads(write_geojson(tmp_path / "map.geojson", nowhere, key=["place_id"]).read_bytes())
    assert "bbox" not in tree
    assert tree["features"][0]["geometry"] is None


@given(st.lists(DEGREES, min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_geojson_moves_no_point_further_than_its_last_decimal(tmp_path_factory, points):
    table = pd.DataFrame(points, columns=["lon", "lat"]).assign(place_id=[str(at) for at in range(len(points))])
    path = write_geojson(tmp_path_factory.mktemp("points") / "map.geojson", Vector(frame_points(table), "Point"), key=["place_id"])
    read = np.array([one["geometry"]["coordinates"] for one in json.loads(path.read_bytes())["features"]])
    np.testing.assert_allclose(read, points, rtol=0, atol=10.0**-DECIMALS)


@pytest.mark.parametrize("clockwise", [True, False])
def test_outer_rings_run_against_the_clock_and_holes_with_it(tmp_path, clockwise):
    shape = shapely.Polygon(shapely.box(0, 0, 4, 4).exterior, [shapely.box(1, 1, 2, 2).exterior])
    turned = shapely.orient_polygons(shape, exterior_cw=clockwise)
    layer = Vector(gpd.GeoDataFrame({"area_id": ["a"]}, geometry=[turned], crs="EPSG:4326"), "Polygon")
    tree = json.loads(write_geojson(tmp_path / "map.geojson", layer, key=["area_id"]).read_bytes())
    outer, hole = tree["features"][0]["geometry"]["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(hole).is_ccw


def test_truths_and_ids_of_several_columns_are_plain(tmp_path):
    table = pd.DataFrame({"a_id": ["x"], "b_id": ["y"], "open": [True], "lat": [1.0], "lon": [2.0]})
    tree = json.loads(write_geojson(tmp_path / "map.geojson", Vector(frame_points(table), "Point"), key=["a_id", "b_id"]).read_bytes())
    assert tree["features"][0]["id"] == "x/y"
    assert tree["features"][0]["properties"]["open"] is True
