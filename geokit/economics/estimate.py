"""What each alternative leaves for conversion, for each partner, and what cannot be said (model rules M2, M5-M7, M13, M14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.codes import Kind
from geokit.core.columns import join_ids, split_ids
from geokit.economics.bands import Band
from geokit.economics.basecase import BaseCases, lay_valuation
from geokit.economics.cells import economics_cells
from geokit.economics.cover import cover_plants, find_first_year
from geokit.economics.impurities import judge_impurities
from geokit.economics.ledger import write_ledgers
from geokit.economics.margin import FAMILIES, PRICES, break_even_cost, break_even_feed, break_even_price, conversion_margin
from geokit.economics.merit import order_merit
from geokit.economics.own import name_keys
from geokit.economics.plant import find_decision, plant_inputs
from geokit.economics.rows import lay_basis, lay_rows
from geokit.economics.sharing import count_claims, list_lots
from geokit.economics.sight import see_feed
from geokit.economics.states import States
from geokit.economics.valuation import value_alternatives, value_by_state
from geokit.economics.words import say_reasons
from geokit.economics.workings import lay_workings
from geokit.economics.years import feed_gaps, feed_years

COLUMNS = [
    "partner",
    "alternative",
    "product_id",
    "feed_product_id",
    "outlet",
    "outlet_ids",
    "feed_deposit_ids",
    "feed_origin_province_ids",
    "feed_free_t_low",
    "feed_free_t",
    "feed_free_t_high",
    "plant_t_per_y",
    "feed_t_per_product_t_low",
    "feed_t_per_product_t",
    "feed_t_per_product_t_high",
    "product_usd_per_t_low",
    "product_usd_per_t",
    "product_usd_per_t_high",
    "product_freight_usd_per_t",
    "feed_price_usd_per_t_low",
    "feed_price_usd_per_t",
    "feed_price_usd_per_t_high",
    "feed_freight_usd_per_t",
    "margin_usd_per_t_low",
    "margin_usd_per_t",
    "margin_usd_per_t_high",
    "break_even_conversion_usd_per_t",
    "break_even_feed_usd_per_t",
    "break_even_cost_usd_per_t",
    "break_even_price_usd_per_t",
    "break_even_capex_usd_per_tpa",
    "capex_usd_per_tpa",
    "opex_usd_per_t",
    "power_usd_per_t_low",
    "power_usd_per_t",
    "power_usd_per_t_high",
    "npv_million_usd_low",
    "npv_million_usd",
    "npv_million_usd_high",
    "profitability_index",
    "battery_limit",
    "beats_baseline",
    "reason",
    "source_ids",
    "supplier_deposit_id",
    "supplier_feed_available",
    "feed_buyer_port_id",
    "domestic_usd_per_t",
    "domestic_margin_usd_per_t",
    "npv_million_usd_p10",
    "npv_million_usd_p50",
    "npv_million_usd_p90",
    "loss_chance",
    "drivers",
    "irr_frac",
    "irr_count",
    "payback_years",
    "annuity_million_usd_per_y",
    "break_even_opex_usd_per_t",
    "break_even_gate_usd_per_t",
    "break_even_delay_months",
    "worth_waiver_million_usd",
    "worth_year_million_usd",
    "worth_freight_million_usd",
    "worth_power_million_usd",
    "by_product_usd_per_t",
    "by_products_uncounted",
    "missing_inputs",
    "capex_mark",
    "opex_mark",
    "known_opex_usd_per_t",
    "tax_regime",
    "royalty_mark",
    "price_mark",
    "feed_price_mark",
    "size_mark",
    "ratio_mark",
    "feed_mark",
    "missing_keys",
    "npv_fed_million_usd",
    "feed_eaten_t_per_y",
    "feed_first_t_per_y",
    "feed_last_t_per_y",
    "feed_share_first_frac",
    "feed_share_last_frac",
    "feed_unrated",
    "feed_claimants",
    "feed_claims_t_per_y",
    "utilisation_frac",
    "break_even_supply_t_per_y",
    "break_even_opex_fed_usd_per_t",
    "break_even_capex_fed_usd_per_tpa",
    "value_inputs",
]

RENAMED = {
    "free_t_low": "feed_free_t_low", "free_t": "feed_free_t", "free_t_high": "feed_free_t_high", "feed_t_low": "feed_t_per_product_t_low",
    "feed_t": "feed_t_per_product_t", "feed_t_high": "feed_t_per_product_t_high", "usd_per_t_low": "product_usd_per_t_low",
    "usd_per_t": "product_usd_per_t", "usd_per_t_high": "product_usd_per_t_high", "freight": "product_freight_usd_per_t",
    "gate_usd_per_t_low": "feed_price_usd_per_t_low", "gate_usd_per_t": "feed_price_usd_per_t",
    "gate_usd_per_t_high": "feed_price_usd_per_t_high", "in": "feed_freight_usd_per_t", "break_even_feed": "break_even_feed_usd_per_t",
    "capex": "capex_usd_per_tpa", "opex": "opex_usd_per_t", "power_low": "power_usd_per_t_low", "power": "power_usd_per_t",
    "power_high": "power_usd_per_t_high", "deposit_id": "supplier_deposit_id",
    "feed_available": "supplier_feed_available", "buyer_port_id": "feed_buyer_port_id", "domestic_margin": "domestic_margin_usd_per_t",
}  # fmt: skip
"""Columns of the rows that the table shows under a longer name."""
SOURCED = ["price_source_ids", "feed_source_ids", "reach_source_ids", "cost_source_ids", "power_source_ids", "value_source_ids"]


@dataclass(frozen=True)
class Economics:
    """The answer of this room.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a (partner, alternative); columns as in the data dictionary (``economics``).
    cells : pandas.DataFrame
        Criteria F1, F2, L1, E1, E2, E3 at their own grain (``cells``).
    feeds : pandas.DataFrame
        One row a (stage, place, deposit): what feeds what (``feeds``).
    balance : pandas.DataFrame
        Metal balance of each step (``balance``).
    feed_years, feed_gaps : pandas.DataFrame
        What each deposit could give, year by year and scenario, and what nobody published of it (``feed_years``, ``feed_gaps``).
    merit : pandas.DataFrame
        Lots of feed in the order of their cost per payable unit (``merit``).
    impurities : pandas.DataFrame
        Limits of buyers against what is known of each ore (``impurities``).
    cases : BaseCases
        Base case of each row of the table, for :func:`geokit.economics.valuation.explain_flow`.
    by_state : pandas.DataFrame
        Value of each valued row in each political state (``value_states``).
    """

    table: pd.DataFrame
    cells: pd.DataFrame
    feeds: pd.DataFrame
    balance: pd.DataFrame
    feed_years: pd.DataFrame
    feed_gaps: pd.DataFrame
    merit: pd.DataFrame
    impurities: pd.DataFrame
    cases: BaseCases
    by_state: pd.DataFrame


def estimate(
    layers: Mapping[str, pd.DataFrame],
    alternatives: pd.DataFrame,
    hauls: pd.DataFrame,
    *,
    assumptions: Assumptions,
    outlets: pd.DataFrame | None = None,
    on: dt.date | None = None,
    states: States | None = None,
) -> Economics:
    """Estimate feed, conversion margin, break-evens and, where its parts are sourced, value of every alternative for every partner.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs the themes deposits, flowsheets, economics, controls and partners, and ``ports``.
    alternatives : pandas.DataFrame
        Plants and baselines.
    hauls : pandas.DataFrame
        Freight of kinds ``feed``, ``delivered`` and ``sea``, USD/t.
    assumptions : Assumptions
        Groups ``feed`` and ``finance``.
    outlets : pandas.DataFrame, optional
        Who takes what: ``partner``, ``product_id``, ``outlet``, ``destination_ids``; the outlet stays blank when not given.
    on : datetime.date, optional
        Date of the question, from which tax holidays are counted; the first day of the price year when not given.
    states : States, optional
        Political states with delay and dearer equipment of each plant; none when not given.

    Returns
    -------
    Economics
        Table, cells and feed list; blanks carry their reason. Names in the assumptions that the layers do not have are left unread:
        :func:`geokit.economics.refusals.check_names` refuses them.
    """
    day = on or dt.date(assumptions.finance.price_year, 1, 1)
    basis = lay_basis(layers, alternatives, hauls, assumptions=assumptions)
    years = feed_years(layers, assumptions=assumptions)
    rows = lay_rows(layers, alternatives, hauls, basis=basis, assumptions=assumptions, takers=outlets)
    rows = _join_families(rows, layers["prices"])
    margin = conversion_margin(rows)
    inside = conversion_margin(rows.assign(usd_per_t=rows["domestic_usd_per_t"])).mode
    rows = rows.assign(break_even_feed=break_even_feed(rows), domestic_margin=inside)
    inputs = plant_inputs(layers, rows, assumptions=assumptions, on=day)
    cases = lay_valuation(
        rows, inputs, finance=assumptions.finance, states=states, price_states=layers["price_states"],
        sight=see_feed(years, basis.feeds, alternatives, assumptions=assumptions), decided=find_decision(assumptions, day),
    )  # fmt: skip
    values = value_alternatives(cases, margin, finance=assumptions.finance, seed=assumptions.seed)
    rows = rows.join(inputs[["known_opex_usd_per_t", "tax_regime", "royalty_mark"]]).join(cover_plants(cases))
    lots, first = list_lots(years, basis.feeds, scenario=assumptions.feed.scenario), find_first_year(cases.plan, assumptions.finance)
    workings = lay_workings(layers, lots, quotes=basis.quotes, year=first, assumptions=assumptions)
    rows = rows.join(count_claims(rows, lots, year=first)).assign(**_name_outlets(rows, outlets))
    rows = rows.join(write_ledgers(cases, layers, workings=workings, assumptions=assumptions))
    return Economics(
        table=_lay_table(layers, rows, margin, values=values),
        cells=economics_cells(rows, values),
        cases=cases,
        by_state=value_by_state(cases, finance=assumptions.finance),
        feeds=basis.feeds,
        balance=basis.balance,
        feed_years=years,
        feed_gaps=feed_gaps(layers, years),
        merit=order_merit(
            layers, basis.feeds, years, exports=basis.exports, ratios=basis.ratios, quotes=basis.quotes, assumptions=assumptions
        ),
        impurities=judge_impurities(layers, assumptions=assumptions),
    )


def _join_families(rows: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the families of the quotes of product and feed; a quote without a family is its own."""
    family = prices.set_index("price_id")["moves_with"]
    family = family.where(family != "", family.index.to_series())
    return rows.assign(**{name: rows[quote].map(family).fillna("") for name, quote in zip(FAMILIES, PRICES, strict=True)})


