"""The main job for all partners as one whole process, beside networkx finding the same land routes and nothing else."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from timing import report, time_pairs

RUNS = 3


def main() -> int:
    """Time both; return 1 if the goal is missed."""
    peer = [sys.executable, str(Path(__file__).with_name("routing.py")), "--peer-only"]
    with tempfile.TemporaryDirectory() as folder:
        pairs = time_pairs([sys.executable, "-m", "geokit", "run", "--out", folder], peer, runs=RUNS)
    return int(not report("geokit run, all partners", pairs, peer="networkx, routes only", goal_s=90))


if __name__ == "__main__":
    sys.exit(main())
