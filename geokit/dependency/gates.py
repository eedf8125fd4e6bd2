"""Tests apart from the score: pass, fail or unknown, each with its reason (model rules M4, M11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.codes import Kind
from geokit.core.columns import split_ids
from geokit.core.errors import AssumptionError
from geokit.dependency import gate_law, gate_parties, gate_places
from geokit.dependency.force import Asked, Force, read_force
from geokit.dependency.verdicts import FAIL, PASS, UNKNOWN, Gate, Rule, read_commodities
from geokit.io.defaults import read_assumptions

COLUMNS = ["alternative", "partner", "gate_id", "result", "screens", "conditions", "reason", "source_ids"]
SAID = {PASS: "passes", FAIL: "fails", UNKNOWN: "unknown"}
"""The words with which a reason begins."""
ABROAD = "unknown: not researched for a plant in another country"
"""What is said of a gate that no rule answered for a plant abroad."""
RULES: Mapping[str, Rule] = {**gate_places.RULES, **gate_law.RULES, **gate_parties.RULES}
"""The rules that a gate may name."""
BY_STAGE = ("technology_country", "refused_offtake_frac", "prohibited_cost_frac", "listed_content_frac")
"""Settings of the user whose keys are stages."""


def gates(
    layers: Mapping[str, pd.DataFrame],
    alternatives: pd.DataFrame,
    cases: Sequence[Case],
    *,
    assumptions: Assumptions | None = None,
) -> pd.DataFrame:
    """Return the verdict of every gate, for every alternative and partner to which it applies.

    A gate names its rule in the layer; one without a rule is unknown for every plant, to be read with counsel, and conditions
    nothing. A plant of a commodity or stage that the gate does not ask about has no row, nor has a place on which the sources
    raise no question: nothing was found, which is not a pass; a plant in
    another country is unknown there, for nobody looked. A gate whose rule is not in force on the day that binds it
    passes and says from when. Where the readings of the law that the cases ask for differ, or one is silent, the
    verdict is unknown unless the plant passes anyway.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``gates``, ``needs``, ``travel_levels``, ``institutions``, ``site_profiles``, ``power_balance``, ``operations``,
        ``stages``, the tables of outlets and those of parties; ``status_events`` and ``regimes`` where a gate names a clause.
    alternatives : pandas.DataFrame
        One row an alternative.
    cases : sequence of Case
        Their partners are asked; all of one date.
    assumptions : Assumptions, optional
        The user's settings, export windows and political state; the packaged defaults when not given.

    Returns
    -------
    pandas.DataFrame
        Sorted by alternative, partner and gate; columns as the data dictionary says for ``gate_results``. ``screens`` is true
        only for a sourced fail that makes a plant impossible for the partner; doing less is never screened.

    Raises
    ------
    AssumptionError
        With every stage and partner of the settings that the layers do not have.
    """
    if not cases:
        return pd.DataFrame(columns=COLUMNS)
    asked = Asked.of(layers, alternatives, cases, assumptions=assumptions or read_assumptions())
    _check_names(asked)
    partners = list(dict.fromkeys(case.partner for case in cases))
    found = [_add_abroad(_judge(gate, asked, partners), gate, asked, partners=partners) for gate in layers["gates"].to_dict("records")]
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
    return table.sort_values(COLUMNS[:3], ignore_index=True)


def _check_names(asked: Asked) -> None:
    """Refuse settings that name a stage or a partner which the layers do not have."""
    settings = asked.assumptions.gates
    given = [(name, key, "stages", "stage_id") for name in BY_STAGE for key in getattr(settings, name)]
    given += [("travel_level_limits", key, "partners", "partner_id") for key in settings.travel_level_limits]
    wrong = [
        f"gates.{name}: {key!r} is no {column} of {table}.csv"
        for name, key, table, column in given
        if key not in set(asked.layers[table][column])
    ]
    if wrong:
        raise AssumptionError("\n".join(wrong))


def _judge(gate: Gate, asked: Asked, partners: Sequence[str]) -> pd.DataFrame:
    """Return the verdicts of one gate for its partners; what is said of many rows is worded once."""
    wanted = _list_wanted(gate, partners)
    force = read_force(gate, asked)
    rows = _among(RULES.get(gate["rule"], _not_computed)(asked, gate), gate, asked)
    if "partner" not in rows:
        rows = rows.merge(pd.DataFrame({"partner": wanted}), how="cross")
    rows = rows[rows["partner"].isin(wanted)]
    found = list(zip(rows["result"].tolist(), rows["reason"].tolist(), strict=True))
    told = {pair: _word(*_date(*pair, force), gate, force) for pair in dict.fromkeys(found)}
    result, reason = ([told[pair][place] for pair in found] for place in range(2))
    rows = rows.assign(gate_id=gate["gate_id"], result=pd.array(result, dtype="str"), reason=pd.array(reason, dtype="str"))
    screens = (rows["result"] == FAIL) & (gate["screens"] == "yes") & rows["alternative"].isin(asked.plants["alternative"])
    conditions = (rows["result"] == UNKNOWN) & (gate["conditions"] == "yes") & (gate["rule"] in RULES)
    return rows.assign(screens=screens, conditions=conditions)[COLUMNS]


def _add_abroad(rows: pd.DataFrame, gate: Gate, asked: Asked, *, partners: Sequence[str]) -> pd.DataFrame:
    """Return the verdicts with an unknown for each plant in another country that has none: there no silence is an answer."""
    away = asked.alternatives.loc[asked.alternatives["kind"] == Kind.ABROAD, ["alternative"]]
    wanted = pd.DataFrame({"partner": _list_wanted(gate, partners)}, dtype="str")
    pairs = _among(away.merge(wanted, how="cross"), gate, asked)
    told = pd.MultiIndex.from_frame(rows[["alternative", "partner"]])
    left = pairs[~pd.MultiIndex.from_frame(pairs[["alternative", "partner"]]).isin(told)]
    if left.empty:
        return rows
    reason = f"{ABROAD}{_say_whom(gate)}"
    words = {"gate_id": gate["gate_id"], "result": UNKNOWN, "reason": reason, "source_ids": gate["source_id"]}
    return pd.concat([rows, left.assign(screens=False, conditions=False, **words)[COLUMNS]], ignore_index=True)


def _list_wanted(gate: Gate, partners: Sequence[str]) -> list[str]:
    """Return the partners that a gate asks about."""
    return [one for one in partners if gate["partner_id"] in ("all", one)]


def _among(rows: pd.DataFrame, gate: Gate, asked: Asked) -> pd.DataFrame:
    """Keep the alternatives whose commodity and stage the gate asks about."""
    commodities, wanted = split_ids(gate["asks_commodity_ids"]), split_ids(gate["asks_stage_ids"])
    if not commodities and not wanted:
        return rows
    stages = asked.alternatives["stage_id"]
    kept = stages.isin(wanted) if wanted else stages.notna()
    if commodities:
        kept &= stages.map(read_commodities(asked.layers)).isin(commodities)
    return rows[rows["alternative"].isin(asked.alternatives.loc[kept, "alternative"])]


def _date(result: str, reason: str, force: Force) -> tuple[str, str, str]:
    """Apply what the date does to a verdict: a rule that does not bind passes, one that may bind leaves a fail unknown."""
    if force.binds is True:
        return result, reason, ""
    beside = f"; if it binds: {SAID[result]}, {reason}"
    if force.binds is False:
        return PASS, "no test on that day", beside
    return (result, reason, "") if result == PASS else (UNKNOWN, "whether it binds is not settled", beside)


def _word(result: str, reason: str, beside: str, gate: Gate, force: Force) -> tuple[str, str]:  # noqa: PLR0917
    """Return a verdict and its reason: the verdict first, then why, the rule with its date, and what an unknown waits for."""
    dated = force.words or f"read {gate['date']}"
    rule = f" ({gate['rule_ref']}, {dated})" if gate["rule_ref"] else f" ({dated})"
    settle = _say_whom(gate) if result == UNKNOWN else ""
    return result, f"{SAID[result]}: {reason}{rule}{beside}{settle}"


def _say_whom(gate: Gate) -> str:
    """Return what an unknown waits for, and who holds it."""
    return f"; to know: {gate['must_know']}; ask: {gate['holder']}" if gate["must_know"] else ""


def _not_computed(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Leave a gate that has no rule to the reader: unknown for every plant."""
    reason = f"not computed, read it with counsel: {gate['tests']}"
    return asked.plants[["alternative"]].assign(result=UNKNOWN, reason=reason, source_ids=gate["source_id"])
