"""Exposure, dependency and delay of every stage and profile on one legal track, each computed once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import SeedSequence

from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.dependency.binding import PLACE, bind_blocks, date_ties, open_clauses, price_ties, settle_ties, sum_ties
from geokit.dependency.bounds import bound_average, measure_common_shock
from geokit.dependency.delay import DAYS_PER_MONTH, BlockOrder, DelayMonths, simulate_delay
from geokit.dependency.flowsheet import list_blocks
from geokit.dependency.importance import rate_blocks
from geokit.dependency.index import Array, measure_dependency
from geokit.dependency.licences import PROFILES, TIMES, read_terms
from geokit.dependency.regime import Outcome, bound_mean, is_asked, list_outcomes
from geokit.dependency.windows import list_marks, list_stretches

Spread = tuple[float, float, float]
Bound = Mapping[tuple[str, ...], tuple[float, ...]]
Grid = Mapping[str, Array]
Licences = Mapping[tuple[str, ...], tuple[Spread, ...]]

NOT_BOUND = (0.0, 0.0, 0.0, 0.0)
NO_SUBSTITUTE = (float("nan"),) * 3
LEVELS = {"b_low": "s_low", "b": "s", "b_high": "s_high", "b_common": "s"}
"""Which Chinese share goes with which chance of refusal; the last one is that of the likeliest single refusal."""


@dataclass(frozen=True)
class Solved:
    """What one legal track says.

    Attributes
    ----------
    track : Track
        The track.
    blocks : pandas.DataFrame
        One row a stage, profile and block: ``b_low``, ``b``, ``b_high``, ``b_common``, ``s``, ``sigma``, ``e``, ``birnbaum``,
        ``d_rel_if_fixed``, ``fix_rank`` and the block's own columns.
    plants : pandas.DataFrame
        One row a stage and profile: ``d_avg``, ``d_avg_low``, ``d_avg_high``, ``d_max``, ``d_rel``, ``d_rel_low``, ``d_rel_high``,
        ``d_rel_common``, ``is_probability`` (true, false; blank = nothing can bind), ``weakest`` (name of the block),
        ``delay_months_p10``, ``_p50``, ``_p80``, ``_p80_low``, ``_p80_high``.
    ties : pandas.DataFrame
        Clauses of all issuers with the first day of their harshest state on the days that bind, and how often they bind.
    outcomes : tuple of Outcome
        The political states that were mixed; those of probability zero only widen the bounds.
    """

    track: Track
    blocks: pd.DataFrame
    plants: pd.DataFrame
    ties: pd.DataFrame
    outcomes: tuple[Outcome, ...]


def solve_track(layers: Mapping[str, pd.DataFrame], ties: pd.DataFrame, case: Case, *, assumptions: Assumptions) -> Solved:
    """Return exposure, dependency and delay of every stage and profile on the track and dates of a case.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``operations``, ``status_events``, ``regimes`` and ``licence_params``.
    ties : pandas.DataFrame
        As :func:`geokit.dependency.flowsheet.touch_blocks` returns.
    case : Case
        Its partner does not matter here.
    assumptions : Assumptions
        Export windows, regime, years of plant life, draws and seed.

    Returns
    -------
    Solved
        For all four profiles.
    """
    controls, events, regimes = assumptions.controls, layers["status_events"], layers["regimes"]
    stretches = list_stretches(case.on, controls, years=assumptions.finance.life_years, marks=list_marks(events, regimes))
    dated = date_ties(ties, events, known_on=case.known_on, track=case.track, stretches=stretches)
    last_day = max(dated.loc[dated["counts"], "day"], default="")
    outcomes = list_outcomes(regimes, open_clauses(dated), controls=controls, last_day=last_day)
    settled = settle_ties(dated, outcomes)
    priced = price_ties(settled, read_terms(layers["licence_params"]))
    found = bind_blocks(priced).assign(b_common=_find_likeliest(priced))
    bound: Bound = dict(zip(found.index, found[list(LEVELS)].itertuples(index=False, name=None), strict=True))
    licences = _spreads(priced[priced["stretch"] == 0])
    names = [one.regime_id for one in outcomes]
    stream = 0 if is_asked(controls) else list(Track).index(case.track)
    rows, plants = [], []
    for number, (stage, blocks) in enumerate(list_blocks(layers).groupby("stage_id", sort=True)):
        for profile in PROFILES:
            grid = _grid(bound, blocks, names=names, profile=profile)
            seed = SeedSequence(assumptions.seed, spawn_key=(number, PROFILES.index(profile), stream))
            orders = [list(_orders(blocks, grid["b"][z], licences=licences, key=(name, profile))) for z, name in enumerate(names)]
            prior = [one.probability for one in outcomes]
            delay = simulate_delay(orders, prior, seed=seed, samples=assumptions.controls.samples)
            told, plant = _measure(blocks, grid, outcomes)
            rows.append(told.assign(profile=profile))
            plants.append({"stage_id": stage, "profile": profile, **plant, **_name_delay(delay)})
    return Solved(case.track, pd.concat(rows, ignore_index=True), pd.DataFrame(plants), sum_ties(dated, settled, outcomes), outcomes)


def _grid(bound: Bound, blocks: pd.DataFrame, *, names: Sequence[str], profile: str) -> Grid:
    """Return the chances of refusal of a stage, each of shape (states, blocks); blocks that nothing binds are 0."""
    keys = list(zip(blocks["stage_id"], blocks["block_id"], strict=True))
    found = np.array([[bound.get((name, profile, *key), NOT_BOUND) for key in keys] for name in names])
    return {name: found[:, :, number] for number, name in enumerate(LEVELS)}


def _measure(blocks: pd.DataFrame, grid: Grid, outcomes: Sequence[Outcome]) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the exposure rows and the dependency figures of one stage and profile."""
    low, high = (measure_dependency(grid[name], blocks[LEVELS[name]], blocks["sigma"]) for name in ("b_low", "b_high"))
    least, most = bound_mean(outcomes, low.d_rel_by_state, high.d_rel_by_state)
    weight = np.array([one.probability for one in outcomes])
    likely = weight > 0.0
    weight = weight[likely]
    mode, common = (
        measure_dependency(grid[name][likely], blocks[LEVELS[name]], blocks["sigma"], probability=weight) for name in ("b", "b_common")
    )
    average = bound_average(mode.exposure)
    weakest = blocks["name"].iloc[int(np.argmax(np.nan_to_num(mode.exposure)))] if np.any(mode.exposure != 0) else ""
    b = {"b_low": grid["b_low"].min(axis=0), "b_high": grid["b_high"].max(axis=0)}
    b |= {name: weight @ grid[name][likely] for name in ("b", "b_common")}
    rows = blocks.assign(**b, e=mode.exposure, **vars(rate_blocks(mode.q, weight)))
    return rows, {
        "d_avg": mode.d_avg,
        "d_avg_low": average[0],
        "d_avg_high": average[1],
        "d_max": mode.d_max,
        "d_rel": mode.d_rel,
        "d_rel_low": min(least, mode.d_rel),
        "d_rel_high": max(most, mode.d_rel),
        "d_rel_common": measure_common_shock(common.q, weight),
        "is_probability": _judge_probability(rows),
        "weakest": weakest,
    }


