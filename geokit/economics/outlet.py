"""Who takes the product: a named plant, a market of a standard grade, or nobody looked up (model rule M3)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geokit.core.columns import join_ids
from geokit.economics.notes import pick_words


def name_outlets(layers: Mapping[str, pd.DataFrame], pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the outlet of each product for each partner; what nobody looked up is unknown and never a fail.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``accepts``, ``destinations`` and ``needs``.
    pairs : pandas.DataFrame
        Columns ``partner``, ``product_id``.

    Returns
    -------
    pandas.DataFrame
        Index of ``pairs``; columns ``outlet`` and ``outlet_ids`` (the named plants).
    """
    takers = layers["accepts"].loc[layers["accepts"]["accepts"] == "yes", ["destination_id", "product_id"]]
    takers = takers.merge(layers["destinations"][["destination_id", "partner_id"]], on="destination_id")
    plants = takers.groupby(["partner_id", "product_id"])["destination_id"].agg(join_ids).rename("outlet_ids")
    markets = layers["needs"].loc[layers["needs"]["market"] == "yes"].set_index(["partner_id", "product_id"])["market"]
    markets = markets[~markets.index.duplicated()]
    table = pairs.join(plants, on=["partner", "product_id"]).join(markets, on=["partner", "product_id"])
    named = table["outlet_ids"].fillna("")
    outlet = pick_words(pairs.index, (named != "", "plant"), (table["market"] == "yes", "market"), default="none looked up")
    return pd.DataFrame({"outlet": outlet, "outlet_ids": named}, index=pairs.index)
