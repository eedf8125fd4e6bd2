"""Laws of direction: what gets better never hurts, what is better known never widens, and the same question has the same answer."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.scoring import Criterion, Weights, build_matrix, rank

ON = dt.date(2026, 11, 22)
CASE = Case("p", ON, Track.TEXT, ON)
NAMES = ["a", "b", "c", "d", "e"]
SITES = pd.DataFrame({"alternative": NAMES, "kind": ["export", *["plant"] * 4], "site_id": NAMES, "stage_id": "x"})
NO_HINTS = pd.DataFrame(columns=["alternative", "partner", "status_hint", "status_reason"], dtype=str)
CRITERIA = (
    Criterion("U", "up", "Up", "What should be large", "t", "max", "linear", (0.0, 100.0), ("site",)),
    Criterion("V", "down", "Down", "What should be small", "t", "min", "linear", (100.0, 0.0), ("site",)),
    Criterion("E", "decay", "Decay", "What fades", "t", "min", "exp", (40.0,), ("site",)),
)
FIGURES = {
    "U": [(10, 20, 40), (30, 50, 60), (40, 45, 90), (None,) * 3, (70, 80, 85)],
    "V": [(10, 20, 40), (60, 70, 80), (None,) * 3, (5, 15, 25), (50, 50, 50)],
    "E": [(0, 10, 20), (20, 30, 90), (40, 50, 60), (1, 2, 3), (None,) * 3],
}


def build_cells(figures):
    rows = [(one, name, *span) for one, spans in figures.items() for name, span in zip(NAMES, spans, strict=True)]
    cells = pd.DataFrame(rows, columns=["criterion_id", "site_id", "value_low", "value", "value_high"])
    cells = cells.astype(dict.fromkeys(["value_low", "value", "value_high"], float))
    return cells.assign(grade=np.where(cells["value"].isna(), "", "E"), source_ids="s")


@pytest.fixture
def run(assumptions):
    used = assumptions.replace(scoring__samples=400, evidence_threshold_frac=0.0, scoring__anchors={"E": {"p1": 40.0}})

    def build(figures, weights=(0.4, 0.3, 0.3)):
        by = Weights.given(dict(zip("UVE", weights, strict=True)), CRITERIA)
        matrix = build_matrix(build_cells(figures), CRITERIA, assumptions=used)
        return rank(matrix, SITES, [CASE], {"p": by}, profiles={}, statuses=NO_HINTS, assumptions=used)

    return build


def by_id(ranking):
    return ranking.table.set_index("alternative").sort_index()


def changed(criterion, name, span):
    """Return the figures with one cell replaced."""
    spans = list(FIGURES[criterion])
    spans[NAMES.index(name)] = span
    return {**FIGURES, criterion: spans}


@pytest.mark.parametrize(("criterion", "step"), [("U", 9.0), ("V", -9.0), ("E", -9.0)])
def test_a_better_figure_never_costs_a_place(run, criterion, step):
    before = by_id(run(FIGURES))
    for name, span in zip(NAMES, FIGURES[criterion], strict=True):
        if span[0] is None:
            continue
        after = by_id(run(changed(criterion, name, tuple(figure + step for figure in span))))
        assert after.loc[name, "score"] >= before.loc[name, "score"]
        assert after.loc[name, "rank"] <= before.loc[name, "rank"]
        assert after.loc[name, "score_p10"] >= before.loc[name, "score_p10"]
        others = [other for other in NAMES if other != name]
        pd.testing.assert_series_equal(after.loc[others, "score"], before.loc[others, "score"])


def test_more_weight_where_one_is_best_never_costs_it_a_place(run):
    best = {"U": "e", "V": "d", "E": "d"}
    for place, (criterion, name) in enumerate(best.items()):
        ranks = []
        for share in (0.1, 0.3, 0.6, 0.9, 1.0):
            weights = [(1.0 - share) / 2] * 3
            weights[place] = share
            ranks.append(by_id(run(FIGURES, tuple(weights))).loc[name, "rank"])
        assert ranks == sorted(ranks, reverse=True), criterion
        assert ranks[-1] == 1.0


def test_a_wider_range_never_narrows_band_or_bounds(run):
    narrow, wide = by_id(run(changed("U", "b", (45, 50, 55)))), by_id(run(changed("U", "b", (20, 50, 80))))
    for low, high in (("score_p10", "score_p90"), ("bound_low", "bound_high")):
        assert wide.loc["b", low] < narrow.loc["b", low]
        assert wide.loc["b", high] > narrow.loc["b", high]
    assert wide.loc["b", "score"] == narrow.loc["b", "score"]


def test_a_range_of_no_width_has_no_band(run):
    certain = {one: [span if span[0] is None else (span[1],) * 3 for span in spans] for one, spans in FIGURES.items()}
    table = by_id(run(certain))
    assert table["score_p10"].to_numpy() == pytest.approx(table["score"].to_numpy())
    assert table["score_p90"].to_numpy() == pytest.approx(table["score"].to_numpy())


def test_a_missing_cell_opens_the_bounds_and_not_the_band(run):
    """Model rule M19: bands are about known cells, bounds about missing ones."""
    certain = {one: [span if span[0] is None else (span[1],) * 3 for span in spans] for one, spans in FIGURES.items()}
    table = by_id(run(certain))
    missing = {"a": 0.0, "b": 0.0, "c": 0.3, "d": 0.4, "e": 0.3}
    assert (table["bound_high"] - table["bound_low"]).to_dict() == pytest.approx(missing)
    assert (table["score_p90"] - table["score_p10"]).to_numpy() == pytest.approx(0.0)


def test_the_unit_of_a_criterion_does_not_matter(assumptions, run):
    """Figures and anchors in kilograms instead of tonnes give the same ranking."""
    tonnes = by_id(run(FIGURES))
    heavy = (
        Criterion("U", "up", "Up", "What should be large", "kg", "max", "linear", (0.0, 100_000.0), ("site",)),
        Criterion("V", "down", "Down", "What should be small", "kg", "min", "linear", (100_000.0, 0.0), ("site",)),
        Criterion("E", "decay", "Decay", "What fades", "kg", "min", "exp", (40_000.0,), ("site",)),
    )
    used = assumptions.replace(scoring__samples=400, evidence_threshold_frac=0.0, scoring__anchors={"E": {"p1": 40_000.0}})
    cells = build_cells(FIGURES)
    cells[["value_low", "value", "value_high"]] *= 1000.0
    by = Weights.given({"U": 0.4, "V": 0.3, "E": 0.3}, heavy)
    matrix = build_matrix(cells, heavy, assumptions=used)
    kilograms = by_id(rank(matrix, SITES, [CASE], {"p": by}, profiles={}, statuses=NO_HINTS, assumptions=used))
    pd.testing.assert_frame_equal(kilograms, tonnes)


def test_the_names_of_sites_do_not_matter(run):
    """Renaming every site renames the ranking and moves nothing (no two scores are equal here)."""
    plain = run(FIGURES).table
    assert plain["score"].is_unique
    turned = {one: spans[::-1] for one, spans in FIGURES.items()}
    renamed = dict(zip(NAMES, NAMES[::-1], strict=True))
    assert run(turned).table["alternative"].map(renamed).tolist() == plain["alternative"].tolist()


def digest(ranking):
    text = "".join(frame.to_csv(index=False) for frame in (ranking.table, ranking.contributions, ranking.unknowns))
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_same_question_has_the_same_bytes(run):
    assert digest(run(FIGURES)) == digest(run(FIGURES))


def test_the_hash_seed_of_python_does_not_matter():
    root = Path(__file__).resolve().parents[2]
    script = (
        "from geokit.io.defaults import read_defaults as r; from geokit.scoring import read_criteria, derive_weights;"
        "w = derive_weights(r('ranks'), read_criteria(r('criteria')), 'planner_esg', 'screen');"
        "print(w.pairs, w.replace({'dependency': 0.5, 'R2': 0.1}).pairs)"
    )
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"  # this process has a seed of its own, drawn or given
    told = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()) as here:
        exec(script, {})  # noqa: S102  our own words
    assert told == here.getvalue()
    assert "planner_esg" not in told
    assert "R2" in told
