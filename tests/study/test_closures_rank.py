"""Rankings with a corridor closed: the same hauls move nothing, dearer hauls never help those that pay them."""

import pandas as pd
import pytest

from geokit.io.dictionary import read_columns
from geokit.network import ClosedHauls, build_world, close_hauls, sum_effects
from geokit.study import closures_rank
from geokit.study.closures_rank import RANKS, add_moves, closure_ranks, no_ranks, say_closures

PARTNER = "japan"


@pytest.fixture(scope="module")
def closed(study):
    whole = close_hauls(build_world(study.layers, study.assumptions), study.hauls)
    return ClosedHauls(whole.hauls.query("closure_id == 'bolan'"), whole.detours)


@pytest.fixture(scope="module")
def ranks(study, closed):
    return closure_ranks(study, closed, partners=[PARTNER])


def test_the_same_hauls_move_no_rank(study, closed):
    same = closed.hauls[["closure_id", "origin_id", "destination_id", "kind", "product_id"]].merge(study.hauls)
    assert len(same) > 100
    assert closure_ranks(study, ClosedHauls(same[closed.hauls.columns], closed.detours), partners=[PARTNER]).empty


def test_the_pass_moves_ranks_and_only_those_that_differ_are_told(ranks):
    assert len(ranks) > 10
    assert list(ranks.columns) == [column.name for column in read_columns("closure_ranks")]
    assert not (ranks["rank_before"] == ranks["rank"]).any()
    assert set(ranks["closure_id"]) == {"bolan"}
    assert set(ranks["partner"]) == {PARTNER}


def test_ranks_that_stay_and_move_number_all_places_once(study, ranks):
    before = study.rankings.query("case_id == @ranks.case_id.iloc[0]").set_index("alternative")["rank"].astype(float)
    after = before.copy()
    after[ranks["alternative"]] = ranks["rank"].to_numpy(dtype=float)
    places = after.dropna().sort_values()
    assert places.tolist() == list(range(1, len(places) + 1))


def test_nobody_asked_is_nobody_ranked(study, closed):
    assert closure_ranks(study, closed, partners=[]).equals(no_ranks())


def rows(*told):
    return pd.DataFrame(told, columns=RANKS)


@pytest.fixture
def effects():
    keys = [("x", "one"), ("x", "two"), ("y", "one")]
    return pd.DataFrame(keys, columns=["closure_id", "partner"]).assign(alternatives=3, cut=1)


def test_moves_by_hand(effects):
    ranks = rows(
        ("x", "one/text", "one", "a", 1, 3), ("x", "one/text", "one", "b", 2, 1), ("x", "one/text", "one", "c", 3, 2),
        ("x", "one/text", "one", "far", 40, 60), ("x", "one/text", "one", "lost", 5, None),
    )  # fmt: skip
    table = add_moves(effects, ranks, ["one"]).set_index(["closure_id", "partner"])
    told = ["ranks_moved", "most_places", "falls_most", "falls_places", "leader"]
    assert table.loc[("x", "one"), [name for name in told if name != "falls_places"]].tolist() == [5, 20, "lost", "b"]
    assert pd.isna(table.loc[("x", "one"), "falls_places"]), "it loses its rank"
    assert table.loc[("y", "one"), told].tolist() == [0, 0, "", 0, ""]
    assert table.loc[("x", "two"), told[:2]].isna().all(), "the ranking was not run for it"


def test_one_that_loses_its_rank_falls_farther_than_any_other(study, effects):
    names = study.alternatives["alternative"].tolist()[:3]
    ranks = rows(
        ("x", "one/text", "one", names[0], 1, None), ("x", "one/text", "one", names[1], 2, 9), ("x", "one/text", "one", names[2], 3, 1),
    )  # fmt: skip
    table = add_moves(effects, ranks, ["one"]).set_index(["closure_id", "partner"]).loc[("x", "one")]
    assert (table["falls_most"], table["leader"], table["most_places"]) == (names[0], names[2], 7)
    assert pd.isna(table["falls_places"])
    labels = study.alternatives.set_index("alternative")["label"]
    assert closures_rank._say_ranks(table, labels)[0].startswith(f"3 ranks move; of the first 10 {labels[names[0]]} loses its rank; ")


def test_moves_take_the_place_of_earlier_ones(effects):
    once = add_moves(effects, rows(("x", "one/text", "one", "a", 1, 2)), ["one"])
    again = add_moves(once, no_ranks(), ["one"])
    assert list(again.columns) == list(once.columns)
    assert again.query("partner == 'one'")["ranks_moved"].tolist() == [0, 0]


def test_each_closure_is_told_with_its_name(study, closed, ranks):
    effects = add_moves(sum_effects(closed.detours, study.alternatives, study.layers), ranks, [PARTNER])
    told = say_closures(study, effects, PARTNER)
    names = study.layers["closures"]["name"]
    assert len(told) == len(names)
    line = next(words for words in told if names[0] in words)
    row = effects.query("closure_id == 'bolan' and partner == @PARTNER").iloc[0]
    assert f"{row['cut']} plants have no way left" in line
    assert f"{len(ranks)} ranks move" in line
    blank = say_closures(study, add_moves(effects, no_ranks()), PARTNER)
    assert not any("rank" in words for words in blank)


def test_a_study_run_with_closures_carries_the_ranks_until_it_is_weighed_anew(study, ranks, closed, monkeypatch):
    monkeypatch.setattr(closures_rank, "close_hauls", lambda *_: closed)
    run = closures_rank.run_closures(study, partners=[PARTNER])
    pd.testing.assert_frame_equal(run.closure_ranks, ranks)
    assert run.closure_effects.query("partner == @PARTNER")["ranks_moved"].notna().all()
    assert study.closure_effects["ranks_moved"].isna().all()
    again = run.reweigh({})
    assert again.closure_ranks.empty
    assert again.closure_effects["ranks_moved"].isna().all()
