"""What a quay takes, plans and charges, in the country of one port."""

import pandas as pd
import pytest

from geokit.network import find_route
from geokit.network.terminals import planned_cargoes, tell_terminal


@pytest.fixture
def picky(country):
    """Let the harbour load concentrate alone, by a quay that is only planned."""
    country["ports"].loc[country["ports"]["port_id"] == "P1", "takes_product_ids"] = "conc"
    event = pd.DataFrame([("The new quay", "planned", "2026-01-01", "", "planned")], columns=country["passages"].columns)
    link = pd.DataFrame([("quay", "The new quay", "", "", "P1", "conc", "", "")], columns=country["passage_links"].columns)
    country["passages"] = pd.concat([country["passages"], event], ignore_index=True)
    country["passage_links"] = pd.concat([country["passage_links"], link], ignore_index=True)
    return country


def test_charges_are_added_up_and_left_out_of_a_route_that_ends_at_the_quay(country, plain):
    """1 + 0.5, 2 + 0.5 and 3 + 0.5 USD/t for bulk; none was found for boxes."""
    told = "port charges of P1, 2.5 USD/t (1.5 to 3.5), are no part of this cost"
    assert tell_terminal("P1", "conc", country) == tell_terminal("P1", "", country) == told
    assert tell_terminal("P1", "metal", country) == "port charges of P1 were not found and are no part of this cost"
    found = find_route(country, "END", "P1", assumptions=plain)
    assert found.note == told
    assert found.usd_per_t == pytest.approx(sum(leg.usd_per_t for leg in found.legs))
    assert "port" not in {leg.mode for leg in found.legs}


def test_a_route_that_pays_the_charges_says_nothing_of_leaving_them_out(country, plain):
    found = find_route(country, "END", "Q1", assumptions=plain, product_id="conc")
    assert {leg.mode: leg.usd_per_t for leg in found.legs}["port"] == pytest.approx(2.5)
    assert "no part of this cost" not in found.note
    assert "no part of this cost" not in find_route(country, "P1", "P1", assumptions=plain).note
    assert "no part of this cost" in find_route(country, "P1", "Q1", assumptions=plain).note, "from quay to quay nobody pays the gate"


def test_a_terminal_that_may_not_load_a_product_says_so_and_names_what_it_may(picky, plain):
    refused = "P1 may not load ore; its contract names conc"
    assert tell_terminal("P1", "ore", picky).startswith(refused + "; port charges")
    assert "may not load" not in tell_terminal("P1", "conc", picky)
    assert "may not load" not in tell_terminal("P1", "", picky), "a cargo of no name is held against no list"
    assert find_route(picky, "END", "P1", assumptions=plain, product_id="ore").note.startswith(refused)


def test_a_quay_that_is_only_planned_is_told_for_its_product_alone(picky, plain):
    assert planned_cargoes("P1", "conc", picky) == ("The new quay",)
    assert planned_cargoes("P1", "ore", picky) == planned_cargoes("Q1", "conc", picky) == ()
    by_land = {name: find_route(picky, "END", "P1", assumptions=plain, product_id=name).assumed_open for name in ("conc", "ore")}
    assert ("The new quay" in by_land["conc"], "The new quay" in by_land["ore"]) == (True, False)


def test_it_is_told_once_on_the_way_overseas(picky, plain):
    for origin in ("END", "P1"):
        assert find_route(picky, origin, "Q1", assumptions=plain, product_id="conc").assumed_open.count("The new quay") == 1


def test_the_bulk_terminal_is_a_plan_for_concentrate(layers, assumptions):
    """Model rule M17: the handling of concentrate there is a plan of 2028."""
    found = find_route(layers, "REK", "PKBQM", assumptions=assumptions, product_id="copper-concentrate", kt_per_year=800)
    assert "PIBT at Port Qasim: copper-gold concentrate" in found.assumed_open
    assert any(words.startswith("PKBQM is said to handle 4,000 to 16,000 kt/y") for words in found.capacity)
    assert "may not load chromite-concentrate" in find_route(
        layers, "REK", "PKBQM", assumptions=assumptions, product_id="chromite-concentrate"
    ).note
