"""The finished study: frozen tables, the assumptions behind them and the sources under them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from geokit.catalog import Layers
from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.core.errors import LayerError, Problem, UnknownNameError
from geokit.scoring import DecisionMatrix, Ranking, Weights
from geokit.scoring.criteria import list_criteria
from geokit.study.explain import explain
from geokit.study.ranked import tell
from geokit.study.store import read_study, save_study

SHOWN = [
    "rank",
    "alternative",
    "score",
    "score_p10",
    "score_p90",
    "bound_high",
    "tier",
    "beats_baseline",
    "status",
    "status_reason",
    "reason",
]

MOVES_UNKNOWN: dict[str, Any] = {"ranks_moved": math.nan, "most_places": math.nan, "falls_most": "", "falls_places": math.nan, "leader": ""}
"""What is known of the ranks that closures move after other weights: nothing."""


@dataclass(frozen=True)
class Study:
    """Everything that was asked, assumed and found; :func:`geokit.evaluate` makes it.

    Attributes
    ----------
    layers : Layers
        The facts.
    assumptions : Assumptions
        What was assumed.
    cases : tuple of Case
        The questions.
    alternatives, hauls, dependency, exposure, ties, procurement, frontier, outages : pandas.DataFrame
        What freight and controls found; columns as in the data dictionary.
    economics, gates, outlets, feeds, states : pandas.DataFrame
        What the other stages found; columns as in the data dictionary. ``states`` holds the clauses on the date of the question.
    balance, feed_years, feed_gaps, merit, impurities : pandas.DataFrame
        Metal balance of each step, feed by year and scenario with what is missing for it, lots of feed in order of cost, limits of buyers.
    value_states, cash_flows : pandas.DataFrame
        Value of each plant that has one by political state, and its cash flow line by line.
    inbound : pandas.DataFrame
        Freight of what a plant needs from the coast.
    reality, reality_years : pandas.DataFrame
        The modelled feed beside what the country makes and ships, by commodity and by year (model rule M22).
    reliability, detours, closure_effects, closure_ranks : pandas.DataFrame
        How many days a year hauls are shut, the ways round named closures, what these do to the plants of each partner, and the ranks
        that move while one lasts (empty until :func:`geokit.study.closures_rank.run_closures` ran); columns as in the data dictionary.
    vendors : pandas.DataFrame
        The user's vendor list as :func:`geokit.dependency.read_vendors` returns it; no row where market shares stand in.
    own_cells : pandas.DataFrame
        The user's cells as :attr:`geokit.study.own_criteria.OwnCriteria.cells`; no row where there are none.
    matrix : DecisionMatrix
        Alternatives x criteria: facts, no weights.
    weights : mapping of str to Weights
        Preferences, by partner.
    standing : pandas.DataFrame
        What stands against ranking an alternative for a partner without a word.
    scored : Ranking
        The bare ranking, with the joined cells that make scoring again cheap.
    rankings : pandas.DataFrame
        All cases, one row an alternative and case, with its reason in words.
    headlines : mapping of str to str
        The honest first line of each case.
    remarks : mapping of str to str
        What else bears on a whole case: how many plants have a value, what does not separate the leaders.
    warnings : tuple of str
        What a reader must know before the rest.
    turns : tuple of tuple of str
        Days (ISO) from which on the study is out of date, each with what to tell then.
    """

    layers: Layers
    assumptions: Assumptions
    cases: tuple[Case, ...]
    alternatives: pd.DataFrame = field(repr=False)
    hauls: pd.DataFrame = field(repr=False)
    exposure: pd.DataFrame = field(repr=False)
    ties: pd.DataFrame = field(repr=False)
    procurement: pd.DataFrame = field(repr=False)
    frontier: pd.DataFrame = field(repr=False)
    outages: pd.DataFrame = field(repr=False)
    dependency: pd.DataFrame = field(repr=False)
    economics: pd.DataFrame = field(repr=False)
    gates: pd.DataFrame = field(repr=False)
    outlets: pd.DataFrame = field(repr=False)
    feeds: pd.DataFrame = field(repr=False)
    states: pd.DataFrame = field(repr=False)
    balance: pd.DataFrame = field(repr=False)
    value_states: pd.DataFrame = field(repr=False)
    cash_flows: pd.DataFrame = field(repr=False)
    feed_years: pd.DataFrame = field(repr=False)
    feed_gaps: pd.DataFrame = field(repr=False)
    merit: pd.DataFrame = field(repr=False)
    impurities: pd.DataFrame = field(repr=False)
    inbound: pd.DataFrame = field(repr=False)
    reality: pd.DataFrame = field(repr=False)
    reality_years: pd.DataFrame = field(repr=False)
    reliability: pd.DataFrame = field(repr=False)
    detours: pd.DataFrame = field(repr=False)
    closure_effects: pd.DataFrame = field(repr=False)
    closure_ranks: pd.DataFrame = field(repr=False)
    vendors: pd.DataFrame = field(repr=False)
    own_cells: pd.DataFrame = field(repr=False)
    matrix: DecisionMatrix = field(repr=False)
    weights: Mapping[str, Weights] = field(repr=False)
    standing: pd.DataFrame = field(repr=False)
    scored: Ranking = field(repr=False)
    rankings: pd.DataFrame = field(repr=False)
    headlines: Mapping[str, str] = field(repr=False)
    remarks: Mapping[str, str] = field(repr=False)
    warnings: tuple[str, ...] = ()
    turns: tuple[tuple[str, str], ...] = ()

    @property
    def contributions(self) -> pd.DataFrame:
        """Return weight x value of every criterion of every row that carries a rank."""
        return self.scored.contributions

    @property
    def criteria(self) -> pd.DataFrame:
        """Return what counts, one row a criterion."""
        return list_criteria(self.matrix.criteria)

    @property
    def unknowns(self) -> pd.DataFrame:
        """Return the missing cells, the most decisive first; found when first asked."""
        return self.scored.unknowns

    def case(self, partner: str, track: Track | str = Track.TEXT) -> Case:
        """Return the case of a partner on a legal track.

        Raises
        ------
        UnknownNameError
            If the study holds no such case.
        """
        found = [case for case in self.cases if case.partner == partner and case.track == track]
        if not found:
            raise UnknownNameError("case", f"{partner}/{track}", [case.case_id for case in self.cases])
        return found[0]

    def ranking(self, partner: str, *, track: Track | str = Track.TEXT, top: int | None = None) -> pd.DataFrame:
        """Return the ranked rows of one case, best first.

        Parameters
        ----------
        partner : str
            A partner of the study.
        track : Track or str
            Legal track.
        top : int, optional
            How many rows; all ranked rows when not given.

        Returns
        -------
        pandas.DataFrame
            Rows that carry a rank; columns rank, alternative, score and its bands, tier, beats_baseline, status, reason.
        """
        case_id = self.case(partner, track).case_id
        rows = self.rankings[(self.rankings["case_id"] == case_id) & self.rankings["rank"].notna()]
        return rows.sort_values("rank")[SHOWN].head(top or len(rows)).reset_index(drop=True)

    def explain(self, alternative: str, partner: str, *, track: Track | str = Track.TEXT) -> dict[str, Any]:
        """Return everything known about one alternative in one case: see :func:`geokit.study.explain.explain`."""
        return explain(self, alternative, self.case(partner, track))

    def rescore(self, weights: Mapping[str, float], *, partner: str | None = None) -> Study:
        """Return a study ranked by other weights; nothing upstream of the ranking is computed again.

        Parameters
        ----------
        weights : mapping of str to float
            Criterion id to weight; the criteria not named share what is left in their old proportions.
        partner : str, optional
            For whom; all partners when not given.

        Returns
        -------
        Study
            A copy over the cases of that partner, with new rankings, contributions, unknowns and headlines.
        """
        partners = [partner] if partner else None
        chosen = dict.fromkeys(case.partner for case in self.cases if partner in {None, case.partner})
        return self.reweigh({name: self.weights[name].replace(weights) for name in chosen}, partners=partners)

    def reweigh(self, weights: Mapping[str, Weights], *, partners: Collection[str] | None = None) -> Study:
        """Return a study ranked by full sets of weights.

        Parameters
        ----------
        weights : mapping of str to Weights
            By partner; those not named keep theirs.
        partners : collection of str, optional
            For whom; all partners when not given.

        Returns
        -------
        Study
            A copy over the cases of those partners.

        Raises
        ------
        UnknownNameError
            If the study has no case of a partner.
        """
        known = list(dict.fromkeys(case.partner for case in self.cases))
        for name in partners or ():
            if name not in known:
                raise UnknownNameError("partner of this study", name, known)
        chosen = tuple(case for case in self.cases if partners is None or case.partner in partners)
        changed = {**self.weights, **weights}
        scored = self.scored.rescore(changed, case_ids=[case.case_id for case in chosen], contributions_top=None)
        unmoved = self.closure_effects.assign(**MOVES_UNKNOWN)
        none = self.closure_ranks.iloc[:0]
        return tell(
            dataclasses.replace(self, weights=changed, cases=chosen, scored=scored, closure_effects=unmoved, closure_ranks=none)
        )

    def save(self, path: Path) -> Path:
        """Write the study as one file: see :func:`geokit.study.store.save_study`."""
        return save_study(self, path)

    @classmethod
    def load(cls, path: Path, layers: Layers | None = None) -> Study:
        """Open a saved study, or that in the folder of a run: see :func:`geokit.study.store.read_study`."""
        made = read_study(path, layers)
        strange = sorted(made.keys() ^ {one.name for one in dataclasses.fields(cls)})
        if strange:
            rule = "is kept by another version of geokit or by this one alone"
            problems = [Problem(Path(path).name, name, rule, "run geokit again to write the study anew") for name in strange]
            raise LayerError(problems, where="a saved study")
        return cls(**made)

    def __str__(self) -> str:
        """Return the headlines."""
        return "\n".join(self.headlines[case.case_id] for case in self.cases)
