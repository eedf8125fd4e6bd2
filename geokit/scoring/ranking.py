"""Rank the alternatives of every case, keeping the evidence with the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.errors import UnknownNameError
from geokit.scoring.explain import list_contributions
from geokit.scoring.join import Joined
from geokit.scoring.matrix import DecisionMatrix
from geokit.scoring.methods import bound_scores, group_tiers, rank_scores, weigh_evidence, weighted_sum
from geokit.scoring.robustness import spread_scores
from geokit.scoring.scaling import Array
from geokit.scoring.screen import WITH_RANK, name_missing, read_hints, settle_statuses
from geokit.scoring.unknowns import list_gaps, rank_unknowns
from geokit.scoring.weights import Weights

COLUMNS = [
    "case_id", "rank", "alternative", "site_id", "stage_id", "partner", "score", "score_p10", "score_p90", "bound_low", "bound_high",
    "evidence_frac", "tier", "status", "status_reason", "beats_baseline", "reason",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Ranking:
    """The alternatives of every case in order, and why.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns as in the data dictionary (``ranking``): the cases in their order, within a case the rows with a rank, then the
        others by score. ``beats_baseline`` and ``reason`` are blank here: the study knows the feed and the words.
    contributions : pandas.DataFrame
        ``case_id``, ``alternative``, ``criterion_id``, ``weight``, ``value``, ``v``, ``contribution`` of the top rows.
    weights : mapping of str to Weights
        By partner.
    joined : Joined
        The cells, kept so that scoring again costs milliseconds.
    """

    table: pd.DataFrame = field(repr=False)
    contributions: pd.DataFrame = field(repr=False)
    weights: Mapping[str, Weights]
    joined: Joined = field(repr=False)
    statuses: pd.DataFrame = field(repr=False)
    assumptions: Assumptions = field(repr=False)

    @cached_property
    def unknowns(self) -> pd.DataFrame:
        """Return the missing cells, the most decisive first: columns as in the data dictionary (``unknowns``); found when first asked."""
        places = pd.CategoricalIndex(self.table["case_id"], categories=[case.case_id for case in self.joined.cases]).codes
        threshold, gaps = self.assumptions.scoring.evidence_threshold_frac, []
        for index, case in enumerate(self.joined.cases):
            scored = self.table[places == index].set_index("alternative").loc[self.joined.alternatives["alternative"]]
            weights = _vector(self.joined, self.weights, case.partner)
            gaps.append(list_gaps(self.joined, index, weights, scored=scored, threshold=threshold))
        return rank_unknowns(pd.concat(gaps, ignore_index=True), self.joined)

    def contributions_of(self, alternative: str | Sequence[str], case_id: str) -> pd.DataFrame:
        """Return what each criterion adds to the score of any alternative, also one below the top.

        Parameters
        ----------
        alternative : str or sequence of str
            As in ``site:stage``; several in the order wanted.
        case_id : str
            As in ``partner/track/on``.

        Returns
        -------
        pandas.DataFrame
            Columns as :attr:`contributions`.

        Raises
        ------
        UnknownNameError
            If the alternative or the case is not in the grid.
        """
        index = self.joined.index_of(case_id)
        weights = _vector(self.joined, self.weights, self.joined.cases[index].partner)
        wanted = [alternative] if isinstance(alternative, str) else alternative
        return list_contributions(self.joined, index, weights, alternatives=wanted)

    def rescore(
        self, weights: Mapping[str, Weights], *, case_ids: Sequence[str] | None = None, contributions_top: int | None = 60
    ) -> Ranking:
        """Rank again with other weights; nothing upstream is touched and no cell is joined again.

        Parameters
        ----------
        weights : mapping of str to Weights
            By partner; partners that are not named keep their weights.
        case_ids : sequence of str, optional
            The cases wanted; all when not given.
        contributions_top : int, optional
            How many rows of each case get their contributions; all when None.

        Returns
        -------
        Ranking
            Over the wanted cases.

        Raises
        ------
        UnknownNameError
            If a case is not in the grid, or a weight names no criterion.
        """
        chosen = range(len(self.joined.cases)) if case_ids is None else [self.joined.index_of(one) for one in case_ids]
        return rank_joined(
            self.joined.select(list(chosen)), {**self.weights, **weights}, statuses=self.statuses, assumptions=self.assumptions,
            contributions_top=contributions_top,
        )  # fmt: skip

    def __repr__(self) -> str:
        """Return the head of each case."""
        head = f"Ranking: {len(self.joined.cases)} cases, {len(self.joined.alternatives)} alternatives"
        shown = ["rank", "alternative", "score", "score_p10", "score_p90", "bound_high", "evidence_frac", "tier", "status"]
        parts = [
            f"{case_id}\n{rows.head(5)[shown].to_string(index=False, float_format='{:.3g}'.format)}"
            for case_id, rows in self.table.groupby("case_id", sort=False)
        ]
        return "\n\n".join([head, *parts])


def rank(  # noqa: PLR0917 (the signature that the rooms agreed on)
    matrix: DecisionMatrix, alternatives: pd.DataFrame, cases: Sequence[Case], weights_by_partner: Mapping[str, Weights], *,
    profiles: Mapping[tuple[str, str], str], statuses: pd.DataFrame, assumptions: Assumptions, contributions_top: int | None = 60,
) -> Ranking:  # fmt: skip
    """Rank the alternatives of every case by the weighted sum of what is known.

    Parameters
    ----------
    matrix : DecisionMatrix
        The cells with their values.
    alternatives : pandas.DataFrame
        Columns ``alternative``, ``kind``, ``site_id``, ``stage_id``.
    cases : sequence of Case
        In the order wanted.
    weights_by_partner : mapping of str to Weights
        One for each partner of the cases.
    profiles : mapping of (str, str) to str
        End-user profile by (alternative, partner).
    statuses : pandas.DataFrame
        Columns ``alternative``, ``partner``, ``status_hint`` (``screened``, ``conditional`` or blank), ``status_reason``.
    assumptions : Assumptions
        ``scoring.evidence_threshold_frac``, ``scoring.samples`` and ``seed``.
    contributions_top : int, optional
        How many rows of each case get their contributions; all when None.

    Returns
    -------
    Ranking
        Frozen.

    Raises
    ------
    UnknownNameError
        If a partner has no weights or a weight names no criterion of the matrix.
    LayerError
        If a status hint is unknown or stands twice.
    """
    joined = matrix.join(alternatives, cases, profiles)
    return rank_joined(joined, weights_by_partner, statuses=statuses, assumptions=assumptions, contributions_top=contributions_top)


def rank_joined(
    joined: Joined, weights_by_partner: Mapping[str, Weights], *, statuses: pd.DataFrame, assumptions: Assumptions,
    contributions_top: int | None = 60,
) -> Ranking:  # fmt: skip
    """Rank as :func:`rank` does, from cells that are already joined.

    Parameters
    ----------
    joined : Joined
        The cells of every case.
    weights_by_partner : mapping of str to Weights
        One for each partner of the cases.
    statuses : pandas.DataFrame
        As for :func:`rank`.
    assumptions : Assumptions
        As for :func:`rank`.
    contributions_top : int, optional
        How many rows of each case get their contributions; all when None.

    Returns
    -------
    Ranking
        Frozen.
    """
    tables, contributions = [], []
    hints = {partner: read_hints(statuses, joined, partner) for partner in dict.fromkeys(case.partner for case in joined.cases)}
    for index, case in enumerate(joined.cases):
        weights = _vector(joined, weights_by_partner, case.partner)
        scored = _score_case(joined, index, weights, hints=hints[case.partner], assumptions=assumptions)
        table = scored.sort_values(["rank", "score", "alternative"], ascending=[True, False, True], na_position="last")
        top = table[table["rank"].notna()]["alternative"].head(contributions_top if contributions_top is not None else len(table))
        tables.append(table)
        contributions.append(list_contributions(joined, index, weights, alternatives=top.tolist()))
    return Ranking(
        table=pd.concat(tables, ignore_index=True),
        contributions=pd.concat(contributions, ignore_index=True),
        weights=weights_by_partner,
        joined=joined,
        statuses=statuses,
        assumptions=assumptions,
    )


def _score_case(joined: Joined, index: int, weights: Array, *, hints: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Return the rows of one case in the order of the alternatives."""
    scoring, sourced = assumptions.scoring, joined.sourced(index)
    score = weighted_sum(joined.values(index), weights)
    bound_low, bound_high = bound_scores(joined.values(index, "v_low"), joined.values(index, "v_high"), weights)
    evidence = weigh_evidence(sourced, weights)
    find_out = name_missing(sourced, weights, joined.criteria)
    standing = settle_statuses(hints, joined.baseline, evidence, threshold=scoring.evidence_threshold_frac, find_out=find_out)
    p10, p90 = spread_scores(joined, index, weights, samples=scoring.samples, seed=assumptions.seed)
    p10, p90 = np.minimum(p10, score), np.maximum(p90, score)
    ranks = rank_scores(score, standing["status"].isin(WITH_RANK).to_numpy())
    case = joined.cases[index]
    return joined.alternatives.assign(
        case_id=case.case_id, partner=case.partner, rank=ranks, score=score, score_p10=p10, score_p90=p90, bound_low=bound_low,
        bound_high=bound_high, evidence_frac=evidence, tier=group_tiers(ranks, p10, p90), status=standing["status"],
        status_reason=standing["status_reason"], beats_baseline="", reason="",
    )[COLUMNS]  # fmt: skip


def _vector(joined: Joined, weights_by_partner: Mapping[str, Weights], partner: str) -> Array:
    """Return the weights of a partner in the order of the criteria, shape (criterion,)."""
    if partner not in weights_by_partner:
        raise UnknownNameError(kind="partner with weights", name=partner, known=list(weights_by_partner))
    weights, known = weights_by_partner[partner], [one.criterion_id for one in joined.criteria]
    unknown = [one for one in weights if one not in known]
    if unknown:
        raise UnknownNameError(kind="criterion in the matrix", name=unknown[0], known=known)
    return np.array([weights.get(one, 0.0) for one in known])
