"""The method: from layers to a ranked study, one stage a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from geokit.catalog import Layers, read_layers, site_facts
from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.dependency import assess, gates, outlets, profile_alternatives, resolve, say_regime
from geokit.economics import check_names, compare_world, compare_years, estimate, list_flows
from geokit.io.defaults import read_assumptions
from geokit.network import route_cells, sum_effects
from geokit.scoring import Criterion, Weights, build_matrix, derive_weights, rank, read_criteria
from geokit.study.cases import build_cases
from geokit.study.closures_rank import add_moves, no_ranks
from geokit.study.freight import move_freight
from geokit.study.kept import Store
from geokit.study.own_criteria import OwnCriteria, lay_cells, read_own_criteria
from geokit.study.politics import lay_states
from geokit.study.ranked import tell
from geokit.study.standing import judge_feed, judge_standing
from geokit.study.study import Study
from geokit.study.vendors import name_any, no_vendors
from geokit.study.warn import find_touching, list_turns, list_warnings

STEPS = ("layers", "freight", "controls", "economics", "scoring", "ranking")
"""The steps that :func:`evaluate` reports, in order."""


def evaluate(
    assumptions: Assumptions | None = None,
    *,
    cases: Sequence[Case] | None = None,
    layers: Layers | None = None,
    on: dt.date | None = None,
    vendors: pd.DataFrame | None = None,
    own: OwnCriteria | None = None,
    store: Store | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Study:
    """Rank every sensible alternative for every case.

    Parameters
    ----------
    assumptions : Assumptions, optional
        The packaged defaults when not given.
    cases : sequence of Case, optional
        The questions; all partners on both legal tracks when not given.
    layers : Layers, optional
        The facts; the packaged layers when not given.
    on : datetime.date, optional
        Date of the question when no cases are given; the date on which the layers were verified when not given.
    vendors : pandas.DataFrame, optional
        The user's vendor list, as :func:`geokit.dependency.read_vendors` returns; market shares stand in where it is silent.
    own : OwnCriteria, optional
        The user's criteria and cells, as :func:`geokit.study.own_criteria.read_own_criteria` returns them; the packaged criteria when not
        given.
    store : Store, optional
        Where routed freight is kept between runs; nowhere when not given.
    progress : callable, optional
        Called with the name of each of :data:`STEPS` as it starts.

    Returns
    -------
    Study
        Frozen; prints its headlines.

    Raises
    ------
    LayerError
        With every problem of the layers.
    AssumptionError
        With every name that one side lacks, every price without a rate, every recovery above 1.
    """
    progress("layers")
    layers = layers or read_layers()
    assumptions = assumptions or read_assumptions()
    check_names(layers, assumptions)
    cases = tuple(dict.fromkeys(cases or build_cases(layers, on=on or layers.verified_on)))
    progress("freight")
    freight = move_freight(layers, assumptions, store=store)
    alternatives, hauls = freight.alternatives, freight.hauls
    progress("controls")
    bought = no_vendors() if vendors is None else vendors
    dependency = assess(layers, alternatives, cases, assumptions=assumptions, vendors=name_any(bought))
    takers, barriers = outlets(layers), gates(layers, alternatives, cases, assumptions=assumptions)
    progress("economics")
    profiles = _profile(layers, alternatives, dict.fromkeys(case.partner for case in cases))
    politics = lay_states(layers, alternatives, dependency, profiles=profiles)
    economics = estimate(layers, alternatives, hauls, assumptions=assumptions, outlets=takers, on=cases[0].on, states=politics)
    progress("scoring")
    places = site_facts(layers, alternatives, assumptions=assumptions)
    l2 = route_cells(hauls, alternatives, layers, reliability=freight.reliability, detours=freight.detours)
    own = own or read_own_criteria()
    cells = lay_cells([l2, places, dependency.cells, economics.cells], own.cells)
    criteria = read_criteria(own.definitions, assumptions=assumptions)
    matrix = build_matrix(cells, criteria, assumptions=assumptions)
    weights = _weigh(layers, own.ranks, criteria, cases=cases, mode=assumptions.scoring.mode)
    standing = judge_standing(alternatives, feeds=judge_feed(alternatives, economics.feeds), gates=barriers, outlets=takers)
    progress("ranking")
    scored = rank(
        matrix, alternatives, cases, weights, profiles=profiles, statuses=standing, assumptions=assumptions, contributions_top=None
    )  # fmt: skip
    states = resolve(layers, on=cases[0].on, known_on=cases[0].known_on)
    touching = find_touching(dependency.exposure, scored.table)
    return tell(Study(
        layers=layers, assumptions=assumptions, cases=cases, alternatives=alternatives, hauls=hauls, exposure=dependency.exposure,
        ties=dependency.ties, procurement=dependency.procurement, frontier=dependency.frontier, outages=dependency.outages,
        dependency=dependency.dependency, economics=economics.table, feeds=economics.feeds, balance=economics.balance,
        value_states=economics.by_state, cash_flows=list_flows(economics.cases), feed_years=economics.feed_years,
        feed_gaps=economics.feed_gaps, merit=economics.merit, impurities=economics.impurities,
        inbound=freight.inbound, gates=barriers, outlets=takers, states=states,
        reality=compare_world(layers, assumptions=assumptions), reality_years=compare_years(layers, economics.feed_years),
        reliability=freight.reliability, detours=freight.detours, closure_ranks=no_ranks(), vendors=bought, own_cells=own.cells,
        closure_effects=add_moves(sum_effects(freight.detours, alternatives, layers), no_ranks()),
        matrix=matrix, weights=weights, standing=standing, scored=scored, rankings=scored.table, headlines={}, remarks={},
        warnings=list_warnings(
            layers, states, hauls, on=cases[0].on, known_on=cases[0].known_on, touching=touching,
            regime=say_regime(assumptions.controls, layers["regimes"], known_on=cases[0].known_on),
        ),
        turns=list_turns(states, verified_on=layers.verified_on, touching=touching),
    ))  # fmt: skip


def _weigh(
    layers: Layers, ranks: pd.DataFrame, criteria: Sequence[Criterion], *, cases: Sequence[Case], mode: str
) -> dict[str, Weights]:
    """Return the weights of each partner's archetype."""
    archetypes = layers["partners"].set_index("partner_id")["archetype"]
    return {case.partner: derive_weights(ranks, criteria, archetypes[case.partner], mode) for case in cases}


def _profile(layers: Layers, alternatives: pd.DataFrame, partners: Iterable[str]) -> dict[tuple[str, str], str]:
    """Return the end-user profile of each (alternative, partner)."""
    told = profile_alternatives(layers, alternatives, partners)
    return dict(zip(zip(told["alternative"], told["partner"], strict=True), told["profile"], strict=True))
