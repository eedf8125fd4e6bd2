"""The page of the layers is what the layers say: written by its recipe, complete, and with a small map for what has a place."""

from __future__ import annotations

import importlib
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from geokit.catalog import list_layers
from geokit.catalog.check_file import check_file
from geokit.io.dictionary import read_columns

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "layers.md"
MAPS = ROOT / "docs" / "layers"
LONGEST, LARGEST = 1800, 40_000
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def recipe():
    """Return the module that writes the page, and forget it afterwards."""
    sys.path.insert(0, str(ROOT / "recipes"))
    yield importlib.import_module("layer_docs")
    sys.path.remove(str(ROOT / "recipes"))
    for name in ("layer_docs", "layer_maps"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf8")


@pytest.fixture(scope="module")
def sections(page):
    """Return the text under the heading of each layer."""
    parts = re.split(r"^### (\w+)$", page.split("\n## Conflicting figures")[0], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_page_and_the_maps_are_what_the_recipe_writes(recipe, page, tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "ROOT", tmp_path)
    recipe.main()
    assert page == (tmp_path / "docs" / "layers.md").read_text(encoding="utf8"), "run python recipes/layer_docs.py"
    written = {path.name: path.read_bytes() for path in (tmp_path / "docs" / "layers").iterdir()}
    assert written == {path.name: path.read_bytes() for path in MAPS.iterdir()}, "run python recipes/layer_docs.py"


def test_every_layer_has_a_section_with_its_limits_sources_and_terms(layers, sections):
    listing = list_layers(layers).set_index("layer")
    assert list(sections) == listing.index.tolist()
    for name, text in sections.items():
        assert "**Limits.** " in text, name
        assert "**Sources.** " in text, name
        assert f"**Terms.** {listing.loc[name, 'licence']}." in text, name


def test_every_figure_stands_in_the_section_of_its_layer(layers, sections):
    for name in layers:
        figures = [column for column in read_columns(name) if column.type in {"number", "integer"}]
        table = [line for line in sections[name].splitlines() if line.startswith("| ")][1:]
        assert sum(len(line.split(" | ")[0].split(" / ")) for line in table) == len(figures), name


def test_counts_of_filled_cells_are_those_of_the_table(layers, sections):
    tonnage = next(line for line in sections["deposits"].splitlines() if line.startswith("| `tonnage_million_t`"))
    table = layers["deposits"]
    filled = table[[f"tonnage_million_t_{side}" for side in ("low", "mode", "high")]].notna().any(axis=1).sum()
    assert f"| {filled} of {len(table)} |" in tonnage
    planned = table["status_code"].isin(["feasibility", "construction"]).sum()
    assert f" of {planned} planned |" in next(line for line in sections["deposits"].splitlines() if line.startswith("| `first_ore_year`"))


def test_the_page_says_in_words_how_little_is_known(layers, page):
    table = layers["deposits"]
    tonnage = table.filter(regex="^tonnage_million_t_").notna().any(axis=1)
    high, both = table["confidence"] == "high", tonnage & table["grade_value"].notna()
    for words in (
        f"Of {len(table)} deposits {tonnage.sum()} have a tonnage of any kind, and {both.sum()} a tonnage and a grade",
        f"Of {high.sum()} rows of high confidence {(high & ~tonnage).sum()} have no tonnage",
        f"{(table['coord_kind'] == 'town_proxy').sum()} of the latitudes and longitudes are those of a town near by",
    ):
        assert words in page


def test_the_sentence_on_our_own_word_counts_the_rows(recipe, layers, page):
    shares = [recipe.rest_on_us(layers, name) for name in layers]
    own, sourced = sum(int(share.sum()) for share in shares), sum(map(len, shares))
    assert f"{own:,} of the {sourced:,} rows that name sources rest on nothing else" in page


def test_every_table_names_its_required_columns_and_its_vocabularies(layers, sections):
    for name in layers:
        for column in read_columns(name):
            if column.required or column.key or column.allowed:
                words = f"`{column.name}` ({', '.join(column.allowed)})" if column.allowed else f"`{column.name}`"
                assert words in sections[name], (name, column.name)


@pytest.mark.parametrize("name", ["deposits", "deposit_feeds", "sites", "prices"])
def test_a_template_passes_the_check_of_a_stranger_s_file(recipe, layers, sections, tmp_path, name):
    path = tmp_path / f"{name}.csv"
    path.write_text(recipe.TEMPLATES[name].strip() + "\n", encoding="utf8")
    assert path.read_text(encoding="utf8") in sections[name]
    problems = [problem for problem in check_file(path, layers, table=name).problems if not problem.is_doubt]
    assert problems == []


def test_a_conflict_names_the_column_of_each_figure(page):
    line = next(line for line in page.splitlines() if line.startswith("| gunga tonnage |"))
    assert "`project_tonnage_million_t` 69 million t;" in line
    assert "`tonnage_million_t_mode` 69 million t (project ore" in line
    line = next(line for line in page.splitlines() if line.startswith("| reko diq tonnage |"))
    assert "`tonnage_million_t_mode` 3,040 million t (derived by us" in line


def test_figures_of_several_units_are_not_thrown_together(sections):
    for line in sections["prices"].splitlines():
        if line.startswith("| ") and "| see unit |" in line:
            assert "| units differ |" in line


def test_lines_of_credit_stand_on_the_page(layers, page):
    for line in layers["resources"]["attribution"]:
        assert line in page


def test_every_link_inside_the_page_leads_somewhere(page):
    heads = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= heads
    files = {target for target in re.findall(r"\]\(([^)#]+)\)", page) if not target.startswith("http")}
    assert [target for target in files if not (PAGE.parent / target).exists()] == []


def test_the_page_is_no_longer_than_a_reader_can_bear(page):
    assert page.count("\n") < LONGEST


def test_cells_of_every_table_stand_below_their_heads(page):
    for block in re.findall(r"(?:^\|.*\n)+", page, flags=re.MULTILINE):
        assert len({line.count("|") - line.count(r"\|") for line in block.splitlines()}) == 1, block.splitlines()[0]


def test_what_has_a_place_has_a_map(sections):
    drawn = {path.stem for path in MAPS.iterdir()}
    assert drawn >= {"deposits", "sites", "nodes", "links", "provinces"}
    assert drawn == {name for name, text in sections.items() if f"(layers/{name}.svg)" in text}


@pytest.mark.parametrize("path", sorted(MAPS.glob("*.svg")), ids=lambda path: path.stem)
def test_a_map_is_small_plain_and_whole(path):
    assert path.stat().st_size < LARGEST
    picture = ET.parse(path).getroot()  # noqa: S314  our own file
    assert picture.get("viewBox") == "0 0 360 300"
    assert {node.tag.removeprefix(SVG) for node in picture.iter()} <= {"svg", "rect", "g", "path", "text"}
    assert all(re.fullmatch(r"[MLlhvz\d .-]*", node.get("d")) for node in picture.iter(f"{SVG}path"))
    words = [node.text for node in picture.iter(f"{SVG}text")]
    assert "Natural Earth" in words[-1]
    assert all(words)


def test_a_map_shows_one_dot_a_place(recipe, layers):
    """Three known places, one of them a stand-in: two full dots, and one dot with a lighter one on top."""
    table = layers["deposits"].iloc[:4].assign(
        lon=[62.0, 65.0, 70.0, float("nan")], lat=[29.0, 30.0, 33.0, float("nan")], coord_kind=["point", "point", "town_proxy", "none"]
    )
    maps = sys.modules[recipe.draw_layer.__module__]
    text = maps._draw_table(layers, table)
    dots = re.findall(r'd="([^"]+)" stroke="[^"]+" stroke-width="[\d.]+" stroke-linecap="round"', text)
    assert [path.count("M") for path in dots] == [1, 1, 2]
    assert "2 points, 1 stand-ins" in text
    assert "1 outside the frame or without place" in text
    x, y = maps.project(65.0, 30.0)
    assert f"M{x:.1f} {y:.1f}h" in dots[2]
