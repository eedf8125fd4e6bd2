"""The modelled feed beside what the country is known to make and ship (model rule M22)."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import join_ids
from geokit.economics.bands import Band
from geokit.economics.feed import FREE, OPERATING, deposit_stock

ORE, CONCENTRATE, CONTENT = "ore", "concentrate", "content"
MINED_FOR = "primary_commodity"
"""Only bodies mined for the commodity itself count: a by-product's tonnes are those of another ore."""
WHOLE_YEARS = ("year", "fiscal_year", "year_undated")
"""Periods whose tonnes are those of a year."""
MINERALS = r"2[56]\d\d"
"""Headings of the harmonised system for minerals and ores, as they leave a mine: chapters 25 and 26."""
COUNTED = ("observed", "capacity")
"""Kinds of row that somebody counted, the better first; what we imply from values never counts."""
RATE = ["kt_per_y_low", "kt_per_y", "kt_per_y_high"]
COLUMNS = [
    "commodity_id",
    "flow",
    "counts",
    "life_years",
    "bodies",
    "bodies_measured",
    "bodies_running",
    "bodies_historical",
    "free_kt_per_y_low",
    "free_kt_per_y",
    "free_kt_per_y_high",
    "running_kt_per_y_low",
    "running_kt_per_y",
    "running_kt_per_y_high",
    "all_kt_per_y_low",
    "all_kt_per_y",
    "all_kt_per_y_high",
    "actual_kt",
    "actual_kind",
    "actual_year",
    "actual_partner",
    "actual_basis",
    "grade",
    "free_over_actual",
    "running_over_actual",
    "all_over_actual",
    "source_ids",
    "remark",
]


