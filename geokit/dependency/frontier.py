"""What safety costs: the sets of blocks worth buying elsewhere, from none to all, by dearer capital cost and chance of a blocked line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geokit.core.columns import join_ids
from geokit.dependency.index import Array

MOST_EXACT = 12
"""Up to so many blocks every set is tried; beyond, the set grows by the block that gains most for its price."""
EQUAL = 1e-12
"""Gains that differ by no more than this are none."""

COLUMNS = ["stage_id", "profile", "step", "blocks_elsewhere", "capex_premium_frac", "d_rel", "is_exact", "note"]

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Frontier:
    """Sets of blocks that no other set beats in both price and safety, the cheapest first.

    Attributes
    ----------
    elsewhere : numpy.ndarray
        Shape (steps, blocks), bool: which blocks are bought elsewhere.
    price : numpy.ndarray
        Shape (steps,): what that adds to the capital cost, as a fraction of it.
    d_rel : numpy.ndarray
        Shape (steps,): chance that the line is blocked all the same, 0-1.
    is_exact : bool
        Whether every set was tried.
    """

    elsewhere: Flags
    price: Array
    d_rel: Array
    is_exact: bool


def trace_frontier(q: ArrayLike, probability: ArrayLike, price: ArrayLike) -> Frontier:
    r"""Return the Pareto set of price and safety over the sets S of blocks bought elsewhere.

    .. math:: D_{rel}(S) = \sum_z \pi_z \Bigl[ 1 - \prod_{g \notin S} (1 - q_{gz}) \Bigr], \quad c(S) = \sum_{g \in S} c_g

    Parameters
    ----------
    q : array_like
        Shape (states, blocks): chance that each block fails, given each political state, 0-1; NaN where unknown.
    probability : array_like
        Shape (states,): prior of each political state; adds up to 1.
    price : array_like
        Shape (blocks,): what buying the block elsewhere adds to the capital cost, as a fraction of it and not below 0; NaN where the block
        cannot be bought elsewhere or no source gives a premium: it stays as it is.

    Returns
    -------
    Frontier
        The first step buys nothing and has the D_rel of the plant; the last one leaves what no purchase mends. A block bought
        elsewhere no longer fails by the controls counted here; the seller's own licence is not in it.

    References
    ----------
    Flowsheet dossier, sections 4.4 and 4.6.
    """
    failed, prior, cost = (np.asarray(figures, dtype=float) for figures in (q, probability, price))
    movable = np.flatnonzero(~np.isnan(cost) & (np.nan_to_num(failed, nan=1.0) > 0.0).any(axis=0))
    is_exact = movable.size <= MOST_EXACT
    sets = _list_sets(movable, failed.shape[1]) if is_exact else _grow_sets(movable, cost, failed=failed, prior=prior)
    total, blocked = sets @ np.where(np.isnan(cost), 0.0, cost), _block(sets, failed, prior)
    order = np.append(0, 1 + np.lexsort((sets[1:].sum(axis=1), blocked[1:], total[1:])))
    least = np.fmin.accumulate(np.concatenate([[np.inf], blocked[order][:-1]]))
    kept = order[(blocked[order] < least - EQUAL) | (np.arange(order.size) == 0)]
    return Frontier(sets[kept], total[kept], blocked[kept], is_exact)


def list_frontiers(
    blocks: pd.DataFrame, chances: Mapping[tuple[str, str], Array], probability: Sequence[float], *, equipment_share_frac: float
) -> pd.DataFrame:
    """Return the frontier of every stage and profile that something binds.

    Parameters
    ----------
    blocks : pandas.DataFrame
        Rows of stages, profiles and blocks with ``name``, ``premium``, ``sigma_technique`` and ``vendors_left``.
    chances : mapping of (str, str) to numpy.ndarray
        By stage and profile the chance that each block fails, shape (states, blocks), in the order of the rows.
    probability : sequence of float
        Prior of each political state.
    equipment_share_frac : float
        Share of equipment in the capital cost, 0-1; every block of a stage is taken to cost the same.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``profile``, ``step`` (0 = nothing bought elsewhere), ``blocks_elsewhere`` (ids), ``capex_premium_frac``,
        ``d_rel`` (0-1; NaN where the chance of a block that stays is unknown), ``is_exact``, ``note``.
    """
    groups = dict(iter(blocks.groupby(["stage_id", "profile"], sort=False)))
    rows = [
        (*key, *step)
        for key, q in chances.items()
        if np.any(q != 0.0)
        for step in _list_steps(groups[key], q, probability, share=equipment_share_frac)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _list_steps(
    own: pd.DataFrame, q: Array, probability: Sequence[float], *, share: float
) -> Iterator[tuple[int, str, float, float, str, str]]:
    """Yield the steps of the frontier of one stage and profile."""
    can_move = (own["sigma_technique"] > 0.0) & (own["vendors_left"] > 0)
    price = (share / len(own) * (own["premium"] - 1.0).clip(lower=0.0)).where(can_move).to_numpy()
    found = trace_frontier(q, probability, price)
    stays = own["name"][np.isnan(price) & (np.nan_to_num(q, nan=1.0) > 0.0).any(axis=0)]
    note = f"no other vendor or no premium on file: {', '.join(stays)}" if len(stays) else ""
    for number, (chosen, extra, d_rel) in enumerate(zip(found.elsewhere, found.price, found.d_rel, strict=True)):
        yield number, join_ids(own["block_id"][chosen]), float(extra), float(d_rel), str(found.is_exact).lower(), note


def _block(sets: Flags, failed: Array, prior: Array) -> Array:
    """Return the chance that the line is blocked by what each set leaves, shape (sets,)."""
    safe = np.array([np.where(sets, 1.0, 1.0 - row).prod(axis=1) for row in failed])
    blocked: Array = prior @ (1.0 - safe)
    return blocked


def _list_sets(movable: NDArray[np.intp], blocks: int) -> Flags:
    """Return every set of the movable blocks, none first, shape (sets, blocks)."""
    sets = np.zeros((2**movable.size, blocks), dtype=bool)
    sets[:, movable] = np.arange(2**movable.size)[:, None] >> np.arange(movable.size) & 1
    return sets


def _grow_sets(movable: NDArray[np.intp], cost: Array, *, failed: Array, prior: Array) -> Flags:
    """Return sets that grow by the block that gains most for its price."""
    sets = np.zeros((1, failed.shape[1]), dtype=bool)
    for _ in movable:
        left = [place for place in movable if not sets[-1, place]]
        tried = sets[-1] | np.eye(failed.shape[1], dtype=bool)[left]
        gain = _block(sets[-1:], failed, prior) - _block(tried, failed, prior)
        best = np.argmax(gain / np.maximum(cost[left], EQUAL))
        sets = np.vstack([sets, tried[best]])
    return sets
