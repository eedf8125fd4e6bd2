"""Weights: judgements, shown as such, with who made them and how (model rule M20)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

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
    """

    pairs: tuple[tuple[str, float], ...]
    who: str
    method: str

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
        lines = [f"  {one:<4} {weight:6.3f} {'█' * round(weight * 100)}" for one, weight in sorted(self.pairs, key=lambda p: -p[1])]
        return "\n".join([f"Weights of {self.who} ({self.method})", *lines])

    @classmethod
    def given(
        cls, shares: Mapping[str, float], criteria: Sequence[Criterion], *, base: Mapping[str, float], who: str = "user"
    ) -> Weights:
        """Return weights in which some are given and the others keep their proportions.

        The sum is locked: what is left of one goes to the criteria that were not named, in proportion to their weights in ``base``.
        A group may be named instead of a criterion; its share is divided in proportion to the weights of its criteria in ``base``.

        Parameters
        ----------
        shares : mapping of str to float
            Weight by criterion (``D1``) or by group (``dep``, ``dependency``), 0-1.
        criteria : sequence of Criterion
            All criteria.
        base : mapping of str to float
            The weights to start from; its keys are the criteria that count.
        who : str
            Whose judgement it is.

        Returns
        -------
        Weights
            Over the criteria of ``base``, summing to one.

        Raises
        ------
        UnknownNameError
            If a name is neither a criterion that counts nor a group.
        AssumptionError
            If a share is negative or no number, a criterion is named twice, or the sum cannot be one.
        """
        _check_shares(shares)
        fixed: dict[str, float] = {}
        for name, share in shares.items():
            part = _divide(share, _members(name, criteria, base), base)
            if fixed.keys() & part.keys():
                msg = f"weight {name!r} names {sorted(fixed.keys() & part.keys())} a second time; name a group or its criteria, not both"
                raise AssumptionError(msg)
            fixed |= part
        others = [one for one in base if one not in fixed]
        left = 1.0 - sum(fixed.values())
        if not others and abs(left) > SUM_SLACK:
            msg = f"weights sum to {1.0 - left:g}, not 1, and no criterion is left to take the rest"
            raise AssumptionError(msg)
        fixed |= _divide(max(left, 0.0), others, base)
        return cls(tuple((one, fixed[one]) for one in base), who, "given, others scaled to keep the sum")


def derive_weights(
    ranks: pd.DataFrame, criteria: Sequence[Criterion], archetype: str, mode: str, *, method: str = "rank-sum"
) -> Weights:
    r"""Return the weights that follow from the ranks of an archetype.

    The weight of a criterion is the weight of its group times its weight within the group. Both follow from ranks
    :math:`r = 1 \dots n`, by rank sum :math:`w_r = 2 (n + 1 - r) / (n (n + 1))` or by rank order centroid
    :math:`w_r = \frac{1}{n} \sum_{k = r}^{n} \frac{1}{k}`. All criteria take part; then the weight of those that do not count in the
    mode moves to those that take it, in proportion to their own weights, so each risk counts once (model rule M16).

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
    Stillwell, Seaver and Edwards (1981), A comparison of weight approximation techniques in multiattribute utility decision
    making. Organizational Behavior and Human Performance 28, 62-77.
    """
    for kind, name, known in (
        ("mode", mode, MODES), ("method", method, tuple(METHODS)), ("archetype", archetype, sorted(set(ranks["archetype"]))),
    ):
        if name not in known:
            raise UnknownNameError(kind, name, known)
    own = ranks[ranks["archetype"] == archetype].set_index("criterion_id")
    unranked = [one.criterion_id for one in criteria if one.criterion_id not in own.index]
    if unranked:
        raise UnknownNameError(f"criterion in the ranks of {archetype}", unranked[0], list(own.index))
    own = own.loc[[one.criterion_id for one in criteria]]
    groups = own.drop_duplicates("group_id").set_index("group_id")["group_rank"]
    share = pd.Series(METHODS[method](groups.to_numpy()), groups.index)
    within = own.groupby("group_id")["within_rank"].transform(lambda r: METHODS[method](r.to_numpy()))
    weights = _move_inactive(within * own["group_id"].map(share), criteria, mode)
    return Weights(tuple((str(one), float(weight)) for one, weight in weights.items()), archetype, f"{method} of ranks, mode {mode}")


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


def _move_inactive(weights: pd.Series, criteria: Sequence[Criterion], mode: str) -> pd.Series:
    """Move the weight of criteria that do not count to those that take it (all that count, when none does)."""
    active = np.array([mode in one.active_in for one in criteria])
    takes = active & [mode in one.takes_in for one in criteria]
    takers = weights.where(takes if takes.any() else active, 0.0)
    moved = weights + weights[~active].sum() * takers / takers.sum()
    return moved[active]


def _check_shares(shares: Mapping[str, float]) -> None:
    """Refuse shares that are no weights, all at once."""
    bad = {name: share for name, share in shares.items() if not (math.isfinite(share) and share >= 0)}
    total = sum(shares.values())
    if bad:
        msg = f"weights must be numbers of at least 0; refused: {bad}"
        raise AssumptionError(msg)
    if total > 1.0 + SUM_SLACK:
        msg = f"weights {dict(shares)} sum to {total:g}; they may not pass 1"
        raise AssumptionError(msg)


def _members(name: str, criteria: Sequence[Criterion], base: Mapping[str, float]) -> list[str]:
    """Return the criteria that a user means: one criterion, or those of the group with this id or first word."""
    if name in base:
        return [name]
    members = [
        one.criterion_id
        for one in criteria
        if name.casefold() in {one.group_id, one.group.casefold(), one.group.casefold().split()[0].strip(",")}
    ]
    counting = [one for one in members if one in base]
    if not counting:
        groups = {one.group_id for one in criteria}
        raise UnknownNameError("criterion that counts here, or group", name, [*base, *sorted(groups)])
    return counting


def _divide(share: float, members: Sequence[str], base: Mapping[str, float]) -> dict[str, float]:
    """Divide a share among criteria in proportion to their weights, evenly if they have none."""
    total = sum(base[one] for one in members)
    return {one: share * (base[one] / total if total > 0 else 1.0 / len(members)) for one in members}
