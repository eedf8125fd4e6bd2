"""The modelled feed beside what the country is known to make and ship (model rule M22)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import join_ids, split_ids
from geokit.economics.bands import Band
from geokit.economics.feed import FREE, OPERATING, deposit_stock
from geokit.economics.reality_words import say_remark, say_worth

ORE, CONCENTRATE, CONTENT = "ore", "concentrate", "content"
MINED_FOR = "primary_commodity"
"""Only bodies mined for the commodity itself count: a by-product's tonnes are those of another ore."""
WHOLE_YEARS = ("year", "fiscal_year", "year_undated")
"""Periods whose tonnes are those of a year."""
STALE = ("before_mining", "unclear")
"""States of a tonnage that do not say what is left in the ground."""
NO_METAL = "never_as_metal"
"""Flag of an ore that may be counted as ore and as nothing else."""
MAIN = 0.5
"""Share of the tonnes from which a body is named in the remark."""
COUNTED = ("observed", "capacity")
"""Kinds of row that somebody counted, the better first; what we imply from values never counts."""
RATE = ["kt_per_y_low", "kt_per_y", "kt_per_y_high"]
COLUMNS = [
    "commodity_id",
    "flow",
    "counts",
    "life_years",
    "bodies",
    "bodies_with_tonnage",
    "bodies_running",
    "bodies_historical",
    "bodies_before_mining",
    "main_deposit_id",
    "main_frac",
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
    says why. Bodies without a published tonnage add nothing. A tonnage counted before mining is compared, but never called years of
    output. ``free`` counts what can be bought, ``running`` the mines that work today, whoever holds them, ``all`` both and the rest.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``deposits``, ``deposit_feeds``, ``stages``, ``products``, ``contained_factors`` and ``trade``; ``issuers`` names countries.
    assumptions : Assumptions
        ``finance.life_years``, and the recoveries that no source states.

    Returns
    -------
    pandas.DataFrame
        One row a commodity and flow for which tonnes are known, one row with a blank flow for any other commodity that is modelled or
        traded; columns as in the data dictionary (``reality``).
    """
    bodies = _list_bodies(layers, assumptions=assumptions)
    trade = layers["trade"].assign(partner=_name_partners(layers))
    rows = _lay_rows(bodies, _pick_tonnes(trade), trade)
    life, keys = float(assumptions.finance.life_years), ["commodity_id", "counts"]
    tonnes = _list_tonnes(bodies)
    table = rows.join(_count_bodies(bodies), on="commodity_id").join(_sum_bodies(tonnes, life), on=keys).join(_find_main(tonnes), on=keys)
    table = table.fillna({"running_stale": "", "all_stale": ""})
    table = table.assign(life_years=life, actual_kt=table["tonnes"] / 1e3, main_deposit_id=table["main_deposit_id"].fillna(""))
    table = table.assign(**{f"{who}_over_actual": table[f"{who}_kt_per_y"] / table["actual_kt"] for who in ("free", "running", "all")})
    used = table["all_kt_per_y"].notna()
    sources = [join_ids(ids) for ids in zip(table["source_id"], table["bodies_source_ids"].where(used, ""), strict=True)]
    worth = say_worth(trade)
    remarks = [say_remark(row) + worth.get(str(row["commodity_id"]), "") for row in table.to_dict("records")]
    table = table.assign(source_ids=sources, remark=remarks)
    return table[COLUMNS].sort_values(["commodity_id", "flow"], ignore_index=True)


def _name_partners(layers: Mapping[str, pd.DataFrame]) -> pd.Series[str]:
    """Return the partner of each row of trade by name, where the layer of issuers knows its code."""
    issuers = layers["issuers"] if "issuers" in layers else pd.DataFrame(columns=["issuer", "label"])
    names = dict(zip(issuers["issuer"], issuers["label"], strict=True))
    return layers["trade"]["partner"].map(lambda code: names.get(code, code))


def _list_bodies(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return every body once a commodity, with what it holds for the first stage that its ore suits."""
    stock = deposit_stock(layers, assumptions=assumptions).drop(columns="product_id")
    first = layers["deposit_feeds"].query("basis == @MINED_FOR")[["deposit_id", "stage_id"]]
    commodity = layers["stages"].set_index("stage_id")["commodity_id"]
    facts = layers["deposits"].reindex(columns=["deposit_id", "status_code", "tonnage_state", "flags"], fill_value="")
    bodies = stock.merge(first, on=["deposit_id", "stage_id"]).merge(facts, on="deposit_id")
    bodies = bodies.assign(commodity_id=bodies["stage_id"].map(commodity), running=bodies["status_code"] == OPERATING)
    bodies = bodies.assign(stale=bodies["tonnage_state"].isin(STALE))
    return bodies.sort_values("stage_id").drop_duplicates(["commodity_id", "deposit_id"]).reset_index(drop=True)


def _list_tonnes(bodies: pd.DataFrame) -> pd.DataFrame:
    """Return the tonnes of each body in each measure: ore, concentrate and content; what may not be read as metal counts as ore alone."""
    metal = ~bodies["flags"].map(lambda flags: NO_METAL in split_ids(flags)).to_numpy(dtype=bool)
    ore, share = Band.read(bodies, "tonnage_t"), Band.exact(bodies["grade_pct"] / 100.0)
    words = {name: pd.Series(name, index=bodies.index) for name in (ORE, CONCENTRATE)}
    nothing = Band.exact(float("nan"))
    measures = [
        (ore, words[ORE]),
        (Band.read(bodies, "product_t").where(metal, nothing), words[CONCENTRATE]),
        ((ore * share).where(metal, nothing), bodies["contained_of"]),
    ]
    keys = bodies[["commodity_id", "deposit_id", "deposit", "feed_available", "running", "stale", "tonnage_state", "flags"]]
    return pd.concat([keys.assign(counts=counts, **tonnes.columns("kt_per_y")) for tonnes, counts in measures], ignore_index=True)


def _sum_bodies(tonnes: pd.DataFrame, life: float) -> pd.DataFrame:
    """Return kilotonnes a year by commodity and measure, unknown where no body has a tonnage, and the states of the stale."""
    groups = {"free": tonnes[tonnes["feed_available"] == FREE], "running": tonnes[tonnes["running"]], "all": tonnes}
    keys = ["commodity_id", "counts"]
    sums = [rows.groupby(keys)[RATE].sum(min_count=1).add_prefix(f"{who}_") / life / 1e3 for who, rows in groups.items()]
    known = {who: rows[rows["kt_per_y"].notna()] for who, rows in groups.items()}
    stale = [rows[rows["stale"]].groupby(keys)["tonnage_state"].agg(join_ids).rename(f"{who}_stale") for who, rows in known.items()]
    return pd.concat([*sums, *stale], axis=1)


def _find_main(tonnes: pd.DataFrame) -> pd.DataFrame:
    """Return the body that makes most of the tonnes of a commodity and measure, with its share and its flags."""
    keys = ["commodity_id", "counts"]
    known = tonnes[tonnes["kt_per_y"].notna()]
    known = known.assign(main_frac=known["kt_per_y"] / known.groupby(keys)["kt_per_y"].transform("sum"))
    main = known[known["main_frac"] >= MAIN].sort_values("main_frac", ascending=False).drop_duplicates(keys).set_index(keys)
    names = {"deposit_id": "main_deposit_id", "deposit": "main_deposit", "flags": "main_flags"}
    return main[["main_frac", *names]].rename(columns=names)


def _count_bodies(bodies: pd.DataFrame) -> pd.DataFrame:
    """Return how many bodies of each commodity are known and have a tonnage, what these are, and their sources."""
    known = bodies["tonnage_t"].notna()
    kinds = {"going": bodies["running"], "old": bodies["historical"] == "yes", "mined": bodies["stale"]}
    marks = bodies.assign(known=known, told=bodies["source_ids"].where(known, ""), **{name: known & kind for name, kind in kinds.items()})
    return marks.groupby("commodity_id").agg(
        bodies=("deposit_id", "size"),
        bodies_with_tonnage=("known", "sum"),
        bodies_running=("going", "sum"),
        bodies_historical=("old", "sum"),
        bodies_before_mining=("mined", "sum"),
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
