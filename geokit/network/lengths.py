"""The lengths of a way against what second sources print."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from geokit.core.columns import split_ids

TOLERANCE = 0.1
"""A length is confirmed if it misses that of a second source by no more than this share."""
STRETCHES = ["length_id", "mode", "from_node_id", "to_node_id", "km", "published_km", "part", "miss", "confirmed", "link_ids", "source_id"]


def trace_nodes(link_ids: Sequence[str], links: pd.DataFrame) -> list[pd.DataFrame]:
    """Lay links end to end.

    Parameters
    ----------
    link_ids : sequence of str
        Links of a way in the order of travel.
    links : pandas.DataFrame
        The layer.

    Returns
    -------
    list of pandas.DataFrame
        One for each run of links of the same mode that meet: ``link_id``, ``mode``, ``tail`` and ``head`` (nodes in the order of travel)
        and ``km``, the length from the start of the run to ``head``.
    """
    rows = links.set_index("link_id").loc[list(link_ids), ["from", "to", "mode", "length_km"]].reset_index()
    runs: list[list[tuple[str, str, str, str, float]]] = []
    for place, (link, one, other, mode, km) in enumerate(rows.itertuples(index=False, name=None)):
        joins = bool(runs) and runs[-1][-1][1] == mode and runs[-1][-1][3] in (one, other)
        ahead = rows.iloc[place + 1 : place + 2]
        tail = runs[-1][-1][3] if joins else _start(one, other, ahead)
        step = (str(link), str(mode), tail, other if tail == one else one, float(km))
        runs[-1].append(step) if joins else runs.append([step])
    tables = [pd.DataFrame(run, columns=["link_id", "mode", "tail", "head", "km"]) for run in runs]
    return [table.assign(km=table["km"].cumsum()) for table in tables]


def compare_lengths(link_ids: Sequence[str], layers: Mapping[str, pd.DataFrame], *, tolerance: float = TOLERANCE) -> pd.DataFrame:
    """Hold the stretches of a way against the lengths that second sources print.

    Parameters
    ----------
    link_ids : sequence of str
        Links of the way in the order of travel.
    layers : mapping of str to pandas.DataFrame
        Needs ``links`` and ``published_lengths``.
    tolerance : float, default TOLERANCE
        Largest miss, as a share of the printed length, of a confirmed stretch.

    Returns
    -------
    pandas.DataFrame
        One row a printed length whose two places, and those between them, lie on the way: ``length_id``, ``mode``, ``from_node_id``,
        ``to_node_id``, ``km``, ``published_km``, ``part`` (whether the source measures a part of the stretch alone, which confirms
        nothing), ``miss`` (share of the printed length), ``confirmed``, ``link_ids`` (a tuple) and ``source_id``, in the order of the
        layer.
    """
    runs = trace_nodes(link_ids, layers["links"])
    found = [row for printed in layers["published_lengths"].to_dict("records") for run in runs if (row := _measure(printed, run))]
    table = pd.DataFrame(found, columns=[name for name in STRETCHES if name not in {"miss", "confirmed"}])
    miss = table["km"].astype(float) / table["published_km"].astype(float) - 1.0
    part = table["part"].astype(bool)
    return table.assign(part=part, miss=miss, confirmed=(miss.abs() <= tolerance) & ~part)[STRETCHES]


def confirm_links(stretches: pd.DataFrame) -> frozenset[str]:
    """Return the links that lie on a confirmed stretch of :func:`compare_lengths`."""
    return frozenset(link for links in stretches.loc[stretches["confirmed"], "link_ids"] for link in links)


def _start(one: str, other: str, ahead: pd.DataFrame) -> str:
    """Return the end at which a link begins that another one follows: the one that the follower does not touch."""
    touched = set(ahead[["from", "to"]].to_numpy().ravel())
    return one if other in touched or one not in touched else other


def _measure(printed: Mapping[Hashable, Any], run: pd.DataFrame) -> dict[str, object] | None:
    """Return the stretch of a run that a source measured; None where its places do not lie on it."""
    nodes = [run["tail"].iloc[0], *run["head"]]
    ends = (str(printed["from_node_id"]), str(printed["to_node_id"]))
    if printed["mode"] != run["mode"].iloc[0] or not set(ends) <= set(nodes):
        return None
    first, last = sorted(nodes.index(end) for end in ends)
    if not set(split_ids(str(printed["via_node_ids"]))) <= set(nodes[first : last + 1]):
        return None
    km = [0.0, *run["km"]]
    named = {name: printed[name] for name in ("length_id", "mode", "from_node_id", "to_node_id", "source_id")}
    links = tuple(run["link_id"].iloc[first:last])
    return {**named, "km": km[last] - km[first], "published_km": printed["km"], "part": printed["part"] == "yes", "link_ids": links}
