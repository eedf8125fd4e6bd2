"""Ask one case again with something changed: each stage runs only if what it reads is new, and what it found is kept."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from geokit.catalog import Layers, site_facts
from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.dependency import assess, gates, outlets, profile_alternatives
from geokit.dependency.assess import Dependency
from geokit.economics import estimate
from geokit.io.defaults import read_assumptions
from geokit.network import ClosedHauls, build_world, close_hauls, route_cells
from geokit.scoring import Criterion, Weights, build_matrix, rank
from geokit.scoring.criteria import set_anchors
from geokit.study.freight import COUNT, Freight, move_freight
from geokit.study.own_criteria import lay_cells
from geokit.study.politics import lay_states
from geokit.study.standing import judge_feed, judge_standing
from geokit.study.vendors import name_any

if TYPE_CHECKING:
    from geokit.study.study import Study

Found = TypeVar("Found")
Reads = Mapping[str, Any]
FREIGHT: Reads = dict.fromkeys(COUNT, True)
CONTROLS: Reads = dict.fromkeys(("controls", "procurement", "finance", "seed"), True)
GATES: Reads = dict.fromkeys(("gates", "finance", "controls"), True)
MONEY: Reads = {"feed": True, "finance": True, "seed": True, "controls": {"fid_on", "months_to_fid"}}
SCORING: Reads = dict.fromkeys(("scoring", "seed"), True)
VALUED = ("E1", "E2")
"""Criteria of profitability: only they read what the political states mean for money."""
TOLD = ["alternative", "rank", "score", "status"]
KEPT = 32
"""Answers of a stage that are kept, the last used; the largest take about 10 MB each."""
HAUL = ["origin_id", "destination_id", "kind", "product_id"]
FIGURES = ["value_low", "value", "value_high"]


@dataclass(frozen=True, eq=False)
class Question:
    """One case and everything that its ranking follows from.

    Attributes
    ----------
    layers : Layers
        The facts.
    assumptions : Assumptions
        What is assumed.
    case : Case
        For whom, when, by which reading of the law.
    weights : Weights
        Preferences of the partner.
    criteria : tuple of Criterion
        What counts.
    cells : pandas.DataFrame
        The user's cells; no row where there are none.
    vendors : pandas.DataFrame
        The user's vendor list; no row where market shares stand in.
    closure : str
        Named closure that lasts; blank = none.
    """

    layers: Layers
    assumptions: Assumptions
    case: Case
    weights: Weights
    criteria: tuple[Criterion, ...]
    cells: pd.DataFrame = field(repr=False)
    vendors: pd.DataFrame = field(repr=False)
    closure: str = ""

    @classmethod
    def of(cls, study: Study, case: Case) -> Question:
        """Return the question that a case of a study answers."""
        return cls(
            study.layers, study.assumptions, case, study.weights[case.partner], study.matrix.criteria, study.own_cells, study.vendors
        )  # fmt: skip

    def replace(self, **changes: object) -> Question:
        """Return the question with something changed; ``assumptions`` may be a mapping of dotted names to values."""
        given = changes.pop("assumptions", None)
        if isinstance(given, Mapping):
            changes["assumptions"] = self.assumptions.replace(**given)
        elif given is not None:
            changes["assumptions"] = given
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


@dataclass(eq=False)
class Replay:
    """The method for one case, with what each stage found kept under what it read.

    Each stage is handed the packaged assumptions with only the sections that it reads replaced, so nothing else can count; the key
    is their text, the case and the layers.

    Attributes
    ----------
    runs : dict of str to int
        How often each stage ran.
    """

    runs: dict[str, int] = field(default_factory=dict)
    _kept: dict[str, dict[Hashable, Any]] = field(default_factory=dict, repr=False)
    _layers: dict[int, Layers] = field(default_factory=dict, repr=False)

    def learn(self, study: Study, closed: ClosedHauls | None = None) -> None:
        """Keep what a study says of freight, so that its hauls are not routed again; and what closures leave of them, if that is known."""
        question = Question.of(study, study.cases[0])
        freight = Freight(study.alternatives, study.hauls, study.reliability, study.detours, study.inbound)
        key = self._facts(question), self._narrow(question, FREIGHT)[1]
        self._keep("freight", key, lambda: freight)
        if closed is not None:
            self._keep("closures", key, lambda: closed.hauls)

    def answer(self, question: Question) -> pd.DataFrame:
        """Return the ranking of a question.

        Parameters
        ----------
        question : Question
            What is asked.

        Returns
        -------
        pandas.DataFrame
            ``rank`` (NaN for none), ``score`` and ``status``, index the alternative, sorted.
        """
        freight, hauls = self._freight(question), self._hauls(question)
        takers, barriers = self._outlets(question), self._gates(question, freight)
        dependency, money = self._dependency(question, freight), self._money(question, freight, hauls)
        places, routes = self._places(question, freight), self._routes(question, freight)
        cells = _gather([routes, places, dependency.cells, money[0]], question)
        assumptions = self._narrow(question, SCORING)[0].replace(scoring__samples=1)
        criteria = set_anchors(question.criteria, assumptions.scoring.anchors)
        matrix = build_matrix(cells, criteria, assumptions=assumptions)
        standing = judge_standing(freight.alternatives, feeds=money[1], gates=barriers, outlets=takers)
        who = {question.case.partner: question.weights}
        scored = rank(
            matrix, freight.alternatives, [question.case], who, profiles=self._profiles(question, freight), statuses=standing,
            assumptions=assumptions, contributions_top=0,
        )  # fmt: skip
        return scored.table[TOLD].set_index("alternative").sort_index()

    def _freight(self, question: Question) -> Freight:
        """Return what moves and how, with nothing closed."""
        assumptions, key = self._narrow(question, FREIGHT)
        return self._keep("freight", (self._facts(question), key), lambda: move_freight(question.layers, assumptions))

    def _hauls(self, question: Question) -> pd.DataFrame:
        """Return the hauls as the closure leaves them."""
        hauls = self._freight(question).hauls
        if not question.closure:
            return hauls
        assumptions, text = self._narrow(question, FREIGHT)
        key = self._facts(question), text
        closed: pd.DataFrame = self._keep("closures", key, lambda: close_hauls(build_world(question.layers, assumptions), hauls).hauls)
        again = closed[closed["closure_id"] == question.closure]
        touched = pd.MultiIndex.from_frame(hauls[HAUL]).isin(pd.MultiIndex.from_frame(again[HAUL]))
        left = again.dropna(subset=["usd_per_t"])[hauls.columns]
        told: pd.DataFrame = pd.concat([hauls[~touched], left]).sort_values(HAUL, ignore_index=True)
        return told

    def _outlets(self, question: Question) -> pd.DataFrame:
        """Return who takes what."""
        return self._keep("outlets", self._facts(question), lambda: outlets(question.layers))

    def _gates(self, question: Question, freight: Freight) -> pd.DataFrame:
        """Return the gates of the partner."""
        assumptions, text = self._narrow(question, GATES)
        key = self._facts(question), question.case, text
        return self._keep("gates", key, lambda: gates(question.layers, freight.alternatives, [question.case], assumptions=assumptions))

    def _dependency(self, question: Question, freight: Freight) -> Dependency:
        """Return what hangs on controlled items."""
        assumptions, text = self._narrow(question, CONTROLS)
        key = self._facts(question), question.case, text, question.vendors.to_csv()
        return self._keep("controls", key, lambda: assess(
            question.layers, freight.alternatives, [question.case], assumptions=assumptions, vendors=name_any(question.vendors),
        ))  # fmt: skip

    def _money(self, question: Question, freight: Freight, hauls: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the cells of feed and money, and what the holders of the feed mean; political states count only where profit does."""
        assumptions, text = self._narrow(question, MONEY)
        key: tuple[Hashable, ...] = self._facts(question), self._narrow(question, FREIGHT)[1], question.closure, question.case.on, text
        states = None
        if any(question.weights.get(name, 0.0) for name in VALUED):
            dependency, profiles = self._dependency(question, freight), self._profiles(question, freight)
            states = lay_states(question.layers, freight.alternatives, dependency, profiles=profiles)
            key = *key, question.case, self._narrow(question, CONTROLS)[1], question.vendors.to_csv()

        def find() -> tuple[pd.DataFrame, pd.DataFrame]:
            """Estimate, and keep only what a ranking reads."""
            found = estimate(
                question.layers, freight.alternatives, hauls, assumptions=assumptions, outlets=self._outlets(question),
                on=question.case.on, states=states,
            )  # fmt: skip
            return found.cells, judge_feed(freight.alternatives, found.feeds)

        return self._keep("money", key, find)

    def _places(self, question: Question, freight: Freight) -> pd.DataFrame:
        """Return what the layers say of the sites."""
        assumptions, text = self._narrow(question, SCORING)
        key = self._facts(question), text
        return self._keep("sites", key, lambda: site_facts(question.layers, freight.alternatives, assumptions=assumptions))

    def _routes(self, question: Question, freight: Freight) -> pd.DataFrame:
        """Return how reliable the routes are."""
        key = self._facts(question), self._narrow(question, FREIGHT)[1]
        return self._keep("routes", key, lambda: route_cells(
            freight.hauls, freight.alternatives, question.layers, reliability=freight.reliability, detours=freight.detours,
        ))  # fmt: skip

    def _profiles(self, question: Question, freight: Freight) -> dict[tuple[str, str], str]:
        """Return the end-user profile of each (alternative, partner)."""
        partner = question.case.partner
        told = self._keep(
            "profiles", (self._facts(question), partner), lambda: profile_alternatives(question.layers, freight.alternatives, [partner])
        )
        return dict(zip(zip(told["alternative"], told["partner"], strict=True), told["profile"], strict=True))

    def _facts(self, question: Question) -> int:
        """Return what tells the layers of a question from others; they are kept, so that no others can take their place in memory."""
        self._layers[id(question.layers)] = question.layers
        return id(question.layers)

    def _narrow(self, question: Question, reads: Reads) -> tuple[Assumptions, str]:
        """Return the packaged assumptions with what a stage reads replaced by those of the question, and that as text."""
        tree = question.assumptions.model_dump(mode="json", include=dict(reads))
        text = json.dumps(tree, sort_keys=True)
        return self._keep("assumptions", text, lambda: _lay(tree)), text

    def _keep(self, stage: str, key: Hashable, make: Callable[[], Found]) -> Found:
        """Return what a stage found for a key, found now if it is new."""
        kept = self._kept.setdefault(stage, {})
        if key not in kept:
            kept[key] = make()
            self.runs[stage] = self.runs.get(stage, 0) + 1
        found: Found = kept.pop(key)
        kept[key] = found
        for old in list(kept)[: -KEPT]:
            del kept[old]
        return found


def _gather(made: Sequence[pd.DataFrame], question: Question) -> pd.DataFrame:
    """Return the cells that the stages made and those of the user, of the criteria of the question."""
    both = lay_cells(made, question.cells)
    return both[both["criterion_id"].isin([one.criterion_id for one in question.criteria])].astype(dict.fromkeys(FIGURES, float))


def _lay(tree: Mapping[str, Any]) -> Assumptions:
    """Return the packaged assumptions with some sections, or some figures of a section, replaced."""
    base = read_assumptions().model_dump(mode="json")
    both = {name: {**base[name], **part} if isinstance(part, Mapping) else part for name, part in tree.items()}
    return Assumptions.build({**base, **both}, "replay")
