"""At what rate each mine gives ore, from which year on, and who says so: counts, plans, rules of thumb, priors (model rule M6)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.chain import trace_feeds
from geokit.core.columns import join_ids, split_ids
from geokit.core.errors import UnknownNameError
from geokit.economics.balance import step_recoveries
from geokit.economics.bands import Band
from geokit.economics.feed import OPERATING, contained_bands
from geokit.economics.prior import prior_rates
from geokit.economics.taylor import mine_rate

OBSERVED, PLANNED, TAYLOR, PRIOR = "observed", "stated_plan", "taylor", "prior"
ORE, METAL = ["ore_low", "ore", "ore_high"], ["metal_low", "metal", "metal_high"]
START = ["start_low", "start", "start_high"]
"""Year from which on each end of a rate holds; not-a-number = never. The low end starts last."""
CHANCE = ["development_frac_low", "development_frac", "development_frac_high"]
COLUMNS = [
    "scenario", "deposit_id", "first_stage_id", "basis", "cluster", "counts", *ORE, *METAL, *START, *CHANCE, "source_id", "note",
]  # fmt: skip


def list_scenarios(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> list[str]:
    """Return the names of the scenarios of first ore, sorted, the one assumed among them.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``feed_scenarios``; without a row the assumed scenario stands alone.
    assumptions : Assumptions
        ``feed.scenario``.

    Returns
    -------
    list of str
        Names.

    Raises
    ------
    UnknownNameError
        If the assumed scenario is none of the layer's.
    """
    known = sorted(set(layers["feed_scenarios"]["scenario_id"])) or [assumptions.feed.scenario]
    if assumptions.feed.scenario not in known:
        kind = "feed scenario"
        raise UnknownNameError(kind, assumptions.feed.scenario, known)
    return known


def list_phases(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the rates of every body for which somebody or some rule states one.

    A count beats a plan, a plan beats Taylor's rule, and that rule holds only for coherent bodies whose kind is mined as one;
    podiform bodies are a cluster that shares a count. Rates of mines that do not run are multiplied by the chance that they are
    developed, but for a project with scenarios of its own: there the scenario says so.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``deposits``, ``deposit_feeds``, ``stages``, ``products``, ``contained_factors``, ``feed_plans``, ``feed_scenarios``,
        ``grade_tonnage`` and ``grade_tonnage_map``.
    assumptions : Assumptions
        Group ``feed``, ``finance.price_year`` and ``seed``.

    Returns
    -------
    pandas.DataFrame
        One row a (scenario, deposit, first stage, phase): ``ore_*`` (t/y of ore), ``metal_*`` (t/y that leave the first stage, of
        what ``counts`` names), ``start_*``, ``cluster``, ``development_frac_*``, ``source_id``, ``note``.
    """
    bodies = _list_bodies(layers, assumptions=assumptions)
    stated = _state_rates(layers, bodies)
    pair = ["deposit_id", "first_stage_id"]
    rest = bodies[~pd.MultiIndex.from_frame(bodies[pair]).isin(pd.MultiIndex.from_frame(stated[pair]))]
    silent = rest[rest["tonnage_t"].isna()]
    rows = pd.concat([stated, _rule_rates(rest), _guess_rates(layers, silent, assumptions=assumptions)], ignore_index=True)
    names = list_scenarios(layers, assumptions=assumptions)
    dated = _date_rates(rows, layers["feed_scenarios"], names, assumptions=assumptions)
    return dated[COLUMNS].sort_values(["deposit_id", "first_stage_id", "scenario", "start"], ignore_index=True)


