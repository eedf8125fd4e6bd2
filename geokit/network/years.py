"""Years drawn day by day: what is shut on which day."""

from __future__ import annotations

import calendar
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geokit.core.columns import split_ids
from geokit.core.errors import GeokitError
from geokit.network.build import COMMON_YEAR
from geokit.network.closures import MONTHS, list_months

DAYS = 365
MOST_PARTS = 62
"""Bits of a state."""
Days = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Years:
    """Many years, each day of which has a state.

    Attributes
    ----------
    parts : tuple of frozenset of str
        Sets of links, ports and lane columns that are shut together; the place of a part is its bit in a state.
    states : numpy.ndarray of int64, shape (S,)
        Every state that occurs.
    days : numpy.ndarray of int64, shape (years, S)
        Days that each year spends in each state; a row adds up to 365.
    """

    parts: tuple[frozenset[str], ...]
    states: Days
    days: Days

    def shuts(self, elements: Iterable[frozenset[str]]) -> npt.NDArray[np.bool_]:
        """Return in which states something of each set of links, ports and lane columns is shut, shape (S, sets)."""
        masks = [sum(1 << bit for bit, part in enumerate(self.parts) if part & one) for one in elements]
        return np.asarray((self.states[:, None] & np.asarray(masks, dtype=np.int64)) != 0)

    def count_days(self, shut: npt.NDArray[np.bool_]) -> Days:
        """Return the days of each year on which ways are shut, shape (years, n), given the states in which they are, shape (S, n)."""
        days: Days = np.rint(self.days.astype(float) @ shut.astype(float)).astype(np.int64)
        return days


def draw_years(layers: Mapping[str, pd.DataFrame], rates: pd.DataFrame, corner: str, *, count: int, seed: int) -> Years:
    """Draw years of closures.

    The months of a season are certain. Each closure with a count of events brings as many a year as a Poisson variate says; each is one
    of the events on record, any as likely as another, on a day of the year that any is as likely to be, and shuts the links of every row
    of that event, each for its own days (an end after the year falls into its beginning). Random figures belong to the closure, so two
    sets of closures meet the same luck in those that they share, and so do the three corners.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``links``, ``closures`` and ``closure_events``.
    rates : pandas.DataFrame
        From :func:`geokit.network.frequency.rate_closures`.
    corner : str
        ``low``: rate at its low end and days as few as a source says; ``mode``: mean rate and days drawn evenly between few and many;
        ``high``: rate at its high end and days as many as a source allows. Where no end of an event was found, its days are the few.
    count : int
        Number of years.
    seed : int
        Seed.

    Returns
    -------
    Years
        Drawn.

    Raises
    ------
    GeokitError
        If there are more sets of links that fail together than bits in a state.
    """
    seasons, events = list_seasons(layers), _list_events(layers, rates)
    parts = tuple(dict.fromkeys([*seasons, *events["part"]]))
    if len(parts) > MOST_PARTS:
        msg = f"the closures shut {len(parts)} different sets of links, more than the {MOST_PARTS} that fit; merge events with like links"
        raise GeokitError(msg)
    bits = {part: np.int64(1) << np.int64(place) for place, part in enumerate(parts)}
    grid = np.zeros((count, DAYS), dtype=np.int64)
    for part, months in seasons.items():
        grid[:, np.isin(_month_of_day(), sorted(months))] |= bits[part]
    yearly = rates[corner].to_dict()
    for closure_id, rows in events.groupby("closure_id"):
        stream = np.random.default_rng(np.random.SeedSequence([seed, zlib.crc32(str(closure_id).encode())]))
        _mark(grid, rows.assign(bit=rows["part"].map(bits)), float(yearly[closure_id]), corner=corner, stream=stream)
    states, place = np.unique(grid, return_inverse=True)
    days = np.zeros((count, len(states)), dtype=np.int64)
    np.add.at(days, (np.arange(count)[:, None], place.reshape(grid.shape)), 1)
    return Years(parts, states, days)


