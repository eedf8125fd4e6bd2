"""Value functions: from a figure in its own unit to a value between 0 (worst) and 1 (best).

The anchors are fixed figures in the unit of the criterion, never the best and worst of the set at hand, so an alternative
that enters or leaves cannot reorder the others (model rule M20).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geokit.core.errors import AssumptionError

Array = NDArray[np.float64]
ANCHOR_COUNT = {"linear": 2, "piecewise": 3, "exp": 1, "concave_exp": 1}
"""Shapes of value functions and how many anchors each needs."""


def scale_piecewise(x: Array, anchors: Sequence[float]) -> Array:
    r"""Return the value on straight lines through evenly spaced values.

    With anchors :math:`p_1 \dots p_n`, :math:`v(p_i) = (i - 1) / (n - 1)`; outside the anchors the value stays 0 or 1. Two
    anchors give a straight line, three a line with a knee at 0.5.

    Parameters
    ----------
    x : numpy.ndarray
        Figures in the unit of the criterion, any shape.
    anchors : sequence of float
        Figures of rising value, themselves strictly rising or strictly falling.

    Returns
    -------
    numpy.ndarray
        Values 0-1, same shape; NaN where ``x`` is NaN.

    Examples
    --------
    >>> scale_piecewise(np.array([0.0, 90.0, 500.0]), (120.0, 0.0)).tolist()
    [1.0, 0.25, 0.0]
    """
    values = np.linspace(0.0, 1.0, len(anchors))
    points = np.asarray(anchors, dtype=float)
    return np.interp(x, points, values) if points[-1] > points[0] else np.interp(x, points[::-1], values[::-1])


def scale_exp(x: Array, e_fold: float) -> Array:
    r"""Return :math:`v = e^{-x / p}`: 1 at zero and below, falling by the factor e every ``e_fold``.

    Parameters
    ----------
    x : numpy.ndarray
        Figures in the unit of the criterion, any shape.
    e_fold : float
        Figure at which the value is 1/e, same unit, above zero.

    Returns
    -------
    numpy.ndarray
        Values 0-1, same shape; NaN where ``x`` is NaN.
    """
    return np.exp(-np.maximum(x, 0.0) / e_fold)


def scale_concave_exp(x: Array, e_fold: float) -> Array:
    r"""Return :math:`v = 1 - e^{-x / p}`: 0 at zero and below, each further unit worth less.

    Parameters
    ----------
    x : numpy.ndarray
        Figures in the unit of the criterion, any shape.
    e_fold : float
        Figure at which the value is 1 - 1/e, same unit, above zero.

    Returns
    -------
    numpy.ndarray
        Values 0-1, same shape; NaN where ``x`` is NaN.
    """
    return 1.0 - scale_exp(x, e_fold)


def scale(x: Array, shape: str, anchors: Sequence[float]) -> Array:
    """Return the values of figures under the named value function.

    Parameters
    ----------
    x : numpy.ndarray
        Figures in the unit of the criterion, any shape.
    shape : str
        ``linear``, ``piecewise``, ``exp`` or ``concave_exp``.
    anchors : sequence of float
        As many as the shape needs.

    Returns
    -------
    numpy.ndarray
        Values 0-1, same shape; NaN where ``x`` is NaN.
    """
    if shape == "exp":
        return scale_exp(x, anchors[0])
    if shape == "concave_exp":
        return scale_concave_exp(x, anchors[0])
    return scale_piecewise(x, anchors)


def check_anchors(shape: str, anchors: Sequence[float], sense: str) -> None:
    """Refuse anchors that make no value function, or one that runs against the sense of its criterion.

    Parameters
    ----------
    shape : str
        ``linear``, ``piecewise``, ``exp`` or ``concave_exp``.
    anchors : sequence of float
        As many as the shape needs.
    sense : str
        ``max`` or ``min``.

    Raises
    ------
    AssumptionError
        With the anchors and the rule that they break.
    """
    if shape in {"exp", "concave_exp"}:
        sound, found = anchors[0] > 0, "min" if shape == "exp" else "max"
    else:
        steps = np.sign(np.diff(anchors))
        sound, found = bool(steps[0]) and bool(np.all(steps == steps[0])), "max" if steps[0] > 0 else "min"
    if not sound:
        rule = "be above zero" if shape in {"exp", "concave_exp"} else "all rise or all fall"
        msg = f"anchors {tuple(anchors)} of a {shape} value function must {rule}"
        raise AssumptionError(msg)
    if found != sense:
        msg = f"anchors {tuple(anchors)} of a {shape} value function reward {found!r}, the criterion says {sense!r}"
        raise AssumptionError(msg)
