"""The clauses of a date, and what differs between two dates, as lines that a person can read."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from geokit.core.codes import Track
from geokit.core.columns import join_ids
from geokit.dependency.clauses import BASES, BASES_FROM, NEXT, STARTS, STATES, TRUST, resolve
from geokit.outputs.style import mark_controls
from geokit.outputs.terminal import WIDTH
from geokit.study.warn import STALE_DAYS, find_stale_limit, list_law_warnings

if TYPE_CHECKING:
    from geokit.catalog import Layers

Row = Mapping[Hashable, Any]
Section = tuple[str, Sequence[str]]
"""A heading, perhaps blank, and the lines below it."""
STATUS = {
    "researched": "researched",
    "not_researched": "not researched: rules not read",
    "cross_reference": "guidelines, no control of their own",
    "host": "own law of the host",
}
EFFECTS = {
    "licence": "licence",
    "tech_prohibited": "technology, export prohibited",
    "tech_restricted": "technology, export restricted",
    "ban": "ban",
    "presumptive_denial": "denied in principle",
    "declaration": "declaration",
    "catch_all": "catch-all",
    "listing": "listed parties",
    "partner_test": "test of a partner, no export control",
}
ANYBODY = ("all destinations", "all third countries", "all end users")
"""Scopes that say nothing but that everybody is meant."""
NO_CONTROL = "partner_test"
LITTLE = "low"
"""The confidence that is told."""
NAMES = {Track.TEXT: "text", Track.PRACTICE: "practice"}
RESTS = {
    Track.TEXT: {"default": "by lapse of what suspended it, no act seen", "press": "the press alone"},
    Track.PRACTICE: {
        "default": "taken to follow the text", "press": "the press alone", "official_readout": "an official read-out, second hand, no act",
    },
}
"""What a state rests on, where that is less than an act."""
DISCLAIMER = "Screening, not legal advice: classify with counsel."


def print_controls(
    frame: pd.DataFrame, issuers: pd.DataFrame, *, on: dt.date, known_on: dt.date | None = None, notes: Sequence[str] = ()
) -> None:
    """Print the clauses of a date as :func:`tell_controls` words them."""
    console = _console()
    _print(console, tell_controls(frame, issuers, on=on, known_on=known_on, notes=notes, width=min(console.width, WIDTH)))


def print_changes(
    frame: pd.DataFrame,
    issuers: pd.DataFrame,
    *,
    days: tuple[dt.date, dt.date],
    known_on: dt.date | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Print what differs between two dates as :func:`tell_changes` words it."""
    console = _console()
    _print(console, tell_changes(frame, issuers, days=days, known_on=known_on, notes=notes, width=min(console.width, WIDTH)))


def list_notes(layers: Layers, issuers: pd.DataFrame, *, on: dt.date, known_on: dt.date | None = None) -> list[str]:
    """Return what stands beside clauses that a program reads: what is unsettled or stale, who was searched, and what this is not."""
    states = resolve(layers, on=on, known_on=known_on, issuers=issuers["issuer"].tolist())
    return [*list_law_warnings(layers, states, on=on, known_on=known_on), _tell_searched(issuers), DISCLAIMER]


def tell_controls(
    frame: pd.DataFrame,
    issuers: pd.DataFrame,
    *,
    on: dt.date,
    known_on: dt.date | None = None,
    notes: Sequence[str] = (),
    width: int = WIDTH,
) -> list[Section]:
    """Return the clauses of a date by issuer and instrument.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`geokit.dependency.resolve` returns, for both readings of the law or for one.
    issuers : pandas.DataFrame
        As :func:`geokit.dependency.clauses.list_issuers` returns for the same issuers.
    on : datetime.date
        The date of the question.
    known_on : datetime.date, optional
        The date of knowledge, if one was given.
    notes : sequence of str
        As :func:`list_notes` returns: what is unsettled or stale is told at the end.
    width : int
        Columns of the page.

    Returns
    -------
    list of (str, list of str)
        Headings with their lines; the last section names the issuers searched. A clause not yet issued, or not yet known, is
        counted and not printed.
    """
    tracks = [track for track in Track if STATES[track] in frame]
    issued = frame[(frame[[STATES[track] for track in tracks]] != "").any(axis=1)]
    readings = "* text and practice differ" if len(tracks) > 1 else f"only the {NAMES[tracks[0]]} is told"
    legend = f"A date after a state is its first day; next: the next dated change; {readings}."
    sections: list[Section] = [(f"Clauses on {on}{_as_known(known_on)}", [legend, ""])]
    for issuer in issuers.to_dict("records"):
        rows = issued[issued["issuer"] == issuer["issuer"]]
        none = [] if _count_controls(rows) else [f"  No listed control found on {on}."]
        sections.append((_tell_issuer(issuer), [*none, *_tell_instruments(rows, tracks, on=on), ""]))
    left_out = len(frame) - len(issued)
    few = [f"{left_out} clause{'' if left_out == 1 else 's'} not yet issued or not yet known left out."] if left_out else []
    last = [*_close(issued, issuers, on=on)]
    return _wrap([*sections, ("", [*few, *_warn(notes, issuers), *last])], width)


