"""What a blocked reagent costs a running plant: months without it against months of stock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import SeedSequence
from numpy.typing import ArrayLike

from geokit.dependency.buy import MONTHS_PER_YEAR
from geokit.dependency.delay import BlockOrder, simulate_plants
from geokit.dependency.index import Array

IDLE = BlockOrder(0.0, 0.0, (), (0.0, 0.0, 0.0))
"""A block that costs no time."""


def simulate_outage(
    plants: Sequence[Sequence[Sequence[BlockOrder]]], probability: Sequence[float], place: int, *, seed: SeedSequence, samples: int
) -> list[tuple[float, float]]:
    """Return the months that a plant goes without one block, by plant: the median and the eightieth percentile.

    Parameters
    ----------
    plants : sequence of sequence of sequence of BlockOrder
        Blocks by political state by plant, as for :func:`geokit.dependency.delay.simulate_plants`.
    probability : sequence of float
        Prior of each political state.
    place : int
        Which block.
    seed : numpy.random.SeedSequence
        Seed of the flowsheet.
    samples : int
        Number of draws.

    Returns
    -------
    list of (float, float)
        Months; the draws are those of the delay of the whole plant. A running plant has no float.
    """
    alone = [[[order if at == place else IDLE for at, order in enumerate(state)] for state in plant] for plant in plants]
    return [(delay.p50, delay.p80) for delay, _ in simulate_plants(alone, probability, seed=seed, samples=samples)]


def lose_margin(outage_months: ArrayLike, *, stock_months: ArrayLike, margin_per_month: ArrayLike) -> Array:
    r"""Return the margin that an outage costs.

    .. math:: loss = margin \cdot \max(0, outage - stock)

    Parameters
    ----------
    outage_months : array_like
        Months without the reagent.
    stock_months : array_like
        Months that the plant runs on its stock; NaN where unknown.
    margin_per_month : array_like
        Margin of a running plant, any money a month; NaN where unknown.

    Returns
    -------
    numpy.ndarray
        The same money; 0 without an outage and where the stock outlasts it, whatever the margin; NaN where stock or margin is
        unknown.

    References
    ----------
    Flowsheet dossier, section 4.5 (reagents stop operation, not construction).
    """
    outage = np.asarray(outage_months, dtype=float)
    uncovered = np.where(outage == 0.0, 0.0, np.maximum(outage - np.asarray(stock_months, dtype=float), 0.0))
    lost: Array = np.where(uncovered == 0.0, 0.0, uncovered * np.asarray(margin_per_month, dtype=float))
    return lost


def weigh_outages(outages: pd.DataFrame, *, stock_months: float | None) -> pd.DataFrame:
    """Return the outages with what a stock of reagents leaves uncovered.

    Parameters
    ----------
    outages : pandas.DataFrame
        Columns ``outage_months_p50``, ``outage_months_p80``.
    stock_months : float, optional
        Months that the plant runs on its stock; None = unknown.

    Returns
    -------
    pandas.DataFrame
        With ``break_even_stock_months`` (the least stock with which eight draws of ten cost nothing: the outage itself),
        ``stock_months`` and ``uncovered_months_p50`` and ``uncovered_months_p80`` (blank where no stock is given). Times the margin of
        a month they are the loss: :func:`join_margins`.
    """
    stock = np.nan if stock_months is None else stock_months
    left = {
        f"uncovered_months_{name}": lose_margin(outages[f"outage_months_{name}"], stock_months=stock, margin_per_month=1.0)
        for name in ("p50", "p80")
    }
    return outages.assign(break_even_stock_months=outages["outage_months_p80"], stock_months=stock, **left)


def join_margins(outages: pd.DataFrame, margins: pd.Series) -> pd.DataFrame:
    r"""Return the outages with the margin that each costs a plant.

    .. math:: \frac{loss}{\text{t/year}} = \frac{margin}{12} \max(0, outage - stock)

    Parameters
    ----------
    outages : pandas.DataFrame
        As :func:`weigh_outages` returns.
    margins : pandas.Series
        Conversion margin of the plant of each row, USD/t of product, on the index of ``outages``; NaN where unknown.

    Returns
    -------
    pandas.DataFrame
        With ``lost_margin_usd_per_t_p50`` and ``lost_margin_usd_per_t_p80``: USD for each tonne of yearly output. The conversion margin
        is before the plant's own costs, so it is the most that is lost; a plant without a margin loses none. NaN where stock or
        margin is unknown.

    References
    ----------
    Flowsheet dossier, section 4.5.
    """
    monthly = margins.reindex(outages.index).clip(lower=0.0).to_numpy(dtype=float) / MONTHS_PER_YEAR
    stock = outages["stock_months"]
    lost = {
        f"lost_margin_usd_per_t_{name}": lose_margin(outages[f"outage_months_{name}"], stock_months=stock, margin_per_month=monthly)
        for name in ("p50", "p80")
    }
    return outages.assign(**lost)
