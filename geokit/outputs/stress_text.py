"""How far the order of a case stands, as lines to read and as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from geokit.io.stage import stage_folder
from geokit.io.write import write_table
from geokit.outputs.style import format_figure, format_percent
from geokit.scoring import Stress, name_drivers

TOP = 10
"""Rows that are told; the tables hold all."""
NEAREST = 4
"""Changes of a weight that are told, the smallest first."""
TABLES = ("acceptability", "central_weights", "wins", "flips", "methods", "agreement", "reversals", "drivers")
KEYS = {"central_weights": "alternative", "wins": "alternative", "agreement": "method"}
"""What the index of a table is."""


def tell_stress(stress: Stress, names: Mapping[str, str], criteria: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield what holds and what gives as lines.

    Parameters
    ----------
    stress : Stress
        As :func:`geokit.study.robust.stress` returns it.
    names : mapping of str to str
        Labels of the alternatives.
    criteria : mapping of str to str
        Names of the criteria.

    Yields
    ------
    tuple of str and bool
        A line and whether it is a heading.
    """
    drawn = f"weights drawn within what is stated of them, facts within their ranges ({stress.samples:,} draws)"
    yield f"Order of {stress.case_id}, {drawn}", True
    for row in stress.acceptability.head(TOP).to_dict("records"):
        first = f"first in {_say_share(row['first_frac'])} of the draws"
        bounds = f"{_say_share(row['first_frac_low'])} to {_say_share(row['first_frac_high'])} if what is missing were known"
        five = f"among the first five in {_say_share(row['top_five_frac'])}"
        yield f"{row['rank']:.0f}. {names.get(row['alternative'], row['alternative'])}: {first} ({bounds}), {five}", False
    yield "What would put another first", True
    flips = list(_tell_flips(stress.flips, names, criteria))
    yield from ((line, False) for line in flips or ["no weight alone does, within 0 to 1"])
    yield "What decides the lead", True
    drivers = name_drivers(stress.drivers)
    yield from ((line, False) for line in drivers or ["nothing stands out of the noise"])
    yield "By another method", True
    yield from ((line, False) for line in _tell_methods(stress, names))


def _tell_flips(flips: pd.DataFrame, names: Mapping[str, str], criteria: Mapping[str, str]) -> Iterator[str]:
    """Yield the smallest changes of a weight that put another row first."""
    for row in flips.dropna(subset=["change"]).sort_values("change").head(NEAREST).to_dict("records"):
        ways = (("below", row["weight_below"], row["winner_below"]), ("above", row["weight_above"], row["winner_above"]))
        told = [f"{side} {format_figure(at)} {names.get(who, who)} leads" for side, at, who in ways if pd.notna(at)]
        name = criteria.get(row["criterion_id"], row["criterion_id"])
        yield f"weight of {name} ({row['criterion_id']}), now {format_figure(row['weight'])}: {'; '.join(told)}"


def _tell_methods(stress: Stress, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the winner of each method, its agreement with the weighted sum, and how often others change places in it."""
    firsts = stress.methods[stress.methods["rank"] == 1]
    reference = stress.agreement.columns[0] if len(stress.agreement) else ""
    turned = Counter(stress.reversals["method"])
    for method, first in zip(firsts["method"], firsts["alternative"], strict=True):
        tau = f", Kendall's tau with {reference} {format_figure(stress.agreement.loc[method, reference])}" if method != reference else ""
        times = f"{turned[method]} {'time' if turned[method] == 1 else 'times'}"
        moved = f"; {times} another that came or left turned the rest round" if method in turned else ""
        yield f"{method}: {names.get(first, first)} leads{tau}{moved}"


def _say_share(share: float) -> str:
    """Return a share of draws in per cent, none that is rounded to never or always."""
    if 0.0 < share < 0.005:
        return f"<{format_percent(0.01)}"
    return f">{format_percent(0.99)}" if 0.995 <= share < 1.0 else format_percent(share)


def write_stress(stress: Stress, folder: Path, more: Mapping[str, pd.DataFrame] | None = None) -> Path:
    """Write the tables of a stress test into a folder, all or none.

    Parameters
    ----------
    stress : Stress
        What was found.
    folder : pathlib.Path
        Made when it does not exist.
    more : mapping of str to pandas.DataFrame, optional
        Further tables by name.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    with stage_folder(folder) as draft:
        for name in TABLES:
            frame = getattr(stress, name)
            frame = frame.rename_axis(KEYS[name]).reset_index() if name in KEYS else frame
            write_table(frame, draft / f"{name}.csv", ())
        for name, frame in (more or {}).items():
            write_table(frame, draft / f"{name}.csv", ())
    return folder
