"""A stranger's file with ten planted errors gets ten named problems, the same from every format; a clean file gets none."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
import tracemalloc

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geokit.catalog.check_file import check_file, check_rows, read_rows
from geokit.core.errors import UnknownNameError
from tests.io.formats import WRITERS, write_book

GOOD = {
    "deposit_id": "kot-0", "name": "Alphakot", "province_id": "balochistan", "district": "Chagai", "lat": "29.3", "lon": "64.2",
    "coord_accuracy_km": "0.5", "coord_kind": "point", "commodity_id": "copper", "deposit_type": "porphyry", "status_code": "prospect",
    "resource_class": "none", "historical_estimate": "false", "tonnage_million_t_mode": "", "grade_value": "", "grade_unit": "",
    "source_id": "judgement", "confidence": "low",
}  # fmt: skip
NAMES = (
    "Bravo", "Candle", "Dorado", "Ember", "Falcon", "Garnet", "Harbor", "Indigo", "Jasper", "Kestrel", "Lantern", "Meadow", "Nimbus",
    "Orchid", "Pillar", "Quiver", "Rudder", "Saddle", "Timber", "Umbra",
)  # fmt: skip
"""Unlike one another, for rows that lie near each other."""
SWAT = {"lat": "34.9", "lon": "72.4", "district": "Swat"}
PLANTED = (
    ({"lat": "64.2", "lon": "29.3"}, "lat, lon", "outside the study area", "exchange them"),
    ({"name": "Gunga", "lat": "26.7447", "lon": "66.5347", "district": "Khuzdar"}, "lat, lon", "is 1 degree of latitude away", "27.7447"),
    ({"lat": "25.5", "lon": "68.5", "district": "Lasbela"}, "lat, lon", "lies in sindh", "province_id sindh"),
    ({"commodity_id": "antimony", "grade_value": "75", "grade_unit": "% Sb"}, "grade_value", "more than stibnite (Sb2S3) can hold",
    "correct"),
    ({"tonnage_million_t_mode": "0"}, "tonnage_million_t_mode", "is nought", "leave it blank"),
    ({"province_id": "NWFP", **SWAT}, "province_id", "names 'NWFP'", "write khyber-pakhtunkhwa"),
    ({"commodity_id": "Stibnite ore"}, "commodity_id", "names 'Stibnite ore'", ""),
    ({"name": "Muslimbagh", "lat": "30.83", "lon": "67.8", "district": "Qila Saifullah"}, "name", "may be the same as", "parent_id"),
    ({"name": "Caf\u00c3\u00a9 prospect"}, "name", "read in another encoding", "Caf\u00e9 prospect"),
    ({"name": '=HYPERLINK("http://x.org","Alpha hill")'}, "name", "begins like a formula", "write Alpha hill"),
)
"""What is changed in a good row, and the column, rule and remedy that must be told."""
OTHERS = (
    ({"tonnage_million_t_mode": "nan"}, "tonnage_million_t_mode", "not a number", "leave it blank"),
    ({"tonnage_million_t_mode": "-9999"}, "tonnage_million_t_mode", "code for a blank", "leave it blank"),
    ({"tonnage_million_t_mode": "1,200.5"}, "tonnage_million_t_mode", "not a number", "write 1200.5"),
    ({"tonnage_million_t_mode": "7,5"}, "tonnage_million_t_mode", "not a number", "write 7.5"),
    ({"tonnage_million_t_mode": "45 Mt"}, "tonnage_million_t_mode", "not a number", "write 45 alone"),
    ({"tonnage_million_t_mode": "9999"}, "tonnage_million_t_mode", "looks like a code", "leave it blank"),
    ({"historical_estimate": "yes"}, "historical_estimate", "neither true nor false", "write true"),
    ({"name": "<img src=x onerror=alert(1)>"}, "name", "HTML", "plain words"),
    ({"name": "Sind\u202ekot"}, "name", "control sign U+202E", "remove"),
    ({"name": "Sind\ufffdkot"}, "name", "lost a letter", "original"),
    ({"name": "x" * 600}, "name", "600 signs", "shorten"),
    ({"name": "N/A"}, "name", "word for a blank", "leave it blank"),
    ({"deposit_type": "?"}, "deposit_type", "word for a blank", "leave it blank"),
    ({"source_id": "my-notes"}, "source_id", "names 'my-notes'", "write user"),
    ({"status_code": "Prospekt"}, "status_code", "not in the vocabulary", "prospect"),
    ({"commodity_id": "Cu"}, "commodity_id", "names 'Cu'", "write copper"),
)


def lay_out(planted):
    """Return a frame of one good row and one with each fault."""
    apart = [{"deposit_id": f"kot-{n}", "name": NAMES[n], "lon": f"{64.2 + 0.03 * n:.2f}"} for n in range(1, len(planted) + 1)]
    rows = [GOOD, *({**GOOD, **one, **change} for one, (change, *_) in zip(apart, planted, strict=True))]
    return pd.DataFrame(rows)


def match(problems, planted):
    """Compare problems, one a row from row 3 on, with what was planted."""
    told = [(problem.row, problem.column) for problem in problems]
    assert told == [(row, column) for row, (_, column, *_) in enumerate(planted, 3)]
    for problem, (_, _, rule, remedy) in zip(problems, planted, strict=True):
        assert rule in problem.rule
        assert remedy in problem.remedy


@pytest.fixture(scope="module")
def known(layers):
    """Return the layers with the old names of provinces, and with a stage for each of our own deposits."""
    aliases = layers.texts["province_aliases"]
    old = {"NWFP": "khyber-pakhtunkhwa", "FATA": "khyber-pakhtunkhwa", "Northern Areas": "gilgit-baltistan", "Baluchistan": "balochistan"}
    rows = pd.DataFrame([{"alias": alias, "province_id": meant} for alias, meant in old.items() if alias not in set(aliases["alias"])])
    feeds, ours = layers.texts["deposit_feeds"], pd.DataFrame({"deposit_id": [f"kot-{number}" for number in range(2000)]})
    added = {"province_aliases": pd.concat([aliases, rows]).fillna(""), "deposit_feeds": pd.concat([feeds, ours]).fillna("")}
    return dataclasses.replace(layers, texts={**layers.texts, **added})


@pytest.fixture
def check(known, tmp_path):
    """Return a function that writes a frame in some format, checks it and returns the problems."""

    def call(frame, kind="csv", name="deposits", **options):
        path = tmp_path / f"{name}.{kind}"
        WRITERS[kind](frame, path)
        return check_file(path, known, **options)

    return call


@pytest.mark.parametrize("kind", WRITERS)
def test_ten_planted_errors_get_ten_named_problems_in_every_format(check, kind):
    checked = check(lay_out(PLANTED), kind)
    assert checked.table == "deposits"
    match(checked.problems, PLANTED)
    assert [problem.row for problem in checked.problems if problem.is_doubt] == [4, 10]


@pytest.mark.parametrize("kind", WRITERS)
def test_other_faults_are_named_as_well(check, kind):
    match(check(lay_out(OTHERS), kind).problems, OTHERS)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_clean_file_has_no_problem(check, kind):
    checked = check(lay_out([({"tonnage_million_t_mode": "12.5", "grade_value": "71.6", "grade_unit": "% Sb", "commodity_id": "antimony",
        "historical_estimate": "true"},)]), kind)
    assert checked.problems == ()
    assert checked.frame["tonnage_million_t_mode"].tolist() == ["", "12.5"]


@pytest.mark.parametrize("kind", WRITERS)
def test_the_file_and_its_folder_stay_as_they_were(check, tmp_path, known, kind):
    check(lay_out(PLANTED), kind)
    path = tmp_path / f"deposits.{kind}"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    check_file(path, known)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_every_packaged_layer_laid_over_itself_is_clean(layers):
    for table, frame in layers.texts.items():
        errors = [problem for problem in check_rows(frame, table, layers, place=table) if not problem.is_doubt]
        assert errors == [], table


@pytest.mark.parametrize(
    ("old", "meant"),
    [("NWFP", "khyber-pakhtunkhwa"), ("Fata", "khyber-pakhtunkhwa"), ("northern areas", "gilgit-baltistan"), ("BALUCHISTAN", "balochistan"),
     ("Balochistn", "balochistan"), ("Khyber Pakhtunkhwa", "khyber-pakhtunkhwa"), ("KP", "khyber-pakhtunkhwa")],
)  # fmt: skip
def test_an_unknown_province_gets_the_nearest_known(check, old, meant):
    (problem,) = [one for one in check(lay_out([({"province_id": old},)])).problems if one.column == "province_id"]
    assert meant in problem.remedy


def test_a_known_row_needs_only_what_it_changes(check, known):
    checked = check(pd.DataFrame({"deposit_id": ["muslim-bagh"], "operator": ["me"]}))
    assert checked.problems == ()
    assert checked.given == ("deposit_id", "operator")
    row = known.texts["deposits"].set_index("deposit_id").loc["muslim-bagh"]
    assert checked.frame.set_index("deposit_id").loc["muslim-bagh"].drop("operator").equals(row.drop("operator"))


def test_a_new_row_needs_all_that_is_required_and_an_absent_column_is_told_once(check):
    checked = check(pd.DataFrame({"deposit_id": ["muslim-bagh", "kot-1", "kot-2"], "name": ["Muslim Bagh", "Newkot", "Otherkot"]}))
    assert {problem.row for problem in checked.problems} == {3}
    assert {"province_id", "source_id", "commodity_id"} <= {problem.column for problem in checked.problems}
    assert len({problem.column for problem in checked.problems}) == len(checked.problems)


def test_a_mistyped_key_is_one_problem_and_not_a_column_each(check):
    checked = check(pd.DataFrame({"deposit_id": ["muslim-bgh", "Muslim Bagh", "duddar"], "operator": ["me", "me", "me"]}))
    assert [(problem.row, problem.column, problem.remedy) for problem in checked.problems] == [
        (2, "deposit_id", "did you mean muslim-bagh?"), (3, "deposit_id", "did you mean muslim-bagh?"),
    ]  # fmt: skip
    assert not any(problem.is_doubt for problem in checked.problems)


def test_a_key_like_several_or_none_and_a_whole_row_are_new(check):
    few = check(pd.DataFrame({"deposit_id": ["reko-diq-h", "kot-1"], "operator": ["me", "me"]})).problems
    assert {problem.row for problem in few if not problem.is_doubt} == {2}
    assert len([problem for problem in few if problem.rule.startswith("is absent")]) > 5
    whole = check(lay_out([({"deposit_id": "muslim-bgh"},)])).problems
    assert ["feeds no stage" in problem.rule for problem in whole] == [True]


def test_a_packaged_figure_that_breaks_the_order_is_named(check, known):
    row = known.texts["deposits"].set_index("deposit_id").loc["muslim-bagh"]
    mode = f"{float(row['tonnage_million_t_low']) / 2:g}"
    (problem,) = check(pd.DataFrame({"deposit_id": ["muslim-bagh"], "tonnage_million_t_mode": [mode]})).problems
    assert problem.remedy == f"the layer's tonnage_million_t_low {row['tonnage_million_t_low']} stays, give that column too"


def test_a_packaged_tonnage_handed_in_as_tonnes_is_doubted(check, known):
    row = known.texts["deposits"].set_index("deposit_id").loc["muslim-bagh"]
    columns = [f"tonnage_million_t_{one}" for one in ("low", "mode", "high")]
    tonnes = {name: [f"{1e6 * float(row[name]):.0f}"] for name in columns if row[name]}
    problems = check(pd.DataFrame({"deposit_id": ["muslim-bagh"], **tonnes})).problems
    assert {problem.column for problem in problems} == set(tonnes)
    assert all(problem.is_doubt and "1,000,000 times" in problem.rule for problem in problems)


ODD = (
    ({"tonnage_million_t_mode": "4500000", "resource_class": "JORC"}, "tonnage_million_t_mode", "looks like tonnes, not million tonnes"),
    ({"grade_value": "0.004", "grade_unit": "% Cu", "deposit_type": "Porphyry Cu (17)"}, "grade_value", "a fraction taken as per cent?"),
    ({"grade_value": "5", "grade_unit": "% Sb"}, "grade_unit", "counts Sb"),
    ({"tonnage_million_t_mode": "5"}, "historical_estimate", "is a historical estimate"),
    ({"district": "Thatta"}, "district", "lies in sindh"),
    ({"district": "Chagaii"}, "district", "no district"),
    ({"deposit_id": "unfed"}, "deposit_id", "feeds no stage"),
    ({"lon": "64.205"}, "name", "one deposit under two names"),
)
"""What no rule forbids: the change in a good row, and the column and words of the doubt."""


def test_odd_rows_are_doubted_and_break_no_rule(check):
    problems = check(lay_out(ODD)).problems
    assert [(problem.row, problem.column) for problem in problems] == [(row, column) for row, (_, column, _) in enumerate(ODD, 3)]
    assert all(problem.is_doubt and words in problem.rule for problem, (_, _, words) in zip(problems, ODD, strict=True))


def test_a_figure_without_its_unit_is_an_error(check):
    (problem,) = check(lay_out([({"grade_value": "5"},)])).problems
    assert (problem.column, problem.is_doubt) == ("grade_unit", False)


def test_a_wrong_province_and_a_place_outside_it_are_told_in_one_round(check):
    told = check(lay_out([({"province_id": "Baluchistan", "lat": "25.5", "lon": "68.5", "district": "Lasbela"},)])).problems
    assert [problem.column for problem in told] == ["province_id", "lat, lon"]


def test_stages_handed_in_beside_the_deposits_count(known):
    frame, feeds = lay_out([({"deposit_id": "unfed"},)]).astype(str), known.texts["deposit_feeds"]
    more = dataclasses.replace(known, texts={**known.texts, "deposit_feeds": pd.concat([feeds, pd.DataFrame({"deposit_id": ["unfed"]})])})
    rules = [[one.rule for one in check_rows(frame, "deposits", facts, place="x", before=known)] for facts in (known, more)]
    assert rules == [["feeds no stage, so it changes no ranking"], []]


def test_the_headings_of_others_say_the_layer_and_what_it_needs(check):
    frame = pd.DataFrame({"Name": ["Alphakot"], "Latitude": ["29.3"], "Longitude": ["64.2"], "Commodity": ["copper"],
        "Tonnage (t)": ["5000"]})
    checked = check(frame, name="my prospects")
    assert checked.table == ""
    first, *rest = checked.problems
    assert first.remedy == "say so with --as deposits"
    remedies = {problem.column: problem.remedy for problem in rest}
    assert remedies["Latitude"] == "write lat"
    assert remedies["Tonnage (t)"] == "write tonnage_million_t_mode, divided by 1,000,000"
    assert not {"name", "lat", "commodity_id"} & set(remedies)
    assert "prospect, resource" in remedies["status_code"]
    assert remedies["historical_estimate"].endswith("Write one of: true, false")
    assert "historic" in remedies["resource_class"]
    assert "Write an id of province_aliases: azad-jammu-kashmir, balochistan" in remedies["province_id"]
    assert remedies["source_id"].endswith("or user for facts of your own")
    assert "deposit_id" in remedies
    named = check(frame, name="my prospects", table="deposits").problems
    assert {problem.column for problem in named} >= set(remedies)


def test_a_known_row_that_moved_by_one_degree_is_doubted(check, known):
    row = known.texts["deposits"].set_index("deposit_id").loc["duddar"]
    moved = f"{float(row['lon']) + 0.1:.4f}"
    (problem,) = check(pd.DataFrame({"deposit_id": ["duddar"], "lat": [row["lat"]], "lon": [moved]})).problems
    assert problem.is_doubt
    assert "0.1 degree of longitude" in problem.rule


def test_rows_may_refer_to_one_another(check):
    parts = pd.DataFrame([GOOD, {**GOOD, "deposit_id": "kot-1", "name": "Alphakot south", "lon": "64.3"}]).assign(parent_id=["", "kot-0"],
        parent_kind=["", "sub_body"])
    assert check(parts).problems == ()
    (problem,) = check(parts.assign(parent_id=["", "kot-9"])).problems
    assert problem.column == "parent_id"


def test_a_name_of_the_file_a_sheet_the_columns_or_the_user_say_which_layer(check, known, tmp_path):
    frame = lay_out([])
    assert check(frame, name="my rows").table == "deposits"
    assert check(frame.rename(columns={"deposit_id": "id"}), name="my rows", table="deposits").table == "deposits"
    write_book(tmp_path / "x.xlsx", {"Deposits": [list(frame), *frame.to_numpy().tolist()], "notes": [["a"], ["b"]]})
    assert check_file(tmp_path / "x.xlsx", known).table == "deposits"
    with pytest.raises(UnknownNameError, match="deposits"):
        check(frame, table="deposit")


def test_rows_of_no_layer_are_told_with_the_nearest(check):
    checked = check(pd.DataFrame({"name": ["a"], "height": ["1"], "colour": ["red"]}), name="deposit list")
    assert checked.table == ""
    (problem,) = checked.problems
    assert "--as" in problem.remedy
    assert "deposits" in problem.remedy


def test_a_column_of_no_layer_is_told_with_the_nearest(check):
    (problem,) = check(lay_out([]).assign(Operater="me")).problems
    assert (problem.row, problem.column) == (1, "Operater")
    assert "operator" in problem.remedy


def test_a_ragged_row_is_told_and_the_others_are_checked_all_the_same(known, tmp_path):
    path = tmp_path / "deposits.csv"
    lay_out([({"lat": "nan"},), ({"lat": "north"},)]).to_csv(path, index=False)
    lines = path.read_text(encoding="utf8").splitlines()
    path.write_text("\n".join([*lines[:2], "a,b", *lines[2:], ""]), encoding="utf8")
    assert [(problem.row, problem.column) for problem in check_file(path, known).problems] == [(3, ""), (4, "lat"), (5, "lat")]


def test_bytes_of_another_encoding_are_told_with_their_cell_and_a_guess(known, tmp_path):
    path = tmp_path / "deposits.csv"
    path.write_bytes(lay_out([]).to_csv(index=False).encode().replace(b"Alphakot", b"Alph\xe9 \x96 kot"))
    (problem,) = check_file(path, known).problems
    assert (problem.row, problem.column, problem.value) == (2, "name", "Alph\u00e9 \u2013 kot")
    assert "0xe9" in problem.rule


def test_an_empty_row_is_one_problem(known, tmp_path):
    path = tmp_path / "deposits.csv"
    header, row = lay_out([]).to_csv(index=False).splitlines()
    path.write_text("\n".join([header, "," * header.count(","), row, ""]), encoding="utf8")
    (problem,) = check_file(path, known).problems
    assert (problem.row, problem.rule) == (2, "is an empty row")


def test_a_file_without_rows_is_told(known, tmp_path):
    path = tmp_path / "deposits.csv"
    path.write_text("deposit_id,name\n", encoding="utf8")
    (problem,) = check_file(path, known).problems
    assert problem.rule == "has no row"


def test_the_point_of_a_map_is_dropped_where_the_layer_has_none(known, tmp_path):
    frame = gpd.GeoDataFrame({"source_id": ["my-audit"], "title": ["Audit"], "kind": ["judgement"], "licence": ["own work"]},
        geometry=[shapely.Point(66, 30)], crs="EPSG:4326")
    frame.to_file(tmp_path / "sources.gpkg")
    assert check_file(tmp_path / "sources.gpkg", known).problems == ()


def test_what_is_told_of_a_hostile_file_can_be_shown_anywhere(known, tmp_path):
    path = tmp_path / "deposits.csv"
    frame = lay_out([]).assign(**{"\x1b[31mred": "x\x07"})
    frame.loc[0, "name"] = "\x1b]0;title\x07\u202e" + "y" * 5000
    frame.to_csv(path, index=False)
    problems = check_file(path, known).problems
    assert len(problems) >= 2
    for problem in problems:
        words = "".join(str(word) for word in problem.as_dict().values())
        assert not set(words) & set("\x1b\x07\u202e")
        assert len(words) < 1000


def test_a_folder_without_boundaries_is_not_checked_for_the_study_area(known, tmp_path):
    shutil.copytree(known.root / "deposits", tmp_path / "bare" / "deposits")
    bare = dataclasses.replace(known, root=tmp_path / "bare")
    frame = lay_out([({"lat": "64.2", "lon": "29.3"},)])
    frame.to_csv(tmp_path / "deposits.csv", index=False)
    assert [problem for problem in check_file(tmp_path / "deposits.csv", bare).problems if not problem.is_doubt] == []


def test_reading_alone_tells_only_what_concerns_the_form(known, tmp_path):
    path = tmp_path / "deposits.csv"
    lay_out(PLANTED).to_csv(path, index=False)
    assert read_rows(path, known).problems == ()
    assert len(check_rows(read_rows(path, known).frame, "deposits", known, place="deposits.csv")) == len(PLANTED)


def test_one_endless_cell_does_not_fill_the_memory(known, tmp_path):
    rows = pd.concat([lay_out([])] * 2000, ignore_index=True)
    rows = rows.assign(deposit_id=[f"kot-{number}" for number in range(2000)], name=[f"Kot {number}" for number in range(2000)])
    rows = rows.assign(lat="", lon="", coord_kind="none")
    rows.loc[7, ["deposit_id", "name"]] = ["x" * 100_000, "y" * 100_000]
    rows.to_csv(tmp_path / "deposits.csv", index=False)
    tracemalloc.start()
    problems = check_file(tmp_path / "deposits.csv", known).problems
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6
    assert [(problem.row, problem.column) for problem in problems] == [(9, "deposit_id"), (9, "name")]
