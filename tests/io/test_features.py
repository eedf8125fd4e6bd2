"""Features are counted as they stand in the file, and what is no map file is refused."""

from __future__ import annotations

import json

import pytest

from geokit.core.errors import LayerError
from geokit.io.features import count_features


@pytest.mark.parametrize("number", [0, 1, 7])
def test_features_are_counted(tmp_path, number):
    path = tmp_path / "hills.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature"}] * number}), encoding="utf8")
    assert count_features(path) == number


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"features": 3}', "null"])
def test_what_is_no_map_file_is_refused(tmp_path, text):
    path = tmp_path / "hills.geojson"
    path.write_text(text, encoding="utf8")
    with pytest.raises(LayerError, match=r"hills\.geojson"):
        count_features(path)


def test_a_missing_file_is_told_by_name(tmp_path):
    with pytest.raises(LayerError, match=r"lakes\.geojson"):
        count_features(tmp_path / "lakes.geojson")
