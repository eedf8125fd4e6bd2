"""Regret over futures: nobody falls behind the best of a future by less than nothing, and who leads everywhere regrets nothing."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
import pytest

from geokit.core.assumptions import Regime
from geokit.study.futures import imagine, list_closures, sum_regret
from geokit.study.replay import Replay

NOW = pd.DataFrame({"alternative": ["a", "b", "c"], "rank": [1.0, 2.0, 3.0]})


def futures(*winners):
    return pd.DataFrame([(f"r{place}", "late", "", name, 3) for place, name in enumerate(winners)],
                        columns=["regime", "feed_scenario", "closure_id", "winner", "ranked"])  # fmt: skip


def test_regret_by_hand():
    worth = np.array([[0.9, 0.5, 0.1], [0.4, 0.5, 0.6]])
    table = sum_regret(worth, futures("a", "c"), NOW).set_index("alternative")
    assert table.index.tolist() == ["a", "b", "c"]
    assert table["regret_most"].tolist() == pytest.approx([0.2, 0.4, 0.8])
    assert table["regret_mean"].tolist() == pytest.approx([0.1, 0.25, 0.4])
    assert table["first_frac"].tolist() == [0.5, 0.0, 0.5]
    assert table["worst_regime"].tolist() == ["r1", "r0", "r0"]


def test_a_future_without_a_rank_is_told_and_not_taken_for_a_loss():
    worth = np.array([[0.9, np.nan, np.nan], [0.4, 0.5, np.nan]])
    table = sum_regret(worth, futures("a", "b"), NOW).set_index("alternative")
    assert table.index.tolist() == ["a", "b"]
    assert table.loc["b", ["regret_most", "untold_frac"]].tolist() == [0.0, 0.5]


class Ruled(Replay):
    """Answers by the regime alone, and remembers what was asked."""

    def __init__(self, names):
        super().__init__()
        self.names, self.asked = names, []

    def learn(self, study):
        """Know nothing."""

    def answer(self, question):
        regime, scenario = question.assumptions.controls.regime, question.assumptions.feed.scenario
        self.asked.append((regime, scenario, question.closure))
        score = np.linspace(0.9, 0.1, len(self.names))
        score[0] = 0.0 if regime == "tightened" else score[0]
        table = pd.DataFrame({"score": score, "status": "ranked"}, index=self.names)
        return table.assign(rank=table["score"].rank(ascending=False))


def test_every_combination_is_asked_once_and_the_cautious_choice_comes_first(small):
    names = small.ranking("japan")["alternative"].tolist()
    replay, told = Ruled(names), []
    found = imagine(small, small.cases[0], passages=2, replay=replay, progress=lambda *one: told.append(one))
    scenarios = small.layers["feed_scenarios"]["scenario_id"].nunique()
    assert len(replay.asked) == len(set(replay.asked)) == len(get_args(Regime)) * scenarios * 3 == len(found.futures)
    assert told[-1] == (len(found.futures), len(found.futures))
    assert found.regret["alternative"].iloc[0] == names[1]
    worst = found.regret.set_index("alternative").loc[names[0]]
    assert worst["worst_regime"] == "tightened"
    assert worst["first_frac"] == pytest.approx(5 / 6)


def test_closures_are_those_that_touch_the_partner(small):
    names = list_closures(small, "japan", 4)
    effects = small.closure_effects.query("partner == 'japan'").set_index("closure_id")
    assert (effects.loc[names, "alternatives"] > 0).all()
    assert effects.loc[names, "cut"].is_monotonic_decreasing
    assert list_closures(small, "nobody", 4) == []
