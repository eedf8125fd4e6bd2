"""A route as GeoJSON: the indicative alignments of its links where they are known, straight lines where not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from geokit.core.errors import LayerError
from geokit.network.find import Route
from geokit.network.legs import Leg

Line = Sequence[Sequence[float]]
INDICATIVE = "indicative alignment, least cost over the relief"
STRAIGHT = "straight line, not the way"


def draw_route(route: Route, alignments: Mapping[str, Line]) -> str:
    """Return a route as a GeoJSON feature collection.

    Parameters
    ----------
    route : Route
        From :func:`geokit.network.find_route`.
    alignments : mapping of str to sequence of points
        Longitudes and latitudes along links, by link id.

    Returns
    -------
    str
        One feature for every link, track and sea lane in the order of travel; ``drawn`` says whether its line is indicative or straight.
        Transfers and charges have no line and are left out.
    """
    features = [_draw(leg, at, alignments) for leg in route.legs for at in range(len(leg.points) - 1)]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


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


def _orient(line: Line, start: tuple[float, float]) -> list[list[float]]:
    """Return a line in the direction of travel."""
    away, home = (abs(point[0] - start[0]) + abs(point[1] - start[1]) for point in (line[0], line[-1]))
    return [list(point) for point in (line if away <= home else line[::-1])]
