"""A made-up study on the real places, once plain and once with hostile names."""

from __future__ import annotations

import dataclasses
import runpy
from pathlib import Path

import pytest

SAMPLE = runpy.run_path(str(Path(__file__).with_name("sample_study.py")))


@pytest.fixture(scope="session")
def sample(layers, alternatives, assumptions):
    return SAMPLE["build_sample"](layers, alternatives, assumptions)


@pytest.fixture(scope="session")
def hostile(layers, alternatives, assumptions):
    return SAMPLE["build_sample"](layers, alternatives, assumptions, hostile=True)


@pytest.fixture(scope="session")
def hostile_words():
    return SAMPLE["HOSTILE"]


@pytest.fixture(scope="session")
def little_study(layers, assumptions, cases):
    """Evaluate for real, but few sites and partners and few draws: for what only a whole study has."""
    from geokit.study.evaluate import evaluate  # noqa: PLC0415  rooms that need no study need not wait for it

    sites = layers["sites"]
    few = dataclasses.replace(layers, tables={**layers.tables, "sites": sites[sites["role"] == "candidate"].iloc[::9]})
    chosen = assumptions.replace(controls__samples=20, scoring__samples=20)
    return evaluate(chosen, cases=[case for case in cases if case.partner in {"japan", "saudi"}], layers=few)
