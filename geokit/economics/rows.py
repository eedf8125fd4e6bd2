"""Everything that a row of the economics table is made of, side by side: price, freight, supplier, size and cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.codes import Kind
from geokit.core.columns import join_ids, split_ids
from geokit.economics.balance import feed_ratios
from geokit.economics.balance_table import lay_balance, ore_needs
from geokit.economics.bands import Band
from geokit.economics.by_products import price_by_products, sum_by_products
from geokit.economics.capacity import plant_costs, plant_power, plant_sizes
from geokit.economics.feed import FREE, HELD, deposit_stock, feed_sources
from geokit.economics.inventory import host_feeds, sum_feeds
from geokit.economics.netback import export_hauls
from geokit.economics.own import read_own
from geokit.economics.premium import reach_inside
from geokit.economics.quotes import quote_products
from geokit.economics.supply import HAUL, TIE_DIGITS, choose_supplier, list_offers

WET = ["wet_low", "wet", "wet_high"]
FREIGHT = ["freight_low", "freight", "freight_high"]
POWER = ["power_low", "power", "power_high", "power_source_ids"]
COSTS = ["capex_low", "capex", "capex_high", "opex_low", "opex", "opex_high", "cost_source_ids", *POWER]
"""What was sourced for a plant in the country and says nothing of a host abroad."""
KEYS = ["partner", "alternative"]
DOMESTIC = ["domestic_usd_per_t", "domestic_controlled"]
PRICE = ["price_id", "price_role", "price_mark", "usd_per_t_low", "usd_per_t", "usd_per_t_high", *DOMESTIC, "market_issuer", "source_ids"]


@dataclass(frozen=True)
class Basis:
    """The tables below the rows.

    Attributes
    ----------
    feeds : pandas.DataFrame
        Feed of each plant, for the reader (:func:`geokit.economics.feed.feed_sources`).
    reach : pandas.DataFrame
        Feed within reach of each place and stage (:func:`geokit.economics.inventory.sum_feeds`).
    stock, quotes, ratios, exports : pandas.DataFrame
        Deposits, prices, metal balances and the cheapest ways to a rival buyer.
    balance, by_products : pandas.DataFrame
        Mass balance of every step (:func:`geokit.economics.balance_table.lay_balance`), and what its by-products bring in.
    """

    feeds: pd.DataFrame
    reach: pd.DataFrame
    stock: pd.DataFrame
    quotes: pd.DataFrame
    ratios: pd.DataFrame
    exports: pd.DataFrame
    balance: pd.DataFrame
    by_products: pd.DataFrame


def lay_basis(layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, hauls: pd.DataFrame, *, assumptions: Assumptions) -> Basis:
    """Return the tables from which the rows are made.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        All layers that this room reads.
    alternatives, hauls : pandas.DataFrame
        What is compared, and the freight.
    assumptions : Assumptions
        Groups ``feed`` and ``finance``.

    Returns
    -------
    Basis
        Frames at their own grain.
    """
    pairs = alternatives[["place_id", "stage_id"]].drop_duplicates()
    feeds = feed_sources(layers, hauls, assumptions=assumptions).merge(pairs, on=["place_id", "stage_id"])
    stock = deposit_stock(layers, assumptions=assumptions)
    hosts = host_feeds(stock, hauls, alternatives)
    quotes, balance = quote_products(layers, assumptions=assumptions), lay_balance(layers, assumptions=assumptions)
    return Basis(
        feeds=feeds.sort_values(["stage_id", "place_id", "deposit_id"], ignore_index=True),
        reach=sum_feeds(pd.concat([feeds, hosts], ignore_index=True)),
        stock=stock,
        quotes=quotes,
        ratios=feed_ratios(layers, assumptions=assumptions),
        exports=export_hauls(layers, alternatives, hauls, quotes=quotes),
        balance=balance,
        by_products=price_by_products(layers, balance, assumptions=assumptions),
    )


def lay_rows(
    layers: Mapping[str, pd.DataFrame],
    alternatives: pd.DataFrame,
    hauls: pd.DataFrame,
    *,
    basis: Basis,
    assumptions: Assumptions,
    takers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return one row a (partner, alternative) with all that its money depends on.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        All layers that this room reads.
    alternatives, hauls : pandas.DataFrame
        What is compared, and the freight.
    basis : Basis
        From :func:`lay_basis`.
    assumptions : Assumptions
        Group ``finance``.
    takers : pandas.DataFrame, optional
        Who takes what (``outlets``): the freight to a named plant goes to its gate, all other to the partner's port.

    Returns
    -------
    pandas.DataFrame
        The alternative, ``partner_port_id``, the price of its product, ``freight_*`` to the partner, the supplying lot
        (``in_*``, ``gate_usd_per_t_*``, ``feed_t_*`` ...), the feed in reach, ``plant_t_per_y``, ``capex_*``, ``opex_*``,
        ``power_*``; ``price_mark``, ``feed_price_mark``, ``ratio_mark`` and ``size_mark`` say what stands behind them.
    """
    partners = layers["partners"][["partner_id", "default_port_id"]].set_axis(["partner", "partner_port_id"], axis=1)
    rows = alternatives[["alternative", "kind", "site_id", "stage_id", "product_id", "siting", "place_id"]].merge(partners, how="cross")
    offers = list_offers(layers, alternatives, hauls, feeds=basis.feeds, stock=basis.stock, given=assumptions.feed)
    picked = choose_supplier(
        offers, exports=basis.exports, ratios=basis.ratios, ores=ore_needs(layers, assumptions=assumptions), quotes=basis.quotes,
        partners=partners["partner"], given=assumptions.feed,
    )  # fmt: skip
    picked = picked.drop(columns="siting")
    rows = rows.merge(picked, on=["place_id", "stage_id", "partner"], how="left")
    rows = _fill_exports(rows, basis)
    rows = reach_inside(rows.join(basis.quotes[PRICE].rename(columns={"source_ids": "price_source_ids"}), on="product_id"))
    rows = _join_freight(rows, hauls, quotes=basis.quotes, takers=takers)
    rows = _sell_by_products(_state_freight(rows, assumptions), basis)
    rows = rows.join(basis.reach.rename(columns={"source_ids": "reach_source_ids"}), on=["place_id", "stage_id"])
    rows["n_stage"] = rows["stage_id"].map(basis.stock.groupby("stage_id").size()).fillna(0)
    sizes, costs = (table(layers, assumptions=assumptions) for table in (plant_sizes, plant_costs))
    rows = rows.join(sizes[["plant_t_per_y", "size_mark"]], on="stage_id")
    rows = rows.join(costs.rename(columns={"source_ids": "cost_source_ids"}), on="stage_id")
    rows = rows.join(plant_power(layers), on="stage_id")
    here = rows["kind"] == Kind.PLANT
    rows = rows.assign(**{name: rows[name].where(here) for name in COSTS})
    text = [name for name in rows.columns if pd.api.types.is_string_dtype(rows[name]) or rows[name].dtype == object]
    flags = [name for name in ("feed_on_content", "ratio_stated", "proven", "historical", "domestic_controlled") if name in text]
    words = [name for name in text if name not in flags]
    whole = rows.fillna({**dict.fromkeys(words, ""), **dict.fromkeys(flags, False)}).sort_values(KEYS, ignore_index=True)
    return whole.copy()  # packs together the columns that the joins added one by one


