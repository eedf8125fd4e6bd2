"""The command line as a person meets it: exit codes, messages, files."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
from unittest import mock

import pytest

from geokit import cli
from geokit.io.dictionary import read_columns
from geokit.outputs.export import TABLES


def geokit(*words, cwd="."):
    """Run the whole program as its process does, without the process."""
    code, out, err = 0, io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd), mock.patch.object(sys, "argv", ["geokit", *words]),
        contextlib.redirect_stdout(out), contextlib.redirect_stderr(err),
    ):  # fmt: skip
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    done = geokit("run", "--partner", "japan", "--partner", "saudi", "--on", "2026-11-22", "--out", str(folder))
    assert done.returncode == 0, done.stderr
    return folder, done


UNASKED = {"value_states", "cash_flows", "closure_ranks"}
"""Tables that wait for costs of the user, or for ``--closures``."""


def rows(path):
    with path.open(newline="", encoding="utf8") as file:
        return list(csv.DictReader(file))


def test_a_run_writes_every_file_of_the_contract(run):
    folder, _ = run
    expected = {"map.html", "report.html", "study.zip", "manifest.json", *(f"{name}.csv" for name in TABLES)}
    assert {path.name for path in folder.iterdir()} == expected


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_its_declared_columns_and_unique_keys(run, table):
    folder, _ = run
    found, columns = rows(folder / f"{table}.csv"), read_columns(table)
    header = (folder / f"{table}.csv").read_text(encoding="utf8").partition("\n")[0].split(",")
    assert header[: len(columns)] == [column.name for column in columns]
    assert bool(found) == (table not in UNASKED)
    keys = [tuple(row[column.name] for column in columns if column.key) for row in found]
    assert len(keys) == len(set(keys))


def test_the_manifest_seals_layers_and_outputs(run):
    folder, _ = run
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf8"))
    sealed = manifest["outputs_sha256"]
    assert set(sealed) == {path.name for path in folder.iterdir()} - {"manifest.json"}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == value for name, value in sealed.items())
    assert len(manifest["layers_sha256"]) > 30
    assert manifest["seed"] == manifest["assumptions"]["seed"]


def test_only_standing_rows_carry_a_rank_and_ranks_count_up(run):
    folder, _ = run
    for case in rows(folder / "cases.csv"):
        own = [row for row in rows(folder / "ranking.csv") if row["case_id"] == case["case_id"]]
        ranked = [row for row in own if row["rank"]]
        assert {row["status"] for row in ranked} <= {"ranked", "conditional", "baseline"}
        assert all(not row["rank"] for row in own if row["status"] in {"screened", "not_rankable"})
        assert sorted(int(row["rank"]) for row in ranked) == list(range(1, len(ranked) + 1))


def test_the_terminal_gives_the_first_line_the_reasons_and_the_file(run):
    folder, done = run
    assert "beat exporting for Japan" in done.stdout
    assert "No. 1 for Japan" in done.stdout
    assert str(folder / "map.html") in " ".join(done.stdout.split())
    assert "\x1b[" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_warnings_are_told_once(run):
    _, done = run
    assert done.stdout.count("classify with counsel") == 1


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [(["--version"], 0, "geokit 0."), (["dance"], 2, "dance"), (["layers", "depots"], 1, "no layer called 'depots'")],
)
def test_a_process_ends_with_the_code_and_speaks_through_its_own_streams(words, code, told, tmp_path):
    done = subprocess.run([sys.executable, "-m", "geokit", *words], capture_output=True, text=True, cwd=tmp_path, check=False)
    spoken, silent = (done.stderr, done.stdout) if code else (done.stdout, done.stderr)
    assert (done.returncode, silent) == (code, "")
    assert told in " ".join(spoken.split())
    assert "Traceback" not in spoken
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run"], "--out"),
        (["run", "--out", "x", "--on", "22.11.2026"], "'22.11.2026' is not a date"),
        (["run", "--out", "x", "--set", "parcel_t"], "has no '='"),
    ],
)
def test_misuse_ends_with_two_and_says_what_is_wrong(words, told, tmp_path):
    done = geokit(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "--out", "x", "--partner", "jappan"], "no partner called 'jappan'"),
        (["run", "--out", "x", "--set", "parcel=3"], "'parcel' is unknown"),
        (["run", "--out", "x", "--set", "parcel_t=many"], "transport.parcel_t"),
        (["run", "--out", "x", "--on", "9999-12-31"], "lies after 2100"),
        (["run", "--out", "x", "--set", "months_to_fid=1e9"], "controls.months_to_fid"),
        (["run", "--out", "x", "--assumptions", "nowhere.yaml"], "nowhere.yaml"),
        (["route", "here", "there"], "'here'"),
        (["explain", "no:where", "--partner", "japan"], "no alternative called 'no:where'"),
    ],
)
def test_our_errors_end_with_one_without_a_traceback_and_write_nothing(words, told, tmp_path):
    done = geokit(*words, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_one_bad_question_gets_one_error_with_every_problem_of_it(tmp_path):
    """A day before the question, a misspelt key, chances beyond 1, a vendor list with three faults, no such partner."""
    (tmp_path / "bad.csv").write_text("stage_id,class_id,vendor,country,share,chosen\n,NOPE,X,Atlantis,1.4,\n", encoding="utf8")
    done = geokit(
        "explain", "no:where", "--partner", "jappan", "--on", "2027-06-01", "--fid", "2020-01-01", "--set", "parcl_t=1",
        "--set", "controls.regime_probabilities={snapback: 1.4}", "--vendors", "bad.csv", cwd=tmp_path,
    )  # fmt: skip
    words = " ".join(done.stderr.split())
    assert done.returncode == 2
    for told in ("2020-01-01", "parcl_t", "snapback: 1.4", "'NOPE'", "'Atlantis'", "'1.4'", "jappan", "no:where"):
        assert told in words, told
    assert [path.name for path in tmp_path.iterdir()] == ["bad.csv"]


def test_a_bad_layer_gets_one_error_with_every_problem_and_nothing_is_written(layers, tmp_path):
    folder = tmp_path / "layers"
    shutil.copytree(layers.root, folder)
    deposits = folder / "deposits" / "deposits.csv"
    lines = deposits.read_text(encoding="utf8").splitlines()
    head = lines[0].split(",")
    cells = next(csv.reader([lines[1]]))
    cells[head.index("lat")] = "99"
    cells[head.index("source_id")] = ""
    lines[1] = ",".join(f'"{cell}"' for cell in cells)
    deposits.write_text("\n".join([lines[0] + ",colour", *(f"{line},red" for line in lines[1:])]) + "\n", encoding="utf8")
    (folder / "network" / "nodes.csv").write_bytes(b"\x00\xff\x00\xff")
    out = tmp_path / "out"
    done = geokit("run", "--layers", str(folder), "--out", str(out))
    assert done.returncode == 1
    for told in ("colour", "lat", "99", "source_id", "nodes.csv"):
        assert told in done.stderr
    assert not out.exists()


def test_controls_as_json_have_the_contract_fields():
    done = geokit("controls", "--on", "2026-11-22", "--json")
    clauses = json.loads(done.stdout)["answer"]
    fields = {
        "clause_id",
        "instrument_id",
        "issuer",
        "state_as_law_stands",
        "state_as_practised",
        "ever_operated",
        "valid_from",
        "source_ids",
    }
    assert fields <= set(clauses[0])
    by_id = {clause["clause_id"]: clause for clause in clauses}
    assert by_id["cn-2025-56-equipment"]["state_as_law_stands"] == "in_force"
    assert by_id["cn-2025-56-equipment"]["state_as_practised"] == "suspended"
    assert isinstance(by_id["cn-2025-56-equipment"]["ever_operated"], bool)


def test_a_route_as_json_adds_up():
    done = geokit("route", "muslim-bagh", "port:PKKHI", "--json")
    route = json.loads(done.stdout)["answer"]
    assert route["km"] == pytest.approx(sum(leg["km"] for leg in route["legs"]), rel=1e-9)
    assert route["usd_per_t"]["mode"] == pytest.approx(sum(leg["usd_per_t"] for leg in route["legs"]), rel=1e-9)
    assert route["usd_per_t"]["low"] <= route["usd_per_t"]["mode"] <= route["usd_per_t"]["high"]
    assert {"mode", "name", "from", "to", "km", "hours", "usd_per_t"} <= set(route["legs"][0])


def test_layers_as_json_tell_theme_rows_and_age():
    listed = json.loads(geokit("layers", "--json").stdout)["answer"]
    assert {"layer", "theme", "rows"} <= set(listed[0])


def test_rows_of_a_layer_are_picked_by_a_condition():
    picked = json.loads(geokit("layers", "deposits", "--where", "commodity=antimony", "--json").stdout)["answer"]
    assert len(picked) == 6
    assert {row["commodity_id"] for row in picked} == {"antimony"}


def test_an_explanation_goes_down_to_the_sources():
    told = json.loads(geokit("explain", "hub-sez:ferrochrome", "--partner", "japan", "--json").stdout)["answer"]
    assert told["alternative"] == "hub-sez:ferrochrome"
    cited = {source["source_id"] for source in told["sources"]}
    assert cited
    assert {cell["criterion_id"] for cell in told["cells"]} >= {"F1", "D1", "P1"}


def test_assumptions_are_printed_ready_to_be_handed_back(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(geokit("assumptions", "--set", "parcel_t=7").stdout, encoding="utf8")
    again = geokit("assumptions", "--assumptions", str(path)).stdout
    assert again == path.read_text(encoding="utf8")
    assert "parcel_t: 7.0" in again
