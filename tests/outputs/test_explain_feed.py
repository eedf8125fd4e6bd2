"""What a plant would eat, in words: what is unknown is said to be, and years and scenarios that print alike are one line."""

from __future__ import annotations

import pytest

from geokit.outputs.explain_feed import LOTS, tell_balance, tell_inbound, tell_merit, tell_years

STEP = {
    "output_kind": "product", "output": "alloy", "feed_product_id": "chromite-concentrate", "deposit_id": "",
    "feed_t_per_t_low": 2.0, "feed_t_per_t": 2.5, "feed_t_per_t_high": 4.0, "recovery": 0.75, "recovery_assumed": "no",
    "feed_content_frac": 0.46, "feed_contained_of": "Cr2O3", "content_frac": 0.575, "contained_of": "Cr", "note": "",
}
BESIDE = {
    "output_kind": "by_product", "output": "H2SO4", "by_product_per_t_low": 1.5, "by_product_per_t": 2.0, "by_product_per_t_high": 3.0,
    "by_product_unit": "t/t", "counted": "no", "note": "",
}
LOT = {
    "rank": 1.0, "deposit": "Hill", "availability": "free", "usd_per_payable_t_low": 630.0, "usd_per_payable_t": 1540.0,
    "usd_per_payable_t_high": 4240.0, "payable_t_per_y": 12900.0, "gate_basis": "best export netback",
}
YEAR = {
    "scenario": "on_time", "availability": "free", "year": 2030, "feed_t_per_y_low": 0.0, "feed_t_per_y": 54800.0,
    "feed_t_per_y_high": 190000.0, "unknown": 0,
}
UP = {"usd_per_t_low": 10.0, "usd_per_t": 20.0, "usd_per_t_high": 40.0, "complete": True, "known": "coke;lime", "unknown": ""}
NO_COST = dict.fromkeys(("usd_per_t_low", "usd_per_t", "usd_per_t_high")) | {"complete": False}


def read(lines):
    """Return lines with common blanks and signs."""
    return [line.translate({0x202F: ",", 0xA0: " ", 0x2212: "-"}) for line in lines]


def spread(scenarios, **changes):
    return [{**YEAR, **changes, "scenario": name, "year": year} for name in scenarios for year in range(2030, 2033)]


def years(rows, gaps=(), economics=()):
    return read(tell_years(rows, gaps, economics))


def test_a_step_tells_its_feed_its_recovery_and_both_grades():
    told = "chromite concentrate: 2.5 t for a tonne of product (2 to 4); recovery 75 %; from 46 % Cr2O3 to 57.5 % Cr"
    assert read(tell_balance([STEP])) == [told]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recovery_assumed": "yes"}, "recovery 75 % (our assumption);"),
        ({"deposit_id": "red-hill"}, "chromite concentrate of red hill: 2.5 t"),
        ({"feed_content_frac": None}, "from unknown Cr2O3 to 57.5 % Cr"),
        ({"feed_t_per_t": None, "note": "the content of the feed was not found"}, "unknown: the content of the feed was not found"),
    ],
)
def test_what_a_step_rests_on_is_said(changes, words):
    assert words in read(tell_balance([STEP | changes]))[0]


def test_a_feed_of_unknown_tonnes_shows_no_figure():
    assert not any(sign.isdigit() for sign in read(tell_balance([STEP | {"feed_t_per_t": None, "note": "not found"}]))[0])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "    with it H2SO4: 1.5 to 3 t/t, not counted in money"),
        ({"counted": "yes"}, "    with it H2SO4: 1.5 to 3 t/t"),
        ({"by_product_per_t": None, "note": "no buyer found"}, "    with it H2SO4: amount unknown, not counted in money; no buyer found"),
    ],
)
def test_a_by_product_tells_its_amount_and_whether_money_counts_it(changes, told):
    assert read(tell_balance([BESIDE | changes])) == [told]


def test_lots_stand_in_the_merit_order():
    told = read(tell_merit([LOT | {"rank": 2.0, "deposit": "Vale", "payable_t_per_y": None, "availability": "unknown"}, LOT]))
    cost = "1,540 USD a payable tonne of product (630 to 4,240)"
    assert told == [
        f"1. Hill (free): {cost}; 12,900 t/y payable in a mean year; price by best export netback",
        f"2. Vale (holder unknown): {cost}; tonnes a year unknown; price by best export netback",
    ]


@pytest.mark.parametrize(("more", "told"), [(1, "1 more lot in the table merit"), (3, "3 more lots in the table merit")])
def test_lots_past_the_first_are_counted(more, told):
    lines = read(tell_merit([LOT | {"rank": float(place)} for place in range(1, LOTS + more + 1)]))
    assert (len(lines), lines[-1]) == (LOTS + 1, told)


@pytest.mark.parametrize(("count", "told"), [(1, "1 lot has no place"), (2, "2 lots have no place")])
def test_lots_without_a_place_are_counted_and_not_listed(count, told):
    assert read(tell_merit([LOT | {"rank": None}] * count))[0].startswith(f"{told}: no cost of the feed is known")
    assert list(tell_merit([])) == []


