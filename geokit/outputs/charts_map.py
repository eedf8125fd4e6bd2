"""The map of the report as SVG: provinces, ways, deposits, ports, candidate sites, and the leading ones with their ranks."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import pandas as pd
from shapely import box

from geokit.outputs.charts import INK, MUTED, SMALL, WIDTH, add, open_chart, print_chart
from geokit.outputs.mapdata import ENDS, OPEN, list_links
from geokit.outputs.style import GROUPS, Group, commodity_group
from geokit.outputs.view import View, read_geometry

SEA, LAND, NEIGHBOUR, WATER, SHUT, ROAD = "#dfe8ee", "#fbfaf6", "#eeebe4", "#8db1c8", "#a5a5a5", "#8a6f52"
"""Grounds and lines, as on the page of the study."""
MARGIN_DEG = 0.6
"""Room round the candidate sites and deposits."""
MARK = 11.0
"""Side of the square of a leading site, points."""
KM_PER_DEG = 111.195
"""Length of a degree of latitude on a sphere of 6,371 km (pi x 6371 / 180)."""
LEGEND = 46.0
"""Room for the legend below the map, points."""
COLUMNS = ("site_id", "deposit_id", "port_id", "name", "role_code", "commodity_id", "lat", "lon")
"""What is asked of places that a folder of layers does not hold."""
LETTER = 0.5
"""Mean width of a letter over the size of the font."""
Area = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """A map that is being drawn.

    Attributes
    ----------
    root, ground : xml.etree.ElementTree.Element
        The drawing, and the part of it inside the frame.
    frame : tuple of float
        West, south, east and north, degrees.
    scale : tuple of float
        Points for a degree of longitude and of latitude.
    height : float
        Of the frame, points.
    taken : list of tuple of float
        Areas that words may not cover: left, top, right and bottom, points.
    """

    root: Element
    ground: Element
    frame: Area
    scale: tuple[float, float]
    height: float
    taken: list[Area] = field(default_factory=list)

    def project(self, lat: float, lon: float) -> tuple[float, float]:
        """Return where a place stands, points from the upper left."""
        return (lon - self.frame[0]) * self.scale[0], (self.frame[3] - lat) * self.scale[1]


def draw_map(view: View, leading: Sequence[tuple[str, str]]) -> str:
    """Return the map with the leading sites.

    Parameters
    ----------
    view : View
        The study.
    leading : sequence of tuple of str
        Rank and place (``site_id``, or the id of a deposit) of the rows to number, best first; a place without coordinates is left out.

    Returns
    -------
    str
        SVG, equirectangular, true to scale at the middle latitude; blank where the layers place nothing.
    """
    frame = _find_frame(view)
    if frame is None:
        return ""
    sheet = _open_sheet(frame)
    _draw_ground(sheet, view)
    _draw_links(sheet, view)
    groups = _draw_deposits(sheet, view)
    _draw_sites(sheet, view, leading)
    _draw_scale(sheet)
    _draw_ports(sheet, view)
    _name_provinces(sheet, view)
    _draw_legend(sheet, groups)
    return print_chart(sheet.root)


def _open_sheet(frame: Area) -> Sheet:
    """Return an empty map of a frame."""
    west, south, east, north = frame
    narrow = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * narrow)
    height = (north - south) * scale
    root = open_chart(WIDTH, height + LEGEND)
    clip = add(add(root, "defs"), "clipPath", id="frame")
    add(clip, "rect", x=0, y=0, width=WIDTH, height=height)
    ground = add(root, "g", clip_path="url(#frame)")
    add(ground, "rect", x=0, y=0, width=WIDTH, height=height, fill=SEA)
    return Sheet(root, ground, frame, (narrow * scale, scale), height)


def _find_frame(view: View) -> Area | None:
    """Return west, south, east and north of what is drawn, degrees."""
    provinces = read_geometry(view.layers, "provinces")
    places = [_placed(view, "sites"), _placed(view, "deposits")]
    sides = [(part["lon"].min(), part["lat"].min(), part["lon"].max(), part["lat"].max()) for part in places if len(part)]
    sides += [tuple(provinces[provinces["label"] != ""].total_bounds)] if provinces is not None and not sides else []
    if not sides:
        return None
    low, high = ([reach(side[at] for side in sides) for at in pair] for reach, pair in ((min, (0, 1)), (max, (2, 3))))
    return low[0] - MARGIN_DEG, low[1] - MARGIN_DEG, high[0] + MARGIN_DEG, high[1] + MARGIN_DEG


def _placed(view: View, name: str) -> pd.DataFrame:
    """Return the rows of a layer that have coordinates."""
    return view.layer(name, COLUMNS).dropna(subset=["lat", "lon"])


def _draw_ground(sheet: Sheet, view: View) -> None:
    """Draw land, water and boundaries, disputed lines dashed."""
    looks: dict[str, dict[str, str | float]] = {
        "neighbours": {"fill": NEIGHBOUR, "stroke": "#c9c3b4", "stroke_width": 0.5},
        "provinces": {"fill": LAND, "stroke": "#8c8778", "stroke_width": 0.6},
        "lakes": {"fill": SEA, "stroke": WATER, "stroke_width": 0.4},
        "rivers": {"fill": "none", "stroke": WATER, "stroke_width": 0.5},
        "disputed_lines": {"fill": "none", "stroke": "#6b6558", "stroke_width": 1.0, "stroke_dasharray": "3 2"},
    }
    for name, look in looks.items():
        shapes = read_geometry(view.layers, name)
        cut = [] if shapes is None else shapes.geometry.clip(box(*sheet.frame))
        path = " ".join(_trace(shape, sheet) for shape in cut)
        if path:
            add(sheet.ground, "path", d=path, fill_rule="evenodd", **look)


def _trace(shape: Any, sheet: Sheet) -> str:  # noqa: ANN401  a shapely geometry
    """Return the outline of a shape, or the course of a line, as a path."""
    if hasattr(shape, "geoms"):
        return " ".join(_trace(part, sheet) for part in shape.geoms)
    paths = [shape.exterior, *shape.interiors] if hasattr(shape, "exterior") else [shape]
    end = "Z" if hasattr(shape, "exterior") else ""
    return " ".join(f"M{' '.join('{:.1f},{:.1f}'.format(*sheet.project(at[1], at[0])) for at in path.coords)}{end}" for path in paths)


def _name_provinces(sheet: Sheet, view: View) -> None:
    """Write the name of each province where there is room."""
    provinces = read_geometry(view.layers, "provinces")
    if provinces is None:
        return
    tries = [(0.0, float(down), "middle") for down in (0, 12, -12, 24, -24, 36, -36)]
    for label, shape in zip(provinces["label"], provinces.geometry, strict=True):
        point = shape.representative_point()
        _write(sheet, str(label), sheet.project(point.y, point.x), tries=tries, fill="#7a7466", font_size=8.0)


def _write(
    sheet: Sheet, words: str, at: tuple[float, float], *, tries: Sequence[tuple[float, float, str]], fill: str, font_size: float
) -> None:
    """Write words at the first spot that covers nothing written before, with a light edge; leave them out where there is none."""
    width = len(words) * font_size * LETTER
    for right, down, anchor in tries:
        x, y = at[0] + right, at[1] + down
        left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        area = (left, y - font_size, left + width, y + 2)
        if left >= 0 and left + width <= WIDTH and not any(_overlap(area, other) for other in sheet.taken):
            sheet.taken.append(area)
            look: dict[str, str | float] = {"x": x, "y": y, "text_anchor": anchor, "fill": fill, "font_size": font_size}
            add(sheet.ground, "text", words, stroke="#ffffff", stroke_width=1.6, stroke_linejoin="round", stroke_opacity=0.75, **look)
            add(sheet.ground, "text", words, **look)
            return


def _overlap(one: Area, other: Area) -> bool:
    """Tell whether two areas (left, top, right, bottom) share a point."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _draw_links(sheet: Sheet, view: View) -> None:
    """Draw road and rail as straight lines between their nodes; what is shut, planned or not known to run is grey and dotted."""
    paths: dict[str, list[str]] = {"shut": [], "road": [], "rail": []}
    for row in list_links(view)[[*ENDS, "mode", "status_code"]].itertuples(index=False):
        line = "M{:.1f},{:.1f} L{:.1f},{:.1f}".format(*sheet.project(row[0], row[1]), *sheet.project(row[2], row[3]))
        kind = "rail" if row.mode == "rail" else "road"
        paths[kind if row.status_code in OPEN else "shut"].append(line)
    looks: dict[str, dict[str, str | float]] = {
        "shut": {"stroke": SHUT, "stroke_width": 0.7, "stroke_dasharray": "1 2"},
        "road": {"stroke": ROAD, "stroke_width": 0.9},
        "rail": {"stroke": "#4c4c4c", "stroke_width": 1.0, "stroke_dasharray": "4 1.5"},
    }
    for kind, look in looks.items():
        if paths[kind]:
            add(sheet.ground, "path", d=" ".join(paths[kind]), fill="none", **look)


