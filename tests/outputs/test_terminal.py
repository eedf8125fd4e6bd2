"""What the terminal prints: plain words of a fixed width, whatever the names are, and JSON that any program reads."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from geokit.catalog.overlay import Change
from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.network import Leg, Route
from geokit.outputs.run import ALL_STEPS
from geokit.outputs.terminal import WIDTH, print_answer, print_explanation, print_frame, print_route, print_summary, track_steps

ON = dt.date(2026, 11, 22)
CASES = tuple(Case("p", ON, track, ON) for track in Track)
HOSTILE = ["[bold]x[/bold]", "[/]", "[link=file:///etc]y[/link]", "<img src=x>", "=cmd|' /C calc'!A0", "\\[red]", ":smile:", "100 % {x}"]
STEERING = ["\x1b[31mred", "\x1b]0;title\x07", "one\rtwo", "back\x08\x08", "\x9b2J", "\u202egnp.exe", "a\tb"]
LONG = "Kohistan-" * 60


def refuse(word):
    """Stop at what Python reads as JSON and nobody else does."""
    raise AssertionError(word)


def read_json(text):
    return json.loads(text, parse_constant=refuse)


def squeeze(text):
    """Return the signs of a text without its layout."""
    return "".join(text.split())


@pytest.fixture
def show(capsys, monkeypatch):
    """Print through one of the functions into a pipe and return what came out."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)

    def call(function, *given, **options):
        function(*given, **options)
        return capsys.readouterr().out

    return call


def study(name="Zone: smelter", **changes):
    """Return as much of a study as the summary reads: two readings, two rows."""
    rows = pd.DataFrame(
        {
            "rank": [1.0, 2.0],
            "alternative": ["zone:mill", "export:mill"],
            "score": [0.5, 0.25],
            "score_p10": [0.4, 0.2],
            "score_p90": [0.6, 0.3],
            "reason": ["No. 1 because feed is near.", "No. 2."],
            "status_reason": ["its feed is contested", ""],
        }
    )
    told = {
        "layers": {"partners": pd.DataFrame({"partner_id": ["p"], "label": ["Partner"]})},
        "alternatives": pd.DataFrame({"alternative": ["zone:mill", "export:mill"], "label": [name, "Export as it is"]}),
        "cases": CASES,
        "warnings": ("the law is unsettled", "prices are old"),
        "headlines": {CASES[0].case_id: "No plant beats exporting.", CASES[1].case_id: "as practised"},
        "remarks": {CASES[0].case_id: "0 of 1 plants have a value.", CASES[1].case_id: ""},
        "ranking": lambda partner, *, track, top: rows.head(top) if (partner, track) == ("p", Track.TEXT) else rows.head(0),
    }
    return SimpleNamespace(**(told | changes))


def test_the_summary_opens_with_the_warnings_and_ends_with_the_file(show):
    lines = show(print_summary, study(), Path("out/map.html")).splitlines()
    assert lines[:2] == ["! the law is unsettled", "! prices are old"]
    assert lines[-1].strip() == "Open out/map.html"
    assert "out/unknowns.csv" in lines[-2]


def test_the_summary_gives_one_reading_of_each_partner_with_rows_in_order(show):
    told = show(print_summary, study(), Path("out/map.html"))
    assert "Partner: No plant beats exporting." in told
    assert "as practised" not in told
    assert told.index("Zone: smelter") < told.index("feed is near") < told.index("Export as it is") < told.index("0 of 1 plants")
    assert "0.40 to 0.60" in told


def test_a_condition_is_told_only_where_there_is_one(show):
    told = show(print_summary, study(), Path("out/map.html"))
    assert told.count("Condition:") == 1
    assert "Condition: its feed is contested." in " ".join(told.split())


@pytest.mark.parametrize("name", HOSTILE)
def test_marks_in_a_name_are_printed_and_not_obeyed(show, name):
    for told in (
        show(print_summary, study(name, warnings=(name,), headlines=dict.fromkeys([case.case_id for case in CASES], name)), Path("m")),
        show(print_frame, pd.DataFrame({"name": [name]})),
        show(print_explanation, explanation(name)),
    ):
        assert squeeze(name) in squeeze(told)
        assert "\x1b" not in told


@pytest.mark.parametrize("name", STEERING)
def test_signs_that_steer_a_terminal_never_reach_it(show, name):
    wide = pd.DataFrame({f"column_{number}": [name] for number in range(20)})
    for told in (
        show(print_summary, study(name, remarks=dict.fromkeys([case.case_id for case in CASES], name)), Path("m")),
        show(print_frame, pd.DataFrame({"name": [name]})),
        show(print_frame, wide),
        show(print_explanation, explanation(name)),
        show(print_route, route(name)),
    ):
        assert not set(told) & set("\x07\x08\x09\r\x1b\x9b\u202e")
        assert "\ufffd" in told


@pytest.mark.parametrize("name", [LONG, LONG.replace("-", " "), LONG.replace("-", "\n")])
def test_no_line_is_longer_than_a_page_and_no_word_is_lost(show, name):
    for told in (
        show(print_summary, study(name), Path("m")),
        show(print_frame, pd.DataFrame({"short": [1.5], "name": [name]})),
        show(print_explanation, explanation(name)),
    ):
        assert max(map(len, told.splitlines())) <= WIDTH
        assert squeeze(told).count("Kohistan") == 60


