"""Criteria as a table and back, and the drivers that a common cause joins."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from geokit.io.defaults import read_defaults
from geokit.scoring import read_criteria
from geokit.scoring.criteria import MODES, list_criteria
from geokit.scoring.draws import Moving
from geokit.scoring.drivers import _pick_causes, name_cause


@pytest.fixture(scope="module")
def packaged():
    return read_criteria(read_defaults("criteria"))


def test_the_packaged_criteria_survive_their_table(packaged):
    assert read_criteria(list_criteria(packaged)) == packaged


def test_an_anchor_that_nobody_gave_stays_blank(packaged):
    table = list_criteria(packaged).set_index("criterion_id")
    for one in packaged:
        assert table.loc[one.criterion_id, ["p1", "p2", "p3"]].notna().sum() == len(one.known_anchors)


@pytest.mark.parametrize("mode", MODES)
def test_modes_are_told_as_yes_and_no(packaged, mode):
    table = list_criteria(packaged)
    assert table[f"active_{mode}"].eq("yes").tolist() == [mode in one.active_in for one in packaged]
    assert table[f"takes_{mode}"].eq("yes").tolist() == [mode in one.takes_in for one in packaged]


def test_no_criterion_makes_an_empty_table():
    assert list_criteria([]).empty


@pytest.fixture
def moving(packaged):
    """Return five cells of three causes, held by six alternatives."""
    return Moving(0, packaged[0], np.arange(6), np.array([3, 4, 5, 6, 7]), np.array([0, 1, 2, 3, 4, 0]), np.array([0, 0, 1, 2, 1]))


@pytest.mark.parametrize(
    ("leaders", "cells"),
    [([0], [0]), ([0, 1], [0]), ([1, 0], [0]), ([2, 4], [2]), ([3, 1, 4], [1, 4, 3]), ([5], [0]), ([], [])],
)
def test_one_cell_stands_for_each_cause_of_a_leader(moving, leaders, cells):
    assert sorted(_pick_causes(moving, np.array(leaders, dtype=np.int64))) == sorted(cells)


def test_a_cause_is_named_by_what_its_cells_have_in_common(moving):
    table = pd.DataFrame(
        [("", "", "")] * 3 + [("smelt", "a", "p"), ("smelt", "b", "p"), ("mill", "a", ""), ("", "c", "p"), ("mill", "d", "")],
        columns=["stage_id", "site_id", "partner"],
    )  # fmt: skip
    joined = dataclasses.make_dataclass("Joined", ["table"])(table)
    name = moving.criterion.name
    assert name_cause(joined, moving, 0) == name_cause(joined, moving, 1) == f"{name} of smelt for p"
    assert name_cause(joined, moving, 2) == f"{name} of mill"
    assert name_cause(joined, moving, 3) == f"{name} at c for p"
