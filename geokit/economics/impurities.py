"""Whether buyers take a product for what it holds besides its metal, and what a penalty costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.chain import trace_feeds
from geokit.core.columns import join_ids, split_ids
from geokit.economics.balance_table import PARTS, PRODUCT, lay_balance
from geokit.economics.notes import pick_words

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
REJECT, PENALTY = "reject", "penalty"
COLUMNS = [
    "limit_id", "deposit_id", "product_id", "element", "limit", "limit_unit", "level_low", "level_high", "verdict", "penalty_usd_per_t",
    "reason", "source_ids",
]  # fmt: skip


def judge_impurities(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Judge each limit of a buyer against what is known of each deposit whose ore becomes the product.

    The ore of a deposit is assayed, its concentrate is not: the concentrate holds between nothing and ore per tonne x level in the
    ore, as if none left with the waste. A limit above that most is kept for certain, one below it is unknown; for ore sold as it is
    both ends are the assay. Only a sourced excess fails (model rule M4).

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``impurity_limits``, ``other_grades`` and what :func:`geokit.economics.balance_table.lay_balance` reads.
    assumptions : Assumptions
        Recoveries and contents that no source states.

    Returns
    -------
    pandas.DataFrame
        One row a (limit, deposit); columns as in the data dictionary (``impurities``).
    """
    table = _pair_limits(layers, lay_balance(layers, assumptions=assumptions))
    whole = table["limit_unit"].map(PARTS)
    assayed = table["share"].notna()
    most = table["share"] * np.where(table["as_it_is"], 1.0, table["feed_t_per_t_high"]) * whole
    least = (table["share"] * whole).where(table["as_it_is"], 0.0).where(assayed)
    limit = table["limit"]
    steps = np.ceil((most - limit).clip(lower=0.0) / table["penalty_step"])
    told = table["element"] + " of the product"
    reason = pick_words(
        table.index,
        (limit.isna(), "a limit is known to exist and its figure was not found"),
        (~assayed, "no assay of " + table["element"] + " for the deposit"),
        (most <= limit, told + " cannot exceed the limit even if none leaves with the waste"),
        (least > limit, "the ore itself holds more than is taken"),
        default="between nothing and more than the limit: assay the product",
    )
    known = assayed & limit.notna()
    verdict = np.where(known & (most <= limit), PASS, np.where(known & (least > limit) & (table["kind"] == REJECT), FAIL, UNKNOWN))
    cost = (steps * table["penalty_usd_per_t"]).where((table["kind"] == PENALTY) & known)
    sources = [join_ids(cells) for cells in zip(table["source_id"], table["assay_source_id"].fillna(""), strict=True)]
    table = table.assign(level_low=least, level_high=most, verdict=verdict, penalty_usd_per_t=cost, reason=reason, source_ids=sources)
    return table[COLUMNS].sort_values(["limit_id", "deposit_id"], ignore_index=True)


def _pair_limits(layers: Mapping[str, pd.DataFrame], balance: pd.DataFrame) -> pd.DataFrame:
    """Return each limit with each deposit whose ore, or whose first product, it is for, and the assay of the ore."""
    chain = trace_feeds(layers).query("stage_id == first_stage_id")
    stages = layers["stages"][["stage_id", "product_id"]]
    made = chain[["stage_id", "deposit_id"]].merge(stages, on="stage_id").assign(as_it_is=False)
    ore = chain.assign(product_id=chain["feed_product_ids"].map(split_ids)).explode("product_id")
    sold = ore[["stage_id", "deposit_id", "product_id"]].assign(as_it_is=True)
    pairs = pd.concat([made, sold], ignore_index=True).drop_duplicates(["deposit_id", "product_id"])
    assays = layers["other_grades"].query("basis == 'ore'").rename(columns={"constituent": "element", "source_id": "assay_source_id"})
    assays = assays.assign(share=assays["grade_high"].fillna(assays["grade_value"]) / assays["unit"].map(PARTS))
    need = balance.loc[balance["output_kind"] == PRODUCT, ["stage_id", "deposit_id", "feed_t_per_t_high"]]
    table = layers["impurity_limits"].merge(pairs, on="product_id")
    table = table.merge(need, on=["stage_id", "deposit_id"], how="left")
    return table.merge(assays[["deposit_id", "element", "share", "assay_source_id"]], on=["deposit_id", "element"], how="left")


def sum_penalties(impurities: pd.DataFrame) -> pd.Series:
    """Return the penalties of each (deposit, product), USD per dry tonne of product; nothing where none is known.

    Parameters
    ----------
    impurities : pandas.DataFrame
        From :func:`judge_impurities`.

    Returns
    -------
    pandas.Series
        Index (deposit_id, product_id).
    """
    known = impurities.dropna(subset=["penalty_usd_per_t"])
    return known.groupby(["deposit_id", "product_id"])["penalty_usd_per_t"].sum()
