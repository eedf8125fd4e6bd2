"""A user's file comes out as text, whatever its format, and what is no such file is told, not raised."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from geokit.io import sheet as sheet_module
from geokit.io.foreign import FORMATS, read_foreign
from tests.io.formats import WRITERS, write_book, write_map

TABLE = pd.DataFrame({"id": ["a", "007", "c"], "word": ["caf\u00e9, \u0631\u06cc", "", 'two\nlines "x"'], "lat": ["30.25", "-1.5", "0.1"],
    "lon": ["66", "67.125", "-68"]})
BEFORE = {"csv": "id,word\n", "geojson": '{"type": "FeatureCollection", "features": []}'}
WANTED = ("mines",)


def read(path, **options):
    """Read a file that has nothing wrong."""
    found = read_foreign(path, WANTED, **options)
    assert found.problems == ()
    return found.frame


def change(path, *statements):
    """Change a GeoPackage with SQL, without the triggers that need functions of its writer."""
    base = sqlite3.connect(path)
    for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        base.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        base.execute(statement)
    base.commit()
    base.close()


def complain(path, **options):
    """Return the only problem of a file."""
    found = read_foreign(path, WANTED, **options)
    (problem,) = found.problems
    assert problem.file == path.name
    assert problem.remedy
    return problem


@pytest.fixture(params=WRITERS)
def kind(request):
    return request.param


@pytest.fixture
def write(tmp_path):
    """Return a function that writes bytes or text into a file and returns its path."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_every_format_is_one_that_the_tests_write():
    assert {f".{kind}" for kind in WRITERS} == set(FORMATS)


def test_every_format_gives_the_same_cells(tmp_path, kind):
    path = tmp_path / f"mines.{kind}"
    WRITERS[kind](TABLE, path)
    frame = read(path)
    assert frame[list(TABLE)].to_dict("list") == TABLE.to_dict("list")
    assert frame.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize("kind", sorted(set(WRITERS) - {"csv"}))
def test_typed_columns_become_the_words_of_the_data_dictionary(tmp_path, kind):
    typed = pd.DataFrame(
        {
            "id": ["a", "b"], "whole": [3, 4], "figure": [0.1, 2.0], "gap": [1.5, np.nan], "big": [1.5e300, 12345678.0],
            "truth": [True, False], "lat": [30.0, 31.0], "lon": [66.0, 67.0],
        }
    )  # fmt: skip
    path = tmp_path / f"mines.{kind}"
    WRITERS[kind](typed.astype(object).where(typed.notna(), None) if kind == "xlsx" else typed, path)
    assert read(path)[list(typed)].to_dict("list") == {
        "id": ["a", "b"], "whole": ["3", "4"], "figure": ["0.1", "2"], "gap": ["1.5", ""], "big": ["1.5e+300", "12345678"],
        "truth": ["true", "false"], "lat": ["30", "31"], "lon": ["66", "67"],
    }


def test_dates_become_iso(tmp_path):
    frame = pd.DataFrame({"day": [dt.date(2026, 11, 22), None],
        "hour": [dt.datetime(2026, 11, 22, 4, 5), dt.datetime(2026, 11, 22)]})  # noqa: DTZ001  naive as in files
    frame.to_parquet(tmp_path / "mines.parquet")
    assert read(tmp_path / "mines.parquet").to_dict("list") == {"day": ["2026-11-22", ""], "hour": ["2026-11-22T04:05:00", "2026-11-22"]}
    write_book(tmp_path / "mines.xlsx", {"Sheet1": [["day"], ['<c r="?" s="1"><v>46348</v></c>']]})
    assert read(tmp_path / "mines.xlsx")["day"].tolist() == ["2026-11-22"]


def test_lists_in_parquet_become_ids(tmp_path):
    pd.DataFrame({"ids": [["a", "b"], [], ["c"]]}).to_parquet(tmp_path / "mines.parquet")
    assert read(tmp_path / "mines.parquet")["ids"].tolist() == ["a|b", "", "c"]


def test_infinity_and_words_for_a_blank_are_left_for_the_check_to_name(tmp_path, write):
    pd.DataFrame({"figure": [np.inf, 1.0], "word": ["NULL", "nan"]}).to_parquet(tmp_path / "mines.parquet")
    assert read(tmp_path / "mines.parquet").to_dict("list") == {"figure": ["inf", "1"], "word": ["NULL", "nan"]}
    feature = '{"type": "Feature", "geometry": null, "properties": {"figure": 1e999, "word": "\\ud800"}}'
    path = write("mines.geojson", f'{{"type": "FeatureCollection", "features": [{feature}]}}')
    assert read(path).to_dict("list") == {"figure": ["inf"], "word": ["\ufffd"]}


