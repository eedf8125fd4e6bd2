"""The ground of the map in a real browser: names that hide nothing, lines in their dash, water in its colour."""

from __future__ import annotations

import pytest

SIZES = {"desktop": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
BOXES = """(selector) => [...document.querySelectorAll(selector)].filter((node) => !node.closest('[hidden]'))
  .map((node) => node.getBoundingClientRect()).map((box) => [box.left, box.top, box.right, box.bottom, box.width])
  .filter((box) => box[4] > 0)"""


def overlap(one, other, slack=1.0):
    """Return whether two boxes cover more than a hair of each other."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > slack and min(one[3], other[3]) - max(one[1], other[1]) > slack
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_of_towns_hide_no_mark_and_no_other_name(opened, size, scheme):
    width, height = SIZES[size]
    page = opened(width=width, height=height, color_scheme=scheme)
    towns = page.evaluate(BOXES, ".town b")
    marks = page.evaluate(BOXES, ".deposit-mark, .site-mark, .port-mark") + page.evaluate(BOXES, ".ground-label span")
    assert len(towns) >= (6 if size == "desktop" else 1)
    assert not [(one, other) for one in towns for other in marks if overlap(one, other, slack=3.0)]
    assert not [(one, other) for at, one in enumerate(towns) for other in towns[:at] if overlap(one, other)]


def test_disputed_lines_are_dashed_and_provinces_are_not(opened):
    page = opened()
    dash = "node => getComputedStyle(node).strokeDasharray"
    assert page.locator("path.disputed").first.evaluate(dash) != "none"
    assert page.locator("path.province").first.evaluate(dash) == "none"


def test_the_foot_credits_the_gazetteer(opened):
    assert "GeoNames" in opened().locator("#foot").text_content()
