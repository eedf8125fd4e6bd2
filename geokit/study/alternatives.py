"""The alternatives of a study: sensible pairs of site and stage, and the ways of doing less (model rules M1, M2)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from pyproj import Geod

from geokit.core.chain import trace_feeds
from geokit.core.codes import Kind
from geokit.core.columns import join_ids
from geokit.core.errors import UnknownNameError
from geokit.io.defaults import read_defaults

GEOD = Geod(ellps="WGS84")
LOCATED_KM = 5.0
"""A deposit hosts a plant of its own only when its place is known at least this well, km (model rule M1)."""
PLACE = ["province_id", "district_ids", "lat", "lon"]
COLUMNS = [
    "alternative",
    "kind",
    "site_id",
    "stage_id",
    "label",
    "product_id",
    "feed_product_ids",
    "siting",
    "place_id",
    "port_id",
    *PLACE,
    "coord_accuracy_km",
    "developer_profile",
    "conditions",
    "source_ids",
]


def find_alternative(layers: Mapping[str, pd.DataFrame], name: str) -> str:
    """Return the id of an alternative, before anything is computed for it.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        As for :func:`build_alternatives`.
    name : str
        ``site:stage``.

    Returns
    -------
    str
        The same.

    Raises
    ------
    UnknownNameError
        If the layers make no such alternative.
    """
    known = build_alternatives(layers, read_defaults("siting"))["alternative"].tolist()
    if name not in known:
        kind = "alternative"
        raise UnknownNameError(kind, name, known)
    return name


def build_alternatives(layers: Mapping[str, pd.DataFrame], siting: pd.DataFrame) -> pd.DataFrame:
    """Return every alternative that makes sense, plants first, then the baselines.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``sites``, ``site_profiles``, ``stages``, ``deposits``, ``deposit_feeds`` and ``baselines``.
    siting : pandas.DataFrame
        Which kind of site may host which kind of stage (columns ``siting``, ``kind_code``).

    Returns
    -------
    pandas.DataFrame
        One row an alternative, sorted by id within kind; columns as in the data dictionary.
    """
    stages = layers["stages"].rename(columns={"label": "stage_label", "input_product_ids": "feed_product_ids"})
    stages = stages[["stage_id", "stage_label", "commodity_id", "product_id", "feed_product_ids", "siting"]]
    free = _free_plants(layers, stages, siting)
    at_ore = _ore_plants(layers, stages)
    baselines = _baselines(layers, stages)
    table = pd.concat([free, at_ore, baselines], ignore_index=True)
    table["alternative"] = table["site_id"] + ":" + table["stage_id"]
    made = table["commodity_id"].str.replace("-", " ") + ", " + table["stage_label"]
    feed = table["feed_product_ids"].str.replace("|", " or ").str.replace("-", " ")
    exported = "Export " + feed + ", no plant"
    table["label"] = (table["name"] + ": " + made).mask(table["kind"] == Kind.EXPORT, exported)
    order = table["kind"].map({kind.value: rank for rank, kind in enumerate(Kind)})
    table = table.assign(order=order).sort_values(["order", "alternative"], ignore_index=True)
    words = [name for name in COLUMNS if name not in {"lat", "lon", "coord_accuracy_km"}]
    return table.reindex(columns=COLUMNS).fillna(dict.fromkeys(words, ""))


def _candidates(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the candidate sites with the profile of their developer."""
    profiles = layers["site_profiles"].set_index("site_id")["developer_profile"]
    sites = layers["sites"].query("role == 'candidate'").rename(columns={"coord_precision_km": "coord_accuracy_km"})
    return sites.assign(
        developer_profile=sites["site_id"].map(profiles).fillna(""), place_id=sites["site_id"], source_ids=sites["source_id"]
    )


def _free_plants(layers: Mapping[str, pd.DataFrame], stages: pd.DataFrame, siting: pd.DataFrame) -> pd.DataFrame:
    """Pair each zone, estate or railhead with each stage that may stand anywhere."""
    hosts = siting.query("siting == 'free'")["kind_code"]
    sites = _candidates(layers)
    pairs = sites[sites["kind_code"].isin(hosts)].drop(columns="port_id").merge(stages.query("siting == 'free'"), how="cross")
    return pairs.assign(kind=Kind.PLANT.value)


