"""Assumptions as lines to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from geokit.outputs.style import mark_controls

if TYPE_CHECKING:
    import pandas as pd

GRADES = {"M": "M, carried over from the sources named", "A": "A, an assumption"}
WIDEST = 34
"""Signs of a value in the list; a longer one is told by itself."""


def list_assumptions(table: pd.DataFrame) -> Iterator[tuple[str, bool]]:
    """Yield one line an assumption, section by section: name, value with its range, unit, grade.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`geokit.study.describe.describe` returns it.

    Yields
    ------
    tuple of str and bool
        A line and whether it is a heading.
    """
    sections = table["name"].str.rpartition(".")[0]
    for section, rows in table.groupby(sections.where(sections != "", "general"), sort=False):
        yield str(section), True
        for row in rows.to_dict("records"):
            value = _say_value(row)
            shown = value if len(value) <= WIDEST else f"{value[: WIDEST - 3]}..."
            mark = "changed" if row["is_changed"] else row["grade"]
            yield f"  {row['name'].rpartition('.')[2]:<38} {mark_controls(shown):<{WIDEST}} {mark}", False
    yield "Tell me about one", True
    yield "geokit assumptions --describe NAME, as parcel_t; change it with --set NAME=VALUE", False


def tell_assumptions(table: pd.DataFrame) -> Iterator[tuple[str, bool]]:
    """Yield everything about some assumptions.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`geokit.study.describe.describe` returns it.

    Yields
    ------
    tuple of str and bool
        A line and whether it is a heading.
    """
    for row in table.to_dict("records"):
        yield str(row["name"]), True
        changed = " (changed)" if row["is_changed"] else ""
        yield f"  value    {_say_value(row)}{changed}", False
        if row["range"] and " to " not in row["range"]:
            yield f"  allowed  {row['range']}", False
        yield f"  grade    {GRADES[row['grade']]}", False
        yield f"  source   {row['source_ids'] or 'none'}", False
        yield f"  basis    {row['basis'] or 'our judgement; nobody was quoted'}", False
        yield f"  meaning  {row['meaning'].replace('`', '')}", False


def _say_value(row: Mapping[Any, Any]) -> str:
    """Return a value with its range and unit; none of both where it is not set."""
    span = f" ({row['range']})" if " to " in row["range"] else ""
    unit = {"0-1": "as a share", "dimensionless": ""}.get(row["unit"], row["unit"])
    return str(row["value"]) if row["value"] in {"not set", "none"} else f"{row['value']}{span} {unit}".strip()
