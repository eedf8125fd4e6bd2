"""A study as one tree of JSON: everything the page shows, and nothing it would have to compute."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import yaml

from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.codes import Kind, Status
from geokit.core.columns import split_ids
from geokit.io.defaults import read_assumptions
from geokit.outputs.closures import pack_closures
from geokit.outputs.gaps import list_gaps
from geokit.outputs.mapdata import build_map, list_links
from geokit.outputs.messages import pack_messages
from geokit.outputs.pack import pack_frame, round_figure
from geokit.outputs.reweigh import pack_matrix
from geokit.outputs.style import GROUPS, HISTORICAL, KIND_TAGS, PROFILE_WORDS, WORDS, format_words
from geokit.outputs.view import View, name_alternative

SHOWN_ROWS = 60
"""Ranked, conditional and baseline rows of a case that the page carries; the tables hold all."""
APART_ROWS = 15
"""Rows that could not be ranked that the page carries."""
UNKNOWN_ROWS = 30
"""Missing facts that the page carries for a case."""
ROW_TEXTS = ["case_id", "alternative", "status", "status_reason", "beats_baseline", "reason"]
ROW_FIGURES = ["rank", "score", "score_p10", "score_p90", "bound_low", "bound_high", "evidence_frac", "tier"]
CASE_KEYS = ["case_id", "alternative"]
HAUL_KEYS = ["origin_id", "destination_id", "kind", "product_id"]
HAUL_FIGURES = ["usd_per_t_low", "usd_per_t", "usd_per_t_high", "hours", "road_km", "rail_km", "sea_km", "gap_km", "closed_days"]


def build_payload(view: View) -> dict[str, Any]:
    """Return the tree that the page embeds.

    Parameters
    ----------
    view : View
        The study.

    Returns
    -------
    dict
        Keys ``meta``, ``cases``, ``partners``, ``criteria``, ``weights``, ``groups``, ``map``, and packed tables ``rows``,
        ``alternatives``, ``contributions``, ``dependency``, ``exposure``, ``economics``, ``hauls``, ``gates``, ``clauses``,
        ``unknowns``; ``matrix`` as :func:`geokit.outputs.reweigh.pack_matrix` and ``closures`` as
        :func:`geokit.outputs.closures.pack_closures` return them; ``names`` holds the words for kinds, profiles, blocks and outlets;
        ``messages`` the fixed words in other languages; ``settings`` is a file of assumptions that makes the study again.
    """
    rows = select_rows(view)
    return {
        "meta": _meta(view),
        "cases": [_case(view, case.case_id, at) for at, case in enumerate(view.cases)],
        "partners": _partners(view),
        "criteria": pack_frame(view.tables["criteria"], ["criterion_id", "group", "label", "unit", "sense"]),
        "weights": {partner: dict(view.weights[partner]) for partner in view.partners},
        "groups": [{"id": g.group_id, "label": g.label, "letter": g.letter, "colour": g.colour, "ink": g.ink} for g in GROUPS],
        "map": build_map(view),
        "names": _names(view),
        "rows": pack_frame(rows, ROW_TEXTS, ROW_FIGURES),
        "settings": write_settings(view.assumptions),
        "matrix": pack_matrix(view),
        "messages": pack_messages(),
        **_why_tables(view, rows),
    }


def write_settings(assumptions: Assumptions) -> str:
    """Return the assumptions that differ from the defaults as YAML that ``geokit run --assumptions`` reads; blank where none does.

    Parameters
    ----------
    assumptions : Assumptions
        Those of a study.

    Returns
    -------
    str
        One tree of names and figures.
    """
    changed: dict[str, Any] = {}
    plain = dict(read_assumptions().leaves())
    for path, value in assumptions.leaves():
        if path in plain and plain[path] == value:
            continue
        *steps, leaf = path.split(".")
        branch = changed
        for step in steps:
            branch = branch.setdefault(step, {})
        branch[leaf] = value
    return yaml.safe_dump(json.loads(json.dumps(changed)), sort_keys=True, allow_unicode=True) if changed else ""


def select_rows(view: View) -> pd.DataFrame:
    """Return the rows of the ranking that a page carries: the leading ones of each case, the best of each stage, some of those apart."""
    table = view.tables["rankings"]
    ranked = table[table["rank"].notna()].sort_values(["case_id", "rank", "alternative"])
    apart = table[table["rank"].isna() & (table["status"] == Status.NOT_RANKABLE)].sort_values(
        ["case_id", "evidence_frac", "alternative"], ascending=[True, False, True]
    )
    leading = ranked.groupby("case_id").cumcount() < SHOWN_ROWS
    best = ~ranked.duplicated(["case_id", "stage_id"])
    return pd.concat([ranked[leading | best], apart.groupby("case_id", sort=True).head(APART_ROWS)], ignore_index=True)


def _names(view: View) -> dict[str, Any]:
    """Return the words behind the codes that the page shows."""
    classes = view.layer("classes", ["class_id", "name"])
    used = sorted({name for cell in view.tables["economics"].get("outlet_ids", ()) for name in split_ids(cell)})
    return {
        "kinds": KIND_TAGS,
        "profiles": PROFILE_WORDS,
        "historical": HISTORICAL,
        "blocks": dict(zip(classes["class_id"], classes["name"], strict=True)),
        "outlets": {name: view.label("destinations", name) for name in used},
    }


def _meta(view: View) -> dict[str, Any]:
    """Return the facts of the study itself: date of knowledge, versions, words, warnings."""
    facts = {name: _plain(value) for name, value in view.manifest.items() if isinstance(value, (str, int, float))}
    return facts | {
        "place": view.place,
        "words": list(WORDS),
        "warnings": [format_words(words) for words in view.warnings],
        "turns": [list(turn) for turn in view.turns],
        "modified": sorted(str(name) for name in view.manifest.get("modified", ())),
        "mode": view.assumptions.scoring.mode,
    }


def _case(view: View, case_id: str, at: int) -> dict[str, Any]:
    """Return one case with its headline and how many rows have which standing."""
    case = view.cases[at]
    table, gaps = view.tables["rankings"], _gaps(view, case)
    counts = table.loc[table["case_id"] == case_id, "status"].value_counts()
    return {
        "id": case_id,
        "partner": case.partner,
        "track": case.track.value,
        "on": case.on.isoformat(),
        "known_on": case.known_on.isoformat(),
        "headline": format_words(view.headlines.get(case_id, "")),
        "remarks": format_words(view.remarks.get(case_id, "")),
        "counts": {status.value: int(counts.get(status.value, 0)) for status in Status},
        "unknowns": [
            [at, int(sites), round_figure(touched)]
            for at, sites, touched in zip(gaps.index.tolist(), gaps["n_sites"], gaps["alternatives_touched"], strict=True)
        ],
    }


def _gaps(view: View, case: Case) -> pd.DataFrame:
    """Return the missing facts that the page carries for a case."""
    return list_gaps(view.tables["unknowns"], limit=UNKNOWN_ROWS, partner=case.partner, track=case.track.value)


def _partners(view: View) -> list[dict[str, str]]:
    """Return the partners with their archetype, which sets the weights, and the port of delivery."""
    table = view.layer("partners", ["partner_id"]).set_index("partner_id")
    facts = table.reindex(columns=["archetype", "archetype_basis", "default_port_id"]).fillna("")
    return [
        {"id": partner, "label": label} | {str(name): str(value) for name, value in facts.loc[partner].items()}
        if partner in facts.index
        else {"id": partner, "label": label}
        for partner, label in view.partner_labels.items()
    ]


def _why_tables(view: View, rows: pd.DataFrame) -> dict[str, Any]:
    """Return the tables behind the Why tab, cut down to the rows that the page shows."""
    tables = view.tables
    shown = tables["alternatives"][tables["alternatives"]["alternative"].isin(rows["alternative"])]
    partner_of = {case.case_id: case.partner for case in view.cases}
    pairs = rows.assign(partner=rows["case_id"].map(partner_of))[["partner", "alternative"]].drop_duplicates()
    economics = _among(tables["economics"], pairs)
    exposure = _exposure(view, rows, shown)
    hauls = _hauls(view, shown, economics)
    return {
        "alternatives": _alternatives(view, shown),
        "contributions": _contributions(view, rows),
        "dependency": pack_frame(
            _among(tables["dependency"], rows[CASE_KEYS]),
            [*CASE_KEYS, "profile", "regimes_searched", "note"],
            ["d_avg", "d_max", "d_rel", "d_rel_low", "d_rel_high", "delay_months_p10", "delay_months_p50", "delay_months_p80"],
        ),
        "exposure": pack_frame(
            exposure, ["case_id", "stage_id", "profile", "block_id", "clause_ids", "state", "note"], ["b", "s", "sigma", "e"]
        ),
        "economics": _pack_economics(economics),
        "hauls": pack_frame(hauls, [*HAUL_KEYS, "via_port_id", "assumed_open"], HAUL_FIGURES),
        "closures": pack_closures(view, rows, hauls=hauls, links=list_links(view)),
        "gates": pack_frame(_among(tables["gates"], pairs), ["partner", "alternative", "gate_id", "result", "reason"]),
        "clauses": _clauses(view, exposure),
        "unknowns": _pack_unknowns(view),
    }


def _pack_unknowns(view: View) -> dict[str, Any]:
    """Return the missing facts that any case names, each with its position in the study's own table."""
    table = view.tables["unknowns"].reset_index(drop=True)
    named = sorted({at for case in view.cases for at in _gaps(view, case).index})
    kept = table.loc[named]
    kept = kept.assign(position=named, site=kept["site_id"].map(view.site_label), stage=kept["stage_id"].map(view.stage_label))
    texts = ["criterion_id", "site", "stage", "profile", "partner", "what", "note", "holder"]
    return pack_frame(kept, texts, ["position", "weight", "rank_swing"])


