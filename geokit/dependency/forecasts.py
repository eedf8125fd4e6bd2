"""The ledger of forecasts: what each probability follows from, and how good it was once the outcome is known."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from geokit.core.errors import LayerError, Problem
from geokit.dependency.hazard import DAYS_PER_YEAR, count_controls, measure_record, spread_chance

Spread = tuple[float, float, float]
Layers = Mapping[str, pd.DataFrame]

KEY = ["forecast_id", "made_on"]
CHANCES = ["probability_low", "probability_mode", "probability_high"]
TODAY = ["today_low", "today_mode", "today_high"]
"""What the layers give today for each of these probabilities."""
SHARED = ["question", "decided_by", "known_on", "due_on", "resolved_on", "resolved_source_id"]
"""Columns in which the options of one forecast say the same."""
UNKNOWN = (math.nan,) * 3
DIGITS = 4
"""Decimals with which the ledger keeps a probability."""


def recompute(layers: Layers) -> pd.DataFrame:
    """Return the ledger with the probabilities that the layers give today.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``forecasts``, ``regimes``, ``deposits`` and the tables of clauses.

    Returns
    -------
    pandas.DataFrame
        The rows of the ledger in its order, the three probabilities computed by the rule that each row names.

    Raises
    ------
    LayerError
        If a rule names a regime, technique class or deposit without the figures that it needs.
    """
    ledger = layers["forecasts"]
    _refuse(_find_baseless(ledger, layers))
    spreads = dict(zip(ledger.index, (_compute(row, layers) for _, row in ledger.iterrows()), strict=True))
    for _, rows in ledger[ledger["how"] != "none"].groupby(KEY):
        rest = rows.index[rows["how"] == "rest"]
        spreads |= dict.fromkeys(rest, _leave([spreads[one] for one in rows.index.difference(rest)]))
    return ledger.assign(**dict(zip(CHANCES, zip(*spreads.values(), strict=True), strict=True)))


def find_changes(layers: Layers) -> pd.DataFrame:
    """Return the open forecasts that the layers would make otherwise today.

    Of several forecasts of one question the last counts, and none whose outcome is known: a forecast is never changed afterwards.
    Where this finds something, add a forecast with a new day.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        As for :func:`recompute`.

    Returns
    -------
    pandas.DataFrame
        Rows of the ledger that differ by more than their decimals, with ``today_low``, ``today_mode`` and ``today_high`` beside what
        they say; none when the ledger is what the model says.

    Raises
    ------
    LayerError
        As :func:`recompute` does.
    """
    ledger, today = layers["forecasts"], recompute(layers)
    last = ledger["made_on"] == ledger.groupby("forecast_id")["made_on"].transform("max")
    told, found = (table[CHANCES].to_numpy() for table in (ledger, today))
    differs = ~np.isclose(told, found, rtol=0.0, atol=0.51 * 10.0**-DIGITS, equal_nan=True).all(axis=1)
    changed: pd.DataFrame = ledger.assign(**dict(zip(TODAY, found.T, strict=True)))[last & (ledger["outcome"] == "") & differs]
    return changed


def check_ledger(ledger: pd.DataFrame) -> None:
    """Refuse a ledger whose forecasts are none.

    The options of a forecast agree on question and days; their probabilities are all blank or add up to 1, and the ranges allow
    that; a forecast is made by the day that it is about, from what was known by then; an outcome is told of all options at
    once, with its day and a source, and exactly one comes true.

    Parameters
    ----------
    ledger : pandas.DataFrame
        The layer ``forecasts``.

    Raises
    ------
    LayerError
        With every problem.
    """
    _refuse(problem for _, rows in ledger.groupby(KEY) for problem in _judge(rows))


def score_forecasts(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return how good the resolved forecasts were.

    Parameters
    ----------
    ledger : pandas.DataFrame
        The layer ``forecasts``.

    Returns
    -------
    pandas.DataFrame
        One row a forecast whose outcome is known and that gave probabilities: ``forecast_id``, ``made_on``, ``came_true``,
        ``probability`` (of what came true), ``brier``, ``log_score`` (nats), and the same scores of equal probabilities, ``brier_equal``
        and ``log_score_equal``. Less is better.

    Raises
    ------
    LayerError
        If the ledger breaks a rule of :func:`check_ledger`.
    """
    check_ledger(ledger)
    resolved = ledger[(ledger["outcome"] != "") & ledger["probability_mode"].notna()]
    rows = [_score(rows) for _, rows in resolved.groupby(KEY)]
    names = [*KEY, "came_true", "probability", "brier", "log_score", "brier_equal", "log_score_equal"]
    return pd.DataFrame(rows, columns=names)


