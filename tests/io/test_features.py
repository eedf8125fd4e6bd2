"""Features are rows as they stand in the file, and what is no map file is refused."""

from __future__ import annotations

import json

import pytest

from geokit.core.errors import LayerError
from geokit.io.features import read_properties


@pytest.mark.parametrize("number", [0, 1, 7])
def test_every_feature_is_a_row(tmp_path, number):
    path = tmp_path / "hills.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature"}] * number}), encoding="utf8")
    assert len(read_properties(path)) == number


def test_properties_are_columns_and_what_one_feature_lacks_is_blank(tmp_path):
    path = tmp_path / "hills.geojson"
    told = [{"name": "Low", "height_m": 200, "wooded": True}, {"height_m": None}, None]
    path.write_text(json.dumps({"features": [{"type": "Feature", "properties": one} for one in told]}), encoding="utf8")
    rows = read_properties(path)
    assert rows["name"].tolist() == ["Low", "", ""]
    assert rows["wooded"].tolist() == [True, "", ""]
    assert rows["height_m"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"features": 3}', "null"])
def test_what_is_no_map_file_is_refused(tmp_path, text):
    path = tmp_path / "hills.geojson"
    path.write_text(text, encoding="utf8")
    with pytest.raises(LayerError, match=r"hills\.geojson"):
        read_properties(path)


def test_a_missing_file_is_told_by_name(tmp_path):
    with pytest.raises(LayerError, match=r"lakes\.geojson"):
        read_properties(tmp_path / "lakes.geojson")
