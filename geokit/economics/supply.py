"""Which deposit supplies a plant: the free one whose feed makes the cheapest tonne of product (model rule M5)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.codes import Kind
from geokit.core.columns import split_ids
from geokit.economics.bands import Band
from geokit.economics.feed import FREE, HELD
from geokit.economics.netback import price_gate

IN = ["in_low", "in", "in_high"]
HAUL = ["usd_per_t_low", "usd_per_t", "usd_per_t_high"]
TO_IN = dict(zip(HAUL, IN, strict=True))
KEYS = ["place_id", "stage_id", "partner"]
TIE_DIGITS = 6
"""Costs that agree to this many decimals of a dollar are the same, and the shorter haul decides."""


def list_offers(
    layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, hauls: pd.DataFrame, *, feeds: pd.DataFrame, stock: pd.DataFrame
) -> pd.DataFrame:
    """Return every lot of feed that a plant, or a host abroad, could buy, with the haul to its gate.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``.
    alternatives, hauls : pandas.DataFrame
        Plants draw by hauls of kind ``feed``, hosts abroad by hauls of kind ``delivered``.
    feeds, stock : pandas.DataFrame
        From :func:`geokit.economics.feed.feed_sources` and :func:`geokit.economics.feed.deposit_stock`.

    Returns
    -------
    pandas.DataFrame
        Columns ``place_id``, ``stage_id``, ``deposit_id``, ``feed_product_id``, ``feed_available``, ``proven``, ``in_low``,
        ``in``, ``in_high`` (USD/t of feed); captive and committed feed is not for sale.
    """
    stages = layers["stages"]
    inputs = stages.assign(feed_product_id=stages["input_product_ids"].map(split_ids)).explode("feed_product_id")
    inputs = inputs.loc[inputs["siting"] != "at_ore", ["stage_id", "feed_product_id"]]
    near = feeds.loc[feeds["reachable"] == "yes", ["place_id", "stage_id", "deposit_id", "feed_available", *HAUL]]
    near = near.merge(inputs, on="stage_id")
    hosts = alternatives.loc[alternatives["kind"].isin([Kind.TOLL, Kind.ABROAD]), ["place_id", "stage_id"]].drop_duplicates()
    shipped = hauls.loc[hauls["kind"] == "delivered", ["origin_id", "destination_id", "product_id", *HAUL]].rename(
        columns={"origin_id": "deposit_id", "destination_id": "place_id", "product_id": "feed_product_id"}
    )
    lots = stock[["stage_id", "deposit_id", "feed_available"]].merge(inputs, on="stage_id").merge(hosts, on="stage_id")
    far = lots.merge(shipped, on=["deposit_id", "place_id", "feed_product_id"])
    offers = pd.concat([near, far], ignore_index=True).rename(columns=TO_IN)
    offers = offers.merge(stock[["stage_id", "deposit_id", "proven"]], on=["stage_id", "deposit_id"])
    return offers[~offers["feed_available"].isin(HELD)].reset_index(drop=True)


def choose_supplier(
    offers: pd.DataFrame, *, exports: pd.DataFrame, ratios: pd.DataFrame, quotes: pd.DataFrame, partners: pd.Series
) -> pd.DataFrame:
    """Return the lot that supplies each plant for each partner.

    Free feed goes before feed of unknown or contested holders, and within each a running mine or a known tonnage before a mere
    prospect; among these the lot with the lowest feed_t x (max(0, price - export haul) + haul to the gate) wins, or the nearest where
    that is unknown.

    Parameters
    ----------
    offers : pandas.DataFrame
        From :func:`list_offers`.
    exports : pandas.DataFrame
        From :func:`geokit.economics.netback.export_hauls`.
    ratios : pandas.DataFrame
        From :func:`geokit.economics.balance.feed_ratios`.
    quotes : pandas.DataFrame
        From :func:`geokit.economics.quotes.quote_products`.
    partners : pandas.Series
        Partner ids.

    Returns
    -------
    pandas.DataFrame
        One row a (place, stage, partner) with the columns of the four tables and ``gate_usd_per_t_*``, the feed price at the mine
        gate.
    """
    table = offers.merge(partners.rename("partner"), how="cross")
    table = table.merge(exports, on=["stage_id", "deposit_id", "feed_product_id", "partner"], how="left")
    table = table.merge(ratios.drop(columns="product_id"), on=["stage_id", "feed_product_id"], how="left")
    table = table.join(quotes.drop(columns=["domestic_usd_per_t", "domestic_controlled"]).add_prefix("feed_"), on="feed_product_id")
    wet = Band.read(table, "feed_wet")
    ways = {**(Band.read(table, "in") * wet).columns("in"), **(Band.read(table, "out") * wet).columns("out")}
    table = table.assign(**ways)
    gate = price_gate(Band.read(table, "feed_usd_per_t"), Band.read(table, "out"), floor=Band.read(table, "feed_floor"))
    # Roads that run together make lots of equal cost; rounding keeps the last bit from choosing between them.
    cost = (table["feed_t"] * (gate.mode + table["in"])).round(TIE_DIGITS)
    order = np.where(table["feed_available"] == FREE, 0, 2) + np.where(table["proven"], 0, 1)
    table = table.assign(**gate.columns("gate_usd_per_t"), order=order, cost=cost)
    table = table.sort_values([*KEYS, "order", "cost", "in", "deposit_id", "input_order"], na_position="last")
    return table.drop_duplicates(KEYS).drop(columns=["order", "cost"]).reset_index(drop=True)
