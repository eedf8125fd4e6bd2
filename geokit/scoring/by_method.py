"""The score of alternatives by a named method: 0 the worst, 1 the best, and its bounds where cells are missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from geokit.core.errors import UnknownNameError
from geokit.scoring.methods import DECIMALS
from geokit.scoring.promethee import bound_promethee, promethee
from geokit.scoring.scaling import Array
from geokit.scoring.spotis import spotis
from geokit.scoring.topsis import topsis
from geokit.scoring.vikor import vikor


@dataclass(frozen=True)
class Method:
    """One way of making an order from values and weights.

    Attributes
    ----------
    method_id : str
        What a user types.
    label : str
        Its name for the reader.
    score : callable
        From values (no gaps) and weights to scores 0-1.
    bound : callable
        From least and largest values (no gaps) and weights to least and largest scores.
    looks_at_others : bool
        Whether the score of one depends on who else is in the set.
    """

    method_id: str
    label: str
    score: Callable[[Array, Array], Array]
    bound: Callable[[Array, Array, Array], tuple[Array, Array]]
    looks_at_others: bool = False


def bound_by(v_low: Array, v_high: Array, weights: Array, *, method: str) -> tuple[Array, Array]:
    """Return the least and the largest score if each known cell lies within its range and each missing cell anywhere.

    Nothing is imputed and no weight is renormalised (model rule M19). A criterion without weight is left out.

    Parameters
    ----------
    v_low, v_high : numpy.ndarray
        Values 0-1 of the worse and the better end, shape (alternative, criterion); NaN = missing.
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,).
    method : str
        One of :data:`METHODS`.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper bound 0-1, each of shape (alternative,).

    Raises
    ------
    UnknownNameError
        If there is no such method.
    """
    counts = weights > 0
    low, high = np.nan_to_num(v_low[:, counts], nan=0.0), v_high[:, counts]
    ends = find_method(method).bound(low, np.where(np.isnan(high), 1.0, high), weights[counts])
    return np.round(ends[0], DECIMALS), np.round(ends[1], DECIMALS)


def score_by(v: Array, weights: Array, *, method: str) -> Array:
    """Return the score that the known cells prove: the least that the missing ones allow.

    Parameters
    ----------
    v : numpy.ndarray
        Values 0-1, shape (alternative, criterion); NaN = missing.
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,).
    method : str
        One of :data:`METHODS`.

    Returns
    -------
    numpy.ndarray
        Scores 0-1, shape (alternative,); without gaps those of the method itself.

    Raises
    ------
    UnknownNameError
        If there is no such method.
    """
    return bound_by(v, v, weights, method=method)[0]


def find_method(method_id: str) -> Method:
    """Return a method by its name.

    Raises
    ------
    UnknownNameError
        If there is no such method.
    """
    if method_id not in METHODS:
        raise UnknownNameError(kind="method", name=method_id, known=list(METHODS))
    return METHODS[method_id]


def _rise(score: Callable[[Array, Array], Array]) -> Callable[[Array, Array, Array], tuple[Array, Array]]:
    """Return the bounds of a score that rises with the own values and knows no others: the scores of the ends."""
    return lambda low, high, weights: (score(low, weights), score(high, weights))


def _add(v: Array, weights: Array) -> Array:
    """Return the weighted sum."""
    return v @ weights.T


def _near(v: Array, weights: Array) -> Array:
    """Return one less the compromise index."""
    return 1.0 - vikor(v, weights)


def _close(v: Array, weights: Array) -> Array:
    """Return one less the distance to the ideal."""
    return 1.0 - spotis(v, weights)


def _outrank(v: Array, weights: Array) -> Array:
    """Return the net flow on the scale 0-1."""
    return (1.0 + promethee(v, weights)) / 2.0


def _bound_outrank(low: Array, high: Array, weights: Array) -> tuple[Array, Array]:
    """Return the bounds of the net flow on the scale 0-1."""
    bottom, top = bound_promethee(low, high, weights)
    return (1.0 + bottom) / 2.0, (1.0 + top) / 2.0


METHODS: Mapping[str, Method] = {
    one.method_id: one
    for one in (
        Method("weighted-sum", "weighted sum", _add, _rise(_add)),
        Method("topsis", "TOPSIS", topsis, _rise(topsis)),
        Method("vikor", "VIKOR", _near, _rise(_near)),
        Method("promethee", "PROMETHEE II", _outrank, _bound_outrank, looks_at_others=True),
        Method("spotis", "SPOTIS", _close, _rise(_close)),
    )
}
"""The methods that a user may name. Ideal and anti-ideal are the fixed anchors of the value functions (model rule M20)."""
