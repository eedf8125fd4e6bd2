"""A route as lines on the map, in the country of four towns."""

import json

import pytest
import shapely

from geokit.core.errors import GeokitError
from geokit.io.raster import read_raster
from geokit.network import find_route
from geokit.network.draw import draw_corridors, draw_route
from geokit.network.gaps import read_ground


def draw(country, plain, *ends, alignments=None, **more):
    return json.loads(draw_route(find_route(country, *ends, assumptions=plain, **more), alignments or {}))


def test_every_link_and_track_is_a_line_in_the_order_of_travel(country, plain):
    features = draw(country, plain, "dep-far", "P1")["features"]
    assert [one["properties"]["link_id"] for one in features] == ["", "r3", "t2", "t1"]
    lines = [one["geometry"]["coordinates"] for one in features]
    assert lines == [[[3.1, 0.0], [3.0, 0.0]], [[3.0, 0.0], [2.0, 0.0]], [[2.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 0.0]]]
    assert {one["properties"]["drawn"] for one in features} == {"straight line, not the way"}


@pytest.mark.parametrize("line", [[[3.0, 0.0], [2.5, 0.4], [2.0, 0.0]], [[2.0, 0.0], [2.5, 0.4], [3.0, 0.0]]])
def test_a_known_alignment_is_drawn_in_the_direction_of_travel(country, plain, line):
    feature = draw(country, plain, "FAR", "P1", alignments={"r3": line})["features"][0]
    assert feature["geometry"]["coordinates"] == [[3.0, 0.0], [2.5, 0.4], [2.0, 0.0]]
    assert "indicative" in feature["properties"]["drawn"]


def test_the_sea_is_a_straight_line_between_the_ports(country, plain):
    features = draw(country, plain, "END", "Q1", product_id="ore")["features"]
    assert features[-1]["properties"]["mode"] == "sea"
    assert features[-1]["geometry"]["coordinates"] == [[0.0, 0.0], [60.0, 0.0]]


def test_a_route_that_goes_nowhere_has_no_lines(country, plain):
    assert draw(country, plain, "END", "END") == {"type": "FeatureCollection", "features": []}


@pytest.fixture(scope="module")
def tracked(layers, assumptions):
    """A route that starts with a track of some kilometres, and the ground under it."""
    return find_route(layers, "deposit:muslim-bagh", "port:PKKHI", assumptions=assumptions), read_ground(layers, assumptions)


def test_the_corridor_of_a_track_holds_its_way_and_widens_with_its_limit(tracked):
    route, ground = tracked
    way, narrow = (shapely.geometry.shape(one["geometry"]) for one in draw_corridors(route, ground, within_frac=0.05))
    wide = shapely.geometry.shape(draw_corridors(route, ground, within_frac=0.3)[1]["geometry"])
    cell = read_raster(ground.relief, (67.0, 30.0, 67.1, 30.1)).step[0]
    assert narrow.is_valid
    assert narrow.buffer(cell).covers(way)
    assert wide.buffer(1e-9).covers(narrow)
    assert wide.area > 1.5 * narrow.area
    track = next(leg for leg in route.legs if leg.mode == "off-network")
    assert [list(way.coords[0]), list(way.coords[-1])] == [list(point) for point in track.points]


def test_corridors_stand_behind_the_lines_of_the_route(tracked):
    route, ground = tracked
    plain, drawn = (json.loads(draw_route(route, {}, more))["features"] for more in ((), draw_corridors(route, ground, within_frac=0.1)))
    assert drawn[: len(plain)] == plain
    told = [one["properties"] for one in drawn[len(plain) :]]
    assert [one["drawn"].split(",")[0].split(":")[0] for one in told] == ["indicative alignment", "corridor of a new track"]
    assert told[0]["least_cost_km"] == pytest.approx(next(leg.km for leg in route.legs if leg.mode == "off-network"), abs=0.06)


def test_a_corridor_needs_a_relief_and_a_share(tracked, country, plain):
    route, ground = tracked
    assert draw_corridors(find_route(country, "dep-far", "P1", assumptions=plain), read_ground(country, plain), within_frac=0.1) == []
    with pytest.raises(GeokitError, match=r"may not be -0\.1 wide"):
        draw_corridors(route, ground, within_frac=-0.1)
