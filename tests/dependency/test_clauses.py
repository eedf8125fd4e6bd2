"""The state of clauses: bitemporal, on two tracks (model rules M8, M10)."""

from __future__ import annotations

import datetime as dt
import functools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.core.codes import Track
from geokit.core.errors import UnknownNameError
from geokit.dependency import resolve
from geokit.dependency.clauses import date_events, list_issuers, states_on, trace_states
from geokit.io.dictionary import read_columns

DAYS = [
    "2025-10-08", "2025-10-09", "2025-11-07", "2025-11-08", "2025-12-01", "2026-11-10", "2026-11-11", "2026-11-27", "2026-11-28",
    "2027-01-10", "2027-01-11",
]
STATE = {"-": "", "a": "announced", "f": "in_force", "s": "suspended", "u": "unresolved"}
PACKAGE = [
    "cn-2025-55-goods", "cn-2025-56-equipment", "cn-2025-56-materials", "cn-2025-56-declaration", "cn-2025-57-goods", "cn-2025-58-goods",
    "cn-2025-58-equipment", "cn-2025-58-technology", "cn-2025-61-a", "cn-2025-61-b",
]
OPERATED = [
    "cn-2025-61-c", "cn-2025-61-end-user", "cn-2025-62-technology", "cn-2025-62-service", "cn-2025-62-catch-all", "cn-2025-62-art-7",
]
STANDING = [
    "cn-2023-23-goods", "cn-2023-39-goods", "cn-2024-33-goods", "cn-2024-33-technology", "cn-2025-10-goods", "cn-2025-10-technology",
]
ALWAYS = "fffffffffff"
BY_HAND = {
    # MOFCOM Nos.55-58 and limbs (a), (b) of No.61: issued 9 Oct 2025; No.70 para.1 suspends them on 7 Nov 2025, the day before Nos.55-58
    # take effect, until 10 Nov 2026; by the readout of 28 Sep 2026, item 8, the arrangement runs to 10 Jan 2027.
    "package": (PACKAGE, "-assssfffff", "-assssssssu"),
    # No.61 limb (c) and end-user rules, No.62 Arts.1 and 7: effective on issue, 9 Oct 2025; suspended by No.70 like the others.
    "operated": (OPERATED, "-fssssfffff", "-fssssssssu"),
    # No.46/2024 Art.1 (military users): since 3 Dec 2024, never suspended.
    "46 art 1": (["cn-2024-46-art-1"], ALWAYS, ALWAYS),
    # No.46/2024 Art.2 (Ga, Ge, Sb, superhard): suspended by No.72 from 9 Nov 2025 until 27 Nov 2026.
    "46 art 2": (["cn-2024-46-art-2"], "ffffssssfff", "ffffssssssu"),
    # No.18/2025 (1C902-1C908): since 4 Apr 2025, not among those that No.70 suspends.
    "18": (["cn-2025-18-goods"], ALWAYS, ALWAYS),
    # No.57/2023, technology catalogue, prohibited and restricted parts: since 21 Dec 2023.
    "57 of 2023": (["cn-2023-57-prohibited", "cn-2023-57-restricted"], ALWAYS, ALWAYS),
    # No.28/2025, adjustment of the catalogue (252604X and non-ferrous entries): since 15 Jul 2025.
    "28": (["cn-2025-28-restricted"], ALWAYS, ALWAYS),
    # Nos.23/2023, 39/2023, 33/2024, 10/2025: older than the package and untouched by it.
    "older": (STANDING, ALWAYS, ALWAYS),
    # 15 CFR 742.6(a)(12), 89 FR 93164: effective 26 Dec 2024, printed in the issue of 23 Jul 2026.
    "us rule": (["us-ear-pakistan-2024-rs"], ALWAYS, ALWAYS),
}


@pytest.fixture(scope="module")
def on_day(layers):
    """Resolve each day once; the answer must not be written to."""
    return functools.cache(lambda day: resolve(layers, on=day).set_index("clause_id"))


