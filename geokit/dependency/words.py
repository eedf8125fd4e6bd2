"""What the figures do not say: which regimes were searched, what was found there, and what to ask the host."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from geokit.core.codes import State
from geokit.core.columns import join_ids, split_ids
from geokit.dependency.binding import ISSUER
from geokit.dependency.flowsheet import COUNTED_EFFECTS, NO_VENDOR
from geokit.dependency.regime import ENDED, Outcome
from geokit.dependency.scope import ELSEWHERE, OUTSIDE, UNKNOWN
from geokit.dependency.solve import Solved

Tie = Mapping[Hashable, Any]

SILENT = ("host", "cross_reference")
"""Issuers that sell no plant: the host's own export law and the guidelines behind national law."""
UNREAD = "not_researched"
NOTHING = "none found"
"""What is said of an issuer whose rules were read and do not touch a plant; never that it is free."""
ORDER = (State.TIGHTENED, State.IN_FORCE, State.UNRESOLVED, State.SUSPENDED, State.ANNOUNCED, State.REVOKED)
QUESTIONS = {
    "host_zone_operator": "Zone run by {}: on which terms?",
    "host_port_operator": "Port run by {}: on which terms?",
    "iran_power_question": "Power from a sanctioned country: allowed?",
    "prc_kit_on_site": "Chinese-built kit on site: may it be passed on?",
    "military_linked": "Military-linked developer: end use acceptable?",
}
"""What to ask of a host, by the column that raises it; a flag is either true or blank."""
CHINESE_HOST = "Chinese host: does it ease licences in practice? Not in the figures."
CONDITIONAL = "conditional"
LIVE = (State.IN_FORCE, State.TIGHTENED, State.UNRESOLVED)
"""States in which a clause binds, or may bind, where its condition holds."""
NOT_COUNTED = {CONDITIONAL: "listed only on a condition, not bound", "product": "product only", "spillover": "spill-over only"}


def describe_blocks(solved: Solved, issuers: pd.DataFrame) -> pd.DataFrame:
    """Return the clauses, state and note of every block of every stage.

    Parameters
    ----------
    solved : Solved
        One legal track.
    issuers : pandas.DataFrame
        The layer of issuers.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``block_id``, ``clause_ids`` (all issuers, counted links), ``state`` (the harshest of the clauses
        that enter the figures; blank when none touches the block), ``note``; one row a block that some clause touches.
    """
    labels = issuers.set_index("issuer")["label"].to_dict()
    blocks = _group(list_near(solved.ties), "stage_id", "block_id")
    rows = [(*place, *_describe(ties, labels, solved.outcomes)) for place, ties in blocks.items()]
    return pd.DataFrame(rows, columns=["stage_id", "block_id", "clause_ids", "state", "note"])


def name_regimes(solved: Solved, issuers: pd.DataFrame, stage_ids: Iterable[str]) -> pd.DataFrame:
    """Return the sentence that names every regime searched for each stage (model rule M8).

    Parameters
    ----------
    solved : Solved
        One legal track.
    issuers : pandas.DataFrame
        The layer of issuers.
    stage_ids : iterable of str
        Stages.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``searched`` (a plant in the host country; a member of a union has the rules of the union too),
        ``searched_abroad`` (elsewhere: only the rules without a destination were read), ``found`` (what the counted clauses do, and
        which bind only on a condition), ``conditional`` (whether some block is listed on a condition alone).
    """
    asked = issuers[~issuers["research_status"].isin(SILENT)].sort_values("print_order").to_dict("records")
    label = issuers.set_index("issuer")["label"][ISSUER]
    stages, unions = _group(list_near(solved.ties), "stage_id"), _find_unions(asked)
    away = set(solved.ties.loc[solved.ties["scope"] == ELSEWHERE, ["stage_id", "issuer"]].itertuples(index=False, name=None))
    rows = []
    for stage in stage_ids:
        ties = stages.get((stage,), [])
        words = {row["issuer"]: _join_union(_issuer_words(ties, row), ties, unions.get(row["issuer"])) for row in asked}
        words |= {name: NO_VENDOR for name, said in words.items() if said == NOTHING and (stage, name) in away}
        told = [f"{row['label']}: {words[row['issuer']]}" for row in asked]
        idle = _find_conditional(ties)
        abroad = f"{told[0]}; suppliers to that country: not researched"
        found = _found(_pick(ties, issuer=ISSUER, counts=True), _say_unbound(ties), label=label, outcomes=solved.outcomes)
        rows.append((stage, "; ".join(told), abroad, found, bool(idle)))
    return pd.DataFrame(rows, columns=["stage_id", "searched", "searched_abroad", "found", "conditional"])


