"""The tree of the PDF: the words of the report with map, profiles and licences, every sign of it printable."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.core.errors import UnknownNameError
from geokit.io.fonts import find_fonts, read_signs
from geokit.outputs.pdf_data import BREAK, CROSS, LONG, build_document, clean_tree
from geokit.outputs.reportdata import build_report
from geokit.outputs.view import view_study

ASCII = frozenset(range(0x20, 0x7F)) | {ord(CROSS)}
TOP = 2


@pytest.fixture(scope="module")
def tree(small):
    return build_document(small, top=TOP, partner="japan")


@pytest.fixture(scope="module")
def signs():
    return read_signs(find_fonts())


def test_it_says_what_the_report_says(tree, small):
    one = dataclasses.replace(small, cases=tuple(case for case in small.cases if case.partner == "japan"))
    report = build_report(view_study(one))
    for name in ("title", "facts", "words", "warnings", "unknowns", "reality", "closures", "weights", "labels", "searched"):
        assert tree[name] == report[name], name
    (page,), (told,) = tree["partners"], report["partners"]
    assert {name: page[name] for name in told} == told


def test_it_is_plain_json_without_a_missing_figure(tree):
    assert json.loads(json.dumps(tree, allow_nan=False)) == json.loads(json.dumps(tree))


def test_profiles_follow_the_ranking(tree, small):
    (page,) = tree["partners"]
    ranked = small.ranking("japan", top=TOP)
    assert [profile["title"].split(".")[0] for profile in page["profiles"]] == [f"{rank:.0f}" for rank in ranked["rank"]]
    assert [rank for rank, _ in page["numbered"]] == [row["rank"] for row in page["rows"]]
    assert page["map"].startswith("<svg")


def test_each_partner_has_its_own_rows(small):
    pages = build_document(small, top=1, partner=None)["partners"]
    assert [page["label"] for page in pages] == ["Japan", pages[1]["label"]]
    assert all(len(page["profiles"]) == 1 for page in pages)
    assert all(page["profiles"][0]["gates"] for page in pages)


def test_a_top_beyond_the_ranking_gives_every_row_once(small):
    rows = small.rankings
    few = dataclasses.replace(small, rankings=rows[(rows["rank"] <= 3) | rows["rank"].isna()])
    (page,) = build_document(few, top=50, partner="japan")["partners"]
    assert len(page["profiles"]) == 3


def test_an_unknown_partner_is_an_error(small):
    with pytest.raises(UnknownNameError):
        build_document(small, top=1, partner="atlantis")


def test_every_source_of_a_profile_is_listed_with_its_licence(tree, small):
    listed = {row["id"]: row for row in tree["sources"]}
    used = {name for page in tree["partners"] for profile in page["profiles"] for name in profile["source_ids"]}
    assert used
    assert used <= set(listed)
    sources = small.layers["sources"].set_index("source_id")
    for name in used:
        assert listed[name]["licence"] == sources.loc[name, "licence"]
        assert listed[name]["date"] == sources.loc[name, "date"]
    assert [row["id"] for row in tree["sources"]] == sorted(listed)


def test_an_id_without_a_row_is_listed_as_it_is(small):
    tables = small.layers.tables
    bare = dataclasses.replace(small.layers, tables={**tables, "sources": tables["sources"].head(1)})
    rows = build_document(dataclasses.replace(small, layers=bare), top=0, partner="japan")["sources"]
    assert any(row["title"] == "" and row["licence"] == "" for row in rows)


def test_the_warning_of_every_page_is_the_one_on_the_law(tree, small):
    assert tree["warning"].startswith("Law unsettled on 22 Nov 2026")
    assert tree["warning"].endswith(".")
    assert ";" not in tree["warning"]
    other = dataclasses.replace(small, warnings=("Prices are old; look them up.",))
    assert build_document(other, top=0, partner="japan")["warning"] == "Prices are old."
    none = dataclasses.replace(small, warnings=())
    assert build_document(none, top=0, partner="japan")["warning"] == ""


def test_assumptions_are_one_line_of_words_and_those_not_made_are_said_not_to_be(tree):
    rows = {item["name"]: item for item in tree["assumptions"]}
    assert rows["transport.diesel_usd_per_l"]["value"] == "not set"
    assert all(item["value"] not in {"", "None"} for item in rows.values())
    assert not [item for item in rows.values() if "\n" in item["words"] or "``" in item["words"]]


# Signs and long words


def test_signs_that_are_lacking_are_crosses_and_told_once():
    tree, lacking = clean_tree({"a": ["x\u4e2dy", {"b": "\u4e2d\u0627"}], "n": 3, "t": True, "none": None}, ASCII)
    assert tree == {"a": [f"x{CROSS}y", {"b": CROSS * 2}], "n": 3, "t": True, "none": None}
    assert lacking == ["U+0627", "U+4E2D"]


def test_lines_stay_lines():
    assert clean_tree("one\ntwo", ASCII) == ("one\ntwo", [])


def test_a_drawing_is_not_broken_by_marks():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="' + "M0,0" * 50 + '"/></svg>'
    assert clean_tree(svg, ASCII) == (svg, [])


@pytest.mark.parametrize(
    "word", ["https://example.org/one/two/three/four", "a" * 100, "federal-register-2024-27648-implementation-o", "x_" * 40]
)
def test_a_long_word_may_go_on_in_the_next_line(word):
    told, _ = clean_tree(word, ASCII)
    assert told.replace(BREAK, "") == word
    assert max(map(len, told.split(BREAK))) <= LONG


def test_words_that_fit_are_left_alone():
    words = "Screening, not a feasibility study. https://a.org"
    assert clean_tree(words, ASCII)[0] == words


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_text_can_be_printed_and_read_again(text):
    told, lacking = clean_tree(text, ASCII)
    assert set(map(ord, told)) <= ASCII | {ord("\n"), ord(BREAK)}
    kept = told if text.startswith("<svg") else told.replace(BREAK, "")
    assert len(kept) == len(text)
    assert all(sign in {before, CROSS} for sign, before in zip(kept, text, strict=True))
    assert (CROSS in kept) is (bool(lacking) or CROSS in text)


def test_the_whole_tree_of_a_real_study_can_be_printed(tree, signs):
    assert clean_tree(tree, signs)[1] == []
