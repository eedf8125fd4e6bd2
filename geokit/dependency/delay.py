"""Months and money that export controls cost a plant: licences, refusals and substitutes, all blocks ordered at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray

from geokit.core.triangle import draw_triangular

Array = NDArray[np.float64]
Spread = tuple[float, float, float]

DAYS_PER_MONTH = 365.25 / 12.0
"""Mean length of a month of the Gregorian calendar, days."""
CHUNK = 4096
"""Draws handled at once: the memory grows with it, the figures do not move with it."""
CHINESE, REFUSED, LICENCE, SUBSTITUTE, PRICE = range(5)
"""Rows of the uniform figures of a block."""
NO_PRICE: Spread = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class BlockOrder:
    """What ordering one block may cost in time and price, given a political state.

    Attributes
    ----------
    refused : float
        Chance that at least one licence is refused, 0-1.
    exposed : float
        Chance that the supply is Chinese, 0-1; 0 where others are documented to do the same duty, for they are asked first.
    licence_months : tuple of (float, float, float)
        Low, mode and high of each licence that must be had; none when no clause binds.
    substitute_months : (float, float, float)
        Low, mode and high of the delay of a substitute after a refusal; NaN where there is none or no source gives one.
    licence_prices : tuple of (float, float, float)
        Low, mode and high of the price of a Chinese supply that is had, over its price without controls, by clause; none when no
        clause touches the block.
    substitute_price : (float, float, float)
        Low, mode and high of the price of another supply over the Chinese one; NaN where no source gives one.
    own_share : float
        Chance that the supply comes from a named vendor whose own country must license it, 0-1; with ``exposed`` above 1 where both
        are ordered.
    own_refused : float
        Chance that it refuses, 0-1.
    own_months : tuple of (float, float, float)
        Low, mode and high of each such licence; NaN where no source gives one, none where nothing is to be licensed.
    """

    refused: float
    exposed: float
    licence_months: tuple[Spread, ...]
    substitute_months: Spread
    licence_prices: tuple[Spread, ...] = ()
    substitute_price: Spread = NO_PRICE
    own_share: float = 0.0
    own_refused: float = 0.0
    own_months: tuple[Spread, ...] = ()


@dataclass(frozen=True)
class DelayMonths:
    """Delay of a plant, months.

    Attributes
    ----------
    p10, p50, p80, p90 : float
        Percentiles over the political states.
    p80_low, p80_high : float
        The eightieth percentile under the kindest and the harshest political state.
    mean : float
        Mean over the political states.
    """

    p10: float = 0.0
    p50: float = 0.0
    p80: float = 0.0
    p90: float = 0.0
    p80_low: float = 0.0
    p80_high: float = 0.0
    mean: float = 0.0


@dataclass(frozen=True)
class CapexFactor:
    """Capital cost of a plant over that of the same plant without controls, dimensionless.

    Attributes
    ----------
    p10, p50, p90 : float
        Percentiles over the political states, all blocks of equal cost.
    low, high : float
        What no shares of the blocks in the cost of equipment can leave: the tenth percentile with all of it on the cheapest block of
        each draw, the ninetieth with all of it on the dearest.
    """

    p10: float = 1.0
    p50: float = 1.0
    p90: float = 1.0
    low: float = 1.0
    high: float = 1.0


def draw_plants(
    plants: Sequence[Sequence[Sequence[BlockOrder]]],
    probability: Sequence[float],
    *,
    seed: SeedSequence,
    samples: int,
    float_months: float = 0.0,
    equipment_share: Spread = (0.0, 0.0, 0.0),
    chunk: int = CHUNK,
) -> Array:
    r"""Return draws of the delay and the dearer capital cost of plants of one flowsheet in each political state.

    .. math::

        \Delta = \max_g (\Delta_g - F)^+, \quad
        I'/I = 1 + \omega \sum_g w_g (x_g - 1)

    In each draw a block whose supply is not Chinese costs nothing, unless its named vendor needs a licence of its own country. A
    supply that needs licences costs the time of the slowest if all are granted, or the delay of a substitute if one is refused.
    Substitutability rates technique only (model rule M8), so it shortens no delay unless it is complete. Blocks are ordered at
    once, so the plant waits for the slowest. One political state holds for all blocks of a draw and for both figures; the draws
    are stratified, and the same ones serve every state and every plant. The regime is also the price (model rule M13): a Chinese
    supply that is had pays the premium of the state, another one its own premium and never less than that of the state.

    Parameters
    ----------
    plants : sequence of sequence of sequence of BlockOrder
        Blocks by political state by plant; all plants have the same blocks in the same order.
    probability : sequence of float
        Prior of each political state.
    seed : numpy.random.SeedSequence
        Seed of the flowsheet; each block has its own stream, so that what binds one moves no draw of another.
    samples : int
        Number of draws.
    float_months : float
        Float of the schedule F that every order may use up, months.
    equipment_share : (float, float, float)
        Low, mode and high of the share of equipment in the capital cost, 0-1.
    chunk : int
        Draws worked on at once; beside them only the figures of one flowsheet are held (plants x states x samples, four times).

    Returns
    -------
    numpy.ndarray
        Shape (plants, 4, states, draws): months, capital cost over that without controls at equal shares of the blocks, and its least and
        its largest; a single draw of no months and 1 when no clause touches a plant, NaN where a bound block has no figure.

    References
    ----------
    Flowsheet dossier, section 4.5 (parallel procurement: the maximum, never the sum); model rules M8 and M13.
    """
    touched = [place for place, orders in enumerate(zip(*(state for plant in plants for state in plant), strict=True)) if _cost(orders)]
    if not touched:
        idle = np.ones((len(plants), 4, len(probability), 1))
        idle[:, 0] = 0.0
        return idle
    shared = _stratify((2, samples), _stream(seed, 0))
    uniforms = {place: _stratify((PRICE + 1, samples), _stream(seed, place + 1)) for place in touched}
    figures = np.empty((len(plants), 4, len(probability), samples))
    for start in range(0, samples, chunk):
        part = slice(start, start + chunk)
        omega = draw_triangular(*equipment_share, uniform=shared[1, part])
        figures[..., part] = _draw(plants, {place: rows[:, part] for place, rows in uniforms.items()}, omega)
    figures[:, 0] = np.maximum(figures[:, 0] - float_months, 0.0)
    return figures


def simulate_plants(
    plants: Sequence[Sequence[Sequence[BlockOrder]]],
    probability: Sequence[float],
    *,
    seed: SeedSequence,
    samples: int,
    float_months: float = 0.0,
    equipment_share: Spread = (0.0, 0.0, 0.0),
    chunk: int = CHUNK,
) -> list[tuple[DelayMonths, CapexFactor]]:
    """Return delay and dearer capital cost of plants of one flowsheet over their political states: :func:`draw_plants`, summed up.

    Parameters
    ----------
    plants, probability, seed, samples, float_months, equipment_share, chunk : object
        As for :func:`draw_plants`.

    Returns
    -------
    list of (DelayMonths, CapexFactor)
        One a plant: no months and a factor of 1 when no clause touches it; NaN where a bound block has no figure.
    """
    figures = draw_plants(
        plants, probability, seed=seed, samples=samples, float_months=float_months, equipment_share=equipment_share, chunk=chunk
    )  # fmt: skip
    return sum_plants(figures, probability, seed=seed)


def sum_plants(figures: Array, probability: Sequence[float], *, seed: SeedSequence) -> list[tuple[DelayMonths, CapexFactor]]:
    """Return percentiles of the draws of :func:`draw_plants` over the political states, each draw in one of them.

    Parameters
    ----------
    figures : numpy.ndarray
        Shape (plants, 4, states, draws).
    probability : sequence of float
        Prior of each political state.
    seed : numpy.random.SeedSequence
        Seed of the flowsheet.

    Returns
    -------
    list of (DelayMonths, CapexFactor)
        One a plant.
    """
    shared = _stratify((2, figures.shape[-1]), _stream(seed, 0))
    state = np.searchsorted(np.cumsum(probability)[:-1], shared[0], side="right")
    return [_sum_up(plant, state) for plant in figures]


def _cost(orders: Iterable[BlockOrder]) -> bool:
    """Return whether some clause touches a block in some state of some plant."""
    return any(order.licence_months or order.licence_prices or order.own_months for order in orders)


def _stream(seed: SeedSequence, place: int) -> np.random.Generator:
    """Return the draws of one block of a flowsheet, or those that all its blocks share."""
    return np.random.default_rng(SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, place)))


def _stratify(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Return rows of draws of the unit interval, one in each equal part of it, in random order."""
    parts = rng.permuted(np.broadcast_to(np.arange(shape[1]), shape), axis=1)
    drawn: Array = (parts + rng.random(shape)) / shape[1]
    return drawn


