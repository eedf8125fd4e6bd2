"""What a truck may carry by law, and what a tonne sold weighs on the road."""

from __future__ import annotations

import pandas as pd

from geokit.core.assumptions import Transport

LIMIT = r"gross-weight-limit-(\d+)-axle"
"""Ids of the quotes that hold the legal gross weights."""
WET_FORMS = ("ore", "concentrate")
"""Forms of products that hold water as shipped; a metal, an alloy or a calcined oxide holds none worth a note."""
AS_CARRIED = "costs are of a tonne as carried; the moisture of the product was not found"
DRY_TONNE = "a dry tonne weighs {factor:.3f} t as carried, so it costs {cost:.1f} USD"


def legal_payload_t(quotes: pd.DataFrame, transport: Transport) -> pd.DataFrame:
    """Return the legal load of a truck by its number of axles.

    The least load takes the least limit and the heaviest empty truck. That trucks keep to the limit is another question: the means
    measured on the road lie far above it.

    Parameters
    ----------
    quotes : pandas.DataFrame
        The layer of cost quotes; its limits of gross weight count, in t.
    transport : Transport
        Share of the empty truck in the gross weight.

    Returns
    -------
    pandas.DataFrame
        Index ``axles``: ``limit_t_low``, ``limit_t_high``, ``payload_t_low``, ``payload_t``, ``payload_t_high``, in t.
    """
    axles = quotes["quote_id"].str.extract(f"^{LIMIT}$", expand=False)
    rows = quotes[axles.notna()].assign(axles=axles.dropna().astype(int)).set_index("axles").sort_index()
    low, high = rows["low"].fillna(rows["mode"]), rows["high"].fillna(rows["mode"])
    tare = transport.truck_tare_frac
    loads = {
        "payload_t_low": low * (1 - tare.high),
        "payload_t": (low + high) / 2 * (1 - tare.mode),
        "payload_t_high": high * (1 - tare.low),
    }
    return pd.DataFrame({"limit_t_low": low, "limit_t_high": high, **loads})


def wet_factor(product_ids: pd.Series[str], products: pd.DataFrame) -> pd.DataFrame:
    r"""Return the tonnes carried for a dry tonne sold.

    .. math:: f = 1 / (1 - w)

    with the water w of the product as shipped.

    Parameters
    ----------
    product_ids : pandas.Series
        Products; a blank or unknown one is a cargo of any kind.
    products : pandas.DataFrame
        The layer; ``moisture_frac`` is 0-1 or blank.

    Returns
    -------
    pandas.DataFrame
        ``factor`` in t per dry t, 1 where the water was not found, and ``found``; index of ``product_ids``.
    """
    water = product_ids.map(products.set_index("product_id")["moisture_frac"]).astype(float)
    return pd.DataFrame({"factor": 1.0 / (1.0 - water.fillna(0.0)), "found": water.notna()})


def tell_wet(product_id: str, products: pd.DataFrame, usd_per_t: float) -> str:
    """Say what a dry tonne of an ore or a concentrate costs, or that its water is unknown; blank for all else.

    Parameters
    ----------
    product_id : str
        What moves.
    products : pandas.DataFrame
        The layer: ``form`` and ``moisture_frac``.
    usd_per_t : float
        Cost of a tonne as carried, USD/t.

    Returns
    -------
    str
        A clause.
    """
    row = products[products["product_id"] == product_id]
    if not row["form"].isin(WET_FORMS).any():
        return ""
    wet = wet_factor(row["product_id"], products).iloc[0]
    return DRY_TONNE.format(factor=wet["factor"], cost=usd_per_t * wet["factor"]) if wet["found"] else AS_CARRIED
