"""Exposure, dependency, delay and dearer capital cost of every stage and profile on one legal track, each computed once."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import SeedSequence
from numpy.typing import NDArray

from geokit.core.assumptions import Assumptions, Controls
from geokit.core.case import Case
from geokit.core.codes import State, Track
from geokit.dependency.binding import PLACE, bind_blocks, date_ties, open_clauses, price_ties, settle_ties, sum_ties, suppose_conditions
from geokit.dependency.bounds import bound_average, measure_common_shock, measure_power_mean
from geokit.dependency.clauses import date_events
from geokit.dependency.delay import DAYS_PER_MONTH, BlockOrder, CapexFactor, DelayMonths, Spread, draw_plants, sum_plants
from geokit.dependency.flowsheet import list_blocks
from geokit.dependency.importance import rate_blocks
from geokit.dependency.index import Array, Indices, measure_dependency
from geokit.dependency.licences import KEYS, PREMIUMS, PROFILES, TIMES, read_premiums, read_terms
from geokit.dependency.market import look_through
from geokit.dependency.outage import simulate_outage
from geokit.dependency.procure import price_blocks
from geokit.dependency.regime import Outcome, bound_mean, list_outcomes
from geokit.dependency.substitutes import limit_substitutes
from geokit.dependency.two_sided import measure_two_sided
from geokit.dependency.windows import list_marks, list_stretches

Grid = Mapping[str, Array]
Columns = Mapping[str, NDArray[Any]]
"""The columns of the blocks of one stage."""
Part = tuple[NDArray[np.intp], str, Mapping[str, Array]]
"""Places, profile and figures of the blocks of one stage and profile."""
Spreads = Mapping[tuple[str, ...], tuple[Spread, ...]]
OwnLicence = tuple[float, float, tuple[Spread, ...]]
"""Part of the supply that a named vendor's own country must license, chance that it refuses, months of each licence."""
OWN = ["own_needed", "own_refused", "own_months"]

NO_SUBSTITUTE: Spread = (float("nan"),) * 3
LEVELS = {
    "b_low": ("s_low", "sigma_high", "barred_low", "process_sigma_high"),
    "b": ("s", "sigma", "barred", "process_sigma"),
    "b_high": ("s_high", "sigma_low", "barred_high", "process_sigma_low"),
    "b_common": ("s", "sigma", "barred", "process_sigma"),
    "b_open": ("s_high", "sigma_least", "barred_most", "process_sigma_least"),
}
"""Which Chinese share, substitutability, refusal elsewhere and other process go with which chance of refusal: ``b_common``
is the likeliest single one, ``b_open`` the harshest if every open condition holds and all may carry goods of a supplier country."""
PRICED = (State.IN_FORCE, State.TIGHTENED, State.UNRESOLVED, State.SUSPENDED, State.REVOKED)
"""States in which a clause has a price; one that is not issued or only announced has none."""


