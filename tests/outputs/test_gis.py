"""Layers for other programs: what the study found, where it lies, with its style, its meaning and its metadata."""

from __future__ import annotations

import json
import runpy
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from pyproj import CRS

from geokit.core.errors import OutputError
from geokit.io.geopackage import read_geopackage
from geokit.io.vector import Vector, write_geojson
from geokit.outputs.gis import write_gis_files, write_gis_package
from geokit.outputs.gis_layers import PLANS
from geokit.outputs.style import HISTORICAL

jsonschema = pytest.importorskip("jsonschema")
SCHEMA = runpy.run_path(str(Path(__file__).parents[1] / "published" / "geoparquet_schema.py"))["SCHEMA"]
NAMES = list(PLANS)


@pytest.fixture(scope="module")
def case(little_study):
    return little_study.case("japan")


@pytest.fixture(scope="module")
def package(little_study, case, tmp_path_factory):
    return write_gis_package(little_study, case, tmp_path_factory.mktemp("gis") / "japan.gpkg")


@pytest.fixture(scope="module")
def files(little_study, case, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    written = {ending: write_gis_files(little_study, case, folder, ending=ending, prefix="japan") for ending in ("geojson", "parquet")}
    return {ending: {path.stem.removeprefix("japan-"): path for path in paths} for ending, paths in written.items()}


@pytest.fixture(scope="module")
def read(package):
    """Read a layer of the package, each once."""
    frames = {name: pyogrio.read_dataframe(package, layer=name) for name in [*NAMES, "layer_styles", "dictionary"]}
    return frames.__getitem__


def query(path, text):
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as base:
        return base.execute(text).fetchall()


def rings(shape):
    polygons = [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"]
    return [(ring, outer) for one in polygons for ring, outer in [(one.exterior, True), *((inner, False) for inner in one.interiors)]]


def test_the_package_holds_the_layers_in_the_order_in_which_they_are_drawn(package):
    assert [name for name, shape in pyogrio.list_layers(package) if shape] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_has_rows_in_degrees_and_a_key_that_stands_once(read, name):
    frame = read(name)
    assert len(frame)
    assert frame.crs == CRS("EPSG:4326")
    assert not frame.duplicated(list(PLANS[name].key)).any()


def test_the_ranking_is_that_of_the_study(read, little_study, case):
    frame = read("ranking").set_index("alternative").sort_index()
    table = little_study.rankings[little_study.rankings["case_id"] == case.case_id].set_index("alternative").sort_index()
    for column in ("rank", "score", "bound_low", "bound_high", "evidence_frac", "tier"):
        pd.testing.assert_series_equal(frame[column].astype(float), table[column].astype(float), check_names=False)
    assert frame["status"].tolist() == table["status"].tolist()


def test_each_site_carries_its_best_rank(read, little_study):
    ranked = little_study.ranking("japan")
    best = ranked.assign(site=ranked["alternative"].str.partition(":")[0]).groupby("site")["rank"].min()
    sites = read("sites").set_index("site_id")["best_rank"].dropna()
    assert len(sites)
    assert sites.to_dict() == best[best.index.isin(sites.index)].to_dict()


def test_points_lie_where_the_facts_say(read, layers):
    facts = layers["deposits"].set_index("deposit_id").loc[read("deposits")["deposit_id"]]
    np.testing.assert_array_equal(read("deposits").geometry.x, facts["lon"])
    np.testing.assert_array_equal(read("deposits").geometry.y, facts["lat"])


def test_a_haul_runs_from_its_origin_over_its_port_to_its_destination(read, layers):
    row = read("hauls").query("kind == 'delivered'").iloc[0]
    places = {
        name: (lon, lat)
        for table, key in (("sites", "site_id"), ("deposits", "deposit_id"), ("ports", "port_id"))
        for name, lon, lat in zip(layers[table][key], layers[table]["lon"], layers[table]["lat"], strict=True)
    }
    assert list(row.geometry.coords) == [places[row[column]] for column in ("origin_id", "via_port_id", "destination_id")]


def test_a_closure_is_drawn_along_the_links_that_it_shuts(read):
    links = read("links").set_index("link_id").geometry
    closures = read("closures").dropna(subset=["link_ids"])
    shut = closures[closures["link_ids"] != ""].iloc[0]
    wanted = [links[one] for one in shut["link_ids"].split("|") if one in links.index]
    assert shut.geometry.equals(shapely.MultiLineString(wanted))


def test_a_tonnage_that_no_code_supports_says_so(read):
    deposits = read("deposits")
    marked = deposits[deposits["estimate"].fillna("") == HISTORICAL]
    assert len(marked)
    assert (marked["historical_estimate"] == "true").all()


def test_missing_figures_stay_missing(read):
    ranking = read("ranking")
    assert ranking["margin_usd_per_t"].isna().any()
    assert ranking.loc[ranking["status"] == "not_rankable", "rank"].isna().all()


def test_every_layer_has_a_default_style_that_names_columns_it_has(read):
    styles = read("layer_styles").set_index("f_table_name")
    assert sorted(styles.index) == sorted(NAMES)
    assert styles["useAsDefault"].astype(bool).all()
    for name, style in styles.iterrows():
        qml, sld = (ET.fromstring(style[column]) for column in ("styleQML", "styleSLD"))  # noqa: S314  our own file
        used = {one.get("attr") for one in qml.iter("renderer-v2")} | {one.get("fieldName") for one in qml.iter("text-style")}
        used |= {one.text for one in sld.iter("{http://www.opengis.net/ogc}PropertyName")}
        assert used - {None} <= set(read(name).columns), name
        shape = read(name).geometry.dropna().iloc[0]
        assert {one.get("type") for one in qml.iter("symbol")} == {("marker", "line", "fill")[shapely.get_dimensions(shape)]}


def test_every_category_of_a_style_is_a_word_of_its_column(read):
    for name, style in read("layer_styles").set_index("f_table_name").iterrows():
        qml = ET.fromstring(style["styleQML"])  # noqa: S314  our own file
        attribute = next(qml.iter("renderer-v2")).get("attr")
        if attribute:
            named = {one.get("value") for one in qml.iter("category")} - {""}
            assert set(read(name)[attribute]) <= named, name


def test_every_column_of_a_layer_is_told(read):
    told = read("dictionary")
    assert (told["meaning"].fillna("") != "").all(), told[told["meaning"].fillna("") == ""]
    for name in NAMES:
        assert set(told.loc[told["layer"] == name, "column"]) == set(read(name).columns) - {"geometry"}


def test_the_metadata_says_what_it_is_and_what_it_is_not(package, little_study, case):
    texts = [text for (text,) in query(package, "SELECT metadata FROM gpkg_metadata")]
    assert len(texts) == 1 + len(NAMES)
    for text in texts:
        assert "Screening, not a feasibility study. Not legal advice" in text
        assert case.case_id in text
        assert little_study.assumptions.fingerprint() in text
    about = dict(query(package, "SELECT table_name, description FROM gpkg_contents WHERE data_type = 'features'"))
    assert all(about.values())


def test_the_package_is_sound_by_sqlite_and_opens_in_our_own_reader(package):
    assert query(package, "PRAGMA integrity_check") == [("ok",)]
    assert query(package, "PRAGMA foreign_key_check") == []
    assert query(package, "PRAGMA application_id") == [(int.from_bytes(b"GPKG"),)]
    assert len(read_geopackage(package, ["deposits"]).cells[0]) == query(package, "SELECT count(*) FROM deposits")[0][0]


def test_the_same_study_gives_the_same_bytes(package, files, little_study, case, tmp_path):
    assert write_gis_package(little_study, case, tmp_path / "again.gpkg").read_bytes() == package.read_bytes()
    for ending, written in files.items():
        for path in write_gis_files(little_study, case, tmp_path, ending=ending, prefix="japan"):
            assert path.read_bytes() == written[path.stem.removeprefix("japan-")].read_bytes()


def test_writing_again_replaces_the_file_and_leaves_nothing_beside_it(little_study, case, package, tmp_path):
    path = tmp_path / "one.gpkg"
    path.write_bytes(b"old")
    write_gis_package(little_study, case, path)
    assert path.read_bytes() == package.read_bytes()
    assert [one.name for one in tmp_path.iterdir()] == ["one.gpkg"]


def test_a_folder_in_the_place_of_the_file_is_told(little_study, case, tmp_path):
    (tmp_path / "one.gpkg").mkdir()
    with pytest.raises(OutputError, match=r"one\.gpkg: cannot be written"):
        write_gis_package(little_study, case, tmp_path / "one.gpkg")
    assert [one.name for one in tmp_path.iterdir()] == ["one.gpkg"]


@pytest.mark.parametrize("name", NAMES)
def test_geoparquet_passes_the_published_schema_and_says_its_reference_system(files, name):
    geo = json.loads(pq.read_schema(files["parquet"][name]).metadata[b"geo"])
    jsonschema.Draft7Validator(SCHEMA).validate(geo)
    column = geo["columns"][geo["primary_column"]]
    assert CRS.from_json_dict(column["crs"]) == CRS("EPSG:4326")
    assert column["covering"]["bbox"]["xmin"][1] == "xmin"


@pytest.mark.parametrize(
    "change", [{"version": "0.4.0"}, {"primary_column": ""}, {"columns": {}}, {"columns": {"geometry": {"encoding": "WKT"}}}]
)
def test_the_schema_refuses_what_is_no_geoparquet(files, change):
    geo = json.loads(pq.read_schema(files["parquet"]["sites"]).metadata[b"geo"])
    assert list(jsonschema.Draft7Validator(SCHEMA).iter_errors(geo | change))


@pytest.mark.parametrize("name", NAMES)
def test_geoparquet_holds_the_rows_of_the_package(files, read, name):
    plain, other = gpd.read_parquet(files["parquet"][name]), read(name)
    assert len(plain) == len(other)
    assert plain.geometry.geom_equals(other.geometry).tolist() == (~plain.geometry.isna()).tolist()


@pytest.mark.parametrize("name", NAMES)
def test_geojson_is_as_rfc_7946_asks(files, read, name):
    """Sections 3 to 5: features with properties and a geometry or null, longitude first, rings by the right hand, bounds, and no crs."""
    tree = json.loads(files["geojson"][name].read_text(encoding="utf8"), parse_constant=pytest.fail)
    assert tree["type"] == "FeatureCollection"
    assert "crs" not in tree
    assert len({feature["id"] for feature in tree["features"]}) == len(tree["features"]) == len(read(name))
    for feature in tree["features"]:
        assert feature["type"] == "Feature"
        assert set(feature) == {"type", "id", "properties", "geometry"}
        if feature["geometry"]:
            shape = shapely.geometry.shape(feature["geometry"])
            assert all(ring.is_ccw == outer for ring, outer in rings(shape))
            assert -180 <= shape.bounds[0] <= shape.bounds[2] <= 180
            assert -90 <= shape.bounds[1] <= shape.bounds[3] <= 90
    assert tree["bbox"] == list(read(name).total_bounds.round(6))


def test_geojson_turns_rings_that_run_the_wrong_way(tmp_path):
    square = shapely.Polygon([(0, 0), (0, 2), (2, 2), (2, 0)], [[(0.5, 0.5), (1, 0.5), (1, 1), (0.5, 1)]])
    frame = gpd.GeoDataFrame({"name": ["=a"], "figure": [np.nan]}, geometry=[square], crs=4326)
    tree = json.loads(write_geojson(tmp_path / "one.geojson", Vector(frame, "Polygon"), key=["name"]).read_bytes())
    shape = shapely.geometry.shape(tree["features"][0]["geometry"])
    assert [ring.is_ccw for ring, _ in rings(shape)] == [True, False]
    assert tree["features"][0]["properties"] == {"name": "=a", "figure": None}
