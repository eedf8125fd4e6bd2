"""Laws that every method keeps, for any values, gaps and weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geokit.scoring.agreement import find_reversals, rank_methods
from geokit.scoring.by_method import METHODS, bound_by, find_method, score_by
from geokit.scoring.dominance import dominates, find_efficient
from geokit.scoring.methods import bound_scores, weighted_sum
from geokit.scoring.scaling import scale

ROWS, COLUMNS = 6, 4
every = pytest.mark.parametrize("method", list(METHODS))
few = settings(max_examples=25, deadline=None)
fourths = st.integers(0, 64).map(lambda whole: whole / 64)
gaps = st.one_of(fourths, fourths, st.just(np.nan))
values = hnp.arrays(float, (ROWS, COLUMNS), elements=gaps)
whole = hnp.arrays(float, (ROWS, COLUMNS), elements=fourths)
weights = hnp.arrays(float, COLUMNS, elements=st.floats(0.05, 1.0)).map(lambda raw: raw / raw.sum())
places = st.tuples(st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1))


@every
@few
@given(values, weights, st.permutations(range(ROWS)), st.permutations(range(COLUMNS)))
def test_the_order_of_alternatives_and_criteria_changes_nothing(method, v, w, rows, columns):
    plain, mixed = bound_by(v, v, w, method=method), bound_by(v[rows][:, columns], v[rows][:, columns], w[columns], method=method)
    for one, other in zip(plain, mixed, strict=True):
        np.testing.assert_allclose(one[rows], other, rtol=0.0, atol=2e-12)


@every
@few
@given(values, weights, st.integers(0, COLUMNS - 1))
def test_no_weight_is_no_criterion(method, v, w, place):
    others = np.arange(COLUMNS) != place
    blind = np.where(others, w, 0.0) / w[others].sum()
    for one, other in zip(
        bound_by(v, v, blind, method=method), bound_by(v[:, others], v[:, others], blind[others], method=method), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=0.0, atol=2e-12)


@every
@few
@given(whole, weights)
def test_a_dominated_alternative_is_never_first(method, v, w):
    beaten = dominates(v, v).any(axis=0)
    score = score_by(v, w, method=method)
    assert score[~beaten].max() > score[beaten].max(initial=-1.0)
    assert not beaten[rank_methods(v, w, methods=[method])[method].argmin()]


@every
@few
@given(whole, weights, st.integers(0, ROWS - 1), st.integers(0, ROWS - 1), st.floats(0.01, 0.5))
def test_who_is_better_somewhere_and_worse_nowhere_stands_no_lower(method, v, w, one, other, lift):
    v[other] = np.minimum(v[one] + lift * (np.arange(COLUMNS) == 0), 1.0) if one != other else v[one]
    score = score_by(v, w, method=method)
    assert score[other] >= score[one] - 1e-12


@every
@few
@given(values, weights, places, fourths)
def test_learning_a_fact_only_narrows(method, v, w, place, found):
    v[place] = np.nan
    before = bound_by(v, v, w, method=method)
    v[place] = found
    after = bound_by(v, v, w, method=method)
    assert (after[0] >= before[0] - 1e-12).all()
    assert (after[1] <= before[1] + 1e-12).all()


@every
@few
@given(values, weights, hnp.arrays(float, (ROWS, COLUMNS), elements=fourths))
def test_whatever_is_missing_the_score_lies_within_the_bounds(method, v, w, filling):
    bottom, top = bound_by(v, v, w, method=method)
    score = find_method(method).score(np.where(np.isnan(v), filling, v), w)
    assert (bottom <= score + 2e-12).all()
    assert (score <= top + 2e-12).all()
    assert (bottom >= 0).all()
    assert (top <= 1).all()


@every
@few
@given(values, weights, st.integers(0, ROWS - 1))
def test_the_bounds_are_reached(method, v, w, row):
    worst, best = (np.where(np.isnan(v), own, v) for own in (0.0, 1.0))
    bottom, top = bound_by(v, v, w, method=method)
    alone = np.arange(ROWS)[:, None] == row
    assert find_method(method).score(np.where(alone, worst, best), w)[row] == pytest.approx(bottom[row], abs=2e-12)
    assert find_method(method).score(np.where(alone, best, worst), w)[row] == pytest.approx(top[row], abs=2e-12)


@every
@few
@given(hnp.arrays(float, (ROWS, COLUMNS), elements=st.integers(0, 400).map(float)), weights, st.sampled_from([1e-3, 0.45359237, 1e3]))
def test_a_change_of_unit_changes_nothing(method, x, w, factor):
    anchors = np.array([0.0, 50.0, 300.0])
    here, there = (np.round(scale(x * by, "piecewise", tuple(by * anchors)), 12) for by in (1.0, factor))
    np.testing.assert_allclose(score_by(here, w, method=method), score_by(there, w, method=method), atol=1e-9)


@every
@few
@given(values, weights, st.integers(1, ROWS), fourths)
def test_a_flat_criterion_or_one_alternative_is_a_number(method, v, w, count, level):
    v = v[:count]
    v[:, 0] = level
    for bound in bound_by(v, v, w, method=method):
        assert np.isfinite(bound).all()
    assert np.isfinite(find_method(method).score(np.nan_to_num(v), w)).all()


@few
@given(values, weights)
def test_only_a_method_that_looks_at_others_can_reverse(v, w):
    fixed = [name for name, one in METHODS.items() if not one.looks_at_others]
    names = [f"a{number}" for number in range(ROWS)]
    assert find_reversals(v, w, alternatives=names, added={"new": v[0], "bare": np.full(COLUMNS, np.nan)}, methods=fixed).empty


@few
@given(values, weights)
def test_spotis_and_the_weighted_sum_are_one(v, w):
    assert score_by(v, w, method="spotis") == pytest.approx(weighted_sum(v, w), abs=2e-12)
    for one, other in zip(bound_by(v, v, w, method="spotis"), bound_scores(v, v, w), strict=True):
        assert one == pytest.approx(other, abs=2e-12)


@few
@given(values, hnp.arrays(float, (ROWS, COLUMNS), elements=fourths))
def test_what_is_surely_efficient_stays_so_and_what_is_not_even_possibly_never_is(v, filling):
    surely, possibly = find_efficient(v, v)
    filled = np.where(np.isnan(v), filling, v)
    front = find_efficient(filled, filled)[0]
    assert (front[surely]).all()
    assert not front[~possibly].any()
