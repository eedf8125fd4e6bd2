"""A user's own rows at the command line: check them, lay them over a layer, and see that the outputs say so."""

from __future__ import annotations

import hashlib
import json

import pytest
from typer.testing import CliRunner

from geokit import cli
from geokit.core.errors import LayerError

STRANGER = """deposit_id,name,province_id,district,lat,lon,coord_kind,commodity_id,deposit_type,status_code,resource_class,\
historical_estimate,tonnage_million_t_mode,grade_value,grade_unit,source_id,confidence
new-stibnite,Stranger Hill,balochistan,Khuzdar,27.8,66.6,point,antimony,vein,prospect,none,false,0.02,82,% Sb,user,low
new-chromite,Green Gully,baluchistn,Zhob,31.3,69.4,point,chromite,Podiform chromite (8a),prospect,none,false,,,,user,low
new-copper,Red Ridge,balochistan,Chagai,64.2,29.1,point,copper,Porphyry Cu (17),prospect,none,false,,,,user,low
"""


def call(*words, code=0):
    done = CliRunner().invoke(cli.app, words, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def stranger(tmp_path):
    path = tmp_path / "stranger.csv"
    path.write_text(STRANGER, encoding="utf8")
    return path


def test_check_tells_every_problem_and_leaves_the_file_alone(stranger):
    before, listing = stranger.read_bytes(), sorted(stranger.parent.iterdir())
    told = json.loads(call("check", str(stranger), "--as", "deposits", "--json", code=1).stdout)["answer"]
    assert [(one["row"], one["column"]) for one in told if not one["is_doubt"]] == [
        (2, "grade_value"), (3, "province_id"), (4, "lat, lon"),
    ]
    assert all(set(one) == {"file", "value", "rule", "remedy", "row", "column", "is_doubt"} for one in told)
    by_cell = {(one["row"], one["column"]): one for one in told}
    assert "71.7" in by_cell[2, "grade_value"]["rule"]
    assert "balochistan" in by_cell[3, "province_id"]["remedy"]
    assert "swapped" in by_cell[4, "lat, lon"]["remedy"]
    assert (stranger.read_bytes(), sorted(stranger.parent.iterdir())) == (before, listing)


def test_check_prints_a_table_that_a_person_can_read(stranger):
    told = " ".join(call("check", str(stranger), "--as", "deposits", code=1).stdout.split())
    for words in ("grade_value", "71.7", "stibnite", "baluchistn", "swapped"):
        assert words in told


def test_check_of_sound_rows_says_how_many(tmp_path):
    path = tmp_path / "deposits.csv"
    path.write_text("deposit_id,operator\nmuslim-bagh,me\n", encoding="utf8")
    assert call("check", str(path)).stdout == "1 row of deposits, no problem found\n"
    assert json.loads(call("check", str(path), "--json").stdout)["answer"] == []


@pytest.mark.parametrize(
    "words",
    [
        ["layers"], ["layers", "deposits", "--where", "deposit_id=muslim-bagh"], ["layers", "provinces"], ["check", "sites.csv"],
        ["controls"], ["controls", "--diff", "2026-11-22", "2027-01-11"], ["route", "muslim-bagh", "port:PKKHI"],
    ],
)
def test_json_carries_the_mark_of_what_was_laid_over(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    rows = "deposit_id,operator\nmuslim-bagh,The new owner\nsaindak,\n"
    (tmp_path / "mine.csv").write_text(rows, encoding="utf8")
    (tmp_path / "sites.csv").write_text("site_id,note\ngwadar-free-zone-south,seen\n", encoding="utf8")
    plain = json.loads(call(*words, "--json").stdout)
    marked = json.loads(call(*words, "--json", "--layer", "deposits=mine.csv").stdout)
    sha256 = hashlib.sha256(rows.encode()).hexdigest()
    change = {"table": "deposits", "file": "mine.csv", "sha256": sha256, "changed": 2, "added": 0}
    assert (plain["layers"]["modified"], marked["layers"]["modified"]) == ([], ["deposits"])
    assert (plain["layers"]["changes"], marked["layers"]["changes"]) == ([], [change])
    assert len(marked["answer"]) == len(plain["answer"])


def test_json_of_rows_that_change_nothing_carries_no_mark(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("deposit_id,province_id\nmuslim-bagh,balochistan\n", encoding="utf8")
    assert json.loads(call("layers", "--layer", f"deposits={path}", "--json").stdout)["layers"]["modified"] == []


@pytest.mark.parametrize("words", [["layers", "deposits"], ["controls"], ["route", "muslim-bagh", "port:PKKHI"]])
def test_every_verb_takes_rows_of_the_user_and_says_so(tmp_path, words):
    path = tmp_path / "mine.csv"
    path.write_text("deposit_id,operator\nmuslim-bagh,The new owner\n", encoding="utf8")
    done = call(*words, "--layer", f"deposits={path}", "--json")
    assert done.stderr == "! Modified layers: deposits (1 row changed, 0 added by mine.csv).\n"
    if words[0] == "layers":
        assert "The new owner" in done.stdout


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["deposits"], "'deposits' names no table or no file"),
        (["=x.csv"], "'=x.csv' names no table or no file"),
        (["deposits="], "'deposits=' names no table or no file"),
        (["deposits=a.csv", "deposits=b.csv"], "given twice"),
    ],
)
def test_a_layer_option_that_cannot_be_read_is_misuse(given, told):
    words = [word for one in given for word in ("--layer", one)]
    assert told in " ".join(call("layers", *words, code=2).output.split())


