"""Where points lie: two square provinces side by side, each with districts, and pairs of coordinates from real sources."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from geokit.check.finding import Rows
from geokit.check.places import find_misplaced
from geokit.check.reference import Reference
from geokit.check.slips import find_slips
from geokit.core.errors import LayerError
from geokit.io.areas import Areas, read_areas

PROVINCES = Areas(("west", "east"), shapely.box(np.array([60.0, 65.0]), 25.0, np.array([65.0, 70.0]), 30.0))
DISTRICTS = Areas(("low", "high"), shapely.box(60.0, np.array([25.0, 26.5]), 65.0, np.array([26.5, 28.0])))
"""Two strips of the western province."""
HERE = {"node_id": "a", "name": "A", "province_id": "west", "lat": "27", "lon": "62", "coord_precision_km": "1"}


def find(rule, *changes, areas=None, base=None, table="nodes", **known):
    """Return what a rule finds in one row for each mapping of changes."""
    frame = pd.DataFrame([{**HERE, "node_id": f"n{number}", "name": f"N{number}"} | change for number, change in enumerate(changes)],
        dtype=str)
    frames = {table: pd.DataFrame([{**HERE, **row} for row in base], dtype=str)} if base else {}
    reference = Reference(frames, {}, known, {"provinces": PROVINCES, "districts": DISTRICTS} if areas is None else areas)
    return list(rule(Rows(frame, table), reference))


def tell(*changes, **options):
    return [(finding.row, finding.rule, finding.remedy) for finding in find(find_misplaced, *changes, **options)]


def test_a_point_in_its_province_is_sound():
    assert tell({}, {"lat": "", "lon": ""}, {"lat": "25", "lon": "60"}, {"province_id": "east", "lon": "65"}) == []


@pytest.mark.parametrize(("lat", "lon", "remedy"), [("62", "27", "swapped"), ("27", "-62", "minus"), ("-27", "-62", "minus"), ("10", "62",
    "correct")])
def test_a_point_out_of_the_study_area_is_told_with_what_would_mend_it(lat, lon, remedy):
    ((_, rule, told),) = tell({"lat": lat, "lon": lon})
    assert "outside the study area (25.0 to 30.0 N, 60.0 to 70.0 E)" in rule
    assert remedy in told


def test_the_margin_of_the_study_area_is_a_quarter_of_a_degree():
    assert "outside the study area" in tell({"lat": "30.3"})[0][1]
    assert "outside west" in tell({"lat": "30.2"})[0][1]


def test_a_point_in_another_province_is_told_with_its_name_and_distance():
    ((_, rule, remedy),) = tell({"lon": "66"})
    assert rule == "lies in east, 99 km outside west"
    assert remedy.startswith("write province_id east")


@pytest.mark.parametrize(("lon", "precision", "wrong"), [("65.04", "1", False), ("65.07", "1", True), ("65.5", "60", False), ("65.5", "",
    True), ("66", "60", True)])
def test_accuracy_and_the_slack_of_the_boundary_are_granted(lon, precision, wrong):
    """One hundredth of a degree is 0.99 km on this parallel; 5 km of slack is for the boundary."""
    assert bool(tell({"lon": lon, "coord_precision_km": precision})) is wrong


def test_a_point_is_told_how_one_degree_would_mend_it():
    ((_, _, remedy),) = tell({"lon": "65.5"})
    assert "with lon 64.5 it would lie inside" in remedy


def test_the_exchange_is_seen_where_both_orders_lie_in_the_study_area():
    square = Areas(("west", "east"), shapely.box(np.array([10.0, 20.0]), 10.0, np.array([20.0, 30.0]), 30.0))
    ((_, rule, remedy),) = tell({"lat": "15", "lon": "25"}, areas={"provinces": square})
    assert "lies in east" in rule
    assert "swapped" in remedy


@pytest.mark.parametrize(("word", "wrong"), [("West", True), ("Wst", True), ("old west", True), ("nowhere", False), ("", False)])
def test_a_wrong_word_for_a_province_is_read_as_meant(word, wrong):
    """The province is mended and the point stays outside it: both are told in one round."""
    frame = pd.DataFrame([{**HERE, "lon": "66", "province_id": word}], dtype=str)
    names = {"province_aliases.province_id": {"old west": "west"}}
    found = list(find_misplaced(Rows(frame, "nodes"), Reference({}, {}, names, {"provinces": PROVINCES})))
    assert ["99 km outside west" in finding.rule for finding in found] == [True] * wrong


def test_half_a_point_and_nought_are_told():
    (half, nought) = tell({"lat": ""}, {"lat": "0", "lon": "0.0"})
    assert half[:2] == (0, "is blank while the other coordinate is given")
    assert "stand for a blank" in nought[1]


def test_without_boundaries_only_half_a_point_and_nought_are_told():
    assert [row for row, *_ in tell({"lat": ""}, {"lat": "0", "lon": "0"}, {"lat": "62", "lon": "27"}, areas={})] == [0, 1]


def test_what_is_no_figure_or_no_degree_is_left_to_the_dictionary():
    assert tell({"lat": "north"}, {"lat": "nan"}, {"lat": "-9999", "lon": "-9999"}, {"lat": "95"}) == []


def test_a_province_without_a_shape_goes_unchecked():
    assert tell({"province_id": "south", "lat": "29.9"}) == []


def slips(*changes, **options):
    return [(finding.row, finding.rule, finding.remedy) for finding in find(find_slips, *changes, **options)]


def test_a_point_one_degree_from_its_district_is_doubted():
    ((_, rule, remedy),) = slips({"lat": "27.3", "district_ids": "low"})
    assert "89 km outside low" in rule
    assert "with lat 26.3 it would lie inside" in remedy
    assert all(finding.is_doubt for finding in find(find_slips, {"lat": "27.3", "district_ids": "low"}))


def test_a_district_in_words_counts_by_its_other_names():
    aliases = {"district_aliases.district_ids": {"low land": "low"}}
    assert len(slips({"lat": "27.3", "district": "Low Land", "district_ids": ""}, **aliases)) == 1


@pytest.mark.parametrize(
    "change",
    [{"lat": "26.6", "district_ids": "low"}, {"lat": "27.3", "district_ids": "low|high"}, {"lat": "27.3", "district_ids": "unheard"},
     {"lat": "29.3", "district_ids": "low"}, {"lat": "27.3", "district_ids": "low", "coord_precision_km": "90"}, {"district_ids": ""}],
)  # fmt: skip
def test_a_point_near_its_districts_in_one_of_them_or_farther_than_a_degree_is_no_slip(change):
    assert slips(change) == []


PAIRS = (
    ("Duddar", 26.0972, 66.8272, 26.2233, 66.8364, 0),
    ("Gunga", 27.7447, 66.5347, 27.73, 66.48, 0),
    ("Khuzdar", 26.7667, 66.5167, 27.7447, 66.5347, 1.0),
    ("Dasht-e-Kain", 29.5544, 64.5042, 29.556, 64.604, 0.1),
    ("Ziarat Pir Sultan", 29.4, 64.1417, 29.4556, 64.3774, 0),
    ("Koh-i-Dalil", 29.1225, 62.1942, 29.1325, 62.2058, 0),
    ("Saindak", 29.2708, 61.5847, 29.2506, 61.615, 0),
    ("Reko Diq", 29.1228, 62.0789, 29.1333, 62.0333, 0),
    ("Hunza ruby", 36.275, 75.5917, 36.307, 74.6154, 1.0),
    ("Kakul", 34.1997, 73.2791, 34.2194, 73.2, 0),
    ("Lagarban", 34.2959, 73.3154, 34.2167, 73.2, 0),
    ("Dalola", 34.353, 73.3959, 34.4167, 73.3667, 0),
    ("Pakistan Chrome Mines", 25.99, 67.0, 30.84, 67.83, 0),
    ("Warcha", 32.4268, 71.9483, 32.6, 72.75, 0),
)
"""Fourteen places that two databases locate differently, and by how many degrees a digit slipped, nought for none: USGS Open-File Reports
2005-1294 and 2015-1121, SIR 2010-5090-Z and the deposit databases of mrdata.usgs.gov, as compared in the layer coord_conflicts."""


@pytest.mark.parametrize(("name", "lat", "lon", "other_lat", "other_lon", "degrees"), PAIRS)
def test_of_the_pairs_of_real_sources_just_the_slips_are_doubted(name, lat, lon, other_lat, other_lon, degrees):
    row, other = ({"name": name, "lat": str(north), "lon": str(east)} for north, east in ((lat, lon), (other_lat, other_lon)))
    found = slips(row, base=[other | {"node_id": "packaged"}])
    assert [rule.split()[1] for _, rule, _ in found] == ([f"{degrees:g}"] if degrees else [])


def test_a_namesake_in_the_file_is_told_once_and_a_stranger_never():
    found = slips({"name": "Koh (old)", "lat": "26"}, {"name": "KOH", "lat": "27.01"}, {"name": "Hill", "lat": "28"})
    assert [row for row, *_ in found] == [1]
    assert "row 2" in found[0][1]


def test_the_row_that_a_file_replaces_is_compared_by_its_key():
    found = slips({"lat": "26.9"}, base=[{"node_id": "n0", "name": "Another", "lat": "27"}])
    assert ["0.1 degree of latitude" in rule for _, rule, _ in found] == [True]


def test_boundaries_are_read_with_their_ids(tmp_path, layers):
    areas = read_areas(layers.root / "boundaries" / "provinces.geojson", "province_id")
    assert set(areas.ids) == set(layers["province_aliases"]["province_id"])
    np.testing.assert_allclose(areas.bounds, layers.geometry("provinces").total_bounds)
    assert read_areas(tmp_path / "none.geojson", "province_id") is None
    for content in ("", "{", "[]", '{"features": [{"geometry": null, "properties": {}}]}',
        '{"features": [{"geometry": {"type": "Point"}, "properties": {}}]}'):
        (tmp_path / "x.geojson").write_text(content, encoding="utf8")
        with pytest.raises(LayerError, match=r"x\.geojson"):
            read_areas(tmp_path / "x.geojson", "province_id")
