"""How a product leaves: in bulk or in containers, and what its hazard asks of ships and ports."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Transport
from geokit.core.columns import split_ids

BULK = "bulk"
ENDS = {"usd_per_t_low": "low", "usd_per_t": "mode", "usd_per_t_high": "high"}
BOX_UNITS = ("USD/FEU", "USD/TEU")
"""Units of container quotes; weight, not room, fills a box of concentrate or metal, so both sizes carry the same load."""
HAZARD = "; hazard: {words}; ports and lines that take it not looked up"


def pack_of(product_ids: pd.Series[str], products: pd.DataFrame) -> pd.Series[str]:
    """Return how each product is packed: ``container``, ``bag``, or ``bulk`` where nothing else is stated."""
    packs = products.set_index("product_id")["pack"]
    return product_ids.map(packs).fillna("").replace("", BULK)


def price_boxes(lanes: pd.DataFrame, layers: Mapping[str, pd.DataFrame], transport: Transport) -> pd.DataFrame:
    """Price shipments by container from the quotes of their lanes.

    Parameters
    ----------
    lanes : pandas.DataFrame
        ``from_port_id``, ``to_port_id`` and ``product_id``.
    layers : mapping of str to pandas.DataFrame
        Needs ``ocean_freight`` (rows of kind ``container``), ``ports`` and ``products``.
    transport : Transport
        Load of a container, and the year from which a quote counts.

    Returns
    -------
    pandas.DataFrame
        Costs in USD/t (NaN for bulk, and without a current quote) and ``told``: the words for the note; index of ``lanes``.
    """
    quotes = _lane_quotes(lanes, layers)
    packed = pack_of(lanes["product_id"], layers["products"]) != BULK
    known = packed & quotes["mode"].notna()
    fresh = known & (quotes["year"] >= transport.container_quotes_since)
    costs = {name: (quotes[end].fillna(quotes["mode"]) / transport.container_load_t).where(fresh) for name, end in ENDS.items()}
    year = quotes["year"].fillna(0).astype(int).astype(str)
    priced = (quotes["mode"] / transport.container_load_t).round().fillna(0).astype(int).astype(str)
    stale = "; container quote of " + year + ", about " + priced + " USD/t, is stale and not used"
    told = pd.Series("", index=lanes.index).mask(known & ~fresh, stale).mask(fresh, "; container quote of " + year)
    return pd.DataFrame(costs | {"told": told})


def hazard_words(product_ids: pd.Series[str], layers: Mapping[str, pd.DataFrame]) -> pd.Series[str]:
    """Return the words on products with a known hazard; nobody looked up which ports and lines take them, so none is ruled out.

    Parameters
    ----------
    product_ids : pandas.Series
        Products.
    layers : mapping of str to pandas.DataFrame
        Needs ``products`` and ``cargo_rules``.

    Returns
    -------
    pandas.Series
        Words for the note; blank without a hazard, and for goods that a rule frees.
    """
    notes = layers["products"].query("hazard_note != ''").set_index("product_id")["hazard_note"]
    rules = layers["cargo_rules"].query("effect_code != 'free'").assign(product_id=lambda t: t["product_ids"].map(split_ids))
    ruled = rules.explode("product_id").set_index("product_id")["words"]
    told = pd.concat([notes, ruled]).groupby(level=0).agg("; ".join).to_dict()
    words = [HAZARD.format(words=told[product]) if product in told else "" for product in product_ids]
    return pd.Series(words, index=product_ids.index, dtype=str)


def _lane_quotes(lanes: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the latest container quote of each lane: ``low``, ``mode``, ``high`` in USD a box and ``year``, NaN without one.

    A quote holds from its port, or from any port of its country, to its port, or to any port of its country.
    """
    boxes = layers["ocean_freight"].query("kind == 'container' and unit in @BOX_UNITS").dropna(subset=["mode"])
    country = layers["ports"].set_index("port_id")["country"]
    figures = pd.DataFrame(np.nan, index=lanes.index, columns=[*ENDS.values(), "year"])
    ends = [(lanes[side], lanes[side].map(country)) for side in ("from_port_id", "to_port_id")]
    years = pd.to_numeric(boxes["year"].astype(str).str[:4])
    for quote in boxes.assign(year=years).sort_values(["year", "freight_id"]).to_dict("records"):
        asked = [(quote["origin_port_id"], quote["origin"]), (quote["dest_port_id"], quote["dest"])]
        holds = [port == there if there else land == words for (port, land), (there, words) in zip(ends, asked, strict=True)]
        figures.loc[holds[0] & holds[1]] = [quote[name] for name in figures.columns]
    return figures
