"""Several people's weights side by side: where they agree, and where one number would hide that they do not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.errors import AssumptionError
from geokit.scoring.scaling import Array
from geokit.scoring.weights import Weights

COLUMNS = ["criterion_id", "weight_mean", "weight_low", "who_low", "weight_high", "who_high", "rank_low", "rank_high"]


def kendall_w(ranks: Array) -> float:
    r"""Return Kendall's coefficient of concordance: 1 if all rank alike, 0 if there is no common order.

    .. math:: W = \frac{12 \sum_k (R_k - \bar R)^2}{m^2 (n^3 - n) - m \sum_j T_j}, \quad T_j = \sum_t t^3 - t

    with the sums of ranks :math:`R_k`, and :math:`t` the sizes of the ties of judge :math:`j`.

    Parameters
    ----------
    ranks : numpy.ndarray
        Ranks from 1, ties at their mean rank, shape (judge, criterion).

    Returns
    -------
    float
        0-1; 1 for one judge or one criterion, and where everyone ties everything.

    References
    ----------
    Kendall and Babington Smith (1939), The problem of m rankings. Annals of Mathematical Statistics 10, 275-287.
    """
    judges, size = ranks.shape
    totals = ranks.sum(axis=0)
    ties = sum(float((counts**3 - counts).sum()) for counts in (np.unique(row, return_counts=True)[1] for row in ranks))
    room = judges**2 * (size**3 - size) - judges * ties
    return float(12.0 * np.square(totals - totals.mean()).sum() / room) if room > 0 else 1.0


def compare_stakeholders(weights: Mapping[str, Weights]) -> tuple[pd.DataFrame, float]:
    """Return what several stakeholders say about each criterion, and how far they agree.

    Parameters
    ----------
    weights : mapping of str to Weights
        By the name of the stakeholder; a criterion that one does not name has no weight for that one.

    Returns
    -------
    tuple of pandas.DataFrame and float
        One row a criterion: ``criterion_id``, ``weight_mean``, ``weight_low``, ``who_low``, ``weight_high``, ``who_high``,
        ``rank_low``, ``rank_high`` (best and worst rank that anyone gives it), the widest disagreement first; and
        :func:`kendall_w` of the ranks.

    Raises
    ------
    AssumptionError
        If there are no stakeholders.
    """
    if not weights:
        msg = f"no stakeholder in {dict(weights)}; give weights of at least one"
        raise AssumptionError(msg)
    criteria = list(dict.fromkeys(one for each in weights.values() for one in each))
    table = pd.DataFrame({who: [each.get(one, 0.0) for one in criteria] for who, each in weights.items()}, index=criteria)
    ranks = table.rank(ascending=False)
    told = pd.DataFrame({
        "criterion_id": criteria, "weight_mean": table.mean(axis=1), "weight_low": table.min(axis=1), "who_low": table.idxmin(axis=1),
        "weight_high": table.max(axis=1), "who_high": table.idxmax(axis=1), "rank_low": ranks.min(axis=1), "rank_high": ranks.max(axis=1),
    })  # fmt: skip
    order = (told["weight_low"] - told["weight_high"]).sort_values(kind="stable").index
    return told.loc[order, COLUMNS].reset_index(drop=True), kendall_w(ranks.to_numpy().T)


def average_weights(weights: Mapping[str, Weights]) -> Weights:
    """Return the mean of several stakeholders' weights, each counting alike.

    Parameters
    ----------
    weights : mapping of str to Weights
        By the name of the stakeholder, at least one.

    Returns
    -------
    Weights
        Over every criterion that anyone names, summing to one; show :func:`compare_stakeholders` beside them.
    """
    table, _ = compare_stakeholders(weights)
    mean = dict(zip(table["criterion_id"], table["weight_mean"], strict=True))
    pairs = tuple((one, float(mean[one])) for one in dict.fromkeys(name for each in weights.values() for name in each))
    groups = tuple(dict.fromkeys(pair for each in weights.values() for pair in each.groups))
    return Weights(pairs, " and ".join(weights), f"mean of {len(weights)}", groups)
