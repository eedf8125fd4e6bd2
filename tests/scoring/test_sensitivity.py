"""Sensitivity from given draws: closed forms, what has no effect, and what must be refused."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.core.errors import AssumptionError
from geokit.scoring.sensitivity import find_first_order, find_noise, find_pawn


@pytest.fixture(scope="module")
def uniform():
    return np.random.default_rng(4).random((8000, 3))


def test_pawn_of_the_outcome_itself():
    """Known to lie in slice i of n, y = x moves its distribution by max(i, n - 1 - i) / n."""
    x = ((np.arange(5000) + 0.5) / 5000)[:, None]
    expected = np.median([max(place, 9 - place) / 10 for place in range(10)])
    assert find_pawn(x, x[:, 0], slices=10) == pytest.approx([expected], abs=1e-3)


def test_pawn_is_that_of_a_slow_program(uniform):
    x, y = uniform[:400], np.round(np.sin(3 * uniform[:400, 0]) + uniform[:400, 1] ** 2, 2)
    slow = []
    for column in x.T:
        parts = np.array_split(np.argsort(column), 10)
        slow.append(np.median([max(abs((y[part] <= level).mean() - (y <= level).mean()) for level in y) for part in parts]))
    np.testing.assert_allclose(find_pawn(x, y, slices=10), slow, atol=1e-12)


def test_inputs_are_ordered_by_what_they_do(uniform):
    y = 3 * uniform[:, 0] + uniform[:, 1]
    pawn, first = find_pawn(uniform, y), find_first_order(uniform, y)
    assert first == pytest.approx([0.9, 0.1, 0.0], abs=0.02)
    assert pawn[0] > pawn[1] > find_noise(8000) > pawn[2]


def test_pawn_sees_what_leaves_the_variance_alone(uniform):
    sign = np.where(uniform[:, 1] > 0.5, 1.0, -1.0)
    y = np.where(uniform[:, 0] > 0.5, sign, np.sqrt(3) * (2 * uniform[:, 2] - 1))
    assert find_first_order(uniform, y)[0] == pytest.approx(0.0, abs=0.01)
    assert find_pawn(uniform, y)[0] > 2 * find_noise(8000)


def test_weights_that_sum_to_one_are_refused_by_variance_and_served_by_pawn(uniform):
    weights = uniform / uniform.sum(axis=1, keepdims=True)
    with pytest.raises(AssumptionError, match=r"the 3 inputs of each draw sum to 1, as weights do.*find_pawn"):
        find_first_order(weights, weights[:, 0])
    assert find_pawn(weights, weights[:, 0]).argmax() == 0


def test_noise_is_passed_once_in_twenty():
    rng, draws = np.random.default_rng(9), 500
    worst = []
    for _ in range(60):
        y = rng.random(draws)
        inside = np.sort(y[:50])
        whole = np.searchsorted(np.sort(y), inside, side="right") / draws
        steps = np.arange(1, 51) / 50
        worst.append(max((steps - whole).max(), (whole - steps + 1 / 50).max()))
    assert np.mean(np.array(worst) > find_noise(draws)) < 0.15


@pytest.mark.parametrize("index", [find_first_order, find_pawn])
def test_a_flat_outcome_a_flat_input_and_few_draws_are_numbers(index, uniform):
    assert index(uniform[:50], np.ones(50)) == pytest.approx([0.0] * 3)
    assert np.isfinite(index(np.column_stack([uniform[:50], np.ones(50)]), uniform[:50, 0])).all()
    assert np.isfinite(index(uniform[:3], uniform[:3, 0])).all()
    assert index(uniform[:, :0], uniform[:, 0]).size == 0
