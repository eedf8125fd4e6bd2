"""How a figure is written into a ledger: with enough digits for a calculator, its unit, and what stands behind it (model rule M14)."""

from __future__ import annotations

import numpy as np

from geokit.core.columns import split_ids
from geokit.economics.quotes import SOURCED

DIGITS = 7
"""Significant figures of a ledger: enough to find the value again to a thousandth."""


def write_figure(figure: float) -> str:
    """Return a figure with enough digits, without an exponent.

    Parameters
    ----------
    figure : float
        In any unit.

    Returns
    -------
    str
        As in ``2231.078``.
    """
    return np.format_float_positional(figure, precision=DIGITS, fractional=False, trim="-")


def write_entry(name: str, figure: str | float, unit: str, *, behind: tuple[str, str]) -> str:
    """Return an entry of a ledger.

    Parameters
    ----------
    name : str
        Which figure, without a colon.
    figure : str or float
        What it is.
    unit : str
        Blank for a share.
    behind : tuple of str
        Mark and sources or assumption, as :func:`name_source` returns.

    Returns
    -------
    str
        As in ``capacity: 75000 t/y [evidence: flo-omfc]``.
    """
    told, (mark, by) = figure if isinstance(figure, str) else write_figure(figure), behind
    return f"{name}: {told}{f' {unit}' if unit else ''} [{mark}{f': {by}' if by else ''}]"


def name_source(ids: str, key: str, mark: str) -> tuple[str, str]:
    """Return the mark of a figure with its sources, or with the assumption that states it.

    Parameters
    ----------
    ids : str
        Sources, as a layer names them.
    key : str
        Dotted assumption.
    mark : str
        Evidence, assumption or missing.

    Returns
    -------
    tuple of str
        Mark, and what stands behind it.
    """
    return mark, ", ".join(split_ids(ids)) if mark == SOURCED else key
