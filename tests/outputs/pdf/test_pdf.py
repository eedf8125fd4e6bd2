"""The PDF: tagged, the same bytes for the same study, its notice on every page, any text as text and none of it cut off."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import shutil
from xml.etree import ElementTree as ET

import pytest

from geokit.core.errors import OutputError, UnknownNameError
from geokit.io.fonts import FONTS, find_fonts
from geokit.io.resource import read_resource
from geokit.outputs import pdf as pdf_module
from geokit.outputs.page import ROOM
from geokit.outputs.pdf import TEMPLATES, render_pdf, write_pdf
from geokit.outputs.style import WORDS

TOP = 2
HOSTILE = (
    '#import "/etc/passwd": *',
    "]) #panic() [",
    "$x^2$ @missing <label>",
    "\\u{41} `raw` *bold* _it_ // gone /* gone */",
    "= Title",
    "#{while true {}}",
    "https://example.org/" + "a" * 300,
    "<script>alert(1)</script>",
)
PAGE = re.compile(r"Page (\d+) of (\d+)")


@pytest.fixture(scope="module")
def report(small, tmp_path_factory):
    return write_pdf(small, tmp_path_factory.mktemp("pdf") / "report.pdf", top=TOP, partner="japan")


@pytest.fixture(scope="module")
def pages(report, reader, flat):
    return [flat(page) for page in reader("pdftotext", report).split("\f")[:-1]]


@pytest.fixture(scope="module")
def whole(pages):
    return " ".join(pages)


# What the file is


def test_it_is_tagged_and_says_what_it_conforms_to(report):
    content = report.read_bytes()
    assert content.startswith(b"%PDF-1.7")
    assert re.search(rb"pdfuaid:part>\s*1\s*<", content)
    assert b"/StructTreeRoot" in content
    assert b"/Lang(en)" in content.replace(b"/Lang (", b"/Lang(")
    assert b"/JavaScript" not in content
    assert b"/URI" not in content


def test_the_same_study_gives_the_same_bytes(small, report):
    assert render_pdf(small, top=TOP, partner="japan") == report.read_bytes()


def test_it_is_dated_by_what_was_known_and_not_by_the_clock(report, reader):
    told = reader("pdfinfo", report, "-isodates")
    assert re.search(r"CreationDate:\s+2026-11-22T00:00:00", told)
    assert re.search(r"Title:\s+Midstream siting, \S+: report", told)
    assert re.search(r"Tagged:\s+yes", told)
    assert re.search(r"Page size:.*A4", told)


def test_only_the_fonts_of_the_package_are_used_and_all_are_embedded(report, reader):
    rows = [line.split() for line in reader("pdffonts", report).splitlines()[2:]]
    assert rows
    assert {row[0].split("+")[1] for row in rows} <= {"SourceSansPro-Regular-Identity-H", "SourceSansPro-Semibold-Identity-H"}
    assert all(row[-5] == "yes" for row in rows)


def test_headings_tables_and_figures_are_marked_for_those_who_listen(report, reader):
    marks = reader("pdfinfo", report, "-struct")
    for mark in ("H1", "H2", "H3", "Table", "THead", "TH", "TD", "Figure", "Caption", "TOC", "L", "LI"):
        assert re.search(rf"^\s*{mark}\b", marks, re.MULTILINE), mark
    assert marks.count("/Scope /Column") > 20


def test_a_figure_says_in_words_what_it_shows(report, whole):
    told = re.findall(rb"/Alt ?\(([^)]*)", report.read_bytes())
    assert len(told) == len(re.findall(r"Figure \d+\. ", whole))
    assert sum(words.startswith(b"Map of provinces, roads, railways, ports, deposits and candi") for words in told) == 1
    assert sum(words.startswith(b"Bars of each criterion") for words in told) == TOP


# What the pages say


def test_every_page_carries_notice_date_warning_and_number(pages, small, flat):
    law = flat(next(words for words in small.warnings if words.startswith("Law unsettled on 22 Nov 2026")).split("; ")[0])
    for at, page in enumerate(pages, 1):
        assert all(words in page for words in WORDS), at
        assert "Known on 2026-11-22" in page, at
        assert law in page, at
        assert "Law read by its text, 2026-11-22." in page, at
        assert PAGE.findall(page)[-1] == (str(at), str(len(pages))), at


def test_the_first_page_stands_alone(pages, small, flat):
    case = small.case("japan")
    headline = flat(small.headlines[case.case_id]).split(". ")[0]
    for words in ("Which plant should stand where for Japan, and does it beat exporting?", headline, "What could not be known"):
        assert words in pages[0]
    best = small.ranking("japan")["alternative"].iloc[0]
    assert small.layers["sites"].set_index("site_id").loc[best.split(":")[0], "name"] in pages[0]
    for words in ("Largest other gaps, over all products", "80 % band", "Bounds", "Verdict on exporting", "Law searched"):
        assert words in pages[0]


def test_the_contents_name_the_page_of_every_profile(pages):
    listed = pages[1].replace("\u2060", "")
    found = re.findall(r"(\d+\. [^.]+?)[ .]+(\d+) (?=\d+\. |What to find out next)", listed)
    assert [title.split(".")[0] for title, _ in found] == [f"{rank}" for rank in range(1, TOP + 1)]
    for title, page in found:
        assert title in pages[int(page) - 1]


def test_the_parts_come_in_order(whole):
    parts = [
        "Which plant should stand where",
        "Contents",
        "Where the first 10 of",
        "how sure, and why",
        "What makes up the score",
        "What is not known, and who holds it",
        "Alternatives touched",
        "What the known bodies would give a year",
        "Weights by partner; each column adds to 1.",
        "Fingerprint",
        "sources stand under this report",
    ]
    spots = [whole.rindex(words) for words in parts]
    assert [spots[at] for at in (0, 2, 3, 4, 5, 6, 8, 9)] == sorted(spots[at] for at in (0, 2, 3, 4, 5, 6, 8, 9))


def test_each_profile_names_its_unknowns_and_who_holds_them(whole, small):
    assert whole.count("What is not known, and who holds it") == TOP
    assert "not found: operating cost" in whole
    for name in small.ranking("japan", top=TOP)["alternative"]:
        cells = small.explain(name, "japan")["cells"]
        blank = [cell for cell in cells if cell["value"] is None and cell["weight"]]
        assert blank
        for cell in blank:
            assert cell["label"].split(":")[0].split(" (")[0] in whole


def test_every_profile_has_all_its_parts(whole):
    for words in ("The place", "Its feed", "Ways and what they cost", "Plan to buy it safely", "Gates", "Money of a tonne", "Risks"):
        assert len(re.findall(rf"\b{words}\b", whole)) >= TOP, words


def test_every_figure_is_numbered_captioned_and_dated(whole):
    numbers = [int(one) for one in re.findall(r"Figure (\d+)\. ", whole)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 1 + TOP
    for part in re.split(r"Figure \d+\. ", whole)[1:]:
        assert "as known on 2026-11-22." in part[:900]


def test_assumptions_are_printed_with_ends_and_grade_and_sources_with_licence_and_date(whole, small):
    assert "transport.offnetwork_tortuosity" in whole
    assert re.search(r"1\.1 to 1\.8, mode 1\.3 \S.* A ", whole)
    sources = small.layers["sources"].set_index("source_id")
    used = small.explain(small.ranking("japan")["alternative"].iloc[0], "japan")["sources"]
    assert used
    for row in (row for row in used if len(row["source_id"]) < 16):  # a longer one goes on in the next line of its column
        assert row["source_id"] in whole
        assert sources.loc[row["source_id"], "licence"] in whole


def test_a_table_that_goes_on_repeats_its_head(pages):
    assumed = [page for page in pages if "What it says" in page]
    assert len(assumed) > 1
    assert sum("Publisher" in page and "Licence" in page for page in pages) > 1


# What the pages look like


def boxes(report, reader):
    text = re.sub(r"<!DOCTYPE[^>]*>", "", reader("pdftotext", report, "-bbox"))
    tree = ET.fromstring(text)  # noqa: S314  poppler's own words
    for page in tree.iter("{http://www.w3.org/1999/xhtml}page"):
        yield float(page.get("width")), float(page.get("height")), [
            [float(word.get(side)) for side in ("xMin", "yMin", "xMax", "yMax")] for word in page
        ]


def look(report, reader, least_words=20):
    """Hold that no word reaches over the margins, or over the foot of the page."""
    for at, (width, height, words) in enumerate(boxes(report, reader), 1):
        assert len(words) >= least_words, at
        assert min(word[0] for word in words) >= 45, at
        assert max(word[2] for word in words) <= width - 45, at
        assert min(word[1] for word in words) >= 20, at
        assert max(word[3] for word in words) <= height - 12, at


def test_no_word_is_cut_off(report, reader):
    look(report, reader)


def test_no_words_cover_the_foot_of_the_page(report, reader):
    for _, height, words in boxes(report, reader):
        foot = [word for word in words if word[1] > height - 52]
        body = [word for word in words if word[1] <= height - 52]
        assert foot
        assert max(word[3] for word in body) <= min(word[1] for word in foot) + 1


def poison(small):
    """Return the study with hostile names, reasons, warnings and sources."""
    tables = dict(small.layers.tables)
    sites, sources, deposits = (tables[name].copy() for name in ("sites", "sources", "deposits"))
    sites["name"], sites["power_note"], sites["developer"] = HOSTILE[0], HOSTILE[1], HOSTILE[6]
    sources["title"], sources["publisher"] = HOSTILE[2], HOSTILE[3]
    deposits["name"] = HOSTILE[5]
    layers = dataclasses.replace(small.layers, tables={**tables, "sites": sites, "sources": sources, "deposits": deposits})
    rankings = small.rankings.assign(reason=HOSTILE[4], status_reason=HOSTILE[7])
    headlines = dict.fromkeys(small.headlines, f"{HOSTILE[0]} {HOSTILE[2]}. {HOSTILE[1]}")
    warnings = (f"Law unsettled {HOSTILE[1]}; more", *HOSTILE)
    return dataclasses.replace(small, layers=layers, rankings=rankings, headlines=headlines, warnings=warnings)


@pytest.fixture(scope="module")
def poisoned(small, tmp_path_factory):
    return write_pdf(poison(small), tmp_path_factory.mktemp("hostile") / "report.pdf", top=1, partner="japan")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_is_printed_as_it_stands(poisoned, reader, flat, words):
    tight = flat(reader("pdftotext", poisoned)).replace(" ", "")
    assert words.replace(" ", "") in tight


def test_hostile_text_leaves_the_margins_alone(poisoned, reader):
    look(poisoned, reader, least_words=15)


def test_changed_layers_are_marked_on_every_page(small, tmp_path, reader, flat):
    changed = dataclasses.replace(small, layers=dataclasses.replace(small.layers, modified=("prices",)))
    path = write_pdf(changed, tmp_path / "report.pdf", top=0, partner="japan")
    assert all("Layers were modified: prices." in flat(page) for page in reader("pdftotext", path).split("\f")[:-1])


def test_signs_that_the_fonts_lack_are_crosses_and_told_once(small, tmp_path, reader, flat):
    warned = dataclasses.replace(small, warnings=("Law unsettled: \u4e2d\u6587 and \u0627\u0631\u062f\u0648 \u202e here",))
    path = write_pdf(warned, tmp_path / "report.pdf", top=0, partner="japan")
    text = flat(reader("pdftotext", path))
    assert "Law unsettled: \u00d7\u00d7 and \u00d7\u00d7\u00d7\u00d7 \u00d7 here" in text
    assert "U+0627, U+062F, U+0631, U+0648, " in text
    assert text.count("U+4E2D") == 1
    assert "\u4e2d" not in text


# How it is asked for


def test_without_a_partner_every_partner_has_its_pages(small, tmp_path, reader, flat):
    text = flat(reader("pdftotext", write_pdf(small, tmp_path / "report.pdf", top=1)))
    assert "for whom, and does it beat exporting?" in text
    assert "2 partners." in text
    for label in ("Japan", "T\u00fcrkiye" if "T\u00fcrkiye" in text else "Turkiye"):
        assert f"{label}: the first" in text
    assert text.count("What is not known, and who holds it") == 2


def test_no_profile_is_wanted_with_a_top_of_nought(small):
    assert len(render_pdf(small, top=0, partner="japan")) < len(render_pdf(small, top=1, partner="japan"))


def test_a_partner_that_the_study_lacks_is_an_error_with_the_choices(small):
    with pytest.raises(UnknownNameError, match="japan"):
        render_pdf(small, partner="korea")


def test_a_top_below_nought_is_refused(small):
    with pytest.raises(OutputError, match="top is -1: the number of rows with a profile is nought or more"):
        render_pdf(small, top=-1)


def test_an_empty_ranking_is_printed_as_such(small, tmp_path, reader, flat):
    none = dataclasses.replace(small, rankings=small.rankings.iloc[:0])
    text = flat(reader("pdftotext", write_pdf(none, tmp_path / "report.pdf", partner="japan")))
    assert "No plant could be ranked" in text
    assert "No alternative could be ranked; 0 wait for facts." in text


def test_the_answer_of_a_later_day_of_knowledge_is_dated_by_that_day(small, tmp_path, reader):
    later = tuple(dataclasses.replace(case, known_on=dt.date(2026, 12, 24)) for case in small.cases[:1])
    ids = {small.cases[0].case_id: later[0].case_id}
    moved = {name: getattr(small, name).replace({"case_id": ids}) for name in ("rankings", "dependency", "exposure", "procurement")}
    told = dict.fromkeys([later[0].case_id], "Told.")
    path = write_pdf(dataclasses.replace(small, cases=later, headlines=told, remarks=told, **moved), tmp_path / "r.pdf", top=0)
    assert "2026-12-24" in reader("pdfinfo", path, "-isodates")


def test_a_missing_font_is_told_before_anything_is_set(small, tmp_path, monkeypatch):
    shutil.copy(find_fonts() / FONTS[0], tmp_path)
    monkeypatch.setattr(pdf_module, "find_fonts", lambda: find_fonts(tmp_path))
    monkeypatch.setattr(pdf_module, "build_document", pytest.fail)
    with pytest.raises(OutputError, match=f"the font {FONTS[1]} is missing"):
        render_pdf(small)


def test_what_the_typesetter_refuses_is_an_error_of_ours(small, monkeypatch):
    monkeypatch.setattr(pdf_module, "read_resource", lambda *_: "#panic(\"broken\")\n")
    with pytest.raises(OutputError, match=r"the PDF could not be set: .*broken"):
        render_pdf(small, top=0, partner="japan")


def test_a_full_disk_leaves_no_part_of_a_file(small, tmp_path, monkeypatch):
    def fill(path, content):
        with path.open("wb") as file:
            file.write(content[:1000])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", fill)
    monkeypatch.setattr(pdf_module, "render_pdf", lambda *_, **__: b"x" * 5000)
    with pytest.raises(OutputError, match=r"report\.pdf: cannot be written \(No space left on device\)"):
        write_pdf(small, tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


def test_no_template_reads_data_as_markup_or_opens_a_file():
    for name in TEMPLATES:
        source = read_resource(ROOM, f"templates/{name}.typ")
        assert not re.search(r"\beval\(|\bread\(|#?import |#?include |\bplugin\(|\bcsv\(|\byaml\(", source), name
        assert source.count("json(") == (name == "kit")
