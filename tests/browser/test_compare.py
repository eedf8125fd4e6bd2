"""Two alternatives side by side: what differs comes first, with its unit and how far it is known."""

from __future__ import annotations

import re

import pytest

SIZES = {"desktop": (1440, 900), "tablet": (768, 1024), "phone": (390, 844)}
TABLE = "#view-compare > .compare-table"
ALIKE = "#view-compare .alike .compare-table"
UNIT = re.compile(r"\d.*(USD/t|million USD)$")


def cells(page, table):
    """Return the rows of a table as texts, without the small words under them."""
    script = """nodes => nodes.map((row) => [...row.children].map((cell) => {
      const copy = cell.cloneNode(true);
      copy.querySelectorAll('.note').forEach((note) => note.remove());
      return copy.textContent;
    }))"""
    return page.eval_on_selector_all(f"{table} tbody tr", script)


@pytest.fixture
def compared(opened):
    """Open the page on the comparison."""

    def open_compare(name="plain", **options):
        page = opened(name, **options)
        page.locator("#tab-compare").click()
        page.locator("#view-compare").wait_for()
        return page

    return open_compare


def test_the_two_best_rows_are_compared_until_others_are_chosen(compared):
    page = compared()
    script = "nodes => nodes.slice(0, 2).map((node) => node.dataset.alternative)"
    best = page.eval_on_selector_all("#view-ranking [data-alternative]", script)
    assert [page.locator(f"#compare-{name}").input_value() for name in ("one", "two")] == best


def test_what_differs_comes_first_and_the_rest_is_alike(compared):
    page = compared()
    differ, alike = cells(page, TABLE), cells(page, ALIKE)
    assert len(differ) > 5
    assert all(one != other for _, one, other in differ)
    assert all(one == other for _, one, other in alike)
    names = [name for name, *_ in (*differ, *alike)]
    assert len(set(names)) == len(names)
    assert page.locator("#view-compare h2").text_content() == f"{len(differ)} things differ"
    assert page.locator("#view-compare summary").text_content().startswith(f"{len(alike)} things are the same")


def test_every_criterion_carries_how_far_it_is_known(compared):
    page = compared()
    text = page.locator("#view-compare").text_content()
    labels = page.evaluate("() => JSON.parse(document.getElementById('data').textContent).criteria.text.label[0]")
    rows = {name: (one, other) for name, one, other in (*cells(page, TABLE), *cells(page, ALIKE))}
    assert set(labels) <= set(rows)
    assert any("missing" in pair for pair in rows.values())
    for words in ("assumption", "carried over", "by definition", "s1, s2"):
        assert words in text


def test_money_has_a_unit_or_is_unknown(compared):
    page = compared()
    rows = {name: pair for name, *pair in (*cells(page, TABLE), *cells(page, ALIKE))}
    for name in ("Margin before conversion", "Product price", "Freight to the partner's port", "Net present value"):
        assert all(words == "unknown" or UNIT.search(words) for words in rows[name]), name


def test_other_rows_can_be_chosen_and_stand_in_the_address(compared):
    page = compared()
    names = page.eval_on_selector_all("#compare-two option", "nodes => nodes.map((node) => node.value)")
    page.select_option("#compare-one", names[4])
    page.select_option("#compare-two", names[7])
    assert page.evaluate("document.activeElement.id") == "compare-two"
    head = page.locator(f"{TABLE} thead th").all_text_contents()
    assert head[1].startswith("5. ")
    assert head[2].startswith("8. ")
    facts = cells(page, TABLE)
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("body[data-ready=yes]")
    assert page.locator("#tab-compare").get_attribute("aria-selected") == "true"
    assert cells(page, TABLE) == facts
    assert page.url == address


def test_a_row_is_never_compared_with_itself(compared):
    page = compared()
    first = page.locator("#compare-one").input_value()
    page.select_option("#compare-two", first)
    assert page.locator("#compare-one").input_value() == first
    assert page.locator("#compare-two").input_value() != first


def test_the_pair_follows_the_partner(compared):
    page = compared()
    before = page.locator(f"{TABLE} thead th").all_text_contents()
    page.select_option("#partner", "saudi")
    assert page.locator(f"{TABLE} thead th").all_text_contents() != before
    assert cells(page, TABLE)


def test_hostile_names_stay_text(compared):
    page = compared("hostile")
    assert "<img src=x" in page.locator(TABLE).text_content()
    assert page.locator("#view-compare img").count() == 0
    assert page.title() == "Midstream siting, Pakistan"


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_at_any_width(compared, size):
    width, height = SIZES[size]
    page = compared(width=width, height=height)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = "nodes => nodes.filter((node) => node.scrollWidth > node.clientWidth + 1).length"
    assert page.eval_on_selector_all("#view-compare th, #view-compare td, #view-compare h2", cut) == 0
    for name in ("one", "two"):
        box = page.locator(f"#compare-{name}").bounding_box()
        assert box["x"] + box["width"] <= width
        assert box["width"] >= 200
        assert box["height"] >= 44
