"""How ore and product move, and what it costs: by track, road, rail and sea."""

from geokit.network.cells import route_cells
from geokit.network.find import Route, find_route
from geokit.network.legs import Leg
from geokit.network.route import route

__all__ = ["Leg", "Route", "find_route", "route", "route_cells"]
