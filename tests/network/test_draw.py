"""A route as lines on the map, in the country of four towns."""

import json

import pytest

from geokit.network import find_route
from geokit.network.draw import draw_route


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
