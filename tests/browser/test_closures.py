"""What if a corridor closes: the control, what it draws and what it says, in a real browser."""

from __future__ import annotations

import pytest

SIZES = {"desktop": (1440, 900), "tablet": (768, 1024), "phone": (390, 844)}


def test_nothing_is_closed_until_someone_asks(opened):
    page = opened()
    assert page.locator("#closure").input_value() == ""
    assert page.locator("#closure-words").is_hidden()
    assert page.locator("#map path.cut").count() == 0


@pytest.mark.parametrize("size", SIZES)
def test_a_closed_corridor_is_drawn_told_and_kept_in_the_address(opened, layers, size):
    width, height = SIZES[size]
    page = opened(width=width, height=height)
    page.get_by_label("What if a corridor closes?").select_option("bolan")
    links = layers["closures"].set_index("closure_id").loc["bolan", "link_ids"].split("|")
    assert 0 < page.locator("#map path.cut").count() <= len(links)
    assert layers["closures"].set_index("closure_id").loc["bolan", "what_happened"] in page.locator("#closure-words").text_content()
    assert page.url.endswith("/bolan")
    page.locator("#closure").select_option("")
    assert page.locator("#map path.cut").count() == 0
    assert page.locator("#closure-words").is_hidden()


@pytest.mark.parametrize("size", SIZES)
def test_the_control_fits_its_panel_and_a_finger(opened, size):
    width, height = SIZES[size]
    page = opened(width=width, height=height)
    page.locator("#closure").select_option("bolan")
    panel, control = (page.locator(name).bounding_box() for name in ("#panel", "#closure"))
    assert control["x"] + control["width"] <= panel["x"] + panel["width"]
    assert control["height"] >= (36 if size == "desktop" else 44)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_keyboard_reaches_it_and_changes_it(opened):
    page = opened()
    page.locator("#closure").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("#closure").input_value() != ""
    assert page.locator("#closure-words").get_attribute("role") == "status"


def test_a_strait_shuts_no_link_and_says_so(opened):
    page = opened()
    page.locator("#closure").select_option("hormuz")
    assert page.locator("#map path.cut").count() == 0
    assert "shuts no link on this map" in page.locator("#closure-words").text_content()


def test_the_legend_has_its_marks(opened):
    words = opened().locator("#legend-body").text_content()
    assert "shut while the chosen corridor is closed" in words
    assert "way round of the chosen alternative" in words