def list_near(ties: pd.DataFrame) -> list[Tie]:
    """Return the ties that say something of a plant: not those of countries that none of the user's vendors is of.

    Parameters
    ----------
    ties : pandas.DataFrame
        Column ``scope``.

    Returns
    -------
    list of dict
        One a row.
    """
    return [*ties[ties["scope"] != ELSEWHERE].to_dict("records")]


def ask_host(profiles: pd.DataFrame) -> pd.DataFrame:
    """Return the questions that a site's host raises; they never enter the figures (model rule M11).

    Parameters
    ----------
    profiles : pandas.DataFrame
        The layer ``site_profiles``.

    Returns
    -------
    pandas.DataFrame
        Columns ``site_id``, ``host``: short questions, blank where the sources raise none.
    """
    rows = []
    for row in profiles.to_dict("records"):
        asked = [question.format(row[name]) for name, question in QUESTIONS.items() if row[name]]
        asked += [CHINESE_HOST] * (row["developer_profile"] == "A")
        rows.append((row["site_id"], " ".join(asked)))
    return pd.DataFrame(rows, columns=["site_id", "host"])


def _describe(ties: Sequence[Tie], labels: Mapping[Hashable, str], outcomes: Sequence[Outcome]) -> tuple[str, str, str]:
    """Return the counted clauses, the harshest state and the note of one block."""
    bound = _pick(ties, counts=True)
    counted = _pick(bound, issuer=ISSUER)
    states = {tie["state"] for tie in counted}
    state = next((one.value for one in ORDER if one in states), "")
    label = labels[ISSUER]
    alone, ended = _on_condition(_find_conditional(ties)), _say_ended(counted, outcomes)
    unbound = f"{told}, not bound" if (told := _say_unbound(ties)) else "no listed control found"
    parts = [_dated(counted, label) if counted else f"{label}: {unbound}", *[ended] * bool(ended), *_say_sizes(counted)]
    for link, words in NOT_COUNTED.items():
        idle = [] if alone and link == CONDITIONAL else _pick(ties, issuer=ISSUER, link=link)
        parts += [f"{words}: {_codes(idle)}"] * bool(idle)
    for (issuer,), group in _group(_pick(bound, state=State.IN_FORCE), "issuer").items():
        parts += [f"{labels[issuer]} licence on its own kit, not in b: {_codes(group)}"] * (issuer != ISSUER)
    return join_ids(tie["clause_id"] for tie in bound), state, "; ".join(parts)


def _say_sizes(counted: Sequence[Tie]) -> list[str]:
    """Return which items bind because nobody stated the sizes that would let them out."""
    sizes = dict.fromkeys(f"{tie['code']} {tie['scope_note']}" for tie in counted if tie["scope"] == UNKNOWN)
    return [f"sizes: {', '.join(sizes)}"] * bool(sizes)


def _dated(counted: Sequence[Tie], label: str) -> str:
    """Return the counted clauses with their state on the day that binds."""
    groups = _group(counted, "state", "day").items()
    return f"{label}: {', '.join(f'{_say(state)} on {day} ({_names(group)})' for (state, day), group in groups)}"


def _find_unions(issuers: Sequence[Tie]) -> dict[str, Tie]:
    """Return the issuer whose rules bind the vendors of another one too, by that other: a union of its country with more."""
    own = {row["issuer"]: set(split_ids(row["countries"])) for row in issuers}
    return {name: row for name in own for row in issuers if own[name] and own[name] < own[row["issuer"]]}


def _join_union(words: str, ties: Sequence[Tie], union: Tie | None) -> str:
    """Return what an issuer's rules say, with the rule of its union where that one binds."""
    if union is None or _issuer_words(ties, union) == NOTHING:
        return words
    rule = f"{union['label']} rule"
    return rule if words == NOTHING else f"{rule}; {words}"


def _issuer_words(ties: Sequence[Tie], issuer: Tie) -> str:
    """Return what one issuer's rules say of a stage."""
    if issuer["research_status"] == UNREAD:
        return "not researched"
    own = _pick(ties, issuer=issuer["issuer"])
    if issuer["issuer"] == ISSUER:
        groups = _group(_pick(own, counts=True), "state").items()
        parts = [f"{_say(state)} {_names(group)}" for (state,), group in groups] + [_say_unbound(own)]
        return ", ".join(part for part in parts if part) or "none"
    counted = _pick(own, state=State.IN_FORCE, counts=True)
    if counted:
        return f"licence likely on its own goods ({_codes(counted)})"
    conditional = _pick(own, state=State.IN_FORCE, link=CONDITIONAL)
    return f"only on a condition ({_codes(conditional)})" if conditional else NOTHING


