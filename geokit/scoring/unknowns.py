"""What to find out next: each missing cell by how far it can move the ranking (model rule M21)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geokit.core.codes import Status
from geokit.scoring.join import KEYS, Joined, Rows
from geokit.scoring.methods import DECIMALS
from geokit.scoring.scaling import Array
from geokit.scoring.screen import WITH_RANK

COLUMNS = [*KEYS, "what", "holder", "alternatives_touched", "weight", "rank_swing", "note"]
VARIES = {"site_id": "site", "stage_id": "stage", "profile": "profile", "partner": "partner", "track": "regime"}
"""Words by which a criterion names the keys of its cells."""


def count_swing(scores: Array, gains: Array, ranked_scores: Array) -> Array:
    """Return how many rows an alternative passes, or draws level with, when its score gains something.

    Parameters
    ----------
    scores : numpy.ndarray
        Scores as they are, shape (n,).
    gains : numpy.ndarray
        What each would gain, at least 0, shape (n,).
    ranked_scores : numpy.ndarray
        All scores that carry a rank, any order.

    Returns
    -------
    numpy.ndarray
        Places, at least 0, shape (n,).
    """
    ascending = np.sort(ranked_scores)
    places = [np.searchsorted(ascending, np.round(reached, DECIMALS), side="right") for reached in (scores + gains, scores)]
    return (places[0] - places[1]).astype(float)


def list_gaps(joined: Joined, index: int, weights: Array, *, scored: pd.DataFrame) -> pd.DataFrame:
    """Return every missing cell of one case with the alternative that waits for it.

    Screened alternatives wait for nothing. For a row that is not rankable the swing is that of the place it would hold
    by its score.

    Parameters
    ----------
    joined : Joined
        The cells.
    index : int
        Place of the case on the first axis.
    weights : numpy.ndarray
        Weights, shape (criterion,).
    scored : pandas.DataFrame
        ``score`` and ``status`` of the alternatives in the order of ``joined``.

    Returns
    -------
    pandas.DataFrame
        Keys of the cell, ``alternative``, ``weight``, ``rank_swing``, ``holder`` and ``note``.
    """
    status, score = scored["status"].to_numpy(), scored["score"].to_numpy(dtype=float)
    open_rows = (status != Status.SCREENED.value)[:, None]
    who, what = np.nonzero(np.isnan(joined.values(index)) & (weights > 0) & open_rows)
    ranked = score[np.isin(status, WITH_RANK)]
    keys = _key_gaps(joined, index, who=who, what=what)
    names = joined.alternatives["alternative"].to_numpy()[who]
    swing = count_swing(score[who], weights[what], ranked)
    return keys.assign(alternative=names, weight=weights[what], rank_swing=swing)


def rank_unknowns(gaps: pd.DataFrame, joined: Joined) -> pd.DataFrame:
    """Gather the gaps of all cases by cell, the one that can move the ranking furthest first.

    Parameters
    ----------
    gaps : pandas.DataFrame
        Rows of :func:`list_gaps` of all cases.
    joined : Joined
        Its criteria name what is missing.

    Returns
    -------
    pandas.DataFrame
        Columns as in the data dictionary (``unknowns``), one row a question: sites that miss the same fact for the same reason are
        one, their site blank; the largest swing over alternatives and cases first, ties by
        weight, then key.
    """
    labels = {criterion.criterion_id: criterion.ask for criterion in joined.criteria}
    table = _gather(gaps)
    table = table.assign(what=table["criterion_id"].map(labels))
    descending = [False, False, *[True] * len(KEYS)]
    return table.sort_values(["rank_swing", "weight", *KEYS], ascending=descending, ignore_index=True)[COLUMNS]


def _gather(gaps: pd.DataFrame) -> pd.DataFrame:
    """Return one row a missing fact: the same fact missing at several sites for the same reason is one question.

    Where one fact is missing for several reasons, the row gives that of most alternatives.
    """
    alike = gaps.groupby([*(key for key in KEYS if key != "site_id"), "note"], sort=False)["site_id"].transform("nunique")
    common = gaps.assign(site_id=gaps["site_id"].where((alike == 1) | (gaps["note"] == ""), ""))
    waiting = common.groupby([*KEYS, "note"], sort=False)["alternative"].transform("nunique")
    common = common.iloc[np.argsort(-waiting, kind="stable")]
    return common.groupby(list(KEYS), as_index=False, sort=False).agg(
        alternatives_touched=("alternative", "nunique"), weight=("weight", "max"), rank_swing=("rank_swing", "max"),
        holder=("holder", "first"), note=("note", "first"),
    )  # fmt: skip


def _key_gaps(joined: Joined, index: int, *, who: Rows, what: Rows) -> pd.DataFrame:
    """Return the keys of missing cells: their own, or, where none was reported, those by which the criterion varies."""
    rows = joined.rows[index][who, what]
    cells = joined.table[[*KEYS, "holder", "note"]].reindex(rows).reset_index(drop=True)
    absent = rows < 0
    if absent.any():
        places, criteria = who[absent], [joined.criteria[place] for place in what[absent]]
        case, names = joined.cases[index], joined.alternatives["alternative"].to_numpy()[places]
        own = joined.alternatives[["site_id", "stage_id"]].iloc[places].reset_index(drop=True)
        own["profile"] = [joined.profiles.get((name, case.partner), "") for name in names]
        own = own.assign(partner=case.partner, track=case.track.value)
        varies = np.array([[VARIES[key] in one.varies_by for key in own.columns] for one in criteria])
        filled = own.where(varies, "").assign(holder="", note="no stage reported it")
        filled["criterion_id"] = [one.criterion_id for one in criteria]
        cells.loc[absent, filled.columns] = filled.to_numpy()
    return cells
