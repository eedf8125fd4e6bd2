"""The verbs that write a finished study in other formats, and the one that checks a folder, inside one process."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from geokit import cli
from geokit.study.evaluate import evaluate
from geokit.study.store import STUDY_FILE


@pytest.fixture(scope="module")
def saved(layers, assumptions, cases, tmp_path_factory):
    """Return the folder of a finished study of one partner and one reading of the law, with few draws."""
    folder = tmp_path_factory.mktemp("finished")
    few = assumptions.replace(controls__samples=20, scoring__samples=20)
    evaluate(few, cases=[case for case in cases if case.case_id.startswith("japan/text/")], layers=layers).save(folder / STUDY_FILE)
    return folder


@pytest.fixture(scope="module")
def exported(saved, tmp_path_factory):
    """Return a folder that the verb wrote, and what it said."""
    folder = tmp_path_factory.mktemp("exported") / "set"
    done = CliRunner().invoke(cli.app, ["export", str(saved), "--out", str(folder), "--format", "geojson,csv"], catch_exceptions=False)
    return folder, done


def call(*words, code=0):
    done = CliRunner().invoke(cli.app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done


def test_formats_parted_by_commas_are_written_and_counted(exported):
    folder, done = exported
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    assert done.exit_code == 0
    assert done.output.startswith(f"{len(names)} files in ")
    assert {"ranking.csv", "datapackage.json", "manifest.json"} <= names
    assert any(name.endswith(".geojson") for name in names)
    assert not any(name.endswith((".gpkg", ".xlsx")) for name in names)


def test_what_was_written_is_sound(exported):
    told = json.loads(call("verify", exported[0], "--json").stdout)["answer"]
    assert told["problems"] == []
    assert "ranking.csv" in told["files"]


def test_a_changed_and_a_lost_file_end_with_1_and_are_both_named(exported, tmp_path):
    folder = tmp_path / "copy"
    for path in exported[0].iterdir():
        target = folder / path.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    (folder / "cases.csv").write_text("changed", encoding="utf8")
    (folder / "hauls.csv").unlink()
    told = call("verify", folder, code=1).stdout
    assert "cases.csv" in told
    assert "hauls.csv" in told


@pytest.mark.parametrize(("words", "named"), [
    (("--format", "docx"), "docx"), (("--partner", "atlantis"), "atlantis"), (("--track", "rumour"), "rumour"),
])  # fmt: skip
def test_what_is_not_there_is_refused_by_name_and_nothing_is_written(saved, tmp_path, words, named):
    done = CliRunner().invoke(cli.app, ["report", str(saved), "--out", str(tmp_path / "set"), *words])
    assert done.exit_code != 0
    assert named in f"{done.output} {done.exception}"
    assert not (tmp_path / "set").exists()


def test_a_folder_without_a_manifest_cannot_be_checked(tmp_path):
    done = CliRunner().invoke(cli.app, ["verify", str(tmp_path)])
    assert done.exit_code == 1
    assert "manifest.json" in f"{done.output} {done.exception}"


def test_a_report_has_the_pdf_with_the_profiles_asked_for_and_its_command(saved, tmp_path):
    folder = tmp_path / "report"
    told = call("report", saved, "--out", folder, "--format", "pdf", "--partner", "Japan", "--top", "1")
    assert told.stdout.startswith("2 files in ")
    assert (folder / "japan.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert json.loads((folder / "manifest.json").read_bytes())["command"].endswith("--format pdf --partner japan --track text --top 1")


def test_rows_that_the_environment_names_today_do_not_stop_a_report(saved, tmp_path, monkeypatch):
    (tmp_path / "prices.csv").write_text("price_id,low\ncopper_lme,6500\n", encoding="utf8")
    monkeypatch.setenv("GEOKIT_LAYERS", str(tmp_path))
    call("report", saved, "--out", tmp_path / "report", "--format", "html")
    assert (tmp_path / "report" / "report.html").exists()
