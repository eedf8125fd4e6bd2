"""Rates from counts, and years drawn from rates: tables, calendars and laws done by hand."""

import numpy as np
import pandas as pd
import pytest

from geokit.core.errors import GeokitError
from geokit.network.frequency import rate_closures, share_of_year, unknown_closures
from geokit.network.years import draw_years

CLOSURE = ["closure_id", "name", "link_ids", "lane_column", "port_ids", "months", "window_from", "window_to", "source_id"]
EVENT = ["event", "closure_id", "link_ids", "days_least", "days_most", "source_id"]
FOUR_YEARS = ("2001-01-01", "2004-12-31")
NAN = float("nan")


def world(*closures, events=(), links=()):
    return {
        "closures": pd.DataFrame(closures, columns=CLOSURE, dtype=object),
        "closure_events": pd.DataFrame(events, columns=EVENT).astype({"days_least": float, "days_most": float}),
        "links": pd.DataFrame(links, columns=["link_id", "months_open", "status_code"], dtype=object),
    }


def counted(name, links="", window=FOUR_YEARS):
    return (name, name, links, "", "", "", *window, "src")


def draw(layers, corner="mode", count=400, seed=1):
    return draw_years(layers, rate_closures(layers), corner, count=count, seed=seed)


def test_the_rate_is_that_of_jeffreys():
    """2 events in 4 years: mean 2.5 / 4; the ends are those of the chi-square table for 5 degrees, 1.610 and 9.236, over 8."""
    layers = world(
        counted("slide", "a"), events=[("one", "slide", "", 1, 1, "s"), ("two", "slide", "", 1, 1, "s"), ("two", "slide", "", 2, 2, "s")]
    )
    row = rate_closures(layers).loc["slide"]
    assert (row["events"], row["years"], row["mode"]) == (2, 4.0, 0.625)
    assert [row["low"], row["high"]] == pytest.approx([1.610308 / 8, 9.236357 / 8], rel=1e-6)


def test_a_closure_without_window_or_event_is_unknown_and_a_season_is_not():
    season = ("snow", "snow", "c", "", "", "12-3", "", "", "src")
    layers = world(counted("slide", "a", window=("", "")), counted("quiet", "b"), season, events=[("one", "slide", "", 1, 1, "s")])
    assert unknown_closures(layers, rate_closures(layers)) == {"slide", "quiet"}


def test_without_closures_every_day_is_open():
    years = draw(world())
    assert years.states.tolist() == [0]
    assert (years.days == 365).all()
    assert not years.shuts([frozenset({"a"})]).any()


def test_a_season_is_certain_and_counts_its_days():
    """December to March are 31 + 31 + 28 + 31 days; a link open from June to October is shut for the other 365 - 153."""
    layers = world(("snow", "snow", "a", "", "", "12-3", "", "", "src"), links=[("b", "6-10", "seasonal")])
    years = draw(layers, count=3)
    assert years.count_days(years.shuts([frozenset("a"), frozenset("b"), frozenset("ab")])).tolist() == [[121, 212, 212]] * 3


def test_events_bring_rate_times_days():
    """0.625 events of 4 days: 2.5 days a year; the standard error over 4000 years is 4 sqrt(0.625 / 4000) = 0.05."""
    layers = world(counted("slide", "a"), events=[("one", "slide", "", 4, 4, "s"), ("two", "slide", "", 4, NAN, "s")])
    years = draw(layers, count=4000)
    assert years.days.sum(axis=1).tolist() == [365] * 4000
    assert years.count_days(years.shuts([frozenset("a")])).mean() == pytest.approx(2.5, abs=0.2)


def test_links_of_one_event_are_shut_on_the_same_days():
    events = [("flood", "river", "a", 2, 2, "s"), ("flood", "river", "b", 5, 5, "s")]
    years = draw(world(counted("river", "a|b"), events=events))
    short, long = years.shuts([frozenset("a"), frozenset("b")]).T
    assert short.any()
    assert not (short & ~long).any()
    days = years.count_days(np.stack([short, long], axis=1))
    assert set(map(tuple, days[days[:, 1] <= 5].tolist())) == {(0, 0), (2, 5)}


def test_low_never_shuts_more_days_than_mode_nor_mode_than_high():
    layers = world(counted("slide", "a"), events=[("one", "slide", "", 1, 9, "s"), ("two", "slide", "", 3, NAN, "s")])
    low, mode, high = (
        years.count_days(years.shuts([frozenset("a")])) for years in (draw(layers, corner) for corner in ("low", "mode", "high"))
    )
    assert (low <= mode + 1).all(), "a day more or less by rounding of drawn days"
    assert low.sum() < mode.sum() < high.sum()
    assert (low <= high).all()


def test_another_closure_leaves_the_luck_of_the_first():
    slide, flood = ("one", "slide", "", 4, 4, "s"), ("two", "flood", "", 9, 9, "s")
    alone, both = (
        draw(world(counted("slide", "a"), events=[slide])),
        draw(world(counted("slide", "a"), counted("flood", "b"), events=[slide, flood])),
    )
    first = [years.count_days(years.shuts([frozenset("a")])) for years in (alone, both)]
    assert np.array_equal(*first)
    assert (both.count_days(both.shuts([frozenset("ab")])) >= first[0]).all(), "more closures never leave more days open"


def test_more_sets_than_bits_are_refused():
    events = [(f"e{number}", "slide", f"link-{number}", 1, 1, "s") for number in range(63)]
    with pytest.raises(GeokitError, match="63 different sets"):
        draw(world(counted("slide", "a"), events=events))


def test_the_share_of_the_year_is_that_of_a_busy_queue_and_a_season_is_certain(country):
    """1.5 events in 4 years of 10 days: 1 - exp(-1.5 / 4 * 10 / 365.25); November to May are 212 days of 365."""
    closures = pd.DataFrame(
        [
            ("slide", "2001-01-01", "2004-12-31", ""),
            ("snow", "", "", "11-5"),
            ("mystery", "", "", ""),
            ("pass", "2001-01-01", "2004-12-31", "11-5"),
        ],
        columns=["closure_id", "window_from", "window_to", "months"],
    )
    rows = [("slide", "one", 6.0, 14.0), ("slide", "one", 1.0, 1.0), ("pass", "two", 10.0, 10.0)]
    events = pd.DataFrame(rows, columns=["closure_id", "event", "days_least", "days_most"])
    layers = country | {"closures": closures, "closure_events": events}
    shares = share_of_year(layers, rate_closures(layers))
    assert shares["slide"] == pytest.approx(1 - np.exp(-1.5 / (1461 / 365.25) * 10 / 365.25))
    assert shares["snow"] == pytest.approx(212 / 365)
    assert np.isnan(shares["mystery"])
    assert shares["pass"] == pytest.approx(1 - (1 - shares["snow"]) * (1 - shares["slide"]))
