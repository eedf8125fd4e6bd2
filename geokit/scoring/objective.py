"""Weights without a judge: equal ones, ones from stated swings, and ones from how far a criterion separates the set."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geokit.core.errors import AssumptionError
from geokit.scoring.scaling import Array

FLAT = 1e-12
"""A spread below this is rounding."""


def weigh_equal(count: int) -> Array:
    """Return equal weights.

    Parameters
    ----------
    count : int
        Number of criteria.

    Returns
    -------
    numpy.ndarray
        Weights that sum to one, shape (criterion,).
    """
    return np.full(count, 1.0 / count)


def weigh_swing(points: Array) -> Array:
    """Return weights in proportion to how much each swing from worst to best is worth.

    Parameters
    ----------
    points : numpy.ndarray
        Worth of taking one criterion from its worst to its best anchor and leaving the others, the dearest 100 by custom; at
        least 0, shape (criterion,).

    Returns
    -------
    numpy.ndarray
        Weights that sum to one, same shape.

    Raises
    ------
    AssumptionError
        If a figure is negative or no number, or all are 0.

    References
    ----------
    von Winterfeldt and Edwards (1986), Decision analysis and behavioral research. Cambridge University Press, chapter 8.
    """
    if not (np.isfinite(points).all() and (points >= 0).all() and points.sum() > 0):
        msg = f"swings {np.asarray(points).tolist()} must be numbers of at least 0 and not all 0"
        raise AssumptionError(msg)
    return np.asarray(points / points.sum(), dtype=float)


def weigh_entropy(v: Array) -> Array:
    r"""Return weights that grow with how unevenly the values of a criterion are spread.

    .. math:: e_k = -\frac{1}{\ln n} \sum_a p_{ak} \ln p_{ak}, \quad p_{ak} = \frac{v_{ak}}{\sum_b v_{bk}}, \quad w_k \propto 1 - e_k

    They describe the set, not anyone's interest: show them beside stated weights, never instead. A missing cell is left out of
    the sums of its criterion.

    Parameters
    ----------
    v : numpy.ndarray
        Values of at least 0, shape (alternative, criterion); NaN = missing.

    Returns
    -------
    numpy.ndarray
        Weights that sum to one, shape (criterion,); equal if no criterion separates anything.

    References
    ----------
    Hwang and Yoon (1981), Multiple attribute decision making. Springer, Berlin, section 3.2.
    """
    known, total = np.isfinite(v), np.nansum(v, axis=0)
    share = np.divide(v, total, out=np.zeros_like(v, dtype=float), where=known & (total > 0))
    spread = -(share * np.log(share, out=np.zeros_like(share), where=share > 0)).sum(axis=0)
    most = np.log(np.maximum(known.sum(axis=0), 1))
    uneven = 1.0 - np.divide(spread, most, out=np.ones_like(spread), where=(most > 0) & (total > 0))
    return _normalise(np.where(uneven < FLAT, 0.0, uneven))


def weigh_critic(v: Array) -> Array:
    r"""Return weights that grow with the spread of a criterion and with how little it repeats the others.

    .. math:: c_k = \sigma_k \sum_j (1 - r_{jk}), \quad w_k \propto c_k

    with the correlation :math:`r` over the alternatives of which both cells are known. They describe the set, not anyone's
    interest.

    Parameters
    ----------
    v : numpy.ndarray
        Values on one scale, shape (alternative, criterion); NaN = missing.

    Returns
    -------
    numpy.ndarray
        Weights that sum to one, shape (criterion,); equal if no criterion separates anything.

    References
    ----------
    Diakoulaki, Mavrotas and Papayannakis (1995), Determining objective weights in multiple criteria problems: the CRITIC method.
    Computers and Operations Research 22, 763-770.
    """
    table = pd.DataFrame(v)
    spread, repeats = table.std(ddof=0).fillna(0.0).to_numpy(), table.corr().fillna(0.0).to_numpy(copy=True)
    np.fill_diagonal(repeats, val=1.0)
    return _normalise(np.where(spread < FLAT, 0.0, spread * (1.0 - repeats).sum(axis=0)))


def _normalise(points: Array) -> Array:
    """Return weights in proportion to points; equal ones if there are no points."""
    total = points.sum()
    return np.asarray(points / total) if total > 0 else weigh_equal(len(points))
