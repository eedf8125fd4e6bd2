"""The feed within reach of each plant, added up (criteria F1 and F2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geokit.core.columns import join_ids
from geokit.economics.feed import CONTESTED, FREE, UNKNOWN

PLACE = ["place_id", "stage_id"]
NAMED = 3
"""How many deposits of unknown content a note names."""


def sum_feeds(feeds: pd.DataFrame) -> pd.DataFrame:
    """Return what lies within reach of each (place, stage).

    The low and the mode count free feed only; the high end adds contested feed and feed whose holder nobody could name. Captive and
    committed feed never counts (model rule M6).

    Parameters
    ----------
    feeds : pandas.DataFrame
        Rows of :func:`geokit.economics.feed.feed_sources`, or rows of the same columns for a port.

    Returns
    -------
    pandas.DataFrame
        Index (place_id, stage_id); columns ``n_rows`` (deposits with a way to the place), ``n_reach``, ``n_known`` (with a product
        tonnage), ``n_free`` (free and known), ``n_offered`` (free, known or not), ``n_open`` (known, contested or of a holder nobody
        could name), ``free_t_low``, ``free_t``, ``free_t_high`` (t product), ``hhi`` of the free and known deposits,
        ``deposit_ids``, ``source_ids``, ``names`` (deposits of unknown content), ``historical``.
    """
    reach = feeds[feeds["reachable"] == "yes"]
    known = reach["product_t"].notna()
    free = known & (reach["feed_available"] == FREE)
    unheld = known & reach["feed_available"].isin([CONTESTED, UNKNOWN])
    share = reach["product_t"].where(free, 0.0)
    marks = reach.assign(
        known=known,
        free=free,
        offered=reach["feed_available"] == FREE,
        unheld=unheld,
        low=reach["product_t_low"].where(free, 0.0),
        mode=share,
        high=reach["product_t_high"].where(free | unheld, 0.0),
        square=share**2,
        used=reach["source_ids"].where(known, ""),
        blind=reach["deposit"].where(~known, ""),
        old=known & (reach["historical"] == "yes"),
    )
    table = marks.groupby(PLACE).agg(
        n_reach=("deposit_id", "size"), n_known=("known", "sum"), n_free=("free", "sum"), n_offered=("offered", "sum"),
        n_open=("unheld", "sum"), free_t_low=("low", "sum"), free_t=("mode", "sum"), free_t_high=("high", "sum"),
        square=("square", "sum"), deposit_ids=("deposit_id", join_ids), source_ids=("used", join_ids), names=("blind", _some_names),
        historical=("old", "any"),
    )  # fmt: skip
    rows = feeds.groupby(PLACE).size().rename("n_rows").to_frame().join(table)
    counts = ["n_reach", "n_known", "n_free", "n_offered", "n_open"]
    words = ["deposit_ids", "source_ids", "names"]
    rows = rows.fillna({**dict.fromkeys(counts, 0), **dict.fromkeys(words, ""), "historical": False})
    with np.errstate(invalid="ignore"):
        return rows.assign(hhi=rows["square"] / rows["free_t"].where(rows["free_t"] > 0) ** 2).drop(columns="square")


def _some_names(names: pd.Series) -> str:
    """Return the first few names and how many more there are."""
    told = sorted({name for name in names if name})
    more = f" and {len(told) - NAMED} more" if len(told) > NAMED else ""
    return ", ".join(told[:NAMED]) + more


def host_feeds(stock: pd.DataFrame, hauls: pd.DataFrame, alternatives: pd.DataFrame) -> pd.DataFrame:
    """Return the feed that can be shipped to the host of each baseline, as rows like those of a plant.

    The inland cut-off does not apply: what has a way to the host's port, or for plain export to any port, is in reach.

    Parameters
    ----------
    stock : pandas.DataFrame
        From :func:`geokit.economics.feed.deposit_stock`.
    hauls, alternatives : pandas.DataFrame
        Hauls of kind ``delivered``; the baselines among the alternatives.

    Returns
    -------
    pandas.DataFrame
        The columns that :func:`sum_feeds` needs; ``place_id`` as in the alternatives (blank for export).
    """
    ways = hauls.loc[hauls["kind"] == "delivered", ["origin_id", "destination_id"]].drop_duplicates()
    ways = ways.rename(columns={"origin_id": "deposit_id", "destination_id": "place_id"})
    anywhere = ways[["deposit_id"]].drop_duplicates().assign(place_id="")
    hosts = alternatives.loc[alternatives["kind"] != "plant", ["place_id", "stage_id"]].drop_duplicates()
    rows = stock.merge(pd.concat([ways, anywhere], ignore_index=True), on="deposit_id").merge(hosts, on=["place_id", "stage_id"])
    return rows.assign(reachable="yes")
