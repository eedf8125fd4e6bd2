"""Which clauses stand otherwise on another date, by their text or as practised (model rules M8, M10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from geokit.dependency.clauses import KEY, choose_issuers, date_events, find_starts, states_on, trace_states

COLUMNS = [
    "clause_id", "instrument_id", "issuer", "instrument_title", "track", "state_before", "state_after", "since", "basis", "source_id",
]


def compare_states(
    layers: Mapping[str, pd.DataFrame],
    first: dt.date,
    second: dt.date,
    *,
    known_on: dt.date | None = None,
    issuers: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the clauses whose state differs between two dates, a row for each reading of the law that differs.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``instruments``, ``clauses`` and ``status_events``; ``issuers`` when some are asked for.
    first, second : datetime.date
        The dates, in any order: the other order gives the same rows with ``state_before`` and ``state_after`` exchanged.
    known_on : datetime.date, optional
        Date of knowledge, the same for both dates; everything in the layers counts when not given.
    issuers : sequence of str
        Codes or labels of the issuers whose clauses are asked for; all when empty.

    Returns
    -------
    pandas.DataFrame
        Columns as the data dictionary says for ``clause_changes``, sorted by clause and track. A blank state means that the
        clause was not yet issued, or not yet known. ``since``, ``basis`` and ``source_id`` tell of the state on the later date; a
        start that is not in the sources is blank.

    Raises
    ------
    UnknownNameError
        If the layers have no such issuer.
    """
    events, late = date_events(layers), max(first, second)
    before, after, last = (states_on(events, on=day, known_on=known_on) for day in (first, second, late))
    both = pd.DataFrame({"state_before": before["state"], "state_after": after["state"]}).fillna("").rename_axis(KEY)
    spells = trace_states(events, known_on=known_on)
    since = find_starts(spells, events, late).rename("since")
    changed = both[both["state_before"] != both["state_after"]].join([since, last[["basis", "source_id"]]]).reset_index()
    held = layers["clauses"][["clause_id", "instrument_id"]].merge(_name_instruments(layers, issuers), on="instrument_id")
    return changed.merge(held, on="clause_id").sort_values(KEY, ignore_index=True)[COLUMNS]


def _name_instruments(layers: Mapping[str, pd.DataFrame], issuers: Sequence[str]) -> pd.DataFrame:
    """Return id, issuer and title of the instruments of some issuers, of all when empty."""
    rows = layers["instruments"][["instrument_id", "issuer", "title"]].rename(columns={"title": "instrument_title"})
    return rows[rows["issuer"].isin(choose_issuers(layers, issuers))] if issuers else rows
