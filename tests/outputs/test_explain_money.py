"""What a plant would earn, in words: a value with all it rests on, or what is missing for one."""

from __future__ import annotations

import pytest

from geokit.outputs.explain_money import BREAK_EVENS, FED, WORTH, tell_money

NOTHING = {
    "reason": "", "missing_inputs": "", "missing_keys": "", "npv_million_usd": None, "drivers": "", "value_inputs": "",
    "npv_million_usd_low": None, "npv_fed_million_usd": None, "utilisation_frac": None,
    "by_product_usd_per_t": 0.0, "by_products_uncounted": "", "feed_buyer_port_id": "", "break_even_price_usd_per_t": None,
    **dict.fromkeys(BREAK_EVENS), **dict.fromkeys(FED), **{f"worth_{key}_million_usd": None for key in WORTH},
}
VALUED = NOTHING | {
    "npv_million_usd_low": -739.0, "npv_million_usd": 120.0, "npv_million_usd_high": 941.0, "npv_million_usd_p10": -18.7,
    "npv_million_usd_p50": 144.0, "npv_million_usd_p90": 366.0, "loss_chance": 0.14, "capex_mark": "evidence", "opex_mark": "assumption",
    "royalty_mark": "missing", "price_mark": "evidence", "feed_price_mark": "assumption", "feed_mark": "evidence",
    "tax_regime": "holiday", "irr_frac": 0.26, "irr_count": 1.0, "payback_years": 5.5,
    "annuity_million_usd_per_y": 15.6,
}  # fmt: skip
STATE = {"state": "snap_back", "probability": 0.22, "npv_million_usd": 80.0, "delay_months": 12.0, "capex_factor": 1.15}
FLOW = {
    "years": 4.0, "output_t": 34500.0, "full_output_t": 34500.0, "feed_in_sight_t": 90000.0,
    "sales": 77.0, "feed": -28.4, "freight": 0.0, "feed_freight": None, "opex": -17.2, "royalty": 0.0,
    "depreciation": 9.0, "losses_used": 0.0, "taxable": 22.0, "tax": 0.0, "capex": 0.0, "working_capital": -11.5, "closure": 0.0,
    "cash_flow": 20.0, "discount_factor": 0.5, "present_value": 10.0,
}


def read(row, states=(), flows=()):
    """Return the lines with common blanks and signs."""
    return [line.translate({0x202F: ",", 0xA0: " ", 0x2212: "-"}) for line in tell_money([row], states, flows)]


def find(words, *given):
    return next(line for line in read(*given) if line.strip().startswith(words))


def test_without_a_value_the_reason_and_what_is_missing_are_told():
    lacks = {"missing_inputs": "capital cost; operating cost: power, labour", "missing_keys": "finance.capex.x; finance.opex.x"}
    assert read(NOTHING | {"reason": "No margin: no price."} | lacks) == [
        "No margin: no price.",
        "For a net present value it still needs: capital cost (finance.capex.x); operating cost: power, labour (finance.opex.x)",
    ]


def test_where_only_the_feed_of_each_year_is_unknown_the_bounds_stand_alone():
    ends = {"npv_million_usd_low": -739.0, "npv_million_usd_high": 941.0, "npv_fed_million_usd": 120.0}
    ends["value_inputs"] = "rate: 0.1 [assumption: r]"
    lacks = {"missing_inputs": "feed by year", "missing_keys": "feed.supply_t_per_y.x"}
    assert read(NOTHING | ends | lacks) == [
        "For a net present value it still needs: feed by year (feed.supply_t_per_y.x)",
        (
            "Net present value -739 to 941 million USD, from no feed at all to as much as the plant can eat; fed to capacity, if other "
            "feed were bought at the same price, 120 million USD"
        ),
        "Computed from",
        "    rate: 0.1 [assumption: r]",
    ]


def test_a_value_tells_how_far_its_feed_goes_and_what_it_were_worth_with_enough():
    fed = VALUED | {"utilisation_frac": 0.337, "npv_fed_million_usd": 200.0}
    assert find("With the feed", fed) == (
        "With the feed in sight it makes 34 % of its full output; "
        "fed to capacity, if other feed were bought at the same price, 200 million USD"
    )
    assert not any(line.startswith("With the feed") for line in read(VALUED))


def test_every_figure_of_a_value_stands_on_its_own_line():
    told = read(VALUED | {"value_inputs": "building: 3 years [assumption: a]; price: 9 USD/t [evidence: b, c]"})
    assert told[-3:] == ["Computed from", "    building: 3 years [assumption: a]", "    price: 9 USD/t [evidence: b, c]"]


def test_a_plant_whose_feed_has_another_buyer_breaks_even_with_exporting_it():
    known = {"feed_buyer_port_id": "CNSHA", "break_even_cost_usd_per_t": 2197.0, "break_even_opex_usd_per_t": 271.0}
    told = "Breaks even with exporting its feed at: all costs with the feed, before freight 2,200 USD/t, operating cost 271 USD/t"
    assert read(NOTHING | known) == [told]


