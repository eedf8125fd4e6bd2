"""The ranking of the study by hand, its statuses, and scoring again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.core.errors import UnknownNameError
from geokit.io.dictionary import read_columns
from geokit.scoring import build_matrix, rank
from geokit.scoring.weights import Weights

TEXT, PRACTICE, OTHER = "p/text/2026-11-22", "p/practice/2026-11-22", "q/text/2026-11-22"


def rows(ranking, case_id):
    return ranking.table[ranking.table["case_id"] == case_id].set_index("alternative")


def test_columns_are_those_of_the_dictionary(ranking):
    declared = [column.name for column in read_columns("ranking")]
    assert declared == [*ranking.table.columns, "rank_as_law_stands", "rank_as_practised"]


def test_scores_by_hand(ranking):
    scores = rows(ranking, TEXT)["score"]
    assert scores["a:smelt"] == pytest.approx(0.25 * 0.8 + 0.5 * 0.6 + 0.25 * 0.5)
    assert scores["a:grind"] == pytest.approx(0.25 * 0.8 + 0.5 * 0.2 + 0.25 * 1.0)
    assert scores["b:smelt"] == pytest.approx(0.5 * 0.6 + 0.25 * 0.5)
    assert scores["export:smelt"] == pytest.approx(0.25 * 0.5 + 0.25 * 1.0)


def test_the_better_reading_of_the_law_moves_the_plant_it_touches(ranking):
    assert rows(ranking, PRACTICE)["score"]["a:smelt"] - rows(ranking, TEXT)["score"]["a:smelt"] == pytest.approx(0.1)
    assert rows(ranking, PRACTICE)["score"]["a:grind"] == rows(ranking, TEXT)["score"]["a:grind"]
    assert rows(ranking, OTHER)["score"]["a:smelt"] == pytest.approx(0.5)


def test_ranks_run_from_one_in_the_order_of_the_scores(ranking):
    table = rows(ranking, TEXT)
    assert table.index.tolist() == ["a:smelt", "a:grind", "b:smelt", "export:smelt"]
    assert table["rank"].tolist() == [1.0, 2.0, 3.0, 4.0]


def test_bounds_open_by_the_weight_of_what_is_missing(ranking):
    table = rows(ranking, TEXT)
    assert table.loc["b:smelt", ["bound_low", "bound_high"]].tolist() == pytest.approx([0.325, 0.775])
    assert table.loc["export:smelt", "bound_high"] - table.loc["export:smelt", "bound_low"] == pytest.approx(0.5)
    assert table["evidence_frac"].to_dict() == {"a:smelt": 1.0, "a:grind": 1.0, "b:smelt": 0.75, "export:smelt": 0.5}


def test_what_the_study_fills_is_blank(ranking):
    assert (ranking.table[["beats_baseline", "reason"]] == "").all(axis=None)


def test_equal_scores_go_by_id(make_cells, criteria, plain, plants, grid, no_hints):
    matrix = build_matrix(make_cells((("W",), 5.0)), criteria, assumptions=plain)
    weights = Weights.given({"W": 1.0}, criteria)
    found = rank(matrix, plants, grid[:1], {"p": weights}, profiles={}, statuses=no_hints, assumptions=plain)
    assert found.table["alternative"].tolist() == ["a:grind", "a:smelt", "b:smelt", "export:smelt"]
    assert found.table["tier"].unique().tolist() == [1.0]


@pytest.fixture
def strict(matrix, plants, grid, even, who_uses, plain):
    hints = pd.DataFrame({
        "alternative": ["a:smelt", "a:grind"], "partner": "p", "status_hint": ["screened", "conditional"],
        "status_reason": ["a gate fails [s1]", "if the buyer signs"],
    })  # fmt: skip
    wanting = plain.replace(evidence_threshold_frac=0.8)
    return rank(matrix, plants, grid, {"p": even, "q": even}, profiles=who_uses, statuses=hints, assumptions=wanting)


def test_standing_and_reasons(strict):
    table = rows(strict, TEXT)
    assert table["status"].to_dict() == {
        "a:grind": "conditional", "export:smelt": "not_rankable", "b:smelt": "not_rankable", "a:smelt": "screened",
    }  # fmt: skip
    assert table["status_reason"].to_dict() == {
        "a:grind": "if the buyer signs",
        "export:smelt": "not rankable: evidence 0.50 is below 0.80; find out feed secured",
        "b:smelt": "not rankable: evidence 0.75 is below 0.80; find out water of the site",
        "a:smelt": "a gate fails [s1]",
    }


def test_only_three_standings_carry_a_rank_and_a_tier(strict):
    table = rows(strict, TEXT)
    assert table["rank"].dropna().to_dict() == {"a:grind": 1.0}
    assert table["tier"].notna().tolist() == table["rank"].notna().tolist()


def test_a_hint_for_one_partner_leaves_the_other_alone(strict):
    assert rows(strict, OTHER).loc["a:smelt", "status"] == "ranked"


def test_contributions_go_to_the_top_rows_only(matrix, plants, grid, even, who_uses, no_hints, plain):
    options = {"profiles": who_uses, "statuses": no_hints, "assumptions": plain}
    top = rank(matrix, plants, grid, {"p": even, "q": even}, contributions_top=1, **options).contributions
    every = rank(matrix, plants, grid, {"p": even, "q": even}, contributions_top=None, **options).contributions
    assert top.groupby("case_id")["alternative"].unique().map(list)[TEXT] == ["a:smelt"]
    assert len(every) == 3 * 4 * 3


def test_scoring_again_equals_ranking_anew(ranking, matrix, plants, grid, who_uses, no_hints, plain, even):
    heavier = even.replace({"D": 0.6})
    again = ranking.rescore({"p": heavier}, case_ids=[PRACTICE])
    anew = rank(matrix, plants, grid[1:2], {"p": heavier}, profiles=who_uses, statuses=no_hints, assumptions=plain)
    pd.testing.assert_frame_equal(again.table, anew.table)
    pd.testing.assert_frame_equal(again.unknowns, anew.unknowns)
    assert again.table["case_id"].unique().tolist() == [PRACTICE]


def test_scoring_again_with_the_same_weights_changes_nothing(ranking):
    pd.testing.assert_frame_equal(ranking.rescore({}).table, ranking.table)


def test_unknown_partners_criteria_and_cases_are_told(ranking, matrix, plants, grid, even, no_hints, plain):
    options = {"profiles": {}, "statuses": no_hints, "assumptions": plain}
    with pytest.raises(UnknownNameError, match="no partner with weights called 'q'"):
        rank(matrix, plants, grid, {"p": even}, **options)
    alien = Weights((("X", 1.0),), "me", "given")
    with pytest.raises(UnknownNameError, match="no criterion in the matrix called 'X'"):
        rank(matrix, plants, grid[:1], {"p": alien}, **options)
    with pytest.raises(UnknownNameError, match="no case called"):
        ranking.rescore({}, case_ids=["p/text"])
    with pytest.raises(UnknownNameError, match="no alternative called"):
        ranking.contributions_of("c:smelt", TEXT)


def test_it_prints_the_head_of_each_case(ranking):
    text = repr(ranking)
    assert text.startswith("Ranking: 3 cases, 4 alternatives")
    assert all(case in text for case in (TEXT, PRACTICE, OTHER))


def test_nothing_given_is_changed(hand_cells, plants, criteria, plain, grid, even, who_uses, no_hints):
    before = hand_cells.copy(), plants.copy()
    matrix = build_matrix(hand_cells, criteria, assumptions=plain)
    rank(matrix, plants, grid, {"p": even, "q": even}, profiles=who_uses, statuses=no_hints, assumptions=plain)
    pd.testing.assert_frame_equal(hand_cells, before[0])
    pd.testing.assert_frame_equal(plants, before[1])


def test_a_case_of_real_size_is_scored_again(criteria, plain, grid, even, no_hints):
    count, draws = 800, np.random.default_rng(5)
    figures = np.sort(draws.uniform(0, 10, (count, 3)), axis=1)
    sites = [f"s{number:03}" for number in range(count)]
    cells = pd.concat([
        pd.DataFrame({
            "criterion_id": name, "site_id": sites, "value_low": figures[:, 0], "value": figures[:, 1],
            "value_high": figures[:, 2], "grade": "E", "source_ids": "s",
        })
        for name in ("W", "F", "D")
    ])  # fmt: skip
    many = pd.DataFrame({"alternative": sites, "kind": "plant", "site_id": sites, "stage_id": "smelt"})
    matrix = build_matrix(cells, criteria, assumptions=plain)
    found = rank(matrix, many, grid[:1], {"p": even}, profiles={}, statuses=no_hints, assumptions=plain)
    again = found.rescore({"p": even.replace({"W": 0.5})})
    assert sorted(again.table["alternative"]) == sites
    assert not np.allclose(again.table.sort_values("alternative")["score"], found.table.sort_values("alternative")["score"])
