"""When to buy elsewhere: what a delay costs, and from which chance of refusal on the dearer vendor is worth it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from geokit.dependency.index import Array

MONTHS_PER_YEAR = 12.0


def lose_value(months: ArrayLike, *, rate_frac: ArrayLike) -> Array:
    r"""Return the share of the present value of operations that a delay costs.

    .. math:: \frac{loss(\Delta)}{PV_{ops}} = 1 - (1 + r)^{-\Delta / 12}

    Parameters
    ----------
    months : array_like
        Delay, months.
    rate_frac : array_like
        Discount rate, 1/year as a fraction.

    Returns
    -------
    numpy.ndarray
        0-1. The life of the plant is shifted, not cut, and the capital is spent already; if it is put off too, the net value counts.

    References
    ----------
    Flowsheet dossier, section 4.6.
    """
    lost: Array = 1.0 - (1.0 + np.asarray(rate_frac, dtype=float)) ** (-np.asarray(months, dtype=float) / MONTHS_PER_YEAR)
    return lost


def break_even_refusal(
    months: ArrayLike, premium: ArrayLike, *, capex_share_frac: ArrayLike, pv_over_capex: ArrayLike, rate_frac: ArrayLike
) -> Array:
    r"""Return the chance of a refusal from which on the dearer vendor pays.

    .. math:: b^* = \frac{\omega_g I (x_g - 1)}{loss(\Delta)}

    Parameters
    ----------
    months : array_like
        Delay if the cheaper supply is refused, months.
    premium : array_like
        Price of the dearer supply over that of the cheaper one, dimensionless.
    capex_share_frac : array_like
        Share of the item in the capital cost of the plant, 0-1.
    pv_over_capex : array_like
        Present value of operations over the capital cost of the plant, dimensionless; an input of the user.
    rate_frac : array_like
        Discount rate, 1/year as a fraction.

    Returns
    -------
    numpy.ndarray
        Buy the dearer item if b exceeds it; above 1 = never, infinite where a delay costs nothing, 0 where it is no dearer.
    """
    extra = np.asarray(capex_share_frac, dtype=float) * np.maximum(np.asarray(premium, dtype=float) - 1.0, 0.0)
    loss = np.asarray(pv_over_capex, dtype=float) * lose_value(months, rate_frac=rate_frac)
    shape = np.broadcast_shapes(extra.shape, loss.shape)
    free = np.where(np.broadcast_to(extra, shape) > 0.0, np.inf, 0.0)
    found: Array = np.divide(extra, loss, out=free, where=np.broadcast_to(loss, shape) > 0.0)
    return found


def break_even_share(
    refused: ArrayLike, months: ArrayLike, premium: ArrayLike, *, pv_over_capex: ArrayLike, rate_frac: ArrayLike
) -> Array:
    r"""Return the share of an item in the capital cost up to which the dearer vendor pays.

    .. math:: \omega_g^* = \frac{b \cdot loss(\Delta)}{I (x_g - 1)}

    Parameters
    ----------
    refused : array_like
        Chance that the cheaper supply is refused, 0-1.
    months : array_like
        Delay if it is, months.
    premium : array_like
        Price of the dearer supply over that of the cheaper one, dimensionless.
    pv_over_capex : array_like
        Present value of operations over the capital cost of the plant, dimensionless; an input of the user.
    rate_frac : array_like
        Discount rate, 1/year as a fraction.

    Returns
    -------
    numpy.ndarray
        0-1: no item costs more than the whole plant; 1 where the other vendor is no dearer.
    """
    kept = np.asarray(refused, dtype=float) * np.asarray(pv_over_capex, dtype=float) * lose_value(months, rate_frac=rate_frac)
    kept, extra = np.broadcast_arrays(kept, np.maximum(np.asarray(premium, dtype=float) - 1.0, 0.0))
    share = np.divide(kept, extra, out=np.ones(kept.shape), where=extra > 0.0)
    found: Array = np.where(np.isnan(kept + extra), np.nan, np.minimum(share, 1.0))
    return found
