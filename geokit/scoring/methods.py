"""The weighted sum and what can be said about it when cells are missing, as bare functions of arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geokit.scoring.scaling import Array

DECIMALS = 12
"""Scores are rounded here, far below anything that matters, so that the order of a sum cannot break or make a tie."""


def weighted_sum(v: Array, weights: Array) -> Array:
    r"""Return :math:`s_a = \sum_k w_k v_{ak}` over the known cells.

    A missing cell earns nothing and no weight is renormalised (model rule M19): the score is what the evidence proves.

    Parameters
    ----------
    v : numpy.ndarray
        Values 0-1, shape (alternative, criterion); NaN = missing.
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,) or (draw, criterion).

    Returns
    -------
    numpy.ndarray
        Scores 0-1, shape (alternative,) or (alternative, draw).

    References
    ----------
    Fishburn (1967), Additive utilities with incomplete product sets. Operations Research 15, 537-542.
    """
    return np.round(np.nan_to_num(v, nan=0.0) @ weights.T, DECIMALS)


def bound_scores(v_low: Array, v_high: Array, weights: Array) -> tuple[Array, Array]:
    """Return the scores if every known cell lay at one end of its range and every missing cell were at its worst or best.

    Parameters
    ----------
    v_low, v_high : numpy.ndarray
        Values of the worse and the better end, shape (alternative, criterion); NaN = missing.
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,).

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper bound 0-1, each of shape (alternative,).
    """
    return weighted_sum(v_low, weights), weighted_sum(np.where(np.isnan(v_high), 1.0, v_high), weights)


def weigh_evidence(sourced: NDArray[np.bool_], weights: Array) -> Array:
    """Return the weight on sourced cells.

    Parameters
    ----------
    sourced : numpy.ndarray
        Which cells are evidence, shape (alternative, criterion).
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,).

    Returns
    -------
    numpy.ndarray
        Fractions 0-1, shape (alternative,).
    """
    return np.round(sourced @ weights, DECIMALS)


def rank_scores(scores: Array, ranked: NDArray[np.bool_]) -> Array:
    """Return ranks, 1 = best; between equal scores the earlier row is better.

    Parameters
    ----------
    scores : numpy.ndarray
        Shape (alternative,), the rows in the order of their ids.
    ranked : numpy.ndarray
        Which rows carry a rank, shape (alternative,).

    Returns
    -------
    numpy.ndarray
        Ranks as floats, shape (alternative,); NaN for the rest.
    """
    ranks = np.full(len(scores), np.nan)
    order = np.argsort(-scores, kind="stable")
    order = order[ranked[order]]
    ranks[order] = np.arange(1, len(order) + 1)
    return ranks


def group_tiers(ranks: Array, p10: Array, p90: Array) -> Array:
    """Return the tiers: rows of one tier cannot be told apart from its first row.

    Walking down the ranking, a new tier starts at the first row whose P90 lies below the P10 of the row that opened the tier.

    Parameters
    ----------
    ranks : numpy.ndarray
        Ranks, NaN for rows without one, shape (alternative,).
    p10, p90 : numpy.ndarray
        Percentiles of the scores, shape (alternative,).

    Returns
    -------
    numpy.ndarray
        Tiers from 1 as floats, shape (alternative,); NaN for rows without a rank.
    """
    tiers = np.full(len(ranks), np.nan)
    tier, floor = 0, np.inf
    for row in np.argsort(ranks, kind="stable")[: int(np.isfinite(ranks).sum())]:
        if p90[row] < floor:
            tier, floor = tier + 1, p10[row]
        tiers[row] = tier
    return tiers
