"""Political states: who decides which clauses, how likely, and what the bounds take from it (model rule M10)."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geokit.core.assumptions import Controls
from geokit.core.codes import State, Track
from geokit.core.errors import AssumptionError, LayerError
from geokit.dependency.regime import ENDED, SETTLED, Outcome, bound_mean, list_outcomes, say_regime

OPEN = frozenset({"cn-2025-56-equipment"})
NOBODY = frozenset()


def controls(**asked):
    return Controls(months_to_fid=12, months_fid_to_shipment=12, months_shipment_to_commissioning=12, samples=10, **asked)


def test_a_question_that_is_settled_has_one_outcome(layers):
    (only,) = list_outcomes(layers["regimes"], NOBODY, controls=controls())
    assert (only.regime_id, only.probability, only.rulings) == (SETTLED, 1.0, ())


def test_the_open_package_has_four_outcomes_with_the_priors_of_the_dossier(layers):
    found = {
        one.regime_id: (one.low, one.probability, one.high, one.rulings[0].state)
        for one in list_outcomes(layers["regimes"], OPEN, controls=controls())
    }
    assert found == {
        "renewed": (0.45, 0.60, 0.75, State.SUSPENDED),
        "snapback": (0.12, 0.22, 0.35, State.IN_FORCE),
        "tightened": (0.05, 0.10, 0.20, State.TIGHTENED),
        "lifted": (0.03, 0.08, 0.15, State.REVOKED),
    }


@pytest.mark.parametrize("last_day", ["", "2028-01-10"])
def test_a_regime_that_covers_the_days_has_one_reading(layers, last_day):
    assert len(list_outcomes(layers["regimes"], OPEN, controls=controls(), last_day=last_day)) == 4


def test_a_regime_that_ends_too_soon_stands_beside_its_other_reading(layers):
    found = list_outcomes(layers["regimes"], OPEN, controls=controls(), last_day="2028-01-11")
    renewed = [one for one in found if one.regime_id.startswith("renewed")]
    assert {(one.probability, one.goes_on, one.ends_on) for one in renewed} == {(0.60, True, ""), (0.0, False, "2028-01-11")}
    assert sum(one.probability for one in found) == pytest.approx(1.0)
    assert found[-1].probability > 0, "the draws take the last state for all that is left of the unit interval"


def test_every_outcome_decides_the_whole_package(layers):
    for one in list_outcomes(layers["regimes"], OPEN, controls=controls()):
        assert "cn-2025-62-service" in one.clause_ids
        assert "cn-2023-57-prohibited" not in one.clause_ids


def test_a_clause_that_no_regime_names_has_no_outcomes(layers):
    (only,) = list_outcomes(layers["regimes"], frozenset({"us-affiliates-2025-list"}), controls=controls())
    assert only.regime_id == SETTLED


def test_priors_that_do_not_add_up_are_refused(layers):
    regimes = layers["regimes"].copy()
    regimes.loc[regimes["regime_id"] == "lifted", "prior_mode"] = 0.2
    with pytest.raises(LayerError, match=r"1\.12"):
        list_outcomes(regimes, OPEN, controls=controls())


@pytest.mark.parametrize("name", ["renewed", "snapback", "tightened", "lifted"])
def test_a_named_regime_stands_alone_and_overrides(layers, name):
    (only,) = list_outcomes(layers["regimes"], NOBODY, controls=controls(regime=name))
    assert (only.regime_id, only.low, only.probability, only.high) == (name, 1.0, 1.0, 1.0)
    assert only.overrides
    assert only.reads is None


@pytest.mark.parametrize(("name", "track"), [("as_law_stands", Track.TEXT), ("as_practised", Track.PRACTICE)])
def test_a_reading_of_the_law_reads_one_track_and_fills_only_what_it_leaves_open(layers, name, track):
    (only,) = list_outcomes(layers["regimes"], NOBODY, controls=controls(regime=name))
    assert only.reads == track
    assert not only.overrides


def test_practice_that_has_ended_may_be_over(layers):
    found = list_outcomes(layers["regimes"], NOBODY, controls=controls(regime="as_practised"), last_day="2027-01-11")
    assert [(one.regime_id, one.probability, one.ends_on) for one in found] == [
        (f"as_practised{ENDED}", 0.0, "2027-01-11"),
        ("as_practised", 1.0, ""),
    ]


def test_probabilities_of_the_user_replace_the_priors_and_leave_out_what_has_none(layers):
    asked = controls(regime_probabilities={"tightened": 0.25, "lifted": 0.75, "renewed": 0})
    found = list_outcomes(layers["regimes"], OPEN, controls=asked)
    assert [(one.regime_id, one.low, one.probability, one.high) for one in found] == [
        ("lifted", 0.75, 0.75, 0.75),
        ("tightened", 0.25, 0.25, 0.25),
    ]


def test_a_named_regime_ignores_probabilities(layers):
    asked = controls(regime="lifted", regime_probabilities={"snapback": 1.0})
    assert [one.regime_id for one in list_outcomes(layers["regimes"], OPEN, controls=asked)] == ["lifted"]


def test_a_regime_that_the_layer_does_not_know_is_refused_by_name(layers):
    regimes = layers["regimes"][layers["regimes"]["regime_id"] != "lifted"]
    with pytest.raises(AssumptionError, match=r"'lifted' has no row in regimes\.csv, which knows .*snapback"):
        list_outcomes(regimes, OPEN, controls=controls(regime="lifted"))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, ["assumption", "renewed 0.6 (0.45-0.75)", "snapback 0.22"]),
        ({"regime": "snapback"}, ["as asked", "snapback", "both legal tracks"]),
        ({"regime_probabilities": {"lifted": 1}}, ["user's probabilities", "lifted 1"]),
    ],
)
def test_outputs_can_say_which_regime_and_whose_probabilities(layers, asked, words):
    told = say_regime(controls(**asked), layers["regimes"])
    assert all(word in told for word in words)


def box(*rows):
    return [Outcome(f"r{number}", 0.0, low=low, high=high) for number, (low, high) in enumerate(rows)]


def test_bounds_of_the_mean_by_hand():
    """What the least probabilities leave (0.4) goes to the harshest state first, up to its largest probability."""
    least, most = bound_mean(box((0.3, 0.6), (0.2, 0.5), (0.1, 0.2)), np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.5, 1.0]))
    assert least == pytest.approx(0.6 * 0.0 + 0.3 * 0.5 + 0.1 * 1.0)
    assert most == pytest.approx(0.3 * 0.0 + 0.5 * 0.5 + 0.2 * 1.0)


def test_certain_probabilities_give_the_mean():
    least, most = bound_mean(box((0.25, 0.25), (0.75, 0.75)), np.array([0.1, 0.2]), np.array([0.3, 0.4]))
    assert (least, most) == (pytest.approx(0.175), pytest.approx(0.375))


def test_of_two_readings_of_a_regime_the_kinder_and_the_harsher_count():
    readings = [Outcome("a" + ENDED, 0.0, low=1.0), Outcome("a", 1.0, low=1.0)]
    assert bound_mean(readings, np.array([0.5, 0.0]), np.array([0.9, 0.0])) == (0.0, 0.9)


ranges = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))


@given(st.lists(st.tuples(ranges, st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4))
def test_no_mixture_inside_the_box_leaves_the_bounds(rows):
    """Compared with every corner: all but one state at an end of its range, the last one takes the rest."""
    modes = np.array([row[1] for row in rows]) + 0.01
    modes /= modes.sum()
    lows = np.array([mode * row[0][0] for mode, row in zip(modes, rows, strict=True)])
    highs = np.array([mode + (1 - mode) * row[0][1] for mode, row in zip(modes, rows, strict=True)])
    figures = np.array([row[2] for row in rows])
    least, most = bound_mean(box(*zip(lows, highs, strict=True)), figures, figures)
    corners = [modes]
    for free in range(len(rows)):
        for ends in itertools.product(*([low, high] for low, high in zip(lows, highs, strict=True))):
            corner = np.array(ends)
            corner[free] = 1.0 - (corner.sum() - corner[free])
            if lows[free] - 1e-9 <= corner[free] <= highs[free] + 1e-9:
                corners.append(corner)
    means = [corner @ figures for corner in corners]
    assert least == pytest.approx(min(means), abs=1e-7)
    assert most == pytest.approx(max(means), abs=1e-7)


def test_priors_set_down_after_the_date_of_knowledge_are_said_to_be_hindsight(layers):
    early, late = (say_regime(controls(), layers["regimes"], known_on=dt.date(2026, 11, day)) for day in (21, 22))
    assert early == (
        f"{late} These priors were set down on 2026-11-22, after what is taken as known (2026-11-21): "
        "they are hindsight; give probabilities of your own."
    )
    assert late == say_regime(controls(), layers["regimes"])


@pytest.mark.parametrize("asked", [{"regime": "lifted"}, {"regime_probabilities": {"snapback": 1.0}}])
def test_what_the_user_gives_is_never_hindsight(layers, asked):
    known = say_regime(controls(**asked), layers["regimes"], known_on=dt.date(2025, 1, 1))
    assert known == say_regime(controls(**asked), layers["regimes"])