def test_blank_rows_at_the_end_and_columns_without_name_or_cell_are_left_out(tmp_path, write):
    write_book(tmp_path / "mines.xlsx", {"Sheet1": [["id", None, "word", " "], ["a", None, "x"], [None, None, " "], ["", "", ""]]})
    assert read(tmp_path / "mines.xlsx").to_dict("list") == {"id": ["a", ""], "word": ["x", " "]}
    assert read(write("mines.csv", "id,word\na,x\n,\n,\n")).to_dict("list") == {"id": ["a"], "word": ["x"]}


def test_a_cell_keeps_its_row_when_rows_above_it_are_blank(tmp_path):
    write_book(tmp_path / "mines.xlsx", {"Sheet1": [["id", "word"], [None], ["b", "x"]]})
    assert read(tmp_path / "mines.xlsx")["id"].tolist() == ["", "b"]


@pytest.mark.parametrize(
    ("rows", "rule"),
    [([[None], ["id"], ["a"]], "without a name"), ([["id", "id"], ["a", "b"]], "twice"), ([["id", None], ["a", "b"]], "without a name"),
    ([], "header")],
)
def test_a_header_that_names_no_columns_is_told_in_every_format(tmp_path, rows, rule):
    write_book(tmp_path / "mines.xlsx", {"Sheet1": rows})
    found = read_foreign(tmp_path / "mines.xlsx", WANTED)
    assert any(rule in problem.rule for problem in found.problems)
    assert found.frame.columns.empty


def test_errors_of_a_spreadsheet_are_cells_and_not_blanks(tmp_path):
    rows = [["id", "figure"], ["a", '<c r="?" t="e"><v>#DIV/0!</v></c>'], ["b", '<c r="?"><f>1+1</f><v>2</v></c>'],
        ["c", '<c r="?" t="str"><f>""</f><v></v></c>']]
    write_book(tmp_path / "mines.xlsx", {"Sheet1": rows})
    assert read(tmp_path / "mines.xlsx")["figure"].tolist() == ["#DIV/0!", "2", ""]


@pytest.mark.parametrize("cell", ['<c r="?"><f>1+1</f><v></v></c>', '<c r="?"><f>1+1</f></c>', '<c r="?" s="1"><f>SUM(A1)</f><v/></c>'])
def test_a_formula_that_was_never_computed_is_told(tmp_path, cell):
    write_book(tmp_path / "mines.xlsx", {"Sheet1": [["id", "figure"], ["a", cell]]})
    problem = complain(tmp_path / "mines.xlsx")
    assert (problem.value, problem.row) == ("B2", 2)
    assert "without its result" in problem.rule


def test_a_formula_that_was_never_computed_hides_no_other_row(tmp_path):
    write_book(tmp_path / "mines.xlsx", {"Sheet1": [["id", "figure"], ["a", '<c r="?"><f>1+1</f></c>'], ["b", "7"]]})
    found = read_foreign(tmp_path / "mines.xlsx", WANTED)
    assert [problem.row for problem in found.problems] == [2]
    assert found.frame["figure"].tolist() == ["", "7"]


@pytest.mark.parametrize("kind", ["xlsx", "gpkg"])
def test_the_sheet_that_is_named_after_the_layer_is_read_else_the_only_one(tmp_path, kind):
    path = tmp_path / f"x.{kind}"

    def fill(*names):
        path.unlink(missing_ok=True)
        if kind == "xlsx":
            return write_book(path, {name: [["id"], [name]] for name in names})
        for name in names:
            gpd.GeoDataFrame({"id": [name]}, geometry=[shapely.Point(66, 30)], crs="EPSG:4326").to_file(path, layer=name)
        return None

    fill("other")
    assert read(path)["id"].tolist() == ["other"]
    fill("other", "Mines")
    found = read_foreign(path, WANTED)
    assert (found.frame["id"].tolist(), found.sheet) == (["Mines"], "Mines")
    fill("other", "another")
    problem = complain(path)
    assert "2 sheets" in problem.rule
    assert {"other", "another"} == set(problem.value.split(", "))


