"""The installed wheel runs anywhere: no repository, nothing to write into but the output folder, the same bytes every time."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
OUTPUTS = {
    "cases.csv", "ranking.csv", "matrix.csv", "hauls.csv", "exposure.csv", "dependency.csv", "economics.csv", "unknowns.csv",
    "map.html", "report.html", "study.zip", "manifest.json",
}  # fmt: skip
BIN = "Scripts" if os.name == "nt" else "bin"


def find_command(installed):
    return installed / BIN / "geokit"


def digest(folder):
    """Return the SHA-256 of every file below a folder but compiled code, which Python and numba keep beside the source."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def partner(installed, environment, program, tmp_path_factory):
    """Name one partner as the installed command lists them: the package itself names none."""
    listed = program(find_command(installed), "layers", "partners", "--json", cwd=tmp_path_factory.mktemp("ask"), env=environment())
    return min(row["partner_id"] for row in json.loads(listed)["answer"])


@pytest.fixture(scope="module")
def runs(installed, environment, partner, program, tmp_path_factory):
    """Run the main job twice from an empty folder, under two hash seeds; keep what the environment held before."""
    before = digest(installed)
    place = tmp_path_factory.mktemp("place")
    for seed in ("0", "4242"):  # one after the other: where code may be kept, it is compiled once
        words = ("run", "--partner", partner, "--out", f"out-{seed}")
        program(find_command(installed), *words, cwd=place, env=environment(PYTHONHASHSEED=seed), timeout=180)
    return place / "out-0", place / "out-4242", before


def test_import_takes_the_installed_wheel(installed, environment, program, tmp_path):
    place = program(installed / BIN / "python", "-c", "import geokit; print(geokit.__file__)", cwd=tmp_path, env=environment())
    assert Path(place.strip()).is_relative_to(installed)


def test_version_is_that_of_the_package(installed, environment, program, wheel, tmp_path):
    answer = program(find_command(installed), "--version", cwd=tmp_path, env=environment())
    assert answer.split() == ["geokit", wheel.name.split("-")[1]]


def test_run_writes_the_contract(runs):
    assert {path.name for path in runs[0].iterdir()} >= OUTPUTS


def test_run_ranks_something_for_the_partner_that_was_asked_for(runs, partner):
    with (runs[0] / "ranking.csv").open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["partner"] for row in rows} == {partner}
    assert [row for row in rows if row["rank"]]


def test_manifest_tells_the_truth_about_every_file(runs):
    manifest = json.loads((runs[0] / "manifest.json").read_text(encoding="utf8"))
    assert manifest["outputs_sha256"] == {name: sha256 for name, sha256 in digest(runs[0]).items() if name != "manifest.json"}
    assert manifest["modified_layers"] == []


def test_two_hash_seeds_give_the_same_bytes(runs):
    assert digest(runs[0]) == digest(runs[1])


def test_a_run_writes_nothing_beside_its_output_folder(installed, runs):
    assert digest(installed) == runs[2]
    assert {path.name for path in runs[0].parent.iterdir()} == {"out-0", "out-4242"}
    assert not list((installed.parent / "home").rglob("*"))


def test_no_output_names_a_place_of_this_machine(installed, runs):
    for path in runs[0].iterdir():
        text = path.read_bytes().decode("latin-1")
        assert str(installed) not in text
        assert str(runs[0].parent) not in text
