"""What the links and passages of a way can carry in a year (model rule M17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from geokit.core.columns import split_ids
from geokit.network.closures import PROMISED
from geokit.network.rates import open_links

UNKNOWN = "capacity unknown on {unknown} of {count} links of the way"
ABOVE = "{load:g} kt/y is above the {capacity:g} kt/y of {name} ({link}); {remedy}"
WARNING = "Capacity of {unknown} of {count} open links unknown, and of every berth: whether the loads fit is not tested."
COLUMNS = ["link_id", "name", "from", "to", "status_code", "flags", "capacity_kt_per_year"]
"""Columns of the layer that count; one that a table put together by hand lacks is blank."""
BY_WIDENING = "being_widened"


def judge_capacity(link_ids: Sequence[str], layers: Mapping[str, pd.DataFrame], *, kt_per_year: float | None = None) -> tuple[str, ...]:
    """Say where a load is more than a way can carry, and what could be built there.

    Parameters
    ----------
    link_ids : sequence of str
        Links of the way.
    layers : mapping of str to pandas.DataFrame
        Needs ``links``; where ``passages`` and ``passage_links`` state what passes in words, these are quoted.
    kt_per_year : float, optional
        The load; without one only what is unknown is told.

    Returns
    -------
    tuple of str
        One sentence a link whose capacity the load exceeds, one for each passage with a note, and one for all links whose capacity is
        blank; nothing for a way without links.
    """
    links = layers["links"].reindex(columns=COLUMNS)
    way = links[links["link_id"].isin(list(link_ids))]
    known = way.dropna(subset=["capacity_kt_per_year"])
    above = known[known["capacity_kt_per_year"] < (kt_per_year or 0.0)]
    told = [
        ABOVE.format(
            load=kt_per_year,
            capacity=row.capacity_kt_per_year,
            name=row.name,
            link=row.link_id,
            remedy=name_upgrade(str(row.link_id), links),
        )
        for row in above.itertuples(index=False)
    ]
    unknown = len(way) - len(known)
    blank = [UNKNOWN.format(unknown=unknown, count=len(way))] if unknown else []
    return (*told, *_quote_passages(set(way["link_id"]), layers), *blank)


def warn_capacity(layers: Mapping[str, pd.DataFrame]) -> str:
    """Say once for a whole study how many of the links that carry freight have no known capacity.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``links``.

    Returns
    -------
    str
        A sentence; blank where every open link states what it can carry.
    """
    links = open_links(layers["links"]).reindex(columns=COLUMNS)
    unknown = int(links["capacity_kt_per_year"].isna().sum())
    return WARNING.format(unknown=unknown, count=len(links)) if unknown else ""


def name_upgrade(link_id: str, links: pd.DataFrame) -> str:
    """Name what is promised between the two ends of a link: its own widening, or a link that is planned or being built.

    Parameters
    ----------
    link_id : str
        The link.
    links : pandas.DataFrame
        The layer; ``from`` and ``to`` name its ends.

    Returns
    -------
    str
        A clause of a sentence.
    """
    row = links[links["link_id"] == link_id].iloc[0]
    ends = {row["from"], row["to"]}
    beside = links[[{one, other} == ends for one, other in zip(links["from"], links["to"], strict=True)]]
    promised = beside[beside["status_code"].isin(PROMISED)]
    names = [f"{found['name']} ({found['link_id']}, {found['status_code']})" for _, found in promised.iterrows()]
    names += ["its widening under way"] if BY_WIDENING in split_ids(str(row["flags"])) else []
    return "the upgrade is " + " or ".join(names) if names else "no upgrade is in the layer of links"


def _quote_passages(link_ids: set[str], layers: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return what the last word on each passage of the way says of its capacity."""
    if not {"passages", "passage_links"} <= set(layers) or "capacity_note" not in layers["passages"]:
        return []
    through = layers["passage_links"].loc[layers["passage_links"]["link_id"].isin(link_ids), "passage"]
    events = layers["passages"]
    latest = events[(events["valid_to"] == "") & (events["capacity_note"] != "") & events["passage_or_site"].isin(through)]
    return [f"{row.passage_or_site}: {row.capacity_note}" for row in latest.itertuples()]
