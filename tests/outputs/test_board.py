"""A case as a board: the weighted sum of its cells is the score of the study, and blanks are where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.outputs.board import ENDS, build_board, pick_hauls
from geokit.outputs.view import view_study


@pytest.fixture(scope="module")
def view(little_study):
    return view_study(little_study)


@pytest.fixture(scope="module", params=["japan", "saudi"])
def board(little_study, view, request):
    return build_board(little_study, view, little_study.case(request.param))


def test_a_row_an_alternative_and_a_column_a_criterion(board):
    assert board.figures.shape == (len(board.rows), len(board.counted) + len(board.aside))
    assert {board.worth[end].shape for end in ENDS} == {board.sourced.shape} == {(len(board.rows), len(board.counted))}
    assert board.rows["alternative"].is_unique
    assert board.rows["alternative"].is_monotonic_increasing


def test_the_counted_criteria_are_those_with_a_weight_and_their_weights_sum_to_one(board):
    assert {one.criterion_id for one in board.counted} == set(board.weights)
    assert not {one.criterion_id for one in board.aside} & set(board.weights)
    assert sum(board.weights.values()) == pytest.approx(1, abs=1e-12)


def test_the_weighted_sum_of_the_cells_is_the_score_of_the_study(board):
    weights = np.array([board.weights[one.criterion_id] for one in board.counted])
    scored = board.rows["score"].notna().to_numpy()
    assert scored.any()
    sums = np.nan_to_num(board.worth["v"]) @ weights
    np.testing.assert_allclose(sums[scored], board.rows["score"].to_numpy(dtype=float)[scored], atol=1e-9)


def test_a_worth_lies_between_nought_and_one_and_its_ends_are_on_either_side(board):
    low, mode, high = (board.worth[end] for end in ("v_low", "v", "v_high"))
    known = ~np.isnan(mode)
    for values in (low, mode, high):
        assert ((values[known] >= 0) & (values[known] <= 1)).all()
    assert (low[known] <= mode[known] + 1e-9).all()
    assert (mode[known] <= high[known] + 1e-9).all()


def test_evidence_is_never_a_blank(board):
    assert not (board.sourced & np.isnan(board.worth["v"])).any()


def test_the_share_of_weight_on_sourced_cells_is_the_evidence_of_the_study(board):
    weights = np.array([board.weights[one.criterion_id] for one in board.counted])
    np.testing.assert_allclose(board.sourced @ weights, board.rows["evidence_frac"].to_numpy(dtype=float), atol=1e-9)


def test_every_row_has_a_name_a_product_and_a_feed(board):
    assert (board.rows[["name", "product", "feed"]] != "").all().all()


def test_hauls_of_a_case_end_at_plants_and_ports_here_or_at_the_partner(little_study):
    hauls, partners = pick_hauls(little_study, little_study.case("japan")), little_study.layers["partners"].set_index("partner_id")
    inland = little_study.hauls["kind"].isin(["feed", "port"])
    assert set(little_study.hauls.index[inland]) <= set(hauls.index)
    assert list(hauls["kind"]) == sorted(hauls["kind"])
    beyond = set(hauls.loc[~hauls["kind"].isin(["feed", "port"]), "destination_id"])
    assert partners.loc["saudi", "default_port_id"] not in beyond
