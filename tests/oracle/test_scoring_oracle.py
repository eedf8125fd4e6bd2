"""The scoring against slow and obvious programs, and against scipy's triangular distribution."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.core.triangle import draw_triangular
from geokit.scoring import Criterion, build_matrix, rank
from geokit.scoring.join import KEYS, join_cells
from geokit.scoring.methods import group_tiers, rank_scores
from geokit.scoring.robustness import spread_scores
from geokit.scoring.unknowns import count_swing
from geokit.scoring.weights import Weights

ON = dt.date(2026, 11, 22)
CASES = tuple(Case(partner, ON, track, ON) for partner in ("p", "q") for track in Track)
CRITERIA = tuple(Criterion(name, "g", "G", name, "", "max", "linear", (0.0, 1.0), ("site", "stage")) for name in "AB")
PLANTS = pd.DataFrame(
    [(f"{site}:{stage}", "plant", site, stage) for site in ("a", "b", "c") for stage in ("x", "y")],
    columns=["alternative", "kind", "site_id", "stage_id"],
)
PROFILES = {(plant, partner): "B" if partner == "p" else "C" for plant in PLANTS["alternative"] for partner in ("p", "q")}
WORDS = {"criterion_id": "AB", "site_id": ["", "a", "b"], "stage_id": ["", "x"], "profile": ["", "B", "C"], "partner": ["", "p", "q"]}
EVERY_KEY = list(itertools.product(*WORDS.values(), ["", "text", "practice"]))


def find_slowly(table, plant, case, criterion):
    """Return the row that fits one alternative, trying every cell; the first named key decides between several."""
    profile = PROFILES[plant["alternative"], case.partner]
    own = {**plant, "profile": profile, "partner": case.partner, "track": case.track.value}
    fitting = [
        ([row[key] == "" for key in KEYS[1:]], number)
        for number, row in enumerate(table.to_dict("records"))
        if row["criterion_id"] == criterion and all(row[key] in {"", own[key]} for key in KEYS[1:])
    ]
    return min(fitting)[1] if fitting else -1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(EVERY_KEY), unique=True, max_size=25))
def test_the_join_finds_what_a_search_through_all_cells_finds(keys):
    table = pd.DataFrame(sorted(keys), columns=list(KEYS), dtype=str)
    joined = join_cells(CRITERIA, table, PLANTS, cases=CASES, profiles=PROFILES)
    expected = [
        [[find_slowly(table, plant, case, one.criterion_id) for one in CRITERIA] for plant in PLANTS.to_dict("records")] for case in CASES
    ]
    np.testing.assert_array_equal(joined.rows, expected)


@given(st.tuples(st.floats(-50, 50), st.floats(0.1, 9), st.floats(0.1, 9)), st.lists(st.floats(0.001, 0.999), min_size=1, max_size=9))
def test_triangular_draws_are_the_quantiles_of_scipy(shape, uniform):
    low, left, right = shape
    law = stats.triang(c=left / (left + right), loc=low, scale=left + right)
    drawn = draw_triangular(np.float64(low), np.float64(low + left), np.float64(low + left + right), uniform=np.array(uniform))
    np.testing.assert_allclose(drawn, law.ppf(uniform), atol=1e-7)


def matrix_of(figures, assumptions):
    """Return the matrix of one criterion with these (low, mode, high) for the six plants, keyed by site and stage."""
    keys = PLANTS[["site_id", "stage_id"]].iloc[: len(figures)].reset_index(drop=True)
    spans = pd.DataFrame(figures, columns=["value_low", "value", "value_high"], dtype=float)
    cells = keys.join(spans).assign(criterion_id="A", source_ids="s")
    cells["grade"] = np.where(cells["value"].isna(), "", "E")
    return build_matrix(cells, CRITERIA, assumptions=assumptions.replace(scoring__anchors={"A": {"p1": 0.0}}))


def test_percentiles_of_one_uncertain_cell_are_those_of_scipy(assumptions):
    joined = matrix_of([(0.0, 0.2, 1.0)], assumptions).join(PLANTS.iloc[:1], CASES[:1], PROFILES)
    p10, p90 = spread_scores(joined, 0, np.array([1.0, 0.0]), samples=40_000, seed=3)
    law = stats.triang(c=0.2, loc=0.0, scale=1.0)
    assert p10[0] == pytest.approx(law.ppf(0.1), abs=0.01)
    assert p90[0] == pytest.approx(law.ppf(0.9), abs=0.01)


def test_percentiles_of_two_independent_cells_are_those_of_their_convolution(assumptions):
    """Two equal uniform-like halves: the sum of two symmetric triangles on 0-1 has its percentiles by numerical convolution."""
    both = [one.criterion_id for one in CRITERIA]
    cells = pd.DataFrame({"criterion_id": both, "value_low": 0.0, "value": 0.5, "value_high": 1.0, "grade": "E", "source_ids": "s"})
    used = assumptions.replace(scoring__anchors={"A": {"p1": 0.0}})
    joined = build_matrix(cells, CRITERIA, assumptions=used).join(PLANTS.iloc[:1], CASES[:1], PROFILES)
    p10, p90 = spread_scores(joined, 0, np.array([0.5, 0.5]), samples=40_000, seed=3)
    grid = np.linspace(0, 1, 2001)
    density = np.convolve(stats.triang(c=0.5).pdf(grid), stats.triang(c=0.5).pdf(grid))
    total = np.cumsum(density) / density.sum()
    halves = np.linspace(0, 1, len(total))
    assert p10[0] == pytest.approx(np.interp(0.1, total, halves), abs=0.01)
    assert p90[0] == pytest.approx(np.interp(0.9, total, halves), abs=0.01)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.5)), min_size=1, max_size=12))
def test_tiers_are_those_of_a_walk_down_the_ranking(bands):
    p10 = np.array([low for low, _ in bands])
    p90 = p10 + [width for _, width in bands]
    order = sorted(range(len(bands)), key=lambda row: (-p10[row], row))
    ranks = np.empty(len(bands))
    ranks[order] = np.arange(1, len(bands) + 1)
    opened, expected = None, {}
    for row in order:
        if opened is None or p90[row] < p10[opened]:
            opened, number = row, max(expected.values(), default=0) + 1
        expected[row] = number
    assert group_tiers(ranks, p10, p90).tolist() == [expected[row] for row in range(len(bands))]


@given(st.lists(st.integers(0, 20), min_size=2, max_size=10, unique=True), st.integers(0, 9), st.integers(1, 20))
def test_the_swing_is_what_ranking_anew_would_show(hundredths, which, gain):
    scores = np.array(hundredths) / 100
    row = which % len(scores)
    lifted = scores.copy()
    lifted[row] = np.round(lifted[row] + (gain - 0.5) / 100, 12)
    everyone = np.ones(len(scores), dtype=bool)
    gained = rank_scores(scores, everyone)[row] - rank_scores(lifted, everyone)[row]
    assert count_swing(scores[[row]], lifted[[row]] - scores[[row]], scores).tolist() == [gained]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=6, max_size=6), st.integers(0, 100))
def test_a_whole_ranking_is_the_sum_that_one_writes_down(assumptions, percents, weight):
    figures = [(np.nan,) * 3 if percent is None else (percent / 100,) * 3 for percent in percents]
    weights = Weights.given({"A": weight / 100, "B": 1 - weight / 100}, CRITERIA)
    found = rank(
        matrix_of(figures, assumptions), PLANTS, CASES[:1], {"p": weights}, profiles=PROFILES,
        statuses=pd.DataFrame(columns=["alternative", "partner", "status_hint", "status_reason"], dtype=str),
        assumptions=assumptions.replace(evidence_threshold_frac=0.0, scoring__samples=10, scoring__anchors={"A": {"p1": 0.0}}),
    )  # fmt: skip
    known = {name: None if percent is None else percent / 100 for name, percent in zip(PLANTS["alternative"], percents, strict=True)}
    expected = {name: (value or 0.0) * weight / 100 for name, value in known.items()}
    table = found.table.set_index("alternative")
    assert table["score"].to_dict() == pytest.approx(expected)
    assert table["evidence_frac"].to_dict() == pytest.approx({name: weight / 100 * (known[name] is not None) for name in known})
    assert table.index.tolist() == sorted(known, key=lambda name: (-round(expected[name], 12), name))
