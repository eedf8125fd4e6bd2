"""TOPSIS: how much nearer an alternative lies to the ideal than to its opposite."""

from __future__ import annotations

import numpy as np

from geokit.scoring.scaling import Array


def topsis(v: Array, weights: Array, *, relative: bool = False) -> Array:
    r"""Return the closeness to the ideal.

    .. math::
        C_a = \frac{d^-_a}{d^+_a + d^-_a}, \quad
        d^{+}_a = \sqrt{\sum_k w_k^2 (v^+_k - v_{ak})^2}, \quad
        d^{-}_a = \sqrt{\sum_k w_k^2 (v_{ak} - v^-_k)^2}

    The ideal is the value 1 and its opposite the value 0 under every criterion, so an alternative that enters or leaves
    cannot reorder the others (model rule M20). Each distance squared is a matrix product, so many sets of weights cost two.

    Parameters
    ----------
    v : numpy.ndarray
        Values 0-1, more is better, shape (alternative, criterion); a missing cell (NaN) leaves its row missing.
    weights : numpy.ndarray
        Weights, shape (criterion,) or (draw, criterion).
    relative : bool
        Take the best and the worst of the set at hand, as published; ``v`` may then be on any scale.

    Returns
    -------
    numpy.ndarray
        Closeness 0-1, more is better, shape (alternative,) or (alternative, draw); 0.5 where the ideal and its opposite meet.

    References
    ----------
    Hwang and Yoon (1981), Multiple attribute decision making. Springer, Berlin. Opricovic and Tzeng (2004), Compromise
    solution by MCDM methods. European Journal of Operational Research 156, 445-455.
    """
    best, worst = (v.max(axis=0, initial=-np.inf), v.min(axis=0, initial=np.inf)) if relative else (1.0, 0.0)
    squares = np.square(weights).T
    short, ahead = (np.atleast_1d(np.square(gap) @ squares) for gap in (best - v, v - worst))
    np.sqrt(short, out=short)
    np.sqrt(ahead, out=ahead)
    short += ahead
    meet = short == 0
    np.divide(ahead, short, out=ahead, where=~meet)
    ahead[meet] = 0.5
    return ahead
