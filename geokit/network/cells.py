"""What the hauls say about the reliability of a route (criterion L2)."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from geokit.core.cells import CELL_COLUMNS
from geokit.core.chain import trace_feeds
from geokit.core.codes import Grade, Kind
from geokit.core.columns import join_ids
from geokit.network.detours import DETOURS
from geokit.network.reliability import RELIABILITY

CRITERION = "L2"
HOLDER = "highway authority, railways, port authority"
ENDS = ["origin_id", "destination_id"]
FIGURES = {"value_low": "cut_days_low", "value": "cut_days", "value_high": "cut_days_high"}
UNKNOWN = "no closure statistics for this path"
TOLD = "days a year on which no way is open, detours counted; the best path alone is shut on {days:.3g} days{ways}; counted: {closures}"
ROUND = ", and the way round then costs {cost} USD/t more"
NO_WAY = "; no way is left if {names} shuts"
NO_PORT = "the partner has no port in the layers"
OF_DEPOSITS = "days a year on which no way to the port is open, detours counted: median, best and worst of the deposits with statistics: "
BEYOND = "; the way by sea beyond the host's port is not counted"
WAYS = ["least", "most", "cutting"]
DOUBTED = UNKNOWN + ": {unknown} lies on it"


def route_cells(
    hauls: pd.DataFrame,
    alternatives: pd.DataFrame,
    layers: Mapping[str, pd.DataFrame],
    *,
    reliability: pd.DataFrame | None = None,
    detours: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the days a year on which the product of a site cannot reach a partner.

    The figure is the mean number of days on which something on the best path is shut and no way round is open (see
    :func:`geokit.network.reliability.measure_reliability`), for the product of the site that fares worst; low and high come from the
    bands of the counts and the spans of the days. The note says on how many days the best path is shut and what the way round then
    costs (see :func:`geokit.network.detours.close_hauls`). The figure stands only where every closure named on the best path has
    statistics. A passage with a dated status is no number of days a year, so it is told in the note. For the ways of doing less the
    paths start at the deposits that could feed the stage and end at the partner's port or at that of the host abroad: the figure is
    their median, low and high those of the best and the worst of them.

    Parameters
    ----------
    hauls : pandas.DataFrame
        From :func:`geokit.network.route`.
    alternatives : pandas.DataFrame
        As built by ``build_alternatives``.
    layers : mapping of str to pandas.DataFrame
        Needs ``partners``.
    reliability : pandas.DataFrame, optional
        From :func:`geokit.network.reliability.measure_reliability`; every figure is missing without it.
    detours : pandas.DataFrame, optional
        Of :func:`geokit.network.detours.close_hauls`; the notes say nothing of ways round without it.

    Returns
    -------
    pandas.DataFrame
        Cells of criterion L2 in days a year, keyed by ``site_id`` and ``partner``, of the ways of doing less by ``stage_id`` as well;
        columns as in the data dictionary (``cells``).
    """
    measured = pd.DataFrame(columns=RELIABILITY) if reliability is None else reliability
    ways = _ways_round(pd.DataFrame(columns=DETOURS) if detours is None else detours)
    partners = layers["partners"][["partner_id", "default_port_id"]].rename(columns={"partner_id": "partner"})
    plants = alternatives[alternatives["kind"] == Kind.PLANT.value]
    sites = plants[["site_id", "place_id", "kind"]].drop_duplicates("site_id").merge(partners, how="cross")
    paths = _worst_paths(hauls.query("kind == 'delivered'"), measured).merge(ways, on=ENDS, how="left")
    table = sites.merge(paths, left_on=["place_id", "default_port_id"], right_on=["origin_id", "destination_id"], how="left")
    figures = {name: table[source] for name, source in FIGURES.items()}
    stated = table["cut_days"].notna()
    cells = table.assign(stage_id="", note=_notes(table), source_ids=table["source_ids"].where(stated, ""), **figures)
    less = alternatives[alternatives["kind"] != Kind.PLANT.value].merge(partners, how="cross")
    cells = pd.concat([cells, _spread_deposits(less, paths, layers)], ignore_index=True)
    stated = cells["value"].notna()
    cells = cells.assign(
        criterion_id=CRITERION, profile="", track="", holder=stated.map({True: "", False: HOLDER}),
        grade=stated.map({True: Grade.EVIDENCE.value, False: Grade.MISSING.value}), bound_low=math.nan, bound_high=math.nan,
    )  # fmt: skip
    return cells[[*CELL_COLUMNS]].sort_values(["site_id", "stage_id", "partner"], ignore_index=True)


