"""The sea recipe on a toy ocean whose answers are obvious."""

from __future__ import annotations

import importlib.util
import io
import json
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

RECIPES = Path(__file__).resolve().parents[2] / "recipes"
DEGREE_NM = 60.1  # one degree of longitude on the equator, WGS84


@pytest.fixture(scope="module")
def sea():
    if not RECIPES.is_dir():
        pytest.skip("recipes are not in the wheel")
    sys.path.insert(0, str(RECIPES))
    try:
        spec = importlib.util.spec_from_file_location("sea_distances", RECIPES / "sea_distances.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(RECIPES))
        sys.modules.pop("packages", None)


def line(*places, passage=None):
    """Return a lane as a GeoJSON feature."""
    properties = {"passage": passage} if passage else {}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": places}}


@pytest.fixture
def packages(tmp_path):
    """Return a folder with an archive like searoute's: one lane along the equator through a strait, a longer one round it."""
    features = [
        line([178.0, 0.0], [180.0, 0.0]),
        line([-180.0, 0.0], [-178.0, 0.0], passage="ormuz"),
        line([180.0, 0.0], [180.0, 3.0]),
        line([180.0, 3.0], [182.0, 3.0], passage="suez"),
        line([-178.0, 3.0], [-178.0, 0.0]),
        line([178.0, 0.0], [178.0, 9.0], passage="northwest"),
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    with tarfile.open(tmp_path / "searoute-1.6.0.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("searoute-1.6.0/searoute/data/marnet_searoute.geojson")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return tmp_path


PORTS = pd.DataFrame({"port_id": ["WEST", "EAST"], "lon": [178.0, -178.0], "lat": [-0.1, -0.1]})


def test_lanes_are_joined_across_the_antimeridian(sea, packages):
    places, segments = sea.read_lanes(packages)
    assert len(places) == 6
    assert len(segments) == 6
    assert segments["nm"].max() == pytest.approx(9 * 59.7, rel=0.01)


def test_distances_include_both_connectors_and_closures_lengthen(sea, packages):
    table = sea.tabulate(PORTS, sea.read_lanes(packages)).set_index(["from_port_id", "to_port_id"])
    row = table.loc[("WEST", "EAST")]
    assert row["connector_from_nm"] == pytest.approx(0.1 * 59.7, abs=0.1)
    assert row["nm"] == pytest.approx(4 * DEGREE_NM + 2 * row["connector_from_nm"], abs=0.5)
    assert row["great_circle_nm"] <= row["nm"]
    assert row["nm_via_cape"] == row["nm"]
    assert row["nm_no_hormuz"] == pytest.approx(row["nm"] + 2 * 3 * 59.7, rel=0.01)


def test_a_port_that_cannot_be_reached_is_blank(sea, packages):
    places, segments = sea.read_lanes(packages)
    table = sea.tabulate(PORTS, (places, segments[segments["passage"] != "suez"]))
    assert table["nm_no_hormuz"].isna().all()
    assert np.isfinite(table["nm"]).all()


def test_a_port_far_from_the_lanes_gets_several_connectors(sea, packages):
    places, _ = sea.read_lanes(packages)
    connectors = sea.connect(np.array([[178.0, -0.1], [180.0, -2.0]]), places)
    assert connectors.groupby("port").size().tolist() == [1, 3]


def test_only_long_ways_between_listed_ports_are_capped(sea):
    rows = [("PKGWD", "OMSOH", 462.0), ("OMSOH", "PKGWD", 462.0), ("PKKHI", "OMSOH", 300.0), ("PKGWD", "PKKHI", 900.0)]
    table = pd.DataFrame(rows, columns=["from_port_id", "to_port_id", "nm"]).assign(great_circle_nm=300.0)
    table = table.assign(nm_via_cape=table["nm"], nm_no_hormuz=[np.nan, 500.0, 300.0, 900.0])
    capped = sea.cap_detours(table)
    assert capped["nm"].tolist() == pytest.approx([330.0, 330.0, 300.0, 900.0])
    assert capped["nm_via_cape"].tolist() == capped["nm"].tolist()
    assert capped["nm_no_hormuz"].fillna(-1).tolist() == [-1.0, 500.0, 300.0, 900.0]
    assert capped["basis"].tolist() == ["capped: lane network detours"] * 2 + ["lane network"] * 2
    assert capped["source_id"].tolist() == ["judgement;searoute-marnet"] * 2 + ["searoute-marnet"] * 2


def test_members_are_found_in_wheels_and_archives(sea, packages):
    with zipfile.ZipFile(packages / "thing-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("thing/data/x.txt", "hello")
    assert sea.read_member(packages, "thing-1.0", "data/x.txt") == b"hello"
    with pytest.raises(FileNotFoundError, match="download the package first"):
        sea.read_member(packages, "thing-1.0", "data/y.txt")
