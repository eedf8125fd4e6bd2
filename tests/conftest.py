"""Fixtures that every room shares: the real layers and the default assumptions, read once."""

from __future__ import annotations

import datetime as dt
import gc
import shutil

import pytest

from geokit.catalog import read_layers
from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.io.defaults import read_assumptions, read_defaults
from geokit.io.text import plain_text
from geokit.study.alternatives import build_alternatives

ON = dt.date(2026, 11, 22)


def pytest_configure():
    """Look for circles of dead objects seldom: frames leave few of them, and the search took a twentieth of the time."""
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker is alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


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


@pytest.fixture(scope="session")
def real_freight(layers, assumptions):
    """Hauls, reliability and detours between the real places; a study on the same layers ranks by the very same."""
    from geokit.study.freight import move_freight  # noqa: PLC0415

    return move_freight(layers, assumptions)


@pytest.fixture(scope="session")
def real_economics(layers, alternatives, real_freight, assumptions):
    """The money of the real places, without what the law says of outlets and political states."""
    from geokit.economics import estimate  # noqa: PLC0415

    return estimate(layers, alternatives, real_freight.hauls, assumptions=assumptions)


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
