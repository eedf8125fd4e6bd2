"""What each mine gives each stage year by year, in every scenario, and what is not known of it (model rule M6)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.chain import trace_feeds
from geokit.core.columns import join_ids, split_ids
from geokit.economics.balance import content_factors, map_factors
from geokit.economics.bands import Band, Floats
from geokit.economics.feed import FREE, UNKNOWN, chain_recovery, deposit_stock, steps_between
from geokit.economics.notes import pick_words
from geokit.economics.phases import CHANCE, METAL, ORE, START, list_phases
from geokit.economics.quotes import content_bands

NOBODY = "unknown"
"""Availability of feed whose holder nobody could name."""
KEYS = ["scenario", "deposit_id", "first_stage_id"]
COLUMNS = [
    "stage_id", "scenario", "deposit_id", "year", "deposit", "commodity_id", "availability", "basis", "cluster", "feed_product_id",
    "ore_t_per_y_low", "ore_t_per_y", "ore_t_per_y_high", "feed_t_per_y_low", "feed_t_per_y", "feed_t_per_y_high",
    "product_t_per_y_low", "product_t_per_y", "product_t_per_y_high", "development_frac", "note", "source_ids",
]  # fmt: skip
GAPS = ["stage_id", "deposits", "with_tonnage", "with_years", "free_with_years", "reason"]


def feed_years(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the feed of every stage year by year, by deposit and scenario, wherever the plant stands.

    product = metal that leaves the first stage x recoveries of the stages after it x factor / content of the product. The rate of a
    year is that of the last phase that has begun; what a body gives in all years together never exceeds its tonnage, times the chance
    that it is mined.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        As for :func:`geokit.economics.phases.list_phases`.
    assumptions : Assumptions
        Group ``feed``; years run from ``finance.price_year`` through building and operation of a plant decided then.

    Returns
    -------
    pandas.DataFrame
        One row a (stage, scenario, deposit, year) for which somebody or some rule states a rate; columns as in the data dictionary
        (``feed_years``). What is unknown stays blank. The ends are bounds; a cluster's tonnes are shared by its rows.
    """
    phases = list_phases(layers, assumptions=assumptions)
    finance = assumptions.finance
    years = np.arange(finance.price_year, finance.price_year + finance.construction_years + finance.life_years)
    stock = deposit_stock(layers, assumptions=assumptions).set_index(["stage_id", "deposit_id"])
    runs = [_run_mine(rows, years, stock=stock) for _, rows in phases.groupby(KEYS)]
    mined = pd.concat(runs, ignore_index=True) if runs else phases.reindex(columns=_MINED).head(0)
    chain = trace_feeds(layers)[["stage_id", "deposit_id", "first_stage_id"]]
    table = chain.merge(mined, on=["deposit_id", "first_stage_id"])
    table = table.merge(layers["stages"][["stage_id", "commodity_id", "product_id", "input_product_ids"]], on="stage_id")
    table = table.merge(layers["deposits"][["deposit_id", "name", "feed_available"]], on="deposit_id").rename(columns={"name": "deposit"})
    inputs = table["input_product_ids"].map(lambda cell: (split_ids(cell) or ("",))[0])
    table = table.assign(
        **_make_product(layers, table, assumptions).columns("product_t_per_y"),
        availability=table["feed_available"].where(table["feed_available"] != UNKNOWN, NOBODY),
        feed_product_id=inputs,
        source_ids=[join_ids([cell]) for cell in table["source_ids"]],
    )
    return _find_feed(layers, table)[COLUMNS].sort_values(COLUMNS[:4], ignore_index=True)


_TOLD = ["basis", "cluster", "counts", "development_frac", "note"]
_MINED = [*KEYS, "year", *(name.replace("ore", "ore_t_per_y") for name in ORE), *METAL, *_TOLD, "source_ids"]


