"""The report stands alone and says what every output must say."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from geokit.outputs.report import render_report, write_report
from geokit.outputs.reportdata import LISTED, build_report
from geokit.outputs.view import view_study


class Outline(HTMLParser):
    """Collects tags and headings."""

    def __init__(self):
        super().__init__()
        self.tags, self.headings, self.inside = [], [], False

    def handle_starttag(self, tag, _attrs):
        self.tags.append(tag)
        self.inside = tag == "h1"
        if self.inside:
            self.headings.append("")

    def handle_endtag(self, _tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.headings[-1] += data


def outline(text):
    parser = Outline()
    parser.feed(text)
    return parser


@pytest.fixture(scope="module")
def report(sample):
    return render_report(sample)


@pytest.fixture(scope="module")
def tree(sample):
    return build_report(view_study(sample))


def test_no_script_and_nothing_fetched(report):
    assert "<script" not in report
    assert not re.search(r"""\b(src|href)\s*=""", report)


def test_the_first_page_answers_for_every_partner(report):
    first = report.split("</section>")[0]
    for partner in ("Japan", "European Union", "Saudi Arabia"):
        assert partner in first
    for words in (
        "Screening, not a feasibility study.",
        "Not legal advice: classify with counsel.",
        "Known on 2026-11-22",
        "What could not be known",
    ):
        assert words in first
    assert "Law searched: PRC, US; not researched: KR" in re.sub(r"\s+", " ", first)


def test_each_partner_has_a_page_titled_by_its_answer(report, sample):
    titles = outline(report).headings
    for case in sample.cases[::2]:
        assert sample.headlines[case.case_id] in titles


def test_rows_follow_the_ranking(tree, sample):
    for page, case in zip(tree["partners"], sample.cases[::2], strict=True):
        table = sample.rankings[(sample.rankings["case_id"] == case.case_id) & sample.rankings["rank"].notna()]
        assert [row["alternative"] for row in page["rows"]] == table.sort_values("rank")["alternative"].head(LISTED).tolist()


def test_the_other_reading_names_each_row_that_moves(tree, sample):
    text, practice = sample.cases[0].case_id, sample.cases[1].case_id
    ranks = {case: sample.rankings[sample.rankings["case_id"] == case].set_index("alternative")["rank"] for case in (text, practice)}
    leading = ranks[text].dropna().sort_values().head(LISTED)
    moved = sum(rank != ranks[practice].get(name) for name, rank in leading.items())
    assert len(tree["partners"][0]["others"][0]["moved"]) == moved > 0


def test_every_assumption_is_printed_with_its_value(report, assumptions):
    for name, _ in assumptions.leaves():
        assert f"<code>{name}</code>" in report


def test_sources_under_the_rows_are_listed_with_their_titles(tree):
    sources = {source["id"]: source["title"] for source in tree["sources"]}
    assert sources["s1"] == "A report"
    assert "mofcom-2025-56" in sources


def test_hostile_text_stays_text(hostile):
    text = render_report(hostile)
    tags = set(outline(text).tags)
    assert "img" not in tags
    assert "script" not in tags
    assert "&lt;img src=x" in text


def test_an_empty_study_says_so(sample):
    names = ("rankings", "contributions", "dependency", "exposure", "economics", "unknowns", "states", "sources")
    bare = SimpleNamespace(**{**vars(sample), **{name: getattr(sample, name).iloc[:0] for name in names}})
    assert "No alternative could be ranked" in render_report(bare)


def test_write_report_returns_the_path(sample, tmp_path):
    assert write_report(sample, tmp_path / "report.html").is_file()
