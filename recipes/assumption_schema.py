"""Write docs/assumptions.schema.json: the JSON Schema that editors check an assumptions file against."""

from __future__ import annotations

import json
from pathlib import Path

from geokit.study.describe import build_schema

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write the schema."""
    text = json.dumps(build_schema(), indent=1, ensure_ascii=False)
    (ROOT / "docs" / "assumptions.schema.json").write_text(f"{text}\n", encoding="utf8")


if __name__ == "__main__":
    main()
