"""Methods, dominance, flips, regret, shares, people and drawn weights: paper figures and laws told nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geokit.scoring.ahp import fill_matrix, weigh_pairs
from geokit.scoring.by_method import METHODS, bound_by, score_by
from geokit.scoring.dominance import find_efficient
from geokit.scoring.draws import FactDraws
from geokit.scoring.flips import find_flip, list_flips
from geokit.scoring.regret import find_regret
from geokit.scoring.shapley import EXACT, share_change
from geokit.scoring.simplex import GivenDraws, spread_simplex
from geokit.scoring.smaa import accept_ranks
from geokit.scoring.stakeholders import average_weights, compare_stakeholders
from geokit.scoring.topsis import topsis
from geokit.scoring.weights import Weights

NAN = np.nan
EVEN = np.array([0.5, 0.5])
few = settings(max_examples=15, deadline=None)
whole = st.integers(-20, 20).map(float)
sixteenths = st.integers(0, 16).map(lambda count: count / 16)
tables = hnp.arrays(float, (5, 3), elements=sixteenths)
shares = hnp.arrays(float, 3, elements=st.integers(1, 8).map(float)).map(lambda raw: raw / raw.sum())


@pytest.mark.parametrize(
    ("method", "low", "high"),
    [
        ("weighted-sum", 0.25, 0.75),
        ("spotis", 0.25, 0.75),
        ("topsis", 1 / (1 + 5**0.5), 1 - 1 / (1 + 5**0.5)),
        ("vikor", 0.125, 0.625),
        ("promethee", 0.25, 0.75),
    ],
)
def test_half_of_one_criterion_and_nothing_of_the_other_by_hand(method, low, high):
    """TOPSIS: short by sqrt(1/4 + 1), ahead by 1/2. VIKOR: (3/4 + 1) / 2 and (1/4 + 1/2) / 2. PROMETHEE: level, then -1 or +1, halved."""
    v = np.array([[0.5, NAN], [0.5, 0.5]])
    bottom, top = bound_by(v, v, EVEN, method=method)
    assert (bottom[0], top[0]) == pytest.approx((low, high))
    assert score_by(v, EVEN, method=method)[0] == bottom[0]


@pytest.mark.parametrize("method", METHODS)
@few
@given(tables, shares, hnp.arrays(float, (5, 3), elements=sixteenths))
def test_a_wider_range_never_gives_narrower_bounds(method, v, w, room):
    wide, exact = bound_by(np.maximum(v - room, 0.0), np.minimum(v + room, 1.0), w, method=method), bound_by(v, v, w, method=method)
    np.testing.assert_allclose(exact[0], exact[1], atol=1e-12)
    assert (wide[0] <= exact[0] + 1e-12).all()
    assert (wide[1] >= exact[1] - 1e-12).all()


@few
@given(tables, shares)
def test_topsis_mirrors_good_and_bad_and_knows_only_proportions_of_weights(v, w):
    assert topsis(v, w) + topsis(1.0 - v, w) == pytest.approx(np.ones(5))
    assert topsis(v, 7.0 * w) == pytest.approx(topsis(v, w))
    assert topsis(np.array([[1.0, 0.0]]), np.array([0.8, 0.2])) == pytest.approx([0.8])


def test_only_a_worst_end_above_a_best_end_shuts_a_row_out_for_sure():
    """Row 0 is 0.6 at worst: above row 1 (0.5 at best), not above row 2 (0.7 at best), which may be beaten and may not."""
    surely, possibly = find_efficient(np.array([[0.6], [0.1], [0.2]]), np.array([[0.9], [0.5], [0.7]]))
    assert surely.tolist() == [False, False, False]
    assert possibly.tolist() == [True, False, True]


def test_of_two_who_draw_level_together_the_steeper_follows():
    """Behind by 0.25 and 0.5 and ahead by as much at the end: both at a half."""
    assert find_flip(np.array([0.5, 0.25, 0.0]), np.array([0.5, 0.75, 1.0])) == (pytest.approx(0.5), 2)


def test_a_single_criterion_with_all_the_weight_flips_only_by_another():
    """1 and 0.5 under A alone; B gives 0 and 1, so the lead of 0.5 is gone at 0.5 / 1.5."""
    table = list_flips(np.array([[1.0, 0.0], [0.5, 1.0]]), np.array([1.0, 0.0]), criteria=["A", "B"], alternatives=["one", "two"])
    assert table["criterion_id"].tolist() == ["B", "A"]
    assert (table.loc[0, "weight_above"], table.loc[0, "winner_above"]) == (pytest.approx(1 / 3), "two")
    assert table.loc[1, ["weight_below", "weight_above", "change"]].isna().all()


@few
@given(hnp.arrays(float, (4, 3), elements=whole), hnp.arrays(float, (4, 1), elements=whole))
def test_what_a_future_gives_to_all_moves_no_regret(worth, gift):
    found = find_regret(worth)
    np.testing.assert_array_equal(find_regret(worth + gift), found)
    np.testing.assert_array_equal(find_regret(3.0 * worth), 3.0 * found)
    assert (found.min(axis=1) == 0.0).all()
    np.testing.assert_array_equal(find_regret(np.hstack([worth, worth.min(axis=1, keepdims=True) - 1.0]))[:, :3], found)


def test_two_factors_share_their_product_by_hand():
    """1.5 times 2 is 3, so 2 to share: the first adds 0.5 alone or 1 after the other, the second 1 or 1.5."""
    factors = {"grade": 1.5, "price": 2.0}
    parts = share_change(lambda made: np.prod([factors[one] for one in made]), list(factors))
    assert {key: float(part) for key, part in parts.items()} == pytest.approx({"grade": 0.75, "price": 1.25})


@pytest.mark.parametrize("count", [3, EXACT + 1])
def test_a_change_that_does_nothing_has_no_part_and_twins_share_alike(count):
    keys = ["idle", *(f"k{number}" for number in range(count - 1))]
    parts = share_change(lambda made: float(len(made - {"idle"}) ** 2), keys, orders=40)
    assert parts["idle"] == 0.0
    assert sum(map(float, parts.values())) == pytest.approx((count - 1) ** 2)
    if count <= EXACT:
        assert [float(parts[key]) for key in keys[1:]] == pytest.approx([count - 1.0] * (count - 1))


def test_a_criterion_that_one_does_not_name_has_no_weight_for_that_one():
    people = {"bank": Weights((("A", 0.4), ("B", 0.6)), "b", "given"), "town": Weights((("A", 1.0),), "t", "given")}
    table = compare_stakeholders(people)[0].set_index("criterion_id")
    assert table.loc["B", ["weight_mean", "weight_low", "who_low", "rank_low", "rank_high"]].tolist() == [0.3, 0.0, "town", 1.0, 2.0]
    assert dict(average_weights(people)) == pytest.approx({"A": 0.7, "B": 0.3})


def test_a_circle_of_comparisons_by_hand():
    """Each row of a circulant matrix sums to 1 + 5 + 1/5 = 6.2, its largest eigenvalue: CI = 3.2 / 2, CR = 1.6 / 0.58."""
    found = weigh_pairs(fill_matrix("abc", {("a", "b"): 5.0, ("b", "c"): 5.0, ("c", "a"): 5.0}))
    assert (found.largest_eigenvalue, found.consistency_index, found.consistency_ratio) == pytest.approx((6.2, 1.6, 1.6 / 0.58))


@pytest.mark.parametrize(
    ("ranks", "ties", "points"),
    [([1, 2], [0.9, 0.1], [0.75, 0.25]), ([2, 1], [0.1, 0.9], [0.25, 0.75]), ([1, 1], [0.9, 0.1], [0.25, 0.75])],
)
def test_spacings_of_one_and_three_share_a_quarter_and_three_quarters(ranks, ties, points):
    """Uniform figures 1 - 1/e and 1 - 1/e^3 are spacings 1 and 3; the larger goes to the better rank, and ties break as drawn."""
    sizes = 1.0 - np.exp([[-1.0, -3.0]])
    assert spread_simplex(np.array(ranks, dtype=float), sizes, np.array([ties]))[0] == pytest.approx(points)


def still(v, least, largest):
    return FactDraws(v, least, largest, (), np.empty((0, v.shape[1])), 1)


def test_a_compromise_that_never_wins_is_second_under_either_weights():
    v = np.array([[1.0, 0.0], [0.6, 0.6], [0.0, 1.0]])
    found = accept_ranks(GivenDraws(np.eye(2)), still(v, v, v), samples=64)
    assert found.rank_frac[1].tolist() == [0.0, 1.0, 0.0]
    assert found.mean_rank[1] == 2.0
    assert found.central_weights[[0, 2]].tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert np.isnan(found.central_weights[1]).all()


@few
@given(tables, tables, tables, shares)
def test_ranks_are_shared_out_once_and_the_chance_of_being_first_lies_within_its_ends(v, less, more, w):
    least, largest = np.maximum(v - less, 0.0), np.minimum(v + more, 1.0)
    found = accept_ranks(GivenDraws(np.stack([w, w[::-1]])), still(v, least, largest), samples=20)
    assert found.rank_frac.sum(axis=0) == pytest.approx(np.ones(5))
    assert found.rank_frac.sum(axis=1) == pytest.approx(np.ones(5))
    assert found.mean_rank == pytest.approx(found.rank_frac @ np.arange(1, 6))
    assert (found.first_frac_low <= found.rank_frac[:, 0] + 1e-12).all()
    assert (found.rank_frac[:, 0] <= found.first_frac_high + 1e-12).all()
