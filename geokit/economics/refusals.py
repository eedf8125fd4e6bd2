"""What is refused before anything is computed: names and prices that one side has and the other lacks, recoveries above 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import split_ids
from geokit.core.errors import AssumptionError, Problem
from geokit.economics.balance import find_gains
from geokit.economics.own import BY_PRODUCT, BY_STAGE
from geokit.economics.quotes import UNITS_PER_T


def check_names(layers: Mapping[str, pd.DataFrame], assumptions: Assumptions) -> None:
    """Refuse names that one side has and the other lacks: all at once.

    Figures of money or feed are refused for a product or a stage that the layers do not have. Prices of products are refused in a
    currency without an exchange rate, with a value-added tax inside that nobody states, or in a unit of no mass: they would be blank.
    Ratios of feed by which more content would come out than goes in are refused with them.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``products``, ``by_products``, ``stages``, ``prices`` and ``contained_factors``.
    assumptions : Assumptions
        Groups ``feed`` and ``finance``.

    Raises
    ------
    AssumptionError
        With every unknown name, the row of every price that cannot be brought to USD per tonne, and every recovery above 1.
    """
    wrong = []
    for paths, table, column in ((BY_PRODUCT, "products", "product_id"), (BY_STAGE, "stages", "stage_id")):
        known = set(layers[table][column])
        for path in paths:
            section, name = path.split(".")
            given = getattr(getattr(assumptions, section), name)
            rule = f"is no {column} of {table}.csv; `geokit layers {table}` lists them"
            wrong += [f"{path}: {key!r} {rule}" for key in given if key not in known]
    wrong += [str(problem) for problem in find_unpriced(layers, assumptions)]
    wrong += find_gains(layers, assumptions=assumptions)
    if wrong:
        raise AssumptionError("\n".join(wrong))


def find_unpriced(layers: Mapping[str, pd.DataFrame], assumptions: Assumptions) -> Iterator[Problem]:
    """Yield the prices of products that cannot be brought to USD per tonne.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``products``, ``by_products`` and ``prices``.
    assumptions : Assumptions
        ``finance.fx_per_usd`` and ``finance.vat_frac``.

    Yields
    ------
    Problem
        One a cell, in the order of the rows; prices without a figure, and prices that no product and no by-product names, are left alone.
    """
    finance, products = assumptions.finance, layers["products"]
    named = {*products["price_id"], *layers["by_products"]["price_id"]}
    named |= {one for cell in products["alt_price_ids"] for one in split_ids(cell)}
    units, tax = f"quote the price per {', '.join(UNITS_PER_T)}", "state it in finance.vat_frac, or the price without tax"
    rules = {
        "currency": ({"USD", *finance.fx_per_usd}, "has no exchange rate", "state its units for one US dollar in finance.fx_per_usd"),
        "market_issuer": ({*finance.vat_frac}, "has no rate of value-added tax", tax),
        "per_unit": ({*UNITS_PER_T}, "is no unit of mass", units),
    }
    for row, price in enumerate(layers["prices"].to_dict("records"), start=2):
        if price["price_id"] not in named or pd.isna([price["mode"], price["latest_value"]]).all():
            continue
        for column, (known, rule, remedy) in rules.items():
            if price[column] not in known and (column != "market_issuer" or price["vat_included"] == "yes"):
                told = f"{rule}, without which the price {price['price_id']} is blank"
                yield Problem("prices.csv", str(price[column]), told, remedy, row, column)