def test_a_run_with_rows_and_vendors_of_the_user_is_marked_everywhere(tmp_path):
    path, vendors, out = tmp_path / "mine.csv", tmp_path / "vendors.csv", tmp_path / "out"
    path.write_text("deposit_id,tonnage_million_t_low,tonnage_million_t_mode\nmuslim-bagh,1,1.5\n", encoding="utf8")
    vendors.write_text("class_id,vendor,country,chosen\nWAPT,Alpha,AT,1\n", encoding="utf8")
    words = ("run", "--partner", "saudi", "--out", str(out), "--layer", f"deposits={path}", "--vendors", str(vendors))
    told = call(*words, "--set", "scoring.samples=20", "--set", "controls.samples=20").stdout
    marked = "Modified layers: deposits (1 row changed, 0 added by mine.csv)."
    assert f"! {marked}" in told
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf8"))
    assert manifest["modified_layers"] == ["deposits"]
    assert manifest["command"].endswith("--layer deposits=mine.csv --vendors vendors.csv")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    change = {"table": "deposits", "file": "mine.csv", "sha256": sha256, "changed": ["muslim-bagh"], "added": []}
    assert manifest["layer_changes"] == [change]
    for name in ("map.html", "report.html"):
        assert marked in (out / name).read_text(encoding="utf8")


def test_a_mere_doubt_is_told_and_is_no_error(tmp_path):
    path = tmp_path / "deposits.csv"
    path.write_text("deposit_id,tonnage_million_t_low,tonnage_million_t_mode\nmuslim-bagh,3,4500000\n", encoding="utf8")
    told = json.loads(call("check", str(path), "--json").stdout)["answer"]
    assert [(one["row"], one["column"], one["is_doubt"]) for one in told] == [(2, "tonnage_million_t_mode", True)]


def test_a_vendor_list_is_refused_whole(tmp_path):
    path = tmp_path / "vendors.csv"
    path.write_text("class_id,vendor,country,share\nWAPX,Alpha,AT,2\n", encoding="utf8")
    with pytest.raises(LayerError) as caught:
        call("run", "--partner", "saudi", "--out", str(tmp_path / "other"), "--vendors", str(path))
    assert {problem.column for problem in caught.value.problems} >= {"class_id", "share"}
    assert not (tmp_path / "other").exists()
