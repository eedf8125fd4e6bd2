"""The feed of each year beside the most that the country was ever counted to make or ship in one (model rule M22)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.chain import trace_feeds
from geokit.economics.feed import FREE
from geokit.economics.notes import pick_words
from geokit.economics.phases import OBSERVED

ORE = "ore"
WHOLE_YEARS = ("year", "fiscal_year", "year_undated")
WITHIN, NEW, ABOVE, SILENT = "within", "new_mines", "above", "not_counted"
SLACK = 1e-9
KEYS = ["commodity_id", "scenario", "year"]
COLUMNS = [*KEYS, "counts", "free_kt", "running_free_kt", "world_kt", "world_year", "world_flow", "verdict", "reason"]


def compare_years(layers: Mapping[str, pd.DataFrame], years: pd.DataFrame) -> pd.DataFrame:
    """Put the free ore of each modelled year beside the largest yearly tonnes of ore that anybody counted.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``trade``, ``deposit_feeds`` and ``stages``.
    years : pandas.DataFrame
        From :func:`geokit.economics.years.feed_years`.

    Returns
    -------
    pandas.DataFrame
        One row a (commodity, scenario, year) with free feed by year; columns as in the data dictionary (``reality_years``). Feed above
        what was counted is explained by mines that do not run yet, or is told as ``above``.
    """
    first = trace_feeds(layers).query("stage_id == first_stage_id")[["stage_id", "deposit_id"]]
    free = years[years["availability"] == FREE].merge(first, on=["stage_id", "deposit_id"])
    free = free.drop_duplicates([*KEYS, "deposit_id"])
    free = free.assign(kt=free["ore_t_per_y"] / 1e3, running=(free["ore_t_per_y"] / 1e3).where(free["basis"] == OBSERVED, 0.0))
    table = free.groupby(KEYS, as_index=False).agg(free_kt=("kt", "sum"), running_free_kt=("running", "sum"))
    table = table.merge(_most_counted(layers["trade"]), on="commodity_id", how="left").assign(counts=ORE)
    most, counted = table["world_kt"].fillna(np.inf) * (1 + SLACK), table["world_kt"].notna()
    verdict = pick_words(
        table.index,
        (~counted, SILENT),
        (table["free_kt"] <= most, WITHIN),
        (table["running_free_kt"] <= most, NEW),
        default=ABOVE,
    )
    words = {
        SILENT: "nobody counted the ore of the country in tonnes",
        WITHIN: "no more free ore than was made or shipped in one year",
        NEW: "more free ore than was ever counted, for mines that do not run yet",
        ABOVE: "mines that run give more free ore than was ever counted: correct the feed or find the count",
    }
    table = table.assign(verdict=verdict, reason=verdict.map(words), world_flow=table["world_flow"].fillna(""))
    return table[COLUMNS].sort_values(KEYS, ignore_index=True)


def _most_counted(trade: pd.DataFrame) -> pd.DataFrame:
    """Return the largest observed yearly tonnes of ore of each commodity, with their year and flow."""
    rows = trade[(trade["kind"] == "observed") & (trade["tonnes_of"] == ORE) & trade["period"].isin(WHOLE_YEARS) & trade["tonnes"].notna()]
    rows = rows.sort_values(["tonnes", "trade_id"], ascending=[False, True]).drop_duplicates("commodity_id")
    kept = rows[["commodity_id", "tonnes", "year", "flow"]].rename(columns={"year": "world_year", "flow": "world_flow"})
    return kept.assign(world_kt=kept["tonnes"] / 1e3).drop(columns="tonnes")
