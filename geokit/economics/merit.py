"""The merit order of feed: what it costs per payable tonne of product, and how much there is at that cost (model rule M5)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.economics.bands import Band
from geokit.economics.feed import FREE, UNKNOWN
from geokit.economics.impurities import judge_impurities, sum_penalties
from geokit.economics.netback import price_gate
from geokit.economics.notes import pick_words
from geokit.economics.supply import TIE_DIGITS
from geokit.economics.years import NOBODY

FOR_SALE = (FREE, "contested", NOBODY)
"""Availabilities that can be bought, the surest first; captive and committed feed has no place in the order."""
PLACE = ["place_id", "stage_id"]
ENDS = ("_low", "", "_high")
COLUMNS = [
    *PLACE, "deposit_id", "deposit", "availability", "feed_product_id",
    *(f"gate_usd_per_t{end}" for end in ENDS), "gate_basis", *(f"haul_usd_per_t{end}" for end in ENDS),
    *(f"penalty_usd_per_t{end}" for end in ENDS), *(f"feed_t_per_t{end}" for end in ENDS), *(f"payable_frac{end}" for end in ENDS),
    *(f"usd_per_payable_t{end}" for end in ENDS), "rank", *(f"payable_t_per_y{end}" for end in ENDS), "cumulative_t_per_y", "note",
]  # fmt: skip


def order_merit(
    layers: Mapping[str, pd.DataFrame], feeds: pd.DataFrame, years: pd.DataFrame, *, exports: pd.DataFrame, ratios: pd.DataFrame,
    quotes: pd.DataFrame, assumptions: Assumptions,
) -> pd.DataFrame:  # fmt: skip
    """Return the lots of feed in reach of each plant in the order of their cost per payable tonne of product.

    cost = feed per tonne of product x (price at the mine gate + wet haul + penalties) / payable units per tonne of product, the price
    at the gate as in :func:`geokit.economics.netback.price_gate` for the buyer who pays most, whoever the partner is. Free feed goes
    before contested feed, and that before feed of unknown holders; within each a lot of known yearly tonnes before one of unknown.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``stages`` and what :func:`geokit.economics.impurities.judge_impurities` reads.
    feeds : pandas.DataFrame
        From :func:`geokit.economics.feed.feed_sources`.
    years : pandas.DataFrame
        From :func:`geokit.economics.years.feed_years`; the scenario assumed gives the tonnes, their mean over the years of operation.
    exports, ratios, quotes : pandas.DataFrame
        From ``netback.export_hauls``, ``balance.feed_ratios`` and ``quotes.quote_products``.
    assumptions : Assumptions
        ``feed.scenario`` and the years of operation.

    Returns
    -------
    pandas.DataFrame
        One row a (place, stage, deposit) in reach; columns as in the data dictionary (``merit``).
    """
    lots = feeds.loc[feeds["reachable"] == "yes"].rename(columns={"feed_available": "availability"})
    lots = lots.assign(availability=lots["availability"].where(lots["availability"] != UNKNOWN, NOBODY))
    first = ratios[ratios["input_order"] == 0].drop(columns=["product_id"])
    best = exports.groupby(["stage_id", "deposit_id", "feed_product_id"], as_index=False)[["out_low", "out", "out_high"]].min()
    keys = ["stage_id", "deposit_id", "feed_product_id"]
    table = lots.drop(columns=["note"]).merge(first, on="stage_id").merge(best, on=keys, how="left")
    made = table["stage_id"].map(layers["stages"].set_index("stage_id")["product_id"])
    table = _price(table, quotes, penalties=sum_penalties(judge_impurities(layers, assumptions=assumptions)), product=made)
    table = table.merge(_mean_years(years, assumptions), on=["stage_id", "deposit_id"], how="left")
    payable = Band.read(table, "product_t_per_y") * Band.read(table, "payable_frac")
    return _stack(table.assign(**payable.columns("payable_t_per_y")))[COLUMNS]


def _price(table: pd.DataFrame, quotes: pd.DataFrame, *, penalties: pd.Series, product: pd.Series) -> pd.DataFrame:
    """Add what a payable tonne costs in feed, and its parts."""
    feed, sold = quotes.reindex(table["feed_product_id"]), quotes.reindex(product)
    wet, floor, price = Band.read(feed, "wet"), Band.read(feed, "floor"), Band.read(feed, "usd_per_t")
    haul, out = Band.read(table, "usd_per_t") * wet, Band.read(table, "out") * wet
    gate = price_gate(price, out, floor=floor)
    keys = pd.MultiIndex.from_frame(table[["deposit_id", "feed_product_id"]])
    fine = penalties.reindex(keys).fillna(0.0).to_numpy(dtype=float)
    by_content = sold["on_content"].isin([True]).to_numpy(dtype=bool)
    ones = Band.exact(np.ones(len(table)))
    payable = (Band.read(sold, "frac") * Band.read(sold, "paid_frac")).where(by_content, ones)
    cost = Band.read(table, "feed_t") * (gate + haul + Band.exact(fine)) / payable
    set_by_cost = floor.mode > (price - out).mode
    return table.assign(
        **gate.columns("gate_usd_per_t"), **haul.columns("haul_usd_per_t"), **Band.exact(fine).columns("penalty_usd_per_t"),
        **Band.read(table, "feed_t").columns("feed_t_per_t"), **payable.columns("payable_frac"), **cost.columns("usd_per_payable_t"),
        gate_basis=np.where(np.isnan(gate.mode), "", np.where(set_by_cost, "cost of mining and milling", "best export netback")),
        note=pick_words(
            table.index,
            (table["ratio_note"] != "", table["ratio_note"]),
            (np.isnan(price.mode), "nobody quotes a price of the feed: its break-even price stands for it"),
            (np.isnan(out.mode), "no way to a buyer was found, so its price at the mine gate is unknown"),
            (np.isnan(payable.mode), "the payable content of the product was not found"),
            default="penalties of contracts were not found and are not counted",
        ),
    )  # fmt: skip


def _mean_years(years: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Return the mean yearly product of each (stage, deposit) over the years of operation of a plant decided now."""
    finance = assumptions.finance
    start = finance.price_year + finance.construction_years
    rows = years[(years["scenario"] == assumptions.feed.scenario) & (years["year"] >= start)]
    names = [f"product_t_per_y{end}" for end in ENDS]
    return rows.groupby(["stage_id", "deposit_id"], as_index=False)[names].mean()


def _stack(table: pd.DataFrame) -> pd.DataFrame:
    """Rank the lots of each plant and add up their tonnes in that order, up to the first unknown ones."""
    order = table["availability"].map({name: place for place, name in enumerate(FOR_SALE)})
    # Roads that run together make lots of equal cost; rounding keeps the last bit from choosing between them.
    table = table.assign(order=order, cost=table["usd_per_payable_t"].round(TIE_DIGITS), blind=table["payable_t_per_y"].isna())
    table = table.sort_values([*PLACE, "order", "blind", "cost", "haul_usd_per_t", "deposit_id"], na_position="last", ignore_index=True)
    sold = table["order"].notna() & table["cost"].notna()
    rank = sold.groupby([table[name] for name in PLACE]).cumsum().where(sold)
    tonnes = table["payable_t_per_y"].where(sold, 0.0)
    groups = [table[name] for name in PLACE]
    total = tonnes.fillna(0.0).groupby(groups).cumsum()
    blind = tonnes.isna().groupby(groups).cumsum() > 0
    return table.assign(rank=rank, cumulative_t_per_y=total.where(sold & ~blind))
