"""Assumptions described on the command line, and the cache that nobody has unless they ask."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from geokit import cli
from geokit.core.errors import UnknownNameError
from geokit.study.describe import build_schema
from geokit.study.kept import VARIABLE, Store


def call(*words, code=0):
    done = CliRunner().invoke(cli.app, words, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.stdout


def test_the_list_holds_every_assumption_on_a_line_of_a_page():
    told = call("assumptions", "--describe")
    assert max(map(len, told.splitlines())) <= 100
    for name in ("parcel_t", "evidence_threshold_frac", "discount_rate_frac"):
        assert f"  {name} " in told


def test_one_assumption_is_told_in_full():
    told = " ".join(call("assumptions", "--describe", "discount_rate_frac").split())
    assert "0.121 (0.104 to 0.137)" in told
    assert "fin-wacc-pk-mining" in told
    assert "M, carried over" in told


def test_a_change_is_told_as_one():
    assert "(changed)" in call("assumptions", "--describe", "parcel_t", "--set", "parcel_t=30000")


def test_the_description_as_json_names_value_and_meaning():
    (row,) = json.loads(call("assumptions", "--describe", "parcel_t", "--json"))["answer"]
    assert (row["name"], row["value"], row["unit"], row["grade"]) == ("transport.parcel_t", "25000", "t", "A")


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(UnknownNameError, match="parcel_t"):
        call("assumptions", "--describe", "parcel")


def test_the_schema_is_printed_as_it_is_built():
    assert json.loads(call("assumptions", "--schema")) == build_schema()


@pytest.mark.parametrize("words", [("assumptions", "parcel_t"), ("assumptions", "--json"), ("cache", "burn")])
def test_misuse_is_told(words):
    call(*words, code=2)


def test_the_cache_is_shown_and_cleared_in_the_folder_that_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    assert "0 entries" in call("cache")
    assert not (tmp_path / "kept").exists()
    Store(tmp_path / "kept").write("a" * 40, {})
    told = " ".join(call("cache", "show").split())
    assert "1 entry" in told
    assert "a" * 12 in told
    assert call("cache", "clear").startswith("1 entry removed")
    assert list((tmp_path / "kept").iterdir()) == []
