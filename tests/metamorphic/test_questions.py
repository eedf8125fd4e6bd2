"""The same country asked for others, on another day, with less knowledge: what the question may change and what it may not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pandas as pd
import pytest

from geokit.core.case import Case
from geokit.core.codes import State, Track
from geokit.core.errors import UnknownNameError
from geokit.dependency import resolve
from geokit.study.cases import build_cases
from geokit.study.warn import list_warnings

ON = dt.date(2026, 11, 22)
EARLY, LATE = dt.date(2025, 10, 20), dt.date(2027, 3, 1)
CLAUSE = "cn-2025-56-equipment"


def rows_of(study, partner, track="text"):
    """Return the rows of a case without the columns that name it."""
    case_id = study.case(partner, track).case_id
    rows = study.rankings[study.rankings["case_id"] == case_id].drop(columns="case_id")
    return rows.sort_values("alternative", ignore_index=True)


def index_of(study, partner, track):
    """Return the exposure index of every alternative of a case."""
    case_id = study.case(partner, track).case_id
    return study.dependency[study.dependency["case_id"] == case_id].set_index("alternative")["d_rel"].sort_index()


def state_of(study, column="state_as_law_stands"):
    return study.states.set_index("clause_id")[column][CLAUSE]


@pytest.fixture(scope="module")
def early(ask):
    return ask(on=EARLY)


@pytest.fixture(scope="module")
def late(ask):
    return ask(on=LATE)


@pytest.fixture(scope="module")
def unknowing(ask):
    return ask(known_on=dt.date(2025, 10, 1), partners=["japan"])


def test_a_partner_asked_alone_gets_the_answer_it_gets_in_company(ask, plain):
    alone = ask(partners=["turkiye"])
    for track in Track:
        pd.testing.assert_frame_equal(rows_of(alone, "turkiye", track), rows_of(plain, "turkiye", track))
    assert {case.partner for case in alone.cases} == {"turkiye"}


@pytest.fixture(scope="module")
def uneven(ask):
    """Ask for one partner on both readings, for the other on one, twice."""
    asked = [Case("turkiye", ON, Track.PRACTICE, ON)] * 2
    return ask(cases=[Case("japan", ON, Track.TEXT, ON), Case("japan", ON, Track.PRACTICE, ON), *asked])


def test_one_reading_asked_alone_and_twice_gets_the_ranks_it_gets_beside_the_other(uneven, plain):
    assert len(uneven.cases) == 3
    kept = ["alternative", "rank", "score", "status", "rank_as_practised"]
    alone = rows_of(uneven, "turkiye", "practice")
    pd.testing.assert_frame_equal(alone[kept], rows_of(plain, "turkiye", "practice")[kept])
    assert alone["rank_as_law_stands"].isna().all()


def test_a_partner_asked_on_one_reading_is_not_told_what_the_other_would_move(uneven):
    """A second partner with both readings lends its columns to the table, not its words to the first."""
    told = {(case.partner, case.track): "other reading" in uneven.remarks[case.case_id] for case in uneven.cases}
    assert told == {("japan", Track.TEXT): True, ("japan", Track.PRACTICE): True, ("turkiye", Track.PRACTICE): False}


def test_a_partner_without_a_port_has_its_places_but_no_freight(plain):
    rows = rows_of(plain, "turkiye")
    assert rows["alternative"].tolist() == rows_of(plain, "japan")["alternative"].tolist()
    matrix = plain.matrix.table.query("partner == 'turkiye' and criterion_id in ['L1', 'L2']")
    assert len(matrix)
    assert matrix["value"].isna().all()
    assert matrix["note"].str.contains("no port").all()
    assert (rows["evidence_frac"] <= rows_of(plain, "japan")["evidence_frac"] + 1e-12).mean() > 0.9


def test_the_day_moves_nothing_but_the_law(early, plain):
    pd.testing.assert_frame_equal(early.hauls, plain.hauls)
    starts = (  # years count from the decision
        "break_even_", "npv_", "worth_", "utilisation_", "feed_first_", "feed_last_", "feed_share_", "value_inputs",
    )  # fmt: skip
    dated = [name for name in plain.economics if name.startswith(starts) or name in {"beats_baseline", "reason"}]
    assert not set(dated) & {"margin_usd_per_t", "feed_price_usd_per_t"}  # a tax holiday ends on a day, and taxes are law as well
    pd.testing.assert_frame_equal(early.economics.drop(columns=dated), plain.economics.drop(columns=dated))
    same = plain.matrix.table.query("criterion_id not in ['D1', 'D2']").reset_index(drop=True)
    pd.testing.assert_frame_equal(early.matrix.table.query("criterion_id not in ['D1', 'D2']").reset_index(drop=True), same)


def test_before_the_suspension_was_written_the_rules_of_october_stand_announced_by_text(early):
    """MOFCOM notice No. 56 of 9 October 2025 was to take effect on 8 November; No. 70, which suspends it, is of 7 November."""
    assert state_of(early) == state_of(early, "state_as_practised") == State.ANNOUNCED
    known = early.layers["status_events"].query("clause_id == @CLAUSE and recorded_on <= '2025-10-20'")
    assert set(known["state"]) == {"announced", "in_force"}
    assert set(known.loc[known["state"] == "in_force", "valid_from"]) == {"2025-11-08"}


def test_once_practice_is_untold_it_is_mixed_and_text_stays(late, plain):
    assert state_of(late) == state_of(plain) == State.IN_FORCE
    assert (state_of(plain, "state_as_practised"), state_of(late, "state_as_practised")) == (State.SUSPENDED, State.UNRESOLVED)
    pd.testing.assert_series_equal(index_of(late, "japan", "text"), index_of(plain, "japan", "text"))
    assert not any("practice is told only until" in line for line in late.warnings)
    assert any("and 10 Jan 2027 (" in line for line in plain.warnings)


def test_everything_is_stale_months_after_the_last_verification(late):
    told = next(line for line in late.warnings if "clauses that touch ranked plants were last verified" in line)
    stale, count = re.match(r"(\d+) of (\d+) ", told).groups()
    assert stale == count


def test_knowing_less_of_the_law_never_shows_more_exposure_by_its_text(unknowing, plain):
    before, after = (index_of(study, "japan", "text") for study in (unknowing, plain))
    assert state_of(unknowing) == ""
    assert (before <= after + 1e-12).all()
    assert (before < after - 0.01).any()


def test_an_older_date_of_knowledge_shows_in_every_case_id(unknowing):
    assert {case.case_id for case in unknowing.cases} == {f"japan/{track}/2026-11-22/2025-10-01" for track in Track}
    assert set(unknowing.rankings["case_id"]) == set(unknowing.headlines)


def test_a_warning_never_tells_what_was_not_yet_known(small, plain):
    """On 1 September 2026 nobody had recorded that practice would go on to 10 January 2027: the readout is of 28 September."""
    days = {"on": dt.date(2026, 11, 15), "known_on": dt.date(2026, 9, 1)}
    early, late = (list_warnings(small, resolve(small, **asked), plain.hauls, **asked) for asked in (days, days | {"known_on": ON}))
    assert "10 Jan 2027" not in " ".join(early)
    assert "10 Jan 2027" in " ".join(late)


def test_layers_put_together_by_hand_can_be_asked_without_a_date(ask, small):
    """They were verified on the first of all days, and the study is asked on that day."""
    bare = dataclasses.replace(small, verified_on=dt.date.min)
    study = ask(bare, cases=build_cases(bare, on=bare.verified_on, partners=["japan"], tracks=[Track.TEXT]))
    assert len(study.rankings) == len(study.alternatives)


def test_how_pandas_keeps_text_changes_no_answer(ask, plain, small):
    """The other tests keep text as Python strings, a user's pandas may keep it in Arrow arrays."""
    with pd.option_context("mode.string_storage", "pyarrow"):
        arrows = {name: frame.astype(dict.fromkeys(frame.select_dtypes("str"), "str")) for name, frame in small.items()}
        other = ask(dataclasses.replace(small, tables=arrows))
    for name in ("hauls", "economics", "exposure", "gates", "rankings"):
        here, there = (getattr(study, name) for study in (plain, other))
        pd.testing.assert_frame_equal(here, there, check_dtype=False, check_column_type=False, obj=name)


def test_a_country_whose_practice_nobody_recorded_can_be_asked(ask, change, small):
    events = small["status_events"]
    study = ask(change(status_events=events[events["track"] == "text"]), partners=["japan"])
    assert (study.states["state_as_practised"] == "").all()
    assert (index_of(study, "japan", "practice") == 0).all()
    assert index_of(study, "japan", "text").max() > 0


@pytest.mark.parametrize("track", ["practise", "", "TEXT"])
def test_a_reading_that_does_not_exist_is_an_unknown_name(plain, track):
    with pytest.raises(UnknownNameError, match=r"no case called .* japan/"):
        plain.ranking("japan", track=track)


def test_profit_instead_of_freight_is_another_ranking_of_the_same_facts(ask, plain, quick):
    full = ask(assumptions=quick.replace(scoring__mode="full"))
    pd.testing.assert_frame_equal(full.matrix.table, plain.matrix.table)
    assert set(plain.weights["japan"]) - set(full.weights["japan"]) == {"L1", "D2"}
    assert set(full.weights["japan"]) - set(plain.weights["japan"]) == {"E1", "E2"}
    assert not (full.contributions["criterion_id"].isin(["L1", "D2"])).any()
    assert sum(full.weights["japan"].values()) == pytest.approx(1.0)
