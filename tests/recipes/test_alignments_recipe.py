"""The recipe of the indicative alignments, and the layer that it wrote."""

import importlib
import json
import sys
from pathlib import Path

import pandas as pd
import pytest
import shapely

from geokit.core.assumptions import Spread
from geokit.network.terrain import Alignment

RECIPES = Path(__file__).resolve().parents[2] / "recipes"
MOST_BYTES = 300_000
GRID_DEG = 0.0006


@pytest.fixture(scope="module")
def recipe():
    if not RECIPES.is_dir():
        pytest.skip("recipes are not in the wheel")
    sys.path.insert(0, str(RECIPES))
    try:
        yield importlib.import_module("alignments")
    finally:
        sys.path.remove(str(RECIPES))
        for name in ("alignments", "shapes", "packages"):
            sys.modules.pop(name, None)


def make_way(points, km=10.0):
    profile = pd.DataFrame(points, columns=["lon", "lat"])
    return Alignment(profile, Spread(low=km, mode=km, high=km), Spread(low=km, mode=km, high=km), 12.4, 3.6, km)


def make_link(name, km, basis="published"):
    return pd.Series({"link_id": f"l-{name}-{km}", "name": name, "length_km": km, "length_basis_code": basis})


def test_a_line_is_thinned_to_about_a_cell(recipe):
    facts, line = recipe.describe(make_link("N-1", 9.0), make_way([(0, 0), (0.1, 0.004), (0.2, 0), (0.2, 0.1)], km=10.04))
    assert list(line.coords) == [(0, 0), (0.2, 0), (0.2, 0.1)]
    assert (facts["least_cost_km"], facts["climb_m"], facts["descent_m"]) == (10.0, 12, 4)
    assert facts["note"].startswith("indicative")


def test_published_lengths_are_compared_by_highway(recipe):
    line = [(0, 0), (1, 1)]
    found = [
        (make_link("N-1", 12.0), make_way(line)),
        (make_link("N-1", 9.0), make_way(line)),
        (make_link("N-1", 99.0, "estimated"), make_way(line)),
    ]
    table = recipe.compare(found)
    assert table.loc["N-1"].tolist() == [21.0, 20.0, 2, pytest.approx(1.05)]


def test_the_layer_is_small_indicative_and_ties_the_towns_of_every_road(layers):
    path = layers.root / "network" / "alignments.geojson"
    assert path.stat().st_size < MOST_BYTES
    features = json.loads(path.read_text(encoding="utf8"))["features"]
    roads = layers["links"].query("mode == 'road'").set_index("link_id")
    points = layers["nodes"].set_index("node_id")[["lon", "lat"]].astype(float)
    assert sorted(feature["properties"]["link_id"] for feature in features) == sorted(roads.index)
    for feature in features:
        facts, line = feature["properties"], feature["geometry"]["coordinates"]
        assert facts["note"] == "indicative, least-cost over 30 arc-second relief"
        towns = sorted(points.loc[[roads.loc[facts["link_id"], side] for side in ("from", "to")]].to_numpy().tolist())
        assert sorted([line[0], line[-1]]) == [pytest.approx(town, abs=GRID_DEG) for town in towns]


def test_no_alignment_runs_through_the_open_sea(layers, recipe):
    """A quay may stand in the sea of the coarse relief: the three cells beside it are forgiven."""
    features = json.loads((layers.root / "network" / "alignments.geojson").read_text(encoding="utf8"))["features"]
    for feature in features:
        line = shapely.LineString(feature["geometry"]["coordinates"])
        west, south, east, north = line.bounds
        relief = recipe.read_raster(recipe.RELIEF, (west - 0.1, south - 0.1, east + 0.1, north + 0.1))
        steps = [line.interpolate(share, normalized=True) for share in (0.3, 0.4, 0.5, 0.6, 0.7)]
        around = [relief.find_cell(point.x, point.y) for point in steps]
        dry = [not pd.isna(relief.data[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]).all() for row, column in around]
        assert all(dry), feature["properties"]["link_id"]
