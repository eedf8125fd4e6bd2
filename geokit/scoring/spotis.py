"""SPOTIS: the distance to a fixed ideal, as a share of fixed bounds."""

from __future__ import annotations

import numpy as np

from geokit.core.errors import AssumptionError
from geokit.scoring.scaling import Array


def spotis(x: Array, weights: Array, *, bounds: Array | None = None, ideal: Array | None = None) -> Array:
    r"""Return the distance to the ideal point :math:`D_a = \sum_k w_k \frac{|x_{ak} - x^*_k|}{|b_k - a_k|}`.

    Bounds and ideal are given, not found in the set, so nothing reorders when the set changes. On values between 0 and 1 with
    the ideal 1 it is one less the weighted sum: the two methods are then one witness, not two.

    Parameters
    ----------
    x : numpy.ndarray
        Figures or values, shape (alternative, criterion); a missing cell (NaN) leaves its row missing.
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,) or (draw, criterion).
    bounds : numpy.ndarray, optional
        Least and largest figure of each criterion, shape (criterion, 2); 0 and 1 when not given.
    ideal : numpy.ndarray, optional
        Ideal figure of each criterion, shape (criterion,); the upper bound when not given.

    Returns
    -------
    numpy.ndarray
        Distances, 0 = ideal, *less* is better, shape (alternative,) or (alternative, draw).

    Raises
    ------
    AssumptionError
        If a lower bound is not below its upper bound.

    References
    ----------
    Dezert, Tchamova, Han and Tacnet (2020), The SPOTIS rank reversal free method for multi-criteria decision-making support.
    IEEE 23rd International Conference on Information Fusion, 1-8.
    """
    low, high = (np.zeros(x.shape[1]), np.ones(x.shape[1])) if bounds is None else np.asarray(bounds, dtype=float).T
    if not (low < high).all():
        wrong = np.column_stack([low, high])[~(low < high)].tolist()
        msg = f"bounds {wrong} leave no room; give each criterion a lower bound below its upper bound"
        raise AssumptionError(msg)
    return (np.abs(x - (high if ideal is None else ideal)) / (high - low)) @ weights.T
