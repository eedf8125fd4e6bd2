"""Facts drawn block by block: the same figures whatever the size of the blocks, and no more memory than one block."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geokit.core.triangle import draw_triangular
from geokit.scoring.criteria import Criterion
from geokit.scoring.join import Joined, Rows
from geokit.scoring.scaling import Array


@dataclass(frozen=True, eq=False)
class Moving:
    """The cells of one criterion that are uncertain.

    Attributes
    ----------
    place : int
        Place of the criterion.
    criterion : Criterion
        Its value function takes the drawn figures.
    touched : numpy.ndarray
        Alternatives that have such a cell, by their places among the chosen ones, shape (touched,).
    cells : numpy.ndarray
        Rows of the table, shape (cell,).
    shared : numpy.ndarray
        Which of the cells each touched alternative has, shape (touched,): what they share moves them together.
    causes : numpy.ndarray
        Which cause each cell hangs on, numbered from 0 without gaps, shape (cell,): one draw moves every cell of a cause.
    """

    place: int
    criterion: Criterion
    touched: Rows
    cells: Rows
    shared: Rows
    causes: Rows


@dataclass(frozen=True, eq=False)
class FactDraws:
    """The values of some alternatives in one case, with their uncertain cells to be drawn.

    Attributes
    ----------
    proven : numpy.ndarray
        Values that do not move, a missing cell earning nothing, shape (alternative, criterion); 0 where a cell moves.
    least, largest : numpy.ndarray
        The same with what is not known at its worst and at its best: missing cells, ranges that start or end at their mode, and, where
        a cell moves, how far ignorance reaches beyond the range of chance.
    moving : tuple of Moving
        What is drawn, criterion by criterion.
    figures : numpy.ndarray
        Low, mode and high of the cells of the table, shape (row, 3).
    seed : int
        Seed of the study.
    """

    proven: Array
    least: Array
    largest: Array
    moving: tuple[Moving, ...]
    figures: Array
    seed: int

    def blocks(self, counts: Iterator[int]) -> Iterator[list[Array]]:
        """Draw one block after the other.

        Each criterion has its own stream, derived from the seed and its id, read draw by draw: neither the size of the blocks
        nor another criterion changes a figure. Cells with one cause take one uniform figure: each has the spread of its own range,
        and they rise and fall together.

        Parameters
        ----------
        counts : iterator of int
            Draws in each block.

        Yields
        ------
        list of numpy.ndarray
            Values of the cells of each :class:`Moving`, shape (draw, cell).
        """
        keys = [zlib.crc32(one.criterion.criterion_id.encode()) for one in self.moving]
        streams = [np.random.default_rng(np.random.SeedSequence([self.seed, key])) for key in keys]
        for count in counts:
            yield [self._draw(one, stream.random((count, one.causes.max() + 1))) for one, stream in zip(self.moving, streams, strict=True)]

    def _draw(self, moving: Moving, drawn: Array) -> Array:
        """Return the values of the cells of one criterion, shape (draw, cell), from a uniform figure a cause."""
        low, mode, high = self.figures[moving.cells].T
        uniform = drawn[:, moving.causes]
        return moving.criterion.value(draw_triangular(low, mode, high, uniform=uniform))


def prepare_draws(joined: Joined, index: int, chosen: NDArray[np.bool_], *, counts: NDArray[np.bool_], seed: int) -> FactDraws:
    """Return what is to be drawn for some alternatives of one case.

    A known cell with two open ends is triangular in its own unit. A missing cell is never drawn, a range that starts or ends at its
    mode is ignorance, and so is what a bound adds to a range: all three open the bounds (model rule M19).

    Parameters
    ----------
    joined : Joined
        The cells.
    index : int
        Place of the case on the first axis.
    chosen : numpy.ndarray
        Which alternatives take part, shape (alternative,).
    counts : numpy.ndarray
        Which criteria can have weight, shape (criterion,); the others stay at 0.
    seed : int
        Seed of the study.

    Returns
    -------
    FactDraws
        Over the chosen alternatives and all criteria.
    """
    low, mode, high = (np.where(counts, joined.values(index, end)[chosen], 0.0) for end in ("v_low", "v", "v_high"))
    rows, moves = joined.rows[index][chosen], joined.moves(index)[chosen] & counts
    figures = joined.table[["value_low", "value", "value_high"]].to_numpy(dtype=float)
    moving, beyond = [], np.zeros((2, *rows.shape))
    for place in np.flatnonzero(moves.any(axis=0)):
        touched = np.flatnonzero(moves[:, place])
        cells, shared = np.unique(rows[touched, place], return_inverse=True)
        causes = number_causes(joined.table.iloc[cells])
        moving.append(Moving(int(place), joined.criteria[place], touched, cells, shared.ravel(), causes))
        chance = np.sort(joined.criteria[place].value(figures[rows[touched, place]][:, [0, 2]]), axis=1)
        beyond[:, touched, place] = np.stack([low[touched, place], high[touched, place]]) - chance.T
    proven = np.nan_to_num(np.where(moves, 0.0, mode), nan=0.0)
    least = np.nan_to_num(np.where(moves, beyond[0], low), nan=0.0)
    largest = np.where(np.isnan(high), 1.0, np.where(moves, beyond[1], high))
    return FactDraws(proven, least, largest, tuple(moving), figures, seed)


def number_causes(cells: pd.DataFrame) -> Rows:
    """Return which cells of one criterion have a common cause.

    Cells of one stage that rest on the same sources do: the same deposits feed the plants of neighbouring sites, the same price
    and the same rates make their freight dear. Cells that name no stage do if their figures are the same as well. A cell without a
    source stands for itself.

    Parameters
    ----------
    cells : pandas.DataFrame
        ``stage_id``, ``source_ids``, ``value_low``, ``value`` and ``value_high``, one row a cell.

    Returns
    -------
    numpy.ndarray
        Causes from 0 in the order in which they first appear, shape (cell,).
    """
    sourced = cells["source_ids"] != ""
    alone = np.where(sourced, -1, np.arange(len(cells)))
    key = cells[["stage_id", "source_ids"]].assign(alone=alone)
    figures = cells[["value_low", "value", "value_high"]].where(cells["stage_id"] == "", 0.0)
    return np.asarray(key.join(figures).groupby([*key, *figures], sort=False, dropna=False).ngroup(), dtype=np.int64)
