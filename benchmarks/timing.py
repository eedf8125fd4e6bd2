"""Time whole processes in turn with a peer, so that a slow moment of the machine strikes both."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

MIB_PER_RSS = 2**10 if sys.platform != "darwin" else 2**20
"""Units of the peak memory that the operating system reports, in a MiB: KiB on Linux, bytes on macOS."""


@dataclass(frozen=True)
class Run:
    """One process from start to exit.

    Attributes
    ----------
    wall_s : float
        Wall-clock time in seconds.
    peak_mib : float
        Largest resident memory in MiB.
    """

    wall_s: float
    peak_mib: float


def time_process(command: Sequence[str]) -> Run:
    """Run a program to its end.

    Parameters
    ----------
    command : sequence of str
        Program and arguments; what it prints is thrown away.

    Returns
    -------
    Run
        Time and memory of that process alone.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        msg = f"{' '.join(command)} ended with {process.returncode}; run it by hand to see why"
        raise RuntimeError(msg)
    return Run(wall, usage.ru_maxrss / MIB_PER_RSS)


def time_pairs(ours: Sequence[str], peer: Sequence[str], *, runs: int) -> tuple[list[Run], list[Run]]:
    """Run our program and the peer's in turn, once each to warm up and then ``runs`` times each."""
    pairs = [(time_process(ours), time_process(peer)) for _ in range(runs + 1)][1:]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def report(name: str, pairs: tuple[list[Run], list[Run]], *, peer: str, goal_s: float) -> bool:
    """Print medians, the median of the ratios pair by pair, and whether the goal is met."""
    ours, others = pairs
    wall, other = (statistics.median(run.wall_s for run in side) for side in pairs)
    ratio = statistics.median(a.wall_s / b.wall_s for a, b in zip(ours, others, strict=True))
    verdict = "met" if wall <= goal_s else "MISSED"
    print(f"{name:<28}{wall:7.2f} s   goal {goal_s:g} s {verdict:<7}{max(run.peak_mib for run in ours):7.0f} MiB")
    print(f"{'  ' + peer:<28}{other:7.2f} s   ratio {ratio:.2f}{'':<8}{max(run.peak_mib for run in others):7.0f} MiB")
    return wall <= goal_s
