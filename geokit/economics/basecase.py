"""The base case of each alternative: every figure at its mode, in one political state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geokit.core.assumptions import Finance
from geokit.core.codes import Kind
from geokit.economics.bands import Band, Floats
from geokit.economics.cashflow import CASE, Plan
from geokit.economics.states import States, price_factors

UNKNOWN = "delay and price of equipment under the controls"
"""What is missing where the room of dependency has no figure."""


@dataclass(frozen=True)
class BaseCases:
    """What the values are computed from.

    Attributes
    ----------
    table : pandas.DataFrame
        Rows with their inputs, from :func:`join_inputs`.
    base : pandas.DataFrame
        Their base cases, columns of :data:`geokit.economics.cashflow.CASE`.
    plan : Plan
        What the cases share.
    states : States
        Political states.
    factors : mapping of str to numpy.ndarray
        What each state makes of each price.
    """

    table: pd.DataFrame
    base: pd.DataFrame
    plan: Plan
    states: States
    factors: Mapping[str, Floats]

    @property
    def is_valued(self) -> pd.Series:
        """Return which rows are plants that lack nothing."""
        return (self.table["kind"] == Kind.PLANT) & (self.table["missing_inputs"] == "") & self.table["feed_t"].notna()


def lay_valuation(
    rows: pd.DataFrame, inputs: pd.DataFrame, *, finance: Finance, states: States | None = None, price_states: pd.DataFrame | None = None
) -> BaseCases:
    """Return the base case of each row: every figure at its mode, in the likeliest political state with its median delay.

    Parameters
    ----------
    rows : pandas.DataFrame
        From :func:`geokit.economics.rows.lay_rows`.
    inputs : pandas.DataFrame
        From :func:`geokit.economics.plant.plant_inputs`.
    finance : Finance
        Years, working capital, closure, model of prices.
    states : States, optional
        Political states; no delay and no dearer equipment when not given.
    price_states : pandas.DataFrame, optional
        The layer of that name; prices are the same in every state when not given.

    Returns
    -------
    BaseCases
        Frames on the index of ``rows``.
    """
    states = states or States()
    factors = {} if price_states is None else price_factors(price_states, states.controls)
    table = join_inputs(rows, inputs)
    base = lay_state(table, states.likeliest, states=states, factors=factors, finance=finance)
    blind = base["delay_years"].isna() | (base["capex_million_usd"].isna() & table["capex_million_usd"].notna())
    lacks = (table["missing_inputs"] + "; " + UNKNOWN).str.removeprefix("; ")
    table = table.assign(missing_inputs=table["missing_inputs"].mask(blind & (table["kind"] == Kind.PLANT), lacks))
    return BaseCases(table, base, Plan.of(finance), states, factors)


def join_inputs(rows: pd.DataFrame, inputs: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with their inputs, the capital cost in million USD, and the families of their prices."""
    table = rows.join(inputs)
    size = Band.exact(table["plant_t_per_y"] / 1e6)
    table = table.assign(**(Band.read(table, "capex") * size).columns("capex_million_usd"))
    families = {name: table[quote] for name, quote in (("price_family", "price_id"), ("feed_price_family", "feed_price_id"))}
    given = families | {"feed_floor": pd.Series(0.0, index=table.index)}
    return table.assign(**{name: column for name, column in given.items() if name not in table})


def lay_state(
    table: pd.DataFrame,
    place: int,
    *,
    states: States,
    factors: Mapping[str, Floats],
    finance: Finance,
    middle: Callable[..., Floats] = np.median,
) -> pd.DataFrame:
    """Return the base cases of some rows in one political state.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`join_inputs`.
    place : int
        Place of the state.
    states : States
        Political states.
    factors : mapping of str to numpy.ndarray
        What each state makes of each price.
    finance : Finance
        Model of prices.
    middle : callable
        What stands for the draws of delay and capital cost: their median, or numpy's mean.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`geokit.economics.cashflow.CASE`; NaN where a figure is missing. An unknown royalty is left out.
    """
    delay, dearer = (middle(figures[:, place], axis=1)[states.find(table)] for figures in states.pad())
    price, feed_price = (
        table[name].map({key: ends[place, 1] for key, ends in factors.items()}).astype(float).fillna(1.0)
        for name in ("price_id", "feed_price_id")
    )
    unit = table["feed_quote_usd_per_t"] * feed_price * table["feed_paid_frac"]
    reverts = finance.price_model == "mean_reversion"
    return pd.DataFrame(
        {
            "output_t_per_y": table["output_t_per_y"],
            "usd_per_t": table["usd_per_t"] * price,
            "feed_value_usd_per_t": table["feed_t"] * unit * table["feed_frac"].where(table["feed_on_content"].astype(bool), 1.0),
            "feed_saved_usd_per_t": table["feed_t"] * table["out"],
            "feed_floor_usd_per_t": table["feed_t"] * table["feed_floor"],
            "other_usd_per_t": table["freight"] + table["feed_t"] * table["in"] + table["opex"],
            "capex_million_usd": table["capex_million_usd"] * dearer,
            "delay_years": delay / 12.0,
            "royalty_frac": table["royalty_frac"].fillna(0.0),
            "income_tax_frac": table["income_tax_frac"].where(table["turnover_tax_final"] == 0.0, 0.0),
            **{name: table[name] for name in ("rate_frac", "turnover_tax_frac", "holiday_years")},
            **{name: table[name] for name in ("holiday_ends_years", "price_ratio", "feed_ratio")},
            "reversion_per_year": np.log(2.0) / finance.half_life_years if reverts else 0.0,
        },
        index=table.index,
    )[list(CASE)]
