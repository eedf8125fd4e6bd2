"""What the hauls say about the reliability of a route (criterion L2)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geokit.core.codes import Grade, Kind
from geokit.core.columns import join_ids

CRITERION = "L2"
HOLDER = "highway authority, railways, port authority"
FIGURES = ["value_low", "value", "value_high"]
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


def route_cells(hauls: pd.DataFrame, alternatives: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the days a year on which the product of a site cannot reach a partner.

    A figure stands only where a link of the best path states the months in which it is open; a suspended railway or a passage with a
    dated status is not a number of days a year, so it is told in the note. For the ways of doing less the path starts at deposits, not
    at a site, and no figure is given.

    Parameters
    ----------
    hauls : pandas.DataFrame
        From :func:`geokit.network.route`.
    alternatives : pandas.DataFrame
        As built by ``build_alternatives``.
    layers : mapping of str to pandas.DataFrame
        Needs ``partners`` and ``links``.

    Returns
    -------
    pandas.DataFrame
        Cells of criterion L2 in days a year, keyed by ``site_id`` and ``partner``; columns as in the data dictionary (``cells``).
    """
    partners = layers["partners"][["partner_id", "default_port_id"]].rename(columns={"partner_id": "partner"})
    sites = alternatives[["site_id", "place_id", "kind"]].drop_duplicates("site_id").merge(partners, how="cross")
    paths = _worst_paths(hauls.query("kind == 'delivered'"))
    table = sites.merge(paths, left_on=["place_id", "default_port_id"], right_on=["origin_id", "destination_id"], how="left")
    stated = table["closed_days"].notna()
    known = dict.fromkeys(FIGURES, table["closed_days"])
    cells = table.assign(criterion_id=CRITERION, stage_id="", profile="", track="", note=_notes(table), **known)
    cells["grade"] = stated.map({True: Grade.EVIDENCE.value, False: Grade.MISSING.value})
    seasonal = layers["links"].query("months_open != ''")["source_id"]
    cells["source_ids"] = stated.map({True: join_ids(seasonal), False: ""})
    cells["holder"] = stated.map({True: "", False: HOLDER})
    return cells[COLUMNS].sort_values(["site_id", "partner"], ignore_index=True)


def _worst_paths(delivered: pd.DataFrame) -> pd.DataFrame:
    """Return the longest closure of each origin and destination over its products, NaN where one path states none."""
    ends = delivered.groupby(["origin_id", "destination_id"])
    longest = ends["closed_days"].max().where(ends["closed_days"].count() == ends["closed_days"].size())
    return pd.DataFrame({"closed_days": longest, "assumed_open": ends["assumed_open"].agg(join_ids)}).reset_index()


def _notes(table: pd.DataFrame) -> pd.Series[str]:
    """Say how each cell came about, or why it is missing."""
    note = pd.Series(UNKNOWN, index=table.index)
    note = note.where(table["closed_days"].isna(), "months in which links of the path are closed, as stated by the links")
    passages = table["assumed_open"].fillna("")
    note = note.where(passages == "", note + "; assumed open: " + passages.str.replace(";", ", "))
    note = note.where(table["origin_id"].notna(), "no haul: the place is too far from an open road")
    note = note.where(table["kind"] == Kind.PLANT.value, "not looked up for a way of doing less: its paths start at many deposits")
    return note.where(table["default_port_id"] != "", "the partner has no port in the layers")
