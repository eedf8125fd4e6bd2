"""The methods and the weights from the spread of the set against pymcdm, on any matrix."""

from __future__ import annotations

import numpy as np
import pymcdm.methods as peers
import pymcdm.weights as peer_weights
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pymcdm.normalizations import minmax_normalization, sum_normalization, vector_normalization
from scipy.stats import kendalltau

from geokit.scoring.agreement import kendall_tau
from geokit.scoring.objective import weigh_critic, weigh_entropy
from geokit.scoring.promethee import promethee
from geokit.scoring.spotis import spotis
from geokit.scoring.topsis import topsis
from geokit.scoring.vikor import vikor

ROWS, COLUMNS = 7, 4
TYPES = np.ones(COLUMNS)
CLOSE = {"rtol": 0.0, "atol": 1e-12}
hundredths = st.integers(1, 100).map(lambda whole: whole / 100)
matrices = hnp.arrays(float, (ROWS, COLUMNS), elements=hundredths).filter(lambda x: (np.ptp(x, axis=0) > 0).all())
weights = hnp.arrays(float, COLUMNS, elements=st.floats(0.05, 1.0)).map(lambda raw: raw / raw.sum())
few = settings(max_examples=30, deadline=None)


@few
@given(matrices, weights)
@pytest.mark.parametrize("normalise", [minmax_normalization, vector_normalization, sum_normalization])
def test_topsis(normalise, x, w):
    scaled = np.apply_along_axis(normalise, 0, x)
    np.testing.assert_allclose(topsis(scaled, w, relative=True), peers.TOPSIS(normalise)(x, w, TYPES, validation=False), **CLOSE)


@few
@given(matrices, weights, st.floats(0.0, 1.0))
def test_vikor(x, w, strategy):
    gaps = w * (x.max(axis=0) - x) / np.ptp(x, axis=0)
    whole, largest = gaps.sum(axis=1), gaps.max(axis=1)
    if np.ptp(whole) > 1e-3 and np.ptp(largest) > 1e-3:
        expected = peers.VIKOR(v=strategy)(x, w, TYPES, validation=False)
        np.testing.assert_allclose(vikor(x, w, strategy=strategy, relative=True), expected, **CLOSE)


@few
@given(matrices, weights)
@pytest.mark.parametrize(
    ("shape", "thresholds"),
    [("usual", (0.0, 0.0)), ("ushape", (0.205, 0.205)), ("vshape", (0.0, 0.305)), ("vshape_2", (0.105, 0.405))],
)
def test_promethee(shape, thresholds, x, w):
    q, p = (np.full(COLUMNS, one) for one in thresholds)
    expected = peers.PROMETHEE_II(shape, q=q, p=p)(x, w, TYPES, validation=False)
    np.testing.assert_allclose(promethee(x, w, thresholds=thresholds), expected, **CLOSE)


@few
@given(matrices, weights, hnp.arrays(float, COLUMNS, elements=hundredths))
def test_spotis(x, w, ideal):
    bounds = np.column_stack([np.zeros(COLUMNS), np.full(COLUMNS, 1.5)])
    for own, peer in ((None, peers.SPOTIS(bounds)), (ideal, peers.SPOTIS(bounds, esp=ideal))):
        np.testing.assert_allclose(spotis(x, w, bounds=bounds, ideal=own), peer(x, w, TYPES, validation=False), **CLOSE)


@few
@given(matrices)
def test_weights_from_the_spread(x):
    np.testing.assert_allclose(weigh_entropy(x), peer_weights.entropy_weights(x), rtol=0.0, atol=1e-9)
    scaled = (x - x.min(axis=0)) / np.ptp(x, axis=0)
    expected = peer_weights.critic_weights(x)
    if np.isfinite(expected).all():
        np.testing.assert_allclose(weigh_critic(scaled), expected, rtol=0.0, atol=1e-9)


@few
@given(matrices, st.lists(weights, min_size=1, max_size=4))
def test_many_sets_of_weights_at_once_are_the_same_as_one_after_the_other(x, many):
    for method in (topsis, vikor, promethee, spotis):
        expected = np.column_stack([method(x, one) for one in many])
        np.testing.assert_allclose(method(x, np.array(many)), expected, **CLOSE)


@few
@given(st.permutations(range(1, 9)), st.permutations(range(1, 9)))
def test_agreement_is_that_of_scipy(one, other):
    assert kendall_tau(np.array(one), np.array(other)) == pytest.approx(kendalltau(one, other).statistic, abs=1e-12)
