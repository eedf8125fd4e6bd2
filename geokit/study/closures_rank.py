"""Which named closure moves the ranking most: each question ranked again with the hauls that a closure leaves."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.economics import estimate
from geokit.network import ClosedHauls, build_world, close_hauls
from geokit.scoring import DecisionMatrix, build_matrix, rank
from geokit.study.ranked import LEADING
from geokit.study.sentences import figure
from geokit.study.standing import judge_feed, judge_standing
from geokit.study.study import Study

RANKS = ["closure_id", "case_id", "partner", "alternative", "rank_before", "rank"]
PAIR = ["closure_id", "partner"]
MOVED = ["ranks_moved", "most_places", "falls_most", "falls_places", "leader"]
COUNTS = ["ranks_moved", "most_places", "falls_places"]
FALLS = {"alternative": "falls_most", "places": "falls_places"}
HAUL = ["origin_id", "destination_id", "kind", "product_id"]
FIGURES = ["value_low", "value", "value_high"]
DRAWS = 1
"""Draws of the bands of scores, which no rank depends on."""


def no_ranks() -> pd.DataFrame:
    """Return the ranks of a study that was ranked with no closure: none, in the columns of :func:`closure_ranks`."""
    return pd.DataFrame(columns=RANKS)


def closure_ranks(
    study: Study, closed: ClosedHauls, *, partners: Collection[str] | None = None, track: Track | str = Track.TEXT
) -> pd.DataFrame:
    """Rank every question again with each named closure.

    Only hauls differ: freight shares, feed in reach, margins and who may be ranked follow from them; controls, sites and weights stay.

    Parameters
    ----------
    study : Study
        The study without a closure.
    closed : ClosedHauls
        From :func:`geokit.network.close_hauls` and the hauls of the study.
    partners : collection of str, optional
        For whom; all partners of the study when not given.
    track : Track or str
        Legal track; closures know nothing of law.

    Returns
    -------
    pandas.DataFrame
        Columns as in the data dictionary (``closure_ranks``): the alternatives whose rank moves.
    """
    cases = [case for case in study.cases if case.track == track and (partners is None or case.partner in partners)]
    before = study.rankings[study.rankings["case_id"].isin([case.case_id for case in cases])]
    names = closed.hauls["closure_id"].unique().tolist() if cases else []
    tables = [_moves(before, _rank_closed(study, _replace_hauls(study, closed, name), cases), name) for name in names]
    return pd.concat(tables, ignore_index=True) if tables else no_ranks()


def run_closures(study: Study, *, partners: Collection[str] | None = None) -> Study:
    """Return the study with its rankings run again with each named closure.

    Parameters
    ----------
    study : Study
        A finished study.
    partners : collection of str, optional
        For whom; all partners of the study when not given.

    Returns
    -------
    Study
        A copy with ``closure_ranks`` and the ranks in ``closure_effects``; one or two seconds a closure.
    """
    named = tuple(dict.fromkeys(case.partner for case in study.cases if partners is None or case.partner in partners))
    closed = close_hauls(build_world(study.layers, study.assumptions), study.hauls)
    ranks = closure_ranks(study, closed, partners=named)
    return dataclasses.replace(study, closure_ranks=ranks, closure_effects=add_moves(study.closure_effects, ranks, named))


def add_moves(effects: pd.DataFrame, ranks: pd.DataFrame, partners: Collection[str] = ()) -> pd.DataFrame:
    """Add to the effects of closures what each does to the ranking.

    Parameters
    ----------
    effects : pandas.DataFrame
        From :func:`geokit.network.sum_effects`.
    ranks : pandas.DataFrame
        From :func:`closure_ranks`.
    partners : collection of str
        For whom the rankings were run again; what moves for others stays blank.

    Returns
    -------
    pandas.DataFrame
        Columns as in the data dictionary (``closure_effects``).
    """
    rows = ranks.assign(places=(ranks["rank"] - ranks["rank_before"]).astype(float).fillna(0.0))
    rows = rows.assign(far=rows["places"].abs()).sort_values(["places", "rank_before", "alternative"], ascending=[False, True, True])
    moves = rows.groupby(PAIR).agg(ranks_moved=("alternative", "size"), most_places=("far", "max"))
    falls = _first(rows[(rows["places"] > 0) & (rows["rank_before"] <= LEADING)]).rename(columns=FALLS)
    leads = _first(rows[rows["rank"] == 1])[["alternative"]].set_axis(["leader"], axis=1)
    moves = moves.join(falls).join(leads).reset_index()
    bare = effects.drop(columns=MOVED, errors="ignore")
    table = bare.merge(moves.astype(dict.fromkeys(PAIR, str)), "left", PAIR).fillna({"falls_most": "", "leader": ""})
    table[COUNTS] = table[COUNTS].astype(float).fillna(0.0).where(table["partner"].isin(partners))
    return table[[*bare.columns, *MOVED]]


def _first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the first alternative of each closure and partner, and how many places it falls."""
    return rows.drop_duplicates(PAIR).set_index(PAIR)[[*FALLS]]


