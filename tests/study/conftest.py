"""Two small studies that differ: one partner, one reading of the law, another cut-off of feed and other weights."""

from __future__ import annotations

import pytest

from geokit.core.codes import Track
from geokit.study.cases import build_cases
from geokit.study.evaluate import evaluate


@pytest.fixture(scope="session")
def one_case(layers):
    return build_cases(layers, on=layers.verified_on, partners=["japan"], tracks=[Track.TEXT])


@pytest.fixture(scope="session")
def small(layers, assumptions, one_case):
    return evaluate(assumptions, cases=one_case, layers=layers)


@pytest.fixture(scope="session")
def moved(layers, assumptions, one_case):
    changed = assumptions.replace(feed__cutoff_usd_per_t=30.0, controls__months_to_fid=30)
    return evaluate(changed, cases=one_case, layers=layers).rescore({"D1": 0.4}, partner="japan")
