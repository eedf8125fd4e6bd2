"""Whether the method matters: agreement between methods, and rank reversal when the set changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geokit.scoring.by_method import METHODS, score_by
from geokit.scoring.methods import rank_scores
from geokit.scoring.scaling import Array

REVERSALS = ["method", "change", "alternative", "pairs_reversed", "winner_before", "winner_after"]


def rank_methods(v: Array, weights: Array, *, methods: Sequence[str] = tuple(METHODS)) -> dict[str, Array]:
    """Return the ranks of the alternatives by each method, by what the known cells prove.

    Parameters
    ----------
    v : numpy.ndarray
        Values 0-1, shape (alternative, criterion); NaN = missing.
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,).
    methods : sequence of str
        Names in :data:`geokit.scoring.by_method.METHODS`.

    Returns
    -------
    dict of str to numpy.ndarray
        Ranks from 1 by the method, shape (alternative,); ties go to the earlier row.
    """
    everyone = np.ones(len(v), dtype=bool)
    return {name: rank_scores(score_by(v, weights, method=name), everyone) for name in methods}


def kendall_tau(ranks: Array, others: Array) -> float:
    r"""Return Kendall's :math:`\tau`: the share of pairs in the same order less that of pairs in the opposite order.

    Parameters
    ----------
    ranks, others : numpy.ndarray
        Two rankings of the same alternatives, shape (alternative,), no ties.

    Returns
    -------
    float
        -1 to 1; 1 for fewer than two alternatives.

    References
    ----------
    Kendall (1938), A new measure of rank correlation. Biometrika 30, 81-93.
    """
    pairs = len(ranks) * (len(ranks) - 1)
    same = np.sign(ranks[:, None] - ranks) * np.sign(others[:, None] - others)
    return float(same.sum() / pairs) if pairs else 1.0


def compare_methods(ranks: Mapping[str, Array]) -> pd.DataFrame:
    """Return the agreement of every two methods.

    On values between fixed anchors SPOTIS is the weighted sum said otherwise: their agreement is no evidence.

    Parameters
    ----------
    ranks : mapping of str to numpy.ndarray
        As :func:`rank_methods` returns them.

    Returns
    -------
    pandas.DataFrame
        Kendall's tau, methods in rows and columns.
    """
    return pd.DataFrame([[kendall_tau(one, other) for other in ranks.values()] for one in ranks.values()], list(ranks), list(ranks))


def find_reversals(
    v: Array, weights: Array, *, alternatives: Sequence[str], added: Mapping[str, Array] | None = None,
    methods: Sequence[str] = tuple(METHODS),
) -> pd.DataFrame:  # fmt: skip
    """Return every alternative whose leaving or coming reorders the others by some method.

    Parameters
    ----------
    v : numpy.ndarray
        Values 0-1, shape (alternative, criterion); NaN = missing.
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,).
    alternatives : sequence of str
        Ids.
    added : mapping of str to numpy.ndarray, optional
        Alternatives to add one at a time: name and values, shape (criterion,).
    methods : sequence of str
        Names in :data:`geokit.scoring.by_method.METHODS`.

    Returns
    -------
    pandas.DataFrame
        One row a reversal: ``method``, ``change`` (``left`` or ``joined``), ``alternative``, ``pairs_reversed`` (of the others),
        ``winner_before``, ``winner_after`` (among the others). Empty for a method that scores each alternative by itself.
    """
    nobody = np.empty((0, v.shape[1]))
    changes = [("left", name, np.arange(len(v)) != place, nobody) for place, name in enumerate(alternatives)]
    changes += [("joined", name, np.ones(len(v), dtype=bool), np.atleast_2d(row)) for name, row in (added or {}).items()]
    names, rows = np.asarray(alternatives, dtype=object), []
    for method in methods:
        whole = score_by(v, weights, method=method)
        for change, name, stays, newcomer in changes:
            before, after = whole[stays], score_by(np.vstack([v[stays], newcomer]), weights, method=method)[: int(stays.sum())]
            if count := _count_reversed(before, after):
                rows.append((method, change, name, count, names[stays][before.argmax()], names[stays][after.argmax()]))
    return pd.DataFrame(rows, columns=REVERSALS)


def _count_reversed(before: Array, after: Array) -> int:
    """Count the pairs whose strict order turned round."""
    return int((np.sign(before[:, None] - before) * np.sign(after[:, None] - after) < 0).sum()) // 2
