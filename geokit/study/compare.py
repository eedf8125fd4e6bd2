"""Two studies side by side: what was changed, what moved, and which change moved it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.core.errors import UnknownNameError
from geokit.scoring.criteria import set_anchors
from geokit.scoring.shapley import EXACT, share_change
from geokit.study.replay import Question, Replay
from geokit.study.study import Study

INERT = ("title", "scoring.samples", "scoring.mode")
"""Assumptions that move no score by themselves: a name, the draws of a band, and what only sets the weights."""
ORDERS = 12
"""Orders drawn where more than eight things changed: about 12 rankings a change."""
NOT_HELD = "not held in the studies"
"""What moved though nothing that the studies hold explains it: another version of the program."""
SAME = 1e-9
"""Scores that differ by less are the same."""
CHANGES = ["key", "what", "before", "after"]
MOVES = [
    "alternative", "label", "rank_before", "rank", "places", "score_before", "score", "score_change", "status_before", "status",
]  # fmt: skip
SHARES = ["alternative", "key", "score_change", "places", "gains_rank"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """One case of two studies.

    Attributes
    ----------
    cases : tuple of Case
        Before and after.
    changes : pandas.DataFrame
        ``key`` (blank for what moves no score by itself), ``what``, ``before``, ``after``.
    moves : pandas.DataFrame
        One row an alternative of either study, by rank after: ``alternative``, ``label``, ``rank_before``, ``rank``, ``places`` (gained;
        NaN where it has no rank in one of them), ``score_before``, ``score``, ``score_change``, ``status_before``, ``status``.
    shares : pandas.DataFrame
        ``alternative``, ``key``, ``score_change``, ``places``, ``gains_rank`` (of having a rank at all, -1 to 1): the part of each
        change, its Shapley value; they add up to the move. ``places`` is NaN where a mixture of the changes leaves the alternative
        without a rank.
    is_exact : bool
        Whether every combination of the changes was ranked, or orders of them were drawn.
    """

    cases: tuple[Case, Case]
    changes: pd.DataFrame = field(repr=False)
    moves: pd.DataFrame = field(repr=False)
    shares: pd.DataFrame = field(repr=False)
    is_exact: bool = True


def pair_cases(before: Study, after: Study, *, partner: str | None = None, track: Track | str = Track.TEXT) -> list[tuple[Case, Case]]:
    """Return the cases of two studies that answer each other.

    Parameters
    ----------
    before, after : Study
        The studies.
    partner : str, optional
        For whom; every partner of both when not given, and the only one of each where they differ.
    track : Track or str
        Legal track.

    Returns
    -------
    list of tuple of Case
        In the order of the first study.

    Raises
    ------
    UnknownNameError
        If a study has no such case, or the two share no partner.
    """
    if partner is not None:
        return [(before.case(partner, track), after.case(partner, track))]
    here, there = ({case.partner: case for case in one.cases if case.track == track} for one in (before, after))
    if len(here) == len(there) == 1:
        return list(zip(here.values(), there.values(), strict=True))
    pairs = [(case, there[name]) for name, case in here.items() if name in there]
    if not pairs:
        kind = "partner of both studies"
        raise UnknownNameError(kind, f"any/{track}", sorted({*here, *there}))
    return pairs


def list_moves(before: Study, after: Study, cases: tuple[Case, Case]) -> pd.DataFrame:
    """Return what each alternative was and is, from the studies as they were saved.

    Parameters
    ----------
    before, after : Study
        The studies.
    cases : tuple of Case
        One of each.

    Returns
    -------
    pandas.DataFrame
        As :attr:`Comparison.moves`.
    """
    tables = [one.rankings.query("case_id == @case.case_id") for one, case in zip((before, after), cases, strict=True)]
    old, new = (table.set_index("alternative")[["rank", "score", "status"]] for table in tables)
    labels = pd.concat([one.alternatives.set_index("alternative")["label"] for one in (after, before)])
    both = new.join(old.add_suffix("_before"), how="outer").astype({"rank": float, "rank_before": float})
    moved = {"places": both["rank_before"] - both["rank"], "score_change": both["score"] - both["score_before"]}
    both = both.assign(label=labels[~labels.index.duplicated()], **moved)
    both = both.rename_axis("alternative").reset_index()
    return both.sort_values(["rank", "rank_before", "alternative"], ignore_index=True)[MOVES]


def list_changes(before: Study, after: Study, cases: tuple[Case, Case]) -> pd.DataFrame:
    """Return what differs between two studies in one case.

    Parameters
    ----------
    before, after : Study
        The studies.
    cases : tuple of Case
        One of each.

    Returns
    -------
    pandas.DataFrame
        As :attr:`Comparison.changes`, by key: an assumption by its name, ``weights``, ``date``, ``partner``, ``layers``, ``vendors``,
        ``cells``, and ``criteria``, under which the weights go too where the criteria differ.
    """
    first, second = cases
    rows = [(_key(path), path, *map(_tell, ends)) for path, ends in before.assumptions.diff(after.assumptions).items()]
    rows += [("date", name, str(one), str(other)) for name, one, other in _dates(first, second) if one != other]
    rows += [("partner", "partner", first.partner, second.partner)] if first.partner != second.partner else []
    rows += [("layers", name, *(_tell_table(one, name) for one in (before, after))) for name in _other_tables(before, after)]
    rows += _vendors(before, after) + _own_cells(before, after) + _preferences(before, after, cases)
    return pd.DataFrame(rows, columns=CHANGES)


def compare(
    before: Study, after: Study, cases: tuple[Case, Case], *, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> Comparison:
    """Compare one case of two studies, and share every move among the changes that made it.

    Each combination of the changes is ranked by the method itself, stage by stage, and what a stage found is kept for the next.

    Parameters
    ----------
    before, after : Study
        The studies.
    cases : tuple of Case
        One of each.
    progress : callable
        Called with how many combinations were ranked, and of how many at most.

    Returns
    -------
    Comparison
        Frozen.
    """
    changes, moves = list_changes(before, after, cases), list_moves(before, after, cases)
    keys = list(dict.fromkeys(changes.loc[changes["key"] != "", "key"]))
    first, second = (Question.of(one, case) for one, case in zip((before, after), cases, strict=True))
    replay, done = Replay(), [0]
    for study in (before, after):
        replay.learn(study)
    total = 2 ** len(keys) if len(keys) <= EXACT else ORDERS * (len(keys) - 1) + 2

    def rank(made: frozenset[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Return score, rank and whether there is one of every alternative with some of the changes made, shape (3, alternative)."""
        table = replay.answer(mix(first, second, made)).reindex(moves["alternative"])
        done[0] += 1
        progress(done[0], total)
        return table.assign(has_rank=table["rank"].notna())[["score", "rank", "has_rank"]].to_numpy(dtype=float).T

    parts = share_change(rank, keys, orders=ORDERS)
    names = moves["alternative"]
    tables = [
        pd.DataFrame({"alternative": names, "key": key, "score_change": part[0], "places": -part[1], "gains_rank": part[2]})
        for key, part in parts.items()
    ]
    shares = pd.concat([*tables, _list_rest(moves, tables)], ignore_index=True)
    return Comparison(cases, changes, moves, shares[SHARES], is_exact=len(keys) <= EXACT)


