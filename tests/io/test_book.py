"""Workbooks: text stays text whatever it looks like, a blank stays blank, and the same content gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from xlsxwriter.exceptions import DuplicateWorksheetName, InvalidWorksheetName

from geokit.io.book import LONGEST, Book, Formula

DAY = dt.date(2026, 11, 22)
SIGNS = ("=", "+", "-", "@", "\t", "\r")
WORDS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn", "Co"]), min_size=1, max_size=30)


def bind(*values, footer="", name="facts"):
    """Return the bytes of a workbook with one sheet and one row."""
    book = Book("Title", DAY, footer=footer)
    book.add_page(name).write_row(0, values)
    return book.close()


def open_row(data):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)[0]


def read_part(data, part="xl/worksheets/sheet1.xml"):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part).decode("utf8")


@pytest.mark.parametrize("sign", SIGNS)
def test_text_that_begins_like_a_formula_is_text_and_stays_so_when_edited(sign):
    data = bind(f"{sign}1+1", "plain")
    assert "<f>" not in read_part(data)
    styles = read_part(data, "xl/styles.xml")
    quoted = [place for place, one in enumerate(re.findall(r"<xf [^>]*?>", styles.partition("<cellXfs")[2])) if "quotePrefix" in one]
    used = [int(one) for one in re.findall(r'<c r="[AB]1" s="(\d+)" t="s"', read_part(data))]
    assert used[0] in quoted
    assert used[1] not in quoted


@given(WORDS)
@settings(max_examples=40, deadline=None)
def test_any_text_is_read_back_as_it_was_written(words):
    data = bind("first", words, "last")
    assert open_row(data) == ["first", words, "last"]
    assert "<f>" not in read_part(data)
    assert "hyperlink" not in read_part(data)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
@settings(max_examples=40, deadline=None)
def test_a_figure_keeps_fifteen_digits(value):
    assert math.isclose(open_row(bind(value, "end"))[0], value, rel_tol=1e-14, abs_tol=1e-300)


@pytest.mark.parametrize("missing", [None, "", math.nan, math.inf, -math.inf, np.float64("nan"), np.float32("nan")])
def test_what_is_missing_leaves_an_empty_cell_and_never_a_nought(missing):
    data = bind(missing, 0.0, "end")
    assert open_row(data) == ["", 0.0, "end"]
    assert re.search(r'<c r="A1" s="\d+"/>', read_part(data))


@pytest.mark.parametrize(("value", "read"), [
    (True, True), (np.bool_(0), False), (3, 3.0), (np.int64(7), 7.0), (np.float64(0.5), 0.5), ("0123", "0123"), ("1e5", "1e5"),
    ("https://example.org", "https://example.org"), ("TRUE", "TRUE"),
])  # fmt: skip
def test_each_kind_of_value_keeps_its_kind(value, read):
    (cell, _) = open_row(bind(value, "end"))
    assert cell == read
    assert type(cell) is type(read)


def test_text_beyond_what_a_cell_holds_is_cut():
    assert len(open_row(bind("x" * (LONGEST + 5), "end"))[0]) == LONGEST


@pytest.mark.parametrize(("value", "shown"), [(4.5, 4.5), (np.float64(2), 2.0), ("ranked", "ranked"), (math.nan, ""), (None, "")])
def test_a_formula_carries_the_value_that_a_reader_shows_who_computes_nothing(value, shown):
    data = bind(Formula("=SUM(B1:B2)", value), 1.0)
    assert "<f>SUM(B1:B2)</f>" in read_part(data)
    assert open_row(data)[0] == shown


def test_the_same_content_gives_the_same_bytes_and_the_day_is_the_one_given():
    assert bind("a", 1.5, None) == bind("a", 1.5, None)
    assert bind("a", 1.5, None) != bind("a", 1.6, None)
    assert "2026-11-22T00:00:00Z</dcterms:created>" in read_part(bind("a"), "docProps/core.xml")


def test_an_ampersand_in_the_footer_is_no_code():
    assert "Ore &amp;&amp; metal" in read_part(bind("a", footer="Ore & metal"))


def test_a_name_stands_for_its_cells():
    book = Book("Title", DAY)
    book.add_page("weights")
    book.name_cells("shares", "weights!$C$3:$C$9")
    assert '<definedName name="shares">weights!$C$3:$C$9</definedName>' in read_part(book.close(), "xl/workbook.xml")


def test_the_same_properties_give_one_look():
    book = Book("Title", DAY)
    assert book.look(bold=True, num_format="0.0") is book.look(num_format="0.0", bold=True)
    assert book.look(bold=True) is not book.look(italic=True)
    assert book.look() is book.plain


@pytest.mark.parametrize("name", ["a/b", "a\\b", "a?b", "a*b", "[a]", "a:b", "'a", "a'", "n" * 32])
def test_a_name_that_a_sheet_cannot_have_is_refused_and_never_bent(name):
    with pytest.raises(InvalidWorksheetName):
        Book("Title", DAY).add_page(name)


def test_two_sheets_cannot_share_a_name():
    book = Book("Title", DAY)
    book.add_page("facts")
    with pytest.raises(DuplicateWorksheetName):
        book.add_page("FACTS")


def test_a_sheet_prints_on_a4_across_and_fits_the_width():
    sheet = read_part(bind("a"))
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
