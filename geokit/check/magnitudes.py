"""A unit may have slipped: a hundred times the packaged figure, tonnes for million tonnes, a fraction for per cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from geokit.check.aliases import fold
from geokit.check.figures import read_figure, read_figures
from geokit.check.finding import Finding, Rows
from geokit.check.reference import Reference
from geokit.check.units import OF_GRADE, SEE, squeeze
from geokit.core.columns import Column

LEAP = 100.0
"""Factor between two figures of one row from which the unit is doubted; sources that mean one thing differ by less."""
TOO_LARGE = 10.0
"""Times the P90 of the tonnages of a type from which the unit is doubted; the largest known deposits stay below."""
TOO_POOR = {"grade_p10": 10.0, "grade_p50": 40.0, "grade_mean": 40.0}
"""How many times a grade lies below that of its model from which the unit is doubted. A fraction is a hundredth of the per cent, and
nine in ten grades lie within a factor of ten above the P10 and of two and a half above the mean."""
NO_MEASURE = frozenset({"deg", "year"})
"""Units of places and times, in which a factor means nothing."""
MODE, P90 = "tonnage_million_t_mode", "tonnage_million_t_p90"


def find_leaps(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every figure that differs from the packaged one of the same row by a factor of a hundred or more.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers; rows with a new key are passed over.

    Yields
    ------
    Finding
        Doubts.
    """
    base, mine, theirs = _pair_rows(rows, reference.frames.get(rows.table, rows.frame))
    for column in rows.columns if len(mine) else ():
        if column.type in {"number", "integer"} and column.unit not in NO_MEASURE and rows.holds(column.name) and column.name in base:
            ours, packaged = rows.figures(column.name)[mine], read_figures(base[column.name].iloc[theirs].tolist())
            factors = _divide(ours, packaged)
            is_leap = ((factors >= LEAP) | (factors <= 1 / LEAP)) & _share_units(rows, base, column, pairs=(mine, theirs))
            for place in np.flatnonzero(is_leap).tolist():
                yield _doubt_leap(rows, column, int(mine[place]), figures=(factors[place], packaged[place]))


