"""Which named closure moves the ranking most: each question ranked again with the hauls that a closure leaves."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.network import ClosedHauls, build_world, close_hauls
from geokit.study.ranked import LEADING
from geokit.study.replay import Question, Replay
from geokit.study.sentences import figure
from geokit.study.study import Study

RANKS = ["closure_id", "case_id", "partner", "alternative", "rank_before", "rank"]
PAIR = ["closure_id", "partner"]
MOVED = ["ranks_moved", "most_places", "falls_most", "falls_places", "leader"]
COUNTS = ["ranks_moved", "most_places", "falls_places"]
FALLS = {"alternative": "falls_most", "places": "falls_places"}


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
    replay, names = Replay(), closed.hauls["closure_id"].unique().tolist()
    replay.learn(study, closed)
    tables = [
        _moves(study, case, replay.answer(Question.of(study, case).replace(closure=name)), closure_id=name)
        for name in names for case in cases
    ]  # fmt: skip
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
    places = (ranks["rank"] - ranks["rank_before"]).astype(float)
    lost = ranks["rank"].isna() & ranks["rank_before"].notna()
    rows = ranks.assign(far=places.abs(), places=places.mask(lost, np.inf).fillna(0.0))
    rows = rows.sort_values(["places", "rank_before", "alternative"], ascending=[False, True, True])
    moves = rows.groupby(PAIR).agg(ranks_moved=("alternative", "size"), most_places=("far", "max"))
    falls = _first(rows[(rows["places"] > 0) & (rows["rank_before"] <= LEADING)]).rename(columns=FALLS)
    leads = _first(rows[rows["rank"] == 1])[["alternative"]].set_axis(["leader"], axis=1)
    moves = moves.join(falls).join(leads).reset_index()
    bare = effects.drop(columns=MOVED, errors="ignore")
    table = bare.merge(moves.astype(dict.fromkeys(PAIR, str)), "left", PAIR).fillna({"falls_most": "", "leader": ""})
    table[COUNTS] = table[COUNTS].astype(float).fillna(0.0).replace(np.inf, np.nan).where(table["partner"].isin(partners))
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
        told = f"of the first {LEADING} {labels[row['falls_most']]} {_say_fall(row['falls_places'])}"
    return [f"{int(row['ranks_moved'])} ranks move; {told}; {leads}"]


def _say_fall(places: float) -> str:
    """Say how far the one falls that falls farthest; NaN = it loses its rank."""
    if np.isnan(places):
        return "loses its rank"
    return f"falls farthest, by {places:.0f} {'place' if places == 1 else 'places'}"


def _moves(study: Study, case: Case, after: pd.DataFrame, *, closure_id: str) -> pd.DataFrame:
    """Return the alternatives whose rank differs, one ranked in one only included."""
    before = study.rankings[study.rankings["case_id"] == case.case_id].set_index("alternative")["rank"].rename("rank_before")
    both = after[["rank"]].join(before).reset_index()
    ranks = both[["rank_before", "rank"]].to_numpy(dtype=float, na_value=np.nan)
    moved = ~np.isclose(ranks[:, 0], ranks[:, 1], equal_nan=True)
    told: pd.DataFrame = both[moved].assign(closure_id=closure_id, case_id=case.case_id, partner=case.partner)[RANKS]
    return told.sort_values(["rank", "alternative"])
