"""Gates that compare a plant with a rule of law or of a lender: technology, ownership, offtake, place, cost and content."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geokit.core.chain import trace_feeds
from geokit.core.codes import Kind
from geokit.core.columns import join_ids
from geokit.dependency.force import Asked
from geokit.dependency.market import list_remaining
from geokit.dependency.verdicts import FAIL, PASS, UNKNOWN, Gate, Rule, tell

READINGS = {
    "open": "whether machines count is not settled",
    "know_how": "machines do not count, as set",
    "know_how_and_machines": "machines count, as set",
}
"""How a verdict names the user's reading of a test of technology."""
MINED_HERE = "its ore is mined in the country of the study"
STEPS_BEFORE = "deposits of the country can feed it, but where the steps before it are done is not set"


def _know_how(asked: Asked, gate: Gate) -> tuple[pd.Series, pd.Series]:
    """Return the verdict on the know-how of each plant, and its words: an origin is known only where the user sets it."""
    countries = asked.assumptions.gates.technology_country
    origin = asked.plants["stage_id"].map(lambda stage: countries.get(stage, "")).astype(object)
    refused = {country.casefold() for country in _split(gate["fails_countries"])}
    result = origin.map(lambda country: FAIL if country.casefold() in refused else PASS if country else UNKNOWN)
    words = ("technology of " + origin + ", as set").where(origin != "", "whose technology it uses is not set")
    return result.astype(object), words