def test_a_hidden_sheet_is_not_read(tmp_path):
    write_book(tmp_path / "mines.xlsx", {"other": [["id"], ["a"]], "notes": [["id"], ["b"]]})
    shown = zipfile.ZipFile(tmp_path / "mines.xlsx")
    book = shown.read("xl/workbook.xml").replace(b'name="notes"', b'name="notes" state="hidden"')
    write_book(tmp_path / "x.xlsx", {"other": [["id"], ["a"]], "notes": [["id"], ["b"]]}, {"xl/workbook.xml": book})
    assert read(tmp_path / "x.xlsx")["id"].tolist() == ["a"]


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "parquet"])
@pytest.mark.parametrize("crs", ["EPSG:32641", "EPSG:3857", "EPSG:24378"])
def test_points_of_another_reference_system_are_brought_to_degrees(tmp_path, kind, crs):
    east, north = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(63.5, 29.25)
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(east, north)], crs=crs)
    path = tmp_path / f"mines.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "gpkg":
        frame.to_file(path)
    else:
        tree = json.loads(frame.to_json(to_wgs84=False))
        path.write_text(json.dumps(tree | {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs[5:]}"}}}),
            encoding="utf8")
    row = read(path).iloc[0]
    assert float(row["lat"]) == pytest.approx(29.25, abs=2e-6)
    assert float(row["lon"]) == pytest.approx(63.5, abs=2e-6)


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "parquet"])
def test_a_polygon_gives_a_point_inside_and_a_blank_shape_gives_none(tmp_path, kind):
    ring = shapely.Polygon([(60, 20), (70, 20), (70, 30), (60, 30), (60, 28), (68, 28), (68, 22), (60, 22)])
    bow = shapely.Polygon([(60, 20), (62, 22), (62, 20), (60, 22)])
    frame = gpd.GeoDataFrame({"id": ["a", "b", "c", "d"]}, geometry=[ring, None, shapely.LineString([(60, 20), (62, 20)]), bow],
        crs="EPSG:4326")
    path = tmp_path / f"mines.{kind}"
    frame.to_parquet(path) if kind == "parquet" else frame.to_file(path)
    found = read(path)
    points = [shapely.Point(float(lon), float(lat)) for lat, lon in zip(found["lat"], found["lon"], strict=True) if lat]
    assert found["lat"].tolist()[1] == found["lon"].tolist()[1] == ""
    assert not ring.contains(ring.centroid)
    assert ring.contains(points[0])
    assert points[1].distance(frame.geometry[2]) < 1e-6
    assert bow.bounds[0] <= points[2].x <= bow.bounds[2]


def test_columns_of_the_file_count_before_its_shapes(tmp_path):
    frame = gpd.GeoDataFrame({"id": ["a"], "lat": ["1"], "lon": ["2"]}, geometry=[shapely.Point(66, 30)], crs="EPSG:4326")
    frame.to_file(tmp_path / "mines.gpkg")
    found = read_foreign(tmp_path / "mines.gpkg", WANTED)
    assert found.frame[["lat", "lon"]].to_numpy().tolist() == [["1", "2"]]
    assert found.placed == ()


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("kind", ["gpkg", "parquet"])
@pytest.mark.parametrize(("spot", "is_doubt"), [((66.0, 30.0), True), ((500_000.0, 3_200_000.0), False)])
def test_a_missing_reference_system_is_told(tmp_path, kind, spot, is_doubt):
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(spot)])
    path = tmp_path / f"mines.{kind}"
    frame.to_parquet(path) if kind == "parquet" else frame.to_file(path)
    found = read_foreign(path, WANTED)
    (problem,) = found.problems
    assert "no reference system" in problem.rule
    assert problem.is_doubt is is_doubt
    assert found.frame[["lat", "lon"]].to_numpy().tolist() == [["30", "66"] if is_doubt else ["", ""]]


def test_a_geopackage_is_read_as_geopandas_reads_it(tmp_path):
    rng = np.random.default_rng(7)
    frame = gpd.GeoDataFrame(
        {"id": [f"m{number}" for number in range(40)], "figure": rng.normal(size=40), "day": pd.Timestamp("2026-11-22")},
        geometry=gpd.points_from_xy(rng.uniform(60, 70, 40), rng.uniform(20, 30, 40), z=1.0), crs="EPSG:4326",
    )  # fmt: skip
    frame.to_file(tmp_path / "mines.gpkg")
    ours, theirs = read(tmp_path / "mines.gpkg"), gpd.read_file(tmp_path / "mines.gpkg")  # noqa: TID251  the other reader to compare with
    assert ours["id"].tolist() == theirs["id"].tolist()
    assert ours["figure"].astype(float).tolist() == theirs["figure"].tolist()
    assert ours["lon"].astype(float).tolist() == theirs.geometry.x.tolist()
    assert ours["lat"].astype(float).tolist() == theirs.geometry.y.tolist()


