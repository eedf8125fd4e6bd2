"""How often new controls come: laws of the rate, and the record of the real layers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geokit.dependency.hazard import count_controls, measure_record, meet_control, rate_controls, spread_chance

KNOWN_ON = dt.date(2026, 11, 22)
EVENTS, YEARS = st.integers(0, 50), st.floats(0.1, 50.0)


def test_a_rate_is_events_and_a_half_over_years():
    assert rate_controls([0, 1, 3], 2.0).tolist() == [0.25, 0.75, 1.75]


def test_no_time_brings_no_control_and_all_time_brings_one():
    assert meet_control(0.4, [0.0, 1e6]).tolist() == [0.0, 1.0]


@given(EVENTS, YEARS, YEARS)
def test_chances_are_chances_and_lie_in_their_range(events, record, ahead):
    low, mode, high = spread_chance(events, record, ahead)
    assert 0.0 <= low <= mode <= high <= 1.0


@given(EVENTS, YEARS, YEARS, YEARS)
def test_a_constant_rate_forgets(events, record, first, second):
    """No control in two spans in a row is no control in both: the chances of none multiply."""
    none = 1.0 - meet_control(rate_controls(events, record), np.array([first, second, first + second]))
    assert none[2] == pytest.approx(none[0] * none[1], abs=1e-12)


@given(EVENTS, YEARS, YEARS)
def test_more_events_make_a_control_likelier(events, record, ahead):
    fewer, more = (spread_chance(count, record, ahead) for count in (events, events + 1))
    assert all(one <= other for one, other in zip(fewer, more, strict=True))


def toy():
    """Two instruments of one day and one of a later day touch MILL; another country's and a declaration touch it too."""
    same = [(name, "cn", "2023-08-01") for name in "ab"]
    instruments = [*same, ("c", "cn", "2025-02-04"), ("d", "us", "2024-01-01"), ("e", "cn", "2024-05-05")]
    clauses = [("a1", "a", "licence"), ("b1", "b", "ban"), ("c1", "c", "licence"), ("d1", "d", "licence"), ("e1", "e", "declaration")]
    ties = [("MILL", clause, "direct") for clause, *_ in clauses] + [("KILN", "a1", "product")]
    events = [(clause, "text", "in_force", instruments[number][2]) for number, (clause, *_) in enumerate(clauses)]
    return {
        "instruments": pd.DataFrame(instruments, columns=["instrument_id", "issuer", "issued"]),
        "clauses": pd.DataFrame(clauses, columns=["clause_id", "instrument_id", "effect"]),
        "class_items": pd.DataFrame(ties, columns=["class_id", "clause_id", "link"]),
        "classes": pd.DataFrame({"class_id": ["MILL", "KILN"]}),
        "status_events": pd.DataFrame(events, columns=["clause_id", "track", "state", "valid_from"]),
    }


@pytest.mark.parametrize(("known_on", "events"), [("2023-07-31", 0), ("2023-08-01", 1), ("2025-02-03", 1), ("2025-02-04", 2)])
def test_days_are_counted_once_and_only_what_can_withhold_a_supply(known_on, events):
    found = count_controls(toy(), dt.date.fromisoformat(known_on))
    assert found.to_dict() == {"MILL": events, "KILN": 0}


def test_the_record_begins_with_the_first_clause_in_force():
    assert measure_record(toy(), dt.date(2024, 8, 1)) == pytest.approx(366 / 365.25)


def test_the_record_of_the_layers_is_that_of_the_dossier(layers):
    """Flowsheet dossier, section 4.2: August 2023 to November 2026 is 3.3 years; its classes have no, one and two controls."""
    assert measure_record(layers, KNOWN_ON) == pytest.approx(3.3, abs=0.05)
    events = count_controls(layers, KNOWN_ON)
    assert events[["CUSM", "SAF", "LCAL", "RSX"]].tolist() == [0, 0, 1, 2]
