"""Weights: judgements, shown as such, with who made them and how (model rule M20)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geokit.core.errors import AssumptionError, UnknownNameError
from geokit.scoring.criteria import MODES, Criterion
from geokit.scoring.scaling import Array

SUM_SLACK = 1e-9
"""Weights may miss the sum of one by rounding, dimensionless."""


@dataclass(frozen=True)
class Weights(Mapping[str, float]):
    """Weights of the criteria that count, summing to one.

    Attributes
    ----------
    pairs : tuple of (str, float)
        Criterion and its weight, in the order of the criteria.
    who : str
        Whose judgement it is.
    method : str
        How the figures follow from the judgement.
    groups : tuple of (str, str)
        Name of a group (its id or the first word of its name) and a criterion in it, so that a user may name groups.
    """

    pairs: tuple[tuple[str, float], ...]
    who: str
    method: str
    groups: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __getitem__(self, criterion_id: str) -> float:
        """Return the weight of one criterion."""
        return dict(self.pairs)[criterion_id]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the criteria."""
        return iter(dict(self.pairs))

    def __len__(self) -> int:
        """Return the number of criteria."""
        return len(self.pairs)

    def __repr__(self) -> str:
        """Return the weights as a table, largest first."""
        ordered = sorted(self.pairs, key=lambda pair: -pair[1])
        lines = [f"  {one:<4} {weight:6.3f} {'█' * round(weight * 100)}" for one, weight in ordered]
        return "\n".join([f"Weights of {self.who} ({self.method})", *lines])

    @classmethod
    def given(cls, shares: Mapping[str, float], criteria: Sequence[Criterion], *, who: str = "user") -> Weights:
        """Return a full set of weights as given.

        Parameters
        ----------
        shares : mapping of str to float
            Weight by criterion, 0-1, summing to one; criteria that are not named do not count.
        criteria : sequence of Criterion
            All criteria.
        who : str
            Whose judgement it is.

        Returns
        -------
        Weights
            In the order of the criteria.

        Raises
        ------
        UnknownNameError
            If a name is no criterion.
        AssumptionError
            If a weight is negative or no number, or the sum is not one.
        """
        known = [one.criterion_id for one in criteria]
        for name in shares:
            if name not in known:
                raise UnknownNameError(kind="criterion", name=name, known=known)
        _check_shares(shares)
        total = sum(shares.values())
        if abs(total - 1.0) > SUM_SLACK:
            msg = f"weights {dict(shares)} sum to {total:g}, not 1; name the rest, or use replace() to keep the others"
            raise AssumptionError(msg)
        pairs = tuple((one, float(shares[one])) for one in known if one in shares)
        return cls(pairs, who, "given", _name_groups(criteria, shares))

    def replace(self, shares: Mapping[str, float], *, who: str = "user") -> Weights:
        """Return weights in which some are given and the others keep their proportions.

        The sum is locked: what is left of one goes to the criteria that were not named, in proportion to their present
        weights (evenly if they have none). A group may be named instead of a criterion; its share is divided the same way
        among its criteria.

        Parameters
        ----------
        shares : mapping of str to float
            Weight by criterion (``D1``) or by group (``dep`` or ``dependency``), 0-1.
        who : str
            Whose judgement it is.

        Returns
        -------
        Weights
            Over the same criteria, summing to one.

        Raises
        ------
        UnknownNameError
            If a name is neither a criterion that counts here nor a group of such.
        AssumptionError
            If a share is negative or no number, a criterion is named twice, or the sum cannot be one.
        """
        _check_shares(shares)
        fixed: dict[str, float] = {}
        for name, share in shares.items():
            part = self._divide(share, self._members(name))
            twice = sorted(fixed.keys() & part.keys())
            if twice:
                msg = f"weight {name!r} names {twice} a second time; name a group or its criteria, not both"
                raise AssumptionError(msg)
            fixed |= part
        others = [one for one in self if one not in fixed]
        left = 1.0 - sum(fixed.values())
        if not others and abs(left) > SUM_SLACK:
            msg = f"weights {dict(shares)} sum to {1.0 - left:g}, not 1, and no criterion is left to take the rest"
            raise AssumptionError(msg)
        fixed |= self._divide(max(left, 0.0), others)
        method = f"{', '.join(shares)} given, the others of {self.who} scaled to keep the sum"
        return Weights(tuple((one, fixed[one]) for one in self), who, method, self.groups)

    def _members(self, name: str) -> list[str]:
        """Return the criteria that a user means by a criterion or a group."""
        members = [name] if name in self else [one for group, one in self.groups if group == name.casefold()]
        if not members:
            known = [*self, *dict.fromkeys(group for group, _ in self.groups)]
            raise UnknownNameError(kind="criterion that counts here, or group", name=name, known=known)
        return members

    def _divide(self, share: float, members: Sequence[str]) -> dict[str, float]:
        """Divide a share among criteria in proportion to their weights, evenly if they have none."""
        total = sum(self[one] for one in members)
        return {one: share * (self[one] / total if total > 0 else 1.0 / len(members)) for one in members}