def _draw(plants: Sequence[Sequence[Sequence[BlockOrder]]], uniforms: Mapping[int, Array], omega: Array) -> Array:
    """Return months and capital cost of some draws, shape (plants, 4, states, draws); like orders are drawn once."""
    places = {(place, state[place]) for plant in plants for state in plant for place in uniforms}
    known = {(place, order): np.array([_wait(order, uniforms[place]), _pay(order, uniforms[place])]) for place, order in places}
    drawn = [[_add_up([known[place, state[place]] for place in uniforms], omega, blocks=len(state)) for state in plant] for plant in plants]
    return np.array(drawn).swapaxes(1, 2)


def _wait(order: BlockOrder, draws: Array) -> Array:
    """Return the delay of one block in each draw; one authority handles all its licences, so they share a draw."""
    other = draw_triangular(*order.substitute_months, uniform=draws[SUBSTITUTE])
    wait = np.zeros(draws.shape[1])
    if order.licence_months:
        wait = _choose(order, draws, [_dearest(order.licence_months, draws[LICENCE]), other])
    if order.own_months:
        own = np.where(draws[REFUSED] < order.own_refused, other, _dearest(order.own_months, draws[LICENCE]))
        wait = np.maximum(wait, np.where(draws[CHINESE] >= 1.0 - order.own_share, own, 0.0))
    return wait


