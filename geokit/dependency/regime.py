"""Which political states may hold on the day of export, and how likely each is (model rules M9, M10)."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace

import pandas as pd

from geokit.core.assumptions import Controls
from geokit.core.codes import State
from geokit.core.columns import split_ids
from geokit.core.errors import LayerError, Problem

SETTLED = "settled"
"""Name of the single outcome when every clause has a state."""
ENDED = ", not renewed again"
"""Ending of the name of the other reading of a regime that ends before a day that binds."""


@dataclass(frozen=True)
class Outcome:
    """One political state: what becomes of the clauses whose state is unresolved.

    Attributes
    ----------
    regime_id : str
        Name of the regime.
    probability : float
        Prior, 0-1; an assumption. Zero for the other reading of a regime that ends too soon: it widens the bounds alone.
    state : State or None
        State of its clauses; None for the single outcome without open questions.
    clause_ids : frozenset of str
        The clauses that it decides.
    ends_on : str
        First day (ISO) on which its clauses are in force instead; blank = its state holds on every day that binds.
    """

    regime_id: str
    probability: float
    state: State | None
    clause_ids: frozenset[str]
    ends_on: str = ""


def list_outcomes(regimes: pd.DataFrame, clause_ids: frozenset[str], *, last_day: str = "") -> tuple[Outcome, ...]:
    """Return the political states that may hold for clauses whose track has ended.

    Rows that share ``prior_of`` answer one question; those with a prior and at least one rival are its outcomes. A regime that
    ends before a day that binds keeps its prior and is taken to go on; beside it stands, without weight, the reading that its
    clauses are in force from its end on, so that the bounds span both.

    Parameters
    ----------
    regimes : pandas.DataFrame
        The layer of regimes.
    clause_ids : frozenset of str
        The clauses without a state; none gives one settled outcome.
    last_day : str
        Last day (ISO) on which one of them binds; blank = none lies beyond the end of a regime.

    Returns
    -------
    tuple of Outcome
        Priors add up to 1.

    Raises
    ------
    LayerError
        If the priors of the outcomes do not add up to 1.
    """
    rows = regimes[regimes["prior_mode"].notna()]
    rows = rows[rows.duplicated("prior_of", keep=False)]
    rows = rows[rows["clause_ids"].map(lambda cell: not clause_ids.isdisjoint(split_ids(cell))).astype(bool)]
    if rows.empty:
        return (Outcome(SETTLED, 1.0, None, frozenset()),)
    total = math.fsum(rows["prior_mode"])
    if not math.isclose(total, 1.0, abs_tol=1e-9):
        place, rule = "regimes.csv, column prior_mode", "is the sum of the priors of one question and must be 1"
        raise LayerError([Problem(place, f"{total:g}", rule, "mend the rows that share prior_of")])
    found: list[Outcome] = []
    for row in rows.sort_values("regime_id").to_dict("records"):
        one = Outcome(row["regime_id"], row["prior_mode"], State(row["state"]), frozenset(split_ids(row["clause_ids"])))
        end = row["valid_to_exclusive"]
        other = replace(one, regime_id=one.regime_id + ENDED, probability=0.0, ends_on=end)
        found += [other, one] if "" < end <= last_day else [one]
    return tuple(found)


def export_dates(on: dt.date, controls: Controls) -> dict[str, dt.date]:
    """Return the day on which a clause binds, by kind of item.

    Equipment and the technology in its drawings leave at shipment; crews (services) at commissioning; reagents and
    materials from the first fill on. Of the yearly fills only the first is read.

    Parameters
    ----------
    on : datetime.date
        Date of the question.
    controls : Controls
        Months to the decision, to shipment and to commissioning.

    Returns
    -------
    dict of str to datetime.date
        Keys ``equipment``, ``technology``, ``service``, ``reagent``, ``material``.

    References
    ----------
    Model rule M9: the date that binds is the date of export.
    """
    to_shipment = controls.months_to_fid + controls.months_fid_to_shipment
    shipment = _add_months(on, to_shipment)
    commissioning = _add_months(on, to_shipment + controls.months_shipment_to_commissioning)
    late = dict.fromkeys(("service", "reagent", "material"), commissioning)
    return {"equipment": shipment, "technology": shipment, **late}


def _add_months(day: dt.date, months: float) -> dt.date:
    """Return the day whole months later; the last of a month stays inside the month."""
    return (pd.Timestamp(day) + pd.DateOffset(months=round(months))).date()