def test_a_product_without_a_quote_must_fetch_what_is_known_of_its_costs():
    told = "To beat exporting the product must fetch more than 512 USD/t, the part of its costs that is known"
    assert read(NOTHING | {"break_even_price_usd_per_t": 512.0}) == [told]


def test_what_by_products_bring_in_and_which_are_left_out_is_told():
    assert read(NOTHING | {"by_product_usd_per_t": 241.85}) == ["By-products bring in 242 USD of the price of a tonne of product"]
    left = "By-products left out of the money, for want of an amount, a price, a buyer or a way there, for the ore that it draws: Ag, Au"
    assert read(NOTHING | {"by_product_usd_per_t": None, "by_products_uncounted": "Ag, Au"}) == [left]


def test_a_plant_that_is_fed_breaks_even_elsewhere():
    told = read(NOTHING | {"break_even_supply_t_per_y": 94_700.0, "break_even_opex_fed_usd_per_t": 864.0})
    assert told == ["Breaks even at: feed 94,700 t a year", "Fed to capacity it breaks even at: operating cost 864 USD/t"]


def test_without_a_value_no_state_and_no_cash_flow_is_told():
    assert read(NOTHING, [STATE], [FLOW]) == []


def test_only_the_break_evens_that_are_known_are_told():
    known = {"break_even_conversion_usd_per_t": 1312.0, "break_even_delay_months": 109.0}
    assert read(NOTHING | known) == ["Breaks even at: conversion cost 1,310 USD/t, delay 109 months"]


def test_a_value_comes_with_its_bounds_its_draws_and_its_chance_of_a_loss():
    assert find("Net", VALUED) == (
        "Net present value 120 million USD (-739 to 941 with every figure against it, or for it); drawn P10, P50, P90: -18.7, 144, 366; "
        "chance of a loss 14 %"
    )


def test_a_value_says_what_is_sourced_given_and_missing_in_it():
    assert find("It rests", VALUED) == (
        "It rests on: price of the product sourced, price of the feed given as an assumption, feed by year sourced, capital cost sourced, "
        "operating cost given as an assumption, royalty not found; taxed by a tax holiday, then income tax"
    )


def test_a_single_rate_of_return_is_told():
    assert find("Internal", VALUED) == "Internal rate of return 26 %; pays back in 5.5 years; worth 15.6 million USD a year"


@pytest.mark.parametrize(("count", "told"), [(0.0, "none (0 rates solve)"), (2.0, "none (2 rates solve)"), (None, "none (0 rates solve)")])
def test_a_cash_flow_of_no_or_several_rates_has_none(count, told):
    line = find("Internal", VALUED | {"irr_frac": None, "irr_count": count, "payback_years": None})
    assert line.startswith(f"Internal rate of return {told}; never pays back")


def test_what_relief_is_worth_and_what_drives_the_value_are_told_where_known():
    assert not any(line.startswith(("Worth", "Driven")) for line in read(VALUED))
    worth = {"worth_waiver_million_usd": 0.0, "worth_year_million_usd": 25.9}
    given = VALUED | worth | {"drivers": "price of the product +0.92; freight -0.26"}
    told = "Worth, in million USD: no delay and no dearer equipment for controls 0; a year of delay 25.9"
    assert read(given)[-2:] == [told, "Driven by: price of the product +0.92, freight -0.26"]


def test_each_political_state_tells_its_chance_its_value_and_what_it_costs():
    told = read(VALUED, [STATE, STATE | {"state": "lifted", "probability": 0.08}])
    assert told[-2:] == [
        "    if snap back (chance 0.22): 80 million USD; delay 12 months, capital cost 15 % more",
        "    if lifted (chance 0.08): 80 million USD; delay 12 months, capital cost 15 % more",
    ]


def test_the_cash_flow_stands_by_date_and_leaves_out_what_is_nil():
    first = dict.fromkeys(FLOW, 0.0) | {"capex": -30.0, "cash_flow": -30.0, "discount_factor": 1.0, "present_value": -30.0}
    told = read(VALUED, flows=[FLOW, first])
    assert told[-3].startswith("Cash flow of the base case, million USD")
    assert told[-2:] == [
        "    year 0: capex -30, cash flow -30; x 1 = -30",
        "    year 4: output 34,500 t, sales 77, feed -28.4, opex -17.2, working capital -11.5, cash flow 20; x 0.5 = 10",
    ]


def test_an_output_that_feed_bounds_says_so():
    short = FLOW | {"output_t": 22_500.0}
    assert "output 22,500 t of 34,500 t (feed in sight 90,000 t), sales" in read(VALUED, flows=[short])[-1]
    assert "in sight" not in read(VALUED, flows=[short | {"feed_in_sight_t": None}])[-1]


def test_a_date_without_a_payment_says_so():
    idle = dict.fromkeys(FLOW, 0.0) | {"years": 3.0, "discount_factor": 0.7}
    assert read(VALUED, flows=[idle])[-1] == "    year 3: no payment; x 0.7 = 0"


def test_lines_that_are_no_payment_are_left_to_the_table():
    assert not any(word in read(VALUED, flows=[FLOW])[-1] for word in ("depreciation", "taxable", "losses"))
