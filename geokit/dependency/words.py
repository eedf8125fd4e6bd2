"""What the figures do not say: which regimes were searched, what was found there, and what to ask the host."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from geokit.core.codes import State
from geokit.core.columns import join_ids
from geokit.dependency.binding import ISSUER
from geokit.dependency.solve import Solved

Tie = Mapping[Hashable, Any]

SILENT = ("host", "cross_reference")
"""Issuers that sell no plant: the host's own export law and the guidelines behind national law."""
UNREAD = "not_researched"
ORDER = (State.TIGHTENED, State.IN_FORCE, State.UNRESOLVED, State.SUSPENDED, State.ANNOUNCED, State.REVOKED)
QUESTIONS = {
    "host_zone_operator": "Zone run by {}: on which terms?",
    "host_port_operator": "Port run by {}: on which terms?",
    "iran_power_question": "Power from a sanctioned country: allowed?",
    "prc_kit_on_site": "Chinese-built kit on site: may it be passed on?",
    "military_linked": "Military-linked developer: end use acceptable?",
}
"""What to ask of a host, by the column that raises it; a flag is either true or blank."""
NOT_COUNTED = {"conditional": "listed only on a condition, not bound", "product": "product only", "spillover": "spill-over only"}


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
    blocks = _group(solved.ties.to_dict("records"), "stage_id", "block_id")
    rows = [(*place, *_describe(ties, labels)) for place, ties in blocks.items()]
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
        Columns ``stage_id``, ``searched`` (a plant in the host country), ``searched_abroad`` (elsewhere: only the rules without a
        destination were read), ``found`` (what the counted clauses do).
    """
    asked = issuers[~issuers["research_status"].isin(SILENT)].sort_values("print_order").to_dict("records")
    label = issuers.set_index("issuer")["label"][ISSUER]
    stages = _group(solved.ties.to_dict("records"), "stage_id")
    rows = []
    for stage in stage_ids:
        ties = stages.get((stage,), [])
        told = [f"{row['label']}: {_issuer_words(ties, row['issuer'], row['research_status'])}" for row in asked]
        own = _pick(ties, issuer=ISSUER, counts=True)
        abroad = f"{told[0]}; suppliers to that country: not researched"
        rows.append((stage, "; ".join(told), abroad, _found(own, label)))
    return pd.DataFrame(rows, columns=["stage_id", "searched", "searched_abroad", "found"])


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
        rows.append((row["site_id"], " ".join(asked)))
    return pd.DataFrame(rows, columns=["site_id", "host"])


def _describe(ties: Sequence[Tie], labels: Mapping[Hashable, str]) -> tuple[str, str, str]:
    """Return the counted clauses, the harshest state and the note of one block."""
    bound = _pick(ties, counts=True)
    counted = _pick(bound, issuer=ISSUER)
    states = {tie["state"] for tie in counted}
    state = next((one.value for one in ORDER if one in states), "")
    label = labels[ISSUER]
    parts = [_dated(counted, label) if counted else f"{label}: no listed control found"]
    for link, words in NOT_COUNTED.items():
        idle = _pick(ties, issuer=ISSUER, link=link)
        parts += [f"{words}: {_codes(idle)}"] * bool(idle)
    for (issuer,), group in _group(_pick(bound, state=State.IN_FORCE), "issuer").items():
        parts += [f"{labels[issuer]} licence on its own kit, not in b: {_codes(group)}"] * (issuer != ISSUER)
    return join_ids(tie["clause_id"] for tie in bound), state, "; ".join(parts)


def _dated(counted: Sequence[Tie], label: str) -> str:
    """Return the counted clauses with their state on the day that binds."""
    groups = _group(counted, "state", "day").items()
    return f"{label}: {', '.join(f'{_say(state)} on {day} ({_names(group)})' for (state, day), group in groups)}"


def _issuer_words(ties: Sequence[Tie], issuer: str, status: str) -> str:
    """Return what one issuer's rules say of a stage."""
    if status == UNREAD:
        return "not researched"
    own = _pick(ties, issuer=issuer)
    if issuer == ISSUER:
        groups = _group(_pick(own, counts=True), "state").items()
        return ", ".join(f"{_say(state)} {_names(group)}" for (state,), group in groups) or "none"
    counted = _pick(own, state=State.IN_FORCE, counts=True)
    if counted:
        return f"licence likely ({_codes(counted)})"
    conditional = _pick(own, state=State.IN_FORCE, link="conditional")
    return f"only on a condition ({_codes(conditional)})" if conditional else "none found"


def _found(counted: Sequence[Tie], label: str) -> str:
    """Return what the counted clauses do to a stage."""
    states = {tie["state"] for tie in counted}
    yearly = " Of the yearly reagents the first fill is read." if _pick(counted, kind="reagent") else ""
    if not states:
        return f"{label}: no listed control found."
    if State.UNRESOLVED in states:
        return "Practice is untold on the days of export: regimes are mixed by assumed priors." + yearly
    if not states & {State.IN_FORCE, State.TIGHTENED}:
        return f"{label}: listed, but not in force on the days of export."
    return "Licence odds and equal block weights are assumptions." + yearly


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
