"""Two studies side by side, as lines to read, as plain values and as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from geokit.io.stage import stage_folder
from geokit.io.write import write_table
from geokit.outputs.style import format_figure
from geokit.scoring.shapley import EXACT
from geokit.study.compare import Comparison
from geokit.study.records import list_records

TOP = 10
"""Rows from the top of either ranking among which the movers are told."""
TOLD = 8
"""Rows told of a list; the tables hold all."""
NAMED = 3
"""Causes named behind a row."""
SLIGHT = 0.0005
"""A part of a score that no printed figure shows."""
TRACKS = {"text": "by the text of the law", "practice": "as the law is practised"}


def tell_comparison(found: Comparison, partners: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield what was changed, what moved and what moved it as lines.

    Parameters
    ----------
    found : Comparison
        As :func:`geokit.study.compare.compare` returns it.
    partners : mapping of str to str
        Names of the partners.

    Yields
    ------
    tuple of str and bool
        A line and whether it is a heading.
    """
    first, second = found.cases
    whom = " against ".join(dict.fromkeys(partners.get(case.partner, case.partner) for case in (first, second)))
    yield f"{whom}, {TRACKS[first.track.value]}", True
    yield tell_moves(found.moves), False
    yield "What was changed", True
    yield from ((line, False) for line in _tell_changes(found.changes) or ["nothing that moves a score"])
    yield "What moved, and what moved it", True
    yield from ((line, False) for line in _tell_movers(found) or [f"nothing among the first {TOP}"])
    if len(set(found.shares["key"])) > 1:
        yield "How far each change moves scores, and who has a rank by it", True
        yield from ((line, False) for line in _tell_keys(found))
    if not found.is_exact:
        yield f"More than {EXACT} things changed: the parts are averages over orders of the changes drawn at random.", False


def tell_moves(moves: pd.DataFrame) -> str:
    """Return one sentence on how many ranks moved and who leads.

    Parameters
    ----------
    moves : pandas.DataFrame
        As :func:`geokit.study.compare.list_moves` returns it.

    Returns
    -------
    str
        How many ranks move, how many come and go, and who leads.
    """
    ranked = moves[moves[["rank", "rank_before"]].notna().any(axis=1)]
    stay = (ranked["places"] == 0).sum()
    old, new = (moves.loc[moves[name] == 1, "label"].tolist() for name in ("rank_before", "rank"))
    leads = f"{_name(new)} leads" + (" in both" if old == new else f" instead of {_name(old)}")
    comes, goes = ranked["rank_before"].isna().sum(), ranked["rank"].isna().sum()
    told = f"; {comes} gain a rank, {goes} lose theirs" if comes or goes else ""
    return f"{len(ranked) - stay} of {len(ranked)} ranks move{told}; {leads}."


def describe_comparison(found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values for JSON.

    Parameters
    ----------
    found : Comparison
        What was found.

    Returns
    -------
    dict
        ``cases`` (before, after), ``is_exact``, and rows of ``changes``, ``moves`` and ``shares``; blanks are None.
    """
    tables = {name: list_records(getattr(found, name)) for name in ("changes", "moves", "shares")}
    return {"cases": [case.case_id for case in found.cases], "is_exact": found.is_exact, **tables}


def write_comparison(found: Comparison, folder: Path) -> Path:
    """Write ``changes.csv``, ``moves.csv`` and ``shares.csv`` into a folder, all or none.

    Parameters
    ----------
    found : Comparison
        What was found.
    folder : pathlib.Path
        Made when it does not exist.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    with stage_folder(folder) as draft:
        for name in ("changes", "moves", "shares"):
            write_table(getattr(found, name), draft / f"{name}.csv", ())
    return folder


def _name(labels: list[str]) -> str:
    """Return who leads."""
    return labels[0] if labels else "nobody"


def _tell_changes(changes: pd.DataFrame) -> list[str]:
    """Return one line a change; of many weights those that change most."""
    weights = changes[changes["what"].str.startswith("weight of ")]
    far = (pd.to_numeric(weights["after"]) - pd.to_numeric(weights["before"])).abs().sort_values(ascending=False, kind="stable")
    shown = pd.concat([changes.drop(weights.index), weights.loc[far.index[:TOLD]]])
    rest = len(weights) - min(len(weights), TOLD)
    lines = [f"{row['what']}: {row['before']} -> {row['after']}" for row in shown.to_dict("records")]
    return lines + ([f"and {rest} other weights"] if rest else [])


def _tell_movers(found: Comparison) -> list[str]:
    """Return the rows that moved, by their best place in either study, each with the changes that moved it."""
    moves = found.moves
    lead = moves[(moves["rank"] <= TOP) | (moves["rank_before"] <= TOP)]
    moved = lead[(lead["places"] != 0) | (lead["score_change"].abs() >= SLIGHT)]
    moved = moved.iloc[moved[["rank", "rank_before"]].min(axis=1).argsort(kind="stable")]
    by_row = dict(tuple(found.shares.groupby("alternative")))
    lines = [_tell_mover(row, by_row.get(row["alternative"])) for row in moved.head(TOLD).to_dict("records")]
    return lines + ([f"and {len(moved) - TOLD} more among the first {TOP} of either"] if len(moved) > TOLD else [])


def _tell_mover(row: Mapping[Any, Any], parts: pd.DataFrame | None) -> str:
    """Return one row: where it was, where it is, and why."""
    places = " -> ".join("no rank" if pd.isna(row[name]) else f"{row[name]:.0f}" for name in ("rank_before", "rank"))
    score = f"score {format_figure(row['score_before'])} -> {format_figure(row['score'])}"
    causes = "" if parts is None else _tell_causes(parts)
    return f"{places}  {row['label']}: {score}" + (f"; {causes}" if causes else "")


def _tell_causes(parts: pd.DataFrame) -> str:
    """Return the changes that weigh most in a row, with their parts."""
    heavy = parts[parts["score_change"].abs() >= SLIGHT]
    heavy = heavy.loc[heavy["score_change"].abs().sort_values(ascending=False, kind="stable").index[:NAMED]]
    return ", ".join(f"{key} {_sign(part)}" for key, part in zip(heavy["key"], heavy["score_change"], strict=True))


def _tell_keys(found: Comparison) -> Iterator[str]:
    """Yield for each change how far it moves scores at most, and whose, among rows with a rank in either study; and ranks gained."""
    ranked = found.moves.loc[found.moves[["rank", "rank_before"]].notna().any(axis=1), ["alternative", "label"]]
    parts = found.shares.merge(ranked, on="alternative")
    parts = parts.assign(far=parts["score_change"].abs()).sort_values("far", ascending=False, kind="stable").drop_duplicates("key")
    gains = found.shares.groupby("key")["gains_rank"].sum()
    for row in parts.to_dict("records"):
        told = [f"{_sign(row['score_change'])} at most ({row['label']})"] if row["far"] >= SLIGHT else []
        told += _tell_gain(float(gains[row["key"]]))
        yield f"{row['key']}: {', '.join(told) or 'nothing'}"


def _tell_gain(count: float) -> list[str]:
    """Return how many rows more have a rank by a change; a part of one where changes do it together."""
    if abs(count) < SLIGHT:
        return []
    return [f"{format_figure(abs(count))} {'more' if count > 0 else 'fewer'} with a rank"]


def _sign(value: float) -> str:
    """Return a change with its sign and three decimals."""
    return f"{value:+.3f}".replace("-", "\u2212")
