"""The base case of each alternative: every figure at its mode, in one political state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geokit.core.assumptions import Finance
from geokit.core.codes import Kind
from geokit.economics.bands import Band, Floats
from geokit.economics.cashflow import CASE, Plan, lay_cases, value_cases
from geokit.economics.sight import Sight
from geokit.economics.states import States, price_factors

UNKNOWN = "delay and price of equipment under the controls"
"""What is missing where the room of dependency has no figure."""
UNSEEN = "feed by year"
"""What is missing where free feed has no rate: the bounds of a value then run from no feed to as much as the plant can eat."""


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
    sight : Sight
        Feed in sight; column ``sight_place`` of the table says which place of it is whose.
    """

    table: pd.DataFrame
    base: pd.DataFrame
    plan: Plan
    states: States
    factors: Mapping[str, Floats]
    sight: Sight = field(default_factory=Sight)

    @property
    def is_valued(self) -> pd.Series:
        """Return which rows are plants that lack nothing."""
        return self.is_bounded & (self.table["missing_inputs"] == "")

    @property
    def is_bounded(self) -> pd.Series:
        """Return which rows are plants that lack nothing but, perhaps, the feed of each year."""
        lacks = self.table["missing_inputs"].isin(["", UNSEEN])
        return (self.table["kind"] == Kind.PLANT) & lacks & self.table["feed_t"].notna()

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Return the least and the most product that the feed of each row could make, t/y, shape (rows, years)."""
        places, need = self.table["sight_place"].to_numpy(), Band.read(self.table, "feed_t")
        return self.sight.feed.low[places] / need.high[:, np.newaxis], self.sight.most[places] / need.low[:, np.newaxis]

    def see(self, rows: pd.DataFrame) -> Floats:
        """Return the product that the feed in sight of some rows of the table makes in the base case, t/y, shape (rows, years)."""
        places, need = rows["sight_place"].to_numpy(), rows["feed_t"].to_numpy(dtype=float)
        return np.asarray(self.sight.feed.mode[places] / need[:, np.newaxis])

    def worth(self, rows: pd.DataFrame, base: pd.DataFrame | Floats, *, fed: bool = False) -> Floats:
        """Return the value of some rows of the table.

        Parameters
        ----------
        rows : pandas.DataFrame
            Rows of the table.
        base : pandas.DataFrame or numpy.ndarray
            Their cases.
        fed : bool
            Whether they get all the feed that they can eat, instead of what is in sight.

        Returns
        -------
        numpy.ndarray
            Million USD.
        """
        matrix = lay_cases(base) if isinstance(base, pd.DataFrame) else base
        return value_cases(matrix, self.plan, None if fed else self.see(rows))


def lay_valuation(
    rows: pd.DataFrame,
    inputs: pd.DataFrame,
    *,
    finance: Finance,
    states: States | None = None,
    price_states: pd.DataFrame | None = None,
    sight: Sight | None = None,
    decided: float | None = None,
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
    sight : Sight, optional
        Feed in sight; no bound when not given.
    decided : float, optional
        Day of the decision, as a year with its fraction; the beginning of the price year when not given.

    Returns
    -------
    BaseCases
        Frames on the index of ``rows``.
    """
    states, sight = states or States(), sight or Sight()
    factors = {} if price_states is None else price_factors(price_states, states.controls)
    table = join_inputs(rows, inputs)
    table = table.assign(sight_place=sight.find(table))
    base = lay_state(table, states.likeliest, states=states, factors=factors, finance=finance)
    blind = base["delay_years"].isna() | (base["capex_million_usd"].isna() & table["capex_million_usd"].notna())
    unseen = np.isnan(sight.feed.mode[table["sight_place"].to_numpy()]).all(axis=1)
    for lacks, name in ((unseen, UNSEEN), (blind, UNKNOWN)):
        both = (table["missing_inputs"] + "; " + name).str.removeprefix("; ")
        table = table.assign(missing_inputs=table["missing_inputs"].mask(lacks & (table["kind"] == Kind.PLANT), both))
    first = finance.price_year if decided is None else decided
    return BaseCases(table, base, Plan.of(finance, decided_years=max(first - finance.price_year, 0.0)), states, factors, sight)


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
