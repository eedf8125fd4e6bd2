"""The state of clauses: bitemporal, on two tracks (model rules M8, M10)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geokit.dependency import resolve
from geokit.dependency.clauses import states_on
from geokit.io.dictionary import read_columns

PACKAGE = [
    "cn-2025-55-goods",
    "cn-2025-56-equipment",
    "cn-2025-56-materials",
    "cn-2025-57-goods",
    "cn-2025-58-equipment",
    "cn-2025-58-technology",
    "cn-2025-61-a",
    "cn-2025-61-b",
]
OPERATED = ["cn-2025-61-c", "cn-2025-61-end-user", "cn-2025-62-technology", "cn-2025-62-service", "cn-2025-62-art-7"]


def state(layers, clause_id, on, *, known_on=None):
    table = resolve(layers, on=dt.date.fromisoformat(on), known_on=known_on).set_index("clause_id")
    row = table.loc[clause_id]
    return row["state_as_law_stands"], row["state_as_practised"]


@pytest.mark.parametrize("clause_id", PACKAGE)
@pytest.mark.parametrize(
    ("on", "text", "practice"),
    [
        ("2025-10-08", "", ""),
        ("2025-10-09", "announced", "announced"),
        ("2025-11-06", "announced", "announced"),
        ("2025-11-07", "suspended", "suspended"),
        ("2025-11-08", "suspended", "suspended"),
        ("2025-12-01", "suspended", "suspended"),
        ("2026-11-10", "suspended", "suspended"),
        ("2026-11-11", "in_force", "suspended"),
        ("2026-11-22", "in_force", "suspended"),
        ("2026-11-27", "in_force", "suspended"),
        ("2026-11-28", "in_force", "suspended"),
        ("2027-01-10", "in_force", "suspended"),
        ("2027-01-11", "in_force", "unresolved"),
        ("2028-11-22", "in_force", "unresolved"),
    ],
)
def test_the_october_2025_package(layers, clause_id, on, text, practice):
    assert state(layers, clause_id, on) == (text, practice)


@pytest.mark.parametrize("clause_id", OPERATED)
@pytest.mark.parametrize(
    ("on", "text", "practice"),
    [
        ("2025-10-08", "", ""),
        ("2025-10-09", "in_force", "in_force"),
        ("2025-11-06", "in_force", "in_force"),
        ("2025-11-07", "suspended", "suspended"),
        ("2026-11-11", "in_force", "suspended"),
        ("2027-01-11", "in_force", "unresolved"),
    ],
)
def test_the_limbs_that_operated_for_a_month(layers, clause_id, on, text, practice):
    assert state(layers, clause_id, on) == (text, practice)


@pytest.mark.parametrize(
    ("on", "text", "practice"),
    [
        ("2024-12-02", "", ""),
        ("2024-12-03", "in_force", "in_force"),
        ("2025-11-07", "in_force", "in_force"),
        ("2025-11-08", "in_force", "in_force"),
        ("2025-11-09", "suspended", "suspended"),
        ("2025-12-01", "suspended", "suspended"),
        ("2026-11-10", "suspended", "suspended"),
        ("2026-11-22", "suspended", "suspended"),
        ("2026-11-27", "suspended", "suspended"),
        ("2026-11-28", "in_force", "suspended"),
        ("2027-01-10", "in_force", "suspended"),
        ("2027-01-11", "in_force", "unresolved"),
    ],
)
def test_article_2_of_number_46(layers, on, text, practice):
    assert state(layers, "cn-2024-46-art-2", on) == (text, practice)


@pytest.mark.parametrize("on", ["2025-10-08", "2025-11-08", "2026-11-10", "2026-11-22", "2027-01-11", "2030-01-01"])
@pytest.mark.parametrize("clause_id", ["cn-2025-18-goods", "cn-2023-57-prohibited", "cn-2023-57-restricted"])
def test_what_was_never_suspended_stays_in_force(layers, clause_id, on):
    assert state(layers, clause_id, on) == ("in_force", "in_force")


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


def test_a_row_without_a_date_of_record_was_always_known():
    table = events(("c", "text", "announced", "", "", "", "s"))
    assert states_on(table, on=dt.date(2020, 1, 1), known_on=dt.date(1999, 1, 1)).loc[("c", "text"), "state"] == "announced"
