"""The list of layers fits a page of 80 columns, and rows tell what is known, what is not and who said so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.catalog import list_layers
from geokit.outputs.layer_text import tell_listing, tell_rows, tell_sources
from geokit.outputs.terminal import WIDTH, print_listing, print_rows

NARROW = 80
HOSTILE = ["[bold]x[/bold]", "\x1b[31mred", "one\rtwo", "\u202egnp.exe"]


@pytest.fixture
def show(capsys, monkeypatch):
    """Print into a pipe and return what came out."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)

    def call(function, *given, **options):
        function(*given, **options)
        return capsys.readouterr().out

    return call


@pytest.fixture
def listing():
    """Return a list of three layers in two themes."""
    return pd.DataFrame(
        {
            "layer": ["sources", "hills", "relief"], "theme": ["", "ground", "ground"], "rows": pd.array([7, 1234, None], dtype="Int64"),
            "coverage_frac": [np.nan, 0.256, np.nan], "newest_source": ["2026-09-28", "2024", ""], "oldest_source": ["1999", "2001", ""],
            "high_frac": [0.5, 1.0, np.nan], "medium_frac": [0.25, 0.0, np.nan], "low_frac": [0.25, 0.0, np.nan],
            "licence": ["CC-BY-4.0", "MIT", "other-pd"], "modified": [False, True, False],
        }
    )


def find_line(lines, name):
    """Return the words of the line of a layer, its mark first."""
    return next(line.split() for line in lines if name in line.split()[:2])


def test_themes_are_headings_and_layers_are_lines(listing):
    lines = tell_listing(listing)
    assert find_line(lines, "sources") == ["sources", "7", "2026-09-28", "50/25/25", "CC-BY-4.0"]
    assert find_line(lines, "hills") == ["*", "hills", "1234", "26%", "2024", "100/0/0", "MIT"]
    assert find_line(lines, "relief") == ["relief", "other-pd"]
    assert lines.count("ground") == 1
    assert lines.index("ground") < next(place for place, line in enumerate(lines) if "hills" in line)


def test_columns_stand_below_their_heads(listing):
    head, *lines = tell_listing(listing)
    for name, cell in (("sources", "2026-09-28"), ("hills", "2024")):
        line = next(line for line in lines if f" {name} " in line)
        assert line.index(cell) == head.index("newest")
        assert line.index(line.split()[-1]) == head.index("licence")
    assert next(line for line in lines if " hills " in line)[: head.index("filled")].rstrip().endswith("1234")


def test_every_mark_is_explained(listing):
    lines = tell_listing(listing)
    assert any(line.startswith("* modified") for line in lines)
    assert all(any(word in line for line in lines[-3:]) for word in ("filled", "newest", "high/med/low"))


def test_the_packaged_layers_fit_a_narrow_page_and_no_name_is_cut(layers):
    listing = list_layers(layers)
    lines = tell_listing(listing)
    assert max(map(len, lines)) <= NARROW
    words = {word for line in lines for word in line.split()}
    assert set(listing["layer"]) <= words
    assert set(listing["theme"]) - {""} <= words


def test_the_list_is_printed_under_its_edition(show, listing):
    edition = "layers 2026.11.22, verified on 2026-11-22"
    assert show(print_listing, listing, edition=edition).splitlines()[0] == edition


@pytest.fixture
def rows():
    """Return two rows of ten columns, wide enough to be printed one below the other."""
    blanks = {f"word_{number}": ["", "x"] for number in range(5)}
    figures = {"lat": [29.2265, np.nan], "price_usd_per_t": [12951.0, 440.0], "grade_frac": [np.nan, np.nan]}
    return pd.DataFrame({"hill_id": ["one", "two"], "name": ["One hill", ""], **figures, **blanks})


def test_a_row_tells_what_is_filled_and_names_what_is_not(rows):
    first, second = tell_rows(rows, width=WIDTH)
    assert first.splitlines()[0] == "hill_id one"
    assert "12951" in first
    assert "29.2265" in first
    assert first.splitlines()[-2].split(maxsplit=2)[2] == "grade_frac"
    assert first.splitlines()[-1].split(maxsplit=1)[1].split(", ") == [f"word_{number}" for number in range(5)]
    assert "not known:" in second
    assert "lat, grade_frac" in second
    assert second.splitlines()[-1].split() == ["blank:", "name"]


def test_no_cell_is_printed_for_what_is_missing(rows):
    for paragraph in tell_rows(rows, width=WIDTH):
        assert not any(word in paragraph.split() for word in ("nan", "None", "NaN", "<NA>"))


@pytest.mark.parametrize("width", [40, NARROW, WIDTH])
def test_long_cells_go_on_below_and_lose_nothing(rows, width):
    words = [f"word{number}" for number in range(200)]
    (paragraph,) = tell_rows(rows.head(1).assign(name=" ".join(words)), width=width)
    assert max(map(len, paragraph.splitlines())) <= width
    assert [word for word in paragraph.split() if word.startswith("word") and word[4:].isdigit()] == words


def test_a_source_is_told_with_its_address_whole():
    url = "https://example.org/a-long/path/without-any-blank.html"
    row = {"source_id": "a", "title": "A title", "publisher": "", "date": "2020", "url": url, "licence": "facts, cited", "rows": 2}
    (paragraph,) = tell_sources(pd.DataFrame([row]), width=NARROW)
    assert paragraph.splitlines() == ["a", "    A title; 2020; facts, cited", f"    {url}"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_can_neither_mark_up_nor_steer_the_terminal(show, rows, name):
    sources = pd.DataFrame(columns=["source_id", "title", "publisher", "date", "url", "licence", "rows"])
    shown = show(print_rows, rows.assign(name=name), sources)
    assert not set(shown) & set("\x1b\r\u202e")
    assert ("[bold]x[/bold]" in shown) == (name == HOSTILE[0])


def test_rows_end_with_their_number_and_their_sources(show, rows):
    sources = pd.DataFrame([{"source_id": "a", "title": "T", "publisher": "", "date": "", "url": "", "licence": "MIT", "rows": 1}])
    lines = show(print_rows, rows, sources).splitlines()
    assert lines.index("2 rows, 1 source") < lines.index("a")
    narrow = show(print_rows, rows[["hill_id", "lat"]].head(1), sources.head(0))
    assert "1 row, 0 sources" in narrow
    assert "29.2265" in narrow