def state(layers, clause_id, on, *, known_on=None):
    table = resolve(layers, on=dt.date.fromisoformat(on), known_on=known_on).set_index("clause_id")
    row = table.loc[clause_id]
    return row["state_as_law_stands"], row["state_as_practised"]


@pytest.mark.parametrize("family", BY_HAND)
@pytest.mark.parametrize("day", DAYS)
def test_every_family_of_clauses_on_the_days_that_matter(on_day, family, day):
    clauses, text, practice = BY_HAND[family]
    at = DAYS.index(day)
    table = on_day(dt.date.fromisoformat(day)).loc[clauses]
    assert set(table["state_as_law_stands"]) == {STATE[text[at]]}
    assert set(table["state_as_practised"]) == {STATE[practice[at]]}


@pytest.mark.parametrize(
    ("clause_id", "on", "text", "practice"),
    [
        ("cn-2025-56-equipment", "2025-11-06", "announced", "announced"),
        ("cn-2025-56-equipment", "2028-11-22", "in_force", "unresolved"),
        ("cn-2025-62-service", "2025-11-06", "in_force", "in_force"),
        ("cn-2024-46-art-2", "2024-12-02", "", ""),
        ("cn-2024-46-art-2", "2024-12-03", "in_force", "in_force"),
        ("cn-2024-46-art-2", "2025-11-09", "suspended", "suspended"),
        ("cn-2023-57-prohibited", "2030-01-01", "in_force", "in_force"),
    ],
)
def test_the_days_beside_them(layers, clause_id, on, text, practice):
    assert state(layers, clause_id, on) == (text, practice)


@pytest.mark.parametrize(("on", "expected"), [("2025-04-03", ""), ("2025-04-04", "in_force")])
def test_number_18_begins_on_its_day(layers, on, expected):
    assert state(layers, "cn-2025-18-goods", on) == (expected, expected)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-11-25", ""),
        ("2024-11-26", "announced"),
        ("2024-12-25", "announced"),
        ("2024-12-26", "in_force"),
        ("2026-11-22", "in_force"),
    ],
)
def test_the_us_rule_on_the_host_country(layers, on, expected):
    assert state(layers, "us-ear-pakistan-2024-rs", on) == (expected, expected)


PACKAGE_KNOWN = {
    # Day of knowledge to the states on DAYS by text and by practice. Issued on 9 Oct 2025 to begin on 8 Nov; No.70 of 7 Nov suspends; the
    # readout of 28 Sep 2026 tells of practice to 10 Jan 2027.
    "2025-10-08": ("-----------", "-----------"),
    "2025-10-09": ("-aaffffffff", "-aaffffffff"),
    "2025-11-06": ("-aaffffffff", "-aaffffffff"),
    "2025-11-07": ("-assssfffff", "-assssuuuuu"),
    "2025-11-08": ("-assssfffff", "-assssuuuuu"),
    "2026-09-27": ("-assssfffff", "-assssuuuuu"),
    "2026-09-28": ("-assssfffff", "-assssssssu"),
    "2026-11-22": ("-assssfffff", "-assssssssu"),
}
LIMBS_KNOWN = PACKAGE_KNOWN | dict.fromkeys(("2025-10-09", "2025-11-06"), ("-aaafffffff", "-aaafffffff"))
"""Limbs (a) and (b) of No.61 were to begin on 1 Dec 2025."""
OPERATED_KNOWN = {
    "2025-10-08": ("-----------", "-----------"),
    "2025-10-09": ("-ffffffffff", "-ffffffffff"),
    "2025-11-06": ("-ffffffffff", "-ffffffffff"),
    "2025-11-07": ("-fssssfffff", "-fssssuuuuu"),
    "2026-09-27": ("-fssssfffff", "-fssssuuuuu"),
    "2026-09-28": ("-fssssfffff", "-fssssssssu"),
}
ARTICLE_2_KNOWN = {
    # No.46 Art.2 in force since 3 Dec 2024; No.72 of 9 Nov 2025 suspends it to 27 Nov 2026.
    "2024-12-02": ("-----------", "-----------"),
    "2025-11-08": ("fffffffffff", "fffffffffff"),
    "2025-11-09": ("ffffssssfff", "ffffssssuuu"),
    "2026-09-27": ("ffffssssfff", "ffffssssuuu"),
    "2026-09-28": ("ffffssssfff", "ffffssssssu"),
}
LIMBS = ["cn-2025-61-a", "cn-2025-61-b"]
KNOWN = [
    *(([one for one in PACKAGE if one not in LIMBS], *row) for row in PACKAGE_KNOWN.items()),
    *((LIMBS, *row) for row in LIMBS_KNOWN.items()),
    *((OPERATED, *row) for row in OPERATED_KNOWN.items()),
    *((["cn-2024-46-art-2"], *row) for row in ARTICLE_2_KNOWN.items()),
]


