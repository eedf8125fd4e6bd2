"""Charts draw what they are given: lengths follow figures, nothing known is hatched, and words stay words."""

from __future__ import annotations

import itertools
import math
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.outputs.charts import (
    BAR,
    LEFT,
    PALE,
    RIGHT,
    WIDTH,
    add,
    draw_feed,
    draw_flow,
    draw_why,
    find_step,
    open_chart,
    print_chart,
    shorten,
)

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = ['<script>alert("x")</script>', "#import \"/etc/passwd\"", "]$\\", "a & b", "\x1b[31m\x00red"]


def shapes(svg, tag):
    return ET.fromstring(svg).iter(f"{NS}{tag}")  # noqa: S314  our own chart


def words(svg):
    return [shape.text for shape in shapes(svg, "text")]


def cell(name, weight, v, label="Freight: how dear"):
    return {"criterion_id": name, "label": label, "weight": weight, "v": v, "value": v, "unit": "1"}


def year(at, tonnes, *, kind="free", scenario="on_time", low=None, high=None):
    ends = {"feed_t_per_y_low": tonnes if low is None else low, "feed_t_per_y_high": tonnes if high is None else high}
    return {"scenario": scenario, "year": at, "availability": kind, "feed_t_per_y": tonnes, **ends}


# What makes up a score


def bars(svg):
    return [(shape.get("fill"), float(shape.get("width"))) for shape in shapes(svg, "rect")]


def test_a_bar_is_as_long_as_weight_times_value():
    drawn = bars(draw_why([cell("A", 0.5, 0.25), cell("B", 0.25, 1.0)]))
    full = WIDTH - LEFT - RIGHT
    assert drawn == [
        (PALE, pytest.approx(full, abs=0.01)),
        (BAR, pytest.approx(full / 4, abs=0.01)),
        (PALE, pytest.approx(full / 2, abs=0.01)),
        (BAR, pytest.approx(full / 2, abs=0.01)),
    ]


def test_what_is_not_known_is_hatched_over_its_whole_weight_and_never_filled():
    svg = draw_why([cell("A", 0.2, None)])
    assert [fill for fill, _ in bars(svg)] == ["url(#hatch)"]
    assert "unknown, of 0.200" in words(svg)


def test_criteria_stand_by_weight_and_those_without_are_left_out():
    cells = [cell("A", 0.1, 0.5, "Last"), cell("B", 0.3, 0.5, "First"), cell("C", 0.0, 0.5, "No weight"), cell("D", None, 0.5, "None")]
    told = words(draw_why(cells))
    assert told == ["First", "0.150 of 0.300", "Last", "0.050 of 0.100"]


def test_ties_of_weight_stand_by_name():
    told = words(draw_why([cell("B", 0.1, 0.5, "two"), cell("A", 0.1, 0.5, "one")]))
    assert told[::2] == ["one", "two"]


def test_only_the_name_of_a_criterion_is_written_not_its_explanation():
    assert words(draw_why([cell("A", 0.1, 1.0, "Feed secured: payable metal in reach")]))[0] == "Feed secured"


def test_a_score_of_nothing_draws_an_empty_sheet():
    assert list(shapes(draw_why([]), "text")) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0.001, 1.0), st.none() | st.floats(0.0, 1.0)), min_size=1, max_size=12))
def test_no_bar_leaves_its_room(pairs):
    svg = draw_why([cell(f"C{at}", weight, v) for at, (weight, v) in enumerate(pairs)])
    height = float(ET.fromstring(svg).get("height"))  # noqa: S314  our own chart
    for shape in shapes(svg, "rect"):
        assert 0.0 <= float(shape.get("width")) <= WIDTH - LEFT - RIGHT + 0.01
        assert float(shape.get("y")) + float(shape.get("height")) <= height


# Feed by year


def test_the_lines_of_feed_are_drawn_by_kind_and_named():
    rows = [year(2026, 1e5), year(2027, 2e5), year(2026, 5e4, kind="captive"), year(2027, 5e4, kind="unknown")]
    svg = draw_feed(rows, 1.5e5, scenario="on_time")
    assert len(list(shapes(svg, "polyline"))) == 3
    assert {"free", "captive", "holder unknown", "what the plant eats", "thousand t of feed a year", "2026", "2027"} <= set(words(svg))
    dashes = [line.get("stroke-dasharray") for line in shapes(svg, "polyline")]
    assert len(set(dashes)) == 3


def heights(svg):
    (line,) = shapes(svg, "polyline")
    return [float(pair.split(",")[1]) for pair in line.get("points").split()]


def test_a_line_is_as_high_as_its_tonnes():
    drawn = heights(draw_feed([year(2026, 0.0), year(2027, 1e5), year(2028, 5e4)], None, scenario="on_time"))
    ground, top = drawn[0], drawn[2]
    assert drawn[:2] == [ground, ground]
    assert (ground - drawn[4]) / (ground - top) == pytest.approx(0.5, abs=1e-3)


