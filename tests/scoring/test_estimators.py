"""The two scikit-learn estimators: every check of scikit-learn, and what they are for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from geokit.core.errors import AssumptionError, UnknownNameError
from geokit.scoring.methods import bound_scores, weighted_sum
from geokit.scoring.preference import PreferenceLearner, measure_mixing
from geokit.scoring.scorer import SiteScorer

NAN = np.nan


@pytest.mark.parametrize("estimator", [SiteScorer(), PreferenceLearner(samples=200, warmup=50)])
def test_scikit_learn_finds_nothing_wrong(estimator):
    told = check_estimator(estimator, on_skip=None)
    assert len(told) > 40
    assert {one["check_name"] for one in told if one["status"] != "passed"} <= {"check_array_api_input"}


@pytest.fixture
def figures():
    return np.array([[80.0, 4.0], [80.0, NAN], [10.0, 1.0], [NAN, NAN]])


@pytest.fixture
def scorer(figures):
    return SiteScorer([0.75, 0.25], worst=[0.0, 10.0], best=[100.0, 0.0]).fit(figures)


def test_it_is_the_weighted_sum_with_its_bounds(scorer, figures):
    values = np.column_stack([figures[:, 0] / 100.0, 1.0 - figures[:, 1] / 10.0])
    expected = np.column_stack([weighted_sum(values, scorer.weights_), *bound_scores(values, values, scorer.weights_)])
    np.testing.assert_allclose(scorer.transform(figures), expected, atol=1e-12)
    np.testing.assert_array_equal(scorer.predict(figures), scorer.transform(figures)[:, 0])
    assert scorer.rank(figures).tolist() == [1.0, 2.0, 3.0, 4.0]


def test_nobody_else_in_the_set_matters(scorer, figures):
    np.testing.assert_array_equal(scorer.transform(figures[:1]), scorer.transform(figures)[:1])
    np.testing.assert_array_equal(clone(scorer).fit(figures[2:3]).transform(figures), scorer.transform(figures))


@pytest.mark.parametrize("method", ["topsis", "vikor", "spotis"])
def test_another_method_by_name(method, figures):
    told = SiteScorer([0.75, 0.25], method=method, worst=[0.0, 10.0], best=[100.0, 0.0]).fit(figures).transform(figures)
    assert np.isfinite(told).all()
    assert (told[:, 1] <= told[:, 2]).all()
    assert told[3].tolist() == [0.0, 0.0, 1.0]


def test_tables_keep_their_names(scorer, figures):
    table = pd.DataFrame(figures, columns=["copper", "haul"])
    told = make_pipeline(clone(scorer)).set_output(transform="pandas").fit(table).transform(table)
    assert list(told.columns) == ["score", "bound_low", "bound_high"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weights": [0.5, 0.6]}, "sum to 1"),
        ({"weights": [1.0]}, "must be 2 figures"),
        ({"weights": [1.5, -0.5]}, "at least 0"),
        ({"worst": 1.0}, "meet"),
        ({"method": "promethee"}, "compares the set with itself"),
    ],
)
def test_what_does_not_fit_is_refused(options, said, figures):
    with pytest.raises(AssumptionError, match=said):
        SiteScorer(**options).fit(figures)


def test_an_unknown_method_is_told(figures):
    with pytest.raises(UnknownNameError, match="'topsys'"):
        SiteScorer(method="topsys").fit(figures)


TRUE = np.array([0.6, 0.3, 0.1])


def choose(count, sharpness=15.0, seed=1):
    """Return differences and choices of somebody who has the true weights."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (count, 3))
    return x, (rng.random(count) < 1 / (1 + np.exp(-sharpness * x @ TRUE))).astype(int)


def test_choices_give_back_the_weights_behind_them():
    learner = PreferenceLearner(samples=2000).fit(*choose(400))
    assert learner.posterior_.shape == (2000, 3)
    assert learner.posterior_.sum(axis=1) == pytest.approx(np.ones(2000))
    assert learner.weights_ == pytest.approx(TRUE, abs=0.05)
    assert ((learner.weights_p10_ < learner.weights_) & (learner.weights_ < learner.weights_p90_)).all()
    assert np.median(learner.sharpness_) == pytest.approx(15.0, rel=0.3)
    assert learner.r_hat_ < 1.05


