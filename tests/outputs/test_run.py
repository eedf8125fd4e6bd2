"""The main job: all files of one folder, or a message and nothing changed."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import hashlib
import itertools
import json
import shlex
from pathlib import Path

import pytest
import yaml

from geokit.core.errors import OutputError, UnknownNameError
from geokit.io.defaults import read_assumptions
from geokit.io.stage import stage_folder
from geokit.outputs import run as run_module
from geokit.outputs.export import TABLES
from geokit.outputs.run import ALL_STEPS, _command, run_all, write_all

ON = dt.date(2026, 11, 22)
FILES = {"map.html", "report.html", "study.zip", "manifest.json", *(f"{name}.csv" for name in TABLES)}
SITE, CLOSURES = "hub-sez", ("lasbela", "hormuz")


@pytest.fixture(scope="module")
def little(layers):
    """Cut the layers down to one site, two closures and two partners, of which one has no port."""
    sites, partners = (layers[name] for name in ("sites", "partners"))
    closed = {name: layers[name][layers[name]["closure_id"].isin(CLOSURES)] for name in ("closures", "closure_events")}
    partners = partners.assign(default_port_id=partners["default_port_id"].mask(partners["partner_id"] == "turkiye", ""))
    kept = {
        "sites": sites[sites["site_id"] == SITE],
        "partners": partners[partners["partner_id"].isin(["japan", "turkiye"])],
    }
    return dataclasses.replace(layers, tables={**layers.tables, **kept, **closed})


@pytest.fixture(scope="module")
def quick(assumptions):
    return assumptions.replace(controls__samples=20, scoring__samples=20)


@pytest.fixture(scope="module")
def done(little, quick, tmp_path_factory):
    """Run once and return the study, the page, the folder and the steps that were told."""
    folder, steps = tmp_path_factory.mktemp("run") / "deep" / "out", []
    study, page = run_all(little, quick, out=folder, partners="all", on=ON, progress=steps.append)
    return study, page, folder, steps


def refuse(*_args, **_options):
    raise AssertionError("the study was computed before the folder was looked at")


def read(path):
    with path.open(newline="", encoding="utf8") as file:
        return list(csv.DictReader(file))


def test_every_step_is_told_once_and_in_order(done):
    assert tuple(done[3]) == ALL_STEPS


def test_the_folder_holds_the_contract_and_nothing_else(done):
    _, page, folder, _ = done
    assert {path.name for path in folder.iterdir()} == FILES
    assert page == folder / "map.html"


def test_the_manifest_seals_page_report_and_tables(done):
    sealed = json.loads((done[2] / "manifest.json").read_text(encoding="utf8"))["outputs_sha256"]
    assert sealed == {name: hashlib.sha256((done[2] / name).read_bytes()).hexdigest() for name in FILES - {"manifest.json"}}


def test_the_command_of_the_manifest_names_no_folder_and_asks_the_same_again(done, quick, assumptions):
    text = (done[2] / "manifest.json").read_text(encoding="utf8")
    program, verb, *words = shlex.split(json.loads(text)["command"])
    assert (program, verb, str(done[2]) in text) == ("geokit", "run", False)
    options = list(zip(words[::2], words[1::2], strict=True))
    assert ("--on", "2026-11-22") in options
    changed = [setting.partition("=") for option, setting in options if option == "--set"]
    assert assumptions.replace(**{name: yaml.safe_load(value) for name, _, value in changed}) == quick


def test_tables_of_the_user_and_spreads_stand_whole_in_the_command(little_study):
    """A cost that the user gave and a spread that was moved come back from the words of a shell as they were."""
    plain = little_study.assumptions
    costs = {"ferrochrome": {"low": 500.0, "mode": 650.0, "high": 900.0}}
    asked = plain.replace(opex_usd_per_t=costs, discount_rate_frac={"low": 0.1, "mode": 0.12, "high": 0.2})
    words = shlex.split(_command(dataclasses.replace(little_study, assumptions=asked), "all", {}, closures=False))
    given = [word.partition("=") for option, word in itertools.pairwise(words) if option == "--set"]
    again = read_assumptions().replace(**{name: yaml.safe_load(value) for name, _, value in given})
    assert again == asked


def test_one_site_gives_only_its_own_plants_and_those_at_the_ore(done, layers):
    places = {row["site_id"] for row in read(done[2] / "ranking.csv")}
    assert SITE in places
    assert places <= {SITE} | set(layers["deposits"]["deposit_id"]) | set(layers["baselines"]["baseline_id"])


def test_a_partner_without_a_port_is_asked_too_and_gets_no_freight(done):
    rows = [row for row in read(done[2] / "economics.csv") if row["partner"] == "turkiye"]
    assert rows
    assert {row["product_freight_usd_per_t"] for row in rows} == {""}
    assert {row["npv_million_usd"] for row in rows} == {""}
    assert all("the layers name no port of this partner" in row["reason"] for row in rows if not row["alternative"].startswith("export:"))


def test_the_same_question_gives_the_same_bytes(done, little, quick, tmp_path):
    run_all(little, quick, out=tmp_path, partners=["Japan", "japan", "Turkiye"], on=ON)
    for name in FILES - {"manifest.json"}:
        assert (tmp_path / name).read_bytes() == (done[2] / name).read_bytes(), name


def test_a_file_in_the_place_of_the_folder_is_refused_before_anything_is_computed(little, quick, tmp_path, monkeypatch):
    monkeypatch.setattr(run_module, "evaluate", refuse)
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(OutputError, match="is a file; give a folder"):
        run_all(little, quick, out=tmp_path / "out", partners="all", on=ON)
    assert (tmp_path / "out").read_bytes() == b"mine"


def test_an_unknown_partner_is_refused_before_anything_is_computed(little, quick, tmp_path, monkeypatch):
    monkeypatch.setattr(run_module, "evaluate", refuse)
    with pytest.raises(UnknownNameError, match="korea"):
        run_all(little, quick, out=tmp_path / "out", partners=["korea"], on=ON)
    assert not (tmp_path / "out").exists()


@pytest.fixture
def again(done, little, quick, monkeypatch):
    """Write the finished study once more without computing it."""
    monkeypatch.setattr(run_module, "evaluate", lambda *_args, **_options: done[0])
    return lambda folder: run_all(little, quick, out=folder, partners="all", on=ON)


def test_a_folder_nobody_may_write_to_is_told(again, tmp_path, monkeypatch):
    def deny(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.write_bytes", deny)
    with pytest.raises(OutputError, match=r"map\.html: cannot be written \(Permission denied\); choose a folder"):
        again(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_part_of_a_file(again, tmp_path, monkeypatch):
    def fill(path, content):
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", fill)
    with pytest.raises(OutputError, match="No space left on device"):
        again(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("after", [0, 4, 10])
def test_an_interrupt_while_writing_changes_nothing(again, tmp_path, monkeypatch, after):
    whole, moved, out = Path.replace, [], tmp_path / "out"
    out.mkdir()
    (out / "map.html").write_bytes(b"old")

    def stop(path, target):
        if len(moved) == after:
            raise KeyboardInterrupt
        moved.append(target)
        return whole(path, target)

    monkeypatch.setattr("pathlib.Path.replace", stop)
    with pytest.raises(KeyboardInterrupt):
        again(out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"map.html": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_second_run_replaces_every_file_of_the_first(again, done, tmp_path):
    for name in FILES:
        (tmp_path / name).write_bytes(b"old")
    (tmp_path / "notes.txt").write_bytes(b"mine")
    again(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == FILES | {"notes.txt"}
    assert (tmp_path / "notes.txt").read_bytes() == b"mine"
    assert all((tmp_path / name).read_bytes() == (done[2] / name).read_bytes() for name in FILES)


def test_what_an_earlier_run_wrote_goes_with_it_unless_somebody_edited_it(again, tmp_path):
    out = tmp_path / "out"
    again(out)
    sealed = json.loads((out / "manifest.json").read_text(encoding="utf8"))
    for name, words in (("report.pdf", b"an earlier study"), ("edited.csv", b"an earlier study")):
        (out / name).write_bytes(words)
        sealed["outputs_sha256"][name] = hashlib.sha256(words).hexdigest()
    (out / "manifest.json").write_text(json.dumps(sealed), encoding="utf8")
    (out / "edited.csv").write_bytes(b"edited")
    (out / "pictures").mkdir()
    again(out)
    assert {path.name for path in out.iterdir()} == FILES | {"edited.csv", "pictures"}
    assert (out / "edited.csv").read_bytes() == b"edited"


def test_a_folder_that_another_run_is_writing_is_refused_before_anything_is_computed(little, quick, tmp_path, monkeypatch):
    monkeypatch.setattr(run_module, "evaluate", refuse)
    with stage_folder(tmp_path / "out"):
        with pytest.raises(OutputError, match="another run is writing it"):
            run_all(little, quick, out=tmp_path / "out", partners="all", on=ON)
        with pytest.raises(OutputError, match="another run is writing it"):
            write_all(None, tmp_path / "out", command="")
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_a_read_only_folder_is_refused_before_anything_is_computed(little, quick, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(run_module, "evaluate", refuse)
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path).name != "out")
    with pytest.raises(OutputError, match="it is read-only"):
        run_all(little, quick, out=tmp_path / "out", partners="all", on=ON)
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_an_interrupt_while_computing_leaves_nothing_behind(little, quick, tmp_path, monkeypatch):
    def stop(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(run_module, "evaluate", stop)
    with pytest.raises(KeyboardInterrupt):
        run_all(little, quick, out=tmp_path / "out", partners="all", on=ON)
    assert list(tmp_path.iterdir()) == []