def _among(frame: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame whose key is among those given, sorted by key."""
    names = list(keys.columns)
    if frame.empty:
        return frame
    return frame.merge(keys.drop_duplicates(), on=names).sort_values(names, kind="stable", ignore_index=True)


def _alternatives(view: View, shown: pd.DataFrame) -> dict[str, Any]:
    """Return the alternatives that the page shows, with their names."""
    names = pd.DataFrame([name_alternative(view, row) for row in shown.to_dict("records")], columns=["name", "product", "feed"])
    names = pd.concat([shown.reset_index(drop=True), names], axis=1)
    texts = [
        "alternative",
        "kind",
        "site_id",
        "stage_id",
        "place_id",
        "port_id",
        "province_id",
        "name",
        "label",
        "product",
        "product_id",
        "feed",
        "feed_product_ids",
        "developer_profile",
        "conditions",
    ]
    return pack_frame(names.sort_values("alternative"), texts, ["lat", "lon", "coord_accuracy_km"])


def _contributions(view: View, rows: pd.DataFrame) -> dict[str, Any]:
    """Return weight x value of each criterion for the rows shown; nothing where the matrix tells it of every row."""
    empty = view.tables["contributions"].head(0)
    table = _among(view.tables["contributions"], rows[CASE_KEYS]) if view.standing is None else empty
    texts = [*CASE_KEYS, "criterion_id", "grade", "note", "source_ids"]
    return pack_frame(table, texts, ["weight", "v", "contribution", "value", "value_low", "value_high"])


def _exposure(view: View, rows: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Return the controlled blocks of the flowsheets and profiles that the page shows."""
    table = view.tables["exposure"]
    if table.empty:
        return table
    used = rows[CASE_KEYS].merge(shown[["alternative", "stage_id"]], on="alternative")
    profiles = view.tables["dependency"][[*CASE_KEYS, "profile"]]
    keys = used.merge(profiles, on=CASE_KEYS, how="left").fillna({"profile": ""})[["case_id", "stage_id", "profile"]]
    return _among(table, keys)


def _pack_economics(economics: pd.DataFrame) -> dict[str, Any]:
    """Return the economics of the rows shown; every figure column goes along."""
    texts = [
        "partner",
        "alternative",
        "outlet",
        "outlet_ids",
        "feed_deposit_ids",
        "feed_product_id",
        "battery_limit",
        "reason",
        "source_ids",
        "supplier_deposit_id",
    ]
    figures = [name for name in economics.columns if pd.api.types.is_numeric_dtype(economics[name])]
    return pack_frame(economics, texts, figures)


def _hauls(view: View, shown: pd.DataFrame, economics: pd.DataFrame) -> pd.DataFrame:
    """Return the hauls of the rows shown: feed to their places, and from there (or from their feed) to the ports."""
    table = view.tables["hauls"]
    if table.empty:
        return table
    ports = view.layer("partners", ["partner_id", "default_port_id"])[["partner_id", "default_port_id"]]
    asked = economics[["partner", "alternative", "feed_deposit_ids"]].merge(shown, on="alternative")
    asked = asked.merge(ports, left_on="partner", right_on="partner_id")
    wanted = {key for row in asked.to_dict("records") for key in _legs(row)}
    return table[pd.MultiIndex.from_frame(table[HAUL_KEYS]).isin(sorted(wanted))].sort_values(HAUL_KEYS)


def _legs(row: Mapping[Any, Any]) -> set[tuple[str, ...]]:
    """Return the keys of the hauls that an alternative may need for a partner."""
    feeds, market = split_ids(row["feed_deposit_ids"]), row["default_port_id"]
    if row["kind"] == Kind.PLANT:
        keys = {(feed, row["place_id"], "feed", "") for feed in feeds}
        return keys | {(row["place_id"], market, "delivered", row["product_id"])}
    target = market if row["kind"] == Kind.EXPORT else row["port_id"]
    shipped = {(feed, target, "delivered", what) for feed in feeds for what in split_ids(row["feed_product_ids"])}
    return shipped | {(row["port_id"], market, kind, row["product_id"]) for kind in ("sea", "delivered")}


def _clauses(view: View, exposure: pd.DataFrame) -> dict[str, Any]:
    """Return the clauses that the shown blocks name, with their instrument and state on both legal tracks."""
    named = {name for cell in exposure.get("clause_ids", ()) for name in split_ids(cell)}
    states = view.tables["states"]
    if states.empty:
        return pack_frame(states, ["clause_id"])
    instruments = view.layer("instruments", ["instrument_id", "title", "url"])[["instrument_id", "title", "url"]]
    table = states[states["clause_id"].isin(named)].merge(instruments, on="instrument_id", how="left").fillna({"title": "", "url": ""})
    texts = [
        "clause_id",
        "issuer",
        "title",
        "url",
        "state_as_law_stands",
        "state_as_practised",
        "ever_operated",
        "valid_from",
        "source_ids",
    ]
    return pack_frame(table.drop_duplicates("clause_id").sort_values("clause_id"), texts)


def _plain(value: object) -> Any:  # noqa: ANN401  a JSON leaf
    """Return a leaf of the assumptions as JSON knows it."""
    return round_figure(value, 9) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
