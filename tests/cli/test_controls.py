"""The controls verb: states on a date, one reading, some issuers, what changed between two dates."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from geokit import cli
from geokit.core.errors import UnknownNameError

PACKAGE = "cn-2025-56-equipment"


def call(*words, code=0):
    done = CliRunner().invoke(cli.app, ["controls", *words], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def read(*words):
    return json.loads(call(*words, "--json").stdout)["answer"]


def test_one_reading_of_the_law_hides_the_other():
    text = {row["clause_id"]: row for row in read("--on", "2026-11-22", "--track", "text")}
    practice = {row["clause_id"]: row for row in read("--on", "2026-11-22", "--track", "practice")}
    assert text[PACKAGE]["state_as_law_stands"] == "in_force"
    assert practice[PACKAGE]["state_as_practised"] == "suspended"
    assert "state_as_practised" not in text[PACKAGE]
    assert "state_as_law_stands" not in practice[PACKAGE]


def test_issuers_are_picked_by_code_or_name():
    assert {row["issuer"] for row in read("--issuer", "us", "--issuer", "Japan")} == {"us", "jp"}
    with pytest.raises(UnknownNameError, match="atlantis"):
        call("--issuer", "atlantis")


def test_what_was_recorded_later_is_not_known_yet():
    known = {row["clause_id"]: row for row in read("--on", "2025-12-01", "--known-on", "2025-10-08")}
    assert known[PACKAGE]["state_as_law_stands"] == ""


def test_the_day_before_a_suspension_nobody_knows_of_it():
    """No.70 is of 7 Nov 2025; until then the package was to begin on the 8th."""
    known = [{row["clause_id"]: row for row in read("--on", "2025-12-01", "--known-on", day)} for day in ("2025-11-06", "2025-11-07")]
    assert [one[PACKAGE]["state_as_law_stands"] for one in known] == ["in_force", "suspended"]
    assert [one[PACKAGE]["state_as_practised"] for one in known] == ["in_force", "suspended"]


@pytest.mark.parametrize("issuer", ["ca", "us", "kr"])
def test_an_answer_names_what_was_searched_and_what_was_not(issuer):
    told = " ".join(call("--on", "1990-01-01", "--known-on", "1990-01-01", "--issuer", issuer).stdout.split())
    assert "No listed control found" in told
    assert ("not researched: " in told) == (issuer != "us")
    assert "Searched: US" in told or "Searched: none" in told


def test_the_end_of_the_suspension_is_a_change_of_the_text_alone():
    rows = read("--diff", "2026-11-10", "2026-11-11")
    mine = [row for row in rows if row["clause_id"] == PACKAGE]
    assert [(row["track"], row["state_before"], row["state_after"]) for row in mine] == [("text", "suspended", "in_force")]
    assert read("--diff", "2026-11-11", "2026-11-11") == []
    assert read("--diff", "2026-11-10", "2026-11-11", "--track", "practice") == []


def test_a_person_reads_what_was_searched():
    told = " ".join(call("--issuer", "ca").stdout.split())
    assert "not researched" in told
    assert "Screening, not legal advice" in " ".join(call("--diff", "2026-11-10", "2026-11-11").stdout.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--track", "practise"], "practise"),
        (["--diff", "2026-11-10", "2026-02-30"], "2026-02-30"),
        (["--diff", "2026-11-10", "2026-11-11", "--on", "2026-11-22"], "leave --on out"),
    ],
)
def test_misuse_is_told(words, told):
    assert told in " ".join(call(*words, code=2).output.split())
