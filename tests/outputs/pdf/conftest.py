"""A small real study, of two sites and one partner, and the means to read a PDF."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import re
import shutil
import subprocess

import pytest

from geokit.study.cases import build_cases

ON = dt.date(2026, 11, 22)
SITES, CLOSURES = ("dhabeji-sez", "hub-sez"), ("lasbela", "hormuz")


@pytest.fixture(scope="session")
def two_sites(layers):
    """Cut the layers down to two sites, two closures and two partners."""
    sites, partners = (layers[name] for name in ("sites", "partners"))
    closed = {name: layers[name][layers[name]["closure_id"].isin(CLOSURES)] for name in ("closures", "closure_events")}
    kept = {
        "sites": sites[sites["site_id"].isin(SITES)],
        "partners": partners[partners["partner_id"].isin(["japan", "turkiye"])],
    }
    return dataclasses.replace(layers, tables={**layers.tables, **kept, **closed})


@pytest.fixture(scope="session")
def small(two_sites, assumptions):
    """Evaluate both readings of the law for both partners."""
    from geokit.study.evaluate import evaluate  # noqa: PLC0415  rooms that need no study need not wait for it

    quick = assumptions.replace(controls__samples=20, scoring__samples=20)
    return evaluate(quick, cases=build_cases(two_sites, on=ON, partners="all"), layers=two_sites)


@pytest.fixture(scope="session")
def by_stage(small):
    """Return a function that leads a study with the rows of one stage."""

    def choose(stage):
        rows = small.rankings
        return dataclasses.replace(small, rankings=rows[(rows["stage_id"] == stage) | rows["rank"].isna()])

    return choose


@pytest.fixture(scope="session")
def reader():
    """Return a function that runs a tool of poppler on a PDF and returns what it prints."""
    if not shutil.which("pdftotext"):
        missing = "pdftotext is missing: install poppler-utils"
        (pytest.fail if "poppler" in os.environ.get("GEOKIT_REQUIRE", "") else pytest.skip)(missing)

    def run(tool, path, *options):
        end = ["-"] if tool == "pdftotext" else []
        done = subprocess.run([tool, *options, str(path), *end], capture_output=True, check=True, timeout=60)
        return done.stdout.decode("utf8")

    return run


@pytest.fixture(scope="session")
def flat():
    """Return a function that joins the words of a text as a reader would: marks for breaking words go, blanks are one."""

    def join(text):
        return re.sub(r"\s+", " ", text.replace("\u200b", "").replace("\u202f", " ").replace("\u00a0", " "))

    return join
