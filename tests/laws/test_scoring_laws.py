"""Laws of the scoring (model rules M2, M4, M16, M19-M21) on a whole ranking."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.io.defaults import read_defaults
from geokit.scoring import build_matrix, derive_weights, rank, read_criteria

CASE = Case("p", dt.date(2026, 11, 22), Track.TEXT, dt.date(2026, 11, 22))
COUNT = 30
NO_HINTS = pd.DataFrame(columns=["alternative", "partner", "status_hint", "status_reason"], dtype=str)


@pytest.fixture(scope="module")
def criteria(assumptions):
    return read_criteria(read_defaults("criteria"), assumptions=assumptions)


@pytest.fixture(scope="module")
def weights(criteria):
    return derive_weights(read_defaults("ranks"), criteria, "investor", "screen")


@pytest.fixture(scope="module")
def sites():
    names = [f"s{number:02}" for number in range(COUNT)]
    return pd.DataFrame({"alternative": names, "kind": "plant", "site_id": names, "stage_id": "x"})


@pytest.fixture(scope="module")
def cells(criteria):
    """Figures between the anchors, a quarter of them missing."""
    draws, frames = np.random.default_rng(11), []
    for one in criteria:
        ends = one.known_anchors if len(one.known_anchors) > 1 else (0.0, 3 * one.known_anchors[0])
        figures = np.sort(draws.uniform(min(ends), max(ends), (COUNT, 3)), axis=1)
        figures[draws.random(COUNT) < 0.25] = np.nan
        frame = pd.DataFrame(figures, columns=["value_low", "value", "value_high"])
        frames.append(frame.assign(criterion_id=one.criterion_id, site_id=[f"s{number:02}" for number in range(COUNT)]))
    table = pd.concat(frames, ignore_index=True)
    return table.assign(grade=np.where(table["value"].isna(), "", "E"), source_ids="s")


@pytest.fixture(scope="module")
def run(assumptions, criteria, weights, sites, cells):
    def build(*, given=cells, among=sites, by=weights, ordered=criteria, **changes):
        used = assumptions.replace(scoring__samples=100, **changes)
        matrix = build_matrix(given, ordered, assumptions=used)
        return rank(matrix, among, [CASE], {"p": by}, profiles={}, statuses=NO_HINTS, assumptions=used)

    return build


def by_id(ranking):
    return ranking.table.set_index("alternative").sort_index()


def test_the_order_of_the_criteria_changes_nothing(run, criteria):
    pd.testing.assert_frame_equal(run(ordered=criteria[::-1]).table, run().table)


def test_another_alternative_reorders_nobody(run, sites):
    every = run().table
    for left_out in ("s03", every["alternative"].iloc[0]):
        fewer = run(among=sites[sites["alternative"] != left_out]).table
        assert fewer["alternative"].tolist() == every.loc[every["alternative"] != left_out, "alternative"].tolist()


def test_evidence_on_a_missing_cell_never_lowers_the_score(run, cells):
    before = by_id(run())
    found = cells.copy()
    gap = found["value"].isna() & (found["criterion_id"] == "F1")
    found.loc[gap, ["value_low", "value", "value_high"]] = 0.0
    found.loc[gap, "grade"] = "E"
    after = by_id(run(given=found))
    assert gap.any()
    assert (after["score"] >= before["score"]).all()
    assert (after["bound_high"] <= before["bound_high"]).all()
    assert (after["evidence_frac"] >= before["evidence_frac"]).all()


def test_bands_lie_inside_bounds(run):
    table = run().table
    for inner in ("score", "score_p10", "score_p90"):
        assert (table["bound_low"] <= table[inner]).all()
        assert (table[inner] <= table["bound_high"]).all()
    assert (table["score_p10"] <= table["score_p90"]).all()
    assert (table["bound_low"] >= 0).all()
    assert (table["bound_high"] <= 1).all()


def test_missing_everywhere_is_not_rankable(run, cells):
    empty = cells.assign(value_low=np.nan, value=np.nan, value_high=np.nan, grade="")
    table = run(given=empty).table
    assert (table["evidence_frac"] == 0).all()
    assert (table["status"] == "not_rankable").all()
    assert table["status_reason"].str.startswith("not rankable: evidence 0.00 is below 0.50; find out ").all()
    assert table["rank"].isna().all()
    assert (table[["score", "bound_low"]] == 0).all(axis=None)
    assert table["bound_high"].to_numpy() == pytest.approx(1.0)


def test_a_threshold_of_zero_ranks_everyone_and_a_higher_one_never_more(run):
    counts = [run(scoring__evidence_threshold_frac=level).table["rank"].notna().sum() for level in (0.0, 0.6, 0.8, 1.0)]
    assert counts[0] == COUNT
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_profit_and_freight_never_count_together(run, criteria):
    told = {
        mode: set(run(by=derive_weights(read_defaults("ranks"), criteria, "investor", mode)).contributions["criterion_id"])
        for mode in ("full", "screen")
    }
    assert told["full"] - told["screen"] == {"E1", "E2"}
    assert told["screen"] - told["full"] == {"L1", "D2"}


def test_finding_out_the_best_moves_as_far_as_was_said(run, cells, criteria):
    before = run(scoring__evidence_threshold_frac=0.0)
    first = before.unknowns.iloc[0]
    best = {one.criterion_id: one for one in criteria}[first["criterion_id"]]
    figure = best.known_anchors[-1] if len(best.known_anchors) > 1 else 1e6 * best.known_anchors[0]
    told = cells.copy()
    own = (told["criterion_id"] == first["criterion_id"]) & (told["site_id"] == first["site_id"])
    told.loc[own, ["value_low", "value", "value_high"]] = figure
    told.loc[own, "grade"] = "E"
    after = run(given=told, scoring__evidence_threshold_frac=0.0)
    name = first["site_id"]
    assert by_id(before).loc[name, "rank"] - by_id(after).loc[name, "rank"] == first["rank_swing"]


def test_tiers_rise_with_ranks(run):
    tiers = run().table.dropna(subset="rank").sort_values("rank")["tier"].to_numpy()
    assert tiers[0] == 1
    assert set(np.diff(tiers)) <= {0.0, 1.0}
