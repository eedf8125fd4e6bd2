"""Regret over what nobody decides here: regimes of the controls x scenarios of first ore x passages that shut."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import get_args

import numpy as np
import pandas as pd

from geokit.core.assumptions import Regime
from geokit.core.case import Case
from geokit.scoring.regret import find_regret
from geokit.study.replay import Question, Replay
from geokit.study.study import Study

PASSAGES = 3
"""Closures that are tried, those that touch most plants of the partner first."""
OPEN = ""
"""Name of no closure."""
FUTURES = ["regime", "feed_scenario", "closure_id", "winner", "ranked"]
REGRETS = [
    "alternative", "rank", "regret_most", "regret_mean", "first_frac", "untold_frac", "worst_regime", "worst_feed_scenario",
    "worst_closure_id",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Futures:
    """What each alternative is worth in each future.

    Attributes
    ----------
    futures : pandas.DataFrame
        One row a future: ``regime``, ``feed_scenario``, ``closure_id`` (blank = every passage as assumed), ``winner``, ``ranked`` (rows
        with a rank).
    regret : pandas.DataFrame
        One row an alternative with a rank today, the least regret at worst first: ``alternative``, ``rank`` (today), ``regret_most`` and
        ``regret_mean`` (score lost against the best of the future, over the futures in which it has a rank), ``first_frac`` (share of
        futures in which it leads), ``untold_frac`` (share in which it has no rank), and the future in which it loses most.
    worth : numpy.ndarray
        Scores, shape (future, alternative of ``regret``); NaN where it has no rank.
    """

    futures: pd.DataFrame = field(repr=False)
    regret: pd.DataFrame = field(repr=False)
    worth: np.ndarray[tuple[int, int], np.dtype[np.float64]] = field(repr=False)


def imagine(
    study: Study, case: Case, *, passages: int = PASSAGES, replay: Replay | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Futures:  # fmt: skip
    """Rank one case in every future, and tell what having chosen each alternative would cost at worst.

    Every regime is taken as certain, so their chances do not enter: regret is for who will not bet on them. Weights stay.

    Parameters
    ----------
    study : Study
        The finished study.
    case : Case
        One of its cases.
    passages : int
        How many closures are tried beside none.
    replay : Replay, optional
        What was found before.
    progress : callable
        Called with how many futures are ranked, and of how many.

    Returns
    -------
    Futures
        Over all combinations.
    """
    replay = replay or Replay()
    replay.learn(study)
    asked, now = Question.of(study, case), study.ranking(case.partner, track=case.track)
    scenarios = sorted(set(study.layers["feed_scenarios"]["scenario_id"])) or [study.assumptions.feed.scenario]
    grid = list(itertools.product(get_args(Regime), scenarios, [OPEN, *list_closures(study, case.partner, passages)]))
    names, rows, worth = now["alternative"].tolist(), [], np.full((len(grid), len(now)), np.nan)
    for place, (regime, scenario, closure) in enumerate(grid):
        settings = {"controls.regime": regime, "feed.scenario": scenario}
        table = replay.answer(asked.replace(assumptions=settings, closure=closure))
        first = table.index[table["rank"] == 1]
        rows.append((regime, scenario, closure, first[0] if len(first) else "", int(table["rank"].notna().sum())))
        worth[place] = table["score"].where(table["rank"].notna()).reindex(names)
        progress(place + 1, len(grid))
    futures = pd.DataFrame(rows, columns=FUTURES)
    return Futures(futures, sum_regret(worth, futures, now), worth)


def list_closures(study: Study, partner: str, count: int) -> list[str]:
    """Return the closures that touch most plants of a partner, those that cut plants off first; none that touches nothing.

    Parameters
    ----------
    study : Study
        The finished study.
    partner : str
        For whom.
    count : int
        How many.

    Returns
    -------
    list of str
        Ids.
    """
    effects = study.closure_effects[(study.closure_effects["partner"] == partner) & (study.closure_effects["alternatives"] > 0)]
    order = effects.sort_values(["cut", "alternatives", "closure_id"], ascending=[False, False, True])
    return [str(name) for name in order["closure_id"].head(count)]


def sum_regret(worth: np.ndarray[tuple[int, int], np.dtype[np.float64]], futures: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the regret of each alternative at worst and on average, as :attr:`Futures.regret`.

    Parameters
    ----------
    worth : numpy.ndarray
        Scores, shape (future, alternative); NaN where it has no rank.
    futures : pandas.DataFrame
        The futures in the order of the rows.
    now : pandas.DataFrame
        ``alternative`` and ``rank`` in the order of the columns.

    Returns
    -------
    pandas.DataFrame
        Without the alternatives that have a rank in no future.
    """
    regret = find_regret(worth)
    told = np.isfinite(regret)
    some = told.any(axis=0)
    kept, shares = np.where(told, regret, -np.inf), np.where(told, regret, 0.0)
    worst = kept.argmax(axis=0) if len(kept) else np.zeros(len(now), dtype=int)
    table = now[["alternative", "rank"]].assign(
        regret_most=kept.max(axis=0, initial=-np.inf), regret_mean=shares.sum(axis=0) / np.maximum(told.sum(axis=0), 1),
        first_frac=[(futures["winner"] == name).mean() for name in now["alternative"]], untold_frac=1.0 - told.mean(axis=0),
        **{f"worst_{name}": futures[name].to_numpy()[worst] for name in FUTURES[:3]},
    )  # fmt: skip
    return table[REGRETS].iloc[np.flatnonzero(some)].sort_values(["untold_frac", "regret_most", "rank"], ignore_index=True)
