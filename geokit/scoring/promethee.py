"""PROMETHEE II: by how much an alternative is preferred to the others, less by how much they are preferred to it."""

from __future__ import annotations

import numpy as np

from geokit.scoring.scaling import Array

USUAL = (0.0, 0.0)
"""Thresholds of the usual criterion: any difference is a full preference, so nothing need be assumed."""


def promethee(v: Array, weights: Array, *, thresholds: tuple[float, float] = USUAL) -> Array:
    r"""Return the net outranking flow :math:`\phi_a = \sum_k w_k \phi_{ak}` of each alternative.

    The flow compares an alternative with the others at hand: it is the one method here that looks at the set, and
    :func:`geokit.scoring.agreement.find_reversals` tells when that matters.

    Parameters
    ----------
    v : numpy.ndarray
        Values, more is better, shape (alternative, criterion); a missing cell (NaN) leaves every row missing.
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,) or (draw, criterion).
    thresholds : tuple of float
        Of indifference and of preference, in the unit of ``v``: see :func:`net_flows`.

    Returns
    -------
    numpy.ndarray
        Flows -1 to 1, more is better, shape (alternative,) or (alternative, draw); 0 for an alternative alone.

    References
    ----------
    Brans, Vincke and Mareschal (1986), How to select and how to rank projects: the PROMETHEE method. European Journal of
    Operational Research 24, 228-238.
    """
    return net_flows(v, v, thresholds=thresholds) @ weights.T


def bound_promethee(v_low: Array, v_high: Array, weights: Array, *, thresholds: tuple[float, float] = USUAL) -> tuple[Array, Array]:
    """Return the least and the largest net flow that cells within their bounds allow.

    A flow rises with the own value and falls with those of the others, so the ends are the own worst against the best of
    the others and the reverse. Both can be reached where alternatives share no cell; where they do, the bounds lie outside.

    Parameters
    ----------
    v_low, v_high : numpy.ndarray
        Least and largest values, shape (alternative, criterion), no gaps.
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,) or (draw, criterion).
    thresholds : tuple of float
        As in :func:`promethee`.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper bound -1 to 1, each as :func:`promethee` returns its flows.
    """
    bottom, top = net_flows(v_low, v_high, thresholds=thresholds), net_flows(v_high, v_low, thresholds=thresholds)
    return bottom @ weights.T, top @ weights.T


def net_flows(own: Array, others: Array, *, thresholds: tuple[float, float] = USUAL) -> Array:
    r"""Return the net flow of each alternative under each criterion by itself.

    .. math::
        \phi_{ak} = \frac{1}{n - 1} \sum_{b \ne a} P(v_{ak} - u_{bk}) - P(u_{bk} - v_{ak}), \quad
        P(d) = \min\left(1, \max\left(0, \frac{d - q}{p - q}\right)\right)

    With :math:`q = p = 0` any difference counts in full (usual criterion); :math:`q = p > 0` gives the U-shape,
    :math:`q = 0 < p` the V-shape, :math:`0 < q < p` the linear criterion. Sorting and running sums stand instead of the
    table of all pairs: the cost grows as n log n.

    Parameters
    ----------
    own, others : numpy.ndarray
        Values of the alternatives when they are looked at and when they are compared with, shape (alternative, criterion).
    thresholds : tuple of float
        :math:`q` and :math:`p`, q <= p.

    Returns
    -------
    numpy.ndarray
        Flows -1 to 1, shape (alternative, criterion); NaN under a criterion with a gap.
    """
    flows = np.zeros(own.shape)
    for place in range(own.shape[1] if len(own) > 1 else 0):
        mine, theirs = own[:, place], others[:, place]
        ahead, behind = _sum_preference(mine, theirs, thresholds), _sum_preference(-mine, -theirs, thresholds)
        itself = _prefer(mine - theirs, thresholds) - _prefer(theirs - mine, thresholds)
        flows[:, place] = (ahead - behind - itself) / (len(own) - 1)
    gaps = np.isnan(own).any(axis=0) | np.isnan(others).any(axis=0)
    flows[:, gaps] = np.nan
    return flows


def _prefer(difference: Array, thresholds: tuple[float, float]) -> Array:
    """Return the preference of single differences."""
    low, high = thresholds
    return np.clip((difference - low) / (high - low), 0.0, 1.0) if high > low else (difference > low).astype(float)


def _sum_preference(mine: Array, theirs: Array, thresholds: tuple[float, float]) -> Array:
    """Return the preference of each value over all others, summed."""
    ordered, (low, high) = np.sort(theirs), thresholds
    if high > low:
        return (_sum_excess(mine - low, ordered) - _sum_excess(mine - high, ordered)) / (high - low)
    return np.searchsorted(ordered, mine - low, side="left").astype(float)


def _sum_excess(level: Array, ordered: Array) -> Array:
    """Return by how much a level exceeds the values below it, summed."""
    below = np.searchsorted(ordered, level, side="left")
    return np.asarray(below * level - np.concatenate([[0.0], np.cumsum(ordered)])[below])
