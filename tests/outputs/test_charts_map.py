"""The map stands every mark at its place, covers no mark by another, and draws what a poor folder of layers holds."""

from __future__ import annotations

import itertools
import re
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.outputs.charts import WIDTH
from geokit.outputs.charts_map import MARK, _is_clear, _try_spots, draw_map
from geokit.outputs.view import view_study

NS = "{http://www.w3.org/2000/svg}"


def read(svg):
    return ET.fromstring(svg)  # noqa: S314  our own map


def texts(svg):
    return [shape.text for shape in read(svg).iter(f"{NS}text")]


@pytest.fixture(scope="module")
def view(sample):
    return view_study(sample)


@pytest.fixture(scope="module")
def places(view):
    sites = view.layer("sites").dropna(subset=["lat"])
    return sites.loc[sites["role"] == "candidate", "site_id"].tolist()


@pytest.fixture(scope="module")
def drawn(view, places):
    return draw_map(view, [(str(rank), place) for rank, place in enumerate(places[:10], 1)])


def squares(svg):
    """Return the middle of each numbered square by its rank."""
    side, found = f"{MARK:g}", {}
    parts = list(read(svg).iter())
    for shape, after in itertools.pairwise(parts):
        if shape.tag == f"{NS}rect" and shape.get("width") == side and after.tag == f"{NS}text":
            found[after.text] = (float(shape.get("x")) + MARK / 2, float(shape.get("y")) + MARK / 2)
    return found


def test_every_leading_site_is_numbered_once_and_none_covers_another(drawn):
    found = squares(drawn)
    assert list(found) == [str(rank) for rank in range(1, 11)]
    for one, other in itertools.combinations(found.values(), 2):
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= MARK


def test_north_is_up_and_east_is_right(view):
    sites = view.layer("sites").dropna(subset=["lat", "lon"]).set_index("site_id")
    south, north = sites["lat"].idxmin(), sites["lat"].idxmax()
    west, east = sites["lon"].idxmin(), sites["lon"].idxmax()
    found = squares(draw_map(view, [("s", south), ("n", north), ("w", west), ("e", east)]))
    assert found["n"][1] < found["s"][1]
    assert found["w"][0] < found["e"][0]


def test_distances_are_true_to_the_scale_bar(drawn, view, places):
    bar = next(shape for shape in read(drawn).iter(f"{NS}path") if " v3 h" in shape.get("d"))
    length = float(re.search(r" h([\d.]+)", bar.get("d"))[1])
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in read(drawn).iter(f"{NS}circle") if dot.get("r") == "1.2"]
    sites = view.layer("sites").set_index("site_id").loc[places[:10], ["lat", "lon"]].to_numpy()
    for (one, place), (other, there) in itertools.combinations(zip(dots, sites, strict=True), 2):
        north_km = 111.195 * (there[0] - place[0])
        assert (one[1] - other[1]) / length * 200 == pytest.approx(north_km, abs=1.0)


def test_every_deposit_is_a_circle_hollow_where_no_tonnage_is_published(drawn, view):
    table = view.layer("deposits").dropna(subset=["lat", "lon"])
    marks = [dot for dot in read(drawn).iter(f"{NS}circle") if dot.get("r") == "3.3" and "translate" not in str(dot.get("transform"))]
    legend = 1  # the legend shows a hollow one
    assert len(marks) == len(table) + (legend if any(dot.get("cy") == "-2.6" for dot in marks) else 0)
    hollow = sum(dot.get("fill") == "#ffffff" for dot in marks)
    assert hollow >= int(table["tonnage_million_t_mode"].isna().sum())


def test_the_legend_names_every_mark_and_the_groups_that_are_drawn(drawn):
    told = texts(drawn)
    marks = {"site with its rank", "other site", "port", "hollow: no tonnage published"}
    lines = {"road", "rail", "shut, planned or unsure", "disputed line", "200 km"}
    assert marks | lines | {"copper", "antimony"} <= set(told)


def test_nothing_is_written_outside_the_sheet(drawn):
    root = read(drawn)
    height = float(root.get("height"))
    for shape in root.iter(f"{NS}text"):
        if shape.get("x") and float(shape.get("y")) > 0:
            assert 0 <= float(shape.get("x")) <= WIDTH
            assert float(shape.get("y")) <= height


def test_a_deposit_can_lead_and_a_place_that_nobody_knows_is_left_out(view):
    name = view.layer("deposits").dropna(subset=["lat"])["deposit_id"].iloc[0]
    assert list(squares(draw_map(view, [("1", name), ("2", "no-such-place")]))) == ["1"]


def test_names_with_markup_stay_text(hostile, hostile_words):
    poisoned = view_study(hostile)
    ports = poisoned.layers["ports"].assign(name=hostile_words[0], role_code="origin")
    tables = {**dict(poisoned.layers), "ports": ports}
    layer = lambda name, columns=(): tables.get(name, pd.DataFrame(columns=list(columns)))  # noqa: E731
    svg = draw_map(SimpleNamespace(layers=poisoned.layers, layer=layer), [])
    assert not [shape for shape in read(svg).iter() if shape.tag.rpartition("}")[2] in {"img", "script"}]
    assert hostile_words[0] in texts(svg)


class Bare(dict):
    """A folder of layers with boundaries of nothing."""

    def geometry(self, name):
        raise LookupError(name)


def bare(**tables):
    return SimpleNamespace(layers=Bare(tables), layer=lambda name, columns=(): tables.get(name, pd.DataFrame(columns=list(columns))))


def test_a_folder_that_places_nothing_gives_no_map():
    assert draw_map(bare(), [("1", "a")]) == ""
    assert draw_map(bare(sites=pd.DataFrame({"site_id": ["a"], "lat": [float("nan")], "lon": [1.0]})), []) == ""


def test_a_folder_of_one_site_gives_a_map_of_it():
    site = pd.DataFrame({"site_id": ["a"], "lat": [10.0], "lon": [20.0]})
    svg = draw_map(bare(sites=site), [("7", "a")])
    ((x, y),) = squares(svg).values()
    assert x == pytest.approx(WIDTH / 2, abs=0.1)
    assert y > 0
    assert list(squares(svg)) == ["7"]


def test_the_same_study_gives_the_same_map(view, places):
    leading = [(str(rank), place) for rank, place in enumerate(places[:5], 1)]
    assert draw_map(view, leading) == draw_map(view, leading)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), min_size=1, max_size=15))
def test_marks_however_close_find_room(points):
    spots = []
    for point in points:
        spots.append(next(at for at in _try_spots(*point) if all(_is_clear(at, other) for other in spots)))
    for one, other in itertools.combinations(spots, 2):
        assert _is_clear(one, other)
    assert spots[0] == points[0]
