"""The chance that each block's Chinese supply is refused, given each political state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from geokit.core.codes import State, Track
from geokit.dependency.clauses import BINDING, read_track, states_on
from geokit.dependency.flowsheet import CONDITIONAL, COUNTED_EFFECTS
from geokit.dependency.index import combine_licences
from geokit.dependency.licences import KEYS, PROFILES, TIMES
from geokit.dependency.regime import Outcome
from geokit.dependency.scope import OUTSIDE
from geokit.dependency.windows import YEARLY, Stretch

ISSUER = "cn"
"""Only this issuer's clauses enter the figures; other issuers' rules are named beside them (model rule M8)."""
PLACE = ["regime_id", "profile", "stage_id", "block_id"]
HARSHEST = ["", State.REVOKED, State.ANNOUNCED, State.SUSPENDED, State.UNRESOLVED, State.IN_FORCE, State.TIGHTENED]
"""States from the kindest to the harshest."""


def date_ties(
    ties: pd.DataFrame,
    events: pd.DataFrame,
    *,
    known_on: dt.date,
    track: Track,
    stretches: Sequence[Stretch],
) -> pd.DataFrame:
    """Return the ties with the days on which each binds and its states on them.

    Parameters
    ----------
    ties : pandas.DataFrame
        As :func:`geokit.dependency.flowsheet.touch_blocks` returns.
    events : pandas.DataFrame
        As :func:`geokit.dependency.clauses.date_events` returns.
    known_on : datetime.date
        Date of knowledge.
    track : Track
        Legal track.
    stretches : sequence of Stretch
        As :func:`geokit.dependency.windows.list_stretches` returns.

    Returns
    -------
    pandas.DataFrame
        Ties x stretches with ``stretch`` (0, 1, ...), ``fills`` (how often the item leaves in the stretch; what leaves once
        does so in the first), ``day`` (ISO), ``state``, ``text`` and ``practice`` (its states on the day by the track asked and by both;
        blank = not issued or not known). What leaves once stands in every stretch, for it binds the plant in all its years.
    """
    parts = []
    for number, stretch in enumerate(stretches):
        kinds = ties["kind"].str.removesuffix("_prohibited")
        days = kinds.map(stretch.days)
        fills = kinds.isin(YEARLY) * stretch.fills + ~kinds.isin(YEARLY) * int(number == 0)
        parts.append(ties.assign(stretch=number, fills=fills, day=[day.isoformat() for day in days]))
    dated = pd.concat(parts, ignore_index=True)
    both = {one.value: _states(dated, events, known_on=known_on, track=one) for one in Track}
    return dated.assign(**both, state=both[track.value])


def _states(dated: pd.DataFrame, events: pd.DataFrame, *, known_on: dt.date, track: Track) -> list[str]:
    """Return the state of each tie on its day by one track."""
    states = {
        day: read_track(states_on(events, on=dt.date.fromisoformat(day), known_on=known_on), track)["state"].to_dict()
        for day in sorted(set(dated["day"]))
    }
    return [states[day].get(clause, "") for day, clause in zip(dated["day"], dated["clause_id"], strict=True)]


def settle_ties(dated: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the issuer's counted ties with their state given each political state.

    Parameters
    ----------
    dated : pandas.DataFrame
        As :func:`date_ties` returns; ``day``, ``text`` and ``practice`` are read only where an outcome asks for them.
    outcomes : sequence of Outcome
        Political states.

    Returns
    -------
    pandas.DataFrame
        Ties x outcomes with ``regime_id``; an unresolved clause that no outcome decides stays ``unresolved``; one that binds after
        the end of an outcome is as the text says, and in force where the text says nothing.
    """
    counted = dated[dated["counts"] & (dated["issuer"] == ISSUER)]
    return pd.concat([counted.assign(regime_id=one.regime_id, state=_settle(counted, one)) for one in outcomes], ignore_index=True)


def _settle(counted: pd.DataFrame, outcome: Outcome) -> pd.Series:
    """Return the state of each tie given one outcome."""
    state = counted["state"] if outcome.reads is None else counted[outcome.reads.value]
    asked = (state == State.UNRESOLVED) | outcome.overrides
    for one in outcome.rulings:
        own = asked & counted["clause_id"].isin(one.clause_ids)
        own = own & (counted["day"] >= one.starts_on) if one.starts_on else own
        state = state.mask(own, one.state.value)
        if one.ends_on and not outcome.goes_on:
            over = own & (counted["day"] >= one.ends_on)
            state = state.mask(over, counted["text"].replace(["", State.UNRESOLVED.value], State.IN_FORCE.value))
    return state


