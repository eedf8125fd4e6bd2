"""The verbs inside one process: what they hand to the library, what they print, how they refuse."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from geokit import cli
from geokit.catalog import list_layers, read_layers
from geokit.check.validate import read_folder
from geokit.core.errors import AssumptionError, GeokitError, LayerError, UnknownNameError
from geokit.dependency import resolve
from geokit.network import find_route
from geokit.outputs import run as run_module
from geokit.outputs.terminal import WIDTH


def call(*words, code=0):
    """Run one verb, expect its exit code and return what it printed."""
    return start(*words, code=code).output


def start(*words, code=0):
    done = CliRunner().invoke(cli.app, words, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def read(*words):
    return json.loads(start(*words, "--json").stdout)["answer"]


def test_the_verbs_are_those_that_help_lists():
    told = call("--help")
    for verb in ("run", "layers", "check", "controls", "route", "explain", "assumptions", "forecasts"):
        assert f"\n  {verb} " in told or f" {verb} " in told


def test_the_listing_is_that_of_the_library(layers):
    rows = read("layers")
    listed = list_layers(layers)
    assert [row["layer"] for row in rows] == listed["layer"].tolist()
    assert [row["rows"] for row in rows] == [None if pd.isna(count) else count for count in listed["rows"]]


def test_rows_of_a_layer_are_those_of_the_file(layers):
    rows = read("layers", "ports")
    assert [row["port_id"] for row in rows] == layers["ports"]["port_id"].tolist()
    assert [row["lat"] for row in rows] == pytest.approx(layers["ports"]["lat"].tolist())


def test_two_conditions_narrow_each_other(layers):
    free = read("layers", "deposits", "--where", "commodity=chromite", "--where", "feed_available=free")
    table = layers["deposits"].query("commodity_id == 'chromite' and feed_available == 'free'")
    assert [row["deposit_id"] for row in free] == table["deposit_id"].tolist()
    assert free


@pytest.mark.parametrize("table", ["deposits", "partners", "sources", "stages"])
def test_a_printed_layer_can_be_read(table):
    lines = call("layers", table).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert max(len(word) for line in lines for word in line.split()) > 8


def test_the_clauses_of_a_day_are_those_of_the_library(layers):
    rows = read("controls", "--on", "2025-11-20", "--known-on", "2025-11-20")
    states = resolve(layers, on=dt.date(2025, 11, 20), known_on=dt.date(2025, 11, 20))
    assert [row["clause_id"] for row in rows] == states["clause_id"].tolist()
    assert [row["state_as_practised"] for row in rows] == states["state_as_practised"].tolist()


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "2024-02-29", "9999-12-31"])
def test_the_clauses_of_any_day_can_be_asked(layers, day):
    assert len(read("controls", "--on", day)) == len(layers["clauses"])


def test_what_was_not_yet_recorded_is_not_yet_told():
    early, late = (read("controls", "--on", "2026-11-22", "--known-on", day) for day in ("2025-10-20", "2026-11-22"))
    changed = [one["clause_id"] for one, other in zip(early, late, strict=True) if one != other]
    assert "cn-2025-56-equipment" in changed


def test_an_assumption_reaches_the_route(layers, assumptions):
    factors = [f"offnetwork_cost_factor={{low: 1, mode: {mode}, high: 9}}" for mode in (2, 8)]
    cheap, dear = (read("route", "muslim-bagh", "port:PKKHI", "--set", factor)["usd_per_t"]["mode"] for factor in factors)
    assert cheap == pytest.approx(find_route(layers, "muslim-bagh", "port:PKKHI", assumptions=assumptions).usd_per_t)
    assert dear > cheap


def test_the_product_reaches_the_sea_leg():
    boxed = read("route", "PKKHI", "JPSAG", "--product", "antimony-metal")
    assert boxed["product_id"] == "antimony-metal"
    assert "container" in boxed["note"]


def test_assumptions_print_the_change_and_nothing_else():
    before, after = (yaml.safe_load(call("assumptions", *words)) for words in ((), ("--set", "life_years=7", "--set", "seed=1")))
    assert (after["finance"]["life_years"], after["seed"]) == (7, 1)
    after["finance"]["life_years"], after["seed"] = before["finance"]["life_years"], before["seed"]
    assert after == before


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (["layers", "ports", "--where", "port_id"], GeokitError, "has no '='"),
        (["layers", "prots"], UnknownNameError, "ports"),
        (["route", "PKKHI", "NLRTM", "--product", "gold-bar"], UnknownNameError, "gold-bar"),
        (["assumptions", "--set", "self=1"], AssumptionError, "'self' is unknown"),
        (["assumptions", "--set", "transport=5"], AssumptionError, "transport: 5"),
        (["assumptions", "--set", "parcel_t="], AssumptionError, "transport.parcel_t: None"),
        (["assumptions", "--set", "parcel_t=0"], AssumptionError, "greater than 0"),
        (["assumptions", "--set", "cutoff_usd_per_t=.inf"], AssumptionError, "finite"),
        (["assumptions", "--set", "scoring.samples=0"], AssumptionError, "scoring.samples: 0"),
        (["run", "--out", "x", "--layers", "nowhere"], LayerError, "nowhere"),
    ],
)
def test_what_cannot_be_answered_is_our_own_error_and_names_the_value(words, error, told):
    with pytest.raises(error) as caught:
        CliRunner().invoke(cli.app, words, catch_exceptions=False)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["controls", "--on", "2026-02-30"], "2026-02-30"),
        (["controls", "--known-on", "today"], "today"),
        (["explain", "a:b", "--partner", "japan", "--track", "practise"], "practise"),
        (["explain", "a:b"], "--partner"),
        (["assumptions", "--set", "a={"], "'{'"),
        (["assumptions", "--set", "a"], "has no '='"),
        (["route", "PKKHI"], "DESTINATION"),
        (["layers", "ports", "--colour"], "--colour"),
        (["layers", "--where", "theme=network"], "--where picks rows of one layer"),
    ],
)
def test_misuse_is_told_with_the_word_that_is_wrong(words, told):
    assert told.casefold() in " ".join(call(*words, code=2).split()).casefold()


@pytest.fixture
def main(monkeypatch, capsys):
    """Run the whole program and return its exit code and what it said on standard error."""

    def start(*words):
        monkeypatch.setattr(sys, "argv", ["geokit", *words])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return stopped.value.code or 0, capsys.readouterr().err

    return start


def test_the_program_ends_with_nought_one_or_two(main):
    assert main("--version") == (0, "")
    code, told = main("layers", "prots")
    assert (code, told.startswith("geokit: no layer called 'prots'")) == (1, True)
    assert main("dance")[0] == 2


def test_an_interrupt_ends_with_130_and_no_traceback(main, monkeypatch, tmp_path):
    def stop(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(run_module, "evaluate", stop)
    code, told = main("run", "--out", str(tmp_path / "out"), "--partner", "japan")
    assert code == 130
    assert told.startswith("geokit: ")
    assert told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_folder_of_layers_can_stand_in_the_environment(layers, monkeypatch, tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(layers.root / "network", folder / "network")
    ports = folder / "network" / "ports.csv"
    ports.write_text(ports.read_text(encoding="utf8").replace("Karachi Port (KPT)", "Old harbour"), encoding="utf8")
    monkeypatch.setenv("GEOKIT_LAYERS", str(folder))
    named = next(row for row in read("layers", "ports") if row["port_id"] == "PKKHI")
    assert named["name"] == "Old harbour"
    assert read_layers().modified == ("ports",)
    monkeypatch.setenv("GEOKIT_LAYERS", str(tmp_path / "gone"))
    with pytest.raises(LayerError, match="GEOKIT_LAYERS"):
        read_layers()


def test_check_counts_the_layers_of_a_sound_folder(layers):
    assert call("check", str(layers.root)) == f"{len(layers)} layers, no problem found\n"


@pytest.mark.parametrize("table", ["deposits/deposits", "sites/sites", "network/ports", "network/nodes", "controls/status_events"])
def test_check_tells_a_table_without_rows_and_what_hangs_on_it(layers, tmp_path, table):
    folder = shutil.copytree(layers.root, tmp_path / "mine")
    path = folder / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf8").splitlines()[0] + "\n", encoding="utf8")
    found = read_folder(folder)
    assert found.frames[path.stem].empty
    assert [problem.rule for problem in found.problems if "does not hold" not in problem.rule] == ["has no row"]


def test_an_assumptions_file_need_hold_only_what_it_changes(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("title: mine\ncontrols:\n  float_months: 3\n", encoding="utf8")
    told, plain = (yaml.safe_load(call("assumptions", *words)) for words in (("--assumptions", str(path)), ()))
    assert told == plain | {"title": "mine", "controls": plain["controls"] | {"float_months": 3.0}}


def test_everything_wrong_with_an_assumptions_file_is_told_where_it_stands(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("controls: {fid_on: 2026-02-30, float_months: -3, speed: 1}\nfeed: {cutoff_usd_per_t: -1}\n", encoding="utf8")
    with pytest.raises(AssumptionError, match="4 assumption") as caught:
        call("assumptions", "--assumptions", str(path))
    for words in ("controls.fid_on: '2026-02-30'", "controls.float_months: -3", "controls.speed: 1", "feed.cutoff_usd_per_t: -1"):
        assert words in str(caught.value)
    assert max(map(len, str(caught.value).splitlines())) < 200


def test_an_impossible_day_on_the_command_line_is_refused_by_name():
    with pytest.raises(AssumptionError, match=r"controls\.fid_on: '2026-02-30'"):
        call("assumptions", "--set", "controls.fid_on=2026-02-30")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["controls", "--on", "1-1", "--track", "foo", "--issuer", "zz"], ["'1-1' is not a date", "'foo' is", "no issuer called 'zz'"]),
        (["explain", "a:b", "--partner", "zz", "--track", "bar", "--set", "seed=-1"], ["'bar' is", "seed: -1", "no partner called 'zz'"]),
    ],
)
def test_wrong_options_are_told_together(words, told):
    done = start(*words, code=2)
    assert all(part in done.stderr for part in told)
