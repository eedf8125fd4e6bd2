"""What a way can carry."""

import numpy as np
import pandas as pd
import pytest

from geokit.network import find_route
from geokit.network.capacity import _judge_berths, judge_capacity, warn_capacity


@pytest.fixture
def narrow(country):
    """Let the inland road carry 100 kt a year; a wider one beside it is planned."""
    links = country["links"].assign(capacity_kt_per_year=np.nan, flags="")
    links.loc[links["link_id"] == "r2", ["capacity_kt_per_year", "flags"]] = [100.0, "being_widened"]
    links.loc[links["link_id"] == "t1", "capacity_kt_per_year"] = 5.0
    beside = links[links["link_id"] == "r2"].assign(
        link_id="r2-new", name="Wide road", status_code="planned", flags="", **{"from": "END", "to": "MID"}
    )
    return {**country, "links": pd.concat([links, beside], ignore_index=True)}


def test_a_load_above_a_capacity_names_the_link_and_the_upgrade(narrow):
    told = judge_capacity(["r1", "r2"], narrow, kt_per_year=150)
    assert told == (
        "150 kt/y is above the 100 kt/y of Inland road (r2); the upgrade is Wide road (r2-new, planned) or its widening under way",
        "capacity unknown on 1 of 2 links of the way",
    )
    assert "no upgrade is in the layer of links" in judge_capacity(["t1"], narrow, kt_per_year=6)[0]


@pytest.mark.parametrize("load", [100, 1, None])
def test_a_load_within_the_capacity_is_not_told(narrow, load):
    assert judge_capacity(["r2"], narrow, kt_per_year=load) == ()


def test_a_passage_is_quoted(narrow):
    noted = {**narrow, "passages": narrow["passages"].assign(capacity_note=["old word", "one train a day", "", "", "past"])}
    assert judge_capacity(["t2"], noted) == ("The gorge: one train a day", "capacity unknown on 1 of 1 links of the way")


def test_what_is_blank_is_told_once_for_a_way(country, plain):
    told = ("capacity unknown on 2 of 2 links of the way", "capacity of the berths at P1 unknown")
    assert find_route(country, "END", "P1", assumptions=plain).capacity == told
    assert find_route(country, "END", "Q1", assumptions=plain).capacity == told, "the port that the way runs through counts as well"
    assert find_route(country, "END", "MID", assumptions=plain).capacity == ("capacity unknown on 1 of 1 links of the way",)
    assert find_route(country, "P1", "P1", assumptions=plain).capacity == ()
    assert judge_capacity([], country) == ()


def test_a_route_holds_its_load_against_its_links(narrow, plain):
    told = find_route(narrow, "END", "P1", assumptions=plain, kt_per_year=101).capacity
    assert told[0].startswith("101 kt/y is above the 100 kt/y of Inland road")


def test_a_study_is_warned_once_of_all_open_links_without_a_capacity(country):
    country["links"]["capacity_kt_per_year"] = [100.0] + [float("nan")] * (len(country["links"]) - 1)
    told = warn_capacity(country)
    assert told == "Capacity of 5 of 6 open links and of 1 of 1 ports unknown: whether the loads fit is not tested."
    country["links"]["capacity_kt_per_year"] = 100.0
    assert warn_capacity(country).startswith("Capacity of 0 of 6 open links and of 1 of 1 ports unknown")
    country["ports"]["capacity_kt_per_year_low"] = [100.0] + [float("nan")] * (len(country["ports"]) - 1)
    assert warn_capacity(country) == ""


@pytest.fixture
def harbour(country):
    """Let the harbour handle 400 to 1600 kt a year."""
    words = {"capacity_kt_per_year_low": [400.0, *[np.nan] * 4], "capacity_kt_per_year_high": [1600.0, *[np.nan] * 4]}
    return {**country, "ports": country["ports"].assign(**words, capacity_note=["the loader, and all of it", *[""] * 4])}


