"""What the map draws, as plain lists: places, links, boundaries, water and the shaded relief."""

from __future__ import annotations

import base64
import math
from pathlib import Path
from typing import Any

import pandas as pd

from geokit.catalog.cite import list_attributions
from geokit.check.terms import TABLE
from geokit.io.resource import read_picture
from geokit.outputs.pack import pack_frame, round_figure
from geokit.outputs.style import commodity_group
from geokit.outputs.view import View, read_geometry

DECIMALS = 3
"""Decimals of a degree in boundaries: about a hundred metres."""
OPEN = ("open", "seasonal")
"""Status of a link that carries goods."""
ENDS = ["from_lat", "from_lon", "to_lat", "to_lon"]
"""Ends of a link, degrees."""
TOWNS = 16
"""Towns that a map may name, the largest first."""
SPREAD_DEG = 1.25
"""Least distance between two of them, degrees of latitude: they are there to find one's way, everywhere on the map."""
LAYER_OF = {"relief": "hillshade", "disputed": "disputed_lines", "towns": "places", "links": "nodes"}
"""Part of the map to the layer that it is drawn from, where the names differ."""


def build_map(view: View) -> dict[str, Any]:
    """Return everything on the map that does not change with the case.

    Parameters
    ----------
    view : View
        The study.

    Returns
    -------
    dict
        Packed tables ``deposits``, ``sites``, ``ports``, ``links``, ``towns``; lists of outlines ``provinces``, ``neighbours`` and
        ``lakes``, each marked when its boundary is disputed; lists of lines ``rivers`` and ``disputed``; ``relief`` (data address,
        bounds, attribution) or None; ``credits``, the lines that the terms of these layers ask us to print.
    """
    parts: dict[str, Any] = {
        "deposits": _deposits(view),
        "sites": _sites(view),
        "ports": _ports(view),
        "links": _links(view),
        "towns": _towns(view),
        "provinces": _shapes(view, "provinces"),
        "neighbours": _shapes(view, "neighbours"),
        "lakes": _shapes(view, "lakes"),
        "rivers": _lines(view, "rivers"),
        "relief": _relief(view),
    }
    parts["disputed"] = _lines(view, "disputed_lines") or _outlines([*parts["neighbours"], *parts["provinces"]])
    return parts | {"credits": _credits(view, parts)}


def _credits(view: View, parts: dict[str, Any]) -> list[str]:
    """Return the lines of credit of the layers that the map draws something of."""
    if TABLE not in view.layers:
        return []
    counts = {name: part["length"] if isinstance(part, dict) and "length" in part else bool(part) for name, part in parts.items()}
    return list(list_attributions(view.layers, [LAYER_OF.get(name, name) for name, count in counts.items() if count]))


def _deposits(view: View) -> dict[str, Any]:
    """Return the deposits that have a place, with their group and what is published about them."""
    columns = ["deposit_id", "lat", "lon", "commodity_id", "historical_estimate", "tonnage_million_t_mode"]
    table = view.layer("deposits", columns).dropna(subset=["lat", "lon"])
    labels = view.layer("commodities", ["commodity_id", "label"]).set_index("commodity_id")["label"]
    table = table.assign(
        group=[commodity_group(name).group_id for name in table["commodity_id"]],
        commodity=table["commodity_id"].map(labels).fillna(table["commodity_id"]),
    )
    texts = [
        "deposit_id",
        "name",
        "province_id",
        "district",
        "commodity",
        "group",
        "deposit_type",
        "status_code",
        "operator",
        "feed_available",
        "resource_class",
        "historical_estimate",
        "grade_unit",
        "source_id",
        "confidence",
    ]
    figures = [
        "lat",
        "lon",
        "coord_accuracy_km",
        "tonnage_million_t_low",
        "tonnage_million_t_mode",
        "tonnage_million_t_high",
        "grade_value",
    ]
    return pack_frame(table.sort_values("deposit_id"), texts, figures)


def _sites(view: View) -> dict[str, Any]:
    """Return the candidate sites."""
    table = view.layer("sites", ["site_id", "lat", "lon", "role"]).dropna(subset=["lat", "lon"])
    table = table[table["role"] == "candidate"].sort_values("site_id")
    texts = ["site_id", "name", "kind", "status_code", "district", "developer", "power_note", "water_note", "source_id", "confidence"]
    return pack_frame(table, texts, ["lat", "lon", "coord_precision_km", "power_firm_mw"])


def _ports(view: View) -> dict[str, Any]:
    """Return all ports; the map draws those of origin, the cards name the others."""
    table = view.layer("ports", ["port_id", "lat", "lon"]).sort_values("port_id")
    texts = ["port_id", "name", "country", "role_code", "draft_note", "bulk_terminal", "operator", "status_code", "source_id"]
    return pack_frame(table, texts, ["lat", "lon", "draft_m_low", "draft_m_high"])


