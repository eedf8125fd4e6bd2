"""At which cost, feed price or delay nothing is left, and what relief is worth: the loop over the base case run again (model rule M14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Finance
from geokit.core.codes import Kind
from geokit.economics.bands import Floats
from geokit.economics.basecase import BaseCases, lay_state
from geokit.economics.cashflow import CASE, lay_cases, value_cases
from geokit.economics.states import Places

HALVINGS = 50
"""Steps to a break-even: they leave 1e-15 of the range."""
LONGEST_MONTHS = 600.0
"""Longest delay that is looked at, months."""
FREIGHT_USD_PER_T, POWER_USD_PER_KWH, YEARS = 10.0, 0.01, 1.0
"""Relief that is weighed."""
Change = Callable[[pd.DataFrame, Floats], Mapping[str, Floats | float]]
"""What a figure is in the columns of the base case, given the rows and the figure."""


def _change_capex(rows: pd.DataFrame, figure: Floats) -> dict[str, Floats | float]:
    """Set the capital cost per annual tonne."""
    return {"capex_million_usd": figure * rows["plant_t_per_y"].to_numpy() / 1e6}


def _change_opex(rows: pd.DataFrame, figure: Floats) -> dict[str, Floats | float]:
    """Set the operating cost per tonne of product."""
    return {"other_usd_per_t": (rows["freight"] + rows["feed_t"] * rows["in"]).to_numpy() + figure}


def _change_gate(rows: pd.DataFrame, figure: Floats) -> dict[str, Floats | float]:
    """Set the price of a tonne of feed at the mine gate."""
    return {"feed_value_usd_per_t": 0.0, "feed_saved_usd_per_t": 0.0, "feed_floor_usd_per_t": figure * rows["feed_t"].to_numpy()}


def _change_delay(_: pd.DataFrame, figure: Floats) -> dict[str, Floats | float]:
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
        With the feed in sight ``break_even_capex_usd_per_tpa`` (with the premium of the controls in it),
        ``break_even_opex_usd_per_t``, ``break_even_gate_usd_per_t`` (price of the feed at the mine gate) and ``break_even_delay_months``
        (in all); of a plant that gets all the feed that it can eat ``break_even_opex_fed_usd_per_t`` and
        ``break_even_capex_fed_usd_per_tpa``; and ``break_even_supply_t_per_y``, the feed that it must get each year. NaN where another
        figure is missing, where the value is below nil even at the kindest figure, or above it at the harshest.
    """
    rows, sales = cases.table, cases.base["usd_per_t"]
    years = cases.plan.output_frac.size
    ends: dict[str, tuple[pd.Series, Change, bool]] = {
        "break_even_capex_usd_per_tpa": (sales * years, _change_capex, False),
        "break_even_opex_usd_per_t": (sales, _change_opex, False),
        "break_even_gate_usd_per_t": (sales / rows["feed_t"], _change_gate, False),
        "break_even_delay_months": (sales * 0.0 + LONGEST_MONTHS, _change_delay, False),
        "break_even_capex_fed_usd_per_tpa": (sales * years, _change_capex, True),
        "break_even_opex_fed_usd_per_t": (sales, _change_opex, True),
    }
    found = {name: _solve(cases, most, change, fed=fed) for name, (most, change, fed) in ends.items()}
    return pd.DataFrame(found | {"break_even_supply_t_per_y": _solve_supply(cases)}, index=rows.index)


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
    nothing = cases.worth(rows, base)
    signs = {name: -1.0 if name == "year" else 1.0 for name in reliefs}
    found = {
        f"worth_{name}_million_usd": signs[name] * (cases.worth(rows, base.assign(**change)) - nothing)
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
        gain = cases.worth(rows, free) - cases.worth(rows, held)
        worth += probability * gain if probability > 0.0 else 0.0
    return pd.Series(worth, index=rows.index).reindex(cases.table.index)


def _solve(cases: BaseCases, most: pd.Series, change: Change, *, fed: bool) -> Floats:
    """Return the figure between nil and the most at which nothing is left; the value never rises with it."""
    matrix = lay_cases(cases.base)

    def _worth(places: Places, figure: Floats) -> Floats:
        """Return the value of some rows at a figure each."""
        rows, given = cases.table.iloc[places], matrix[places]
        for name, column in change(rows, figure).items():
            given[:, CASE.index(name)] = column
        return cases.worth(rows, given, fed=fed)

    asked = np.flatnonzero(((cases.table["kind"] == Kind.PLANT) & most.notna()).to_numpy())
    return _halve(_worth, asked, most.to_numpy(dtype=float))


def _solve_supply(cases: BaseCases) -> Floats:
    """Return the feed of each year at which nothing is left, t/y; the value never falls with it where a tonne earns."""
    matrix, need = lay_cases(cases.base), cases.table["feed_t"].to_numpy(dtype=float)
    most = matrix[:, CASE.index("output_t_per_y")] * need

    def _worth(places: Places, figure: Floats) -> Floats:
        """Return the value of some rows that get so much less than all the feed that they can eat."""
        sight = (most[places] - figure) / need[places]
        return value_cases(matrix[places], cases.plan, sight[:, np.newaxis])

    asked = np.flatnonzero(((cases.table["kind"] == Kind.PLANT) & ~np.isnan(most)).to_numpy())
    return np.asarray(most - _halve(_worth, asked, most))


def _halve(worth: Callable[[Places, Floats], Floats], asked: Places, ends: Floats) -> Floats:
    """Return the figure between nil and its end at which a falling value is nil, for each row that is asked; NaN where there is none."""
    found = np.full(len(ends), np.nan)
    if not asked.size:
        return found
    open_ = asked[(worth(asked, np.zeros(asked.size)) > 0.0) & (worth(asked, ends[asked]) < 0.0)]
    low, high = np.zeros(open_.size), ends[open_]
    for _ in range(HALVINGS if open_.size else 0):
        middle = 0.5 * (low + high)
        gains = worth(open_, middle) > 0.0
        low, high = np.where(gains, middle, low), np.where(gains, high, middle)
    found[open_] = 0.5 * (low + high)
    return found
