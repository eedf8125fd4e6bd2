"""Who may be ranked, and on which conditions: only a sourced fail screens, an unknown never does (model rule M4)."""

from __future__ import annotations

import pandas as pd

from geokit.core.codes import Kind, Status
from geokit.core.columns import join_ids

CAPTIVE, COMMITTED, CONTESTED, FREE = "captive", "committed", "contested", "free"
NO_OUTLET = {
    "plant_not_running": "its only outlet is not known to run today",
    "refused": "every plant looked up refuses its product",
}
"""Why a product has no outlet today although somebody looked; any other word means that nobody did."""


def judge_standing(
    alternatives: pd.DataFrame,
    *,
    feeds: pd.DataFrame,
    gates: pd.DataFrame,
    outlets: pd.DataFrame,
) -> pd.DataFrame:
    """Return what stands against ranking each alternative for each partner without a word.

    Parameters
    ----------
    alternatives : pandas.DataFrame
        One row an alternative.
    feeds : pandas.DataFrame
        Columns ``alternative``, ``status_hint``, ``status_reason``: what the holders of the feed mean (:func:`judge_feed`).
    gates : pandas.DataFrame
        Columns ``alternative``, ``partner``, ``gate_id``, ``result``, ``reason``, ``screens``.
    outlets : pandas.DataFrame
        Columns ``partner``, ``product_id``, ``outlet``.

    Returns
    -------
    pandas.DataFrame
        Columns ``alternative``, ``partner``, ``status_hint`` (screened, conditional or blank), ``status_reason``.
    """
    partners = outlets[["partner"]].drop_duplicates()
    pairs = alternatives[["alternative", "kind", "product_id", "conditions"]].merge(partners, how="cross")
    found = pd.concat(
        [_gate_hints(gates), feeds.merge(partners, how="cross"), _outlet_hints(pairs, outlets), _own_conditions(pairs)], ignore_index=True
    )
    found = found[found["status_hint"] != ""]
    rank = {Status.SCREENED.value: 0, Status.CONDITIONAL.value: 1}
    found = found.assign(order=found["status_hint"].map(rank)).sort_values(["alternative", "partner", "order", "status_reason"])
    worst = found.groupby(["alternative", "partner"])["order"].transform("min")
    merged = (
        found[found["order"] == worst]
        .groupby(["alternative", "partner"], sort=True)
        .agg(status_hint=("status_hint", "first"), status_reason=("status_reason", lambda words: "; ".join(dict.fromkeys(words))))
    )
    return pairs[["alternative", "partner"]].join(merged, on=["alternative", "partner"]).fillna({"status_hint": "", "status_reason": ""})


def judge_feed(alternatives: pd.DataFrame, feeds: pd.DataFrame) -> pd.DataFrame:
    """Return what the holders of the feed in reach mean for each plant.

    Parameters
    ----------
    alternatives : pandas.DataFrame
        One row an alternative.
    feeds : pandas.DataFrame
        What feeds what: ``stage_id``, ``place_id``, ``reachable``, ``feed_available``, ``source_ids``.

    Returns
    -------
    pandas.DataFrame
        Columns ``alternative``, ``status_hint``, ``status_reason``, one row a plant; the captive verdict cites its source.
    """
    plants = alternatives[alternatives["kind"] == Kind.PLANT]
    reached = feeds.loc[feeds["reachable"] == "yes", ["stage_id", "place_id", "feed_available", "source_ids"]]
    rows = plants[["alternative", "stage_id", "place_id"]].merge(reached, on=["stage_id", "place_id"], how="left")
    verdicts = [(name, *_feed_verdict(group)) for name, group in rows.groupby("alternative", sort=True)]
    return pd.DataFrame(verdicts, columns=["alternative", "status_hint", "status_reason"])


def _feed_verdict(group: pd.DataFrame) -> tuple[str, str]:
    """Judge one plant by the holders of the deposits within reach."""
    held = set(group["feed_available"].fillna("none"))
    if FREE in held:
        return "", ""
    if held == {CAPTIVE}:
        return Status.SCREENED.value, f"its only feed is captive to another operator ({join_ids(group['source_ids'])})"
    if held == {"none"}:
        return Status.CONDITIONAL.value, "no deposit of its feed lies within the freight cut-off: imported or tolled feed only"
    words = {
        COMMITTED: "committed to its sponsors and lenders",
        CONTESTED: "contested",
        CAPTIVE: "captive",
        "": "held by nobody we could name",
    }
    told = [words[word] for word in (COMMITTED, CONTESTED, CAPTIVE, "") if word in held]
    return Status.CONDITIONAL.value, f"none of its feed is known to be free: {', '.join(told)}"


def _gate_hints(gates: pd.DataFrame) -> pd.DataFrame:
    """Turn hard gates into hints: a sourced fail that screens, and unknowns that a deal would have to settle."""
    screens = gates["screens"].astype(bool) & (gates["result"] == "fail")
    unsettled = (gates["result"] == "unknown") & gates["conditions"].astype(bool)
    hint = pd.Series("", index=gates.index).mask(unsettled, Status.CONDITIONAL.value).mask(screens, Status.SCREENED.value)
    return gates.assign(status_hint=hint, status_reason=gates["reason"])[["alternative", "partner", "status_hint", "status_reason"]]


def _outlet_hints(pairs: pd.DataFrame, outlets: pd.DataFrame) -> pd.DataFrame:
    """Mark the products without an outlet that stands today: an outlet nobody looked up is unknown, never a fail (model rule M3)."""
    plants = pairs[pairs["kind"] != Kind.EXPORT].merge(
        outlets[["partner", "product_id", "outlet"]], on=["partner", "product_id"], how="left"
    )
    blind = plants[~plants["outlet"].isin(["plant", "market"])]
    reason = blind["outlet"].map(NO_OUTLET).fillna("no outlet for its product was looked up")
    return blind.assign(status_hint=Status.CONDITIONAL.value, status_reason=reason)[
        ["alternative", "partner", "status_hint", "status_reason"]
    ]


def _own_conditions(pairs: pd.DataFrame) -> pd.DataFrame:
    """Carry the condition that a baseline states about itself."""
    own = pairs[pairs["conditions"] != ""]
    return own.assign(status_hint=Status.CONDITIONAL.value, status_reason=own["conditions"])[
        ["alternative", "partner", "status_hint", "status_reason"]
    ]
