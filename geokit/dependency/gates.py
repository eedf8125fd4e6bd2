"""Tests apart from the score: pass, fail or unknown, each with its reason (model rules M4, M11)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Kind
from geokit.core.columns import split_ids
from geokit.dependency.outlets import list_sold, outlets

COLUMNS = ["alternative", "partner", "gate_id", "result", "screens", "conditions", "reason", "source_ids"]
PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
BEST_FIRST = (PASS, UNKNOWN, FAIL)
SPECIFIC_FIRST = ("district", "belt", "province", "country")
"""Kinds of area of a travel level, the most specific first."""
HOURS_PER_YEAR = 8760.0
Layers = Mapping[str, pd.DataFrame]
Rule = Callable[[Layers, pd.DataFrame, Mapping[Hashable, Any]], pd.DataFrame]


def gates(layers: Layers, alternatives: pd.DataFrame, cases: Sequence[Case]) -> pd.DataFrame:
    """Return the verdict of every gate, for every alternative and partner to which it applies.

    A gate names its rule in the layer; one without a rule is unknown for every plant, to be read with counsel, and conditions
    nothing. A place on which the sources raise no question has no row under the rules of place: nothing was found, which is not a
    pass.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``gates``, ``needs``, ``travel_levels``, ``institutions``, ``site_profiles``, ``power_balance``, ``operations``,
        ``stages`` and the tables of outlets.
    alternatives : pandas.DataFrame
        One row an alternative.
    cases : sequence of Case
        Their partners are asked.

    Returns
    -------
    pandas.DataFrame
        Sorted by alternative, partner and gate; columns as the data dictionary says for ``gate_results``. ``screens`` is true
        only for a sourced fail that makes a plant impossible for the partner; doing less is never screened.
    """
    partners = list(dict.fromkeys(case.partner for case in cases))
    found = []
    for gate in layers["gates"].to_dict("records"):
        asked = partners if gate["partner_id"] == "all" else [one for one in partners if one == gate["partner_id"]]
        rows = RULES.get(gate["rule"], _not_computed)(layers, alternatives, gate)
        if "partner" not in rows:
            rows = rows.merge(pd.DataFrame({"partner": asked}), how="cross")
        rows = rows[rows["partner"].isin(asked)]
        screens = (rows["result"] == FAIL) & (gate["screens"] == "yes") & rows["alternative"].isin(_plants(alternatives))
        conditions = (rows["result"] == UNKNOWN) & (gate["conditions"] == "yes") & (gate["rule"] in RULES)
        found.append(rows.assign(gate_id=gate["gate_id"], screens=screens, conditions=conditions)[COLUMNS])
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
    return table.sort_values(COLUMNS[:3], ignore_index=True)


def _plants(alternatives: pd.DataFrame) -> pd.Series:
    """Return the ids of the plants in the country."""
    return alternatives.loc[alternatives["kind"] == Kind.PLANT, "alternative"]


def _best(verdicts: pd.DataFrame, alternatives: pd.DataFrame) -> pd.DataFrame:
    """Join verdicts on products to what each alternative sells; of several products the best counts."""
    rows = list_sold(alternatives).merge(verdicts, on="product_id")
    order = rows["result"].map({word: rank for rank, word in enumerate(BEST_FIRST)})
    rows = rows.assign(order=order).sort_values(["alternative", "partner", "order", "product_id"])
    return rows.drop_duplicates(["alternative", "partner"])


def _not_computed(_layers: Layers, alternatives: pd.DataFrame, gate: Mapping[Hashable, Any]) -> pd.DataFrame:
    """Leave a gate that has no rule to the reader: unknown for every plant."""
    reason = f"not computed, read it with counsel: {gate['tests']}"
    return _plants(alternatives).to_frame().assign(result=UNKNOWN, reason=reason, source_ids=gate["source_id"])


def _commodity(layers: Layers, alternatives: pd.DataFrame, gate: Mapping[Hashable, Any]) -> pd.DataFrame:
    """Test the commodity of a plant against the two lists of the gate; one on neither is unknown, and so is the rest of the test."""
    plants = alternatives[alternatives["kind"] == Kind.PLANT]
    commodity = plants["stage_id"].map(layers["stages"].set_index("stage_id")["commodity_id"])
    passes, fails = split_ids(gate["passes_commodity_ids"]), split_ids(gate["fails_commodity_ids"])
    result = commodity.map(dict.fromkeys(passes, PASS) | dict.fromkeys(fails, FAIL)).fillna(UNKNOWN)
    words = {
        PASS: f"by commodity it qualifies ({gate['note'] or gate['rule_ref']}); the rest is not computed, read it with counsel",
        FAIL: f"by commodity it does not qualify ({gate['rule_ref']})",
        UNKNOWN: f"its commodity is on neither list of {gate['rule_ref']}; not computed, read it with counsel",
    }
    reason = commodity.str.replace("-", " ") + ": " + result.map(words)
    return plants[["alternative"]].assign(result=result, reason=reason, source_ids=gate["source_id"])


def _commodity_listed(layers: Layers, alternatives: pd.DataFrame, gate: Mapping[Hashable, Any]) -> pd.DataFrame:
    """Test whether the product's commodity is on the partner's list; a partial or blank entry is unknown."""
    words = {
        "yes": (PASS, "on the partner's list"),
        "no": (FAIL, "not on the partner's list, which need not stop a private investor"),
        "partial": (UNKNOWN, "on the partner's list in part"),
        "": (UNKNOWN, "no list found"),
    }
    needs = layers["needs"]
    verdicts = pd.DataFrame(
        {
            "partner": needs["partner_id"],
            "product_id": needs["product_id"],
            "result": [words[cell][0] for cell in needs["listed"]],
            "reason": [words[cell][1] for cell in needs["listed"]],
            "source_ids": needs["listed_source_id"].where(needs["listed_source_id"] != "", gate["source_id"]),
        }
    )
    return _best(verdicts, alternatives)


def _outlet(layers: Layers, alternatives: pd.DataFrame, _gate: Mapping[Hashable, Any]) -> pd.DataFrame:
    """Test whether someone takes what is sold; an outlet that nobody looked up is unknown, a refusal with an open market too."""
    known = outlets(layers)
    result = known["outlet"].map({"plant": PASS, "market": PASS}).fillna(UNKNOWN).mask(known["share_high"] == 0.0, FAIL)
    return _best(known.assign(result=result, reason=known["note"]), alternatives)


def _travel_level(layers: Layers, alternatives: pd.DataFrame, _gate: Mapping[Hashable, Any]) -> pd.DataFrame:
    """State the latest travel level of the most specific area that holds the place; the limit is the user's, so it is unknown."""
    levels = layers["travel_levels"]
    levels = levels[(levels["level"] != "") & levels["area_kind"].isin(SPECIFIC_FIRST)]
    levels = levels.assign(order=levels["area_kind"].map({kind: n for n, kind in enumerate(SPECIFIC_FIRST)}))
    levels = levels.assign(area_id=levels["area_id"].map(split_ids)).explode("area_id").dropna(subset="area_id")
    places = alternatives[alternatives["kind"] == Kind.PLANT]
    country = levels.loc[levels["area_kind"] == "country", "area_id"].unique()
    inside = (places["district_ids"] + ";" + places["province_id"]).map(lambda cell: (*split_ids(cell), *country))
    rows = places[["alternative"]].assign(area_id=inside).explode("area_id").merge(levels, on="area_id")
    rows = rows.sort_values(["alternative", "partner_id", "order", "date"], ascending=[True, True, True, False])
    rows = rows.drop_duplicates(["alternative", "partner_id"])
    reason = "level " + rows["level"] + " (" + rows["level_scale"] + ", " + rows["area"] + ", " + rows["date"] + "); no limit set"
    return rows.assign(partner=rows["partner_id"], result=UNKNOWN, reason=reason, source_ids=rows["source_id"])


