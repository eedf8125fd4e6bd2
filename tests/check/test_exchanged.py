"""Latitude and longitude exchanged where no province says so: ports at home and abroad."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geokit.check.finding import Rows
from geokit.check.inspection import inspect_rows
from geokit.check.places import find_misplaced
from geokit.check.reference import Reference
from geokit.io.areas import Areas

PROVINCES = Areas(("west",), shapely.box(np.array([60.0]), 25.0, np.array([65.0]), 30.0))
NODES = pd.DataFrame({"node_id": ["OLD"], "name": ["Old Harbour"], "province_id": ["west"], "lat": ["25.1"], "lon": ["62.3"]})
PORTS = pd.DataFrame({"port_id": ["AAJEA"], "name": ["Far Quay"], "lat": ["25.0"], "lon": ["55.1"]})


def find(*points, areas=True):
    frame = pd.DataFrame([dict(zip(("port_id", "name", "lat", "lon"), point, strict=True)) for point in points])
    reference = Reference({"nodes": NODES, "ports": PORTS}, {}, {}, {"provinces": PROVINCES} if areas else {})
    return [(one.row, one.column, one.is_doubt) for one in find_misplaced(Rows(frame, "ports"), reference)]


def test_a_port_that_lies_at_its_namesake_when_exchanged_is_an_error():
    assert find(("NEW", "old harbour", "62.3", "25.1")) == [(0, "lat, lon", False)]
    assert find(("NEW", "Old Harbour", "25.1", "62.3"), ("NEW2", "Old Harbour", "25.0", "62.2")) == []


def test_a_known_key_is_a_namesake_too():
    assert find(("AAJEA", "New name", "55.1", "25.0"), areas=False) == [(0, "lat, lon", False)]
    assert find(("AAJEA", "New name", "25.1", "55.0")) == []


def test_a_port_that_lies_in_the_study_area_when_exchanged_is_doubted():
    assert find(("NEW", "Nowhere", "62.3", "26.1")) == [(0, "lat, lon", True)]
    assert find(("NEW", "Nowhere", "62.3", "26.1"), areas=False) == []


def test_a_foreign_port_whose_mirror_lies_in_the_open_sea_is_sound():
    assert find(("NEW", "Nowhere", "62.3", "24.75")) == []
    assert find(("NEW", "Nowhere", "62.3", "24.8")) == [(0, "lat, lon", True)]


def test_foreign_ports_are_legitimate():
    assert find(("NEW", "Kobe", "34.7", "135.2"), ("N2", "Hamburg", "53.5", "9.9"), ("N3", "Perth", "-32.0", "115.7")) == []


def test_a_latitude_beyond_the_pole_is_told_to_be_exchanged():
    frame = pd.DataFrame({"port_id": ["N"], "lat": ["135.2"], "lon": ["34.7"]})
    (problem,) = inspect_rows(Rows(frame, "ports"), Reference({}, {}), place="ports.csv")
    assert problem.column == "lat"
    assert problem.remedy.startswith("exchange lat and lon")


def test_an_exchanged_packaged_port_is_told(layers):
    ports = layers.texts["ports"]
    frame = ports.assign(lat=ports["lon"], lon=ports["lat"])
    lat, lon = pd.to_numeric(frame["lat"]), pd.to_numeric(frame["lon"])
    frame = frame[(lat.abs() < 90) & ((lat - lon).abs() > 2)].reset_index(drop=True)
    found = list(find_misplaced(Rows(frame, "ports"), Reference(layers.texts, {})))
    assert {finding.row for finding in found if not finding.is_doubt} == set(range(len(frame)))
    assert len(frame) > 10
    assert list(find_misplaced(Rows(ports, "ports"), Reference(layers.texts, {}))) == []
