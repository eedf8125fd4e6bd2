"""The list of layers is counted, not typed."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from geokit.catalog import Layers, list_layers
from geokit.io.dictionary import read_themes


@pytest.fixture(scope="module")
def listing(layers):
    return list_layers(layers).set_index("layer")


@pytest.fixture
def few(layers):
    """Return layers of three tables: figures, words, and the sources that both name."""
    sources = layers["sources"].head(4).assign(
        source_id=["a", "b", "c", "d"],
        kind=["press", "dossier", "paper", "judgement"],
        date=["2019-05", "2026-11-22", "2024", "2026"],
    )
    hazards = layers["hazards"].head(4).assign(
        value=[1.0, np.nan, 2.0, 3.0], confidence=["high", "high", "low", ""], source_id=["a", "b;c", "a", "d"]
    )
    words = layers["item_operations"].head(2)
    terms = pd.DataFrame({"layer": ["hazards"], "licence": ["MIT"], "source_ids": ["a"]})
    tables = {"sources": sources, "hazards": hazards, "item_operations": words, "resources": terms}
    return Layers(layers.root, tables, modified=("hazards",))


def test_every_layer_is_listed_once_with_its_rows(layers, listing):
    assert listing.index.is_unique
    assert set(layers) <= set(listing.index)
    assert listing.loc["deposits", "rows"] == len(layers["deposits"])
    assert listing.loc["deposits", "theme"] == "deposits"
    assert listing.loc["sources", "theme"] == ""


def test_files_that_are_no_tables_are_listed_too(layers, listing):
    features = json.loads((layers.root / "boundaries" / "provinces.geojson").read_text(encoding="utf8"))["features"]
    assert listing.loc["provinces", "rows"] == len(features)
    assert listing.loc["provinces", "theme"] == "boundaries"
    assert listing.loc["hillshade", "theme"] == "terrain"
    assert pd.isna(listing.loc["hillshade", "rows"])
    assert listing.loc["provinces", ["high_frac", "coverage_frac"]].isna().all()
    assert {"datapackage"}.isdisjoint(listing.index)


def test_every_layer_says_its_terms(listing):
    assert (listing["licence"] != "").all()
    assert listing.loc["provinces", "licence"] == "other-pd"


def test_themes_stand_together_in_the_order_in_which_they_are_declared(listing):
    declared = list(dict.fromkeys(theme for theme, _ in read_themes().values()))
    listed = listing["theme"].tolist()
    runs = [theme for place, theme in enumerate(listed) if place == 0 or listed[place - 1] != theme]
    assert len(runs) == len(set(runs))
    assert [theme for theme in runs if theme in declared] == declared


def test_coverage_counts_figures_only(few):
    listing = list_layers(few).set_index("layer")
    assert listing.loc["hazards", "coverage_frac"] == pytest.approx(0.75)
    assert np.isnan(listing.loc["item_operations", "coverage_frac"])


def test_a_row_without_confidence_is_in_none_of_the_shares(few):
    listing = list_layers(few).set_index("layer")
    assert listing.loc["hazards", ["high_frac", "medium_frac", "low_frac"]].tolist() == [0.5, 0.0, 0.25]
    assert listing.loc["item_operations", ["high_frac", "medium_frac", "low_frac"]].isna().all()


def test_dates_come_from_outside_sources(few):
    """Our own dossier of 2026 and our judgement date the compilation, not the facts."""
    listing = list_layers(few).set_index("layer")
    assert listing.loc["hazards", ["oldest_source", "newest_source"]].tolist() == ["2019-05", "2024"]
    assert listing.loc["item_operations", ["oldest_source", "newest_source"]].tolist() == ["", ""]


def test_terms_are_those_of_the_layer_and_changes_are_marked(few):
    listing = list_layers(few).set_index("layer")
    assert listing["licence"].to_dict() == {"sources": "", "resources": "", "hazards": "MIT", "item_operations": ""}
    assert listing["modified"].to_dict() == {"sources": False, "resources": False, "hazards": True, "item_operations": False}


def test_a_folder_without_terms_can_still_be_listed(layers):
    alone = Layers(layers.root, {"sources": layers["sources"]})
    assert list_layers(alone)["licence"].tolist() == [""]
