"""A user's rows over a layer: known keys change rows, new keys add rows, nothing else moves."""

from __future__ import annotations

import hashlib
import shutil

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from geokit.catalog import read_layers
from geokit.catalog.check_file import read_rows
from geokit.catalog.overlay import adopt_writing, compare_rows, complete_rows, stack_rows
from geokit.core.columns import Column
from geokit.core.errors import LayerError
from geokit.io.dictionary import read_columns
from geokit.io.read import type_columns
from tests.io.formats import WRITERS

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


@pytest.mark.parametrize(
    ("kind", "ours", "same", "other"),
    [
        ("number", "0.5", ["0.50", " .5 ", "5e-1", "0.5000000000000001"], ["0.51", "", "0,5", "half"]),
        ("integer", "-3", ["-3.0", "-03"], ["3", "-3.1"]),
        ("number", "", ["", " "], ["0", "nan"]),
        ("boolean", "true", ["True", "TRUE", "1", "1.0"], ["false", "0", ""]),
        ("date", "2026-11-22", ["2026-11-22 00:00:00", "2026-11-22T00:00", "2026-11-22T00:00:00.000000+00:00"], ["2026-11"]),
        ("date", "2026-11-22", [], ["2026-11-22 12:00:00", "2026-11-22T00:00:01"]),
        ("date", "2026", ["2026.0"], ["2026-01-01", "2027"]),
        ("ids", "a;b", ["a|b", "a; b"], ["b;a", "a"]),
        ("text", "7", ["7.0"], ["07", "7.1", " 7"]),
        ("text", "2.10", [], ["2.1", "2.100"]),
        ("text", "one\ntwo", ["one\r\ntwo"], ["one two"]),
        ("text", "", [""], [" ", "0"]),
    ],
)
def test_one_value_in_two_ways_of_writing_is_no_change(kind, ours, same, other):
    columns = (Column("mine", key=True), Column("cell", type=kind))
    base = pd.DataFrame({"mine": ["a"], "cell": [ours]})
    for text in (*same, *other):
        rows = adopt_writing(pd.DataFrame({"mine": ["a"], "cell": [text]}), base, columns)
        assert rows["cell"].tolist() == [ours if text in same else text]


def test_a_key_is_found_however_it_is_written_and_never_doubled():
    columns = (Column("stage", key=True), Column("order", type="integer", key=True), Column("name"))
    base = pd.DataFrame({"stage": ["s", "s"], "order": ["1", "2"], "name": ["crush", "float"]})
    rows = pd.DataFrame({"order": ["2.0", "3", "3.0"], "stage": ["s", "s", "s"], "name": ["sieve", "dry", "bag"]})
    adopted = adopt_writing(rows, base, columns)
    assert adopted["order"].tolist() == ["2", "3", "3"]
    assert stack_rows(base, complete_rows(adopted[:2], base, columns), columns).to_dict("list") == {
        "stage": ["s", "s", "s"], "order": ["1", "2", "3"], "name": ["crush", "sieve", "dry"],
    }


def type_as_programs_do(text, columns):
    """Return a layer as a program keeps it: figures as floats, truths as truths, whole dates as dates, blanks as nothing."""
    frame = type_columns(text, columns).astype(object)
    for column in (column for column in columns if column.name in text):
        if column.type == "boolean":
            frame[column.name] = frame[column.name].map({"true": True, "false": False, "": None})
        if column.type == "date" and frame[column.name].str.fullmatch(r"\d{4}-\d\d-\d\d").all():
            frame[column.name] = pd.to_datetime(frame[column.name])
    return frame.where(frame.notna() & (frame != ""), None)


