"""How ore and product move, and what it costs: by track, road, rail and sea."""

from geokit.network.cells import route_cells
from geokit.network.detours import ClosedHauls, close_hauls, sum_effects
from geokit.network.find import Route, find_route
from geokit.network.inbound import price_inbound
from geokit.network.legs import Leg
from geokit.network.reliability import World, build_world, measure_reliability
from geokit.network.route import route

__all__ = [
    "ClosedHauls", "Leg", "Route", "World", "build_world", "close_hauls", "find_route", "measure_reliability", "price_inbound",
    "route", "route_cells", "sum_effects",
]  # fmt: skip
