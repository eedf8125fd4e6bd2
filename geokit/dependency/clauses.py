"""The state of each clause on a date, by its text and as practised (model rules M8, M10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geokit.core.codes import State, Track
from geokit.core.columns import join_ids
from geokit.core.errors import UnknownNameError

SCOPE = ["ref", "effect", "destination_scope", "enduser_scope"]
COLUMNS = [
    "clause_id", "instrument_id", "issuer", "research_status", "instrument_number", "instrument_title", *SCOPE, "state_as_law_stands",
    "state_as_practised", "ever_operated", "valid_from", "practised_from",
    "basis_as_law_stands", "basis_from", "confidence_as_law_stands", "basis_as_practised", "practised_basis_from",
    "confidence_as_practised", "next_change", "next_as_law_stands", "next_as_practised",
    "last_verified", "source_ids",
]
STATES = {Track.TEXT: "state_as_law_stands", Track.PRACTICE: "state_as_practised"}
"""The column that holds the state under each reading of the law."""
BASES = {Track.TEXT: "basis_as_law_stands", Track.PRACTICE: "basis_as_practised"}
"""The column that holds what that state rests on."""
BASES_FROM = {Track.TEXT: "basis_from", Track.PRACTICE: "practised_basis_from"}
"""The column that holds from which day on it does."""
TRUST = {Track.TEXT: "confidence_as_law_stands", Track.PRACTICE: "confidence_as_practised"}
"""The column that holds how far that is to be trusted."""
STARTS = {Track.TEXT: "valid_from", Track.PRACTICE: "practised_from"}
"""The column that holds the first day of that state."""
NEXT = {Track.TEXT: "next_as_law_stands", Track.PRACTICE: "next_as_practised"}
"""The column that holds the state from the next change on."""
FLAGS = {"true": True, "false": False}
KEY = ["clause_id", "track"]
GENERAL = "catch_all"
"""Effect of a clause that reaches an end use, whatever the item."""
BINDING = (State.IN_FORCE, State.TIGHTENED)
"""States in which a clause binds."""


def resolve(
    layers: Mapping[str, pd.DataFrame],
    *,
    on: dt.date,
    known_on: dt.date | None = None,
    issuers: Sequence[str] = (),
    track: Track | None = None,
) -> pd.DataFrame:
    """Return the state of every clause on a date, on both legal tracks.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``clauses``, ``instruments`` and ``status_events``; ``issuers`` for the research status. No clause has a state
        before its instrument was issued, where that day is known.
    on : datetime.date
        The date of the question.
    known_on : datetime.date, optional
        Date of knowledge: events recorded later do not count, nor do ends learnt later; everything in the layers counts when not
        given.
    issuers : sequence of str
        Codes or labels of the issuers whose clauses are asked for; all when empty.
    track : Track, optional
        Leave out the columns of the other reading; ``next_change`` is then that of this reading.

    Returns
    -------
    pandas.DataFrame
        One row a clause, sorted by id; columns as the data dictionary says for ``clause_states``. A blank state means that
        the clause was not yet issued, or not yet known; ``unresolved`` that the track ends before the date.
        ``ever_operated`` is a flag of the clause, not a state: None where the sources do not say, or where no event of the
        clause was known; False as long as none that binds had begun by the date of knowledge. ``next_change`` is the first later
        day on which a state differs; a check made after the date of knowledge leaves ``last_verified`` blank. A state whose start is
        not in the sources has a blank first day.

    Raises
    ------
    UnknownNameError
        If the layers have no such issuer.

    References
    ----------
    Model rule M10: text and practice are both computed.
    """
    tracks = tuple(Track) if track is None else (track,)
    table = _describe(layers, choose_issuers(layers, issuers) if issuers else ())
    ids, known = table["clause_id"], keep_known(date_events(layers), known_on)
    states = states_on(known, on=on)
    spells = trace_states(known)
    told = [table["source_id"], *(read_track(states, one)["source_id"].reindex(ids).fillna("") for one in Track)]
    seen = table["last_verified"]
    table["last_verified"] = seen if known_on is None else seen.where(seen <= known_on.isoformat(), "")
    table["ever_operated"] = _flag_operated(table, known, known_on)
    table["source_ids"] = [join_ids(cells) for cells in zip(*told, strict=True)]
    table = pd.concat([table, _follow(states, spells, ids, known=known, on=on, tracks=tracks)], axis=1)
    return table[[name for name in COLUMNS if name in table]]


def choose_issuers(layers: Mapping[str, pd.DataFrame], asked: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the codes of issuers given by code or label, in the order of print; all of them when none is asked for.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``issuers``.
    asked : sequence of str
        Codes or labels, in capitals or not.

    Returns
    -------
    tuple of str
        Codes, without repetition.

    Raises
    ------
    UnknownNameError
        If one or more are not in the layers; all of them are named.
    """
    table = layers["issuers"].sort_values("print_order")
    codes = {label.lower(): code for code, label in zip(table["issuer"], table["label"], strict=True)}
    codes |= {code: code for code in table["issuer"]}
    unknown = [name for name in asked if name.strip().lower() not in codes]
    if unknown:
        raise UnknownNameError("issuer", ", ".join(unknown), table["issuer"].tolist())
    chosen = {codes[name.strip().lower()] for name in asked}
    return tuple(code for code in table["issuer"] if code in chosen or not asked)


