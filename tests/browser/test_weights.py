"""The reader's weights: the page ranks as the study does, and what it writes the command line reads."""

from __future__ import annotations

import json
import re
import shlex
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from geokit import cli
from geokit.io.defaults import read_assumptions
from geokit.io.resource import read_resource
from geokit.outputs.page import write_page
from geokit.outputs.reweigh import pack_matrix
from geokit.outputs.view import view_study
from geokit.study.study import Study

PARTNERS = 3
"""How many partners are compared, the first ones of the study."""
SETTINGS = 12
FIGURES = ["score", "bound_low", "bound_high", "evidence_frac"]
ROWS = "#view-ranking .ranks [data-alternative]"


@pytest.fixture(scope="module")
def scorer(browser, study):
    """A blank page that holds the packed matrix and the scoring of the page, and nothing else."""
    page = browser.new_context(offline=True).new_page()
    scripts = [read_resource("geokit.outputs", f"assets/{name}.js") for name in ("core", "reweigh")]
    packed = json.dumps({"matrix": pack_matrix(view_study(study))})
    told = "\nObject.assign(window, { scoreCase, weighedParts });"
    page.evaluate("(() => { const DATA = " + packed + ";\n" + "\n".join(scripts) + told + "})()")
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def file_of_study(study, tmp_path_factory):
    """The page of a real study on other assumptions than the defaults, as far as the page can tell."""
    told = {name: getattr(study, name) for name in dir(study) if not name.startswith("_") and name not in {"cells", "criteria"}}
    other = SimpleNamespace(**told | {"assumptions": study.assumptions.replace(transport__parcel_t=31_000.0, seed=7)})
    return write_page(other, tmp_path_factory.mktemp("weights") / "map.html")


@pytest.fixture
def page(browser, file_of_study):
    """The page with its weights unfolded; at the end nothing may have been said or asked of the network."""
    context = browser.new_context(offline=True, accept_downloads=True)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith(("file:", "blob:", "data:")) else None)
    page.goto(file_of_study.as_uri())
    page.wait_for_selector("body[data-ready=yes]", timeout=15_000)
    page.locator("#weights-summary").click()
    yield page
    context.close()
    assert said == []