def _run_mine(rows: pd.DataFrame, years: np.ndarray, *, stock: pd.DataFrame) -> pd.DataFrame:
    """Return what one body gives each year in one scenario, as long as its tonnage lasts."""
    key = [str(rows[name].iloc[0]) for name in KEYS]
    held = stock.loc[[(key[2], key[1])]].iloc[0]
    tonnes = [held["tonnage_t_low"], held["tonnage_t"], held["tonnage_t_high"]]
    phase = _pick_phase(rows[START[1]].to_numpy(), years)
    out: dict[str, Floats] = {}
    for ore, metal, start, most, chance in zip(ORE, METAL, START, tonnes, CHANCE, strict=True):
        picked = _pick_phase(rows[start].to_numpy(), years)
        ores, metals = (np.where(picked < 0, 0.0, rows[name].to_numpy()[picked]) for name in (ore, metal))
        kept = _last(ores, float(most * rows[chance].iloc[0]))
        out[ore.replace("ore", "ore_t_per_y")] = ores * kept
        out[metal] = metals * kept
    told = rows.iloc[np.maximum(phase, 0)].reset_index(drop=True)
    words = {**dict(zip(KEYS, key, strict=True)), "year": years, "source_ids": told["source_id"]}
    same = {name: told[name] for name in _TOLD}
    return pd.DataFrame({**words, **same, **_order(out)}, columns=_MINED)


def _pick_phase(starts: Floats, years: np.ndarray) -> np.ndarray:
    """Return the phase that holds in each year: the last that has begun, -1 before the first; not-a-number never begins."""
    begun = np.where(np.isnan(starts), np.inf, starts)[:, None] <= years[None, :]
    order = np.argsort(np.argsort(starts, kind="stable"))[:, None]
    return np.asarray(np.where(begun.any(axis=0), np.argmax(np.where(begun, order, -1), axis=0), -1))


def _last(ores: Floats, most: float) -> Floats:
    """Return the share of each year's ore that is still in the ground; 1 where the tonnage is unknown."""
    if np.isnan(most) or np.isnan(ores).all():
        return np.ones(len(ores))
    before = np.concatenate([[0.0], np.cumsum(ores)[:-1]])
    left = np.clip(most - before, 0.0, None)
    return np.asarray(np.minimum(1.0, np.divide(left, ores, out=np.ones(len(ores)), where=ores > 0)))


