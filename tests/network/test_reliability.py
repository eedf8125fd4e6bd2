"""How often a haul is closed and cut, on the country that fits in the head."""

import pandas as pd
import pytest

from geokit.io.dictionary import read_columns
from geokit.network import reliability, route
from geokit.network.reliability import build_world, list_elements, list_ways, measure_reliability, path_links

CLOSURE = ["closure_id", "name", "link_ids", "lane_column", "port_ids", "months", "window_from", "window_to", "source_id"]
EVENT = ["event", "closure_id", "link_ids", "days_least", "days_most", "source_id"]


def shut(country, *rows, months=""):
    """Return the country with closures (id, what is shut, days of its one event in four years; None = nobody counted)."""
    closures, events = [], []
    for name, what, days in rows:
        lane = what if what.startswith("nm_") else ""
        window = ("2001-01-01", "2004-12-31") if days else ("", "")
        closures.append((name, name, "" if lane else what, lane, "", months, *window, f"src-{name}"))
        events += [(name, name, "", float(days), float(days), f"src-{name}")] if days else []
    tables = {"closures": pd.DataFrame(closures, columns=CLOSURE), "closure_events": pd.DataFrame(events, columns=EVENT)}
    return country | tables


@pytest.fixture
def measure(choices, plain, monkeypatch):
    monkeypatch.setattr(reliability, "YEARS", 400)

    def run(layers):
        hauls = route(layers, choices, assumptions=plain)
        table = measure_reliability(build_world(layers, plain), hauls)
        return table.set_index(["origin_id", "destination_id", "product_id"]).sort_index()

    return run


END, FAR = ("site-end", "Q1", "metal"), ("site-far", "Q1", "metal")


def test_a_path_that_no_closure_names_is_missing_not_zero(country, measure):
    row = measure(shut(country)).loc[END]
    assert (row["closures"], row["unknown"]) == ("", "")
    assert row[["path_closed_days", "open_frac", "cut_days"]].isna().all()


def test_a_way_round_keeps_a_closed_path_from_being_cut(country, measure):
    """One event of 10 days in 4 years: 1.5 / 4 events, 3.75 days a year less overlaps; the railway beside the road stays open."""
    row = measure(shut(country, ("slide", "r2", 10))).loc[END]
    assert row["closures"] == "slide"
    assert row["path_closed_days"] == pytest.approx(3.75, abs=1.0)
    assert row["open_frac"] == pytest.approx(1 - row["path_closed_days"] / 365)
    assert row["path_closed_days_p10"] <= row["path_closed_days_p50"] <= row["path_closed_days_p90"]
    assert (row["cut_days_low"], row["cut_days"], row["cut_days_high"]) == (0, 0, 0)
    assert row["source_ids"] == "src-slide"


def test_road_and_railway_together_cut_the_haul(country, measure):
    row = measure(shut(country, ("pass", "r2|t2", 10))).loc[END]
    assert row["cut_days"] == pytest.approx(row["path_closed_days"])
    assert 0 < row["cut_days_low"] < row["cut_days"] < row["cut_days_high"]


def test_two_closures_cut_only_on_days_that_they_share(country, measure):
    row = measure(shut(country, ("slide", "r2", 60), ("strike", "t2", 60))).loc[END]
    assert row["closures"] == "slide"
    assert 0 < row["cut_days"] < row["path_closed_days"]


def test_a_way_round_without_statistics_counts_at_low_only(country, measure):
    row = measure(shut(country, ("slide", "r2", 10), ("mystery", "t2", None))).loc[END]
    assert (row["closures"], row["unknown"], row["cut_days_low"]) == ("slide", "", 0)
    assert row["cut_days"] == pytest.approx(row["path_closed_days"])


def test_a_closure_without_statistics_on_the_path_makes_it_missing(country, measure):
    row = measure(shut(country, ("slide", "r1", 10), ("mystery", "r2", None))).loc[END]
    assert row["unknown"] == "mystery"
    assert pd.isna(row["cut_days"])


