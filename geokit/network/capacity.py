"""What the links, passages and berths of a way can carry in a year (model rule M17)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from geokit.core.columns import split_ids
from geokit.network.closures import PROMISED
from geokit.network.rates import open_links, origin_ports

UNKNOWN = "capacity unknown on {unknown} of {count} links of the way"
ABOVE = "{load:g} kt/y is above the {capacity:g} kt/y of {name} ({link}); {remedy}"
WARNING = "Capacity of {unknown} of {count} open links and of {blank} of {ports} ports unknown: whether the loads fit is not tested."
BERTH = "{port} is said to handle {amount} kt/y ({note})"
BLANK = "capacity of the berths at {port} unknown"
FULL = "{load:g} kt/y is above the {least:g} kt/y that {port} is at least said to handle"
RAILWAY = "{load:g} kt/y is {share:.0%} of the {carried:,.0f} kt that the whole railway carried in a year ({quote})"
CARRIED = "rail-carried-"
"""How the id of the quote begins that tells what the railway of the country carried."""
BERTHS = ["port_id", "capacity_kt_per_year_low", "capacity_kt_per_year_high", "capacity_note"]
COLUMNS = ["link_id", "mode", "name", "from", "to", "status_code", "flags", "capacity_kt_per_year"]
"""Columns of the layer that count; one that a table put together by hand lacks is blank."""
BY_WIDENING = "being_widened"


def judge_capacity(
    link_ids: Sequence[str], layers: Mapping[str, pd.DataFrame], *, kt_per_year: float | None = None, port_ids: Sequence[str] = ()
) -> tuple[str, ...]:
    """Say where a load is more than a way can carry, and what could be built there.

    Parameters
    ----------
    link_ids : sequence of str
        Links of the way.
    layers : mapping of str to pandas.DataFrame
        Needs ``links``; where ``passages`` and ``passage_links`` state what passes in words, these are quoted.
    kt_per_year : float, optional
        The load; without one only what is unknown is told.
    port_ids : sequence of str
        Ports of the country that load or unload it.

    Returns
    -------
    tuple of str
        One sentence a link whose capacity the load exceeds, one for each passage with a note, and one for all links whose capacity is
        blank; nothing for a way without links. A port adds what its source says it can handle, where the load is more than the least of it,
        and whether it is unknown. By rail a load is set beside what the whole railway carried, where the cost quotes tell it.
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
    rail = _weigh_railway(layers, kt_per_year) if kt_per_year and way["mode"].eq("rail").any() else []
    blank = [UNKNOWN.format(unknown=unknown, count=len(way))] if unknown else []
    return (*told, *rail, *_quote_passages(set(way["link_id"]), layers), *blank, *_judge_berths(port_ids, layers, kt_per_year or 0.0))


def warn_capacity(layers: Mapping[str, pd.DataFrame]) -> str:
    """Say once for a whole study how many links and ports that carry freight have no known capacity.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``links`` and ``ports``.

    Returns
    -------
    str
        A sentence; blank where every open link and every port states what it can carry.
    """
    links = open_links(layers["links"]).reindex(columns=COLUMNS)
    unknown = int(links["capacity_kt_per_year"].isna().sum())
    berths = origin_ports(layers["ports"]).reindex(columns=BERTHS)
    blank = int(berths["capacity_kt_per_year_low"].isna().sum())
    return WARNING.format(unknown=unknown, count=len(links), blank=blank, ports=len(berths)) if unknown or blank else ""


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


def _judge_berths(port_ids: Sequence[str], layers: Mapping[str, pd.DataFrame], load: float) -> list[str]:
    """Return what is known and unknown of the capacity of ports, and where a load is more than the least of it."""
    ports = layers["ports"].reindex(columns=BERTHS).set_index("port_id")
    told = []
    for port_id in ports.index[ports.index.isin(port_ids)]:
        least, most = (float(ports.loc[port_id, f"capacity_kt_per_year_{end}"]) for end in ("low", "high"))
        known = BERTH.format(port=port_id, amount=_say_ends(least, most), note=ports.loc[port_id, "capacity_note"])
        told += [FULL.format(load=load, least=least, port=port_id)] if load > least else []
        told.append(BLANK.format(port=port_id) if math.isnan(least) else known)
    return told


def _say_ends(least: float, most: float) -> str:
    """Return what berths can handle in words; where nobody gave the most, the least is told as such."""
    return f"at least {least:,.0f}" if math.isnan(most) else " to ".join(dict.fromkeys(f"{end:,.0f}" for end in (least, most)))


def _weigh_railway(layers: Mapping[str, pd.DataFrame], load: float) -> list[str]:
    """Return the share of a load in what the whole railway carried by the newest quote; nothing without one."""
    quotes = layers["cost_quotes"] if "cost_quotes" in layers else pd.DataFrame(columns=["quote_id", "mode"])
    found = quotes[quotes["quote_id"].str.startswith(CARRIED)].dropna(subset=["mode"]).sort_values("quote_id").tail(1)
    rows = zip(found["quote_id"], found["mode"].astype(float), strict=True)
    return [RAILWAY.format(load=load, share=load / carried, carried=carried, quote=quote_id) for quote_id, carried in rows]
