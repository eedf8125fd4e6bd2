"""How often new controls come, and the chance of one by some day, from a short record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv

from geokit.core.codes import State, Track
from geokit.dependency.flowsheet import COUNTED_EFFECTS, COUNTED_LINKS
from geokit.dependency.market import is_home

Array = NDArray[np.float64]

DAYS_PER_YEAR = 365.25
PRIOR_EVENTS = 0.5
"""Events that the prior of Jeffreys adds to the record of a Poisson process."""
CREDIBLE = (0.05, 0.95)
"""Ends of the range of the rate, as shares of its posterior."""


def rate_controls(events: ArrayLike, years: ArrayLike) -> Array:
    r"""Return the rate at which new controls come, by the mean of its posterior under the prior of Jeffreys.

    .. math:: \lambda = \frac{N + 1/2}{T}

    Parameters
    ----------
    events : array_like
        New controls N in the record, any shape.
    years : array_like
        Length T of the record, years.

    Returns
    -------
    numpy.ndarray
        1/year; where nothing ever happened it comes from the prior alone, so show it as a sensitivity.

    References
    ----------
    H. Jeffreys, An invariant form for the prior probability in estimation problems, Proc. R. Soc. A 186 (1946) 453-461;
    flowsheet dossier, section 4.2.
    """
    return np.asarray((np.asarray(events, dtype=float) + PRIOR_EVENTS) / np.asarray(years, dtype=float), dtype=float)


def meet_control(rate: ArrayLike, years: ArrayLike) -> Array:
    r"""Return the chance of at least one new control in some years at a constant rate.

    .. math:: p = 1 - e^{-\lambda h}

    Parameters
    ----------
    rate : array_like
        Rate, 1/year.
    years : array_like
        Years h ahead.

    Returns
    -------
    numpy.ndarray
        0-1.
    """
    return np.asarray(-np.expm1(-np.asarray(rate, dtype=float) * np.asarray(years, dtype=float)), dtype=float)


def spread_chance(events: float, record_years: float, years: float) -> tuple[float, float, float]:
    r"""Return the chance of a new control at the low end, the mean and the high end of the rate.

    The posterior of the rate is a gamma distribution of shape N + 1/2 and rate T; its ends are the 5th and the 95th percentile.

    Parameters
    ----------
    events : float
        New controls in the record.
    record_years : float
        Length of the record, years.
    years : float
        Years ahead.

    Returns
    -------
    (float, float, float)
        Low, mode and high, 0-1; the middle one is at the mean of the rate, not the mean of the chance.
    """
    low, high = gammaincinv(events + PRIOR_EVENTS, CREDIBLE) / record_years
    found = meet_control([low, rate_controls(events, record_years), high], years)
    return float(found[0]), float(found[1]), float(found[2])


def measure_record(layers: Mapping[str, pd.DataFrame], known_on: dt.date) -> float:
    """Return the length of the record of the country whose controls enter the figures, years.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``instruments``, ``clauses`` and ``status_events``.
    known_on : datetime.date
        Last day of the record.

    Returns
    -------
    float
        From the first day on which any of its clauses that can withhold a supply was in force by the text.
    """
    events = layers["status_events"].merge(_list_clauses(layers), on="clause_id")
    begun = events[(events["track"] == Track.TEXT) & (events["state"] == State.IN_FORCE) & (events["valid_from"] != "")]
    return (known_on - dt.date.fromisoformat(begun["valid_from"].min())).days / DAYS_PER_YEAR


def count_controls(layers: Mapping[str, pd.DataFrame], known_on: dt.date) -> pd.Series:
    """Return how many new controls touched each technique class.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``classes``, ``class_items``, ``clauses`` and ``instruments``.
    known_on : datetime.date
        Instruments issued later do not count.

    Returns
    -------
    pandas.Series
        Events by ``class_id``; instruments issued on one day are one event, for they come together. Zero where no clause that can
        withhold a supply touches the class.
    """
    links = layers["class_items"][layers["class_items"]["link"].isin(COUNTED_LINKS)]
    ties = links.merge(_list_clauses(layers), on="clause_id")
    known = ties[(ties["issued"] != "") & (ties["issued"] <= known_on.isoformat())]
    days = known.groupby("class_id")["issued"].nunique()
    return days.reindex(layers["classes"]["class_id"], fill_value=0)


def _list_clauses(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the clauses of the country whose controls count that can withhold a supply, with the day on which they were issued."""
    own = layers["instruments"][layers["instruments"]["issuer"].map(is_home)]
    clauses = layers["clauses"][layers["clauses"]["effect"].isin(COUNTED_EFFECTS)]
    return clauses[["clause_id", "instrument_id"]].merge(own[["instrument_id", "issued"]], on="instrument_id")