def _draw_deposits(sheet: Sheet, view: View) -> list[Group]:
    """Draw the deposits, hollow where no tonnage is published, and return the groups that are drawn."""
    table = _placed(view, "deposits").sort_values("deposit_id")
    used = [commodity_group(name) for name in table["commodity_id"]]
    tonnes = table.get("tonnage_million_t_mode", pd.Series(float("nan"), index=table.index))
    for lat, lon, group, tonnage in zip(table["lat"], table["lon"], used, tonnes, strict=True):
        x, y = sheet.project(lat, lon)
        full = bool(pd.notna(tonnage))
        fill, edge = (group.colour, "#ffffff") if full else ("#ffffff", group.colour)
        add(sheet.ground, "circle", cx=x, cy=y, r=3.3, fill=fill, stroke=edge, stroke_width=0.5 if full else 1.0)
        add(sheet.ground, "text", group.letter, x=x, y=y + 1.6, font_size=4.6, text_anchor="middle", fill=group.ink if full else INK)
    return [group for group in GROUPS if group in used]


def _draw_ports(sheet: Sheet, view: View) -> None:
    """Draw the ports of origin as triangles, each with its name where there is room."""
    table = _placed(view, "ports")
    tries = [(6.0, 2.5, "start"), (-6.0, 2.5, "end"), *((0.0, float(down), "middle") for down in (12, 21, 30))]
    tries += [(-6.0, float(down), "end") for down in (14, 24)]
    origin = table[table["role_code"] == "origin"].sort_values("port_id")
    for name, lat, lon in zip(origin["name"], origin["lat"], origin["lon"], strict=True):
        x, y = sheet.project(lat, lon)
        add(sheet.ground, "path", d=f"M{x:.1f},{y - 4:.1f} l4,7 h-8 Z", fill="#0b5394", stroke="#ffffff", stroke_width=0.6)
        _write(sheet, str(name).split(" - ", maxsplit=1)[0], (x, y), tries=tries, fill="#0b5394", font_size=7.0)


