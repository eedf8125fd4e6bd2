"""How often a named closure happens: a count of events over the time in which they were counted."""

from __future__ import annotations

import calendar
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from geokit.network.build import COMMON_YEAR
from geokit.network.closures import list_months

DAYS_A_YEAR = 365.25
JEFFREYS = 0.5
"""Events added by Jeffreys' prior for the rate of a Poisson process."""
BAND = {"low": 0.1, "high": 0.9}
"""Ends of the band of a rate."""


def rate_closures(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    r"""Estimate how many events of each closure a year brings.

    .. math:: \lambda \mid N, T \sim \Gamma(N + \tfrac12,\; T), \qquad E[\lambda] = \frac{N + \tfrac12}{T}

    the posterior of a Poisson rate under Jeffreys' prior (H. Jeffreys, *Theory of Probability*, 1961), N events in T years.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``closures`` and ``closure_events``.

    Returns
    -------
    pandas.DataFrame
        Index ``closure_id``: ``events`` (N; rows of one event count once), ``years`` (T) and events a year ``low`` (P10), ``mode`` (mean)
        and ``high`` (P90). Without a window, or without an event that says how long one lasts, T and the rates are NaN: unknown.
    """
    closures = layers["closures"].set_index("closure_id")
    counts = layers["closure_events"].groupby("closure_id")["event"].nunique().reindex(closures.index, fill_value=0)
    first, last = (pd.to_datetime(closures[side], errors="coerce", format="ISO8601") for side in ("window_from", "window_to"))
    years = (((last - first).dt.days + 1) / DAYS_A_YEAR).where(counts > 0)
    shape = counts.to_numpy(dtype=float) + JEFFREYS
    ends = {side: gammaincinv(shape, share) / years for side, share in BAND.items()}
    return pd.DataFrame({"events": counts, "years": years, "low": ends["low"], "mode": shape / years, "high": ends["high"]})


def unknown_closures(layers: Mapping[str, pd.DataFrame], rates: pd.DataFrame) -> frozenset[str]:
    """Return the closures of which neither months nor a count is known, given :func:`rate_closures`."""
    closures = layers["closures"].set_index("closure_id")
    seasonal = closures["months"] != ""
    return frozenset(np.asarray(rates.index[rates["mode"].isna() & ~seasonal.reindex(rates.index)], dtype=str))


def share_of_year(layers: Mapping[str, pd.DataFrame], rates: pd.DataFrame) -> pd.Series[float]:
    r"""Return the share of the year on which something of each closure is shut, in the mean.

    .. math:: f = 1 - (1 - m)\,e^{-\lambda D / 365.25}

    with the share m of the year in months shut every year, by the calendar, and, independent of them, :math:`\lambda` events a year of D
    days each in the mean, the longest row of an event and the middle of few and many days: the share of time in which a queue with
    Poisson arrivals and any number of servers is not empty (L. Takacs, *Introduction to the Theory of Queues*, 1962).

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``closures`` and ``closure_events``.
    rates : pandas.DataFrame
        From :func:`rate_closures`.

    Returns
    -------
    pandas.Series
        Index ``closure_id``, 0-1; NaN where neither months nor a count is known.
    """
    events = layers["closure_events"]
    days = events.assign(days=(events["days_least"] + events["days_most"].fillna(events["days_least"])) / 2)
    length = days.groupby(["closure_id", "event"])["days"].max().groupby("closure_id").mean()
    spared = np.exp(-rates["mode"] * length.reindex(rates.index) / DAYS_A_YEAR)
    months = layers["closures"].set_index("closure_id")["months"].reindex(rates.index)
    lengths = {month: calendar.monthrange(COMMON_YEAR, month)[1] for month in range(1, 13)}
    season = months.map(lambda cell: sum(lengths[month] for month in list_months(cell)) / sum(lengths.values()) if cell else 0.0)
    known = rates["mode"].notna() | (months != "")
    return pd.Series(1.0 - (1.0 - season) * spared.fillna(1.0), dtype=float).where(known)
