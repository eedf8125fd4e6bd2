"""Cost surface of 3.55 million cells: ours against scikit-image's MCP_Geometric, the same answer, in one process; memory in one each."""

from __future__ import annotations

import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from skimage.graph import MCP_Geometric
from timing import MIB_PER_RSS

from geokit.network.surface import Grade, spread_cost

RUNS = 5
SHAPE = (1740, 2040)
SOURCE = (580, 680)
GOAL, GOAL_MEMORY, GOAL_DIFFERENCE = 3.0, 0.25, 1e-5
"""Times faster, share of the peer's extra memory, and largest relative difference of a cost."""
GRADE = Grade(steepest=0.08, up=20.0, down=7.0)


def make_friction(shape: tuple[int, int]) -> np.ndarray:
    """Return a rough friction from 1 to 20: a random surface whose spectrum falls with frequency to the power of 2.2."""
    wave = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None, :])
    wave[0, 0] = math.inf
    phase = np.random.default_rng(0).random(wave.shape)
    field = np.fft.irfft2(wave**-1.1 * np.exp(2j * np.pi * phase), s=shape)
    return 20.0 ** ((field - field.min()) / np.ptp(field))


def solve_ours(friction: np.ndarray) -> np.ndarray:
    """Return our costs."""
    return spread_cost(friction, [SOURCE]).cost


def solve_peer(friction: np.ndarray) -> np.ndarray:
    """Return the peer's costs, the building of its object included."""
    return MCP_Geometric(friction).find_costs([SOURCE])[0]


SOLVERS = {"ours": solve_ours, "peer": solve_peer}


def time_call(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def print_memory(name: str, path: Path) -> None:
    """Print by how many MiB one solution raises the peak memory of this process."""
    friction, solve = np.load(path), SOLVERS[name]
    solve(np.ones((SOURCE[0] + 1, SOURCE[1] + 1)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    solve(friction)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / MIB_PER_RSS)


def measure_memory(path: Path) -> dict[str, float]:
    """Write the friction and return the extra memory of both solutions, MiB; a process each, as a child starts from its parent's peak."""
    call = [sys.executable, __file__]
    subprocess.run([*call, "--make", str(path)], check=True)
    runs = {name: subprocess.run([*call, "--memory", name, str(path)], check=True, capture_output=True, text=True) for name in SOLVERS}
    return {name: float(run.stdout) for name, run in runs.items()}


def compare(friction: np.ndarray, memory: dict[str, float]) -> bool:
    """Time both in turn, compare their answers, print all and return whether the goals are met."""
    ours, theirs = solve_ours(friction), solve_peer(friction)
    worst = float(np.max(np.abs(ours - theirs) / np.maximum(theirs, 1.0)))
    pairs = [(time_call(lambda: solve_ours(friction)), time_call(lambda: solve_peer(friction))) for _ in range(RUNS)]
    ratio = statistics.median(peer / own for own, peer in pairs)
    own, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
    share = memory["ours"] / memory["peer"]
    print(
        f"{friction.size / 1e6:.2f} million cells, 8 neighbours: {own:.2f} s, MCP_Geometric takes {ratio:.1f} times as long (goal {GOAL:g})"
    )
    print(
        f"  MCP_Geometric: {peer:.2f} s; extra memory {memory['ours']:.0f} of {memory['peer']:.0f} MiB, {share:.2f} (goal {GOAL_MEMORY:g})"
    )
    print(f"  largest relative difference of a cost: {worst:.1e} (goal {GOAL_DIFFERENCE:g})")
    return worst <= GOAL_DIFFERENCE and ratio >= GOAL and share <= GOAL_MEMORY


def main(*arguments: str) -> int:
    """Run one part in a process of its own, or all; return 1 if a goal is missed."""
    match arguments:
        case ("--make", path):
            np.save(path, make_friction(SHAPE))
            return 0
        case ("--memory", name, path):
            print_memory(name, Path(path))
            return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "friction.npy")
        memory = measure_memory(path)
        friction = np.load(path)
    met = compare(friction, memory)
    uphill = [time_call(lambda: spread_cost(friction, [SOURCE], steps=16, elevation=friction * 50, grade=GRADE)) for _ in range(3)]
    print(f"  16 steps with climb and descent, no peer here: {statistics.median(uphill[1:]):.2f} s")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