def _sell_by_products(rows: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Add what the by-products bring in to the price of a tonne of product."""
    rows = rows.join(sum_by_products(basis.by_products, rows))
    price = Band.read(rows, "usd_per_t") + Band.read(rows, "by_product_usd_per_t")
    sources = [join_ids(pair) for pair in zip(rows["price_source_ids"], rows["by_product_source_ids"], strict=True)]
    return rows.assign(**price.columns("usd_per_t"), price_source_ids=sources)


def _fill_exports(rows: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Give each export row the feed whose owner gets most at the mine gate; the feed is its product."""
    export = rows["kind"] == Kind.EXPORT
    best = _best_exports(basis)
    shared = [name for name in best.columns if name not in {"stage_id", "partner"}]
    filled = rows[export].drop(columns=shared).merge(best, on=["stage_id", "partner"], how="left")
    first = basis.ratios.drop_duplicates("stage_id").set_index("stage_id")["feed_product_id"]
    product = filled["feed_product_id"].fillna(filled["stage_id"].map(first))
    return pd.concat([rows[~export], filled.assign(product_id=product, feed_product_id=product)], ignore_index=True)


def _best_exports(basis: Basis) -> pd.DataFrame:
    """Return the lot of each (stage, partner) that leaves most at the mine gate: free and proven feed first.

    Where nobody quotes a price, the first input product of the stage stands for it, from the deposit nearest to a buyer.
    """
    held = basis.stock[["stage_id", "deposit_id", "feed_available", "proven"]]
    lots = basis.exports.merge(held, on=["stage_id", "deposit_id"]).join(basis.quotes[[*HAUL, *WET]], on="feed_product_id")
    lots = lots.assign(**(Band.read(lots, "out") * Band.read(lots, "wet")).columns("out")).drop(columns=WET)
    lots = lots.merge(basis.ratios[["stage_id", "feed_product_id", "input_order"]], on=["stage_id", "feed_product_id"], how="left")
    gate = (Band.read(lots, "usd_per_t") - Band.read(lots, "out")).clip(0.0)
    order = np.where(lots["feed_available"] == FREE, 0, 2) + np.where(lots["proven"], 0, 1)
    lots = lots.drop(columns=HAUL).assign(**gate.columns("gate_usd_per_t"), order=order, loss=-gate.mode.round(TIE_DIGITS))
    lots = lots[~lots["feed_available"].isin(HELD)].sort_values(["order", "loss", "input_order", "out", "deposit_id"])
    return lots.drop_duplicates(["stage_id", "partner"]).drop(columns=["order", "loss", "input_order"])


def _join_freight(rows: pd.DataFrame, hauls: pd.DataFrame, *, quotes: pd.DataFrame, takers: pd.DataFrame | None) -> pd.DataFrame:
    """Add the freight from the plant, the host's port or the exporting deposit to the partner's port or plant, per dry tonne."""
    origin = rows["place_id"].where(rows["kind"] != Kind.EXPORT, rows["deposit_id"])
    abroad = rows["kind"].isin([Kind.TOLL, Kind.ABROAD])
    keys = rows.assign(origin_id=origin, destination_id=rows["partner_port_id"], haul=np.where(abroad, "sea", "delivered"))
    ends = ["origin_id", "destination_id", "haul"]
    ways = hauls.rename(columns={"kind": "haul", **dict(zip(HAUL, FREIGHT, strict=True))})
    table = keys.merge(ways[[*ends, "product_id", *FREIGHT]], on=[*ends, "product_id"], how="left")
    table = (table if takers is None else _reach_plants(table, ways, takers)).drop(columns=ends)
    wet = Band.read(quotes.reindex(table["product_id"]), "wet")
    table = table.assign(**(Band.read(table, "freight") * wet).columns("freight"))
    home = abroad & (rows["place_id"] == rows["partner_port_id"])
    return table.assign(**{name: table[name].mask(home.to_numpy(), 0.0) for name in FREIGHT})


def _state_freight(rows: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Give plants the user's freight where no way to the buyer was found."""
    own, here = read_own(rows["product_id"], assumptions.finance.freight_usd_per_t), (rows["kind"] == Kind.PLANT).to_numpy()
    return rows.assign(**own.where(here & rows["freight"].isna().to_numpy(), Band.read(rows, "freight")).columns("freight"))


def _reach_plants(table: pd.DataFrame, ways: pd.DataFrame, takers: pd.DataFrame) -> pd.DataFrame:
    """Replace the freight to the port by that to the cheapest named plant where the outlet is one (model rule M3)."""
    named = takers.query("outlet == 'plant'").assign(destination_id=lambda t: t["destination_ids"].map(split_ids)).explode("destination_id")
    ends = ["origin_id", "partner", "product_id"]
    there = ways.loc[ways["haul"] == "plant", ["origin_id", "destination_id", "product_id", *FREIGHT]]
    there = there.merge(named[["partner", "product_id", "destination_id"]], on=["destination_id", "product_id"])
    best = there.sort_values(["freight", "destination_id"]).drop_duplicates(ends).set_index(ends)[FREIGHT]
    found = best.reindex(pd.MultiIndex.from_frame(table[ends])).set_axis(table.index)
    return table.assign(**{name: found[name].fillna(table[name]) for name in FREIGHT})
