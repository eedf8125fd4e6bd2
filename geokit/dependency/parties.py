"""Who stands on a list on a date, by name or because listed parties hold it (model rule M11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from geokit.core.columns import split_ids

FOUND = ["party_id", "list_id", "is_owned", "is_sure", "via"]
SLACK = 1e-9
"""How far shares that add up to a limit may fall short of it."""


def listed_on(parties: pd.DataFrame, on: dt.date, known_on: dt.date | None = None) -> pd.DataFrame:
    """Return the listings that hold, or may hold, on a date.

    Parameters
    ----------
    parties : pandas.DataFrame
        The layer ``listed_parties``: ``party_id``, ``list_id``, ``from``, ``from_latest``, ``to``, ``recorded_on``; ISO dates as text.
    on : datetime.date
        The date of the question.
    known_on : datetime.date, optional
        Date of knowledge: listings on record later do not count; all count when not given.

    Returns
    -------
    pandas.DataFrame
        The rows with ``is_sure``: false between the first day on which the listing may have begun and the day from which on
        it surely held. A party without a row is not cleared: nobody read every list.
    """
    rows = _hold(parties, on, known_on)
    return rows.assign(is_sure=rows["from_latest"] <= on.isoformat())


def reach_owned(
    holdings: pd.DataFrame, sure: Sequence[str], possible: Sequence[str], *, share: float
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the parties that listed parties hold, directly or through others that are held so.

    The shares of several listed owners add up. A share that is not known lies anywhere from nothing to all.

    Parameters
    ----------
    holdings : pandas.DataFrame
        Columns ``owner_id``, ``owned_id``, ``share_low_frac``, ``share_high_frac`` (0-1, NaN = not known).
    sure, possible : sequence of str
        Parties that are listed, and that may be.
    share : float
        Share from which on an owned party counts as listed, 0-1.

    Returns
    -------
    tuple of frozenset of str
        Parties surely reached and possibly reached, without the listed ones themselves; the first lies inside the second.

    References
    ----------
    The 50 % rules of the layer ``party_lists``: ownership adds up, and a party that is reached reaches on.
    """
    low, high = holdings["share_low_frac"].fillna(0.0), holdings["share_high_frac"].fillna(1.0)
    certain, perhaps = set(sure), {*sure, *possible}
    while True:
        held = _sum_shares(holdings, low, certain, share=share) - certain
        may = (_sum_shares(holdings, high, perhaps, share=share) | held) - perhaps
        if not held and not may:
            reached = frozenset(certain.difference(sure))
            return reached, reached | perhaps.difference(sure, possible)
        certain |= held
        perhaps |= may | held


def _sum_shares(holdings: pd.DataFrame, shares: pd.Series, owners: set[str], *, share: float) -> set[str]:
    """Return the parties of which some owners together hold at least a share."""
    held = shares[holdings["owner_id"].isin(owners)].groupby(holdings["owned_id"]).sum()
    return set(held.index[held >= share - SLACK])


def find_listed(layers: Mapping[str, pd.DataFrame], on: dt.date, known_on: dt.date | None = None) -> pd.DataFrame:
    """Return every party that is listed by name or reached by ownership on a date, whether or not the ownership rule is in force.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``listed_parties``, ``party_lists`` and ``party_owners``.
    on : datetime.date
        The date of the question.
    known_on : datetime.date, optional
        Date of knowledge.

    Returns
    -------
    pandas.DataFrame
        Columns ``party_id``, ``list_id`` (of an owned party: the list of its owners), ``is_owned``, ``is_sure`` and ``via`` (the
        owners, divided by ``|``). Lists that share an ownership clause add up. Sorted.
    """
    listings = listed_on(layers["listed_parties"], on, known_on)
    named = listings.assign(is_owned=False, via="")
    holdings = _hold(layers["party_owners"], on, known_on)
    found = [named[FOUND]]
    lists = layers["party_lists"]
    for _, group in lists[lists["ownership_clause_id"] != ""].groupby("ownership_clause_id"):
        own = listings[listings["list_id"].isin(group["list_id"])]
        if len(own):
            found.append(_list_owned(holdings, own, share=float(group["ownership_frac"].min())))
    return pd.concat(found, ignore_index=True).drop_duplicates(FOUND[:3]).sort_values(FOUND, ignore_index=True)


def _list_owned(holdings: pd.DataFrame, listings: pd.DataFrame, *, share: float) -> pd.DataFrame:
    """Return what the parties of some listings hold, as listings of its own."""
    sure = listings.loc[listings["is_sure"], "party_id"].tolist()
    held, perhaps = reach_owned(holdings, sure, listings["party_id"].tolist(), share=share)
    kept = listings.drop_duplicates("party_id")
    first = dict(zip(kept["party_id"], kept["list_id"], strict=True))
    rows = []
    for party in sorted(perhaps):
        owners = _trace(holdings, party, frozenset(first) | perhaps)
        roots = [one for one in owners if one in first]
        rows.append((party, first[roots[0]] if roots else "", True, party in held, "|".join(owners)))
    return pd.DataFrame(rows, columns=FOUND)


def _trace(holdings: pd.DataFrame, party: str, reaching: frozenset[str]) -> list[str]:
    """Return the owners through whom a party is reached, the next one first."""
    found: list[str] = []
    queue = [party]
    while queue:
        owned = queue.pop(0)
        owners = holdings.loc[(holdings["owned_id"] == owned) & holdings["owner_id"].isin(reaching), "owner_id"]
        fresh = [one for one in owners if one not in found and one != party]
        found += fresh
        queue += fresh
    return found


def name_roles(roles: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return one row a party, role and place.

    Parameters
    ----------
    roles : pandas.DataFrame
        The layer ``party_roles``.
    column : str
        ``destination_ids``, ``site_ids`` or ``deposit_ids``.

    Returns
    -------
    pandas.DataFrame
        Columns ``party_id``, ``role``, ``place_id``, ``source_id``: the declared join, nothing is matched by name.
    """
    rows = roles[["party_id", "role", "source_id"]].assign(place_id=roles[column].map(split_ids))
    return rows.explode("place_id", ignore_index=True).dropna(subset="place_id")


def _hold(rows: pd.DataFrame, on: dt.date, known_on: dt.date | None) -> pd.DataFrame:
    """Return the dated rows that have begun, have not ended and were on record."""
    day = on.isoformat()
    kept = (rows["from"] <= day) & ((rows["to"] == "") | (rows["to"] >= day))
    return rows[kept if known_on is None else kept & (rows["recorded_on"] <= known_on.isoformat())]