def score_brier(probability: ArrayLike, happened: ArrayLike) -> float:
    r"""Return the Brier score of one forecast over outcomes that exclude each other.

    .. math:: B = \sum_k (f_k - o_k)^2

    Parameters
    ----------
    probability : array_like
        Shape (outcomes,): f, adding up to 1.
    happened : array_like
        Shape (outcomes,): o, 1 for the outcome that came true and 0 for the others.

    Returns
    -------
    float
        0 for a certain and right forecast to 2 for a certain and wrong one; 1 - 1/K for equal probabilities of K outcomes. Halve it to
        compare with the score of two outcomes that looks at one of them alone.

    References
    ----------
    G. W. Brier, Verification of forecasts expressed in terms of probability, Mon. Weather Rev. 78 (1950) 1-3; A. H. Murphy, A new
    vector partition of the probability score, J. Appl. Meteorol. 12 (1973) 595-600.
    """
    return float(np.sum((np.asarray(probability, dtype=float) - np.asarray(happened, dtype=float)) ** 2))


def score_log(probability: float) -> float:
    r"""Return the logarithmic score of what came true.

    .. math:: L = -\ln f

    Parameters
    ----------
    probability : float
        Probability f that was given to what came true, 0-1.

    Returns
    -------
    float
        Nats: 0 for a certain and right forecast, ln K for equal probabilities of K outcomes, infinite where it was called impossible.

    References
    ----------
    I. J. Good, Rational decisions, J. R. Stat. Soc. B 14 (1952) 107-114.
    """
    return 0.0 - math.log(probability) if probability > 0.0 else math.inf


def _compute(row: pd.Series, layers: Layers) -> Spread:
    """Return low, mode and high of an option by its own rule; what the others leave is not known yet."""
    basis = row["basis_id"]
    if row["how"] == "prior":
        return _read_prior(layers["regimes"], basis)
    if row["how"] == "hazard":
        return _expect_control(layers, row)
    return _reach_year(layers["deposits"], row) if row["how"] == "first_ore" else UNKNOWN


def _read_prior(regimes: pd.DataFrame, regime_id: str) -> Spread:
    """Return the prior of a regime and its range."""
    rows = regimes[(regimes["regime_id"] == regime_id) & regimes["prior_mode"].notna()]
    low, mode, high = (math.fsum(rows[name].fillna(rows["prior_mode"])) for name in ("prior_low", "prior_mode", "prior_high"))
    return low, mode, high


def _expect_control(layers: Layers, row: pd.Series) -> Spread:
    """Return the chance of a new control on a technique class between the day of knowledge and the day that is asked about."""
    known, due = (dt.date.fromisoformat(row[name]) for name in ("known_on", "due_on"))
    return spread_chance(count_controls(layers, known)[row["basis_id"]], measure_record(layers, known), (due - known).days / DAYS_PER_YEAR)


def _reach_year(deposits: pd.DataFrame, row: pd.Series) -> Spread:
    """Return the chance that a deposit gives its first ore by a day, the year drawn as a triangle.

    Outside the triangle there is none: its ends are the years of a plan, and 0 or 1 would claim that a plan cannot miss.
    """
    years = deposits.loc[deposits["deposit_id"] == row["basis_id"], [f"first_ore_year_{end}" for end in ("low", "mode", "high")]]
    due = dt.date.fromisoformat(row["due_on"])
    chance = _cumulate(due.year + due.timetuple().tm_yday / DAYS_PER_YEAR, years.iloc[0].tolist())
    return (chance, chance, chance) if 0.0 < chance < 1.0 else UNKNOWN


def _cumulate(at: float, years: Sequence[float]) -> float:
    """Return the distribution function of a triangle of low, mode and high."""
    low, mode, high = years
    if at < low or at >= high:
        return float(at >= high)
    below, above = (at - low) ** 2, (high - at) ** 2
    return below / ((high - low) * (mode - low)) if at < mode else 1.0 - above / ((high - low) * (high - mode))