@pytest.fixture(scope="module")
def known_then(layers):
    """Return the states on all days that matter as they were known on one, each found once; the answers must not be written to."""
    events = layers["status_events"]
    return functools.cache(lambda known: [states_on(events, on=dt.date.fromisoformat(day), known_on=known) for day in DAYS])


@pytest.mark.parametrize(("clauses", "known", "expected"), KNOWN, ids=[f"{one[0][0]} known on {one[1]}" for one in KNOWN])
def test_what_was_known_of_the_days_that_matter(known_then, clauses, known, expected):
    told = known_then(dt.date.fromisoformat(known))
    for track, words in zip(Track, expected, strict=True):
        for clause in clauses:
            assert [one["state"].get((clause, track.value), "") for one in told] == [STATE[word] for word in words]


def test_an_end_that_was_learnt_later_is_open_until_then(layers):
    """Before No.70 the clauses of No.56 were to begin on 8 Nov 2025 and nothing was to end them."""
    row = resolve(layers, on=dt.date(2025, 11, 6), known_on=dt.date(2025, 11, 6)).set_index("clause_id").loc["cn-2025-56-equipment"]
    assert (row["next_change"], row["next_as_law_stands"], row["next_as_practised"]) == ("2025-11-08", "in_force", "in_force")
    assert row["source_ids"] == "mofcom-2025-56"
    held = resolve(layers, on=dt.date(2025, 12, 1), known_on=dt.date(2025, 11, 6)).set_index("clause_id").loc["cn-2025-62-service"]
    assert (held["valid_from"], held["next_change"]) == ("2025-10-09", "")


def test_every_end_set_by_a_later_act_says_when_it_was_learnt(layers):
    """An end that is the day of record of the next row was made by that row, unless the row itself was recorded on that day."""
    events = layers["status_events"]
    later = events.merge(events, on=["clause_id", "track"], suffixes=("", "_next"))
    later = later[
        (later["valid_to_exclusive"] != "")
        & (later["valid_to_exclusive"] == later["recorded_on_next"])
        & (later["valid_to_exclusive"] == later["valid_from_next"])
        & (later["recorded_on"] < later["recorded_on_next"])
    ]
    assert len(later) > 0
    assert (later["end_recorded_on"] == later["recorded_on_next"]).all()


def test_what_was_recorded_later_is_not_known_earlier(layers):
    before = dt.date(2026, 9, 27)
    assert state(layers, "cn-2025-56-equipment", "2026-11-22", known_on=before) == ("in_force", "unresolved")
    assert state(layers, "cn-2025-56-equipment", "2026-11-22", known_on=dt.date(2026, 9, 28)) == ("in_force", "suspended")


def test_before_the_suspension_only_the_announcement_is_known(layers):
    known = dt.date(2025, 11, 6)
    assert state(layers, "cn-2025-56-equipment", "2025-10-20", known_on=known) == ("announced", "announced")


def test_ever_operated_is_a_flag_and_not_a_state(layers):
    table = resolve(layers, on=dt.date(2026, 11, 22)).set_index("clause_id")["ever_operated"]
    assert table["cn-2025-56-equipment"] is False
    assert table["cn-2025-62-service"] is True
    assert table["cn-2026-29-ban"] is None


