"""What was assumed, figure by figure, in the words of its own field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from geokit.core.assumptions import Spread
from geokit.outputs.style import THIN_SPACE, format_words

UNITS = (
    ("usd_per_t", "USD/t"),
    ("km_per_h", "km/h"),
    ("per_usd", "for one USD"),
    ("months", "months"),
    ("_frac", "share, 0 to 1"),
    ("_km", "km"),
    ("_hours", "h"),
    ("_years", "years"),
    ("_year", "year"),
    ("parcel_t", "t"),
    ("samples", "draws"),
)
"""Part of the name of an assumption and the unit that it says, the first that fits."""


def list_assumed(section: BaseModel, prefix: str = "") -> Iterator[dict[str, Any]]:
    """Yield every assumed figure; words and the seed are no figures.

    Parameters
    ----------
    section : pydantic.BaseModel
        The assumptions, or a group of them.
    prefix : str
        Path of the group.

    Yields
    ------
    dict
        ``name`` (path), ``value`` (in words), ``low``, ``mode`` and ``high`` (None where it is no single figure), ``unit`` and ``words``,
        the sentence that its field states.
    """
    for name, about in type(section).model_fields.items():
        value, path = getattr(section, name), f"{prefix}{name}"
        if isinstance(value, BaseModel) and not isinstance(value, Spread):
            yield from list_assumed(value, f"{path}.")
        elif not isinstance(value, str) and name != "seed":
            yield {"name": path, "value": _tell(value), **_take_apart(value), "unit": _unit_of(name), "words": about.description or ""}


def _take_apart(value: object) -> dict[str, float | None]:
    """Return the ends and the mode of a figure; a certain one is its own ends."""
    if isinstance(value, Spread):
        return {"low": value.low, "mode": value.mode, "high": value.high}
    figure = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return dict.fromkeys(("low", "mode", "high"), figure)


def _tell(value: object, between: str = "; ") -> str:
    """Return an assumed figure as printed: a spread by its ends and mode, a mapping by its entries, a year without a thousands mark."""
    if isinstance(value, Spread):
        return f"{value.low:g} to {value.high:g}, mode {value.mode:g}"
    if isinstance(value, Mapping):
        return between.join(f"{key} {_tell(entry, ', ')}" for key, entry in value.items())
    return f"{value:,.9g}".replace(",", THIN_SPACE) if isinstance(value, float) else format_words(str(value))


def _unit_of(name: str) -> str:
    """Return the unit that the name of an assumption states."""
    return next((unit for part, unit in UNITS if part in name), "no unit")
