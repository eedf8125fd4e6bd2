"""A study with criteria of a user, and one whose freight was kept: what changed is what was asked to change."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.core.errors import LayerError
from geokit.outputs.export import write_tables
from geokit.study import freight as room
from geokit.study.compare import compare, pair_cases
from geokit.study.evaluate import evaluate
from geokit.study.freight import move_freight
from geokit.study.kept import Store
from geokit.study.own_criteria import lay_cells, read_own_criteria
from geokit.study.replay import Question, Replay
from geokit.study.study import Study

CRITERIA = """criterion_id,group_id,label,unit,sense,shape,p1,p2,active_screen,active_full
GW,infra,Groundwater depth: metres to the table,m,min,linear,200,0,yes,yes
R3,,,,,,,,no,no
"""
CELLS = """criterion_id,site_id,stage_id,value_low,value,value_high,grade,source_ids
GW,{site},,20,40,60,E,my-survey
F1,{site},{stage},,1,,A,
"""


@pytest.fixture(scope="module")
def own_study(small, layers, assumptions, one_case, tmp_path_factory):
    place = tmp_path_factory.mktemp("own")
    site, _, stage = small.ranking("japan")["alternative"].iloc[0].partition(":")
    (place / "criteria.csv").write_text(CRITERIA, encoding="utf8")
    (place / "cells.csv").write_text(CELLS.format(site=site, stage=stage), encoding="utf8")
    own = read_own_criteria(place / "criteria.csv", place / "cells.csv", layers=layers)
    return evaluate(assumptions, cases=one_case, layers=layers, own=own), site


def test_a_new_criterion_is_weighed_scored_and_asked_for_where_it_is_missing(own_study):
    study, site = own_study
    weights = study.weights["japan"]
    assert "GW" in weights
    assert "R3" not in weights
    cells = study.scored.contributions_of(study.ranking("japan")["alternative"].tolist(), study.cases[0].case_id)
    mine = cells[cells["criterion_id"] == "GW"].set_index("alternative")
    known = mine[mine.index.str.startswith(f"{site}:")]
    assert (known["v"] == 0.8).all()
    assert mine.drop(known.index)["v"].isna().all()
    assert "GW" in set(study.unknowns["criterion_id"])
    assert study.criteria.set_index("criterion_id").loc["GW", "unit"] == "m"


def test_words_survive_a_criterion_that_no_phrase_names(own_study):
    study, site = own_study
    heavy = study.rescore({"GW": 0.9}, partner="japan").ranking("japan").set_index("alternative")["reason"]
    assert "groundwater depth is 40 m" in heavy[heavy.index.str.startswith(f"{site}:")].iloc[0]
    assert study.explain(study.ranking("japan")["alternative"].iloc[0], "japan")["cells"][-1]["label"].startswith("Groundwater")


def test_it_is_saved_asked_again_and_compared_with_the_packaged_one(own_study, small, layers, tmp_path):
    study, _ = own_study
    again = Study.load(study.save(tmp_path / "own.zip"), layers)
    replay = Replay()
    replay.learn(again)
    told = again.rankings.set_index("alternative").sort_index()
    assert (replay.answer(Question.of(again, again.cases[0]))["score"] == told["score"]).all()
    found = compare(small, again, pair_cases(small, again)[0])
    assert set(found.shares["key"]) == {"criteria", "cells"}
    told = found.changes.set_index("key").loc["cells", ["what", "before", "after"]]
    assert told.tolist() == ["own cells", "none", "2 of F1, GW"]


def test_a_closure_that_touches_nothing_moves_no_rank_of_a_study_with_cells_of_its_own(own_study):
    """Cells that stand in the place of packaged ones count in every ranking that is made again."""
    study, _ = own_study
    touched = study.closure_effects.groupby("closure_id")["alternatives"].sum()
    idle = touched.index[touched == 0][0]
    replay = Replay()
    replay.learn(study)
    again = replay.answer(Question.of(study, study.cases[0]).replace(closure=idle))
    told = study.rankings.set_index("alternative").sort_index()
    pd.testing.assert_series_equal(again["rank"], told["rank"].astype(float))


def test_cells_of_a_user_take_the_place_of_ours(own_study, layers, tmp_path):
    path = tmp_path / "cells.csv"
    site = own_study[1]
    path.write_text(f"criterion_id,site_id,value,grade,source_ids\nI2,{site},1,E,my-survey\n", encoding="utf8")
    own = read_own_criteria(None, path, layers=layers)
    made = pd.DataFrame({"criterion_id": ["I2", "I2"], "site_id": [site, "elsewhere"], "value": [5.0, 3.0]})
    laid = lay_cells([made.assign(stage_id="", profile="", partner="", track="")], own.cells)
    assert laid.set_index("site_id")["value"].to_dict() == {site: 1.0, "elsewhere": 3.0}


def test_a_cell_of_a_user_takes_the_place_of_all_that_it_covers():
    """A row for a site holds for every stage there, one for a stage everywhere, one for both there alone."""
    blank = {"profile": "", "partner": "", "track": ""}
    keys = [("F1", "a", "smelt"), ("F1", "a", "mill"), ("F1", "b", "mill"), ("F1", "", "burn"), ("L1", "a", "smelt")]
    made = pd.DataFrame(keys, columns=["criterion_id", "site_id", "stage_id"]).assign(value=[1.0, 2.0, 3.0, 4.0, 5.0], **blank)
    own = made.iloc[:0]
    assert lay_cells([made], own).equals(made)
    for key, left in (
        (("F1", "a", ""), [3.0, 4.0, 5.0]), (("F1", "", "mill"), [1.0, 4.0, 5.0]), (("F1", "b", "mill"), [1.0, 2.0, 4.0, 5.0]),
        (("F1", "", ""), [5.0]), (("L1", "b", "smelt"), [1.0, 2.0, 3.0, 4.0, 5.0]),
    ):  # fmt: skip
        row = pd.DataFrame([key], columns=["criterion_id", "site_id", "stage_id"]).assign(value=9.0, **blank)
        assert lay_cells([made], row)["value"].tolist() == [*left, 9.0]


def test_a_cell_at_a_place_where_nothing_stands_is_refused_with_its_row(layers, tmp_path):
    path = tmp_path / "cells.csv"
    path.write_text("criterion_id,site_id,value\nF1,dhabeji-sez,1\nF1,no-such-site,2\n", encoding="utf8")
    with pytest.raises(LayerError, match=r"row 3, column site_id: 'no-such-site' is no place of an alternative"):
        read_own_criteria(None, path, layers=layers)


def test_kept_freight_gives_the_same_bytes_and_is_found_again(small, layers, assumptions, one_case, tmp_path, monkeypatch):
    store = Store(tmp_path / "kept")
    move_freight(layers, assumptions, store=store)
    assert len(store.list_entries()) == 1
    monkeypatch.setattr(room, "route", None)
    room._move.cache_clear()
    kept = evaluate(assumptions, cases=one_case, layers=layers, store=store)
    paths = [write_tables(study, tmp_path / name) for study, name in ((small, "fresh"), (kept, "kept"))]
    assert all(one.read_bytes() == other.read_bytes() for one, other in zip(*paths, strict=True))


def test_another_assumption_on_freight_is_routed_anew(layers, assumptions, tmp_path, monkeypatch):
    store, routed = Store(tmp_path / "kept"), []
    monkeypatch.setattr(room, "_move", lambda _same, text: routed.append(text) or room.Freight(*[pd.DataFrame({"x": [1.0]})] * 5))
    for parcel in (25000, 26000, 25000):
        move_freight(layers, assumptions.replace(parcel_t=parcel), store=store)
    assert len(routed) == 2
    move_freight(layers, assumptions)
    assert len(routed) == 3