def test_no_clause_operated_before_it_was_to_begin(layers):
    """The US rule was issued on 26 Nov 2024 and took effect on 26 Dec."""
    known = [dt.date(2024, 11, 25), dt.date(2024, 11, 26), dt.date(2024, 12, 25), dt.date(2024, 12, 26)]
    tables = [resolve(layers, on=ON, known_on=day).set_index("clause_id")["ever_operated"] for day in known]
    assert [one["us-ear-pakistan-2024-rs"] for one in tables] == [None, False, False, True]


def test_a_clause_without_a_start_holds_since_ever(layers):
    table = resolve(layers, on=dt.date(1990, 1, 1)).set_index("clause_id")
    assert table.loc["uk-strategic-lists-licence", "state_as_law_stands"] == "in_force"
    assert table.loc["uk-strategic-lists-licence", "valid_from"] == ""


def test_columns_are_those_of_the_dictionary_and_each_clause_has_one_row(layers):
    table = resolve(layers, on=dt.date(2026, 11, 22))
    assert list(table.columns) == [column.name for column in read_columns("clause_states")]
    assert table["clause_id"].is_unique
    assert table["clause_id"].is_monotonic_increasing
    assert set(table["clause_id"]) == set(layers["clauses"]["clause_id"])
    assert (table["source_ids"] != "").all()
    assert set(table["issuer"]) <= set(layers["issuers"]["issuer"])


def events(*rows):
    columns = ["clause_id", "track", "state", "valid_from", "valid_to_exclusive", "recorded_on", "source_id"]
    return pd.DataFrame(rows, columns=columns)


def dated(issued, *rows):
    """Return the events as dated against the day on which their act was issued."""
    layers = {
        "status_events": events(*rows),
        "clauses": pd.DataFrame({"clause_id": ["c"], "instrument_id": ["n"]}),
        "instruments": pd.DataFrame({"instrument_id": ["n"], "issued": [issued]}),
    }
    return date_events(layers)


@pytest.mark.parametrize(
    ("issued", "state", "start", "recorded", "begins", "known"),
    [
        ("2020-03-01", "in_force", "2020-01-01", "2020-02-01", "2020-03-01", "2020-03-01"),
        ("2020-03-01", "in_force", "2020-05-01", "2020-04-01", "2020-05-01", "2020-04-01"),
        ("2020-03-01", "suspended", "", "", "2020-03-01", "2020-03-01"),
        ("", "announced", "", "2020-04-01", "2020-04-01", "2020-04-01"),
        ("", "in_force", "", "2020-04-01", "", "2020-04-01"),
        ("", "in_force", "2019-01-01", "2020-04-01", "2019-01-01", "2020-04-01"),
    ],
)
def test_nothing_holds_or_is_known_before_its_act_and_no_announcement_before_it_was_heard(issued, state, start, recorded, begins, known):
    row = dated(issued, ("c", "text", state, start, "", recorded, "s")).iloc[0]
    assert (row["valid_from"], row["recorded_on"]) == (begins, known)
    assert row["is_dated"] == (start != "")


ISO_DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2027, 1, 1)).map(dt.date.isoformat)


@settings(max_examples=40, deadline=None)
@given(ISO_DAYS, ISO_DAYS | st.just(""), ISO_DAYS | st.just(""), st.sampled_from(["announced", "in_force", "suspended"]), ISO_DAYS)
def test_on_no_day_before_its_issue_has_a_clause_a_state(issued, start, recorded, state, day):
    rows = dated(issued, ("c", "text", state, start, "", recorded, "s"))
    found = states_on(rows, on=dt.date.fromisoformat(day))
    assert found.empty == (day < max(issued, start))
    early = states_on(rows, on=dt.date(2027, 1, 1), known_on=dt.date.fromisoformat(day))
    assert early.empty == (day < max(issued, recorded))


def test_no_event_of_the_layers_lies_before_its_act_or_was_always_known(layers):
    rows = layers["status_events"].merge(layers["clauses"][["clause_id", "instrument_id"]], on="clause_id")
    rows = rows.merge(layers["instruments"][["instrument_id", "issued"]], on="instrument_id")
    assert (rows["recorded_on"] != "").all()
    known = rows[rows["issued"] != ""]
    assert (known["recorded_on"] >= known["issued"]).all()
    assert ((known["valid_from"] == "") | (known["valid_from"] >= known["issued"])).all()
    assert not (rows["state"].isin(["suspended", "revoked"]) & (rows["valid_from"] == "")).any()