def find_oversized(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every tonnage of more than ten times the P90 of its deposit type.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers; a type whose model states no tonnage in million tonnes is held against the largest P90 of all models.

    Yields
    ------
    Finding
        Doubts.
    """
    if not rows.holds("deposit_type", MODE) or not (most := _list_most(reference)):
        return
    models, largest = _index_models(reference), max(most.values())
    own = [most.get(models.get(fold(kind), "")) for kind in rows.cells["deposit_type"]]
    bounds = np.array([bound or largest for bound in own])
    for row in np.flatnonzero(rows.figures(MODE) > TOO_LARGE * bounds).tolist():
        kind = "this type" if own[row] else "the largest type"
        rule = f"looks like tonnes, not million tonnes: nine in ten deposits of {kind} stay below {bounds[row]:g} million t"
        remedy = "divide it by 1,000,000, or leave it if the source says million t"
        yield Finding(row, MODE, rows.cells[MODE][row], rule, remedy, is_doubt=True)


def find_fractions(rows: Rows, reference: Reference) -> Iterator[Finding]:
    """Yield every grade in per cent that lies so far below those of its deposit type that it may be a fraction.

    Parameters
    ----------
    rows : Rows
        The table as text.
    reference : Reference
        The layers; a type without a model in that unit is held against the poorest model in it.

    Yields
    ------
    Finding
        Doubts.
    """
    if not rows.holds("deposit_type", "grade_unit") or not (least := _list_least(reference)):
        return
    models, units = _index_models(reference), rows.cells["grade_unit"]
    pairs = [(models.get(fold(kind), ""), squeeze(unit)) for kind, unit in zip(rows.cells["deposit_type"], units, strict=True)]
    bounds = np.array([least.get(pair, least.get(("", pair[1]), np.nan)) for pair in pairs])
    for name in (column.name for column in rows.columns if column.unit == OF_GRADE and rows.holds(column.name)):
        figures = rows.figures(name)
        for row in np.flatnonzero((figures < bounds) & (figures > 0)).tolist():
            rule = f"is little for this type, of which even {bounds[row]:.2g} {units[row]} would be poor: a fraction taken as per cent?"
            remedy = f"write {100 * figures[row]:.6g} if it is a fraction; leave it if the source says per cent"
            yield Finding(row, name, rows.cells[name][row], rule, remedy, is_doubt=True)


def _pair_rows(rows: Rows, base: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the packaged rows, and the positions in the table and among them of the rows that share a key; none for the layer itself."""
    key = [column.name for column in rows.columns if column.key]
    if base is rows.frame or not key or not rows.holds(*key) or not set(key) <= set(base.columns):
        return base, np.empty(0, dtype=int), np.empty(0, dtype=int)
    known = {values: place for place, values in enumerate(zip(*(base[name] for name in key), strict=True))}
    places = np.array([known.get(values, -1) for values in zip(*(rows.cells[name] for name in key), strict=True)], dtype=int)
    return base, np.flatnonzero(places >= 0), places[places >= 0]


def _divide(ours: np.ndarray, packaged: np.ndarray) -> np.ndarray:
    """Return how many times ours is of the packaged figure; not-a-number where one is blank, nought or of the other sign."""
    usable = np.isfinite(ours) & np.isfinite(packaged) & (ours * np.sign(packaged) > 0)
    return np.asarray(np.divide(ours, packaged, out=np.full(len(ours), np.nan), where=usable))


def _share_units(rows: Rows, base: pd.DataFrame, column: Column, *, pairs: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return whether paired rows of the table and of the layer state one unit, where a column of the row states it."""
    found = SEE.fullmatch(column.unit)
    if not found or not rows.holds(found[1]) or found[1] not in base:
        return np.ones(len(pairs[0]), dtype=bool)
    ours, packaged = rows.frame[found[1]].iloc[pairs[0]], base[found[1]].iloc[pairs[1]]
    return np.array([squeeze(one) == squeeze(other) for one, other in zip(ours, packaged, strict=True)], dtype=bool)


def _doubt_leap(rows: Rows, column: Column, row: int, *, figures: tuple[float, float]) -> Finding:
    """Return the doubt about one figure."""
    factor, packaged = figures
    found = SEE.fullmatch(column.unit)
    unit = rows.cells[found[1]][row] if found and rows.holds(found[1]) else column.unit
    times = f"{factor:,.0f} times" if factor > 1 else f"{1 / factor:,.0f} times less than"
    rule, remedy = f"is {times} the packaged figure, {packaged:g} {unit}".rstrip(), f"write it in {unit or 'the unit of the column'}"
    return Finding(row, column.name, rows.cells[column.name][row], rule, f"{remedy}; leave it if the source says so", is_doubt=True)


def _index_models(reference: Reference) -> dict[str, str]:
    """Return folded deposit types to their grade-tonnage model."""
    types = reference.frames.get("grade_tonnage_map")
    return {} if types is None else dict(zip(types["deposit_type"].map(fold), types["model_id"], strict=True))


def _list_most(reference: Reference) -> dict[str, float]:
    """Return the largest P90 of the tonnage of each model that states one, million t."""
    models = reference.frames.get("grade_tonnage")
    if models is None or P90 not in models:
        return {}
    figures = pd.Series(read_figures(models[P90].tolist()), index=models["model_id"]).dropna()
    return {str(model): float(most) for model, most in figures.groupby(level=0).max().items()}


def _list_least(reference: Reference) -> dict[tuple[str, str], float]:
    """Return the grade in per cent below which a figure is doubted, by model and unit, and by a blank and the unit for all models."""
    models = reference.frames.get("grade_tonnage")
    least: dict[tuple[str, str], float] = {}
    for model in [] if models is None else models.to_dict("records"):
        bound = _bound_grade(model)
        if bound > 0 and model["grade_unit"].startswith("%"):
            for pair in ((model["model_id"], squeeze(model["grade_unit"])), ("", squeeze(model["grade_unit"]))):
                least[pair] = min(bound, least.get(pair, bound))
    return least


def _bound_grade(model: Mapping[Any, Any]) -> float:
    """Return the grade below which one of a model is doubted, by the first of its figures that is known; nought when none is."""
    known = ((read_figure(model.get(name, "")), times) for name, times in TOO_POOR.items())
    return next((figure / times for figure, times in known if figure > 0), 0.0)
