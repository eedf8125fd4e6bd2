"""Dominance: what can be said without any weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geokit.scoring.scaling import Array


def dominates(v: Array, others: Array) -> NDArray[np.bool_]:
    r"""Return which alternatives are nowhere worse and somewhere better than which others.

    .. math:: a \succ b \iff \forall k: v_{ak} \ge u_{bk} \;\wedge\; \exists k: v_{ak} > u_{bk}

    With the least values against the largest it holds whatever the missing cells are; with the largest against the least it
    is possible for some of them.

    Parameters
    ----------
    v, others : numpy.ndarray
        Values, more is better, shapes (alternative, criterion) and (other, criterion), no gaps.

    Returns
    -------
    numpy.ndarray
        Shape (alternative, other).

    References
    ----------
    Keeney and Raiffa (1976), Decisions with multiple objectives. Wiley, New York, chapter 3.
    """
    nowhere_worse = np.ones((len(v), len(others)), dtype=bool)
    somewhere_better = np.zeros_like(nowhere_worse)
    for mine, theirs in zip(v.T, others.T, strict=True):
        nowhere_worse &= mine[:, None] >= theirs
        somewhere_better |= mine[:, None] > theirs
    return nowhere_worse & somewhere_better


def find_efficient(v_low: Array, v_high: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which alternatives nobody dominates: surely, and possibly.

    Parameters
    ----------
    v_low, v_high : numpy.ndarray
        Least and largest values 0-1, shape (alternative, criterion); NaN = missing, which may be anything from 0 to 1.

    Returns
    -------
    tuple of numpy.ndarray
        Efficient whatever the missing cells are, and efficient for some of them, each of shape (alternative,). The first lies
        within the second; without ranges and gaps they are the same Pareto front.
    """
    low, high = np.nan_to_num(v_low, nan=0.0), np.where(np.isnan(v_high), 1.0, v_high)
    surely, possibly = dominates(low, high), dominates(high, low)
    np.fill_diagonal(possibly, val=False)
    return np.logical_not(possibly.any(axis=0)), np.logical_not(surely.any(axis=0))