@pytest.mark.parametrize(
    ("clause_id", "on", "known_on", "text", "practice"),
    [
        # reported ban: nobody of ours heard of it before the dossier of 2026-11-22
        ("cn-2026-h2so4-ban", "2023-01-01", None, "", ""),
        ("cn-2026-h2so4-ban", "2026-11-22", None, "announced", "announced"),
        ("cn-2026-h2so4-ban", "2026-11-23", "2026-11-21", "", ""),
        ("jp-single-country-goal-test", "2019-06-01", None, "", ""),
        # 50 % Affiliates Rule: in effect 29 Sep 2025, suspended 10 Nov 2025 through 9 Nov 2026, put back by the suspending rule
        ("us-affiliates-2025-list", "2025-09-28", None, "", ""),
        ("us-affiliates-2025-list", "2025-10-15", None, "in_force", "in_force"),
        ("us-affiliates-2025-list", "2025-11-10", None, "suspended", "suspended"),
        ("us-affiliates-2025-list", "2026-11-09", None, "suspended", "suspended"),
        ("us-affiliates-2025-list", "2026-11-10", None, "in_force", "suspended"),
        ("us-affiliates-2025-list", "2027-01-01", None, "in_force", "unresolved"),
        ("us-affiliates-2025-list", "2026-06-01", "2025-10-31", "in_force", "in_force"),
        # Cabinet Order No. 378 of 1949: older than the user list of 2025
        ("jp-meti-user-list-listed", "2025-01-01", None, "in_force", "in_force"),
        ("jp-meti-user-list-listed", "1949-11-30", None, "", ""),
        ("jp-meti-user-list-catch-all", "2025-09-30", None, "announced", "announced"),
    ],
)
def test_clauses_whose_days_were_wrong(layers, clause_id, on, known_on, text, practice):
    known = dt.date.fromisoformat(known_on) if known_on else None
    assert state(layers, clause_id, on, known_on=known) == (text, practice)


def test_the_list_of_an_order_of_1949_has_no_start_in_the_sources(layers):
    row = resolve(layers, on=dt.date(2026, 11, 22)).set_index("clause_id").loc["jp-meti-user-list-listed"]
    assert (row["valid_from"], row["practised_from"]) == ("", "")
    assert row["instrument_number"] == "Cabinet Order No. 378 of 1949"


def test_the_day_of_the_end_is_outside():
    table = events(("c", "text", "in_force", "2020-01-01", "2021-01-01", "2020-01-01", "s"))
    assert states_on(table, on=dt.date(2020, 12, 31)).loc[("c", "text"), "state"] == "in_force"
    assert states_on(table, on=dt.date(2021, 1, 1)).loc[("c", "text"), "state"] == "unresolved"


def test_an_unresolved_state_begins_at_the_last_end():
    table = events(
        ("c", "text", "announced", "2019-01-01", "2020-01-01", "2019-01-01", "s"),
        ("c", "text", "in_force", "2020-01-01", "2021-01-01", "2020-01-01", "s"),
    )
    assert states_on(table, on=dt.date(2022, 1, 1)).loc[("c", "text"), "valid_from"] == "2021-01-01"


def test_a_clause_that_begins_later_is_absent():
    table = events(("c", "text", "in_force", "2020-01-01", "", "2019-01-01", "s"))
    assert states_on(table, on=dt.date(2019, 12, 31)).empty


def test_of_two_rows_that_cover_the_day_the_one_recorded_last_holds():
    table = events(
        ("c", "text", "suspended", "2020-06-01", "", "2020-06-01", "late"),
        ("c", "text", "in_force", "2020-01-01", "", "2020-01-01", "early"),
    )
    assert states_on(table, on=dt.date(2020, 7, 1)).loc[("c", "text"), "state"] == "suspended"
    assert states_on(table, on=dt.date(2020, 7, 1), known_on=dt.date(2020, 5, 1)).loc[("c", "text"), "state"] == "in_force"