@dataclass(frozen=True)
class Solved:
    """What one legal track says.

    Attributes
    ----------
    track : Track
        The track.
    blocks : pandas.DataFrame
        One row a stage, profile and block: ``b_low``, ``b``, ``b_high``, ``b_common``, ``s``, ``sigma``, ``e``, ``birnbaum``,
        ``d_rel_if_fixed``, ``fix_rank`` and the block's own columns, among them ``sigma_technique`` (without the licence of the
        substitute's own country, which alone decides who is asked first) and those of
        :func:`geokit.dependency.procure.price_blocks`.
    plants : pandas.DataFrame
        One row a stage and profile: ``d_avg``, ``d_avg_low``, ``d_avg_high``, ``d_power``, ``d_max``, ``d_rel``, ``d_rel_low``,
        ``d_rel_high`` (every open condition holds, and whatever may carry goods of a supplier country does), ``d_rel_high_closed``
        (neither), ``d_rel_high_granted`` (nor do suppliers refuse more than the mode), ``d_rel_high_alone`` (every open condition holds
        and nobody but China delivers), the columns of
        :func:`geokit.dependency.two_sided.measure_two_sided`, ``d_rel_common``, ``d_rel_look_through``,
        ``is_probability`` (true, false; blank = nothing can bind), ``weakest`` (name of the block), ``delay_months_p10``,
        ``_p50``, ``_p80``, ``_p90``, ``_p80_low``, ``_p80_high``, ``_mean``, ``_bound`` (the longest time on file of a licence that may
        be asked for, net of float, where it is longer), ``capex_factor_p10``, ``_p50``, ``_p90``, ``_low``,
        ``_high``, ``capex_note`` (why it has no figure), ``own_note`` (which named vendors need a licence of their own country).
    outages : pandas.DataFrame
        One row a stage, profile and reagent block that some clause touches: ``outage_months_p50``, ``outage_months_p80``.
    ties : pandas.DataFrame
        Clauses of all issuers with the first day of their harshest state on the days that bind, and how often they bind.
    outcomes : tuple of Outcome
        The political states that were mixed; those of probability zero only widen the bounds.
    chances : mapping of (str, str) to numpy.ndarray
        By stage and profile the chance that each block fails, shape (states, blocks), in the states that have a probability.
    refusals : mapping of (str, str) to numpy.ndarray
        The same of the chance that its Chinese supply is refused.
    waits : mapping of (str, str) to numpy.ndarray
        Draws of the delay in months and of the capital cost over that without controls, shape (2, states, draws).
    """

    track: Track
    blocks: pd.DataFrame
    plants: pd.DataFrame
    outages: pd.DataFrame
    ties: pd.DataFrame
    outcomes: tuple[Outcome, ...]
    chances: Mapping[tuple[str, str], Array]
    refusals: Mapping[tuple[str, str], Array]
    waits: Mapping[tuple[str, str], Array]


def solve_track(layers: Mapping[str, pd.DataFrame], ties: pd.DataFrame, case: Case, *, assumptions: Assumptions) -> Solved:
    """Return exposure, dependency, delay and dearer capital cost of every stage and profile on the track and dates of a case.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``operations``, ``classes``, ``stages``, ``baselines``, ``suppliers``, ``issuers``, ``status_events``, ``regimes`` and
        ``licence_params``.
    ties : pandas.DataFrame
        As :func:`geokit.dependency.flowsheet.touch_blocks` returns.
    case : Case
        Its partner does not matter here.
    assumptions : Assumptions
        Export windows, regime, years of plant life, float, share of equipment, draws and seed.

    Returns
    -------
    Solved
        For all four profiles. All profiles, states and tracks of a stage share their random draws.
    """
    controls, events, regimes = assumptions.controls, date_events(layers), layers["regimes"]
    stretches = list_stretches(case.on, controls, years=assumptions.finance.life_years, marks=list_marks(events, regimes))
    dated = date_ties(ties, events, known_on=case.known_on, track=case.track, stretches=stretches)
    last_day = max(dated.loc[dated["counts"], "day"], default="")
    outcomes = list_outcomes(regimes, open_clauses(dated), controls=controls, last_day=last_day)
    settled = settle_ties(dated, outcomes)
    terms = read_terms(layers["licence_params"])
    priced = price_ties(settled, terms)
    blocks = _list_supply(layers, dated, controls)
    supposed = price_ties(settle_ties(suppose_conditions(dated), outcomes), terms)
    worst = bind_blocks(supposed)["b_high"]
    bound = bind_blocks(priced).assign(b_common=_find_likeliest(priced)).reindex(worst.index, fill_value=0.0)
    grid = _grid(bound.assign(b_open=worst), blocks, outcomes)
    licences = _spreads(priced[priced["stretch"] == 0], TIMES, unit=DAYS_PER_MONTH)
    prices = _spreads(_price(settled[settled["stretch"] == 0], layers["licence_params"]), PREMIUMS)
    longest = supposed.groupby(["stage_id", "profile"])["days_high"].max().to_dict()
    columns = {str(name): blocks[name].to_numpy() for name in blocks}
    likely = np.array([one.probability > 0.0 for one in outcomes])
    plants, outages, parts, chances, refusals = [], list[tuple[object, ...]](), list[Part](), {}, {}
    waits: dict[tuple[str, str], Array] = {}
    for stage in sorted(set(columns["stage_id"])):
        places = np.flatnonzero(columns["stage_id"] == stage)
        own = {name: column[places] for name, column in columns.items()}
        chance = {name: figures[:, :, places] for name, figures in grid.items()}
        orders = _order(own, chance["b"], outcomes, licences=licences, prices=prices)
        seed = SeedSequence(assumptions.seed, spawn_key=(zlib.crc32(stage.encode()),))
        outages += _list_outages(own, orders, outcomes, samples=controls.samples, seed=seed)
        for number, (profile, wait) in enumerate(zip(PROFILES, _simulate(orders, outcomes, assumptions, seed=seed), strict=True)):
            own_chance = {name: figures[number] for name, figures in chance.items()}
            told, plant, q = _measure(own, own_chance, outcomes, exponent=controls.power_exponent)
            parts.append((places, profile, told))
            chances[stage, profile], refusals[stage, profile] = q, own_chance["b"][likely]
            waits[stage, profile] = wait[1]
            slow = (longest.get((stage, profile), np.nan) / DAYS_PER_MONTH, own["own_longest"])
            told_wait = _name_wait(own, wait[0]) | {"delay_months_bound": _bound_delay(wait[0][0], *slow, spare=controls.float_months)}
            plants.append({"stage_id": stage, "profile": profile, **plant, **told_wait})
    table, ties = pd.DataFrame(outages, columns=OUTAGES), sum_ties(dated, settled, outcomes)
    return Solved(case.track, _join_rows(blocks, parts), pd.DataFrame(plants), table, ties, outcomes, chances, refusals, waits)


