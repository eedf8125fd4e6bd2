"""The quote inside a market that issues controls, beside the quote outside it (model rule M13)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.columns import split_ids

MATERIAL = "material"
"""Kind of a controlled item that is itself a good; the others are equipment, reagents, technology and services."""


def controlled_goods(layers: Mapping[str, pd.DataFrame]) -> frozenset[tuple[str, str]]:
    """Return which issuer controls goods of which commodity, whatever the state of the clause.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``items``, ``clauses`` and ``instruments``.

    Returns
    -------
    frozenset of tuple of str
        Pairs of issuer and commodity id; a commodity that only technology, equipment or reagents of an issuer touch is not among them.
    """
    items = layers["items"].loc[layers["items"]["kind"] == MATERIAL, ["clause_id", "commodity_ids"]]
    rows = items.merge(layers["clauses"][["clause_id", "instrument_id"]], on="clause_id")
    rows = rows.merge(layers["instruments"][["instrument_id", "issuer"]], on="instrument_id")
    rows = rows.assign(commodity_id=rows["commodity_ids"].map(split_ids)).explode("commodity_id").dropna(subset=["commodity_id"])
    return frozenset(zip(rows["issuer"], rows["commodity_id"], strict=True))


def inside_quotes(layers: Mapping[str, pd.DataFrame], prices: pd.DataFrame, content: pd.Series) -> pd.DataFrame:
    """Return the lowest quote of each product inside a taxed home market, and whether that market controls the product's commodity.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``products``, ``items``, ``clauses`` and ``instruments``.
    prices : pandas.DataFrame
        From :func:`geokit.economics.quotes.quote_prices`.
    content : pandas.Series
        Content of each product, 0-1, by ``product_id``.

    Returns
    -------
    pandas.DataFrame
        Index ``product_id``; columns ``domestic_usd_per_t`` (USD/t of product, NaN where none is listed) and ``domestic_controlled``.
    """
    products = layers["products"].set_index("product_id")
    pairs = products["alt_price_ids"].map(split_ids).explode().dropna().rename("price_id").reset_index()
    home = pairs.merge(prices[prices["vat_included"] == "yes"].reset_index(), on="price_id")
    # Of a table without a row every column is of text, and text cannot be divided.
    scale = (home["product_id"].map(content).astype(float) / home["quoted_content_frac"].astype(float)).fillna(1.0)
    home = home.assign(domestic_usd_per_t=home["usd_per_t"].astype(float) * scale).sort_values(["domestic_usd_per_t", "price_id"])
    home = home.drop_duplicates("product_id").set_index("product_id").reindex(products.index)
    listed = controlled_goods(layers)
    known = [pair in listed for pair in zip(home["market_issuer"], products["commodity_id"], strict=True)]
    return home[["domestic_usd_per_t"]].assign(domestic_controlled=known)


def reach_inside(rows: pd.DataFrame) -> pd.DataFrame:
    """Let the price reach down to the quote inside the rival market where the partner's market has no quote (model rule M13).

    The price basis follows the outlet: a quote of one market holds for a partner whose port lies in it. For any other partner the
    price lies somewhere between that quote and the one inside the rival market, so low = min(low, inside quote); the mode stays.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``partner_port_id``, ``market_issuer``, ``usd_per_t_low`` and ``domestic_usd_per_t``.

    Returns
    -------
    pandas.DataFrame
        The rows with the new ``usd_per_t_low`` and with ``outlet_unquoted``, whether that was so.
    """
    # The first two letters of a UN/LOCODE are the country code.
    market, home = rows["market_issuer"].fillna(""), rows["partner_port_id"].str[:2].str.lower()
    unquoted = (market != "") & (market != home) & rows["usd_per_t"].notna() & rows["domestic_usd_per_t"].notna()
    reached = np.fmin(rows["usd_per_t_low"], rows["domestic_usd_per_t"])
    return rows.assign(usd_per_t_low=rows["usd_per_t_low"].mask(unquoted, reached), outlet_unquoted=unquoted)
