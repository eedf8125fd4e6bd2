"""What read_layers hands out: typed frames, version, hashes, boundaries."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from geokit.catalog import find_layers, read_layers
from geokit.core.errors import LayerError


def test_figures_are_floats_and_words_are_text(layers):
    deposits = layers["deposits"]
    assert deposits["lat"].dtype == np.float64
    assert deposits["lat"].isna().sum() == 6
    assert all(isinstance(cell, str) for cell in deposits["operator"])
    assert (deposits["operator"] == "").any()


def test_the_mapping_holds_every_table(layers):
    assert len(layers) == len(list(layers))
    assert {"sources", "deposits", "clauses", "sea_distances"} <= set(layers)
    with pytest.raises(KeyError):
        layers["no-such-table"]


def test_the_data_carry_their_version_and_date(layers):
    assert layers.version.startswith("2026.")
    assert layers.verified_on == dt.date(2026, 11, 22)


def test_sources_are_indexed_by_their_id(layers):
    assert layers.sources.loc["judgement", "kind"] == "judgement"


def test_a_changed_file_is_marked_and_others_are_not(folder):
    before = read_layers(folder)
    path = folder / "risk" / "hazards.csv"
    path.write_text(path.read_text(encoding="utf8").replace("never mix series", "never mix the series", 1), encoding="utf8")
    after = read_layers(folder)
    assert set(after.modified) - set(before.modified) == {"hazards"}
    changed = {name for name, digest in after.sha256.items() if before.sha256[name] != digest}
    assert changed == {"risk/hazards.csv"}


def test_a_data_package_without_hashes_vouches_for_nothing(folder):
    path = folder / "datapackage.json"
    path.write_text(json.dumps({"version": "1", "verified_on": "2027-01-01", "resources": []}), encoding="utf8")
    layers = read_layers(folder)
    assert (layers.version, layers.verified_on) == ("1", dt.date(2027, 1, 1))
    assert set(layers) <= set(layers.modified)


def test_an_optional_column_may_be_absent(folder):
    path = folder / "risk" / "hazards.csv"
    lines = [line.rsplit(",", 1) for line in path.read_text(encoding="utf8").splitlines()]
    lines = [line for line in lines if '"' not in "".join(line)]
    path.write_text("\n".join(head for head, _ in lines) + "\n", encoding="utf8")
    hazards = read_layers(folder)["hazards"]
    assert (hazards["note"] == "").all()


def test_the_folder_is_the_one_named_or_ours(folder):
    assert find_layers(folder) == folder
    assert (find_layers() / "sources.csv").is_file()


@pytest.mark.parametrize(
    ("source", "stray", "remedy"),
    [
        ("deposits/deposits.csv", "old/deposits.csv", "move it to deposits/deposits.csv"),
        ("deposits/deposits.csv", "deposits/2025/deposits.csv", "move it to deposits/deposits.csv"),
        ("deposits/deposits.csv", "deposits.csv", "move it to deposits/deposits.csv"),
        ("deposits/deposits.csv", "deposits/deposits.xls", "move it to deposits/deposits.csv as CSV"),
        ("places/airports.csv", "other/airports.geojson", "move it to places/airports.csv"),
        ("boundaries/provinces.geojson", "other/provinces.geojson", "other/provinces.geojson under files"),
        ("places/airports.csv", "places/roads.gpkg", "places/roads.gpkg under files"),
    ],
)
def test_a_file_that_nothing_reads_is_an_error_and_replaces_nothing(folder, source, stray, remedy):
    (folder / stray).parent.mkdir(exist_ok=True)
    (folder / stray).write_bytes((folder / source).read_bytes())
    with pytest.raises(LayerError) as caught:
        read_layers(folder)
    (problem,) = caught.value.problems
    assert problem.file == stray
    assert remedy in problem.remedy


def test_notes_and_hidden_files_in_the_folder_are_nobodys_business(folder):
    for name in ("README.md", ".DS_Store", "deposits/.deposits.csv", "deposits/~$deposits.xlsx"):
        (folder / name).write_text("no rows", encoding="utf8")
    assert "deposits" in read_layers(folder)


def test_boundaries_are_frames_in_degrees(layers):
    provinces, neighbours = layers.geometry("provinces"), layers.geometry("neighbours")
    assert provinces.crs.to_epsg() == 4326
    assert set(provinces["province_id"]) == set(layers["province_aliases"]["province_id"])
    assert provinces["province_id"].is_unique
    assert set(provinces.loc[provinces["disputed"], "province_id"]) == {"azad-jammu-kashmir", "gilgit-baltistan"}
    assert neighbours.total_bounds[0] >= 60.0
    assert neighbours.total_bounds[2] <= 78.5


def test_boundaries_share_their_borders(layers):
    provinces = layers.geometry("provinces").to_crs("EPSG:6933")
    whole = provinces.union_all()
    assert provinces.area.sum() == pytest.approx(whole.area, rel=1e-9)
    assert all(len(part.interiors) == 0 for part in getattr(whole, "geoms", [whole]))
    assert layers.geometry("neighbours").to_crs("EPSG:6933").union_all().intersection(whole).area == pytest.approx(0.0, abs=1.0)


def test_every_located_deposit_and_site_lies_in_its_own_unit(layers):
    provinces = layers.geometry("provinces").set_index("province_id").geometry
    for table, key, accuracy in (("deposits", "deposit_id", "coord_accuracy_km"), ("sites", "site_id", "coord_precision_km")):
        located = layers[table].dropna(subset=["lat"])
        located = located[~located.get("flags", "").str.contains("outside|province", na=False)]
        for row in located.itertuples():
            slack_deg = 0.05 + getattr(row, accuracy) / 90.0
            point = type(provinces.iloc[0].centroid)(row.lon, row.lat)
            assert provinces[row.province_id].distance(point) <= slack_deg, getattr(row, key)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"features": 3}', b'{"features": []}', b'{"features": [{"type": "Feature"}]}'])
def test_a_broken_geometry_is_an_error_of_ours(folder, content):
    layers = read_layers(folder)
    (folder / "boundaries" / "provinces.geojson").write_bytes(content)
    with pytest.raises(LayerError, match=r"provinces\.geojson"):
        layers.geometry("provinces")
    with pytest.raises(LayerError, match=r"nothing\.geojson"):
        layers.geometry("nothing")
