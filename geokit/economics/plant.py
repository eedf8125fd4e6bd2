"""What a plant pays in tax and royalty, is discounted at and lacks, each figure marked evidence, assumption or missing (M5, M14, M16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.codes import Kind
from geokit.core.columns import join_ids, split_ids
from geokit.economics.bands import Band, Floats
from geokit.economics.notes import pick_words
from geokit.economics.own import KEYS
from geokit.economics.quotes import ASSUMED, LESS_CHARGES, MISSING, SOURCED

OWN_PRICE = ("direct", LESS_CHARGES)
"""Roles of a price that speak of the product itself; a proxy may stand in a margin and never in a net present value."""
AT_ORE = "at_ore"
LEVIES = ("income_tax", "turnover_minimum", "turnover_final", "holiday")
DAYS_PER_YEAR = 365.25
TAXES = ["income_tax_frac", "turnover_tax_frac", "turnover_tax_final", "holiday_years", "holiday_ends_years"]
FEED_PARTS = ["feed_quote_usd_per_t", "feed_paid_frac", "out", "in"]
MAINTENANCE, INSURANCE = "maintenance", "insurance-property-tax"
"""Rows of the cost factors that follow the capital cost, per cent of it a year."""


def plant_inputs(layers: Mapping[str, pd.DataFrame], rows: pd.DataFrame, *, assumptions: Assumptions, on: dt.date) -> pd.DataFrame:
    """Return what the cash flow of each row needs besides its prices, freight and costs, and what is missing for one.

    - Taxes: the tax on income and on sales where the plant stands. A zone with a final tax on sales pays that alone; a holiday lasts
      years = max(0, min(longest, end - year of first product)), an end not stated being so many years after the first.
    - Royalty: who buys feed pays none, for the mine does and it is inside the price of feed; a plant that owns its ore pays that of
      its province and mineral, else the user's; else it is missing and the value is one before royalty.
    - The discount rate holds the risk of the country, which enters nowhere else (model rule M16).
    - Operating cost that is known in part: power, and maintenance and insurance as shares of the capital cost.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``royalties_taxes``, ``sites``, ``deposits``, ``products``, ``prices``, ``operations`` and ``cost_factors``.
    rows : pandas.DataFrame
        From :func:`geokit.economics.rows.lay_rows`.
    assumptions : Assumptions
        Groups ``finance`` and ``controls`` (the day of the decision).
    on : datetime.date
        Date of the question.

    Returns
    -------
    pandas.DataFrame
        Index of ``rows``; columns ``output_t_per_y`` (t/y at the capacity factor), ``rate_frac_*``, ``royalty_frac_*``,
        ``royalty_mark``, those of ``TAXES`` with ``income_tax_frac`` and ``turnover_tax_frac`` as low, mode and high,
        ``tax_regime`` (income_tax, final_tax, holiday), ``tax_source_ids``, ``price_ratio``, ``feed_ratio`` (long-run level over
        today's), ``price_log_vol``, ``feed_log_vol`` (1/year), ``kwh_per_t``, ``known_opex_usd_per_t`` and ``missing_inputs``.
    """
    finance = assumptions.finance
    rate = Band.spread(finance.discount_rate_frac)
    table = pd.DataFrame({"output_t_per_y": rows["plant_t_per_y"] * finance.capacity_factor_frac}).assign(**rate.columns("rate_frac"))
    start = find_decision(assumptions, on)
    table = table.join(_levy(layers, rows, start=start)).join(_price_moves(layers["prices"], rows))
    taxed, own = Band.read(table, "income_tax_frac"), finance.income_tax_frac
    table = table.assign(**taxed.where(~np.isnan(taxed.mode), Band.spread(own) if own else taxed).columns("income_tax_frac"))
    royalty, mark = _ask_royalty(layers, rows, assumptions)
    kwh = layers["operations"].groupby("stage_id")["energy_kwh_per_t"].sum(min_count=1)
    table = table.assign(**royalty.columns("royalty_frac"), royalty_mark=mark, kwh_per_t=rows["stage_id"].map(kwh).astype(float))
    table = table.assign(known_opex_usd_per_t=_add_known(layers["cost_factors"], rows))
    return table.assign(missing_inputs=_list_missing(rows, table))


def find_decision(assumptions: Assumptions, on: dt.date) -> float:
    """Return the day of the decision as a year with its fraction.

    Parameters
    ----------
    assumptions : Assumptions
        ``controls.fid_on``, else ``controls.months_to_fid``.
    on : datetime.date
        Date of the question.

    Returns
    -------
    float
        Year, as 2027.5 for the beginning of July 2027.
    """
    named = assumptions.controls.fid_on
    day = named or on
    return day.year + (day.timetuple().tm_yday - 1) / DAYS_PER_YEAR + (0.0 if named else assumptions.controls.months_to_fid / 12.0)


def _levy(layers: Mapping[str, pd.DataFrame], rows: pd.DataFrame, *, start: float) -> pd.DataFrame:
    """Return the taxes of each row, by the site that it stands on."""
    levies = layers["royalties_taxes"]
    kinds = layers["sites"].set_index("site_id")["kind_code"].to_dict()
    named = {site for cell in levies["site_ids"] for site in split_ids(cell)}
    asked = {site: (str(site) if site in named else "", str(kinds.get(site, ""))) for site in rows["site_id"].unique()}
    told = {key: _tax_site(levies, *key, start=start) for key in set(asked.values())}
    return pd.DataFrame([told[asked[site]] for site in rows["site_id"]], index=rows.index)


def _tax_site(levies: pd.DataFrame, site: str, kind: str, *, start: float) -> dict[str, object]:
    """Return the taxes at one site, blank if no levy names it, of one kind; the tax on income is unknown where no levy says it."""
    here = (levies["site_kinds"] + levies["site_ids"]) == ""
    here |= levies["site_kinds"].map(lambda cell: kind in split_ids(cell)) | levies["site_ids"].map(lambda cell: site in split_ids(cell))
    own = {name: levies[here.astype(bool) & (levies["enters_as"] == name)] for name in LEVIES}
    final, holiday = len(own["turnover_final"]) > 0, len(own["holiday"]) > 0
    sales = own["turnover_final" if final else "turnover_minimum"]
    years, end = _read_holiday(own["holiday"]) if holiday else (0.0, start)
    used = [own["turnover_final"]] if final else [own["income_tax"], own["turnover_minimum"], own["holiday"]]
    return {
        **_sum_rates(own["income_tax"], "income_tax_frac", without=np.nan),
        **_sum_rates(sales, "turnover_tax_frac", without=0.0),
        "turnover_tax_final": float(final),
        "holiday_years": years,
        "holiday_ends_years": end - start,
        "tax_regime": "final_tax" if final else "holiday" if holiday else "income_tax",
        "tax_source_ids": join_ids(cell for part in used for cell in part["source_id"]),
    }


def _sum_rates(levies: pd.DataFrame, name: str, *, without: float) -> dict[str, float]:
    """Add rates in per cent up, as columns of fractions; without any levy the rate is the one that is given."""
    ends = {f"{name}_low": levies["low"], name: levies["mode"], f"{name}_high": levies["high"]}
    if levies.empty:
        return dict.fromkeys(ends, without)
    return {column: float(end.fillna(levies["mode"]).sum(skipna=False)) / 100.0 for column, end in ends.items()}


def _read_holiday(levies: pd.DataFrame) -> tuple[float, float]:
    """Return the longest holiday and the year in which it ends at the latest."""
    row = levies.iloc[0]
    years = float(row["high"] if pd.notna(row["high"]) else row["mode"])
    end = float(str(row["effective_to"])[:4]) if row["effective_to"] else float(str(row["effective_from"])[:4]) + years
    return years, end


def _price_moves(prices: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return how far the long-run level of the prices of product and feed lies from today's, and how much they vary in a year.

    Where the regime of a price changed the long-run level is the median of the years before. Feed is told at today's level where its
    product is (:func:`geokit.economics.quotes.quote_products`), so it moves with it.
    """
    known = prices.set_index("price_id")
    moved = (known["regime_change"] == "yes") & known["latest_value"].notna() & known["mode"].notna()
    ratio = (known["mode"] / known["latest_value"]).where(moved, 1.0).to_dict()
    vol = known["ann_log_vol"].to_dict()
    product, no_quote = rows["price_id"].map(ratio).fillna(1.0).astype(float), rows["feed_price_id"] == ""
    beside = (rows["by_product_usd_per_t"] / rows["usd_per_t"]).fillna(0.0) if "by_product_usd_per_t" in rows else 0.0
    return pd.DataFrame(
        {
            "price_ratio": product if isinstance(beside, float) else product + beside * (rows["by_product_ratio"] - product),
            "feed_ratio": rows["feed_price_id"].map(ratio).astype(float).where(product == 1.0, product).fillna(1.0).mask(no_quote, 1.0),
            "price_log_vol": rows["price_id"].map(vol).astype(float),
            "feed_log_vol": rows["feed_price_id"].map(vol).astype(float),
        }
    )


def _ask_royalty(layers: Mapping[str, pd.DataFrame], rows: pd.DataFrame, assumptions: Assumptions) -> tuple[Band, pd.Series]:
    """Return the royalty of each row as a share of its sales, and what stands behind it."""
    sites, deposits = (layers[name].set_index(key)["province_id"] for name, key in (("sites", "site_id"), ("deposits", "deposit_id")))
    province = rows["site_id"].map(pd.concat([sites, deposits]).to_dict()).fillna("")
    commodity = rows["product_id"].map(layers["products"].set_index("product_id")["commodity_id"]).fillna("")
    levies = layers["royalties_taxes"]
    levies = levies[(levies["enters_as"] == "royalty") & levies["mode"].notna() & levies["unit"].str.startswith("%")]
    rates = {
        (row["province_id"], mineral): [row[end] if pd.notna(row[end]) else row["mode"] for end in ("low", "mode", "high")]
        for row in levies.to_dict("records")
        for mineral in split_ids(row["commodity_ids"])
    }
    sourced = Band.of(*np.array([rates.get(key, [np.nan] * 3) for key in zip(province, commodity, strict=True)]).reshape(-1, 3).T / 100.0)
    given = assumptions.finance.royalty_frac
    own = Band.spread(given) if given else Band.exact(np.nan)
    told, pays = ~np.isnan(sourced.mode), (rows["siting"] == AT_ORE).to_numpy()
    royalty = sourced.where(told, own).where(pays, Band.exact(0.0))
    mark = pick_words(rows.index, (~pays, ASSUMED), (told, SOURCED), (np.isnan(royalty.mode), MISSING), default=ASSUMED)
    return royalty, mark


def _add_known(factors: pd.DataFrame, rows: pd.DataFrame) -> Floats:
    """Return the part of the operating cost that has a source: power, and what follows the capital cost."""
    percent = factors[factors["factor_id"].isin([MAINTENANCE, INSURANCE])]["mode"].sum()
    parts = pd.concat([rows["power"], rows["capex"] * percent / 100.0], axis=1)
    return np.asarray(parts.sum(axis=1, min_count=1), dtype=float)


def _list_missing(rows: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """Name what a value of each row still needs; blank where it has all, or where no plant is built."""
    proxy = ~rows["price_role"].isin(OWN_PRICE) & rows["usd_per_t"].notna()
    no_feed, at_ore = rows["feed_product_id"] == "", rows["siting"] == AT_ORE
    lacks = {
        "size of the plant": table["output_t_per_y"].isna(),
        "price of the product": rows["usd_per_t"].isna(),
        "price of the product itself, not of a near grade": proxy,
        "freight to the buyer": rows["freight"].isna(),
        "cost of mining": at_ore & rows["gate_usd_per_t"].isna() & ~no_feed,
        "feed within reach": no_feed,
        "feed per tonne of product": rows["feed_t"].isna() & (~no_feed | at_ore),
        "price of the feed": rows[FEED_PARTS].isna().any(axis=1) & ~no_feed & ~at_ore,
        "capital cost of the plant": rows["capex"].isna(),
        "operating cost": rows["opex"].isna(),
        "tax on income": table["income_tax_frac"].isna() & (table["turnover_tax_final"] == 0.0),
    }
    power = np.where(rows["power"].isna(), "power, ", "")
    details = {"operating cost": [f": {extra}labour, reagents, water" for extra in power]}
    blank = [""] * len(rows)
    words = [
        [name + more if lack else "" for lack, more in zip(lacks[name], details.get(name, blank), strict=True)]
        for name in KEYS
        if name in lacks
    ]
    told = ["; ".join(one for one in row if one) for row in zip(*words, strict=True)]
    return list(np.where(rows["kind"] == Kind.PLANT, told, ""))
