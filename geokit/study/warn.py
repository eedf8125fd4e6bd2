"""What a reader must know before the rest: unsettled law, stale layers, passages taken as open (model rules M10, M18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from geokit.catalog import Layers
from geokit.core.codes import State
from geokit.core.columns import split_ids

STALE_DAYS = 45
"""A clause verified longer ago than this is stale (model rule M10, controls dossier)."""


def list_warnings(
    layers: Layers, states: pd.DataFrame, hauls: pd.DataFrame, *, on: dt.date, known_on: dt.date | None = None
) -> tuple[str, ...]:
    """Return the warnings of a study, most important first.

    Parameters
    ----------
    layers : Layers
        Needs ``clauses``, ``status_events``.
    states : pandas.DataFrame
        The clauses on the date of the question.
    hauls : pandas.DataFrame
        Their ``assumed_open`` names the passages taken as open.
    on : datetime.date
        Date of the question.
    known_on : datetime.date, optional
        Date of knowledge: events recorded later are not told; everything is when not given.

    Returns
    -------
    tuple of str
        One sentence each.
    """
    law = [_split_law(layers, states, on, known_on=known_on), _stale_law(layers, on)]
    found = [_modified(layers), _other_day(layers, on), *law, _passages(hauls)]
    return (*(line for line in found if line), "Screening, not a feasibility study; not legal advice: classify with counsel.")


def _other_day(layers: Layers, on: dt.date) -> str:
    """Say that everything but the law is as of the day on which the layers were verified."""
    if on == layers.verified_on:
        return ""
    return f"Only the law is read on {on:%d %b %Y}; prices, freight, sites, risks and passages are as of {layers.verified_on:%d %b %Y}."


def _split_law(layers: Mapping[str, pd.DataFrame], states: pd.DataFrame, on: dt.date, *, known_on: dt.date | None) -> str:
    """Say where text and practice differ, and until when practice is told."""
    split = states[states["state_as_law_stands"] != states["state_as_practised"]]
    if split.empty:
        return ""
    events = layers["status_events"].query("track == 'practice'")
    events = events if known_on is None else events[events["recorded_on"] <= known_on.isoformat()]
    ends = events[events["clause_id"].isin(split["clause_id"])].groupby("clause_id")["valid_to_exclusive"].max()
    ends = ends[ends > on.isoformat()]
    until = f"; practice is told only until {_day_before(ends.max())} and unresolved after" if len(ends) else ""
    in_force = int((split["state_as_law_stands"] == State.IN_FORCE).sum())
    told = f"{in_force} clauses are in force by their text and not as practised{until}"
    return f"Law unsettled on {on:%d %b %Y}: {told}; both readings are computed."


def _day_before(date: str) -> str:
    """Return the last day of an interval whose end is exclusive, in words."""
    return f"{dt.date.fromisoformat(date) - dt.timedelta(days=1):%d %b %Y}"


def _stale_law(layers: Mapping[str, pd.DataFrame], on: dt.date) -> str:
    """Count the clauses whose last verification is blank or too old."""
    verified = layers["clauses"]["last_verified"]
    limit = dt.date.fromordinal(max(on.toordinal() - STALE_DAYS, dt.date.min.toordinal())).isoformat()
    stale = int((verified < limit).sum())
    return (
        f"{stale} of {len(verified)} clauses were last verified more than {STALE_DAYS} days before {on:%d %b %Y}: check them."
        if stale
        else ""
    )


def _passages(hauls: pd.DataFrame) -> str:
    """Name the passages that routes take as open."""
    named = sorted({name for cell in hauls["assumed_open"].unique() for name in split_ids(cell)})
    return f"Routes assume these passages open: {', '.join(named)}." if named else ""


def _modified(layers: Layers) -> str:
    """Name the layers that differ from the packaged ones, and what the user's files changed in them."""
    if not layers.modified:
        return ""
    told = {change.table: str(change) for change in layers.changes}
    doubts = f"{len(layers.doubts)} {'doubt' if len(layers.doubts) == 1 else 'doubts'}"
    told_doubts = f" They raise {doubts}, which geokit check lists." if layers.doubts else ""
    return f"Modified layers: {', '.join(told.get(table, table) for table in layers.modified)}.{told_doubts}"
