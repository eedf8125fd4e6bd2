"""The triangular distribution, by which every uncertain figure is drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def draw_triangular(low: ArrayLike, mode: ArrayLike, high: ArrayLike, *, uniform: ArrayLike) -> NDArray[np.float64]:
    r"""Return triangular figures from uniform ones by the inverse of the distribution function.

    .. math:: x = a + \sqrt{u (b - a)(m - a)} \;\text{ if } u < \frac{m - a}{b - a}, \text{ else } b - \sqrt{(1 - u)(b - a)(b - m)}

    Parameters
    ----------
    low, mode, high : array_like
        Least, most and largest plausible figure a <= m <= b, any shape that fits ``uniform``.
    uniform : array_like
        Uniform figures 0-1.

    Returns
    -------
    numpy.ndarray
        Figures between low and high, shape of ``uniform``; a range of no width gives its figure.
    """
    low, mode, high, uniform = (np.asarray(figures, dtype=float) for figures in (low, mode, high, uniform))
    left, right, width = mode - low, high - mode, high - low
    rising = low + np.sqrt(uniform * width * left)
    falling = high - np.sqrt((1.0 - uniform) * width * right)
    return np.asarray(np.where(uniform * width < left, rising, falling), dtype=float)
