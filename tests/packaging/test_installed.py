"""The installed wheel runs anywhere: no repository, nothing to write into but the output folder, the same bytes every time."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from pathlib import Path

import pytest

from geokit.outputs.run import run_all

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
def partners(installed, environment, program, tmp_path_factory):
    """Name three partners as the installed command lists them: the package itself names none."""
    listed = program(find_command(installed), "layers", "partners", "--json", cwd=tmp_path_factory.mktemp("ask"), env=environment())
    return sorted(row["partner_id"] for row in json.loads(listed)["answer"])[:3]


@pytest.fixture(scope="module")
def run(installed, environment, partners, program, tmp_path_factory):
    """Run the main job from an empty folder; return what it wrote, and what the environment held before."""
    before, place = digest(installed), tmp_path_factory.mktemp("place")
    seed = "4242" if os.environ.get("PYTHONHASHSEED") != "4242" else "0"
    words = ("run", *(word for partner in partners for word in ("--partner", partner)), "--out", "out")
    program(find_command(installed), *words, cwd=place, env=environment(PYTHONHASHSEED=seed), timeout=180)
    return place / "out", before


def test_import_takes_the_installed_wheel(installed, environment, program, tmp_path):
    place = program(installed / BIN / "python", "-c", "import geokit; print(geokit.__file__)", cwd=tmp_path, env=environment())
    assert Path(place.strip()).is_relative_to(installed)


def test_version_is_that_of_the_package(installed, environment, program, wheel, tmp_path):
    answer = program(find_command(installed), "--version", cwd=tmp_path, env=environment())
    assert answer.split() == ["geokit", wheel.name.split("-")[1]]


def test_run_writes_the_contract(run):
    assert {path.name for path in run[0].iterdir()} >= OUTPUTS


def test_run_ranks_something_for_every_partner_that_was_asked_for(run, partners):
    with (run[0] / "ranking.csv").open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["partner"] for row in rows} == {row["partner"] for row in rows if row["rank"]} == set(partners)


def test_manifest_tells_the_truth_about_every_file(run):
    manifest = json.loads((run[0] / "manifest.json").read_text(encoding="utf8"))
    assert manifest["outputs_sha256"] == {name: sha256 for name, sha256 in digest(run[0]).items() if name != "manifest.json"}
    assert manifest["modified_layers"] == []


def test_the_wheel_and_the_tree_write_the_same_bytes_each_under_a_hash_seed_of_its_own(run, partners, layers, assumptions, tmp_path):
    run_all(layers, assumptions, out=tmp_path / "out", partners=partners, on=layers.verified_on)
    assert digest(tmp_path / "out") == digest(run[0])


def test_a_run_writes_nothing_beside_its_output_folder(installed, run):
    assert digest(installed) == run[1]
    assert {path.name for path in run[0].parent.iterdir()} == {"out"}
    assert not list((installed.parent / "home").rglob("*"))


def test_no_output_names_a_place_of_this_machine(installed, run):
    for path in run[0].iterdir():
        text = path.read_bytes().decode("latin-1")
        assert str(installed) not in text
        assert str(run[0].parent) not in text
