"""What if a corridor closes: the control, what it draws and what it says, in a real browser."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.outputs.page import write_page

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


@pytest.fixture
def ranked_closed(browser, build_sample, tmp_path):
    """The sample ranked with one corridor closed, under one reading of the law: the first row falls to 40, the third has no rank."""
    study = build_sample()
    case = study.cases[0]
    names = study.rankings.query("case_id == @case.case_id").set_index("rank")["alternative"]
    facts = {"closure_id": "bolan", "case_id": case.case_id, "partner": case.partner}
    moves = [(names[1], 1.0, 40.0), (names[3], 3.0, None), (names[2], 2.0, 1.0)]
    rows = [{**facts, "alternative": name, "rank_before": old, "rank": new} for name, old, new in moves]
    beyond = {**facts, "closure_id": "hormuz", "alternative": "far:below", "rank_before": 300.0, "rank": 301.0}
    study.closure_ranks = pd.DataFrame([*rows, beyond])
    study.closure_ranks["rank"] = study.closure_ranks["rank"].astype(float)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(write_page(study, tmp_path / "closed.html").as_uri())
    page.wait_for_selector("body[data-ready=yes]")
    yield page, names
    page.close()


def listed(page):
    return page.eval_on_selector_all("#view-ranking .ranks [data-alternative]", "nodes => nodes.map((node) => node.dataset.alternative)")


def test_the_list_ranks_as_the_study_did_with_the_corridor_closed(ranked_closed):
    page, names = ranked_closed
    before = listed(page)
    assert before[:3] == names[[1, 2, 3]].tolist()
    page.locator("#closure").select_option("bolan")
    after = listed(page)
    assert after[0] == names[2]
    assert names[3] not in after
    assert after.index(names[1]) == len(after) - 1 or after.index(names[1]) >= 37
    assert "rank 1 with every link open" in page.locator(f"[data-alternative='{names[1]}']").text_content()
    assert "no rank while the corridor is closed" in page.locator(".apart").text_content()
    assert "Scores, bands and sentences are those of every link open" in page.locator(".list-notice").text_content()
    assert page.locator(".ranks.dimmed").count() == 0
    page.locator("#closure").select_option("")
    assert listed(page) == before
    assert page.locator(".list-notice").count() == 0


def test_ranks_that_move_below_the_list_leave_it_as_it_is_and_say_so(ranked_closed):
    page, _ = ranked_closed
    before = listed(page)
    page.locator("#closure").select_option("hormuz")
    assert listed(page) == before
    assert page.locator(".list-notice").text_content().startswith("Ranks while")
    assert page.locator(".ranks.dimmed").count() == 0


def test_marks_on_the_map_follow_the_ranks_with_the_corridor_closed(ranked_closed):
    page, _ = ranked_closed
    page.locator("#closure").select_option("bolan")
    marks = page.eval_on_selector_all(".site-mark.ranked[data-place]", "nodes => nodes.map((node) => node.textContent)")
    ranks = page.eval_on_selector_all("#view-ranking .rank-number", "nodes => nodes.map((node) => node.textContent)")
    assert set(marks) <= set(ranks)
    assert ranks[0] == "1"


def test_a_reading_that_was_not_ranked_with_it_says_so_and_stands_back(ranked_closed):
    page, _ = ranked_closed
    page.locator("#closure").select_option("bolan")
    page.locator("[data-track=practice]").click()
    assert page.locator(".ranks.dimmed").count() == 1
    assert "not ranked with the corridor closed" in page.locator(".list-notice").text_content()
    page.locator("#closure").select_option("")
    assert page.locator(".ranks.dimmed").count() == 0
