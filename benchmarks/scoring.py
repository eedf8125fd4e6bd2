"""Scores under many sets of weights as matrix products, and ranks with acceptability, beside a loop over pymcdm."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pymcdm.methods as peers
from numpy.typing import NDArray

from geokit.scoring.draws import FactDraws
from geokit.scoring.methods import weighted_sum
from geokit.scoring.promethee import promethee
from geokit.scoring.simplex import StatedOrder
from geokit.scoring.smaa import accept_ranks
from geokit.scoring.topsis import topsis
from geokit.scoring.vikor import vikor

Array = NDArray[np.float64]
ALTERNATIVES, CRITERIA, DRAWS = 1000, 12, 10_000
RUNS = 3
PEER_CALLS = {"weighted sum": 20, "TOPSIS": 20, "VIKOR": 20, "PROMETHEE II": 2}
SCORES_GOAL, RANKS_GOAL, SLACK = 100.0, 20.0, 2e-12
TYPES = np.ones(CRITERIA)


def list_methods() -> dict[str, tuple[Callable[[Array, Array], Array], Callable[..., Array]]]:
    """Return ours and the peer's score of each method, of the same scaled values by the same definition."""
    return {
        "weighted sum": (weighted_sum, peers.WSM(same)),
        "TOPSIS": (lambda v, w: topsis(v, w, relative=True), peers.TOPSIS(same)),
        "VIKOR": (lambda v, w: vikor(v, w, relative=True), peers.VIKOR()),
        "PROMETHEE II": (promethee, peers.PROMETHEE_II("usual")),
    }


def same(column: Array, cost: bool = False) -> Array:  # noqa: ARG001, FBT001, FBT002 (signature of the peer)
    """Return a column that is scaled already."""
    return column


def time_call(call: Callable[[], object]) -> float:
    """Return the median time of a call in seconds."""
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def time_peer(peer: Callable[..., Array], v: Array, weights: Array) -> tuple[float, float]:
    """Return the times of the peer's loop over a few sets of weights, plain and with its checks off, scaled to all draws, in seconds."""
    seconds = [time_call(lambda checked=checked: [peer(v, one, TYPES, validation=checked) for one in weights]) for checked in (True, False)]
    return seconds[0] * DRAWS / len(weights), seconds[1] * DRAWS / len(weights)


def rank_peer(v: Array, weights: Array, types: Array, *, validation: bool) -> Array:
    """Return the ranks by the peer."""
    method = peers.WSM(same)
    return method.rank(method(v, weights, types, validation=validation))


def report(name: str, ours_s: float, peer_s: tuple[float, float], *, goal: float) -> bool:
    """Print the times and their ratios; return whether the goal is met by the peer's plain call."""
    plain, bare = (seconds / ours_s for seconds in peer_s)
    verdict = "met" if plain >= goal else "MISSED"
    print(f"{name:<26}{ours_s:7.3f} s   pymcdm {peer_s[0]:7.1f} s: {plain:6.0f} times, goal {goal:g} {verdict}", end="")
    print(f"   its checks off {peer_s[1]:7.1f} s: {bare:6.0f} times")
    return plain >= goal


def main() -> int:
    """Time every method, then ranks with acceptability; return 1 if an answer differs or a goal is missed."""
    rng = np.random.default_rng(1)
    x = rng.random((ALTERNATIVES, CRITERIA))
    v = (x - x.min(axis=0)) / np.ptp(x, axis=0)
    weights, verdicts = rng.dirichlet(TYPES, DRAWS), []
    for name, (ours, peer) in list_methods().items():
        few = weights[: PEER_CALLS[name]]
        difference = float(np.abs(ours(v, few) - np.column_stack([peer(v, one, TYPES) for one in few])).max())
        ours_s = time_call(lambda ours=ours: ours(v, weights))
        verdicts += [difference <= SLACK, report(name, ours_s, time_peer(peer, v, few), goal=SCORES_GOAL)]
    every = np.ones(CRITERIA, dtype=bool)
    order = StatedOrder(np.zeros(CRITERIA, dtype=np.int64), np.ones(1), np.ones(CRITERIA), every, every)
    facts = FactDraws(v, v, v, (), np.empty((0, 3)), 1)
    ours_s = time_call(lambda: accept_ranks(order, facts, samples=DRAWS, places=ALTERNATIVES))
    verdicts.append(report("ranks and acceptability", ours_s, time_peer(rank_peer, v, weights[:20]), goal=RANKS_GOAL))
    return int(not all(verdicts))


if __name__ == "__main__":
    sys.exit(main())
