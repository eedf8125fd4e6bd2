"""What a net present value is computed from, figure by figure, each with what stands behind it: for a reader with a calculator (M14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import join_ids, split_ids
from geokit.economics.bands import Floats
from geokit.economics.basecase import BaseCases
from geokit.economics.cover import see_years
from geokit.economics.entries import name_source, write_entry, write_figure
from geokit.economics.plant import AT_ORE
from geokit.economics.quotes import ASSUMED, SOURCED
from geokit.economics.risk import list_rows
from geokit.economics.workings import Workings, work_capital, work_feed_price, work_price, work_ratio, work_supply

FREIGHT_WORDS = "freight rates, carried over or assumed: see Freight"
CONTROLS_WORDS = "drawn by the controls, likeliest political state"


def write_ledgers(
    cases: BaseCases, layers: Mapping[str, pd.DataFrame], *, workings: Workings, assumptions: Assumptions
) -> pd.DataFrame:
    """Return the ledger of each row that has a value or its bounds, and the sources in it.

    Parameters
    ----------
    cases : BaseCases
        From :func:`geokit.economics.basecase.lay_valuation`.
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``.
    workings : Workings
        The steps behind prices, feed and capital cost, from :func:`geokit.economics.workings.lay_workings`.
    assumptions : Assumptions
        What the cases were laid with.

    Returns
    -------
    pandas.DataFrame
        Index of the table; ``value_inputs``, entries ``name: figure unit [mark: source or assumption]`` joined by ``"; "``, and
        ``value_source_ids``; blank where there is no value.
    """
    places = np.flatnonzero(cases.is_bounded)
    stages = layers["stages"].set_index("stage_id")
    rows, bases = list_rows(cases.table.iloc[places]), list_rows(cases.base.iloc[places])
    seen = see_years(cases)[places] if len(places) and not cases.sight.about.empty else [None] * len(places)
    entries, sources = [], []
    for row, base, feed in zip(rows, bases, seen, strict=True):
        own = stages.loc[row["stage_id"]]
        ratio_ids = own["input_ratio_source_id"] if row["ratio_stated"] else own["recovery_source_ids"]
        cited = {"size_ids": own["source_ids"], "ratio_ids": ratio_ids, "seen_ids": _cite(cases, row)}
        whole = row | cited
        told = [*_tell_plant(whole, base, assumptions), *_tell_money(whole, base, workings), *_tell_feed(whole, feed, workings)]
        entries.append("; ".join(told))
        sources.append(join_ids([row["tax_source_ids"], *cited.values()]))
    table = pd.DataFrame({"value_inputs": entries, "value_source_ids": sources}, index=cases.table.index[places], dtype=object)
    return table.reindex(cases.table.index).fillna("")


def _tell_plant(row: Mapping[str, Any], base: Mapping[str, Any], assumptions: Assumptions) -> Iterator[str]:
    """Yield size, years, rate and what the tax office and the bank ask."""
    finance, stage = assumptions.finance, row["stage_id"]
    size = name_source(row["size_ids"], f"finance.plant_t_per_y.{stage}", row["size_mark"])
    yield write_entry("capacity", row["plant_t_per_y"], "t/y", behind=size)
    ramp = ", ".join([*(write_figure(share) for share in finance.ramp_frac), "then 1"])
    figures: list[tuple[str, str | float, str, str]] = [
        ("output over capacity", finance.capacity_factor_frac, "", "finance.capacity_factor_frac"),
        ("output of the first years over full output", ramp, "", "finance.ramp_frac"),
        ("building", finance.construction_years, "years", "finance.construction_years"),
        ("delay", base["delay_years"], "years", CONTROLS_WORDS),
        ("operation", finance.life_years, "years", "finance.life_years"),
        ("discount rate", base["rate_frac"], "a year", "finance.discount_rate_frac"),
        ("written off over", finance.depreciation_years, "years", "finance.depreciation_years"),
        ("losses kept", finance.loss_years, "years", "finance.loss_years"),
        ("working capital over sales", finance.working_capital_frac, "", "finance.working_capital_frac"),
        ("closure over capital cost", finance.closure_frac, "", "finance.closure_frac"),
    ]
    yield from (write_entry(name, figure, unit, behind=(ASSUMED, key)) for name, figure, unit, key in figures)
    taxes = ", ".join(split_ids(row["tax_source_ids"]))
    free = max(0.0, min(base["holiday_years"], base["holiday_ends_years"] - finance.construction_years - base["delay_years"]))
    mark = (SOURCED, taxes) if taxes else (ASSUMED, "finance.income_tax_frac")
    yield write_entry("tax on income", base["income_tax_frac"], "", behind=mark)
    yield write_entry("least tax on sales", base["turnover_tax_frac"], "", behind=mark)
    yield write_entry("years without tax", float(np.floor(free + 1e-9)), "", behind=mark)


def _tell_money(row: Mapping[str, Any], base: Mapping[str, Any], workings: Workings) -> Iterator[str]:
    """Yield prices and costs of the base case."""
    stage, product, feed = row["stage_id"], row["product_id"], row["feed_product_id"]
    yield from work_price(row, base, workings)
    price = name_source(row["price_source_ids"], f"finance.price_usd_per_t.{product}", row["price_mark"])
    yield write_entry("price of the product", base["usd_per_t"], "USD/t", behind=price)
    yield from work_feed_price(row, workings)
    gate = max(base["feed_value_usd_per_t"] - base["feed_saved_usd_per_t"], base["feed_floor_usd_per_t"]) / row["feed_t"]
    key = f"feed.{'mining' if row['siting'] == AT_ORE else 'gate'}_usd_per_t.{feed}"
    behind = name_source(row["feed_source_ids"], key, row["feed_price_mark"])
    yield write_entry("price of the feed at the mine gate", gate, "USD/t", behind=behind)
    yield write_entry("freight of the product", row["freight"], "USD/t", behind=(ASSUMED, FREIGHT_WORDS))
    yield write_entry("haul of the feed", row["in"], "USD/t", behind=(ASSUMED, FREIGHT_WORDS))
    yield from work_capital(row, workings)
    for name, line, figure, unit in (
        ("operating cost", "opex", row["opex"], "USD/t"), ("capital cost", "capex", row["capex"], "USD per t/y"),
    ):  # fmt: skip
        key = f"finance.{line}_usd_per_{'t' if line == 'opex' else 'tpa'}.{stage}"
        yield write_entry(name, figure, unit, behind=name_source(row["cost_source_ids"], key, row[f"{line}_mark"]))
    dearer = base["capex_million_usd"] / row["capex_million_usd"]
    yield write_entry("capital cost over that without controls", dearer, "", behind=(ASSUMED, CONTROLS_WORDS))
    payer = "finance.royalty_frac" if row["siting"] == AT_ORE else "who buys feed pays none"
    yield write_entry("royalty on sales", base["royalty_frac"], "", behind=(row["royalty_mark"], payer))
    if base["reversion_per_year"] > 0.0:
        words = "finance.price_model, finance.half_life_years"
        yield write_entry("half-life of the price", float(np.log(2.0) / base["reversion_per_year"]), "years", behind=(ASSUMED, words))
        yield write_entry("long-run price over that of today", base["price_ratio"], "", behind=(ASSUMED, words))
        yield write_entry("long-run price of the feed over that of today", base["feed_ratio"], "", behind=(ASSUMED, words))


def _tell_feed(row: Mapping[str, Any], seen: Floats | None, workings: Workings) -> Iterator[str]:
    """Yield how much feed a tonne takes, and how much of it is in sight in each operating year."""
    stage = row["stage_id"]
    yield from work_ratio(row, workings)
    key = f"feed.feed_t_per_t.{stage}" if row["ratio_stated"] else "feed.recovery_frac"
    ratio = name_source(row["ratio_ids"], key, row["ratio_mark"])
    yield write_entry("feed of a tonne of product", row["feed_t"], "t", behind=ratio)
    if seen is None:
        yield write_entry("feed in sight", "no bound", "", behind=(ASSUMED, ""))
    elif np.isnan(seen).any():
        yield write_entry("feed in sight", "unknown", "", behind=("missing", f"feed.supply_t_per_y.{stage}"))
    else:
        yield from work_supply(row, workings) if row["seen_ids"] else ()
        behind = name_source(row["seen_ids"], f"feed.supply_t_per_y.{stage}", SOURCED if row["seen_ids"] else ASSUMED)
        yield write_entry("feed in sight, by year of operation", _span(seen), "t/y", behind=behind)


def _span(seen: Floats) -> str:
    """Return the feed of each operating year, years alike told once."""
    told = [(write_figure(figure), year) for year, figure in enumerate(seen, start=1)]
    spans = [(text, [year for _, year in alike]) for text, alike in groupby(told, key=lambda one: one[0])]
    return ", ".join(f"{years[0]}-{years[-1]} {text}" for text, years in spans)


def _cite(cases: BaseCases, row: Mapping[str, Any]) -> str:
    """Return the sources of the feed in sight of a row."""
    about = cases.sight.about
    return "" if about.empty else str(about["sight_source_ids"].iloc[row["sight_place"]])
