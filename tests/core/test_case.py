"""A case has one name, and errors say what to do."""

from __future__ import annotations

import datetime as dt

import pytest

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.core.columns import join_ids, split_ids
from geokit.core.errors import GeokitError, LayerError, Problem, UnknownNameError

ON = dt.date(2026, 11, 22)


def test_the_case_id_names_partner_track_and_date():
    assert Case("japan", ON, Track.TEXT, ON).case_id == "japan/text/2026-11-22"


def test_an_older_date_of_knowledge_shows_in_the_id():
    assert Case("japan", ON, Track.TEXT, dt.date(2025, 10, 1)).case_id.endswith("/2025-10-01")


@pytest.mark.parametrize(("cell", "parts"), [("a|b;c", ("a", "b", "c")), ("", ()), (None, ()), (float("nan"), ()), (" a ;; ", ("a",))])
def test_ids_in_a_cell_are_split_on_both_signs(cell, parts):
    assert split_ids(cell) == parts


def test_joining_sorts_and_drops_repetitions():
    assert join_ids(["b|a", "a", ""]) == "a;b"


def test_a_layer_error_tells_every_problem_in_order():
    error = LayerError([Problem("b.csv, row 3", "x", "is no number", "write a figure"), Problem("a.csv", "", "is empty", "fill it")])
    lines = str(error).splitlines()
    assert lines[0].startswith("2 problem(s)")
    assert "a.csv" in lines[1]
    assert "'x' is no number; write a figure" in lines[2]


def test_an_unknown_name_offers_the_nearest():
    error = UnknownNameError("partner", "japn", ["korea", "japan"])
    assert "'japn'" in str(error)
    assert "japan" in str(error)
    assert isinstance(error, GeokitError)
    assert isinstance(error, LookupError)


def test_an_unknown_name_unlike_any_lists_what_there_is():
    assert "korea" in str(UnknownNameError("partner", "zzzzzz", ["korea"]))
