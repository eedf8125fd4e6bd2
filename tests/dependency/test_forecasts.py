"""The ledger of forecasts: it says what the model says, keeps its rules, and scores what is decided."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geokit.core.errors import LayerError
from geokit.dependency.forecasts import CHANCES, KEY, check_ledger, find_changes, recompute, score_brier, score_forecasts, score_log


@st.composite
def forecasts(draw):
    options = draw(st.integers(2, 6))
    weight = draw(arrays(float, options, elements=st.floats(0.01, 1.0)))
    return weight / weight.sum(), draw(st.integers(0, options - 1))


def happen(options, number):
    return np.arange(options) == number


def ledger(*rows, **changes):
    """Return a ledger of one question with two options, one for each row of three probabilities."""
    base = {
        "forecast_id": "rain", "made_on": "2026-01-01", "question": "Does it rain?", "decided_by": "a gauge", "known_on": "2026-01-01",
        "due_on": "2026-01-02", "how": "prior", "outcome": "", "resolved_on": "", "resolved_source_id": "",
    } | changes  # fmt: skip
    spread = dict(zip(CHANCES, zip(*rows, strict=True), strict=True))
    return pd.DataFrame({"option": [f"option-{number}" for number in range(len(rows))], **spread}).assign(**base)


def resolve(table, *outcomes, day="2026-01-03", source="gauge"):
    return table.assign(outcome=outcomes, resolved_on=day, resolved_source_id=source)


WET, DRY = (0.6, 0.7, 0.8), (0.2, 0.3, 0.4)


# scores


@given(forecasts())
def test_a_score_lies_between_perfect_and_wholly_wrong(forecast):
    probability, number = forecast
    assert 0.0 <= score_brier(probability, happen(len(probability), number)) <= 2.0


@pytest.mark.parametrize("options", [2, 3, 5])
def test_certain_forecasts_and_equal_ones(options):
    right = happen(options, 1)
    assert (score_brier(right, right), score_log(1.0)) == (0.0, 0.0)
    assert (score_brier(happen(options, 0), right), score_log(0.0)) == (2.0, math.inf)
    assert score_brier(np.full(options, 1 / options), right) == pytest.approx(1 - 1 / options)
    assert score_log(1 / options) == pytest.approx(math.log(options))


@given(forecasts(), forecasts())
def test_nobody_gains_by_telling_other_probabilities_than_he_holds(belief, told):
    """Both scores are proper: the expected score is least where the forecast is the belief (Brier 1950, Good 1952)."""
    p, q = belief[0], np.resize(told[0], len(belief[0]))
    q = q / q.sum()
    for score in (lambda f, k: score_brier(f, happen(len(f), k)), lambda f, k: score_log(f[k])):
        mean = [sum(chance * score(f, k) for k, chance in enumerate(p)) for f in (p, q)]
        assert mean[0] <= mean[1] + 1e-12


def test_a_resolved_forecast_is_scored_and_an_open_one_is_not():
    table = pd.concat([resolve(ledger(WET, DRY), "no", "yes"), ledger(WET, DRY, forecast_id="snow")], ignore_index=True)
    (row,) = score_forecasts(table).to_dict("records")
    assert (row["forecast_id"], row["came_true"]) == ("rain", "option-1")
    assert row["brier"] == pytest.approx(0.7**2 + 0.7**2)
    assert row["log_score"] == pytest.approx(-math.log(0.3))
    assert (row["brier_equal"], row["log_score_equal"]) == (0.5, pytest.approx(math.log(2)))


def test_each_forecast_of_a_question_is_scored_for_itself():
    table = pd.concat([ledger(WET, DRY), ledger(DRY, WET, made_on="2026-01-02")], ignore_index=True)
    found = score_forecasts(resolve(table, "yes", "no", "yes", "no"))
    assert found["probability"].tolist() == [0.7, 0.3]


def test_a_question_without_probabilities_earns_no_score():
    nothing = (math.nan,) * 3
    assert score_forecasts(resolve(ledger(nothing, nothing), "yes", "no")).empty


# rules


def test_a_sound_ledger_is_left_alone():
    check_ledger(ledger(WET, DRY))
    check_ledger(resolve(ledger(WET, DRY), "yes", "no"))


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        (ledger(WET, WET), "sum of its probabilities and must be 1"),
        (ledger(WET, (math.nan,) * 3), "sum of its probabilities and must be 1"),
        (ledger((0.7, 0.7, 0.7), (0.1, 0.3, 0.2)), "must hold 1 between them"),
        (ledger((1.0, 1.0, 1.0)), "has a single outcome"),
        (ledger(WET, DRY).assign(question=["Rain?", "Snow?"]), "its options differ in question"),
        (ledger(WET, DRY, due_on="2025-12-31"), "out of order"),
        (ledger(WET, DRY, known_on="2026-01-02"), "out of order"),
        (resolve(ledger(WET, DRY), "yes", "yes"), "exactly one option comes true"),
        (resolve(ledger(WET, DRY), "yes", ""), "exactly one option comes true"),
        (resolve(ledger(WET, DRY), "yes", "no", day=""), "has no day or no source"),
        (resolve(ledger(WET, DRY), "yes", "no", source=""), "has no day or no source"),
        (resolve(ledger(WET, DRY), "yes", "no", day="2025-12-31"), "lies before the forecast"),
        (resolve(ledger(WET, DRY), "", ""), "tells of an outcome that no option has"),
    ],
)
def test_what_is_no_forecast_is_refused(table, rule):
    with pytest.raises(LayerError, match=rule) as caught:
        check_ledger(table)
    assert "rain, made 2026-01-01" in str(caught.value)


def test_all_problems_are_told_at_once():
    table = pd.concat([ledger(WET, WET), ledger(WET, DRY, forecast_id="snow", due_on="2025-01-01")], ignore_index=True)
    with pytest.raises(LayerError) as caught:
        check_ledger(table)
    assert len(caught.value.problems) == 2


def test_a_ledger_that_breaks_a_rule_is_not_scored():
    with pytest.raises(LayerError):
        score_forecasts(resolve(ledger(WET, WET), "yes", "no"))


# the real ledger


def test_the_ledger_keeps_its_rules_and_says_what_the_model_says(layers):
    check_ledger(layers["forecasts"])
    assert find_changes(layers)[KEY].to_numpy().tolist() == []


def test_the_ledger_asks_about_the_days_on_which_the_law_may_turn(layers):
    asked = layers["forecasts"]
    assert {"2026-11-28", "2027-01-11", "2027-06-30"} <= set(asked["due_on"])
    assert set(asked.loc[asked["due_on"] == "2027-01-11", "basis_id"]) == {"renewed", "snapback", "tightened", "lifted"}


def test_a_prior_that_changes_shows(layers):
    regimes = layers["regimes"].copy()
    regimes.loc[regimes["regime_id"] == "lifted", "prior_mode"] = 0.11
    changed = find_changes({**layers, "regimes": regimes})
    assert changed["option"].tolist() == ["lifted"]
    assert changed[["probability_mode", "today_low", "today_mode", "today_high"]].to_numpy().tolist() == [[0.08, 0.03, 0.11, 0.15]]


def test_the_last_option_moves_with_the_others(layers):
    regimes = layers["regimes"].copy()
    regimes.loc[regimes["prior_mode"] == 0.88, "prior_mode"] = 0.8
    changed = find_changes({**layers, "regimes": regimes}).set_index(["forecast_id", "option"])
    assert set(changed.index.get_level_values("option")) == {"suspended", "in-force"}
    today = recompute({**layers, "regimes": regimes}).set_index(["forecast_id", "option"])
    assert today.loc[changed.index, "probability_mode"].tolist() == pytest.approx([0.8, 0.2, 0.8, 0.2])


def test_a_new_control_shows_where_it_touches(layers):
    ties = layers["class_items"]
    new = ties[ties["clause_id"] == "cn-2025-28-restricted"].iloc[[0]].assign(class_id="CUSM")
    changed = find_changes({**layers, "class_items": pd.concat([ties, new])})
    assert set(changed["forecast_id"]) == {"new-control-cusm"}


def test_a_forecast_is_never_changed_afterwards(layers):
    """Once the outcome is known, or a later forecast stands beside it, an old one is history."""
    regimes = layers["regimes"].copy()
    regimes.loc[regimes["regime_id"] == "lifted", "prior_mode"] = 0.11
    moved = {**layers, "regimes": regimes}
    table = layers["forecasts"]
    turn = table["forecast_id"] == "package-2027-01-11"
    later = recompute(moved)[turn].assign(made_on="2026-12-24", known_on="2026-12-24")
    assert find_changes({**moved, "forecasts": pd.concat([table, later], ignore_index=True)}).empty
    decided = table.assign(outcome=table["outcome"].mask(turn, "no"))
    assert find_changes({**moved, "forecasts": decided}).empty


@pytest.mark.parametrize("how", ["prior", "hazard", "first_ore"])
def test_a_rule_without_figures_is_refused(layers, how):
    table = layers["forecasts"]
    changed = table.assign(basis_id=table["basis_id"].mask(table["how"] == how, "nowhere"))
    with pytest.raises(LayerError, match=f"has no figures for the rule {how}"):
        recompute({**layers, "forecasts": changed})


@pytest.mark.parametrize(
    ("due_on", "years", "chance"),
    [
        ("2027-06-30", (2028, 2030, 2032), math.nan),  # no plan bounds a chance
        ("2029-12-31", (2028, 2030, 2032), 0.5),  # the mode of a triangle of equal sides
        ("2033-01-01", (2028, 2030, 2032), math.nan),
        ("2029-07-02", (2028, 2028, 2032), 1 - 2.5**2 / 16),
        ("2029-07-02", (2026, 2030, 2030), 3.5**2 / 16),
        ("2027-12-30", (2028, 2028, 2028), math.nan),
        ("2028-01-02", (2028, 2028, 2028), math.nan),
    ],
)
def test_first_ore_comes_by_a_triangle_of_years(layers, due_on, years, chance):
    deposits, table = layers["deposits"].copy(), layers["forecasts"]
    deposits.loc[deposits["deposit_id"] == "reko-diq", [f"first_ore_year_{end}" for end in ("low", "mode", "high")]] = years
    ore = table[table["forecast_id"] == "reko-diq-first-ore"].assign(due_on=due_on)
    found = recompute({**layers, "deposits": deposits, "forecasts": ore}).set_index("option")["probability_mode"]
    assert found[["yes", "no"]].tolist() == pytest.approx([chance, 1 - chance], abs=3e-3, nan_ok=True)