def derive_weights(  # noqa: PLR0917 (the signature that the rooms agreed on)
    ranks: pd.DataFrame, criteria: Sequence[Criterion], archetype: str, mode: str, *, method: str = "rank-sum"
) -> Weights:
    r"""Return the weights that follow from the ranks of an archetype.

    The weight of a criterion is the weight of its group times its weight within the group. Both follow from ranks
    :math:`r = 1 \dots n`, by rank sum :math:`w_r = 2 (n + 1 - r) / (n (n + 1))` or by rank order centroid
    :math:`w_r = \frac{1}{n} \sum_{k = r}^{n} \frac{1}{k}`. All criteria take part; then the weight of those that do not
    count in the mode moves to those that take it, in proportion to their own weights, so each risk counts once (model
    rule M16).

    Parameters
    ----------
    ranks : pandas.DataFrame
        Columns ``archetype``, ``criterion_id``, ``group_id``, ``group_rank``, ``within_rank``.
    criteria : sequence of Criterion
        All criteria.
    archetype : str
        Kind of decision maker.
    mode : str
        ``full`` or ``screen``.
    method : str
        ``rank-sum`` or ``roc``.

    Returns
    -------
    Weights
        Over the criteria that count in the mode, in the order of ``criteria``, summing to one.

    Raises
    ------
    UnknownNameError
        If the archetype has no ranks, a criterion has none, or the mode or method does not exist.

    References
    ----------
    Stillwell, Seaver and Edwards (1981), A comparison of weight approximation techniques in multiattribute utility
    decision making. Organizational Behavior and Human Performance 28, 62-77.
    """
    known = {"mode": MODES, "method": tuple(METHODS), "archetype": sorted(set(ranks["archetype"]))}
    for kind, name in (("mode", mode), ("method", method), ("archetype", archetype)):
        if name not in known[kind]:
            raise UnknownNameError(kind=kind, name=name, known=known[kind])
    ids = [one.criterion_id for one in criteria]
    own = ranks[ranks["archetype"] == archetype].set_index("criterion_id")
    for one in ids:
        if one not in own.index:
            raise UnknownNameError(kind=f"criterion in the ranks of {archetype}", name=one, known=list(own.index))
    own = own.loc[ids]
    groups = own.drop_duplicates("group_id").set_index("group_id")["group_rank"]
    share = pd.Series(METHODS[method](groups.to_numpy()), groups.index)
    within = own.groupby("group_id")["within_rank"].transform(lambda r: METHODS[method](r.to_numpy()))
    active, takes = read_mode(criteria, mode)
    weights = move_inactive((within * own["group_id"].map(share)).to_numpy(), active, takes)
    pairs = tuple((one, float(weight)) for one, weight, counts in zip(ids, weights, active, strict=True) if counts)
    return Weights(pairs, archetype, f"{method} of ranks, mode {mode}", _name_groups(criteria, dict(pairs)))


def weigh_rank_sum(ranks: Array) -> Array:
    """Return rank-sum weights, :math:`n + 1 - r` over its sum.

    Parameters
    ----------
    ranks : numpy.ndarray
        Ranks 1 (most important) to n, shape (n,).

    Returns
    -------
    numpy.ndarray
        Weights that sum to one, same shape.
    """
    points = len(ranks) + 1.0 - ranks
    return np.asarray(points / points.sum(), dtype=float)


def weigh_rank_order_centroid(ranks: Array) -> Array:
    """Return rank-order-centroid weights: the centre of all weights that respect the ranks.

    Parameters
    ----------
    ranks : numpy.ndarray
        Ranks 1 (most important) to n, shape (n,).

    Returns
    -------
    numpy.ndarray
        Weights that sum to one, same shape.
    """
    tails = np.cumsum(1.0 / np.arange(len(ranks), 0, -1))[::-1]
    points = tails[np.asarray(ranks, dtype=int) - 1]
    return np.asarray(points / points.sum(), dtype=float)


METHODS = {"rank-sum": weigh_rank_sum, "roc": weigh_rank_order_centroid}
"""How weights follow from ranks."""


def read_mode(criteria: Sequence[Criterion], mode: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which criteria count in a mode and which of them take the weight of the others, each of shape (criterion,)."""
    active = np.array([mode in one.active_in for one in criteria], dtype=bool)
    takes = active & np.array([mode in one.takes_in for one in criteria], dtype=bool)
    return active, takes if takes.any() else active


def move_inactive(weights: Array, active: NDArray[np.bool_], takes: NDArray[np.bool_]) -> Array:
    """Move the weight of criteria that do not count to those that take it, in proportion to their own (model rule M16).

    Parameters
    ----------
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,) or (draw, criterion).
    active, takes : numpy.ndarray
        Which criteria count and which take, shape (criterion,).

    Returns
    -------
    numpy.ndarray
        Weights that sum to one, same shape; 0 for a criterion that does not count.
    """
    takers = np.where(takes, weights, 0.0)
    idle = np.where(active, 0.0, weights).sum(axis=-1, keepdims=True)
    moved = np.where(active, weights, 0.0) + idle * takers / takers.sum(axis=-1, keepdims=True)
    return np.asarray(moved)


def _check_shares(shares: Mapping[str, float]) -> None:
    """Refuse shares that are no weights, all at once."""
    bad = {name: share for name, share in shares.items() if not math.isfinite(share) or share < 0}
    total = sum(shares.values())
    if bad:
        msg = f"weights must be numbers of at least 0; refused: {bad}"
        raise AssumptionError(msg)
    if total > 1.0 + SUM_SLACK:
        msg = f"weights {dict(shares)} sum to {total:g}; they may not pass 1"
        raise AssumptionError(msg)


def _name_groups(criteria: Sequence[Criterion], counting: Mapping[str, float]) -> tuple[tuple[str, str], ...]:
    """Return (name, criterion) pairs: each group under its id and the first word of its name."""
    pairs = [
        (name, one.criterion_id)
        for one in criteria
        for name in dict.fromkeys((one.group_id, one.group.casefold().split()[0].strip(",")))
        if one.criterion_id in counting
    ]
    return tuple(pairs)
