"""The grid of questions: partners x legal tracks on one date of knowledge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.core.columns import split_ids
from geokit.core.errors import AssumptionError, UnknownNameError

LAST_YEAR = 2100
"""Last year that a question may name: export windows are counted from it, and no plant is planned later."""


def build_cases(
    layers: Mapping[str, pd.DataFrame],
    *,
    on: dt.date,
    partners: Sequence[str] | str = "all",
    tracks: Iterable[Track | str] = tuple(Track),
    known_on: dt.date | None = None,
) -> tuple[Case, ...]:
    """Return one case for each partner and legal track.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``partners``.
    on : datetime.date
        Date of the question.
    partners : sequence of str or str
        Partner ids, labels or aliases; "all" for every partner of the layers.
    tracks : iterable of Track or str
        Readings of the law; both by default (model rule M10).
    known_on : datetime.date, optional
        Date of knowledge; the date of the question when not given.

    Returns
    -------
    tuple of Case
        In the order asked (for all: of the partners layer), text before practice.

    Raises
    ------
    UnknownNameError
        If a partner is not in the layers, or a reading of the law is none.
    AssumptionError
        If the date lies after :data:`LAST_YEAR`.
    """
    table = layers["partners"]
    if on.year > LAST_YEAR:
        msg = f"the date {on} lies after {LAST_YEAR}, beyond any plan; ask about an earlier day"
        raise AssumptionError(msg)
    asked = [partners] if isinstance(partners, str) else partners
    names = list(table["partner_id"]) if partners == "all" else [find_partner(table, name) for name in asked]
    wanted = set(tracks)
    for name in sorted(wanted - set(Track)):
        raise UnknownNameError("reading of the law", name, [str(track) for track in Track])
    chosen = [track for track in Track if track in wanted]
    return tuple(Case(name, on, track, known_on or on) for name in dict.fromkeys(names) for track in chosen)


def find_partner(partners: pd.DataFrame, name: str) -> str:
    """Return the id of a partner given by its id, label or an alias, whatever its case.

    Parameters
    ----------
    partners : pandas.DataFrame
        The partners layer.
    name : str
        What the user typed.

    Returns
    -------
    str
        The ``partner_id``.

    Raises
    ------
    UnknownNameError
        If no partner is called so.
    """
    known = {
        str(word).casefold(): str(row["partner_id"])
        for row in partners.to_dict("records")
        for word in (row["partner_id"], row["label"], *split_ids(row["aliases"]))
    }
    if name.strip().casefold() not in known:
        raise UnknownNameError("partner", name, list(partners["partner_id"]))
    return known[name.strip().casefold()]
