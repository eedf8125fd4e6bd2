"""The list of layers is counted, not typed."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.catalog import Layers, list_layers


def test_every_layer_is_listed_once_with_its_rows(layers):
    listing = list_layers(layers).set_index("layer")
    assert set(listing.index) == set(layers)
    assert listing.loc["deposits", "rows"] == 123
    assert listing.loc["deposits", "theme"] == "deposits"
    assert listing.loc["sources", "theme"] == ""


def test_coverage_counts_figures_only(layers):
    table = layers["status_events"].head(2)
    hazards = layers["hazards"].head(4).assign(value=[1.0, np.nan, 2.0, 3.0], confidence=["high", "high", "low", ""])
    few = Layers(layers.root, {"sources": layers["sources"], "status_events": table, "hazards": hazards}, modified=("hazards",))
    listing = list_layers(few).set_index("layer")
    assert listing.loc["hazards", "coverage_frac"] == pytest.approx(0.75)
    assert np.isnan(listing.loc["status_events", "coverage_frac"])
    assert listing.loc["hazards", "confidence"] == "high 67%, low 33%"
    assert listing["modified"].to_dict() == {"sources": False, "status_events": False, "hazards": True}


def test_dates_come_from_outside_sources(layers):
    sources = layers["sources"].head(3).assign(
        source_id=["a", "b", "c"], kind=["press", "dossier", "paper"], date=["2019-05", "2026-11-22", "2024"], licence=["x", "y", "x"]
    )
    hazards = layers["hazards"].head(3).assign(source_id=["a", "b;c", "a"])
    listing = list_layers(Layers(layers.root, {"sources": sources, "hazards": hazards})).set_index("layer")
    assert listing.loc["hazards", "newest_source"] == "2024"
    assert listing.loc["hazards", "licence"] == "x; y"