def test_an_end_is_open_until_it_is_learnt_and_a_withdrawn_row_never_held():
    table = events(
        ("c", "text", "announced", "2020-01-01", "2020-02-01", "2020-01-01", "s"),
        ("c", "text", "in_force", "2020-03-01", "2020-03-01", "2020-01-01", "s"),
        ("c", "text", "suspended", "2020-02-01", "2021-01-01", "2020-02-01", "t"),
    ).assign(end_recorded_on=["2020-02-01", "2020-02-01", ""])
    days = [dt.date(2020, 2, 15), dt.date(2020, 3, 1), dt.date(2022, 1, 1)]
    known = (dt.date(2020, 1, 31), dt.date(2020, 2, 1))
    before, after = ([states_on(table, on=on, known_on=one)["state"].iloc[0] for on in days] for one in known)
    assert before == ["announced", "in_force", "in_force"]
    assert after == ["suspended", "suspended", "unresolved"]
    assert trace_states(table)["state"].tolist() == ["announced", "suspended", "unresolved"]


def test_a_row_without_a_date_of_record_was_always_known():
    table = events(("c", "text", "announced", "", "", "", "s"))
    assert states_on(table, on=dt.date(2020, 1, 1), known_on=dt.date(1999, 1, 1)).loc[("c", "text"), "state"] == "announced"


ON = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("on", "clause_id", "day", "text", "practice"),
    [
        ("2025-10-08", "cn-2025-56-equipment", "2025-10-09", "announced", "announced"),
        ("2025-10-09", "cn-2025-56-equipment", "2025-11-07", "suspended", "suspended"),
        ("2025-12-01", "cn-2025-56-equipment", "2026-11-11", "in_force", "suspended"),
        ("2026-11-22", "cn-2025-56-equipment", "2027-01-11", "in_force", "unresolved"),
        ("2026-11-22", "cn-2024-46-art-2", "2026-11-28", "in_force", "suspended"),
        ("2026-11-28", "cn-2024-46-art-2", "2027-01-11", "in_force", "unresolved"),
        ("2026-11-22", "us-dfars-7052-test", "2027-01-01", "in_force", "in_force"),
        ("2027-01-11", "cn-2025-56-equipment", "", "", ""),
        ("2026-11-22", "cn-2025-18-goods", "", "", ""),
    ],
)
def test_the_next_change_is_the_first_later_day_on_which_a_state_differs(layers, on, clause_id, day, text, practice):
    row = resolve(layers, on=dt.date.fromisoformat(on)).set_index("clause_id").loc[clause_id]
    assert (row["next_change"], row["next_as_law_stands"], row["next_as_practised"]) == (day, text, practice)


@pytest.mark.parametrize("day", ["0001-01-01", *DAYS])
def test_nothing_moves_before_the_next_change_and_something_on_it(on_day, day):
    both = ["state_as_law_stands", "state_as_practised"]
    now = on_day(dt.date.fromisoformat(day))
    for then in sorted(set(now["next_change"]) - {""}):
        before, after = (on_day(dt.date.fromisoformat(then) - dt.timedelta(days=days)) for days in (1, 0))
        due = now["next_change"] == then
        assert before.loc[due, both].equals(now.loc[due, both])
        assert (after.loc[due, both].to_numpy() == now.loc[due, ["next_as_law_stands", "next_as_practised"]].to_numpy()).all()
        assert (after.loc[due, both] != now.loc[due, both]).any(axis=1).all()


def test_one_reading_alone_has_its_own_next_change_and_no_column_of_the_other(layers):
    text, practice = (resolve(layers, on=dt.date(2025, 12, 1), track=track).set_index("clause_id") for track in Track)
    assert not {"state_as_practised", "practised_from", "next_as_practised"} & set(text.columns)
    assert not {"state_as_law_stands", "valid_from", "next_as_law_stands"} & set(practice.columns)
    assert text.loc["cn-2025-56-equipment", "next_change"] == "2026-11-11"
    assert practice.loc["cn-2025-56-equipment", "next_change"] == "2027-01-11"


