"""A user's rows over a layer: known keys change rows, new keys add rows, nothing else moves."""

from __future__ import annotations

import hashlib
import shutil

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from geokit.catalog import read_layers
from geokit.catalog.overlay import compare_rows, complete_rows, stack_rows
from geokit.core.columns import Column
from geokit.core.errors import LayerError
from geokit.io.dictionary import read_columns

COLUMNS = (Column("mine", key=True), Column("grade", type="number"), Column("owner"))
BASE = pd.DataFrame({"mine": ["a", "b", "c"], "grade": ["1", "2", ""], "owner": ["x", "", "z"]})


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a user's CSV file and returns its path."""

    def write(name, *lines):
        path = tmp_path / "mine" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([*lines, ""]), encoding="utf8")
        return path

    return write


def test_columns_that_a_file_leaves_out_come_from_the_row_of_the_same_key():
    rows = complete_rows(pd.DataFrame({"grade": ["9", "5"], "mine": ["b", "new"]}), BASE, COLUMNS)
    assert rows.to_dict("list") == {"mine": ["b", "new"], "grade": ["9", "5"], "owner": ["", ""]}


def test_a_blank_in_a_column_that_stands_in_the_file_says_not_known():
    rows = complete_rows(pd.DataFrame({"mine": ["a"], "owner": [""]}), BASE, COLUMNS)
    assert rows.to_dict("list") == {"mine": ["a"], "grade": ["1"], "owner": [""]}


def test_a_column_of_no_table_is_kept_for_the_check_to_name():
    assert list(complete_rows(pd.DataFrame({"mine": ["a"], "colour": ["red"]}), BASE, COLUMNS)) == ["mine", "grade", "owner", "colour"]


def test_a_file_without_the_key_comes_back_as_it_is():
    frame = pd.DataFrame({"grade": ["1"]})
    assert complete_rows(frame, BASE, COLUMNS) is frame


def test_rows_are_changed_in_their_place_and_new_ones_come_last():
    rows = complete_rows(pd.DataFrame({"mine": ["new", "b"], "owner": ["n", "y"]}), BASE, COLUMNS)
    merged = stack_rows(BASE, rows, COLUMNS)
    assert merged.to_dict("list") == {"mine": ["a", "b", "c", "new"], "grade": ["1", "2", "", ""], "owner": ["x", "y", "z", "n"]}
    assert compare_rows(BASE, rows, COLUMNS).tolist() == ["added", "changed"]


def test_any_layer_laid_over_itself_stays_as_it_was(layers):
    for table, text in layers.texts.items():
        columns = read_columns(table)
        key = [column.name for column in columns if column.key]
        rows = complete_rows(text[key].iloc[::-1].reset_index(drop=True), text, columns)
        assert set(compare_rows(text, rows, columns)) == {"same"}, table
        assert_frame_equal(stack_rows(text, rows, columns), text.reset_index(drop=True), check_dtype=False)


def test_a_file_changes_its_rows_and_nothing_else(layers, write):
    path = write("tonnage.csv", "deposit_id,tonnage_million_t_mode,tonnage_million_t_low", "muslim-bagh,3.5,2")
    before = path.read_bytes()
    mine = read_layers(files={"deposits": path})
    was, now = layers["deposits"].set_index("deposit_id"), mine["deposits"].set_index("deposit_id")
    assert now.loc["muslim-bagh", "tonnage_million_t_mode"] == 3.5
    assert_frame_equal(now.drop("muslim-bagh"), was.drop("muslim-bagh"))
    same = [name for name in now if name not in {"tonnage_million_t_mode", "tonnage_million_t_low", "source_id"}]
    # the figure is the user's now, the rest of the row still that of its sources
    assert now.loc["muslim-bagh", "source_id"] == "user;" + was.loc["muslim-bagh", "source_id"]
    assert (now.loc["muslim-bagh", same].fillna("") == was.loc["muslim-bagh", same].fillna("")).all()
    assert mine.modified == (*layers.modified, "deposits")
    (change,) = mine.changes
    assert (change.table, change.file, change.changed, change.added) == ("deposits", "tonnage.csv", ("muslim-bagh",), ())
    assert change.sha256 == hashlib.sha256(before).hexdigest()
    assert str(change) == "deposits (1 row changed, 0 added by tonnage.csv)"
    assert path.read_bytes() == before
    for table in set(layers) - {"deposits"}:
        assert_frame_equal(mine[table], layers[table])