def list_links(view: View) -> pd.DataFrame:
    """Return the links that the map draws, in the order in which it does.

    Parameters
    ----------
    view : View
        The study.

    Returns
    -------
    pandas.DataFrame
        The layer of those with both ends on the map, with the coordinates of the ends; sorted by ``link_id``.
    """
    nodes = view.layer("nodes", ["node_id", "lat", "lon"])[["node_id", "lat", "lon"]].set_index("node_id")
    table = view.layer("links", ["link_id", "from", "to", "mode", "status_code"]).sort_values("link_id")
    table = table.join(nodes.add_prefix("from_"), on="from").join(nodes.add_prefix("to_"), on="to")
    return table.dropna(subset=ENDS)


def _links(view: View) -> dict[str, Any]:
    """Return the road and rail links as straight lines between their nodes."""
    table = list_links(view)
    table = table.assign(open=table["status_code"].isin(OPEN).map({True: "open", False: "not open"}))
    return pack_frame(table, ["name", "mode", "open", "status_code"], [*ENDS, "length_km"])


def _towns(view: View) -> dict[str, Any]:
    """Return the largest towns that stand apart, largest first; a row that misleads is left out."""
    table = view.layer("places", ["name", "lat", "lon", "population", "confidence"])
    table = table[table["population"].notna() & (table["confidence"] != "low")].sort_values(["population", "name"], ascending=[False, True])
    kept: list[tuple[float, float]] = []
    chosen = []
    for at, lat, lon in zip(table.index, table["lat"], table["lon"], strict=True):
        narrow = math.cos(math.radians(lat))
        if len(kept) < TOWNS and all(math.hypot(lat - north, (lon - east) * narrow) >= SPREAD_DEG for north, east in kept):
            kept.append((lat, lon))
            chosen.append(at)
    return pack_frame(table.loc[chosen], ["name"], ["lat", "lon"])


def _lines(view: View, name: str) -> list[list[list[float]]]:
    """Return a layer of lines as lists of [lat, lon]; empty when the folder does not hold it."""
    frame = read_geometry(view.layers, name)
    return [] if frame is None else [path for shape in frame.geometry for path in _paths(shape)]


def _outlines(shapes: list[dict[str, Any]]) -> list[list[list[float]]]:
    """Return the whole outlines of disputed shapes: for a folder that does not say which edge is disputed."""
    return [path for shape in shapes if shape["disputed"] for path in shape["paths"]]


def _shapes(view: View, name: str) -> list[dict[str, Any]]:
    """Return a boundary layer as outlines of [lat, lon]; empty when the folder does not hold it."""
    frame = read_geometry(view.layers, name)
    if frame is None:
        return []
    label = next((column for column in ("label", "name", "NAME") if column in frame), None)
    names = [str(word) for word in frame[label]] if label else [""] * len(frame)
    disputed = [bool(flag) for flag in frame["disputed"]] if "disputed" in frame else [False] * len(frame)
    shapes = [_shape(*facts) for facts in zip(names, frame.geometry, disputed, strict=True)]
    return sorted(shapes, key=lambda shape: (shape["name"], shape["paths"]))


def _shape(name: str, shape: Any, disputed: Any) -> dict[str, Any]:  # noqa: ANN401  a shapely geometry and a flag
    """Return one outline with its name and a point well inside it for the name to stand at."""
    inside = shape.representative_point()
    at = [round(inside.y, DECIMALS), round(inside.x, DECIMALS)]
    return {"name": name, "disputed": disputed, "paths": _paths(shape), "at": at}


def _paths(shape: Any) -> list[list[list[float]]]:  # noqa: ANN401  a shapely geometry
    """Return the outer and inner rings of a shape, or the course of a line."""
    if hasattr(shape, "geoms"):
        return [path for part in shape.geoms for path in _paths(part)]
    paths = [shape.exterior, *shape.interiors] if hasattr(shape, "exterior") else [shape]
    return [[[round(lat, DECIMALS), round(lon, DECIMALS)] for lon, lat, *_ in path.coords] for path in paths]


def _relief(view: View) -> dict[str, Any] | None:
    """Return the shaded relief as a data address with its bounds, or None when the folder does not hold it."""
    root = getattr(view.layers, "root", None)
    found = read_picture(Path(root) / "terrain" / "hillshade.png") if root else None
    if found is None:
        return None
    picture, facts = found
    west, south, east, north = _bounds(facts)
    return {
        "url": "data:image/png;base64," + base64.b64encode(picture).decode("ascii"),
        "bounds": [[south, west], [north, east]],
        "attribution": str(facts.get("attribution", "")),
    }


def _bounds(facts: dict[str, Any]) -> tuple[float, ...]:
    """Return west, south, east, north in degrees from the facts beside the picture."""
    stated = facts.get("bounds", facts)
    sides = [stated[side] for side in ("west", "south", "east", "north")] if isinstance(stated, dict) else stated
    return tuple(float(round_figure(side, 9) or 0.0) for side in sides)