def _find_likeliest(priced: pd.DataFrame) -> pd.Series:
    """Return the likeliest single refusal of each block: licences of one authority may fall together."""
    return priced.groupby(PLACE)["refused"].agg(lambda refused: refused.max(skipna=False))


def _judge_probability(rows: pd.DataFrame) -> str:
    """Return whether every block that may be bound has its vendors named; blank where nothing can bind."""
    asked = rows.loc[(rows["b_high"] > 0.0) & (rows["sigma"] < 1.0), "is_named"]
    return str(bool(asked.all())).lower() if len(asked) else ""


def _orders(blocks: pd.DataFrame, refused: Array, *, licences: Licences, key: tuple[str, str]) -> Iterator[BlockOrder]:
    """Yield what ordering each block of a stage may cost in time, given one political state and profile."""
    for chance, row in zip(refused, blocks.to_dict("records"), strict=True):
        spreads = licences.get((*key, row["stage_id"], row["block_id"]), ())
        known = (row["substitute_low"], row["substitute"], row["substitute_high"])
        asked = row["s"] if row["sigma"] < 1.0 else 0.0
        yield BlockOrder(float(chance), asked, spreads, known if row["sigma"] > 0.0 else NO_SUBSTITUTE)


def _spreads(priced: pd.DataFrame) -> Licences:
    """Return the low, mode and high of each licence in months, by political state, profile, stage and block."""
    found: dict[tuple[str, ...], tuple[Spread, ...]] = {}
    for row in priced.to_dict("records"):
        key = tuple(row[name] for name in PLACE)
        low, mode, high = (row[name] / DAYS_PER_MONTH for name in TIMES)
        found[key] = (*found.get(key, ()), (low, mode, high))
    return found


def _name_delay(delay: DelayMonths) -> dict[str, float]:
    """Return the delay under the names of the columns."""
    return {f"delay_months_{name}": value for name, value in vars(delay).items()}
