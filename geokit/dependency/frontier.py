"""What safety costs: the sets of blocks worth buying elsewhere, from none to all, by dearer capital cost and chance of a blocked line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geokit.core.columns import join_ids
from geokit.dependency.index import Array

MOST_EXACT = 12
"""Up to so many blocks every set is tried; beyond, the set grows by the block that gains most for its price."""
EQUAL = 1e-12
"""Gains that differ by no more than this are none."""

COLUMNS = ["stage_id", "profile", "step", "blocks_elsewhere", "capex_premium_frac", "d_rel", "is_exact", "note", "d_rel_high"]
TECHNIQUE = {1.0: "two documented orders or more", 0.75: "one documented order", 0.5: "makers, no such order", 0.25: "first of a kind"}
"""What a substitutability by technique stands for."""

OTHERS = "law of other vendors' countries on a plant in the host country"
"""What is said of the licences of supplier countries: it holds for no plant elsewhere, whose own rules nobody read."""
READ = (
    "name", "block_id", "premium", "sigma_technique", "vendors_left", "control_kind", "is_service", "barred_elsewhere", "supplier_note"
)  # fmt: skip
"""Columns of the blocks that a frontier reads."""

Flags = NDArray[np.bool_]
Columns = Mapping[str, NDArray[Any]]


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
    d_rel_high : numpy.ndarray
        Shape (steps,): the same if no vendor elsewhere delivers and a Chinese licence is the only way left, 0-1.
    is_exact : bool
        Whether every set was tried.
    """

    elsewhere: Flags
    price: Array
    d_rel: Array
    d_rel_high: Array
    is_exact: bool


def trace_frontier(
    q: ArrayLike, probability: ArrayLike, price: ArrayLike, *, refused: ArrayLike | None = None, barred: ArrayLike = 0.0
) -> Frontier:
    r"""Return the Pareto set of price and safety over the sets S of blocks bought elsewhere.

    .. math::

        D_{rel}(S) = \sum_z \pi_z \Bigl[ 1 - \prod_{g \notin S} (1 - q_{gz}) \prod_{g \in S} (1 - b_{gz} \rho_g) \Bigr], \quad
        c(S) = \sum_{g \in S} c_g

    Parameters
    ----------
    q : array_like
        Shape (states, blocks): chance that each block fails, given each political state, 0-1; NaN where unknown.
    probability : array_like
        Shape (states,): prior of each political state; adds up to 1.
    price : array_like
        Shape (blocks,): what buying the block elsewhere adds to the capital cost, as a fraction of it and not below 0; NaN where the block
        cannot be bought elsewhere or no source gives a premium: it stays as it is.
    refused : array_like, optional
        Shape (states, blocks): chance b that a Chinese supply of the block is refused, 0-1; sure when not given.
    barred : array_like, optional
        Shape (blocks,): chance that a supply from elsewhere is refused by its own country and no way round is known, 0-1; none when
        not given.

    Returns
    -------
    Frontier
        The first step buys nothing and has the D_rel of the plant; the last one leaves what no purchase mends. A block bought
        elsewhere fails if its own country and China both refuse. That the vendor masters the technique is taken as settled by
        the order; ``d_rel_high`` is the figure if it is not.

    References
    ----------
    Flowsheet dossier, sections 4.4 and 4.6.
    """
    failed, prior, cost = (np.asarray(figures, dtype=float) for figures in (q, probability, price))
    movable = np.flatnonzero(~np.isnan(cost) & (np.nan_to_num(failed, nan=1.0) > 0.0).any(axis=0))
    b = np.broadcast_to(1.0 if refused is None else np.asarray(refused, dtype=float), failed.shape)
    left = b * np.asarray(barred, dtype=float)
    is_exact = movable.size <= MOST_EXACT
    sets = _list_sets(movable, failed.shape[1]) if is_exact else _grow_sets(movable, cost, failed=failed, left=left, prior=prior)
    total, blocked = sets @ np.where(np.isnan(cost), 0.0, cost), _block(sets, failed, prior, left=left)
    order = np.append(0, 1 + np.lexsort((sets[1:].sum(axis=1), blocked[1:], total[1:])))
    least = np.fmin.accumulate(np.concatenate([[np.inf], blocked[order][:-1]]))
    kept = order[(blocked[order] < least - EQUAL) | (np.arange(order.size) == 0)]
    return Frontier(sets[kept], total[kept], blocked[kept], _block(sets[kept], failed, prior, left=b), is_exact)


