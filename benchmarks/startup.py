"""How long until the first word: ``import geokit`` and ``geokit --help`` as whole processes, beside the libraries they stand on."""

from __future__ import annotations

import sys

from timing import report, time_pairs

RUNS = 9


def main() -> int:
    """Time both; return 1 if a goal is missed."""
    python = [sys.executable, "-c"]
    verdicts = [
        report(
            "import geokit",
            time_pairs([*python, "import geokit"], [*python, "import pandas"], runs=RUNS),
            peer="import pandas",
            goal_s=0.3,
        ),
        report(
            "geokit --help",
            time_pairs([sys.executable, "-m", "geokit", "--help"], [*python, "import typer"], runs=RUNS),
            peer="import typer",
            goal_s=0.6,
        ),
    ]
    return int(not all(verdicts))


if __name__ == "__main__":
    sys.exit(main())