def test_without_choices_that_tell_the_weights_stay_open():
    """A choice between equals says nothing: the posterior is even on the simplex, each weight Beta(1, 2)."""
    learner = PreferenceLearner(samples=4000).fit_choices([[0.5, 0.5, 0.5]], [[0.5, 0.5, 0.5]])
    assert learner.weights_ == pytest.approx([1 / 3] * 3, abs=0.02)
    assert learner.weights_p90_ == pytest.approx([1 - np.sqrt(0.1)] * 3, abs=0.03)


def test_two_criteria_against_the_integral():
    """With two criteria the posterior mean is a ratio of two integrals over weight and sharpness."""
    x, y = np.array([[0.5, -0.4], [-0.3, 0.2], [0.1, -0.6]]), np.array([1, 0, 1])
    w, z = np.meshgrid((np.arange(400) + 0.5) / 400, np.linspace(-5, 5, 400))
    margin = 10.0 * np.exp(z) * (np.where(y == 1, 1, -1)[:, None, None] * (x[:, [0], None] * w + x[:, [1], None] * (1 - w)))
    density = np.exp(-(z**2) / 2) * np.prod(expit(margin), axis=0)
    learner = PreferenceLearner(samples=8000).fit(x, y)
    assert learner.weights_[0] == pytest.approx((w * density).sum() / density.sum(), abs=0.015)


def test_more_choices_leave_less_open():
    few, many = (PreferenceLearner(samples=1000).fit(*choose(count)) for count in (10, 300))
    assert (many.weights_p90_ - many.weights_p10_ < few.weights_p90_ - few.weights_p10_).all()


def test_a_choice_and_its_mirror_say_the_same():
    x, y = choose(60)
    one, other = PreferenceLearner(samples=400).fit(x, y), PreferenceLearner(samples=400).fit(-x, 1 - y)
    np.testing.assert_array_equal(one.posterior_, other.posterior_)
    picked = np.where(y[:, None] == 1, x, -x)
    np.testing.assert_array_equal(PreferenceLearner(samples=400).fit_choices(picked, 0 * picked).posterior_, one.posterior_)


def test_choices_in_frames_pair_rows_by_place_and_columns_by_name():
    """Rows of two selections carry other labels; that must not tear the pairs apart."""
    x, y = choose(40)
    picked = pd.DataFrame(np.where(y[:, None] == 1, x, -x), columns=["D1", "F1", "L1"])
    against = pd.DataFrame(0 * x, columns=["L1", "D1", "F1"], index=range(100, 140)).assign(L1=0.1)
    learner = PreferenceLearner(samples=400).fit_choices(picked, against)
    plain = PreferenceLearner(samples=400).fit_choices(picked.to_numpy(), against[["D1", "F1", "L1"]].to_numpy())
    np.testing.assert_array_equal(learner.posterior_, plain.posterior_)
    assert learner.predict(picked).shape == (40,)
    with pytest.raises(KeyError, match="F1"):
        PreferenceLearner(samples=400).fit_choices(picked, against.rename(columns={"F1": "F2"}))


def test_chances_follow_the_posterior():
    learner = PreferenceLearner(samples=500).fit(*choose(200))
    chances = learner.predict_proba([[0.5, 0.0, 0.0], [-0.5, 0.0, 0.0], [0.0, 0.0, 0.0]])
    assert chances.sum(axis=1) == pytest.approx(np.ones(3))
    assert chances[0, 1] > 0.9
    assert chances[1, 1] < 0.1
    assert chances[2, 1] == 0.5
    assert learner.predict([[0.5, 0.0, 0.0], [-0.5, 0.0, 0.0]]).tolist() == [1, 0]


def test_a_gap_in_a_choice_is_told():
    with pytest.raises(AssumptionError, match=r"choices \[1\] have a missing value"):
        PreferenceLearner().fit_choices([[1.0], [NAN]], [[0.0], [0.0]])


def test_chains_that_tell_apart_do_not_mix():
    rng = np.random.default_rng(1)
    alike = rng.standard_normal((4, 500, 2))
    assert measure_mixing(alike) == pytest.approx(1.0, abs=0.02)
    assert measure_mixing(alike + np.arange(4)[:, None, None]) > 1.3
    assert measure_mixing(np.zeros((2, 5, 1))) == 1.0