def _name_outlets(rows: pd.DataFrame, outlets: pd.DataFrame | None) -> dict[str, pd.Series]:
    """Return the outlet of each row and the plants that take its product, as they were judged."""
    if outlets is None:
        blank = pd.Series("", index=rows.index)
        return {"outlet": blank, "outlet_ids": blank}
    known = outlets.set_index(["partner", "product_id"])
    pairs = pd.MultiIndex.from_frame(rows[["partner", "product_id"]])
    found = known[["outlet", "destination_ids"]].reindex(pairs).fillna("").set_axis(rows.index)
    return {"outlet": found["outlet"], "outlet_ids": found["destination_ids"]}


def _lay_table(layers: Mapping[str, pd.DataFrame], rows: pd.DataFrame, margin: Band, *, values: pd.DataFrame) -> pd.DataFrame:
    """Lay the declared columns out; plain export is the yardstick, so its margin is nil by definition."""
    nil = Band.exact(np.zeros(len(rows))).where((rows["kind"] == Kind.EXPORT).to_numpy(), margin)
    deposits = rows["deposit_ids"].where(rows["deposit_ids"] != "", rows["deposit_id"])
    named = zip(values["missing_inputs"], rows["stage_id"], rows["product_id"], _say_feed(layers, rows), strict=True)
    table = rows.rename(columns=RENAMED).assign(
        **nil.columns("margin_usd_per_t"),
        **values[[name for name in values if name in COLUMNS]],
        feed_deposit_ids=deposits,
        feed_origin_province_ids=_provinces(deposits, layers["deposits"]),
        break_even_conversion_usd_per_t=margin.mode,
        break_even_cost_usd_per_t=np.where(rows["kind"] == Kind.PLANT, break_even_cost(rows), np.nan),
        break_even_price_usd_per_t=np.where(rows["kind"] == Kind.PLANT, break_even_price(rows), np.nan),
        missing_keys=[name_keys(lacks, {"stage_id": stage, "product_id": made, "feed": fed}) for lacks, stage, made, fed in named],
        reason=say_reasons(rows, margin, values, names=_names(layers)),
        source_ids=[join_ids(cells) for cells in zip(*(rows[name] for name in SOURCED), strict=True)],
    )
    return table[COLUMNS]


def _say_feed(layers: Mapping[str, pd.DataFrame], rows: pd.DataFrame) -> pd.Series:
    """Return the feed of each row; where none was found the first input of its stage."""
    first = layers["stages"].set_index("stage_id")["input_product_ids"].map(lambda cell: (split_ids(cell) or [""])[0])
    return rows["feed_product_id"].mask(rows["feed_product_id"] == "", rows["stage_id"].map(first))


def _provinces(deposits: pd.Series, layer: pd.DataFrame) -> pd.Series:
    """Return the provinces of the deposits named in each row."""
    home = layer.set_index("deposit_id")["province_id"].to_dict()
    told = {cell: join_ids(home[one] for one in split_ids(cell)) for cell in deposits.unique()}
    return deposits.map(told)


def _names(layers: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return the names of deposits, ports and products by id."""
    columns = {"deposits": ("deposit_id", "name"), "ports": ("port_id", "name"), "products": ("product_id", "label")}
    return {row[key]: row[name] for table, (key, name) in columns.items() for row in layers[table][[key, name]].to_dict("records")}
