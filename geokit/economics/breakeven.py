"""At which cost, feed price or delay nothing is left, and what relief is worth: the loop over the base case run again (model rule M14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Finance
from geokit.core.codes import Kind
from geokit.economics.bands import Floats
from geokit.economics.basecase import BaseCases, lay_state
from geokit.economics.cashflow import lay_cases, value_cases
from geokit.economics.states import Places

HALVINGS = 50
"""Steps to a break-even: they leave 1e-15 of the range."""
LONGEST_MONTHS = 600.0
"""Longest delay that is looked at, months."""
FREIGHT_USD_PER_T, POWER_USD_PER_KWH, YEARS = 10.0, 0.01, 1.0
"""Relief that is weighed."""
Change = Callable[[pd.DataFrame, pd.Series], Mapping[str, pd.Series | float]]
"""What a figure is in the columns of the base case, given the rows and the figure."""


def _change_capex(rows: pd.DataFrame, figure: pd.Series) -> dict[str, pd.Series | float]:
    """Set the capital cost per annual tonne."""
    return {"capex_million_usd": figure * rows["plant_t_per_y"] / 1e6}


def _change_opex(rows: pd.DataFrame, figure: pd.Series) -> dict[str, pd.Series | float]:
    """Set the operating cost per tonne of product."""
    return {"other_usd_per_t": rows["freight"] + rows["feed_t"] * rows["in"] + figure}


def _change_gate(rows: pd.DataFrame, figure: pd.Series) -> dict[str, pd.Series | float]:
    """Set the price of a tonne of feed at the mine gate."""
    return {"feed_value_usd_per_t": 0.0, "feed_saved_usd_per_t": 0.0, "feed_floor_usd_per_t": figure * rows["feed_t"]}


def _change_delay(_: pd.DataFrame, figure: pd.Series) -> dict[str, pd.Series | float]:
    """Set the delay in months."""
    return {"delay_years": figure / 12.0}


def break_even(cases: BaseCases) -> pd.DataFrame:
    """Return where the value of each plant is nil, one figure moved and all others as in the base case.

    Parameters
    ----------
    cases : BaseCases
        From :func:`geokit.economics.basecase.lay_valuation`; the figure that is looked for need not be known.

    Returns
    -------
    pandas.DataFrame
        ``break_even_capex_usd_per_tpa`` (with the premium of the controls in it), ``break_even_opex_usd_per_t``,
        ``break_even_gate_usd_per_t`` (price of the feed at the mine gate) and ``break_even_delay_months`` (in all). NaN where another
        figure is missing, where the value is below nil even at nil, or above it however large the figure is.
    """
    rows, sales = cases.table, cases.base["usd_per_t"]
    years = cases.plan.output_frac.size
    ends: dict[str, tuple[pd.Series, Change]] = {
        "break_even_capex_usd_per_tpa": (sales * years, _change_capex),
        "break_even_opex_usd_per_t": (sales, _change_opex),
        "break_even_gate_usd_per_t": (sales / rows["feed_t"], _change_gate),
        "break_even_delay_months": (sales * 0.0 + LONGEST_MONTHS, _change_delay),
    }
    return pd.DataFrame({name: _solve(cases, most, change) for name, (most, change) in ends.items()}, index=rows.index)


def weigh_relief(cases: BaseCases, *, finance: Finance) -> pd.DataFrame:
    """Return what each relief adds to the value of each valued row: a waiver over the political states, the others in the base case.

    Parameters
    ----------
    cases : BaseCases
        From :func:`geokit.economics.basecase.lay_valuation`.
    finance : Finance
        Model of prices.

    Returns
    -------
    pandas.DataFrame
        Million USD: ``worth_waiver_million_usd`` (neither delay nor dearer equipment by controls instead of their means in each state,
        weighed with its probability), ``worth_year_million_usd`` (what a year of delay more takes away),
        ``worth_freight_million_usd`` (10 USD less a tonne of product) and ``worth_power_million_usd`` (one cent less a kWh; NaN where no
        source states the use of energy).
    """
    rows, base = cases.table, cases.base[cases.is_valued].reindex(cases.base.index)
    other = base["other_usd_per_t"]
    reliefs: dict[str, dict[str, pd.Series | float]] = {
        "year": {"delay_years": base["delay_years"] + YEARS},
        "freight": {"other_usd_per_t": other - FREIGHT_USD_PER_T},
        "power": {"other_usd_per_t": other - POWER_USD_PER_KWH * rows["kwh_per_t"]},
    }
    nothing = value_cases(lay_cases(base), cases.plan)
    signs = {name: -1.0 if name == "year" else 1.0 for name in reliefs}
    found = {
        f"worth_{name}_million_usd": signs[name] * (value_cases(lay_cases(base.assign(**change)), cases.plan) - nothing)
        for name, change in reliefs.items()
    }
    return pd.DataFrame({"worth_waiver_million_usd": _waive(cases, finance)} | found, index=rows.index)


def _waive(cases: BaseCases, finance: Finance) -> pd.Series:
    """Return what it is worth that the controls neither delay a plant nor make it dearer, over the political states."""
    rows = cases.table[cases.is_valued]
    worth = np.zeros(len(rows))
    for place, probability in enumerate(cases.states.probability):
        held = lay_state(rows, place, states=cases.states, factors=cases.factors, finance=finance, middle=np.mean)
        free = held.assign(delay_years=0.0, capex_million_usd=rows["capex_million_usd"])
        gain = value_cases(lay_cases(free), cases.plan) - value_cases(lay_cases(held), cases.plan)
        worth += probability * gain if probability > 0.0 else 0.0
    return pd.Series(worth, index=rows.index).reindex(cases.table.index)


def _solve(cases: BaseCases, most: pd.Series, change: Change) -> Floats:
    """Return the figure between nil and the most at which nothing is left, by halving; the value never rises with it."""

    def _worth(places: Places, figure: Floats) -> Floats:
        """Return the value of some rows at a figure each."""
        rows, given = cases.table.iloc[places], pd.Series(figure, index=cases.table.index[places])
        return value_cases(lay_cases(cases.base.iloc[places].assign(**change(rows, given))), cases.plan)

    found, ends = np.full(len(most), np.nan), most.to_numpy(dtype=float)
    asked = np.flatnonzero(((cases.table["kind"] == Kind.PLANT) & most.notna()).to_numpy())
    if not asked.size:
        return found
    open_ = asked[(_worth(asked, np.zeros(asked.size)) > 0.0) & (_worth(asked, ends[asked]) < 0.0)]
    low, high = np.zeros(open_.size), ends[open_]
    for _ in range(HALVINGS if open_.size else 0):
        middle = 0.5 * (low + high)
        gains = _worth(open_, middle) > 0.0
        low, high = np.where(gains, middle, low), np.where(gains, high, middle)
    found[open_] = 0.5 * (low + high)
    return found