@pytest.mark.parametrize(("load", "full"), [(None, False), (400.0, False), (400.5, True), (2000.0, True)])
def test_a_load_above_the_least_that_a_port_handles_is_told(harbour, load, full):
    told = judge_capacity([], harbour, kt_per_year=load, port_ids=["P1"])
    assert told[-1] == "P1 is said to handle 400 to 1,600 kt/y (the loader, and all of it)"
    assert told[:-1] == ((f"{load:g} kt/y is above the 400 kt/y that P1 is at least said to handle",) if full else ())


def test_a_port_with_one_figure_prints_it_once_and_one_without_says_unknown(harbour):
    harbour["ports"]["capacity_kt_per_year_high"] = harbour["ports"]["capacity_kt_per_year_low"]
    assert judge_capacity([], harbour, port_ids=["P1"]) == ("P1 is said to handle 400 kt/y (the loader, and all of it)",)
    assert judge_capacity([], harbour, port_ids=["P2"]) == ("capacity of the berths at P2 unknown",)


def test_a_way_through_a_port_and_one_from_it_are_held_against_its_berths(harbour, plain):
    for ends in (("END", "Q1"), ("P1", "Q1"), ("P1", "END"), ("END", "P1")):
        told = find_route(harbour, *ends, assumptions=plain, kt_per_year=500.0).capacity
        assert [words for words in told if "P1" in words] == [
            "500 kt/y is above the 400 kt/y that P1 is at least said to handle",
            "P1 is said to handle 400 to 1,600 kt/y (the loader, and all of it)",
        ]


def test_the_capacities_of_the_layer_are_in_order_and_say_what_they_count(layers):
    ports = layers["ports"]
    names = ["capacity_kt_per_year_low", "capacity_kt_per_year", "capacity_kt_per_year_high"]
    known = ports.dropna(subset=names, how="all")
    assert set(known["port_id"]) >= {"PKKHI", "PKBQM"}
    assert (known[names].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert (known["capacity_note"] != "").all()
    assert (ports.loc[~ports.index.isin(known.index), "capacity_note"] == "").all()
    assert ports.set_index("port_id").loc["PKBQM", names[2]] == 12_000 + 4_000, "Mt/y of coal, and of cement and clinker"


def test_a_load_by_rail_is_set_beside_what_the_railway_carried(narrow):
    """The newest quote with a figure counts; by road, or without a load, nothing is said."""
    rows = [("rail-carried-2023", 400.0), ("rail-carried-2024", 1000.0), ("rail-carried-2025", np.nan), ("rail-tariff", 1.0)]
    quoted = {**narrow, "cost_quotes": pd.DataFrame(rows, columns=["quote_id", "mode"])}
    told = "50 kt/y is 5% of the 1,000 kt that the whole railway carried in a year (rail-carried-2024)"
    assert judge_capacity(["t2", "r1"], quoted, kt_per_year=50.0)[0] == told
    assert told not in judge_capacity(["r1", "r2"], quoted, kt_per_year=50.0)
    assert judge_capacity(["t2"], quoted) == judge_capacity(["t2"], narrow) == ("capacity unknown on 1 of 1 links of the way",)
    assert judge_capacity(["t2"], narrow, kt_per_year=50.0) == ("capacity unknown on 1 of 1 links of the way",)


def test_a_year_of_concentrate_is_a_tenth_of_the_railway(layers, assumptions):
    """800 of 8,200 kt: the freight of July 2024 to June 2025 by an official of the ministry."""
    told = find_route(layers, "REK", "PKBQM", assumptions=assumptions, kt_per_year=800).capacity
    assert told[0] == "800 kt/y is 10% of the 8,200 kt that the whole railway carried in a year (rail-carried-2024-25)"


def test_a_berth_of_which_only_the_least_is_known_handles_at_least_that(country):
    country["ports"] = country["ports"].assign(capacity_kt_per_year_low=400.0, capacity_kt_per_year_high=np.nan, capacity_note="as printed")
    told = " ".join(_judge_berths([country["ports"]["port_id"].iloc[0]], country, 300.0))
    assert "at least 400" in told
    assert "nan" not in told
