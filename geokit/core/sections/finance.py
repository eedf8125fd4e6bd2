"""Assumptions on money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from geokit.core.sections.base import (
    Count,
    NotNegative,
    NotNegativeSpread,
    Positive,
    PositiveSpread,
    Section,
    Share,
    ShareSpread,
    Spread,
)

Factor = Literal["price", "freight", "opex", "capex"]
"""Uncertain figures that may rise and fall with the cycle of commodities."""


class Finance(Section):
    """Money."""

    price_year: int
    """Year of the US dollars, one a study."""
    discount_rate_frac: Spread
    """Real discount rate with country risk inside, 1/year as a fraction."""
    life_years: Count
    """Operating life of a plant, years."""
    construction_years: Annotated[int, Field(ge=0)]
    """Years between the investment and first product, years."""
    ramp_frac: tuple[Share, ...] = (0.5, 0.8)
    """Output of the first operating years over full output, 0-1; full output after them."""
    plant_scale_frac: Positive
    """Capacity of a plant over that of the reference plant of its stage, dimensionless."""
    capacity_factor_frac: Annotated[float, Field(gt=0, le=1)]
    """Output over nameplate, 0-1."""
    capex_exponent: Spread
    """Exponent of plant-level capital cost over capacity, dimensionless."""
    location_factor: PositiveSpread = PositiveSpread(low=1.0, mode=1.0, high=1.0)
    """Cost of building here over that where the reference plant stands, dimensionless; 1 until a source says where that is."""
    capex_usd_per_tpa: Mapping[str, PositiveSpread] = {}
    """Capital cost of a stage where you know better, USD per annual tonne of product of ``price_year``, at the size of the plant."""
    opex_usd_per_t: Mapping[str, NotNegativeSpread] = {}
    """Operating cost of a stage where you know better, without feed and freight, USD per tonne of product."""
    plant_t_per_y: Mapping[str, Positive] = {}
    """Capacity of a plant of a stage where you know better, t of product a year; ``plant_scale_frac`` does not touch it."""
    price_usd_per_t: Mapping[str, PositiveSpread] = {}
    """Price of a product where you know better, USD per tonne of product at the buyer's port, by product; it moves with no political
    state and no other price."""
    freight_usd_per_t: Mapping[str, NotNegativeSpread] = {}
    """Freight of a product from the plant to its buyer where no way was found, USD/t, by product."""
    income_tax_frac: ShareSpread | None = None
    """Tax on income where the layers name none, 0-1; null = unknown."""
    royalty_frac: ShareSpread | None = None
    """Royalty of a plant that owns its ore, over its sales, 0-1; null = unknown (no schedule was found): values are before royalty."""
    depreciation_years: Count = 10
    """Years over which the capital cost is written off evenly for tax, years."""
    loss_years: Annotated[int, Field(ge=1, le=100)] = 6
    """Years within which a loss may be set against later income, years."""
    working_capital_frac: Share = 0.15
    """Working capital over the sales of the year, 0-1; it comes back at the end."""
    closure_frac: NotNegative = 0.05
    """Cost of closure at the end of the life over the capital cost, dimensionless."""
    price_model: Literal["range", "two_regimes", "mean_reversion"] = "range"
    """How prices move: within the range of the layer; at today's level or at the median of the years before; or from one to the other."""
    regime_stays_frac: Share = 0.5
    """Chance that today's price level stays, where ``price_model`` is ``two_regimes``, 0-1."""
    half_life_years: Positive = 5.0
    """Years after which half of the way from today's price to the median is gone, where prices revert, years."""
    cycle_loading: Mapping[Factor, Annotated[float, Field(ge=-1, le=1)]] = {
        "price": 0.7, "freight": 0.4, "opex": 0.4, "capex": 0.4,
    }  # fmt: skip
    """Correlation of a figure with the cycle of commodities, -1 to 1; that of two figures is the product of theirs."""
    draws: Count = 2000
    """Draws of a net present value."""
    vat_frac: Mapping[str, NotNegative]
    """Value-added tax inside a price, by issuer code of the market, as a fraction."""
    fx_per_usd: Mapping[str, Positive]
    """Units of a currency for one US dollar."""
