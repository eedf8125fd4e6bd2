"""What to find out next: each missing cell by how far it can move the ranking (model rule M21)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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


def list_gaps(joined: Joined, index: int, weights: Array, *, scored: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return every missing cell of one case with the alternative that waits for it.

    The swing is what ranking again with the best answer would show: rows that wait for the same cell rise with it and are not
    passed. Screened alternatives wait for nothing. A row that is not rankable moves from the place that it would hold by its
    score, and not at all if this one answer leaves its evidence below the threshold.

    Parameters
    ----------
    joined : Joined
        The cells.
    index : int
        Place of the case on the first axis.
    weights : numpy.ndarray
        Weights, shape (criterion,).
    scored : pandas.DataFrame
        ``score``, ``status`` and ``evidence_frac`` of the alternatives in the order of ``joined``.
    threshold : float
        Least weight on sourced cells with which a row is ranked, 0-1.

    Returns
    -------
    pandas.DataFrame
        Keys of the cell, ``alternative``, ``weight``, ``rank_swing``, ``holder`` and ``note``.
    """
    status, score = scored["status"].to_numpy(), scored["score"].to_numpy(dtype=float)
    open_rows = (status != Status.SCREENED.value)[:, None]
    who, what = np.nonzero(np.isnan(joined.values(index)) & (weights > 0) & open_rows)
    ranked, gain = np.isin(status, WITH_RANK), weights[what]
    keys = _key_gaps(joined, index, who=who, what=what)
    names = joined.alternatives["alternative"].to_numpy()[who]
    cells = _number_cells(joined.rows[index][who, what], keys)
    alike = _count_alike(score[who], gain, cells, ranked=ranked[who])
    swing = np.asarray(count_swing(score[who], gain, score[ranked]) - alike)
    enters = ranked[who] | (np.round(scored["evidence_frac"].to_numpy(dtype=float)[who] + gain, DECIMALS) >= threshold)
    return keys.assign(alternative=names, weight=gain, rank_swing=np.where(enters, swing, 0.0))


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


def _count_alike(scores: Array, gains: Array, cells: Rows, *, ranked: NDArray[np.bool_]) -> Array:
    """Return how many of the rows that :func:`count_swing` finds passed wait for the same cell and rise with it."""
    spacing = 4 * 10**DECIMALS
    here, there = (cells * spacing + np.rint(each * 10.0**DECIMALS).astype(np.int64) for each in (scores, scores + gains))
    ascending = np.sort(here[ranked])
    places = [np.searchsorted(ascending, reached, side="right") for reached in (there, here)]
    return np.asarray(places[0] - places[1], dtype=float)


def _number_cells(rows: Rows, keys: pd.DataFrame) -> Rows:
    """Return one number a missing cell, from 0: that of its row, and of its key where no row was reported."""
    absent, numbers = rows < 0, rows.copy()
    numbers[absent] = rows.max(initial=0) + 1 + keys[absent].groupby(list(KEYS), sort=False).ngroup().to_numpy()
    return np.unique(numbers, return_inverse=True)[1].ravel().astype(np.int64)


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
