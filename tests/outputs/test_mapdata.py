"""The ground of the map: water, disputed lines and towns, and the credit that their terms ask for."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiLineString, box

from geokit.outputs.mapdata import SPREAD_DEG, TOWNS, build_map
from geokit.outputs.view import view_study

SHAPES = {
    "provinces": {"label": ["West", "East"], "disputed": [False, True], "geometry": [box(61, 24, 68, 32), box(68, 24, 76, 37)]},
    "rivers": {"label": [""], "geometry": [MultiLineString([[(62, 25), (63, 26)], [(64, 27), (65.12345, 28)]])]},
    "lakes": {"label": ["Lake"], "geometry": [box(70, 30, 71, 31)]},
    "disputed_lines": {"label": ["x"], "geometry": [LineString([(76, 24), (76, 37)])]},
}


class Ground(dict):
    """Tables, and shapes of which some may be missing."""

    missing: tuple[str, ...] = ()

    def geometry(self, name):
        if name in self.missing:
            raise KeyError(name)
        return gpd.GeoDataFrame(SHAPES[name], crs=4326)


def draw(sample, *, missing=(), **tables):
    """Return the map of the sample study on this ground."""
    ground = Ground({**sample.layers, **tables})
    ground.missing = tuple(missing)
    return build_map(view_study(SimpleNamespace(**{**vars(sample), "layers": ground})))


def place(name, lat, lon, *, population=1000.0, confidence="high"):
    return {"name": name, "lat": lat, "lon": lon, "population": population, "confidence": confidence}


def names(found):
    """Return the names of the towns in their order."""
    levels, codes = found["towns"]["text"]["name"]
    return [levels[code] for code in codes]


def test_lines_are_paths_of_latitude_and_longitude(sample):
    found = draw(sample)
    assert found["rivers"] == [[[25.0, 62.0], [26.0, 63.0]], [[27.0, 64.0], [28.0, 65.123]]]
    assert found["disputed"] == [[[24.0, 76.0], [37.0, 76.0]]]
    assert [shape["name"] for shape in found["lakes"]] == ["Lake"]


def test_without_lines_the_outline_of_a_disputed_shape_is_drawn(sample):
    found = draw(sample, missing=["disputed_lines", "rivers", "lakes"])
    assert found["disputed"] == found["provinces"][0]["paths"]
    assert found["provinces"][0]["name"] == "East"
    assert (found["rivers"], found["lakes"]) == ([], [])


def test_of_towns_close_together_the_largest_is_named(sample):
    rows = [place("small", 30, 70, population=5), place("large", 30.5, 70, population=9), place("far", 30, 75, population=1)]
    assert names(draw(sample, places=pd.DataFrame(rows))) == ["large", "far"]


def test_towns_that_mislead_or_count_nobody_are_not_named(sample):
    rows = [place("wrong", 30, 70, confidence="low"), place("empty", 31, 74, population=float("nan")), place("good", 25, 66)]
    assert names(draw(sample, places=pd.DataFrame(rows))) == ["good"]


def test_a_degree_of_longitude_is_shorter_in_the_north(sample):
    rows = [place("a", 60, 60, population=2), place("b", 60, 60 + 1.5 * SPREAD_DEG, population=1)]
    assert names(draw(sample, places=pd.DataFrame(rows))) == ["a"]
    rows = [row | {"lat": 0.0} for row in rows]
    assert names(draw(sample, places=pd.DataFrame(rows))) == ["a", "b"]


def test_no_more_towns_than_help(sample):
    rows = [place(f"t{n:02d}", 25.0, 60.0 + 2 * n, population=100 - n) for n in range(TOWNS + 5)]
    assert names(draw(sample, places=pd.DataFrame(rows))) == [f"t{n:02d}" for n in range(TOWNS)]


@pytest.mark.parametrize("drawn", [True, False])
def test_the_gazetteer_is_credited_only_where_its_places_are_drawn(sample, drawn):
    rows = pd.DataFrame([place("town", 25, 66, confidence="high" if drawn else "low")])
    terms = pd.DataFrame({"layer": ["places", "disputed_lines", "hillshade"], "attribution": ["Places: G", "Lines: N", "Relief: R"]})
    assert draw(sample, places=rows, resources=terms)["credits"] == (["Places: G"] if drawn else []) + ["Lines: N"]


def test_a_folder_without_places_or_terms_draws_and_credits_none(sample):
    bare = {name: table for name, table in sample.layers.items() if name not in {"places", "resources"}}
    found = build_map(view_study(SimpleNamespace(**{**vars(sample), "layers": bare})))
    assert (found["towns"]["length"], found["credits"], found["disputed"]) == (0, [], [])
