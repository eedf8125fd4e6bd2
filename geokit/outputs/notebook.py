"""A map for notebooks: plain folium, to be extended by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import escape

from geokit.outputs.style import commodity_group
from geokit.outputs.view import read_geometry

INK = "#16202a"
"""Colour of sites and ports."""
SHOWN = {"sites": ("role", "candidate"), "ports": ("role_code", "origin")}
"""Which sites and ports are drawn: column and the word it begins with."""
COLUMNS = ["name", "lat", "lon", "commodity_id", "role_code", "role"]
"""Columns that a mark is drawn from."""
RADIUS_PX = 5
"""Radius of a mark, pixels."""


def folium_map(study: Any) -> Any:  # noqa: ANN401  folium has no types
    """Return a folium map of a study or of layers: provinces, deposits, sites and ports, each in a layer of its own.

    The map asks no tile server for anything; the libraries around it are folium's own and come from the network when it is
    shown. The sealed page (:func:`geokit.outputs.write_page`) needs none.

    Parameters
    ----------
    study : Study or Layers
        A finished study, or the facts alone: both give the same map.

    Returns
    -------
    folium.Map
        Add to it whatever you like. Give a layer of your own ``control=False``: the list of layers stands before it in the page and
        would fail on what it does not know yet.
    """
    import folium  # noqa: PLC0415  heavy; only who asks for it pays

    layers = getattr(study, "layers", study)
    marks = [_marks(layers, kind) for kind in ("deposits", "sites", "ports")]
    places = pd.concat([table[["lat", "lon"]] for table in marks]).dropna()
    chart = folium.Map(location=[places["lat"].mean(), places["lon"].mean()], zoom_start=6, tiles=None, max_zoom=14)
    provinces = read_geometry(layers, "provinces")
    if provinces is not None:
        style = {"color": "#8c8778", "weight": 1, "fillColor": "#fbfaf6", "fillOpacity": 1}
        folium.GeoJson(json.loads(provinces.geometry.to_json()), name="provinces", style_function=lambda _: style).add_to(chart)
    for table in marks:
        layer = folium.FeatureGroup(name=str(table.attrs["title"]))
        for mark in table.to_dict("records"):
            folium.CircleMarker(
                [mark["lat"], mark["lon"]],
                radius=RADIUS_PX,
                color=mark["colour"],
                weight=1,
                fill=True,
                fill_opacity=0.8,
                tooltip=folium.Tooltip(_escape(mark["words"])),
            ).add_to(layer)
        layer.add_to(chart)
    folium.LayerControl().add_to(chart)
    return chart


def _marks(layers: Mapping[str, pd.DataFrame], kind: str) -> pd.DataFrame:
    """Return the marks of one kind: place, words and colour."""
    table = layers[kind] if kind in layers else pd.DataFrame(columns=COLUMNS)
    table = table.dropna(subset=["lat", "lon"])
    if kind in SHOWN:
        column, word = SHOWN[kind]
        table = table[table[column].str.startswith(word)]
    marks = table[["lat", "lon"]].assign(words=table["name"], colour=INK)
    if kind == "deposits":
        colours = [commodity_group(name).colour for name in table["commodity_id"]]
        marks = marks.assign(words=table["name"] + " (" + table["commodity_id"] + ")", colour=colours)
    marks.attrs["title"] = kind
    return marks


def _escape(text: object) -> str:
    """Return a text that HTML and JavaScript template strings show as it is."""
    return str(escape(text)).replace("`", "&#96;").replace("$", "&#36;").replace("\\", "&#92;")
