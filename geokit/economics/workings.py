"""How the figures of a ledger are made: quote to price, ore to feed, reference plant to capital cost, each step an entry (rule M14)."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.chain import trace_feeds
from geokit.core.grades import read_grade_unit
from geokit.economics.balance import content_factors, step_recoveries
from geokit.economics.capacity import plant_sizes
from geokit.economics.entries import name_source, write_entry
from geokit.economics.feed import steps_between
from geokit.economics.quotes import ASSUMED, SOURCED, UNITS_PER_T, align_regimes, pick_levels

Row = Mapping[str, Any]
DEFINED = (SOURCED, "by definition")


@dataclass(frozen=True)
class Workings:
    """What the steps are read from.

    Attributes
    ----------
    prices, products, stages, costs : mapping of str to mapping
        Rows by id: the layers, prices with ``level``, the figure used of each quote; products as they are priced; costs with
        ``basis_t_per_t``, what the capacity counts in a tonne of product.
    factors : mapping of (str, str) to float
        Tonnes of one content in a tonne of another.
    graded : mapping of str to str
        What the grade of each deposit counts; blank without a grade.
    lots : pandas.DataFrame
        Feed of the first year of operation by place, stage and deposit, with ``guessed``: whether a recovery on the way is ours.
    assumptions : Assumptions
        What the rows were laid with.
    """

    prices: Mapping[str, Row]
    products: Mapping[str, Row]
    stages: Mapping[str, Row]
    costs: Mapping[str, Row]
    factors: Mapping[Hashable, float]
    graded: Mapping[Hashable, str]
    lots: pd.DataFrame
    assumptions: Assumptions


def lay_workings(
    layers: Mapping[str, pd.DataFrame], lots: pd.DataFrame, *, quotes: pd.DataFrame, year: int, assumptions: Assumptions
) -> Workings:
    """Return what the steps behind a ledger are read from.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``prices``, ``products``, ``stages``, ``cost_models``, ``contained_factors``, ``deposits`` and ``deposit_feeds``.
    lots : pandas.DataFrame
        From :func:`geokit.economics.sharing.list_lots`.
    quotes : pandas.DataFrame
        From :func:`geokit.economics.quotes.quote_products`.
    year : int
        Calendar year of which the lots are told; the last of them stands for those after it.
    assumptions : Assumptions
        What the rows were laid with.

    Returns
    -------
    Workings
        Tables by id.
    """
    prices, stages = align_regimes(layers), layers["stages"]
    costs = layers["cost_models"].join(plant_sizes(layers, assumptions=assumptions)["basis_t_per_t"], on="stage_id")
    products = quotes.join(layers["products"].set_index("product_id")[["charge_id", "source_id"]]).reset_index()
    guessed = step_recoveries(layers, assumptions=assumptions)["recovery_assumed"].to_dict()
    upstream = dict(zip(stages["stage_id"], stages["upstream_stage_id"], strict=True))
    chain = trace_feeds(layers)[["stage_id", "deposit_id", "first_stage_id"]]
    now = lots[lots["year"] == min(year, lots["year"].max())].merge(chain, on=["stage_id", "deposit_id"])
    paths = [steps_between(first, last, upstream)[1:] for first, last in zip(now["first_stage_id"], now["stage_id"], strict=True)]
    return Workings(
        prices=_by_id(prices.assign(level=pick_levels(prices)), "price_id"), products=_by_id(products, "product_id"),
        stages=_by_id(stages, "stage_id"), costs=_by_id(costs, "stage_id"), factors=content_factors(layers).to_dict(),
        graded=_name_graded(layers["deposits"]), assumptions=assumptions,
        lots=now.assign(guessed=[any(guessed[one] for one in path) for path in paths]),
    )  # fmt: skip


def work_price(row: Row, base: Row, workings: Workings) -> Iterator[str]:
    """Yield the steps from the quote to the price of the product.

    price = quote x units in a tonne / ((1 + tax) x rate) / content quoted x share paid x content of the product x what the political
    state makes of it, and what by-products bring in is added before the last; a step that changes nothing is left out.

    Parameters
    ----------
    row, base : mapping
        A row of the base cases and its case.
    workings : Workings
        From :func:`lay_workings`.

    Yields
    ------
    str
        Entries; none where the user states the price.
    """
    if row["by_product_steps"]:
        yield from row["by_product_steps"].split("; ")
        yield write_entry("by-products, less their freight", row["by_product_usd_per_t"], "USD/t", behind=(SOURCED, row["by_products"]))
    yield from _work_quote("product", (row["product_id"], row["price_id"]), workings)
    state = base["usd_per_t"] / row["usd_per_t"]
    if row["price_id"] and state != 1.0:
        yield write_entry("price over that of today", state, "", behind=(ASSUMED, "likeliest political state, price_states"))


def work_feed_price(row: Row, workings: Workings) -> Iterator[str]:
    """Yield the steps from the quote of the feed to its price at the mine gate: the price as above, less the haul to the buyer.

    Parameters
    ----------
    row : mapping
        A row of the base cases.
    workings : Workings
        From :func:`lay_workings`.

    Yields
    ------
    str
        Entries; none where the user states the price, or the cost of mining stands for it.
    """
    yield from _work_quote("feed", (row["feed_product_id"], row["feed_price_id"]), workings)
    if row["feed_price_id"]:
        yield write_entry("haul of the feed to its best buyer", row["out"], "USD/t", behind=(ASSUMED, f"freight to {row['buyer_port_id']}"))


def work_ratio(row: Row, workings: Workings) -> Iterator[str]:
    """Yield the steps to the feed of a tonne of product: content / (factor x recovery x content of the feed).

    Parameters
    ----------
    row : mapping
        A row of the base cases.
    workings : Workings
        From :func:`lay_workings`.

    Yields
    ------
    str
        Entries; none where a source or the user states the ratio.
    """
    if row["ratio_stated"]:
        return
    made, stage = workings.products[row["product_id"]], workings.stages[row["stage_id"]]
    recovery, known = workings.assumptions.feed.recovery_frac.mode, not math.isnan(stage["recovery_frac"])
    behind = (ASSUMED, "feed.recovery_frac")
    if known:
        recovery, behind = stage["recovery_frac"], name_source(stage["recovery_source_ids"], "", SOURCED)
    yield write_entry("content of a tonne of product", made["frac"], _of(made["contained_of"]), behind=_say_content(made))
    yield write_entry("recovery", recovery, "", behind=behind)
    fed = workings.products[row["feed_product_id"]]
    factor = workings.factors[fed["contained_of"] or workings.graded[row["deposit_id"]], made["contained_of"]]
    yield write_entry("content of the product in that of the feed", factor, "t/t", behind=(SOURCED, "contained_factors"))
    own = _say_content(fed) if row["feed_frac"] == fed["frac"] else (SOURCED, f"grade of {row['deposit_id']}")
    yield write_entry("content of a tonne of feed", row["feed_frac"], "t/t", behind=own)


def work_capital(row: Row, workings: Workings) -> Iterator[str]:
    """Yield the steps to the capital cost: reference x content x index ratio x (size over reference)^(n - 1) x location factor.

    Parameters
    ----------
    row : mapping
        A row of the base cases.
    workings : Workings
        From :func:`lay_workings`.

    Yields
    ------
    str
        Entries; none where the user states the cost.
    """
    if row["capex_mark"] != SOURCED:
        return
    cost, finance = workings.costs[row["stage_id"]], workings.assumptions.finance
    behind = name_source(cost["source_id"], "", SOURCED)
    size, place, exponent = row["size_ratio"], finance.location_factor.mode, finance.capex_exponent.mode
    unit, per_t = f"USD of {cost['price_year']:.0f} per t/y", cost["basis_t_per_t"]
    yield write_entry("capital cost of the reference plant", cost["capex_usd_per_tpa_mode"], unit, behind=behind)
    if per_t != 1.0:
        yield write_entry("what that capacity counts, in a tonne of product", per_t, "t/t", behind=behind)
    yield write_entry("cost index since then", cost["escalation_factor"], "", behind=behind)
    yield write_entry("size over that of the reference plant", size, "", behind=(ASSUMED, "finance.plant_scale_frac or plant_t_per_y"))
    yield write_entry("exponent of the law of scale", exponent, "", behind=(ASSUMED, "finance.capex_exponent"))
    yield write_entry("location factor", place, "", behind=(ASSUMED, "finance.location_factor"))


def work_supply(row: Row, workings: Workings) -> Iterator[str]:
    """Yield what each deposit gives in the first year of operation: its ore, and the ore that makes a tonne of feed.

    Parameters
    ----------
    row : mapping
        A row of the base cases.
    workings : Workings
        From :func:`lay_workings`.

    Yields
    ------
    str
        Entries; none where the user states the feed.
    """
    lots = workings.lots
    for lot in lots[(lots["place_id"] == row["place_id"]) & (lots["stage_id"] == row["stage_id"])].to_dict("records"):
        name = lot["deposit"].replace(":", ",").replace(";", ",")
        behind = name_source(lot["source_ids"], "feed.development_frac", SOURCED if lot["development_frac"] == 1.0 else ASSUMED)
        yield write_entry(f"ore of the first year at {name} ({lot['basis'].replace('_', ' ')})", lot["ore_t_per_y"], "t/y", behind=behind)
        if lot["feed_t_per_y"] not in {0.0, lot["ore_t_per_y"]}:
            by = (ASSUMED, "feed.recovery_frac") if lot["guessed"] else (SOURCED, "grade and recoveries of the steps before")
            yield write_entry(f"ore for a tonne of feed at {name}", lot["ore_t_per_y"] / lot["feed_t_per_y"], "t", behind=by)


def _work_quote(what: str, named: tuple[str, str], workings: Workings) -> Iterator[str]:
    """Yield the steps from the quote of a product to the price of a tonne, without those that change nothing."""
    product_id, price_id = named
    if not price_id:
        return
    quote, product, finance = workings.prices[price_id], workings.products[product_id], workings.assumptions.finance
    near = ", of a near grade" if product["price_role"] == "proxy" else ""
    when = f"latest of {quote['latest_date']}" if quote["level"] == quote["latest_value"] else f"middle of {quote['range_years']}"
    behind = name_source(quote["source_id"], "", SOURCED)
    yield write_entry(f"quote of the {what}{near}, {when}", quote["level"], quote["unit"], behind=behind)
    if quote["per_unit"] != "t":
        yield write_entry(f"units in a tonne of the {what}", UNITS_PER_T[quote["per_unit"]], quote["per_unit"], behind=DEFINED)
    if quote["vat_included"] == "yes":
        key = f"finance.vat_frac.{quote['market_issuer']}"
        yield write_entry(f"tax inside the quote of the {what}", finance.vat_frac[quote["market_issuer"]], "", behind=(ASSUMED, key))
    if quote["currency"] != "USD":
        key = f"finance.fx_per_usd.{quote['currency']}"
        yield write_entry(f"rate of the quote of the {what}", finance.fx_per_usd[quote["currency"]], "per USD", behind=(ASSUMED, key))
    if not math.isnan(quote["quoted_content_frac"]):
        yield write_entry(f"content that the quote of the {what} is for", quote["quoted_content_frac"], "", behind=behind)
    if product["paid_frac"] != 1.0:
        yield write_entry(f"share of it paid to the seller of the {what}", product["paid_frac"], "", behind=(SOURCED, product["charge_id"]))
    if product["on_content"]:
        yield write_entry(f"content paid for in the {what}", product["frac"], _of(product["contained_of"]), behind=_say_content(product))


def _name_graded(deposits: pd.DataFrame) -> dict[Hashable, str]:
    """Return what the grade of each deposit counts."""
    units = deposits.set_index("deposit_id")["grade_unit"].map(read_grade_unit)
    return {name: unit.analyte if unit else "" for name, unit in units.items()}


def _by_id(table: pd.DataFrame, key: str) -> dict[str, Row]:
    """Return the rows of a table by their id."""
    return {str(row[key]): {str(name): value for name, value in row.items()} for row in table.to_dict("records")}


def _of(content: str) -> str:
    """Return the unit of a content."""
    return f"t {content}/t" if content else "t/t"


def _say_content(product: Row) -> tuple[str, str]:
    """Return what stands behind the content of a product."""
    return name_source(product["source_id"], "feed.content_position_frac", ASSUMED if product["frac_assumed"] else SOURCED)
