"""How big a plant is, what it costs and what power it takes, per tonne of its product (model rules M4, M7, M14)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import join_ids
from geokit.economics.balance import content_factors, map_factors
from geokit.economics.bands import Band
from geokit.economics.notes import pick_words
from geokit.economics.quotes import content_bands

PLANT_ONLY = "plant_only"
HEAVY_INDUSTRY = "heavy_industry"
TARIFF = ["usd_per_kwh_low", "usd_per_kwh", "usd_per_kwh_high"]


def plant_sizes(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the output of a plant of each stage: the reference plant times the assumed scale, not a minimum.

    A capacity counted in a content (t Sb/y) is divided by the tonnes of that content in a tonne of product; one counted in ore is
    unknown in product.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``, ``products`` and ``contained_factors``.
    assumptions : Assumptions
        ``finance.plant_scale_frac``.

    Returns
    -------
    pandas.DataFrame
        Index ``stage_id``; columns ``plant_t_per_y`` (t product/year) and ``basis_t_per_t`` (what the capacity counts, per tonne of
        product).
    """
    stages = layers["stages"].set_index("stage_id")
    basis = stages["capacity_basis"].str.extract(r"^t (\S+)/y", expand=False).fillna("")
    factors = content_factors(layers)
    names = stages["product_id"].map(layers["products"].set_index("product_id")["contained_of"])
    content = content_bands(layers, assumptions=assumptions)["frac"]
    counted = stages["product_id"].map(content) * map_factors(factors, names, basis)
    is_content = basis.isin(factors.index.get_level_values(0))
    per_t = counted.where(is_content, 1.0).mask(basis == "ore")
    scale = assumptions.finance.plant_scale_frac
    return pd.DataFrame({"plant_t_per_y": stages["reference_scale_tpa"] * scale / per_t, "basis_t_per_t": per_t})


def plant_costs(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the sourced capital and operating cost of the plant alone, per tonne of product.

    A row whose battery limit includes the mine never meets a purchased feed, so its figures are left out. Capital is brought to the
    year of the study by the index ratio of its row and to the assumed scale by capex_s = capex x s^(n - 1); operating costs keep
    the money of their source.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``cost_models``, ``stages``, ``products`` and ``contained_factors``.
    assumptions : Assumptions
        ``finance.plant_scale_frac`` and ``finance.capex_exponent``.

    Returns
    -------
    pandas.DataFrame
        Index ``stage_id``; columns ``capex_low``, ``capex``, ``capex_high`` (USD per annual tonne of product), ``opex_*`` (USD/t
        product), ``battery_limit``, ``source_ids``, ``cost_note`` (why a figure is blank).
    """
    costs = layers["cost_models"].set_index("stage_id")
    limit = layers["stages"].set_index("stage_id")["cost_battery_limit"].reindex(costs.index)
    per_t = plant_sizes(layers, assumptions=assumptions)["basis_t_per_t"].reindex(costs.index)
    alone = (limit == PLANT_ONLY).to_numpy()
    dated = costs["capex_usd_per_tpa_mode"].notna() & costs["escalation_factor"].notna()
    money = (costs["escalation_factor"] * per_t).where(dated).to_numpy()
    size, exponent = assumptions.finance.plant_scale_frac, assumptions.finance.capex_exponent
    ends = [size ** (n - 1.0) for n in (exponent.low, exponent.high)]
    scaled = Band.of(min(ends), size ** (exponent.mode - 1.0), max(ends))
    capex = _ordered(costs, "capex_usd_per_tpa") * Band.exact(money) * scaled
    opex = _ordered(costs, "opex_usd_per_t") * Band.exact(per_t)
    blank = Band.exact(np.nan)
    return pd.DataFrame(
        {
            **capex.where(alone, blank).columns("capex"),
            **opex.where(alone, blank).columns("opex"),
            "battery_limit": limit,
            "source_ids": costs["source_id"],
            "cost_note": _cost_notes(costs, limit),
        },
        index=costs.index,
    )


def plant_power(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what the power of the operations with a sourced use of energy costs, a known part of the cost of conversion.

    power = sum of kWh per tonne x tariff of heavy industry, the energy charge alone: fixed charges and the operations whose use
    nobody states come on top. The figures of use are per tonne of product.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``operations`` and ``power_tariffs``.

    Returns
    -------
    pandas.DataFrame
        Index ``stage_id``, only stages with a sourced use; columns ``power_low``, ``power``, ``power_high`` (USD/t product) and
        ``power_source_ids``.
    """
    used = layers["operations"].dropna(subset=["energy_kwh_per_t"]).groupby("stage_id")
    table = used.agg(kwh=("energy_kwh_per_t", "sum"), source_ids=("source_ids", join_ids))
    rows = layers["power_tariffs"].query(f"applies_to == '{HEAVY_INDUSTRY}'")
    low, mode, high = (rows[name] for name in TARIFF)
    power = Band.exact(table["kwh"]) * Band.of(low.min(), mode.median(), high.max())
    sources = [join_ids([cell, *rows["source_id"]]) for cell in table["source_ids"]]
    return pd.DataFrame({**power.columns("power"), "power_source_ids": sources}, index=table.index)


def _ordered(costs: pd.DataFrame, name: str) -> Band:
    """Read three cost columns; a missing end is the mode."""
    mode = costs[f"{name}_mode"]
    low, high = (costs[f"{name}_{end}"].fillna(mode).where(mode.notna()) for end in ("low", "high"))
    return Band.of(np.minimum(low, mode), mode, np.maximum(high, mode))


def _cost_notes(costs: pd.DataFrame, limit: pd.Series) -> pd.Series:
    """Say why the cost of a stage is blank."""
    return pick_words(
        costs.index,
        (limit.isin(["mine_included", "mixed"]), "the reference cost contains more than the plant (the mine or another step)"),
        (costs["capex_usd_per_tpa_mode"].isna(), "no capital cost of the plant was found"),
        (costs["escalation_factor"].isna(), "the year of the money of the capital cost is not stated"),
        (costs["opex_usd_per_t_mode"].isna(), "no operating cost of the plant was found"),
    )
