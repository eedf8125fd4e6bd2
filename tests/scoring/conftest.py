"""A study by hand: three plants and one way of doing less, three criteria, two partners, both legal tracks."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.scoring import Criterion, build_matrix, rank
from geokit.scoring.weights import Weights

ON = dt.date(2026, 11, 22)
CELL = ["criterion_id", "site_id", "stage_id", "profile", "partner", "track", "value_low", "value", "value_high", "grade"]


@pytest.fixture
def criteria():
    """Three criteria on 0-10, the last of which is better when smaller."""
    return (
        Criterion("W", "infra", "Infrastructure", "Water of the site: class", "points", "max", "linear", (0.0, 10.0), ("site",)),
        Criterion("F", "feed", "Feed", "Feed secured, in years", "years", "max", "linear", (0.0, 10.0), ("site", "stage")),
        Criterion(
            "D", "dep", "Dependency on items", "Delay (P80)", "months", "min", "linear", (10.0, 0.0),
            ("stage", "profile", "partner", "regime"),
        ),
    )  # fmt: skip


@pytest.fixture
def plants():
    return pd.DataFrame(
        [
            ("b:smelt", "plant", "b", "smelt"),
            ("a:smelt", "plant", "a", "smelt"),
            ("a:grind", "plant", "a", "grind"),
            ("export:smelt", "export", "export", "smelt"),
        ],
        columns=["alternative", "kind", "site_id", "stage_id"],
    )


@pytest.fixture
def grid():
    return (Case("p", ON, Track.TEXT, ON), Case("p", ON, Track.PRACTICE, ON), Case("q", ON, Track.TEXT, ON))


@pytest.fixture
def make_cells():
    """Return a function from short tuples (keys, value) to a frame of cells; a value may be (low, mode, high) or None."""

    def build(*rows):
        told = []
        for keys, value in rows:
            low, mode, high = value if isinstance(value, tuple) else (value, value, value)
            told.append((*keys, *[""] * (6 - len(keys)), low, mode, high, "" if mode is None else "E"))
        frame = pd.DataFrame(told, columns=CELL).astype(dict.fromkeys(["value_low", "value", "value_high"], float))
        known = frame["value"].notna()
        return frame.assign(source_ids=known.map({True: "s", False: ""}), note=known.map({True: "", False: "not found"}), holder="")

    return build


@pytest.fixture
def hand_cells(make_cells):
    """Site a has good water, site b has none known; feed differs by plant; delay is short by practice for partner p."""
    return make_cells(
        (("W", "a"), 8.0),
        (("W", "b"), None),
        (("W", "export"), 5.0),
        (("F", "a", "smelt"), 6.0),
        (("F", "a", "grind"), 2.0),
        (("F", "b", "smelt"), (4.0, 6.0, 8.0)),
        (("F", "export", "smelt"), None),
        (("D", "", "smelt", "B", "p", "text"), 5.0),
        (("D", "", "smelt", "B", "p", "practice"), 1.0),
        (("D", "", "smelt", "C", "q", "text"), 10.0),
        (("D", "", "grind"), 0.0),
        (("D", "export", "smelt"), 0.0),
    )


@pytest.fixture
def who_uses():
    plants = ("a:smelt", "b:smelt", "a:grind", "export:smelt")
    return {(plant, partner): profile for plant in plants for partner, profile in (("p", "B"), ("q", "C"))}


@pytest.fixture
def even():
    return Weights((("W", 0.25), ("F", 0.5), ("D", 0.25)), "test", "by hand")


@pytest.fixture
def plain(assumptions):
    """Default assumptions with an anchor of the study by hand instead of those of the real criteria, and few draws."""
    return assumptions.replace(scoring__anchors={"W": {"p2": 10.0}}, scoring__samples=50)


@pytest.fixture
def no_hints():
    return pd.DataFrame(columns=["alternative", "partner", "status_hint", "status_reason"], dtype=str)


@pytest.fixture
def matrix(hand_cells, criteria, plain):
    return build_matrix(hand_cells, criteria, assumptions=plain)


@pytest.fixture
def ranking(matrix, plants, grid, even, who_uses, no_hints, plain):
    return rank(
        matrix, plants, grid, {"p": even, "q": even}, profiles=who_uses, statuses=no_hints, assumptions=plain
    )  # fmt: skip
