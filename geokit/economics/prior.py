"""What a deposit without a tonnage might be, from deposits of its kind elsewhere: a prior, off by default (model rule M6)."""

from __future__ import annotations

import zlib
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.grades import read_grade_unit
from geokit.economics.bands import Band, Floats
from geokit.economics.taylor import METHODS, mine_rate

FIGURES = ["ln_tonnage_mean", "ln_tonnage_sd", "ln_grade_mean", "ln_grade_sd", "rank_correlation"]
PERCENTILES = (10.0, 50.0, 90.0)
DRAWS = 4000


def draw_deposits(model: Mapping[str, float], draws: int, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw tonnages and grades of a kind of deposit together, so that their rank correlation is that of the model.

    Both are lognormal and joined by a Gaussian copula; of the two underlying normal figures the correlation is
    r = 2 sin(pi rho / 6), with rho the rank correlation of Spearman. Independence would overstate the contained metal of kinds in
    which large deposits are poor.

    Parameters
    ----------
    model : mapping of str to float
        ``ln_tonnage_mean`` and ``ln_tonnage_sd`` (of million t), ``ln_grade_mean`` and ``ln_grade_sd``, ``rank_correlation``.
    draws : int
        How many.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    tuple of numpy.ndarray
        Tonnage in t and grade in the unit of the model, shape (draws,).
    """
    r = 2.0 * np.sin(np.pi * model["rank_correlation"] / 6.0)
    first, second = rng.standard_normal((2, draws))
    other = r * first + np.sqrt(1.0 - r**2) * second
    tonnes = 1e6 * np.exp(model["ln_tonnage_mean"] + model["ln_tonnage_sd"] * first)
    return tonnes, np.exp(model["ln_grade_mean"] + model["ln_grade_sd"] * other)


def prior_rates(layers: Mapping[str, pd.DataFrame], bodies: pd.DataFrame, *, assumptions: Assumptions) -> pd.DataFrame:
    """Return what bodies without a tonnage would give a year if each were a deposit of its kind.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``grade_tonnage`` and ``grade_tonnage_map``.
    bodies : pandas.DataFrame
        Columns ``deposit_id``, ``deposit_type`` and ``analyte`` (what the first product's content counts).
    assumptions : Assumptions
        ``feed.prior_deposit_frac``, the chance that a body is a deposit at all (null = off), and ``seed``.

    Returns
    -------
    pandas.DataFrame
        Columns ``deposit_id``, ``ore_low``, ``ore``, ``ore_high`` (t/y), ``metal_low``, ``metal``, ``metal_high`` (t/y in the ore),
        ``model_id`` and ``source_id``; P10, P50 and P90 of the draws times the chance. No row while the prior is off, for a kind
        without a full model, or for one whose rate follows no rule.
    """
    columns = ["deposit_id", "ore_low", "ore", "ore_high", "metal_low", "metal", "metal_high", "model_id", "source_id"]
    chance = assumptions.feed.prior_deposit_frac
    if chance is None or bodies.empty:
        return pd.DataFrame(columns=columns)
    kinds = layers["grade_tonnage_map"][["deposit_type", "model_id", "mined_as"]]
    kinds = kinds[kinds["mined_as"].isin(METHODS)]
    models = layers["grade_tonnage"].dropna(subset=FIGURES)[["model_id", "grade_of", "grade_unit", "source_id", *FIGURES]]
    pairs = bodies[["deposit_id", "deposit_type", "analyte"]].merge(kinds, on="deposit_type").merge(models, on="model_id")
    pairs = pairs[pairs["grade_of"] == pairs["analyte"]].sort_values("deposit_id", ignore_index=True)
    rows = [_rate(row, chance=Band.spread(chance), seed=assumptions.seed) for row in pairs.to_dict("records")]
    return pd.DataFrame(rows, columns=columns)


def _rate(row: Mapping[Hashable, Any], *, chance: Band, seed: int) -> dict[str, object]:
    """Return the yearly ore and metal of one body; bodies of one kind share their draws."""
    rng = np.random.default_rng([seed, zlib.crc32(str(row["model_id"]).encode())])
    tonnes, grade = draw_deposits({name: float(row[name]) for name in FIGURES}, DRAWS, rng=rng)
    unit = read_grade_unit(str(row["grade_unit"]))
    rate = mine_rate(Band.exact(tonnes), [row["mined_as"]] * DRAWS).mode
    ore = Band.of(*np.percentile(rate, PERCENTILES)) * chance
    metal = Band.of(*np.percentile(rate * grade / (unit.whole if unit else np.nan), PERCENTILES)) * chance
    return {**{name: row[name] for name in ("deposit_id", "model_id", "source_id")}, **ore.columns("ore"), **metal.columns("metal")}
