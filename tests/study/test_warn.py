"""What a reader must know first."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from geokit.catalog.overlay import Change
from geokit.core.errors import Problem
from geokit.study.warn import list_warnings

ON = dt.date(2026, 11, 22)


class Facts(dict):
    modified = ()
    changes = ()
    doubts = ()
    verified_on = ON


def facts(verified="2026-11-01"):
    events = pd.DataFrame({"clause_id": ["a"], "track": ["practice"], "valid_to_exclusive": ["2027-01-11"]})
    return Facts(clauses=pd.DataFrame({"clause_id": ["a", "b"], "last_verified": [verified, "2026-11-20"]}), status_events=events)


def states(practice="suspended"):
    return pd.DataFrame({"clause_id": ["a"], "state_as_law_stands": ["in_force"], "state_as_practised": [practice]})


def hauls(*named):
    return pd.DataFrame({"assumed_open": list(named) or [""]})


def test_a_split_between_text_and_practice_is_told_with_its_end():
    line = list_warnings(facts(), states(), hauls(), on=ON)[0]
    assert "1 clauses are in force by their text and not as practised" in line
    assert "10 Jan 2027" in line


def test_law_that_text_and_practice_agree_on_needs_no_word():
    told = list_warnings(facts(), states("in_force"), hauls(), on=ON)
    assert not any("unsettled" in line for line in told)


def test_a_clause_verified_long_ago_or_never_is_stale():
    assert any(line.startswith("1 of 2 clauses") for line in list_warnings(facts("2026-08-01"), states(), hauls(), on=ON))
    assert any(line.startswith("1 of 2 clauses") for line in list_warnings(facts(""), states(), hauls(), on=ON))
    assert not any("last verified" in line for line in list_warnings(facts(), states(), hauls(), on=ON))


def test_passages_taken_as_open_are_named_once():
    told = list_warnings(facts(), states(), hauls("strait", "strait|canal", ""), on=ON)
    assert "Routes assume these passages open: canal, strait." in told


def test_the_words_of_every_output_come_last():
    assert list_warnings(facts(), states(), hauls(), on=ON)[-1].startswith("Screening, not a feasibility study; not legal advice")


def test_a_modified_layer_is_named():
    changed = facts()
    changed.modified = ("deposits",)
    assert "Modified layers: deposits." in list_warnings(changed, states(), hauls(), on=ON)


def test_what_a_file_of_the_user_changed_is_counted_and_comes_first():
    changed = facts()
    changed.modified = ("deposits", "ports")
    changed.changes = (Change("deposits", "mine.csv", "0" * 64, 1, 2),)
    changed.doubts = (Problem("mine.csv", "x", "looks like a duplicate", "merge", is_doubt=True),)
    first, *_ = list_warnings(changed, states(), hauls(), on=dt.date(2027, 3, 1))
    assert first == "Modified layers: deposits (1 row changed, 2 added by mine.csv), ports. They raise 1 doubt, which geokit check lists."


def test_another_day_than_that_of_the_facts_is_told_first():
    told = list_warnings(facts(), states(), hauls(), on=dt.date(2027, 3, 1))[0]
    assert told.startswith("Only the law is read on 01 Mar 2027")
    assert "as of 22 Nov 2026" in told