def test_files_may_refer_to_one_another(write):
    sources = write("s.csv", "source_id,title,kind,licence", "my-audit,Audit of 2026,judgement,own work")
    hazards = write("h.csv", "hazard_id,area_id,area_kind,hazard,value,unit,series,year,source_id",
                    "my-count,kech,district,attacks,4,attacks,own count,2026,my-audit")  # fmt: skip
    mine = read_layers(files={"hazards": hazards, "sources": sources})
    assert mine["hazards"].set_index("hazard_id").loc["my-count", "value"] == 4.0
    assert {change.table: change.added for change in mine.changes} == {"hazards": ("my-count",), "sources": ("my-audit",)}
    with pytest.raises(LayerError, match="my-audit"):
        read_layers(files={"hazards": hazards})


def test_a_new_row_needs_what_every_row_needs(write):
    path = write("new.csv", "deposit_id,name", "my-mine,My mine")
    with pytest.raises(LayerError) as caught:
        read_layers(files={"deposits": path})
    problems = caught.value.problems
    assert {(problem.file, problem.row) for problem in problems} == {("new.csv", 2)}
    assert {"province_id", "commodity_id", "source_id"} <= {problem.column for problem in problems}


def test_all_problems_of_all_files_are_told_at_once(write):
    files = {
        "deposits": write("d.csv", "deposit_id,tonnage_million_t_mode", "muslim-bagh,many"),
        "hazards": write("h.csv", "hazard_id,year", "peshawar-pga-psha-475-y-rock-2020,soon"),
    }
    with pytest.raises(LayerError) as caught:
        read_layers(files=files)
    assert [(problem.file, problem.column, problem.value) for problem in caught.value.problems] == [
        ("d.csv", "tonnage_million_t_mode", "many"), ("h.csv", "year", "soon"),
    ]


def test_a_folder_of_rows_may_stand_in_the_environment(layers, write, monkeypatch):
    folder = write("deposits.csv", "deposit_id,operator", "muslim-bagh,me").parent
    write("readme.md", "not a layer")
    monkeypatch.setenv("GEOKIT_LAYERS", str(folder))
    mine = read_layers()
    assert mine["deposits"].set_index("deposit_id").loc["muslim-bagh", "operator"] == "me"
    assert len(mine) == len(layers)
    nearer = write("other.csv", "deposit_id,operator", "muslim-bagh,you")
    nearer = nearer.rename(folder.parent / "other.csv")
    assert read_layers(files={"deposits": nearer})["deposits"].set_index("deposit_id").loc["muslim-bagh", "operator"] == "you"
    write("deposit.csv", "deposit_id", "x")
    with pytest.raises(LayerError, match=r"deposit\.csv"):
        read_layers()
    monkeypatch.setenv("GEOKIT_LAYERS", str(folder / "gone"))
    with pytest.raises(LayerError, match="GEOKIT_LAYERS"):
        read_layers()


def test_a_complete_copy_laid_over_changes_nothing(layers, tmp_path, monkeypatch):
    folder = shutil.copytree(layers.root, tmp_path / "copy")
    monkeypatch.setenv("GEOKIT_LAYERS", str(folder))
    mine = read_layers()
    assert mine.changes == ()
    assert mine.modified == layers.modified
    assert all(np.array_equal(mine.texts[table], layers.texts[table]) for table in layers)


def test_a_source_that_the_user_names_stays_alone(write):
    path = write("d.csv", "deposit_id,operator,source_id", "muslim-bagh,me,user")
    assert read_layers(files={"deposits": path})["deposits"].set_index("deposit_id").loc["muslim-bagh", "source_id"] == "user"


def test_a_row_that_says_what_the_layer_says_keeps_its_sources(layers, write):
    operator = layers["deposits"].set_index("deposit_id").loc["muslim-bagh", "province_id"]
    path = write("d.csv", "deposit_id,province_id", f"muslim-bagh,{operator}")
    assert_frame_equal(read_layers(files={"deposits": path})["deposits"], layers["deposits"])


@pytest.mark.parametrize("name", ["my_deposits.geojson", "old/deposits.csv"])
def test_no_file_of_the_folder_is_passed_over_in_silence(write, monkeypatch, name):
    folder = write("deposits.csv", "deposit_id,operator", "muslim-bagh,me").parent
    (folder / "old").mkdir()
    (folder / name).write_text("deposit_id,operator\nmuslim-bagh,you\n", encoding="utf8")
    monkeypatch.setenv("GEOKIT_LAYERS", str(folder))
    with pytest.raises(LayerError, match=r"my_deposits|same layer"):
        read_layers()


def test_the_file_that_is_about_to_be_checked_is_not_laid_over(layers, write, monkeypatch):
    bad = write("deposits.csv", "deposit_id,tonnage_million_t_mode", "muslim-bagh,many")
    monkeypatch.setenv("GEOKIT_LAYERS", str(bad.parent))
    with pytest.raises(LayerError, match="many"):
        read_layers()
    assert read_layers(skip=bad).modified == layers.modified
