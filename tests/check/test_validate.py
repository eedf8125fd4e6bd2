"""Every kind of fault that a layer can have is told, with its place and a remedy, and all of them at once."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.catalog import read_layers
from geokit.check.finding import Rows
from geokit.check.inspection import inspect_rows
from geokit.check.reference import Reference
from geokit.check.rules import find_disorder, find_headless, find_slipped_keys
from geokit.check.validate import check_names, read_folder
from geokit.core.errors import LayerError
from geokit.io.dictionary import list_dictionary, read_columns

NODE = {
    "node_id": "AAA", "name": "A", "kind_code": "city", "province_id": "north", "lat": "30", "lon": "66", "coord_precision_km": "3",
    "modes": "road|rail", "port_id": "", "has_rail_link": "no", "coord_basis": "", "source_id": "atlas", "confidence": "high",
    "date": "2024", "note": "",
}
KNOWN = {
    "sources.source_id": frozenset({"atlas", "gazette"}),
    "province_aliases.province_id": frozenset({"north", "south"}),
    "ports.port_id": frozenset({"XXPRT"}),
}
COLUMNS = list(NODE)


def check(*changes, known=KNOWN):
    """Check a table of nodes: one good row, and one more for each mapping of changes."""
    rows = [NODE, *({**NODE, "node_id": f"B{number}"} | change for number, change in enumerate(changes))]
    return inspect(pd.DataFrame(rows, columns=COLUMNS), "nodes", known=known)


def inspect(frame, table, known=KNOWN):
    """Return the problems of the rows of a table."""
    return inspect_rows(Rows(frame, table), Reference({}, known), place=f"{table}.csv")


def test_a_good_table_has_no_problem():
    assert check({}, {"modes": "road", "port_id": "XXPRT", "date": "2024-02-29", "source_id": "atlas;gazette"}) == []


@pytest.mark.parametrize(
    ("change", "place", "rule"),
    [
        ({"lat": "north"}, "nodes.csv, row 3, column lat", "not a number"),
        ({"lat": "nan"}, "nodes.csv, row 3, column lat", "not a number"),
        ({"lat": "1e999"}, "nodes.csv, row 3, column lat", "not a number"),
        ({"lat": "3_0"}, "nodes.csv, row 3, column lat", "not a number"),
        ({"lat": "95"}, "nodes.csv, row 3, column lat", "outside -90 to 90 deg"),
        ({"lat": "-9999"}, "nodes.csv, row 3, column lat", "code for a blank"),
        ({"coord_precision_km": "-99"}, "nodes.csv, row 3, column coord_precision_km", "code for a blank"),
        ({"lat": ""}, "nodes.csv, row 3, column lat", "blank but required"),
        ({"name": "  "}, "nodes.csv, row 3, column name", "blank but required"),
        ({"kind_code": "town"}, "nodes.csv, row 3, column kind_code", "not in the vocabulary"),
        ({"modes": "road|air"}, "nodes.csv, row 3, column modes", "not in the vocabulary"),
        ({"node_id": "AAA"}, "nodes.csv, row 3, column node_id", "repeats the key of row 2"),
        ({"port_id": "YYPRT"}, "nodes.csv, row 3, column port_id", "ports.port_id does not hold"),
        ({"province_id": "nord"}, "nodes.csv, row 3, column province_id", "province_aliases.province_id does not hold"),
        ({"source_id": "atlas;nobody"}, "nodes.csv, row 3, column source_id", "'nobody', which sources.source_id does not hold"),
        ({"source_id": ""}, "nodes.csv, row 3, column source_id", "has no source"),
        ({"date": "22.11.2026"}, "nodes.csv, row 3, column date", "not an ISO date"),
        ({"date": "2026-02-30"}, "nodes.csv, row 3, column date", "not an ISO date"),
    ],
)
def test_each_fault_of_a_cell_names_its_place_and_rule(change, place, rule):
    (problem,) = check(change)
    assert problem.place == place
    assert rule in problem.rule
    assert problem.remedy
    assert next(iter(change.values())) in problem.value or problem.value == ""


def test_minus_99_can_be_a_longitude():
    assert check({"lon": "-99"}) == []


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"province_id": "nort"}, "did you mean north"), ({"province_id": "North "}, "write north"),
        ({"kind_code": "Dry Port"}, "write dry_port"),
        ({"date": "22.11.2026"}, "write 2026-11-22"), ({"date": "3/4/2026"}, "write 2026-04-03 or 2026-03-04"),
        ({"date": "31/31/2026"}, "write YYYY-MM-DD"),
        ({"lat": "30,5"}, "write 30.5"), ({"source_id": "my own"}, "valid are: atlas, gazette"),
    ],
)  # fmt: skip
def test_a_near_miss_gets_a_hint(change, remedy):
    (problem,) = check(change)
    assert remedy in problem.remedy


def test_facts_of_ones_own_have_a_source_to_name():
    known = {**KNOWN, "sources.source_id": frozenset({"atlas", "user"})}
    assert "write user for facts of your own" in check({"source_id": "my own"}, known=known)[0].remedy
    assert check({"source_id": "user"}, known=known) == []


def test_hints_stop_where_a_whole_column_is_wrong():
    problems = check(*({"province_id": f"nort{number}"} for number in range(80)))
    assert len(problems) == 80
    assert sum("did you mean north" in problem.remedy for problem in problems) == 50
    assert all("province_aliases.province_id" in problem.remedy for problem in problems[50:])


def test_an_empty_row_is_one_problem():
    (problem,) = check(dict.fromkeys(COLUMNS, ""))
    assert (problem.row, problem.rule) == (3, "is an empty row")


def test_packaged_layers_have_neither_errors_nor_doubts(layers):
    found = read_folder(layers.root, thorough=True)
    assert (found.problems, found.doubts) == ((), ())


def test_doubts_of_a_folder_are_looked_for_on_request(folder, edit):
    edit("deposits/deposits.csv", "muslim-bagh,", "another-bagh,")
    lines = (folder / "deposits" / "deposits.csv").read_text(encoding="utf8").splitlines()
    row = next(line for line in lines if line.startswith("another-bagh,"))
    edit("deposits/deposits.csv", row, f"{row.replace('another-bagh', 'muslim-bagh', 1)}\n{row}")
    assert read_folder(folder).doubts == ()
    doubts = read_folder(folder, thorough=True).doubts
    assert [problem.column for problem in doubts] == ["name", "deposit_id"]
    assert "may be the same as" in doubts[0].rule
    assert "feeds no stage" in doubts[1].rule


def test_an_unknown_column_is_told_with_the_one_it_means():
    frame = pd.DataFrame([NODE]).rename(columns={"lat": "latt"})
    (problem,) = check_names(frame, read_columns("nodes"), "nodes.csv")
    assert (problem.value, problem.remedy) == ("latt", "did you mean lat?")


def test_a_figure_of_the_layer_that_breaks_the_order_is_named():
    cells = {"tonnage_million_t_low": ["3"], "tonnage_million_t_mode": ["1.5"], "tonnage_million_t_high": ["6"]}
    rows = Rows(pd.DataFrame(cells), "deposits")
    told = [finding.remedy for given in (None, set(cells), {"tonnage_million_t_mode"}) for finding in find_disorder(rows, given)]
    kept = "tonnage_million_t_low 3 and tonnage_million_t_high 6"
    assert told == ["sort the figures", "sort the figures", f"the layer's {kept} stay, give those columns too"]


def test_a_foreign_key_into_a_table_that_was_not_read_goes_unchecked():
    assert check({"port_id": "YYPRT"}, known={key: ids for key, ids in KNOWN.items() if key != "ports.port_id"}) == []


def test_a_whole_number_is_whole():
    row = {"alias": "x", "district_ids": "", "n_districts": "1.5", "province_id": "", "used_in": "", "source_id": "atlas", "note": ""}
    (problem,) = inspect(pd.DataFrame([row]), "district_aliases")
    assert "whole number" in problem.rule


def test_a_boolean_is_true_or_false(folder, edit):
    edit("controls/clauses.csv", ",true,", ",yes,")
    with pytest.raises(LayerError, match="neither true nor false"):
        read_layers(folder)


@pytest.mark.parametrize(
    ("figures", "wrong"),
    [(("1", "2", "3"), False), (("1", "", "3"), False), (("", "", ""), False), (("2", "2", "2"), False),
     (("2", "1", "3"), True), (("1", "4", "3"), True), (("3", "", "1"), True)],
)
def test_low_mode_high_are_in_order(figures, wrong):
    row = dict.fromkeys(("charge_id", "commodity", "item"), "x") | dict(zip(("low", "mode", "high"), figures, strict=True))
    frame = pd.DataFrame([row | {"confidence": "high", "source_id": "atlas"}])
    problems = inspect(frame, "charges")
    assert [("out of order" in problem.rule) for problem in problems] == [True] * wrong


def test_one_error_tells_the_problems_of_all_files(folder, edit):
    edit("deposits/deposits.csv", "deposit_id,old_id", "deposit_id,elder_id")
    edit("sites/sites.csv", "\ngwadar-free-zone-south,", "\n,")
    edit("network/nodes.csv", ",24.8607,67.0011,", ",67.0011,24.8607,")
    (folder / "risk" / "hazards.csv").write_bytes(b"")
    with pytest.raises(LayerError) as caught:
        read_layers(folder)
    told = str(caught.value)
    assert "deposits/deposits.csv, row 1, column elder_id" in told
    assert "sites/sites.csv, row 2, column site_id" in told
    assert "lat and lon look swapped" in told
    assert "risk/hazards.csv: '' is an empty file" in told
    assert len(caught.value.problems) >= 4


def test_an_absent_column_is_told(folder, edit):
    edit("network/nodes.csv", ",lat,", ",latt,")
    assert any("absent" in problem.rule and problem.value == "lat" for problem in read_folder(folder).problems)


FAMILIES = [
    (table, stem)
    for table in list_dictionary()
    for stem in (column.name.removesuffix("_low") for column in read_columns(table) if column.name.endswith("_low"))
    if {f"{stem}_mode", f"{stem}_high"} <= {column.name for column in read_columns(table)}
]
QUOTED = {"products"}
"""Its ranges stand as the source prints them."""


@pytest.mark.parametrize(("table", "stem"), FAMILIES)
@pytest.mark.parametrize(
    ("figures", "rules"),
    [(("1", "", "3"), ["no {}_mode"]), (("3", "2", "1"), ["out of order"]), (("1", "2", "3"), []), (("", "2", ""), []), (("", "", ""), [])],
)
def test_every_range_of_the_dictionary_has_its_mode_and_its_order(table, stem, figures, rules):
    rows = Rows(pd.DataFrame({f"{stem}_{end}": [cell] for end, cell in zip(("low", "mode", "high"), figures, strict=True)}), table)
    found = [*find_headless(rows), *find_disorder(rows)]
    assert len(found) == (0 if table in QUOTED and "" in figures else len(rules))
    for finding, rule in zip(found, rules, strict=False):
        assert rule.format(stem) in finding.rule
        assert (finding.row, finding.is_doubt) == (0, False)
        assert finding.remedy


@pytest.mark.parametrize(("table", "column"), [("deposits", "tonnage_million_t"), ("cost_models", "capex_usd_per_tpa")])
def test_one_end_alone_is_a_bound_where_the_layers_say_at_least(table, column):
    frame = pd.DataFrame({f"{column}_low": ["1"], f"{column}_mode": [""], f"{column}_high": [""]})
    assert list(find_headless(Rows(frame, table))) == []
    frame = pd.DataFrame({"delay_months_low": ["1"], "delay_months_mode": [""], "delay_months_high": [""]})
    assert len(list(find_headless(Rows(frame, "operations")))) == 1


@pytest.mark.parametrize(
    ("table", "key", "remedy"),
    [
        ("deposits", "New Hill", "write new-hill"), ("deposits", "a|b", "write a-b"), ("deposits", " hill", "write hill"),
        ("deposits", "-", "write lower-case letters and digits"), ("deposits", "x--y", "write x-y"),
        ("sources", "my book", "write my-book"), ("nodes", "A/B", "write a-b"),
        ("deposits", "new-hill", ""), ("deposit_feeds", "new-hill:smelt", ""), ("prices", "gold_bar", ""), ("sources", "My-2026", ""),
        ("nodes", "XYZ", ""),
    ],
)  # fmt: skip
def test_an_id_has_the_form_of_its_column(table, key, remedy):
    (name,) = [column.name for column in read_columns(table) if column.key]
    told = inspect(pd.DataFrame({name: [key]}), table)
    assert [problem.remedy for problem in told] == [remedy] * bool(remedy)
    assert all(problem.column == name and not problem.is_doubt for problem in told)


@pytest.mark.parametrize("key", ["saindak ", "Saindak", "SAINDAK", " saindak"])
def test_an_id_that_is_a_known_one_but_for_case_or_blanks_is_an_error(key):
    base = pd.DataFrame({"deposit_id": ["saindak", "duddar"]})
    (finding,) = find_slipped_keys(Rows(pd.DataFrame({"deposit_id": ["duddar", key, "new"]}), "deposits"), base)
    assert (finding.row, finding.value, finding.remedy, finding.is_doubt) == (1, key, "write saindak", False)
    assert list(find_slipped_keys(Rows(base, "deposits"), base)) == []


def test_a_folder_without_boundaries_says_that_places_were_not_checked(folder):
    (folder / "boundaries" / "provinces.geojson").unlink()
    told = [problem for problem in read_folder(folder).doubts if "provinces.geojson" in problem.file]
    assert [problem.is_doubt for problem in told] == [True]
    assert "was not checked" in told[0].rule


def test_a_missing_table_is_told_and_the_remedy_is_a_whole_folder(folder):
    (folder / "network" / "links.csv").unlink()
    with pytest.raises(LayerError, match=r"network/links\.csv.*complete set"):
        read_layers(folder)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(LayerError, match="no folder of layers"):
        read_layers(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty file"),
        (b"  \n\n", "empty file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL"),
        (b"area_id,hazard\nqu\xe9tta,pga\n", "not UTF-8"),
        (b"area_id;hazard;value\na;b;1\n", "separator is not a comma"),
        (b"area_id\thazard\na\tb\n", "separator is not a comma"),
        (b"area_id,hazard\na,b,c\n", "3 cells, the header has 2"),
        (b"area_id,hazard\na\n", "1 cells, the header has 2"),
        (b"area_id,area_id\na,b\n", "twice in the header"),
        (b"area_id,\na,b\n", "without a name"),
        (b'area_id,hazard\n"a,b\n', "not comma-separated"),
        (b'area_id,hazard\n"a"b,c\n', "not comma-separated"),
        (b'area_id,hazard\n"' + b"x" * 200_000 + b'",b\n', "not comma-separated"),
        ("area_id,hazard\na,b\n".encode("utf-16"), "NUL"),
    ],
)
def test_a_hostile_file_is_one_of_the_problems(folder, content, rule):
    (folder / "risk" / "hazards.csv").write_bytes(content)
    with pytest.raises(LayerError) as caught:
        read_layers(folder)
    assert any("risk/hazards.csv" in problem.place and rule in f"{problem.rule} {problem.value}" for problem in caught.value.problems)


def test_a_folder_in_the_place_of_a_file_is_told(folder):
    (folder / "risk" / "hazards.csv").unlink()
    (folder / "risk" / "hazards.csv").mkdir()
    with pytest.raises(LayerError, match="is a folder"):
        read_layers(folder)


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        ("[1, 2", ["is no JSON"]),
        ("[]", ["no JSON object"]),
        ("{}", ["no version", "no date of verification", "no list of resources"]),
        ('{"version": "1", "verified_on": "soon", "resources": [3]}', ["no date of verification", "no list of resources"]),
    ],
)
def test_a_broken_data_package_is_told(folder, content, rules):
    (folder / "datapackage.json").write_text(content, encoding="utf8")
    with pytest.raises(LayerError) as caught:
        read_layers(folder)
    assert len(caught.value.problems) == len(rules)
    assert all(rule in str(caught.value) for rule in rules)


def test_a_folder_without_a_data_package_is_not_complete(folder):
    (folder / "datapackage.json").unlink()
    with pytest.raises(LayerError, match=r"datapackage\.json"):
        read_layers(folder)


def test_a_byte_order_mark_and_windows_line_ends_are_read(folder):
    path = folder / "risk" / "hazards.csv"
    before = len(read_layers(folder)["hazards"])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read_layers(folder)["hazards"]) == before > 0
