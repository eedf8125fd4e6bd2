"""What moved a result, shared fairly among the assumptions that changed."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from geokit.scoring.scaling import Array

EXACT = 8
"""Up to this many changes every combination is tried (2 to the power of it)."""


def share_change(worth: Callable[[frozenset[str]], Array], keys: Sequence[str], *, orders: int = 64, seed: int = 1) -> dict[str, Array]:
    r"""Return the part of each change in what all changes do together: its Shapley value.

    .. math:: \phi_k = \sum_{S \not\ni k} \frac{|S|!\,(n - |S| - 1)!}{n!} \left[ x(S \cup k) - x(S) \right]

    that is, what the change adds, averaged over the orders in which the changes could be made. Beyond :data:`EXACT` changes the
    average is over some orders drawn at random. The parts add up to the whole difference either way.

    Parameters
    ----------
    worth : callable
        From the changes that are made to the result, a number or an array of any shape; called once a combination.
    keys : sequence of str
        The changes.
    orders : int
        How many orders are drawn where there are too many.
    seed : int
        Seed of these.

    Returns
    -------
    dict of str to numpy.ndarray
        By change, the shape of the result.

    References
    ----------
    Shapley (1953), A value for n-person games. Contributions to the Theory of Games II, 307-317. Castro, Gomez and Tejada (2009),
    Polynomial calculation of the Shapley value based on sampling. Computers and Operations Research 36, 1726-1730.
    """
    look_up = functools.cache(lambda made: np.asarray(worth(made), dtype=float))
    parts = {key: np.zeros_like(look_up(frozenset())) for key in keys}
    for key, made, share in _weigh_exactly(keys) if len(keys) <= EXACT else _weigh_some(keys, orders, seed):
        parts[key] = parts[key] + share * (look_up(made | {key}) - look_up(made))
    return parts


def _weigh_exactly(keys: Sequence[str]) -> Iterable[tuple[str, frozenset[str], float]]:
    """Yield each change, each combination of the others before it, and the share of orders in which that is so."""
    count = len(keys)
    for key in keys:
        others = [other for other in keys if other != key]
        for size in range(count):
            share = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
            for before in itertools.combinations(others, size):
                yield key, frozenset(before), share


def _weigh_some(keys: Sequence[str], orders: int, seed: int) -> Iterable[tuple[str, frozenset[str], float]]:
    """Yield each change, what is made before it in an order drawn at random, and the share of that order."""
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    for _ in range(orders):
        order = [keys[place] for place in rng.permutation(len(keys))]
        for place, key in enumerate(order):
            yield key, frozenset(order[:place]), 1.0 / orders
