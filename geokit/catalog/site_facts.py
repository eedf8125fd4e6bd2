"""Answer the criteria that only the place decides: power, water, readiness, security, protected areas, institutions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.catalog.readiness import score_readiness
from geokit.core.assumptions import Assumptions
from geokit.core.cells import CELL_COLUMNS
from geokit.core.codes import Grade, Kind
from geokit.core.columns import join_ids, split_ids

HOLDERS = {
    "I1": "the grid company or the developer of the site",
    "I2": "the irrigation or water department",
    "I3": "the developer of the site",
    "R1": "the publishers of attack counts",
    "R2": "the wildlife department",
    "R3": "the mines department and the high court",
}
ATTACK_SERIES = "PIPS"
"""Series of attack counts that the criterion is anchored on; other series count differently and are never mixed in."""
NOTHING_NEEDED = {"I1": 1.0, "I2": 1.0, "I3": 5.0}
"""Value of a criterion when no plant is built at all."""


def site_facts(layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the cells of the criteria I1, I2, I3, R1, R2 and R3, one a site.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``sites``, ``nodes``, ``links``, ``hazards`` and ``institution_scores``.
    alternatives : pandas.DataFrame
        As built by the study; only site, kind, province and districts are read.
    assumptions : Assumptions
        ``scoring.rail_spur_km``.

    Returns
    -------
    pandas.DataFrame
        Cells keyed by ``criterion_id`` and ``site_id``. A fact that no layer holds is a row without a value, with the reason in
        ``note``. Readiness (I3) and institutions (R3) count what is documented; what is unknown widens the upper end only (model rules
        M4, M19).
    """
    places = alternatives.drop_duplicates("site_id").set_index("site_id")[["kind", "place_id", "province_id", "district_ids"]]
    plants = places[places["kind"] == Kind.PLANT.value]
    tables = [
        _rate_power(layers, plants),
        _rate_water(layers, plants),
        score_readiness(layers, plants, rail_spur_km=assumptions.scoring.rail_spur_km).assign(criterion_id="I3"),
        _count_attacks(layers, plants),
        _count_parks(layers, plants),
        _rate_institutions(layers, plants),
        _rate_baselines(places[places["kind"] != Kind.PLANT.value]),
    ]
    cells = pd.concat([table.reset_index() for table in tables if len(table)], ignore_index=True).assign(stage_id="")
    cells = pd.concat([cells, *_rate_exports(layers, alternatives)], ignore_index=True).assign(profile="", partner="", track="")
    missing = cells["value"].isna()
    cells["grade"] = cells["grade"].where(~missing, Grade.MISSING.value)
    cells["holder"] = cells["criterion_id"].map(HOLDERS).where(missing | (cells["value_low"] < cells["value_high"]), "")
    cells["source_ids"] = cells["source_ids"].fillna("").where(~missing, "")
    return cells.reindex(columns=list(CELL_COLUMNS)).sort_values(["criterion_id", "site_id"], ignore_index=True)


def _cells(criterion: str, values: pd.Series, *, notes: pd.Series, sources: pd.Series | str, grade: Grade) -> pd.DataFrame:
    """Return cells of one criterion whose three figures agree, indexed by site."""
    frame = pd.DataFrame({"criterion_id": criterion, "value_low": values, "value": values, "value_high": values}, index=values.index)
    return frame.assign(grade=grade.value, source_ids=sources, note=notes)


def _rate_power(layers: Mapping[str, pd.DataFrame], plants: pd.DataFrame) -> pd.DataFrame:
    """Return I1: zero on a grid known to be short; else not known, for a captive plant's megawatts serve nobody else."""
    sites = layers["sites"].set_index("site_id")
    power = plants["place_id"].map(sites["power_firm_mw"]).astype(float)
    stated = power.map("{:g} MW are stated, captive or without a sourced need to set against".format)
    short = layers["power_balance"].query("firm_surplus_mw < 0").set_index("area_id")
    value = plants["province_id"].map(short["firm_surplus_mw"] * 0.0).astype(float)
    notes = stated.where(power.notna(), "firm power of the place was not found").where(
        value.isna(), plants["province_id"].map(short["note"])
    )
    return _cells("I1", value, notes=notes, sources=plants["province_id"].map(short["source_id"]), grade=Grade.EVIDENCE)


def _rate_water(layers: Mapping[str, pd.DataFrame], plants: pd.DataFrame) -> pd.DataFrame:
    """Return I2: the water class of the site, our judgement."""
    sites = layers["sites"].set_index("site_id")
    water = plants["place_id"].map(sites["water_class"]).astype(float)
    notes = plants["place_id"].map(sites["water_class_basis"]).where(water.notna(), "water of the place was not classed")
    return _cells("I2", water, notes=notes, sources="judgement", grade=Grade.ASSUMPTION)


def _count_attacks(layers: Mapping[str, pd.DataFrame], plants: pd.DataFrame) -> pd.DataFrame:
    """Return R1: attacks of the latest year in the first-level unit, one series only."""
    rows = layers["hazards"].query("hazard == 'attacks' and area_kind == 'province' and series == @ATTACK_SERIES")
    latest = rows[rows["year"] == rows["year"].max()].set_index("area_id")
    value = plants["province_id"].map(latest["value"]).astype(float)
    note = plants["province_id"].map("attacks in the whole unit, " + latest["series"] + " " + latest["year"])
    reason = "the series has no count for this unit; few attacks are not none"
    sources = plants["province_id"].map(latest["source_id"])
    return _cells("R1", value, notes=note.where(value.notna(), reason), sources=sources, grade=Grade.EVIDENCE)


