"""Weights from comparisons, swings, the spread of the set and several people: by hand, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.core.errors import AssumptionError
from geokit.scoring.ahp import RANDOM_INDEX, fill_matrix, weigh_pairs
from geokit.scoring.objective import weigh_critic, weigh_entropy, weigh_equal, weigh_swing
from geokit.scoring.stakeholders import average_weights, compare_stakeholders, kendall_w
from geokit.scoring.weights import Weights

NAN = np.nan


def test_consistent_comparisons_give_back_the_weights():
    weights = np.array([0.5, 0.3, 0.15, 0.05])
    found = weigh_pairs(weights[:, None] / weights)
    assert found.weights == pytest.approx(weights)
    assert found.consistency_ratio == pytest.approx(0.0, abs=1e-9)
    assert "consistent" in repr(found)


def test_comparisons_in_a_circle_are_told():
    found = weigh_pairs(fill_matrix("abc", {("a", "b"): 5.0, ("b", "c"): 5.0, ("c", "a"): 5.0}))
    assert found.weights == pytest.approx([1 / 3] * 3)
    assert not found.is_consistent
    assert "compare again" in repr(found)


def test_two_criteria_cannot_contradict_each_other():
    found = weigh_pairs(fill_matrix("ab", {("a", "b"): 3.0}))
    assert found.weights == pytest.approx([0.75, 0.25])
    assert found.consistency_ratio == 0.0


def test_every_table_starts_at_nothing_and_rises():
    for table in RANDOM_INDEX.values():
        assert table[1] == table[2] == 0.0
        assert table[3] < table[4] < table[5]


@pytest.mark.parametrize("matrix", [[[1.0, 2.0], [2.0, 1.0]], [[1.0, -1.0], [-1.0, 1.0]], [[1.0, 2.0]], [[1.0, np.inf], [0.0, 1.0]]])
def test_a_matrix_that_holds_no_comparisons_is_refused(matrix):
    with pytest.raises(AssumptionError, match="square, above zero and reciprocal"):
        weigh_pairs(np.array(matrix))


def test_a_table_that_does_not_reach_is_told_with_those_that_do():
    with pytest.raises(AssumptionError, match=r"no random index for 10 criteria in 'saaty-2005'.*'saaty-1980': 15"):
        weigh_pairs(np.ones((10, 10)), random_index="saaty-2005")
    with pytest.raises(AssumptionError, match="'mine'"):
        weigh_pairs(np.ones((3, 3)), random_index="mine")


def test_all_that_is_wrong_with_the_pairs_is_told_at_once():
    with pytest.raises(AssumptionError, match=r"not compared.*\('b', 'c'\).*not known.*\('a', 'z'\).*given twice.*\('a', 'b'\)"):
        fill_matrix("abc", {("a", "b"): 2.0, ("b", "a"): 0.5, ("a", "c"): 2.0, ("a", "z"): 2.0})


def test_swings_are_shared_out():
    assert weigh_swing(np.array([100.0, 60.0, 40.0])).tolist() == [0.5, 0.3, 0.2]
    for wrong in ([0.0, 0.0], [-1.0, 2.0], [NAN, 1.0]):
        with pytest.raises(AssumptionError, match="swings"):
            weigh_swing(np.array(wrong))


def test_equal_weights():
    assert weigh_equal(4).tolist() == [0.25] * 4


@pytest.mark.parametrize("weigh", [weigh_entropy, weigh_critic])
def test_a_flat_criterion_has_no_weight_and_nothing_is_never_a_gap(weigh):
    v = np.array([[0.2, 0.5, 0.9], [0.8, 0.5, 0.1], [0.4, 0.5, 0.7]])
    found = weigh(v)
    assert found[1] == 0.0
    assert found.sum() == pytest.approx(1.0)
    assert weigh(np.full((4, 3), 0.5)) == pytest.approx([1 / 3] * 3)
    assert weigh(v[:1]) == pytest.approx([1 / 3] * 3)
    assert weigh(np.full((3, 2), NAN)) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("weigh", [weigh_entropy, weigh_critic])
def test_a_gap_is_left_out_of_its_criterion_only(weigh):
    v = np.array([[0.2, 0.1], [0.8, 0.5], [0.4, 0.9]])
    gappy = np.vstack([v, [NAN, NAN]])
    assert weigh(gappy) == pytest.approx(weigh(v))
    assert np.isfinite(weigh(np.array([[0.2, NAN], [0.8, 0.5], [NAN, 0.9]]))).all()


def test_a_repeated_criterion_shares_the_weight_of_its_double():
    v = np.array([[0.1, 0.1, 0.9], [0.5, 0.5, 0.2], [0.9, 0.9, 0.4], [0.3, 0.3, 0.8]])
    found = weigh_critic(v)
    assert found[0] == pytest.approx(found[1])
    assert found[2] > found[0]


def people(**shares):
    return {who: Weights(tuple(zip("WFD", each, strict=True)), who, "given") for who, each in shares.items()}


def test_one_mind_agrees_and_two_opposite_ones_do_not():
    assert kendall_w(np.array([[1.0, 2, 3], [1, 2, 3]])) == 1.0
    assert kendall_w(np.array([[1.0, 2, 3], [3, 2, 1]])) == 0.0
    assert kendall_w(np.array([[3.0, 1, 2]])) == 1.0
    assert kendall_w(np.full((3, 4), 2.5)) == 1.0


def test_ties_are_allowed_for():
    """By hand: sums 2.5, 4.5, 5, so S = 3.5; T = 6 for the one tie of two; W = 12 * 3.5 / (4 * 24 - 2 * 6)."""
    assert kendall_w(np.array([[1.5, 1.5, 3.0], [1.0, 3.0, 2.0]])) == pytest.approx(12 * 3.5 / (4 * 24 - 2 * 6))


def test_the_widest_disagreement_comes_first_with_who_holds_it():
    table, agreement = compare_stakeholders(people(mine=(0.6, 0.3, 0.1), bank=(0.1, 0.3, 0.6), town=(0.5, 0.3, 0.2)))
    first = table.iloc[0]
    assert first[["criterion_id", "who_low", "who_high"]].tolist() == ["W", "bank", "mine"]
    assert first[["weight_low", "weight_high", "rank_low", "rank_high"]].tolist() == [0.1, 0.6, 1.0, 3.0]
    assert table["criterion_id"].tolist() == ["W", "D", "F"]
    assert 0.0 < agreement < 1.0


def test_the_mean_keeps_the_sum_and_says_whose_it_is():
    mean = average_weights(people(mine=(0.6, 0.3, 0.1), bank=(0.2, 0.3, 0.5)))
    assert dict(mean) == pytest.approx({"W": 0.4, "F": 0.3, "D": 0.3})
    assert (mean.who, mean.method) == ("mine and bank", "mean of 2")
    with pytest.raises(AssumptionError, match="at least one"):
        average_weights({})
