"""What differs between two dates: nothing within a day, the same backwards, and no more than the steps between add up to."""

from __future__ import annotations

import datetime as dt
import functools
import itertools

import pandas as pd
import pytest

from geokit.core.errors import UnknownNameError
from geokit.dependency.changes import compare_states
from geokit.io.dictionary import read_columns

DAYS = [dt.date(1, 1, 1), dt.date(2025, 10, 8), dt.date(2025, 11, 7), dt.date(2026, 11, 22), dt.date(2026, 11, 28), dt.date(2027, 1, 11)]
SWAP = {"state_before": "state_after", "state_after": "state_before"}
PAIR = ["clause_id", "track"]


def moves(frame):
    """Return (clause, track) to (before, after)."""
    return {(row.clause_id, row.track): (row.state_before, row.state_after) for row in frame.itertuples()}


@pytest.fixture(scope="module")
def compare(layers):
    """Compare two days, each pair once; the answer must not be written to."""
    return functools.cache(lambda first, second: compare_states(layers, first, second))


@pytest.mark.parametrize("day", DAYS)
def test_a_day_does_not_differ_from_itself(layers, day):
    assert compare_states(layers, day, day).empty


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(DAYS, 2)))
def test_backwards_is_the_mirror(compare, first, second):
    there, back = compare(first, second), compare(second, first)
    pd.testing.assert_frame_equal(there, back.rename(columns=SWAP)[list(there.columns)])


@pytest.mark.parametrize("days", list(itertools.permutations(DAYS[1:5], 3)))
def test_what_differs_over_the_whole_way_differs_on_a_part_of_it(compare, days):
    first, middle, last = days
    parts = moves(compare(first, middle)).keys() | moves(compare(middle, last)).keys()
    assert moves(compare(first, last)).keys() <= parts


def test_only_article_2_changes_when_its_suspension_lapses(layers):
    """No.46/2024 Art.2 is suspended by No.72 until 27 Nov 2026; practice goes on by the readout of 28 Sep 2026."""
    found = compare_states(layers, dt.date(2026, 11, 27), dt.date(2026, 11, 28))
    assert moves(found) == {("cn-2024-46-art-2", "text"): ("suspended", "in_force")}
    assert found.loc[0, ["issuer", "since", "basis"]].tolist() == ["cn", "2026-11-28", "default"]


def test_the_package_is_suspended_on_7_november_2025(layers):
    """No.70 suspends Nos.55-58, 61 and 62 and nothing else: 16 clauses, on both readings alike."""
    found = compare_states(layers, dt.date(2025, 11, 6), dt.date(2025, 11, 7))
    assert set(found["instrument_id"]) == {f"cn-2025-{number}" for number in (55, 56, 57, 58, 61, 62)}
    assert len(found) == 2 * found["clause_id"].nunique() == 32
    assert moves(found)["cn-2025-61-c", "text"] == ("in_force", "suspended")
    assert moves(found)["cn-2025-56-equipment", "practice"] == ("announced", "suspended")
    assert set(found["since"]) == {"2025-11-07"}
    assert set(found["source_id"]) == {"mofcom-2025-70"}


def test_what_a_state_rests_on_is_that_of_the_later_date_and_its_first_day_that_of_the_state(layers):
    """Practice is suspended since No.70; on 22 Nov 2026 that rests on a readout."""
    found = compare_states(layers, dt.date(2025, 10, 9), dt.date(2026, 11, 22)).set_index(PAIR)
    row = found.loc[("cn-2025-56-equipment", "practice")]
    assert (row["since"], row["basis"], row["source_id"]) == ("2025-11-07", "official_readout", "mofcom-americas-2026-09-28")


def test_what_was_recorded_later_makes_no_difference(layers):
    first, second, known = dt.date(2026, 11, 10), dt.date(2026, 11, 11), dt.date(2026, 9, 27)
    told = moves(compare_states(layers, first, second, known_on=known))
    assert told["cn-2025-56-equipment", "practice"] == ("suspended", "unresolved")
    assert ("cn-2025-56-equipment", "practice") not in moves(compare_states(layers, first, second, known_on=known + dt.timedelta(days=1)))
    assert compare_states(layers, first, second, known_on=dt.date(2023, 1, 1)).empty


def test_issuers_can_be_picked_and_unknown_ones_are_refused(layers):
    days = dt.date(2024, 1, 1), dt.date(2027, 6, 1)
    whole = compare_states(layers, *days)
    apart = [compare_states(layers, *days, issuers=[issuer]) for issuer in sorted(set(whole["issuer"]))]
    pd.testing.assert_frame_equal(pd.concat(apart).sort_values(PAIR, ignore_index=True), whole)
    with pytest.raises(UnknownNameError, match="jp"):
        compare_states(layers, *days, issuers=["jpn"])


def test_columns_are_those_of_the_dictionary(layers):
    found = compare_states(layers, DAYS[0], DAYS[-1])
    assert list(found.columns) == [column.name for column in read_columns("clause_changes")]
    assert not found.duplicated(PAIR).any()
    assert (found["state_before"] != found["state_after"]).all()
