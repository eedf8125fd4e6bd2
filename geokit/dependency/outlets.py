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
        One row a partner and product, sorted; columns as the data dictionary says for ``outlets``. ``plant``: a named plant that
        runs takes it from third parties; ``market``: a standard grade sold at the partner's port, no buyer named;
        ``plant_not_running``: the plants that would take it are not known to run, so the share lies anywhere between nothing and
        all; ``refused``: every plant looked up says no and the partner states no need; ``none_looked_up``: unknown, never a fail.
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
    running = None if takers is None else takers[takers["status_code"].isin(RUNNING)]
    if running is not None and len(running):
        return "plant", *_tell(running, "taken by " + ", ".join(running["plant"]), (1.0, 1.0, 1.0))
    if need.get("market") == "yes":
        return "market", "", 1.0, 1.0, 1.0, "sold as a standard grade; no buyer named", need["source_id"]
    if takers is not None and len(takers):
        named = takers["plant"] + " (" + takers["status_code"].str.replace("_", " ") + ")"
        return "plant_not_running", *_tell(takers, "not known to run today: " + ", ".join(named), (0.0, NAN, 1.0))
    return _judge_rest(offers, need)


def _judge_rest(offers: pd.DataFrame | None, need: Mapping[Hashable, Any]) -> tuple[object, ...]:
    """Return the verdict on a product that no plant is known to take and no market has."""
    if offers is None:
        return "none_looked_up", "", NAN, NAN, NAN, "no outlet looked up", ""
    if set(offers["accepts"]) == {"no"} and need.get("need") == "no":
        named = ", ".join(offers["plant"])
        high = 0.0 if need.get("market") == "no" else 1.0
        note = f"refused by every plant looked up ({named}) and no need stated; other buyers not looked up"
        return "refused", join_ids(offers["destination_id"]), 0.0, 0.0, high, note, join_ids([need["source_id"], *offers["source_id"]])
    seen = offers[offers["accepts"] == "unknown"]
    note = f"intake unknown at {', '.join(seen['plant'])}" if len(seen) else "no outlet found among the plants looked up"
    ids, sources = join_ids(offers["destination_id"]), join_ids(offers["source_id"])
    return "none_looked_up", ids, NAN, NAN, NAN, note, sources


def _tell(takers: pd.DataFrame, named: str, shares: tuple[float, float, float]) -> tuple[object, ...]:
    """Return plants, shares, note and sources of a product that named plants take."""
    assay = "; ".join(dict.fromkeys(note for note in takers["assay_note"] if note))
    note = f"{named}: {assay}" if assay else named
    return join_ids(takers["destination_id"]), *shares, note, join_ids(takers["source_id"])
