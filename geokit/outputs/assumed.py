"""What was assumed, figure by figure, as reports print it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from geokit.core.assumptions import Assumptions, Spread
from geokit.outputs.style import THIN_SPACE, format_words
from geokit.study.describe import describe, list_fields

UNITS = (
    ("usd_per_t", "USD/t"), ("per_usd", "for one USD"), ("_frac", "0-1"), ("months", "months"), ("_year", "year"), ("samples", "draws"),
)  # fmt: skip
"""Part of the name of an assumption whose sentence names no unit, and the unit that it says; the first that fits."""


def list_assumed(assumptions: Assumptions, sources: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield every assumed figure; words and the seed are no figures.

    Parameters
    ----------
    assumptions : Assumptions
        Those in use.
    sources : sequence of str
        Ids of the sources of the layers, as for :func:`geokit.study.describe.describe`.

    Yields
    ------
    dict
        ``name`` (path), ``value`` (in words), ``low``, ``mode`` and ``high`` (None where it is no single figure), ``unit``, ``grade`` and
        ``words``, the sentence that its field states.
    """
    values = dict(list_fields(assumptions))
    for row in describe(assumptions, sources=sources).to_dict("records"):
        name, value = row["name"], values[row["name"]]
        if isinstance(value, str) or name == "seed":
            continue
        unit, words = row["unit"] or _find_unit(name), " ".join(row["meaning"].replace("``", "").split())
        yield {"name": name, "value": _tell(value), **_take_apart(value), "unit": unit, "grade": row["grade"], "words": words}


def _take_apart(value: object) -> dict[str, float | None]:
    """Return the ends and the mode of a figure; a certain one is its own ends."""
    if isinstance(value, Spread):
        return {"low": value.low, "mode": value.mode, "high": value.high}
    figure = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return dict.fromkeys(("low", "mode", "high"), figure)


def _tell(value: object, between: str = "; ") -> str:
    """Return an assumed figure as printed: a spread by its ends and mode, a mapping by its entries, a year without a thousands mark."""
    if value is None or value in ({}, ()):
        return "not set"
    if isinstance(value, Spread):
        return f"{value.low:g} to {value.high:g}, mode {value.mode:g}"
    if isinstance(value, Mapping):
        return between.join(f"{key} {_tell(entry, ', ')}" for key, entry in value.items())
    return f"{value:,.9g}".replace(",", THIN_SPACE) if isinstance(value, float) else format_words(str(value))


def _find_unit(name: str) -> str:
    """Return the unit that the name of an assumption states."""
    return next((unit for part, unit in UNITS if part in name), "no unit")
