"""Which feed a plant can draw, from where and how much product is in it (model rule M6)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.chain import trace_feeds
from geokit.core.columns import join_ids, split_ids
from geokit.core.grades import read_grade_unit
from geokit.economics.balance import content_factors, map_factors, step_recoveries
from geokit.economics.bands import Band, Floats
from geokit.economics.notes import pick_words
from geokit.economics.quotes import content_bands

FREE, CONTESTED, UNKNOWN = "free", "contested", ""
HELD = ("captive", "committed")
"""Feed that is never for sale: its operator or its lenders take it."""
COLUMNS = [
    "stage_id",
    "place_id",
    "deposit_id",
    "deposit",
    "usd_per_t_low",
    "usd_per_t",
    "usd_per_t_high",
    "reachable",
    "feed_available",
    "tonnage_t_low",
    "tonnage_t",
    "tonnage_t_high",
    "grade_pct",
    "contained_of",
    "contained_t",
    "product_t_low",
    "product_t",
    "product_t_high",
    "historical",
    "source_ids",
    "note",
]

STOCK = [name for name in COLUMNS if name not in {"place_id", "usd_per_t_low", "usd_per_t", "usd_per_t_high", "reachable"}]
OPERATING = "operating"
DERIVED = "derived_100pct"
"""Flag of a tonnage that we scaled from the share of one partner to the whole deposit."""


def feed_sources(layers: Mapping[str, pd.DataFrame], hauls: pd.DataFrame, *, assumptions: Assumptions) -> pd.DataFrame:
    """Return every deposit that can feed a stage at a place, with what it holds.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``deposits``, ``deposit_feeds``, ``stages``, ``products`` and ``contained_factors``.
    hauls : pandas.DataFrame
        Rows of kind ``feed`` lead from a deposit to a place.
    assumptions : Assumptions
        The freight cut-off and the recoveries that no source states.

    Returns
    -------
    pandas.DataFrame
        One row a (stage, place, deposit), columns as in the data dictionary. A stage that stands at its ore reaches only what lies
        within ``feed.at_ore_limit_km`` by road; a deposit without a haul has no row.
    """
    stock = deposit_stock(layers, assumptions=assumptions)
    siting = layers["stages"].set_index("stage_id")["siting"]
    roads = hauls[hauls["kind"] == "feed"].assign(km=lambda frame: frame[["road_km", "rail_km", "gap_km"]].sum(axis=1))
    roads = roads.rename(columns={"origin_id": "deposit_id", "destination_id": "place_id"})
    table = stock.merge(roads[["deposit_id", "place_id", "usd_per_t_low", "usd_per_t", "usd_per_t_high", "km"]], on="deposit_id")
    near = table["usd_per_t"] <= assumptions.feed.cutoff_usd_per_t
    at_ore = table["stage_id"].map(siting) == "at_ore"
    own = (table["place_id"] == table["deposit_id"]) | (table["km"] <= assumptions.feed.at_ore_limit_km)
    reachable = np.where(near & (own | ~at_ore), "yes", "no")
    return table.assign(reachable=reachable)[COLUMNS].sort_values(COLUMNS[:3], ignore_index=True)


def deposit_stock(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return what each deposit holds for each stage it can feed, wherever the plant stands.

    product = tonnage x grade x factor x recovery of the chain / content of the product. Only rows whose tonnage counts add any, so
    that no body is counted twice; a grade in another metal than the product's gives nothing.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``deposits``, ``deposit_feeds``, ``stages``, ``products`` and ``contained_factors``.
    assumptions : Assumptions
        Recoveries that no source states.

    Returns
    -------
    pandas.DataFrame
        One row a (stage, deposit); ``product_id``, ``proven`` (the mine runs, or its tonnage is known) and the columns of ``feeds``
        in the data dictionary without those of the haul.
    """
    deposits = layers["deposits"].rename(columns={"name": "deposit"})
    stages = layers["stages"][["stage_id", "product_id"]]
    table = trace_feeds(layers).merge(stages, on="stage_id").merge(deposits, on="deposit_id")
    ore = Band.of(*(table[f"tonnage_million_t_{end}"] * 1e6 for end in ("low", "mode", "high")))
    counted = table["tonnage_counts"].to_numpy(dtype=bool) & ~np.isnan(ore.mode)
    ore = Band(np.fmin(ore.low, ore.mode), ore.mode, np.fmax(ore.high, ore.mode)).where(counted, Band.exact(np.nan))
    held = contained_bands(layers, table)
    factor = held["factor"].to_numpy()
    content = Band.read(content_bands(layers, assumptions=assumptions).reindex(table["product_id"]), "frac")
    product = ore * Band.read(held, "grade_frac") * Band.exact(factor) * chain_recovery(layers, table, assumptions=assumptions) / content
    sources = [join_ids(ids) for ids in zip(table["source_id"], table["feed_source_id"], strict=True)]
    return table.assign(
        **ore.columns("tonnage_t"),
        **product.columns("product_t"),
        contained_of=held["contained_of"],
        grade_pct=held["grade_frac"] * 100.0,
        contained_t=ore.mode * held["grade_frac"],
        historical=np.where(table["historical_estimate"] == "true", "yes", "no"),
        source_ids=sources,
        proven=(table["status_code"] == OPERATING) | ~np.isnan(ore.mode),
        note=_stock_notes(table.assign(contained_of=held["contained_of"]), ore, factor=factor),
    )[["product_id", "proven", *STOCK]]


