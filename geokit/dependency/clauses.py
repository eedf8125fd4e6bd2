"""The state of each clause on a date, by its text and as practised (model rules M8, M10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from geokit.core.codes import State, Track
from geokit.core.columns import join_ids

COLUMNS = [
    "clause_id", "instrument_id", "issuer", "state_as_law_stands", "state_as_practised", "ever_operated", "valid_from",
    "source_ids",
]
FLAGS = {"true": True, "false": False}


def resolve(layers: Mapping[str, pd.DataFrame], *, on: dt.date, known_on: dt.date | None = None) -> pd.DataFrame:
    """Return the state of every clause on a date, on both legal tracks.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``clauses``, ``instruments`` and ``status_events``.
    on : datetime.date
        The date of the question.
    known_on : datetime.date, optional
        Date of knowledge: events recorded later do not count; everything in the layers counts when not given.

    Returns
    -------
    pandas.DataFrame
        One row a clause, sorted by id; columns as the data dictionary says for ``clause_states``. A blank state means that
        the clause was not yet issued, or not yet known; ``unresolved`` that the track ends before the date.
        ``ever_operated`` is a flag of the clause, not a state, and is None where the sources do not say.

    References
    ----------
    Model rule M10: text and practice are both computed.
    """
    clauses = layers["clauses"].sort_values("clause_id", ignore_index=True)
    states = states_on(layers["status_events"], on=on, known_on=known_on)
    text, practice = (read_track(states, track).reindex(clauses["clause_id"]) for track in Track)
    issuers = layers["instruments"].set_index("instrument_id")["issuer"]
    told = zip(clauses["source_id"], text["source_id"].fillna(""), practice["source_id"].fillna(""), strict=True)
    return pd.DataFrame(
        {
            "clause_id": clauses["clause_id"],
            "instrument_id": clauses["instrument_id"],
            "issuer": clauses["instrument_id"].map(issuers),
            "state_as_law_stands": text["state"].fillna("").to_numpy(),
            "state_as_practised": practice["state"].fillna("").to_numpy(),
            "ever_operated": pd.Series([FLAGS.get(flag) for flag in clauses["ever_operated"]], dtype=object),
            "valid_from": text["valid_from"].fillna("").to_numpy(),
            "source_ids": [join_ids(cells) for cells in told],
        }
    )[COLUMNS]


def states_on(events: pd.DataFrame, *, on: dt.date, known_on: dt.date | None = None) -> pd.DataFrame:
    """Return the state of each clause and track that the events tell of on a date.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns ``clause_id``, ``track``, ``state``, ``valid_from``, ``valid_to_exclusive``, ``recorded_on``, ``source_id``;
        ISO dates as text, a blank start is the beginning of time, a blank end is open, a blank ``recorded_on`` was always
        known.
    on : datetime.date
        The date of the question.
    known_on : datetime.date, optional
        Date of knowledge.

    Returns
    -------
    pandas.DataFrame
        Index ``clause_id``, ``track``; columns ``state``, ``valid_from``, ``source_id``. Of several rows that cover the date
        the one recorded last holds. A clause whose rows all end by the date is ``unresolved`` from its last end on; one
        whose rows all begin later is absent.
    """
    day = on.isoformat()
    known = events if known_on is None else events[events["recorded_on"] <= known_on.isoformat()]
    begun = known[known["valid_from"] <= day]
    end = begun["valid_to_exclusive"]
    covers = (end == "") | (end > day)
    begun = begun.assign(
        covers=covers,
        state=begun["state"].where(covers, State.UNRESOLVED.value),
        valid_from=begun["valid_from"].where(covers, end),
    )
    begun = begun.sort_values(["covers", "recorded_on", "valid_from"], kind="stable")
    last = begun.drop_duplicates(["clause_id", "track"], keep="last")
    return last.set_index(["clause_id", "track"])[["state", "valid_from", "source_id"]].sort_index()


def read_track(states: pd.DataFrame, track: Track) -> pd.DataFrame:
    """Return the states of one track by clause; none when no event tells of the track."""
    return states[states.index.get_level_values("track") == track.value].droplevel("track")