def _technology(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test whether a plant relies on technology of a refused country, under the user's reading of what counts."""
    know_how, words = _know_how(asked, gate)
    sites = asked.layers["site_profiles"]
    old_kit = asked.plants["site_id"].isin(sites.loc[sites["prc_kit_on_site"] == "true", "site_id"])
    reading = asked.assumptions.gates.technology_means
    with_machines = know_how.where(know_how == FAIL, UNKNOWN).mask(old_kit, FAIL)
    result = {
        "know_how": know_how,
        "know_how_and_machines": with_machines,
        "open": know_how.where(know_how == FAIL, UNKNOWN),
    }[reading]
    kit = old_kit.map({True: "; equipment built there stands on the site", False: ""})
    reason = words + kit + "; " + READINGS[reading] + asked.plants["stage_id"].map(_count_blocks(asked.layers)).fillna("")
    return tell(asked.plants, result, reason, sources=gate["source_id"])


def _count_blocks(layers: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return in words how many technique classes of each stage have no vendor left on file outside the counted country."""
    blocks = layers["operations"][["stage_id", "class_id"]].drop_duplicates()
    blocks = blocks.assign(alone=~blocks["class_id"].isin(list_remaining(layers)["class_id"]))
    sums = blocks.groupby("stage_id")["alone"].agg(["sum", "size"])
    words = "; " + sums["sum"].astype(str) + " of " + sums["size"].astype(str) + " techniques have no other vendor on file"
    return words.where(sums["sum"] > 0, "; each technique has another vendor on file")


def _technology_limb(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test whether a listed product is made with know-how of the issuer: then it needs a licence, whatever its price."""
    result, words = _know_how(asked, gate)
    return tell(asked.plants, result, words, sources=gate["source_id"])


def _prc_owner(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test whether the site's developer or host is Chinese: this one instrument then refuses, others may not."""
    sites = asked.layers["site_profiles"]
    owned = (sites["developer_profile"] == "A") | ((sites["host_zone_operator"] != "") & (sites["china_link"] == "high"))
    told = sites.assign(owned=owned)[["site_id", "owned", "developer", "source_id"]]
    rows = asked.plants[["alternative", "site_id"]].merge(told, on="site_id", how="left").fillna({"developer": "", "source_id": ""})
    rows = rows.assign(owned=rows["owned"].eq(other=True), source_id=rows["source_id"].map(lambda ids: join_ids([ids, gate["source_id"]])))
    refused = "a site run by " + rows["developer"] + " is refused; other instruments may not refuse it"
    reason = refused.where(rows["owned"], "no refused owner of the site is named; who would own the plant is not set")
    return tell(rows, rows["owned"].map({True: FAIL, False: UNKNOWN}), reason, sources=rows["source_id"])


def _offtake(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test the share sold to buyers of a refused country: none passes, some is unknown, for no percentage is stated."""
    share = asked.plants["stage_id"].map(dict(asked.assumptions.gates.refused_offtake_frac)).astype(float)
    buyers = " or ".join(_split(gate["fails_countries"]))
    told = share.map("{:.0%}".format).astype(str) + f" of the output sold to {buyers}, as set"
    reason = told.where(share.notna(), f"the share sold to {buyers} is not set and no offtake is signed")
    return tell(asked.plants, (share == 0.0).map({True: PASS, False: UNKNOWN}), reason, sources=gate["source_id"])


def _processing_place(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test where the plant stands and where its ore comes from; the origin of its equipment does not count.

    Ore of deposits of the country goes straight into some plants: those pass. Of any other the steps before, from the mine on, may
    have been done anywhere.
    """
    rows = asked.alternatives[asked.alternatives["kind"] != Kind.EXPORT]
    countries = _baseline_countries(asked.layers)
    country = rows["site_id"].map(lambda site: countries.get(site, "")).astype(object)
    country = country.mask(rows["kind"] == Kind.PLANT, "the country of the study")
    refused = _split(gate["fails_countries"])
    ore = rows["stage_id"].map(_name_feeds(asked.layers)).fillna("no deposit of the country on file can feed it")
    known = (country != "") & (ore == MINED_HERE)
    result = known.map({True: PASS, False: UNKNOWN}).mask(country.isin(refused), FAIL)
    told = {PASS: "; equipment of any origin passes, every later step must stay outside " + ", ".join(refused)}
    reason = "processed in " + country.replace("", "a place not named") + "; " + ore + result.map(told).fillna("")
    return tell(rows, result, reason.mask(result == FAIL, "processed in " + country), sources=gate["source_id"])


def _name_feeds(layers: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return in words how far the places before each stage are known, by stage; none where no deposit can feed it."""
    feeds = trace_feeds(layers)
    straight = set(feeds.loc[feeds["stage_id"] == feeds["first_stage_id"], "stage_id"])
    return {stage: MINED_HERE if stage in straight else STEPS_BEFORE for stage in feeds["stage_id"]}


def _baseline_countries(layers: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return the country of each way of doing less: that of its plant, else that of its port."""
    plants = layers["destinations"].set_index("destination_id")["country"]
    ports = layers["ports"].set_index("port_id")["country"]
    rows = layers["baselines"].set_index("baseline_id")
    countries = rows["destination_id"].map(plants).fillna(rows["port_id"].map(ports)).fillna("")
    return dict(zip(countries.index, countries, strict=True))


def _material_cost(asked: Asked, gate: Gate) -> pd.DataFrame:
    r"""Compare the shadow ratio of material cost with the user's threshold of the year; unknown without either.

    .. math:: \frac{X - Y}{X}

    with X the direct material cost and Y what of it goes to prohibited foreign entities.
    """
    settings = asked.assumptions.gates
    ratio = 1.0 - asked.plants["stage_id"].map(dict(settings.prohibited_cost_frac)).astype(float)
    year = asked.days[gate["binds_at"]][:4]
    begun = [first for first in settings.least_cost_ratio_frac if first <= year]
    least = settings.least_cost_ratio_frac[max(begun)] if begun else None
    told = ("(X - Y) / X = " + ratio.map("{:.2f}".format).astype(str)).where(ratio.notna(), "cost shares are not set")
    reason = told + (f", no threshold is set for {year}" if least is None else f", threshold {least:.2f} for {year}")
    if least is None:
        return tell(asked.plants, UNKNOWN, reason, sources=gate["source_id"])
    result = (ratio >= least).map({True: PASS, False: FAIL}).where(ratio.notna(), UNKNOWN)
    return tell(asked.plants, result, reason, sources=gate["source_id"])


def _content_share(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test the share of listed items in the value of the product: from the limit on a licence is needed."""
    share = asked.plants["stage_id"].map(dict(asked.assumptions.gates.listed_content_frac)).astype(float)
    result = (share < gate["limit"]).map({True: PASS, False: FAIL}).where(share.notna(), UNKNOWN)
    told = share.map("{:.2%}".format).astype(str) + f" of the value is listed items, limit {gate['limit']:.1%}"
    return tell(asked.plants, result, told.where(share.notna(), "the share of listed items is not set"), sources=gate["source_id"])


def _due_diligence(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Say that the buyer owes due diligence; whether the plant meets it is not in the layers."""
    return tell(
        asked.plants, UNKNOWN, f"due diligence is owed by the buyer; {gate['note'] or gate['threshold']}", sources=gate["source_id"]
    )


def _years_of_operation(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Test the assumed life; one that is long enough still lacks proof of feed."""
    life = asked.assumptions.finance.life_years
    result = FAIL if life < gate["limit"] else UNKNOWN
    reason = f"assumed life of {life} years against {gate['limit']:.0f}" + ("; feed for it is not shown" if result == UNKNOWN else "")
    return tell(asked.plants, result, reason, sources=gate["source_id"])


def _goal(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Say that a goal of the partner as a whole tests no single plant."""
    return tell(
        asked.plants, UNKNOWN, f"a goal of the partner as a whole ({gate['threshold']}), no test of one plant", sources=gate["source_id"]
    )


def _split(cell: str) -> tuple[str, ...]:
    """Return the names of a cell, which may hold spaces."""
    return tuple(name for name in cell.split("|") if name)


RULES: Mapping[str, Rule] = {
    "technology": _technology,
    "technology_limb": _technology_limb,
    "prc_owner": _prc_owner,
    "offtake": _offtake,
    "processing_place": _processing_place,
    "material_cost": _material_cost,
    "content_share": _content_share,
    "due_diligence": _due_diligence,
    "years_of_operation": _years_of_operation,
    "goal": _goal,
}
"""Rules of law and lenders."""