def settle(page):
    """Wait until the frame in which the page draws is over."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def shown(page):
    return page.eval_on_selector_all(ROWS, "nodes => nodes.map((node) => node.dataset.alternative)")


def move(page, name, value):
    page.locator(f"#weight-{name}").fill(str(value))
    settle(page)


def settings_of(page):
    """Return what the address says of the weights."""
    text = page.evaluate("decodeURIComponent(location.hash)").split("/")[6]
    return {name: float(value) for name, value in (pair.split(":") for pair in text.split(","))}


def draw_weights(names, rng, at):
    """Return random weights; every third setting leaves out half of the criteria."""
    drawn = rng.dirichlet(np.ones(len(names)))
    if at % 3 == 2:
        drawn = drawn * (rng.random(len(names)) < 0.5)
        drawn[0] += 0.01
    return dict(zip(names, (drawn / drawn.sum()).tolist(), strict=True))


@pytest.mark.parametrize("place", range(PARTNERS))
def test_the_page_ranks_every_alternative_as_the_study_does(scorer, study, place):
    partner = list(study.weights)[place]
    rng = np.random.default_rng(11)
    moved = 0
    tracks = [case for case in study.cases if case.partner == partner]
    for at in range(SETTINGS):
        case = tracks[at % len(tracks)]
        before = study.scored.table.query("case_id == @case.case_id").set_index("alternative")["rank"]
        weights = draw_weights(list(study.weights[partner]), rng, at)
        again = study.scored.rescore({partner: study.weights[partner].replace(weights)}, case_ids=[case.case_id], contributions_top=0)
        asked = {"id": case.case_id, "partner": partner, "track": case.track.value}
        told = scorer.evaluate("([one, weights]) => scoreCase(one, weights)", [asked, weights])
        table = again.table.set_index("alternative").loc[[row["alternative"] for row in told]]
        assert len(table) == len(again.table)
        for name in FIGURES:
            np.testing.assert_allclose([row[name] for row in told], table[name], atol=1e-9, rtol=0)
        assert [row["status"] for row in told] == table["status"].tolist()
        ranks = [np.nan if row["rank"] is None else row["rank"] for row in told]
        np.testing.assert_array_equal(ranks, table["rank"])
        moved += int((table["rank"] != before.reindex(table.index)).any())
    assert moved == SETTINGS


def test_the_contributions_are_those_of_the_study(scorer, study):
    case = study.cases[0]
    names = study.rankings.query("case_id == @case.case_id and rank <= 40")["alternative"].tolist()
    asked = [{"id": case.case_id, "partner": case.partner, "track": case.track.value}, dict(study.weights[case.partner]), names]
    script = """([one, weights, names]) =>
      names.flatMap((alternative) => weighedParts(one, weights, alternative).map((item) => ({ ...item, alternative })))"""
    told = scorer.evaluate(script, asked)
    keys = ["alternative", "criterion_id"]
    ours = pd.DataFrame(told).set_index(keys).sort_index()
    theirs = study.contributions.query("case_id == @case.case_id").set_index(keys).reindex(ours.index)
    assert len(ours) == len(names) * sum(weight > 0 for weight in study.weights[case.partner].values())
    for name in ("weight", "v", "contribution"):
        np.testing.assert_allclose(ours[name].astype(float), theirs[name].astype(float), atol=1e-9, rtol=0)
    cells = study.scored.joined.list_cells(study.scored.joined.index_of(case.case_id), names).set_index(keys).reindex(ours.index)
    assert ours["grade"].tolist() == cells["grade"].tolist()
    assert ours["source_ids"].tolist() == cells["source_ids"].tolist()
    np.testing.assert_allclose(ours["value"].astype(float), cells["value"], rtol=1e-4)


def test_moving_a_slider_ranks_again_and_the_reset_goes_back(page):
    before = page.locator(ROWS).all_text_contents()
    page.locator("#weight-D1").focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    settle(page)
    assert page.locator(ROWS).all_text_contents() != before
    assert page.locator("#own-weights").is_visible()
    page.wait_for_url(re.compile("D1:"))
    page.locator("#weights-reset").click()
    settle(page)
    assert page.locator(ROWS).all_text_contents() == before
    assert page.locator("#own-weights").is_hidden()
    page.wait_for_url(re.compile("^[^:]*:[^:]*$"))


def test_the_sum_of_the_weights_stays_and_the_others_keep_their_proportions(page, study):
    partner = study.cases[0].partner
    shipped = dict(study.weights[partner])
    move(page, "D1", 40)
    page.wait_for_url(re.compile("D1:40"))
    told = settings_of(page)
    assert sum(told.values()) == pytest.approx(100, abs=1e-3)
    rest = 1 - shipped["D1"]
    for name in set(told) - {"D1"}:
        assert told[name] == pytest.approx(100 * shipped[name] * 0.6 / rest, abs=1e-4)
    shares = page.eval_on_selector_all(".weight-row output", "nodes => nodes.map((node) => parseFloat(node.textContent))")
    assert sum(shares) == pytest.approx(100, abs=0.05 * len(shares))


def test_a_double_click_takes_one_weight_back(page, study):
    move(page, "D1", 40)
    page.locator("#weight-D1").dispatch_event("dblclick")
    settle(page)
    shipped = 100 * study.weights[study.cases[0].partner]["D1"]
    assert page.locator("#share-D1").text_content() == f"{shipped:.1f}\u00a0%"


def test_rows_that_only_change_their_figures_keep_their_nodes(page):
    move(page, "D1", 20)
    page.eval_on_selector_all(".rank-item", "nodes => nodes.forEach((node) => { node.dataset.seen = 'yes'; })")
    before = page.locator(".score-figure").all_text_contents()
    move(page, "D1", 21)
    kept = page.locator(".rank-item[data-seen=yes]").count()
    assert kept >= 0.8 * page.locator(".rank-item").count()
    assert page.locator(".score-figure").all_text_contents() != before
    columns = [page.locator(f".ranks .{name}").all_text_contents() for name in ("rank-number", "score-figure")]
    ranks, scores = ([float(text) for text in column] for column in columns)
    assert ranks == sorted(ranks)
    assert scores == sorted(scores, reverse=True)


def test_the_marks_of_the_map_follow_the_list(page):
    move(page, "D1", 55)
    first = page.locator(ROWS).first.locator("strong").text_content()
    script = "nodes => nodes.map((node) => [node.textContent, node.parentElement.getAttribute('aria-label')])"
    marks = page.eval_on_selector_all(".site-mark.ranked[data-place]", script)
    assert marks
    assert all(label.endswith(f"rank {rank}") for rank, label in marks)
    assert dict(marks).get("1", f"{first}, rank 1") == f"{first}, rank 1"


def test_another_partner_has_its_own_weights(page, study):
    move(page, "D1", 40)
    other = list(dict.fromkeys(case.partner for case in study.cases))[1]
    page.select_option("#partner", other)
    assert page.locator("#own-weights").is_hidden()
    assert page.locator("#share-D1").text_content() == f"{100 * study.weights[other]['D1']:.1f}\u00a0%"


def save(page, folder):
    """Save the settings of the page as a reader does."""
    with page.expect_download() as download:
        page.locator("#weights-save").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def commands(path):
    """Return the command lines of a settings file as words."""
    lines = path.read_text(encoding="utf8").splitlines()
    return [shlex.split(line.removeprefix("#").strip()) for line in lines if line.startswith("#   geokit ")]


def test_the_file_of_the_page_ranks_the_same_at_the_command_line(page, study, tmp_path, monkeypatch):
    move(page, "D1", 33.5)
    page.wait_for_url(re.compile("D1:33.5"))
    path = save(page, tmp_path)
    assert read_assumptions(path).diff(study.assumptions.replace(transport__parcel_t=31_000.0, seed=7)).keys() == {"title"}
    run, rescore = commands(path)
    case = study.cases[0]
    assert run == ["geokit", "run", "--assumptions", path.name, "--partner", case.partner, "--on", case.on.isoformat(), "--out", "study"]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study").mkdir()
    study.save(tmp_path / "study")
    done = CliRunner().invoke(cli.app, rescore[1:], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    table = Study.load(tmp_path / "weighed").rankings
    track = page.locator("#track [aria-checked=true]").get_attribute("data-track")
    table = table[table["case_id"] == f"{case.partner}/{track}/{case.on}"].sort_values("rank")
    assert shown(page)[:60] == table["alternative"].tolist()[:60]
    scores = [float(text) for text in page.locator(".score-figure").all_text_contents()][:60]
    np.testing.assert_allclose(scores, table["score"].head(60), atol=0.005001)


def test_without_weights_of_ones_own_the_file_only_makes_the_study(page, tmp_path):
    assert [words[1] for words in commands(save(page, tmp_path))] == ["run"]


def test_an_address_with_weights_opens_with_them_and_an_old_one_without(page):
    move(page, "F1", 40)
    page.wait_for_url(re.compile("F1:40"))
    address, order = page.url, page.locator(ROWS).all_text_contents()
    page.evaluate("() => { location.hash = location.hash.split('/').slice(0, 6).join('/'); }")
    page.locator("#own-weights").wait_for(state="hidden")
    page.goto("about:blank")
    page.goto(address)
    page.locator("#own-weights").wait_for()
    assert page.locator(ROWS).all_text_contents() == order
    assert page.url == address


@pytest.mark.parametrize("words", ["D1:40", "D1:-1", "D1:x,<img>:3", ",,:", "D1:Infinity"])
def test_an_address_with_half_the_weights_opens_without(page, words):
    page.evaluate("(words) => { location.hash = location.hash.split('/').slice(0, 6).join('/') + '/' + encodeURIComponent(words); }", words)
    settle(page)
    assert page.locator("#own-weights").is_hidden()


def test_standings_do_not_depend_on_the_language(page):
    move(page, "D1", 40)
    page.wait_for_url(re.compile("D1:40"))
    before, marks = shown(page), page.locator(".ranks .tag").count()
    page.select_option("#language", "de")
    page.wait_for_selector("html[lang=de] body[data-ready=yes]")
    assert shown(page) == before
    assert page.locator(".ranks .tag").count() == marks
    assert page.locator("#weight-D1").input_value() == "40"


def test_a_study_without_cells_offers_no_weights(opened):
    assert opened().locator("#weights").is_hidden()
