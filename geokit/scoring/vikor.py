"""VIKOR: a compromise between the whole regret of an alternative and its largest single one."""

from __future__ import annotations

import numpy as np

from geokit.scoring.scaling import Array

BLOCK_CELLS = 1 << 15
"""Products in a block: a quarter of a megabyte an array."""


def vikor(v: Array, weights: Array, *, strategy: float = 0.5, relative: bool = False) -> Array:
    r"""Return the compromise index :math:`Q`.

    .. math::
        S_a = \sum_k w_k d_{ak}, \quad R_a = \max_k w_k d_{ak}, \quad
        Q_a = q \frac{S_a - S^*}{S^- - S^*} + (1 - q) \frac{R_a - R^*}{R^- - R^*}

    where :math:`d` is the distance from the best value as a share of the range. With fixed anchors the best value is 1, the
    worst 0, and :math:`S` and :math:`R` run from 0 to :math:`\sum w` and :math:`\max w`: nothing depends on who else is in
    the set (model rule M20).

    Parameters
    ----------
    v : numpy.ndarray
        Values 0-1, more is better, shape (alternative, criterion); a missing cell (NaN) leaves its row missing.
    weights : numpy.ndarray
        Weights, shape (criterion,) or (draw, criterion).
    strategy : float
        Weight :math:`q` of the whole regret against the largest single one, 0-1.
    relative : bool
        Take the best and the worst of the set at hand, as published; ``v`` may then be on any scale.

    Returns
    -------
    numpy.ndarray
        Index 0-1, *less* is better, shape (alternative,) or (alternative, draw); a range of no width adds nothing.

    References
    ----------
    Opricovic and Tzeng (2004), Compromise solution by MCDM methods: a comparative analysis of VIKOR and TOPSIS. European
    Journal of Operational Research 156, 445-455.
    """
    relative = relative and len(v) > 0
    best, worst = (v.max(axis=0), v.min(axis=0)) if relative else (1.0, 0.0)
    gap, draws = _share(best - v, np.asarray(best - worst)), np.atleast_2d(weights)
    index, step = np.empty((len(draws), len(gap))), max(1, BLOCK_CELLS // max(len(gap), 1))
    for start in range(0, len(draws), step):
        index[start : start + step] = _compromise(gap, draws[start : start + step], strategy=strategy, relative=relative)
    return index.T.reshape(len(gap), *weights.shape[:-1])


def _compromise(gap: Array, weights: Array, *, strategy: float, relative: bool) -> Array:
    """Return the index of a block of draws, which fits the cache, shape (draw, alternative)."""
    whole, largest = weights @ gap.T, np.zeros((len(weights), len(gap)))
    for place, column in enumerate(gap.T):
        np.maximum(largest, weights[:, [place]] * column, out=largest)
    if relative:
        parts = [_share(part - part.min(axis=1, keepdims=True), np.ptp(part, axis=1, keepdims=True)) for part in (whole, largest)]
    else:
        tops = weights.sum(axis=1, keepdims=True), weights.max(axis=1, keepdims=True, initial=0.0)
        parts = [_share(part, top) for part, top in zip((whole, largest), tops, strict=True)]
    return strategy * parts[0] + (1.0 - strategy) * parts[1]


def _share(part: Array, whole: Array) -> Array:
    """Return parts of a whole; 0 where the whole is nothing."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(np.shape(part), np.shape(whole))), where=whole != 0)