def _spread_deposits(less: pd.DataFrame, paths: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the figures of each way of doing less over the deposits that could feed it, missing where none has one."""
    keys = ["site_id", "stage_id", "partner"]
    port = less["default_port_id"]
    goal = port.where((less["kind"] == Kind.EXPORT.value) | (port == ""), less["port_id"])
    feeds = trace_feeds(layers)[["stage_id", "deposit_id"]]
    ways = less[keys].assign(destination_id=goal).merge(feeds, on="stage_id")
    ways = ways.merge(paths.rename(columns={"origin_id": "deposit_id"}), on=["deposit_id", "destination_id"]).dropna(subset=["cut_days"])
    found = ways.groupby(keys).agg(
        value_low=("cut_days_low", "min"), value=("cut_days", "median"), value_high=("cut_days_high", "max"), count=("cut_days", "size"),
        source_ids=("source_ids", join_ids),
    )  # fmt: skip
    table = less[keys].merge(found.reset_index(), on=keys, how="left").fillna({"source_ids": ""})
    known = OF_DEPOSITS + table["count"].fillna(0).astype(int).astype(str)
    beyond = pd.Series(BEYOND, index=table.index).where((less["kind"] != Kind.EXPORT.value).to_numpy(), "")
    note = (known + beyond).where(table["value"].notna(), "no deposit of the stage has closure statistics on its path")
    return table.assign(note=note.where((port != "").to_numpy(), NO_PORT))


def _worst_paths(delivered: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of the product that fares worst between each origin and destination, NaN where those of one are missing."""
    both = delivered[[*ENDS, "product_id", "assumed_open"]].merge(measured, on=[*ENDS, "product_id"], how="left")
    days = [*FIGURES.values(), "path_closed_days"]
    words = ["assumed_open", "closures", "unknown", "source_ids"]
    ends = both.astype(dict.fromkeys(days, float)).fillna(dict.fromkeys(words, "")).groupby(ENDS)
    worst = ends[days].max().where(ends[days].count().eq(ends.size(), axis=0))
    return worst.join(ends[words].agg(join_ids)).reset_index()


def _ways_round(detours: pd.DataFrame) -> pd.DataFrame:
    """Return the least and the most that a way round costs between each origin and destination, and the closures that leave none."""
    cut = detours["closure_id"].where(detours["detour_usd_per_t"].isna(), "")
    ends = detours.astype({"detour_usd_per_t": float}).assign(cutting=cut).groupby(ENDS)
    return ends.agg(least=("detour_usd_per_t", "min"), most=("detour_usd_per_t", "max"), cutting=("cutting", join_ids)).reset_index()


def _notes(table: pd.DataFrame) -> pd.Series[str]:
    """Say how each cell came about, or why it is missing."""
    rows = table[["path_closed_days", "closures", "unknown", *WAYS]].fillna({"closures": "", "unknown": "", "cutting": ""})
    note = pd.Series([_tell(row) for row in rows.to_dict("records")], index=table.index, dtype=object)
    passages = table["assumed_open"].fillna("")
    note = note.where(passages == "", note + "; assumed open: " + passages.str.replace(";", ", "))
    note = note.where(table["origin_id"].notna(), "no haul: the place is too far from an open road")
    return note.where(table["default_port_id"] != "", NO_PORT)


def _tell(row: Mapping[Hashable, Any]) -> str:
    """Say which closures make a figure and what the way round costs, or which closures a figure wants."""
    named, doubted, cutting = (row[name].replace(";", ", ") for name in ("closures", "unknown", "cutting"))
    if math.isnan(row["path_closed_days"]):
        return DOUBTED.format(unknown=doubted) if doubted else UNKNOWN
    cost = " to ".join(dict.fromkeys(f"{row[end]:.3g}" for end in ("least", "most")))
    ways = "" if math.isnan(row["least"]) else ROUND.format(cost=cost)
    ways += NO_WAY.format(names=cutting) if cutting else ""
    return TOLD.format(days=row["path_closed_days"], closures=named, ways=ways)
