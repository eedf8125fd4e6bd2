import math

import pandas as pd
import pytest

from geokit.economics import estimate
from geokit.economics.margin import break_even_cost, break_even_feed, break_even_price, conversion_margin, freight_share


def row(**changes):
    cells = {"price_id": "metal", "feed_price_id": "conc", "feed_on_content": False, "ratio_stated": False, "need": 1.0, "feed_t": 2.0}
    figures = {
        "usd_per_t": 1000.0,
        "freight": 50.0,
        "feed_quote_usd_per_t": 100.0,
        "feed_paid_frac": 1.0,
        "feed_frac": 0.5,
        "out": 40.0,
        "in": 5.0,
        "need": 1.0,
        "feed_t": 2.0,
    }
    for name, value in figures.items():
        ends = changes.pop(name, value)
        low, mode, high = ends if isinstance(ends, tuple) else (ends, ends, ends)
        cells |= {f"{name}_low": low, name: mode, f"{name}_high": high}
    return pd.DataFrame([{**cells, **changes}])


def ends(frame):
    band = conversion_margin(frame)
    return tuple(float(end[0]) for end in (band.low, band.mode, band.high))


def test_the_margin_of_round_figures():
    assert ends(row()) == (820.0, 820.0, 820.0)


def test_every_end_against_the_plant_and_every_end_for_it():
    low, mode, high = ends(row(usd_per_t=(900.0, 1000.0, 1200.0), freight=(40.0, 50.0, 60.0), out=(30.0, 40.0, 50.0)))
    assert low == 900.0 - 60.0 - 2 * (100.0 - 30.0 + 5.0)
    assert mode == 820.0
    assert high == 1200.0 - 40.0 - 2 * (100.0 - 50.0 + 5.0)


def test_one_quote_under_metal_and_concentrate_moves_both_together():
    together = row(
        usd_per_t=(100.0, 1000.0, 2000.0), feed_quote_usd_per_t=(90.0, 900.0, 1800.0), feed_on_content=True, feed_price_id="metal", out=0.0
    )
    low, mode, high = ends(together)
    assert mode == pytest.approx(1000.0 - 50.0 - 2 * (450.0 + 5.0))
    assert low == pytest.approx(100.0 - 50.0 - 2 * (45.0 + 5.0))
    assert high == pytest.approx(2000.0 - 50.0 - 2 * (900.0 + 5.0))


def test_the_content_of_the_feed_is_the_same_in_price_and_quantity():
    frame = row(feed_quote_usd_per_t=200.0, feed_on_content=True, feed_frac=(0.4, 0.5, 0.6), feed_t=(1 / 0.6, 2.0, 2.5), out=0.0)
    cost = [200.0 * 1.0 + 5.0 / frac for frac in (0.4, 0.6)]
    assert ends(frame)[0] == pytest.approx(950.0 - max(cost))
    assert ends(frame)[2] == pytest.approx(950.0 - min(cost))


def test_a_stated_ratio_does_not_stretch_with_the_content():
    assert ends(row(ratio_stated=True, feed_frac=(0.1, 0.5, 0.9))) == (820.0, 820.0, 820.0)


def test_feed_without_an_export_value_costs_its_freight_only():
    assert ends(row(out=300.0))[1] == 1000.0 - 50.0 - 2 * 5.0


def test_an_unknown_part_leaves_the_margin_unknown():
    assert all(pd.isna(end) for end in ends(row(freight=float("nan"))))


def test_at_the_break_even_feed_price_nothing_is_left():
    price = float(break_even_feed(row())[0])
    assert price == 470.0
    assert 1000.0 - 50.0 - 2 * (price + 5.0) == 0.0


def test_freight_share_of_round_figures():
    assert float(freight_share(row()).mode[0]) == pytest.approx(0.06)


LEAST = {"usd_per_t": math.nan, "freight": 50.0, "feed_t": 2.0, "gate_usd_per_t": 60.0, "in": 5.0, "power": 30.0, "opex": 100.0}


@pytest.mark.parametrize(
    ("changes", "least"),
    [
        ({}, 50.0 + 2.0 * 65.0 + 100.0),
        ({"opex": math.nan}, 50.0 + 130.0 + 30.0),
        ({"opex": math.nan, "power": math.nan}, 180.0),
        ({"gate_usd_per_t": math.nan}, 150.0),
        ({"feed_t": math.nan, "opex": math.nan, "power": math.nan}, 50.0),
        ({"freight": math.nan}, math.nan),
        ({"usd_per_t": 1000.0}, math.nan),
    ],
)
def test_a_product_without_a_price_must_pay_for_what_is_known(changes, least):
    """Power is a part of the operating cost, so it counts only where that is unknown; what is unknown counts as nought."""
    assert break_even_price(pd.DataFrame([LEAST | changes]))[0] == pytest.approx(least, nan_ok=True)


def test_all_costs_together_may_come_to_the_price_less_freight():
    rows = pd.DataFrame({"usd_per_t": [1000.0, math.nan, 1000.0], "freight": [50.0, 50.0, math.nan]})
    assert break_even_cost(rows).tolist() == pytest.approx([950.0, math.nan, math.nan], nan_ok=True)


def test_every_plant_with_a_way_to_its_buyer_has_a_break_even(layers, alternatives, real_hauls, assumptions):
    """Incomplete as its chain may be: what it may cost where its product is priced, what it must fetch where it is not."""
    table = estimate(layers, alternatives, real_hauls, assumptions=assumptions).table
    plants = table[(table["missing_inputs"] != "") & table["product_freight_usd_per_t"].notna()]
    told = plants[["break_even_cost_usd_per_t", "break_even_price_usd_per_t"]].notna()
    assert len(plants) > 1000
    assert (told.sum(axis=1) == 1).all()
    assert (plants.loc[told["break_even_price_usd_per_t"], "product_usd_per_t"].isna()).all()
