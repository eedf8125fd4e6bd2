"""What by-products bring in for a tonne of product, where amount, price and what the buyer keeps are all sourced (model rule M14)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.codes import Kind
from geokit.core.columns import join_ids
from geokit.economics.balance_table import BY_PRODUCT
from geokit.economics.bands import Band
from geokit.economics.entries import name_source, write_entry
from geokit.economics.quotes import ASSUMED, SOURCED, quote_prices

PAIR = ["stage_id", "deposit_id"]
SOLD_APART = "t/t"
"""Unit of a by-product that is a product of its own and pays freight; what is counted in g/t stays inside the product."""
TOLD = ["by_products", "by_product_steps", "by_product_source_ids", "by_products_uncounted"]


def price_by_products(layers: Mapping[str, pd.DataFrame], balance: pd.DataFrame, *, assumptions: Assumptions) -> pd.DataFrame:
    """Return what each by-product of each step on each ore brings in.

    value = amount x price of its metal x (1 - share that the buyer keeps), the amount in tonnes of that metal for a tonne of product.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``by_products``, ``prices`` and ``charges``.
    balance : pandas.DataFrame
        From :func:`geokit.economics.balance_table.lay_balance`.
    assumptions : Assumptions
        Exchange rates and taxes.

    Returns
    -------
    pandas.DataFrame
        One row a (stage, deposit, by-product): ``output``, ``value_*`` (USD per tonne of product, 0 where it is not counted), ``carried``
        (tonnes that pay freight for a tonne of product), ``ratio`` (long-run price over that of today), ``is_counted``, ``steps`` and
        ``source_ids``. A by-product is counted where its row says so and amount, price and share are known.
    """
    rows = balance[balance["output_kind"] == BY_PRODUCT].reset_index(drop=True)
    given = layers["by_products"].set_index(["stage_id", "by_product", "deposit_id"])[["price_id", "charge_id", "content_frac"]]
    own, shared = (given.reindex(_keys(rows, deposit)).reset_index(drop=True) for deposit in (rows["deposit_id"], ""))
    terms = own.apply(lambda column: column.where(own["price_id"].notna(), shared[column.name]))
    levels = quote_prices(layers, assumptions=assumptions).reindex(terms["price_id"])
    kept = layers["charges"].set_index("charge_id")["mode"].reindex(terms["charge_id"]).to_numpy(dtype=float) / 100.0
    apart = (rows["by_product_unit"] == SOLD_APART).to_numpy()
    held = np.where(apart, terms["content_frac"].astype(float), 1e-6)
    amount = Band.read(rows, "by_product_per_t")
    value = amount * Band.exact(held) * Band.read(levels, "usd_per_t") * Band.exact(1.0 - kept)
    counted = (rows["counted"] == "yes").to_numpy() & ~np.isnan(value.mode)
    prices = layers["prices"].set_index("price_id").reindex(terms["price_id"])
    moved = ((prices["regime_change"] == "yes") & prices["latest_value"].notna() & prices["mode"].notna()).to_numpy()
    ratio = np.where(moved, prices["mode"] / prices["latest_value"], 1.0)
    table = rows[[*PAIR, "output"]].assign(
        **value.where(counted, Band.exact(0.0)).columns("value"), carried=np.where(counted & apart, amount.mode, 0.0), ratio=ratio,
        is_counted=counted, source_ids=[join_ids(pair) for pair in zip(rows["source_ids"], prices["source_id"].fillna(""), strict=True)],
    )  # fmt: skip
    figures = zip(amount.mode, rows["by_product_unit"], held, levels["usd_per_t"], 1.0 - kept, strict=True)
    return table.assign(
        steps=[
            _tell_steps(name, figure, ids) if known else ""
            for name, figure, ids, known in zip(table["output"], figures, table["source_ids"], counted, strict=True)
        ]
    )


def sum_by_products(priced: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what the by-products of each plant bring in, and which are not counted.

    Parameters
    ----------
    priced : pandas.DataFrame
        From :func:`price_by_products`.
    rows : pandas.DataFrame
        Columns ``kind``, ``stage_id``, ``deposit_id``, ``price_mark``, and ``freight`` in USD/t, which what is sold apart pays too.

    Returns
    -------
    pandas.DataFrame
        Index of ``rows``; ``by_product_usd_per_t_*`` (USD per tonne of product), ``by_product_ratio`` (long-run prices over those of
        today), ``by_products``, ``by_product_steps``, ``by_product_source_ids`` and ``by_products_uncounted``. Nought for baselines,
        where the user states the price of the product, which then holds all that it brings in, and where the freight of what is sold
        apart is not known: then none of the plant counts.
    """
    drifts = {f"value{end}": "sum" for end in ("_low", "", "_high")} | {"carried": "sum", "long_run": "sum"}
    counted, silent = priced[priced["is_counted"]], priced[~priced["is_counted"]]
    sums = counted.assign(long_run=counted["value"] * counted["ratio"]).groupby(PAIR).agg(
        **{name: (name, how) for name, how in drifts.items()},
        by_products=("output", ", ".join), by_product_steps=("steps", "; ".join), by_product_source_ids=("source_ids", join_ids),
    )  # fmt: skip
    names = silent.groupby(PAIR)["output"].agg(", ".join).rename("by_products_uncounted")
    anywhere = silent.groupby("stage_id")["output"].agg(lambda cells: ", ".join(dict.fromkeys(cells)))
    keys = pd.MultiIndex.from_frame(rows[PAIR])
    found = sums.reindex(keys).set_axis(rows.index).join(names.reindex(keys).set_axis(rows.index))
    here = (rows["kind"] == Kind.PLANT) & (rows["price_mark"] != ASSUMED) & found["value"].notna()
    freight = (found["carried"] * rows["freight"]).where(found["carried"] != 0.0, 0.0)
    sold = (here & freight.notna()).to_numpy()
    value = (Band.read(found, "value") - Band.exact(freight)).where(sold, Band.exact(0.0))
    elsewhere = rows["stage_id"].map(anywhere.to_dict()).astype(object)
    untold = found["by_products_uncounted"].astype(object).fillna(elsewhere).where(rows["kind"] == Kind.PLANT)
    stranded = (found["by_products"] + ", ").where(here & ~sold, "").fillna("") + untold.fillna("")
    words = pd.DataFrame({name: found[name].where(sold, "") for name in TOLD[:3]}).fillna("")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(sold, found["long_run"] / found["value"], 1.0)
    words = words.assign(by_product_ratio=ratio, by_products_uncounted=stranded.str.removesuffix(", "))
    return words.assign(**value.columns("by_product_usd_per_t"))


def _keys(rows: pd.DataFrame, deposit: pd.Series | str) -> pd.MultiIndex:
    """Return the keys of the rows in the layer of by-products, for their own deposit or for any."""
    return pd.MultiIndex.from_frame(rows[["stage_id", "output"]].assign(deposit_id=deposit))


def _tell_steps(name: str, figures: tuple[float, str, float, float, float], ids: str) -> str:
    """Return the entries from the amount of a by-product to what it brings in."""
    amount, unit, held, price, paid = figures
    behind = name_source(ids, "", SOURCED)
    entries = [
        write_entry(f"by-product {name} of a tonne of product", amount, unit, behind=behind),
        write_entry(f"price of the metal in {name}", price, "USD/t", behind=behind),
        write_entry(f"share of it paid for {name}", paid, "", behind=behind),
    ]
    content = write_entry(f"content of {name}", held, "t/t", behind=behind)
    return "; ".join([entries[0], content, *entries[1:]] if unit == SOLD_APART else entries)