def test_months_of_a_link_count_under_its_own_name(country, measure):
    """The summer road is open from April to September: 182 days of the year are not, and trucks have no other way."""
    row = measure(shut(country)).loc[FAR]
    assert row["closures"] == "r3"
    assert [row[name] for name in ("path_closed_days", "cut_days_low", "cut_days", "cut_days_high")] == [182] * 4
    unstated = country | {"links": country["links"].replace({"months_open": {"4-9": ""}})}
    assert measure(shut(unstated)).loc[FAR, "unknown"] == "r3"


def test_a_strait_cuts_only_the_port_behind_it(country, measure):
    table = measure(shut(country, ("slide", "r2", 10), ("strait", "nm_no_strait", 10)))
    behind, before = table.loc[("site-end", "Q2", "metal")], table.loc[END]
    assert (behind["closures"], before["closures"]) == ("slide;strait", "slide")
    assert behind["cut_days"] > before["cut_days"] == 0


def test_a_passage_with_a_way_round_cuts_nothing(country, measure):
    row = measure(shut(country, ("slide", "r2", 10), ("canal", "nm_no_canal", 100))).loc[END]
    assert row["closures"] == "canal;slide"
    assert row["path_closed_days"] > 20
    assert row["cut_days"] == 0


def test_the_sea_alone_says_nothing_of_the_land(country, measure):
    assert pd.isna(measure(shut(country, ("canal", "nm_no_canal", 100))).loc[END, "cut_days"])


def test_more_closures_never_leave_more_days_open(country, measure):
    few = measure(shut(country, ("slide", "r2", 10)))["open_frac"]
    many = measure(shut(country, ("slide", "r2", 10), ("flood", "r1|r1-old", 10)))["open_frac"]
    known = few.notna()
    assert known.any()
    assert (many[known] <= few[known]).all()


def test_the_table_is_that_of_the_dictionary(country, choices, plain):
    table = measure_reliability(build_world(shut(country), plain), route(country, choices, assumptions=plain))
    assert list(table.columns) == [column.name for column in read_columns("reliability")]
    assert not table.duplicated(["origin_id", "destination_id", "product_id"]).any()


def test_ways_name_links_port_and_passages(country, choices, plain):
    layers = shut(country, ("canal", "nm_no_canal", 1), ("strait", "nm_no_strait", 1))
    hauls = route(layers, choices, assumptions=plain)
    world = build_world(layers, plain)
    ways = list_ways(hauls, world).query("origin_id == 'site-end'").reset_index(drop=True)
    found = dict(zip(ways["destination_id"], list_elements(ways, world), strict=True))
    assert found["Q1"] == {"r1", "r2", "P1", "nm_no_canal"}
    assert found["Q2"] == {"r1", "r2", "P1", "nm_no_strait"}


def test_a_place_without_a_path_has_no_links(country, plain):
    layers = shut(country)
    cut = layers | {"links": layers["links"].query("link_id not in ['r1', 'r1-old', 't1']")}
    pair = ("site-end", "P1")
    assert path_links([pair], build_world(cut, plain).land) == {pair: frozenset()}


def test_destinations_share_a_way_only_where_their_lanes_run_through_the_same_passages(country, choices, plain):
    sea = country["sea_distances"]
    more = pd.concat([sea, sea.head(1).assign(to_port_id="Q3", nm=4100.0)], ignore_index=True)
    layers = shut(country | {"sea_distances": more}, ("canal", "nm_no_canal", 1), ("strait", "nm_no_strait", 1))
    hauls = route(layers, choices, assumptions=plain)
    third = hauls.query("destination_id == 'Q1'").assign(destination_id="Q3")
    ways = list_ways(pd.concat([hauls, third]), build_world(layers, plain))
    assert ways.set_index("destination_id")["toward_id"].to_dict() == {"Q1": "Q1", "Q2": "Q2", "Q3": "Q1"}
