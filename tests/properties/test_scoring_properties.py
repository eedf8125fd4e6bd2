"""Properties of the bare functions, for any values and weights."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geokit.core.triangle import draw_triangular
from geokit.scoring.criteria import Criterion
from geokit.scoring.methods import bound_scores, group_tiers, rank_scores, weighted_sum
from geokit.scoring.scaling import scale
from geokit.scoring.weights import Weights, weigh_rank_order_centroid, weigh_rank_sum

ROWS, COLUMNS = 6, 5
unit = st.floats(0.0, 1.0)
values = hnp.arrays(float, (ROWS, COLUMNS), elements=st.one_of(unit, st.just(np.nan)))
weights = hnp.arrays(float, COLUMNS, elements=st.floats(0.01, 1.0)).map(lambda raw: raw / raw.sum())
triangle = st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3).map(sorted)
anchored = st.one_of(
    st.tuples(st.just("linear"), st.tuples(st.floats(-50, 0), st.floats(1, 50))),
    st.tuples(st.just("linear"), st.tuples(st.floats(1, 50), st.floats(-50, 0))),
    st.tuples(st.just("piecewise"), st.tuples(st.floats(-50, 0), st.floats(1, 9), st.floats(10, 50))),
    st.tuples(st.just("exp"), st.tuples(st.floats(0.1, 100))),
    st.tuples(st.just("concave_exp"), st.tuples(st.floats(0.1, 100))),
)
everyone = np.ones(ROWS, dtype=bool)


@given(values, weights, st.permutations(range(COLUMNS)))
def test_weights_permuted_with_criteria_leave_scores_and_ranks_unchanged(v, w, order):
    plain, mixed = weighted_sum(v, w), weighted_sum(v[:, order], w[list(order)])
    np.testing.assert_allclose(plain, mixed, atol=2e-12)
    clear = np.diff(np.sort(plain)).min() > 1e-9
    if clear:
        np.testing.assert_array_equal(rank_scores(plain, everyone), rank_scores(mixed, everyone))


@given(values, weights, hnp.arrays(float, COLUMNS, elements=st.floats(0.0, 1.0)))
def test_a_dominated_alternative_never_stands_above_its_dominator(v, w, lift):
    best = np.nan_to_num(v[0])
    v[-1], v[0] = np.minimum(best + lift, 1.0), best
    scores = weighted_sum(v, w)
    assert scores[-1] >= scores[0]
    if scores[-1] > scores[0]:
        ranks = rank_scores(scores, everyone)
        assert ranks[-1] < ranks[0]


@given(values, weights)
def test_scores_lie_between_zero_and_one_and_inside_their_bounds(v, w):
    low, high = v * 0.5, v * 0.5 + 0.5
    bottom, top = bound_scores(low, high, w)
    score = weighted_sum(v, w)
    assert ((score >= 0) & (score <= 1)).all()
    assert (bottom <= score).all()
    assert (score <= top).all()
    assert (top <= 1).all()


@given(values, weights, st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1), unit)
def test_what_becomes_known_never_lowers_a_score_and_never_widens_the_bounds(v, w, row, column, found):
    v[row, column] = np.nan
    before, widest = weighted_sum(v, w), bound_scores(v, v, w)
    v[row, column] = found
    assert (weighted_sum(v, w) >= before).all()
    bottom, top = bound_scores(v, v, w)
    assert (bottom >= widest[0]).all()
    assert (top <= widest[1]).all()


@given(hnp.arrays(float, ROWS, elements=unit), hnp.arrays(bool, ROWS))
def test_ranks_are_one_to_n_over_the_rows_that_carry_one(scores, ranked):
    ranks = rank_scores(scores, ranked)
    assert sorted(ranks[ranked]) == list(range(1, ranked.sum() + 1))
    assert np.isnan(ranks[~ranked]).all()


@given(hnp.arrays(float, ROWS, elements=unit), hnp.arrays(float, ROWS, elements=unit))
def test_tiers_start_at_one_and_never_skip(p10, width):
    ranks = np.arange(1.0, ROWS + 1.0)
    tiers = group_tiers(ranks, p10, p10 + width)
    assert tiers[0] == 1
    assert set(np.diff(tiers)) <= {0.0, 1.0}


@given(anchored, hnp.arrays(float, 8, elements=st.floats(-200, 200)))
def test_value_functions_stay_on_the_scale_and_never_turn(given_shape, x):
    shape, anchors = given_shape
    steps = np.diff(scale(np.sort(x), shape, anchors))
    v = scale(x, shape, anchors)
    assert ((v >= 0) & (v <= 1)).all()
    assert (steps >= 0).all() or (steps <= 0).all()


@given(triangle, hnp.arrays(float, 9, elements=unit))
def test_a_triangular_draw_stays_in_its_range_and_rises(ends, uniform):
    low, mode, high = (np.float64(end) for end in ends)
    drawn = draw_triangular(low, mode, high, uniform=np.sort(uniform))
    slack = 1e-9 * (1.0 + abs(low) + abs(high))
    assert (drawn >= low - slack).all()
    assert (drawn <= high + slack).all()
    assert (np.diff(drawn) >= -slack).all()


@given(st.permutations(range(1, 8)))
def test_weights_from_ranks_sum_to_one_and_fall_with_the_rank(order):
    ranks = np.array(order, dtype=float)
    for method in (weigh_rank_sum, weigh_rank_order_centroid):
        found = method(ranks)
        assert abs(found.sum() - 1.0) < 1e-12
        assert (np.diff(found[np.argsort(ranks)]) < 0).all()


@given(weights, st.integers(0, COLUMNS - 1), unit)
def test_a_replaced_weight_keeps_the_sum(w, place, share):
    criteria = [Criterion(f"C{n}", f"g{n}", f"G{n}", "", "", "max", "linear", (0.0, 1.0)) for n in range(COLUMNS)]
    base = Weights.given({one.criterion_id: float(x) for one, x in zip(criteria, w / w.sum(), strict=True)}, criteria)
    new = base.replace({f"C{place}": share})
    assert abs(sum(new.values()) - 1.0) < 1e-9
    assert new[f"C{place}"] == share
    assert all(weight >= 0 for weight in new.values())
