"""Dependency figures of one plant from the exposure of its blocks: bare numbers, no tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Indices:
    """Exposure of the blocks of one plant and what it adds up to.

    Attributes
    ----------
    exposure : numpy.ndarray
        Shape (blocks,): mean exposure of each block over the political states, 0-1.
    d_avg, d_max, d_rel : float
        Money exposed, weakest link, chance that the line is blocked, 0-1.
    d_rel_by_state : numpy.ndarray
        Shape (states,): the last figure given each political state.
    q : numpy.ndarray
        Shape (states, blocks): chance that each block is blocked given each political state, 0-1.
    """

    exposure: Array
    d_avg: float
    d_max: float
    d_rel: float
    d_rel_by_state: Array
    q: Array


def combine_licences(refused: ArrayLike) -> float:
    r"""Return the chance that at least one of several licences is refused.

    .. math:: b = 1 - \prod_a (1 - c_a l_a)

    Parameters
    ----------
    refused : array_like
        Shape (clauses,): chance that the clause binds and its licence is not had, 0-1. None gives 0, NaN gives NaN.

    Returns
    -------
    float
        0-1. Independence within a political state is a choice; the largest single figure is the lower bound (flowsheet
        dossier, section 4.2).
    """
    return float(1.0 - np.prod(1.0 - np.asarray(refused, dtype=float)))


def combine_options(q: ArrayLike) -> Array:
    r"""Return the chance that every one of several parallel options of a block fails.

    .. math:: q_g = \prod_j q_{gj}

    Parameters
    ----------
    q : array_like
        Shape (options, ...): chance that each option fails, 0-1.

    Returns
    -------
    numpy.ndarray
        Shape of one option. Another option never raises it; that options fail independently is a choice, which flatters.
    """
    failed: Array = np.prod(np.asarray(q, dtype=float), axis=0)
    return failed


def measure_dependency(
    b: ArrayLike,
    s: ArrayLike,
    sigma: ArrayLike,
    *,
    barred: ArrayLike = 0.0,
    process: ArrayLike = 0.0,
    probability: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Indices:
    r"""Return the dependency figures of a plant whose blocks stand in series.

    .. math::

        q_{gz} = b_{gz} \bigl[ s_g (1 - \sigma_g) + \beta_g \bigr] (1 - \sigma^p_g), \quad e_g = \sum_z \pi_z q_{gz}, \quad
        D_{avg} = \sum_g w_g e_g, \quad D_{max} = \max_g e_g, \quad
        D_{rel} = \sum_z \pi_z \Bigl[ 1 - \prod_g (1 - q_{gz}) \Bigr]

    Parameters
    ----------
    b : array_like
        Shape (blocks,) or (states, blocks): chance that a Chinese supply of the block is refused.
    s : array_like
        Shape (blocks,): chance that the supply would be Chinese; NaN where unknown.
    sigma : array_like
        Shape (blocks,): how far another supply does the same duty.
    barred : array_like, optional
        Shape (blocks,): chance :math:`\beta_g` that the supply comes from elsewhere and its own country refuses it
        (:func:`geokit.dependency.substitutes.bar_supply`); none when not given.
    process : array_like, optional
        Shape (blocks,): how far another process :math:`\sigma^p_g` that no clause binds makes the same product; none when not given.
    probability : array_like, optional
        Shape (states,): prior of each political state; equal when not given.
    weights : array_like, optional
        Shape (blocks,): share of each block in the cost, any scale; equal when not given, for they are unknown.

    Returns
    -------
    Indices
        A block that no clause binds is 0 whatever its share; a bound block of unknown share makes the sums NaN.

    Raises
    ------
    ValueError
        If a figure lies outside 0-1.

    Notes
    -----
    :math:`D_{avg} \le D_{max} \le D_{rel} \le \min(1, \sum_g e_g)` (flowsheet dossier, section 4.4; model rule
    M12).
    """
    bound = np.atleast_2d(_fraction(b, "b"))
    blocks, states = bound.shape[1], bound.shape[0]
    if blocks == 0:
        return Indices(np.zeros(0), 0.0, 0.0, 0.0, np.zeros(states), np.zeros((states, 0)))
    vendors = bound * (_fraction(s, "s") * (1.0 - _fraction(sigma, "sigma")) + _fraction(barred, "barred"))
    other = np.broadcast_to(1.0 - _fraction(process, "process"), bound.shape)
    q = np.where(bound == 0.0, 0.0, combine_options([vendors, other]))
    prior = np.full(states, 1.0 / states) if probability is None else _fraction(probability, "probability")
    share = np.ones(blocks) if weights is None else np.asarray(weights, dtype=float)
    exposure = prior @ q
    by_state = 1.0 - np.prod(1.0 - q, axis=1)
    d_avg = float(share @ exposure / share.sum())
    return Indices(exposure, d_avg, float(np.max(exposure)), float(prior @ by_state), by_state, q)


def _fraction(figures: ArrayLike, name: str) -> Array:
    """Return figures as an array, all within 0-1 or NaN."""
    array = np.asarray(figures, dtype=float)
    outside = array[(array < 0.0) | (array > 1.0)]
    if outside.size:
        msg = f"{name} = {outside[0]:g} lies outside 0-1"
        raise ValueError(msg)
    return array