def _mining_law(layers: Layers, alternatives: pd.DataFrame, gate: Mapping[Hashable, Any]) -> pd.DataFrame:
    """State the mining law of the province; no row codes one as unchallenged, so it is unknown."""
    laws = layers["institutions"]
    laws = laws[laws["indicator"] == "Mining law"].set_index("province_id")
    places = alternatives[alternatives["kind"] == Kind.PLANT]
    reason = places["province_id"].map(laws["value_text"]).fillna("law in force not looked up")
    sources = places["province_id"].map(laws["source_id"]).fillna(gate["source_id"])
    return places[["alternative"]].assign(result=UNKNOWN, reason=reason, source_ids=sources)


def _territory(_layers: Layers, alternatives: pd.DataFrame, gate: Mapping[Hashable, Any]) -> pd.DataFrame:
    """Ask about a province that the gate names."""
    places = alternatives[alternatives["kind"] == Kind.PLANT]
    named = places["province_id"].map(lambda province: province != "" and province in gate["tests"].lower())
    rows = places[named.astype(bool)]
    return rows[["alternative"]].assign(result=UNKNOWN, reason=f"question: {gate['tests']}", source_ids=gate["source_id"])


def _flag(column: str) -> Rule:
    """Return a rule that asks the gate's question of the sites that carry a flag."""

    def rule(layers: Layers, alternatives: pd.DataFrame, gate: Mapping[Hashable, Any]) -> pd.DataFrame:
        """Ask the question; a flag is a question, not a finding."""
        sites = layers["site_profiles"]
        sites = sites[sites[column] == "true"][["site_id", "developer", "source_id"]]
        rows = alternatives[alternatives["kind"] == Kind.PLANT][["alternative", "site_id"]].merge(sites, on="site_id")
        reason = f"question: {gate['tests']}; developer " + rows["developer"]
        return rows.assign(result=UNKNOWN, reason=reason, source_ids=rows["source_id"])

    return rule


