"""How big a plant is, what it costs and what power it takes, per tonne of its product (model rules M4, M7, M14)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import join_ids
from geokit.economics.balance import content_factors, map_factors
from geokit.economics.bands import Band, Floats
from geokit.economics.notes import pick_words
from geokit.economics.own import read_own
from geokit.economics.quotes import ASSUMED, MISSING, SOURCED, content_bands

PLANT_ONLY = "plant_only"
HEAVY_INDUSTRY = "heavy_industry"
TARIFF = ["usd_per_kwh_low", "usd_per_kwh", "usd_per_kwh_high"]


def plant_sizes(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the output of a plant of each stage: the user's, else the reference plant times the assumed scale, not a minimum.

    A capacity counted in a content (t Sb/y) is divided by the tonnes of that content in a tonne of product; one counted in ore is
    unknown in product.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``, ``products`` and ``contained_factors``.
    assumptions : Assumptions
        ``finance.plant_scale_frac`` and ``plant_t_per_y``.

    Returns
    -------
    pandas.DataFrame
        Index ``stage_id``; columns ``plant_t_per_y`` (t product/year), ``size_mark`` (evidence, assumption, missing) and
        ``basis_t_per_t`` (what the capacity counts, per tonne of product).
    """
    stages = layers["stages"].set_index("stage_id")
    basis = stages["capacity_basis"].str.extract(r"^t (\S+)/y", expand=False).fillna("")
    factors = content_factors(layers)
    names = stages["product_id"].map(layers["products"].set_index("product_id")["contained_of"])
    content = content_bands(layers, assumptions=assumptions)["frac"]
    counted = stages["product_id"].map(content) * map_factors(factors, names, basis)
    is_content = basis.isin(factors.index.get_level_values(0))
    per_t = counted.where(is_content, 1.0).mask(basis == "ore")
    reference, given = stages["reference_scale_tpa"] / per_t, assumptions.finance.plant_t_per_y
    own = pd.Series([given.get(str(stage), np.nan) for stage in stages.index], index=stages.index, dtype=float)
    size = own.fillna(reference * assumptions.finance.plant_scale_frac)
    mark = np.select([own.notna(), size.notna()], [ASSUMED, SOURCED], default=MISSING)
    return pd.DataFrame({"plant_t_per_y": size, "size_mark": mark, "basis_t_per_t": per_t})