def _order(out: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return bands in order: a body that is dug up faster at the high end may be exhausted there first."""
    made: dict[str, Floats] = {}
    for low, mode, high in ((name.replace("ore", "ore_t_per_y") for name in ORE), METAL):
        made |= {low: np.fmin(out[low], out[mode]), mode: out[mode], high: np.fmax(out[high], out[mode])}
    return made


def _make_product(layers: Mapping[str, pd.DataFrame], table: pd.DataFrame, assumptions: Assumptions) -> Band:
    """Return the product of the stage of each row from the metal that leaves its first stage."""
    names = layers["products"].set_index("product_id")["contained_of"]
    factor = map_factors(content_factors(layers), table["counts"], table["product_id"].map(names))
    content = Band.read(content_bands(layers, assumptions=assumptions).reindex(table["product_id"]), "frac")
    return Band.read(table, "metal") * chain_recovery(layers, table, assumptions=assumptions, skip=1) * Band.exact(factor) / content


def _find_feed(layers: Mapping[str, pd.DataFrame], table: pd.DataFrame) -> pd.DataFrame:
    """Add what arrives at the gate: ore at the first stage, the product of the stage before at a later one."""
    upstream = dict(zip(layers["stages"]["stage_id"], layers["stages"]["upstream_stage_id"], strict=True))
    steps = [
        path[1] if len(path := steps_between(first, last, upstream)) > 1 else ""
        for first, last in zip(table["first_stage_id"], table["stage_id"], strict=True)
    ]
    keys = ["scenario", "deposit_id", "first_stage_id", "year"]
    made = [f"product_t_per_y{end}" for end in ("_low", "", "_high")]
    fed = [name.replace("product", "feed") for name in made]
    earlier = table[["stage_id", *keys, *made]].rename(columns={"stage_id": "before", **dict(zip(made, fed, strict=True))})
    before = pd.Series(steps, index=table.index, dtype=object)
    made_before = before.map(layers["stages"].set_index("stage_id")["product_id"])
    inputs = zip(before, made_before, table["input_product_ids"], strict=True)
    eaten = [not stage or made in split_ids(cell) for stage, made, cell in inputs]
    rows = table.assign(before=before, eaten=eaten).merge(earlier, on=["before", *keys], how="left")
    rows[fed] = rows[fed].where(rows["eaten"])  # a co-product of the stage before is not its product
    ores = [name.replace("product", "ore") for name in made]
    return rows.assign(**{feed: rows[feed].where(rows["before"] != "", rows[ore]) for feed, ore in zip(fed, ores, strict=True)})


def feed_gaps(layers: Mapping[str, pd.DataFrame], years: pd.DataFrame) -> pd.DataFrame:
    """Return what can be said of the feed of every stage, above all of those that nobody feeds.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``deposits``, ``deposit_feeds`` and ``stages``.
    years : pandas.DataFrame
        From :func:`feed_years`.

    Returns
    -------
    pandas.DataFrame
        One row a stage; columns as in the data dictionary (``feed_gaps``).
    """
    sized = layers["deposits"].loc[layers["deposits"]["tonnage_million_t_mode"].notna(), "deposit_id"]
    chain = trace_feeds(layers)
    chain = chain.assign(sized=chain["deposit_id"].isin(sized) & chain["tonnage_counts"].astype(bool))
    known = years.loc[years["product_t_per_y"].notna() | years["feed_t_per_y"].notna()].drop_duplicates(["stage_id", "deposit_id"])
    counts = pd.DataFrame({"stage_id": layers["stages"]["stage_id"]}).set_index("stage_id").assign(
        deposits=chain.groupby("stage_id").size(),
        with_tonnage=chain.groupby("stage_id")["sized"].sum(),
        with_years=known.groupby("stage_id").size(),
        free_with_years=known[known["availability"] == FREE].groupby("stage_id").size(),
    )  # fmt: skip
    counts = counts.fillna(0).astype(int)
    reason = pick_words(
        counts.index,
        (counts["deposits"] == 0, "no deposit in the layers feeds this stage: import or toll feed only"),
        ((counts["with_tonnage"] == 0) & (counts["with_years"] == 0), "no published resource"),
        (counts["with_years"] == 0, "a resource is published, and no count, plan or rule gives its yearly rate"),
        (counts["free_with_years"] == 0, "feed by year is known, and none of it is known to be free"),
        default="free feed by year is known",
    )
    return counts.assign(reason=reason).reset_index()[GAPS].sort_values("stage_id", ignore_index=True)


def sum_years(years: pd.DataFrame, feeds: pd.DataFrame) -> pd.DataFrame:
    """Return what a plant at each place could draw each year, by availability.

    Parameters
    ----------
    years : pandas.DataFrame
        From :func:`feed_years`.
    feeds : pandas.DataFrame
        From :func:`geokit.economics.feed.feed_sources`; a deposit out of reach gives nothing.

    Returns
    -------
    pandas.DataFrame
        Columns ``place_id``, ``stage_id``, ``scenario``, ``year``, ``availability``, ``feed_t_per_y_*``, ``product_t_per_y_*`` and
        ``unknown`` (deposits whose product is not known); tonnes are blank where none are known. The high end of a cluster counts
        once, however many of its members are in reach.
    """
    reach = feeds.loc[feeds["reachable"] == "yes", ["place_id", "stage_id", "deposit_id"]]
    rows = reach.merge(years, on=["stage_id", "deposit_id"])
    keys = ["place_id", "stage_id", "scenario", "year", "availability"]
    tonnes = [f"{what}_t_per_y{end}" for what in ("feed", "product") for end in ("_low", "", "_high")]
    lot = rows["cluster"].where(rows["cluster"] != "", rows["deposit_id"])
    highs = [name for name in tonnes if name.endswith("_high")]
    sums = [name for name in tonnes if name not in highs]
    rows = rows.assign(lot=lot, unknown=rows["product_t_per_y"].isna())
    each = rows.groupby([*keys, "lot"])
    lots = each[sums].sum(min_count=1).join(each[highs].max()).join(each["unknown"].sum())
    kinds = lots.groupby(keys)
    return kinds[tonnes].sum(min_count=1).join(kinds["unknown"].sum()).reset_index()
