"""Weights drawn evenly from all that respect the stated ranks: the judgement as it was made, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geokit.scoring.criteria import Criterion
from geokit.scoring.scaling import Array
from geokit.scoring.weights import Weights, move_inactive, read_mode


@dataclass(frozen=True, eq=False)
class StatedOrder:
    """Which group is said to matter more than which, and within a group which criterion.

    Attributes
    ----------
    groups : numpy.ndarray
        Number of the group of each criterion, -1 for one without weight, shape (criterion,).
    group_ranks : numpy.ndarray
        Rank of each group, 1 = first, ties allowed, shape (group,).
    within_ranks : numpy.ndarray
        Rank of each criterion in its group, shape (criterion,).
    active, takes : numpy.ndarray
        Which criteria count, and which take the weight of those that do not, shape (criterion,).
    """

    groups: NDArray[np.int64]
    group_ranks: Array
    within_ranks: Array
    active: NDArray[np.bool_]
    takes: NDArray[np.bool_]

    def draw(self, count: int, *, rng: np.random.Generator) -> Array:
        """Return weights, evenly spread over all that respect the ranks between groups and within each.

        Drawing twice gives what one longer draw gives, so the answer does not depend on the size of the blocks.

        Parameters
        ----------
        count : int
            Number of draws.
        rng : numpy.random.Generator
            Its next uniform figures are used.

        Returns
        -------
        numpy.ndarray
            Weights that sum to one, shape (draw, criterion).
        """
        width = len(self.group_ranks) + len(self.groups)
        sizes, ties = np.split(rng.random((count, 2 * width)), 2, axis=1)
        start = len(self.group_ranks)
        shares = spread_simplex(self.group_ranks, sizes[:, :start], ties[:, :start])
        weights = np.zeros((count, len(self.groups)))
        for number in range(start):
            own = np.flatnonzero(self.groups == number)
            weights[:, own] = shares[:, [number]] * spread_simplex(self.within_ranks[own], sizes[:, start + own], ties[:, start + own])
        return move_inactive(weights, self.active, self.takes)


def spread_simplex(ranks: Array, sizes: Array, ties: Array) -> Array:
    r"""Return points of the simplex, evenly spread over those with :math:`w_i \ge w_j` where i is ranked before j.

    Spacings of exponential figures are even on the simplex; sorted, they are even on each of its ordered parts, whose centre
    are the rank-order-centroid weights.

    Parameters
    ----------
    ranks : numpy.ndarray
        Whole ranks, 1 = largest, ties allowed, shape (n,).
    sizes, ties : numpy.ndarray
        Uniform figures 0-1, which set the sizes and the order among ties, shape (draw, n).

    Returns
    -------
    numpy.ndarray
        Points that sum to one, shape (draw, n).

    References
    ----------
    Tervonen and Lahdelma (2007), Implementing stochastic multicriteria acceptability analysis. European Journal of Operational
    Research 178, 500-513.
    """
    spacings = -np.log1p(-sizes)
    falling = -np.sort(-spacings / spacings.sum(axis=1, keepdims=True), axis=1)
    points = np.empty_like(falling)
    np.put_along_axis(points, np.argsort(ranks + ties, axis=1), falling, axis=1)
    return points


def order_of_archetype(ranks: pd.DataFrame, criteria: Sequence[Criterion], *, archetype: str, mode: str) -> StatedOrder:
    """Return the order that an archetype states (model rule M20).

    Parameters
    ----------
    ranks : pandas.DataFrame
        As for :func:`geokit.scoring.weights.derive_weights`, with a row for every criterion.
    criteria : sequence of Criterion
        All criteria, which give the order.
    archetype : str
        Kind of decision maker.
    mode : str
        ``full`` or ``screen``.

    Returns
    -------
    StatedOrder
        Over all criteria; those that do not count in the mode hand their weight on.
    """
    own = ranks[ranks["archetype"] == archetype].set_index("criterion_id").loc[[one.criterion_id for one in criteria]]
    numbers, names = pd.factorize(own["group_id"])
    group_ranks = own.drop_duplicates("group_id").set_index("group_id").loc[names, "group_rank"]
    active, takes = read_mode(criteria, mode)
    return StatedOrder(numbers.astype(np.int64), group_ranks.to_numpy(float), own["within_rank"].to_numpy(float), active, takes)


def order_of_weights(weights: Weights, criteria: Sequence[Criterion]) -> StatedOrder:
    """Return the order that given weights imply: groups by their sums, criteria by their own, equal ones tied.

    Parameters
    ----------
    weights : Weights
        As given.
    criteria : sequence of Criterion
        All criteria, which give the order and the groups.

    Returns
    -------
    StatedOrder
        Over all criteria; those without weight never have any.
    """
    own = pd.Series([weights.get(one.criterion_id, 0.0) for one in criteria]).round(12)
    counts = (own > 0).to_numpy()
    group = pd.Series([one.group_id for one in criteria]).where(counts)
    numbers, names = pd.factorize(group)
    group_ranks = own.groupby(group).sum().round(12).loc[names].rank(method="dense", ascending=False)
    within = own.groupby(group).rank(method="dense", ascending=False).fillna(1.0)
    between, inside = np.asarray(group_ranks, dtype=float), np.asarray(within, dtype=float)
    return StatedOrder(numbers.astype(np.int64), between, inside, active=counts, takes=counts)


@dataclass(frozen=True, eq=False)
class GivenDraws:
    """Weights that were drawn elsewhere, as the posterior of :class:`geokit.scoring.preference.PreferenceLearner`.

    Attributes
    ----------
    weights : numpy.ndarray
        Weights that sum to one, shape (drawn, criterion).
    """

    weights: Array

    def draw(self, count: int, *, rng: np.random.Generator) -> Array:
        """Return some of the weights, each as likely as another.

        Parameters
        ----------
        count : int
            Number of draws.
        rng : numpy.random.Generator
            Its next uniform figures are used.

        Returns
        -------
        numpy.ndarray
            Shape (draw, criterion).
        """
        return self.weights[(rng.random(count) * len(self.weights)).astype(np.int64)]