OUTAGES = ["stage_id", "profile", "block_id", "outage_months_p50", "outage_months_p80"]


def _list_supply(layers: Mapping[str, pd.DataFrame], dated: pd.DataFrame, controls: Controls) -> pd.DataFrame:
    """Return the blocks with what other vendors hide, what their own countries let them do and what they cost."""
    blocks = list_blocks(layers).merge(price_blocks(layers), on=["stage_id", "block_id"], how="left")
    hidden = controls.second_tier_share
    parts = {} if hidden is None else {"s_low": hidden.low, "s": hidden.mode, "s_high": hidden.high}
    shares = {name: look_through(blocks[name], part) for name, part in parts.items()}
    return limit_substitutes(blocks.assign(**shares, sigma_technique=blocks["sigma"]), dated, layers, controls=controls)


def _grid(found: pd.DataFrame, blocks: pd.DataFrame, outcomes: Sequence[Outcome]) -> Grid:
    """Return the chances of refusal, each of shape (profiles, states, blocks); blocks that nothing binds are 0."""
    places = list(zip(blocks["stage_id"], blocks["block_id"], strict=True))
    keys = [(one.regime_id, profile, *place) for profile in PROFILES for one in outcomes for place in places]
    shape = (len(PROFILES), len(outcomes), len(places))
    rows = found[list(LEVELS)].reindex(pd.MultiIndex.from_tuples(keys, names=PLACE), fill_value=0.0)
    return {name: rows[name].to_numpy(dtype=float).reshape(shape) for name in LEVELS}


def _price(settled: pd.DataFrame, params: pd.DataFrame) -> pd.DataFrame:
    """Return the price of a Chinese supply under each settled tie, for every profile; NaN where no source gives one."""
    rows = settled[settled["state"].isin(PRICED)].drop_duplicates(["regime_id", "stage_id", "block_id", "kind", "state"])
    return rows.merge(pd.DataFrame({"profile": PROFILES}), how="cross").merge(read_premiums(params), on=KEYS, how="left")


def _spreads(rows: pd.DataFrame, columns: Sequence[str], *, unit: float = 1.0) -> Spreads:
    """Return the different lows, modes and highs of some rows, by political state, profile, stage and block."""
    found: dict[tuple[str, ...], dict[Spread, None]] = {}
    for *key, low, mode, high in rows[[*PLACE, *columns]].itertuples(index=False, name=None):
        found.setdefault(tuple(key), {})[low / unit, mode / unit, high / unit] = None
    return {key: tuple(spreads) for key, spreads in found.items()}


def _order(
    own: Columns, refused: Array, outcomes: Sequence[Outcome], *, licences: Spreads, prices: Spreads
) -> list[list[list[BlockOrder]]]:
    """Return what ordering each block of a stage may cost, by profile and political state."""
    rows = list(_read_supply(own))
    return [
        [
            [
                BlockOrder(float(b), asked, licences.get((*key, *place), ()), months, prices.get((*key, *place), ()), price, *own_licence)
                for b, (place, asked, months, price, own_licence) in zip(chances, rows, strict=True)
            ]
            for chances, key in zip(by_state, ((one.regime_id, profile) for one in outcomes), strict=True)
        ]
        for by_state, profile in zip(refused, PROFILES, strict=True)
    ]


