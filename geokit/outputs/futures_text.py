"""Other futures and single changes that tip the order, as lines to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from geokit.outputs.style import format_figure, format_percent
from geokit.study.futures import Futures
from geokit.study.tipping import DATE

TOLD = 5
"""Alternatives whose regret is told; the table holds all."""
DIMENSIONS = {"regime": "regimes of the controls", "feed_scenario": "scenarios of first ore", "closure_id": "passages that shut"}
NOTHING = 5e-4
"""A difference of scores that no printed figure shows."""


def tell_futures(found: Futures, names: Mapping[str, str], closures: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield what having chosen each alternative would cost at worst.

    Parameters
    ----------
    found : Futures
        As :func:`geokit.study.futures.imagine` returns it.
    names, closures : mapping of str to str
        Labels of the alternatives and of the closures.

    Yields
    ------
    tuple of str and bool
        A line and whether it is a heading.
    """
    counts = [found.futures[name].nunique() for name in DIMENSIONS]
    grid = " x ".join(f"{count} {words}" for count, words in zip(counts, DIMENSIONS.values(), strict=True))
    yield f"Regret over {len(found.futures)} futures, each taken as certain: {grid} (none among them)", True
    for row in found.regret.head(TOLD).to_dict("records"):
        first = f"leads in {format_percent(row['first_frac'])} of them"
        untold = f", has no rank in {format_percent(row['untold_frac'])}" if row["untold_frac"] else ""
        yield f"{names.get(row['alternative'], row['alternative'])}: {first}{untold}, {_say_worst(row, closures)}", False
    if found.regret.empty:
        yield "nothing has a rank in any of them", False
    for column, words in DIMENSIONS.items():
        far = _measure(found, column)
        yield f"{words}: " + (f"move a score by up to {format_figure(far)}" if far >= NOTHING else "move no score"), False


def tell_tipping(table: pd.DataFrame, names: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield the smallest changes of an assumption or of the date that put another first.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`geokit.study.tipping.find_tipping` returns it.
    names : mapping of str to str
        Labels of the alternatives.

    Yields
    ------
    tuple of str and bool
        A line and whether it is a heading.
    """
    yield "Which other figure, or which day, would put another first", True
    tips = table["winner"].ne("") | table["tips_at"].ne("")
    for row in table[tips].to_dict("records"):
        who = names.get(row["winner"], row["winner"]) or "nobody"
        yield f"{row['name']}, now {row['now']}: at {row['tips_at']} {who} leads (at {row['same_at']} not yet)", False
    calm = table[~tips & (table["name"] != DATE)]
    told = [f"{name} {' and '.join(rows['end'])}" for name, rows in calm.groupby("name", sort=False)]
    if told:
        yield f"The leader stays when any one of these moves as far as this: {'; '.join(told)}.", False
    for row in table[~tips & (table["name"] == DATE)].to_dict("records"):
        yield f"The leader stays on each of the next days on which the law is dated to change, up to {row['same_at']}.", False


def _say_worst(row: Mapping[Any, Any], closures: Mapping[str, str]) -> str:
    """Say by how much an alternative falls behind at worst, and in which future."""
    if row["regret_most"] < NOTHING:
        return "never behind by a figure that shows"
    passage = closures.get(row["worst_closure_id"], "no passage shut")
    future = f"{row['worst_regime']}, ore {row['worst_feed_scenario']}, {passage}"
    return f"at worst {format_figure(row['regret_most'])} behind the best ({future})"


def _measure(found: Futures, column: str) -> float:
    """Return how far the score of any alternative moves along one side of the grid, all else the same."""
    others = [name for name in DIMENSIONS if name != column]
    groups = found.futures.groupby(others).indices.values()
    spans = [np.nanmax(part, axis=0) - np.nanmin(part, axis=0) for part in (_keep_told(found.worth[rows]) for rows in groups) if part.size]
    return float(max((span.max() for span in spans), default=0.0))


def _keep_told(worth: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the columns that hold a score at all."""
    return worth[:, np.isfinite(worth).any(axis=0)]