def _list_bodies(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return each body once a first stage, with its tonnage, its grade and the recovery of that stage."""
    pairs = trace_feeds(layers).query("stage_id == first_stage_id").drop(columns="feed_product_ids")
    kinds = layers["grade_tonnage_map"].rename(columns={"source_id": "rule_source_id"})[["deposit_type", "mined_as", "rule_source_id"]]
    table = pairs.merge(layers["deposits"], on="deposit_id").merge(kinds, on="deposit_type", how="left")
    table = table.merge(layers["stages"][["stage_id", "product_id"]], on="stage_id")
    table = table.fillna({"mined_as": "", "rule_source_id": ""})
    ore = Band.of(*(table[f"tonnage_million_t_{end}"] * 1e6 for end in ("low", "mode", "high")))
    counted = table["tonnage_counts"].to_numpy(dtype=bool) & ~np.isnan(ore.mode)
    ore = Band(np.fmin(ore.low, ore.mode), ore.mode, np.fmax(ore.high, ore.mode)).where(counted, Band.exact(np.nan))
    recovery = Band.read(step_recoveries(layers, assumptions=assumptions).reindex(table["stage_id"]), "recovery")
    held = contained_bands(layers, table)
    kept = ["deposit_id", "first_stage_id", "status_code", "deposit_type", "mined_as", "product_id", "source_id", "rule_source_id"]
    return table[kept].assign(**ore.columns("tonnage_t"), **recovery.columns("recovery"), **{str(name): held[name] for name in held})


def _state_rates(layers: Mapping[str, pd.DataFrame], bodies: pd.DataFrame) -> pd.DataFrame:
    """Return the rates that somebody counted or plans; the mode of a cluster is an even share, its ends none and all."""
    plans = layers["feed_plans"].rename(columns={"stage_id": "first_stage_id", "plan_id": "cluster"}).reset_index(drop=True)
    plans = plans.assign(deposit_id=plans["deposit_ids"].map(split_ids))
    plans = plans.assign(members=plans["deposit_id"].map(len))
    facts = bodies.drop(columns=["source_id"])
    rows = plans.explode("deposit_id").merge(facts, on=["deposit_id", "first_stage_id"])
    mode = rows["kt_per_y"] * 1e3
    rate = Band.of(rows["kt_per_y_low"].fillna(rows["kt_per_y"]) * 1e3, mode, rows["kt_per_y_high"].fillna(rows["kt_per_y"]) * 1e3)
    shared = (rows["members"] > 1).to_numpy()
    rate = Band(np.where(shared, 0.0, rate.low), rate.mode / rows["members"].to_numpy(), rate.high)
    is_ore = (rows["tonnes_of"] == "ore").to_numpy()
    won = Band.read(rows, "grade_frac") * Band.read(rows, "recovery")
    counts = rows["contained_of"].where(is_ore | (rows["contained_of"] != ""), rows["content"])
    given = rate.where((rows["content"] == counts).to_numpy(), Band.exact(np.nan))
    named = Band.exact(rows["ore_kt_per_y"] * 1e3)
    return rows.assign(
        **rate.where(is_ore, named.where(rows["ore_kt_per_y"].notna().to_numpy(), given / won)).columns("ore"),
        **(rate * won).where(is_ore, given).columns("metal"),
        cluster=rows["cluster"].where(shared, ""),
        counts=counts,
        after=rows["years_after_first_ore"].fillna(0.0),
    )


def _rule_rates(bodies: pd.DataFrame) -> pd.DataFrame:
    """Return the rates of bodies of known tonnage by Taylor's rule, where it holds."""
    rate = mine_rate(Band.read(bodies, "tonnage_t"), bodies["mined_as"])
    won = Band.read(bodies, "grade_frac") * Band.read(bodies, "recovery")
    rows = bodies.assign(**rate.columns("ore"), **(rate * won).columns("metal"), basis=TAYLOR, cluster="", after=0.0)
    rows = rows.assign(counts=rows["contained_of"])
    words = "rate by Taylor's rule from the tonnage; what this mine would do is not known"
    sources = [join_ids(cells) for cells in zip(rows["source_id"], rows["rule_source_id"], strict=True)]
    return rows.assign(note=words, source_id=sources)[rows["ore"].notna()]


def _guess_rates(layers: Mapping[str, pd.DataFrame], silent: pd.DataFrame, *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the rates that bodies without a tonnage would have if they were deposits of their kind; none while the prior is off."""
    names = layers["products"].set_index("product_id")["contained_of"]
    silent = silent.assign(analyte=silent["product_id"].map(names))
    drawn = prior_rates(layers, silent, assumptions=assumptions)
    if drawn.empty:
        return drawn
    rows = silent.drop(columns=["source_id"]).merge(drawn, on="deposit_id").rename(columns={"analyte": "counts"})
    metal = Band.read(rows, "metal") * Band.read(rows, "recovery")
    words = "PRIOR, no tonnage: drawn from the model " + rows["model_id"] + " of deposits of its kind, times the chance that it is one"
    return rows.assign(**metal.columns("metal"), basis=PRIOR, cluster="", after=0.0, note=words)


def _date_rates(rows: pd.DataFrame, scenarios: pd.DataFrame, names: list[str], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the rates once a scenario, with the years from which on they hold and times the chance of development."""
    now, lead = assumptions.finance.price_year, assumptions.feed.years_to_first_ore
    table = rows.merge(pd.DataFrame({"scenario": names}), how="cross")
    own = scenarios.rename(columns={"scenario_id": "scenario"})[["scenario", "deposit_id", "first_ore_year"]]
    table = table.merge(own, on=["scenario", "deposit_id"], how="left")
    runs = ((table["status_code"] == OPERATING) | (table["basis"] == OBSERVED)).to_numpy()
    has_own = table["deposit_id"].isin(own["deposit_id"]).to_numpy() & (table["basis"] == PLANNED).to_numpy()
    first = table["first_ore_year"].astype(float)
    starts = [np.where(runs, now, np.where(has_own, first, now + years)) for years in (lead.high, lead.mode, lead.low)]
    chances = assumptions.feed.development_frac
    spread = [chances.get(status) for status in table["status_code"]]
    ends = [[getattr(one, end) if one else np.nan for one in spread] for end in ("low", "mode", "high")]
    chance = Band.exact(np.ones(len(table))).where(runs | has_own, Band.of(*ends))
    late = table["after"].to_numpy(dtype=float)
    dated = table.assign(
        **(Band.read(table, "ore") * chance).columns("ore"),
        **(Band.read(table, "metal") * chance).columns("metal"),
        **{name: start + late for name, start in zip(START, starts, strict=True)},
        **chance.columns("development_frac"),
    )
    return dated[~np.isnan(chance.mode)]
