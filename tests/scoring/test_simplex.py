"""Weights drawn within the stated ranks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from geokit.io.defaults import read_defaults
from geokit.scoring import Weights, derive_weights, read_criteria
from geokit.scoring.simplex import GivenDraws, order_of_archetype, order_of_weights, spread_simplex


def rng(seed=1):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def defaults(assumptions):
    return read_defaults("ranks"), read_criteria(read_defaults("criteria"), assumptions=assumptions)


def test_points_respect_the_ranks():
    ranks = np.array([3.0, 1.0, 2.0, 4.0])
    points = spread_simplex(ranks, *rng().random((2, 500, 4)))
    assert points.sum(axis=1) == pytest.approx(np.ones(500))
    assert (np.diff(points[:, np.argsort(ranks)], axis=1) <= 0).all()


def test_without_ranks_they_are_even_on_the_simplex():
    """Each coordinate of an even point of the simplex of three is Beta(1, 2)."""
    points = spread_simplex(np.ones(3), *rng().random((2, 4000, 3)))
    for column in points.T:
        assert stats.kstest(column, stats.beta(1, 2).cdf).pvalue > 0.01


def test_the_largest_of_three_is_spread_as_the_largest_of_a_broken_stick():
    """P(max < x) = sum over k of (-1)^k C(3, k) (1 - k x)_+^2."""
    largest = spread_simplex(np.array([1.0, 2.0, 3.0]), *rng().random((2, 4000, 3)))[:, 0]

    def cdf(x):
        return sum((-1) ** k * c * np.clip(1 - k * x, 0, None) ** 2 for k, c in enumerate((1, 3, 3, 1)))

    assert stats.kstest(largest, cdf).pvalue > 0.01


def test_ties_share_and_outrank_the_rest():
    points = spread_simplex(np.array([1.0, 1.0, 2.0]), *rng().random((2, 4000, 3)))
    assert (points[:, :2] >= points[:, [2]]).all()
    assert (points[:, 0] > points[:, 1]).mean() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("mode", ["full", "screen"])
def test_an_archetype_draws_around_its_centroid_weights(defaults, mode):
    order = order_of_archetype(*defaults, archetype="planner_esg", mode=mode)
    drawn = order.draw(20_000, rng=rng())
    centre = derive_weights(*defaults, "planner_esg", mode, method="roc")
    assert drawn.sum(axis=1) == pytest.approx(np.ones(20_000))
    for column, one in zip(drawn.T, defaults[1], strict=True):
        assert (column > 0).all() == (one.criterion_id in centre)
        assert column.mean() == pytest.approx(centre.get(one.criterion_id, 0.0), abs=4e-3)


def test_groups_and_criteria_keep_their_stated_order(defaults):
    ranks, criteria = defaults
    everything = order_of_archetype(ranks, [one for one in criteria if len(one.active_in) == 2], archetype="investor", mode="full")
    drawn = everything.draw(300, rng=rng())
    own = ranks[ranks["archetype"] == "investor"].set_index("criterion_id")
    kept = own.loc[[one.criterion_id for one in criteria if len(one.active_in) == 2]]
    sums = np.stack([drawn[:, kept["group_id"] == group].sum(axis=1) for group in kept.sort_values("group_rank")["group_id"].unique()])
    assert (np.diff(sums, axis=0) <= 1e-12).all()
    for group in kept["group_id"].unique():
        inside = np.flatnonzero(kept["group_id"] == group)
        assert (np.diff(drawn[:, inside[np.argsort(kept["within_rank"].iloc[inside])]], axis=1) <= 0).all()


def test_given_weights_imply_an_order_and_none_stays_none(criteria):
    order = order_of_weights(Weights((("W", 0.3), ("F", 0.7), ("D", 0.0)), "me", "given"), criteria)
    drawn = order.draw(200, rng=rng())
    assert (drawn[:, 1] >= drawn[:, 0]).all()
    assert (drawn[:, 2] == 0).all()
    assert drawn.sum(axis=1) == pytest.approx(np.ones(200))


def test_two_draws_are_one_longer_draw(defaults):
    order, streams = order_of_archetype(*defaults, archetype="investor", mode="screen"), (rng(), rng())
    for source in (order, GivenDraws(order.draw(50, rng=rng(5)))):
        parts = np.vstack([source.draw(count, rng=streams[0]) for count in (3, 1, 7)])
        np.testing.assert_array_equal(parts, source.draw(11, rng=streams[1]))


def test_given_draws_come_back_as_often_as_one_another():
    found = GivenDraws(np.eye(4)).draw(4000, rng=rng())
    assert found.mean(axis=0) == pytest.approx([0.25] * 4, abs=0.03)
