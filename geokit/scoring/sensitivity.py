"""Which uncertain inputs move an outcome, from draws that are already there."""

from __future__ import annotations

import numpy as np

from geokit.core.errors import AssumptionError
from geokit.scoring.scaling import Array

SLICES = 10
"""Slices of each input in :func:`find_pawn`, as in the worked examples of its authors."""
BINS = 64
"""Bins of each input in :func:`find_first_order`."""


def find_first_order(x: Array, y: Array, *, bins: int = BINS) -> Array:
    r"""Return first-order Sobol indices: the share of the variance of the outcome that each input explains by itself.

    .. math:: S_i = \frac{V(E(y \mid x_i))}{V(y)}

    The conditional mean is that of bins of equal count, and the share that bins of noise would explain is taken off.

    Parameters
    ----------
    x : numpy.ndarray
        Independent inputs, shape (draw, input).
    y : numpy.ndarray
        Outcome, shape (draw,).
    bins : int
        Number of bins; there should be many draws in each.

    Returns
    -------
    numpy.ndarray
        Indices, shape (input,), about 0 for an input without effect (noise may put it a little below); 0 if the outcome is flat.

    Raises
    ------
    AssumptionError
        If the inputs of every draw sum to the same, as weights do: such inputs depend on each other and their indices say nothing.

    References
    ----------
    Plischke, Borgonovo and Smith (2013), Global sensitivity measures from given data. European Journal of Operational Research
    226, 536-550. Kelley (1935), An unbiased correlation ratio measure. PNAS 21, 554-559.
    """
    draws = len(y)
    if x.shape[1] > 1 and np.ptp(x.sum(axis=1)) < 1e-9 < np.ptp(x, axis=0).max():
        msg = f"the {x.shape[1]} inputs of each draw sum to {x[0].sum():g}, as weights do, so they are not independent; use find_pawn()"
        raise AssumptionError(msg)
    variance = y.var()
    if variance <= 0:
        return np.zeros(x.shape[1])
    bins = min(bins, max(draws // 2, 1))
    indices = np.empty(x.shape[1])
    for place, groups in enumerate(_slice(x, bins)):
        counts = np.bincount(groups)
        means = np.bincount(groups, weights=y) / counts
        explained = (counts * np.square(means - y.mean())).sum() / draws / variance
        indices[place] = 1.0 - (1.0 - explained) * (draws - 1) / (draws - len(counts))
    return indices


def find_pawn(x: Array, y: Array, *, slices: int = SLICES) -> Array:
    r"""Return PAWN indices: how far the distribution of the outcome moves when an input is known to lie in a slice.

    .. math:: T_i = \operatorname{median}_s \max_y \left| F_y(y) - F_{y \mid x_i \in s}(y) \right|

    It asks for no variance and no independence, so it serves weights that sum to one as well as facts.

    Parameters
    ----------
    x : numpy.ndarray
        Inputs, shape (draw, input).
    y : numpy.ndarray
        Outcome, shape (draw,).
    slices : int
        Number of slices of equal count.

    Returns
    -------
    numpy.ndarray
        Indices 0-1, shape (input,); compare them with :func:`find_noise`.

    References
    ----------
    Pianosi and Wagener (2018), Distribution-based sensitivity analysis from a generic input-output sample. Environmental
    Modelling and Software 108, 197-207.
    """
    order, draws = np.argsort(y, kind="stable"), len(y)
    last = np.searchsorted(y[order], y[order], side="right") - 1
    whole = (last + 1.0) / draws
    indices = np.empty(x.shape[1])
    for place, groups in enumerate(_slice(x, min(slices, draws))):
        inside = groups[order][:, None] == np.arange(groups.max() + 1)
        shares = np.cumsum(inside, axis=0)[last] / inside.sum(axis=0)
        indices[place] = np.median(np.abs(shares - whole[:, None]).max(axis=0))
    return indices


def find_noise(draws: int, *, slices: int = SLICES) -> float:
    r"""Return the PAWN index that an input without effect passes once in twenty times a slice.

    .. math:: 1.358 \sqrt{\frac{1}{n_s} - \frac{1}{n}}

    the 5 % point of the Kolmogorov-Smirnov distance between a sample of :math:`n_s` and the whole of which it is part.

    Parameters
    ----------
    draws : int
        Number of draws.
    slices : int
        As in :func:`find_pawn`.

    Returns
    -------
    float
        Index below which an effect is not shown.

    References
    ----------
    Smirnov (1948), Table for estimating the goodness of fit of empirical distributions. Annals of Mathematical Statistics 19,
    279-281.
    """
    inside = draws / min(slices, draws)
    return float(1.358 * np.sqrt(1.0 / inside - 1.0 / draws))


def _slice(x: Array, slices: int) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return the slice of each draw by each input: equal counts, equal figures together, numbered from 0 without gaps."""
    found = []
    for column in x.T:
        ordered = np.sort(column)
        edges = ordered[(np.arange(1, slices) * len(column)) // slices]
        found.append(np.unique(np.searchsorted(edges, column, side="right"), return_inverse=True)[1].ravel())
    return found
