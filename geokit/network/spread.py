"""The compiled loop behind a cost surface: shortest paths on a raster with a queue of buckets."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geokit.core.jit import compile_lazily

ENTRIES = 4096
"""Places in the queue at the start; they double when they run out."""

Real = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]
Byte = npt.NDArray[np.uint8]
Moves = tuple[Real, Whole, Whole, Whole]
"""Lengths by row and step, m; and how far on the flat raster each step leads, and its two cells between."""


def _climb(run: Any, rise: Any, weights: Any) -> Any:  # noqa: ANN401 - compiled: numbers of the machine
    """Return the metres of level road that cost as much as a straight piece of way; run and rise in m."""
    size = abs(rise)
    return max(run, size * weights[0]) + size * weights[1] + rise * weights[2]


def _weigh(heights: Any, ends: Any, scale: Any) -> Any:  # noqa: ANN401
    """Return the metres of level road that cost as much as a step.

    ``ends`` are the cell, its target and the two cells between; ``scale`` is the length, m, and the weights of climb and descent.
    """
    length, weights = scale
    if heights is None:
        return length
    cell, target, near, far = ends
    if near == cell:
        return _climb(length, heights[target] - heights[cell], weights)
    middle = (heights[near] + heights[far]) * 0.5
    return _climb(length * 0.5, middle - heights[cell], weights) + _climb(length * 0.5, heights[target] - middle, weights)


def _mean(ground: Any, ends: Any) -> Any:  # noqa: ANN401
    """Return the mean friction along a step."""
    cell, target, near, far = ends
    if near == cell:
        return (ground[cell] + ground[target]) * 0.5
    return (ground[cell] + ground[near] + ground[far] + ground[target]) * 0.25


def _lengthen(cells: Any, after: Any, free: Any) -> Any:  # noqa: ANN401
    """Return the queue with twice as many places, the new ones chained in front of the free ones."""
    size = cells.size
    more, chain = np.empty(2 * size, np.int32), np.arange(1, 2 * size + 1).astype(np.int32)
    more[:size], chain[:size] = cells, after
    chain[2 * size - 1] = free
    return more, chain, size


@compile_lazily(_climb, _weigh, _mean, _lengthen)
def spread(
    ground: Real, heights: Real | None, came: Byte | None, *, cost: Real, moves: Moves, weights: Real, buckets: tuple[float, int]
) -> int:
    """Lower the costs of all cells to the least cost from the cells that cost nothing.

    The raster is flat and framed by closed cells. A cell that is lowered after it was left is left again, so the width of the buckets
    changes the time and not the answer.

    Parameters
    ----------
    ground : numpy.ndarray of float32
        Friction, infinite where closed.
    heights : numpy.ndarray of float32 or None
        Elevation, m.
    came : numpy.ndarray of uint8 or None
        Number of the last step to each cell; changed.
    cost : numpy.ndarray of float32
        Zero at the starts, infinite elsewhere; changed.
    moves : tuple
        See ``Moves``.
    weights : numpy.ndarray of float32, shape (3,)
        One over the steepest gradient; half the sum, and half the difference, of the weights of climb and descent.
    buckets : tuple of float and int
        One over the width of a bucket, and their number, a power of two.

    Returns
    -------
    int
        How often a cell was left; the number of reached cells, if none was left twice.
    """
    lengths, offset, nears, fars = moves
    inverse, count = buckets
    columns, starts = ground.size // lengths.shape[0], np.flatnonzero(cost == 0)
    head, left = np.full(count, -1, np.int32), np.zeros(ground.size, np.bool_)
    cells, after = np.empty(ENTRIES, np.int32), np.arange(1, ENTRIES + 1).astype(np.int32)
    free, live, bucket, visits = 0, 0, 0, 0
    for start in starts:
        if live == cells.size:
            cells, after, free = _lengthen(cells, after, free)
        place, free = free, after[free]
        cells[place], after[place], head[0] = start, head[0], place
        live += 1
    while live > 0:
        place = head[bucket & (count - 1)]
        if place < 0:
            bucket += 1
            continue
        cell = cells[place]
        head[bucket & (count - 1)], after[place], free = after[place], free, place
        live -= 1
        if left[cell]:
            continue
        left[cell], visits, row, here = True, visits + 1, cell // columns, cost[cell]
        if live + offset.size > cells.size:
            cells, after, free = _lengthen(cells, after, free)
        for step in range(offset.size):
            target = cell + offset[step]
            if cost[target] <= here:
                continue
            ends = (cell, target, cell + nears[step], cell + fars[step])
            total = np.float32(here + _mean(ground, ends) * _weigh(heights, ends, (lengths[row, step], weights)))
            if total < cost[target]:
                cost[target], left[target] = total, False
                if came is not None:
                    came[target] = step
                slot = np.int64(total * inverse) & (count - 1)
                place, free = free, after[free]
                cells[place], after[place], head[slot] = target, head[slot], place
                live += 1
    return visits
