"""What to find out next: every gap at its own grain, by the places that it could move."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.io.dictionary import read_columns
from geokit.scoring import build_matrix, rank
from geokit.scoring.unknowns import count_swing, list_gaps


def test_columns_are_those_of_the_dictionary(ranking):
    assert list(ranking.unknowns.columns) == [column.name for column in read_columns("unknowns")]


def test_places_gained_are_the_rows_overtaken():
    ranked = np.array([0.9, 0.5, 0.4, 0.1])
    gained = count_swing(np.array([0.1, 0.1, 0.1, 0.9, 0.3]), np.array([0.2, 0.35, 0.9, 0.5, 0.0]), ranked)
    assert gained.tolist() == [0.0, 1.0, 3.0, 0.0, 0.0]


def test_each_gap_is_one_row_with_its_words(ranking):
    table = ranking.unknowns
    assert table[["criterion_id", "site_id", "stage_id"]].to_numpy().tolist() == [["F", "export", "smelt"], ["W", "b", ""]]
    assert table["what"].tolist() == ["feed secured", "water of the site"]
    assert table["weight"].tolist() == [0.5, 0.25]
    assert table["note"].tolist() == ["not found", "not found"]


def test_the_swing_is_the_largest_over_cases(ranking):
    """Water would lift b past two rows for p, and for q past one and level with two more."""
    assert ranking.unknowns["rank_swing"].tolist() == [3.0, 3.0]


def test_a_gap_shared_by_two_plants_counts_both(make_cells, criteria, plain, plants, grid, even, no_hints):
    cells = make_cells((("W", "a"), None), (("F",), 5.0), (("D",), 5.0), (("W", "b"), 1.0), (("W", "export"), 2.0))
    matrix = build_matrix(cells, criteria, assumptions=plain)
    found = rank(matrix, plants, grid[:1], {"p": even}, profiles={}, statuses=no_hints, assumptions=plain)
    assert found.unknowns[["site_id", "alternatives_touched", "rank_swing"]].to_numpy().tolist() == [["a", 2, 2.0]]


def test_what_nobody_reported_is_asked_for_by_the_keys_of_its_criterion(
    make_cells, criteria, plain, plants, grid, even, who_uses, no_hints
):
    matrix = build_matrix(make_cells((("W",), 5.0), (("F",), 5.0)), criteria, assumptions=plain)
    found = rank(matrix, plants, grid, {"p": even, "q": even}, profiles=who_uses, statuses=no_hints, assumptions=plain)
    keys = found.unknowns[["criterion_id", "site_id", "stage_id", "profile", "partner", "track"]].to_numpy().tolist()
    assert sorted(keys) == sorted(
        ["D", "", stage, profile, partner, track]
        for stage in ("smelt", "grind")
        for profile, partner, track in (("B", "p", "text"), ("B", "p", "practice"), ("C", "q", "text"))
    )
    assert found.unknowns["note"].unique().tolist() == ["no stage reported it"]


def test_a_screened_plant_asks_for_nothing(matrix, plants, grid, even, who_uses, no_hints, plain):
    no_hints.loc[0] = ["b:smelt", "p", "screened", "a gate fails"]
    found = rank(matrix, plants, grid[:2], {"p": even}, profiles=who_uses, statuses=no_hints, assumptions=plain)
    assert found.unknowns["criterion_id"].tolist() == ["F"]


def test_a_plant_that_is_not_rankable_asks_first_of_all(matrix, plants, grid, even, who_uses, no_hints, plain):
    wanting = plain.replace(evidence_threshold_frac=0.8)
    found = rank(matrix, plants, grid[:1], {"p": even}, profiles=who_uses, statuses=no_hints, assumptions=wanting)
    assert found.unknowns.set_index("criterion_id").loc["W", "rank_swing"] == 2.0


def test_rows_that_wait_for_the_same_cell_rise_together(make_cells, criteria, plain, plants, grid, even, no_hints):
    """Feed of the smelters of both sites is one unknown cell: neither passes the other, each passes the grinder."""
    cells = make_cells((("W", "a"), 5.0), (("W", "b"), 4.0), (("F", "", "smelt"), None), (("F", "", "grind"), 5.0), (("D",), 5.0))
    matrix = build_matrix(cells, criteria, assumptions=plain)
    found = rank(matrix, plants[plants["kind"] == "plant"], grid[:1], {"p": even}, profiles={}, statuses=no_hints, assumptions=plain)
    assert found.unknowns[["criterion_id", "alternatives_touched", "rank_swing"]].to_numpy().tolist() == [["F", 2, 1.0]]


def test_an_answer_that_leaves_the_evidence_too_thin_moves_nothing(matrix, plants, grid, even, who_uses, no_hints, plain):
    wanting = plain.replace(evidence_threshold_frac=0.95)
    scored = rank(matrix, plants, grid[:1], {"p": even}, profiles=who_uses, statuses=no_hints, assumptions=wanting)
    rows = scored.table.set_index("alternative").loc[scored.joined.alternatives["alternative"]].reset_index()
    assert rows["status"].tolist() == ["ranked", "ranked", "not_rankable", "not_rankable"]
    rows.loc[3, "evidence_frac"] = 0.3
    vector = np.array([0.25, 0.5, 0.25])
    told = list_gaps(scored.joined, 0, vector, scored=rows, threshold=0.95).set_index("alternative")["rank_swing"]
    assert told.to_dict() == {"b:smelt": 2.0, "export:smelt": 0.0}


def test_nothing_missing_is_an_empty_table(make_cells, criteria, plain, plants, grid, even, no_hints):
    matrix = build_matrix(make_cells((("W",), 5.0), (("F",), 5.0), (("D",), 5.0)), criteria, assumptions=plain)
    found = rank(matrix, plants, grid[:1], {"p": even}, profiles={}, statuses=no_hints, assumptions=plain)
    assert found.unknowns.empty
    assert list(found.unknowns.columns) == [column.name for column in read_columns("unknowns")]


@pytest.mark.parametrize("weight", [0.0])
def test_a_criterion_without_weight_is_not_asked_for(weight, matrix, plants, grid, even, who_uses, no_hints, plain):
    blind = even.replace({"W": weight})
    found = rank(matrix, plants, grid[:1], {"p": blind}, profiles=who_uses, statuses=no_hints, assumptions=plain)
    assert "W" not in set(found.unknowns["criterion_id"])
