"""A finished study ranked by another method: the same rows, honest bounds, and the weighted sum for comparison."""

from __future__ import annotations

import pytest

from geokit.core.errors import UnknownNameError
from geokit.scoring import METHODS
from geokit.study.robust import BY_METHOD, rescore_by


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_method_ranks_the_rows_that_carry_a_rank_within_bounds(small, method):
    table = rescore_by(small, method)
    assert table.columns.tolist() == BY_METHOD
    ranked = small.ranking("japan")
    assert set(table["alternative"]) == set(ranked["alternative"])
    assert table["rank"].tolist() == list(range(1, len(ranked) + 1))
    assert table["score"].is_monotonic_decreasing
    assert (table["bound_low"] <= table["score"] + 1e-12).all()
    assert (table["score"] <= table["bound_high"] + 1e-12).all()
    assert table[["score", "bound_low", "bound_high"]].notna().all(axis=None)


def test_the_weighted_sum_is_the_ranking_itself(small):
    table = rescore_by(small, "weighted_sum")
    assert (table["rank"] == table["rank_weighted_sum"]).all()
    told = small.ranking("japan")
    assert table["alternative"].tolist() == told["alternative"].tolist()
    assert table["score"].tolist() == pytest.approx(told["score"].tolist())


def test_other_weights_make_another_order(small):
    heavy = rescore_by(small.rescore({"D1": 0.6}, partner="japan"), "topsis")
    assert heavy["alternative"].tolist() != rescore_by(small, "topsis")["alternative"].tolist()


def test_an_unknown_method_names_the_nearest(small):
    with pytest.raises(UnknownNameError, match="topsis"):
        rescore_by(small, "topsy")
