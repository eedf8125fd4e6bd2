"""How fast a coherent body is mined when nobody says so: rules of thumb fitted to mines of the world (model rule M6)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geokit.economics.bands import Band, Floats

DAYS_PER_Y = 350.0
"""Days of work a year for which Taylor states his rate."""
TAYLOR_LIFE, TAYLOR_POWER, TAYLOR_SPREAD = 0.2, 0.25, 0.2
"""Life in years = 0.2 x tonnes^0.25, give or take a fifth."""
LONG = {"open_pit": (0.123, 0.649), "underground": (0.297, 0.562)}
"""Tonnes of ore a day = a x tonnes^b, for open pits with block caves and for all other underground mines."""
METHODS = {"open_pit": ("open_pit",), "underground": ("underground",), "either": ("open_pit", "underground")}
"""Which of the two laws of Long bear on a body, by how its kind is mined."""


def taylor_rate(ore_t: npt.ArrayLike) -> Floats:
    r"""Return the yearly ore of a mine by Taylor's rule.

    .. math:: q = T / (0.2 \, T^{0.25})

    Parameters
    ----------
    ore_t : array_like
        Tonnage T of the body, t.

    Returns
    -------
    numpy.ndarray
        Ore a year, t/y.

    References
    ----------
    Taylor, H.K. (1986), Rates of working of mines: a simple rule of thumb, Trans. Instn Min. Metall. A 95, 203-204.
    """
    return np.asarray(np.asarray(ore_t, dtype=float) ** (1.0 - TAYLOR_POWER) / TAYLOR_LIFE)


def long_rate(ore_t: npt.ArrayLike, method: str) -> Floats:
    r"""Return the yearly ore of a mine by the re-estimation of Taylor's rule on 1,195 mines.

    .. math:: q = 350 \, a \, T^b

    Parameters
    ----------
    ore_t : array_like
        Tonnage T of the body, t.
    method : str
        ``open_pit`` (with block caves) or ``underground``.

    Returns
    -------
    numpy.ndarray
        Ore a year, t/y.

    References
    ----------
    Long, K.R. (2009), A test and re-estimation of Taylor's empirical capacity-reserve relationship, Nat. Resour. Res. 18, 57-63.
    """
    scale, power = LONG[method]
    return np.asarray(DAYS_PER_Y * scale * np.asarray(ore_t, dtype=float) ** power)


def mine_rate(ore: Band, mined_as: npt.ArrayLike) -> Band:
    """Return the yearly ore of coherent bodies: Taylor's rate in the mode, the ends those of both rules together.

    Parameters
    ----------
    ore : Band
        Tonnage of each body, t.
    mined_as : array_like of str
        How its kind is mined: ``open_pit``, ``underground`` or ``either``; for anything else no rule holds.

    Returns
    -------
    Band
        Ore a year, t/y; NaN where no rule holds. It never exceeds the tonnage.
    """
    kinds = np.asarray(mined_as, dtype=object)
    with np.errstate(invalid="ignore"):
        lows, highs = [taylor_rate(ore.low) * (1.0 - TAYLOR_SPREAD)], [taylor_rate(ore.high) * (1.0 + TAYLOR_SPREAD)]
        for method in LONG:
            bears = np.array([method in METHODS.get(str(kind), ()) for kind in kinds], dtype=bool)
            lows.append(np.where(bears, long_rate(ore.low, method), np.nan))
            highs.append(np.where(bears, long_rate(ore.high, method), np.nan))
    mode = taylor_rate(ore.mode)
    band = Band(np.fmin(np.fmin.reduce(lows), mode), mode, np.fmax(np.fmax.reduce(highs), mode))
    known = np.array([str(kind) in METHODS for kind in kinds], dtype=bool)
    capped = Band(*(np.minimum(rate, tonnes) for rate, tonnes in zip(_ends(band), _ends(ore), strict=True)))
    return capped.where(known, Band.exact(np.nan))


def _ends(band: Band) -> tuple[Floats, Floats, Floats]:
    """Return the three columns of a band."""
    return band.low, band.mode, band.high
