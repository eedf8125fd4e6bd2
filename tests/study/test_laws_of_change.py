"""Laws of comparing, asking again and describing, on answers made by rule, so that no figure waits for the method."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.scoring import read_criteria
from geokit.scoring.criteria import list_criteria
from geokit.study import compare as room
from geokit.study.compare import compare, mix, pair_cases
from geokit.study.own_criteria import keep_phrases, read_own_criteria
from geokit.study.ranked import _say_plainly
from geokit.study.replay import Question, _gather
from geokit.study.tipping import _Search

EFFECTS = st.fixed_dictionaries({name: st.floats(-0.3, 0.3) for name in ("cutoff", "months", "weights", "joint")})


class ByRule:
    """Scores that are a sum over the changes made, and one effect of two changes together."""

    def __init__(self, names, effects, before):
        self.names, self.effects, self.before = names, effects, before

    def learn(self, study):
        """Know nothing."""

    def answer(self, question):
        cutoff = question.assumptions.feed.cutoff_usd_per_t != self.before.assumptions.feed.cutoff_usd_per_t
        months = question.assumptions.controls.months_to_fid != self.before.assumptions.controls.months_to_fid
        weights = dict(question.weights) != dict(self.before.weights)
        parts = self.effects["cutoff"] * cutoff + self.effects["months"] * months + self.effects["weights"] * weights
        return pd.DataFrame({"score": 0.5 + parts + self.effects["joint"] * (cutoff and months), "rank": 1.0}, index=self.names)


@pytest.fixture(scope="module")
def ends(small, moved):
    cases = pair_cases(small, moved)[0]
    return cases, Question.of(small, cases[0])


@settings(max_examples=12, deadline=None)
@given(effects=EFFECTS)
def test_parts_are_what_each_change_does_and_half_of_what_two_do_together(small, moved, ends, effects):
    cases, first = ends
    names = sorted(small.alternatives["alternative"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "Replay", lambda: ByRule(names, effects, first))
        found = compare(small, moved, cases)
    parts = found.shares[found.shares["alternative"] == names[0]].set_index("key")["score_change"]
    assert parts["feed.cutoff_usd_per_t"] == pytest.approx(effects["cutoff"] + effects["joint"] / 2, abs=1e-12)
    assert parts["controls.months_to_fid"] == pytest.approx(effects["months"] + effects["joint"] / 2, abs=1e-12)
    assert parts["weights"] == pytest.approx(effects["weights"], abs=1e-12)


@settings(max_examples=12, deadline=None)
@given(effects=EFFECTS)
def test_turning_the_studies_round_turns_every_part_round(small, moved, ends, effects):
    (old, new), first = ends
    names = sorted(small.alternatives["alternative"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "Replay", lambda: ByRule(names, effects, first))
        there, back = compare(small, moved, (old, new)), compare(moved, small, (new, old))
    told = [one.shares.query("key != @room.NOT_HELD").set_index(["alternative", "key"])["score_change"] for one in (there, back)]
    np.testing.assert_allclose(told[0].sort_index(), -told[1].sort_index(), atol=1e-12)


@pytest.mark.parametrize("made", [{"weights"}, {"feed.cutoff_usd_per_t"}, {"controls.months_to_fid", "weights"}])
def test_a_mixture_takes_what_was_made_from_the_second_and_the_rest_from_the_first(small, moved, made):
    first, second = (Question.of(one, one.cases[0]) for one in (small, moved))
    mixed = mix(first, second, frozenset(made))
    assert mixed.assumptions.diff(first.assumptions).keys() == made - {"weights"}
    assert dict(mixed.weights) == dict((second if "weights" in made else first).weights)
    assert mixed.layers is first.layers
    assert mixed.case == first.case


def test_criteria_bring_their_weights_along_and_cells_are_a_change_of_their_own(small, moved):
    first, second = (Question.of(one, one.cases[0]) for one in (small, moved))
    mixed = mix(first, second, frozenset({"criteria"}))
    assert mixed.criteria is second.criteria
    assert mixed.cells is first.cells
    assert dict(mixed.weights) == dict(second.weights)
    assert mix(first, second, frozenset({"cells"})).cells is second.cells


def test_a_question_is_replaced_in_part_and_stays_itself(small):
    asked = Question.of(small, small.cases[0])
    other = asked.replace(assumptions={"transport.parcel_t": 31000.0}, closure="somewhere")
    assert (other.assumptions.transport.parcel_t, other.closure) == (31000.0, "somewhere")
    assert asked.closure == ""
    assert asked.assumptions == small.assumptions
    assert asked.replace(assumptions=other.assumptions).assumptions is other.assumptions


def test_cells_that_no_stage_makes_are_those_of_the_user(small):
    asked = Question.of(small, small.cases[0])
    table = small.matrix.table
    own = table.head(2).assign(criterion_id="GW", value=[1.0, 2.0])
    extra = dataclasses.replace(asked.criteria[0], criterion_id="GW")
    made = table[table["criterion_id"].isin([one.criterion_id for one in asked.criteria[:2]])]
    taken = made.head(1).assign(value=-7.0)
    both = _gather([made], asked.replace(cells=pd.concat([taken, own]), criteria=(*asked.criteria[:2], extra)))
    assert set(both["criterion_id"]) == {"GW", *made["criterion_id"]}
    assert both.loc[both["criterion_id"] == "GW", "value"].tolist() == [1.0, 2.0]
    assert (both["value"] == -7.0).sum() == 1
    assert len(both) == len(made) + 2


def test_whoever_has_no_rank_leads_nobody(small):
    class Nobody:
        def answer(self, _question):
            return pd.DataFrame({"rank": [np.nan], "score": [0.1], "status": "not_rankable"}, index=["a"])

    told = []
    search = _Search(Question.of(small, small.cases[0]), Nobody(), lambda *one: told.append(one), total=3)
    assert search.leader == ""
    assert told == [(1, 3)]


CRITERION = st.builds(
    lambda name, unit, sense, ends: {"criterion_id": "ZZ", "group_id": "g", "group": "Group", "label": name, "unit": unit, "sense": sense,
                                     "shape": "linear", "p1": min(ends) if sense == "max" else max(ends),
                                     "p2": max(ends) if sense == "max" else min(ends), "p3": np.nan, "varies_by": "site",
                                     "active_full": "yes", "active_screen": "no", "takes_full": "no", "takes_screen": "no"},
    st.text("abc {}:,", min_size=1, max_size=12), st.text("km{}/ ", max_size=6), st.sampled_from(["max", "min"]),
    st.tuples(st.floats(-1e6, 0), st.floats(1, 1e6)),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(row=CRITERION)
def test_a_criterion_survives_its_table_and_its_words_survive_any_name(row):
    (one,) = read_criteria(pd.DataFrame([row]))
    assert read_criteria(list_criteria([one])) == (one,)
    words = _say_plainly(one)
    told = words.format(value="7", percent="7 %")
    assert told.startswith(f"{one.name} is 7")
    assert one.unit.strip() in told
    assert keep_phrases([one]) == []


@settings(max_examples=25, deadline=None)
@given(row=CRITERION, factor=st.floats(0.01, 100), figures=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5))
def test_another_unit_changes_no_worth(row, factor, figures):
    (one,) = read_criteria(pd.DataFrame([row]))
    (other,) = read_criteria(pd.DataFrame([row | {"p1": row["p1"] * factor, "p2": row["p2"] * factor}]))
    np.testing.assert_allclose(other.value(np.array(figures) * factor), one.value(np.array(figures)), atol=1e-9)


def test_no_packaged_criterion_loses_its_words():
    own = read_own_criteria()
    assert keep_phrases(own.definitions) == own.definitions["criterion_id"].tolist()
