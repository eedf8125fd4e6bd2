"""Regret: how much is lost at worst by having chosen one alternative when another future comes."""

from __future__ import annotations

import numpy as np

from geokit.scoring.scaling import Array


def find_regret(worth: Array) -> Array:
    r"""Return the regret of each alternative in each future, :math:`r_{fa} = \max_b x_{fb} - x_{fa}`.

    Parameters
    ----------
    worth : numpy.ndarray
        What each alternative is worth in each future, more is better, shape (future, alternative); NaN = cannot be said.

    Returns
    -------
    numpy.ndarray
        Regret of at least 0, same unit and shape; NaN where the worth cannot be said. The largest of a column is the regret of
        that alternative at worst, and the alternative with the least of these is the cautious choice.

    References
    ----------
    Savage (1951), The theory of statistical decision. Journal of the American Statistical Association 46, 55-67.
    """
    best = np.where(np.isnan(worth), -np.inf, worth).max(axis=1, keepdims=True, initial=-np.inf)
    return np.asarray(np.where(np.isnan(worth), np.nan, best - worth))
