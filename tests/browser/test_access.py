"""Who cannot see or point gets the same page: every control has a name, every word enough contrast, every tab its panel."""

from __future__ import annotations

import itertools

import pytest

SIZES = {"desktop": (1440, 900), "tablet": (768, 1024), "phone": (390, 844)}
TABS = ("ranking", "why", "compare", "unknowns", "table")

def show(page, tab):
    page.locator(f"#tab-{tab}").click()
    page.locator(f"#view-{tab}").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_control_has_a_name_and_every_word_enough_contrast(opened, probes, scheme):
    page = opened(color_scheme=scheme)
    page.locator("#legend summary").click()
    page.locator(".rank-row").nth(1).click()
    for tab in TABS:
        show(page, tab)
        assert probes(page, "nameless") == []
        assert probes(page, "poor") == []
    show(page, "ranking")
    page.select_option("#closure", "bolan")
    assert page.locator(".ranks.dimmed").count() == 1
    assert probes(page, "poor") == []


def test_contrast_and_names_are_really_measured(opened, probes):
    page = opened()
    page.evaluate("() => { document.getElementById('headline').style.color = '#999'; document.getElementById('more').textContent = ''; }")
    assert any("headline" in html for html, _ in probes(page, "poor"))
    assert any('id="more"' in html for html in probes(page, "nameless"))


def test_headings_never_skip_a_level(opened, probes):
    page = opened()
    for tab in TABS:
        show(page, tab)
        levels = probes(page, "headings")
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), (tab, levels)


def test_tabs_and_panels_name_each_other(opened):
    page = opened()
    for tab in TABS:
        show(page, tab)
        assert page.locator(f"#tab-{tab}").get_attribute("aria-controls") == f"view-{tab}"
        assert page.locator(f"#view-{tab}").get_attribute("aria-labelledby") == f"tab-{tab}"
        assert page.locator("[role=tab][aria-selected=true]").count() == 1
        assert page.locator("[role=tab][tabindex='0']").count() == 1
        assert page.locator("[role=tabpanel]:not([hidden])").count() == 1


def test_lists_hold_items_and_ids_stand_once(opened, probes):
    page = opened()
    for tab in TABS:
        show(page, tab)
        assert probes(page, "odd") == []
    assert page.evaluate("() => document.querySelectorAll('li[role=presentation]').length") == 0


def test_no_word_is_cut(opened, probes):
    page = opened()
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        for tab in TABS:
            show(page, tab)
            assert probes(page, "cut") == []
        show(page, "ranking")
        page.select_option("#closure", "bolan")
        assert probes(page, "cut") == []
        page.select_option("#closure", "")


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_the_foot_takes_little_room_until_asked(opened, size):
    width, height = SIZES[size]
    page = opened(width=width, height=height)
    assert page.locator("#foot").bounding_box()["height"] <= 0.08 * height
    page.locator(".foot-rest summary").click()
    assert "GeoNames" in page.locator("#foot").inner_text()
    assert page.locator("#foot").bounding_box()["height"] <= 0.3 * height


def test_paper_carries_the_list(opened):
    page = opened()
    page.emulate_media(media="print")
    assert page.locator(".tabs").is_hidden()
    assert page.locator("#view-ranking .rank-row").first.is_visible()
    assert len(page.pdf()) > 20_000
