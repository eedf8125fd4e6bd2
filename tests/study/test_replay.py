"""Asking one case again gives what the whole method gives, and runs only the stages that read what changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.core.codes import Track
from geokit.dependency import gates
from geokit.study import replay as room
from geokit.study.cases import build_cases
from geokit.study.evaluate import evaluate
from geokit.study.futures import list_closures
from geokit.study.replay import Question, Replay


@pytest.fixture(scope="module")
def replay(small):
    kept = Replay()
    kept.learn(small)
    kept.answer(Question.of(small, small.cases[0]))
    return kept


def same_as(study, answer):
    """Hold an answer against the ranking of a study."""
    told = study.rankings[study.rankings["case_id"] == study.cases[0].case_id].set_index("alternative").sort_index()
    np.testing.assert_array_equal(answer["score"], told["score"])
    pd.testing.assert_series_equal(answer["rank"], told["rank"].astype(float))
    assert (answer["status"] == told["status"]).all()


def test_the_question_of_a_study_is_answered_as_it_answered(small, replay):
    same_as(small, replay.answer(Question.of(small, small.cases[0])))


def test_what_was_changed_is_answered_as_the_whole_method_answers(moved, replay):
    same_as(moved, replay.answer(Question.of(moved, moved.cases[0])))


def test_profitability_reads_the_political_states(layers, assumptions, replay):
    cases = build_cases(layers, on=layers.verified_on, partners=["korea"], tracks=[Track.PRACTICE])
    full = evaluate(assumptions.replace(scoring__mode="full", controls__regime="snapback"), cases=cases, layers=layers)
    same_as(full, replay.answer(Question.of(full, cases[0])))


def test_gates_that_read_the_controls_are_asked_again_with_them(layers, assumptions, one_case, small, replay):
    """A gate of listed content follows the regime and the day of the decision; its verdicts must too."""
    changes = {"gates.listed_content_frac": {"ree-magnets": 0.5}, "controls.regime": "lifted"}
    chosen = assumptions.replace(**changes)
    asked = Question.of(small, one_case[0]).replace(assumptions=changes)
    told = replay._gates(asked, replay._freight(asked))
    truth = gates(layers, small.alternatives, one_case, assumptions=chosen)
    pd.testing.assert_frame_equal(told.reset_index(drop=True), truth.reset_index(drop=True))


@pytest.mark.parametrize(
    ("change", "stages"),
    [
        ({}, set()),
        ({"controls.regime": "tightened"}, {"assumptions", "controls", "gates"}),
        ({"feed.cutoff_usd_per_t": 70.0}, {"assumptions", "money"}),
        ({"scoring.evidence_threshold_frac": 0.1}, {"assumptions", "sites"}),
        ({"title": "another name"}, set()),
    ],
)
def test_only_the_stages_that_read_a_change_run_again(small, replay, change, stages):
    before = dict(replay.runs)
    replay.answer(Question.of(small, small.cases[0]).replace(assumptions=change))
    assert {name for name, count in replay.runs.items() if count > before[name]} == stages


def test_a_closure_leaves_no_alternative_with_cheaper_freight(small, replay):
    asked = Question.of(small, small.cases[0])
    closure = list_closures(small, "japan", 1)[0]
    shut = replay.answer(asked.replace(closure=closure))
    plain = replay.answer(asked)
    lost = int((shut["score"] < plain["score"] - 1e-12).sum())
    assert lost > 0
    assert (shut["score"] == plain["score"]).any()


def test_what_a_stage_found_is_kept_for_the_last_questions_alone(monkeypatch):
    """Of many questions only the last used answers stay: memory does not grow with their number."""
    monkeypatch.setattr(room, "KEPT", 3)
    kept, made = Replay(), []

    def ask(key):
        return kept._keep("stage", key, lambda: made.append(key) or key)

    assert [ask(key) for key in (1, 2, 3, 1, 4, 1, 2)] == [1, 2, 3, 1, 4, 1, 2]
    assert made == [1, 2, 3, 4, 2]
    assert kept.runs == {"stage": 5}
