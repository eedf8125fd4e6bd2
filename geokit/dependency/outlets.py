"""Who takes a product: a named plant, the market of a standard grade, or nobody that was looked up (model rule M3)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd

from geokit.core.codes import Kind
from geokit.core.columns import join_ids, split_ids

RUNNING = ("operating", "expansion", "scaling_back")
"""Status of a plant that takes feed today."""
COLUMNS = ["partner", "product_id", "outlet", "destination_ids", "share_low", "share", "share_high", "note", "source_ids"]
NAN = float("nan")
Row = Mapping[Hashable, Any]


def outlets(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the outlet of every product with every partner.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``partners``, ``products``, ``destinations``, ``accepts`` and ``needs``.

    Returns
    -------
    pandas.DataFrame
        One row a partner and product, sorted; columns as the data dictionary says for ``outlets``. ``plant``: a named plant that
        runs takes it from third parties; ``market``: a standard grade sold at the partner's port, no buyer named;
        ``plant_not_running``: the plants that would take it are not known to run, so the share lies anywhere between nothing and
        all; ``refused``: every plant looked up says no and the partner states no need; ``none_looked_up``: unknown, never a fail.
    """
    places = layers["destinations"][["destination_id", "partner_id", "plant", "third_party_feed", "status_code"]]
    offers: dict[tuple[str, str], list[Row]] = {}
    for row in layers["accepts"].merge(places, on="destination_id").to_dict("records"):
        offers.setdefault((row["partner_id"], row["product_id"]), []).append(row)
    needs = {(row["partner_id"], row["product_id"]): row for row in layers["needs"].to_dict("records")}
    pairs = product(sorted(layers["partners"]["partner_id"]), sorted(layers["products"]["product_id"]))
    rows = [(*pair, *_judge(offers.get(pair, []), needs.get(pair, {}))) for pair in pairs]
    return pd.DataFrame(rows, columns=COLUMNS)


def list_sold(alternatives: pd.DataFrame) -> pd.DataFrame:
    """Return what each alternative sells: its product, or the feed itself when it exports as it is.

    Parameters
    ----------
    alternatives : pandas.DataFrame
        Columns ``alternative``, ``kind``, ``product_id``, ``feed_product_ids``.

    Returns
    -------
    pandas.DataFrame
        Columns ``alternative``, ``product_id``; several rows for an export of several feeds.
    """
    sold = alternatives["product_id"].where(alternatives["kind"] != Kind.EXPORT, alternatives["feed_product_ids"])
    pairs = alternatives[["alternative"]].assign(product_id=sold.map(split_ids))
    return pairs.explode("product_id", ignore_index=True).dropna()


def _judge(offers: Sequence[Row], need: Row) -> tuple[object, ...]:
    """Return outlet, plants, shares, note and sources of one product with one partner."""
    takers = [row for row in offers if row["accepts"] == "yes" and row["third_party_feed"] == "yes"]
    running = [row for row in takers if row["status_code"] in RUNNING]
    if running:
        return "plant", *_tell(running, f"taken by {_list(running, 'plant')}", (1.0, 1.0, 1.0))
    if need.get("market") == "yes":
        return "market", "", 1.0, 1.0, 1.0, "sold as a standard grade; no buyer named", need["source_id"]
    if takers:
        named = ", ".join(f"{row['plant']} ({row['status_code'].replace('_', ' ')})" for row in takers)
        return "plant_not_running", *_tell(takers, f"not known to run today: {named}", (0.0, NAN, 1.0))
    return _judge_rest(offers, need)


def _judge_rest(offers: Sequence[Row], need: Row) -> tuple[object, ...]:
    """Return the verdict on a product that no plant is known to take and no market has."""
    if not offers:
        return "none_looked_up", "", NAN, NAN, NAN, "no outlet looked up", ""
    ids, sources = join_ids(row["destination_id"] for row in offers), [row["source_id"] for row in offers]
    if {row["accepts"] for row in offers} == {"no"} and need.get("need") == "no":
        high = 0.0 if need.get("market") == "no" else 1.0
        note = f"refused by every plant looked up ({_list(offers, 'plant')}) and no need stated; other buyers not looked up"
        return "refused", ids, 0.0, 0.0, high, note, join_ids([need["source_id"], *sources])
    seen = [row for row in offers if row["accepts"] == "unknown"]
    note = f"intake unknown at {_list(seen, 'plant')}" if seen else "no outlet found among the plants looked up"
    return "none_looked_up", ids, NAN, NAN, NAN, note, join_ids(sources)


def _tell(takers: Sequence[Row], named: str, shares: tuple[float, float, float]) -> tuple[object, ...]:
    """Return plants, shares, note and sources of a product that named plants take."""
    assay = "; ".join(dict.fromkeys(row["assay_note"] for row in takers if row["assay_note"]))
    note = f"{named}: {assay}" if assay else named
    return join_ids(row["destination_id"] for row in takers), *shares, note, join_ids(row["source_id"] for row in takers)


def _list(rows: Sequence[Row], column: str) -> str:
    """Return the cells of a column, with commas between them."""
    return ", ".join(row[column] for row in rows)
