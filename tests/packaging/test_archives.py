"""What the wheel and the source archive hold, and what they do not."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from email.parser import HeaderParser

import pytest

pytestmark = pytest.mark.slow
SAFELY = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""The first releases of Python 3.11 know no filter yet; later ones warn without."""


@pytest.fixture(scope="module")
def members(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


@pytest.fixture(scope="module")
def sources(sdist):
    with tarfile.open(sdist) as archive:
        return {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}


def list_files(root, folder):
    return {path.relative_to(root).as_posix() for path in (root / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def test_wheel_holds_every_file_of_the_package(root, members):
    assert list_files(root, "geokit") <= members


def test_wheel_holds_every_layer(root, members):
    layers = {f"geokit/_{name}" for name in list_files(root, "layers")}
    assert len(layers) > 40
    assert layers <= members


@pytest.mark.parametrize("kind", ["geokit/core/columns/deposits.csv", "geokit/defaults/assumptions.yaml", "geokit/py.typed",
                                  "geokit/outputs/templates/page.html", "geokit/outputs/vendor/leaflet/LICENSE",
                                  "geokit/outputs/vendor/leaflet/leaflet.js", "geokit/_layers/sources.csv",
                                  "geokit/outputs/vendor/fonts/LICENSE", "geokit/outputs/vendor/fonts/SourceSansPro-Regular.otf",
                                  "geokit/outputs/templates/report.typ"])  # fmt: skip
def test_wheel_holds_one_of_each_kind(kind, members):
    assert kind in members


def test_wheel_holds_nothing_else(members):
    assert {name.split("/")[0].split("-")[0] for name in members} == {"geokit", "geokit_minerals"}
    assert not [name for name in members if name.endswith((".pyc", ".pyo")) or "__pycache__" in name]


def test_wheel_carries_its_licences(members):
    assert {name.rsplit("/", 1)[-1] for name in members if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_wheel_is_pure_and_declares_its_licence_and_python(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        head = HeaderParser().parsestr(archive.read(name).decode())
    assert (head["Name"], head["License-Expression"], head["Requires-Python"]) == ("geokit-minerals", "BSD-3-Clause", ">=3.11")


def test_source_archive_holds_what_a_build_and_a_test_run_need(root, sources):
    assert list_files(root, "geokit") | list_files(root, "layers") | list_files(root, "tests") <= sources
    assert {"pyproject.toml", "Makefile", "LICENSE", "NOTICE", "requirements.lock", "requirements-dev.lock", ".ci/run"} <= sources


def test_source_archive_holds_nothing_built(sources):
    assert not {name.split("/")[0] for name in sources} & {".venv", "out", "dist", "build", ".git"}
    assert not [name for name in sources if name.endswith(".pyc")]


def test_source_archive_builds_the_same_wheel(sdist, wheel, program, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, **SAFELY)  # noqa: S202  our own archive
    folder = next(path for path in tmp_path.iterdir() if path.is_dir())
    program(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=folder)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()
