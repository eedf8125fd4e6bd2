"""A change of rank in the frozen study is a change that users see: CHANGELOG.md must name it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from geokit.io.read import read_text_table
from tests.golden.frozen import SITES, rank_frozen

PATH = Path(__file__).with_name("six_sites.csv")
CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"


@pytest.fixture(scope="module")
def found():
    return rank_frozen()


def test_the_ranks_are_those_that_were_agreed(found):
    agreed = read_text_table(PATH).astype({"rank": int, "tier": int})
    moved = agreed.merge(found, on=["case_id", "alternative"], how="outer", suffixes=("_agreed", "_found"))
    moved = moved[moved["rank_agreed"] != moved["rank_found"]]
    assert moved.empty, f"{len(moved)} ranks moved; say why in CHANGELOG.md and run recipes/golden.py:\n{moved.head(20)}"


def test_the_changelog_names_the_agreed_ranks():
    fingerprint = hashlib.sha256(PATH.read_bytes()).hexdigest()[:12]
    assert fingerprint in CHANGELOG.read_text(encoding="utf8"), f"CHANGELOG.md does not name the golden study {fingerprint}"


def test_the_frozen_study_holds_its_six_sites_and_the_ways_of_doing_less(found):
    places = set(found["alternative"].str.partition(":")[0])
    assert places & set(SITES)
    assert places - set(SITES) <= {"export", "abroad-sohar", "abroad-jubail"} | {name for name in places if name.startswith("toll-")}