COVER = {
    "feed_eaten_t_per_y": 168_000.0, "feed_share_first_frac": 0.326, "feed_share_last_frac": 0.1, "feed_mark": "evidence",
    "feed_unrated": 3.0, "feed_claimants": None, "feed_claims_t_per_y": None, "feed_first_t_per_y": 54_800.0,
}  # fmt: skip
ALONE = "each plant is looked at alone: what neighbours would buy from the same deposits is not taken off"


def test_what_the_plant_eats_stands_beside_what_is_in_sight():
    assert years([], economics=[COVER]) == [
        (
            "at full output the plant eats 168,000 t of feed a year; free feed in sight covers 33 % of it in the first year of operation "
            "and 10 % in the last"
        ),
        "3 more free deposits in reach: nobody states a rate, so only the upper bound of a value counts more feed",
        ALONE,
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"feed_mark": "assumption"}, "the feed that you state covers 33 % of it"),
        ({"feed_share_first_frac": None, "feed_share_last_frac": None}, "is unknown, so its value has bounds and no figure"),
        ({"feed_share_first_frac": 0.0}, "covers 0 % of it in the first year"),
    ],
)
def test_whose_feed_it_is_and_what_is_unknown_is_said(changes, words):
    assert words in years([], economics=[COVER | changes])[0]


def test_a_single_deposit_without_a_rate_is_told_as_one_and_none_is_not_told():
    assert years([], economics=[COVER | {"feed_unrated": 1.0}])[1].startswith("1 more free deposit in reach")
    assert years([], economics=[COVER | {"feed_unrated": 0.0}])[1:] == [ALONE]


def test_what_neighbours_would_take_stands_beside_what_is_in_sight():
    shared = COVER | {"feed_unrated": 0.0, "feed_claimants": 60.0, "feed_claims_t_per_y": 1e7}
    told = "60 plants of this comparison, this one among them, would draw on the same deposits, together 10,000,000 t a year at full output"
    assert years([], economics=[shared])[1:] == [f"{told} of the 54,800 t in sight; {ALONE}"]
    assert years([], economics=[shared | {"feed_first_t_per_y": None}])[1:] == [f"{told}; {ALONE}"]


def test_a_plant_alone_at_its_deposits_says_so():
    alone = COVER | {"feed_unrated": 0.0, "feed_claimants": 1.0, "feed_claims_t_per_y": 168_000.0}
    assert years([], economics=[alone])[1:] == ["no other plant of this comparison draws on these deposits with the same feed"]


def test_what_a_plant_of_unknown_size_or_balance_eats_is_not_told():
    assert years([], economics=[COVER | {"feed_eaten_t_per_y": None}]) == []


def test_equal_years_of_all_scenarios_are_one_line():
    assert years(spread(["late", "never", "on_time"])) == ["2030 to 2032: 54,800 t/y (0 to 190,000) of free feed"]


def test_scenarios_that_agree_are_named_together_and_the_other_alone():
    told = years([*spread(["late", "never"]), *spread(["on_time"], feed_t_per_y=80000.0)])
    assert told == [
        "2030 to 2032, first ore late or never: 54,800 t/y (0 to 190,000) of free feed",
        "2030 to 2032, first ore on time: 80,000 t/y (0 to 190,000) of free feed",
    ]


def test_years_that_differ_are_told_apart_and_years_that_print_alike_are_not():
    rows = spread(["on_time"])
    assert len(years([rows[0], rows[1] | {"feed_t_per_y": 54_810.0}, rows[2]])) == 1
    assert [line.split(":")[0] for line in years([rows[0], rows[1], rows[2] | {"feed_t_per_y": 60_000.0}])] == ["2030 to 2031", "2032"]


def test_kinds_of_feed_are_told_apart():
    one = dict.fromkeys(("feed_t_per_y_low", "feed_t_per_y", "feed_t_per_y_high"), 1.0)
    told = years([*spread(["on_time"]), *spread(["on_time"], availability="unknown", **one)])
    assert told[1:] == ["2030 to 2032: 1 t/y of feed whose holder is unknown"]


def test_tonnes_that_nobody_knows_are_no_nought():
    blank = dict.fromkeys(("feed_t_per_y_low", "feed_t_per_y", "feed_t_per_y_high"))
    assert years([YEAR | blank | {"unknown": 1}]) == ["2030: tonnes unknown of free feed"]
    assert years([YEAR | {"unknown": 2}])[0].endswith("of free feed; what 2 of its deposits would give is unknown")


def test_what_nobody_published_comes_last():
    assert years(spread(["on_time"]), gaps=[{"reason": "no rate of 9 deposits"}])[-1] == "no rate of 9 deposits"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "inbound freight 20 USD/t of product (10 to 40); beside the margin, not subtracted"),
        (
            {"complete": False, "unknown": "acid;soda"},
            "inbound freight 20 USD/t of product (10 to 40), for coke, lime only; unknown: acid, soda; beside the margin, not subtracted",
        ),
        (NO_COST | {"known": "", "unknown": "acid;soda"}, "inbound freight unknown: no consumption of acid, soda was found"),
        (NO_COST | {"known": "coke", "unknown": "acid"}, "inbound freight unknown: no way up from a port was found"),
        (NO_COST | {"known": "", "unknown": ""}, "inbound: no need is in the layers"),
    ],
)
def test_inbound_freight_is_whole_part_or_unknown(changes, told):
    assert read(tell_inbound([UP | changes])) == [told]