def test_text_in_a_column_for_figures_stays_text(tmp_path):
    frame = gpd.GeoDataFrame({"figure": [1.5, 2.5]}, geometry=[shapely.Point(66, 30)] * 2, crs="EPSG:4326")
    frame.to_file(tmp_path / "mines.gpkg")
    change(tmp_path / "mines.gpkg", "UPDATE mines SET figure = 'about two' WHERE fid = 2")
    assert read(tmp_path / "mines.gpkg")["figure"].tolist() == ["1.5", "about two"]


def test_reading_leaves_the_file_and_its_folder_as_they_were(tmp_path, kind):
    path = tmp_path / f"mines.{kind}"
    WRITERS[kind](TABLE, path)
    path.chmod(0o444)
    before = {one.name: (hashlib.sha256(one.read_bytes()).hexdigest(), one.stat().st_mtime_ns) for one in tmp_path.iterdir()}
    read(path)
    assert {one.name: (hashlib.sha256(one.read_bytes()).hexdigest(), one.stat().st_mtime_ns) for one in tmp_path.iterdir()} == before


def test_a_geopackage_that_another_program_holds_open_is_read_without_a_lock(tmp_path):
    path = tmp_path / "mines.gpkg"
    write_map(TABLE, path)
    change(path)
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("BEGIN IMMEDIATE")
    before = sorted(one.name for one in tmp_path.iterdir())
    assert len(read(path)) == 3
    assert sorted(one.name for one in tmp_path.iterdir()) == before
    other.execute("UPDATE mines SET word = 'new'")
    other.rollback()
    other.close()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"", "an empty file"),
        (b"\xff\xfei\0d\0,\0", "UTF-16"),
        (b"\x1f\x8b\x08\0", "a gzip archive"),
    ],
)
def test_a_file_of_another_kind_is_told_by_what_it_is(write, kind, content, rule):
    assert rule in complain(write(f"mines.{kind}", content)).rule


def test_a_file_cut_short_is_told(tmp_path, kind):
    path = tmp_path / f"mines.{kind}"
    WRITERS[kind](TABLE, path)
    whole = path.read_bytes()
    for length in range(20, len(whole) - 1, max(len(whole) // 25, 1)):
        path.write_bytes(whole[:length])
        found = read_foreign(path, WANTED)
        assert found.problems or kind in {"csv", "gpkg"}, length


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("{", "is no GEOJSON file"), ("[]", "no GeoJSON feature collection"), ('{"type": "Feature"}', "no GeoJSON feature collection"),
        ('{"type": "FeatureCollection", "features": [3]}', "no GeoJSON feature collection"),
        ('{"type": "FeatureCollection", "features": [{"properties": [1]}]}', "no GeoJSON feature collection"),
        ("[" * 100_000, "is no GEOJSON file"), ("9" * 10_000, "is no GEOJSON file"),
    ],
)  # fmt: skip
def test_json_that_is_no_map_is_told(write, content, rule):
    assert rule in complain(write("mines.geojson", content)).rule


def write_features(*properties):
    """Return a GeoJSON of features without a place."""
    features = [{"type": "Feature", "geometry": None, "properties": one} for one in properties]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_a_property_that_a_feature_lacks_is_told_and_not_read_as_a_blank(write):
    whole = {"id": "a", "tonnage_million_t_mode": 2.5, "grade_value": None}
    problem = complain(write("mines.geojson", write_features(whole, {"id": "b", "grade_value": 1})))
    assert (problem.value, problem.row) == ("tonnage_million_t_mode", 3)
    assert "feature 2" in problem.rule
    assert "null" in problem.remedy
    assert read(write("mines.geojson", write_features(whole, {**whole, "id": "b"})))["grade_value"].tolist() == ["", ""]


@pytest.mark.parametrize("lacking", [{}, None])
def test_a_feature_without_any_property_lacks_them_all(write, lacking):
    assert complain(write("mines.geojson", write_features(lacking, {"id": "a", "word": "x"}))).value == "id, word"


def test_of_many_features_that_lack_a_property_the_first_are_told_and_the_rest_counted(write):
    found = read_foreign(write("mines.geojson", write_features({"id": "a", "word": "x"}, *[{"id": "b"}] * 30)), WANTED)
    assert len(found.problems) == 21
    assert found.problems[-1].value == "10"


def test_a_literal_that_is_no_json_stays_for_the_check_to_refuse(write):
    path = write("mines.geojson", write_features({"id": "a", "figure": float("nan")}, {"id": "b", "figure": 1.5}))
    assert "NaN" in path.read_text(encoding="utf8")
    assert read(path)["figure"].tolist() == ["NaN", "1.5"]


