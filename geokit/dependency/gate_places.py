"""Gates that look at the product or at the place: list, outlet, travel, law, territory, host, power."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geokit.core.columns import split_ids
from geokit.dependency.force import Asked
from geokit.dependency.outlets import list_sold, outlets
from geokit.dependency.verdicts import FAIL, PASS, UNKNOWN, Gate, Rule, read_commodities, tell

BEST_FIRST = (PASS, UNKNOWN, FAIL)
SPECIFIC_FIRST = ("district", "belt", "province", "country")
"""Kinds of area of a travel level, the most specific first."""
HOURS_PER_YEAR = 8760.0


def _best(verdicts: pd.DataFrame, alternatives: pd.DataFrame) -> pd.DataFrame:
    """Join verdicts on products to what each alternative sells; of several products the best counts."""
    rows = list_sold(alternatives).merge(verdicts, on="product_id")
    order = rows["result"].map({word: rank for rank, word in enumerate(BEST_FIRST)})
    rows = rows.assign(order=order).sort_values(["alternative", "partner", "order", "product_id"])
    return rows.drop_duplicates(["alternative", "partner"])


def _commodity(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test the commodity of a plant against the two lists of the gate; one on neither is unknown, and so is the rest of the test."""
    commodity = asked.plants["stage_id"].map(read_commodities(asked.layers))
    passes, fails = split_ids(gate["passes_commodity_ids"]), split_ids(gate["fails_commodity_ids"])
    result = commodity.map(dict.fromkeys(passes, PASS) | dict.fromkeys(fails, FAIL)).fillna(UNKNOWN)
    limits = f"; {gate['note']}" if gate["note"] else ""
    words = {
        PASS: f"qualifies by commodity{limits}; the rest is not computed, read it with counsel",
        FAIL: "does not qualify by commodity",
        UNKNOWN: "commodity on neither list; not computed, read it with counsel",
    }
    reason = commodity.str.replace("-", " ") + " " + result.map(words)
    return tell(asked.plants, result, reason, sources=gate["source_id"])


