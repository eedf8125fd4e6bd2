"""What the comparison of the model with the world means, in words (model rule M22)."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from geokit.core.columns import split_ids

Row = Mapping[Hashable, Any]
MANY, FEW = 3.0, 1.0 / 3.0
"""Factors beyond which the two sides are far apart."""
WHO = {"running": "running mines", "all": "all bodies"}
FLAGS = {
    "unverified": "unverified ore",
    "tonnage_without_grade": "no grade",
    "company_figure": "a company's own figure at second hand, in no code",
    "low_derived": "its low is its mode less what was mined, derived by us",
    "derived_100pct": "derived by us from the share of one owner",
}
"""Warnings about the main body that a reader of the tonnes must see."""
STALE = {"before_mining": "tonnage before mining", "unclear": "tonnage before or after mining, not said which"}
"""States of a tonnage that do not say what is left in the ground."""
HEADING = 4
"""Digits of a heading of the harmonised system; a number with fewer is a chapter."""
PERIODS = {"year": "", "jan_jun": " to June", "jan_may": " to May", "jan_nov": " to November"}
"""Periods of a year whose dollars are told."""


def say_remark(row: Row) -> str:
    """Say what a comparison means, or which side of it is missing.

    Parameters
    ----------
    row : mapping
        A row of the comparison, with the flags of its main body and the states of stale tonnages.

    Returns
    -------
    str
        Clauses with semicolons between them.
    """
    clauses = [_say_bodies(row), _say_main(row)]
    if math.isnan(row["actual_kt"]):
        clauses.append("no output or export in tonnes was found")
    else:
        undated = "the tonnes are undated" if math.isnan(row["actual_year"]) else ""
        clauses += [_say_factors(row), _say_years(row), _say_silent(row), undated]
    return "; ".join(clause for clause in clauses if clause)


def _say_bodies(row: Row) -> str:
    """Say how many bodies stand behind the tonnes and whether any can be bought, or why there are no tonnes."""
    if math.isnan(row["bodies"]):
        return "nothing is modelled: no body feeds a processing stage for its sake"
    if row["bodies_with_tonnage"] == 0:
        return "no body has a tonnage that may be counted"
    if math.isnan(row["all_kt_per_y"]):
        return f"no body has a tonnage that counts {row['counts']}"
    told = f"bodies with a tonnage: {row['bodies_with_tonnage']:.0f} of {row['bodies']:.0f}, running: {row['bodies_running']:.0f}"
    old = f", historical estimate, not a mineral resource: {row['bodies_historical']:.0f}" if row["bodies_historical"] else ""
    return told + old + (", known to be free: none" if math.isnan(row["free_kt_per_y"]) else "")


def _say_main(row: Row) -> str:
    """Name the body that makes most of the tonnes, where something is to be said against its figure."""
    if math.isnan(row["main_frac"]):
        return ""
    warnings = [FLAGS[flag] for flag in FLAGS if flag in split_ids(row["main_flags"])]
    return f"{row['main_frac']:.0%} of it is {row['main_deposit']}: {', '.join(warnings)}".replace("%", " %", 1) if warnings else ""


def _say_factors(row: Row) -> str:
    """Say how far the two sides are apart, where they are far apart, and how that may be."""
    factors = {who: row[f"{who}_over_actual"] for who in WHO}
    told = [f"for {WHO[who]} the model holds {_figure(value)} times what is counted" for who, value in factors.items() if _is_far(value)]
    return "; ".join(told) + (f": {_explain(factors)}" if told else "")


def _is_far(factor: float) -> bool:
    """Say whether a factor is known and far from one."""
    return factor > MANY or factor < FEW


def _explain(factors: Mapping[str, float]) -> str:
    """Say what may lie behind factors of which one at least is far from one."""
    if factors["running"] > MANY:
        return "a stock spread over years is no output, and less may be left than was counted"
    if factors["all"] > MANY:
        return "most of it lies in bodies that do not run"
    return "most of the output comes from bodies without a tonnage, or was counted in other years"


def _say_years(row: Row) -> str:
    """Say how many years of the counted tonnes the stock holds; none of a stock of which is not known what is left."""
    if math.isnan(row["all_over_actual"]):
        return ""
    years = {who: row[f"{who}_over_actual"] * row["life_years"] for who in WHO if not row[f"{who}_stale"]}
    stale = " and ".join(words for state, words in STALE.items() if state in split_ids(row["all_stale"]))
    counted = "capacity, which is no output" if row["actual_kind"] == "capacity" else row["flow"]
    told = [f"the stock of {WHO[who]} is {_figure(value)} years of that {counted}" for who, value in years.items() if not math.isnan(value)]
    return "; ".join([*told, f"{stale}: what is left is not known"] if stale else told)


def _say_silent(row: Row) -> str:
    """Say that bodies without a tonnage may carry what the model misses."""
    silent = row["bodies"] - row["bodies_with_tonnage"]
    if not row["all_over_actual"] < 1.0 or not silent > 0:
        return ""
    return f"the other bodies ({silent:.0f}) have no tonnage and may carry part of that {row['flow']}"


def _figure(value: float) -> str:
    """Write a figure of any size in plain digits."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.1 else f"{value:.2g}"


def say_worth(trade: pd.DataFrame) -> dict[str, str]:
    """Say what left in the latest year was worth, heading by heading, for commodities of which ores or metal were valued.

    Parameters
    ----------
    trade : pandas.DataFrame
        The layer of trade, partners by name.

    Returns
    -------
    dict of str to str
        Commodity to a clause with its semicolon; a heading that holds another is told beside it, so they are never added.
    """
    rows = trade[trade["usd_million"].notna() & (trade["flow"] == "export") & (trade["kind"] == "observed") & (trade["hs"] != "")]
    rows = rows[rows["period"].isin(list(PERIODS)) & (rows["year"] == rows.groupby("commodity_id")["year"].transform("max"))]
    rows = rows.assign(order=rows["period"].map(list(PERIODS).index)).sort_values(["hs", "order"]).drop_duplicates(["commodity_id", "hs"])
    return {str(name): _say_headings(some) for name, some in rows.groupby("commodity_id") if name}


def _say_headings(rows: pd.DataFrame) -> str:
    """Tell the headings of one commodity and year."""
    told = [_say_heading(row) for row in rows.to_dict("records")]
    note = " (a chapter holds its headings: not to be added)" if rows["hs"].str.len().min() < HEADING and len(rows) > 1 else ""
    partner = " and ".join(dict.fromkeys(rows["partner"].replace("", "all partners")))
    return f"; exports to {partner} in {rows['year'].iloc[0]:.0f}, million USD: {', '.join(told)}{note}"


def _say_heading(row: Row) -> str:
    """Tell one heading: what it is, its number and its worth."""
    least = "at least " if row["qualifier"] == "at_least" else ""
    number = "" if "chapter" in row["product"] else f" (HS {row['hs'][:2]}.{row['hs'][2:]})"
    return f"{row['product']}{number} {least}{row['usd_million']:,g}{PERIODS[row['period']]}"