def contained_bands(layers: Mapping[str, pd.DataFrame], table: pd.DataFrame) -> pd.DataFrame:
    """Return the grade of the ore of each pair as a share of its mass, and the tonnes of the product's content in a tonne of the ore's.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``products`` and ``contained_factors``.
    table : pandas.DataFrame
        Rows of deposits with their grades, and ``product_id``.

    Returns
    -------
    pandas.DataFrame
        Index of the table; columns ``grade_frac_low``, ``grade_frac``, ``grade_frac_high`` (0-1), ``contained_of`` (what the grade
        counts, blank without a grade) and ``factor`` (t/t, NaN where stoichiometry gives none).
    """
    units = [read_grade_unit(unit) for unit in table["grade_unit"]]
    share = np.array([1.0 / unit.whole if unit else np.nan for unit in units])
    grade = table["grade_value"] * share
    band = Band.of(np.fmin(table["grade_low"] * share, grade), grade, np.fmax(table["grade_high"] * share, grade))
    counted = np.where(grade.notna(), [unit.analyte if unit else "" for unit in units], "")
    contained = pd.Series(counted, index=table.index, dtype=object)
    names = layers["products"].set_index("product_id")["contained_of"]
    factor = map_factors(content_factors(layers), contained, table["product_id"].map(names))
    return pd.DataFrame({**band.columns("grade_frac"), "contained_of": contained, "factor": factor}, index=table.index)


def chain_recovery(layers: Mapping[str, pd.DataFrame], table: pd.DataFrame, *, assumptions: Assumptions, skip: int = 0) -> Band:
    """Return the product of the recoveries from the first stage of each pair to its last.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``.
    table : pandas.DataFrame
        Columns ``first_stage_id`` and ``stage_id``.
    assumptions : Assumptions
        Recoveries that no source states.
    skip : int
        How many stages at the start to leave out.

    Returns
    -------
    Band
        Shares 0-1, one a row; 1 where no stage is left.
    """
    steps = step_recoveries(layers, assumptions=assumptions)
    upstream = dict(zip(layers["stages"]["stage_id"], layers["stages"]["upstream_stage_id"], strict=True))
    ends = ["recovery_low", "recovery", "recovery_high"]
    pairs = list(zip(table["first_stage_id"], table["stage_id"], strict=True))
    paths = {pair: steps_between(*pair, upstream) for pair in dict.fromkeys(pairs)}
    chains = {pair: steps.loc[path[: len(path) - skip], ends].prod() for pair, path in paths.items()}
    return Band.read(pd.DataFrame([chains[pair] for pair in pairs], columns=ends), "recovery")


def steps_between(first: str, last: str, upstream: Mapping[str, str]) -> list[str]:
    """Return the stages from last back to first along the chain, both included."""
    path = [last]
    while path[-1] != first:
        before = split_ids(upstream[path[-1]])
        path.append(first if first in before else before[0])
    return path


def _stock_notes(table: pd.DataFrame, ore: Band, *, factor: Floats) -> pd.Series:
    """Say what stands behind the tonnage of each row, or why it has none."""
    is_derived = table["flags"].map(lambda cell: DERIVED in split_ids(cell)).astype(bool)
    return pick_words(
        table.index,
        (~table["tonnage_counts"].astype(bool), "part of another row: its tonnage is not counted again"),
        (np.isnan(ore.mode), "no tonnage published: contributes nothing, unknown"),
        (table["contained_of"] == "", "tonnage without a grade: contributes nothing, unknown"),
        (np.isnan(factor), "its grade is in another metal than the product's: contributes nothing, unknown"),
        (table["historical_estimate"] == "true", "historical estimate, not a mineral resource"),
        (is_derived.to_numpy(), "derived by us from an attributable figure, not published as such"),
        default="resource as published",
    )
