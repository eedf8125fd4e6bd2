"""Months that export controls cost a plant: licences, refusals and substitutes, all blocks ordered at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray

from geokit.core.triangle import draw_triangular

Array = NDArray[np.float64]

DAYS_PER_MONTH = 365.25 / 12.0
"""Mean length of a month of the Gregorian calendar, days."""



@dataclass(frozen=True)
class BlockOrder:
    """What ordering one block may cost in time, given a political state.

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
    """

    refused: float
    exposed: float
    licence_months: tuple[tuple[float, float, float], ...]
    substitute_months: tuple[float, float, float]


@dataclass(frozen=True)
class DelayMonths:
    """Delay of a plant, months.

    Attributes
    ----------
    p10, p50, p80 : float
        Percentiles over the political states.
    p80_low, p80_high : float
        The eightieth percentile under the kindest and the harshest political state.
    """

    p10: float = 0.0
    p50: float = 0.0
    p80: float = 0.0
    p80_low: float = 0.0
    p80_high: float = 0.0


def simulate_delay(
    orders: Sequence[Sequence[BlockOrder]], probability: Sequence[float], *, seed: SeedSequence, samples: int
) -> DelayMonths:
    """Return the delay of a plant over its political states.

    In each draw a block whose supply is not Chinese costs nothing; else the slowest of its licences if all are granted, or the
    delay of a substitute if one is refused. Substitutability rates technique only (model rule M8), so it shortens no delay
    unless it is complete. Blocks are ordered at once, so the plant waits for the slowest. One political state holds for all
    blocks of a draw; the draws are stratified, and the same ones serve every state.

    Parameters
    ----------
    orders : sequence of sequence of BlockOrder
        The blocks of the plant, for each political state.
    probability : sequence of float
        Prior of each political state.
    seed : numpy.random.SeedSequence
        Seed of this plant, profile and track.
    samples : int
        Number of draws.

    Returns
    -------
    DelayMonths
        All zero when no clause binds; NaN where a bound block has no figure.

    References
    ----------
    Flowsheet dossier, section 4.5 (parallel procurement: the maximum, never the sum); model rule M8.
    """
    if not any(order.licence_months for state in orders for order in state):
        return DelayMonths()
    uniforms = _stratify((4 * len(orders[0]) + 1, samples), np.random.default_rng(seed))
    months = np.array([_slowest(state, uniforms[1:].reshape(-1, 4, samples)) for state in orders])
    state = np.searchsorted(np.cumsum(probability)[:-1], uniforms[0], side="right")
    mixed: Array = months[state, np.arange(samples)]
    p10, p50, p80 = np.quantile(mixed, [0.1, 0.5, 0.8])
    by_state = [p80, *np.quantile(months, 0.8, axis=1)]
    return DelayMonths(*(float(figure) for figure in (p10, p50, p80, np.min(by_state), np.max(by_state))))


def _stratify(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Return rows of draws of the unit interval, one in each equal part of it, in random order."""
    parts = rng.permuted(np.broadcast_to(np.arange(shape[1]), shape), axis=1)
    drawn: Array = (parts + rng.random(shape)) / shape[1]
    return drawn


def _slowest(state: Sequence[BlockOrder], uniforms: Array) -> Array:
    """Return the delay of the slowest block in each draw."""
    drawn = [_wait(order, draws) for order, draws in zip(state, uniforms, strict=True)]
    slowest: Array = np.max(drawn, axis=0)
    return slowest


def _wait(order: BlockOrder, draws: Array) -> Array:
    """Return the delay of one block in each draw; one authority handles all its licences, so they share a draw."""
    if not order.licence_months:
        return np.zeros(draws.shape[1])
    if np.isnan([order.refused, order.exposed]).any():
        return np.full(draws.shape[1], np.nan)
    licence = np.max([draw_triangular(*spread, uniform=draws[2]) for spread in order.licence_months], axis=0)
    substitute = draw_triangular(*order.substitute_months, uniform=draws[3])
    return np.where(draws[0] < order.exposed, np.where(draws[1] < order.refused, substitute, licence), 0.0)