def _read_supply(own: Columns) -> Iterator[tuple[tuple[str, str], float, Spread, Spread, OwnLicence]]:
    """Yield place, chance that the supply is Chinese, months and price of a substitute and the named vendors' own licence of each block."""
    months, prices = ["substitute_low", "substitute", "substitute_high"], PREMIUMS
    columns = ["stage_id", "block_id", "s", "sigma_technique", *months, *prices]
    rows, licences = (zip(*(own[name].tolist() for name in names), strict=True) for names in (columns, OWN))
    for (stage, block, s, sigma, *figures), licence in zip(rows, licences, strict=True):
        known, price = (tuple(figures[:3]), tuple(figures[3:])) if sigma > 0.0 else (NO_SUBSTITUTE, NO_SUBSTITUTE)
        yield (stage, block), float(s) if sigma < 1.0 else 0.0, known, price, licence


def _simulate(
    orders: Sequence[Sequence[Sequence[BlockOrder]]], outcomes: Sequence[Outcome], assumptions: Assumptions, *, seed: SeedSequence
) -> list[tuple[tuple[DelayMonths, CapexFactor], Array]]:
    """Return delay and capital cost of one stage by profile, and their draws, shape (2, states, draws)."""
    share, controls = assumptions.procurement.equipment_share_frac, assumptions.controls
    prior = [one.probability for one in outcomes]
    figures = draw_plants(
        orders,
        prior,
        seed=seed,
        samples=controls.samples,
        float_months=controls.float_months,
        equipment_share=(share.low, share.mode, share.high),
    )
    return list(zip(sum_plants(figures, prior, seed=seed), figures[:, :2], strict=True))


def _list_outages(
    own: Columns,
    orders: Sequence[Sequence[Sequence[BlockOrder]]],
    outcomes: Sequence[Outcome],
    *,
    samples: int,
    seed: SeedSequence,
) -> Iterator[tuple[str, str, str, float, float]]:
    """Yield the outages of the reagents of one stage that some clause touches."""
    prior, reagents = [one.probability for one in outcomes], np.flatnonzero(own["control_kind"] == "reagent").tolist()
    for place in (one for one in reagents if any(state[one].licence_months for plant in orders for state in plant)):
        found = simulate_outage(orders, prior, place, seed=seed, samples=samples)
        for profile, (median, late) in zip(PROFILES, found, strict=True):
            yield own["stage_id"][place], profile, own["block_id"][place], median, late


def _measure(
    own: Columns, grid: Grid, outcomes: Sequence[Outcome], *, exponent: float
) -> tuple[dict[str, Array], dict[str, object], Array]:
    """Return the figures of the blocks, of the plant, and the chance that each block fails, of one stage and profile."""
    low, high = (_depend(own, grid[name], LEVELS[name]) for name in ("b_low", "b_high"))
    granted = _depend(own, grid["b_high"], ("s_high", "sigma", "barred_granted", "process_sigma"))
    wide = _depend(own, grid["b_open"], LEVELS["b_open"])
    least, most_open = bound_mean(outcomes, low.d_rel_by_state, wide.d_rel_by_state)
    alone = measure_dependency(grid["b_open"], np.ones_like(own["sigma"]), np.zeros_like(own["sigma"]))
    most, most_granted, most_alone = (bound_mean(outcomes, low.d_rel_by_state, one.d_rel_by_state)[1] for one in (high, granted, alone))
    weight = np.array([one.probability for one in outcomes])
    likely = weight > 0.0
    weight = weight[likely]
    mode, common = (_depend(own, grid[name][likely], LEVELS[name], weight=weight) for name in ("b", "b_common"))
    every = np.ones_like(own["sigma"])
    hidden = measure_dependency(grid["b"][likely], every, own["sigma"], process=own["process_sigma"], probability=weight)
    average = bound_average(mode.exposure)
    b = {"b_low": grid["b_low"].min(axis=0), "b_high": grid["b_high"].max(axis=0)}
    b |= {name: weight @ grid[name][likely] for name in ("b", "b_common")}
    told = {**b, "e": mode.exposure, **vars(rate_blocks(mode.q, weight))}
    plant = {
        "d_avg": mode.d_avg,
        "d_avg_low": average[0],
        "d_avg_high": average[1],
        "d_power": measure_power_mean(mode.exposure, exponent),
        "d_max": mode.d_max,
        "d_rel": mode.d_rel,
        "d_rel_low": min(least, mode.d_rel),
        "d_rel_high": max(most_open, most, mode.d_rel),
        "d_rel_high_closed": max(most, mode.d_rel),
        "d_rel_high_granted": max(most_granted, mode.d_rel),
        "d_rel_high_alone": max(most_alone, mode.d_rel),
        **measure_two_sided(own, {**grid, "b_high": grid["b_open"]}, outcomes),
        "d_rel_common": measure_common_shock(common.q, weight),
        "d_rel_look_through": hidden.d_rel,
        "is_probability": _judge_probability(own, b["b_high"]),
        "weakest": own["name"][np.argmax(np.nan_to_num(mode.exposure))] if np.any(mode.exposure != 0) else "",
    }
    return told, plant, mode.q


