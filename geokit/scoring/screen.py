"""Standing of each alternative: screened by a sourced fail, ranked, or not rankable until something is found out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geokit.core.codes import Status
from geokit.core.errors import LayerError, Problem
from geokit.scoring.criteria import Criterion, list_words
from geokit.scoring.join import Joined
from geokit.scoring.scaling import Array

HINTS = ("", Status.CONDITIONAL.value, Status.SCREENED.value)
WITH_RANK = (Status.RANKED.value, Status.CONDITIONAL.value, Status.BASELINE.value)
FIND_OUT = 3
"""How many missing criteria a sentence names, the heaviest first."""


def read_hints(statuses: pd.DataFrame, joined: Joined, partner: str) -> pd.DataFrame:
    """Return what the study says about each alternative for a partner.

    Parameters
    ----------
    statuses : pandas.DataFrame
        Columns ``alternative``, ``partner``, ``status_hint`` (``screened``, ``conditional`` or blank), ``status_reason``;
        an alternative without a row has no hint.
    joined : Joined
        Its alternatives give the order.
    partner : str
        The partner of the case.

    Returns
    -------
    pandas.DataFrame
        ``status_hint`` and ``status_reason``, one row an alternative in the order of ``joined``.

    Raises
    ------
    LayerError
        With every hint that is unknown or stands twice.
    """
    own = statuses[statuses["partner"] == partner]
    wrong = ~own["status_hint"].isin(HINTS)
    twice = own.duplicated("alternative")
    rule = f"is not one of {HINTS} or stands twice"
    problems = [
        Problem("statuses", f"{row.alternative}/{partner}: {row.status_hint}", rule, "give one hint a pair")
        for row in own[wrong | twice].itertuples()
    ]
    if problems:
        raise LayerError(problems)
    hints = own.set_index("alternative")[["status_hint", "status_reason"]]
    return hints.reindex(joined.alternatives["alternative"], fill_value="").reset_index(drop=True)


def settle_statuses(
    hints: pd.DataFrame, baseline: NDArray[np.bool_], evidence_frac: Array, *, threshold: float, find_out: Sequence[str]
) -> pd.DataFrame:
    """Decide the standing of each alternative and say why.

    Only a sourced fail screens (model rule M4). A row whose evidence lies below the threshold is not rankable (M19), be it a plant or
    a way of doing less; the others of these stay in the ranking as its yardstick (M2).

    Parameters
    ----------
    hints : pandas.DataFrame
        ``status_hint`` and ``status_reason``, one row an alternative.
    baseline : numpy.ndarray
        Which rows are ways of doing less, shape (alternative,).
    evidence_frac : numpy.ndarray
        Weight on sourced cells 0-1, shape (alternative,).
    threshold : float
        Least weight on sourced cells, 0-1.
    find_out : sequence of str
        What is missing, in words, one an alternative.

    Returns
    -------
    pandas.DataFrame
        ``status`` and ``status_reason``, one row an alternative.
    """
    thin = evidence_frac < threshold
    screened = (hints["status_hint"] == Status.SCREENED.value).to_numpy()
    status = np.select(
        [screened, thin, baseline, hints["status_hint"] == Status.CONDITIONAL.value],
        [Status.SCREENED.value, Status.NOT_RANKABLE.value, Status.BASELINE.value, Status.CONDITIONAL.value],
        Status.RANKED.value,
    )
    thin_words = [
        f"not rankable: evidence {np.floor(100.0 * frac + 1e-9) / 100.0:.2f} is below {threshold:.2f}; find out {words}" if short else ""
        for words, frac, short in zip(find_out, evidence_frac, thin & ~screened, strict=True)
    ]
    reason = pd.Series(thin_words, dtype=object).str.cat(hints["status_reason"], sep="; ").str.strip("; ")
    return pd.DataFrame({"status": status, "status_reason": reason.to_numpy()})


def name_missing(sourced: NDArray[np.bool_], weights: Array, criteria: Sequence[Criterion]) -> list[str]:
    """Return for each alternative the heaviest criteria without evidence, in words.

    Parameters
    ----------
    sourced : numpy.ndarray
        Which cells are evidence, shape (alternative, criterion).
    weights : numpy.ndarray
        Weights, shape (criterion,).
    criteria : sequence of Criterion
        The second axis.

    Returns
    -------
    list of str
        As in ``feed secured, product match and financeability``; blank where nothing is missing.
    """
    order = [place for place in np.argsort(-weights, kind="stable") if weights[place] > 0]
    patterns, which = np.unique(sourced[:, order], axis=0, return_inverse=True)
    asks = np.array([criteria[place].ask for place in order], dtype=object)
    words = [list_words(asks[~pattern][:FIND_OUT].tolist()) for pattern in patterns]
    return [words[place] for place in which.ravel()]

