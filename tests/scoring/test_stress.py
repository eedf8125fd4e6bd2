"""The whole stress of one case: the tables fit the ranking, and the drivers are named in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.core.errors import UnknownNameError
from geokit.scoring import build_matrix, rank
from geokit.scoring.by_method import METHODS
from geokit.scoring.draws import prepare_draws
from geokit.scoring.drivers import find_drivers, name_drivers
from geokit.scoring.simplex import order_of_weights
from geokit.scoring.stress import rank_by_method, stress_ranking

TEXT = "p/text/2026-11-22"


@pytest.fixture
def stressed(ranking, even, criteria):
    return stress_ranking(ranking, TEXT, order=order_of_weights(even, criteria), samples=400)


@pytest.fixture
def rows(ranking):
    table = ranking.table[ranking.table["case_id"] == TEXT]
    return table[table["rank"].notna()].sort_values("rank")


def test_one_row_an_alternative_in_the_order_of_the_ranking(stressed, rows):
    table = stressed.acceptability
    assert table["alternative"].tolist() == rows["alternative"].tolist()
    assert table["first_frac"].sum() == pytest.approx(1.0)
    assert table["mean_rank"].sum() == pytest.approx(10.0)
    assert (table["first_frac_low"] <= table["first_frac"]).all()
    assert (table["first_frac"] <= table["first_frac_high"]).all()
    assert stressed.wins.loc["a:smelt", "a:grind"] + stressed.wins.loc["a:grind", "a:smelt"] == pytest.approx(1.0)


def test_who_never_comes_first_has_no_central_weights(stressed):
    never = stressed.acceptability.query("first_frac == 0")["alternative"]
    assert len(never) > 0
    assert not set(never) & set(stressed.central_weights.index)
    assert stressed.central_weights.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(stressed.central_weights)))


def test_what_a_missing_cell_may_hide_leaves_a_row_possibly_efficient(stressed):
    assert stressed.acceptability.set_index("alternative")["efficient"].to_dict() == {
        "a:smelt": "possibly", "a:grind": "surely", "b:smelt": "possibly", "export:smelt": "possibly",
    }  # fmt: skip


def test_the_weighted_sum_among_the_methods_is_the_ranking(stressed, rows):
    table = stressed.methods
    assert table["method"].drop_duplicates().tolist() == list(METHODS)
    own = table[table["method"] == "weighted-sum"].reset_index(drop=True)
    assert own["alternative"].tolist() == rows["alternative"].tolist()
    for ours, theirs in (("score", "score"), ("bound_low", "bound_low"), ("bound_high", "bound_high")):
        assert own[ours].to_numpy() == pytest.approx(rows[theirs].to_numpy())
    assert ((table["bound_low"] <= table["score"]) & (table["score"] <= table["bound_high"])).all()


def test_flips_name_criteria_that_carry_weight(stressed):
    assert set(stressed.flips["criterion_id"]) == {"W", "F", "D"}
    assert stressed.agreement.loc["spotis", "weighted-sum"] == 1.0


def test_drivers_are_weights_and_uncertain_facts_of_the_leaders(stressed):
    table = stressed.drivers
    assert set(table["what"]) == {
        "the weight of water of the site", "the weight of feed secured", "the weight of delay", "feed secured of smelt at b",
    }  # fmt: skip
    assert table["first_order"].notna().tolist() == (table["kind"] == "fact").tolist()
    assert table["pawn"].is_monotonic_decreasing
    assert name_drivers(table) == table.loc[table["shown"], "what"].tolist()
    assert "feed secured of smelt at b" not in name_drivers(table)


def test_at_most_five_are_named():
    table = pd.DataFrame({"what": [f"w{n}" for n in range(9)], "shown": [True] * 7 + [False] * 2})
    assert name_drivers(table) == ["w0", "w1", "w2", "w3", "w4"]


def test_the_same_seed_tells_the_same_and_another_does_not(stressed, ranking, even, criteria):
    order = order_of_weights(even, criteria)
    pd.testing.assert_frame_equal(stress_ranking(ranking, TEXT, order=order, samples=400).acceptability, stressed.acceptability)
    other = stress_ranking(ranking, TEXT, order=order, samples=400, seed=5)
    assert not other.acceptability["first_frac"].equals(stressed.acceptability["first_frac"])


def test_a_case_where_nothing_is_ranked_has_empty_tables(matrix, plants, grid, even, who_uses, no_hints, plain, criteria):
    strict = plain.replace(evidence_threshold_frac=1.0)
    gone = plants[plants["alternative"].isin(["b:smelt", "export:smelt"])]
    found = rank(matrix, gone, grid[:1], {"p": even}, profiles=who_uses, statuses=no_hints, assumptions=strict)
    told = stress_ranking(found, TEXT, order=order_of_weights(even, criteria), samples=50)
    for table in (told.acceptability, told.wins, told.flips, told.methods, told.reversals, told.drivers):
        assert table.empty


def test_one_alternative_is_first_whatever_happens(matrix, plants, grid, even, who_uses, no_hints, plain, criteria):
    found = rank(matrix, plants.iloc[[1]], grid[:1], {"p": even}, profiles=who_uses, statuses=no_hints, assumptions=plain)
    told = stress_ranking(found, TEXT, order=order_of_weights(even, criteria), samples=50)
    assert told.acceptability[["first_frac", "first_frac_low", "first_frac_high"]].to_numpy().tolist() == [[1.0, 1.0, 1.0]]
    assert told.methods["score"].notna().all()
    assert told.drivers.empty


def test_unknown_cases_and_methods_are_told(ranking):
    with pytest.raises(UnknownNameError, match="no case called"):
        rank_by_method(ranking, "p/text")
    with pytest.raises(UnknownNameError, match="no method called"):
        rank_by_method(ranking, TEXT, methods=["topsys"])


def test_a_fact_that_decides_is_found(make_cells, criteria, plain, plants, grid, who_uses, even):
    cells = make_cells((("F", "a", "smelt"), (0.0, 5.0, 10.0)), (("F", "b", "smelt"), 5.0), (("W",), 5.0), (("D",), 5.0))
    joined = build_matrix(cells, criteria, assumptions=plain).join(plants, grid, who_uses)
    facts = prepare_draws(joined, 0, np.ones(4, dtype=bool), counts=np.ones(3, dtype=bool), seed=1)
    table = find_drivers(joined, order_of_weights(even, criteria), facts, leaders=np.array([2, 1]), samples=2000)
    assert name_drivers(table)[0] == "feed secured of smelt at a"
    assert table.loc[0, "first_order"] > 0.8
