"""What to do about each bound block: wait for the licence, buy elsewhere, change the process, or stop earlier and toll."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from geokit.core.codes import Kind
from geokit.core.columns import join_ids, split_ids
from geokit.dependency.buy import break_even_refusal, break_even_share

WAIT, ELSEWHERE, PROCESS, TOLL = "wait", "elsewhere", "process", "toll"
KEYS = ["stage_id", "block_id"]
SERVICES = frozenset({"commissioning", "maintenance"})
"""Unit operations that are work and no kit."""
RANGES = (
    ("omega_star_low", "b_low", "substitute_low", "premium_high"),
    ("omega_star", "b", "substitute", "premium"),
    ("omega_star_high", "b_high", "substitute_high", "premium_low"),
)
"""Which chance, delay and premium give which end of the break-even share."""
NEEDED = {"premium": "premium", "b": "chance of a refusal", "substitute": "delay"}
"""What the buy rule cannot do without."""

Row = Mapping[Hashable, Any]


def price_blocks(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what other supply costs and what else could be done, by stage and block.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``operations``, ``classes``, ``stages`` and ``baselines``.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``block_id``, ``premium_low``, ``premium``, ``premium_high`` (price of other supply over Chinese supply, the
        largest of the block; NaN = not found), ``capex_share_frac`` (of the plant; NaN = not found), ``process`` (other process or
        supply, in words), ``upstream`` (stage to stop at), ``tolls`` (baselines that treat its product), ``control_kind``, ``is_service``
        (crews and know-how, no kit).
    """
    groups = layers["operations"].groupby(KEYS, sort=False)
    most = groups[["premium_low", "premium_mode", "premium_high"]].max().rename(columns={"premium_mode": "premium"})
    process = groups["substitute"].agg(lambda words: "; ".join(dict.fromkeys(filter(None, words))))
    blocks = most.assign(capex_share_frac=groups["capex_share_frac"].sum(min_count=1), process=process).reset_index()
    tolls = layers["baselines"][layers["baselines"]["kind"] == Kind.TOLL].groupby("stage_id")["baseline_id"].agg(", ".join)
    classes = layers["classes"].set_index("class_id")
    return blocks.assign(
        process=blocks["process"].mask(blocks["process"] == "", blocks["block_id"].map(classes["substitute"]).fillna("")),
        upstream=blocks["stage_id"].map(layers["stages"].set_index("stage_id")["upstream_stage_id"]).fillna(""),
        tolls=blocks["stage_id"].map(tolls).fillna(""),
        control_kind=blocks["block_id"].map(classes["control_kind"]).fillna(""),
        is_service=blocks["block_id"].map(classes["unit_operations"]).fillna("").map(_is_service),
    )


def _is_service(unit_operations: str) -> bool:
    """Return whether a technique class is work alone."""
    return unit_operations != "" and SERVICES.issuperset(split_ids(unit_operations))


def plan_procurement(
    blocks: pd.DataFrame, *, rate_frac: float, pv_over_capex: float, equipment_share_frac: float, float_months: float = 0.0
) -> pd.DataFrame:
    r"""Return the admissible choices of every bound block and, where the buy rule decides, the cheapest.

    .. math:: b \cdot loss(\Delta) > \omega_g I (x - 1), \quad
        b^* = \frac{\omega_g I (x - 1)}{loss(\Delta)}, \quad \omega_g^* = \frac{b \cdot loss(\Delta)}{I (x - 1)}

    Parameters
    ----------
    blocks : pandas.DataFrame
        Rows of stages, profiles and blocks: ``b``, ``b_low``, ``b_high``, ``sigma_technique``, ``substitute_low``, ``substitute``,
        ``substitute_high`` (months), ``vendors_left`` and the columns of :func:`price_blocks`.
    rate_frac : float
        Discount rate, 1/year as a fraction.
    pv_over_capex : float
        Present value of operations over the capital cost.
    equipment_share_frac : float
        Largest plausible share of all equipment in the capital cost: a block of equipment alone cannot have more, 0-1.
    float_months : float
        Float of the schedule, months.

    Returns
    -------
    pandas.DataFrame
        The rows that something may bind, with ``choice`` (blank = not decided), ``choices``, ``b_star``, ``omega_star`` with its
        ends, ``delay_months_saved`` and ``plan`` (the reason in words). Only waiting and buying elsewhere have a price; that of
        another process or a toll plant is not found. The share of most blocks in the capital cost is not known either: then
        ``omega_star`` is the share up to which buying elsewhere pays.

    References
    ----------
    Flowsheet dossier, section 4.6; technique alone decides what is admissible (model rule M8).
    """
    bound = blocks[(blocks["b_high"] > 0.0) | blocks["b"].isna()].reset_index(drop=True)
    ends = {
        name: break_even_share(
            bound[b], (bound[delay] - float_months).clip(lower=0.0), bound[premium], pv_over_capex=pv_over_capex, rate_frac=rate_frac
        )
        for name, b, delay, premium in RANGES
    }
    saved = (bound["substitute"] - float_months).clip(lower=0.0)
    star = break_even_refusal(
        saved, bound["premium"], capex_share_frac=bound["capex_share_frac"], pv_over_capex=pv_over_capex, rate_frac=rate_frac
    )
    rows = bound.assign(**ends, b_star=np.where(np.isinf(star), np.nan, star), delay_months_saved=saved)
    told = [_decide(row, equipment_share_frac) for row in rows.to_dict("records")]
    choices, choice, plan = ([row[place] for row in told] for place in range(3))
    return rows.assign(choices=choices, choice=choice, plan=plan)


def _decide(row: Row, most: float) -> tuple[str, str, str]:
    """Return the admissible choices of one block, the cheapest and why."""
    choices = _list_choices(row)
    choice, why = _choose(row, most) if ELSEWHERE in choices else ("", "not decided: nobody else is known to do the duty")
    beside = [f"other process or supply, price not found: {row['process']}"] * (PROCESS in choices)
    beside += [f"stop at {row['upstream']} and toll, price not found: {row['tolls']}"] * (TOLL in choices)
    return join_ids(choices), choice, "; ".join([why, *beside])


def _list_choices(row: Row) -> list[str]:
    """Return what can be done about one block."""
    known = {
        WAIT: not row["b_low"] >= 1.0,
        ELSEWHERE: row["sigma_technique"] > 0.0 and row["vendors_left"] > 0,
        PROCESS: row["process"] != "",
        TOLL: row["upstream"] != "" and row["tolls"] != "",
    }
    return [name for name, is_open in known.items() if is_open]


def _choose(row: Row, most: float) -> tuple[str, str]:
    """Return whether to wait or to buy elsewhere, and why; blank where a figure is missing."""
    missing = [words for name, words in NEEDED.items() if np.isnan(row[name])]
    if missing:
        return "", f"not decided: {', '.join(missing)} not found"
    if row["control_kind"] == "reagent":
        return "", "not decided: a reagent is paid every year, not with the plant; its stock is under outages"
    share, pays = row["capex_share_frac"], row["omega_star"]
    if not np.isnan(share):
        choice = ELSEWHERE if share < pays else WAIT
        return choice, f"{share:.3g} of the capital cost; buying elsewhere pays up to {pays:.2g} on the most plausible figures"
    if pays == 0.0:
        return WAIT, "no refusal is expected"
    if pays >= (most if row["control_kind"].startswith("equipment") else 1.0):
        return ELSEWHERE, f"pays up to {pays:.2g} of the capital cost on the most plausible figures, more than the block can have"
    return "", f"not decided: share of the capital cost not found; buying elsewhere pays up to {pays:.2g} of it"
