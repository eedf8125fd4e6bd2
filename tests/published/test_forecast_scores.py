"""Scores of forecasts and rates of new controls against printed figures and another library."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss

from geokit.dependency.forecasts import score_brier, score_log
from geokit.dependency.hazard import meet_control, rate_controls

SPAM = [[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]]
CAME = [1, 0, 0, 1]
EGGS = [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.2, 0.6]]


def test_log_score_of_the_example_that_scikit_learn_prints():
    """scikit-learn, documentation of ``log_loss``: spam, ham, ham, spam give 0.21616."""
    scores = [score_log(row[came]) for row, came in zip(SPAM, CAME, strict=True)]
    assert np.mean(scores) == pytest.approx(0.21616, abs=5e-6)
    assert np.mean(scores) == pytest.approx(log_loss(CAME, SPAM))


def test_brier_score_of_three_outcomes_by_hand():
    """0.06, 0.14 and 0.24 by hand; scikit-learn prints their mean, 0.146, in the documentation of ``brier_score_loss``."""
    scores = [score_brier(row, np.eye(3)[number]) for number, row in enumerate(EGGS)]
    assert scores == pytest.approx([0.06, 0.14, 0.24])
    assert np.mean(scores) == pytest.approx(0.146, abs=1e-3)


@pytest.mark.parametrize(("rain", "told"), [(0.70, 0.09), (0.30, 0.49), (0.50, 0.25)])
def test_brier_scores_of_rain_are_half_of_ours(rain, told):
    """The usual examples of one outcome, rain that came, look at that outcome alone; Brier's own score counts both."""
    assert score_brier([rain, 1 - rain], [1, 0]) / 2 == pytest.approx(told)


@pytest.mark.parametrize(("events", "rate", "chance"), [(0, 0.15, 0.26), (1, None, 0.60), (2, None, 0.78)])
def test_rates_and_chances_of_section_4_2(events, rate, chance):
    """Flowsheet dossier: in 3.3 years no event gives 0.15 a year and 26 % in two years; one 60 %, two 78 %."""
    found = rate_controls(events, 3.3)
    assert rate is None or float(found) == pytest.approx(rate, abs=5e-3)
    assert float(meet_control(found, 2.0)) == pytest.approx(chance, abs=5e-3)
