"""Laws of margin and value, each as what must happen when one figure moves (model rules M5, M7, M13, M14)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.economics.bands import Band
from geokit.economics.basecase import lay_valuation
from geokit.economics.margin import break_even_feed, conversion_margin, freight_share
from geokit.economics.valuation import value_alternatives

FIGURES = {
    "usd_per_t": (900.0, 1000.0, 1300.0),
    "freight": (40.0, 50.0, 70.0),
    "feed_quote_usd_per_t": (90.0, 100.0, 150.0),
    "feed_paid_frac": (0.95, 1.0, 1.0),
    "feed_frac": (0.45, 0.5, 0.55),
    "out": (30.0, 40.0, 60.0),
    "in": (3.0, 5.0, 9.0),
    "need": (0.9, 1.0, 1.4),
    "feed_t": (1.6, 2.0, 3.1),
    "capex": (900.0, 1000.0, 1500.0),
    "opex": (80.0, 100.0, 150.0),
    "power": (30.0, 40.0, 60.0),
}
WORDS = {
    "kind": "plant", "partner": "p", "alternative": "a", "price_role": "direct", "price_id": "a", "feed_price_id": "b",
    "feed_on_content": False, "ratio_stated": False,
}  # fmt: skip


def row(**factors):
    """One row whose named figures are multiplied by a factor."""
    ends = {
        f"{name}{end}": value * factors.get(name, 1.0)
        for name, figures in FIGURES.items()
        for end, value in zip(("_low", "", "_high"), figures, strict=True)
    }
    return pd.DataFrame([{**WORDS, **ends, "plant_t_per_y": 10_000.0}])


def ends(band):
    return np.array([band.low[0], band.mode[0], band.high[0]])


INPUTS = {
    "output_t_per_y": 9_200.0, "royalty_frac_low": 0.0, "royalty_frac": 0.0, "royalty_frac_high": 0.0, "income_tax_frac_low": 0.3,
    "income_tax_frac": 0.3, "income_tax_frac_high": 0.3, "turnover_tax_frac_low": 0.01, "turnover_tax_frac": 0.01,
    "turnover_tax_frac_high": 0.01, "turnover_tax_final": 0.0, "holiday_years": 0.0, "holiday_ends_years": 0.0, "price_ratio": 1.0,
    "feed_ratio": 1.0, "price_log_vol": np.nan, "feed_log_vol": np.nan, "kwh_per_t": 100.0,
}  # fmt: skip


def valued(assumptions, table):
    rate = Band.spread(assumptions.finance.discount_rate_frac).columns("rate_frac")
    lacks = table["opex"].isna().map({True: "opex", False: ""})
    inputs = pd.DataFrame(INPUTS | rate, index=table.index).assign(missing_inputs=lacks)
    cases = lay_valuation(table, inputs, finance=assumptions.replace(finance__draws=50).finance)
    return value_alternatives(cases, conversion_margin(table), finance=assumptions.replace(finance__draws=50).finance, seed=1)


def worth(assumptions, **factors):
    found = valued(assumptions, row(**factors)).iloc[0]
    return found[["npv_million_usd_low", "npv_million_usd", "npv_million_usd_high"]].to_numpy(dtype=float)


@pytest.mark.parametrize("dearer", ["freight", "feed_quote_usd_per_t", "in", "need"])
def test_what_a_plant_pays_for_never_raises_its_margin(dearer):
    more = row(**{dearer: 1.1}, **({"feed_t": 1.1} if dearer == "need" else {}))
    assert (ends(conversion_margin(more)) < ends(conversion_margin(row()))).all()


@pytest.mark.parametrize("kinder", ["usd_per_t", "out"])
def test_what_helps_a_plant_never_lowers_its_margin(kinder):
    assert (ends(conversion_margin(row(**{kinder: 1.1}))) > ends(conversion_margin(row()))).all()


def test_freight_to_the_partner_comes_off_dollar_for_dollar():
    change = ends(conversion_margin(row(freight=2.0))) - ends(conversion_margin(row()))
    assert list(change) == pytest.approx([-70.0, -50.0, -40.0])


def test_a_rival_far_away_gives_the_ore_away_and_no_more():
    far, farther = (ends(conversion_margin(row(out=factor))) for factor in (100.0, 200.0))
    assert list(far) == list(farther)


@pytest.mark.parametrize("dearer", ["freight", "feed_quote_usd_per_t", "in", "capex", "opex"])
def test_raising_a_cost_or_the_rival_bid_never_raises_a_value(assumptions, dearer):
    assert (worth(assumptions, **{dearer: 1.1}) < worth(assumptions)).all()


def test_a_dearer_discount_rate_lowers_the_value_of_a_plant_that_earns(assumptions):
    steep = assumptions.replace(discount_rate_frac={"low": 0.2, "mode": 0.25, "high": 0.3})
    assert (worth(steep) < worth(assumptions)).all()


def test_a_longer_wait_for_the_first_tonne_lowers_the_value(assumptions):
    assert (worth(assumptions.replace(construction_years=6)) < worth(assumptions)).all()


def test_a_longer_life_raises_the_value_of_a_plant_that_earns(assumptions):
    assert (worth(assumptions.replace(life_years=30)) > worth(assumptions)).all()


def test_dearer_power_never_turns_a_loser_into_a_winner(assumptions):
    def verdict(factor):
        table = row(power=factor, opex=np.nan)
        return valued(assumptions, table)["beats_baseline"].iloc[0]

    assert [verdict(factor) for factor in (0.0, 1.0, 10.0, 100.0)] == ["unknown", "unknown", "unknown", "no"]


def test_the_order_of_price_states_is_the_order_of_margins():
    """Premium at lifted <= suspended <= in force <= tightened gives margins in the same order."""
    found = [float(conversion_margin(row(usd_per_t=premium)).mode[0]) for premium in (1.0, 1.2, 1.8, 2.2)]
    assert found == sorted(found)
    assert len(set(found)) == 4


def test_doubling_every_price_and_freight_doubles_the_margin():
    both = row(usd_per_t=2.0, freight=2.0, feed_quote_usd_per_t=2.0, out=2.0, **{"in": 2.0})
    assert list(ends(conversion_margin(both))) == pytest.approx(list(2 * ends(conversion_margin(row()))))


def test_nothing_to_carry_costs_nothing():
    free = row(freight=0.0, **{"in": 0.0})
    assert list(ends(freight_share(free))) == [0.0, 0.0, 0.0]


def test_paying_the_break_even_price_leaves_nothing():
    table = row()
    price = float(break_even_feed(table)[0])
    paid = table.assign(feed_quote_usd_per_t=price + table["out"])
    assert float(conversion_margin(paid).mode[0]) == pytest.approx(0.0, abs=1e-9)


def test_an_unknown_figure_never_turns_into_a_known_margin():
    for name in ("usd_per_t", "freight", "feed_quote_usd_per_t", "out", "in"):
        assert np.isnan(ends(conversion_margin(row(**{name: np.nan})))).all(), name


def test_a_band_of_one_row_is_not_the_business_of_another():
    table = pd.concat([row(), row(usd_per_t=np.nan)], ignore_index=True)
    found = conversion_margin(table)
    assert isinstance(found, Band)
    assert not np.isnan(found.mode[0])
    assert np.isnan(found.mode[1])
