"""Laws of the political state: order of the regimes, corners and means of mixtures, switches of the law (model rules M9, M10).

A regime or a mixture that is asked for shows the same on both tracks, which is a law of its own; the others are asked on one track.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest

from geokit.core.codes import State, Track
from geokit.dependency.binding import date_ties
from geokit.dependency.changes import compare_states
from geokit.dependency.clauses import resolve, trace_states
from geokit.dependency.flowsheet import touch_blocks
from geokit.dependency.solve import solve_track
from geokit.dependency.windows import list_stretches

LADDER = ("lifted", "renewed", "snapback", "tightened")
"""Regimes from the kindest to the harshest."""
REGIMES = ("as_law_stands", "as_practised", *LADDER)
STAGES = ["ree-concentrate", "ree-separated-oxides", "lithium-hydroxide", "copper-concentrate"]
TOUCHED = {"ree-concentrate", "ree-separated-oxides"}
KEYS = ["stage_id", "profile"]
SLACK = 1e-9
SWITCHES = ["2026-11-10", "2026-11-11", "2026-11-28", "2027-01-10", "2027-01-11"]
"""First days of a new state by the text, by the text of one article, and in practice, and the eves of the first and the last."""
SHARES = (0.08, 0.60, 0.22, 0.10)
"""Priors of the layer, from the kindest regime to the harshest."""


@pytest.fixture(scope="module")
def few(layers):
    """A handful of stages: all kinds of items, touched and not touched by the regimes."""
    return {**layers, "operations": layers["operations"][layers["operations"]["stage_id"].isin(STAGES)]}


@pytest.fixture(scope="module")
def solve(few, assumptions):
    """Solve a track under assumptions; each asked once."""
    ties, known = touch_blocks(few), {}
    ties = ties[ties["issuer"] == "cn"]

    def once(case, **asked):
        key = (case, repr(sorted(asked.items())))
        if key not in known:
            known[key] = solve_track(few, ties, case, assumptions=assumptions.replace(controls__samples=100, **asked))
        return known[key]

    return once


@pytest.fixture
def case(cases):
    return on_track(cases, Track.TEXT)


def on_track(cases, track):
    return next(case for case in cases if case.track == track)


def figures(solved, *names):
    return solved.plants.set_index(KEYS)[list(names)]


@pytest.mark.parametrize(("kinder", "harsher"), list(itertools.pairwise(LADDER)))
def test_a_harsher_regime_never_binds_less(solve, case, kinder, harsher):
    low, high = (solve(case, regime=name) for name in (kinder, harsher))
    assert (low.blocks["b"] <= high.blocks["b"] + SLACK).all()
    assert (low.blocks["e"].fillna(0) <= high.blocks["e"].fillna(0) + SLACK).all()
    names = ["d_avg", "d_max", "d_rel", "delay_months_p10", "delay_months_p50", "delay_months_p80"]
    assert (figures(low, *names).fillna(0) <= figures(high, *names).fillna(0) + SLACK).all().all()


@pytest.mark.parametrize("name", LADDER)
def test_a_regime_changes_nothing_of_what_it_does_not_touch(solve, case, name):
    was, now = (solve(case, regime=one).plants.set_index("stage_id") for one in ("as_law_stands", name))
    for stage in ("lithium-hydroxide", "copper-concentrate"):
        pd.testing.assert_frame_equal(was.loc[[stage]], now.loc[[stage]])


@pytest.mark.parametrize("name", ["as_law_stands", "as_practised", "renewed", "mixture"])
def test_a_regime_or_mixture_that_is_asked_for_shows_the_same_on_both_tracks(solve, cases, name):
    asked = {"regime_probabilities": dict(zip(LADDER, SHARES, strict=True))} if name == "mixture" else {"regime": name}
    text, practice = (solve(on_track(cases, track), **asked) for track in Track)
    pd.testing.assert_frame_equal(text.plants, practice.plants)
    pd.testing.assert_frame_equal(text.blocks, practice.blocks)


def test_as_law_stands_is_the_text_and_the_text_track_of_a_run_without_a_question(solve, cases):
    case = on_track(cases, Track.TEXT)
    pd.testing.assert_frame_equal(solve(case, regime="as_law_stands").plants, solve(case).plants)


def test_the_text_of_these_days_is_a_snapback(solve, case):
    law, snap = (solve(case, regime=name) for name in ("as_law_stands", "snapback"))
    pd.testing.assert_frame_equal(law.blocks, snap.blocks)


@pytest.mark.parametrize("name", ["as_practised", "renewed"])
def test_a_regime_that_ends_too_soon_goes_on_and_its_bounds_reach_the_text(solve, case, name):
    columns = ["d_rel_low", "d_rel_high"]
    found, law, lifted = (figures(solve(case, regime=one), *columns) for one in (name, "as_law_stands", "lifted"))
    assert (found["d_rel_low"] == lifted["d_rel_low"]).all()
    assert found["d_rel_high"].to_numpy() == pytest.approx(law["d_rel_high"].to_numpy())


@pytest.mark.parametrize("name", ["as_practised", "snapback"])
def test_a_probability_of_one_is_the_regime_itself(solve, case, name):
    alone, corner = (solve(case, **asked) for asked in ({"regime": name}, {"regime_probabilities": {name: 1.0}}))
    pd.testing.assert_frame_equal(alone.plants, corner.plants)
    pd.testing.assert_frame_equal(alone.blocks, corner.blocks)


@pytest.mark.parametrize("shares", [SHARES, (0.0, 0.3, 0.0, 0.7)])
def test_a_mixture_is_the_mean_of_its_regimes(solve, case, shares):
    weights = dict(zip(LADDER, shares, strict=True))
    mixed = figures(solve(case, regime_probabilities=weights), "d_rel", "d_avg")
    mean = sum(share * figures(solve(case, regime=name), "d_rel", "d_avg") for name, share in weights.items())
    assert mixed.to_numpy() == pytest.approx(mean.to_numpy())


def test_the_priors_of_the_layer_mix_practice_as_the_same_probabilities_of_a_user_do(solve, cases):
    case = on_track(cases, Track.PRACTICE)
    shares = dict(zip(LADDER, SHARES, strict=True))
    ours, theirs = (figures(solve(case, **asked), "d_rel", "d_rel_low", "d_rel_high") for asked in ({}, {"regime_probabilities": shares}))
    assert ours["d_rel"].to_numpy() == pytest.approx(theirs["d_rel"].to_numpy())
    assert (ours["d_rel_low"] <= theirs["d_rel_low"] + SLACK).all(), "the ranges of the priors only widen the bounds"
    assert (theirs["d_rel_high"] <= ours["d_rel_high"] + SLACK).all()


def test_probabilities_in_the_ranges_of_the_layer_stay_inside_its_bounds(solve, cases):
    case = on_track(cases, Track.PRACTICE)
    ours = figures(solve(case), "d_rel_low", "d_rel_high")
    for shares in ((0.08, 0.75, 0.12, 0.05), (0.03, 0.45, 0.35, 0.17)):
        found = figures(solve(case, regime_probabilities=dict(zip(LADDER, shares, strict=True))), "d_rel")["d_rel"]
        assert (ours["d_rel_low"] <= found + SLACK).all()
        assert (found <= ours["d_rel_high"] + SLACK).all()


NOW = {"months_fid_to_shipment": 0, "months_shipment_to_commissioning": 0, "finance__life_years": 1}


@pytest.mark.parametrize(("track", "switch"), [(Track.TEXT, "2026-11-11"), (Track.PRACTICE, "2027-01-11")])
def test_a_switch_moves_a_plant_only_on_its_track_and_its_day(solve, cases, track, switch):
    """All leaves on the day of decision: the text switches the package on 2026-11-11, practice on 2027-01-11."""
    case = dataclasses.replace(on_track(cases, track), on=dt.date(2026, 11, 1))
    found = {day: figures(solve(case, fid_on=day, **NOW), "d_rel")["d_rel"] for day in SWITCHES}
    for before, after in itertools.pairwise(SWITCHES):
        moved = (found[before] - found[after]).abs() > SLACK
        assert set(moved[moved].index.get_level_values("stage_id")) == (TOUCHED if after == switch else set())


@pytest.mark.parametrize("track", list(Track))
def test_a_yearly_fill_that_crosses_a_switch_moves_the_reagent_and_not_the_equipment(solve, cases, track):
    case = dataclasses.replace(on_track(cases, track), on=dt.date(2026, 1, 1), known_on=dt.date(2026, 11, 22))
    one, two = (solve(case, fid_on="2026-02-01", **{**NOW, "finance__life_years": years}) for years in (1, 2))
    first, both = (found.blocks.set_index(["block_id", *KEYS])["b"] for found in (one, two))
    assert (first["REFL"] == 0.0).all()
    assert (both["REFL"] > 0.0).all()
    others = ~first.index.isin(["REFL", "REXT"], level="block_id")
    assert both[others].to_numpy() == pytest.approx(first[others].to_numpy())
    fed = two.ties[(two.ties["kind"] == "reagent") & two.ties["counts"] & (two.ties["stage_id"] == "ree-concentrate")]
    assert fed["fills"].tolist() == [2] * len(fed)
    assert fed["fills_bound"].tolist() == [1] * len(fed)


@pytest.mark.parametrize("track", list(Track))
def test_a_later_decision_never_changes_a_clause_with_one_state_on_all_days(cases, track, layers, assumptions):
    case, events, ties = on_track(cases, track), layers["status_events"], touch_blocks(layers)
    steady = events[(events["track"] == track.value) & (events["valid_to_exclusive"] == "") & (events["valid_from"] < "2026-01-01")]
    ties = ties[ties["clause_id"].isin(steady["clause_id"]) & (ties["issuer"] == "cn")]
    states = []
    for day in ("2026-11-22", "2030-03-31", "2056-11-22"):
        stretches = list_stretches(case.on, assumptions.replace(fid_on=day).controls, years=20)
        dated = date_ties(ties, events, known_on=case.known_on, track=track, stretches=stretches)
        states.append(dated.groupby("clause_id")["state"].agg(set))
    assert len(states[0]) > 0
    assert all(one.equals(states[0]) for one in states)
    assert set().union(*states[0]) == {State.IN_FORCE.value}


@pytest.mark.parametrize("track", list(Track))
def test_the_worst_year_never_binds_less_than_the_first(solve, cases, track):
    case = on_track(cases, track)
    first, all_years = solve(case, finance__life_years=1), solve(case)
    assert (first.blocks["b"] <= all_years.blocks["b"] + SLACK).all()
    assert np.isfinite(all_years.blocks["b"]).all()


def test_a_likelier_refusal_of_a_supplier_country_never_makes_a_plant_safer(few, case, assumptions):
    """No chance given leaves every mode as no refusal at all, and its worst end is that of a sure refusal."""
    ties, asked = touch_blocks(few), assumptions.replace(controls__samples=20)
    spreads = [None, *({"low": r, "mode": r, "high": r} for r in (0.0, 0.5, 1.0))]
    unknown, never, half, sure = (
        figures(solve_track(few, ties, case, assumptions=asked.replace(supplier_refused=one)), "d_rel", "d_rel_low", "d_rel_high")
        for one in spreads
    )
    assert (never <= half + SLACK).all().all()
    assert (half <= sure + SLACK).all().all()
    assert (never["d_rel"] < sure["d_rel"] - SLACK).any()
    pd.testing.assert_frame_equal(unknown[["d_rel", "d_rel_low"]], never[["d_rel", "d_rel_low"]])
    assert unknown["d_rel_high"].to_numpy() == pytest.approx(sure["d_rel_high"].to_numpy())


KNOWN = [dt.date.fromisoformat(day) for day in ("2024-11-30", "2025-11-06", "2025-11-07", "2026-09-27")]
ASKED = [dt.date.fromisoformat(day) for day in ("2025-12-01", "2027-01-11")]


def cut(events, day):
    """Return the events without any that was recorded later and with no end that was learnt later, row by row."""
    rows = [dict(row) for row in events.to_dict("records") if row["recorded_on"] <= day]
    for row in rows:
        if row["end_recorded_on"] > day:
            row.update(valid_to_exclusive="", end_recorded_on="")
    return pd.DataFrame(rows, columns=events.columns)


def garble(events, day, rng):
    """Return the events with everything that was recorded later changed at random."""
    later, learnt = events["recorded_on"] > day, events["end_recorded_on"] > day
    days = rng.permutation(events["valid_from"].to_numpy())
    wild = events.assign(
        state=rng.permutation(events["state"].to_numpy()), valid_from=days, source_id="other", basis="press", confidence="low", note="wild"
    )
    found = events.mask(later, wild)
    return found.assign(valid_to_exclusive=found["valid_to_exclusive"].mask(later | learnt, pd.Series(days[::-1], events.index)))


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_what_was_recorded_after_the_date_of_knowledge_never_shows_in_any_column(layers, known):
    events = layers["status_events"]
    wild = {**layers, "status_events": garble(events, known.isoformat(), np.random.default_rng(4))}
    for on in ASKED:
        pd.testing.assert_frame_equal(resolve(layers, on=on, known_on=known), resolve(wild, on=on, known_on=known))
    found, other = (compare_states(one, *ASKED, known_on=known) for one in (layers, wild))
    pd.testing.assert_frame_equal(found, other)
    pd.testing.assert_frame_equal(trace_states(events, known_on=known), trace_states(cut(events, known.isoformat())))


def test_knowledge_grows_on_days_of_record_and_on_no_other_day(layers):
    """A hand list of the days on which anything was learnt of No.56: its issue, No.70, the readout."""
    events = layers["status_events"]
    events = events[events["clause_id"].isin(["cn-2025-56-equipment", "cn-2025-62-service", "cn-2024-46-art-2"])]
    days = sorted({day for name in ("recorded_on", "end_recorded_on") for day in events[name] if day})
    before, told = trace_states(events, known_on=dt.date(2024, 1, 1)), []
    for day in days:
        eve, now = (trace_states(events, known_on=dt.date.fromisoformat(day) - dt.timedelta(days=back)) for back in (1, 0))
        pd.testing.assert_frame_equal(before, eve)
        mine = [table[table["clause_id"] == "cn-2025-56-equipment"].to_numpy().tolist() for table in (eve, now)]
        told += [day] * (mine[0] != mine[1])
        before = now
    assert told == ["2025-10-09", "2025-11-07", "2026-09-28"]
