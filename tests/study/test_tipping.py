"""What tips the order is found by halving: near enough, on the right side, and nothing where nothing tips."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.io.defaults import read_defaults
from geokit.study.replay import Replay
from geokit.study.tipping import DATE, HALVINGS, find_tipping


class Scripted(Replay):
    """Answers by a rule instead of the method, and counts how often it was asked."""

    def __init__(self, rule):
        super().__init__()
        self.rule, self.asked = rule, 0

    def learn(self, study):
        """Know nothing."""

    def answer(self, question):
        self.asked += 1
        first = self.rule(question)
        table = pd.DataFrame({"rank": [1.0, 2.0], "score": [0.6, 0.5], "status": "ranked"}, index=["a", "b"])
        return table if first == "a" else table.assign(rank=[2.0, 1.0])


def trial(name, low, high):
    return pd.DataFrame([(name, low, high, "test")], columns=["name", "low", "high", "basis"])


@pytest.fixture
def look(small):
    def find(rule, trials, **options):
        replay = Scripted(rule)
        table = find_tipping(small, small.cases[0], trials=trials, replay=replay, **options)
        return table, replay

    return find


def test_the_figure_that_tips_is_bracketed(look):
    """The truth is 55: the figure told tips, the other does not, and they lie a 32nd of the stretch apart."""
    table, _ = look(lambda asked: "b" if asked.assumptions.feed.cutoff_usd_per_t < 55 else "a", trial("feed.cutoff_usd_per_t", 20.0, 300.0))
    low, high, date = table.to_dict("records")
    assert float(low["tips_at"]) < 55 <= float(low["same_at"])
    assert float(low["same_at"]) - float(low["tips_at"]) == pytest.approx(60 / 2**HALVINGS)
    assert (low["now"], low["winner"], low["leader"]) == ("80", "b", "a")
    assert (high["tips_at"], high["winner"], high["end"]) == ("", "", "300")
    assert date["name"] == DATE


def test_whole_figures_stay_whole(look):
    table, _ = look(lambda asked: "b" if asked.assumptions.finance.life_years > 23 else "a", trial("finance.life_years", 20.0, 40.0))
    tips = table[table["winner"] == "b"]
    assert len(tips) == 1
    assert float(tips["tips_at"].iloc[0]) > 23


def test_a_blank_end_is_that_of_the_own_range(look):
    table, _ = look(lambda _: "a", trial("feed.recovery_frac.mode", float("nan"), float("nan")))
    assert table["end"].tolist()[:2] == ["0.5", "0.95"]


def test_a_day_is_told_when_another_leads_from_it_on(look, small):
    days = []

    def rule(asked):
        days.append(asked.case.on)
        return "b" if asked.case.on.year >= 2028 else "a"

    table, _ = look(rule, trial("controls.float_months", 0.0, 12.0))
    row = table[table["name"] == DATE].iloc[0]
    assert row["winner"] in {"b", ""}
    assert days == sorted(days)
    assert all(asked >= small.cases[0].on for asked in days)
    assert (row["tips_at"] >= "2028") if row["winner"] else (row["same_at"] < "2028")


def test_work_is_bounded_and_told(look):
    told = []
    trials = trial("feed.cutoff_usd_per_t", 20.0, 300.0)

    def rule(asked):
        return "a" if asked.assumptions.feed.cutoff_usd_per_t == 80 else "b"

    _, replay = look(rule, trials, progress=lambda *one: told.append(one))
    assert replay.asked <= told[-1][1]
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_the_packaged_trials_are_figures_of_the_assumptions_within_what_is_allowed(assumptions):
    figures = dict(assumptions.leaves())
    for row in read_defaults("tipping").to_dict("records"):
        assert isinstance(figures[row["name"]], int | float)
        for end in (row["low"], row["high"]):
            if not pd.isna(end):
                changed = assumptions.replace(**{row["name"]: end})
                assert dict(changed.leaves())[row["name"]] == end
