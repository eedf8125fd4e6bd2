"""Why a row stands where it stands: contributions, and criteria that do not separate the top."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geokit.scoring.join import Joined
from geokit.scoring.scaling import Array

COLUMNS = ["case_id", "alternative", "criterion_id", "weight", "value", "v", "contribution"]


def list_contributions(joined: Joined, index: int, weights: Array, *, alternatives: Sequence[str]) -> pd.DataFrame:
    """Return what each criterion adds to the score of some alternatives in one case.

    Parameters
    ----------
    joined : Joined
        The cells.
    index : int
        Place of the case on the first axis.
    weights : numpy.ndarray
        Weights, shape (criterion,).
    alternatives : sequence of str
        Ids, in the order wanted.

    Returns
    -------
    pandas.DataFrame
        For the criteria that carry weight: ``case_id``, ``alternative``, ``criterion_id``, ``weight``, ``value`` (in its
        unit), ``v`` (NaN = missing), ``contribution`` = weight times v (0 for a missing cell).
    """
    counting = np.flatnonzero(weights > 0)
    places = joined.places_of(alternatives)
    chosen = np.ix_(places, counting)
    ids = [joined.criteria[place].criterion_id for place in counting]
    frame = pd.DataFrame({
        "case_id": joined.cases[index].case_id,
        "alternative": np.repeat(np.asarray(alternatives, dtype=object), len(ids)),
        "criterion_id": np.tile(np.asarray(ids, dtype=object), len(places)),
        "weight": np.tile(weights[counting], len(places)),
        "value": joined.values(index, "value")[chosen].ravel(),
        "v": joined.values(index)[chosen].ravel(),
    })  # fmt: skip
    return frame.assign(contribution=frame["weight"] * frame["v"].fillna(0.0))[COLUMNS]


def find_flat(contributions: pd.DataFrame, *, within: float = 1e-9) -> tuple[str, ...]:
    """Return the criteria that do not separate the given rows: every value known and nearly the same (model rule M20).

    Parameters
    ----------
    contributions : pandas.DataFrame
        As :func:`list_contributions` returns it, of the top rows of one case.
    within : float
        Values that differ by less are the same, 0-1.

    Returns
    -------
    tuple of str
        Criterion ids, the heaviest first; none if there are fewer than two rows.
    """
    by_criterion = contributions.groupby("criterion_id").agg(
        weight=("weight", "max"), least=("v", "min"), largest=("v", "max"), known=("v", "count"), rows=("v", "size")
    )
    flat = by_criterion[(by_criterion["rows"] > 1) & (by_criterion["known"] == by_criterion["rows"])]
    flat = flat[flat["largest"] - flat["least"] < within]
    return tuple(flat.sort_values("weight", ascending=False, kind="stable").index)
