"""The page in other languages: words from the table, figures by the locale, right to left where it is written so."""

from __future__ import annotations

import re

import pytest

from geokit.outputs.messages import read_messages

MESSAGES = read_messages()
SIZES = ((1440, 900), (768, 1024), (390, 844))
NOTICE = "Fixed words: machine-made, not reviewed by a speaker. What the study says is in English."
TABS = ("ranking", "why", "compare", "unknowns", "table")


@pytest.fixture
def spoken(opened):
    """Open the page in a language by its address."""
    return lambda code, name="plain", **options: opened(name, address=f"#japan/text/2026-11-22/ranking//////{code}", **options)


@pytest.mark.parametrize("code", MESSAGES)
def test_tabs_and_controls_speak_the_language(spoken, code):
    page, words = spoken(code), MESSAGES[code]
    assert page.locator("[role=tab]").all_text_contents() == [words[name] for name in ("Ranking", "Why", "Compare", "Unknowns", "Table")]
    assert page.locator("#track button").all_text_contents() == [words["by text"], words["as practised"]]
    assert page.locator("label[for=closure]").text_content() == words["What if a corridor closes?"]
    assert page.locator("#language").input_value() == code
    assert page.locator("html").get_attribute("dir") == ("rtl" if code in {"ar", "ur"} else "ltr")
    assert "machine-made" not in page.locator("#foot").text_content()
    assert words[NOTICE] in page.locator("#foot").text_content()


def test_english_has_no_such_notice_and_no_mark_in_the_address(opened):
    page = opened()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "machine-made" not in page.locator("#foot").text_content()
    assert page.url.count("/text/") == 1
    assert page.url.endswith("/ranking//")


@pytest.mark.parametrize(("code", "figure"), [("de", "0,38"), ("ja", "0.38"), ("ar", "0.38")])
def test_figures_follow_the_locale_in_latin_digits(spoken, code, figure):
    page = spoken(code)
    scores = page.locator(".ranks .score-figure").all_text_contents()
    assert all(re.fullmatch(figure[0] + re.escape(figure[1]) + r"\d\d", text) for text in scores)
    page.locator("#tab-table").click()
    text = page.locator("#view-table tbody").text_content()
    assert re.search(r"\d", text)
    assert not re.search("[\u0660-\u0669\u06f0-\u06f9]", text)


def test_the_same_rows_in_the_same_order_in_every_language(opened, spoken):
    names = ".rank-head strong"
    english = opened().locator(names).all_text_contents()
    assert spoken("ur").locator(names).all_text_contents() == english


def test_the_language_keeps_the_place_and_the_address_keeps_the_language(opened):
    page = opened()
    page.select_option("#language", "de")
    page.wait_for_selector("html[lang=de] body[data-ready=yes]")
    page.select_option("#partner", "saudi")
    page.locator(".rank-row").nth(2).click()
    page.locator("#tab-why").click()
    heading = page.locator("#view-why h2").text_content()
    assert page.url.endswith("/de")
    page.select_option("#language", "ko")
    page.wait_for_selector("html[lang=ko] body[data-ready=yes]")
    assert page.locator("#partner").input_value() == "saudi"
    assert page.locator("#view-why h2").text_content() == heading
    page.select_option("#language", "en")
    page.wait_for_selector("html[lang=en] body[data-ready=yes]")
    assert page.locator("#tab-why").text_content() == "Why"


@pytest.mark.parametrize("code", ["xx", "__proto__", "<img>", "toString"])
def test_a_language_that_is_not_there_is_english(spoken, code):
    page = spoken(code)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#tab-why").text_content() == "Why"


@pytest.mark.parametrize("code", ["ur", "de"])
def test_no_word_is_cut_in_the_longest_and_in_right_to_left(spoken, probes, code):
    page = spoken(code)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for tab in TABS:
            page.locator(f"#tab-{tab}").click()
            assert probes(page, "cut") == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_right_to_left_puts_the_panel_right_and_the_map_left(spoken):
    page = spoken("ur")
    panel, room = page.locator("#panel").bounding_box(), page.locator("#map").bounding_box()
    assert room["x"] + room["width"] <= panel["x"] + 1
    assert page.locator("#map").get_attribute("dir") == "ltr"
    assert page.locator(".rank-number").first.bounding_box()["x"] > page.locator(".rank-head").first.bounding_box()["x"]


def test_hostile_names_stay_text_in_another_language(spoken):
    page = spoken("ar", "hostile")
    assert page.title() == "Midstream siting, Pakistan"
    assert "<img src=x" in page.locator("#view-ranking").text_content()
    assert page.locator("img:not(.leaflet-image-layer)").count() == 0


def test_a_spreadsheet_has_the_same_heads_in_every_language(spoken):
    page = spoken("ja")
    page.locator("#tab-table").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=MESSAGES["ja"]["Save as CSV"]).click()
    assert download.value.path().read_text(encoding="utf8").startswith("Rank,Site,Product,")
