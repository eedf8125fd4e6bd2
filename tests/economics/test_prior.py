import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from geokit.economics.prior import draw_deposits, prior_rates
from tests.economics.conftest import frame

MODEL = {"ln_tonnage_mean": 5.0, "ln_tonnage_sd": 2.0, "ln_grade_mean": -1.0, "ln_grade_sd": 0.7, "rank_correlation": -0.4}


@pytest.fixture
def modelled(world):
    row = {"model_id": "massive", "grade_of": "Mm", "grade_unit": "% Mm", "source_id": "src-model", **MODEL}
    return {**world.layers, "grade_tonnage": frame("grade_tonnage", row)}


@pytest.fixture
def silent():
    return pd.DataFrame({"deposit_id": ["a", "b"], "deposit_type": ["Massive", "Vein"], "analyte": ["Mm", "Mm"]})


def test_draws_have_the_medians_and_the_rank_correlation_of_the_model():
    tonnes, grade = draw_deposits(MODEL, 40_000, rng=np.random.default_rng(7))
    assert np.median(tonnes) / 1e6 == pytest.approx(np.exp(5.0), rel=0.05)
    assert np.median(grade) == pytest.approx(np.exp(-1.0), rel=0.05)
    assert spearmanr(tonnes, grade).statistic == pytest.approx(-0.4, abs=0.02)


def test_independence_would_overstate_the_metal():
    tonnes, grade = draw_deposits(MODEL, 40_000, rng=np.random.default_rng(7))
    apart = draw_deposits({**MODEL, "rank_correlation": 0.0}, 40_000, rng=np.random.default_rng(7))
    assert np.percentile(tonnes * grade, 90) < np.percentile(apart[0] * apart[1], 90)


def test_the_prior_is_off_until_somebody_sets_the_chance(modelled, silent, assumptions):
    assert prior_rates(modelled, silent, assumptions=assumptions).empty


def test_the_metal_is_in_proportion_to_the_chance_and_only_for_kinds_with_a_model(modelled, silent, assumptions):
    half, all_of_it = (
        prior_rates(modelled, silent, assumptions=assumptions.replace(feed__prior_deposit_frac={"low": one, "mode": one, "high": one}))
        for one in (0.5, 1.0)
    )
    assert half["deposit_id"].tolist() == ["a"]
    assert half["metal"].iloc[0] == pytest.approx(all_of_it["metal"].iloc[0] / 2)
    assert half["metal_low"].iloc[0] < half["metal"].iloc[0] < half["metal_high"].iloc[0]


def test_another_body_of_the_list_changes_nothing(modelled, silent, assumptions):
    on = assumptions.replace(feed__prior_deposit_frac={"low": 0.1, "mode": 0.3, "high": 0.5})
    more = pd.concat([silent.assign(deposit_id=["0", "z"]), silent])
    one, two = (prior_rates(modelled, bodies, assumptions=on).set_index("deposit_id").loc["a"] for bodies in (silent, more))
    pd.testing.assert_series_equal(one, two)
