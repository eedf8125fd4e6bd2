"""Broken and hostile text: each kind is named, and honest text in any language passes."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.check.finding import Rows
from geokit.check.inspection import tame
from geokit.check.words import find_hostile

HONEST = [
    "Kohistan", "Caf\u00e9", "\u00c9cole \u00ab Pr\u00e9s \u00bb", "S\u00c3O TOM\u00c9", "\u0631\u06cc\u06a9\u0648\u200c\u062f\u06a9",
    "\u65e5\u672c\u8a9e", "\u0160koda \u2013 \u017d\u010f\u00e1r",
    "-5 to 10 %", "+3", "-2.5..2.5", "+ 4 km", "grade < 1 % and > 0.3 %", "a <= b", "2 < 3", "R&D", "AT&T; others", "none", "unknown",
    "two\nlines",
    "5 \u00b0C \u00b1 2", "\u00bd", "100 \u00b5m", "x = 2", "a@b", "it's \"so\"", "Au|Ag;Cu", "\u201cquoted\u201d", "Na", "In",
]  # fmt: skip
HOSTILE = [
    ("=1+1", "formula"), ("=cmd|' /C calc'!A0", "formula"), ("@SUM(A1)", "formula"), ("+cmd|' /C calc'!A0", "formula"),
    ("-2+3+cmd|' /C calc'!A0", "formula"),
    ("-A1", "formula"), ("+SUM(A1:A9)", "formula"),
    ("<script>alert(1)</script>", "HTML"), ("a <b>bold</b>", "HTML"), ("<img src=x onerror=alert(1)>", "HTML"), ("<!-- x -->", "HTML"),
    ("javascript:alert(1)", "HTML"), ("AT&amp;T", "HTML"), ("&#60;b", "HTML"), ("<IFRAME src=//x", "HTML"), ("</td>", "HTML"),
    ("\tx", "control sign U+0009"), ("a\rb", "control sign U+000D"), ("\x1b[31mred", "control sign U+001B"),
    ("x\u202egnp.exe", "control sign U+202E"),
    ("zero\u200bwidth", "control sign U+200B"), ("\u2066x", "control sign U+2066"), ("x\x00", "control sign U+0000"),
    ("\ufeffx", "control sign U+FEFF"),
    ("lost \ufffd letter", "lost a letter"),
    ("nan", "word for a blank"), ("NULL", "word for a blank"), ("N/A", "word for a blank"), ("-", "word for a blank"),
    (" ? ", "word for a blank"),
    ("#N/A", "word for a blank"), ("#REF!", "word for a blank"), ("-inf", "word for a blank"), ("\u2013", "word for a blank"),
    ("Caf\uf7e9", "byte 0xe9"),
]  # fmt: skip


def find(value, column="note"):
    """Return the findings in one cell of a table of nodes."""
    return list(find_hostile(Rows(pd.DataFrame({column: [value]}, dtype=object), "nodes")))


@pytest.mark.parametrize("value", HONEST)
def test_honest_text_passes(value):
    assert find(value) == []


@pytest.mark.parametrize(("value", "rule"), HOSTILE)
def test_hostile_text_is_named(value, rule):
    (finding,) = find(value)
    assert rule in finding.rule
    assert not finding.is_doubt
    assert finding.remedy


@pytest.mark.parametrize("meant", ["Caf\u00e9", "na\u00efve \u2013 \u00bd", "\u0631\u06cc\u06a9\u0648 \u062f\u06a9", "5 \u00b0C",
    "\u2019s", "\u017d\u0161", "\U0001f600"])
def test_utf8_read_as_windows_1252_is_told_with_what_was_meant(meant):
    data = meant.encode()
    broken = "".join(bytes([one]).decode("cp1252") if one not in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else chr(one) for one in data)
    (finding,) = find(broken)
    assert "another encoding" in finding.rule
    assert repr(meant) in finding.remedy


@pytest.mark.parametrize(
    ("value", "rule", "remedy"),
    [
        ('=HYPERLINK("http://x.org/a","Alpha hill")', "begins like a formula", "write Alpha hill"),
        ("=hyperlink( \"http://x.org\" ; \"Alpha hill\" )", "begins like a formula", "write Alpha hill"),
        ('HYPERLINK("http://x.org","Alpha hill")', "link function", "write Alpha hill"),
        ('see HYPERLINK("http://x.org","Alpha hill")', "link function", "write see Alpha hill"),
        ('=HYPERLINK("http://x.org")', "begins like a formula", "write http://x.org"),
        ("=HYPERLINK(A1)", "begins like a formula", "write the words alone"),
    ],
)  # fmt: skip
def test_the_words_of_a_link_are_what_to_write(value, rule, remedy):
    (finding,) = find(value)
    assert rule in finding.rule
    assert finding.remedy == remedy


def test_a_word_of_the_vocabulary_passes_whatever_it_is():
    assert find("none", "kind_code") == []
    assert [finding.rule for finding in find("-", "name")] == ["is a word for a blank"]


@pytest.mark.parametrize(("column", "length", "wrong"), [("name", 500, False), ("name", 501, True), ("node_id", 501, True), ("note",
    10_000, False), ("note", 10_001, True)])
def test_overlong_cells_are_told(column, length, wrong):
    assert bool(find("x" * length, column)) is wrong


def test_figures_truths_and_dates_have_rules_of_their_own_and_strange_columns_are_read_as_text():
    assert find("=1", "lat") == []
    assert find("nan", "date") == []
    assert len(find("=1", "my column")) == 1


def test_no_packaged_text_is_broken_or_hostile(layers):
    for table, frame in layers.texts.items():
        assert list(find_hostile(Rows(frame, table))) == [], table


@pytest.mark.parametrize("words", ["\x1b[0m", "a\u202eb", "x" * 9999, "Caf\uf7e9", "\ud800"])
def test_tamed_words_are_short_and_cannot_steer(words):
    tamed = tame(words)
    assert len(tamed) <= 300
    assert not set(tamed) & set("\x1b\u202e\uf7e9\ud800")
    tamed.encode()
