"""Uncertain figures as whole columns: low, mode and high, with interval arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geokit.core.assumptions import Spread

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """Low, mode and high of a figure for many rows at once.

    The ends of a sum, a difference or a product are the ends that its parts allow together (interval arithmetic), so they are
    bounds and not percentiles; the mode is made of the modes. NaN is unknown and stays unknown.

    Attributes
    ----------
    low, mode, high : numpy.ndarray
        Same shape; ``low <= mode <= high`` where known.

    Examples
    --------
    >>> price, cost = Band.of(10.0, 11.0, 13.0), Band.of(2.0, 4.0, 5.0)
    >>> margin = price - cost
    >>> float(margin.low), float(margin.mode), float(margin.high)
    (5.0, 7.0, 11.0)
    """

    low: Floats
    mode: Floats
    high: Floats

    @classmethod
    def of(cls, low: npt.ArrayLike, mode: npt.ArrayLike, high: npt.ArrayLike) -> Band:
        """Make a band of three columns."""
        return cls(np.asarray(low, dtype=float), np.asarray(mode, dtype=float), np.asarray(high, dtype=float))

    @classmethod
    def exact(cls, value: npt.ArrayLike) -> Band:
        """Make a band of a figure without spread."""
        return cls.of(value, value, value)

    @classmethod
    def read(cls, frame: pd.DataFrame, name: str) -> Band:
        """Read the columns ``<name>_low``, ``<name>`` and ``<name>_high`` of a frame."""
        return cls.of(frame[f"{name}_low"], frame[name], frame[f"{name}_high"])

    @classmethod
    def spread(cls, spread: Spread) -> Band:
        """Make a band of an assumption."""
        return cls.of(spread.low, spread.mode, spread.high)

    def columns(self, name: str) -> dict[str, Floats]:
        """Return the three columns by the names that :meth:`read` expects, for ``DataFrame.assign``."""
        return {f"{name}_low": self.low, name: self.mode, f"{name}_high": self.high}

    def __add__(self, other: Band) -> Band:
        """Add two bands."""
        return Band(self.low + other.low, self.mode + other.mode, self.high + other.high)

    def __sub__(self, other: Band) -> Band:
        """Subtract a band."""
        return Band(self.low - other.high, self.mode - other.mode, self.high - other.low)

    def __mul__(self, other: Band) -> Band:
        """Multiply two bands of any sign."""
        corners = np.stack([self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high])
        return Band(corners.min(axis=0), self.mode * other.mode, corners.max(axis=0))

    def __truediv__(self, other: Band) -> Band:
        """Divide by a band of positive figures; anything else gives NaN."""
        safe = np.where(other.low > 0, 1.0, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            return self * Band(safe / other.high, safe / other.mode, safe / other.low)

    def clip(self, floor: float) -> Band:
        """Raise what lies below a floor to the floor."""
        return Band(np.maximum(self.low, floor), np.maximum(self.mode, floor), np.maximum(self.high, floor))

    def where(self, keep: npt.NDArray[np.bool_], other: Band) -> Band:
        """Return this band where ``keep`` holds and the other elsewhere."""
        return Band(np.where(keep, self.low, other.low), np.where(keep, self.mode, other.mode), np.where(keep, self.high, other.high))
