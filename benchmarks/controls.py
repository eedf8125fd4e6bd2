"""All stages, partners and regimes with their delays, beside numpy drawing each block's delay on its own and nothing else."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import get_args

import numpy as np
import pandas as pd
from timing import MIB_PER_RSS

from geokit import Assumptions, Case, read_assumptions, read_layers
from geokit.core.assumptions import Regime
from geokit.core.codes import Track
from geokit.dependency.flowsheet import list_blocks, touch_blocks
from geokit.dependency.solve import solve_track

RUNS = 3
SAMPLES = 10_000
GOAL_S = 5.0
REGIMES = get_args(Regime)
ANCHORS = (2.5, 12.0, 30.0)
"""Months that a substitute takes, flowsheet dossier: what the peer draws."""


def solve(layers: Mapping[str, pd.DataFrame], case: Case, assumptions: Assumptions) -> int:
    """Solve every stage for every partner under every regime; return the number of answers."""
    ties, partners = touch_blocks(layers), layers["partner_profiles"][["partner_id", "profile"]]
    tables = [
        solve_track(layers, ties, case, assumptions=assumptions.replace(controls__regime=name)).plants.merge(partners) for name in REGIMES
    ]
    return sum(len(table) for table in tables)


def draw(layers: Mapping[str, pd.DataFrame]) -> int:
    """Draw the same number of delays block by block, each with its own random numbers; return the number of answers."""
    rng, answers = np.random.default_rng(1), 0
    stages = list_blocks(layers).groupby("stage_id").size()
    for count in stages:
        for _ in range(len(layers["partner_profiles"]) * len(REGIMES)):
            waits = [np.where(rng.random(SAMPLES) < 0.25, rng.triangular(*ANCHORS, SAMPLES), 0.0) for _ in range(count)]
            np.quantile(np.max(waits, axis=0), [0.1, 0.5, 0.8, 0.9])
            answers += 1
    return answers


def time_call(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> int:
    """Time both in turn; return 1 if they give another number of answers or the goal is missed."""
    layers, assumptions = read_layers(), read_assumptions().replace(controls__samples=SAMPLES)
    case = Case("korea", layers.verified_on, Track.TEXT, layers.verified_on)
    ours, theirs = solve(layers, case, assumptions), draw(layers)
    pairs = [(time_call(lambda: solve(layers, case, assumptions)), time_call(lambda: draw(layers))) for _ in range(RUNS)]
    seconds, ratio = statistics.median(a for a, _ in pairs), statistics.median(a / b for a, b in pairs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB_PER_RSS
    verdict = "met" if seconds <= GOAL_S else "MISSED"
    print(f"{ours} answers (stages x partners x regimes) of {SAMPLES} draws: {seconds:.2f} s, goal {GOAL_S:g} s {verdict}, {peak:.0f} MiB")
    print(f"  numpy drawing each block on its own: {statistics.median(b for _, b in pairs):.2f} s, ratio {ratio:.2f}")
    return int(ours != theirs or seconds > GOAL_S)


if __name__ == "__main__":
    sys.exit(main())