def tell_changes(
    frame: pd.DataFrame,
    issuers: pd.DataFrame,
    *,
    days: tuple[dt.date, dt.date],
    known_on: dt.date | None = None,
    notes: Sequence[str] = (),
    width: int = WIDTH,
) -> list[Section]:
    """Return what differs between two dates by issuer and instrument.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`geokit.dependency.changes.compare_states` returns.
    issuers : pandas.DataFrame
        As :func:`geokit.dependency.clauses.list_issuers` returns for the same issuers.
    days : tuple of datetime.date
        The two dates.
    known_on : datetime.date, optional
        The date of knowledge, if one was given.
    notes : sequence of str
        As :func:`list_notes` returns.
    width : int
        Columns of the page.

    Returns
    -------
    list of (str, list of str)
        Headings with their lines; the last section names the issuers searched.
    """
    count = frame["clause_id"].nunique()
    told = "1 clause differs" if count == 1 else f"{count or 'no'} clauses differ"
    order = "" if days[0] <= days[1] else f" (back in time: {days[1]} is the earlier day)"
    sections: list[Section] = [(f"From {days[0]} to {days[1]}{order}{_as_known(known_on)}: {told}", [""])]
    for issuer in issuers.to_dict("records"):
        rows = frame[frame["issuer"] == issuer["issuer"]]
        if len(rows):
            sections.append((_tell_issuer(issuer), [*_tell_differences(rows), ""]))
    return _wrap([*sections, ("", [*_warn(notes, issuers), _tell_searched(issuers), DISCLAIMER])], width)


def _tell_instruments(rows: pd.DataFrame, tracks: Sequence[Track], *, on: dt.date) -> Iterator[str]:
    """Yield the instruments of an issuer with the clauses of each; the date of verification stands where all its clauses share it."""
    for _, held in rows.groupby("instrument_id", sort=False):
        clauses = held.to_dict("records")
        dates = [_tell_verified(row["last_verified"], on) for row in clauses]
        shared = f"; {dates[0]}" if len(set(dates)) == 1 else ""
        yield f"  {clauses[0]['instrument_title']}{shared}"
        for row, date in zip(clauses, dates, strict=True):
            mark = "*" if len({row[STATES[track]] for track in tracks}) > 1 else " "
            yield f"  {mark} {_tell_clause(row, tracks)}{'' if shared else f'; {date}'}"


def _tell_clause(row: Row, tracks: Sequence[Track]) -> str:
    """Return what a clause does, to whom, its state by each reading and what comes next."""
    scope = [row[name] for name in ("destination_scope", "enduser_scope") if row[name] not in ANYBODY]
    operated = "never operated" if row["ever_operated"] is False else ""
    told = [EFFECTS.get(row["effect"], row["effect"]), *scope, _tell_states(row, tracks), _tell_next(row, tracks), operated]
    return f"{row['clause_id']} ({row['ref']}): {'; '.join(part for part in told if part)}"


def _tell_states(row: Row, tracks: Sequence[Track]) -> str:
    """Return the state by each reading with its first day, once where both agree."""
    states = {track: f"{_word(row[STATES[track]])}{_tell_start(row[STATES[track]], row[STARTS[track]])}" for track in tracks}
    same = len(set(states.values())) == 1
    rests = {track: _tell_basis(row, track) for track in (tracks[:1] if same else tracks)}
    return _join_tracks({track: states[track] + rests[track] for track in rests})


def _tell_basis(row: Row, track: Track) -> str:
    """Return what a state rests on where that is no act, from when on if it began on an act, and how far it is trusted if little."""
    words, start = RESTS[track].get(row[BASES[track]], ""), row[BASES_FROM[track]]
    later = f"since {start} on " if words and start not in ("", row[STARTS[track]]) else ""
    words = ", ".join(filter(None, [later + words, f"confidence {LITTLE}" if row[TRUST[track]] == LITTLE else ""]))
    return f" ({words})" if words else ""


def _tell_start(state: str, start: str) -> str:
    """Return the first day of a state, in words where the sources do not tell it; no state has none."""
    return f" {start}" if start else ", start not in the sources" * bool(state)


def _tell_next(row: Row, tracks: Sequence[Track]) -> str:
    """Return the next dated change: the states that are new on that day."""
    states = {track: _word(row[NEXT[track]]) for track in tracks if row[NEXT[track]] != row[STATES[track]]}
    if not row["next_change"]:
        return ""
    return f"next {row['next_change']} {_join_tracks(states) if len(states) > 1 or len(tracks) == 1 else _name_tracks(states)}"


def _join_tracks(states: Mapping[Track, str]) -> str:
    """Return words by reading, once where all agree."""
    return next(iter(states.values())) if len(set(states.values())) == 1 else _name_tracks(states)


def _name_tracks(states: Mapping[Track, str]) -> str:
    """Return words by reading, each after its name."""
    return ", ".join(f"{NAMES[track]} {words}" for track, words in states.items())