def _leave(others: Sequence[Spread]) -> Spread:
    """Return what the other options leave to the last."""
    low, mode, high = (math.fsum(figures) for figures in zip(*others, strict=True))
    return (max(1.0 - high, 0.0), 1.0 - mode, min(1.0 - low, 1.0)) if math.isfinite(mode) else UNKNOWN


def _score(rows: pd.DataFrame) -> dict[str, object]:
    """Return the scores of one forecast."""
    happened = rows["outcome"] == "yes"
    chance = float(rows.loc[happened, "probability_mode"].iloc[0])
    return {
        **{name: rows[name].iloc[0] for name in KEY},
        "came_true": rows.loc[happened, "option"].iloc[0],
        "probability": chance,
        "brier": score_brier(rows["probability_mode"], happened),
        "log_score": score_log(chance),
        "brier_equal": 1.0 - 1.0 / len(rows),
        "log_score_equal": math.log(len(rows)),
    }


def _judge(rows: pd.DataFrame) -> Iterator[Problem]:
    """Yield what is wrong with one forecast."""
    first = rows.iloc[0]
    breaches = [*_judge_chances(rows), *_judge_days(rows), *_judge_outcome(rows)]
    for value, rule, remedy in breaches:
        yield Problem("forecasts.csv", f"{first['forecast_id']}, made {first['made_on']}: {value}", rule, remedy)


def _judge_chances(rows: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with its options and probabilities."""
    for name in SHARED:
        if len(set(rows[name])) > 1:
            yield " / ".join(sorted(set(rows[name]))), f"its options differ in {name}", "write the same in every row of a forecast"
    if len(rows) == 1:
        yield rows["option"].iloc[0], "has a single outcome", "add the outcomes that exclude it"
    blank = rows[CHANCES].isna()
    if blank.all(axis=None):
        return
    low, mode, high = (math.fsum(rows[name]) for name in CHANCES)
    if blank.any(axis=None) or not math.isclose(mode, 1.0, abs_tol=len(rows) * 10.0**-DIGITS):
        yield f"{mode:g}", "is the sum of its probabilities and must be 1", "give every outcome all three figures, or none"
    elif not low <= 1.0 + 10.0**-DIGITS or not high >= 1.0 - 10.0**-DIGITS:
        yield f"{low:g} to {high:g}", "are the sums of its ranges and must hold 1 between them", "widen the ranges"


def _judge_days(rows: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with its days."""
    known, made, due = rows.iloc[0][["known_on", "made_on", "due_on"]]
    if not known <= made <= due:
        rule = "are the days on which it was known, made and due, out of order"
        yield f"{known}, {made}, {due}", rule, "what is made after its day is no forecast: leave it out"


def _judge_outcome(rows: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with its outcome."""
    told = ", ".join(rows["outcome"])
    day, source = rows.iloc[0][["resolved_on", "resolved_source_id"]]
    if (rows["outcome"] == "").all():
        if day or source:
            yield f"{day} {source}".strip(), "tells of an outcome that no option has", "write yes and no into outcome"
        return
    if sorted(rows["outcome"]) != ["no"] * (len(rows) - 1) + ["yes"]:
        yield told, "is no outcome: exactly one option comes true", "write yes once and no elsewhere"
    if not day or not source:
        yield told, "has no day or no source", "fill in resolved_on and resolved_source_id"
    elif day < rows["made_on"].iloc[0]:
        yield day, "lies before the forecast", "what was known on its day is no forecast: leave it out"


def _find_baseless(ledger: pd.DataFrame, layers: Layers) -> Iterator[Problem]:
    """Yield the rules that have nothing to go by."""
    regimes, deposits = layers["regimes"], layers["deposits"]
    years = deposits[[f"first_ore_year_{end}" for end in ("low", "mode", "high")]].notna().all(axis=1)
    known = {
        "prior": set(regimes.loc[regimes["prior_mode"].notna(), "regime_id"]),
        "hazard": set(layers["classes"]["class_id"]),
        "first_ore": set(deposits.loc[years, "deposit_id"]),
    }
    for row in ledger.to_dict("records"):
        if row["how"] in known and row["basis_id"] not in known[row["how"]]:
            place = f"forecasts.csv, {row['forecast_id']} {row['option']}"
            yield Problem(place, row["basis_id"], f"has no figures for the rule {row['how']}", "name one that has, or write none into how")


def _refuse(problems: Iterable[Problem]) -> None:
    """Raise what is wrong, if anything is."""
    found = list(problems)
    if found:
        raise LayerError(found)
