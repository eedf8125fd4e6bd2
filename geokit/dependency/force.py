"""Whether a rule binds on the day that matters to it, under each reading of the law (model rules M9, M10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from geokit.core.assumptions import Assumptions, Controls
from geokit.core.case import Case
from geokit.core.codes import Kind, State, Track
from geokit.dependency.clauses import BINDING, date_events, read_track, states_on, trace_states
from geokit.dependency.regime import Outcome, is_asked, list_outcomes
from geokit.dependency.windows import export_dates

READ_AS = {Track.TEXT: "by the text", Track.PRACTICE: "as practised"}
"""How a verdict names a reading of the law."""


@dataclass(frozen=True)
class Asked:
    """What the gates are asked about.

    Attributes
    ----------
    layers : mapping of str to pandas.DataFrame
        The facts.
    alternatives : pandas.DataFrame
        One row an alternative.
    assumptions : Assumptions
        The user's settings.
    days : mapping of str to str
        Days (ISO) of the ``decision``, the ``shipment`` of equipment and the first ``product``.
    tracks : tuple of Track
        Readings of the law that some case asks for.
    on, known_on : datetime.date
        Date of the question and date of knowledge.
    """

    layers: Mapping[str, pd.DataFrame]
    alternatives: pd.DataFrame
    assumptions: Assumptions
    days: Mapping[str, str]
    tracks: tuple[Track, ...]
    on: dt.date
    known_on: dt.date

    @classmethod
    def of(
        cls, layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, cases: Sequence[Case], *, assumptions: Assumptions
    ) -> Asked:
        """Put the question of some cases of one date."""
        first = cases[0]
        tracks = tuple(track for track in Track if track in {case.track for case in cases})
        return cls(layers, alternatives, assumptions, _list_days(first.on, assumptions.controls), tracks, first.on, first.known_on)

    @cached_property
    def plants(self) -> pd.DataFrame:
        """The plants in the country."""
        return self.alternatives[self.alternatives["kind"] == Kind.PLANT]


@dataclass(frozen=True)
class Force:
    """Whether a rule binds on its day.

    Attributes
    ----------
    binds : bool or None
        None where the readings differ, or one of them is silent.
    words : str
        The state with its date, for the reason of a verdict; blank where the rule has no date.
    """

    binds: bool | None
    words: str


def _list_days(on: dt.date, controls: Controls) -> dict[str, str]:
    """Return the days that a test may look at, ISO; a decision without lead times is a shipment at once."""
    days = export_dates(on, controls)
    decided = export_dates(on, controls.model_copy(update={"months_fid_to_shipment": 0.0}))
    found = {"decision": decided["equipment"], "shipment": days["equipment"], "product": days["reagent"]}
    return {name: day.isoformat() for name, day in found.items()}


def read_force(gate: Mapping[Hashable, Any], asked: Asked) -> Force:
    """Return whether the rule of a gate binds on its day.

    Parameters
    ----------
    gate : mapping
        A row of the layer ``gates``: ``binds_at``, ``clause_id``, ``effective_from``.
    asked : Asked
        Days, readings of the law and, through the assumptions, a political state that the user asks for.

    Returns
    -------
    Force
        A rule without a day to look at binds, and so does one without a date.
    """
    day = asked.days.get(gate["binds_at"], "")
    if not day:
        return Force(binds=True, words=f"from {gate['effective_from']}" if gate["effective_from"] else "")
    return read_clause(gate["clause_id"], day, asked) if gate["clause_id"] else _read_date(gate["effective_from"], day)


def _read_date(start: str, day: str) -> Force:
    """Return the force of a rule that has no clause but perhaps a first day."""
    if start <= day:
        return Force(binds=True, words=f"in force since {start}" if start else "")
    return Force(binds=False, words=f"not yet in force on {day}, from {start} on")


def read_clause(clause: str, day: str, asked: Asked) -> Force:
    """Return whether a clause is in force on a day under every reading that is asked for.

    Parameters
    ----------
    clause : str
        A clause of the layers.
    day : str
        The day, ISO.
    asked : Asked
        Readings, date of knowledge and the user's political states.

    Returns
    -------
    Force
        ``binds`` is None where the readings differ or one is unresolved; an unresolved state is never taken for freedom.
    """
    readings = list(_list_readings(clause, day, asked))
    told = {words: _say_state(state, since) for words, state, since in readings}
    binds = {None if state == State.UNRESOLVED else state in BINDING for _, state, _ in readings}
    same = len(set(told.values())) == 1
    words = next(iter(told.values())) if same else ", ".join(f"{name} {state}" for name, state in told.items())
    start = "" if binds != {False} else _next_start(clause, day, asked)
    words = f"read for {day}: {words}" + (f", in force from {start} on" if start else "")
    return Force(next(iter(binds)) if len(binds) == 1 else None, words)


def _say_state(state: str, since: str) -> str:
    """Return a state with its first day."""
    said = state.replace("_", " ") or "not issued"
    return f"{said} since {since}" if since and state in BINDING else said


def _list_readings(clause: str, day: str, asked: Asked) -> Iterator[tuple[str, str, str]]:
    """Yield each reading in words, the state of a clause on a day under it, and since when."""
    states = states_on(_list_events(clause, asked), on=dt.date.fromisoformat(day), known_on=asked.known_on)
    found = {}
    for track in Track:
        rows = read_track(states, track)
        found[track] = (rows["state"].iloc[0], rows["valid_from"].iloc[0]) if len(rows) else ("", "")
    controls = asked.assumptions.controls
    if not is_asked(controls):
        yield from ((READ_AS[track], *found[track]) for track in asked.tracks)
        return
    for outcome in list_outcomes(asked.layers["regimes"], frozenset({clause}), controls=controls):
        tracks = asked.tracks if outcome.reads is None else (outcome.reads,)
        yield from ((f"if {outcome.regime_id}", *_rule(outcome, found[track], clause=clause, day=day)) for track in tracks)


def _rule(outcome: Outcome, found: tuple[str, str], *, clause: str, day: str) -> tuple[str, str]:
    """Return the state and first day of a clause given a political state that the user asks for."""
    for one in outcome.rulings:
        if clause in one.clause_ids and one.starts_on <= day:
            return one.state.value, one.starts_on
    return found


def _next_start(clause: str, day: str, asked: Asked) -> str:
    """Return the first later day on which some reading that is asked for puts a clause in force; blank for none."""
    spells = trace_states(_list_events(clause, asked), known_on=asked.known_on)
    spells = spells[spells["track"].isin(asked.tracks) & spells["state"].isin(BINDING) & (spells["day"] > day)]
    return str(spells["day"].min()) if len(spells) else ""


def _list_events(clause: str, asked: Asked) -> pd.DataFrame:
    """Return the dated states of one clause."""
    events = date_events(asked.layers)
    return events[events["clause_id"] == clause]