def test_a_state_holds_since_its_first_day_though_its_basis_changed(layers):
    row = resolve(layers, on=ON).set_index("clause_id").loc["cn-2025-56-equipment"]
    assert (row["valid_from"], row["practised_from"]) == ("2026-11-11", "2025-11-07")


def test_a_clause_carries_its_instrument_scope_and_research_status(layers):
    row = resolve(layers, on=ON).set_index("clause_id").loc["cn-2024-46-art-1"]
    assert (row["instrument_number"], row["ref"], row["effect"]) == ("No.46/2024", "Art.1", "ban")
    assert (row["destination_scope"], row["enduser_scope"]) == ("United States", "US military users or US military use")
    assert (row["last_verified"], row["research_status"]) == ("2025-11-09", "researched")
    assert row["instrument_title"].startswith("Strengthened dual-use control")


def test_a_check_or_a_record_made_after_the_date_of_knowledge_is_hidden(layers):
    """No.46 Art.2 was last verified on 9 Oct 2026, Art.1 on 9 Nov 2025; nothing of No.56 was recorded before 9 Oct 2025."""
    known = resolve(layers, on=ON, known_on=dt.date(2025, 11, 9)).set_index("clause_id")["last_verified"]
    assert (known["cn-2024-46-art-2"], known["cn-2024-46-art-1"]) == ("", "2025-11-09")
    early = resolve(layers, on=ON, known_on=dt.date(2025, 10, 8)).set_index("clause_id").loc["cn-2025-56-equipment"]
    assert early["ever_operated"] is None
    assert (early["state_as_law_stands"], early["next_change"], early["source_ids"]) == ("", "", "mofcom-2025-56")


def test_what_comes_next_is_only_what_was_known_to_come(layers):
    """The readout that carries practice to 10 Jan 2027 is of 28 Sep 2026."""
    row = {
        known: resolve(layers, on=dt.date(2026, 9, 1), known_on=known).set_index("clause_id").loc["cn-2025-56-equipment"]
        for known in (dt.date(2026, 9, 27), dt.date(2026, 9, 28))
    }
    assert [one["next_as_practised"] for one in row.values()] == ["unresolved", "suspended"]
    assert {one["next_change"] for one in row.values()} == {"2026-11-11"}


def test_issuers_are_picked_by_code_or_label_in_any_case(layers):
    table = resolve(layers, on=ON, issuers=["US", "Japan"])
    assert set(table["issuer"]) == {"us", "jp"}
    whole = resolve(layers, on=ON)
    pd.testing.assert_frame_equal(table, whole[whole["issuer"].isin(["us", "jp"])].reset_index(drop=True))
    assert resolve(layers, on=ON, issuers=["ca"])["research_status"].tolist() == ["not_researched"]


def test_an_unknown_issuer_is_refused_with_the_nearest_and_several_at_once(layers):
    with pytest.raises(UnknownNameError, match="no issuer called 'usa'; did you mean one of: us"):
        resolve(layers, on=ON, issuers=["usa", "cn"])
    with pytest.raises(UnknownNameError, match="'usa, xx'"):
        list_issuers(layers, ["usa", "cn", "xx"])


def test_what_was_searched_is_listed_in_the_order_of_print(layers):
    assert list_issuers(layers)["issuer"].tolist() == layers["issuers"].sort_values("print_order")["issuer"].tolist()
    assert list_issuers(layers, ["ca", "cn"])[["issuer", "research_status"]].to_numpy().tolist() == [
        ["cn", "researched"],
        ["ca", "not_researched"],
    ]


def test_states_follow_each_other_and_each_is_what_a_question_of_its_day_finds(layers):
    events = layers["status_events"]
    spells = trace_states(events)
    assert not spells.duplicated(["clause_id", "track", "day"]).any()
    assert (spells["state"] != spells.groupby(["clause_id", "track"])["state"].shift()).all()
    for day, rows in spells[spells["day"] != ""].groupby("day"):
        found = states_on(events, on=dt.date.fromisoformat(day))["state"]
        assert found[pd.MultiIndex.from_frame(rows[["clause_id", "track"]])].tolist() == rows["state"].tolist()
