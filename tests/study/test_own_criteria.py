"""A user's criteria: what a file adds, drops and redefines, what it leaves alone, and everything that is wrong with it at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geokit.core.errors import LayerError
from geokit.io.defaults import read_defaults
from geokit.scoring import derive_weights, read_criteria
from geokit.scoring.criteria import list_criteria
from geokit.study.own_criteria import keep_phrases, rank_last, read_own_criteria

PAGE = Path(__file__).resolve().parents[2] / "docs" / "criteria.md"
NEW = "GW,Groundwater depth: metres to the table,m,min,linear,200,0"


@pytest.fixture
def read(tmp_path, layers):
    """Return a function from the text of two files to what they make."""

    def build(criteria="", cells=""):
        paths = []
        for name, text in (("criteria.csv", criteria), ("cells.csv", cells)):
            path = tmp_path / name
            path.write_text(text, encoding="utf8")
            paths.append(path if text else None)
        return read_own_criteria(*paths, layers=layers)

    return build


def test_without_a_file_everything_is_as_packaged(read):
    own = read()
    assert own.definitions.drop(columns="missing").equals(read_defaults("criteria"))
    assert own.ranks.equals(read_defaults("ranks"))
    assert own.cells.empty
    assert (own.definitions["missing"] != "").all()


def test_a_new_criterion_is_added_last_in_its_group(read):
    own = read(f"criterion_id,label,unit,sense,shape,p1,p2\n{NEW}\n")
    assert own.definitions["criterion_id"].tolist() == [*read_defaults("criteria")["criterion_id"], "GW"]
    for archetype, ranks in own.ranks.groupby("archetype"):
        mine = ranks.set_index("criterion_id").loc["GW"]
        assert mine["group_rank"] == ranks["group_rank"].max(), archetype
        assert mine["basis"].startswith("not ranked")
    criteria = read_criteria(own.definitions)
    weights = derive_weights(own.ranks, criteria, "investor", "screen")
    assert weights["GW"] == pytest.approx(1 / 36)  # the last of eight groups by rank sum, alone in it
    assert sum(weights.values()) == pytest.approx(1.0)


def test_a_dropped_criterion_hands_its_weight_on(read):
    own = read("criterion_id,active_screen,active_full\nR3,no,no\n")
    criteria = read_criteria(own.definitions)
    for archetype in set(own.ranks["archetype"]):
        weights = derive_weights(own.ranks, criteria, archetype, "screen")
        assert "R3" not in weights
        assert sum(weights.values()) == pytest.approx(1.0)


def test_a_blank_changes_nothing_and_a_figure_changes_itself(read):
    own = read("criterion_id,label,p1,p2\nI2,,4,\n").definitions.set_index("criterion_id")
    packaged = read_defaults("criteria").set_index("criterion_id")
    assert own.loc["I2", "p1"] == 4
    assert own.drop(columns=["p1", "missing"]).equals(packaged.drop(columns="p1"))


def test_wording_goes_with_what_it_words(read):
    same = read("criterion_id,p1\nI2,4\n").definitions
    other = read("criterion_id,label,unit\nI2,Litres a day,l/d\n").definitions
    assert "I2" in keep_phrases(same)
    assert "I2" not in keep_phrases(other)
    assert other.set_index("criterion_id").loc["I2", "missing"] == ""
    assert keep_phrases(read_criteria(same)) == keep_phrases(same)


def test_criteria_and_their_table_say_the_same(read):
    own = read(f"criterion_id,label,unit,sense,shape,p1,p2\n{NEW}\n")
    criteria = read_criteria(own.definitions)
    assert read_criteria(list_criteria(criteria)) == criteria


def test_a_figure_without_a_grade_is_an_assumption_from_the_file(read):
    own = read(f"criterion_id,label,unit,sense,shape,p1,p2\n{NEW}\n", "criterion_id,site_id,value\nGW,dhabeji-sez,40\nGW,hattar-sez,\n")
    assert own.cells[["criterion_id", "site_id", "grade", "note"]].to_numpy().tolist() == [
        ["GW", "dhabeji-sez", "A", "from cells.csv"], ["GW", "hattar-sez", "", "from cells.csv"],
    ]  # fmt: skip
    assert own.cells["value"].tolist()[0] == 40


@pytest.mark.parametrize(
    ("criteria", "cells", "told"),
    [
        ("criterion_id,colour\nL1,red\n", "", ["'colour' is no column"]),
        ("criterion_id,sense,label,p1\nZZ,up,,x\nF1,,,\nF1,,,\n", "", ["'up'", "label", "unit", "'x'", "repeats the key of row 3"]),
        ("criterion_id,p1\nL1,0\nI1,1\n", "", ["'L1' makes no value function", "'I1' makes no value function"]),
        ("criterion_id\n", "", ["has no row"]),
        ("criterion_id,label,unit,sense,shape,p1,p2\nZ;9=1,A,m,min,linear,2,0\n9Z,B,m,min,linear,2,0\n", "",
         ["'Z;9=1' cannot be named in a weight", "row 3, column criterion_id: '9Z'"]),
        ("label\nA\n", "", ["'criterion_id' is a required column"]),
        ("", "criterion_id,value\nQQ,1\n", ["'QQ'"]),
        ("", "criterion_id,partner,value\nF1,atlantis,1\n", ["'atlantis'"]),
        ("", "criterion_id,site_id,value\nF1,a,1\nF1,a,2\n", ["stands twice"]),
    ],
)
def test_everything_wrong_is_told_with_its_file(read, criteria, cells, told):
    with pytest.raises(LayerError) as caught:
        read(criteria, cells)
    assert all(words in str(caught.value) for words in told), str(caught.value)


def test_ranks_that_are_there_stay():
    ranks = read_defaults("ranks")
    assert rank_last(ranks, read_defaults("criteria")) is ranks


def test_the_files_that_the_page_on_criteria_shows_are_read_as_they_stand(layers, tmp_path):
    shown = re.findall(r"```csv\n(.*?)```", PAGE.read_text(encoding="utf8"), re.DOTALL)
    paths = [tmp_path / name for name in ("criteria.csv", "cells.csv")]
    for path, text in zip(paths, shown, strict=True):
        path.write_text(text, encoding="utf8")
    own, packaged = read_own_criteria(*paths, layers=layers), read_own_criteria()
    assert set(own.definitions["criterion_id"]) - set(packaged.definitions["criterion_id"]) == {"GW"}
    assert own.definitions.set_index("criterion_id").loc["R3", ["active_full", "active_screen"]].tolist() == ["no", "no"]
    assert own.cells["criterion_id"].tolist() == ["GW", "F1"]
    assert own.cells["value"].tolist() == [40.0, 1.0]
