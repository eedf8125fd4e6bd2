"""Value of a plant where its costs and price are sourced, and whether it beats exporting (model rules M2, M7, M14)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geokit.core.assumptions import Finance
from geokit.core.codes import Kind
from geokit.economics.bands import Band
from geokit.economics.dcf import annuity_factor, chance_below_zero, level_npv, present_factor
from geokit.economics.notes import pick_words
from geokit.economics.quotes import LESS_CHARGES

OWN_PRICE = ("direct", LESS_CHARGES)
"""Roles of a price that speak of the product itself; a proxy may stand in a margin and never in a net present value."""


def value_plants(rows: pd.DataFrame, margin: Band, *, finance: Finance) -> pd.DataFrame:
    """Return value and verdict of each row.

    The reference plant earns (margin - opex) on its output every year; the investment falls at year 0, the first flow at the end of
    year construction + 1; before tax and royalty, which are not found. A value exists only where price, capital and operating cost
    are sourced for the plant alone. A plant beats exporting when its worst margin exceeds its dearest conversion cost and does not
    when its best margin is not positive or does not pay for the cheapest power; between the two nobody can tell.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``kind``, ``price_role``, ``plant_t_per_y``, ``capex_*`` and ``opex_*`` (USD per annual tonne and per tonne) and
        ``power_low`` (USD/t, the known part of the operating cost).
    margin : Band
        Conversion margin, USD/t product.
    finance : Finance
        Discount rate, life, construction time, capacity factor.

    Returns
    -------
    pandas.DataFrame
        Index of ``rows``; columns ``break_even_capex_usd_per_tpa``, ``npv_million_usd_low``, ``npv_million_usd``,
        ``npv_million_usd_high``, ``profitability_index_low``, ``profitability_index``, ``profitability_index_high``,
        ``loss_chance``, ``beats_baseline``.
    """
    capex, opex, rate = Band.read(rows, "capex"), Band.read(rows, "opex"), Band.spread(finance.discount_rate_frac)
    years = {"life_years": finance.life_years, "construction_years": finance.construction_years}
    cash = (margin - opex) * Band.exact(finance.capacity_factor_frac)
    own = rows["price_role"].isin(OWN_PRICE).to_numpy()
    size = Band.exact(rows["plant_t_per_y"].where(own) / 1e6)
    ends = ((capex.high, cash.low), (capex.mode, cash.mode), (capex.low, cash.high))
    # The unkind rate is the high one for a gain and the low one for a loss.
    rates = ((rate.high, rate.low), (rate.mode, rate.mode), (rate.low, rate.high))
    npv = [level_npv(cost, flow, np.where(flow >= 0, gain, loss), **years) for (cost, flow), (gain, loss) in zip(ends, rates, strict=True)]
    total = Band.of(*npv) * size
    index = Band.of(*(value / cost for value, (cost, _) in zip(npv, ends, strict=True))) * Band.exact(np.where(own, 1.0, np.nan))
    return pd.DataFrame(
        {
            "break_even_capex_usd_per_tpa": np.where(cash.mode > 0, cash.mode * present_factor(rate.mode, **years), np.nan),
            **total.columns("npv_million_usd"),
            **index.columns("profitability_index"),
            "loss_chance": chance_below_zero(total.low, total.mode, total.high),
            "beats_baseline": _verdict(rows, margin, _conversion_cost(capex, opex, finance=finance), own=own),
        },
        index=rows.index,
    )


def _conversion_cost(capex: Band, opex: Band, *, finance: Finance) -> Band:
    """Return operating cost plus annualised capital per tonne of output."""
    rate = Band.spread(finance.discount_rate_frac)
    yearly = [
        cost * (1.0 + end) ** finance.construction_years / annuity_factor(end, finance.life_years)
        for cost, end in zip((capex.low, capex.mode, capex.high), (rate.low, rate.mode, rate.high), strict=True)
    ]
    return opex + Band.of(*yearly) * Band.exact(1.0 / finance.capacity_factor_frac)


def _verdict(rows: pd.DataFrame, margin: Band, cost: Band, *, own: npt.NDArray[np.bool_]) -> pd.Series:
    """Say whether each row beats exporting its feed; blank for the export itself."""
    yes = own & (margin.low > cost.high)
    unpaid = (margin.high <= 0) | (margin.high <= rows["power_low"])
    no = unpaid | (own & (margin.high < cost.low))
    return pick_words(rows.index, (rows["kind"] == Kind.EXPORT, ""), (yes, "yes"), (no, "no"), default="unknown")
