"""Assumptions on ore, concentrate and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping

from geokit.core.sections.base import NotNegative, NotNegativeSpread, PositiveSpread, Section, Share, ShareSpread


class Feed(Section):
    """Ore, concentrate and what is left of it."""

    cutoff_usd_per_t: NotNegative
    """Feed whose inland haul costs more than this is out of reach, USD/t of feed."""
    recovery_frac: ShareSpread
    """Recovery of a step whose recovery no source states, 0-1."""
    at_ore_limit_km: NotNegative
    """A plant that stands at its ore draws only on deposits whose road to it is no longer than this, km."""
    content_position_frac: Share
    """Where a source gives only the range of a content, the mode lies this far from its low to its high end, 0-1."""
    scenario: str = "late"
    """Scenario of first ore that the merit order and the feed curve follow, as the layer ``feed_scenarios`` names them."""
    years_to_first_ore: NotNegativeSpread
    """Years from the price year to the first ore of a mine that does not run and has no scenario of its own, years."""
    development_frac: Mapping[str, ShareSpread]
    """Chance that a body is ever mined, by its status, 0-1; a status left out gives no feed by year, a running mine needs none."""
    prior_deposit_frac: ShareSpread | None = None
    """Chance that an occurrence without a tonnage is a deposit of its kind, 0-1; null = such occurrences give nothing (off)."""
    moisture_frac: ShareSpread | None = None
    """Water in concentrates whose moisture no source states, share of the wet mass 0-1; null = none is carried in the figures."""
    mining_usd_per_t: Mapping[str, NotNegativeSpread] = {}
    """Cost of mining and milling a tonne of a feed, USD/t, by product, as ``{chromite-ore: {low: 80, mode: 120, high: 160}}``: no
    owner sells for less, and it is what a plant that owns its ore pays for it; none was found."""
    gate_usd_per_t: Mapping[str, NotNegativeSpread] = {}
    """Price of a feed where you know better, USD per dry tonne, by product: at the mine gate, or delivered to the plant where no
    mine in reach sells it."""
    feed_t_per_t: Mapping[str, PositiveSpread] = {}
    """Tonnes of feed for a tonne of product of a stage where you know better, t/t, by stage."""
    supply_t_per_y: Mapping[str, NotNegativeSpread] = {}
    """Feed that a plant of a stage gets each year where you know better, t/y, by stage; it takes the place of the feed in sight."""
