"""The days on which a plant's supplies leave the country that controls them (model rule M9)."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geokit.core.assumptions import Controls
from geokit.core.errors import AssumptionError

YEARLY = ("reagent", "material")
FURTHEST_YEARS = 30
"""A decision farther away than this is refused."""
LAST_YEARS = 9999
"""Fills beyond the last year that a date can hold are not counted."""


@dataclass(frozen=True)
class Stretch:
    """Years of a plant in which no clause changes.

    Attributes
    ----------
    days : mapping of str to datetime.date
        First day in it on which a clause binds, by kind of item; kinds that leave once have the same day in every stretch.
    fills : int
        Yearly fills of reagents and materials in it.
    """

    days: Mapping[str, dt.date]
    fills: int


def list_stretches(on: dt.date, controls: Controls, *, years: int = 1, marks: Sequence[str] = ()) -> tuple[Stretch, ...]:
    """Return the yearly fills of a plant, those without a change of law between them together.

    Parameters
    ----------
    on : datetime.date
        Date of the question.
    controls : Controls
        Day of the decision and lead times.
    years : int
        Years of plant life; the first fill is at commissioning, the next a year later.
    marks : sequence of str
        Days (ISO, sorted) on which some clause may change.

    Returns
    -------
    tuple of Stretch
        In order of time.

    References
    ----------
    Model rule M9: reagents bind in every year of life.
    """
    first = export_dates(on, controls)
    fills = [_add_months(first["reagent"], 12 * year) for year in range(min(years, LAST_YEARS))]
    place = np.searchsorted(np.array(marks, dtype=str), np.array([day.isoformat() for day in fills]), side="right")
    _, begins, counts = np.unique(place, return_index=True, return_counts=True)
    return tuple(Stretch({**first, **dict.fromkeys(YEARLY, fills[begin])}, int(count)) for begin, count in zip(begins, counts, strict=True))


def list_marks(*tables: pd.DataFrame) -> list[str]:
    """Return the days (ISO, sorted) on which rows with ``valid_from`` and ``valid_to_exclusive`` begin or end."""
    return sorted({day for table in tables for name in ("valid_from", "valid_to_exclusive") for day in table[name] if day})


def export_dates(on: dt.date, controls: Controls) -> dict[str, dt.date]:
    """Return the first day on which a clause binds, by kind of item.

    Equipment and the technology in its drawings leave at shipment; crews (services) at commissioning; reagents and
    materials from the first fill on, every year. A shipment is one day: no source gives its spread.

    Parameters
    ----------
    on : datetime.date
        Date of the question.
    controls : Controls
        Day of the decision or months to it, months to shipment and to commissioning.

    Returns
    -------
    dict of str to datetime.date
        Keys ``equipment``, ``technology``, ``service``, ``reagent``, ``material``.

    Raises
    ------
    AssumptionError
        If the decision lies before the question or too far after it.

    References
    ----------
    Model rule M9: the date that binds is the date of export.
    """
    start, months = (on, controls.months_to_fid) if controls.fid_on is None else (_check_decision(on, controls.fid_on), 0.0)
    to_shipment = months + controls.months_fid_to_shipment
    shipment = _add_months(start, to_shipment)
    commissioning = _add_months(start, to_shipment + controls.months_shipment_to_commissioning)
    late = dict.fromkeys(("service", *YEARLY), commissioning)
    return {"equipment": shipment, "technology": shipment, **late}


def _check_decision(on: dt.date, fid_on: dt.date) -> dt.date:
    """Return the day of the decision; refuse one before the question or too far after it."""
    last = _add_months(on, 12 * FURTHEST_YEARS)
    if on <= fid_on <= last:
        return fid_on
    rule = f"a decision falls on the day of the question or at most {FURTHEST_YEARS} years after it"
    msg = f"controls.fid_on = {fid_on}: {rule}; write a day from {on} to {last}, or null for months_to_fid"
    raise AssumptionError(msg)


def _add_months(day: dt.date, months: float) -> dt.date:
    """Return the day whole months later; the last of a month stays inside the month, the last of all days is the end."""
    years, month = divmod(day.month - 1 + round(months), 12)
    if day.year + years > dt.MAXYEAR:
        return dt.date.max
    return day.replace(year=day.year + years, month=month + 1, day=min(day.day, monthrange(day.year + years, month + 1)[1]))