def mix(before: Question, after: Question, made: frozenset[str]) -> Question:
    """Return the first question with some of the changes that lead to the second.

    Parameters
    ----------
    before, after : Question
        The ends.
    made : frozenset of str
        Keys as in :func:`list_changes`.

    Returns
    -------
    Question
        The first itself for none, the second in all that counts for all.
    """
    changed = before.assumptions.find_changed(after.assumptions)
    given = {key: value for key, value in changed.items() if key in made}
    assumptions = before.assumptions.replace(**given) if given else before.assumptions
    case = before.case
    case = dataclasses.replace(case, on=after.case.on, known_on=after.case.known_on) if "date" in made else case
    case = dataclasses.replace(case, partner=after.case.partner) if "partner" in made else case
    return Question(
        layers=(after if "layers" in made else before).layers, assumptions=assumptions, case=case,
        weights=(after if {"weights", "criteria"} & made else before).weights,
        criteria=(after if "criteria" in made else before).criteria, cells=(after if "cells" in made else before).cells,
        vendors=(after if "vendors" in made else before).vendors,
    )  # fmt: skip


def _list_rest(moves: pd.DataFrame, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return what the parts leave of each change of score, as a part of its own; no row where they leave nothing."""
    explained = sum((part["score_change"].to_numpy() for part in parts), np.zeros(len(moves)))
    rest = moves["score_change"].to_numpy() - explained
    table = pd.DataFrame({"alternative": moves["alternative"], "key": NOT_HELD, "score_change": rest, "places": np.nan, "gains_rank": 0.0})
    told: pd.DataFrame = table[np.abs(rest) > SAME]
    return told


def _key(path: str) -> str:
    """Return the name under which a figure of the assumptions changes: a spread or a table changes as a whole."""
    key = ".".join(path.split(".")[:2])
    return "" if key in INERT else key


def _tell(value: object) -> str:
    """Return a value of an assumption or a weight as text."""
    return "none" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _dates(first: Case, second: Case) -> list[tuple[str, object, object]]:
    """Return the dates of two cases by name; that of knowledge where it is not that of the question."""
    old, new = ("date of the question" if case.known_on == case.on else case.known_on for case in (first, second))
    return [("date of the question", first.on, second.on), ("date of knowledge", old, new)]


def _other_tables(before: Study, after: Study) -> list[str]:
    """Return the layers whose rows differ, by what files of the user changed."""
    named = {one.table for study in (before, after) for one in study.layers.changes}
    return sorted(name for name in named if not before.layers.texts[name].equals(after.layers.texts[name]))


def _tell_table(study: Study, table: str) -> str:
    """Say what a file of the user changed in a layer."""
    return "; ".join(str(one) for one in study.layers.changes if one.table == table) or "as packaged"


def _vendors(before: Study, after: Study) -> list[tuple[str, str, str, str]]:
    """Return the vendor list as a change, if it is one."""
    ends = [one.vendors for one in (before, after)]
    if ends[0].to_csv() == ends[1].to_csv():
        return []
    old, new = (f"{len(one)} rows for {', '.join(sorted(set(one['class_id'])))}" if len(one) else "market shares" for one in ends)
    return [("vendors", "vendor list", old, new)]


def _own_cells(before: Study, after: Study) -> list[tuple[str, str, str, str]]:
    """Return the cells of the user as a change, if they are one."""
    if before.own_cells.to_csv() == after.own_cells.to_csv():
        return []
    ends = (one.own_cells for one in (before, after))
    old, new = (f"{len(one)} of {', '.join(sorted(set(one['criterion_id'])))}" if len(one) else "none" for one in ends)
    return [("cells", "own cells", old, new)]


def _preferences(before: Study, after: Study, cases: tuple[Case, Case]) -> list[tuple[str, str, str, str]]:
    """Return the weights that differ, and the criteria where they do."""
    redefined = _redefined(before, after)
    key = "criteria" if redefined else "weights"
    old, new = (one.weights[case.partner] for one, case in zip((before, after), cases, strict=True))
    shares = [(f"weight of {name}", _tell(old.get(name, 0.0)), _tell(new.get(name, 0.0))) for name in sorted({*old, *new})]
    names = [", ".join(one.criterion_id for one in study.matrix.criteria) for study in (before, after)]
    told = [("criteria", names[0], names[1])] if redefined else []
    return [(key, *row) for row in told + [row for row in shares if row[1] != row[2]]]


def _redefined(before: Study, after: Study) -> bool:
    """Tell whether the criteria differ by more than the anchors that the assumptions set."""
    anchors = before.assumptions.scoring.anchors
    return set_anchors(before.matrix.criteria, anchors) != set_anchors(after.matrix.criteria, anchors)
