"""Which political states may hold on the days of export, and how likely each is (model rule M10)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geokit.core.assumptions import Controls
from geokit.core.codes import State, Track
from geokit.core.columns import split_ids
from geokit.core.errors import AssumptionError, LayerError, Problem
from geokit.dependency.index import Array

SETTLED = "settled"
"""Name of the single outcome when every clause has a state."""
ENDED = ", not renewed again"
"""Ending of the name of the other reading of a regime that ends before a day that binds."""
MIX = "mix"
READINGS = {"as_law_stands": Track.TEXT, "as_practised": Track.PRACTICE}
"""Regimes that read one legal track, whichever is asked, and decide only what it leaves open."""


@dataclass(frozen=True)
class Ruling:
    """What a regime makes of some clauses.

    Attributes
    ----------
    state : State
        State of the clauses.
    clause_ids : frozenset of str
        The clauses.
    starts_on, ends_on : str
        First day (ISO) of that state and first day after it; blank = without a start or an end.
    """

    state: State
    clause_ids: frozenset[str]
    starts_on: str = ""
    ends_on: str = ""


@dataclass(frozen=True)
class Outcome:
    """One political state.

    Attributes
    ----------
    regime_id : str
        Name of the regime.
    probability : float
        0-1; an assumption. Zero for the other reading of a regime that ends too soon: it widens the bounds alone.
    rulings : tuple of Ruling
        What it decides; none for the single outcome without open questions.
    low, high : float
        Least and largest plausible probability of the regime, whichever reading of it holds.
    reads : Track or None
        Legal track that it starts from; None = the one that is asked.
    overrides : bool
        Whether it decides all its clauses on its days, or only those whose state is unresolved.
    goes_on : bool
        Whether its state holds beyond its end; else its clauses are, from then on, as the text says.
    """

    regime_id: str
    probability: float
    rulings: tuple[Ruling, ...] = ()
    low: float = 0.0
    high: float = 1.0
    reads: Track | None = None
    overrides: bool = False
    goes_on: bool = True

    @property
    def clause_ids(self) -> frozenset[str]:
        """The clauses that it decides."""
        return frozenset().union(*(one.clause_ids for one in self.rulings))

    @property
    def ends_on(self) -> str:
        """First day (ISO) on which its clauses are as the text says; blank = its state holds on every day that binds."""
        return "" if self.goes_on else min((one.ends_on for one in self.rulings if one.ends_on), default="")


def is_asked(controls: Controls) -> bool:
    """Return whether the user names a regime or gives probabilities; both legal tracks then show the same political state."""
    return controls.regime != MIX or bool(controls.regime_probabilities)


def list_outcomes(regimes: pd.DataFrame, open_ids: frozenset[str], *, controls: Controls, last_day: str = "") -> tuple[Outcome, ...]:
    """Return the political states that may hold.

    One regime if the user names one; those with a probability if the user gives probabilities: both decide their clauses on both
    legal tracks. Else the regimes are mixed by the priors of the layer wherever a track is silent. A regime that ends before a
    day that binds keeps its probability and is taken to go on; beside it stands, without weight, the reading that its clauses
    are as the text says from its end on, so that the bounds span both.

    Parameters
    ----------
    regimes : pandas.DataFrame
        The layer of regimes.
    open_ids : frozenset of str
        The clauses without a state on some day that binds; where nobody is asked for a regime, none gives one settled outcome.
    controls : Controls
        Regime and probabilities of the user.
    last_day : str
        Last day (ISO) that binds; blank = none lies beyond the end of a regime.

    Returns
    -------
    tuple of Outcome
        Sorted by name; probabilities add up to 1 and the last one has some.

    Raises
    ------
    LayerError
        If the priors of the outcomes do not add up to 1.
    AssumptionError
        If the layer knows nothing of a regime that the user names.
    """
    asked = controls.regime_probabilities if controls.regime == MIX else {controls.regime: 1.0}
    if is_asked(controls):
        found = [_ask_regime(regimes, name, share) for name, share in sorted(asked.items()) if share > 0.0]
    else:
        found = _weigh_priors(regimes, open_ids)
    return tuple(reading for one in found for reading in _read_twice(one, last_day))


def say_regime(controls: Controls, regimes: pd.DataFrame, *, known_on: dt.date | None = None) -> str:
    """Return which political state the figures assume, and whose probabilities they are.

    Parameters
    ----------
    controls : Controls
        Regime and probabilities of the user.
    regimes : pandas.DataFrame
        The layer of regimes.
    known_on : datetime.date, optional
        Date of knowledge; priors that were set down later are then said to be hindsight.

    Returns
    -------
    str
        One sentence for every output, two where the priors are later than the knowledge.
    """
    labels = regimes.drop_duplicates("regime_id").set_index("regime_id")["label"].to_dict()
    if controls.regime != MIX:
        return f"One political state on both legal tracks, as asked: {controls.regime} ({labels.get(controls.regime, 'no row')})."
    if controls.regime_probabilities:
        told = ", ".join(f"{name} {share:g}" for name, share in sorted(controls.regime_probabilities.items()))
        return f"Political states mixed on both legal tracks by the user's probabilities: {told}."
    rows = regimes[regimes["prior_mode"].notna() & regimes.duplicated("prior_of", keep=False)].sort_values("regime_id")
    told = ", ".join(f"{row.regime_id} {row.prior_mode:g} ({row.prior_low:g}-{row.prior_high:g})" for row in rows.itertuples())
    mixed = f"Political states mixed where a legal track is silent, by the priors of the layer, an assumption: {told or 'none'}."
    return f"{mixed}{_say_hindsight(rows, known_on)}"


def _say_hindsight(rows: pd.DataFrame, known_on: dt.date | None) -> str:
    """Return a warning where some priors were set down after the date of knowledge; blank else."""
    day = "" if known_on is None or rows.empty else str(rows["recorded_on"].max())
    if known_on is None or day <= known_on.isoformat():
        return ""
    told = f"These priors were set down on {day}, after what is taken as known ({known_on})"
    return f" {told}: they are hindsight; give probabilities of your own."


def _ask_regime(regimes: pd.DataFrame, name: str, share: float) -> Outcome:
    """Return a regime that the user names, with the probability that the user gives."""
    rows = regimes[regimes["regime_id"] == name]
    if rows.empty and name not in READINGS:
        msg = f"controls.regime: {name!r} has no row in regimes.csv, which knows {', '.join(sorted(set(regimes['regime_id'])))}; add one"
        raise AssumptionError(msg)
    return Outcome(name, share, _list_rulings(rows), share, share, READINGS.get(name), overrides=name not in READINGS)


def _weigh_priors(regimes: pd.DataFrame, open_ids: frozenset[str]) -> list[Outcome]:
    """Return the regimes that decide open clauses; rows that share ``prior_of`` answer one question, and one alone has no rival."""
    rows = regimes[regimes["prior_mode"].notna()]
    rows = rows[rows.duplicated("prior_of", keep=False)]
    rows = rows[rows["clause_ids"].map(lambda cell: not open_ids.isdisjoint(split_ids(cell))).astype(bool)]
    if rows.empty:
        return [Outcome(SETTLED, 1.0, low=1.0)]
    total = math.fsum(rows["prior_mode"])
    if not math.isclose(total, 1.0, abs_tol=1e-9):
        place, rule = "regimes.csv, column prior_mode", "is the sum of the priors of one question and must be 1"
        raise LayerError([Problem(place, f"{total:g}", rule, "mend the rows that share prior_of")])
    low, high = rows["prior_low"].fillna(rows["prior_mode"]), rows["prior_high"].fillna(rows["prior_mode"])
    rows = rows.assign(low=np.minimum(low, rows["prior_mode"]), high=np.maximum(high, rows["prior_mode"]))
    return [
        Outcome(str(name), math.fsum(own["prior_mode"]), _list_rulings(own), low=math.fsum(own["low"]), high=math.fsum(own["high"]))
        for name, own in rows.groupby("regime_id", sort=True)
    ]


def _list_rulings(rows: pd.DataFrame) -> tuple[Ruling, ...]:
    """Return what the rows of one regime decide."""
    return tuple(
        Ruling(State(row["state"]), frozenset(split_ids(row["clause_ids"])), row["valid_from"], row["valid_to_exclusive"])
        for row in rows.to_dict("records")
    )


def _read_twice(outcome: Outcome, last_day: str) -> list[Outcome]:
    """Return a regime that covers all days that bind; one that ends before stands behind its other reading."""
    ended = replace(outcome, regime_id=outcome.regime_id + ENDED, probability=0.0, goes_on=False)
    return [ended, outcome] if "" < ended.ends_on <= last_day else [outcome]


def bound_mean(outcomes: Sequence[Outcome], least: Array, most: Array) -> tuple[float, float]:
    r"""Return the least and the largest mean of a figure over the political states.

    .. math:: \min_\pi \sum_z \pi_z x_z, \quad \max_\pi \sum_z \pi_z y_z \quad
        \text{for all } l_z \le \pi_z \le u_z, \sum_z \pi_z = 1

    Parameters
    ----------
    outcomes : sequence of Outcome
        Political states with the ranges of their probabilities; of two readings of one regime the kinder or the harsher counts.
    least, most : numpy.ndarray
        Shape (states,): least and largest plausible figure given each state.

    Returns
    -------
    tuple of float and float
        Both are reached, at a corner of the box of probabilities.
    """
    found: dict[str, tuple[float, float, float, float]] = {}
    for one, kind, harsh in zip(outcomes, least, most, strict=True):
        name = one.regime_id.removesuffix(ENDED)
        _, _, kindest, harshest = found.get(name, (0.0, 0.0, kind, harsh))
        found[name] = (one.low, one.high, min(kind, kindest), max(harsh, harshest))
    low, high, kindest_of, harshest_of = np.array(list(found.values())).T
    return 0.0 - _fill_box(low, high, -kindest_of), _fill_box(low, high, harshest_of)


def _fill_box(low: Array, high: Array, figures: Array) -> float:
    """Return the largest mean of some figures over the probabilities of a box; what the least ones leave goes to the largest figures."""
    order = np.argsort(-figures, kind="stable")
    room = np.cumsum((high - low)[order])
    poured = np.diff(np.minimum(room, 1.0 - low.sum()), prepend=0.0)
    return float((low[order] + poured) @ figures[order])
