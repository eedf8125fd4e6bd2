"""How ready a site is: five items, each documented, refuted or unknown."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from pyproj import Geod

from geokit.core.codes import Grade

GEOD = Geod(ellps="WGS84")
ZONE_REGIMES = ("sez", "epz", "port_free_zone")
ESTATES = (*ZONE_REGIMES, "industrial_estate", "port_estate")
WORKING = ("operating", "developing")
ITEMS = {
    "zone": "zone licence", "land": "zoned land", "gas": "gas", "rail": "rail node", "status": "developed or under development",
}
"""Items of the checklist, in the order of the note."""


def score_readiness(layers: Mapping[str, pd.DataFrame], plants: pd.DataFrame, *, rail_spur_km: float) -> pd.DataFrame:
    """Count the documented items of the checklist for each plant site.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``sites``, ``nodes`` and ``links``.
    plants : pandas.DataFrame
        Indexed by site, with ``place_id``; a place that is no site of the layers has no cell value.
    rail_spur_km : float
        How near a node with an open rail link must be, km.

    Returns
    -------
    pandas.DataFrame
        Indexed like ``plants``: ``value_low`` and ``value`` = items documented, ``value_high`` = with the unknown ones, ``note``,
        ``source_ids`` and ``grade``.
    """
    sites = layers["sites"].set_index("site_id")
    items = _code_items(sites, _code_rail(layers, rail_spur_km)).reindex(plants["place_id"]).set_axis(plants.index)
    known = plants["place_id"].isin(sites.index)
    decided = (items.notna().all(axis=1) | (items == 1).any(axis=1)) & known
    low = items.fillna(0).sum(axis=1).where(decided)
    high = items.fillna(1).sum(axis=1).where(decided)
    notes = items.apply(_describe, axis=1) if len(items) else pd.Series(dtype=str)
    return pd.DataFrame(
        {
            "value_low": low, "value": low, "value_high": high,
            "note": notes.where(known, "a deposit, not an estate: nothing was looked up on site"),
            "source_ids": plants["place_id"].map(sites["source_id"]).where(known, ""),
            "grade": Grade.ASSUMPTION.value,
        },
        index=plants.index,
    )


def _code_items(sites: pd.DataFrame, rail: pd.Series) -> pd.DataFrame:
    """Return one column an item: 1 documented, 0 refuted, NaN unknown."""
    estate = sites["kind_code"].isin(ESTATES)
    return pd.DataFrame(
        {
            "zone": sites["kind_code"].isin(ZONE_REGIMES).astype(float),
            "land": sites["land_code"].map({"zoned": 1.0, "full": 0.0}).where(estate, 0.0),
            "gas": sites["gas_code"].map({"supplied": 1.0, "none": 0.0}),
            "rail": rail,
            "status": sites["status_code"].isin(WORKING).astype(float),
        },
        index=sites.index,
    )


def _code_rail(layers: Mapping[str, pd.DataFrame], rail_spur_km: float) -> pd.Series:
    """Return 1 near a node with an open rail link, NaN near a rail node whose link nobody verified, else 0."""
    sites, nodes = layers["sites"].set_index("site_id"), layers["nodes"]
    links = layers["links"].query("mode == 'rail' and status_code == 'open'")
    is_linked = nodes["node_id"].isin([*links["from"], *links["to"]])
    linked = _is_near(sites, nodes[is_linked], rail_spur_km)
    unverified = _is_near(sites, nodes[nodes["modes"].str.contains("rail") & ~is_linked], rail_spur_km)
    return pd.Series(np.select([linked, unverified], [1.0, np.nan], 0.0), index=sites.index)


def _is_near(sites: pd.DataFrame, nodes: pd.DataFrame, limit_km: float) -> np.ndarray:
    """Return which sites have one of the nodes within a distance."""
    if nodes.empty:
        return np.zeros(len(sites), dtype=bool)
    lon, node_lon = np.meshgrid(sites["lon"], nodes["lon"], indexing="ij")
    lat, node_lat = np.meshgrid(sites["lat"], nodes["lat"], indexing="ij")
    _, _, metres = GEOD.inv(lon, lat, node_lon, node_lat)
    return np.asarray((metres / 1000.0 <= limit_km).any(axis=1))


def _describe(items: pd.Series) -> str:
    """Say in words which items are documented and which are not known."""
    documented = ", ".join(word for name, word in ITEMS.items() if items[name] == 1)
    unknown = ", ".join(word for name, word in ITEMS.items() if np.isnan(items[name]))
    return f"documented: {documented or 'nothing'}; not known: {unknown or 'nothing'}"
