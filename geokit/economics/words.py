"""The sentences of the economics table: what a row says, and why each blank is blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geokit.core.codes import Kind
from geokit.economics.bands import Band
from geokit.economics.basecase import UNSEEN
from geokit.economics.notes import pick_words

BOUNDS = "its bounds run from no feed at all to as much as the plant can eat"
AT_ORE, PROXY, COMPONENT = "at_ore", "proxy", "component"


def say_reasons(rows: pd.DataFrame, margin: Band, values: pd.DataFrame, *, names: Mapping[str, str]) -> list[str]:
    """Return the reason of each row: its outcome, its power, its supplier, its premium, its outlet and why each blank is blank.

    Parameters
    ----------
    rows : pandas.DataFrame
        From :func:`geokit.economics.rows.lay_rows`, with ``break_even_feed`` and ``domestic_margin``.
    margin : Band
        Conversion margin, USD/t.
    values : pandas.DataFrame
        From :func:`geokit.economics.valuation.value_alternatives`.
    names : mapping of str to str
        Deposit, port and product ids to names.

    Returns
    -------
    list of str
        One text a row.
    """
    value = missing_value(rows, values).map(lambda clause: f"No net present value: {clause}." if clause else "")
    parts = [_outcome(rows, margin), _operating(rows, margin), _power(rows), _supplier(rows, names), _premium(rows), _outlet(rows)]
    return _join([*parts, missing_margin(rows, margin), _proxy(rows), value])


def _operating(rows: pd.DataFrame, margin: Band) -> pd.Series:
    """Say where the sourced operating cost alone eats the margin, so that no capital could be carried."""
    told = "The sourced operating cost, " + rows["opex"].map("{:,.0f}".format).astype(str) + " USD per tonne of product, eats the margin"
    eaten = pd.Series(margin.mode, index=rows.index) < rows["opex"]
    return pick_words(rows.index, (eaten, told + ": no capital can be carried."), default="")


def missing_margin(rows: pd.DataFrame, margin: Band) -> pd.Series:
    """Say why a row has no margin; blank where it has one.

    Parameters
    ----------
    rows : pandas.DataFrame
        From :func:`geokit.economics.rows.lay_rows`.
    margin : Band
        Conversion margin, USD/t.

    Returns
    -------
    pandas.Series
        A sentence a row.
    """
    return pick_words(
        rows.index,
        (~np.isnan(margin.mode) | (rows["kind"] == Kind.EXPORT), ""),
        (rows["partner_port_id"] == "", "No margin: the layers name no port of this partner."),
        (rows["price_role"] == COMPONENT, "No margin: only one component of the mixed product is quoted."),
        (rows["usd_per_t"].isna(), "No margin: no price of the product was found."),
        (rows["freight"].isna(), "No margin: no open way from here to the partner's port."),
        (rows["feed_product_id"] == "", "No margin: no free or unclaimed feed lies within reach."),
        (
            (rows["siting"] == AT_ORE) & rows["gate_usd_per_t"].isna(),
            "No margin: the cost of mining was not found, and ore at the mine has no other buyer.",
        ),
        (rows["feed_t"].isna(), "No margin: feed per tonne of product is unknown (" + rows["ratio_note"] + ")."),
        (rows["gate_usd_per_t"].isna(), "No margin: no price of the feed was found."),
        default="No margin: a part of it is unknown.",
    )


def missing_value(rows: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    """Say why a row has no net present value, without a full stop; blank where it has one.

    Parameters
    ----------
    rows : pandas.DataFrame
        From :func:`geokit.economics.rows.lay_rows`.
    values : pandas.DataFrame
        From :func:`geokit.economics.valuation.value_alternatives`.

    Returns
    -------
    pandas.Series
        A clause a row.
    """
    return pick_words(
        rows.index,
        (values["npv_million_usd"].notna(), ""),
        (rows["kind"] == Kind.EXPORT, "exporting needs no investment"),
        (rows["kind"] != Kind.PLANT, "costs at the host were not found"),
        (values["missing_inputs"] == UNSEEN, "no count, plan or rule gives a yearly rate of free feed within reach; " + BOUNDS),
        (rows["cost_note"] != "", rows["cost_note"]),
        (rows["plant_t_per_y"].isna(), "the size of a plant was not found"),
        (rows["price_role"] == PROXY, "the price is that of a near grade, and the cost that of the product"),
        default="its margin is unknown",
    )


def _join(parts: Sequence[pd.Series]) -> list[str]:
    """Join the sentences of each row, leaving out blanks."""
    return [" ".join(part for part in row if part) for row in zip(*parts, strict=True)]


def _money(values: object) -> pd.Series:
    """Write figures as whole dollars with a thousands separator; blank for NaN."""
    figures = np.asarray(values, dtype=float)
    return pd.Series(["" if np.isnan(figure) else f"{figure:,.0f}" for figure in figures], dtype=object)


def _outcome(rows: pd.DataFrame, margin: Band) -> pd.Series:
    """Say what the margin means."""
    span = _money(margin.low) + " to " + _money(margin.high) + " USD per tonne of product, mode " + _money(margin.mode)
    gate, best = _money(rows["gate_usd_per_t"]), _money(rows["break_even_feed"])
    export, known = rows["kind"] == Kind.EXPORT, ~np.isnan(margin.mode)
    toll = "Beats exporting only if tolling costs less than the margin, " + span + "; the tolling charge was not found."
    return pick_words(
        rows.index,
        (export & (gate != ""), "The yardstick: the best buyer leaves " + gate + " USD per tonne of feed at the mine gate."),
        (export, "The yardstick: what it leaves at the mine gate is unknown, for want of a quote or of a way to a buyer."),
        (margin.high <= 0, "Loses against exporting before any conversion cost: margin " + span + "."),
        (margin.high <= rows["power_low"], "Loses against exporting: the margin, " + span + ", does not pay for power."),
        (known & (rows["kind"] == Kind.TOLL), toll),
        (known, "Beats exporting only if conversion costs less than the margin, " + span + "."),
        (best != "", "At zero conversion cost it can pay at most " + best + " USD per tonne of feed at the mine gate."),
    )


def _power(rows: pd.DataFrame) -> pd.Series:
    """Say what the sourced part of the power takes of the margin."""
    span = _money(rows["power"]) + " USD per tonne of product (" + _money(rows["power_low"]) + " to " + _money(rows["power_high"]) + ")"
    return pick_words(rows.index, (rows["power"].notna(), "Power alone takes about " + span + "."))


def _supplier(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.Series:
    """Name the deposit in the margin and the buyer it is won from."""
    place, feed, port = (rows[name].map(names).fillna("") for name in ("deposit_id", "feed_product_id", "buyer_port_id"))
    holders = {"free": "", "contested": ", whose feed is contested"}
    holder = rows["feed_available"].map(holders).fillna(", whose holder is unknown")
    priced = (port != "") & rows["gate_usd_per_t"].notna()
    won = pick_words(rows.index, (priced, ", priced against the buyer at " + port))
    told = "Feed: " + feed + " drawn from " + place + holder + won + "."
    bought = (rows["deposit_id"] == "") & (rows["kind"] == Kind.PLANT) & (rows["feed_product_id"] != "")
    return pick_words(
        rows.index, (rows["deposit_id"] != "", told), (bought, "Feed: " + feed + " bought elsewhere at the price that the user gives.")
    )


def _premium(rows: pd.DataFrame) -> pd.Series:
    """Say what is left at the quote inside the rival market, and whether controls can have opened the gap (model rule M13)."""
    times = pd.Series([f"{ratio:.1f}" for ratio in rows["usd_per_t"] / rows["domestic_usd_per_t"]], index=rows.index, dtype=object)
    left = _money(rows["domestic_margin"])
    tail = pick_words(rows.index, (left != "", "; at the inside quote the margin would be " + left + " USD/t"))
    above = (rows["usd_per_t"] > rows["domestic_usd_per_t"]) & (rows["kind"] != Kind.EXPORT)
    controlled = rows["domestic_controlled"].astype(bool)
    apart = "no control of that market lists the commodity, so the two quotes are for different markets"
    why = pick_words(rows.index, (controlled, "a gap that controls opened closes with them"), default=apart)
    return pick_words(rows.index, (above, "The price is " + times + " times the quote inside the rival market; " + why + tail + "."))


def _outlet(rows: pd.DataFrame) -> pd.Series:
    """Warn that the price is one of another market than the outlet's (model rule M13)."""
    told = (
        "No quote for this outlet: the price is one of another market, and its low end reaches down to the quote inside the rival market."
    )
    return pick_words(rows.index, (rows["outlet_unquoted"].astype(bool) & (rows["kind"] != Kind.EXPORT), told))


def _proxy(rows: pd.DataFrame) -> pd.Series:
    """Warn that a price is that of a neighbour."""
    near = (rows["price_role"] == PROXY) & (rows["kind"] != Kind.EXPORT) & rows["usd_per_t"].notna()
    return pick_words(rows.index, (near, "Its price is that of a near grade, not of the product."))