def _ore_plants(layers: Mapping[str, pd.DataFrame], stages: pd.DataFrame) -> pd.DataFrame:
    """Pair each well-located feed deposit, or the mine site that stands on it, with the stages that treat its ore."""
    feeds = trace_feeds(layers).query("stage_id == first_stage_id").drop(columns="feed_product_ids")
    feeds = feeds.merge(stages.query("siting == 'at_ore'"), on="stage_id")
    deposits = layers["deposits"].assign(place_id=layers["deposits"]["deposit_id"], developer_profile="B")
    deposits = deposits[["deposit_id", "name", "place_id", "coord_accuracy_km", "developer_profile", "source_id", *PLACE]]
    mines = _candidates(layers).query("kind_code == 'mine_site'").drop(columns=["port_id", "source_id"])
    near = _stands_on(mines, deposits)
    on_mine = feeds.merge(near[["deposit_id", "site_id"]], on="deposit_id").drop_duplicates(["site_id", "stage_id"])
    on_mine = on_mine.merge(mines, on="site_id")
    located = deposits[(deposits["coord_accuracy_km"] <= LOCATED_KM) & ~deposits["deposit_id"].isin(near["deposit_id"])]
    on_deposit = feeds.merge(located, on="deposit_id").assign(site_id=lambda d: d["deposit_id"], source_ids=lambda d: d["source_id"])
    return pd.concat([on_mine, on_deposit], ignore_index=True).assign(kind=Kind.PLANT.value)


def _stands_on(mines: pd.DataFrame, deposits: pd.DataFrame) -> pd.DataFrame:
    """Return the (deposit, mine site) pairs that their accuracies allow to be the same place, nearest first."""
    pairs = deposits.dropna(subset=["lat"]).merge(
        mines[["site_id", "lat", "lon", "coord_accuracy_km"]], how="cross", suffixes=("", "_site")
    )
    _, _, metres = GEOD.inv(pairs["lon"], pairs["lat"], pairs["lon_site"], pairs["lat_site"])
    slack_km = np.fmax(pairs["coord_accuracy_km"].fillna(0), LOCATED_KM) + pairs["coord_accuracy_km_site"]
    pairs = pairs.assign(gap_km=metres / 1000.0)[metres / 1000.0 <= slack_km]
    nearest: pd.DataFrame = pairs.sort_values(["gap_km", "deposit_id"]).drop_duplicates("deposit_id")
    return nearest


def _baselines(layers: Mapping[str, pd.DataFrame], stages: pd.DataFrame) -> pd.DataFrame:
    """Return the ways of doing less: named tolls, the same plants abroad, and the export of what is known to be there."""
    free = stages.query("siting == 'free'")
    rows = layers["baselines"].rename(columns={"label": "name"}).assign(source_ids=lambda d: d["source_id"])
    named = rows.query("stage_id != ''").merge(stages, on="stage_id")
    general = rows.query("stage_id == ''").drop(columns="stage_id").merge(free, how="cross")
    mined = _mined_in(layers)
    exports = general["kind"] == Kind.EXPORT
    general = general.assign(province_id=general["stage_id"].map(mined).where(exports, ""))[
        ~exports | general["stage_id"].isin(mined.index)
    ]
    table = pd.concat([named, general], ignore_index=True)
    own = table["status_note"].where(table["kind"] == Kind.TOLL, "")
    return table.assign(site_id=table["baseline_id"], place_id=table["port_id"], conditions=own)


def _mined_in(layers: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the provinces of the deposits of published tonnage and grade that can feed each stage.

    A stage without such a deposit is not there: nothing is known that could be exported.
    """
    sized = layers["deposits"].dropna(subset=["tonnage_million_t_mode", "grade_value"])[["deposit_id", "province_id"]]
    feeds = trace_feeds(layers)
    return feeds[feeds["tonnage_counts"]].merge(sized, on="deposit_id").groupby("stage_id")["province_id"].agg(join_ids)