def _tell_differences(rows: pd.DataFrame) -> Iterator[str]:
    """Yield the clauses of an issuer whose state differs, by instrument; those that move alike share a line."""
    for (_, title), held in rows.groupby(["instrument_id", "instrument_title"], sort=False):
        yield f"  {title}"
        alike: dict[str, list[str]] = {}
        for (clause, *_), moved in held.groupby(["clause_id", "state_before", "state_after", "since"], sort=False):
            alike.setdefault(_tell_move(moved.to_dict("records")), []).append(str(clause))
        for words, clauses in alike.items():
            yield f"    {', '.join(clauses)}: {words}"


def _tell_move(moved: Sequence[Row]) -> str:
    """Return how the state of a clause differs, on which readings, since when and by what."""
    tracks = " and ".join(NAMES[track] for track in Track if track in {row["track"] for row in moved})
    before, after, since = (moved[0][name] for name in ("state_before", "state_after", "since"))
    basis = ", ".join(dict.fromkeys(RESTS[Track(row["track"])].get(row["basis"], _word(row["basis"])) for row in moved))
    sources = join_ids(row["source_id"] for row in moved).replace(";", ", ")
    return f"{tracks} {_word(before)} -> {_word(after)}{since and f', since {since}'} ({basis}: {sources})"


def _tell_issuer(issuer: Row) -> str:
    """Return the heading of an issuer: label, code, how far it was read and what to know of it."""
    status = STATUS.get(issuer["research_status"], issuer["research_status"])
    note = f"; {issuer['note']}" if issuer["note"] and not str(status).endswith(issuer["note"]) else ""
    return f"{issuer['label']} [{issuer['issuer']}]: {status}{note}"


def _tell_verified(date: str, on: dt.date) -> str:
    """Return when a clause was last verified, and whether that is too long ago."""
    return f"{f'verified {date}' if date else 'verification not dated'}{', stale' if date < find_stale_limit(on) else ''}"


def _tell_searched(issuers: pd.DataFrame) -> str:
    """Name the issuers searched and those whose rules nobody read (model rule M8)."""
    groups = {"Searched": ["researched"], "not researched": ["not_researched"], "beside them": ["host", "cross_reference"]}
    named = {words: issuers.loc[issuers["research_status"].isin(kinds), "label"].tolist() for words, kinds in groups.items()}
    told = [f"{words}: {', '.join(labels) or 'none'}" for words, labels in named.items() if labels or words == "Searched"]
    return f"{'; '.join(told)}."


def _warn(notes: Sequence[str], issuers: pd.DataFrame) -> Iterator[str]:
    """Yield the notes that the last lines do not hold anyway."""
    yield from (note for note in notes if note not in (_tell_searched(issuers), DISCLAIMER))


def _close(issued: pd.DataFrame, issuers: pd.DataFrame, *, on: dt.date) -> Iterator[str]:
    """Yield the last lines: what stale means, who was searched, and what this is not."""
    if (issued["last_verified"] < find_stale_limit(on)).any():
        yield f"Stale: last verified more than {STALE_DAYS} days before {on}, or never."
    yield _tell_searched(issuers) if _count_controls(issued) else f"No listed control found. {_tell_searched(issuers)}"
    yield DISCLAIMER


def _count_controls(rows: pd.DataFrame) -> int:
    """Count the clauses that are export controls and not revoked; the test of a partner is none."""
    states = rows[[name for name in STATES.values() if name in rows]]
    return int((~states.isin(["", "revoked"]).all(axis=1) & (rows["effect"] != NO_CONTROL)).sum())


def _word(code: str) -> str:
    """Return a state or basis as words."""
    return code.replace("_", " ") or "not issued or not known"


def _as_known(known_on: dt.date | None) -> str:
    """Return the date of knowledge as a phrase, blank when none was given."""
    return f", as known on {known_on}" if known_on else ""


def _wrap(sections: Iterable[Section], width: int) -> list[Section]:
    """Break the lines of all sections; what follows the first of an indented line stands two columns further in."""
    return [(head, [piece for line in lines for piece in _wrap_line(line, width)]) for head, lines in sections]


def _wrap_line(line: str, width: int) -> list[str]:
    """Break a line; an empty one stays."""
    words = line.lstrip(" *")
    first = line[: len(line) - len(words)]
    below = " " * (len(first) + 2) if first else ""
    return textwrap.wrap(words, width, initial_indent=first, subsequent_indent=below, break_on_hyphens=False) or [""]


def _print(console: Console, sections: Iterable[Section]) -> None:
    """Print headings in bold and lines as they are; no sign in them can mark up or steer the terminal."""
    for head, lines in sections:
        if head:
            for line in _wrap_line(head, min(console.width, WIDTH)):
                console.print(Text(mark_controls(line), style="bold"))
        for line in lines:
            console.print(Text(mark_controls(line)))


def _console() -> Console:
    """Return a console that is plain and fixed in width when piped."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDTH, no_color=True, highlight=False)
