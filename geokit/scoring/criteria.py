"""The criteria: what counts, which way is better, and what a figure is worth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import split_ids
from geokit.core.errors import AssumptionError, UnknownNameError
from geokit.scoring.scaling import ANCHOR_COUNT, Array, check_anchors, scale

MODES = ("full", "screen")
"""``full`` counts profitability, ``screen`` logistics and delay instead: each risk enters once (model rule M16)."""


@dataclass(frozen=True)
class Criterion:
    """One criterion of the decision.

    Attributes
    ----------
    criterion_id, group_id, group, label, unit : str
        As in the criteria table.
    sense : str
        ``max`` or ``min``: whether more or less is better.
    shape : str
        Shape of the value function.
    anchors : tuple of float or None
        Fixed figures of the value function, as many as the shape needs; ``None`` for one that nobody gave.
    varies_by : tuple of str
        Keys by which its cells differ.
    active_in : tuple of str
        Modes in which it counts.
    takes_in : tuple of str
        Modes in which the weight of criteria that do not count moves to it.
    missing : str
        What is not known when a cell is missing, in words; blank for its name.
    """

    criterion_id: str
    group_id: str
    group: str
    label: str
    unit: str
    sense: str
    shape: str
    anchors: tuple[float | None, ...]
    varies_by: tuple[str, ...] = ()
    active_in: tuple[str, ...] = MODES
    takes_in: tuple[str, ...] = ()
    missing: str = ""

    def __post_init__(self) -> None:
        if self.has_value_function:
            try:
                check_anchors(self.shape, self.known_anchors, self.sense)
            except AssumptionError as error:
                msg = f"criterion {self.criterion_id}: {error}"
                raise AssumptionError(msg) from None

    @property
    def known_anchors(self) -> tuple[float, ...]:
        """Return the anchors that are set."""
        return tuple(anchor for anchor in self.anchors if anchor is not None)

    @property
    def has_value_function(self) -> bool:
        """Return whether every anchor is set."""
        return len(self.known_anchors) == ANCHOR_COUNT[self.shape]

    @property
    def name(self) -> str:
        """Return the short name: the label up to its first colon, comma or bracket, with a small first letter."""
        head = re.split(r"[:,(]", self.label)[0].strip()
        return head[:1].lower() + head[1:]

    @property
    def ask(self) -> str:
        """Return what to find out when a cell is missing, in words."""
        return self.missing or self.name

    @property
    def arrow(self) -> str:
        """Return an arrow that points to the better side."""
        return "▲" if self.sense == "max" else "▼"

    def value(self, x: Array) -> Array:
        """Return the values of figures.

        Parameters
        ----------
        x : numpy.ndarray
            Figures in the unit of the criterion, any shape.

        Returns
        -------
        numpy.ndarray
            Values 0-1, same shape; NaN where ``x`` is NaN, and everywhere if an anchor is not set.
        """
        return scale(x, self.shape, self.known_anchors) if self.has_value_function else np.full(np.shape(x), np.nan)


def read_criteria(frame: pd.DataFrame, *, assumptions: Assumptions | None = None) -> tuple[Criterion, ...]:
    """Return the criteria of a table in its order.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns as the data dictionary says for ``criteria``; a column ``missing`` with words for what is not known may
        stand beside them.
    assumptions : Assumptions, optional
        ``scoring.anchors`` stand instead of the anchors of the table.

    Returns
    -------
    tuple of Criterion
        Frozen and checked.

    Raises
    ------
    AssumptionError
        If a shape or sense is unknown, or anchors make no value function.
    """
    found = [_read_criterion({str(name): cell for name, cell in row.items()}) for row in frame.to_dict("records")]
    return set_anchors(found, assumptions.scoring.anchors if assumptions else {})


def set_anchors(criteria: Iterable[Criterion], anchors: Mapping[str, Mapping[str, float]]) -> tuple[Criterion, ...]:
    """Return the criteria with some anchors replaced.

    Parameters
    ----------
    criteria : iterable of Criterion
        As read.
    anchors : mapping of str to mapping of str to float
        By criterion and parameter (``p1``, ``p2``, ``p3``).

    Returns
    -------
    tuple of Criterion
        New criteria in the same order.

    Raises
    ------
    UnknownNameError
        If a criterion does not exist.
    AssumptionError
        If its value function has no such parameter, or the anchors make no value function.
    """
    found = {criterion.criterion_id: criterion for criterion in criteria}
    for criterion_id, given in anchors.items():
        if criterion_id not in found:
            raise UnknownNameError(kind="criterion", name=criterion_id, known=list(found))
        found[criterion_id] = _with_anchors(found[criterion_id], given)
    return tuple(found.values())


def list_criteria(criteria: Sequence[Criterion]) -> pd.DataFrame:
    """Return criteria as a table, as :func:`read_criteria` reads one.

    Parameters
    ----------
    criteria : sequence of Criterion
        In the order wanted.

    Returns
    -------
    pandas.DataFrame
        Columns as the data dictionary says for ``criteria`` without those that only a reader needs, and ``missing``.
    """
    rows = []
    for one in criteria:
        anchors = [np.nan if anchor is None else anchor for anchor in one.anchors]
        modes = {f"active_{mode}": "yes" if mode in one.active_in else "no" for mode in MODES}
        modes |= {f"takes_{mode}": "yes" if mode in one.takes_in else "no" for mode in MODES}
        plain = {name: getattr(one, name) for name in ("criterion_id", "group_id", "group", "label", "unit", "sense", "shape", "missing")}
        figures = dict(zip(("p1", "p2", "p3"), [*anchors, np.nan, np.nan], strict=False))
        rows.append({**plain, **figures, "varies_by": ";".join(one.varies_by), **modes})
    return pd.DataFrame(rows)


def list_words(words: Sequence[str]) -> str:
    """Return words as a list in a sentence.

    Parameters
    ----------
    words : sequence of str
        In the order wanted.

    Returns
    -------
    str
        Commas between them and an "and" before the last; blank for none.

    Examples
    --------
    >>> list_words(["feed", "water", "power"])
    'feed, water and power'
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _with_anchors(criterion: Criterion, given: Mapping[str, float]) -> Criterion:
    """Return one criterion with some of its anchors replaced."""
    names = [f"p{number + 1}" for number in range(len(criterion.anchors))]
    unknown = sorted(set(given) - set(names))
    if unknown:
        msg = f"criterion {criterion.criterion_id} is {criterion.shape} and has anchors {names}, not {unknown}"
        raise AssumptionError(msg)
    anchors = zip(names, criterion.anchors, strict=True)
    return replace(criterion, anchors=tuple(given.get(name, anchor) for name, anchor in anchors))


def _read_criterion(row: Mapping[str, object]) -> Criterion:
    """Return one row as a criterion."""
    shape, sense = str(row["shape"]), str(row["sense"])
    if shape not in ANCHOR_COUNT or sense not in {"max", "min"}:
        allowed = f"a shape of {sorted(ANCHOR_COUNT)} and the sense max or min"
        msg = f"criterion {row['criterion_id']}: shape {shape!r}, sense {sense!r}; give {allowed}"
        raise AssumptionError(msg)
    figures = [float(str(row[f"p{number + 1}"])) for number in range(ANCHOR_COUNT[shape])]
    return Criterion(
        **{name: str(row[name]) for name in ("criterion_id", "group_id", "group", "label", "unit")},
        sense=sense,
        shape=shape,
        anchors=tuple(None if np.isnan(figure) else figure for figure in figures),
        varies_by=split_ids(row["varies_by"]),
        active_in=_modes(row, "active"),
        takes_in=_modes(row, "takes"),
        missing=str(row.get("missing", "")),
    )


def _modes(row: Mapping[str, object], prefix: str) -> tuple[str, ...]:
    """Return the modes in which a yes stands under the prefix."""
    return tuple(mode for mode in MODES if row.get(f"{prefix}_{mode}") == "yes")
