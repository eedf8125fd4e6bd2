"""What a reader must know before the rest: unsettled law, stale layers, passages taken as open (model rules M10, M18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from geokit.catalog import Layers
from geokit.core.codes import State, Status
from geokit.core.columns import split_ids
from geokit.dependency.clauses import date_events, keep_known, trace_states
from geokit.network.capacity import warn_capacity

STALE_DAYS = 45
"""A clause verified longer ago than this is stale (model rule M10, controls dossier)."""
PASSAGE_DAYS = 30
"""What was last heard of a passage longer ago than this is stale; our choice: recorded states of sea passages last four to six weeks."""
PRICE_DAYS = 90
"""Prices whose newest observation is older than this are stale; our choice: the median price, of an annual log volatility of 0.25, moves by
an eighth in this time."""
NAMED = 3
"""Instruments that a sentence names; the others are counted."""
LONGEST = 40
"""Signs of a title that stand for an instrument without a number."""


def list_warnings(
    layers: Layers,
    states: pd.DataFrame,
    hauls: pd.DataFrame,
    *,
    on: dt.date,
    known_on: dt.date | None = None,
    touching: frozenset[str] | None = None,
    regime: str = "",
) -> tuple[str, ...]:
    """Return the warnings of a study, most important first.

    Parameters
    ----------
    layers : Layers
        Needs ``instruments``, ``status_events``, ``passages``, ``prices``.
    states : pandas.DataFrame
        The clauses on the date of the question.
    hauls : pandas.DataFrame
        Their ``assumed_open`` names the passages taken as open.
    on : datetime.date
        Date of the question.
    known_on : datetime.date, optional
        Date of knowledge: events recorded later are not told; everything is when not given.
    touching : frozenset of str, optional
        The clauses that touch a ranked plant, as :func:`find_touching` returns; their age is told. That of all when not given.
    regime : str
        Which political state the figures assume, and whose probabilities they are.

    Returns
    -------
    tuple of str
        One sentence each.
    """
    aged = states if touching is None else states[states["clause_id"].isin(touching)]
    whose = "" if touching is None else " that touch ranked plants"
    late = _late_knowledge(layers, None if known_on == on else known_on)
    law = [late, *_law_lines(layers, states, aged, on=on, known_on=known_on, whose=whose)]
    return _gather(layers, hauls, [*law, regime], on=on)


def list_plant_warnings(
    layers: Layers,
    states: pd.DataFrame,
    hauls: pd.DataFrame,
    *,
    clauses: Iterable[str],
    on: dt.date,
    known_on: dt.date | None = None,
    regime: str = "",
) -> tuple[str, ...]:
    """Return the warnings of one plant, most important first: of the law only what touches it.

    Parameters
    ----------
    layers, states : object
        As for :func:`list_warnings`.
    hauls : pandas.DataFrame
        The hauls of the plant.
    clauses : iterable of str
        The clauses on its line and those on which its gates rest; their age is for :func:`tell_law_age`.
    on, known_on, regime : object
        As for :func:`list_warnings`; the regime is told only where it decides a clause of the plant.

    Returns
    -------
    tuple of str
        One sentence each.
    """
    own = states[states["clause_id"].isin(list(clauses))]
    decided = {name for cell in layers["regimes"]["clause_ids"] for name in split_ids(cell)}
    told = regime if own["clause_id"].isin(decided).any() else ""
    late = _late_knowledge(layers, None if known_on == on else known_on)
    return _gather(layers, hauls, [late, _split_law(layers, own, on, known_on=known_on), told], on=on)


def _gather(layers: Layers, hauls: pd.DataFrame, law: Iterable[str], *, on: dt.date) -> tuple[str, ...]:
    """Return what is to be said of the layers, the law, freight and prices, and what this is not."""
    freight = [_passages(layers, hauls, on), warn_capacity(layers)]
    found = [_modified(layers), _other_day(layers, on), *law, *freight, _prices(layers, on)]
    return (*(line for line in found if line), "Screening, not a feasibility study; not legal advice: classify with counsel.")


def list_law_warnings(
    layers: Layers, states: pd.DataFrame, *, on: dt.date, known_on: dt.date | None = None, whose: str = ""
) -> tuple[str, ...]:
    """Return what a reader of some clauses must know: where text and practice differ, what nobody verified since, what changes next.

    Parameters
    ----------
    layers : Layers
        Needs ``instruments`` and ``status_events``.
    states : pandas.DataFrame
        The clauses on the date, as :func:`geokit.dependency.resolve` returns for both readings of the law.
    on : datetime.date
        Date of the question.
    known_on : datetime.date, optional
        Date of knowledge.
    whose : str
        Which clauses these are, to follow the word.

    Returns
    -------
    tuple of str
        One sentence each.
    """
    told = (_late_knowledge(layers, known_on), *_law_lines(layers, states, states, on=on, known_on=known_on, whose=whose))
    return tuple(line for line in told if line)


def _law_lines(
    layers: Layers, states: pd.DataFrame, aged: pd.DataFrame, *, on: dt.date, known_on: dt.date | None, whose: str
) -> Iterator[str]:
    """Yield what is unsettled in all clauses and what is out of date in some; blanks where there is nothing to say."""
    yield _split_law(layers, states, on, known_on=known_on)
    yield from _age_lines(layers, aged, on=on, known_on=known_on, whose=whose)


def _age_lines(layers: Layers, aged: pd.DataFrame, *, on: dt.date, known_on: dt.date | None, whose: str = "") -> Iterator[str]:
    """Yield what is out of date in some clauses and what changes next; blanks where there is nothing to say."""
    yield _passed_law(layers, aged, on, known_on=known_on)
    yield _stale_law(layers, aged, on, whose=whose)
    yield _next_law(layers, aged)


def tell_law_age(
    layers: Layers, states: pd.DataFrame, clauses: Iterable[str], *, on: dt.date, known_on: dt.date | None = None
) -> list[str]:
    """Return how old what is known of some clauses is, and which of them is dated to change next.

    Parameters
    ----------
    layers : Layers
        Needs ``instruments`` and ``status_events``.
    states : pandas.DataFrame
        The clauses on the date, as :func:`geokit.dependency.resolve` returns for both readings of the law.
    clauses : iterable of str
        The clauses asked about.
    on : datetime.date
        Date of the question.
    known_on : datetime.date, optional
        Date of knowledge.

    Returns
    -------
    list of str
        One sentence each; none where all were verified of late and nothing is dated to change.
    """
    aged = states[states["clause_id"].isin(list(clauses))]
    return [line for line in _age_lines(layers, aged, on=on, known_on=known_on) if line]


def find_touching(exposure: pd.DataFrame, rankings: pd.DataFrame) -> frozenset[str]:
    """Return the clauses that touch a plant with a rank.

    Parameters
    ----------
    exposure : pandas.DataFrame
        ``case_id``, ``stage_id``, ``clause_ids``.
    rankings : pandas.DataFrame
        ``case_id``, ``stage_id``, ``rank``, ``status``.

    Returns
    -------
    frozenset of str
        Clauses of any issuer, in whatever state.
    """
    plants = rankings[rankings["rank"].notna() & (rankings["status"] != Status.BASELINE)]
    rows = exposure.merge(plants[["case_id", "stage_id"]].drop_duplicates())
    return frozenset(name for cell in rows["clause_ids"].unique() for name in split_ids(cell))


def find_stale_limit(on: dt.date, days: int = STALE_DAYS) -> str:
    """Return the first day (ISO) that is recent enough for a question on a date."""
    return dt.date.fromordinal(max(on.toordinal() - days, dt.date.min.toordinal())).isoformat()


def _other_day(layers: Layers, on: dt.date) -> str:
    """Say that everything but the law is as of the day on which the layers were verified."""
    if on == layers.verified_on:
        return ""
    return f"Only the law is read on {on:%d %b %Y}; prices, freight, sites, risks and passages are as of {layers.verified_on:%d %b %Y}."


def _late_knowledge(layers: Layers, known_on: dt.date | None) -> str:
    """Say that a date of knowledge lies after the last day of which the layers know anything."""
    if known_on is None or known_on <= layers.verified_on:
        return ""
    last = f"{layers.verified_on:%d %b %Y}"
    return f"The layers know nothing after {last}: the law as known on {known_on:%d %b %Y} is that of {last}."


def _split_law(layers: Mapping[str, pd.DataFrame], states: pd.DataFrame, on: dt.date, *, known_on: dt.date | None) -> str:
    """Say where text and practice differ, and until when practice is told."""
    split = states[states["state_as_law_stands"] != states["state_as_practised"]]
    if split.empty:
        return ""
    events = keep_known(date_events(layers).query("track == 'practice'"), known_on)
    ends = events[events["clause_id"].isin(split["clause_id"])].groupby("clause_id")["valid_to_exclusive"].max()
    days = ends[ends > on.isoformat()].value_counts().sort_index()
    dates = " and ".join(f"{_day_before(str(day))} ({count} of {len(split)})" for day, count in days.items())
    until = f"; practice is told only until {dates} and unresolved after" if dates else ""
    in_force = int((split["state_as_law_stands"] == State.IN_FORCE).sum())
    many = "clauses are in force by their" if in_force != 1 else "clause is in force by its"
    told = f"{in_force} {many} text and not as practised{until}"
    return f"Law unsettled on {on:%d %b %Y}: {told}; both readings are computed."


def _day_before(date: str) -> str:
    """Return the last day of an interval whose end is exclusive, in words."""
    return f"{dt.date.fromisoformat(date) - dt.timedelta(days=1):%d %b %Y}"


def _passed_law(layers: Mapping[str, pd.DataFrame], states: pd.DataFrame, on: dt.date, *, known_on: dt.date | None) -> str:
    """Name the instruments whose state was dated to change between their last verification and the date of the question."""
    seen = states.loc[states["last_verified"] != "", ["clause_id", "last_verified"]]
    spells = trace_states(date_events(layers), known_on=known_on).merge(seen, on="clause_id")
    passed = spells[(spells["day"] > spells["last_verified"]) & (spells["day"] <= on.isoformat())]
    days = passed.groupby("clause_id")["day"].max()
    return f"Dated changes passed that nobody has verified since: {_name(layers, states, days, newest=True)}." if len(days) else ""


def _stale_law(layers: Mapping[str, pd.DataFrame], states: pd.DataFrame, on: dt.date, *, whose: str) -> str:
    """Count the clauses whose last verification is blank or too old, and name the oldest."""
    verified = states.set_index("clause_id")["last_verified"]
    stale = verified[verified < find_stale_limit(on)]
    return (
        f"{len(stale)} of {len(verified)} clauses{whose} were last verified more than {STALE_DAYS} days before {on:%d %b %Y}: check them, "
        f"the oldest first: {_name(layers, states, stale)}."
        if len(stale)
        else ""
    )


def _next_law(layers: Mapping[str, pd.DataFrame], states: pd.DataFrame) -> str:
    """Name the instruments of which a clause is dated to change, the soonest first."""
    days = states.loc[states["next_change"] != ""].set_index("clause_id")["next_change"]
    return f"Dated to change next: {_name(layers, states, days)}." if len(days) else ""


def list_turns(states: pd.DataFrame, *, verified_on: dt.date, touching: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the days from which on a finished study is out of date, for a reader who opens it later (model rule M10).

    Parameters
    ----------
    states : pandas.DataFrame
        The clauses on the date of the question.
    verified_on : datetime.date
        Day on which the layers were verified.
    touching : frozenset of str
        The clauses that touch a ranked plant, as :func:`find_touching` returns.

    Returns
    -------
    tuple of tuple of str
        Day (ISO) and what to tell from that day on, in order of time.
    """
    coming = states[states["clause_id"].isin(touching) & (states["next_change"] != "")]
    turns = [
        (str(day), f"{count} {'clause' if count == 1 else 'clauses'} that touch ranked plants were dated to change on {_day(str(day))}")
        for day, count in coming.groupby("next_change").size().items()
    ]
    stale = verified_on + dt.timedelta(days=STALE_DAYS + 1)
    told = f"the layers were verified on {verified_on:%d %b %Y}, more than {STALE_DAYS} days ago"
    return tuple(sorted([*turns, (stale.isoformat(), told)]))


