"""Passages are dated facts: which of them a haul goes through although nothing says that they are open (model rule M18)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd


def shut_passages(passages: pd.DataFrame) -> tuple[str, ...]:
    """Return the passages whose latest status is not open.

    Parameters
    ----------
    passages : pandas.DataFrame
        Dated events; an event without ``valid_to`` is the latest word, and one that has ended says nothing about today.

    Returns
    -------
    tuple of str
        Names, sorted.
    """
    latest = passages[(passages["valid_to"] == "") & ~passages["state_code"].isin(["", "open"])]
    return tuple(sorted(set(latest["passage_or_site"])))


def link_passages(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return which land links run through which passage that is not stated as open.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``passages`` and ``passage_links``.

    Returns
    -------
    pandas.DataFrame
        Index ``link_id``, one column a passage, 1.0 or 0.0.
    """
    rows = shut_rows(layers).query("link_id != ''")
    table = pd.crosstab(rows["link_id"], rows["passage"]).astype(float)
    return table.rename_axis(index=None, columns=None)


def sea_passages(lanes: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.Series[str]:
    """Name the passages that each shipment goes through and that are not stated as open.

    A lane uses a passage when its distance without it is longer or does not exist; a terminal counts for its own products.

    Parameters
    ----------
    lanes : pandas.DataFrame
        ``from_port_id``, ``product_id``, ``nm`` and the columns named by ``passage_links.lane_column``.
    layers : mapping of str to pandas.DataFrame
        Needs ``passages`` and ``passage_links``.

    Returns
    -------
    pandas.Series
        Names separated by ``;``, blank for none; index of ``lanes``.
    """
    names = pd.Series("", index=lanes.index)
    rows = shut_rows(layers).query("link_id == ''")
    for passage, column, port, product in rows[["passage", "lane_column", "port_id", "product_id"]].astype(str).to_numpy():
        used = _uses(lanes, column) if column else lanes["from_port_id"].eq(port)
        concerned = lanes["product_id"].eq(product) if product else True
        names = names.where(~(used & concerned), names + ";" + passage)
    return names.str.strip(";")


def lane_dues(lanes: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the dues of each lane and the names of those that nobody states.

    Parameters
    ----------
    lanes : pandas.DataFrame
        As for :func:`sea_passages`.
    layers : mapping of str to pandas.DataFrame
        Needs ``passage_links`` and ``ocean_freight``.

    Returns
    -------
    pandas.DataFrame
        ``dues_usd`` per voyage (stated ones only) and ``unstated``, the passages whose dues are blank; index of ``lanes``.
    """
    dues = layers["ocean_freight"].set_index("freight_id")["mode"]
    table = pd.DataFrame({"dues_usd": 0.0, "unstated": ""}, index=lanes.index)
    rows = layers["passage_links"].query("dues_id != ''")
    for passage, column, name in rows[["passage", "lane_column", "dues_id"]].astype(str).to_numpy():
        used, due = _uses(lanes, column), float(dues.get(name, np.nan))
        if np.isnan(due):
            table.loc[used, "unstated"] += f"; dues of {passage} not found"
        else:
            table.loc[used, "dues_usd"] += due
    return table


def lane_detours(lanes: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the way round for lanes through a passage that is not stated as open.

    Parameters
    ----------
    lanes : pandas.DataFrame
        As for :func:`sea_passages`.
    layers : mapping of str to pandas.DataFrame
        Needs ``passages`` and ``passage_links``; a passage counts when its ``detour`` names the way round.

    Returns
    -------
    pandas.DataFrame
        ``nm`` of the longest such way, that of the lane itself where there is none, and ``told``, the words for the note; index of
        ``lanes``.
    """
    table = pd.DataFrame({"nm": lanes["nm"], "told": ""}, index=lanes.index)
    rows = shut_rows(layers).query("detour != ''")
    for column, detour in rows[["lane_column", "detour"]].astype(str).to_numpy():
        used = lanes[column] > lanes["nm"]
        table["nm"] = np.fmax(table["nm"], lanes[column].where(used))
        table.loc[used, "told"] += f"; high end by {detour}"
    return table


def shut_rows(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the passage links of the passages that are not stated as open.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``passages`` and ``passage_links``.

    Returns
    -------
    pandas.DataFrame
        Rows of ``passage_links``, sorted by passage.
    """
    links = layers["passage_links"]
    return links[links["passage"].isin(shut_passages(layers["passages"]))].sort_values(["passage", "passage_link_id"])


def _uses(lanes: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Tell which lanes are longer, or impossible, without a passage."""
    return lanes[column].isna() | (lanes[column] > lanes["nm"])