def test_a_folder_a_missing_file_and_a_strange_ending_are_told(tmp_path, write):
    (tmp_path / "mines.csv").mkdir()
    assert "folder" in complain(tmp_path / "mines.csv").rule
    assert "no file" in complain(tmp_path / "nothing.csv").rule
    for name in ("mines.shp", "mines.xls", "mines", "mines.csv.gz"):
        problem = complain(write(name, b"x"))
        assert "no format" in problem.rule
        assert "GPKG" in problem.remedy


def test_bytes_that_are_no_utf8_stay_marked_in_their_cells(write):
    frame = read(write("mines.csv", b"id,word\na,caf\xe9\nb,caf\xc3\xa9\n"))
    assert frame["word"].tolist() == ["caf\uf7e9", "caf\u00e9"]


def test_a_geopackage_with_bytes_that_are_no_utf8_is_read(tmp_path):
    write_map(TABLE, tmp_path / "mines.gpkg")
    change(tmp_path / "mines.gpkg", "UPDATE mines SET word = CAST(X'636166E9' AS TEXT) WHERE fid = 1")
    assert read(tmp_path / "mines.gpkg")["word"].iloc[0] == "caf\uf7e9"


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_parsed(tmp_path):
    write_book(tmp_path / "mines.xlsx", {"Sheet1": [["id"], ["a" * 3_000_000]]})
    assert (tmp_path / "mines.xlsx").stat().st_size < 20_000
    assert "unpacks to more than 1 MB" in complain(tmp_path / "mines.xlsx", max_unpacked=1_000_000).rule
    assert len(read(tmp_path / "mines.xlsx", max_unpacked=4_000_000)) == 1


def test_a_workbook_whose_header_lies_about_its_size_is_refused(tmp_path):
    path = tmp_path / "mines.xlsx"
    write_book(path, {"Sheet1": [["id"], ["a" * 3_000_000]]})
    whole = path.read_bytes()
    size = zipfile.ZipFile(path).getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    path.write_bytes(whole.replace(size, (100).to_bytes(4, "little")))
    assert complain(path, max_unpacked=1_000_000)


def test_a_parquet_file_that_unpacks_to_too_much_is_refused(tmp_path):
    pd.DataFrame({"id": ["a" * 1000] * 20_000}).to_parquet(tmp_path / "mines.parquet")
    assert (tmp_path / "mines.parquet").stat().st_size < 100_000
    assert "unpacks to more than 1 MB" in complain(tmp_path / "mines.parquet", max_unpacked=1_000_000).rule


def test_a_large_file_is_refused_by_its_size(tmp_path, kind):
    WRITERS[kind](TABLE, tmp_path / f"mines.{kind}")
    assert "is more than" in complain(tmp_path / f"mines.{kind}", max_bytes=50).rule


@pytest.mark.parametrize("place", ["XFD1048576", "AAA900000", "A99999999"])
def test_one_cell_in_the_far_corner_does_not_fill_the_memory(tmp_path, place):
    write_book(tmp_path / "mines.xlsx", {"Sheet1": [["id"], [f'<c r="{place}"><v>1</v></c>']]})
    assert "spans more than" in complain(tmp_path / "mines.xlsx").rule


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "parquet"])
def test_too_many_cells_are_refused(tmp_path, kind, monkeypatch):
    WRITERS[kind](TABLE, tmp_path / f"mines.{kind}")
    for name in ("geojson", "geopackage", "parquet"):
        monkeypatch.setattr(f"geokit.io.{name}.MAX_CELLS", 3)
    assert "more than 3 cells" in complain(tmp_path / f"mines.{kind}").rule
    assert sheet_module.MAX_CELLS > 3


def test_macros_pictures_and_links_to_other_files_are_left_out(tmp_path):
    extra = {"xl/externalLinks/externalLink1.xml": b"<broken", "xl/vbaProject.bin": b"\xd0\xcf", "xl/media/image1.png": b"\x89PNG" * 100}
    write_book(tmp_path / "mines.xlsx", {"Sheet1": [["id"], ["a"]]}, extra)
    assert read(tmp_path / "mines.xlsx")["id"].tolist() == ["a"]


def test_a_view_that_never_ends_is_no_layer(tmp_path):
    path = tmp_path / "mines.gpkg"
    write_map(TABLE, path)
    change(
        path,
        "CREATE VIEW forever AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "UPDATE gpkg_contents SET table_name = 'forever', identifier = 'forever', data_type = 'attributes'",
    )
    assert "holds no table" in complain(path).rule
