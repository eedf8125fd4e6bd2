"""Discounted cash flow: the bare functions, each with its convention said aloud."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geokit.core.jit import compile_lazily
from geokit.economics.bands import Floats

BRACKET = (-0.99, 10.0)
"""Rates between which a rate of return is looked for, 1/year as a fraction."""
SCANNED = 1000
"""Parts, even in the logarithm of 1 + rate, that are looked through where several rates may solve."""
STEPS = 200


def annuity_factor(rate: npt.ArrayLike, years: npt.ArrayLike) -> Floats:
    """Return the present value of one unit at the end of each year.

    a = (1 - (1 + r)^-n) / r.

    - a zero rate gives the number of years;
    - zero years give zero.

    Parameters
    ----------
    rate : array_like of float
        Discount rate, 1/year as a fraction.
    years : array_like of float
        Number of payments.

    Returns
    -------
    numpy.ndarray
        Years' worth, in the shape of both.

    Examples
    --------
    >>> float(annuity_factor(0.0, 20))
    20.0
    >>> round(float(annuity_factor(0.10, 2)), 6)
    1.735537
    """
    rates, terms = np.broadcast_arrays(np.asarray(rate, dtype=float), np.asarray(years, dtype=float))
    safe = np.where(rates == 0.0, 1.0, rates)
    return np.where(rates == 0.0, terms, -np.expm1(-terms * np.log1p(safe)) / safe)


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


def equivalent_annuity(value: npt.ArrayLike, rate: npt.ArrayLike, years: npt.ArrayLike) -> Floats:
    """Return the even yearly amount that is worth as much: value / a(rate, years).

    Parameters
    ----------
    value : array_like of float
        Net present value, money of today.
    rate : array_like of float
        Discount rate, 1/year as a fraction.
    years : array_like of float
        Years from the decision to the last payment.

    Returns
    -------
    numpy.ndarray
        Money a year, at the end of each.
    """
    return np.asarray(np.asarray(value, dtype=float) / annuity_factor(rate, years))


def payback_years(flows: npt.ArrayLike, years: npt.ArrayLike) -> float:
    """Return after how many years the flows, not discounted, have paid back what was spent for good.

    Within a year the money is taken to come in evenly.

    Parameters
    ----------
    flows, years : array_like of float
        Flows and when they fall, years from the decision, shape (n,).

    Returns
    -------
    float
        Years from the decision; NaN when they never pay back or nothing is ever spent.
    """
    total, when = np.cumsum(np.asarray(flows, dtype=float)), np.asarray(years, dtype=float)
    red = np.flatnonzero(total < 0.0)
    if not red.size or red[-1] == total.size - 1:
        return math.nan
    last = red[-1]
    return float(when[last] + (when[last + 1] - when[last]) * -total[last] / (total[last + 1] - total[last]))


def irr(flows: npt.ArrayLike, *, years: npt.ArrayLike | None = None, bracket: tuple[float, float] = BRACKET) -> float:
    """Return the rate at which the net present value is nil, where there is just one.

    Parameters
    ----------
    flows : array_like of float
        Flows in order, shape (n,).
    years : array_like of float, optional
        When they fall, ascending; 0, 1, 2, ... when not given.
    bracket : tuple of float
        Rates between which the answer is looked for, 1/year as a fraction.

    Returns
    -------
    float
        1/year as a fraction; NaN when no rate of the bracket solves, or several do (:func:`irr_roots` returns them).
    """
    roots = irr_roots(flows, years=years, bracket=bracket)
    return float(roots[0]) if roots.size == 1 else math.nan


def irr_roots(flows: npt.ArrayLike, *, years: npt.ArrayLike | None = None, bracket: tuple[float, float] = BRACKET) -> Floats:
    """Return every rate at which the net present value of the flows changes sign.

    Where the flows change sign once there is at most one (Descartes). Else the bracket is looked through in :data:`SCANNED` parts even
    in log(1 + rate), so two rates closer than a part (0.7 %) are missed, as is one at which the value touches nil and turns back.

    Parameters
    ----------
    flows : array_like of float
        Flows in order, shape (n,); NaN gives no rate.
    years : array_like of float, optional
        When they fall, ascending; 0, 1, 2, ... when not given.
    bracket : tuple of float
        Rates between which the answers are looked for, 1/year as a fraction.

    Returns
    -------
    numpy.ndarray
        1/year as fractions, ascending; empty when none solves.

    Examples
    --------
    >>> irr_roots([-1.0, 2.3, -1.32]).round(6).tolist()
    [0.1, 0.2]
    """
    found = irr_table(np.asarray(flows, dtype=float)[np.newaxis], years=years, bracket=bracket)[0]
    return np.asarray(found[~np.isnan(found)])


def irr_table(flows: Floats, *, years: npt.ArrayLike | None = None, bracket: tuple[float, float] = BRACKET) -> Floats:
    """Return the same for many rows of flows at once.

    Parameters
    ----------
    flows : numpy.ndarray
        Shape (rows, n).
    years : array_like of float, optional
        When they fall, ascending, shape (n,); 0, 1, 2, ... when not given.
    bracket : tuple of float
        Rates between which the answers are looked for, 1/year as a fraction.

    Returns
    -------
    numpy.ndarray
        Shape (rows, n), ascending in each row and filled up with NaN.
    """
    when = np.arange(flows.shape[1], dtype=float) if years is None else np.asarray(years, dtype=float)
    roots = np.full(flows.shape, np.nan)
    _fill_roots(np.ascontiguousarray(flows, dtype=float), np.diff(when, prepend=0.0), np.log1p(np.array(bracket)), roots)
    return roots


def _worth(flows: Floats, gaps: Floats, growth: float) -> tuple[float, float]:
    """Return the value at a growth g = log(1 + rate), and its derivative to it."""
    year, value, slope, when, factor = math.exp(-growth), 0.0, 0.0, 0.0, 1.0
    for place in range(flows.size):
        gap = gaps[place]
        when += gap
        if gap == 1.0:
            factor *= year
        elif gap != 0.0:
            factor *= math.exp(-growth * gap)
        value += flows[place] * factor
        slope -= when * flows[place] * factor
    return value, slope


def _count_turns(flows: Floats) -> int:
    """Return how often the flows change sign."""
    turns, last = 0, 0.0
    for flow in flows:
        if flow != 0.0:
            if flow * last < 0.0:
                turns += 1
            last = flow
    return turns


def _refine(flows: Floats, gaps: Floats, low: float, high: float, sign: float) -> float:  # noqa: PLR0917
    """Return the growth between two ends of unlike sign at which nothing is left: Newton's steps, halving where they leave the ends."""
    growth = min(max(0.1, low), high)
    for _ in range(STEPS):
        value, slope = _worth(flows, gaps, growth)
        if value * sign > 0.0:
            low = growth
        else:
            high = growth
        step = growth - value / slope if slope != 0.0 else low
        if not low < step < high:
            step = 0.5 * (low + high)
        if abs(step - growth) <= 1e-14 * (1.0 + abs(growth)):
            return step
        growth = step
    return growth


@compile_lazily(_worth, _count_turns, _refine)
def _fill_roots(flows: Floats, gaps: Floats, ends: Floats, roots: Floats) -> None:  # noqa: PLR0917
    """Write the rates of each row."""
    for row in range(flows.shape[0]):
        turns = _count_turns(flows[row])
        parts = SCANNED if turns > 1 else min(turns, 1)
        found, low = 0, ends[0]
        before, _ = _worth(flows[row], gaps, low)
        for part in range(1, parts + 1):
            high = ends[0] + (ends[1] - ends[0]) * part / parts
            after, _ = _worth(flows[row], gaps, high)
            if before * after < 0.0 or (after == 0.0 and before != 0.0):
                roots[row, found] = math.expm1(_refine(flows[row], gaps, low, high, before))
                found += 1
            low, before = high, after if after != 0.0 else before