def _pay(order: BlockOrder, draws: Array) -> Array:
    """Return what one block costs in each draw over its price without controls, less 1."""
    if not order.licence_prices:
        return np.zeros(draws.shape[1])
    licence = _dearest(order.licence_prices, draws[PRICE])
    other = draw_triangular(*order.substitute_price, uniform=draws[PRICE])
    return _choose(order, draws, [licence - 1.0, np.maximum(licence, other) - 1.0])


def _choose(order: BlockOrder, draws: Array, figures: Sequence[Array]) -> Array:
    """Return the figure of the licence or, where it is refused, of the substitute; 0 where the supply is not Chinese."""
    licence, substitute = figures
    if np.isnan([order.refused, order.exposed]).any():
        return np.full(draws.shape[1], np.nan)
    drawn = np.where(draws[REFUSED] < order.refused, substitute, licence)
    return np.where(draws[CHINESE] < order.exposed, drawn, 0.0)


def _dearest(spreads: Iterable[Spread], uniform: Array) -> Array:
    """Return the largest of some triangular figures that share a draw."""
    drawn: Array = np.max([draw_triangular(*spread, uniform=uniform) for spread in dict.fromkeys(spreads)], axis=0)
    return drawn


def _add_up(blocks_drawn: Sequence[Array], omega: Array, *, blocks: int) -> Array:
    """Return months, factor at equal costs, least and largest factor of one plant in one state, shape (4, draws)."""
    months, premium = np.stack(blocks_drawn, axis=1)
    idle = np.zeros((int(blocks > len(blocks_drawn)), premium.shape[1]))
    spread = np.concatenate([premium, idle])
    extra = [premium.sum(axis=0) / blocks, spread.min(axis=0), spread.max(axis=0)]
    return np.array([months.max(axis=0), *(1.0 + omega * one for one in extra)])


def _sum_up(figures: Array, state: NDArray[np.intp]) -> tuple[DelayMonths, CapexFactor]:
    """Return the percentiles of one plant over the states that were drawn."""
    months, factor, least, most = figures[:, state, np.arange(state.size)]
    by_state = np.quantile(figures[0], 0.8, axis=1)
    p10, p50, p80, p90 = np.quantile(months, [0.1, 0.5, 0.8, 0.9])
    ends = [np.min([p80, *by_state]), np.max([p80, *by_state])]
    delay = DelayMonths(*(float(one) for one in (p10, p50, p80, p90, *ends, months.mean())))
    dearer = [*np.quantile(factor, [0.1, 0.5, 0.9]), np.quantile(least, 0.1), np.quantile(most, 0.9)]
    return delay, CapexFactor(*(float(one) for one in dearer))
