"""Closures and their events: what fails together, in which window it was counted, and days that agree with their dates."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.core.columns import split_ids

OWN = {"assumption", "derived", "dossier", "general knowledge", "judgement", "none"}
FULL_DAY = r"\d{4}-\d{2}-\d{2}"


@pytest.fixture(scope="module")
def closures(layers):
    return layers["closures"].set_index("closure_id")


@pytest.fixture(scope="module")
def events(layers):
    return layers["closure_events"]


def test_the_pass_fails_as_one(closures, layers):
    """In August 2022 the N-65, the railway and the N-25 were cut in one month."""
    names = layers["links"].set_index("link_id")["name"]
    shut = set(names[list(split_ids(closures.loc["bolan", "link_ids"]))])
    assert any(name.startswith("N-65") for name in shut)
    assert any(name.startswith("N-25") for name in shut)
    assert any(name.startswith("ML-3") for name in shut)


def test_a_closure_shuts_something(closures):
    assert (closures[["link_ids", "lane_column", "port_ids"]] != "").any(axis=1).all()


def test_events_belong_to_closures_that_say_in_which_window_they_were_counted(closures, events):
    counted = closures.index[closures["window_from"] != ""]
    assert set(events["closure_id"]) == set(counted)
    assert (closures["window_to"] != "").equals(closures["window_from"] != "")
    assert (closures.loc[counted, "window_from"] < closures.loc[counted, "window_to"]).all()


def test_events_lie_in_their_window(closures, events):
    for row in events.itertuples():
        window = closures.loc[row.closure_id]
        for day in filter(None, (row.started, row.ended)):
            length = len(day)
            assert window["window_from"][:length] <= day, row.event_row_id
            assert row.started[:length] <= window["window_to"][:length], row.event_row_id


def test_a_closure_has_a_season_or_a_count_or_is_said_to_be_unknown(closures):
    seasonal, counted = closures["months"] != "", closures["window_from"] != ""
    assert not (seasonal & counted).any()
    blank = closures[~seasonal & ~counted]
    assert (blank["grade"] == "").all()
    assert blank["note"].str.startswith("unknown").all()
    assert (closures.loc[seasonal | counted, "grade"] != "").all()


def test_an_event_shuts_what_its_closure_names(closures, events):
    for row in events.itertuples():
        assert set(split_ids(row.link_ids)) <= set(split_ids(closures.loc[row.closure_id, "link_ids"])), row.event_row_id


def test_rows_of_one_event_belong_to_one_closure_and_share_no_link(events):
    for name, rows in events.groupby("event"):
        assert len(set(rows["closure_id"])) == 1, name
        links = [link for cell in rows["link_ids"] for link in split_ids(cell)]
        assert len(links) == len(set(links)), name


def test_days_are_in_order_and_no_longer_than_the_dates(events):
    assert (events["days_least"] <= events["days_most"].fillna(events["days_least"])).all()
    assert (events["days_least"] > 0).all()
    dated = events[events["started"].str.fullmatch(FULL_DAY) & events["ended"].str.fullmatch(FULL_DAY)]
    span = (pd.to_datetime(dated["ended"]) - pd.to_datetime(dated["started"])).dt.days
    assert (dated["days_least"] <= span + 1).all()
    assert len(dated) > 15


@pytest.mark.parametrize(
    ("row", "days"),
    [("bolan-2022-08-mach", 233), ("bolan-2022-08-plain", 87), ("trains-2024-08-rail", 46), ("trains-2025-03", 17), ("suez-2021-03", 6)],
)
def test_long_closures_last_from_their_first_day_to_their_last(events, row, days):
    event = events.set_index("event_row_id").loc[row]
    assert (pd.Timestamp(event["ended"]) - pd.Timestamp(event["started"])).days == days
    assert event["days_least"] == event["days_most"] == days


def test_an_event_rests_on_a_source_that_is_not_our_own(layers, events):
    kinds = layers.sources["kind"]
    for row in events.itertuples():
        assert any(kinds[one] not in OWN for one in split_ids(row.source_id)), row.event_row_id


def test_seasons_agree_with_the_months_of_their_links(closures, layers):
    months = layers["links"].set_index("link_id")["months_open"]
    for closure_id, row in closures[closures["months"] != ""].iterrows():
        first, last = (int(part) for part in row["months"].split("-"))
        assert {months[link] for link in split_ids(row["link_ids"])} == {f"{last + 1}-{first - 1}"}, closure_id
