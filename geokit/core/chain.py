"""Which deposits can feed which stage, directly or through the stages before it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geokit.core.columns import split_ids


def trace_feeds(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every (stage, deposit) pair in which ore of the deposit can become feed of the stage.

    A deposit names the first stage that its ore suits; a later stage is fed through the chain ``upstream_stage_id``. Sub-bodies
    (rows whose feed is not aggregated) are left out, so nothing is counted twice (model rule M6); where a stage has no other feed
    they stay as places, and their tonnage does not count.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``deposit_feeds`` and ``stages``.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``deposit_id``, ``first_stage_id`` (the stage named by the deposit) and ``feed_product_ids`` (what
        arrives at the plant's gate: the stage's input products) and ``tonnage_counts``, one row a pair.
    """
    feeds = layers["deposit_feeds"].query("stage_id != ''")
    counted = feeds["aggregate"] == "yes"
    feeds = feeds.assign(tonnage_counts=counted)[counted | ~feeds["stage_id"].isin(feeds.loc[counted, "stage_id"])]
    stages = layers["stages"].set_index("stage_id")
    upstream = {str(stage): str(before) for stage, before in stages["upstream_stage_id"].items()}
    inputs = stages["input_product_ids"].to_dict()
    ways = {first: _downstream(str(first), upstream) for first in feeds["stage_id"].unique()}
    rows = [
        (stage, feed.deposit_id, feed.stage_id, inputs[stage], feed.tonnage_counts)
        for feed in feeds.itertuples()
        for stage in ways[feed.stage_id]
    ]
    columns = ["stage_id", "deposit_id", "first_stage_id", "feed_product_ids", "tonnage_counts"]
    return pd.DataFrame(rows, columns=columns).drop_duplicates(columns[:2]).sort_values(columns[:2], ignore_index=True)


def _downstream(first: str, upstream: Mapping[str, str]) -> list[str]:
    """Return a stage and all stages that it feeds, in the order of the chain."""
    found = [first]
    for stage in found:
        found.extend(later for later, before in upstream.items() if stage in split_ids(before) and later not in found)
    return found
