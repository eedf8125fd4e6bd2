"""The conversion margin of a plant and its break-evens (model rule M14)."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from geokit.economics.bands import Band, Floats

PRICES = ("price_id", "feed_price_id")
FAMILIES = ("price_family", "feed_price_family")
"""The quotes of product and feed, and the families of quotes that move together; a quote without one stands for itself."""


def conversion_margin(rows: pd.DataFrame) -> Band:
    """Return what a tonne of product leaves to pay for conversion, operating and capital cost together.

    margin = price - freight_out - feed_t x (max(0, feed price - export haul) + haul to the gate)

    The low end sets every uncertain figure against the plant, the high end for it. Two of them are not free to differ: where product
    and feed are priced by the same quote (metal and concentrate) or by quotes of one family both move together, and the content of the
    feed is the same in its price and in its quantity.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``price_id``, ``usd_per_t_*``, ``freight_*`` of the product; ``feed_price_id``, ``feed_on_content``,
        ``feed_quote_usd_per_t_*``, ``feed_paid_frac_*``, ``feed_frac_*``, ``need_*``, ``feed_t_*``, ``ratio_stated``, ``out_*`` and
        ``in_*`` of the feed.

    Returns
    -------
    Band
        USD per tonne of product; NaN where a part is unknown.
    """
    mode = _margin_at(rows, ("", "", "", "", ""))
    low = _end(rows, against=True)
    high = _end(rows, against=False)
    return Band(np.minimum(low, mode), mode, np.maximum(high, mode))


def break_even_feed(rows: pd.DataFrame) -> Floats:
    """Return the feed price at the mine gate that leaves nothing at zero conversion cost.

    p = (price - freight_out) / feed_t - haul to the gate, all at their modes.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``usd_per_t``, ``freight``, ``feed_t``, ``in``.

    Returns
    -------
    numpy.ndarray
        USD per tonne of feed.
    """
    return np.asarray((rows["usd_per_t"] - rows["freight"]) / rows["feed_t"] - rows["in"], dtype=float)


def break_even_cost(rows: pd.DataFrame) -> Floats:
    """Return what a tonne of product may cost in all before its freight: price - freight_out, at their modes.

    With the feed at what exporting it would leave, a plant whose feed, hauls, conversion and capital together cost less beats exporting.
    It needs neither a ratio nor a price of feed.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``usd_per_t`` and ``freight``.

    Returns
    -------
    numpy.ndarray
        USD per tonne of product; NaN where price or freight is unknown.
    """
    return np.asarray(rows["usd_per_t"] - rows["freight"], dtype=float)


def break_even_price(rows: pd.DataFrame) -> Floats:
    """Return the price below which a product without a quote cannot beat exporting: the part of its costs that is known.

    p = freight_out + feed_t x (feed price at the gate + haul to the gate) + power + operating cost, each 0 where it is unknown; power
    counts only where the operating cost is unknown, for it is a part of it.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``usd_per_t``, ``freight``, ``feed_t``, ``gate_usd_per_t``, ``in``, ``power``, ``opex``.

    Returns
    -------
    numpy.ndarray
        USD per tonne of product, a lower bound; NaN where the product has a price, or its freight is unknown.
    """
    feed = rows["feed_t"] * (rows["gate_usd_per_t"] + rows["in"])
    least = rows["freight"] + feed.fillna(0.0) + rows["opex"].fillna(rows["power"]).fillna(0.0)
    return np.asarray(least.where(rows["usd_per_t"].isna()), dtype=float)


def freight_share(rows: pd.DataFrame) -> Band:
    """Return freight over the delivered value of the product: (feed_t x haul to the gate + freight_out) / price.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``feed_t_*``, ``in_*``, ``freight_*``, ``usd_per_t_*``.

    Returns
    -------
    Band
        Fraction of the price.
    """
    inbound = Band.read(rows, "feed_t") * Band.read(rows, "in")
    return (inbound + Band.read(rows, "freight")) / Band.read(rows, "usd_per_t")


def _end(rows: pd.DataFrame, *, against: bool) -> Floats:
    """Return one end of the margin: the worst or the best corner that can happen together."""
    worse, better = ("_high", "_low") if against else ("_low", "_high")
    cost, gain = worse, better
    apart = [(gain, cost)]
    together = [("_low", "_low"), ("_high", "_high")]
    pick = np.fmin if against else np.fmax
    family, feed_family = (rows[name] if name in rows else rows[base] for name, base in zip(FAMILIES, PRICES, strict=True))
    shared = ((family == feed_family) & (family != "")).to_numpy()
    ends = []
    for prices in (apart, together):
        pairs = itertools.product(prices, ("_low", "_high"))
        corners = [_margin_at(rows, (product, feed, content, cost, gain)) for (product, feed), content in pairs]
        ends.append(pick.reduce(np.stack(corners)))
    return np.asarray(np.where(shared, ends[1], ends[0]), dtype=float)


def _margin_at(rows: pd.DataFrame, ends: tuple[str, str, str, str, str]) -> Floats:
    """Return the margin at one corner; ends name product price, feed price, feed content, costs and the export haul."""
    product, feed, content, cost, gain = ends
    frac, unit = rows[f"feed_frac{content}"], rows[f"feed_quote_usd_per_t{feed}"] * rows[f"feed_paid_frac{cost}"]
    price = unit.where(~rows["feed_on_content"].astype(bool), unit * frac)
    feed_t = rows[f"feed_t{cost}"].where(rows["ratio_stated"].astype(bool), rows[f"need{cost}"] / frac)
    floor = rows[f"feed_floor{cost}"] if "feed_floor" in rows else 0.0
    gate = np.maximum(price - rows[f"out{gain}"], floor)
    left = rows[f"usd_per_t{product}"] - rows[f"freight{cost}"] - feed_t * (gate + rows[f"in{cost}"])
    return np.asarray(left, dtype=float)
