"""A made-up study on the real places, once plain and once with hostile names."""

from __future__ import annotations

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
