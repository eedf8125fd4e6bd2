"""Properties of dated law, for any events: one state a day, nothing known early, no state without a row that says so."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.core.assumptions import Controls
from geokit.core.codes import State, Track
from geokit.dependency.clauses import read_track, resolve, states_on
from geokit.dependency.windows import export_dates, list_stretches

FIRST = dt.date(2025, 1, 1)
TOLD = [state.value for state in State if state is not State.UNRESOLVED]
day = st.integers(0, 400).map(lambda days: FIRST + dt.timedelta(days=days))
blank_or_day = st.one_of(st.just(""), day.map(dt.date.isoformat))
event = st.fixed_dictionaries(
    {
        "clause_id": st.sampled_from(["a", "b"]),
        "track": st.sampled_from([track.value for track in Track]),
        "state": st.sampled_from(TOLD),
        "valid_from": blank_or_day,
        "valid_to_exclusive": blank_or_day,
        "recorded_on": blank_or_day,
        "source_id": st.just("s"),
    }
)
COLUMNS = ["clause_id", "track", "state", "valid_from", "valid_to_exclusive", "recorded_on", "source_id"]


def table(rows):
    return pd.DataFrame(rows, columns=COLUMNS, dtype=str)


def look_up(rows, clause, track, *, on, known_on):
    """Return the state by going through the rows one by one; what was withdrawn before it began never held and tells of no day."""
    known = [row for row in rows if (row["clause_id"], row["track"]) == (clause, track) and row["recorded_on"] <= known_on.isoformat()]
    never_held = [row for row in known if "" < row["valid_to_exclusive"] <= row["valid_from"]]
    begun = [row for row in known if row not in never_held and row["valid_from"] <= on.isoformat()]
    covering = [row for row in begun if row["valid_to_exclusive"] == "" or row["valid_to_exclusive"] > on.isoformat()]
    if covering:
        last = max((row["recorded_on"], row["valid_from"]) for row in covering)
        return {row["state"] for row in covering if (row["recorded_on"], row["valid_from"]) == last}
    return {"unresolved"} if begun else {None}


@settings(deadline=None, max_examples=60)
@given(st.lists(event, max_size=8), day, day)
def test_the_state_of_a_day_is_what_a_reader_of_the_rows_would_find(rows, on, known_on):
    found = states_on(table(rows), on=on, known_on=known_on)
    assert found.index.is_unique
    for clause in ("a", "b"):
        for track in Track:
            state = found["state"].to_dict().get((clause, track.value))
            assert state in look_up(rows, clause, track.value, on=on, known_on=known_on)


@settings(deadline=None, max_examples=60)
@given(st.lists(event, max_size=6), st.lists(event, max_size=4), day, day)
def test_what_is_recorded_later_changes_nothing_of_what_was_known(rows, news, on, known_on):
    later = [row | {"recorded_on": (known_on + dt.timedelta(days=1)).isoformat()} for row in news]
    before, after = (states_on(table(given), on=on, known_on=known_on) for given in (rows, rows + later))
    pd.testing.assert_frame_equal(before, after)


@settings(deadline=None, max_examples=60)
@given(st.lists(event, max_size=8), day)
def test_knowing_everything_is_knowing_it_on_the_last_day(rows, on):
    pd.testing.assert_frame_equal(states_on(table(rows), on=on), states_on(table(rows), on=on, known_on=dt.date.max))


@settings(deadline=None, max_examples=60)
@given(st.lists(event, max_size=8), day)
def test_the_readings_of_a_clause_do_not_touch_each_other(rows, on):
    whole = states_on(table(rows), on=on)
    for track in Track:
        own = states_on(table([row for row in rows if row["track"] == track.value]), on=on)
        pd.testing.assert_frame_equal(read_track(whole, track), read_track(own, track))


@pytest.mark.parametrize("tracks", [(), ("text",), ("practice",), ("text", "practice")])
def test_a_reading_that_nobody_recorded_is_blank_and_no_error(tracks):
    rows = [{"clause_id": "a", "track": track, "state": "in_force", "recorded_on": "", "source_id": "s"} for track in tracks]
    layers = {
        "clauses": pd.DataFrame({"clause_id": ["a"], "instrument_id": ["i"], "ever_operated": [""], "source_id": ["s"]}),
        "instruments": pd.DataFrame({"instrument_id": ["i"], "issuer": ["cn"]}),
        "status_events": table(rows).fillna(""),
    }
    found = resolve(layers, on=FIRST).iloc[0]
    told = {"text": found["state_as_law_stands"], "practice": found["state_as_practised"]}
    assert told == {track.value: "in_force" if track.value in tracks else "" for track in Track}


months = st.integers(0, 60).map(float)


@given(day, months, months, months)
def test_everything_leaves_after_the_question_and_crews_after_equipment(on, decide, ship, commission):
    plan = Controls(months_to_fid=decide, months_fid_to_shipment=ship, months_shipment_to_commissioning=commission, samples=1)
    found = export_dates(on, plan)
    assert on <= found["equipment"] == found["technology"] <= found["service"] == found["reagent"] == found["material"]
    apart = (found["equipment"].year - on.year) * 12 + found["equipment"].month - on.month
    assert apart == decide + ship


def test_a_month_after_the_last_of_january_is_the_last_of_february():
    plan = Controls(months_to_fid=1, months_fid_to_shipment=0, months_shipment_to_commissioning=12, samples=1)
    assert export_dates(dt.date(2027, 1, 31), plan)["equipment"] == dt.date(2027, 2, 28)
    assert export_dates(dt.date(2028, 1, 31), plan)["equipment"] == dt.date(2028, 2, 29)


@given(day, months, months, st.integers(0, 10_000))
def test_a_later_decision_never_ships_earlier(on, ship, commission, wait):
    def plan(fid_on):
        return Controls(
            months_to_fid=0, months_fid_to_shipment=ship, months_shipment_to_commissioning=commission, fid_on=fid_on, samples=1
        )

    early, late = (export_dates(on, plan(fid_on)) for fid_on in (on, on + dt.timedelta(days=wait)))
    assert all(early[kind] <= late[kind] for kind in early)


@given(day, st.integers(1, 60), st.lists(day.map(dt.date.isoformat), max_size=6))
def test_stretches_hold_every_fill_once_and_in_order(on, years, marks):
    plan = Controls(months_to_fid=0, months_fid_to_shipment=0, months_shipment_to_commissioning=0, samples=1)
    found = list_stretches(on, plan, years=years, marks=sorted(marks))
    assert sum(one.fills for one in found) == years
    begins = [one.days["reagent"] for one in found]
    assert begins == sorted(set(begins))
    assert begins[0] == on
    assert all(one.days["equipment"] == on for one in found)