def _draw_sites(sheet: Sheet, view: View, leading: Sequence[tuple[str, str]]) -> None:
    """Draw the candidate sites small and grey, and number the leading ones; numbers that would cover one another are set apart."""
    sites, deposits = _placed(view, "sites"), _placed(view, "deposits")
    known = dict(zip(deposits["deposit_id"], zip(deposits["lat"], deposits["lon"], strict=True), strict=True))
    known |= dict(zip(sites["site_id"], zip(sites["lat"], sites["lon"], strict=True), strict=True))
    numbered = {place for _, place in leading}
    for place, (lat, lon) in sorted(known.items()):
        if place in set(sites["site_id"]) and place not in numbered:
            x, y = sheet.project(lat, lon)
            add(sheet.ground, "rect", x=x - 1.6, y=y - 1.6, width=3.2, height=3.2, fill="#6d7680", stroke="#ffffff", stroke_width=0.4)
    spots: list[tuple[float, float]] = []
    for rank, place in leading:
        if place in known:
            x, y = sheet.project(*known[place])
            spot = next(at for at in _try_spots(x, y) if all(_is_clear(at, other) for other in spots))
            spots.append(spot)
            add(sheet.ground, "line", x1=x, y1=y, x2=spot[0], y2=spot[1], stroke=INK, stroke_width=0.6)
            add(sheet.ground, "circle", cx=x, cy=y, r=1.2, fill=INK)
            left, top = spot[0] - MARK / 2, spot[1] - MARK / 2
            add(sheet.ground, "rect", x=left, y=top, width=MARK, height=MARK, fill=INK, stroke="#ffffff", stroke_width=0.8)
            sheet.taken.append((left, top, left + MARK, top + MARK))
            add(sheet.ground, "text", rank, x=spot[0], y=spot[1] + 2.6, text_anchor="middle", fill="#ffffff", font_weight="600")


