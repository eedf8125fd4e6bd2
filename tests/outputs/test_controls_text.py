"""Clauses and changes as a page: who was searched, where the readings differ, what is stale, and nothing that steers a terminal."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geokit.core.codes import Track
from geokit.dependency import resolve
from geokit.dependency.changes import compare_states
from geokit.dependency.clauses import list_issuers
from geokit.outputs.controls_text import DISCLAIMER, list_notes, print_changes, print_controls, tell_changes, tell_controls
from geokit.outputs.terminal import WIDTH

ON = dt.date(2026, 11, 22)
NARROW = 80
SEARCHED = (
    "Searched: PRC, US, EU, Germany, Finland, Japan, UK, Australia; not researched: Korea, Canada; "
    "beside them: host country, regimes."
)


@pytest.fixture(scope="module")
def page(layers):
    """Return a function that words the clauses of a date, on a page so wide that no line breaks."""

    def call(on=ON, *, known_on=None, width=10_000, issuers=(), track=None):
        frame = resolve(layers, on=on, known_on=known_on, issuers=issuers, track=track)
        return tell_controls(frame, list_issuers(layers, issuers), on=on, known_on=known_on, width=width)

    return call


@pytest.fixture(scope="module")
def changes(layers):
    """Return a function that words what differs between two dates."""

    def call(*days, width=10_000, issuers=()):
        frame = compare_states(layers, *days, issuers=issuers)
        return tell_changes(frame, list_issuers(layers, issuers), days=days, width=width)

    return call


def find(sections, clause_id):
    """Return the line of a clause."""
    return next(line for _, lines in sections for line in lines if line.lstrip(" *").startswith(f"{clause_id} ("))


def whole(sections):
    return "\n".join(line for head, lines in sections for line in (head, *lines))


def test_every_clause_in_being_stands_once_below_its_issuer(page, layers):
    table = resolve(layers, on=ON)
    sections = {head.split("]")[0]: lines for head, lines in page()}
    for issuer in layers["issuers"].itertuples():
        clauses = table.loc[table["issuer"] == issuer.issuer, "clause_id"]
        told = [line for line in sections[f"{issuer.label} [{issuer.issuer}"] if line.startswith(("    ", "  * "))]
        assert sorted(line.split()[line.startswith("  *")] for line in told) == sorted(clauses)


def test_a_clause_tells_effect_scope_and_state_and_where_the_readings_differ(page):
    assert find(page(), "cn-2025-56-equipment") == (
        "  * cn-2025-56-equipment (2B902.a-z): licence; text in force 2026-11-11 (by lapse of what suspended it, no act seen), "
        "practice suspended 2025-11-07 (since 2026-11-11 on an official read-out, second hand, no act); "
        "next 2027-01-11 practice unresolved; never operated"
    )
    assert find(page(), "cn-2025-18-goods") == "    cn-2025-18-goods (1C902-1C908): licence; in force 2025-04-04"
    assert "ban; United States; US military users or US military use; in force 2024-12-03" in find(page(), "cn-2024-46-art-1")
    assert find(page(), "us-dfars-7052-test").endswith("announced 2024-05-30; next 2027-01-01 in force; never operated")


def test_little_confidence_in_what_is_done_is_told(page):
    assert "(since 2026-11-10 on the press alone, confidence low)" in find(page(), "us-affiliates-2025-list")
    assert "ban; in force 2026-07-10 (confidence low)" in find(page(), "cn-2026-29-ban")


def test_a_state_that_still_rests_on_its_act_says_no_more(layers):
    issuers, day = list_issuers(layers, ["cn"]), dt.date(2026, 3, 1)
    told = tell_controls(resolve(layers, on=day, issuers=["cn"]), issuers, on=day, width=10_000)
    assert "licence; suspended 2025-11-07; next 2026-11-11 text in force" in find(told, "cn-2025-56-equipment")
    late = dt.date(2027, 3, 1)
    told = tell_controls(resolve(layers, on=late, issuers=["cn"]), issuers, on=late, width=10_000)
    assert "practice unresolved 2027-01-11; never" in find(told, "cn-2025-56-equipment")


def test_what_is_unsettled_is_told_once_beside_who_was_searched(layers):
    issuers = list_issuers(layers, ["cn"])
    notes = list_notes(layers, issuers, on=ON)
    told = whole(tell_controls(resolve(layers, on=ON, issuers=["cn"]), issuers, on=ON, notes=notes, width=10_000))
    assert [told.count(note) for note in notes] == [1] * len(notes)
    assert len(notes) > 2


def test_one_reading_alone_names_no_other(page):
    sections = page(track=Track.PRACTICE, issuers=["cn"])
    assert "only the practice is told" in whole(sections)
    assert find(sections, "cn-2025-56-equipment").endswith(
        "licence; suspended 2025-11-07 (since 2026-11-11 on an official read-out, second hand, no act); "
        "next 2027-01-11 unresolved; never operated"
    )
    assert not any(line.startswith("  *") for _, lines in sections for line in lines)


@pytest.mark.parametrize(
    ("day", "stale"),
    [
        (dt.date(2026, 9, 14), False),
        (dt.date(2026, 9, 15), False),
        (dt.date(2026, 9, 16), True),
    ],
)
def test_what_was_verified_more_than_45_days_before_is_stale(page, day, stale):
    """No.18/2025 was last verified on 1 Aug 2026; 45 days later is 15 Sep 2026."""
    sections = page(day, issuers=["cn"])
    line = next(line for _, lines in sections for line in lines if "(No.18 of 2025)" in line)
    assert line.endswith("verified 2026-08-01, stale" if stale else "verified 2026-08-01")


def test_clauses_of_one_instrument_verified_on_different_days_carry_their_own(page):
    assert find(page(), "cn-2024-46-art-1").endswith("verified 2025-11-09, stale")
    assert find(page(), "cn-2024-46-art-2").endswith("verified 2026-10-09")


def test_the_last_lines_name_who_was_searched_and_what_this_is_not(page):
    assert page()[-1][1][-2:] == [SEARCHED, DISCLAIMER]
    assert page(issuers=["kr", "us"])[-1][1][-2] == "Searched: US; not researched: Korea."


def test_where_no_control_is_found_the_issuers_searched_are_named(page):
    """The dual-use regulation was issued on 20 May 2021, the act on raw materials, no control, in 2024."""
    sections = page(dt.date(2020, 1, 1), issuers=["eu"])
    assert "  No listed control found on 2020-01-01." in sections[1][1]
    assert "No listed control found. Searched: EU." in sections[-1][1]
    assert "3 clauses not yet issued or not yet known left out." in sections[-1][1]
    assert "no export control" in find(page(), "eu-crma-2024-1252-test")


def test_the_list_of_japan_stands_under_its_order_and_before_the_user_list(page):
    """Cabinet Order No. 378 of 1949; the list of users took effect on 9 Oct 2025."""
    sections = page(dt.date(2020, 1, 1), issuers=["jp"])
    assert "in force, start not in the sources" in find(sections, "jp-meti-user-list-listed")
    assert "announced, start not in the sources (the press alone)" in find(sections, "jp-single-country-goal-test")
    assert not any("jp-meti-user-list-catch-all" in line for _, lines in sections for line in lines)


def test_what_was_put_back_by_the_act_that_suspended_it_is_no_lapse(page):
    line = find(page(), "us-affiliates-2025-list")
    assert "text in force 2026-11-10 (confidence low), practice suspended 2025-11-10" in line
    assert "lapse" not in line


def test_an_issuer_without_a_clause_says_how_far_it_was_read(layers):
    frame = resolve(layers, on=ON, issuers=["fi"])
    sections = tell_controls(frame[frame["clause_id"] == ""], list_issuers(layers, ["fi"]), on=ON)
    assert sections[1][0] == "Finland [fi]: researched; EU rules; practice for this destination not found"
    assert sections[1][1][0] == "  No listed control found on 2026-11-22."


@pytest.mark.parametrize("issuer", ["ca", "kr"])
def test_an_issuer_whose_rules_nobody_read_says_so_once(page, issuer):
    head = page(issuers=[issuer])[1][0]
    assert head.count("rules not read") == 1
    assert page(issuers=[issuer])[-1][1][-2].startswith("Searched: none; not researched: ")


def test_a_start_that_the_sources_do_not_tell_is_said_to_be_unknown(page):
    assert "in force, start not in the sources" in find(page(), "us-ear-country-chart-cb")


def test_days_in_the_wrong_order_say_which_is_the_earlier(layers):
    days = (dt.date(2026, 11, 22), dt.date(2025, 11, 22))
    issuers = list_issuers(layers)
    head = tell_changes(compare_states(layers, *days), issuers, days=days)[0][0]
    assert "(back in time: 2025-11-22 is the earlier day)" in head
    assert "earlier" not in tell_changes(compare_states(layers, *days[::-1]), issuers, days=days[::-1])[0][0]


def test_the_date_of_knowledge_is_told(page):
    assert page(known_on=dt.date(2025, 10, 1))[0][0] == "Clauses on 2026-11-22, as known on 2025-10-01"
    assert "verification not dated, stale" in whole(page(known_on=dt.date(2025, 10, 1)))


def test_clauses_that_move_alike_share_a_line_and_both_readings_too(changes):
    told = whole(changes(dt.date(2025, 11, 6), dt.date(2025, 11, 7)))
    assert told.startswith("From 2025-11-06 to 2025-11-07: 16 clauses differ")
    assert (
        "cn-2025-56-declaration, cn-2025-56-equipment, cn-2025-56-materials: text and practice announced -> suspended, "
        "since 2025-11-07 (instrument: mofcom-2025-70)"
    ) in told
    assert "US [us]" not in told


def test_what_was_not_issued_is_told_in_words(changes):
    told = whole(changes(dt.date(2025, 10, 8), dt.date(2025, 10, 9), issuers=["cn"]))
    assert "cn-2025-61-a, cn-2025-61-b: text and practice not issued or not known -> announced, since 2025-10-09" in told


def test_when_nothing_differs_the_issuers_searched_are_still_named(changes):
    sections = changes(ON, ON)
    assert sections[0][0] == "From 2026-11-22 to 2026-11-22: no clauses differ"
    assert sections[1:] == [("", [SEARCHED, DISCLAIMER])]


@pytest.mark.parametrize("width", [NARROW, WIDTH])
def test_no_line_is_wider_than_the_page(page, changes, width):
    sections = [*page(width=width), *changes(dt.date(2025, 10, 8), dt.date(2027, 1, 11), width=width)]
    lines = [line for _, lines in sections for line in lines]
    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


def test_what_is_printed_is_what_is_told_and_fits_a_pipe(layers, page, changes, capsys):
    print_controls(resolve(layers, on=ON), list_issuers(layers), on=ON)
    printed = capsys.readouterr().out.splitlines()
    assert max(map(len, printed)) <= WIDTH
    told = [line for _, lines in page(width=WIDTH) for line in lines]
    assert [line for line in printed if line.startswith(" ")] == [line for line in told if line.startswith(" ")]
    days = ON, dt.date(2026, 11, 28)
    print_changes(compare_states(layers, *days), list_issuers(layers), days=days)
    assert capsys.readouterr().out.splitlines()[0] == whole(changes(*days)).splitlines()[0]


@pytest.mark.parametrize("words", ["[bold]x[/bold]", "\x1b[31mred", "\u202egnp.exe"])
def test_no_name_marks_up_or_steers_the_terminal(layers, capsys, words):
    frame = resolve(layers, on=ON, issuers=["uk"]).assign(instrument_title=words)
    print_controls(frame, list_issuers(layers, ["uk"]).assign(label=words), on=ON)
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert "[bold]" not in words or "[bold]x[/bold]" in printed


def test_a_frame_without_rows_can_be_told(layers):
    empty = pd.DataFrame(columns=resolve(layers, on=ON).columns)
    assert "No listed control found. " + SEARCHED in tell_controls(empty, list_issuers(layers), on=ON, width=10_000)[-1][1]