def _depend(own: Columns, b: Array, level: tuple[str, str, str, str], *, weight: Array | None = None) -> Indices:
    """Return the figures of one plant at one level of its unknowns."""
    s, sigma, barred, process = (own[name] for name in level)
    return measure_dependency(b, s, sigma, barred=barred, process=process, probability=weight)


def _find_likeliest(priced: pd.DataFrame) -> pd.Series:
    """Return the likeliest single refusal of each block: licences of one authority may fall together."""
    return priced.groupby(PLACE)["refused"].agg(lambda refused: refused.max(skipna=False))


def _judge_probability(own: Columns, b_high: Array) -> str:
    """Return whether every block that may be bound has its vendors named and their own licences told; blank where nothing can bind."""
    asked = own["is_told"][(b_high > 0.0) & ((own["sigma"] < 1.0) | (own["barred_high"] > 0.0))]
    return str(bool(asked.all())).lower() if asked.size else ""


def _join_rows(blocks: pd.DataFrame, parts: Sequence[Part]) -> pd.DataFrame:
    """Return the figures of all blocks, stages and profiles beside the blocks' own columns."""
    rows = blocks.iloc[np.concatenate([places for places, _, _ in parts])].reset_index(drop=True)
    figures = {name: np.concatenate([told[name] for _, _, told in parts]) for name in parts[0][2]}
    return rows.assign(**figures, profile=np.repeat([profile for _, profile, _ in parts], [len(places) for places, _, _ in parts]))


def _name_wait(own: Columns, wait: tuple[DelayMonths, CapexFactor]) -> dict[str, object]:
    """Return delay and capital cost under the names of the columns, and which blocks leave the latter without a figure."""
    delay, capex = wait
    figures = {f"delay_months_{name}": value for name, value in vars(delay).items()}
    figures |= {f"capex_factor_{name}": value for name, value in vars(capex).items()}
    figures["own_note"] = _say_own(own)
    if not np.isnan(capex.p50):
        return {**figures, "capex_note": ""}
    price = np.where(own["sigma_technique"] > 0.0, own["premium"], np.nan)
    unknown = (own["sigma_technique"] < 1.0) & (own["control_kind"] != "none") & np.isnan(own["s"] + price)
    return {**figures, "capex_note": f"Capital cost not found: no Chinese share or premium for {', '.join(own['name'][unknown])}."}


def _bound_delay(delay: DelayMonths, open_months: float, own_months: Array, *, spare: float) -> float:
    """Return the longest delay on file: every open condition holds, every supplier country asks, and each licence takes its longest."""
    return float(np.fmax.reduce([delay.p80_high, open_months - spare, *(own_months - spare)]))


def _say_own(own: Columns) -> str:
    """Return which named vendors need a licence of their own country, and whether its time is on file."""
    rows = zip(own["name"], own["own_needed"], own["own_months"], own["own_note"], strict=True)
    told = [
        f"{name}: {note}{', time not found' if any(np.isnan(spread).any() for spread in months) else ''}"
        for name, needed, months, note in rows
        if needed > 0.0
    ]
    return f"Licence of the vendor's own country: {'. '.join(told)}." if told else ""
