"""Least cost over a raster, from one or many cells to all others, without building a graph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from geokit.core.errors import GeokitError
from geokit.network.spread import spread

Real = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]
Cell = tuple[int, int]

STEPS = np.array(
    [
        *((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)),
        *((1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1)),
    ],
    dtype=np.int64,
)
"""Rows down and columns right of every step: the eight neighbours, then the eight moves of a chess knight."""
PAD = 2
"""Closed cells around the raster, so that no step needs to be tested for leaving it."""
NO_STEP = 255
"""In ``Surface.came``: a start, or a cell that is not reached."""
BUCKETS = (64, 65536)
"""Least and largest number of buckets of the queue; powers of two."""
FINENESS = 16
"""Buckets to the mean cost of a step, if some steps are much cheaper than that."""


@dataclass(frozen=True)
class Grade:
    """What height costs, in metres of level road.

    Attributes
    ----------
    steepest : float
        Steepest gradient, m per m: where the ground is steeper the road winds, so that it is ``rise / steepest`` long.
    up, down : float
        Metres of level road that cost as much as one metre climbed, or descended; not below zero.
    """

    steepest: float = math.inf
    up: float = 0.0
    down: float = 0.0

    def reverse(self) -> Grade:
        """Return the grade of the same ways travelled the other way."""
        return Grade(self.steepest, self.down, self.up)

    def weigh(self) -> Real:
        """Return what the compiled loop wants: one over the steepest gradient, half the sum and half the difference of the weights."""
        return np.array([1 / self.steepest, (self.up + self.down) / 2, (self.up - self.down) / 2], dtype=np.float32)


@dataclass(frozen=True)
class Surface:
    """Least cost of every cell.

    Attributes
    ----------
    cost : numpy.ndarray of float32, shape (rows, columns)
        Cost from the nearest start; zero at a start, infinite where none can be reached.
    came : numpy.ndarray of uint8, shape (rows, columns), or None
        Number in ``STEPS`` of the last step to each cell, ``NO_STEP`` where there is none; None unless asked for.
    """

    cost: Real
    came: npt.NDArray[np.uint8] | None

    def trace(self, cell: Cell) -> list[Cell]:
        """Return the cells from the start to a cell in the order of travel; empty if it is not reached.

        Parameters
        ----------
        cell : tuple of int
            Row and column.

        Returns
        -------
        list of tuple of int
            Rows and columns, both ends included.

        Raises
        ------
        ValueError
            If the surface was made without ``trace=True``.
        """
        if self.came is None:
            msg = "this surface does not know its ways; make it with trace=True"
            raise ValueError(msg)
        row, column = cell
        path = [cell] if np.isfinite(self.cost[cell]) else []
        while path and (step := int(self.came[row, column])) != NO_STEP:
            row, column = row - int(STEPS[step, 0]), column - int(STEPS[step, 1])
            path.append((row, column))
        return path[::-1]


def spread_cost(
    friction: npt.ArrayLike,
    starts: Sequence[Cell],
    *,
    lengths: npt.ArrayLike = 1.0,
    steps: Literal[8, 16] = 8,
    elevation: npt.ArrayLike | None = None,
    grade: Grade | None = None,
    trace: bool = False,
) -> Surface:
    r"""Return the least cost from the nearest of some cells to every cell.

    A step from cell :math:`u` to cell :math:`v` costs

    .. math:: \bar f \left(\max\left(l, \frac{|h|}{g}\right) + a \max(h, 0) + b \max(-h, 0)\right)

    with the mean friction :math:`\bar f` along the straight line between the two centres (half in each cell; on a knight's move a
    quarter in each of the four cells it crosses), the horizontal length :math:`l`, the rise :math:`h`, the steepest gradient :math:`g`
    and the weights of climb :math:`a` and descent :math:`b`. A knight's move is two such pieces, with the mean height of the two cells
    between. Solved by Dial's buckets, in which a cell may be corrected, so the answer is exact whatever the width of a bucket.

    Parameters
    ----------
    friction : array_like, shape (rows, columns)
        Cost of a metre, positive; infinite or NaN = closed.
    starts : sequence of tuple of int
        Rows and columns; at least one.
    lengths : float or array_like, shape (rows, steps)
        Size of square cells, or the length of every step by the row that it leaves from, m.
    steps : {8, 16}
        Neighbours, or neighbours and knight's moves.
    elevation : array_like, shape (rows, columns), optional
        Heights in m; without them the ground is level.
    grade : Grade, optional
        What heights cost; nothing unless given.
    trace : bool
        Whether to remember ways.

    Returns
    -------
    Surface
        Costs, and the last steps if asked for.

    Raises
    ------
    GeokitError
        If a friction or a weight of the grade is not valid, or there is no start in the raster.

    References
    ----------
    .. [1] Dial R. B. (1969): Algorithm 360, shortest-path forest with topological ordering. Communications of the ACM 12(11), 632-633.
    """
    ground = _pad(friction, fill=np.inf)
    rows, columns = (side - 2 * PAD for side in ground.shape)
    table = _length_table(lengths, rows, steps)
    slope = None if elevation is None or grade is None else grade
    _check(ground, slope)
    heights = None if elevation is None or slope is None else _pad(elevation, fill=0.0).ravel()
    cost = np.full(ground.size, np.inf, dtype=np.float32)
    cost[_start_cells(starts, (rows, columns))] = 0.0
    came = np.full(ground.size, NO_STEP, dtype=np.uint8) if trace else None
    width, buckets = _bucket_size(ground, table, heights, grade=slope)
    moves, weights = (table, *_offsets(ground.shape[1], steps)), (slope or Grade()).weigh()
    spread(ground.ravel(), heights, came, cost=cost, moves=moves, weights=weights, buckets=(1 / width, buckets))
    inside = (slice(PAD, PAD + rows), slice(PAD, PAD + columns))
    return Surface(cost.reshape(ground.shape)[inside], None if came is None else came.reshape(ground.shape)[inside])


def square_lengths(size: float) -> npt.NDArray[np.float64]:
    """Return the length of every one of ``STEPS`` on square cells of a given size, m."""
    return size * np.hypot(STEPS[:, 0], STEPS[:, 1])


def _pad(raster: npt.ArrayLike, *, fill: float) -> Real:
    """Return a raster as float32 with a frame of closed cells; NaN counts as closed."""
    whole = np.asarray(raster)
    padded = np.full((whole.shape[0] + 2 * PAD, whole.shape[1] + 2 * PAD), fill, dtype=np.float32)
    inside = padded[PAD:-PAD, PAD:-PAD]
    inside[...] = whole
    inside[np.isnan(inside)] = fill
    return padded


def _length_table(lengths: npt.ArrayLike, rows: int, steps: int) -> Real:
    """Return the length of every step from every row of the padded raster."""
    table = np.asarray(lengths, dtype=float)
    whole = np.broadcast_to(square_lengths(float(table))[:steps] if table.ndim == 0 else table, (rows, steps))
    return np.pad(whole, ((PAD, PAD), (0, 0)), mode="edge").astype(np.float32)


def _check(ground: Real, grade: Grade | None) -> None:
    """Refuse figures for which there is no least cost."""
    if not (worst := float(ground.min(initial=np.inf))) > 0:
        msg = f"friction {worst:g} is not above zero; close a cell with infinity, not with zero"
        raise GeokitError(msg)
    if grade and not (grade.steepest > 0 and grade.up >= 0 and grade.down >= 0):
        msg = f"{grade} has a steepest gradient that is not above zero or a negative weight; no way may earn money"
        raise GeokitError(msg)


def _start_cells(starts: Sequence[Cell], shape: Cell) -> Whole:
    """Return the positions of the starts in the padded raster."""
    cells = np.asarray(starts, dtype=np.int64).reshape(-1, 2)
    if not len(cells) or (cells < 0).any() or (cells >= shape).any():
        msg = f"starts {cells.tolist()} must be cells of a raster of {shape[0]} rows and {shape[1]} columns"
        raise GeokitError(msg)
    return (cells[:, 0] + PAD) * (shape[1] + 2 * PAD) + cells[:, 1] + PAD


def _offsets(columns: int, steps: int) -> tuple[Whole, Whole, Whole]:
    """Return how far every step leads in the flat padded raster, and where the two cells lie that a knight's move crosses."""
    down, right = STEPS[:steps].T
    near = np.where(np.abs(down) == 2, down // 2 * columns, np.where(np.abs(right) == 2, right // 2, 0))
    target = down * columns + right
    return target, near, target - near


def _bucket_size(ground: Real, lengths: Real, heights: Real | None, *, grade: Grade | None) -> tuple[float, int]:
    """Return the width of a bucket and their number: the cheapest step, unless that is far below the mean."""
    open_ground = ground[np.isfinite(ground)]
    if not open_ground.size:
        return 1.0, BUCKETS[0]
    least, mean, most = (float(f) for f in (open_ground.min(), open_ground.mean(dtype=float), open_ground.max()))
    longest = float(lengths.max())
    if heights is not None and grade is not None:
        drop = float(np.abs(np.diff(heights)).max(initial=0.0)) * 2
        longest = max(longest, drop / grade.steepest) + drop * max(grade.up, grade.down)
    width = max(least * float(lengths.min()), mean * float(lengths.mean()) / FINENESS)
    wanted = 1 << math.ceil(math.log2(most * longest / width + 2))
    return width, min(max(wanted, BUCKETS[0]), BUCKETS[1])
