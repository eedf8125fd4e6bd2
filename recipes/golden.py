"""Write tests/golden/six_sites.csv, the ranks of a small frozen study: ``python recipes/golden.py``.

Six sites that pull in different directions (a port estate, a zone near it, a rail junction inland, a zone in the north, a zone of the
west, a mine site) and every way of doing less, for two partners on both readings of the law. Who runs this names each change of rank and its cause in
CHANGELOG.md, together with the fingerprint that this script prints.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.golden.frozen import rank_frozen

PATH = Path(__file__).resolve().parents[1] / "tests" / "golden" / "six_sites.csv"


def main() -> None:
    """Write the file and print its fingerprint."""
    text = rank_frozen().to_csv(index=False, lineterminator="\n")
    PATH.write_text(text, encoding="utf8")
    print(hashlib.sha256(text.encode()).hexdigest()[:12])


if __name__ == "__main__":
    main()
