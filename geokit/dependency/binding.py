"""The chance that each block's Chinese supply is refused, given each political state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from geokit.core.assumptions import Controls
from geokit.core.codes import State, Track
from geokit.dependency.clauses import read_track, states_on
from geokit.dependency.index import combine_licences
from geokit.dependency.licences import KEYS, PROFILES, TIMES
from geokit.dependency.regime import Outcome, export_dates

ISSUER = "cn"
"""Only this issuer's clauses enter the figures; other issuers' rules are named beside them (model rule M8)."""
PLACE = ["regime_id", "profile", "stage_id", "block_id"]
BINDING = (State.IN_FORCE, State.TIGHTENED)


def date_ties(
    ties: pd.DataFrame,
    events: pd.DataFrame,
    *,
    on: dt.date,
    known_on: dt.date,
    track: Track,
    controls: Controls,
) -> pd.DataFrame:
    """Return the ties with the day on which each binds and its state on that day.

    Parameters
    ----------
    ties : pandas.DataFrame
        As :func:`geokit.dependency.flowsheet.touch_blocks` returns.
    events : pandas.DataFrame
        The layer ``status_events``.
    on, known_on : datetime.date
        Date of the question and of knowledge.
    track : Track
        Legal track.
    controls : Controls
        Months from the question to shipment and commissioning.

    Returns
    -------
    pandas.DataFrame
        The ties with ``day`` (ISO) and ``state`` (blank = not issued or not known).
    """
    days = export_dates(on, controls)
    binds = [days[kind.removesuffix("_prohibited")] for kind in ties["kind"]]
    states = {
        day: read_track(states_on(events, on=day, known_on=known_on), track)["state"].to_dict()
        for day in sorted(set(binds))
    }
    state = [states[day].get(clause, "") for day, clause in zip(binds, ties["clause_id"], strict=True)]
    return ties.assign(day=[day.isoformat() for day in binds], state=state)


def settle_ties(ties: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the issuer's counted ties with their state given each political state.

    Parameters
    ----------
    ties : pandas.DataFrame
        With ``counts``, ``issuer``, ``clause_id``, ``day`` (ISO, needed only where an outcome ends) and ``state``.
    outcomes : sequence of Outcome
        Political states.

    Returns
    -------
    pandas.DataFrame
        Ties x outcomes with ``regime_id``; an unresolved clause that no outcome decides stays ``unresolved``; one that binds after
        the end of an outcome is in force.
    """
    counted = ties[ties["counts"] & (ties["issuer"] == ISSUER)]
    return pd.concat([counted.assign(regime_id=one.regime_id, state=_settle(counted, one)) for one in outcomes], ignore_index=True)


def _settle(counted: pd.DataFrame, outcome: Outcome) -> pd.Series:
    """Return the state of each tie given one outcome."""
    asked = (counted["state"] == State.UNRESOLVED) & counted["clause_id"].isin(outcome.clause_ids)
    state = counted["state"].mask(asked, outcome.state)
    return state.mask(asked & (counted["day"] >= outcome.ends_on), State.IN_FORCE.value) if outcome.ends_on else state


def price_ties(settled: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Return the chance and time of a licence under each settled tie, for every profile, one row a clause.

    Parameters
    ----------
    settled : pandas.DataFrame
        As :func:`settle_ties` returns.
    terms : pandas.DataFrame
        As :func:`geokit.dependency.licences.read_terms` returns.

    Returns
    -------
    pandas.DataFrame
        Columns ``regime_id``, ``profile``, ``stage_id``, ``block_id``, ``clause_id``, ``refused_low``, ``refused``,
        ``refused_high`` (0-1; NaN where the state is unresolved and nothing decides it), ``days_low``, ``days``,
        ``days_high``. Ties that do not bind are left out; of several kinds of item under one clause the harshest counts.
    """
    rows = settled[settled["state"].isin([*BINDING, State.UNRESOLVED])]
    rows = rows.merge(pd.DataFrame({"profile": PROFILES}), how="cross").merge(terms, on=KEYS, how="left")
    rows = rows.assign(
        refused_low=(1.0 - rows["p_high"]).fillna(0.0),
        refused=1.0 - rows["p"],
        refused_high=(1.0 - rows["p_low"]).fillna(1.0),
    )
    figures = ["refused_low", "refused", "refused_high", *TIMES]
    keys = [*PLACE, "clause_id"]
    unknown = rows[rows["refused"].isna()][keys].drop_duplicates().assign(unknown=True)
    worst = rows.groupby(keys, as_index=False)[figures].max().merge(unknown, on=keys, how="left")
    worst["refused"] = worst["refused"].mask(worst["unknown"].notna())
    return worst.drop(columns="unknown")


def bind_blocks(priced: pd.DataFrame) -> pd.DataFrame:
    """Return the chance that a block's supply is refused, by political state, profile, stage and block.

    Parameters
    ----------
    priced : pandas.DataFrame
        As :func:`price_ties` returns.

    Returns
    -------
    pandas.DataFrame
        Index ``regime_id``, ``profile``, ``stage_id``, ``block_id``; columns ``b_low`` (the likeliest single refusal: licences
        of one authority may fall together), ``b`` and ``b_high`` (independent given the state), 0-1. Blocks that no clause
        binds are absent.
    """
    groups = priced.groupby(PLACE)
    return pd.DataFrame(
        {
            "b_low": groups["refused_low"].max(),
            "b": groups["refused"].agg(combine_licences),
            "b_high": groups["refused_high"].agg(combine_licences),
        }
    )


def open_clauses(ties: pd.DataFrame) -> frozenset[str]:
    """Return the issuer's counted clauses whose state is unresolved on the day that binds."""
    rows = ties[ties["counts"] & (ties["issuer"] == ISSUER) & (ties["state"] == State.UNRESOLVED)]
    return frozenset(rows["clause_id"])