def compare_world(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Put the feed that the model finds beside output and exports, commodity by commodity.

    The model knows stocks, the world counts years: a stock is spread evenly over ``finance.life_years``. Tonnes are compared only where
    both sides count the same thing (ore, concentrate, or one content); whatever one side does not know stays blank, and the remark
    says why. Bodies without a published tonnage add nothing. ``free`` counts what can be bought, ``running`` the mines that work today,
    whoever holds them, ``all`` both and the rest.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``deposits``, ``deposit_feeds``, ``stages``, ``products``, ``contained_factors`` and ``trade``.
    assumptions : Assumptions
        ``finance.life_years``, and the recoveries that no source states.

    Returns
    -------
    pandas.DataFrame
        One row a commodity and flow for which tonnes are known, one row with a blank flow for any other commodity that is modelled or
        traded; columns as in the data dictionary (``reality``).
    """
    bodies = _list_bodies(layers, assumptions=assumptions)
    rows = _lay_rows(bodies, _pick_tonnes(layers["trade"]), layers["trade"])
    life = float(assumptions.finance.life_years)
    table = rows.join(_count_bodies(bodies), on="commodity_id").join(_sum_bodies(bodies, life), on=["commodity_id", "counts"])
    table = table.assign(life_years=life, actual_kt=table["tonnes"] / 1e3)
    table = table.assign(**{f"{who}_over_actual": table[f"{who}_kt_per_y"] / table["actual_kt"] for who in ("free", "running", "all")})
    used = table["all_kt_per_y"].notna()
    sources = [join_ids(ids) for ids in zip(table["source_id"], table["bodies_source_ids"].where(used, ""), strict=True)]
    worth = _say_worth(layers["trade"])
    remarks = [_say(row) + worth.get(row["commodity_id"], "") for row in table.to_dict("records")]
    table = table.assign(source_ids=sources, remark=remarks)
    return table[COLUMNS].sort_values(["commodity_id", "flow"], ignore_index=True)


def _list_bodies(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return every body once a commodity, with what it holds for the first stage that its ore suits."""
    stock = deposit_stock(layers, assumptions=assumptions).drop(columns="product_id")
    first = layers["deposit_feeds"].query("basis == @MINED_FOR")[["deposit_id", "stage_id"]]
    commodity = layers["stages"].set_index("stage_id")["commodity_id"]
    status = layers["deposits"].set_index("deposit_id")["status_code"]
    bodies = stock.merge(first, on=["deposit_id", "stage_id"])
    bodies = bodies.assign(commodity_id=bodies["stage_id"].map(commodity), running=bodies["deposit_id"].map(status) == OPERATING)
    return bodies.sort_values("stage_id").drop_duplicates(["commodity_id", "deposit_id"]).reset_index(drop=True)


def _measure(bodies: pd.DataFrame, tonnes: Band, counts: pd.Series[str]) -> pd.DataFrame:
    """Lay the tonnes of each body out, counted in one way."""
    keys = bodies[["commodity_id", "feed_available", "running"]]
    return keys.assign(counts=counts, **tonnes.columns("kt_per_y"))


def _sum_bodies(bodies: pd.DataFrame, life: float) -> pd.DataFrame:
    """Return kilotonnes a year by commodity and measure: ore, concentrate and content; unknown where no body has a tonnage."""
    ore, share = Band.read(bodies, "tonnage_t"), Band.exact(bodies["grade_pct"] / 100.0)
    words = {name: pd.Series(name, index=bodies.index) for name in (ORE, CONCENTRATE)}
    measures = [(ore, words[ORE]), (Band.read(bodies, "product_t"), words[CONCENTRATE]), (ore * share, bodies["contained_of"])]
    table = pd.concat([_measure(bodies, tonnes, counts) for tonnes, counts in measures], ignore_index=True)
    groups = {"free": table[table["feed_available"] == FREE], "running": table[table["running"]], "all": table}
    keys = ["commodity_id", "counts"]
    sums = [rows.groupby(keys)[RATE].sum(min_count=1).add_prefix(f"{who}_") for who, rows in groups.items()]
    return pd.concat(sums, axis=1) / life / 1e3


def _count_bodies(bodies: pd.DataFrame) -> pd.DataFrame:
    """Return how many bodies of each commodity are known, measured, and of these running or historical, and the sources of the measured."""
    measured = bodies["tonnage_t"].notna()
    going, old = measured & bodies["running"], measured & (bodies["historical"] == "yes")
    marks = bodies.assign(measured=measured, going=going, old=old, told=bodies["source_ids"].where(measured, ""))
    return marks.groupby("commodity_id").agg(
        bodies=("deposit_id", "size"),
        bodies_measured=("measured", "sum"),
        bodies_running=("going", "sum"),
        bodies_historical=("old", "sum"),
        bodies_source_ids=("told", join_ids),
    )


def _pick_tonnes(trade: pd.DataFrame) -> pd.DataFrame:
    """Return the best tonnes of each commodity and flow: observed before capacity, then the latest year; undated last."""
    rows = trade[trade["tonnes"].notna() & trade["kind"].isin(COUNTED) & trade["period"].isin(WHOLE_YEARS) & (trade["commodity_id"] != "")]
    rows = rows[rows["tonnes_of"].isin([ORE, CONCENTRATE, CONTENT])]
    counts = rows["tonnes_of"].where(rows["tonnes_of"] != CONTENT, rows["content"])
    rows = rows.assign(counts=counts, order=rows["kind"].map(COUNTED.index))
    rows = rows.sort_values(["order", "year", "trade_id"], ascending=[True, False, True], na_position="last")
    return rows.drop_duplicates(["commodity_id", "flow"])


def _lay_rows(bodies: pd.DataFrame, actual: pd.DataFrame, trade: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each pair with tonnes, and one for each other commodity, counted as ore."""
    kept = ["commodity_id", "flow", "counts", "tonnes", "kind", "year", "partner", "basis", "grade", "source_id"]
    traded = trade.loc[~trade["commodity_id"].isin(["", "all"]), "commodity_id"]
    named = pd.Index(pd.concat([bodies["commodity_id"], traded])).unique()
    bare = pd.DataFrame({"commodity_id": named.difference(pd.Index(actual["commodity_id"])), "counts": ORE})
    rows = pd.concat([actual[kept], bare], ignore_index=True)
    words = ["flow", "kind", "partner", "basis", "grade", "source_id"]
    rows = rows.assign(**{name: rows[name].fillna("") for name in words})
    return rows.rename(columns={"kind": "actual_kind", "year": "actual_year", "partner": "actual_partner", "basis": "actual_basis"})


def _say(row: Mapping[Hashable, Any]) -> str:
    """Say what a comparison means, or which side of it is missing."""
    if math.isnan(row["actual_kt"]):
        return _say_bodies(row) + "; no output or export in tonnes was found"
    undated = "; the tonnes are undated" if math.isnan(row["actual_year"]) else ""
    return _say_bodies(row) + _say_years(row) + undated


def _say_bodies(row: Mapping[Hashable, Any]) -> str:
    """Say how many bodies stand behind the tonnes and whether any can be bought, or why there are no tonnes."""
    if math.isnan(row["bodies"]):
        return "nothing is modelled: no body feeds a processing stage for its sake"
    if row["bodies_measured"] == 0:
        return "no body has a tonnage that may be counted"
    if math.isnan(row["all_kt_per_y"]):
        return f"no body has a tonnage that counts {row['counts']}"
    told = f"bodies with a tonnage: {row['bodies_measured']:.0f} of {row['bodies']:.0f}, running: {row['bodies_running']:.0f}"
    old = f", historical estimate, not a mineral resource: {row['bodies_historical']:.0f}" if row["bodies_historical"] else ""
    return told + old + (", known to be free: none" if math.isnan(row["free_kt_per_y"]) else "")


def _say_years(row: Mapping[Hashable, Any]) -> str:
    """Say how many years of the counted tonnes the stock holds."""
    if math.isnan(row["all_over_actual"]):
        return ""
    every, running = (_figure(row[f"{who}_over_actual"] * row["life_years"]) for who in ("all", "running"))
    mines = f" (that of the running mines {running})" if running else ""
    counted = "capacity, which is no output" if row["actual_kind"] == COUNTED[1] else row["flow"]
    return f"; the stock is {every}{mines} years of that {counted}"


def _figure(value: float) -> str:
    """Write a figure of any size in plain digits; nothing for an unknown one."""
    if math.isnan(value):
        return ""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _say_worth(trade: pd.DataFrame) -> dict[str, str]:
    """Say what the minerals and ores that left in the latest whole year were worth, by commodity."""
    rows = trade[trade["usd_million"].notna() & (trade["flow"] == "export") & (trade["period"] == WHOLE_YEARS[0])]
    rows = rows[(rows["kind"] == COUNTED[0]) & rows["hs"].str.fullmatch(MINERALS)]
    rows = rows.sort_values(["year", "usd_million"], ascending=False).drop_duplicates("commodity_id")
    told = zip(rows["commodity_id"], rows["usd_million"], rows["year"], rows["partner"].str.upper(), strict=True)
    return {one: f"; ores worth {usd:g} million USD in {year:.0f} left for {partner or 'all partners'}" for one, usd, year, partner in told}
