"""What the user states in the place of a fact: the keys of it, and figures read into columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geokit.core.assumptions import Spread
from geokit.economics.bands import Band

BY_PRODUCT = ("finance.price_usd_per_t", "finance.freight_usd_per_t", "feed.mining_usd_per_t", "feed.gate_usd_per_t")
BY_STAGE = (
    "finance.capex_usd_per_tpa", "finance.opex_usd_per_t", "finance.plant_t_per_y", "feed.feed_t_per_t", "feed.supply_t_per_y",
)  # fmt: skip
"""Maps of the assumptions by the name that their keys must be."""
KEYS = {
    "size of the plant": "finance.plant_t_per_y.{stage_id}",
    "price of the product": "finance.price_usd_per_t.{product_id}",
    "price of the product itself, not of a near grade": "finance.price_usd_per_t.{product_id}",
    "freight to the buyer": "finance.freight_usd_per_t.{product_id}",
    "cost of mining": "feed.mining_usd_per_t.{feed}",
    "feed within reach": "feed.gate_usd_per_t.{feed}",
    "feed per tonne of product": "feed.feed_t_per_t.{stage_id}",
    "price of the feed": "feed.gate_usd_per_t.{feed}",
    "feed by year": "feed.supply_t_per_y.{stage_id}",
    "capital cost of the plant": "finance.capex_usd_per_tpa.{stage_id}",
    "operating cost": "finance.opex_usd_per_t.{stage_id}",
    "tax on income": "finance.income_tax_frac",
    "delay and price of equipment under the controls": "a list of vendors (geokit run --vendors)",
}
"""What fills each input that a value may lack, as a dotted assumption, in the order in which they are told."""


def read_own(names: Sequence[str] | pd.Index | pd.Series, given: Mapping[str, Spread]) -> Band:
    """Return the user's figure of each name; NaN where there is none.

    Parameters
    ----------
    names : sequence of str
        Products or stages, one a row.
    given : mapping of str to Spread
        An assumption.

    Returns
    -------
    Band
        One figure a row.
    """
    rows = [(one.low, one.mode, one.high) if (one := given.get(name)) else (np.nan,) * 3 for name in names]
    return Band.of(*np.array(rows, dtype=float).reshape(-1, 3).T)


def name_keys(lacks: str, row: Mapping[str, str]) -> str:
    """Return the assumptions that fill what is missing, in its order.

    Parameters
    ----------
    lacks : str
        Names of :data:`KEYS` joined by ``"; "``, each perhaps with details after a colon.
    row : mapping
        ``stage_id``, ``product_id`` and ``feed`` of the row.

    Returns
    -------
    str
        Dotted paths joined by ``"; "``.
    """
    return "; ".join(KEYS[one.split(":")[0]].format(**row) for one in lacks.split("; ") if one)