def sum_ties(dated: pd.DataFrame, settled: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the ties once each, with their harshest state and how often it binds.

    Parameters
    ----------
    dated : pandas.DataFrame
        As :func:`date_ties` returns.
    settled : pandas.DataFrame
        As :func:`settle_ties` returns for the outcomes.
    outcomes : sequence of Outcome
        Political states.

    Returns
    -------
    pandas.DataFrame
        The ties with ``state`` (that of a regime if one has all the probability, else by the track), ``day`` (ISO, the first of
        the harshest state), ``fills`` (how often the item leaves) and ``fills_bound`` (how often a clause is then in force or
        tightened, or may be).
    """
    likely = [one.regime_id for one in outcomes if one.probability > 0.0]
    told = dated
    if len(likely) == 1:
        counted = dated.index[dated["counts"] & (dated["issuer"] == ISSUER)]
        sure = settled.loc[settled["regime_id"] == likely[0], "state"]
        told = dated.assign(state=dated["state"].where(~dated.index.isin(counted), sure.set_axis(counted)))
    live = told["state"].isin([*BINDING, State.UNRESOLVED])
    told = told.assign(fills_bound=told["fills"].where(live, 0), rank=told["state"].map(HARSHEST.index))
    keys = ["stage_id", "block_id", "clause_id", "item_id", "link"]
    sums = told.groupby(keys)[["fills", "fills_bound"]].sum().reset_index()
    first = told.sort_values(["rank", "stretch"], ascending=[False, True], kind="stable").drop_duplicates(keys)
    return (
        first.drop(columns=["fills", "fills_bound", "rank", "stretch", "text", "practice"])
        .merge(sums, on=keys)
        .sort_values(keys, ignore_index=True)
    )


def price_ties(settled: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Return the chance and time of a licence under each settled tie, for every profile, one row a clause and stretch.

    Parameters
    ----------
    settled : pandas.DataFrame
        As :func:`settle_ties` returns.
    terms : pandas.DataFrame
        As :func:`geokit.dependency.licences.read_terms` returns.

    Returns
    -------
    pandas.DataFrame
        Columns ``regime_id``, ``profile``, ``stage_id``, ``block_id``, ``stretch``, ``clause_id``, ``refused_low``, ``refused``,
        ``refused_high`` (0-1; NaN where the state is unresolved and nothing decides it), ``days_low``, ``days``,
        ``days_high``. Ties that do not bind are left out; of several kinds of item under one clause the harshest counts.
    """
    rows = settled[settled["state"].isin([*BINDING, State.UNRESOLVED])]
    rows = rows.merge(pd.DataFrame({"profile": PROFILES}), how="cross").merge(terms, on=KEYS, how="left")
    rows = rows.assign(
        refused_low=(1.0 - rows["p_high"]).fillna(0.0),
        refused=1.0 - rows["p"],
        refused_high=(1.0 - rows["p_low"]).fillna(1.0),
    )
    figures = ["refused_low", "refused", "refused_high", *TIMES]
    keys = [*PLACE, "stretch", "clause_id"]
    unknown = rows[rows["refused"].isna()][keys].drop_duplicates().assign(unknown=True)
    worst = rows.groupby(keys, as_index=False)[figures].max().merge(unknown, on=keys, how="left")
    worst["refused"] = worst["refused"].mask(worst["unknown"].notna())
    return worst.drop(columns="unknown")


def bind_blocks(priced: pd.DataFrame) -> pd.DataFrame:
    """Return the chance that a block's supply is refused in its worst year, by political state, profile, stage and block.

    Parameters
    ----------
    priced : pandas.DataFrame
        As :func:`price_ties` returns.

    Returns
    -------
    pandas.DataFrame
        Index ``regime_id``, ``profile``, ``stage_id``, ``block_id``; columns ``b_low`` (the likeliest single refusal: licences
        of one authority may fall together), ``b`` and ``b_high`` (independent given the state), 0-1. Blocks that no clause
        binds are absent.
    """
    groups = priced.groupby([*PLACE, "stretch"])
    by_year = pd.DataFrame(
        {
            "b_low": groups["refused_low"].max(),
            "b": groups["refused"].agg(combine_licences),
            "b_high": groups["refused_high"].agg(combine_licences),
        }
    )
    worst = by_year.groupby(level=PLACE).max()
    unknown = by_year["b"].isna().groupby(level=PLACE).any()
    return worst.assign(b=worst["b"].mask(unknown))


def suppose_conditions(dated: pd.DataFrame) -> pd.DataFrame:
    """Return the ties as if every open condition held: what the issuer lists on a condition alone then counts.

    Parameters
    ----------
    dated : pandas.DataFrame
        As :func:`date_ties` returns.

    Returns
    -------
    pandas.DataFrame
        The ties with ``counts`` true also for the issuer's conditional ones that can withhold a supply, on blocks where no other tie
        of the issuer counts and no stated size lies outside.
    """
    own = dated["issuer"] == ISSUER
    place = pd.MultiIndex.from_frame(dated[["stage_id", "block_id"]])
    bound = place.isin(place[(own & dated["counts"]).to_numpy()])
    able = dated["effect"].isin(COUNTED_EFFECTS) & (dated["scope"] != OUTSIDE)
    return dated.assign(counts=dated["counts"] | (own & (dated["link"] == CONDITIONAL) & able & ~bound))


def open_clauses(ties: pd.DataFrame) -> frozenset[str]:
    """Return the issuer's counted clauses whose state is unresolved on the day that binds."""
    rows = ties[ties["counts"] & (ties["issuer"] == ISSUER) & (ties["state"] == State.UNRESOLVED)]
    return frozenset(rows["clause_id"])
