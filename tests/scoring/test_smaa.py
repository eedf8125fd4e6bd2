"""Rank acceptability: against counting by hand, and what must not change it."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.scoring import build_matrix
from geokit.scoring.draws import FactDraws, prepare_draws
from geokit.scoring.robustness import draw_triangular, spread_scores
from geokit.scoring.simplex import GivenDraws, StatedOrder
from geokit.scoring.smaa import accept_ranks, score_block

EVERY = np.ones(3, dtype=bool)
EVEN = StatedOrder(np.zeros(3, dtype=np.int64), np.ones(1), np.ones(3), EVERY, EVERY)


def fixed(v, least=None, largest=None):
    least, largest = (v if one is None else one for one in (least, largest))
    return FactDraws(v, least, largest, (), np.empty((0, 3)), 1)


def count_slowly(v, samples):
    """Return shares of ranks and central weights, one draw after the other, with the same weights."""
    weights = EVEN.draw(samples, rng=np.random.default_rng(np.random.SeedSequence(1)))
    counts, centre = np.zeros((len(v), len(v))), np.zeros(v.shape)
    for one in weights:
        order = sorted(range(len(v)), key=lambda row: (-round(sum(a * b for a, b in zip(v[row], one, strict=True)), 12), row))
        for rank, row in enumerate(order):
            counts[row, rank] += 1
        centre[order[0]] += one
    firsts = counts[:, [0]]
    return counts / samples, np.divide(centre, firsts, out=np.full(v.shape, np.nan), where=firsts > 0)


def test_counts_are_those_of_a_slow_count():
    v = np.random.default_rng(3).random((6, 3))
    found = accept_ranks(EVEN, fixed(v), samples=300, leaders=np.arange(6))
    ranks, centre = count_slowly(v, 300)
    np.testing.assert_allclose(found.rank_frac, ranks, atol=1e-12)
    np.testing.assert_allclose(found.central_weights, centre, atol=1e-12)
    assert found.mean_rank == pytest.approx(ranks @ np.arange(1, 7))
    np.testing.assert_allclose(found.win_frac + found.win_frac.T, 1.0 - np.eye(6))
    np.testing.assert_array_equal(found.first_frac_low, found.rank_frac[:, 0])
    np.testing.assert_array_equal(found.first_frac_high, found.rank_frac[:, 0])


def test_each_of_three_specialists_wins_a_third():
    found = accept_ranks(EVEN, fixed(np.eye(3)), samples=6000)
    assert found.rank_frac == pytest.approx(np.full((3, 3), 1 / 3), abs=0.03)
    assert found.central_weights == pytest.approx(np.full((3, 3), 0.194) + np.eye(3) * 0.417, abs=0.02)  # 11/18 and 7/36


def test_ties_go_to_the_earlier_and_copies_never_share_by_chance():
    v = np.tile(np.random.default_rng(1).random(3), (40, 1))
    found = accept_ranks(EVEN, fixed(v), samples=500, leaders=np.array([0, 39]))
    assert found.rank_frac[0, 0] == 1.0
    assert found.win_frac.tolist() == [[0.0, 1.0], [0.0, 0.0]]


def test_a_missing_cell_opens_the_chance_of_being_first():
    """Row 0 may be anything from 0 to 1 under the first criterion; row 1 is 0.5 everywhere."""
    proven, best = np.array([[0.0, 0.5, 0.5], [0.5, 0.5, 0.5]]), np.array([[1.0, 0.5, 0.5], [0.5, 0.5, 0.5]])
    found = accept_ranks(EVEN, fixed(proven, largest=best), samples=200)
    assert found.rank_frac[:, 0].tolist() == [0.0, 1.0]
    assert found.first_frac_low.tolist() == [0.0, 0.0]
    assert found.first_frac_high.tolist() == [1.0, 1.0]


def test_one_alternative_is_first_and_none_is_no_error():
    one = accept_ranks(EVEN, fixed(np.full((1, 3), 0.2)), samples=10)
    assert (one.rank_frac.tolist(), one.first_frac_low.tolist(), one.mean_rank.tolist()) == ([[1.0]], [1.0], [1.0])
    none = accept_ranks(EVEN, fixed(np.empty((0, 3))), samples=10)
    assert none.rank_frac.shape[0] == none.mean_rank.size == 0


def test_a_learnt_posterior_takes_the_place_of_ranks():
    found = accept_ranks(GivenDraws(np.array([[1.0, 0.0, 0.0]])), fixed(np.eye(3)), samples=20)
    assert found.rank_frac[:, 0].tolist() == [1.0, 0.0, 0.0]


@pytest.fixture
def joined(hand_cells, criteria, plain, plants, grid, who_uses):
    return build_matrix(hand_cells, criteria, assumptions=plain).join(plants, grid, who_uses)


@pytest.fixture
def facts(joined):
    return prepare_draws(joined, 0, np.ones(4, dtype=bool), counts=EVERY, seed=7)


def test_what_is_known_moves_only_if_both_ends_are_open(joined, facts):
    names = joined.alternatives["alternative"].tolist()
    assert names == ["a:grind", "a:smelt", "b:smelt", "export:smelt"]
    assert [(one.criterion.criterion_id, [names[row] for row in one.touched]) for one in facts.moving] == [("F", ["b:smelt"])]
    assert facts.proven[2].tolist() == [0.0, 0.0, 0.5]
    assert facts.largest[2].tolist() == [1.0, 0.0, 0.5]
    assert facts.largest[3].tolist() == [0.5, 1.0, 1.0]


def test_a_range_that_ends_at_its_mode_is_ignorance(make_cells, criteria, plain, plants, grid, who_uses):
    cells = make_cells((("F", "a", "smelt"), (2.0, 6.0, 6.0)))
    joined = build_matrix(cells, criteria, assumptions=plain).join(plants, grid, who_uses)
    facts = prepare_draws(joined, 0, np.ones(4, dtype=bool), counts=EVERY, seed=7)
    assert facts.moving == ()
    assert [one[1, 1] for one in (facts.least, facts.proven, facts.largest)] == pytest.approx([0.2, 0.6, 0.6])


def test_an_end_of_ignorance_beside_a_range_is_never_drawn(make_cells, criteria, plain, plants, grid, who_uses):
    cells = make_cells((("F", "a", "smelt"), (2.0, 4.0, 6.0)))
    told = [build_matrix(one, criteria, assumptions=plain).join(plants, grid, who_uses) for one in (cells, cells.assign(bound_high=9.0))]
    near, far = (prepare_draws(one, 0, np.ones(4, dtype=bool), counts=EVERY, seed=7) for one in told)
    np.testing.assert_array_equal(next(near.blocks(iter([500])))[0], next(far.blocks(iter([500])))[0])
    assert [one.values(0, "v_high")[1, 1] for one in told] == pytest.approx([0.6, 0.9])
    np.testing.assert_array_equal(*(np.vstack(spread_scores(one, 0, np.ones(3), samples=200, seed=7)) for one in told))


def test_ignorance_beside_a_range_opens_the_bounds_of_every_draw(make_cells, criteria, plain, plants, grid, who_uses):
    """A bound of 9 beside a range to 6 lifts the best score of each draw by the weight times (0.9 - 0.6), and moves no score."""
    cells = make_cells((("F", "a", "smelt"), (2.0, 4.0, 6.0)))
    both = cells.assign(bound_low=1.0, bound_high=9.0)
    told = [build_matrix(one, criteria, assumptions=plain).join(plants, grid, who_uses) for one in (cells, both)]
    near, far = (prepare_draws(one, 0, np.ones(4, dtype=bool), counts=EVERY, seed=7) for one in told)
    weights = EVEN.draw(50, rng=np.random.default_rng(2))
    values = next(near.blocks(iter([50])))
    first, second = (score_block(weights, one, values) for one in (near, far))
    np.testing.assert_array_equal(first[0], second[0])
    lifts = np.zeros((2, 50, 4))
    lifts[:, :, 1] = weights[:, 1] * np.array([[-0.1], [0.3]])
    np.testing.assert_allclose(second[1] - first[1], lifts[0], atol=1e-12)
    np.testing.assert_allclose(second[2] - first[2], lifts[1], atol=1e-12)


def test_a_bound_beside_a_range_opens_the_chance_of_being_first(make_cells, criteria, plain, plants, grid, who_uses):
    cells = make_cells((("F", "a", "smelt"), (2.0, 4.0, 6.0)), (("F", "b", "smelt"), (6.1, 7.0, 8.0)))
    told = {}
    for name, one in {"range": cells, "bound": cells.assign(bound_high=[10.0, np.nan])}.items():
        joined = build_matrix(one, criteria, assumptions=plain).join(plants, grid, who_uses)
        chosen = joined.alternatives["alternative"].isin(["a:smelt", "b:smelt"]).to_numpy()
        facts = prepare_draws(joined, 0, chosen, counts=np.array([False, True, False]), seed=7)
        told[name] = accept_ranks(GivenDraws(np.tile([0.0, 1.0, 0.0], (200, 1))), facts, samples=200)
    assert told["range"].first_frac_high.tolist() == [0.0, 1.0]
    assert told["bound"].rank_frac[:, 0].tolist() == [0.0, 1.0]
    assert told["bound"].first_frac_high[0] > 0.9


def test_the_draws_are_triangular_and_their_block_changes_no_figure(facts):
    whole = next(facts.blocks(iter([4000])))[0]
    parts = np.vstack([block[0] for block in facts.blocks(iter([1, 1500, 2499]))])
    np.testing.assert_array_equal(whole, parts)
    expected = draw_triangular(4.0, 6.0, 8.0, uniform=(np.arange(4000) + 0.5) / 4000) / 10.0
    assert np.sort(whole[:, 0]) == pytest.approx(expected, abs=0.02)


def test_no_size_of_block_changes_a_share(facts):
    told = [accept_ranks(EVEN, facts, samples=257, leaders=np.arange(4), block=block) for block in (1, 10, 100, 1000)]
    for name in ("rank_frac", "first_frac_low", "first_frac_high", "mean_rank", "central_weights", "win_frac"):
        for other in told[1:]:
            np.testing.assert_array_equal(getattr(told[0], name), getattr(other, name))


def test_scores_of_a_block_are_the_weighted_sums(facts):
    weights = EVEN.draw(5, rng=np.random.default_rng(2))
    values = next(facts.blocks(iter([5])))
    score, least, largest = score_block(weights, facts, values)
    full = np.repeat(facts.proven[None], 5, axis=0)
    full[:, 2, 1] = values[0][:, 0]
    np.testing.assert_allclose(score, np.einsum("sk,sak->sa", weights, full), atol=1e-12)
    assert (least <= score + 1e-12).all()
    np.testing.assert_allclose(largest[:, 3], weights @ [0.5, 1.0, 1.0], atol=1e-12)
