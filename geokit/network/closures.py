"""What is shut in a scenario: named closures, months, and links that open in a later year."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from geokit.core.columns import split_ids
from geokit.core.errors import GeokitError, UnknownNameError

NONE: frozenset[str] = frozenset()
"""Nothing is shut."""
LANE_COLUMN = "nm_"
"""How the columns of sea distances begin that give the way round a passage."""
COLUMNS = ["closure_id", "name", "link_ids", "port_ids", "lane_column"]
PROMISED = ("planned", "construction")
"""Status of a link that may open later."""
NOT_CLOSED = "nothing to close is called {unknown}; close_links turns the names of closures into ids of links, ports and ways round"
MONTHS = range(1, 13)


def list_closures(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the named closures, by which several links and ports fail together.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layer ``closures``, if it is there, counts.

    Returns
    -------
    pandas.DataFrame
        At least ``closure_id``, ``name``, ``link_ids``, ``port_ids`` and ``lane_column``; no row without the layer.
    """
    return layers["closures"] if "closures" in layers else pd.DataFrame(columns=COLUMNS)


def close_links(layers: Mapping[str, pd.DataFrame], names: Iterable[str]) -> frozenset[str]:
    """Return all that named closures take out.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``links`` and ``ports``; see :func:`list_closures`.
    names : iterable of str
        Ids of closures, links or ports.

    Returns
    -------
    frozenset of str
        Ids of links and ports, and columns of ``sea_distances`` that give the way round a passage.

    Raises
    ------
    UnknownNameError
        If a name is none of these.
    """
    table = list_closures(layers)
    cells = [table[name].map(split_ids) for name in ("link_ids", "port_ids", "lane_column")]
    known = {str(key): frozenset(sum(parts, ())) for key, *parts in zip(table["closure_id"], *cells, strict=True)}
    alone = {*layers["links"]["link_id"], *layers["ports"]["port_id"]}
    asked = list(names)
    for name in asked:
        if name not in known and name not in alone:
            raise UnknownNameError("closure", name, [*known, *sorted(alone)])
    return frozenset().union(*(known.get(name, {name}) for name in asked))


def check_closed(layers: Mapping[str, pd.DataFrame], closed: Collection[str]) -> None:
    """Refuse ids of what is no link, port or way round a passage.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``links``, ``ports`` and ``sea_distances``.
    closed : collection of str
        What a caller wants shut, as from :func:`close_links`.

    Raises
    ------
    GeokitError
        If any of it is unknown; all of them are named, each with the nearest ids.
    """
    ways = [name for name in layers["sea_distances"].columns if name.startswith(LANE_COLUMN)]
    known = sorted({*layers["links"]["link_id"], *layers["ports"]["port_id"], *ways})
    unknown = sorted(set(closed) - set(known))
    if unknown:
        near = {name: difflib.get_close_matches(name, known, n=3) for name in unknown}
        told = [f"{name!r} (near: {', '.join(names)})" if names else repr(name) for name, names in near.items()]
        raise GeokitError(NOT_CLOSED.format(unknown=", ".join(told)))


def tell_closed(layers: Mapping[str, pd.DataFrame], closed: Collection[str]) -> tuple[str, ...]:
    """Return what is closed by ids that a reader knows: links, ports, and closures in place of the columns of their ways round."""
    table = list_closures(layers)
    names = table.loc[table["lane_column"].isin(list(closed)), ["closure_id", "lane_column"]]
    return tuple(sorted({*closed} - {*names["lane_column"]} | {*names["closure_id"]}))


def shut_in(links: pd.DataFrame, month: int) -> frozenset[str]:
    """Return the links that are closed in a month by their own ``months_open``.

    Parameters
    ----------
    links : pandas.DataFrame
        The layer.
    month : int
        1 to 12.

    Returns
    -------
    frozenset of str
        Ids; a link that states no months is open.

    Raises
    ------
    GeokitError
        If there is no such month.
    """
    if month not in MONTHS:
        msg = f"month {month} must be from 1 to 12"
        raise GeokitError(msg)
    closed = [month not in list_months(cell) for cell in links["months_open"]]
    return frozenset(links.loc[closed, "link_id"])


def list_months(cell: str) -> frozenset[int]:
    """Return the months of an open season such as ``6-10`` or ``11-3``; all of them where the cell is blank."""
    if not cell:
        return frozenset(MONTHS)
    first, last = (int(part) for part in cell.split("-"))
    return frozenset((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))


def open_by(layers: Mapping[str, pd.DataFrame], year: int | None) -> Mapping[str, pd.DataFrame]:
    """Return the layers as they would be in a year, if what is promised is built.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``links``.
    year : int or None
        None leaves the links of today.

    Returns
    -------
    mapping of str to pandas.DataFrame
        A planned link, or one under construction, counts as open if ``open_from`` is not after the year; one without a date stays shut.
    """
    if year is None:
        return layers
    links = layers["links"]
    due = pd.to_numeric(links["open_from"].str[:4], errors="coerce") <= year
    return {**layers, "links": links.assign(status_code=links["status_code"].mask(links["status_code"].isin(PROMISED) & due, "open"))}


def tell_year(layers: Mapping[str, pd.DataFrame], year: int | None) -> str:
    """Say which promised links a year opens; blank for the network of today."""
    if year is None:
        return ""
    later = open_by(layers, year)["links"]
    opened = later.loc[later["status_code"] != layers["links"]["status_code"], "link_id"]
    undated = layers["links"].query("status_code in @PROMISED and open_from == ''")
    told = f"opened by {year}: {', '.join(opened)}" if len(opened) else f"no promised link has a day of opening up to {year}"
    return told + (f"; {len(undated)} planned links have no day of opening and stay shut" if len(undated) else "")


def reroute_lanes(layers: Mapping[str, pd.DataFrame], closed: frozenset[str]) -> Mapping[str, pd.DataFrame]:
    """Return the layers with sea lanes that go round the passages that are shut.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``sea_distances``.
    closed : frozenset of str
        Of these, the columns of ``sea_distances`` count.

    Returns
    -------
    mapping of str to pandas.DataFrame
        A lane has the longest of its ways round; one without a way round has no distance.
    """
    distances = layers["sea_distances"]
    shut = sorted(closed & set(distances.columns))
    if not shut:
        return layers
    longest = np.maximum.reduce([distances[name].to_numpy(dtype=float) for name in ["nm", *shut]])
    return {**layers, "sea_distances": distances.assign(nm=longest)}
