"""What the figures do not say: which regimes were searched, what was found there, and what to ask the host."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from geokit.core.codes import State
from geokit.core.columns import join_ids, split_ids
from geokit.dependency.binding import ISSUER
from geokit.dependency.flowsheet import CONDITIONAL, COUNTED_EFFECTS, NO_VENDOR
from geokit.dependency.regime import ENDED, Outcome
from geokit.dependency.scope import CARRIED, ELSEWHERE, OUTSIDE, UNKNOWN
from geokit.dependency.solve import Solved

Tie = Mapping[Hashable, Any]

SILENT = ("host", "cross_reference")
"""Issuers that sell no plant: the host's own export law and the guidelines behind national law."""
UNREAD = "not_researched"
NOTHING = "none found"
"""What is said of an issuer whose rules were read and do not touch a plant; never that it is free."""
LATER = "nothing on record by then"
"""What is said of an issuer whose rules were issued, or set down, after the date of knowledge; with the items that they reach now."""
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
LIVE = (State.IN_FORCE, State.TIGHTENED, State.UNRESOLVED)
"""States in which a clause binds, or may bind, where its condition holds."""
NOT_COUNTED = {
    CONDITIONAL: "reached on a condition alone, not counted",
    "product": "on the product, not on the plant",
    "spillover": "near a listed item, itself not listed",
}
"""Links that do not enter the figures, in words."""
ON_CONDITION, UNCAUGHT = "on a condition alone, so in the upper bound only", "at the size stated not caught"
"""Why an item of the issuer does not enter the figures."""
IF_CARRIED = "only if what is bought carries its goods or content"
"""When the rule of a country that follows its goods reaches a plant that buys from nobody there."""
UNSETTLED = "unless shown otherwise: "


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


