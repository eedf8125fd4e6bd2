"""Criteria: read from rows, anchors replaced by assumptions, named in words."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.core.errors import AssumptionError, UnknownNameError
from geokit.io.defaults import read_defaults
from geokit.scoring import Criterion, list_words, read_criteria
from geokit.scoring.criteria import set_anchors


@pytest.fixture
def table():
    return read_defaults("criteria")


def by_id(criteria):
    return {one.criterion_id: one for one in criteria}


def test_the_default_criteria_are_complete_once_the_assumptions_are_in(table, assumptions):
    criteria = read_criteria(table, assumptions=assumptions)
    assert [one.criterion_id for one in criteria] == table["criterion_id"].tolist()
    assert all(one.has_value_function for one in criteria)


def test_without_assumptions_a_blank_anchor_leaves_everything_missing(table):
    attacks = by_id(read_criteria(table))["R1"]
    assert not attacks.has_value_function
    assert np.isnan(attacks.value(np.array([[1.0, 2.0]]))).all()


def test_each_risk_counts_in_one_mode_only(table):
    criteria = by_id(read_criteria(table))
    assert {one for one in criteria if criteria[one].active_in == ("full",)} == {"E1", "E2"}
    assert {one for one in criteria if criteria[one].active_in == ("screen",)} == {"L1", "D2"}


def test_an_assumption_replaces_one_anchor_and_leaves_the_rest(table):
    water = by_id(set_anchors(read_criteria(table), {"I2": {"p1": 4.0}}))["I2"]
    assert water.anchors == (4.0, 1.0)
    assert water.value(np.array([4.0, 1.0])).tolist() == [0.0, 1.0]


def test_wrong_anchors_name_the_criterion(table):
    criteria = read_criteria(table)
    with pytest.raises(UnknownNameError, match="criterion called 'Z9'"):
        set_anchors(criteria, {"Z9": {"p1": 1.0}})
    with pytest.raises(AssumptionError, match=r"R1 is exp and has anchors \['p1'\], not \['p2'\]"):
        set_anchors(criteria, {"R1": {"p2": 1.0}})
    with pytest.raises(AssumptionError, match=r"criterion I2: anchors \(1.0, 1.0\)"):
        set_anchors(criteria, {"I2": {"p1": 1.0}})


@pytest.mark.parametrize(("column", "word"), [("shape", "cubic"), ("sense", "up")])
def test_an_unknown_shape_or_sense_is_refused(table, column, word):
    table.loc[0, column] = word
    with pytest.raises(AssumptionError, match=f"criterion F1.*{word}"):
        read_criteria(table)


@pytest.mark.parametrize(
    ("label", "name"),
    [("Feed secured: tonnes", "feed secured"), ("Delay (P80), months", "delay"), ("Product match", "product match"), ("", "")],
)
def test_the_short_name_ends_at_the_first_mark(label, name):
    criterion = Criterion("X", "g", "G", label, "", "max", "linear", (0.0, 1.0))
    assert (criterion.name, criterion.ask) == (name, name)


def test_words_for_what_is_missing_stand_instead_of_the_name(table):
    criteria = by_id(read_criteria(table.assign(missing="who takes it")))
    assert criteria["P1"].ask == "who takes it"
    assert criteria["P1"].name == "product match"


@pytest.mark.parametrize(("words", "told"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_words_are_listed_as_one_says_them(words, told):
    assert list_words(words) == told


def test_the_arrow_points_to_the_better_side(criteria):
    assert [one.arrow for one in criteria] == ["▲", "▲", "▼"]
