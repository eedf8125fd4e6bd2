"""Money of mixed years: a cost beside a year and no index to bring it to another, or an index that does not fit the two figures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geokit.check.finding import Finding, Rows

COST, YEAR, INDEX, TODAY = "capex_usd_per_tpa_mode", "price_year", "escalation_factor", "capex_mode_escalated_2026"
LATEST, DAY = "latest_value", "latest_date"
SLACK = 0.02
"""Share by which a cost brought to another year may differ from cost x index, for the digits it was rounded to."""


def find_mixed_years(rows: Rows) -> Iterator[Finding]:
    """Yield every cost and every latest price whose year cannot be told or does not fit.

    Parameters
    ----------
    rows : Rows
        The table as text.

    Yields
    ------
    Finding
        Errors: such a figure would be added to money of another year.
    """
    if rows.holds(COST, YEAR, INDEX, TODAY):
        yield from _find_costs(rows)
    if rows.holds(LATEST, DAY):
        for row in np.flatnonzero(~np.isnan(rows.figures(LATEST))).tolist():
            if not rows.cells[DAY][row].strip():
                rule, remedy = "is a latest price without a day, so its money has no year", f"give {DAY} too: a day, a month or a year"
                yield Finding(row, LATEST, rows.cells[LATEST][row], rule, remedy)


def _find_costs(rows: Rows) -> Iterator[Finding]:
    """Yield costs without an index of their year, and costs that the index does not bring to the figure beside them."""
    cost, year, index, today = (rows.figures(name) for name in (COST, YEAR, INDEX, TODAY))
    for row in np.flatnonzero(~np.isnan(cost) & ~np.isnan(year) & np.isnan(index)).tolist():
        rule = f"is money of {year[row]:.0f} without {INDEX}, and would be added to money of another year"
        remedy = f"give {INDEX}: the cost index of the study's year over that of {year[row]:.0f}"
        yield Finding(row, COST, rows.cells[COST][row], rule, remedy)
    with np.errstate(invalid="ignore"):
        apart = np.abs(today - cost * index) > SLACK * cost * index
    for row in np.flatnonzero(apart).tolist():
        rule = f"is not {COST} {cost[row]:g} x {INDEX} {index[row]:g} = {cost[row] * index[row]:.6g}"
        yield Finding(row, TODAY, rows.cells[TODAY][row], rule, "mend the cost, the index or the product of the two")
