"""Which block to make safe first: what the chance that the line is blocked owes to each block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geokit.dependency.index import Array

EQUAL = 1e-12
"""Gains that differ by no more than this share a rank."""


@dataclass(frozen=True)
class Importance:
    """What each block of a plant adds to the chance that its line is blocked.

    Attributes
    ----------
    birnbaum : numpy.ndarray
        Shape (blocks,): slope of D_rel in the chance that the block fails, 0-1.
    d_rel_if_fixed : numpy.ndarray
        Shape (blocks,): D_rel if the block could not fail, 0-1.
    fix_rank : numpy.ndarray
        Shape (blocks,): place by what fixing the block alone takes off D_rel, 1 = most; equal gains share a place, NaN where fixing
        gains nothing or the gain is unknown.
    """

    birnbaum: Array
    d_rel_if_fixed: Array
    fix_rank: Array


def rate_blocks(q: ArrayLike, probability: ArrayLike) -> Importance:
    r"""Return how much the chance that the line is blocked owes to each block.

    .. math::

        B_g = \frac{\partial D_{rel}}{\partial q_g} = \sum_z \pi_z \prod_{h \ne g} (1 - q_{hz}), \quad
        D_{rel}(q_g = 0) = 1 - B_g

    Parameters
    ----------
    q : array_like
        Shape (states, blocks): chance that each block fails, given each political state, 0-1; NaN where unknown.
    probability : array_like
        Shape (states,): prior of each political state; adds up to 1.

    Returns
    -------
    Importance
        A block whose own chance alone is unknown still has a slope.

    References
    ----------
    Z. W. Birnbaum, On the importance of different components in a multicomponent system, 1969. The slope moves the block in all
    political states at once. Slopes of safe blocks are large too, so the rank goes by the gain, slope times chance given each state.
    """
    failed = np.asarray(q, dtype=float)
    blocks = failed.shape[1]
    safe = np.where(np.eye(blocks, dtype=bool), 1.0, 1.0 - failed[:, None, :])
    prior = np.asarray(probability, dtype=float)
    birnbaum: Array = np.minimum(prior @ safe.prod(axis=2), 1.0)
    safe_line = float(prior @ np.prod(1.0 - failed, axis=1))
    return Importance(birnbaum, 1.0 - birnbaum, _rank(birnbaum - safe_line))


def _rank(gain: Array) -> Array:
    """Return the place of each gain, the largest first; NaN for none."""
    above = (gain[None, :] > gain[:, None] + EQUAL).sum(axis=1)
    place: Array = np.where(gain > EQUAL, above + 1.0, np.nan)
    return place