def name_regimes(
    solved: Solved, issuers: pd.DataFrame, stage_ids: Iterable[str], *, general: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Return the sentence that names every regime searched for each stage (model rule M8).

    Parameters
    ----------
    solved : Solved
        One legal track.
    issuers : pandas.DataFrame
        The layer of issuers.
    stage_ids : iterable of str
        Stages.
    general : mapping of str to sequence of str, optional
        References of the catch-all clauses in force, by issuer, as :func:`geokit.dependency.clauses.find_general` returns.

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
        words = {row["issuer"]: _issuer_words(ties, row) for row in asked}
        words |= {name: NO_VENDOR for name, said in words.items() if said == NOTHING and (stage, name) in away}
        words = {row["issuer"]: _join_union(words, row["issuer"], unions.get(row["issuer"])) for row in asked}
        told = [f"{row['label']}: {words[row['issuer']]}{_say_general(row, unions.get(row['issuer']), general or {})}" for row in asked]
        idle = _find_conditional(ties)
        abroad = f"{told[0]}; suppliers to that country: not researched"
        found = _found(_pick(ties, issuer=ISSUER, counts=True), ties, label=label, outcomes=solved.outcomes)
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
    idle = _find_conditional(ties)
    parts = [f"{labels[ISSUER]}: {_dated(counted) if counted else _say_idle(ties)}", _say_ended(counted, outcomes), *_say_sizes(counted)]
    parts += [f"{UNCAUGHT}: {', '.join(_list_outside(ties))}"] * bool(counted and _list_outside(ties))
    for link, words in NOT_COUNTED.items():
        other = [] if idle and link == CONDITIONAL else _pick(ties, issuer=ISSUER, link=link)
        parts += [f"{words}: {_codes(other)}"] * bool(other)
    parts.append(_say_suppliers(_pick(bound, state=State.IN_FORCE), labels))
    return join_ids(tie["clause_id"] for tie in bound), state, "; ".join(filter(None, parts))


def _say_suppliers(bound: Sequence[Tie], labels: Mapping[Hashable, str]) -> str:
    """Return which supplier countries are likely to ask for a licence for their goods, those with the same items together."""
    found: dict[str, list[str]] = {}
    for (issuer,), group in _group(bound, "issuer").items():
        if issuer != ISSUER:
            found.setdefault(_codes(group), []).append(labels[issuer])
    told = ", ".join(f"{_list(names)} ({codes})" for codes, names in found.items())
    return f"own licence required, if in scope, for goods from {told}, not counted in the index" if told else ""


def _say_idle(ties: Sequence[Tie]) -> str:
    """Return why no clause of the issuer is counted on a block."""
    told = _say_unbound(ties)
    return "; ".join(told) if told else "no listed control found"


def _say_sizes(counted: Sequence[Tie]) -> list[str]:
    """Return which items count because nobody stated the sizes that would let them out."""
    sizes = {tie["code"]: tie["scope_note"].split(UNSETTLED)[-1].replace("_", " ") for tie in counted if tie["scope"] == UNKNOWN}
    return [f"counted as caught, for want of a size: {'; '.join(f'{code} ({why})' for code, why in sizes.items())}"] * bool(sizes)


def _dated(counted: Sequence[Tie]) -> str:
    """Return the counted clauses with their state on the day that binds."""
    groups = _group(counted, "state", "day").items()
    return ", ".join(f"{_names(group)} {_say(state)} on {day}" for (state, day), group in groups)


def _find_unions(issuers: Sequence[Tie]) -> dict[str, Tie]:
    """Return the issuer whose rules bind the vendors of another one too, by that other: a union of its country with more."""
    own = {row["issuer"]: set(split_ids(row["countries"])) for row in issuers}
    return {name: row for name in own for row in issuers if own[name] and own[name] < own[row["issuer"]]}


def _join_union(words: Mapping[str, str], issuer: str, union: Tie | None) -> str:
    """Return what an issuer's rules say, with the rule of its union where that one binds; where none of the union sells, nor does it."""
    own, common = words[issuer], NOTHING if union is None else words[union["issuer"]]
    if common == NO_VENDOR or common.startswith(LATER):
        return common if own == NOTHING else own
    if union is None or common == NOTHING:
        return own
    rule = f"{union['label']} rule"
    return rule if own in (NOTHING, NO_VENDOR) or own.startswith(LATER) else f"{rule}; {own}"


def _issuer_words(ties: Sequence[Tie], issuer: Tie) -> str:
    """Return what one issuer's rules say of a stage."""
    own = _pick(ties, issuer=issuer["issuer"])
    if issuer["research_status"] == UNREAD:
        return f"not researched beyond {', '.join(sorted({str(tie['code']) for tie in own}))}" if own else "not researched"
    if issuer["issuer"] == ISSUER:
        return ", and ".join(filter(None, [_say_states(_pick(own, counts=True)), *_say_unbound(own)])) or "none"
    counted = _pick(own, state=State.IN_FORCE, counts=True)
    sold = [tie for tie in counted if tie["scope"] != CARRIED]
    if counted:
        return f"licence required if in scope on its own goods ({_codes(sold)})" if sold else f"{IF_CARRIED} ({_codes(counted)})"
    conditional = _pick(own, state=State.IN_FORCE, link=CONDITIONAL)
    if conditional:
        return f"only on a condition ({_codes(conditional)})"
    unseen = _pick(own, state="")
    return f"{LATER} ({_codes(unseen)} since)" if unseen else NOTHING


def _say_general(issuer: Tie, union: Tie | None, general: Mapping[str, Sequence[str]]) -> str:
    """Return the catch-all clauses in force of a supplier country and of its union: they reach what no list names."""
    own = [] if issuer["issuer"] == ISSUER else [*general.get(issuer["issuer"], ())]
    own += [f"{union['label']} {ref}" for ref in general.get(union["issuer"], ())] if union else []
    return f", catch-all in force ({', '.join(own)})" if own else ""


def _say_states(counted: Sequence[Tie]) -> str:
    """Return the instruments of some ties by their state."""
    return ", ".join(f"{_names(group)} {_say(state)}" for (state,), group in _group(counted, "state").items())


def _found(counted: Sequence[Tie], ties: Sequence[Tie], *, label: str, outcomes: Sequence[Outcome]) -> str:
    """Return what the counted clauses do to a stage, and which others would bind on a condition or at another size."""
    beside = [_close(words) for words in _say_unbound(ties)]
    if not counted:
        told = f"{label}: no clause binds the plant as described." if beside else f"{label}: no listed control found."
        return " ".join([told, *beside])
    states, asked, ended = {tie["state"] for tie in counted}, _say_asked(outcomes), _say_ended(counted, outcomes)
    parts = [asked, f"{label}, on the days of export: {_say_states(counted)}."]
    if not states & {State.IN_FORCE, State.TIGHTENED, State.UNRESOLVED}:
        parts.append("None of it binds then.")
    elif State.UNRESOLVED in states and not asked:
        parts.append("What is unresolved has no state in practice yet: the figures mix political states by assumed priors.")
    else:
        parts.append("The chances of a licence and equal weights of the blocks are assumptions.")
    return " ".join(filter(None, [*parts, _close(ended), _say_fills(_pick(counted, kind="reagent")), *beside]))


def _close(words: str) -> str:
    """Return words as a sentence of its own."""
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _say_fills(reagents: Sequence[Tie]) -> str:
    """Return in how many of the yearly fills some clause may bind a reagent."""
    live = [tie for tie in reagents if tie["fills_bound"]]
    if not live:
        return ""
    bound, fills = (max(tie[name] for tie in live) for name in ("fills_bound", "fills"))
    return f"Reagents leave every year: a clause binds, or may bind, {bound} of the {fills} fills."


def _say_asked(outcomes: Sequence[Outcome]) -> str:
    """Return which regimes the user asked for; blank where the run mixes what practice leaves open."""
    own = [one for one in outcomes if one.probability > 0.0 and (one.overrides or one.reads)]
    if len(own) == 1:
        return f"Political state as asked, no forecast: {own[0].regime_id}."
    told = ", ".join(f"{one.regime_id} {one.probability:g}" for one in own)
    return f"Political states mixed by the user's probabilities: {told}." if own else ""


def _say_ended(counted: Sequence[Tie], outcomes: Sequence[Outcome]) -> str:
    """Return which mixed regimes end before a clause binds; their bounds span both readings."""
    asked = counted if _say_asked(outcomes) else _pick(counted, state=State.UNRESOLVED)
    told = [
        f"the state {one.regime_id.removesuffix(ENDED)} ends on {one.ends_on} and is taken to be renewed again, the bounds span both"
        for one in outcomes
        if one.ends_on and any(tie["clause_id"] in one.clause_ids and tie["day"] >= one.ends_on for tie in asked)
    ]
    return "; ".join(told)


def _find_conditional(ties: Sequence[Tie]) -> list[Tie]:
    """Return the issuer's ties of the blocks that it lists on a condition alone."""
    bound = {tie["block_id"] for tie in _pick(ties, issuer=ISSUER, counts=True)}
    idle = _pick(ties, issuer=ISSUER, link=CONDITIONAL)
    return [tie for tie in idle if tie["block_id"] not in bound and tie["state"] in LIVE and tie["effect"] in COUNTED_EFFECTS]


def _say_unbound(ties: Sequence[Tie]) -> list[str]:
    """Return the issuer's items that bind on a condition alone, and those that a stated size lets out."""
    told = dict.fromkeys(f"{tie['code']} ({tie['condition']})" for tie in _find_conditional(ties))
    outside = _list_outside(ties)
    return [f"{ON_CONDITION}: {', '.join(told)}"] * bool(told) + [f"{UNCAUGHT}: {', '.join(outside)}"] * bool(outside)


def _list_outside(ties: Sequence[Tie]) -> list[str]:
    """Return the issuer's items that a stated size lets out, each with the size."""
    rows = _pick(ties, issuer=ISSUER, scope=OUTSIDE)
    return [*dict.fromkeys(f"{tie['code']} ({tie['scope_note'].removeprefix('outside: ').replace('_', ' ')})" for tie in rows)]


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
    return _list(sorted({tie["instrument"] for tie in ties}))


def _list(names: Sequence[str]) -> str:
    """Return names as a list to read."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _say(state: str) -> str:
    """Return a state in words."""
    return state.replace("_", " ") or "not issued"
