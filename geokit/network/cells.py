"""What the hauls say about the reliability of a route (criterion L2)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from geokit.core.codes import Grade, Kind
from geokit.core.columns import join_ids
from geokit.network.reliability import RELIABILITY

CRITERION = "L2"
HOLDER = "highway authority, railways, port authority"
ENDS = ["origin_id", "destination_id"]
FIGURES = {"value_low": "cut_days_low", "value": "cut_days", "value_high": "cut_days_high"}
COLUMNS = [
    "criterion_id",
    "site_id",
    "stage_id",
    "profile",
    "partner",
    "track",
    *FIGURES,
    "grade",
    "source_ids",
    "note",
    "holder",
]
UNKNOWN = "no closure statistics for this path"
TOLD = "days a year on which no way is open, at any cost; the best path alone is closed on {days:.0f}; counted: {closures}"
DOUBTED = UNKNOWN + ": {unknown} lies on it"


def route_cells(
    hauls: pd.DataFrame, alternatives: pd.DataFrame, layers: Mapping[str, pd.DataFrame], *, reliability: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the days a year on which the product of a site cannot reach a partner.

    The figure is the mean number of days on which something on the best path is shut and no way round is open (see
    :func:`geokit.network.reliability.measure_reliability`), for the product of the site that fares worst; low and high come from the
    bands of the counts and the spans of the days. It stands only where every closure named on the best path has statistics. A passage
    with a dated status is no number of days a year, so it is told in the note. For the ways of doing less the path starts at deposits,
    not at a site, and no figure is given.

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

    Returns
    -------
    pandas.DataFrame
        Cells of criterion L2 in days a year, keyed by ``site_id`` and ``partner``; columns as in the data dictionary (``cells``).
    """
    measured = pd.DataFrame(columns=RELIABILITY) if reliability is None else reliability
    partners = layers["partners"][["partner_id", "default_port_id"]].rename(columns={"partner_id": "partner"})
    sites = alternatives[["site_id", "place_id", "kind"]].drop_duplicates("site_id").merge(partners, how="cross")
    paths = _worst_paths(hauls.query("kind == 'delivered'"), measured)
    table = sites.merge(paths, left_on=["place_id", "default_port_id"], right_on=["origin_id", "destination_id"], how="left")
    figures = {name: table[source] for name, source in FIGURES.items()}
    stated = table["cut_days"].notna()
    cells = table.assign(criterion_id=CRITERION, stage_id="", profile="", track="", note=_notes(table), **figures)
    cells["grade"] = stated.map({True: Grade.EVIDENCE.value, False: Grade.MISSING.value})
    cells["source_ids"] = table["source_ids"].where(stated, "")
    cells["holder"] = stated.map({True: "", False: HOLDER})
    return cells[COLUMNS].sort_values(["site_id", "partner"], ignore_index=True)


def _worst_paths(delivered: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of the product that fares worst between each origin and destination, NaN where those of one are missing."""
    both = delivered[[*ENDS, "product_id", "assumed_open"]].merge(measured, on=[*ENDS, "product_id"], how="left")
    days = [*FIGURES.values(), "path_closed_days"]
    words = ["assumed_open", "closures", "unknown", "source_ids"]
    ends = both.astype(dict.fromkeys(days, float)).fillna(dict.fromkeys(words, "")).groupby(ENDS)
    worst = ends[days].max().where(ends[days].count().eq(ends.size(), axis=0))
    return worst.join(ends[words].agg(join_ids)).reset_index()


def _notes(table: pd.DataFrame) -> pd.Series[str]:
    """Say how each cell came about, or why it is missing."""
    rows = table[["path_closed_days", "closures", "unknown"]].fillna({"closures": "", "unknown": ""})
    note = pd.Series([_tell(*row) for row in rows.itertuples(index=False)], index=table.index, dtype=object)
    passages = table["assumed_open"].fillna("")
    note = note.where(passages == "", note + "; assumed open: " + passages.str.replace(";", ", "))
    note = note.where(table["origin_id"].notna(), "no haul: the place is too far from an open road")
    note = note.where(table["kind"] == Kind.PLANT.value, "not looked up for a way of doing less: its paths start at many deposits")
    return note.where(table["default_port_id"] != "", "the partner has no port in the layers")


def _tell(days: float, closures: str, unknown: str) -> str:
    """Say which closures make a figure, or want one."""
    named, doubted = closures.replace(";", ", "), unknown.replace(";", ", ")
    if math.isnan(days):
        return DOUBTED.format(unknown=doubted) if doubted else UNKNOWN
    return TOLD.format(days=days, closures=named)
