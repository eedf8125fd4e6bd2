"""A table without a row is told before anything stumbles over it."""

from __future__ import annotations

import shutil

import pytest

from geokit.catalog import read_layers
from geokit.core.errors import LayerError


@pytest.mark.parametrize("table", ["sites/sites.csv", "controls/issuers.csv", "controls/status_events.csv", "flowsheets/operations.csv"])
def test_a_table_of_headers_only_is_refused_by_name(layers, tmp_path, table):
    folder = tmp_path / "layers"
    shutil.copytree(layers.root, folder)
    path = folder / table
    path.write_text(path.read_text(encoding="utf8").splitlines()[0] + "\n", encoding="utf8")
    with pytest.raises(LayerError, match="has no row") as caught:
        read_layers(folder)
    assert table in str(caught.value)