def _prc_owner(layers: Layers, alternatives: pd.DataFrame, gate: Mapping[Hashable, Any]) -> pd.DataFrame:
    """Test whether the site's developer or host is Chinese: this one instrument then refuses, others may not."""
    sites = layers["site_profiles"]
    owned = sites[(sites["developer_profile"] == "A") | ((sites["host_zone_operator"] != "") & (sites["china_link"] == "high"))]
    rows = alternatives[alternatives["kind"] == Kind.PLANT][["alternative", "site_id"]].merge(owned, on="site_id")
    reason = f"{gate['rule_ref']} refuses a site run by " + rows["developer"] + "; other instruments may not"
    return rows.assign(result=FAIL, reason=reason, source_ids=rows["source_id"] + ";" + gate["source_id"])


def _power_balance(layers: Layers, alternatives: pd.DataFrame, gate: Mapping[Hashable, Any]) -> pd.DataFrame:
    """Test a plant on a grid that is known to be short: it fails when its need is sourced, and is unknown when not.

    Need in MW = energy of the stage in kWh/t x reference scale in t/y / (1000 x 8760 h/y).
    """
    energy = layers["operations"].groupby("stage_id")["energy_kwh_per_t"].sum(min_count=1)
    scale = layers["stages"].set_index("stage_id")["reference_scale_tpa"]
    need_mw = energy * scale / (1000.0 * HOURS_PER_YEAR)
    short = layers["power_balance"].query("firm_surplus_mw < 0").rename(columns={"area_id": "province_id", "source_id": "grid_source"})
    plants = alternatives[alternatives["kind"] == Kind.PLANT][["alternative", "stage_id", "province_id"]]
    rows = plants.merge(short, on="province_id").assign(need_mw=lambda d: d["stage_id"].map(need_mw))
    short_mw = (-rows["firm_surplus_mw"]).map("{:.0f} MW".format).astype(str)
    grid = "the grid is " + short_mw + " short in " + rows["season"] + " " + rows["year"]
    told = rows["need_mw"].map("a reference plant needs about {:.0f} MW and ".format).astype(str)
    need = told.where(rows["need_mw"].notna(), "its need is not sourced and ")
    result = rows["need_mw"].notna().map({True: FAIL, False: UNKNOWN})
    return rows.assign(result=result, reason=f"{gate['gate_id'].replace('-', ' ')}: " + need + grid, source_ids=rows["grid_source"])


RULES: Mapping[str, Rule] = {
    "commodity": _commodity,
    "commodity_listed": _commodity_listed,
    "outlet": _outlet,
    "travel_level": _travel_level,
    "mining_law": _mining_law,
    "military_developer": _flag("military_linked"),
    "sanctioned_power": _flag("iran_power_question"),
    "kit_on_site": _flag("prc_kit_on_site"),
    "territory": _territory,
    "prc_owner": _prc_owner,
    "power_balance": _power_balance,
}
"""The rules that a gate may name."""