def list_seasons(layers: Mapping[str, pd.DataFrame]) -> dict[frozenset[str], frozenset[int]]:
    """Return the months in which sets of links are shut every year, by closure and by the months of the links themselves."""
    closures, links = layers["closures"].query("months != ''"), layers["links"].query("months_open != ''")
    named = [(frozenset(split_ids(ids)), list_months(months)) for ids, months in closures[["link_ids", "months"]].to_numpy()]
    own = [(frozenset({link}), frozenset(MONTHS) - list_months(months)) for link, months in links[["link_id", "months_open"]].to_numpy()]
    seasons: dict[frozenset[str], frozenset[int]] = {}
    for part, months in [*named, *own]:
        seasons[part] = seasons.get(part, frozenset()) | months
    return seasons


def list_parts(layers: Mapping[str, pd.DataFrame]) -> list[frozenset[str]]:
    """Return what each row of the events shut, in the order of ``closure_events``."""
    closures = layers["closures"].set_index("closure_id")
    whole = {key: frozenset(split_ids("|".join(row))) for key, row in zip(closures.index, _elements(closures), strict=True)}
    return [frozenset(split_ids(ids)) or whole[key] for ids, key in layers["closure_events"][["link_ids", "closure_id"]].to_numpy()]


def _elements(closures: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the three cells of a closure that name what it shuts."""
    return np.asarray(closures[["link_ids", "port_ids", "lane_column"]].to_numpy(), dtype=object)


def _list_events(layers: Mapping[str, pd.DataFrame], rates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of events that can be drawn, with what they shut."""
    events = layers["closure_events"].assign(part=pd.Series(list_parts(layers), index=layers["closure_events"].index, dtype=object))
    counted = events["closure_id"].isin(rates.index[rates["mode"].notna()])
    return events[counted].assign(days_most=lambda t: t["days_most"].fillna(t["days_least"]))


def _month_of_day() -> Days:
    """Return the month of each day of a common year."""
    lengths = [calendar.monthrange(COMMON_YEAR, month)[1] for month in MONTHS]
    return np.repeat(np.arange(1, 13), lengths)


def _mark(grid: Days, rows: pd.DataFrame, rate: float, *, corner: str, stream: np.random.Generator) -> None:
    """Mark the days of one closure in all years; the same random figures serve every corner."""
    counts = _poisson(stream.random(len(grid)), rate)
    named = rows.groupby("event", sort=True).ngroup().to_numpy()
    shut = rows[["days_least", "days_most", "bit"]].to_dict("records")
    for occurrence in range(int(counts.max(initial=0))):
        which, start, length, rounding = stream.random((4, len(grid)))
        event = np.floor(which * (named.max() + 1)).astype(np.int64)
        for row, own in zip(shut, named, strict=True):
            years = np.flatnonzero((counts > occurrence) & (event == own))
            days = _days(row["days_least"], row["days_most"], corner, uniform=length[years])
            whole = np.minimum(np.floor(days + rounding[years]).astype(np.int64), DAYS)
            since = np.arange(whole.sum()) - np.repeat(np.cumsum(whole) - whole, whole)
            day = (np.repeat(np.floor(start[years] * DAYS).astype(np.int64), whole) + since) % DAYS
            grid[np.repeat(years, whole), day] |= row["bit"]


def _days(least: float, most: float, corner: str, *, uniform: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return how long an event lasts, days."""
    share = {"low": np.zeros_like(uniform), "high": np.ones_like(uniform)}.get(corner, uniform)
    return np.asarray(least + share * (most - least), dtype=float)


def _poisson(uniform: npt.NDArray[np.float64], rate: float) -> Days:
    """Return Poisson variates by the inverse of the distribution function, so that a higher rate never brings fewer."""
    most = int(rate + 12.0 * np.sqrt(rate) + 12.0)
    steps = np.concatenate([[1.0], rate / np.arange(1, most + 1)])
    return np.searchsorted(np.cumsum(np.cumprod(steps) * np.exp(-rate)), uniform, side="right").astype(np.int64)
