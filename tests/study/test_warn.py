"""What a reader must know first."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
import pytest

from geokit.catalog.overlay import Change
from geokit.core.errors import Problem
from geokit.study.warn import find_touching, list_law_warnings, list_plant_warnings, list_turns, list_warnings

ON = dt.date(2026, 11, 22)


class Facts(dict):
    modified = ()
    changes = ()
    doubts = ()
    verified_on = ON


def facts(*, price="2026-11-01", passage="2026-11-20"):
    rows = [
        ("a", "text", "suspended", "2025-11-07", "2026-11-11", "2025-11-07", "s"),
        ("a", "text", "in_force", "2026-11-11", "", "2025-11-07", "s"),
        ("a", "practice", "suspended", "2025-11-07", "2027-01-11", "2026-09-28", "s"),
        ("b", "text", "in_force", "2025-01-01", "", "2025-01-01", "s"),
    ]
    columns = ["clause_id", "track", "state", "valid_from", "valid_to_exclusive", "recorded_on", "source_id"]
    return Facts(
        status_events=pd.DataFrame(rows, columns=columns),
        instruments=pd.DataFrame({"instrument_id": ["A", "B"], "number": ["No.1", ""], "title": ["one", "An act"]}),
        ports=pd.DataFrame(
            {
                "port_id": ["quay"], "role_code": ["origin"], "status_code": ["operating"], "node_id": ["n"], "capacity_note": [""],
                "capacity_kt_per_year_low": [5.0], "capacity_kt_per_year_high": [9.0],
            }
        ),
        clauses=pd.DataFrame({"clause_id": ["a", "b"], "instrument_id": ["A", "B"]}),
        regimes=pd.DataFrame({"regime_id": ["renewed"], "clause_ids": ["a|z"]}),
        passages=pd.DataFrame({"passage_or_site": ["strait", "canal"], "source_date": [passage, "2026-01"]}),
        prices=pd.DataFrame({"latest_date": ["", "2019", price]}),
        links=pd.DataFrame(
            {"link_id": ["way"], "status_code": ["open"], "length_km": [9.0], "heavy_trucks": ["yes"], "capacity_kt_per_year": [100.0]}
        ),
    )


def states(practice="suspended", verified="2026-11-12"):
    return pd.DataFrame(
        {
            "clause_id": ["a", "b"], "instrument_id": ["A", "B"], "state_as_law_stands": ["in_force", "in_force"],
            "state_as_practised": [practice, "in_force"], "last_verified": [verified, "2026-11-20"], "next_change": ["", ""],
        }
    )


def hauls(*named):
    return pd.DataFrame({"assumed_open": list(named) or [""]})


def test_a_split_between_text_and_practice_is_told_with_its_end():
    line = list_warnings(facts(), states(), hauls(), on=ON)[0]
    assert "1 clause is in force by its text and not as practised" in line
    assert "10 Jan 2027" in line


def test_law_that_text_and_practice_agree_on_needs_no_word():
    told = list_warnings(facts(), states("in_force"), hauls(), on=ON)
    assert not any("unsettled" in line for line in told)


@pytest.mark.parametrize(
    ("verified", "told"),
    [
        ("2026-10-08", ""),
        ("2026-10-07", "No.1 (07 Oct 2026)"),
        ("", "No.1 (no date)"),
    ],
)
def test_a_clause_verified_more_than_45_days_ago_or_never_is_stale(verified, told):
    """45 days before 22 Nov 2026 is 8 Oct 2026."""
    found = [line for line in list_warnings(facts(), states(verified=verified), hauls(), on=ON) if "last verified" in line]
    assert bool(found) == bool(told)
    assert all(line.startswith("1 of 2 clauses were last verified more than 45 days before") and told in line for line in found)


def test_only_the_clauses_that_touch_a_ranked_plant_are_told_when_these_are_named():
    told = list_warnings(facts(), states(verified=""), hauls(), on=ON, touching=frozenset({"b"}))
    assert not any("verified" in line for line in told)
    told = list_warnings(facts(), states(verified=""), hauls(), on=ON, touching=frozenset({"a"}))
    assert any(line.startswith("1 of 1 clauses that touch ranked plants") for line in told)


@pytest.mark.parametrize(
    ("clauses", "splits", "regime"),
    [({"a"}, True, True), ({"b"}, False, False), ({"a", "b"}, True, True), (set(), False, False), ({"z"}, False, False)],
)
def test_of_the_law_a_plant_is_told_only_what_touches_it(clauses, splits, regime):
    """Clause a differs between text and practice and a regime decides it; clause b neither; z is of another plant."""
    told = list_plant_warnings(facts(), states(), hauls("strait"), clauses=clauses, on=ON, regime="Political states mixed.")
    assert any(line.startswith("Law unsettled") for line in told) == splits
    assert ("Political states mixed." in told) == regime
    assert not any("verified" in line for line in told)
    assert told[-1].startswith("Screening, not a feasibility study")
    assert any("strait" in line for line in told)


def test_what_all_plants_are_told_holds_all_that_one_is_told():
    whole = list_warnings(facts(), states(), hauls("canal"), on=ON, regime="Mixed.")
    for clauses in ({"a"}, {"b"}, {"a", "b"}):
        assert set(list_plant_warnings(facts(), states(), hauls("canal"), clauses=clauses, on=ON, regime="Mixed.")) <= set(whole)


@pytest.mark.parametrize(
    ("verified", "on", "told"),
    [
        ("2026-11-10", dt.date(2026, 11, 10), ""),
        ("2026-11-10", dt.date(2026, 11, 11), "No.1 (11 Nov 2026)"),
        ("2026-11-11", dt.date(2026, 11, 22), ""),
        ("2026-11-12", dt.date(2027, 1, 10), ""),
        ("2026-11-12", dt.date(2027, 1, 11), "No.1 (11 Jan 2027)"),
        ("2026-11-10", dt.date(2027, 1, 11), "No.1 (11 Jan 2027)"),
    ],
)
def test_a_question_past_a_dated_change_that_nobody_verified_since_is_told(verified, on, told):
    """The text of clause a changes on 11 Nov 2026, its practice ends on 11 Jan 2027."""
    found = [line for line in list_warnings(facts(), states(verified=verified), hauls(), on=on) if line.startswith("Dated changes passed")]
    assert found == ([f"Dated changes passed that nobody has verified since: {told}."] if told else [])


def test_a_change_recorded_after_the_date_of_knowledge_is_no_warning():
    given = {"on": dt.date(2027, 1, 11), "known_on": dt.date(2025, 11, 6)}
    assert not any("Dated changes" in line for line in list_warnings(facts(), states(verified="2025-10-01"), hauls(), **given))


@pytest.mark.parametrize(("known_on", "is_late"), [("2026-11-22", False), ("2026-11-23", True), ("2026-01-01", False)])
def test_a_date_of_knowledge_after_the_last_day_of_the_layers_is_told(study, known_on, is_late):
    told = list_law_warnings(study.layers, study.states, on=dt.date(2027, 6, 1), known_on=dt.date.fromisoformat(known_on))
    assert any("know nothing after 22 Nov 2026" in line for line in told) == is_late


def test_three_instruments_are_named_and_the_others_counted():
    names = list("abcde")
    table = pd.DataFrame(
        {
            "clause_id": names, "instrument_id": names, "state_as_law_stands": "in_force", "state_as_practised": "in_force",
            "last_verified": ["2025-05-01", "2025-04-01", "2025-03-01", "2025-02-01", "2025-01-01"], "next_change": "",
        }
    )
    known = facts()
    known["instruments"] = pd.DataFrame({"instrument_id": names, "number": [f"No.{name}" for name in names], "title": ""})
    line = next(line for line in list_warnings(known, table, hauls(), on=ON) if "last verified" in line)
    assert line.endswith("No.e (01 Jan 2025), No.d (01 Feb 2025), No.c (01 Mar 2025) and 2 more.")


def test_the_clauses_that_touch_a_plant_with_a_rank_are_found():
    exposure = pd.DataFrame(
        {"case_id": ["j", "j", "j", "u"], "stage_id": ["smelt", "smelt", "leach", "smelt"], "clause_ids": ["a;b", "c", "d", "e"]}
    )
    ranked = pd.DataFrame(
        {
            "case_id": ["j", "j", "u"], "stage_id": ["smelt", "leach", "smelt"], "rank": [1.0, 2.0, None],
            "status": ["ranked", "baseline", "screened"],
        }
    )
    assert find_touching(exposure, ranked) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ("2026-08-24", ""),
        ("2026-08-23", "The newest price is of 23 Aug 2026: look up today's prices."),
        ("2026-08", ""),
        ("2026-07", "The newest price is of 2026-07: look up today's prices."),
        ("", "The newest price is of 2019: look up today's prices."),
    ],
)
def test_prices_are_old_when_even_the_newest_is(price, told):
    """90 days before 22 Nov 2026 is 24 Aug 2026."""
    found = [line for line in list_warnings(facts(price=price), states(), hauls(), on=ON) if "price" in line]
    assert found == ([told] if told else [])


@pytest.mark.parametrize(
    ("passage", "named", "told"),
    [
        ("2026-10-23", "strait|canal", "canal, strait."),
        ("2026-10-22", "strait|canal", "canal, strait; the newest source on them is of 22 Oct 2026."),
        ("2026-10-23", "canal", "canal; the newest source on them is of 2026-01."),
        ("2026-10-22", "tunnel", "tunnel."),
    ],
)
def test_what_is_known_of_passages_taken_as_open_has_an_age(passage, named, told):
    """30 days before 22 Nov 2026 is 23 Oct 2026."""
    found = list_warnings(facts(passage=passage), states(), hauls(named), on=ON)
    assert f"Routes assume these passages open: {told}" in found


def test_a_question_of_the_past_finds_nothing_old():
    told = list_warnings(facts(passage="2026-01"), states(verified="2025-12-01"), hauls("strait"), on=dt.date(2025, 12, 1))
    assert not any(word in line for line in told for word in ("newest", "last verified", "Dated changes"))


def test_a_table_without_prices_or_passages_is_no_warning():
    bare = facts()
    bare["prices"], bare["passages"] = bare["prices"][:0], bare["passages"][:0]
    assert not any("newest" in line for line in list_warnings(bare, states(), hauls("strait"), on=ON))


def test_every_warning_is_one_sentence(study):
    assert [line for line in study.warnings if re.search(r"[.!?] [A-Z]", line)] == []


def test_passages_taken_as_open_are_named_once():
    told = list_warnings(facts(), states(), hauls("strait", "strait|canal", ""), on=ON)
    assert "Routes assume these passages open: canal, strait." in told


@pytest.mark.parametrize(("capacities", "told"), [([100.0, None], "1 of 2 "), ([None, None], "2 of 2 "), ([100.0, 50.0], "")])
def test_links_whose_capacity_is_unknown_are_counted(capacities, told):
    known = facts()
    known["links"] = pd.concat([known["links"]] * 2, ignore_index=True).assign(capacity_kt_per_year=capacities)
    found = [line for line in list_warnings(known, states(), hauls(), on=ON) if line.startswith("Capacity of")]
    assert bool(found) == bool(told)
    assert all(told in line for line in found)


def test_the_words_of_every_output_come_last():
    assert list_warnings(facts(), states(), hauls(), on=ON)[-1].startswith("Screening, not a feasibility study; not legal advice")


def test_a_modified_layer_is_named():
    changed = facts()
    changed.modified = ("deposits",)
    assert "Modified layers: deposits." in list_warnings(changed, states(), hauls(), on=ON)


def test_what_a_file_of_the_user_changed_is_counted_and_comes_first():
    changed = facts()
    changed.modified = ("deposits", "ports")
    changed.changes = (Change("deposits", "mine.csv", "0" * 64, ("a",), ("b", "c")),)
    changed.doubts = (Problem("mine.csv", "x", "looks like a duplicate", "merge", is_doubt=True),)
    first, *_ = list_warnings(changed, states(), hauls(), on=dt.date(2027, 3, 1))
    assert first == "Modified layers: deposits (1 row changed, 2 added by mine.csv), ports; they raise 1 doubt, which geokit check lists."


def test_another_day_than_that_of_the_facts_is_told_first():
    told = list_warnings(facts(), states(), hauls(), on=dt.date(2027, 3, 1))[0]
    assert told.startswith("Only the law is read on 01 Mar 2027")
    assert "as of 22 Nov 2026" in told


def test_a_study_names_the_days_from_which_on_it_is_out_of_date():
    table = pd.DataFrame({"clause_id": ["a", "b", "c", "d"], "next_change": ["2026-11-28", "2026-11-28", "", "2026-12-01"]})
    told = list_turns(table, verified_on=ON, touching=frozenset("abc"))
    assert [day for day, _ in told] == ["2026-11-28", "2027-01-07"]
    assert told[0][1].startswith("2 clauses")
    assert told[1][1] == "the layers were verified on 22 Nov 2026, more than 45 days ago"
    assert [day for day, _ in list_turns(table, verified_on=ON, touching=frozenset())] == ["2027-01-07"]


def test_the_next_dated_change_is_named_before_it_comes(study):
    first = min(day for day, words in study.turns if "dated to change" in words)
    line = next(line for line in study.warnings if line.startswith("Dated to change next"))
    assert f"({dt.date.fromisoformat(first):%d %b %Y})" in line.split(", ")[0]


def test_whose_probabilities_the_figures_assume_is_told(study):
    line = next(line for line in study.warnings if "Political states" in line)
    assert "by the priors of the layer, an assumption" in line
    assert "renewed 0.6" in line
