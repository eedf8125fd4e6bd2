"""Rank acceptability: how often each alternative comes first, second ... when weights and facts move within what is stated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geokit.scoring.draws import FactDraws
from geokit.scoring.join import Rows
from geokit.scoring.methods import DECIMALS
from geokit.scoring.scaling import Array
from geokit.scoring.simplex import GivenDraws, StatedOrder

BLOCK_CELLS = 1 << 16
"""Scores in a block: half a megabyte each array, so that a block stays in the cache."""


@dataclass(frozen=True, eq=False)
class Acceptability:
    """What the draws say about each alternative.

    Attributes
    ----------
    rank_frac : numpy.ndarray
        Share of draws in which an alternative holds each of the first ranks, shape (alternative, rank).
    first_frac_low, first_frac_high : numpy.ndarray
        Share in which it would be first if its own missing cells were at their worst and those of the others at their best,
        and the reverse, shape (alternative,).
    mean_rank : numpy.ndarray
        Shape (alternative,).
    central_weights : numpy.ndarray
        Mean of the weights with which it is first: who would choose it; NaN if nobody, shape (alternative, criterion).
    win_frac : numpy.ndarray
        Share in which the row stands above the column, for the leaders, shape (leader, leader).
    samples : int
        Number of draws.
    """

    rank_frac: Array
    first_frac_low: Array
    first_frac_high: Array
    mean_rank: Array
    central_weights: Array
    win_frac: Array
    samples: int


def accept_ranks(
    order: StatedOrder | GivenDraws, facts: FactDraws, *, samples: int, places: int = 10, leaders: Rows | None = None,
    block: int | None = None,
) -> Acceptability:  # fmt: skip
    r"""Count ranks over weights and facts that are drawn together.

    Each draw takes weights evenly from those that respect the stated ranks and every uncertain fact from its range, and ranks by
    the weighted sum of what is known. Only one block of draws is held at a time.

    .. math:: b_a^r = P(\mathrm{rank}_a = r), \quad w^c_a = E(w \mid \mathrm{rank}_a = 1)

    Parameters
    ----------
    order : StatedOrder or GivenDraws
        What is said about the weights.
    facts : FactDraws
        The alternatives that carry a rank, as :func:`geokit.scoring.draws.prepare_draws` returns them.
    samples : int
        Number of draws, at least 1.
    places : int
        How many ranks are told apart, from the first.
    leaders : numpy.ndarray, optional
        Alternatives that are compared in pairs, by their places; none when not given.
    block : int, optional
        Draws in a block; chosen by size when not given. It changes no figure.

    Returns
    -------
    Acceptability
        Shares of draws.

    References
    ----------
    Lahdelma and Salminen (2001), SMAA-2: stochastic multicriteria acceptability analysis for group decision making. Operations
    Research 49, 444-454.
    """
    size, criteria = facts.proven.shape
    leaders = np.empty(0, dtype=np.int64) if leaders is None else leaders
    tally = _Tally.start(size, criteria, places=min(places, size), leaders=leaders)
    rng = np.random.default_rng(np.random.SeedSequence(facts.seed))
    if size:
        counts = list(split_draws(samples, block or max(1, BLOCK_CELLS // size)))
        for count, values in zip(counts, facts.blocks(iter(counts)), strict=True):
            weights = order.draw(count, rng=rng)
            tally.add(weights, score_block(weights, facts, values))
    return tally.finish(samples)


def split_draws(samples: int, block: int) -> Iterator[int]:
    """Yield the sizes of blocks that make up a number of draws."""
    for start in range(0, samples, block):
        yield min(block, samples - start)


def score_block(weights: Array, facts: FactDraws, values: list[Array]) -> tuple[Array, Array, Array]:
    """Return the scores of one block, and their bounds.

    Products are added criterion by criterion and not as a matrix product, whose rounding would depend on the block.

    Parameters
    ----------
    weights : numpy.ndarray
        Shape (draw, criterion).
    facts : FactDraws
        What does not move.
    values : list of numpy.ndarray
        What was drawn, as :meth:`FactDraws.blocks` yields it.

    Returns
    -------
    tuple of numpy.ndarray
        Scores of what is known, with what is missing at its worst, and at its best, each of shape (draw, alternative).
    """
    score = np.zeros((len(weights), len(facts.proven)))
    for moving, drawn in zip(facts.moving, values, strict=True):
        score[:, moving.touched] += weights[:, [moving.place]] * drawn[:, moving.shared]
    score = _add_fixed(score, weights, facts.proven)
    return score, _add_fixed(score, weights, facts.least - facts.proven), _add_fixed(score, weights, facts.largest - facts.proven)


def _add_fixed(score: Array, weights: Array, v: Array) -> Array:
    """Return scores with values that do not move added; the same scores if all are 0."""
    places = np.flatnonzero(v.any(axis=0))
    total = score.copy() if len(places) else score
    for place in places:
        total += weights[:, [place]] * v[:, place]
    return total


@dataclass(eq=False)
class _Tally:
    """Counts over the blocks seen so far."""

    ranks: Rows
    firsts: Array
    rank_sum: Array
    weights: Array
    wins: Rows
    leaders: Rows

    @classmethod
    def start(cls, size: int, criteria: int, *, places: int, leaders: Rows) -> _Tally:
        """Return a tally of nothing."""
        shapes = (np.zeros((2, size)), np.zeros(size), np.zeros((size, criteria)), np.zeros((len(leaders),) * 2, dtype=np.int64))
        return cls(np.zeros((size, places), dtype=np.int64), *shapes, leaders)

    def add(self, weights: Array, scores: tuple[Array, Array, Array]) -> None:
        """Count one block."""
        score, least, largest = scores
        keys = _number_scores(score)
        order = np.sort(keys, axis=1) & _mask(score.shape[1])
        size, places = self.ranks.shape
        held = order[:, :places] * places + np.arange(places)
        self.ranks += np.bincount(held.ravel(), minlength=size * places).reshape(size, places)
        positions = np.broadcast_to(np.arange(1.0, size + 1.0), order.shape)
        self.rank_sum += np.bincount(order.ravel(), weights=positions.ravel(), minlength=size)
        np.add.at(self.weights, order[:, 0], weights)
        self.firsts += np.stack([_count_first(least, largest, strict=True), _count_first(largest, least, strict=False)])
        ahead = keys[:, self.leaders]
        self.wins += (ahead[:, :, None] < ahead[:, None, :]).sum(axis=0)

    def finish(self, samples: int) -> Acceptability:
        """Return the counts as shares."""
        firsts = self.ranks[:, :1].astype(float) if self.ranks.size else np.zeros((len(self.ranks), 1))
        central = np.divide(self.weights, firsts, out=np.full_like(self.weights, np.nan), where=firsts > 0)
        return Acceptability(
            self.ranks / samples, self.firsts[0] / samples, self.firsts[1] / samples, self.rank_sum / samples, central,
            self.wins / samples, samples,
        )  # fmt: skip


def _mask(size: int) -> int:
    """Return the bits that hold the place of an alternative."""
    return (1 << max(size - 1, 1).bit_length()) - 1


def _number_scores(score: Array) -> Rows:
    """Return whole numbers that sort from the best score to the worst, equal scores by their place."""
    size = score.shape[1]
    rounded = np.rint((2.0 - score) * 10.0**DECIMALS).astype(np.int64)
    return rounded * (_mask(size) + 1) + np.arange(size)


def _count_first(own: Array, others: Array, *, strict: bool) -> Array:
    """Return in how many draws each alternative is first, its own score of one kind and those of the others of another."""
    own, others = np.round(own, DECIMALS), np.round(others, DECIMALS)
    best, rows = others.argmax(axis=1), np.arange(len(others))
    rival = np.repeat(others[rows, best][:, None], others.shape[1], axis=1)
    others[rows, best] = -np.inf
    rival[rows, best] = others.max(axis=1)
    return np.asarray((own > rival if strict else own >= rival).sum(axis=0), dtype=float)
