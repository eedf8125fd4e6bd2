"""What a way can carry."""

import numpy as np
import pandas as pd
import pytest

from geokit.network import find_route
from geokit.network.capacity import judge_capacity, warn_capacity


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
    assert find_route(country, "END", "P1", assumptions=plain).capacity == ("capacity unknown on 2 of 2 links of the way",)
    assert judge_capacity([], country) == ()


def test_a_route_holds_its_load_against_its_links(narrow, plain):
    told = find_route(narrow, "END", "P1", assumptions=plain, kt_per_year=101).capacity
    assert told[0].startswith("101 kt/y is above the 100 kt/y of Inland road")


def test_a_study_is_warned_once_of_all_open_links_without_a_capacity(country):
    country["links"]["capacity_kt_per_year"] = [100.0] + [float("nan")] * (len(country["links"]) - 1)
    told = warn_capacity(country)
    assert told == "Capacity of 5 of 6 open links unknown, and of every berth: whether the loads fit is not tested."
    country["links"]["capacity_kt_per_year"] = 100.0
    assert warn_capacity(country) == ""
