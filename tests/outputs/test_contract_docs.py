"""The page of the output contract is the data dictionary, word for word."""

from __future__ import annotations

import csv
import importlib.util
import re
from pathlib import Path

import pytest

from geokit.io.dictionary import list_dictionary, read_columns
from geokit.outputs.export import CONTRACT_VERSION, TABLES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "outputs.md"
FOLDER = ROOT / "geokit" / "core" / "columns"


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf8")


@pytest.fixture(scope="module")
def sections(page):
    """Return the lines of the page under the name of each table."""
    parts = re.split(r"^## (\w+)\.csv$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.splitlines() for part in parts[2::2]), strict=True))


def test_the_page_is_what_its_recipe_writes(page, tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("contract_docs", ROOT / "recipes" / "contract_docs.py")
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    monkeypatch.setattr(recipe, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    recipe.main()
    written = (tmp_path / "docs" / "outputs.md").read_text(encoding="utf8")
    assert page == written, "run python recipes/contract_docs.py"


def test_the_page_tells_every_table_in_the_order_of_the_run_and_its_version(page, sections):
    assert tuple(sections) == TABLES
    assert f"version {CONTRACT_VERSION} " in page


@pytest.mark.parametrize("table", TABLES)
def test_every_column_stands_on_the_page_with_its_meaning(sections, table):
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in sections[table] if line.startswith("| `")]
    told = {name.strip("`"): (key, kind, unit, meaning) for name, key, kind, unit, meaning in rows}
    assert list(told) == [column.name for column in read_columns(table)]
    for column in read_columns(table):
        key, kind, unit, meaning = told[column.name]
        assert (key == "key", kind, unit) == (column.key, column.type, column.unit)
        assert meaning == column.description.strip()


@pytest.mark.parametrize("table", TABLES)
def test_a_meaning_is_a_whole_sentence_of_its_own(table):
    for column in read_columns(table):
        assert re.fullmatch(r"[A-Z].{4,}[^,;: ]", column.description), f"{column.name}: {column.description!r}"
        assert "|" not in column.description


@pytest.mark.parametrize("table", list_dictionary())
def test_no_comma_cuts_a_row_of_the_dictionary_short(table):
    """A description with a comma and without quotes loses its end, and nobody notices."""
    with (FOLDER / f"{table}.csv").open(newline="", encoding="utf8") as file:
        head, *rows = csv.reader(file, strict=True)
    assert [row for row in rows if len(row) != len(head)] == []


@pytest.mark.parametrize("table", TABLES)
def test_a_figure_of_the_contract_has_a_unit_unless_it_counts_places(table):
    places = {"rank", "rank_before", "tier", "rank_as_law_stands", "rank_as_practised"}
    bare = {column.name for column in read_columns(table) if column.type in {"number", "integer"} and not column.unit}
    assert bare <= places