def _commodity_listed(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test whether the product's commodity is on the partner's list; a partial or blank entry is unknown."""
    words = {
        "yes": (PASS, "on the partner's list"),
        "no": (FAIL, "not on the partner's list, which need not stop a private investor"),
        "partial": (UNKNOWN, "on the partner's list in part"),
        "": (UNKNOWN, "no list found"),
    }
    needs = asked.layers["needs"]
    verdicts = pd.DataFrame(
        {
            "partner": needs["partner_id"],
            "product_id": needs["product_id"],
            "result": [words[cell][0] for cell in needs["listed"]],
            "reason": [words[cell][1] for cell in needs["listed"]],
            "source_ids": needs["listed_source_id"].where(needs["listed_source_id"] != "", gate["source_id"]),
        }
    )
    return _best(verdicts, asked.alternatives)


def _listed_then_ask(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test the list first; a commodity on it still has to meet the rest of the test, which nobody could read off the layers."""
    rows = _commodity_listed(asked, gate)
    rows = rows[rows["alternative"].isin(asked.plants["alternative"])]
    reason = (rows["reason"] + "; the rest of the test is open").where(rows["result"] == PASS, rows["reason"])
    return tell(rows, rows["result"].replace(PASS, UNKNOWN), reason, sources=rows["source_ids"] + ";" + gate["source_id"])


def _outlet(asked: Asked, _gate: Gate) -> pd.DataFrame:
    """Test whether someone takes what is sold; an outlet that nobody looked up is unknown, a refusal with an open market too."""
    known = outlets(asked.layers)
    result = known["outlet"].map({"plant": PASS, "market": PASS}).fillna(UNKNOWN).mask(known["share_high"] == 0.0, FAIL)
    return _best(known.assign(result=result, reason=known["note"]), asked.alternatives)


def _travel_level(asked: Asked, _gate: Gate) -> pd.DataFrame:
    """Test the latest travel level of the most specific area that holds the place against the user's limit; unknown without one."""
    levels = asked.layers["travel_levels"]
    levels = levels[(levels["level"] != "") & levels["area_kind"].isin(SPECIFIC_FIRST)]
    levels = levels.assign(order=levels["area_kind"].map({kind: n for n, kind in enumerate(SPECIFIC_FIRST)}))
    levels = levels.assign(area_id=levels["area_id"].map(split_ids)).explode("area_id").dropna(subset="area_id")
    places = asked.plants
    country = levels.loc[levels["area_kind"] == "country", "area_id"].unique()
    inside = (places["district_ids"] + ";" + places["province_id"]).map(lambda cell: (*split_ids(cell), *country))
    rows = places[["alternative"]].assign(area_id=inside).explode("area_id").merge(levels, on="area_id")
    rows = rows.sort_values(["alternative", "partner_id", "order", "date"], ascending=[True, True, True, False])
    rows = rows.drop_duplicates(["alternative", "partner_id"]).rename(columns={"partner_id": "partner"})
    limit = rows["partner"].map(dict(asked.assumptions.gates.travel_level_limits)).astype(float)
    level = pd.to_numeric(rows["level"], errors="coerce")
    known = limit.notna() & level.notna()
    result = (level <= limit).map({True: PASS, False: FAIL}).where(known, UNKNOWN)
    told = ("limit " + limit.map("{:g}".format).astype(str)).where(limit.notna(), "no limit set")
    reason = "level " + rows["level"] + " (" + rows["level_scale"] + ", " + rows["area"] + ", " + rows["date"] + "); " + told
    return tell(rows, result, reason, sources=rows["source_id"])


def _mining_law(asked: Asked, gate: Gate) -> pd.DataFrame:
    """State the mining law of the province; no row codes one as unchallenged, so it is unknown."""
    laws = asked.layers["institutions"]
    laws = laws[laws["indicator"] == "Mining law"].set_index("province_id")
    places = asked.plants
    reason = places["province_id"].map(laws["value_text"]).fillna("law in force not looked up")
    sources = places["province_id"].map(laws["source_id"]).fillna(gate["source_id"])
    return tell(places, UNKNOWN, reason, sources=sources)


def _territory(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Ask about a province that the gate names."""
    places = asked.plants
    named = places["province_id"].map(lambda province: province != "" and province in gate["tests"].lower())
    return tell(places[named.astype(bool)], UNKNOWN, f"question: {gate['tests']}", sources=gate["source_id"])


def _flag(column: str) -> Rule:
    """Return a rule that asks the gate's question of the sites that carry a flag."""

    def rule(asked: Asked, gate: Gate) -> pd.DataFrame:
        """Ask the question; a flag is a question, not a finding."""
        sites = asked.layers["site_profiles"]
        sites = sites[sites[column] == "true"][["site_id", "developer", "source_id"]]
        rows = asked.plants[["alternative", "site_id"]].merge(sites, on="site_id")
        return tell(rows, UNKNOWN, f"question: {gate['tests']}; developer " + rows["developer"], sources=rows["source_id"])

    return rule


def _power_balance(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test a plant on a grid that is known to be short: it fails when its need is sourced, and is unknown when not.

    Need in MW = energy of the stage in kWh/t x reference scale in t/y / (1000 x 8760 h/y).
    """
    layers = asked.layers
    energy = layers["operations"].groupby("stage_id")["energy_kwh_per_t"].sum(min_count=1)
    scale = layers["stages"].set_index("stage_id")["reference_scale_tpa"]
    need_mw = energy * scale / (1000.0 * HOURS_PER_YEAR)
    short = layers["power_balance"].query("firm_surplus_mw < 0").rename(columns={"area_id": "province_id", "source_id": "grid_source"})
    plants = asked.plants[["alternative", "stage_id", "province_id"]]
    rows = plants.merge(short, on="province_id").assign(need_mw=lambda d: d["stage_id"].map(need_mw))
    short_mw = (-rows["firm_surplus_mw"]).map("{:.0f} MW".format).astype(str)
    grid = "the grid is " + short_mw + " short in " + rows["season"] + " " + rows["year"]
    told = rows["need_mw"].map("a reference plant needs about {:.0f} MW and ".format).astype(str)
    need = told.where(rows["need_mw"].notna(), "its need is not sourced and ")
    result = rows["need_mw"].notna().map({True: FAIL, False: UNKNOWN})
    return tell(rows, result, f"{gate['gate_id'].replace('-', ' ')}: " + need + grid, sources=rows["grid_source"])


RULES: Mapping[str, Rule] = {
    "commodity": _commodity,
    "commodity_listed": _commodity_listed,
    "listed_then_ask": _listed_then_ask,
    "outlet": _outlet,
    "travel_level": _travel_level,
    "mining_law": _mining_law,
    "military_developer": _flag("military_linked"),
    "sanctioned_power": _flag("iran_power_question"),
    "kit_on_site": _flag("prc_kit_on_site"),
    "territory": _territory,
    "power_balance": _power_balance,
}
"""Rules of the product and the place."""