def _count_parks(layers: Mapping[str, pd.DataFrame], plants: pd.DataFrame) -> pd.DataFrame:
    """Return R2: missing, with the protected areas named for the districts of the place.

    The lists behind the layer name areas; they do not say that they name all. A count of names is only a lower bound of what should be
    few, so it proves nothing in favour of a place, and no figure is given.
    """
    parks = layers["hazards"].query("hazard == 'protected_area' and area_kind == 'district'")
    pairs = plants["district_ids"].map(split_ids).explode().rename("area_id").reset_index().merge(parks, on="area_id")
    names = pairs.groupby("site_id")["series"].agg(_list_names).reindex(plants.index)
    reason = "no list of protected areas was looked up for the district"
    notes = ("named for the district, perhaps not all: " + names).where(names.notna(), reason)
    return _cells("R2", pd.Series(np.nan, index=plants.index), notes=notes, sources="", grade=Grade.MISSING)


def _list_names(names: pd.Series) -> str:
    """Join names, each once, in the order of the alphabet."""
    return ", ".join(sorted(set(names)))


def _rate_institutions(layers: Mapping[str, pd.DataFrame], plants: pd.DataFrame) -> pd.DataFrame:
    """Return R3: documented points of the rubric, up to those that the unknown items could add; missing when nothing is documented."""
    scores = layers["institution_scores"].assign(open_item=lambda d: d["item"].where(d["points_low"] < d["points_high"], ""))
    sums = scores.groupby("province_id").agg(
        value_low=("points_low", "sum"),
        value_high=("points_high", "sum"),
        source_ids=("source_id", join_ids),
        unknown=("open_item", _list_open),
    )
    cells = sums.reindex(plants["province_id"]).set_axis(plants.index)
    note = ("documented points; not known: " + cells["unknown"]).where(cells["value_low"].notna(), "the unit's mining law was not coded")
    decided = cells["value_low"] > 0
    cells[["value_low", "value_high"]] = cells[["value_low", "value_high"]].where(decided)
    return cells.assign(criterion_id="R3", value=cells["value_low"], note=note, grade=Grade.ASSUMPTION.value).drop(columns="unknown")


def _rate_exports(layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame) -> list[pd.DataFrame]:
    """Return R1 and R3 of exporting a stage's feed: those of the provinces where its mines lie, the harshest of several as the figure."""
    exports = alternatives[alternatives["kind"] == Kind.EXPORT.value].set_index("stage_id")[["site_id", "province_id"]]
    mines = exports.assign(province_id=exports["province_id"].map(split_ids)).explode("province_id")
    found = [_span(_count_attacks(layers, mines), worst="max"), _span(_rate_institutions(layers, mines), worst="min")]
    return [table.join(exports["site_id"]).rename_axis("stage_id").reset_index() for table in found if len(table)]


def _span(cells: pd.DataFrame, *, worst: str) -> pd.DataFrame:
    """Join the cells of several provinces into one a stage, from the least to the most; missing when one of them is."""
    groups = cells.groupby(level=0, sort=False)
    told = groups[["criterion_id", "grade"]].first()
    told = told.assign(note=groups["note"].agg(_join_notes), source_ids=groups["source_ids"].agg(join_ids))
    figures = {"value_low": groups["value_low"].min(), "value": groups["value"].agg(worst), "value_high": groups["value_high"].max()}
    known = groups["value"].count() == groups.size()
    return told.assign(**{name: figure.where(known) for name, figure in figures.items()})


def _join_notes(notes: pd.Series) -> str:
    """Join notes, each once."""
    return "; ".join(dict.fromkeys(notes))


def _list_open(items: pd.Series) -> str:
    """Join the items that are not known, as words."""
    return ", ".join(item.replace("_", " ") for item in items if item) or "nothing"


def _rate_baselines(places: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of the ways of doing less: nothing is needed where nothing is built, and abroad the layers end."""
    table = pd.MultiIndex.from_product([places.index, sorted(HOLDERS)], names=["site_id", "criterion_id"]).to_frame(index=False)
    is_export = table["site_id"].map(places["kind"]) == Kind.EXPORT.value
    by_mine = is_export & table["criterion_id"].isin(["R1", "R3"])
    table, is_export = table[~by_mine].reset_index(drop=True), is_export[~by_mine].reset_index(drop=True)
    best = table["criterion_id"].map(NOTHING_NEEDED).where(is_export)
    notes = np.select(
        [best.notna(), is_export],
        ["no plant is built, so nothing is needed", "nobody looked up the protected areas around the mines"],
        "the plant stands outside the layers",
    )
    figures = pd.DataFrame(dict.fromkeys(("value_low", "value", "value_high"), best))
    return pd.concat([table, figures], axis=1).assign(note=notes, grade=Grade.DEFINITION.value).set_index("site_id")
