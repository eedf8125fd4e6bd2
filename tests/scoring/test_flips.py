"""The smallest change of one weight that changes the winner, checked by making the change; and regret."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geokit.scoring.flips import find_flip, list_flips
from geokit.scoring.methods import weighted_sum
from geokit.scoring.regret import find_regret
from geokit.scoring.weights import Weights

ROWS, IDS = 5, ("A", "B", "C")
NAMES = [f"p{row}" for row in range(ROWS)]
fractions = st.integers(0, 50).map(lambda whole: whole / 50)
weights = hnp.arrays(float, 3, elements=st.integers(1, 9).map(float)).map(lambda raw: raw / raw.sum())


def winner(v, w, place, weight):
    base = Weights(tuple(zip(IDS, w, strict=True)), "me", "given").replace({IDS[place]: weight})
    return weighted_sum(v, np.array([base[one] for one in IDS]))


def test_by_hand():
    """0.6, 0.4 on the corners of a square: the two change places at an even weight."""
    table = list_flips(np.eye(2), np.array([0.6, 0.4]), criteria=["A", "B"], alternatives=["one", "two"]).set_index("criterion_id")
    assert table.loc["A", ["weight_below", "winner_below"]].tolist() == [pytest.approx(0.5), "two"]
    assert table.loc["B", ["weight_above", "winner_above"]].tolist() == [pytest.approx(0.5), "two"]
    assert table["change"].tolist() == pytest.approx([0.1, 0.1])
    assert table.loc["A", "winner_above"] == ""
    assert np.isnan(table.loc["A", "weight_above"])


def test_a_row_that_dominates_never_loses():
    table = list_flips(np.array([[1.0, 1.0], [0.2, 0.9]]), np.array([0.5, 0.5]), criteria=["A", "B"], alternatives=["one", "two"])
    assert table["change"].isna().all()
    assert (table[["winner_below", "winner_above"]] == "").all(axis=None)


def test_a_tie_flips_at_once():
    assert find_flip(np.array([0.5, 0.5]), np.array([0.4, 0.6])) == (0.0, 1)
    assert find_flip(np.array([0.5]), np.array([0.1])) == (np.inf, -1)


def test_one_or_no_alternative_is_no_error():
    assert list_flips(np.ones((1, 2)), np.array([0.5, 0.5]), criteria=["A", "B"], alternatives=["one"])["change"].isna().all()
    assert list_flips(np.empty((0, 2)), np.array([0.5, 0.5]), criteria=["A", "B"], alternatives=[]).empty


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(float, (ROWS, 3), elements=st.one_of(fractions, st.just(np.nan))), weights, st.integers(0, 2))
def test_the_winner_changes_there_and_not_before(v, w, place):
    row = list_flips(v, w, criteria=IDS, alternatives=NAMES).set_index("criterion_id").loc[IDS[place]]
    first = int(np.argmax(np.nan_to_num(v) @ w))
    for side, end in (("below", 0.0), ("above", 1.0)):
        at = row[f"weight_{side}"] if row[f"winner_{side}"] else end
        just_before = w[place] + 0.999 * (at - w[place])
        scores = winner(v, w, place, just_before)
        assert scores[first] >= scores.max() - 1e-9
        if row[f"winner_{side}"] and abs(at - end) > 1e-6:
            beyond = winner(v, w, place, at + 0.999 * (end - at))
            assert beyond.max() > beyond[first]
            level = winner(v, w, place, at)
            assert level[NAMES.index(row[f"winner_{side}"])] == pytest.approx(level[first], abs=1e-9)


def test_regret_by_hand():
    worth = np.array([[10.0, 8.0, np.nan], [2.0, 6.0, 7.0]])
    np.testing.assert_array_equal(find_regret(worth), [[0.0, 2.0, np.nan], [5.0, 1.0, 0.0]])


def test_regret_where_nothing_can_be_said_stays_unsaid():
    assert np.isnan(find_regret(np.full((2, 2), np.nan))).all()