def say_closures(study: Study, effects: pd.DataFrame, partner: str) -> tuple[str, ...]:
    """Say what each named closure does to the plants of a partner, the worst first.

    Parameters
    ----------
    study : Study
        For the names.
    effects : pandas.DataFrame
        Columns as in the data dictionary (``closure_effects``).
    partner : str
        For whom.

    Returns
    -------
    tuple of str
        One sentence or two a closure.
    """
    names = study.layers["closures"].set_index("closure_id")["name"].to_dict()
    labels = study.alternatives.set_index("alternative")["label"].to_dict()
    return tuple(_say(row, names, labels) for row in effects[effects["partner"] == partner].to_dict("records"))


def _say(row: Mapping[Any, Any], names: Mapping[Any, str], labels: Mapping[Any, str]) -> str:
    """Say what one closure does."""
    left = row["alternatives"] - row["cut"]
    told = [f"{row['cut']} plants have no way left"] if row["cut"] else []
    told += ["no plant's way to the partner runs through it"] if not row["alternatives"] else []
    if left:
        low, mode, high = (figure(row[f"detour_usd_per_t{end}"]) for end in ("_low", "", "_high"))
        told.append(f"{left} go round for {mode} USD/t more in the median ({low} to {high})")
    told += _say_ranks(row, labels)
    return f"If this shuts - {names[row['closure_id']]} - {'; '.join(told)}."


def _say_ranks(row: Mapping[Any, Any], labels: Mapping[Any, str]) -> list[str]:
    """Say what moves in the ranking; nothing where it was not run again."""
    if pd.isna(row["ranks_moved"]):
        return []
    if not row["ranks_moved"]:
        return ["no rank moves"]
    leads = f"{labels[row['leader']]} takes the lead" if row["leader"] else "the leader stays"
    told = f"none of the first {LEADING} falls"
    if row["falls_most"]:
        places = int(row["falls_places"])
        told = f"of the first {LEADING} {labels[row['falls_most']]} falls farthest, by {places} {'place' if places == 1 else 'places'}"
    return [f"{int(row['ranks_moved'])} ranks move; {told}; {leads}"]


def _replace_hauls(study: Study, closed: ClosedHauls, closure_id: str) -> pd.DataFrame:
    """Return the hauls of the study as a closure leaves them."""
    again = closed.hauls[closed.hauls["closure_id"] == closure_id]
    touched = pd.MultiIndex.from_frame(study.hauls[HAUL]).isin(pd.MultiIndex.from_frame(again[HAUL]))
    left = again.dropna(subset=["usd_per_t"])[study.hauls.columns]
    return pd.concat([study.hauls[~touched], left]).sort_values(HAUL, ignore_index=True)


def _rank_closed(study: Study, hauls: pd.DataFrame, cases: Iterable[Case]) -> pd.DataFrame:
    """Return the ranking of some questions with other hauls."""
    economics = estimate(study.layers, study.alternatives, hauls, assumptions=study.assumptions, outlets=study.outlets)
    feed = judge_feed(study.alternatives, economics.feeds)
    standing = judge_standing(study.alternatives, feeds=feed, gates=study.gates, outlets=study.outlets)
    scored = rank(
        _replace_cells(study, economics.cells), study.alternatives, tuple(cases), study.weights, profiles=study.scored.joined.profiles,
        statuses=standing, assumptions=study.assumptions.replace(scoring__samples=DRAWS), contributions_top=0,
    )  # fmt: skip
    return scored.table


def _replace_cells(study: Study, cells: pd.DataFrame) -> DecisionMatrix:
    """Return the matrix of the study with the criteria of other cells replaced by these."""
    kept = study.matrix.table[~study.matrix.table["criterion_id"].isin(cells["criterion_id"].unique())]
    both = pd.concat([kept[cells.columns], cells], ignore_index=True).astype(dict.fromkeys(FIGURES, float))
    return build_matrix(both, study.matrix.criteria, assumptions=study.assumptions)


def _moves(before: pd.DataFrame, after: pd.DataFrame, closure_id: str) -> pd.DataFrame:
    """Return the alternatives whose rank differs, one ranked in one only included."""
    key = ["case_id", "partner", "alternative"]
    both = before[[*key, "rank"]].rename(columns={"rank": "rank_before"}).merge(after[[*key, "rank"]], on=key)
    ranks = both[["rank_before", "rank"]].to_numpy(dtype=float, na_value=np.nan)
    moved = ~np.isclose(ranks[:, 0], ranks[:, 1], equal_nan=True)
    told: pd.DataFrame = both[moved].assign(closure_id=closure_id)[RANKS]
    return told.sort_values(["case_id", "rank", "alternative"])