def _try_spots(x: float, y: float) -> Iterator[tuple[float, float]]:
    """Yield places for a mark, the true one first, then on rings round it."""
    yield x, y
    for ring in itertools.count(1):
        for turn in range(12):
            angle = math.tau * turn / 12
            yield x + MARK * ring * math.cos(angle), y + MARK * ring * math.sin(angle)


def _is_clear(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Tell whether two marks leave each other room."""
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= MARK + 1


def _draw_scale(sheet: Sheet) -> None:
    """Draw a bar of 200 km."""
    length, left, y = 200 * sheet.scale[1] / KM_PER_DEG, 10.0, sheet.height - 10
    add(sheet.ground, "path", d=f"M{left:.1f},{y - 3:.1f} v3 h{length:.1f} v-3", fill="none", stroke=INK, stroke_width=0.8)
    add(sheet.ground, "text", "200 km", x=left + length + 4, y=y)
    sheet.taken.append((0.0, y - 14, left + length + 40, sheet.height))


def _draw_legend(sheet: Sheet, groups: Sequence[Group]) -> None:
    """Write what each mark means below the map, in as many lines as it takes."""
    x, y = 0.0, sheet.height + 12
    for words, letter, shapes in _list_marks(groups):
        width = 20 + len(words) * SMALL * LETTER
        if x + width > WIDTH:
            x, y = 0.0, y + 12
        part = add(sheet.root, "g", transform=f"translate({x:.1f} {y:.1f})")
        add(part, shapes[0], **shapes[1])
        if letter:
            add(part, "text", letter, x=4, y=-0.9, font_size=5, text_anchor="middle", fill=shapes[1]["stroke"])
        add(part, "text", words, x=15, y=0)
        x += width


def _list_marks(groups: Sequence[Group]) -> Iterator[tuple[str, str, tuple[str, dict[str, str | float]]]]:
    """Yield what a mark means, its letter and its shape about the foot of the words."""
    dot: dict[str, str | float] = {"cx": 4.0, "cy": -2.6, "r": 3.6}
    way = "M0,-2.5 h12"
    for group in groups:
        yield group.label, group.letter, ("circle", {**dot, "fill": group.colour, "stroke": group.ink, "stroke_width": 0.0})
    yield "hollow: no tonnage published", "", ("circle", {**dot, "fill": "#ffffff", "stroke": MUTED})
    yield "site with its rank", "", ("rect", {"x": 0.0, "y": -7.0, "width": 8.0, "height": 8.0, "fill": INK})
    yield "other site", "", ("rect", {"x": 2.0, "y": -4.5, "width": 3.6, "height": 3.6, "fill": "#6d7680"})
    yield "port", "", ("path", {"d": "M4,-7 l4,7 h-8 Z", "fill": "#0b5394"})
    yield "road", "", ("path", {"d": way, "stroke": ROAD})
    yield "rail", "", ("path", {"d": way, "stroke": "#4c4c4c", "stroke_dasharray": "4 1.5"})
    yield "shut, planned or unsure", "", ("path", {"d": way, "stroke": SHUT, "stroke_dasharray": "1 2"})
    yield "disputed line", "", ("path", {"d": way, "stroke": "#6b6558", "stroke_dasharray": "3 2"})
