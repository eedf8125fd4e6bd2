"""Which named closure moves the ranking most: each question ranked again with the hauls that a closure leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.economics import estimate
from geokit.network import ClosedHauls
from geokit.scoring import DecisionMatrix, build_matrix, rank
from geokit.study.sentences import figure
from geokit.study.standing import judge_feed, judge_standing
from geokit.study.study import Study

RANKS = ["closure_id", "case_id", "partner", "alternative", "rank_before", "rank"]
MOVES = ["closure_id", "partner", "ranks_moved", "most_places", "falls_most", "leader"]
HAUL = ["origin_id", "destination_id", "kind", "product_id"]
FIGURES = ["value_low", "value", "value_high"]
DRAWS = 1
"""Draws of the bands of scores, which no rank depends on."""


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
    names = closed.hauls["closure_id"].unique() if cases else []
    tables = [_moves(before, _rank_closed(study, _replace_hauls(study, closed, name), cases), name) for name in names]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=RANKS)


def sum_moves(ranks: pd.DataFrame) -> pd.DataFrame:
    """Sum up what each closure does to the ranking of each partner.

    Parameters
    ----------
    ranks : pandas.DataFrame
        From :func:`closure_ranks`.

    Returns
    -------
    pandas.DataFrame
        ``closure_id``, ``partner``, ``ranks_moved``, ``most_places`` (the longest move), ``falls_most`` (the alternative that falls
        farthest, blank where none does) and ``leader`` (who takes the lead, blank where the leader stays).
    """
    rows = ranks.assign(places=(ranks["rank"] - ranks["rank_before"]).fillna(0.0)).astype({"places": float})
    rows = rows.assign(far=rows["places"].abs()).sort_values(["places", "rank_before", "alternative"], ascending=[False, True, True])
    keys = MOVES[:2]
    table = rows.groupby(keys).agg(ranks_moved=("alternative", "size"), most_places=("far", "max"))
    falls = rows[rows["places"] > 0].drop_duplicates(keys).set_index(keys)["alternative"].rename("falls_most")
    leads = rows[rows["rank"] == 1].drop_duplicates(keys).set_index(keys)["alternative"].rename("leader")
    told = table.join(falls).join(leads).fillna({"falls_most": "", "leader": ""}).astype({"ranks_moved": int, "most_places": int})
    return told.reset_index()[MOVES]


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


def _say(row: dict[str, object], names: dict[str, str], labels: dict[str, str]) -> str:
    """Say what one closure does."""
    left = int(row["alternatives"]) - int(row["cut"])
    told = [f"{row['cut']} plants have no way left"] if row["cut"] else []
    if left:
        low, mode, high = (figure(float(row[f"detour_usd_per_t{end}"])) for end in ("_low", "", "_high"))
        told.append(f"{left} go round for {mode} USD/t more in the median ({low} to {high})")
    told += _say_ranks(row, labels)
    return f"If this shuts - {names[str(row['closure_id'])]} - {'; '.join(told)}."


def _say_ranks(row: dict[str, object], labels: dict[str, str]) -> list[str]:
    """Say what moves in the ranking; nothing where it was not run again."""
    if pd.isna(row["ranks_moved"]):
        return []
    if not row["ranks_moved"]:
        return ["no rank moves"]
    leads = f"{labels[str(row['leader'])]} takes the lead" if row["leader"] else "the leader stays"
    falls = f", {labels[str(row['falls_most'])]} falls most" if row["falls_most"] else ""
    return [f"{int(row['ranks_moved'])} ranks move by up to {int(row['most_places'])} places{falls}, {leads}"]


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
    return both[moved].assign(closure_id=closure_id)[RANKS].sort_values(["case_id", "rank", "alternative"])
