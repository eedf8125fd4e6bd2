"""Which deposit supplies a plant: the free one whose feed makes the cheapest tonne of product (model rule M5)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Feed
from geokit.core.codes import Kind
from geokit.core.columns import split_ids
from geokit.economics.bands import Band
from geokit.economics.feed import FREE, HELD
from geokit.economics.netback import price_gate
from geokit.economics.own import read_own
from geokit.economics.quotes import ASSUMED, MISSING

IN = ["in_low", "in", "in_high"]
HAUL = ["usd_per_t_low", "usd_per_t", "usd_per_t_high"]
TO_IN = dict(zip(HAUL, IN, strict=True))
AT_ORE = "at_ore"
KEYS = ["place_id", "stage_id", "partner"]
TIE_DIGITS = 6
"""Costs that agree to this many decimals of a dollar are the same, and the shorter haul decides."""


def list_offers(
    layers: Mapping[str, pd.DataFrame],
    alternatives: pd.DataFrame,
    hauls: pd.DataFrame,
    *,
    feeds: pd.DataFrame,
    stock: pd.DataFrame,
    given: Feed,
) -> pd.DataFrame:
    """Return every lot of feed that a plant, or a host abroad, could buy, with the haul to its gate.

    Where nothing in reach is for sale, a plant buys a feed whose price the user gives.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``.
    alternatives, hauls : pandas.DataFrame
        Plants draw by hauls of kind ``feed``, hosts abroad by hauls of kind ``delivered``.
    feeds, stock : pandas.DataFrame
        From :func:`geokit.economics.feed.feed_sources` and :func:`geokit.economics.feed.deposit_stock`.
    given : Feed
        Prices and costs of feed that the user states.

    Returns
    -------
    pandas.DataFrame
        Columns ``place_id``, ``stage_id``, ``siting``, ``deposit_id`` (blank = bought elsewhere), ``feed_product_id``,
        ``feed_available``, ``proven``, ``in_low``, ``in``, ``in_high`` (USD/t of feed); captive and committed feed is not for sale.
    """
    stages = layers["stages"]
    inputs = stages.assign(feed_product_id=stages["input_product_ids"].map(split_ids)).explode("feed_product_id")
    inputs = inputs.loc[inputs["feed_product_id"].notna(), ["stage_id", "siting", "feed_product_id"]]
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
    offers = offers[~offers["feed_available"].isin(HELD)]
    return pd.concat([offers, _buy_elsewhere(alternatives, offers, inputs=inputs, given=given)], ignore_index=True)


def _buy_elsewhere(alternatives: pd.DataFrame, offers: pd.DataFrame, *, inputs: pd.DataFrame, given: Feed) -> pd.DataFrame:
    """Return a lot for each plant without an offer whose feed the user prices; it is delivered, so no haul comes on top."""
    place = ["place_id", "stage_id"]
    plants = alternatives.loc[alternatives["kind"] == Kind.PLANT, place].drop_duplicates()
    served = pd.MultiIndex.from_frame(offers[place])
    alone = plants[~pd.MultiIndex.from_frame(plants).isin(served)]
    lots = alone.merge(inputs[inputs["feed_product_id"].isin(list(given.gate_usd_per_t))], on="stage_id")
    return lots.assign(deposit_id="", feed_available="", proven=False, **dict.fromkeys(IN, 0.0))


def choose_supplier(
    offers: pd.DataFrame,
    *,
    exports: pd.DataFrame,
    ratios: pd.DataFrame,
    ores: pd.DataFrame,
    quotes: pd.DataFrame,
    partners: pd.Series,
    given: Feed,
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
    ores : pandas.DataFrame
        From :func:`geokit.economics.balance_table.ore_needs`: what a plant at its ore takes of it.
    quotes : pandas.DataFrame
        From :func:`geokit.economics.quotes.quote_products`.
    partners : pandas.Series
        Partner ids.
    given : Feed
        Prices and costs of feed that the user states: they stand for the price at the mine gate.

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
    table = _put_own(_grade(table.assign(**ways), ores), given)
    gate = price_gate(Band.read(table, "feed_usd_per_t"), Band.read(table, "out"), floor=Band.read(table, "feed_floor"))
    # Roads that run together make lots of equal cost; rounding keeps the last bit from choosing between them.
    cost = (table["feed_t"] * (gate.mode + table["in"])).round(TIE_DIGITS)
    order = np.where(table["feed_available"] == FREE, 0, 2) + np.where(table["proven"], 0, 1)
    table = table.assign(**gate.columns("gate_usd_per_t"), order=order, cost=cost)
    table = table.sort_values([*KEYS, "order", "cost", "in", "deposit_id", "input_order"], na_position="last")
    return table.drop_duplicates(KEYS).drop(columns=["order", "cost"]).reset_index(drop=True)


def _grade(table: pd.DataFrame, ores: pd.DataFrame) -> pd.DataFrame:
    """Give each plant at its ore the ore that a tonne of its product takes, by the grade of the deposit; a stated ratio wins."""
    keys = ["stage_id", "deposit_id"]
    found = ores.set_index(keys).reindex(pd.MultiIndex.from_frame(table[keys])).set_axis(table.index)
    here = ((table["siting"] == AT_ORE) & ~table["ratio_stated"].eq(True)).to_numpy()  # noqa: FBT003
    bands = {"feed_t": "feed_t", "need": "need", "feed_frac": "frac"}
    figures = [Band.read(found, name).where(here, Band.read(table, band)).columns(band) for band, name in bands.items()]
    mark = table["ratio_mark"].mask(here, found["ratio_mark"]).fillna(MISSING)
    note = found["feed_t"].isna().map({True: "its ore has no grade in the metal of the product", False: ""})
    words = {"ratio_mark": mark, "ratio_note": table["ratio_note"].mask(here, note)}
    return table.assign(**{name: column for one in figures for name, column in one.items()}, **words)


def _put_own(table: pd.DataFrame, given: Feed) -> pd.DataFrame:
    """Put the user's price at the gate, or the cost of mining where the plant stands at its ore, in the place of the netback.

    Ore at the mine has no other buyer: without either its price is unknown, and its haul of a few kilometres is left out with it.
    """
    gate, mining = (read_own(table["feed_product_id"], one) for one in (given.gate_usd_per_t, given.mining_usd_per_t))
    at_ore = (table["siting"] == AT_ORE).to_numpy()
    own = gate.where(~np.isnan(gate.mode), mining.where(at_ore, Band.exact(np.full(len(table), np.nan))))
    stated = ~np.isnan(own.mode) | at_ore
    one, none = Band.exact(np.ones(len(table))), Band.exact(np.zeros(len(table)))
    way = Band.read(table, "in").where(~np.isnan(own.mode), own)
    bands = {"in": way, "feed_quote_usd_per_t": own, "feed_usd_per_t": own, "feed_paid_frac": one, "out": none, "feed_floor": none}
    mixed = {band: put.where(stated, Band.read(table, band)) for band, put in bands.items()}
    figures = {name: column for band, figure in mixed.items() for name, column in figure.columns(band).items()}
    mark = np.where(np.isnan(own.mode), MISSING, ASSUMED)
    words = {"feed_price_id": "", "feed_price_mark": mark, "feed_source_ids": "", "buyer_port_id": ""}
    return table.assign(
        **figures,
        **{name: table[name].mask(stated, word) for name, word in words.items()},
        feed_on_content=table["feed_on_content"].eq(True) & ~stated,  # noqa: FBT003
    )
