"""The report on paper: every partner on one page, and the first page large enough to read."""

from __future__ import annotations

import pytest

from geokit.outputs.report import write_report

PAGE_MM, WIDTH_MM = 297 - 13 - 12, 210 - 15 - 15
MM = 96 / 25.4
ROW_PX = 260


@pytest.fixture
def sheet(browser, build_sample, tmp_path):
    page = browser.new_page(viewport={"width": round(WIDTH_MM * MM), "height": 1000})
    page.emulate_media(media="print")
    page.goto(write_report(build_sample(), tmp_path / "report.html").as_uri())
    yield page
    page.close()


def test_each_partner_and_the_first_page_fit_one_sheet(sheet):
    heights = sheet.eval_on_selector_all(".first, .partner", "nodes => nodes.map((node) => node.getBoundingClientRect().height)")
    assert len(heights) == 4
    assert max(heights) <= PAGE_MM * MM


def test_the_first_page_is_set_in_nine_points_or_more(sheet):
    sizes = sheet.eval_on_selector_all(
        ".answers td, .first .words", "nodes => nodes.map((node) => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(sizes) >= 9 * 96 / 72 - 0.01


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_no_sheet_is_wider_than_the_screen_and_no_row_is_torn_apart(browser, build_sample, tmp_path, width):
    """A cell that cannot wrap makes the list of assumptions wider than its sheet and its rows a screen high."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(write_report(build_sample(), tmp_path / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.evaluate("[...document.querySelectorAll('.assumptions tbody tr')].map((row) => row.getBoundingClientRect().height)")
    page.close()
    assert len(heights) > 60
    assert max(heights) < (ROW_PX if width > 600 else 3 * ROW_PX)
