"""All formats into one sealed folder, and the check of that seal."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from geokit.core.codes import Track
from geokit.core.errors import OutputError, UnknownNameError
from geokit.outputs import formats as module
from geokit.outputs.export import TABLES
from geokit.outputs.formats import FORMATS, name_case, name_command, write_formats
from geokit.outputs.verify import tell_verified, verify_folder

COMMAND = "geokit export out --format csv"


@pytest.fixture(scope="module")
def whole(little_study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("formats") / "deep" / "out"
    written = write_formats(little_study, folder, formats=list(FORMATS), partners=["japan"], command=COMMAND)
    return folder, written


@pytest.fixture
def sealed(tmp_path):
    """Seal three small files."""
    (tmp_path / "a.csv").write_bytes(b"abc")
    (tmp_path / "b.csv").write_bytes(b"")
    prints = {"a.csv": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
              "b.csv": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps({"outputs_sha256": prints}), encoding="utf8")
    return tmp_path


def test_every_format_is_written_and_sealed(whole):
    folder, written = whole
    names = {path.name for path in folder.iterdir()}
    assert names == {path.name for path in written}
    assert {"report.html", "japan.pdf", "japan.xlsx", "japan.gpkg", "japan-ranking.geojson", "japan-sites.parquet", "ranking.csv",
             "datapackage.json", "manifest.json"} <= names  # fmt: skip
    assert json.loads((folder / "manifest.json").read_bytes())["command"] == COMMAND


def test_what_was_written_verifies_whole(whole):
    found = verify_folder(whole[0])
    assert (found.problems, found.strangers) == ((), ())
    assert len(found.files) == len(whole[1]) - 1


def test_a_changed_byte_of_any_file_is_found(whole, tmp_path):
    for name in ("japan.xlsx", "japan.gpkg", "ranking.csv"):
        for path in whole[0].iterdir():
            (tmp_path / path.name).write_bytes(path.read_bytes())
        data = bytearray((tmp_path / name).read_bytes())
        data[len(data) // 2] ^= 1
        (tmp_path / name).write_bytes(bytes(data))
        assert [problem.file for problem in verify_folder(tmp_path).problems] == [name]


def test_the_fingerprints_are_those_of_the_standard(sealed):
    """The one-block message of FIPS 180-2, appendix B.1, and the empty message."""
    assert verify_folder(sealed).files == ("a.csv", "b.csv")


def test_a_missing_file_a_changed_one_and_a_stranger_are_all_told(sealed):
    (sealed / "a.csv").write_bytes(b"abd")
    (sealed / "b.csv").unlink()
    (sealed / "mine.txt").write_bytes(b"")
    found = verify_folder(sealed)
    assert [problem.file for problem in found.problems] == ["a.csv", "b.csv"]
    assert found.strangers == ("mine.txt",)
    lines = [line for line, _ in tell_verified(found)]
    assert "0 of 2 files are as they were written" in lines
    assert any(line.startswith("mine.txt: is not in the manifest") for line in lines)


@pytest.mark.parametrize("sealing", [[], None, {"../a.csv": "0" * 64}, {"a/b.csv": "0" * 64}, {"..": "0" * 64}, {"a.csv": "zz"}])
def test_what_is_no_manifest_is_refused(sealed, sealing):
    (sealed / "manifest.json").write_text("" if sealing is None else json.dumps({"outputs_sha256": sealing}), encoding="utf8")
    with pytest.raises(OutputError, match=r"manifest\.json: is no manifest of geokit, or is damaged"):
        verify_folder(sealed)


def test_a_folder_without_a_manifest_and_no_folder_are_refused(tmp_path):
    with pytest.raises(OutputError, match=r"holds no manifest\.json"):
        verify_folder(tmp_path)
    with pytest.raises(OutputError, match="is no folder"):
        verify_folder(tmp_path / "none")


def test_the_other_reading_of_the_law_has_its_own_name(little_study, tmp_path):
    write_formats(little_study, tmp_path, formats=["gpkg"], partners=["saudi"], track=Track.PRACTICE, command=COMMAND)
    assert {path.name for path in tmp_path.iterdir()} == {"saudi-practice.gpkg", "manifest.json"}
    assert name_case(little_study.case("saudi")) == "saudi"


def test_all_partners_are_written_when_none_is_named(little_study, tmp_path):
    write_formats(little_study, tmp_path, formats=["gpkg"], command=COMMAND)
    assert {path.stem for path in tmp_path.glob("*.gpkg")} == {"japan", "saudi"}


def test_an_unknown_format_and_an_unknown_partner_are_refused_and_nothing_is_written(little_study, tmp_path):
    with pytest.raises(UnknownNameError, match="docx"):
        write_formats(little_study, tmp_path / "out", formats=["csv", "docx"], command=COMMAND)
    with pytest.raises(UnknownNameError, match="korea"):
        write_formats(little_study, tmp_path / "out", formats=["csv"], partners=["korea"], command=COMMAND)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_run_keeps_its_own_seal(little_study, tmp_path):
    (tmp_path / "study.zip").write_bytes(b"")
    with pytest.raises(OutputError, match="is the folder of a run"):
        write_formats(little_study, tmp_path, formats=["csv"], command=COMMAND)
    assert [path.name for path in tmp_path.iterdir()] == ["study.zip"]


def test_a_failure_half_way_leaves_the_folder_as_it_was(little_study, tmp_path, monkeypatch):
    def fail(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "write_manifest", fail)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.html").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_formats(little_study, tmp_path / "out", formats=["html"], command=COMMAND)
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "report.html"]
    assert (tmp_path / "out" / "report.html").read_bytes() == b"old"


def test_the_command_names_no_folder():
    told = name_command("report", Path("/some/where/out"), formats=["html", "xlsx"], partners=["japan"], track=Track.TEXT)
    assert told == "geokit report out --format html,xlsx --partner japan --track text"


def test_the_descriptor_declares_every_table_with_its_key_and_its_hash(whole):
    package = json.loads((whole[0] / "datapackage.json").read_bytes())
    assert [one["path"] for one in package["resources"]] == [f"{name}.csv" for name in (*TABLES, "sources")]
    assert all(one["schema"]["primaryKey"] for one in package["resources"])
    assert package["resources"][1]["schema"]["foreignKeys"] == [
        {"fields": "case_id", "reference": {"resource": "cases", "fields": "case_id"}}
    ]


def test_frictionless_finds_the_tables_valid(whole):
    if find_spec("frictionless") is None:
        pytest.skip("frictionless is not installed")
    program = [sys.executable, "-m", "frictionless", "validate", str(whole[0] / "datapackage.json"), "--json", "--limit-rows", "300"]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=240)
    report = json.loads(done.stdout)
    assert report["stats"]["tasks"] == len(TABLES) + 1
    assert report["valid"], [task["errors"][:2] for task in report["tasks"] if not task["valid"]]


def test_the_pdf_has_as_many_profiles_as_asked(little_study, tmp_path, monkeypatch):
    """The row that leads gets a profile with top = 1; with 0 none: the report ends with what is common to all."""
    asked = []

    def note(_study, path, *, top, partner):
        asked.append((path.name, top, partner))
        path.write_bytes(b"pdf")
        return path

    monkeypatch.setattr(module, "write_pdf", note)
    for top in (0, 1):
        write_formats(little_study, tmp_path / str(top), formats=["pdf"], command=COMMAND, top=top)
    assert asked == [(f"{name}.pdf", top, name) for top in (0, 1) for name in ("japan", "saudi")]


def test_the_command_names_what_is_not_as_usual():
    plain = name_command("report", Path("deep/out"), formats=["pdf"], partners=["japan"], track=Track.PRACTICE)
    assert plain == "geokit report out --format pdf --partner japan --track practice"
    assert name_command("report", Path("out"), formats=["pdf"], partners=[], track=Track.TEXT, top=3).endswith(" --track text --top 3")


def test_what_the_last_command_wrote_takes_the_place_of_what_an_earlier_one_did(little_study, tmp_path):
    folder = tmp_path / "set"
    write_formats(little_study, folder, formats=["html"], command=COMMAND)
    (folder / "mine.txt").write_text("kept", encoding="utf8")
    write_formats(little_study, folder, formats=["geojson"], partners=["japan"], command=COMMAND)
    names = {path.name for path in folder.iterdir()}
    assert "report.html" not in names
    assert {"mine.txt", "japan-ranking.geojson", "manifest.json"} <= names
    assert verify_folder(folder).strangers == ("mine.txt",)
