"""Prices of products in USD per tonne, each on its own basis: bases are converted, never averaged (model rules M5, M13)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import join_ids, split_ids
from geokit.economics.bands import Band
from geokit.economics.own import read_own
from geokit.economics.premium import inside_quotes

UNITS_PER_T = {"t": 1.0, "kg": 1e3, "lb": 1e6 / 453.59237, "oz": 1e6 / 31.1034768, "mtu": 100.0}
"""How many of each unit of sale make a tonne: kilogram, avoirdupois pound, troy ounce, metric tonne unit (10 kg); by definition."""
LESS_CHARGES, COMPONENT, CONCENTRATE, DIRECT = "metal_less_charges", "component", "concentrate", "direct"
SOURCED, ASSUMED, MISSING = "evidence", "assumption", "missing"
"""What stands behind a figure: a source, the user's or our judgement, or nothing."""


def quote_prices(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return every price row in USD per tonne of what it quotes, without value-added tax.

    usd_per_t = quote x units per tonne / ((1 + vat) x fx). Where the regime of a price changed, the mode is today's level, not the
    middle of the old one (``regime_change``); a single observation has no spread.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``prices``.
    assumptions : Assumptions
        ``finance.vat_frac`` by market and ``finance.fx_per_usd`` by currency.

    Returns
    -------
    pandas.DataFrame
        Index ``price_id``; columns ``usd_per_t_low``, ``usd_per_t``, ``usd_per_t_high``, ``contained_of``, ``quoted_content_frac``,
        ``vat_included``, ``market_issuer``, ``market``, ``source_id``. A market or currency without an assumption gives NaN.
    """
    prices = layers["prices"].set_index("price_id")
    mode = pick_levels(prices)
    taxed = prices["vat_included"] == "yes"
    vat = prices["market_issuer"].map(dict(assumptions.finance.vat_frac)).astype(float).where(taxed, 0.0)
    fx = prices["currency"].map({"USD": 1.0, **assumptions.finance.fx_per_usd}).astype(float)
    factor = prices["per_unit"].map(UNITS_PER_T).astype(float) / ((1.0 + vat) * fx)
    band = Band.of(np.fmin(prices["low"].fillna(mode), mode) * factor, mode * factor, np.fmax(prices["high"].fillna(mode), mode) * factor)
    kept = ["contained_of", "quoted_content_frac", "vat_included", "market_issuer", "market", "source_id"]
    return prices[kept].assign(**band.columns("usd_per_t"))


def pick_levels(prices: pd.DataFrame) -> pd.Series[float]:
    """Return the level of each quote, in its own unit: the latest figure where its regime changed, else the middle of its years.

    Parameters
    ----------
    prices : pandas.DataFrame
        Columns ``regime_change``, ``latest_value`` and ``mode``.

    Returns
    -------
    pandas.Series
        On the index of the rows.
    """
    today = (prices["regime_change"] == "yes") & prices["latest_value"].notna()
    return prices["latest_value"].where(today, prices["mode"])


def content_bands(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return what each product contains.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``products``.
    assumptions : Assumptions
        ``feed.content_position_frac`` places the mode where a source gives only a range.

    Returns
    -------
    pandas.DataFrame
        Index ``product_id``; columns ``frac_low``, ``frac``, ``frac_high`` (0-1) and ``frac_assumed`` (whether the mode is ours).
    """
    products = layers["products"].set_index("product_id")
    low, mode, high = (products[f"contained_frac_{end}"] for end in ("low", "mode", "high"))
    placed = low + assumptions.feed.content_position_frac * (high - low)
    band = Band.of(low.fillna(mode), mode.fillna(placed), high.fillna(mode))
    return pd.DataFrame({**band.columns("frac"), "frac_assumed": mode.isna() & placed.notna()}, index=products.index)


def quote_products(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the price of each product, per tonne of product and, where it is sold by its content, per tonne of content.

    A concentrate sold as metal less charges gets the share of its metal that the charge row leaves; payables, penalties and
    moisture are not found. A quote for one component of a mixed product is no price of the product. A plant never sells at today's
    level and buys the same commodity at a mean of years: where the regime of its product's price changed, its feed is priced at the
    latest figure too. A price that the user gives for a product takes the place of all this: it is one of a tonne of product, and no
    quote of a market, so it moves with no other price.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``products``, ``prices``, ``charges``, ``stages``, ``items``, ``clauses`` and ``instruments``.
    assumptions : Assumptions
        Exchange rates, value-added taxes and the place of a mode within a range.

    Returns
    -------
    pandas.DataFrame
        Index ``product_id``; columns ``price_id`` (blank for a price of the user), ``price_role``, ``price_mark`` (evidence, assumption,
        missing), ``contained_of``, ``frac_*``, ``frac_assumed``, ``on_content``,
        ``quote_usd_per_t_*`` (per tonne of content if ``on_content``, else of product), ``paid_frac_*`` (the share of it that charges
        leave), ``usd_per_t_*`` (per tonne of product), ``floor_*`` (cost of mining and milling a dry tonne, 0 where unknown),
        ``wet_*`` (wet tonnes carried for a dry one),
        ``domestic_usd_per_t`` (the same product inside the rival market), ``domestic_controlled`` (whether that market controls its
        commodity), ``market_issuer``, ``market`` and ``source_ids``.
    """
    products = layers["products"].set_index("product_id")
    prices = quote_prices({"prices": align_regimes(layers)}, assumptions=assumptions)
    named = (products["price_id"] != "") & (products["price_role"] != COMPONENT)
    quotes = prices.reindex(products["price_id"].where(named)).set_axis(products.index)
    content = content_bands(layers, assumptions=assumptions)
    less = products["price_role"] == LESS_CHARGES
    on_content = less | quotes["contained_of"].fillna("").ne("") | quotes["quoted_content_frac"].notna()
    quote = Band.read(quotes, "usd_per_t") / Band.exact(quotes["quoted_content_frac"].fillna(1.0))
    paid = (Band.exact(1.0) - _takes(layers["charges"], products["charge_id"])).where(less.to_numpy(), Band.exact(1.0))
    weight = Band.read(content, "frac").where(on_content.to_numpy(), Band.exact(1.0))
    table = (
        products[["price_id", "price_role", "contained_of"]]
        .join(content)
        .assign(
            on_content=on_content,
            **quote.columns("quote_usd_per_t"),
            **paid.columns("paid_frac"),
            **(quote * paid * weight).columns("usd_per_t"),
            **_floors(products, assumptions).columns("floor"),
            **_wetness(products, assumptions).columns("wet"),
        )
    )
    charge_source = products["charge_id"].map(layers["charges"].set_index("charge_id")["source_id"]).fillna("")
    inside = inside_quotes(layers, prices, content["frac"])
    table = table.assign(
        price_mark=np.where(table["usd_per_t"].notna(), SOURCED, MISSING),
        domestic_usd_per_t=inside["domestic_usd_per_t"].where(named),
        domestic_controlled=inside["domestic_controlled"] & named,
        market_issuer=quotes["market_issuer"].fillna(""),
        market=quotes["market"].fillna(""),
        source_ids=[join_ids(ids) for ids in zip(quotes["source_id"].fillna(""), charge_source, products["source_id"], strict=True)],
    )
    return _put_own(table, read_own(products.index, assumptions.finance.price_usd_per_t))


def _put_own(table: pd.DataFrame, own: Band) -> pd.DataFrame:
    """Put the prices of the user in the place of the quotes."""
    given = ~np.isnan(own.mode)
    words = {"price_id": "", "price_role": DIRECT, "price_mark": ASSUMED, "market_issuer": "", "market": "", "source_ids": ""}
    bands = {"quote_usd_per_t": own, "usd_per_t": own, "paid_frac": Band.exact(np.ones(len(table)))}
    mixed = {band: put.where(given, Band.read(table, band)) for band, put in bands.items()}
    figures = {name: column for band, figure in mixed.items() for name, column in figure.columns(band).items()}
    return table.assign(
        **figures,
        **{name: table[name].mask(given, word) for name, word in words.items()},
        on_content=table["on_content"] & ~given,
        domestic_usd_per_t=table["domestic_usd_per_t"].mask(given),
        domestic_controlled=table["domestic_controlled"] & ~given,
    )


def _floors(products: pd.DataFrame, assumptions: Assumptions) -> Band:
    """Return what mining and milling a tonne of each product costs, nought where nobody says."""
    known, none = assumptions.feed.mining_usd_per_t, (0.0, 0.0, 0.0)
    return Band.of(*zip(*((one.low, one.mode, one.high) if (one := known.get(name)) else none for name in products.index), strict=True))


def _wetness(products: pd.DataFrame, assumptions: Assumptions) -> Band:
    """Return the wet tonnes that are carried for a dry one: 1 / (1 - moisture)."""
    water, stated = assumptions.feed.moisture_frac, products["moisture_frac"].astype(float)
    damp = (products["form"] == CONCENTRATE).to_numpy() if water else np.zeros(len(products), dtype=bool)
    assumed = Band.spread(water).where(damp, Band.exact(0.0)) if water else Band.exact(np.zeros(len(products)))
    moisture = Band.exact(stated).where(stated.notna().to_numpy(), assumed)
    return Band.exact(1.0) / (Band.exact(1.0) - moisture)


def _takes(charges: pd.DataFrame, named: pd.Series) -> Band:
    """Return the share of contained value that the buyer of each product keeps, 0-1."""
    rows = charges.set_index("charge_id")[["low", "mode", "high"]].reindex(named) / 100.0
    return Band.of(rows["low"].fillna(rows["mode"]), rows["mode"], rows["high"].fillna(rows["mode"]))


def align_regimes(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the prices with the regime of a product's price carried over to the price of its feed, if of the same commodity.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``prices``, ``products`` and ``stages``.

    Returns
    -------
    pandas.DataFrame
        The layer of prices.
    """
    prices, products = layers["prices"], layers["products"].set_index("product_id")[["commodity_id", "price_id"]]
    changed = set(prices.loc[prices["regime_change"] == "yes", "price_id"])
    steps = layers["stages"][["product_id"]].assign(feed=layers["stages"]["input_product_ids"].map(split_ids)).explode("feed")
    made, fed = products.reindex(steps["product_id"]).reset_index(), products.reindex(steps["feed"]).reset_index()
    moved = fed.loc[made["price_id"].isin(changed) & (made["commodity_id"] == fed["commodity_id"]), "price_id"]
    return prices.assign(regime_change=prices["regime_change"].mask(prices["price_id"].isin(moved), "yes"))
