"""Reading the page: shared links, marks that do not hide each other, words instead of codes, and room on small screens."""

from __future__ import annotations

import pytest

SIZES = {"desktop": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
ROW = ".rank-row:not(.baseline)"


def settle(page):
    """Wait until two frames have been drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def boxes(page, selector):
    return page.eval_on_selector_all(
        selector, "nodes => nodes.map((node) => node.getBoundingClientRect()).map((b) => [b.left, b.top, b.right, b.bottom])"
    )


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_a_link_pasted_into_the_open_page_is_followed(opened):
    page = opened()
    page.evaluate("window.heard = 0; window.addEventListener('hashchange', () => { window.heard += 1; })")
    page.evaluate("location.hash = '#saudi/practice/2026-11-22/table/'")
    page.wait_for_function("document.getElementById('partner').value === 'saudi'")
    assert page.locator("[data-track=practice]").get_attribute("aria-checked") == "true"
    assert page.locator("#view-table").is_visible()
    settle(page)
    assert page.evaluate("window.heard") == 1


def test_a_link_to_nobody_leaves_the_page_as_it_was(opened):
    page = opened()
    before = page.evaluate("location.hash")
    page.evaluate("location.hash = '#nobody/text/2026-11-22/why/'")
    page.wait_for_function("hash => location.hash === hash", arg=before)
    assert page.locator("#partner").input_value() == "japan"


@pytest.mark.parametrize("size", SIZES)
def test_ranks_on_the_map_do_not_hide_each_other(opened, size):
    width, height = SIZES[size]
    page = opened(width=width, height=height)
    settle(page)
    marks = boxes(page, ".site-mark.ranked[data-place]")
    assert len(marks) >= 2
    assert not [(a, b) for at, a in enumerate(marks) for b in marks[at + 1 :] if overlap(a, b)]


def test_the_legend_leaves_the_card_of_the_way_free(opened):
    page = opened()
    page.locator(ROW).first.click()
    page.locator("#legend summary").click()
    legend, card, room = (boxes(page, selector)[0] for selector in ("#legend", "#sea", "#map"))
    assert not overlap(legend, card)
    assert legend[3] - legend[1] <= 0.45 * (room[3] - room[1])


def test_on_a_small_screen_the_legend_closes_for_a_chosen_row(opened):
    page = opened(width=390, height=844)
    page.locator("#legend summary").click()
    page.locator(ROW).first.click()
    assert page.locator("#legend").get_attribute("open") is None


def test_the_chosen_row_leads_to_its_reasons(opened):
    page = opened()
    assert page.locator(".why-link:visible").count() == 0
    page.locator(ROW).nth(1).click()
    name = page.locator(ROW).nth(1).locator("strong").text_content()
    page.locator(".why-link:visible").click()
    assert page.locator("#view-why h2").text_content() == name


def test_cards_close_when_the_view_changes(opened):
    page = opened()
    page.locator(".site-mark.ranked").first.evaluate("node => node.closest('.leaflet-marker-icon').focus()")
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup .card").wait_for()
    page.locator("#tab-table").click()
    page.wait_for_selector(".leaflet-popup", state="detached")


def test_the_chosen_row_of_the_table_is_one_colour_and_cut_columns_are_told(opened):
    page = opened(width=820, height=1180)
    page.locator(ROW).first.click()
    page.locator("#tab-table").click()
    colours = page.eval_on_selector_all("tr.chosen > *", "nodes => nodes.map((node) => getComputedStyle(node).backgroundColor)")
    row = page.eval_on_selector("tr.chosen", "node => getComputedStyle(node).backgroundColor")
    assert set(colours) <= {row, "rgba(0, 0, 0, 0)"}
    assert page.eval_on_selector("tr.chosen th", "node => getComputedStyle(node).backgroundColor") == row
    assert page.locator("#scroll-hint").is_visible()
    page.locator("#view-table").evaluate("node => { node.scrollLeft = node.scrollWidth; }")
    page.wait_for_selector("#scroll-hint", state="hidden")


def test_a_phone_shows_three_lines_and_more_on_demand(opened):
    page = opened(width=390, height=844, has_touch=True)
    page.evaluate("document.getElementById('headline').textContent = 'word '.repeat(120)")
    folded = page.locator("#headline").bounding_box()["height"]
    assert folded <= 60
    page.locator("#more").click()
    assert page.locator("#headline").bounding_box()["height"] > 2 * folded
    assert page.locator("#more").get_attribute("aria-expanded") == "true"
    page.locator("#more").click()
    assert page.locator("#headline").bounding_box()["height"] == folded
    assert page.evaluate("document.getElementById('foot').scrollWidth <= document.getElementById('foot').clientWidth")


def test_a_tablet_sets_the_law_in_single_lines(opened):
    page = opened(width=820, height=1180, has_touch=True)
    spacing = page.eval_on_selector("#notice summary", "node => parseFloat(getComputedStyle(node).lineHeight)")
    assert spacing <= 20


def test_yardsticks_are_named_by_what_they_are(opened):
    page = opened()
    assert set(page.locator(".rank-row.baseline .tag").all_text_contents()) == {"no plant"}
    assert "yardsticks (export, toll, plant abroad)" in page.locator(".counts").text_content()
    assert "doing less" not in page.locator("body").inner_text()


def test_an_export_is_routed_from_the_mine_to_the_port(opened):
    page = opened()
    page.locator(".rank-row.baseline").first.click()
    page.locator("#tab-why").click()
    route = page.locator("#view-why .block", has=page.locator("h3", has_text="Route")).text_content()
    assert "No haul could be found" not in route
    assert "assumed open: a strait" in route
    assert "from " in route


def test_reasons_use_words_and_tell_assumptions_from_evidence(opened):
    page = opened()
    page.locator(ROW).first.click()
    page.locator("#tab-why").click()
    text = page.locator("#view-why").text_content()
    for words in ("B: a neutral developer", "Comminution", "evidence covers", "Margin before conversion", "assumed, or true by definition"):
        assert words in text
    assert page.locator("#view-why .criterion .bar-assumed").count() >= 2
    assert page.locator("#view-why .criterion .bar-known").count() >= 2