def plant_costs(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the capital and operating cost of the plant alone, per tonne of product: the user's, else the sourced one.

    A row whose battery limit includes the mine never meets a purchased feed, so its figures are left out. Sourced capital is brought to
    the year of the study by the index ratio of its row, to the assumed scale by capex_s = capex x s^(n - 1), and to the place by the
    location factor; operating costs keep the money of their source. A figure that the user gives for a stage takes the place of the
    sourced one as it is, and counts as one of the plant alone.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``cost_models``, ``stages``, ``products`` and ``contained_factors``.
    assumptions : Assumptions
        ``finance.plant_scale_frac``, ``capex_exponent``, ``location_factor``, ``capex_usd_per_tpa`` and ``opex_usd_per_t``.

    Returns
    -------
    pandas.DataFrame
        Index ``stage_id``, every stage; columns ``capex_low``, ``capex``, ``capex_high`` (USD per annual tonne of product), ``opex_*``
        (USD/t product), ``capex_mark`` and ``opex_mark`` (evidence, assumption or missing), ``size_ratio`` (capacity over that
        of the reference plant), ``battery_limit``, ``source_ids``,
        ``cost_note`` (why a figure is blank).
    """
    limit, finance = layers["stages"].set_index("stage_id")["cost_battery_limit"], assumptions.finance
    costs = layers["cost_models"].set_index("stage_id").reindex(limit.index)
    sizes = plant_sizes(layers, assumptions=assumptions)
    per_t = sizes["basis_t_per_t"]
    alone = (limit == PLANT_ONLY).to_numpy()
    dated = costs["capex_usd_per_tpa_mode"].notna() & costs["escalation_factor"].notna()
    money = (costs["escalation_factor"] * per_t).where(dated).to_numpy()
    reference = layers["stages"].set_index("stage_id")["reference_scale_tpa"].fillna(costs["ref_capacity_tpa"])
    own_size = (sizes["plant_t_per_y"] * per_t / reference).where(sizes["size_mark"] == ASSUMED, finance.plant_scale_frac)
    size = own_size.to_numpy(dtype=float)
    exponent = finance.capex_exponent
    ends = [size ** (n - 1.0) for n in (exponent.low, exponent.mode, exponent.high)]
    scaled = Band.of(np.minimum(ends[0], ends[2]), ends[1], np.maximum(ends[0], ends[2])) * Band.spread(finance.location_factor)
    blank = Band.exact(np.nan)
    capex = (_ordered(costs, "capex_usd_per_tpa") * Band.exact(money) * scaled).where(alone, blank)
    opex = (_ordered(costs, "opex_usd_per_t") * Band.exact(per_t)).where(alone, blank)
    own_capex, own_opex = (read_own(costs.index, given) for given in (finance.capex_usd_per_tpa, finance.opex_usd_per_t))
    found = {"capex": _prefer(own_capex, capex), "opex": _prefer(own_opex, opex)}
    marks = {"capex_mark": _mark(own_capex, capex), "opex_mark": _mark(own_opex, opex)}
    return pd.DataFrame(
        {
            **found["capex"].columns("capex"),
            **found["opex"].columns("opex"),
            **marks,
            "size_ratio": size,
            "battery_limit": limit.mask(~np.isnan(own_capex.mode) & ~np.isnan(own_opex.mode), PLANT_ONLY),
            "source_ids": costs["source_id"].fillna(""),
            "cost_note": _cost_notes(costs, limit, found, size=size),
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


def scale_cost(cost: float, ratio: float, *, exponent: float) -> float:
    """Return the capital cost of a plant of another size by the law of scale, C = C_ref (Q / Q_ref)^n.

    Parameters
    ----------
    cost : float
        Capital cost of the reference plant, money.
    ratio : float
        Capacity over that of the reference plant, dimensionless.
    exponent : float
        Exponent n, dimensionless.

    Returns
    -------
    float
        Money of the same year.

    References
    ----------
    R. Williams, Six-tenths factor aids in approximating costs, Chem. Eng. 54 (1947) 124-125.
    """
    return float(cost * ratio**exponent)


def _prefer(own: Band, sourced: Band) -> Band:
    """Return the user's figure where there is one, else the sourced one."""
    return own.where(~np.isnan(own.mode), sourced)


def _mark(own: Band, sourced: Band) -> npt.NDArray[np.str_]:
    """Say what stands behind a figure."""
    return np.select([~np.isnan(own.mode), ~np.isnan(sourced.mode)], [ASSUMED, SOURCED], default=MISSING)


def _cost_notes(costs: pd.DataFrame, limit: pd.Series, found: Mapping[str, Band], *, size: Floats) -> pd.Series:
    """Say why the cost of a stage is blank."""
    dated = costs["capex_usd_per_tpa_mode"].notna() & costs["escalation_factor"].notna()
    no_capex, no_opex = (np.isnan(found[name].mode) for name in ("capex", "opex"))
    wide = limit.isin(["mine_included", "mixed"])
    return pick_words(
        costs.index,
        ((no_capex | no_opex) & wide, "the reference cost contains more than the plant (the mine or another step)"),
        (no_capex & costs["capex_usd_per_tpa_mode"].isna(), "no capital cost of the plant was found"),
        (no_capex & dated & np.isnan(size), "the capital cost known is one of a reference plant whose size in product is not"),
        (no_capex & costs["escalation_factor"].isna(), "the year of the money of the capital cost is not stated"),
        (no_opex, "no operating cost of the plant was found"),
    )
