"""The weighted sum against a worked example.

Three alternatives, four criteria of one unit, weights 0.20, 0.15, 0.40, 0.25; scores 21.50, 22.00 and 22.00. Example of the weighted
sum model after Triantaphyllou (2000), Multi-criteria decision making methods: a comparative study, Kluwer; as worked in the
encyclopaedia article "Weighted sum model".
"""

from __future__ import annotations

import numpy as np
import pytest

from geokit.scoring.methods import rank_scores, weighted_sum
from geokit.scoring.scaling import scale_piecewise

FIGURES = np.array([[25.0, 20.0, 15.0, 30.0], [10.0, 30.0, 20.0, 30.0], [30.0, 10.0, 30.0, 10.0]])
WEIGHTS = np.array([0.20, 0.15, 0.40, 0.25])


def test_scores_of_the_example():
    scores = weighted_sum(scale_piecewise(FIGURES, (0.0, 100.0)), WEIGHTS)
    assert 100 * scores == pytest.approx([21.5, 22.0, 22.0])


def test_the_tie_of_the_example_is_a_tie():
    scores = weighted_sum(scale_piecewise(FIGURES, (0.0, 100.0)), WEIGHTS)
    assert scores[1] == scores[2]
    assert rank_scores(scores, np.ones(3, dtype=bool)).tolist() == [3.0, 1.0, 2.0]
