"""Laws of the political state: order of the regimes, corners and means of mixtures, switches of the law (model rules M9, M10)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest

from geokit.core.codes import State, Track
from geokit.dependency.flowsheet import touch_blocks
from geokit.dependency.solve import solve_track

LADDER = ("lifted", "renewed", "snapback", "tightened")
"""Regimes from the kindest to the harshest."""
REGIMES = ("as_law_stands", "as_practised", *LADDER)
STAGES = ["ree-concentrate", "ree-separated-oxides", "graphite-spherical-purified", "lithium-hydroxide", "copper-concentrate"]
KEYS = ["stage_id", "profile"]
SLACK = 1e-9
SWITCHES = ["2026-11-11", "2026-11-28", "2027-01-11"]
"""First days of a new state by the text, by the text of one article, and in practice."""


@pytest.fixture(scope="module")
def few(layers):
    """A handful of stages: all kinds of items, touched and not touched by the regimes."""
    return {**layers, "operations": layers["operations"][layers["operations"]["stage_id"].isin(STAGES)]}


@pytest.fixture(scope="module")
def solve(few, assumptions):
    """Solve a track under assumptions; each asked once."""
    ties, known = touch_blocks(few), {}

    def once(case, **asked):
        key = (case, repr(sorted(asked.items())))
        if key not in known:
            known[key] = solve_track(few, ties, case, assumptions=assumptions.replace(controls__samples=500, **asked))
        return known[key]

    return once


@pytest.fixture(params=list(Track))
def case(request, cases):
    return next(case for case in cases if case.track == request.param)


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


@pytest.mark.parametrize("name", REGIMES)
def test_a_named_regime_shows_the_same_on_both_tracks(solve, cases, name):
    text, practice = (solve(next(case for case in cases if case.track == track), regime=name) for track in Track)
    pd.testing.assert_frame_equal(text.plants, practice.plants)
    pd.testing.assert_frame_equal(text.blocks, practice.blocks)


def test_as_law_stands_is_the_text_and_the_text_track_of_a_run_without_a_question(solve, cases):
    case = next(case for case in cases if case.track == Track.TEXT)
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


@pytest.mark.parametrize("name", REGIMES)
def test_a_probability_of_one_is_the_regime_itself(solve, case, name):
    alone, corner = (solve(case, **asked) for asked in ({"regime": name}, {"regime_probabilities": {name: 1.0}}))
    pd.testing.assert_frame_equal(alone.plants, corner.plants)
    pd.testing.assert_frame_equal(alone.blocks, corner.blocks)


@pytest.mark.parametrize("shares", [(0.08, 0.60, 0.22, 0.10), (0.5, 0.0, 0.25, 0.25), (0.0, 0.3, 0.0, 0.7)])
def test_a_mixture_is_the_mean_of_its_regimes(solve, case, shares):
    weights = dict(zip(LADDER, shares, strict=True))
    mixed = figures(solve(case, regime_probabilities=weights), "d_rel", "d_avg")
    mean = sum(share * figures(solve(case, regime=name), "d_rel", "d_avg") for name, share in weights.items())
    assert mixed.to_numpy() == pytest.approx(mean.to_numpy())


def test_the_priors_of_the_layer_mix_practice_as_the_same_probabilities_of_a_user_do(solve, cases):
    case = next(case for case in cases if case.track == Track.PRACTICE)
    shares = dict(zip(LADDER, (0.08, 0.60, 0.22, 0.10), strict=True))
    ours, theirs = (figures(solve(case, **asked), "d_rel", "d_rel_low", "d_rel_high") for asked in ({}, {"regime_probabilities": shares}))
    assert ours["d_rel"].to_numpy() == pytest.approx(theirs["d_rel"].to_numpy())
    assert (ours["d_rel_low"] <= theirs["d_rel_low"] + SLACK).all(), "the ranges of the priors only widen the bounds"
    assert (theirs["d_rel_high"] <= ours["d_rel_high"] + SLACK).all()


def test_probabilities_in_the_ranges_of_the_layer_stay_inside_its_bounds(solve, cases):
    case = next(case for case in cases if case.track == Track.PRACTICE)
    ours = figures(solve(case), "d_rel_low", "d_rel_high")
    for shares in ((0.08, 0.75, 0.12, 0.05), (0.03, 0.45, 0.35, 0.17), (0.15, 0.53, 0.12, 0.20)):
        found = figures(solve(case, regime_probabilities=dict(zip(LADDER, shares, strict=True))), "d_rel")["d_rel"]
        assert (ours["d_rel_low"] <= found + SLACK).all()
        assert (found <= ours["d_rel_high"] + SLACK).all()


NOW = {"months_fid_to_shipment": 0, "months_shipment_to_commissioning": 0, "finance__life_years": 1}


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("track", list(Track))
def test_a_switch_moves_a_plant_only_on_its_track_and_its_day(solve, cases, switch, track):
    """All leaves on the day of decision: the text switches the package on 2026-11-11, practice on 2027-01-11."""
    case = dataclasses.replace(next(case for case in cases if case.track == track), on=dt.date(2026, 11, 1))
    first = dt.date.fromisoformat(switch)
    before, after = (solve(case, fid_on=day.isoformat(), **NOW) for day in (first - dt.timedelta(days=1), first))
    moved = (figures(before, "d_rel")["d_rel"] - figures(after, "d_rel")["d_rel"]).abs() > SLACK
    expected = (track, switch) in {(Track.TEXT, "2026-11-11"), (Track.PRACTICE, "2027-01-11")}
    touched = {"ree-concentrate", "ree-separated-oxides", "graphite-spherical-purified"} if expected else set()
    assert set(moved[moved].index.get_level_values("stage_id")) == touched


@pytest.mark.parametrize("track", list(Track))
def test_a_yearly_fill_that_crosses_a_switch_moves_the_reagent_and_not_the_equipment(solve, cases, track):
    case = dataclasses.replace(next(case for case in cases if case.track == track), on=dt.date(2026, 1, 1), known_on=dt.date(2026, 11, 22))
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
def test_a_later_decision_never_changes_a_clause_with_one_state_on_all_days(solve, cases, track, layers):
    case = next(case for case in cases if case.track == track)
    events = layers["status_events"]
    steady = events[(events["track"] == track.value) & (events["valid_to_exclusive"] == "") & (events["valid_from"] < "2026-01-01")]
    found = [solve(case, fid_on=day).ties for day in ("2026-11-22", "2030-03-31", "2056-11-22")]
    states = [
        table[table["clause_id"].isin(steady["clause_id"]) & (table["issuer"] == "cn")].groupby("clause_id")["state"].agg(set)
        for table in found
    ]
    assert len(states[0]) > 0
    assert all(one.equals(states[0]) for one in states)
    assert set().union(*states[0]) == {State.IN_FORCE.value}


def test_the_worst_year_never_binds_less_than_the_first(solve, case):
    first, all_years = (solve(case, finance__life_years=years) for years in (1, 30))
    assert (first.blocks["b"] <= all_years.blocks["b"] + SLACK).all()
    assert np.isfinite(all_years.blocks["b"]).all()
