"""Fixtures that every room shares: the real layers and the default assumptions, read once."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest

from geokit.catalog import read_layers
from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.io.defaults import read_assumptions, read_defaults
from geokit.io.text import plain_text
from geokit.study.alternatives import build_alternatives

ON = dt.date(2026, 11, 22)


@pytest.fixture(scope="session", autouse=True)
def _plain_text():
    """Keep text as a study does, also where a test asks a stage alone; tests/metamorphic shows that no answer depends on it."""
    with plain_text():
        yield


@pytest.fixture(scope="session")
def layers():
    return read_layers()


@pytest.fixture(scope="session")
def assumptions():
    return read_assumptions()


@pytest.fixture(scope="session")
def alternatives(layers):
    return build_alternatives(layers, read_defaults("siting"))


@pytest.fixture(scope="session")
def cases(layers):
    return [Case(partner, ON, track, ON) for partner in layers["partners"]["partner_id"] for track in Track]


@pytest.fixture(scope="session")
def study(layers, assumptions, cases):
    from geokit.study.evaluate import evaluate  # noqa: PLC0415  rooms that need no study need not wait for it

    return evaluate(assumptions, cases=cases, layers=layers)


@pytest.fixture
def folder(tmp_path, layers):
    """Return a whole layers folder below tmp_path."""
    target = tmp_path / "layers"
    shutil.copytree(layers.root, target)
    return target


@pytest.fixture
def edit(folder):
    """Return a function that replaces one text in one file of the folder, and insists that it was there."""

    def replace(name, old, new, count=1):
        path = folder / name
        text = path.read_text(encoding="utf8")
        assert old in text
        path.write_text(text.replace(old, new, count), encoding="utf8")
        return path

    return replace
