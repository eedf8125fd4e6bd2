"""What the exposure of a plant lies between when weights or correlations are unknown: exact bounds and one dial."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def bound_average(exposure: ArrayLike) -> tuple[float, float]:
    r"""Return the least and the largest weighted average of the exposures over all weights.

    .. math:: \min_g e_g \le \sum_g w_g e_g \le \max_g e_g \quad \text{for all } w_g \ge 0, \sum_g w_g = 1

    Parameters
    ----------
    exposure : array_like
        Shape (blocks,): exposure of each block, 0-1.

    Returns
    -------
    tuple of float and float
        Both bounds are reached, at a corner of the simplex of weights; no block gives 0 and 0, NaN gives NaN.
    """
    e = np.asarray(exposure, dtype=float)
    return (float(np.min(e)), float(np.max(e))) if e.size else (0.0, 0.0)


def measure_power_mean(exposure: ArrayLike, r: float, *, weights: ArrayLike | None = None) -> float:
    r"""Return the power mean of the exposures, a dial between average and weakest link.

    .. math:: M_r = \Bigl( \sum_g w_g e_g^r \Bigr)^{1/r}, \quad M_1 = D_{avg}, \quad M_\infty = D_{max}

    Parameters
    ----------
    exposure : array_like
        Shape (blocks,): exposure of each block, 0-1.
    r : float
        The dial, above 0 and possibly infinite.
    weights : array_like, optional
        Shape (blocks,): share of each block in the cost, any scale; equal when not given. For finite ``r`` a block without weight
        does not count; the weakest link counts whatever its weight.

    Returns
    -------
    float
        0-1, growing with ``r``.

    Raises
    ------
    ValueError
        If ``r`` is not above 0.
    """
    if not r > 0.0:
        msg = f"r = {r:g} is not above 0"
        raise ValueError(msg)
    e = np.asarray(exposure, dtype=float)
    top = float(np.max(e, initial=0.0))
    if top == 0.0 or np.isnan(top):
        return top
    share = np.ones(e.size) if weights is None else np.asarray(weights, dtype=float)
    return float(top * (share @ (e / top) ** r / share.sum()) ** (1.0 / r))


def measure_common_shock(q: ArrayLike, probability: ArrayLike) -> float:
    r"""Return the chance that the line is blocked if, given the political state, the blocks fail together as far as they can.

    .. math:: D_{common} = \sum_z \pi_z \max_g q_{gz}

    Parameters
    ----------
    q : array_like
        Shape (states, blocks): chance that each block fails, given each political state, 0-1.
    probability : array_like
        Shape (states,): prior of each political state.

    Returns
    -------
    float
        The least that any dependence between the blocks allows, given these chances (Fréchet 1935); the figure for independent
        blocks is never below it.
    """
    rows = np.asarray(q, dtype=float)
    return float(np.asarray(probability, dtype=float) @ np.max(rows, axis=1, initial=0.0))
