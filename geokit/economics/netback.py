"""What the owner of feed would get from the buyer who pays most: the price a plant has to meet (model rule M5)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.chain import trace_feeds
from geokit.core.codes import Kind
from geokit.core.columns import split_ids
from geokit.economics.bands import Band

RIVAL = "counterfactual"
"""Role of the ports of rival buyers in the layer of ports."""
OUT = ["out_low", "out", "out_high"]


def list_buyers(layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame) -> pd.DataFrame:
    """Return the ports at which the feed of each stage may be sold.

    Rival ports bid for every feed, a tolling host for the feed of its stage, a partner's own port in that partner's case.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``ports`` (role, place) and ``partners`` (default port).
    alternatives : pandas.DataFrame
        The toll rows name their hosts.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``partner``, ``port_id``, one row each.
    """
    stages = alternatives[["stage_id"]].drop_duplicates()
    partners = layers["partners"][["partner_id", "default_port_id"]].rename(columns={"partner_id": "partner", "default_port_id": "port_id"})
    rivals = layers["ports"].loc[layers["ports"]["role_code"] == RIVAL, ["port_id"]]
    tolls = alternatives.loc[alternatives["kind"] == Kind.TOLL, ["stage_id", "port_id"]]
    named = partners[["partner"]]
    table = pd.concat(
        [stages.merge(named, how="cross").merge(rivals, how="cross"), tolls.merge(named, how="cross"), stages.merge(partners, how="cross")],
        ignore_index=True,
    )
    return table[table["port_id"] != ""].drop_duplicates(ignore_index=True)


def export_hauls(
    layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, hauls: pd.DataFrame, *, quotes: pd.DataFrame
) -> pd.DataFrame:
    """Return the cheapest way from each feed deposit to a buyer at whose port the quote of its feed holds.

    Every eligible buyer pays the same quote, so the best netback is the quote less this haul: netback = price - min(haul). A quote
    of one market holds at the ports of that market only, a world price at every buyer's port.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``deposit_feeds``, ``stages``, ``ports`` and ``partners``.
    alternatives, hauls : pandas.DataFrame
        Hauls of kind ``delivered`` lead from deposits to ports.
    quotes : pandas.DataFrame
        From :func:`geokit.economics.quotes.quote_products`.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``deposit_id``, ``feed_product_id``, ``partner``, ``out_low``, ``out``, ``out_high`` (USD/t of feed) and
        ``buyer_port_id``.
    """
    chain = trace_feeds(layers).assign(feed_product_id=lambda frame: frame["feed_product_ids"].map(split_ids))
    chain = chain.explode("feed_product_id")[["stage_id", "deposit_id", "feed_product_id"]]
    delivered = hauls[hauls["kind"] == "delivered"].rename(
        columns={"origin_id": "deposit_id", "destination_id": "port_id", "product_id": "feed_product_id"}
    )
    ways = delivered[["deposit_id", "port_id", "feed_product_id", "usd_per_t_low", "usd_per_t", "usd_per_t_high"]].merge(
        chain, on=["deposit_id", "feed_product_id"]
    )
    market = ways["feed_product_id"].map(quotes["market_issuer"])
    # The first two letters of a UN/LOCODE are the country code.
    holds = (market == "") | (market == ways["port_id"].str[:2].str.lower())
    offers = ways[holds].merge(list_buyers(layers, alternatives), on=["stage_id", "port_id"])
    keys = ["stage_id", "deposit_id", "feed_product_id", "partner"]
    offers = offers.sort_values([*keys, "usd_per_t", "port_id"])
    return offers.groupby(keys, as_index=False).agg(
        out_low=("usd_per_t_low", "min"), out=("usd_per_t", "min"), out_high=("usd_per_t_high", "min"), buyer_port_id=("port_id", "first")
    )


def price_gate(price: Band, haul: Band, *, floor: Band) -> Band:
    """Return the price of feed at the mine gate: the best export netback, or the cost of mining and milling where that is more.

    gate = max(cost, price - haul), end by end; nobody gives feed away for less than nothing, so an unknown cost counts as nought.

    Parameters
    ----------
    price : Band
        What the buyer pays, USD/t.
    haul : Band
        Freight to him, USD/t.
    floor : Band
        Cost of mining and milling, USD/t, nought where unknown.

    Returns
    -------
    Band
        USD per dry tonne of feed; NaN where the price or the haul is unknown.
    """
    left, least = price - haul, floor.clip(0.0)
    return Band(np.maximum(left.low, least.low), np.maximum(left.mode, least.mode), np.maximum(left.high, least.high))