def list_frontiers(
    blocks: pd.DataFrame,
    chances: Mapping[tuple[str, str], Array],
    refusals: Mapping[tuple[str, str], Array],
    *,
    probability: Sequence[float],
    equipment_share_frac: float,
) -> pd.DataFrame:
    """Return the frontier of every stage and profile that something binds.

    Parameters
    ----------
    blocks : pandas.DataFrame
        Rows of stages, profiles and blocks with ``name``, ``premium``, ``sigma_technique``, ``vendors_left``, ``control_kind``,
        ``is_service``, ``barred_elsewhere`` and ``supplier_note``.
    chances, refusals : mapping of (str, str) to numpy.ndarray
        By stage and profile the chance that each block fails, and that its Chinese supply is refused, shape (states, blocks), in the
        order of the rows.
    probability : sequence of float
        Prior of each political state.
    equipment_share_frac : float
        Share of equipment in the capital cost, 0-1; every block of a stage is taken to cost the same.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``profile``, ``step`` (0 = nothing bought elsewhere), ``blocks_elsewhere`` (ids), ``capex_premium_frac``
        (a reagent or a service is no capital cost), ``d_rel`` (0-1; NaN where the chance of a block that stays is unknown),
        ``is_exact``, ``note`` (what the step rests on), ``d_rel_high``.
    """
    columns = {str(name): blocks[name].to_numpy() for name in READ}
    places = blocks.groupby(["stage_id", "profile"], sort=False).indices
    rows = [
        (*key, *step)
        for key, q in chances.items()
        if np.any(q != 0.0)
        for step in _list_steps(
            {name: column[places[key]] for name, column in columns.items()},
            q,
            refusals[key],
            probability=probability,
            share=equipment_share_frac,
        )
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _list_steps(
    own: Columns, q: Array, refused: Array, *, probability: Sequence[float], share: float
) -> Iterator[tuple[int, str, float, float, str, str, float]]:
    """Yield the steps of the frontier of one stage and profile."""
    can_move, premium = (own["sigma_technique"] > 0.0) & (own["vendors_left"] > 0), own["premium"]
    extra = share / len(premium) * np.maximum(premium - 1.0, 0.0)
    price = np.where(can_move, np.where(_is_running(own) & ~np.isnan(premium), 0.0, extra), np.nan)
    found = trace_frontier(q, probability, price, refused=refused, barred=own["barred_elsewhere"])
    stays = own["name"][np.isnan(price) & (np.nan_to_num(q, nan=1.0) > 0.0).any(axis=0)]
    idle = [f"no other vendor or no premium on file: {', '.join(stays)}"] * bool(len(stays))
    exact = str(found.is_exact).lower()
    for number, chosen in enumerate(found.elsewhere):
        figures = (float(one[number]) for one in (found.price, found.d_rel, found.d_rel_high))
        extra_frac, d_rel, d_rel_high = figures
        note = "; ".join([*_say_step({name: column[chosen] for name, column in own.items()}), *idle])
        yield number, join_ids(own["block_id"][chosen]), extra_frac, d_rel, exact, note, d_rel_high


def _is_running(own: Columns) -> Flags:
    """Return which blocks are paid while the plant runs, not with it."""
    running: Flags = (own["control_kind"] == "reagent") | own["is_service"].astype(bool)
    return running


def _say_step(chosen: Columns) -> list[str]:
    """Return what the blocks bought elsewhere rest on: technique, licences of their own and how they are paid."""
    ids = chosen["block_id"].tolist()
    if not ids:
        return []
    rated: dict[str, list[str]] = {}
    for block, sigma in zip(ids, chosen["sigma_technique"].tolist(), strict=True):
        rated.setdefault(TECHNIQUE.get(sigma, f"rated {sigma:g}"), []).append(block)
    technique = "; ".join(f"{', '.join(own)} {words}" for words, own in rated.items())
    running = ", ".join(chosen["block_id"][_is_running(chosen)])
    told = [f"technique taken as settled by the order: {technique}"]
    told += [f"paid while the plant runs, not in the capital cost: {running}"] * bool(running)
    return [*told, *(f"{block}, {OTHERS}: {note}" for block, note in zip(ids, chosen["supplier_note"], strict=True))]


def _block(sets: Flags, failed: Array, prior: Array, *, left: Array) -> Array:
    """Return the chance that the line is blocked by what each set leaves, shape (sets,)."""
    safe = np.array([np.where(sets, 1.0 - bought, 1.0 - row).prod(axis=1) for bought, row in zip(left, failed, strict=True)])
    blocked: Array = prior @ (1.0 - safe)
    return blocked


def _list_sets(movable: NDArray[np.intp], blocks: int) -> Flags:
    """Return every set of the movable blocks, none first, shape (sets, blocks)."""
    sets = np.zeros((2**movable.size, blocks), dtype=bool)
    sets[:, movable] = np.arange(2**movable.size)[:, None] >> np.arange(movable.size) & 1
    return sets


def _grow_sets(movable: NDArray[np.intp], cost: Array, *, failed: Array, left: Array, prior: Array) -> Flags:
    """Return sets that grow by the block that gains most for its price."""
    sets = np.zeros((1, failed.shape[1]), dtype=bool)
    for _ in movable:
        open_ = [place for place in movable if not sets[-1, place]]
        tried = sets[-1] | np.eye(failed.shape[1], dtype=bool)[open_]
        gain = _block(sets[-1:], failed, prior, left=left) - _block(tried, failed, prior, left=left)
        best = np.argmax(gain / np.maximum(cost[open_], EQUAL))
        sets = np.vstack([sets, tried[best]])
    return sets
