"""Dependency, margins and values again from the written tables alone, one row after another."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import pytest

from geokit.io.dictionary import read_columns

BASELINES = ("export", "toll-", "abroad-")


@pytest.fixture(scope="module")
def blocks(written):
    """Return the blocks of each (case, stage, profile)."""
    found = defaultdict(list)
    for row in written["exposure"]:
        found[row["case_id"], row["stage_id"], row["profile"]].append(row)
    return found


@pytest.fixture(scope="module")
def plants(written):
    """Return the dependency rows that buy a plant, with their key into the blocks."""
    rows = [row for row in written["dependency"] if row["profile"]]
    return [(row, (row["case_id"], row["alternative"].partition(":")[2], row["profile"])) for row in rows]


def test_exposure_is_the_product_of_its_parts(written, number):
    bound = [row for row in written["exposure"] if number(row["b"])]
    assert len(bound) > 50
    for row in bound:
        if row["s"] and row["sigma"]:
            fails = (1 - number(row["sigma"])) * (1 - number(row["process_sigma"] or "0"))
            assert number(row["e"]) == pytest.approx(number(row["b"]) * number(row["s"]) * fails, abs=1e-8)
    assert all(number(row["e"]) == 0 for row in written["exposure"] if number(row["b"]) == 0)
    assert all(number(row["b_low"]) <= number(row["b"]) <= number(row["b_high"]) for row in written["exposure"] if row["b"])


def test_money_exposed_and_weakest_link_are_mean_and_largest_of_the_blocks(plants, blocks, number):
    assert len(plants) > 1000
    for row, key in plants:
        exposed = [number(block["e"]) for block in blocks[key]]
        assert exposed, key
        if None not in exposed:
            assert number(row["d_avg"]) == pytest.approx(math.fsum(exposed) / len(exposed), abs=1e-8)
            assert number(row["d_max"]) == pytest.approx(max(exposed), abs=1e-8)


def test_where_the_law_is_told_the_index_is_one_less_the_chance_that_every_block_is_had(plants, blocks, number):
    """The text of the law covers the days of export of these stages, so one political state holds and blocks are independent."""
    told = 0
    for row, key in plants:
        states = {block["state"] for block in blocks[key]}
        exposed = [number(block["e"]) for block in blocks[key]]
        if "/text/" in row["case_id"] and "unresolved" not in states and None not in exposed:
            told += any(exposed)
            assert number(row["d_rel"]) == pytest.approx(1 - math.prod(1 - one for one in exposed), abs=1e-7), row
    assert told > 50


def test_where_practice_is_untold_common_cause_lowers_the_index_below_that_of_independent_blocks(plants, blocks, number):
    mixed = 0
    for row, key in plants:
        exposed = [number(block["e"]) for block in blocks[key]]
        if "unresolved" in {block["state"] for block in blocks[key]} and None not in exposed and sum(map(bool, exposed)) > 1:
            mixed += 1
            assert max(exposed) - 1e-9 <= number(row["d_rel"]) <= 1 - math.prod(1 - one for one in exposed) + 1e-9, row
    assert mixed > 50


def test_what_buys_no_plant_depends_on_nothing(written, number):
    idle = [row for row in written["dependency"] if not row["profile"]]
    assert {row["alternative"].split(":")[0].split("-")[0] for row in idle} >= {"export", "toll"}
    assert all(number(row[name]) == 0 for row in idle for name in ("d_avg", "d_max", "d_rel", "delay_months_p50", "delay_months_p80"))


def test_a_control_that_binds_is_named_in_its_block(written, number):
    for row in written["exposure"]:
        assert bool(row["clause_ids"]) or number(row["b_high"]) == 0, row


@pytest.fixture(scope="module")
def money(written, number):
    """Return the rows of economics with figures as numbers."""
    figures = {column.name for column in read_columns("economics") if column.type == "number"}
    return [{name: number(cell) if name in figures else cell for name, cell in row.items()} for row in written["economics"]]


def test_the_margin_is_price_less_freight_less_feed(money):
    known = [row for row in money if row["margin_usd_per_t"] is not None and not row["alternative"].startswith("export:")]
    assert len(known) > 200
    for row in known:
        feed = row["feed_t_per_product_t"] * (row["feed_price_usd_per_t"] + row["feed_freight_usd_per_t"])
        left = row["product_usd_per_t"] - row["product_freight_usd_per_t"] - feed
        assert row["margin_usd_per_t"] == pytest.approx(left, rel=1e-6, abs=1e-4)
        assert row["margin_usd_per_t_low"] <= row["margin_usd_per_t"] <= row["margin_usd_per_t_high"]


def test_exporting_is_its_own_yardstick(money):
    exports = [row for row in money if row["alternative"].startswith("export:")]
    assert exports
    assert all(row["margin_usd_per_t"] == 0 and row["beats_baseline"] == "" for row in exports)


def test_the_break_even_price_of_feed_is_what_is_left_over_the_feed(money):
    known = [row for row in money if row["break_even_feed_usd_per_t"] is not None]
    assert len(known) > 200
    for row in known:
        left = row["product_usd_per_t"] - row["product_freight_usd_per_t"]
        expected = left / row["feed_t_per_product_t"] - row["feed_freight_usd_per_t"]
        assert row["break_even_feed_usd_per_t"] == pytest.approx(expected, rel=1e-6, abs=1e-5)


def test_no_value_without_a_sourced_cost(money):
    for row in money:
        bare = row["capex_usd_per_tpa"] is None or row["opex_usd_per_t"] is None or row["margin_usd_per_t"] is None
        assert not bare or row["npv_million_usd"] is None
        assert (row["npv_million_usd"] is None) == (row["profitability_index"] is None)


def test_who_beats_exporting_earns_and_who_does_not_loses(money):
    for row in money:
        if row["beats_baseline"] == "yes":
            assert row["margin_usd_per_t_low"] > row["opex_usd_per_t"]
        if row["beats_baseline"] == "no":
            assert row["margin_usd_per_t_high"] <= 0 or row["opex_usd_per_t"] is not None
    assert Counter(row["beats_baseline"] for row in money)["unknown"] > 100


def test_freight_share_and_years_of_feed_in_the_matrix_are_those_of_the_economics(written, money, number):
    cells = {(row["criterion_id"], row["site_id"], row["stage_id"], row["partner"]): row for row in written["matrix"]}
    counted = 0
    for row in money:
        site, _, stage = row["alternative"].partition(":")
        share, years = cells.get(("L1", site, stage, row["partner"])), cells.get(("F1", site, stage, ""))
        if share and share["value"] and not site.startswith(BASELINES) and row["feed_t_per_product_t"] and row["feed_freight_usd_per_t"]:
            freight = row["feed_t_per_product_t"] * row["feed_freight_usd_per_t"] + row["product_freight_usd_per_t"]
            assert number(share["value"]) == pytest.approx(freight / row["product_usd_per_t"], rel=1e-6)
            counted += 1
        if years and years["value"] and row["plant_t_per_y"] and row["feed_free_t"]:
            assert number(years["value"]) == pytest.approx(row["feed_free_t"] / row["plant_t_per_y"], rel=1e-6)
    assert counted > 200


def test_the_two_tables_that_name_outlets_agree(study):
    """Economics and partner fit look the takers up apart: a named plant in one is a named plant in the other."""
    fit = study.outlets.set_index(["partner", "product_id"])
    for row in study.economics.drop_duplicates(["partner", "product_id"]).to_dict("records"):
        key = (row["partner"], row["product_id"])
        if key in fit.index:
            other = fit.loc[key]
            assert (row["outlet"] == "plant") == (other["outlet"] == "plant"), key
            assert set(row["outlet_ids"].split(";")) <= {"", *other["destination_ids"].split(";")}, key
