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
from geokit.dependency.binding import PLACE, bind_blocks, date_ties, open_clauses, price_ties, settle_ties
from geokit.dependency.delay import DAYS_PER_MONTH, BlockOrder, DelayMonths, simulate_delay
from geokit.dependency.flowsheet import list_blocks
from geokit.dependency.index import Array, measure_dependency
from geokit.dependency.licences import PROFILES, TIMES, read_terms
from geokit.dependency.regime import Outcome, list_outcomes

Spread = tuple[float, float, float]
Bound = Mapping[tuple[str, ...], Spread]
Grid = Mapping[str, Array]
Licences = Mapping[tuple[str, ...], tuple[Spread, ...]]

NOT_BOUND = (0.0, 0.0, 0.0)
NO_SUBSTITUTE = (float("nan"),) * 3
LEVELS = {"b_low": "s_low", "b": "s", "b_high": "s_high"}
"""Which Chinese share goes with which chance of refusal."""


@dataclass(frozen=True)
class Solved:
    """What one legal track says.

    Attributes
    ----------
    track : Track
        The track.
    blocks : pandas.DataFrame
        One row a stage, profile and block: ``b_low``, ``b``, ``b_high``, ``s``, ``sigma``, ``e`` and the block's own columns.
    plants : pandas.DataFrame
        One row a stage and profile: ``d_avg``, ``d_max``, ``d_rel``, ``d_rel_low``, ``d_rel_high``, ``weakest`` (name of the
        block), ``delay_months_p10``, ``_p50``, ``_p80``, ``_p80_low``, ``_p80_high``.
    ties : pandas.DataFrame
        Clauses of all issuers with the day that binds and their state on it.
    outcomes : tuple of Outcome
        The political states that were mixed; those of probability zero only widen the bounds.
    """

    track: Track
    blocks: pd.DataFrame
    plants: pd.DataFrame
    ties: pd.DataFrame
    outcomes: tuple[Outcome, ...]


def solve_track(
    layers: Mapping[str, pd.DataFrame], ties: pd.DataFrame, case: Case, *, assumptions: Assumptions
) -> Solved:
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
        Export windows, draws and seed.

    Returns
    -------
    Solved
        For all four profiles.
    """
    dated = date_ties(
        ties, layers["status_events"], on=case.on, known_on=case.known_on, track=case.track, controls=assumptions.controls
    )
    asked = open_clauses(dated)
    last_day = max(dated.loc[dated["clause_id"].isin(asked), "day"], default="")
    outcomes = list_outcomes(layers["regimes"], asked, last_day=last_day)
    priced = price_ties(settle_ties(dated, outcomes), read_terms(layers["licence_params"]))
    found = bind_blocks(priced)
    bound: Bound = dict(zip(found.index, found[list(LEVELS)].itertuples(index=False, name=None), strict=True))
    licences = _spreads(priced)
    names = [one.regime_id for one in outcomes]
    rows, plants = [], []
    for number, (stage, blocks) in enumerate(list_blocks(layers).groupby("stage_id", sort=True)):
        for profile in PROFILES:
            grid = _grid(bound, blocks, names=names, profile=profile)
            seed = SeedSequence(assumptions.seed, spawn_key=(number, PROFILES.index(profile), list(Track).index(case.track)))
            orders = [list(_orders(blocks, grid["b"][z], licences=licences, key=(name, profile))) for z, name in enumerate(names)]
            prior = [one.probability for one in outcomes]
            delay = simulate_delay(orders, prior, seed=seed, samples=assumptions.controls.samples)
            told, plant = _measure(blocks, grid, prior)
            rows.append(told.assign(profile=profile))
            plants.append({"stage_id": stage, "profile": profile, **plant, **_name_delay(delay)})
    return Solved(case.track, pd.concat(rows, ignore_index=True), pd.DataFrame(plants), dated, outcomes)


def _grid(bound: Bound, blocks: pd.DataFrame, *, names: Sequence[str], profile: str) -> Grid:
    """Return the chances of refusal of a stage, each of shape (states, blocks); blocks that nothing binds are 0."""
    keys = list(zip(blocks["stage_id"], blocks["block_id"], strict=True))
    found = np.array([[bound.get((name, profile, *key), NOT_BOUND) for key in keys] for name in names])
    return {name: found[:, :, number] for number, name in enumerate(LEVELS)}


def _measure(
    blocks: pd.DataFrame, grid: Grid, prior: Sequence[float]
) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the exposure rows and the dependency figures of one stage and profile."""
    low, high = (measure_dependency(grid[name], blocks[LEVELS[name]], blocks["sigma"]) for name in ("b_low", "b_high"))
    weight = np.asarray(prior)
    likely = weight > 0.0
    b, weight = grid["b"][likely], weight[likely]
    mode = measure_dependency(b, blocks["s"], blocks["sigma"], probability=weight)
    rows = blocks.assign(b_low=grid["b_low"].min(axis=0), b=weight @ b, b_high=grid["b_high"].max(axis=0), e=mode.exposure)
    weakest = blocks["name"].iloc[int(np.argmax(np.nan_to_num(mode.exposure)))] if np.any(mode.exposure != 0) else ""
    return rows, {
        "d_avg": mode.d_avg,
        "d_max": mode.d_max,
        "d_rel": mode.d_rel,
        "d_rel_low": float(low.d_rel_by_state.min()),
        "d_rel_high": float(high.d_rel_by_state.max()),
        "weakest": weakest,
    }


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