def write_typed(frame, path):
    """Write a frame in the format that the path names; a workbook gets its dates as ISO text."""
    if path.suffix == ".xlsx":
        frame = frame.map(lambda cell: f"{cell:%Y-%m-%d}" if isinstance(cell, pd.Timestamp) else cell)
    WRITERS[path.suffix[1:]](frame.infer_objects() if path.suffix == ".parquet" else frame, path)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_every_layer_typed_by_a_program_and_laid_back_is_unchanged(layers, tmp_path, ending):
    for table, text in layers.texts.items():
        columns, path = read_columns(table), tmp_path / f"{table}.{ending}"
        write_typed(type_as_programs_do(text, columns).iloc[::-1], path)
        rows = read_rows(path, layers)
        assert (rows.problems, rows.table) == ((), table)
        assert set(compare_rows(text, rows.frame, columns)) == {"same"}, table
        assert_frame_equal(stack_rows(text, rows.frame, columns), text.reset_index(drop=True), check_dtype=False)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_one_changed_figure_in_a_typed_file_is_one_changed_row(layers, tmp_path, ending):
    text, columns = layers.texts["operations"], read_columns("operations")
    frame = type_as_programs_do(text, columns)
    column = next(one.name for one in columns if not one.key and one.type == "text" and not (one.refers_to or one.allowed))
    frame.loc[4, column] = "mine"
    write_typed(frame, tmp_path / f"operations.{ending}")
    (change,) = read_layers(files={"operations": tmp_path / f"operations.{ending}"}).changes
    assert (len(change.changed), change.added) == (1, ())


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
    assert mine.modified == tuple(sorted({*layers.modified, "deposits"}))
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


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("my_deposits.geojson", "my_deposits.geojson: 'my_deposits.geojson' is no layer of rows"),
        ("deposits/deposits.csv", "deposits.csv: 'deposits.csv' holds rows for the same layer as deposits/deposits.csv"),
        ("deposits.parquet", "deposits.parquet: 'deposits.parquet' holds rows for the same layer as deposits.csv"),
        ("old/hazards.csv", "'hazards.csv' lies where no layer is looked for; move it to the top of the folder or into risk/"),
        ("risk/2025/hazards.csv", "risk/2025/hazards.csv: 'hazards.csv' lies where no layer is looked for"),
        ("risk/hazards.xls", "risk/hazards.xls: 'hazards.xls' is no format that is read; save it as CSV"),
        ("criteria.csv", "criteria.csv: 'criteria.csv' is no layer of rows"),
        ("boundaries/provinces.geojson", "'provinces.geojson' differs from the file of the layers, and only rows can be laid over"),
        ("terrain/hillshade.json", "'hillshade.json' differs from the file of the layers"),
    ],
)
def test_no_file_of_the_folder_is_passed_over_in_silence_or_read_twice(write, monkeypatch, name, told):
    folder = write("deposits.csv", "deposit_id,operator", "muslim-bagh,me").parent
    monkeypatch.setenv("GEOKIT_LAYERS", str(folder))
    assert read_layers().changes
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("deposit_id,operator\nmuslim-bagh,you\n", encoding="utf8")
    with pytest.raises(LayerError) as caught:
        read_layers()
    assert told in str(caught.value)
    assert len(caught.value.problems) == 1


def test_rows_may_lie_flat_or_in_the_folder_of_their_theme_beside_notes(write, monkeypatch):
    folder = write("deposits.csv", "deposit_id,operator", "muslim-bagh,me").parent
    for name in (".deposits.csv", "~$deposits.xlsx", "notes.txt", "datapackage.json", ".git/deposits.csv"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("no rows", encoding="utf8")
    (folder / "risk").mkdir()
    (folder / "risk" / "hazards.csv").write_text("hazard_id,note\npeshawar-pga-psha-475-y-rock-2020,mine\n", encoding="utf8")
    monkeypatch.setenv("GEOKIT_LAYERS", str(folder))
    assert {change.table: len(change.changed) for change in read_layers().changes} == {"deposits": 1, "hazards": 1}


def test_the_file_that_is_about_to_be_checked_is_not_laid_over(layers, write, monkeypatch):
    bad = write("deposits.csv", "deposit_id,tonnage_million_t_mode", "muslim-bagh,many")
    monkeypatch.setenv("GEOKIT_LAYERS", str(bad.parent))
    with pytest.raises(LayerError, match="many"):
        read_layers()
    assert read_layers(skip=bad).modified == layers.modified
