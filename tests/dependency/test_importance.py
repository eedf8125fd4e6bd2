"""What the line owes to each block."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geokit.dependency.importance import rate_blocks

STEP = 1e-6
PRIOR = np.array([0.2, 0.3, 0.5])
CHANCES = arrays(float, (3, 4), elements=st.floats(0.0, 0.99))


def block_line(q):
    """The chance that a line of blocks in series is blocked, written once more."""
    return float(PRIOR @ (1.0 - np.prod(1.0 - np.asarray(q), axis=1)))


def test_two_blocks_by_hand():
    found = rate_blocks([[0.5, 0.2]], [1.0])
    assert found.birnbaum.tolist() == pytest.approx([0.8, 0.5])
    assert found.d_rel_if_fixed.tolist() == pytest.approx([0.2, 0.5])
    assert found.fix_rank.tolist() == [1.0, 2.0]


def test_two_political_states_by_hand():
    found = rate_blocks([[1.0, 0.5], [0.0, 0.5]], [0.25, 0.75])
    assert found.birnbaum.tolist() == pytest.approx([0.5, 0.75])
    assert found.d_rel_if_fixed.tolist() == pytest.approx([0.5, 0.25])


@settings(deadline=None)
@given(CHANCES, st.integers(0, 3))
def test_the_slope_is_the_numerical_derivative(q, block):
    more = q.copy()
    more[:, block] += STEP
    assert rate_blocks(q, PRIOR).birnbaum[block] == pytest.approx((block_line(more) - block_line(q)) / STEP, abs=1e-6)


@settings(deadline=None)
@given(CHANCES, st.integers(0, 3))
def test_a_fixed_block_might_as_well_not_be_there(q, block):
    without = block_line(np.delete(q, block, axis=1))
    assert rate_blocks(q, PRIOR).d_rel_if_fixed[block] == pytest.approx(without)
    assert without <= block_line(q) + 1e-12


@settings(deadline=None)
@given(CHANCES)
def test_the_first_block_to_fix_leaves_the_least(q):
    found = rate_blocks(q, PRIOR)
    if np.isfinite(found.fix_rank).any():
        first = found.d_rel_if_fixed[found.fix_rank == 1.0]
        assert first == pytest.approx(np.full(first.size, found.d_rel_if_fixed.min()))


def test_given_one_state_the_weakest_link_is_the_first_to_fix():
    q = np.array([[0.3, 0.0, 0.9, 0.2]])
    assert int(np.nanargmin(rate_blocks(q, [1.0]).fix_rank)) == int(np.argmax(q))


def test_a_block_that_fails_mostly_beside_others_can_rank_below_one_of_less_exposure():
    """Two certain failures in one bad state hide each other; a third block fails alone in the good state."""
    q, prior = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 0.2]]), np.array([0.4, 0.6])
    found = rate_blocks(q, prior)
    assert (prior @ q).tolist() == pytest.approx([0.4, 0.4, 0.12])
    assert found.fix_rank[2] == 1.0
    assert np.isnan(found.fix_rank[:2]).all()


def test_equal_gains_share_a_place_and_safe_blocks_have_none():
    found = rate_blocks([[0.3, 0.0, 0.3, 0.1]], [1.0])
    assert found.fix_rank[[0, 2, 3]].tolist() == [1.0, 1.0, 3.0]
    assert np.isnan(found.fix_rank[1])
    assert found.birnbaum[1] == pytest.approx(0.7 * 0.7 * 0.9), "a safe block in series would hurt if it failed"


def test_one_unknown_block_leaves_its_own_slope_and_no_other():
    found = rate_blocks([[0.5, np.nan]], [1.0])
    assert found.birnbaum[1] == pytest.approx(0.5)
    assert np.isnan(found.birnbaum[0])
    assert np.isnan(found.fix_rank).all()


def test_a_plant_without_blocks_has_none_to_fix():
    assert rate_blocks(np.zeros((2, 0)), [0.5, 0.5]).birnbaum.shape == (0,)