def list_issuers(layers: Mapping[str, pd.DataFrame], asked: Sequence[str] = ()) -> pd.DataFrame:
    """Return what was searched: the issuers asked for, with how far their rules were read (model rule M8).

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``issuers``.
    asked : sequence of str
        As for :func:`choose_issuers`.

    Returns
    -------
    pandas.DataFrame
        ``issuer``, ``label``, ``research_status``, ``note``, in the order of print.

    Raises
    ------
    UnknownNameError
        As :func:`choose_issuers` does.
    """
    rows = layers["issuers"].set_index("issuer").loc[list(choose_issuers(layers, asked))]
    return rows[["label", "research_status", "note"]].reset_index()


def date_events(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the dated states, none of them in force or known before its instrument was issued, where that day is known.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``status_events``, ``clauses`` and ``instruments``.

    Returns
    -------
    pandas.DataFrame
        The events with ``is_dated``, whether the sources tell the start; where they do not, ``valid_from`` is the day of issue, the
        first on which the state can hold. Where that is not known either, an announcement begins on the day on which it was recorded,
        for nobody heard of it before, and any other state has a blank start: a law that stood before its sources look.
    """
    events = layers["status_events"]
    issued = _look_up(layers.get("instruments"), layers["clauses"]["instrument_id"], ["issued"])["issued"]
    first = events["clause_id"].map(dict(zip(layers["clauses"]["clause_id"], issued, strict=True))).fillna("")
    heard = events["recorded_on"].where((first == "") & (events["state"] == State.ANNOUNCED), first)
    is_dated = events["valid_from"] != ""
    begun = events["valid_from"].where(events["valid_from"] > first, first)
    known = events["recorded_on"].where(events["recorded_on"] > first, first)
    return events.assign(valid_from=begun.where(is_dated, heard), recorded_on=known, is_dated=is_dated)


def states_on(events: pd.DataFrame, *, on: dt.date, known_on: dt.date | None = None) -> pd.DataFrame:
    """Return the state of each clause and track that the events tell of on a date.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns ``clause_id``, ``track``, ``state``, ``valid_from``, ``valid_to_exclusive``, ``recorded_on``, ``source_id`` and
        perhaps ``basis`` and ``end_recorded_on``; ISO dates as text, a blank start is not in the sources and taken for the beginning
        of time (:func:`date_events` bounds it), a blank end is open, a blank ``recorded_on`` was always known, a blank
        ``end_recorded_on`` was known with the row.
    on : datetime.date
        The date of the question.
    known_on : datetime.date, optional
        Date of knowledge.

    Returns
    -------
    pandas.DataFrame
        Index ``clause_id``, ``track``; columns ``state``, ``valid_from``, ``source_id``, and ``basis`` and ``confidence`` if the
        events have them. Of several rows that cover the date the one recorded last holds. A clause whose rows all end by the date is
        ``unresolved`` from its last end on; one whose rows all begin later, or were withdrawn before they began, is absent.
    """
    last = _pick(keep_known(events, known_on).assign(day=on.isoformat()))
    return last.set_index(KEY).filter(["state", "valid_from", "source_id", "basis", "confidence", "is_dated"]).sort_index()


def trace_states(events: pd.DataFrame, *, known_on: dt.date | None = None) -> pd.DataFrame:
    """Return the states of each clause and track one after the other.

    Parameters
    ----------
    events : pandas.DataFrame
        As for :func:`states_on`.
    known_on : datetime.date, optional
        Date of knowledge.

    Returns
    -------
    pandas.DataFrame
        Columns ``clause_id``, ``track``, ``day`` (first day of the state, blank = not in the sources) and ``state``, sorted by the first
        three; neighbours of one track differ in state. Each state holds until the next row; what :func:`states_on` finds on a
        day is the last row that is not later.
    """
    known = keep_known(events, known_on)
    starts, ends = (known[[*KEY, name]].set_axis([*KEY, "day"], axis=1) for name in ("valid_from", "valid_to_exclusive"))
    days = pd.concat([starts, ends[ends["day"] != ""]]).drop_duplicates()
    rows = _pick(days.merge(known, on=KEY)).sort_values([*KEY, "day"], ignore_index=True)
    return rows.loc[rows["state"] != rows.groupby(KEY)["state"].shift(), [*KEY, "day", "state"]].reset_index(drop=True)


def find_general(layers: Mapping[str, pd.DataFrame], *, on: dt.date, track: Track, known_on: dt.date | None = None) -> dict[str, list[str]]:
    """Return the catch-all clauses in force on a date, which reach an end use and not an item.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``clauses``, ``instruments`` and ``status_events``.
    on : datetime.date
        The date of the question.
    track : Track
        Reading of the law.
    known_on : datetime.date, optional
        Date of knowledge.

    Returns
    -------
    dict of str to list of str
        References in their instruments, by issuer.
    """
    states = read_track(states_on(date_events(layers), on=on, known_on=known_on), track)
    rows = layers["clauses"].merge(layers["instruments"][["instrument_id", "issuer"]], on="instrument_id")
    rows = rows[(rows["effect"] == GENERAL) & rows["clause_id"].map(states["state"]).isin(BINDING)]
    found: dict[str, list[str]] = {}
    for issuer, ref in zip(rows["issuer"], rows["ref"], strict=True):
        found.setdefault(issuer, []).append(ref)
    return found


def read_track(states: pd.DataFrame, track: Track) -> pd.DataFrame:
    """Return the states of one track by clause; none when no event tells of the track."""
    return states[states.index.get_level_values("track") == track.value].droplevel("track")


def keep_known(events: pd.DataFrame, known_on: dt.date | None) -> pd.DataFrame:
    """Return the events as they were known on a date: none recorded later, and none with an end that was learnt later.

    Parameters
    ----------
    events : pandas.DataFrame
        As for :func:`states_on`.
    known_on : datetime.date or None
        Date of knowledge; everything is known when None.

    Returns
    -------
    pandas.DataFrame
        The events; an end that was not yet known is open again, and what was withdrawn before its first day is left out.
    """
    if known_on is not None:
        day = known_on.isoformat()
        late = events.get("end_recorded_on", pd.Series("", events.index)) > day
        events = events.assign(valid_to_exclusive=events["valid_to_exclusive"].mask(late, ""))[events["recorded_on"] <= day]
    end = events["valid_to_exclusive"]
    return events[(end == "") | (end > events["valid_from"])]


def _flag_operated(table: pd.DataFrame, known: pd.DataFrame, known_on: dt.date | None) -> pd.Series[Any]:
    """Return whether each clause was ever applied, as far as that was known."""
    ids, flags = table["clause_id"], table["ever_operated"]
    if known_on is not None:
        begun = known.loc[known["state"].isin(BINDING) & (known["valid_from"] <= known_on.isoformat()), "clause_id"]
        flags = flags.mask((flags == "true") & ~ids.isin(begun), "false")
    return pd.Series([FLAGS.get(flag) for flag in flags.where(ids.isin(known["clause_id"]), "")], dtype=object)


def _pick(rows: pd.DataFrame) -> pd.DataFrame:
    """Return, of the events asked about for each clause, track and ``day``, the one that holds."""
    begun = rows[rows["valid_from"] <= rows["day"]]
    end = begun["valid_to_exclusive"]
    covers = (end == "") | (end > begun["day"])
    begun = begun.assign(
        covers=covers,
        state=begun["state"].where(covers, State.UNRESOLVED.value),
        valid_from=begun["valid_from"].where(covers, end),
    )
    begun = begun.sort_values(["covers", "recorded_on", "valid_from"], kind="stable")
    return begun.drop_duplicates([*KEY, "day"], keep="last")


def _describe(layers: Mapping[str, pd.DataFrame], issuers: Sequence[str]) -> pd.DataFrame:
    """Return the clauses of some issuers, of all when empty, with their instrument and the research status of the issuer."""
    clauses = layers["clauses"].sort_values("clause_id", ignore_index=True)
    kept = ["clause_id", "instrument_id", *SCOPE, "ever_operated", "last_verified", "source_id"]
    names = {"issuer": "issuer", "number": "instrument_number", "title": "instrument_title"}
    held = _look_up(layers.get("instruments"), clauses["instrument_id"], list(names)).rename(columns=names)
    status = _look_up(layers.get("issuers"), held["issuer"], ["research_status"])
    table = pd.concat([clauses.reindex(columns=kept, fill_value=""), held, status], axis=1)
    return table[table["issuer"].isin(issuers)].reset_index(drop=True) if issuers else table


def _look_up(frame: pd.DataFrame | None, ids: pd.Series[str], columns: list[str]) -> pd.DataFrame:
    """Return columns of a table for some ids of the same name; blank where the table, the column or the id is absent."""
    rows = pd.DataFrame() if frame is None else frame.set_index(ids.name)
    return rows.reindex(columns=columns, fill_value="").reindex(ids, fill_value="").reset_index(drop=True)


def find_starts(spells: pd.DataFrame, events: pd.DataFrame, on: dt.date) -> pd.Series[str]:
    """Return the first day of the state of each clause and track on a date, blank where the sources do not tell it.

    Parameters
    ----------
    spells : pandas.DataFrame
        As :func:`trace_states` returns for the events.
    events : pandas.DataFrame
        As :func:`date_events` returns.
    on : datetime.date
        The date of the question.

    Returns
    -------
    pandas.Series
        ``day`` (ISO), index ``clause_id``, ``track``.
    """
    since = spells[spells["day"] <= on.isoformat()].drop_duplicates(KEY, keep="last").set_index(KEY)["day"]
    undated = events[~events["is_dated"]].drop_duplicates(KEY).set_index(KEY)["valid_from"]
    return since.mask(since == undated.reindex(since.index), "")


def _follow(
    states: pd.DataFrame, spells: pd.DataFrame, ids: pd.Series[str], *, known: pd.DataFrame, on: dt.date, tracks: Sequence[Track]
) -> pd.DataFrame:
    """Return the state of each clause, since when it holds and what comes next, by reading."""
    later = spells["day"] > on.isoformat()
    since = find_starts(spells, known, on).to_frame()
    coming = spells[later & spells["track"].isin(tracks)].drop_duplicates(KEY).set_index(KEY)
    day = coming.groupby("clause_id")["day"].min().reindex(ids).fillna("")
    found = {"next_change": day}
    for track in tracks:
        now, first, then = (read_track(rows, track).reindex(ids) for rows in (states, since, coming))
        found[STATES[track]] = now["state"].fillna("")
        found[STARTS[track]] = first["day"].fillna("")
        told = now.reindex(columns=["basis", "valid_from", "confidence"]).astype(object).fillna("")
        told = told.mask(now["state"] == State.UNRESOLVED, "")  # what a lapsed row rested on holds no more
        told["valid_from"] = told["valid_from"].where(now["is_dated"].fillna(value=True).astype(bool), "")
        found |= {names[track]: told[column] for names, column in zip((BASES, BASES_FROM, TRUST), told, strict=True)}
        found[NEXT[track]] = then["state"].where(then["day"] == day, now["state"].fillna("")).where(day != "", "")
    return pd.DataFrame(found).reset_index(drop=True)
