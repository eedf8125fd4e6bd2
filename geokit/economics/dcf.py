"""Discounted cash flow: the bare functions, each with its convention said aloud."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from geokit.economics.bands import Floats


def annuity_factor(rate: npt.ArrayLike, years: int) -> Floats:
    """Return the present value of one unit at the end of each year.

    a = (1 - (1 + r)^-n) / r.

    - a zero rate gives the number of years;
    - zero years give zero.

    Parameters
    ----------
    rate : array_like of float
        Discount rate, 1/year as a fraction.
    years : int
        Number of payments.

    Returns
    -------
    numpy.ndarray
        Years' worth, same shape as ``rate``.

    Examples
    --------
    >>> float(annuity_factor(0.0, 20))
    20.0
    >>> round(float(annuity_factor(0.10, 2)), 6)
    1.735537
    """
    rates = np.asarray(rate, dtype=float)
    safe = np.where(rates == 0.0, 1.0, rates)
    return np.where(rates == 0.0, float(years), -np.expm1(-years * np.log1p(safe)) / safe)


def npv(rate: float, flows: Sequence[float], *, first_period: int = 0) -> float:
    """Return the net present value of yearly flows.

    NPV = sum of flow_k / (1 + r)^(k + first_period), k = 0, 1, ...

    Parameters
    ----------
    rate : float
        Discount rate, 1/year as a fraction.
    flows : sequence of float
        Flows in order, money.
    first_period : int
        0 when the first flow falls today (the convention of this package), 1 when it falls at the end of the first year, as
        spreadsheets have it.

    Returns
    -------
    float
        Money of today.
    """
    periods = np.arange(len(flows)) + first_period
    return float(np.sum(np.asarray(flows, dtype=float) / (1.0 + rate) ** periods))


def irr(flows: Sequence[float], *, bracket: tuple[float, float] = (-0.99, 10.0)) -> float:
    """Return the rate at which the net present value is nil.

    Parameters
    ----------
    flows : sequence of float
        Flows in order, the first today; they must change sign.
    bracket : tuple of float
        Rates between which the answer is looked for, 1/year as a fraction.

    Returns
    -------
    float
        1/year as a fraction; NaN when the value does not change sign within the bracket.
    """
    low, high = (npv(rate, flows) for rate in bracket)
    if not low * high < 0:
        return float("nan")
    return float(brentq(lambda rate: npv(rate, flows), *bracket, xtol=1e-12))


def level_npv(investment: npt.ArrayLike, yearly: npt.ArrayLike, rate: npt.ArrayLike, *, life_years: int, construction_years: int) -> Floats:
    """Return the value of a plant that costs once and earns the same every year, before tax.

    NPV = -I + C x a(r, life) / (1 + r)^construction: the investment falls at year 0, the first of the yearly flows at the end of
    year construction + 1.

    Parameters
    ----------
    investment, yearly : array_like of float
        Outlay at year 0 and cash flow of each operating year, same money.
    rate : array_like of float
        Discount rate, 1/year as a fraction.
    life_years, construction_years : int
        Years of operation and years before it.

    Returns
    -------
    numpy.ndarray
        Money of today.
    """
    factor = present_factor(rate, life_years=life_years, construction_years=construction_years)
    return np.asarray(-np.asarray(investment, dtype=float) + np.asarray(yearly, dtype=float) * factor)


def present_factor(rate: npt.ArrayLike, *, life_years: int, construction_years: int) -> Floats:
    """Return what a unit a year over the operating life is worth at year 0: a(r, life) / (1 + r)^construction."""
    return np.asarray(annuity_factor(rate, life_years) / (1.0 + np.asarray(rate, dtype=float)) ** construction_years)


def chance_below_zero(low: npt.ArrayLike, mode: npt.ArrayLike, high: npt.ArrayLike) -> Floats:
    """Return the probability that a triangular figure is below zero.

    Parameters
    ----------
    low, mode, high : array_like of float
        The corners of the triangle; a triangle without width is a point.

    Returns
    -------
    numpy.ndarray
        0-1; NaN where a corner is unknown.

    Examples
    --------
    >>> float(chance_below_zero(-1.0, 0.0, 1.0))
    0.5
    """
    a, c, b = (np.asarray(end, dtype=float) for end in (low, mode, high))
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = (a / (b - a)) * (a / (c - a))
        falling = 1.0 - (b / (b - a)) * (b / (b - c))
    inside = np.where(c > 0, rising, falling)
    known = ~np.isnan(a + b + c)
    return np.where(known, np.select([a >= 0, b <= 0], [0.0, 1.0], default=inside), np.nan)
