"""Texts of the package and pictures of a layers folder."""

from __future__ import annotations

import json

import pytest

from geokit.io.resource import read_picture, read_resource


def test_a_packaged_text_is_read():
    assert read_resource("geokit.outputs", "vendor/leaflet/LICENSE").startswith("BSD 2-Clause License")


def test_a_text_that_is_not_there_is_an_error():
    with pytest.raises(FileNotFoundError):
        read_resource("geokit.outputs", "assets/none.js")


def test_a_picture_needs_its_facts(tmp_path):
    picture = tmp_path / "relief.png"
    assert read_picture(picture) is None
    picture.write_bytes(b"png")
    assert read_picture(picture) is None
    picture.with_suffix(".json").write_bytes(json.dumps({"west": 1}).encode())
    assert read_picture(picture) == (b"png", {"west": 1})
