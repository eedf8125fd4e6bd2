"""A route as GeoJSON: indicative alignments of its links where they are known, straight lines where not, corridors of its new tracks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geokit.core.errors import GeokitError, LayerError
from geokit.io.raster import read_raster
from geokit.network.find import Route
from geokit.network.gaps import SHORT_KM, Ground
from geokit.network.legs import OFF, Leg
from geokit.network.terrain import find_alignment, find_corridor, find_window, measure_relief

Line = Sequence[Sequence[float]]
INDICATIVE = "indicative alignment, least cost over the relief"
STRAIGHT = "straight line, not the way"
CORRIDOR = "corridor of a new track: ways that take up to {more:g} % more effort than the least"


def draw_route(route: Route, alignments: Mapping[str, Line], corridors: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return a route as a GeoJSON feature collection.

    Parameters
    ----------
    route : Route
        From :func:`geokit.network.find_route`.
    alignments : mapping of str to sequence of points
        Longitudes and latitudes along links, by link id.
    corridors : sequence of mapping
        Further features, as from :func:`draw_corridors`.

    Returns
    -------
    str
        One feature for every link, track and sea lane in the order of travel; ``drawn`` says whether its line is indicative or straight.
        Transfers and charges have no line and are left out. Corridors stand at the end.
    """
    features = [*(_draw(leg, at, alignments) for leg in route.legs for at in range(len(leg.points) - 1)), *corridors]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def draw_corridors(route: Route, ground: Ground, *, within_frac: float) -> list[dict[str, Any]]:
    """Return where the ways of a route off the network could run over the relief.

    Parameters
    ----------
    route : Route
        From :func:`geokit.network.find_route`.
    ground : Ground
        From :func:`geokit.network.gaps.read_ground`.
    within_frac : float
        How much more effort than the least a way in the corridor may take, as a share of it.

    Returns
    -------
    list of dict
        Two GeoJSON features for each way of a kilometre or more: the way of least effort, a line with ``least_cost_km``, ``climb_m`` and
        ``descent_m``, and the corridor, polygons of cells of the relief; none without a relief, and none for a way that no land joins.

    Raises
    ------
    GeokitError
        If the share is negative.
    """
    if not within_frac >= 0:
        msg = f"the corridor may not be {within_frac:g} wide; give a share of the least effort from 0 on, as 0.1"
        raise GeokitError(msg)
    ways = [leg for leg in route.legs if leg.mode == OFF and leg.km >= SHORT_KM and ground.relief]
    return [feature for leg in ways for feature in _draw_corridor(leg, ground, within_frac)]


def list_alignments(layers: Any) -> dict[str, Line]:  # noqa: ANN401  the layers of a folder
    """Return the lines of the layer ``alignments`` by link id; none where the folder has no such layer."""
    try:
        shapes = layers.geometry("alignments")
    except LayerError:
        return {}
    return {str(link): [list(point[:2]) for point in line.coords] for link, line in zip(shapes["link_id"], shapes.geometry, strict=True)}


def _draw(leg: Leg, at: int, alignments: Mapping[str, Line]) -> dict[str, Any]:
    """Return one piece of a leg."""
    link = leg.link_ids[at] if leg.link_ids else ""
    start, end = leg.points[at], leg.points[at + 1]
    line = _orient(alignments[link], start) if link in alignments else [list(start), list(end)]
    told = {"mode": leg.mode, "name": leg.name, "link_id": link, "leg_km": leg.km, "leg_usd_per_t": leg.usd_per_t}
    drawn = INDICATIVE if link in alignments else STRAIGHT
    return {"type": "Feature", "properties": {**told, "drawn": drawn}, "geometry": {"type": "LineString", "coordinates": line}}


def _draw_corridor(leg: Leg, ground: Ground, within_frac: float) -> list[dict[str, Any]]:
    """Return the way of least effort and the corridor of one leg; nothing where no way leads over land."""
    start, end = leg.points
    try:
        relief = measure_relief(read_raster(Path(str(ground.relief)), find_window(start, end)))
        way = find_alignment(relief, start, end, terrain=ground.terrain)
    except (GeokitError, LayerError):
        return []
    cells = np.argwhere(find_corridor(relief, start, end, terrain=ground.terrain, within_frac=within_frac))
    (lon, lat), (wide, high) = relief.raster.place(*cells.T), relief.raster.step
    area = shapely.union_all(shapely.box(lon - wide / 2, lat - high / 2, lon + wide / 2, lat + high / 2), grid_size=wide / 1e6)
    told = {"mode": leg.mode, "from": leg.start, "to": leg.end, "within_frac": within_frac}
    figures = {"least_cost_km": round(way.length_km.mode, 1), "climb_m": round(way.climb_m), "descent_m": round(way.descent_m)}
    line = shapely.LineString(way.profile[["lon", "lat"]].to_numpy())
    shapes = [({**told, **figures, "drawn": INDICATIVE}, line), ({**told, "drawn": CORRIDOR.format(more=100 * within_frac)}, area)]
    return [{"type": "Feature", "properties": words, "geometry": shapely.geometry.mapping(shape)} for words, shape in shapes]


def _orient(line: Line, start: tuple[float, float]) -> list[list[float]]:
    """Return a line in the direction of travel."""
    away, home = (abs(point[0] - start[0]) + abs(point[1] - start[1]) for point in (line[0], line[-1]))
    return [list(point) for point in (line if away <= home else line[::-1])]
