"""The weighted sum, its bounds, ranks and tiers on tables whose answer is obvious."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.scoring.methods import bound_scores, group_tiers, rank_scores, weigh_evidence, weighted_sum

NAN = np.nan
WEIGHTS = np.array([0.5, 0.3, 0.2])


def test_a_missing_cell_earns_nothing_and_no_weight_is_renormalised():
    v = np.array([[1.0, 1.0, 1.0], [1.0, NAN, 1.0], [NAN, NAN, NAN]])
    assert weighted_sum(v, WEIGHTS).tolist() == [1.0, 0.7, 0.0]


def test_bounds_take_missing_cells_from_worst_to_best():
    low, high = np.array([[0.2, NAN, 0.0]]), np.array([[0.6, NAN, 1.0]])
    bottom, top = bound_scores(low, high, WEIGHTS)
    assert bottom.tolist() == [0.1]
    assert top.tolist() == [pytest.approx(0.3 + 0.3 + 0.2)]


def test_evidence_is_the_weight_on_sourced_cells():
    sourced = np.array([[True, False, True], [False, False, False], [True, True, True]])
    assert weigh_evidence(sourced, WEIGHTS).tolist() == [0.7, 0.0, 1.0]


def test_only_some_rows_carry_a_rank_and_ties_go_to_the_earlier():
    scores = np.array([0.4, 0.9, 0.4, 0.7])
    ranks = rank_scores(scores, np.array([True, False, True, True]))
    np.testing.assert_array_equal(ranks, [2.0, NAN, 3.0, 1.0])


def test_a_tier_ends_where_the_bands_part():
    p10 = np.array([0.70, 0.65, 0.50, 0.10, 0.95])
    p90 = np.array([0.80, 0.75, 0.69, 0.60, 0.99])
    ranks = np.array([1.0, 2.0, 3.0, 4.0, NAN])
    np.testing.assert_array_equal(group_tiers(ranks, p10, p90), [1.0, 1.0, 2.0, 2.0, NAN])


def test_equal_certain_scores_share_a_tier():
    same = np.array([0.5, 0.5, 0.4])
    assert group_tiers(np.array([1.0, 2.0, 3.0]), same, same).tolist() == [1.0, 1.0, 2.0]


def test_no_rows_are_no_error():
    empty = np.empty(0)
    assert rank_scores(empty, np.empty(0, dtype=bool)).size == 0
    assert group_tiers(empty, empty, empty).size == 0
