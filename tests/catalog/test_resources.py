"""Every file of the layers has terms, and the terms allow everybody to pass it on."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geokit.catalog.cite import list_attributions
from geokit.check.terms import check_resources
from geokit.core.columns import split_ids

ROOT = Path(__file__).resolve().parents[2]
OWNERS = ("Natural Earth", "GeoNames", "GLOBE", "searoute", "airportsdata", "World Bank")
OPEN = {"CC-BY-4.0", "other-pd", "CC0-1.0", "MIT", "Apache-2.0", "Unlicense"}
TERMS = {"facts, cited", "own work", "public domain", "US public domain", "CC0", "CC BY 4.0", "MIT", "Apache-2.0", "Unlicense"}
"""What may be said of a source: either single facts were taken, or the work itself may be passed on."""


def rows(**files):
    return pd.DataFrame({"layer": list(files), "files": list(files.values())})


HILLSHADE = "terrain/hillshade.json;terrain/hillshade.png"


def test_a_folder_whose_files_and_rows_match_is_sound():
    paths = ["deposits/deposits.csv", "terrain/hillshade.png", "terrain/hillshade.json", "sources.csv"]
    assert check_resources(rows(deposits="", hillshade=HILLSHADE, sources=""), paths) == []


def test_a_file_without_a_row_is_told_with_its_path():
    (problem,) = check_resources(rows(deposits=""), ["deposits/deposits.csv", "b/roads.geojson"])
    assert (problem.file, problem.value) == ("b/roads.geojson", "roads")
    assert "resources.csv" in problem.rule
    assert "b/roads.geojson under files" in problem.remedy


def test_a_table_without_a_row_is_told_with_its_path():
    (problem,) = check_resources(rows(deposits=""), ["deposits/deposits.csv", "sites/sites.csv"])
    assert (problem.file, problem.remedy) == ("sites/sites.csv", "add the row, or remove the file")


@pytest.mark.parametrize(
    "stray", ["old/deposits.csv", "deposits.csv", "deposits/old/deposits.csv", "deposits/deposits.geojson", "deposits/deposits.CSV"]
)
def test_a_table_in_another_place_is_no_table_and_inherits_no_terms(stray):
    (problem,) = check_resources(rows(deposits=""), ["deposits/deposits.csv", stray])
    assert (problem.file, problem.rule) == (stray, "lies where nothing reads it")
    assert "move it to deposits/deposits.csv" in problem.remedy


@pytest.mark.parametrize("stray", ["other/hillshade.png", "terrain/hillshade.tif", "hillshade.png"])
def test_terms_hold_for_the_files_that_they_name_and_for_no_namesake(stray):
    (problem,) = check_resources(rows(hillshade=HILLSHADE), ["terrain/hillshade.png", "terrain/hillshade.json", stray])
    assert (problem.file, "resources.csv" in problem.rule) == (stray, True)


def test_a_row_cannot_vouch_for_a_file_of_another_name():
    told = check_resources(rows(roads="b/tracks.geojson"), ["b/tracks.geojson"])
    assert [(problem.file, problem.value) for problem in told] == [("b/tracks.geojson", "tracks"), ("resources.csv", "roads")]


def test_a_row_without_a_file_is_told_with_its_place():
    told = check_resources(rows(deposits="", roads="b/roads.geojson", rails=""), ["deposits/deposits.csv"])
    assert [(problem.file, problem.value, problem.row, problem.column) for problem in told] == [
        ("resources.csv", "roads", 3, "layer"), ("resources.csv", "rails", 4, "layer"),
    ]


def test_a_picture_without_the_file_of_its_bounds_is_told():
    (problem,) = check_resources(rows(hillshade=HILLSHADE), ["terrain/hillshade.png"])
    assert "terrain/hillshade.json" in problem.rule


def test_a_table_without_its_key_leaves_every_file_alone():
    assert len(check_resources(pd.DataFrame(), ["deposits/deposits.csv", "b/roads.geojson"])) == 2


def test_the_packaged_files_and_rows_match(layers):
    assert check_resources(layers["resources"], layers.sha256) == []


def test_every_licence_allows_redistribution(layers):
    assert set(layers["resources"]["licence"]) <= OPEN
    assert set(layers["sources"]["licence"]) <= TERMS


def test_what_is_not_ours_is_credited(layers):
    """The Unlicense asks for nothing; the others ask for a notice, or are credited by custom."""
    resources = layers["resources"]
    foreign = resources[~resources["licence"].isin(["CC-BY-4.0", "Unlicense"])]
    assert len(foreign) >= 4
    assert (foreign["attribution"] != "").all()


def test_every_line_of_credit_names_an_owner_of_the_notice(layers):
    """A new line needs its owner in the notice, and in the list above."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf8")
    owned = [line for line in list_attributions(layers) if any(owner in line for owner in OWNERS)]
    assert owned == list(list_attributions(layers))
    assert [owner for owner in OWNERS if owner not in notice] == []
    if "MIT" in set(layers["resources"]["licence"]):
        assert "Permission is hereby granted" in notice


def test_coordinates_of_the_gazetteer_are_credited_wherever_they_stand(layers):
    """CC BY 4.0 asks for it: a layer whose points came from GeoNames says so in every output."""
    lines = layers["resources"].set_index("layer")["attribution"]
    for name, frame in layers.items():
        if "coord_basis" in frame and frame["coord_basis"].str.contains("geonames", case=False).any():
            assert "GeoNames" in lines[name], name


def test_every_row_says_how_it_was_made_and_what_it_must_not_be_used_for(layers):
    for column in ("method", "limits"):
        assert layers["resources"][column].str.fullmatch(r"[A-Z`].{15,}[.]").all(), column


def test_every_recipe_that_is_named_exists_and_every_map_file_has_one(layers):
    root = layers.root.parent / "recipes"
    if not root.is_dir():
        pytest.skip("recipes are not in the wheel")
    named = layers["resources"].set_index("layer")["recipe"]
    assert all((root.parent / recipe).is_file() for recipe in named if recipe)
    pictures = {path.stem for path in layers.root.glob("*/*") if path.suffix in {".geojson", ".tif", ".png"}}
    assert (named[sorted(pictures)] != "").all()


def test_credit_lines_are_told_once_and_only_for_the_layers_used(layers):
    every = list_attributions(layers)
    assert len(every) == len(set(every))
    assert any("Natural Earth" in line for line in every)
    assert list_attributions(layers, ["provinces", "neighbours"]) == list_attributions(layers, ["provinces"])
    assert list_attributions(layers, ["link_speeds"]) == ()
    assert set(list_attributions(layers, ["nodes", "sea_distances"])) < set(every)


def test_the_words_beside_the_licence_name_its_sources(layers):
    known = set(layers["sources"]["source_id"])
    for row in layers["resources"].to_dict("records"):
        ids = split_ids(row["source_ids"])
        assert ids
        assert set(ids) <= known
