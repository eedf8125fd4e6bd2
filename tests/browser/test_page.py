"""The page in a real browser without a network: it opens, answers, and can be worked by mouse, keyboard and thumb."""

from __future__ import annotations

import datetime as dt
import re

import pytest

SIZES = {"desktop": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
TABS = ("ranking", "why", "unknowns", "table")
ROWS = "#view-ranking [data-alternative]"


def texts(page, selector):
    return [text.strip() for text in page.locator(selector).all_text_contents()]


def leading_places(page):
    """Return the ranks that the ten best rows with a place give to their places, read off the page's own data."""
    script = """() => {
      const data = JSON.parse(document.getElementById('data').textContent);
      const column = (table, name) => name in table.figures ? table.figures[name] : table.text[name][1].map((i) => table.text[name][0][i]);
      const about = new Map(column(data.alternatives, 'alternative').map((id, i) => [id, {kind: column(data.alternatives, 'kind')[i],
        place: column(data.alternatives, 'place_id')[i], lat: column(data.alternatives, 'lat')[i]}]));
      const [cases, names, ranks] = ['case_id', 'alternative', 'rank'].map((name) => column(data.rows, name));
      const best = new Map();
      let n = 0;
      cases.forEach((id, i) => {
        const one = about.get(names[i]);
        if (id !== data.cases[0].id || ranks[i] === null || one.kind !== 'plant' || one.lat === null || n >= 10) return;
        n += 1;
        if (!best.has(one.place)) best.set(one.place, String(ranks[i]));
      });
      return Object.fromEntries(best);
    }"""
    return page.evaluate(script)


def test_it_opens_with_title_headline_and_list(opened):
    page = opened()
    assert page.title() == "Midstream siting, Pakistan"
    assert "plants beat exporting for japan (text)" in page.locator("#headline").text_content()
    assert page.locator(".rank-row").count() == 40
    assert page.locator(".apart-row").count() == 5
    for words in ("Screening, not a feasibility study.", "Not legal advice: classify with counsel.", "Known on 2026-11-22."):
        assert words in texts(page, "#foot span")


def test_ranked_markers_are_the_ten_best_of_the_case(opened):
    page = opened()
    shown = page.eval_on_selector_all(
        ".site-mark.ranked[data-place]", "nodes => nodes.map((node) => [node.dataset.place, node.textContent])"
    )
    assert dict(shown) == leading_places(page)
    assert 1 <= len(shown) <= 10


def test_a_marker_opens_a_card_with_rank_and_facts(opened):
    page = opened()
    page.locator(".site-mark.ranked").first.evaluate("node => node.closest('.leaflet-marker-icon').focus()")
    page.keyboard.press("Enter")
    card = page.locator(".leaflet-popup .card")
    card.wait_for()
    assert re.search(r"score 0\.\d\d · exposure 0\.\d\d · freight 91\.2\u00a0USD/t", card.text_content())


def test_a_card_leads_to_the_reasons(opened):
    page = opened()
    page.locator(".site-mark.ranked").first.evaluate("node => node.closest('.leaflet-marker-icon').focus()")
    page.keyboard.press("Enter")
    page.locator(".card-pick").first.click()
    assert page.locator("#tab-why").get_attribute("aria-selected") == "true"
    assert page.locator("#view-why .criterion").count() == 18


def test_partner_and_track_change_the_list(opened):
    page = opened()
    seen = [texts(page, ".rank-head strong")]
    page.select_option("#partner", "eu")
    seen.append(texts(page, ".rank-head strong"))
    assert "for eu (text)" in page.locator("#headline").text_content()
    page.locator("[data-track=practice]").click()
    seen.append(texts(page, ".rank-head strong"))
    assert "for eu (practice)" in page.locator("#headline").text_content()
    assert "Law read as practised" in page.locator("#notice-first").text_content()
    assert len({tuple(names) for names in seen}) == 3


def test_choosing_a_row_draws_its_haul(opened):
    page = opened()
    assert page.locator("path.haul").count() == 0
    page.locator(".rank-row:not(.baseline)").first.click()
    assert page.locator("path.haul").count() == 4
    assert page.locator(".site.chosen").count() == 1
    assert "by sea" in page.locator("#sea").text_content()


def test_the_reasons_name_blocks_clauses_gates_and_sources(opened):
    page = opened()
    page.locator(".rank-row").first.click()
    page.locator("#tab-why").click()
    text = page.locator("#view-why").text_content()
    for words in (
        "Dependency on controlled items",
        "cn-2025-56-equipment",
        "by text in force, as practised suspended",
        "travel level",
        "Sources",
        "s1",
    ):
        assert words in text
    assert page.locator("#view-why .criterion", has_text="missing").count() >= 4


def test_unknowns_say_what_and_who(opened):
    page = opened()
    page.locator("#tab-unknowns").click()
    items = texts(page, ".unknowns li")
    assert len(items) == 12
    assert "the provincial mines department" in items[0]


def test_the_table_sorts_both_ways_with_missing_last(opened):
    page = opened()
    page.locator("#tab-table").click()
    column = "#view-table tbody td:nth-child(6)"
    page.locator("[data-sort=score]").click()
    rising = [float(text) for text in texts(page, column)]
    page.locator("[data-sort=score]").click()
    assert rising == sorted(rising)
    assert [float(text) for text in texts(page, column)] == rising[::-1]
    assert page.locator("th[aria-sort=descending]").text_content().startswith("Score")
    page.locator("[data-sort=rank]").click()
    ranks = texts(page, "#view-table tbody td:first-child")
    assert ranks[:40] == [str(n) for n in range(1, 41)]
    assert set(ranks[40:]) == {"\u2013"}


def test_the_table_can_be_saved_without_a_network(opened):
    page = opened("hostile")
    page.locator("#tab-table").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    lines = download.value.path().read_text(encoding="utf8").splitlines()
    assert lines[0].startswith("Rank,Site,Product")
    assert len(lines) == 46
    assert not [cell for line in lines for cell in line.split(",") if cell.startswith(("=", "@"))]


def test_the_keyboard_is_enough(opened):
    page = opened()
    page.locator(ROWS).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(ROWS).nth(1).get_attribute("aria-pressed") == "true"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.className") == "apart-row"
    page.locator("#tab-ranking").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#tab-why").get_attribute("aria-selected") == "true"
    assert page.locator("#view-why").is_visible()
    assert not page.locator("#view-ranking").is_visible()
    page.locator("[data-track=text]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-track=practice]").get_attribute("aria-checked") == "true"


def test_the_address_brings_back_case_view_and_choice(opened):
    page = opened()
    page.select_option("#partner", "saudi")
    page.locator(".rank-row").nth(2).click()
    page.locator("#tab-why").click()
    name = page.locator("#view-why h2").text_content()
    page.reload()
    page.wait_for_selector("body[data-ready=yes]")
    assert page.locator("#partner").input_value() == "saudi"
    assert page.locator("#view-why h2").text_content() == name


def test_a_mangled_address_opens_the_first_case(opened):
    page = opened()
    page.evaluate("location.hash = '#nobody/%E0%A4%A/<img>/x/y'")
    page.reload()
    page.wait_for_selector("body[data-ready=yes]")
    assert page.locator("#partner").input_value() == "japan"


@pytest.mark.parametrize("size", SIZES)
def test_nothing_runs_off_the_side(opened, size):
    width, height = SIZES[size]
    page = opened(width=width, height=height, has_touch=size != "desktop")
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight")
        box = page.locator(f"#view-{tab}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["height"] >= 200
        assert (page.locator("#map").bounding_box()["y"] < page.locator("#panel").bounding_box()["y"]) is (size != "desktop")


def test_targets_are_large_enough_for_a_thumb(opened):
    page = opened(width=390, height=844, has_touch=True)
    script = "nodes => nodes.map((node) => node.getBoundingClientRect()).filter((box) => box.height < 43.5 || box.width < 43.5).length"
    for selector in ("#partner", "#track button", "#tabs button", ".rank-row", ".leaflet-control-zoom a", ".legend summary"):
        assert page.eval_on_selector_all(selector, script) == 0, selector


def test_dark_and_light_follow_the_reader(opened):
    colours = {
        scheme: opened(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor") for scheme in ("light", "dark")
    }
    assert colours["light"] == "rgb(255, 255, 255)"
    assert colours["dark"] != colours["light"]


def test_the_legend_uses_marks_and_words_of_the_map(opened):
    page = opened()
    page.locator("#legend summary").click()
    words = " ".join(texts(page, "#legend li"))
    lines = ("open road", "open railway", "disputed line, simplified")
    for mark in ("copper deposit", "hollow: no published tonnage", *lines, "larger town", "port"):
        assert mark in words


def test_hostile_names_are_shown_as_text(opened):
    page = opened("hostile")
    page.locator(".rank-row:not(.baseline)").first.click()
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        assert page.title() == "Midstream siting, Pakistan"
        assert page.locator("img:not(.leaflet-image-layer)").count() == 0
        assert page.locator("script").count() == 3
        assert ("<img src=x onerror=" in page.locator(f"#view-{tab}").text_content()) is (tab != "unknowns")
    page.locator(".deposit").first.evaluate("node => node.dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    page.locator(".leaflet-popup .card").wait_for()
    assert "</script><script>" in page.locator(".leaflet-popup .card").text_content()


@pytest.mark.parametrize(("day", "told"), [("2099-12-31", []), ("2100-01-02", [0]), ("2100-03-01", [0, 1])])
@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_the_readers_own_clock_says_when_the_page_is_out_of_date(browser, pages, name, day, told):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.clock.install(time=dt.datetime.fromisoformat(f"{day}T12:00:00"))
    page.goto(pages[name].as_uri())
    page.wait_for_selector("body[data-ready=yes]")
    turns = [words for _, words in page.evaluate("() => JSON.parse(document.getElementById('data').textContent).meta.turns")]
    said = page.locator("#guard").text_content()
    assert page.locator("#guard").is_visible() == bool(told)
    assert [at for at, words in enumerate(turns) if words in said] == told
    if not told:
        page.clock.fast_forward(dt.timedelta(days=2).total_seconds() * 1000)
        assert page.locator("#guard").is_visible()
    context.close()


@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_an_injected_script_does_not_run_and_nothing_can_be_fetched(browser, pages, name):
    context = browser.new_context()
    page, failed, answered = context.new_page(), [], []
    page.on("requestfailed", lambda request: failed.append((request.url, request.failure)))
    page.on("response", lambda response: answered.append(response.url))
    page.goto(pages[name].as_uri())
    page.wait_for_selector("body[data-ready=yes]")
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = 'window.owned = true';
          const image = document.createElement('img');
          image.setAttribute('onerror', 'window.owned = true');
          image.src = 'https://example.org/x.png';
          document.body.append(script, image);
          image.dispatchEvent(new Event('error'));
        }"""
    )
    fetched = page.evaluate("() => fetch('https://example.org/').then(() => 'fetched', () => 'refused')")
    assert fetched == "refused"
    assert page.evaluate("() => window.owned") is None
    assert [url for url in answered if not url.startswith(("file:", "data:", "blob:"))] == []
    assert failed == [("https://example.org/x.png", "csp")]
    context.close()