def test_the_band_holds_the_line():
    svg = draw_feed([year(2026, 1e5, low=5e4, high=3e5), year(2027, 1e5, low=0.0, high=2e5)], None, scenario="on_time")
    (band,) = shapes(svg, "polygon")
    edges = [float(pair.split(",")[1]) for pair in band.get("points").split()]
    assert min(edges) < min(heights(svg)) <= max(heights(svg)) < max(edges)


def test_only_the_first_ore_on_time_is_drawn():
    svg = draw_feed([year(2026, 1e5), year(2026, 9e9, scenario="late"), year(2026, 9e9, scenario="never")], None, scenario="on_time")
    assert len(list(shapes(svg, "polyline"))) == 1
    assert "100" in words(svg)


@pytest.mark.parametrize("rows", [[], [year(2026, None)], [year(2026, 0.0)], [year(2026, 1e5, scenario="late")]])
def test_where_no_tonne_is_known_no_curve_is_drawn(rows):
    assert draw_feed(rows, None, scenario="on_time") == ""


def test_what_a_plant_eats_alone_is_no_curve():
    assert draw_feed([], 1e5, scenario="on_time") == ""


def test_names_at_the_ends_do_not_cover_one_another():
    kinds = ("free", "captive", "committed", "contested", "unknown")
    svg = draw_feed([year(2026, 1e5, kind=kind) for kind in kinds], 1e5, scenario="on_time")
    named = {*kinds, "holder unknown", "what the plant eats"}
    spots = sorted(float(shape.get("y")) for shape in shapes(svg, "text") if shape.text in named)
    assert len(spots) == 6
    assert min(right - left for left, right in itertools.pairwise(spots)) >= 8


def test_a_long_span_of_years_is_labelled_now_and_then():
    told = words(draw_feed([year(at, 1e5) for at in range(2026, 2066)], None, scenario="on_time"))
    years = [one for one in told if one.startswith("20") and len(one) == 4]
    assert years[0] == "2026"
    assert len(years) <= 9


# Cash flow


def test_what_is_paid_out_hangs_below_the_line_and_is_pale():
    drawn = [shape.attrib for shape in shapes(draw_flow([{"years": 0, "cash_flow": -100.0}, {"years": 1, "cash_flow": 50.0}]), "rect")]
    out, back = drawn
    assert (out["fill"], back["fill"]) == (PALE, BAR)
    assert float(out["height"]) == pytest.approx(2 * float(back["height"]), abs=0.02)
    assert float(out["y"]) == pytest.approx(float(back["y"]) + float(back["height"]), abs=0.02)


def test_years_of_payment_are_drawn_in_order():
    told = words(draw_flow([{"years": at, "cash_flow": 1.0 + at} for at in (3, 1, 2)]))
    assert [one for one in told if one in {"1", "2", "3"}][-3:] == ["1", "2", "3"]
    assert "million USD a year" in told


@pytest.mark.parametrize("flows", [[], [{"years": 0, "cash_flow": None}], [{"years": 0, "cash_flow": 0.0}]])
def test_no_cash_flow_is_no_chart(flows):
    assert draw_flow(flows) == ""


def test_a_gain_in_every_year_stands_on_the_ground():
    (shape,) = shapes(draw_flow([{"years": 0, "cash_flow": 7.0}]), "rect")
    assert float(shape.get("height")) > 0


# The kit


@pytest.mark.parametrize(
    ("span", "step"), [(1.0, 0.25), (100.0, 25.0), (4.0, 1.0), (3.0, 1.0), (190.0, 50.0), (7.0, 2.0), (1e6, 2.5e5), (41.0, 20.0)]
)
def test_steps_are_round(span, step):
    assert find_step(span) == pytest.approx(step)


@given(st.floats(1e-6, 1e12), st.integers(1, 10))
def test_a_step_parts_a_span_into_at_most_so_many_pieces(span, parts):
    step = find_step(span, parts)
    assert step * parts >= span * (1 - 1e-6)
    assert round(step / 10 ** math.floor(math.log10(step) + 1e-9), 6) in {1.0, 2.0, 2.5, 5.0, 10.0}


@pytest.mark.parametrize("told", HOSTILE)
def test_any_text_stays_text(told):
    root = open_chart(10, 10)
    add(root, "text", told, x=1.25, fill="#fff", font_size=2)
    (shape,) = shapes(print_chart(root), "text")
    assert shape.text == told.replace("\x1b", "\ufffd").replace("\x00", "\ufffd")
    assert shape.attrib == {"x": "1.25", "fill": "#fff", "font-size": "2"}


@given(st.text(max_size=200), st.floats(20, 400))
def test_shortened_words_keep_their_beginning(told, width):
    kept = shorten(told, width)
    assert len(kept) <= max(len(told), 1)
    assert kept == told or (kept.endswith("\u2026") and told.startswith(kept[:-1]))


def test_the_curve_is_that_of_the_scenario_asked_for():
    rows = [year(2026, 1e5), year(2026, 3e5, scenario="late"), year(2027, 2e5, scenario="late")]
    late, on_time = (draw_feed(rows, None, scenario=name) for name in ("late", "on_time"))
    assert late != on_time
    assert "2027" in late
    assert "2027" not in on_time
    assert draw_feed(rows, None, scenario="never") == ""
