"""How much of what each plant would eat is in sight, and how far its output gets with it (model rules M6, M22)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geokit.core.assumptions import Finance
from geokit.economics.bands import Floats
from geokit.economics.basecase import BaseCases
from geokit.economics.cashflow import Plan
from geokit.economics.sight import operate


def cover_plants(cases: BaseCases) -> pd.DataFrame:
    """Return what each plant eats at full output, and what of it is in sight in its first and its last year.

    utilisation = sum over the operating years of min(full output, product of the feed in sight) / sum of full output, in the base case
    with its delay; a delay that is not known counts as none.

    Parameters
    ----------
    cases : BaseCases
        From :func:`geokit.economics.basecase.lay_valuation`.

    Returns
    -------
    pandas.DataFrame
        Index of the table; ``feed_eaten_t_per_y`` (t of feed a year at full output), ``feed_first_t_per_y`` and ``feed_last_t_per_y``
        (free feed in sight in the first and the last operating year), ``feed_share_first_frac`` and ``feed_share_last_frac`` (these over
        what is eaten), ``utilisation_frac`` (0-1), ``feed_mark`` (evidence, assumption, missing) and ``feed_unrated`` (free deposits in
        reach whose rate nobody states). NaN where a part is unknown or nothing is a bound.
    """
    table, told = cases.table, not cases.sight.about.empty
    eaten = (table["output_t_per_y"] * table["feed_t"]).to_numpy(dtype=float)
    seen = see_years(cases) if told else np.full((len(table), cases.plan.output_frac.size), np.nan)
    full = eaten[:, np.newaxis] * cases.plan.output_frac
    used = np.where(np.isnan(seen), np.nan, np.minimum(full, seen))
    about = cases.sight.about.iloc[table["sight_place"]].set_axis(table.index) if told else None
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = [seen[:, place] / eaten for place in (0, -1)]
        utilised = used.sum(axis=1) / full.sum(axis=1)
    return pd.DataFrame(
        {
            "feed_eaten_t_per_y": eaten,
            "feed_first_t_per_y": seen[:, 0],
            "feed_last_t_per_y": seen[:, -1],
            "feed_share_first_frac": shares[0],
            "feed_share_last_frac": shares[1],
            "utilisation_frac": utilised,
            "feed_mark": "" if about is None else about["sight_mark"],
            "feed_unrated": np.nan if about is None else about["sight_unrated"].astype(float),
        },
        index=table.index,
    )


def see_years(cases: BaseCases) -> Floats:
    """Return the feed in sight of each row in each operating year of its base case, t, shape (rows, operating years).

    Parameters
    ----------
    cases : BaseCases
        From :func:`geokit.economics.basecase.lay_valuation`.

    Returns
    -------
    numpy.ndarray
        Tonnes of feed a year; NaN where unknown.
    """
    feed = cases.sight.feed.mode[cases.table["sight_place"].to_numpy()]
    delay = np.nan_to_num(cases.base["delay_years"].to_numpy(dtype=float))
    return operate(feed, cases.plan.decided_years + cases.plan.build_years + delay, cases.plan.output_frac.size)


def find_first_year(plan: Plan, finance: Finance) -> int:
    """Return the calendar year in which a plant without delay begins to operate.

    Parameters
    ----------
    plan : Plan
        Years to the decision and of building.
    finance : Finance
        ``price_year``, from which the years are counted.

    Returns
    -------
    int
        Calendar year.
    """
    return finance.price_year + int(plan.decided_years + plan.build_years)
