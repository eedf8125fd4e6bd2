"""How far the score can move when each known figure moves within its own range."""

from __future__ import annotations

import zlib

import numpy as np

from geokit.core.triangle import draw_triangular
from geokit.scoring.criteria import Criterion
from geokit.scoring.join import Joined, Rows
from geokit.scoring.methods import DECIMALS
from geokit.scoring.scaling import Array

PERCENTILES = (0.1, 0.9)


def spread_scores(joined: Joined, index: int, weights: Array, *, samples: int, seed: int) -> tuple[Array, Array]:
    """Return the 10th and 90th percentile of the scores of one case.

    Each known cell is triangular on its low, mode and high in its own unit and goes through its value function. A missing cell is
    never sampled and earns nothing, and a range that starts or ends at its mode is ignorance (what is documented, and what else there
    may be): it moves the bounds and not the band (model rule M19). Alternatives that share a cell share its draw, so what they have in
    common does not separate them. Each criterion has its own stream, derived from the seed and its id and used again in every case: the
    answer does not depend on which other cases, criteria or workers there are, and cases differ by their facts, not by the draw.

    Parameters
    ----------
    joined : Joined
        The cells.
    index : int
        Place of the case on the first axis.
    weights : numpy.ndarray
        Weights, shape (criterion,).
    samples : int
        Number of draws.
    seed : int
        Seed of the study.

    Returns
    -------
    tuple of numpy.ndarray
        P10 and P90, each of shape (alternative,).
    """
    mode, moves = joined.values(index), joined.moves(index) & (weights > 0)
    fixed = np.nan_to_num(np.where(moves, 0.0, mode), nan=0.0) @ weights
    total = np.repeat(fixed[:, None], samples, axis=1)
    for place in np.flatnonzero(moves.any(axis=0)):
        criterion, touched = joined.criteria[place], moves[:, place]
        cells, shared = np.unique(joined.rows[index][touched, place], return_inverse=True)
        total[touched] += weights[place] * _draw_values(joined, criterion, cells, samples=samples, seed=seed)[shared]
    p10, p90 = np.quantile(total, PERCENTILES, axis=1) if len(total) else np.empty((2, 0))
    return np.round(p10, DECIMALS), np.round(p90, DECIMALS)


def _draw_values(joined: Joined, criterion: Criterion, cells: Rows, *, samples: int, seed: int) -> Array:
    """Return values of some cells of one criterion, shape (cell, draw)."""
    stream = np.random.default_rng(np.random.SeedSequence([seed, zlib.crc32(criterion.criterion_id.encode())]))
    figures = joined.table[["value_low", "value", "value_high"]].to_numpy()[cells]
    low, mode, high = (figures[:, [column]] for column in range(3))
    uniform = stream.random((len(cells), samples))
    return criterion.value(draw_triangular(low, mode, high, uniform=uniform))