def test_a_narrow_table_has_a_line_of_names_and_a_line_a_row(show):
    table = pd.DataFrame({"hill": ["a", "b"], "height_m": [1234.5678, np.nan], "steep": [True, False], "note": ["", None]})
    head, first, second = (line.split() for line in show(print_frame, table).splitlines())
    assert head == ["hill", "height_m", "steep", "note"]
    assert first == ["a", "1235", "True"]
    assert second == ["b", "False"]


def test_a_wide_table_is_printed_row_by_row_with_its_names_and_without_its_blanks(show):
    table = pd.DataFrame({f"column_{number}": [f"value {number}", ""] for number in range(30)}).assign(gap=np.nan, last="end")
    lines = show(print_frame, table).splitlines()
    told = " ".join(" ".join(lines).split())
    assert all(f"column_{number} value {number}," in told for number in range(30))
    assert "gap" not in told
    assert lines[-1] == "  last end"


def test_a_table_without_rows_prints_its_names(show):
    assert show(print_frame, pd.DataFrame({"hill": [], "height_m": []})).split() == ["hill", "height_m"]


def read_answer(text):
    return read_json(text)["answer"]


def test_a_table_as_json_has_null_for_what_is_missing(show):
    table = pd.DataFrame({"hill": ["a", "é"], "height_m": [1.5, np.nan], "far_m": [np.inf, 2.0], "steep": [True, None]})
    assert read_answer(show(print_answer, table, None)) == [
        {"hill": "a", "height_m": 1.5, "far_m": None, "steep": True},
        {"hill": "é", "height_m": None, "far_m": 2.0, "steep": None},
    ]


@pytest.mark.parametrize("name", [*HOSTILE, *STEERING, LONG, "\x00", '"', "\n"])
def test_any_name_comes_back_from_json(show, name):
    assert read_answer(show(print_answer, pd.DataFrame({"name": [name]}), None)) == [{"name": name}]


def test_an_answer_says_which_layers_it_rests_on_and_what_the_user_changed(show, layers):
    mark = Change("deposits", "mine.csv", "ab12", ("reko-diq",), ())
    told = read_json(show(print_answer, [], dataclasses.replace(layers, modified=("deposits",), changes=(mark,))))["layers"]
    assert told == {
        "version": layers.version,
        "verified_on": layers.verified_on.isoformat(),
        "modified": ["deposits"],
        "changes": [{"table": "deposits", "file": "mine.csv", "sha256": "ab12", "changed": 1, "added": 0}],
    }
    assert read_json(show(print_answer, [], layers))["layers"]["modified"] == []
    assert read_json(show(print_answer, [], None)) == {"layers": None, "notes": [], "answer": []}


def explanation(name="Zone: smelter"):
    names = (
        "line law_age ranking cells economics dependency exposure procurement frontier outages feeds hauls gates "
        "balance merit feed_years feed_gaps inbound value_states cash_flows"
    )
    tables = {key: [] for key in names.split()}
    sources = [{"source_id": "s1", "title": "A survey", "date": "2026", "url": ""}]
    return {"alternative": "zone:mill", "label": name, "partner": "Japan", "case": "p/text/2026-11-22", **tables, "sources": sources}


def test_an_explanation_opens_with_the_question_and_leaves_empty_parts_out(show):
    lines = show(print_explanation, explanation()).splitlines()
    assert lines == ["Zone: smelter, for Japan on 2026-11-22, law by its text", "", "Sources", "[s1] A survey, 2026"]


def test_an_explanation_as_json_is_the_tree_itself(show):
    tree = explanation() | {"cells": [{"criterion_id": "F1", "value": None}]}
    assert read_answer(show(print_answer, tree, None)) == tree


def route(name="Hill", *, legs=True):
    ways = (Leg("road", "N-1", name, "Port", 80.0, 2.0, 8.0), Leg("sea", "sea lane", "Port", "Far", 1000.0, 60.0, 30.5))
    return Route("hill", "FAR", "", ways if legs else (), 30.0, 38.5, 60.0, 62.0, ("strait",), "dues not found")


def test_a_route_prints_its_legs_and_their_sum(show):
    told = show(print_route, route())
    lines = told.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["mode", "road", "sea", "1,080"]
    assert lines[3] == "1,080 km, 62 h (2.6 days), 30.0 to 60.0 USD/t, most likely 38.5"


def test_a_route_says_what_it_takes_for_open_and_leaves_out(show):
    told = show(print_route, route())
    assert "assumed open: strait" in told
    assert "dues not found" in told


def test_a_route_that_goes_nowhere_prints_only_its_sum(show):
    assert show(print_route, route(legs=False)).split()[:2] == ["0", "km,"]


def test_a_route_as_json_keeps_legs_passages_and_note(show):
    tree = read_answer(show(print_answer, route().as_dict(), None))
    assert [(leg["from"], leg["to"]) for leg in tree["legs"]] == [("Hill", "Port"), ("Port", "Far")]
    assert (tree["assumed_open"], tree["note"]) == (["strait"], "dues not found")


def test_the_bar_takes_every_step_by_name_and_is_silent_in_a_pipe(capsys):
    with track_steps() as start:
        for step in ALL_STEPS:
            start(step)
    assert capsys.readouterr() == ("", "")
