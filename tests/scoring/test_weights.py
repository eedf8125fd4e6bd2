"""Weights: from ranks, as given, and with some given and the others scaled."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.core.errors import AssumptionError, UnknownNameError
from geokit.io.defaults import read_defaults
from geokit.scoring import Criterion, Weights, derive_weights, read_criteria

ARCHETYPES = ("investor", "supply_security", "derisk_china", "planner_esg")


@pytest.fixture
def defaults(assumptions):
    return read_defaults("ranks"), read_criteria(read_defaults("criteria"), assumptions=assumptions)


@pytest.mark.parametrize("archetype", ARCHETYPES)
@pytest.mark.parametrize("mode", ["full", "screen"])
@pytest.mark.parametrize("method", ["rank-sum", "roc"])
def test_every_set_sums_to_one_over_the_criteria_that_count(defaults, archetype, mode, method):
    weights = derive_weights(*defaults, archetype, mode, method=method)
    assert sum(weights.values()) == pytest.approx(1.0, abs=1e-12)
    assert set(weights) == {one.criterion_id for one in defaults[1] if mode in one.active_in}
    assert weights.who == archetype


@pytest.mark.parametrize(
    ("archetype", "mode", "method", "said"),
    [
        ("pirate", "full", "roc", "no archetype called 'pirate'"),
        ("investor", "fast", "roc", "no mode called 'fast'"),
        ("investor", "full", "ahp", "no method called 'ahp'"),
    ],
)
def test_unknown_names_are_told(defaults, archetype, mode, method, said):
    with pytest.raises(UnknownNameError, match=said):
        derive_weights(*defaults, archetype, mode, method=method)


def test_a_criterion_without_a_rank_is_told(defaults):
    ranks, criteria = defaults
    with pytest.raises(UnknownNameError, match="'P2'"):
        derive_weights(ranks[ranks["criterion_id"] != "P2"], criteria, "investor", "full")


def make(criterion_id, group, **more):
    return Criterion(criterion_id, group, group.title(), "", "", "max", "linear", (0.0, 1.0), **more)


def test_two_groups_by_hand():
    criteria = (make("A", "one"), make("B", "one"), make("C", "two"))
    ranks = pd.DataFrame({
        "archetype": "me", "criterion_id": ["C", "B", "A"], "group_id": ["two", "one", "one"],
        "group_rank": [2.0, 1.0, 1.0], "within_rank": [1.0, 2.0, 1.0],
    })  # fmt: skip
    weights = derive_weights(ranks, criteria, "me", "full")
    assert list(weights) == ["A", "B", "C"]
    assert list(weights.values()) == pytest.approx([2 / 3 * 2 / 3, 2 / 3 * 1 / 3, 1 / 3])


def test_weight_of_what_does_not_count_moves_in_proportion():
    ranks = pd.DataFrame({
        "archetype": "me", "criterion_id": ["A", "B", "C"], "group_id": "one", "group_rank": 1.0, "within_rank": [1.0, 2.0, 3.0],
    })  # fmt: skip
    off = make("C", "one", active_in=("full",))
    everyone = derive_weights(ranks, (make("A", "one"), make("B", "one"), off), "me", "screen")
    assert dict(everyone) == pytest.approx({"A": 0.6, "B": 0.4})
    taker = derive_weights(ranks, (make("A", "one"), make("B", "one", takes_in=("screen",)), off), "me", "screen")
    assert dict(taker) == pytest.approx({"A": 1 / 2, "B": 1 / 2})


@pytest.fixture
def base(criteria):
    return Weights.given({"W": 0.2, "F": 0.5, "D": 0.3}, criteria)


def test_given_weights_follow_the_order_of_the_criteria(criteria):
    weights = Weights.given({"D": 0.3, "W": 0.7}, criteria, who="me")
    assert weights.pairs == (("W", 0.7), ("D", 0.3))
    assert (weights.who, len(weights), "F" in weights) == ("me", 2, False)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"W": 0.5, "F": 0.4}, "sum to 0.9, not 1"),
        ({"W": 1.5, "F": -0.5}, r"refused: \{'F': -0.5\}"),
        ({"W": float("nan"), "F": 1.0}, r"refused: \{'W': nan\}"),
        ({"W": 0.8, "F": 0.4}, "may not pass 1"),
    ],
)
def test_given_weights_are_checked(criteria, shares, said):
    with pytest.raises(AssumptionError, match=said):
        Weights.given(shares, criteria)


def test_an_unknown_criterion_is_named_with_the_known_ones(criteria, base):
    with pytest.raises(UnknownNameError, match=r"'X'.*D, F, W"):
        Weights.given({"X": 1.0}, criteria)
    with pytest.raises(UnknownNameError, match="'X'"):
        base.replace({"X": 0.1})


def test_a_replaced_weight_keeps_the_sum_and_the_proportions_of_the_others(base):
    assert dict(base.replace({"F": 0.75})) == pytest.approx({"W": 0.1, "F": 0.75, "D": 0.15})
    assert dict(base.replace({"F": 1.0})) == pytest.approx({"W": 0.0, "F": 1.0, "D": 0.0})


def test_replacing_a_weight_by_itself_changes_nothing(base):
    assert dict(base.replace({"F": 0.5})) == pytest.approx(dict(base))


@pytest.mark.parametrize("name", ["dep", "dependency", "Dependency"])
def test_a_group_may_be_named(base, name):
    assert base.replace({name: 0.65})["D"] == pytest.approx(0.65)


def test_a_group_is_divided_in_the_old_proportions(defaults):
    old = derive_weights(*defaults, "investor", "screen")
    new = old.replace({"dependency": 0.4})
    assert sum(new[one] for one in ("D1", "D2", "D3")) == pytest.approx(0.4)
    assert new["D1"] / new["D2"] == pytest.approx(old["D1"] / old["D2"])
    assert new["F1"] / new["R1"] == pytest.approx(old["F1"] / old["R1"])


def test_others_without_weight_share_evenly(criteria):
    base = Weights.given({"W": 1.0, "F": 0.0, "D": 0.0}, criteria)
    assert dict(base.replace({"W": 0.5})) == pytest.approx({"W": 0.5, "F": 0.25, "D": 0.25})


def test_a_group_and_its_member_cannot_both_be_named(base):
    with pytest.raises(AssumptionError, match=r"\['D'\] a second time"):
        base.replace({"D": 0.2, "dep": 0.2})


def test_nothing_is_left_to_take_the_rest(base):
    with pytest.raises(AssumptionError, match=r"sum to 0.6, not 1"):
        base.replace({"W": 0.2, "F": 0.2, "D": 0.2})


def test_it_prints_the_heaviest_first(base):
    lines = repr(base).splitlines()
    assert lines[0] == "Weights of user (given)"
    assert [line.split()[0] for line in lines[1:]] == ["F", "D", "W"]
