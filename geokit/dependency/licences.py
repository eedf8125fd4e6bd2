"""How likely and how slow a licence is, by state of the clause, kind of item and end-user profile."""

from __future__ import annotations

import pandas as pd

from geokit.core.codes import State

PROFILES = ("A", "B", "C", "D")
"""End-user profiles: A Chinese developer, B neutral, C tied to the United States or Japan, D military-linked."""
CAPPED = ("C", "D")
"""Profiles to which the cap on the probability of a tightened regime applies (controls dossier, tightened row)."""
TIMES = ["days_low", "days", "days_high"]
CHANCES = ["p_low", "p", "p_high"]
PREMIUMS = ["premium_low", "premium", "premium_high"]
KEYS = ["state", "kind", "profile"]
NAMES = {
    "item_kind": "kind",
    "p_mode": "p",
    "delay_days_low": "days_low",
    "delay_days_mode": "days",
    "delay_days_high": "days_high",
    "premium_mode": "premium",
}
STATES = {"lifted": State.REVOKED, "suspended": State.SUSPENDED, "in_force": State.IN_FORCE}
"""State of a clause under each state of the regime that the parameters tell of; tightened ones are multiples of those in force."""


def read_terms(params: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of a licence under a clause that is in force or tightened.

    A tightened clause multiplies the chance and the time of the row in force; prohibited technology multiplies the chance
    of the technology row. Rows for suspended and lifted regimes are left out: a clause not in force adds no exposure.

    Parameters
    ----------
    params : pandas.DataFrame
        The layer ``licence_params``.

    Returns
    -------
    pandas.DataFrame
        Columns ``state``, ``kind``, ``profile``, ``p_low``, ``p``, ``p_high`` (chance of a licence in time, 0-1),
        ``days_low``, ``days``, ``days_high``, ``source_ids``; one row a key. ``kind`` has ``technology_prohibited`` beside
        the kinds of items.
    """
    base = params[(params["regime_state"] == State.IN_FORCE) & (params["clause_scope"] == "")].rename(columns=NAMES)
    base = base.assign(state=State.IN_FORCE.value)[[*KEYS, *CHANCES, *TIMES, "source_ids"]]
    ban = params[params["item_kind"] == "technology_prohibited"].iloc[0]
    technology = base[base["kind"] == "technology"].assign(kind="technology_prohibited")
    technology[CHANCES] = technology[CHANCES] * ban["p_mult_mode"]
    base = pd.concat([base, technology], ignore_index=True)
    tight = _tighten(base, params[params["regime_state"] == State.TIGHTENED].iloc[0])
    return pd.concat([base, tight], ignore_index=True)


def _tighten(base: pd.DataFrame, row: pd.Series) -> pd.DataFrame:
    """Return the terms under a tightened regime."""
    tight = base.assign(state=State.TIGHTENED.value)
    tight[CHANCES] = base[CHANCES] * row[["p_mult_low", "p_mult_mode", "p_mult_high"]].to_numpy(dtype=float)
    tight[TIMES] = base[TIMES] * row[["delay_mult_low", "delay_mult_mode", "delay_mult_high"]].to_numpy(dtype=float)
    capped = tight["profile"].isin(CAPPED)
    tight.loc[capped, CHANCES] = tight.loc[capped, CHANCES].clip(upper=row["p_cap"])
    return tight


def read_premiums(params: pd.DataFrame) -> pd.DataFrame:
    """Return the price of a supply over the Chinese price, by state of the clause: the regime is also the price (model rule M13).

    A suspended material pays what suspended equipment pays, for its own row tells of a clause that was never suspended;
    prohibited technology pays what technology pays; a tightened clause multiplies the excess over 1 of the row in force.

    Parameters
    ----------
    params : pandas.DataFrame
        The layer ``licence_params``.

    Returns
    -------
    pandas.DataFrame
        Columns ``state`` (revoked, suspended, in_force, tightened), ``kind``, ``profile``, ``premium_low``, ``premium``,
        ``premium_high`` (multiple of the Chinese price); one row a key.
    """
    rows = params[params["regime_state"].isin(STATES) & (params["clause_scope"] == "")].rename(columns=NAMES)
    rows = rows.assign(state=rows["regime_state"].map(STATES).astype(str))[[*KEYS, *PREMIUMS]]
    idle = rows[(rows["state"] == State.SUSPENDED) & (rows["kind"] == "equipment")].assign(kind="material")
    banned = rows[rows["kind"] == "technology"].assign(kind="technology_prohibited")
    rows = pd.concat([rows, idle, banned], ignore_index=True)
    excess = params.loc[params["regime_state"] == State.TIGHTENED, "premium_excess_mult_mode"].iloc[0]
    tight = rows[rows["state"] == State.IN_FORCE].assign(state=State.TIGHTENED.value)
    tight[PREMIUMS] = 1.0 + (tight[PREMIUMS] - 1.0) * excess
    return pd.concat([rows, tight], ignore_index=True)
