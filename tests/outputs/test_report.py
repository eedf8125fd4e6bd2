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
    for words in ("Japan", "European Union", "Saudi Arabia", "Verdict on exporting", "Margin before conversion, USD/t"):
        assert words in first
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


def test_the_first_page_shows_the_best_plant_of_each_partner(tree, sample):
    kinds = sample.alternatives.set_index("alternative")["kind"]
    for page, case in zip(tree["partners"], sample.cases[::2], strict=True):
        rows = sample.rankings[(sample.rankings["case_id"] == case.case_id) & sample.rankings["rank"].notna()].sort_values("rank")
        best = rows[rows["alternative"].map(kinds) == "plant"].iloc[0]
        assert page["best"]["alternative"] == best["alternative"]
        assert page["best"]["verdict"] == "cannot be told: only if conversion costs less than 412\u00a0USD/t"


def test_rows_with_one_reason_share_one_line(tree):
    assert tree["partners"][0]["reasons"][0]["why"].startswith("First because")
    ranks = ", ".join(reason["ranks"] for reason in tree["partners"][0]["reasons"])
    assert sorted(ranks.split(", ")) == ["1", "2", "3", "4", "5"]


def test_the_other_reading_names_each_row_that_moves(tree, sample):
    text, practice = sample.cases[0].case_id, sample.cases[1].case_id
    ranks = {case: sample.rankings[sample.rankings["case_id"] == case].set_index("alternative")["rank"] for case in (text, practice)}
    leading = ranks[text].dropna().sort_values().head(LISTED)
    moved = sum(rank != ranks[practice].get(name) for name, rank in leading.items())
    assert tree["partners"][0]["others"][0].startswith(f"If the law is read as practised instead, {moved} of the rows above")
    assert moved > 0


def test_every_assumed_figure_is_printed_with_its_sentence_and_unit(report, tree, assumptions):
    rows = {item["name"]: item for item in tree["assumptions"]}
    for name, value in assumptions.leaves():
        stem = next((stem for stem in rows if name == stem or name.startswith(f"{stem}.")), None)
        assert (stem is None) is isinstance(value, str) or name == "seed", name
    assert "<code>title</code>" not in report
    assert rows["transport.snap_limit_km"]["unit"] == "km"
    assert rows["transport.snap_limit_km"]["words"].startswith("A place farther than this")
    assert rows["transport.parcel_t"]["value"] == "25\u202f000"
    assert rows["finance.price_year"]["value"] == str(assumptions.finance.price_year)
    assert " to " in rows["feed.recovery_frac"]["value"]
    assert all(item["words"] for item in rows.values())


def test_a_criterion_that_the_mode_leaves_out_is_not_used(sample):
    weights = {partner: {"F1": 1.0} for partner in sample.weights}
    table = build_report(view_study(SimpleNamespace(**{**vars(sample), "weights": weights})))["weights"]
    assert table[0] == ["1.00"] * 3
    assert table[1] == ["not used"] * 3


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
