"""Assumptions on freight, and on roads over the relief."""

from __future__ import annotations

from collections.abc import Mapping

from geokit.core.sections.base import NotNegative, NotNegativeSpread, Positive, PositiveSpread, Section, ShareSpread, Spread


class Transport(Section):
    """Freight and transit."""

    offnetwork_tortuosity: Spread
    """Length of a track over the straight gap between a place and its network node, dimensionless."""
    offnetwork_cost_factor: Spread
    """Cost of a tonne-kilometre off the network over that of the dear road rate, dimensionless."""
    offnetwork_km_per_h: Positive
    """Truck speed on an unbuilt or unmapped track, km/h."""
    snap_limit_km: NotNegative
    """A place farther than this from every open node has no haul, km."""
    transfer_usd_per_t: Spread
    """Cost of moving a tonne from one mode to another, USD/t."""
    transfer_hours: NotNegative
    """Time of a transfer between modes, h."""
    security_premium_usd_per_t: Spread
    """Extra cost of a road haul for escort and insurance, USD/t; not found in any source, zero until the user sets it."""
    parcel_t: Positive
    """Cargo of one shipment by sea, t."""
    handysize_max_parcel_t: NotNegative
    """Largest parcel that sails in a handysize ship, t; a larger one goes by supramax."""
    diesel_usd_per_l: Positive | None = None
    """Price of diesel that road rates are indexed to, USD/l; null = unknown today (no source gives it), the rates stand as quoted."""
    diesel_share_frac: ShareSpread
    """Share of diesel in a road rate, the elasticity of the rate to its price, 0-1."""
    truck_payload_t: Positive = 25.0
    """Load of a truck, t; a rate from a quote for a whole truck falls as the load grows."""
    truck_tare_frac: ShareSpread
    """Weight of the empty truck over its gross weight, 0-1."""
    link_cost_factor: Mapping[str, Positive] = {}
    """Cost of a tonne-kilometre over that of its rate, by link or by surface, as ``{gravel: 1.3}``; no source gives one: 1."""
    rail_minimum_km: NotNegative = 0.0
    """Shortest length that the railway charges for, km; not found in any source, zero until the user sets it."""
    rail_terminal_usd_per_t: NotNegativeSpread
    """Cost of a run by rail, from loading to unloading, besides its length and its transfers, USD/t; not found in any
    source, zero until the user sets it."""
    container_load_t: Positive = 25.0
    """Load of a container of heavy goods, t; weight bounds it, not room."""
    container_quotes_since: int
    """Year from which a container quote counts; an older one is stale: told, and not used."""
    war_risk_frac: ShareSpread
    """Premium for a voyage through a threatened passage over the value of the ship, 0-1; high only where it is not said to be open."""
    inland_abroad_tortuosity: Positive = 1.3
    """Length of the way from a port abroad to a plant over the great circle, dimensionless."""
    inland_abroad_usd_per_t_km: NotNegativeSpread
    """Cost of a tonne-kilometre between a port abroad and a plant, USD/t-km."""


class Terrain(Section):
    """New roads and tracks over the relief."""

    winding_factor: PositiveSpread
    """Length of a road over that of the least-cost way across a coarse relief, dimensionless."""
    steepest_gradient_frac: PositiveSpread
    """Steepest gradient of a road for loaded trucks, m per m; where the ground is steeper the road winds."""
    climb_m_per_m: NotNegativeSpread
    """Metres of level road that cost a loaded truck as much as one metre climbed, m per m."""
    descent_share_frac: ShareSpread
    """Cost of a metre descended over that of a metre climbed, 0-1: the empty truck climbs it on its way back."""
    slope_cost_factor: NotNegativeSpread
    """Extra cost of building a metre of road per unit of slope of the ground (m per m) on a coarse raster, dimensionless."""
    road_fx_per_usd: Positive
    """Units of the currency of the cost factor ``road-capex`` for one US dollar in the year of its price."""