def _name(layers: Mapping[str, pd.DataFrame], states: pd.DataFrame, days: pd.Series[str], *, newest: bool = False) -> str:
    """Name the first instruments of some clauses, each with its earliest day or, by ``newest``, its latest, and count the others."""
    held = days.groupby(states.set_index("clause_id")["instrument_id"].reindex(days.index)).agg("max" if newest else "min")
    titles = layers["instruments"].set_index("instrument_id")
    labels = titles["number"].where(titles["number"] != "", titles["title"].str.slice(0, LONGEST).str.rstrip()).reindex(held.index)
    told = pd.DataFrame({"day": held, "label": labels}).sort_values(["day", "label"], ascending=[not newest, True])
    words = [f"{label} ({_day(day)})" for day, label in told.head(NAMED).to_numpy()]
    rest = [f"{len(told) - NAMED} more"] if len(told) > NAMED else []
    return " and ".join([", ".join(words), *rest])


def _day(date: str) -> str:
    """Return a date in words; one that is no full day as it stands, a blank one as such."""
    return f"{dt.date.fromisoformat(date):%d %b %Y}" if len(date) == len("2026-11-22") else date or "no date"


def _passages(layers: Mapping[str, pd.DataFrame], hauls: pd.DataFrame, on: dt.date) -> str:
    """Name the passages that routes take as open, and how old the newest word on them is when it is too old."""
    named = sorted({name for cell in hauls["assumed_open"].unique() for name in split_ids(cell)})
    dates = layers["passages"].query("passage_or_site in @named")["source_date"]
    age = f"; the newest source on them is of {_day(dates.max())}" if _is_old(dates, on, PASSAGE_DAYS) else ""
    return f"Routes assume these passages open: {', '.join(named)}{age}." if named else ""


def _prices(layers: Mapping[str, pd.DataFrame], on: dt.date) -> str:
    """Say how old the newest price is when it is too old."""
    dates = layers["prices"]["latest_date"]
    return f"The newest price is of {_day(dates.max())}: look up today's prices." if _is_old(dates, on, PRICE_DAYS) else ""


def _is_old(dates: pd.Series[str], on: dt.date, days: int) -> bool:
    """Tell whether even the newest date is too old for a question; a month or year counts whole, and none at all is not old."""
    newest = dates.max() if len(dates) else ""
    return "" < newest < find_stale_limit(on, days)[: len(newest)]


def _modified(layers: Layers) -> str:
    """Name the layers that differ from the packaged ones, and what the user's files changed in them."""
    if not layers.modified:
        return ""
    told = {change.table: str(change) for change in layers.changes}
    doubts = f"{len(layers.doubts)} {'doubt' if len(layers.doubts) == 1 else 'doubts'}"
    told_doubts = f"; they raise {doubts}, which geokit check lists" if layers.doubts else ""
    return f"Modified layers: {', '.join(told.get(table, table) for table in layers.modified)}{told_doubts}."
