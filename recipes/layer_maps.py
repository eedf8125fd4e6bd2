"""Draw the small maps of docs/layers/ as plain SVG: outlines of the units, and what one layer puts on them. Used by layer_docs.py."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from itertools import chain, groupby, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio

from geokit.catalog import Layers

WIDTH, HEIGHT = 360, 300
WEST, NORTH = 58.6, 37.35
PX_PER_DEG = 19.9
STRETCH = math.cos(math.radians(30.3))
"""A degree of longitude against one of latitude in the middle of the frame."""
GRID_PX = 0.5
"""Outlines are rounded to this grid, and what falls on one spot is drawn once."""
MANY = 300
"""A layer with more places gets smaller dots."""
LEAST_PLACES = 3
"""A layer with fewer places inside the frame gets no map."""
LAND, EDGE, INK, WATER = "#f3f0e8", "#b3aa98", "#a3312a", "#2f6c9e"
LINES = {("road", True): ("#7d6b4f", ""), ("rail", True): ("#26364f", ""), ("road", False): ("#7d6b4f", "2 2"), ("rail", False): ("#26364f", "2 2")}
TONES = ("#edf0e4", "#dfe0c8", "#cfc8a4", "#b9a37d", "#9c7c5b", "#7d5b45", "#a39b98")
TONE_STEP_M = 700.0
RELIEF_DEG = 0.25

Place = tuple[float, float]


def draw_layer(layers: Layers, name: str, path: str) -> str:
    """Return the map of one layer, or nothing when it has no place in the frame.

    ``path`` is that of its file below the folder of layers.
    """
    file = layers.root / path
    if file.suffix == ".geojson":
        return _draw_features(layers, json.loads(file.read_text(encoding="utf8"))["features"], is_water=file.parent.name == "terrain")
    if file.suffix == ".tif":
        return _frame(layers, _draw_relief(file), f"mean height of quarter degrees, a tone every {TONE_STEP_M:.0f} m; grey above {TONE_STEP_M * (len(TONES) - 1):,.0f} m")
    table = layers.get(name)
    if name == "links":
        return _frame(layers, *_draw_links(table, layers["nodes"]))
    return _draw_table(layers, table) if table is not None and {"lat", "lon"} <= set(table) else ""


def project(lon: float, lat: float) -> Place:
    """Return the place on the picture, px."""
    return (lon - WEST) * PX_PER_DEG * STRETCH, (NORTH - lat) * PX_PER_DEG


def _draw_table(layers: Layers, table: pd.DataFrame) -> str:
    """Draw a table of points: full where the place itself is meant, hollow where another stands in for it."""
    places = [project(lon, lat) for lon, lat in zip(table["lon"], table["lat"], strict=True)]
    inside = np.array([0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places])
    if inside.sum() < LEAST_PLACES:
        return ""
    kinds = table.get("coord_kind", pd.Series("", index=table.index))
    is_proxy = kinds.isin(["town_proxy", "approximation"]).to_numpy()
    shown, size = np.array(places), 2.2 if len(places) > MANY else 3.4
    marks = _dots(shown[inside & is_proxy], INK, size) + _dots(shown[inside & is_proxy], LAND, 1.8) + _dots(shown[inside & ~is_proxy], INK, size)
    counts = ((f"{(inside & ~is_proxy).sum()} points", True), (f"{(inside & is_proxy).sum()} stand-ins or approximations (hollow)", is_proxy.any()))
    beyond = len(table) - inside.sum()
    words = [text for text, told in (*counts, (f"{beyond} outside the frame or without place", beyond)) if told]
    return _frame(layers, marks, ", ".join(words))


def _draw_links(links: pd.DataFrame, nodes: pd.DataFrame) -> tuple[str, str]:
    """Draw links as straight lines: road and rail, broken where not in use."""
    places = {node: project(lon, lat) for node, lon, lat in zip(nodes["node_id"], nodes["lon"], nodes["lat"], strict=True)}
    groups: dict[tuple[str, bool], list[str]] = {kind: [] for kind in LINES}
    for row in links.to_dict("records"):
        is_used = row["status_code"] in {"open", "seasonal"}
        groups[row["mode"], is_used].append(_path([places[row["from"]], places[row["to"]]]))
    marks = "".join(_stroke("".join(groups[kind]), colour, 1.2, dash=dash) for kind, (colour, dash) in LINES.items() if groups[kind])
    return marks, "brown road, blue rail; broken: not in use or not verified; straight lines, not courses"


def _draw_features(layers: Layers, features: Sequence[dict[str, dict]], *, is_water: bool) -> str:
    """Draw polygons, lines and points of a map file: water blue, disputed edges broken, our own areas without the outlines below."""
    colour, is_whole = WATER if is_water else INK, "province_id" in features[0]["properties"]
    marks = ""
    for broken in (False, True):
        chosen = [feature["geometry"] for feature in features if _is_disputed(feature) is broken and feature["geometry"]]
        rings = [ring for shape in chosen if "Polygon" in shape["type"] for ring in _rings(shape["type"], shape["coordinates"])]
        areas = "".join(_path(_thin(ring), closed=True) for ring in rings)
        lines = "".join(_path(_thin(line)) for shape in chosen if "LineString" in shape["type"] for line in _lines(shape))
        dash = "3 2" if broken else ""
        marks += _stroke(areas, colour, 0.6, dash=dash, fill=LAND if is_whole else "none") if areas else ""
        marks += _stroke(lines, colour, 0.9, dash=dash) if lines else ""
        marks += _dots([project(*shape["coordinates"][:2]) for shape in chosen if shape["type"] == "Point"], colour, 3.0)
    return _frame(layers, marks, f"{len(features)} features", has_units=not is_whole)


def _is_disputed(feature: dict[str, dict]) -> bool:
    """Return whether a feature says that it is disputed."""
    told = feature["properties"]
    return told.get("disputed") is True or "disputed" in str(told.get("label", ""))


def _lines(shape: dict) -> Sequence:
    """Return the lines of a geometry of one or of several."""
    return shape["coordinates"] if shape["type"].startswith("Multi") else [shape["coordinates"]]


def _draw_relief(path: Path) -> str:
    """Draw heights as rows of tinted cells."""
    with rasterio.open(path) as source:
        grid, box = source.read(1).astype(float), source.bounds
    high, wide = round((box.top - box.bottom) / RELIEF_DEG), round((box.right - box.left) / RELIEF_DEG)
    rows, columns = grid.shape[0] // high, grid.shape[1] // wide
    cells = grid[: high * rows, : wide * columns].reshape(high, rows, wide, columns).mean(axis=(1, 3))
    tones = np.where(cells > 0, np.minimum(cells // TONE_STEP_M, len(TONES) - 1), -1).astype(int)
    paths: dict[int, list[str]] = {tone: [] for tone in range(len(TONES))}
    for row, line in enumerate(tones):
        start = 0
        for tone, run in groupby(line):
            length = len(list(run))
            (x, y), (end, _) = (project(box.left + column * RELIEF_DEG, box.top - row * RELIEF_DEG) for column in (start, start + length))
            if tone >= 0:
                paths[tone].append(f"M{x:.1f} {y:.1f}h{end - x:.1f}v{RELIEF_DEG * PX_PER_DEG + 0.2:.1f}h{x - end:.1f}z")
            start += length
    return "".join(f'<path d="{"".join(found)}" fill="{TONES[tone]}" shape-rendering="crispEdges"/>' for tone, found in paths.items() if found)


def _frame(layers: Layers, marks: str, caption: str, *, has_units: bool = True) -> str:
    """Return the picture: outlines of the units below, where they are wanted, marks above, two lines of words."""
    features = json.loads((layers.root / "boundaries" / "provinces.geojson").read_text(encoding="utf8"))["features"]
    features = features if has_units else []
    outline = {disputed: "".join(_outline(feature) for feature in features if feature["properties"]["disputed"] is disputed) for disputed in (False, True)}
    is_relief = "fill" in marks and "stroke" not in marks
    below = "".join(_stroke(path, EDGE, 0.7, dash="3 2" if disputed else "", fill="none" if is_relief else LAND) for disputed, path in outline.items() if path)
    words = f'<text x="6" y="{HEIGHT - 16}">{_escape(caption)}</text><text x="6" y="{HEIGHT - 5}">Outlines: Natural Earth, simplified; broken: disputed.</text>'
    order = marks + below if is_relief else below + marks
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{order}\n'
        f'<g font-family="sans-serif" font-size="8.5" fill="#4a463e">{words}</g>\n</svg>\n'
    )


def _outline(feature: dict[str, dict]) -> str:
    """Return the path of a polygon."""
    geometry = feature["geometry"]
    return "".join(_path(_thin(ring), closed=True) for ring in _rings(geometry["type"], geometry["coordinates"]))


def _rings(kind: str, coordinates: Sequence) -> Iterable[Sequence[Sequence[float]]]:
    """Return the rings of a polygon or of several."""
    return coordinates if kind == "Polygon" else chain.from_iterable(coordinates)


def _thin(line: Sequence[Sequence[float]]) -> list[Place]:
    """Round a line to the grid and leave out what falls on the spot before it, so that shared borders stay shared."""
    spots = ((round(x / GRID_PX) * GRID_PX, round(y / GRID_PX) * GRID_PX) for x, y in (project(*place[:2]) for place in line))
    return [spot for spot, _ in groupby(spots)]


def _path(places: Sequence[Place], *, closed: bool = False) -> str:
    """Return a path through some places, in steps from one to the next; a ring that shrank to a line is left out."""
    if closed and len(places) < 4:
        return ""
    spots = [(round(x, 1), round(y, 1)) for x, y in places]
    steps = (f"{_short(x - before[0])} {_short(y - before[1])}" for before, (x, y) in pairwise(spots))
    start = f"M{_short(spots[0][0])} {_short(spots[0][1])}l"
    return start + " ".join(steps).replace(" -", "-") + ("z" if closed else "")


def _short(number: float) -> str:
    """Write a number with one decimal, or none where it is whole."""
    return f"{number:.1f}".removesuffix(".0").replace("-0.", "-.").removeprefix("0") or "0"


def _dots(places: Iterable[Sequence[float]], colour: str, size: float) -> str:
    """Return dots of one size."""
    spots = dict.fromkeys(f"M{x:.1f} {y:.1f}h.01" for x, y in places)
    return f'<path d="{"".join(spots)}" stroke="{colour}" stroke-width="{size}" stroke-linecap="round" fill="none"/>' if spots else ""


def _stroke(path: str, colour: str, width: float, *, dash: str = "", fill: str = "none") -> str:
    """Return a drawn path."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}" fill="{fill}" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"{broken}/>'


def _escape(text: str) -> str:
    """Return a text for use between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
