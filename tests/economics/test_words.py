import math

import pandas as pd
import pytest

from geokit.economics.bands import Band
from geokit.economics.words import missing_margin, missing_value, say_reasons

NAMES = {"pit": "Pit", "conc": "concentrate", "CNBBB": "Rival"}
ROW = {"opex": math.nan,
    "kind": "plant",
    "siting": "free",
    "partner_port_id": "JPAAA",
    "price_role": "direct",
    "usd_per_t": 1000.0,
    "domestic_usd_per_t": math.nan,
    "domestic_controlled": True,
    "outlet_unquoted": False,
    "power_low": math.nan,
    "power": math.nan,
    "power_high": math.nan,
    "freight": 50.0,
    "deposit_id": "pit",
    "feed_product_id": "conc",
    "feed_available": "free",
    "buyer_port_id": "CNBBB",
    "feed_t": 2.0,
    "ratio_note": "",
    "gate_usd_per_t": 60.0,
    "break_even_feed": 470.0,
    "domestic_margin": math.nan,
    "cost_note": "no operating cost of the plant was found",
    "plant_t_per_y": 5000.0,
}


def rows(**changes):
    return pd.DataFrame([{**ROW, **changes}])


def margin(low=-1234.0, mode=820.0, high=5678.0):
    return Band.of([low], [mode], [high])


UNKNOWN = margin(math.nan, math.nan, math.nan)
VALUES = pd.DataFrame({"npv_million_usd": [math.nan], "missing_inputs": ["operating cost"]})


def reason(found=None, values=VALUES, **changes):
    return say_reasons(rows(**changes), margin() if found is None else found, values, names=NAMES)[0]


def test_the_whole_sentence_of_a_plain_plant():
    assert reason() == (
        "Beats exporting only if conversion costs less than the margin, -1,234 to 5,678 USD per tonne of product, mode 820. "
        "Feed: concentrate drawn from Pit, priced against the buyer at Rival. "
        "No net present value: no operating cost of the plant was found."
    )


def test_a_best_margin_that_is_not_positive_is_a_loss():
    assert reason(margin(-9.0, -5.0, 0.0)).startswith("Loses against exporting before any conversion cost: margin -9 to 0 USD")


def test_a_toll_row_speaks_of_the_charge():
    told = reason(kind="toll")
    assert "only if tolling costs less than the margin" in told
    assert "costs at the host were not found" in told


def test_an_export_row_is_the_yardstick_and_needs_no_investment():
    told = reason(UNKNOWN, kind="export")
    assert told.startswith("The yardstick: the best buyer leaves 60 USD per tonne of feed at the mine gate.")
    assert "No margin" not in told
    assert "exporting needs no investment" in told


def test_an_export_row_without_a_quote_says_what_it_lacks():
    assert "unknown, for want of a quote or of a way to a buyer" in reason(UNKNOWN, kind="export", gate_usd_per_t=math.nan)


@pytest.mark.parametrize(
    ("holder", "words"),
    [("free", "Pit, priced"), ("contested", "Pit, whose feed is contested, priced"), ("", "Pit, whose holder is unknown, priced")],
)
def test_the_holder_of_the_supplier_is_named(holder, words):
    assert words in reason(feed_available=holder)


def test_without_a_supplier_no_feed_is_named():
    told = reason(UNKNOWN, deposit_id="", feed_product_id="", buyer_port_id="", feed_t=math.nan, break_even_feed=math.nan)
    assert "Feed:" not in told
    assert "no free or unclaimed feed lies within reach" in told


def test_without_a_feed_price_no_buyer_is_named_and_the_break_even_is():
    told = reason(UNKNOWN, gate_usd_per_t=math.nan)
    assert "priced against" not in told
    assert "can pay at most 470 USD per tonne of feed" in told


def test_a_premium_says_what_is_left_without_it():
    told = reason(domestic_usd_per_t=500.0, domestic_margin=320.0)
    assert "The price is 2.0 times the quote inside the rival market; a gap that controls opened closes with them" in told
    assert "at the inside quote the margin would be 320 USD/t" in told