def _found(counted: Sequence[Tie], unbound: str, *, label: str, outcomes: Sequence[Outcome]) -> str:
    """Return what the counted clauses do to a stage, and which others would bind on a condition or at another size."""
    states = {tie["state"] for tie in counted}
    if not states:
        return f"{label}: {unbound}; not bound in the figures." if unbound else f"{label}: no listed control found."
    beside = f" {label} binds besides {unbound}." if unbound else ""
    yearly = _say_fills(_pick(counted, kind="reagent"))
    asked, ended = _say_asked(outcomes), _say_ended(counted, outcomes)
    told = f"{asked}{ended and f' {ended}.'}" if asked else ""
    if State.UNRESOLVED in states and not asked:
        mixed = f"regimes are mixed by assumed priors{ended and f'; {ended}'}."
        return f"Practice is untold on the days of export: {mixed}{yearly}{beside}"
    if not states & {State.IN_FORCE, State.TIGHTENED, State.UNRESOLVED}:
        return f"{told} {label}: listed, but not in force on the days of export.{beside}".strip()
    return f"{told} Licence odds and equal block weights are assumptions.{yearly}{beside}".strip()


def _say_fills(reagents: Sequence[Tie]) -> str:
    """Return in how many of the yearly fills some clause may bind a reagent."""
    if not reagents:
        return ""
    bound, fills = (max(tie[name] for tie in reagents) for name in ("fills_bound", "fills"))
    return f" Yearly reagents, first fill to the last: a clause binds, or may, in {bound} of {fills}."


def _say_asked(outcomes: Sequence[Outcome]) -> str:
    """Return which regimes the user asked for; blank where the run mixes what practice leaves open."""
    own = [one for one in outcomes if one.probability > 0.0 and (one.overrides or one.reads)]
    if len(own) == 1:
        return f"Regime asked for, not forecast: {own[0].regime_id}."
    return f"Regimes mixed by the user's probabilities: {', '.join(f'{one.regime_id} {one.probability:g}' for one in own)}." if own else ""


def _say_ended(counted: Sequence[Tie], outcomes: Sequence[Outcome]) -> str:
    """Return which mixed regimes end before a clause binds; their bounds span both readings."""
    asked = counted if _say_asked(outcomes) else _pick(counted, state=State.UNRESOLVED)
    told = [
        f"{one.regime_id.removesuffix(ENDED)} ends on {one.ends_on}; taken to be renewed again"
        for one in outcomes
        if one.ends_on and any(tie["clause_id"] in one.clause_ids and tie["day"] >= one.ends_on for tie in asked)
    ]
    return ", ".join(told)


def _find_conditional(ties: Sequence[Tie]) -> list[Tie]:
    """Return the issuer's ties of the blocks that it lists on a condition alone."""
    bound = {tie["block_id"] for tie in _pick(ties, issuer=ISSUER, counts=True)}
    idle = _pick(ties, issuer=ISSUER, link=CONDITIONAL)
    return [tie for tie in idle if tie["block_id"] not in bound and tie["state"] in LIVE and tie["effect"] in COUNTED_EFFECTS]


def _on_condition(idle: Sequence[Tie]) -> str:
    """Return the items that bind only on a condition, each with the condition."""
    told = dict.fromkeys(f"{tie['code']}: {tie['condition']}" for tie in idle)
    return f"only on a condition ({'; '.join(told)})" if told else ""


def _say_unbound(ties: Sequence[Tie]) -> str:
    """Return the issuer's items that bind only on a condition, or that a stated size lets out."""
    outside = dict.fromkeys(f"{tie['code']} {tie['scope_note']}" for tie in _pick(ties, issuer=ISSUER, scope=OUTSIDE))
    return "; ".join(filter(None, [_on_condition(_find_conditional(ties)), *outside]))


def _pick(ties: Sequence[Tie], **cells: object) -> list[Tie]:
    """Return the ties whose columns hold the given cells."""
    return [tie for tie in ties if all(tie[column] == cell for column, cell in cells.items())]


def _group(ties: Sequence[Tie], *columns: str) -> dict[tuple[str, ...], list[Tie]]:
    """Return ties by the cells of some columns, sorted."""
    found: dict[tuple[str, ...], list[Tie]] = {}
    for tie in ties:
        found.setdefault(tuple(tie[column] for column in columns), []).append(tie)
    return dict(sorted(found.items()))


def _codes(ties: Sequence[Tie]) -> str:
    """Return the control codes of some ties."""
    return ", ".join(dict.fromkeys(tie["code"] for tie in ties))


def _names(ties: Sequence[Tie]) -> str:
    """Return the instruments of some ties."""
    return ", ".join(sorted({tie["instrument"] for tie in ties}))


def _say(state: str) -> str:
    """Return a state in words."""
    return state.replace("_", " ") or "not issued"
