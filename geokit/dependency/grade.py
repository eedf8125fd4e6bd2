"""The cells of the criteria D1 and D2: what chance leaves open is their range, what nobody knows their bound (model rules M8, M19)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.codes import Grade, Kind
from geokit.core.columns import join_ids
from geokit.dependency.delay import DAYS_PER_MONTH
from geokit.dependency.profile import BUYS_NOTHING

NO_PLANT = {
    Kind.EXPORT.value: "No plant is bought: zero by definition.",
    Kind.TOLL.value: "The plant exists and belongs to another: zero by definition.",
}
"""Why an alternative that buys no plant has no dependency."""
BEYOND = 1e-9
"""An end that lies beyond another by less than this is the same."""
OPEN_HOLDS = "if every condition that is open holds on a step that nothing else binds"
ALWAYS = "supplier countries refuse every licence, also for their goods in what others sell"
AS_SET = "supplier countries refuse as often as set, also for their goods in what others sell"
SLOWEST = "if every licence that may be asked for, on an open condition or by a supplier country, takes the longest time on file"
UNREAD_ABROAD = "what the vendors' countries ask for goods to that country was not read"
"""Why the figures of a plant that stands in another country are an assumption."""
REFUSED_ABROAD = f"if they refuse: {UNREAD_ABROAD}"
SLOW_ABROAD = f"if every licence that may be asked for takes the longest time on file, some for another destination: {UNREAD_ABROAD}"


def grade_plants(plants: pd.DataFrame, *, is_supplier_known: bool, abroad: float | None = None) -> pd.DataFrame:
    """Return the D1 and D2 cells of plants on one track; that no condition holds is an assumption.

    Parameters
    ----------
    plants : pandas.DataFrame
        As :class:`geokit.dependency.solve.Solved` has them, with ``track``, ``found``, ``conditional`` and ``source_ids``.
    is_supplier_known : bool
        Whether the user states how often supplier countries refuse.
    abroad : float, optional
        The plants stand in another country, and this is the longest licence on file, months; NaN leaves their delay unknown.

    Returns
    -------
    pandas.DataFrame
        Columns of cells. The ends of a cell are chance, which scoring draws from. Ignorance moves ``bound_high`` and not the range:
        whether an open condition holds, whose goods are in what others sell, how often a supplier country refuses while nobody
        states it (model rule M8) and, of a plant in another country, all that the vendors' countries ask.
    """
    found = plants["found"] + np.where(plants["weakest"] != "", " Weakest block: " + plants["weakest"] + ".", "")
    idle = (plants["d_rel_high"] == 0.0) & ~plants["conditional"] & (plants["delay_months_p80_high"] == 0.0) & (abroad is None)
    plants = plants.assign(grade=idle.map({True: Grade.EVIDENCE.value, False: Grade.ASSUMPTION.value}))
    most = plants["d_rel_high_closed"] if is_supplier_known else plants["d_rel_high_granted"]
    first = plants.assign(criterion_id="D1", value_low=plants["d_rel_low"], value=plants["d_rel"], value_high=most, note=found)
    second = plants.assign(
        criterion_id="D2",
        value_low=plants["delay_months_p80_low"],
        value=plants["delay_months_p80"],
        value_high=plants["delay_months_p80_high"],
        note=(plants["own_note"] + " " + plants["found"]).str.strip(),
    )
    if abroad is None:
        reach, why = plants[["d_rel_high", "delay_months_bound"]], [f"{OPEN_HOLDS} and {AS_SET if is_supplier_known else ALWAYS}", SLOWEST]
    else:
        reach, why = plants[["delay_months_bound"]].clip(lower=abroad), [REFUSED_ABROAD, SLOW_ABROAD]
        reach.insert(0, "all", 1.0)
        second = second.assign(value=np.nan) if np.isnan(abroad) else second
    units = ("", " months")
    parts = [_widen(part, reach.iloc[:, place], f"{units[place]} {why[place]}") for place, part in enumerate((first, second))]
    return _mark_missing(pd.concat(parts, ignore_index=True))


def _widen(cells: pd.DataFrame, bound: pd.Series, why: str) -> pd.DataFrame:
    """Return the cells with the bound where it lies beyond the range, and with the words that say so."""
    further = bound > cells["value_high"] + BEYOND
    told = pd.Series([f" Up to {high:.2g}{why}; it moves the bound and not the range." for high in bound], cells.index, dtype=object)
    return cells.assign(bound_high=bound.where(further), note=cells["note"] + told.where(further, ""))


def find_longest(issuers: pd.DataFrame, *, spare: float = 0.0) -> float:
    """Return the longest time on file of a licence of any supplier country, net of float.

    Parameters
    ----------
    issuers : pandas.DataFrame
        Column ``licence_days_high``.
    spare : float
        Float of the schedule, months.

    Returns
    -------
    float
        Months; NaN where none is on file: nobody knows then.
    """
    return float(np.maximum(issuers["licence_days_high"].max() / DAYS_PER_MONTH - spare, 0.0))


def _mark_missing(cells: pd.DataFrame) -> pd.DataFrame:
    """Blank the grade of cells without a figure."""
    blank = cells["value"].isna()
    note = "a bound block has no Chinese share or no substitute on file, or no time of a licence of the vendor's country"
    return cells.assign(
        grade=cells["grade"].mask(blank, Grade.MISSING.value),
        note=cells["note"].mask(blank, note),
        holder=blank.map({True: "equipment vendors", False: ""}),
        value_low=cells["value_low"].mask(blank),
        bound_high=cells["bound_high"].mask(blank),
        value_high=cells["value_high"].mask(blank),
    )


def grade_baselines(rows: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the D1 and D2 cells of the ways of doing less that buy no plant.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``alternative``, ``kind``, ``site_id`` and ``stage_id``.
    layers : mapping of str to pandas.DataFrame
        Needs ``baselines``.

    Returns
    -------
    pandas.DataFrame
        Zero by definition.
    """
    idle = rows[rows["kind"].isin(BUYS_NOTHING)].drop_duplicates("alternative")
    sources = layers["baselines"].groupby("baseline_id")["source_id"].agg(join_ids)
    zero = idle[["site_id", "stage_id"]].assign(
        value_low=0.0,
        value=0.0,
        value_high=0.0,
        grade=Grade.DEFINITION.value,
        source_ids=idle["site_id"].map(sources),
        note=idle["kind"].map(NO_PLANT),
    )
    return pd.concat([zero.assign(criterion_id=name) for name in ("D1", "D2")], ignore_index=True)
