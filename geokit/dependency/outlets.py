"""Who takes a product: a named plant, the market of a standard grade, or nobody that was looked up (model rule M3)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from geokit.core.codes import Kind
from geokit.core.columns import join_ids, split_ids

RUNNING = ("operating", "expansion", "scaling_back")
"""Status of a plant that takes feed today."""
COLUMNS = ["partner", "product_id", "outlet", "destination_ids", "share_low", "share", "share_high", "note", "source_ids"]
NAN = float("nan")


def outlets(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the outlet of every product with every partner.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``partners``, ``products``, ``destinations``, ``accepts`` and ``needs``.

    Returns
    -------
    pandas.DataFrame
        One row a partner and product, sorted; columns as the data dictionary says for ``outlets``. ``plant``: a named plant
        takes it from third parties; ``market``: a standard grade sold at the partner's port; ``refused``: every plant looked up
        says no and the partner states no need; ``none_looked_up``: unknown, never a fail.
    """
    places = layers["destinations"][["destination_id", "partner_id", "plant", "third_party_feed", "status_code"]]
    offers = layers["accepts"].merge(places, on="destination_id")
    grouped = dict(list(offers.groupby(["partner_id", "product_id"])))
    needs = {(row["partner_id"], row["product_id"]): row for row in layers["needs"].to_dict("records")}
    rows = [
        (partner, product, *_judge(grouped.get((partner, product)), needs.get((partner, product), {})))
        for partner in sorted(layers["partners"]["partner_id"])
        for product in sorted(layers["products"]["product_id"])
    ]
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


def _judge(offers: pd.DataFrame | None, need: Mapping[Hashable, Any]) -> tuple[object, ...]:
    """Return outlet, plants, shares, note and sources of one product with one partner."""
    takers = None if offers is None else offers[(offers["accepts"] == "yes") & (offers["third_party_feed"] == "yes")]
    if takers is not None and len(takers):
        return _plant(takers)
    basis = need.get("source_id", "")
    if need.get("market") == "yes":
        return "market", "", 1.0, 1.0, 1.0, "standard grade, sold at the partner's port", basis
    if offers is None:
        return "none_looked_up", "", NAN, NAN, NAN, "no outlet looked up", ""
    if set(offers["accepts"]) == {"no"} and need.get("need") == "no":
        named = ", ".join(offers["plant"])
        high = 0.0 if need.get("market") == "no" else 1.0
        note = f"refused by every plant looked up ({named}) and no need stated; other buyers not looked up"
        return "refused", join_ids(offers["destination_id"]), 0.0, 0.0, high, note, join_ids([basis, *offers["source_id"]])
    seen = offers[offers["accepts"] == "unknown"]
    note = f"intake unknown at {', '.join(seen['plant'])}" if len(seen) else "no outlet found among the plants looked up"
    ids, sources = join_ids(offers["destination_id"]), join_ids(offers["source_id"])
    return "none_looked_up", ids, NAN, NAN, NAN, note, sources


def _plant(takers: pd.DataFrame) -> tuple[object, ...]:
    """Return the verdict on a product that named plants take."""
    runs = takers["status_code"].isin(RUNNING)
    shown = takers[runs] if runs.any() else takers
    doubt = "" if runs.any() else f" ({', '.join(sorted(set(takers['status_code'].str.replace('_', ' '))))})"
    assay = "; ".join(dict.fromkeys(note for note in shown["assay_note"] if note))
    note = f"taken by {', '.join(shown['plant'])}{doubt}" + (f": {assay}" if assay else "")
    ids, sources = join_ids(shown["destination_id"]), join_ids(shown["source_id"])
    return "plant", ids, float(runs.any()), 1.0, 1.0, note, sources