def test_a_gap_that_no_control_explains_is_not_blamed_on_controls():
    told = reason(domestic_usd_per_t=500.0, domestic_margin=320.0, domestic_controlled=False)
    assert "controls opened" not in told
    assert "2.0 times the quote inside the rival market; no control of that market lists the commodity, so the two quotes are" in told
    assert "for different markets; at the inside quote the margin would be 320 USD/t." in told


def test_an_outlet_without_a_quote_is_named_and_the_yardstick_is_left_alone():
    assert "No quote for this outlet: the price is one of another market" in reason(outlet_unquoted=True)
    assert "No quote" not in reason()
    assert "No quote" not in reason(UNKNOWN, kind="export", outlet_unquoted=True)


def test_power_is_told_as_a_known_part_of_the_cost():
    told = reason(power_low=294.0, power=329.0, power_high=441.0)
    assert "mode 820. Power alone takes about 329 USD per tonne of product (294 to 441). Feed:" in told


def test_a_margin_below_the_cheapest_power_loses():
    told = reason(margin(-9.0, 100.0, 294.0), power_low=294.0, power=329.0, power_high=441.0)
    assert told.startswith("Loses against exporting: the margin, -9 to 294 USD per tonne of product, mode 100, does not pay for power.")


@pytest.mark.parametrize("inside", [1000.0, 1500.0, math.nan])
def test_without_a_premium_nothing_is_said_of_it(inside):
    assert "inside the rival market" not in reason(domestic_usd_per_t=inside)


def test_a_proxy_price_is_owned_up_to():
    told = reason(price_role="proxy", cost_note="")
    assert "Its price is that of a near grade" in told
    assert "No net present value: the price is that of a near grade, and the cost that of the product." in told


def test_a_valued_plant_has_no_blank_to_explain():
    assert "No net present value" not in reason(values=VALUES.assign(npv_million_usd=12.0, missing_inputs=""))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"partner_port_id": ""}, "the layers name no port of this partner"),
        ({"price_role": "component", "usd_per_t": math.nan}, "only one component of the mixed product is quoted"),
        ({"usd_per_t": math.nan}, "no price of the product was found"),
        ({"freight": math.nan}, "no open way from here"),
        ({"siting": "at_ore", "gate_usd_per_t": math.nan}, "the cost of mining was not found"),
        ({"feed_product_id": ""}, "no free or unclaimed feed"),
        ({"feed_t": math.nan, "ratio_note": "the content of the feed was not found"}, "unknown (the content of the feed was not found)"),
        ({"gate_usd_per_t": math.nan}, "no price of the feed was found"),
        ({}, "a part of it is unknown"),
    ],
)
def test_the_first_missing_part_of_a_margin_is_named(changes, words):
    told = missing_margin(rows(**changes), UNKNOWN).iloc[0]
    assert told.startswith("No margin: ")
    assert words in told


def test_a_known_margin_lacks_nothing():
    assert missing_margin(rows(), margin()).iloc[0] == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "export"}, "exporting needs no investment"),
        ({"kind": "toll"}, "costs at the host were not found"),
        ({"kind": "abroad"}, "costs at the host were not found"),
        ({}, "no operating cost of the plant was found"),
        ({"cost_note": "", "plant_t_per_y": math.nan}, "the size of a plant was not found"),
        ({"cost_note": "", "price_role": "proxy"}, "the price is that of a near grade, and the cost that of the product"),
        ({"cost_note": ""}, "its margin is unknown"),
    ],
)
def test_the_first_missing_part_of_a_value_is_named(changes, words):
    assert missing_value(rows(**changes), VALUES).iloc[0] == words


def test_an_operating_cost_above_the_margin_is_told():
    assert "The sourced operating cost, 3,149 USD per tonne of product, eats the margin: no capital can be carried." in reason(opex=3149.0)
    assert "eats the margin" not in reason(opex=100.0)
