"""Plants that draw on the same deposits: what they would together take, against what is there (model rules M5, M6)."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.economics.sharing import count_claims, list_lots

YEAR = 2031


def plant(name, eaten, *, stage="smelt", kind="plant", partner="japan"):
    """Make a row of the economics; the plant stands at a place of its own name."""
    keys = {"partner": partner, "alternative": name, "kind": kind, "place_id": name, "stage_id": stage}
    return {**keys, "feed_eaten_t_per_y": eaten}


def lot(place, deposit, tonnes, *, stage="smelt", feed="conc", year=YEAR):
    """Make a lot that a plant may draw on."""
    keys = {"place_id": place, "stage_id": stage, "deposit_id": deposit, "feed_product_id": feed, "year": year}
    return {**keys, "feed_t_per_y": tonnes}


def count(plants, lots, year=YEAR):
    """Return the claims by alternative, the first partner's row of each."""
    rows = pd.DataFrame(plants)
    found = count_claims(rows, pd.DataFrame(lots), year=year).assign(alternative=rows["alternative"])
    return found.drop_duplicates("alternative").set_index("alternative")


def test_a_plant_alone_claims_what_it_eats():
    found = count([plant("a", 80.0)], [lot("a", "pit", 100.0), lot("a", "hill", 300.0)])
    assert found.loc["a"].tolist() == [1.0, 80.0]


def test_two_plants_at_one_deposit_claim_the_sum_of_both():
    found = count([plant("a", 80.0), plant("b", 50.0)], [lot("a", "pit", 100.0), lot("b", "pit", 100.0)])
    assert found["feed_claimants"].tolist() == [2.0, 2.0]
    assert found["feed_claims_t_per_y"].tolist() == [130.0, 130.0]


def test_a_claim_is_spread_over_deposits_in_proportion_to_what_they_ship():
    """By hand: a draws 20 of 80 from the pit and 60 from the hill; b draws its 50 from the pit alone."""
    lots = [lot("a", "pit", 100.0), lot("a", "hill", 300.0), lot("b", "pit", 100.0)]
    found = count([plant("a", 80.0), plant("b", 50.0)], lots)
    assert found["feed_claims_t_per_y"].to_dict() == {"a": 20.0 + 50.0 + 60.0, "b": 20.0 + 50.0}


def test_a_mill_and_the_smelter_behind_it_are_no_rivals():
    lots = [lot("a", "pit", 100.0), lot("mill", "pit", 400.0, stage="mill", feed="ore")]
    found = count([plant("a", 80.0), plant("mill", 300.0, stage="mill")], lots)
    assert found["feed_claimants"].tolist() == [1.0, 1.0]
    assert found["feed_claims_t_per_y"].tolist() == [80.0, 300.0]


def test_two_stages_that_eat_the_same_feed_are_rivals():
    lots = [lot("a", "pit", 100.0), lot("b", "pit", 100.0, stage="brick")]
    found = count([plant("a", 80.0), plant("b", 40.0, stage="brick")], lots)
    assert found["feed_claims_t_per_y"].tolist() == [120.0, 120.0]


def test_a_plant_counts_once_however_many_partners_look_at_it():
    plants = [plant("a", 80.0), plant("a", 80.0, partner="korea"), plant("b", 50.0)]
    rows = pd.DataFrame(plants)
    found = count_claims(rows, pd.DataFrame([lot("a", "pit", 100.0), lot("b", "pit", 100.0)]), year=YEAR)
    assert found["feed_claims_t_per_y"].tolist() == [130.0, 130.0, 130.0]


def test_what_is_unknown_stays_unknown_and_claims_nothing():
    plants = [plant("a", 80.0), plant("blind", math.nan), plant("far", 70.0), plant("toll", 60.0, kind="toll")]
    lots = [lot("a", "pit", 100.0), lot("blind", "pit", 100.0), lot("toll", "pit", 100.0)]
    found = count(plants, lots)
    assert found.loc["a"].tolist() == [1.0, 80.0]
    assert found.drop(index="a").isna().all(axis=None)


def test_the_last_year_stands_for_those_after_it():
    lots = [lot("a", "pit", 100.0, year=2030), lot("a", "hill", 100.0, year=YEAR), lot("b", "hill", 100.0, year=YEAR)]
    found = count([plant("a", 80.0), plant("b", 50.0)], lots, year=2099)
    assert found["feed_claims_t_per_y"].tolist() == [130.0, 130.0]


def test_a_deposit_that_ships_nothing_is_shared_by_nobody():
    found = count([plant("a", 80.0)], [lot("a", "pit", 0.0)])
    assert found.isna().all(axis=None)


@settings(max_examples=30)
@given(st.lists(st.floats(1.0, 1e6), min_size=1, max_size=6), st.floats(1.0, 1e6))
def test_plants_at_one_deposit_all_claim_the_total(eaten, shipped):
    names = [f"p{number}" for number in range(len(eaten))]
    plants = [plant(name, tonnes) for name, tonnes in zip(names, eaten, strict=True)]
    found = count(plants, [lot(name, "pit", shipped) for name in names])
    assert found["feed_claims_t_per_y"].tolist() == pytest.approx([sum(eaten)] * len(eaten))


def test_lots_are_free_in_reach_and_of_the_scenario():
    about = {"stage_id": "smelt", "deposit_id": "pit", "deposit": "Pit", "feed_product_id": "conc", "year": YEAR, "basis": "observed"}
    base = about | {"scenario": "late", "availability": "free", "source_ids": "s"}
    base |= {"ore_t_per_y": 9.0, "feed_t_per_y": 4.0, "development_frac": 1.0}
    others = {"scenario": "never"}, {"availability": "captive"}, {"feed_t_per_y": math.nan}
    years = pd.DataFrame([base, *(base | other for other in others)])
    keys = {"stage_id": "smelt", "deposit_id": "pit"}
    feeds = pd.DataFrame([{"place_id": "a", "reachable": "yes", **keys}, {"place_id": "b", "reachable": "no", **keys}])
    found = list_lots(years, feeds, scenario="late")
    assert found[["place_id", "ore_t_per_y", "feed_t_per_y"]].to_numpy().tolist() == [["a", 9.0, 4.0]]
