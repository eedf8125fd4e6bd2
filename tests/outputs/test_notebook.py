"""The notebook map: layers by name, marks by count, names as text."""

from __future__ import annotations

import subprocess
import sys

from geokit.outputs.notebook import folium_map


def names(chart):
    return [child.layer_name for child in chart._children.values() if hasattr(child, "layer_name")]


def test_layers_and_marks(sample):
    chart = folium_map(sample)
    assert names(chart) == ["provinces", "deposits", "sites", "ports"]
    groups = {child.layer_name: child for child in chart._children.values() if hasattr(child, "layer_name")}
    assert len(groups["deposits"]._children) == sample.layers["deposits"]["lat"].notna().sum()
    assert len(groups["sites"]._children) == (sample.layers["sites"]["role"] == "candidate").sum()
    assert len(groups["ports"]._children) == sample.layers["ports"]["role_code"].str.startswith("origin").sum()


def test_no_tiles_are_asked_for(sample):
    assert "tile.openstreetmap" not in folium_map(sample).get_root().render()


def test_hostile_names_stay_text(hostile, hostile_words):
    text = folium_map(hostile).get_root().render()
    assert hostile_words[0] not in text
    assert hostile_words[1] not in text
    assert "&lt;img src=x" in text


def test_folium_is_imported_only_by_who_asks():
    code = "import sys, geokit.outputs.notebook, geokit.outputs.page; sys.exit('folium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
