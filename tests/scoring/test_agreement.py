"""Agreement between methods and rank reversal, on tables whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.core.errors import AssumptionError, UnknownNameError
from geokit.scoring.agreement import compare_methods, find_reversals, kendall_tau, rank_methods
from geokit.scoring.by_method import METHODS, score_by
from geokit.scoring.dominance import dominates, find_efficient
from geokit.scoring.promethee import bound_promethee, net_flows, promethee
from geokit.scoring.spotis import spotis
from geokit.scoring.topsis import topsis
from geokit.scoring.vikor import vikor

NAN = np.nan
EVEN = np.array([0.5, 0.5])


def test_tau_by_hand():
    assert kendall_tau(np.array([1, 2, 3]), np.array([1, 3, 2])) == pytest.approx(1 / 3)
    assert kendall_tau(np.array([1, 2, 3]), np.array([3, 2, 1])) == -1.0
    assert kendall_tau(np.array([1]), np.array([1])) == 1.0


def test_methods_are_compared_two_by_two():
    v = np.random.default_rng(1).random((8, 3))
    table = compare_methods(rank_methods(v, np.array([0.5, 0.3, 0.2])))
    assert list(table.index) == list(table.columns) == list(METHODS)
    assert (np.diag(table) == 1.0).all()
    assert table.loc["weighted-sum", "spotis"] == 1.0
    assert (table.to_numpy() == table.to_numpy().T).all()


def test_a_balanced_row_wins_where_the_largest_regret_counts():
    v = np.array([[1.0, 0.0], [0.45, 0.45]])
    ranks = rank_methods(v, EVEN)
    assert ranks["weighted-sum"].tolist() == [1.0, 2.0]
    assert ranks["vikor"].tolist() == [2.0, 1.0]


def test_outranking_reverses_when_a_third_leaves():
    """By hand: a leads c by 1.0 to 0.8 over three others each; without b, whom both beat, c leads by 0.5 to 0.4 over two."""
    v = np.array([[0.3, 0.4, 0.1], [0.1, 0.2, 0.3], [0.4, 0.2, 0.1], [0.1, 0.2, 0.2]])
    weights = np.array([0.5, 0.3, 0.2])
    assert promethee(v, weights)[[0, 2]] == pytest.approx([1.0 / 3, 0.8 / 3])
    assert promethee(v[[0, 2, 3]], weights)[:2] == pytest.approx([0.2, 0.25])
    found = find_reversals(v, weights, alternatives=list("abcd"))
    assert found.iloc[0].tolist() == ["promethee", "left", "b", 1, "a", "c"]
    joined = find_reversals(v[[0, 2, 3]], weights, alternatives=list("acd"), added={"b": v[1]})
    assert ["promethee", "joined", "b", 1, "c", "a"] in joined.to_numpy().tolist()


def test_an_unknown_method_is_told():
    with pytest.raises(UnknownNameError, match="no method called 'topsys'"):
        score_by(np.ones((1, 1)), np.ones(1), method="topsys")


def test_a_gap_leaves_the_bare_figure_missing():
    v = np.array([[0.5, NAN], [0.2, 0.4]])
    for method in (topsis, vikor, spotis):
        assert np.isnan(method(v, EVEN)).tolist() == [True, False]
    assert np.isnan(promethee(v, EVEN)).all()
    assert np.isnan(net_flows(v, v)).any(axis=0).tolist() == [False, True]


def test_ideal_and_worst_meet_in_the_middle():
    flat = np.full((3, 2), 0.4)
    assert topsis(flat, EVEN, relative=True).tolist() == [0.5] * 3
    assert vikor(flat, EVEN, relative=True).tolist() == [0.0] * 3
    assert promethee(flat, EVEN).tolist() == [0.0] * 3


def test_fixed_anchors_say_how_good_the_best_is():
    v = np.array([[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]])
    assert topsis(v, EVEN).tolist() == [0.0, 1.0, 0.5]
    assert vikor(v, EVEN).tolist() == [1.0, 0.0, 0.5]


def test_flows_of_ranges_are_those_of_own_worst_against_their_best():
    low, high = np.array([[0.2], [0.4], [0.9]]), np.array([[0.6], [0.4], [0.9]])
    bottom, top = bound_promethee(low, high, np.ones(1))
    assert bottom.tolist() == [-1.0, -1.0, 1.0]
    assert top.tolist() == [0.0, 0.0, 1.0]


def test_bounds_without_room_are_refused():
    with pytest.raises(AssumptionError, match=r"bounds \[\[1.0, 1.0\]\] leave no room"):
        spotis(np.ones((1, 2)), EVEN, bounds=np.array([[0.0, 1.0], [1.0, 1.0]]))


def test_dominance_needs_one_better_and_none_worse():
    v = np.array([[0.5, 0.5], [0.5, 0.6], [0.5, 0.5], [0.9, 0.1]])
    assert dominates(v, v).tolist() == [[False] * 4, [True, False, True, False], [False] * 4, [False] * 4]


def test_a_gap_leaves_room_for_the_front():
    v = np.array([[0.9, 0.9], [0.5, NAN], [0.5, 0.5]])
    surely, possibly = find_efficient(v, v)
    assert surely.tolist() == [True, False, False]
    assert possibly.tolist() == [True, True, False]
