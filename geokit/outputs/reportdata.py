"""What the report prints, as words: rows cut to the page, figures formatted, nothing computed."""

from __future__ import annotations

import re
import textwrap
from itertools import zip_longest
from typing import Any

import pandas as pd

from geokit.catalog import list_attributions
from geokit.core.case import Case
from geokit.core.codes import Kind, Status, Track
from geokit.core.columns import split_ids
from geokit.outputs.assumed import list_assumed
from geokit.outputs.gaps import list_gaps
from geokit.outputs.reality import list_comparisons
from geokit.outputs.style import HISTORICAL, KIND_TAGS, SPACE, WORDS, format_figure, format_percent, format_range, format_words
from geokit.outputs.view import View, name_alternative

LISTED, TOLD, APART, UNKNOWN = 10, 5, 2, 12
"""Rows on a partner's page, those whose reasons it gives, those apart from the ranking, and what to find out next."""
CLOSURES = 3
"""Closures of corridors that are told for each partner, the worst first."""
REMARK_WIDTH = 240
"""Signs of a remark that a partner's page has room for."""
TRACK_WORDS = {Track.TEXT: "by its text", Track.PRACTICE: "as practised"}
VERDICTS = {"yes": "beats exporting", "no": "does not beat exporting"}


def build_report(view: View) -> dict[str, Any]:
    """Return everything that the template of the report prints.

    Parameters
    ----------
    view : View
        The study.

    Returns
    -------
    dict
        ``title``, ``facts``, ``words``, ``warnings``, ``partners``, ``unknowns``, ``reality``, ``closures``, ``assumptions``,
        ``criteria``, ``weights``,
        ``sources``, ``searched``, ``historical``.
    """
    pages = [_partner_page(view, partner) for partner in view.partners]
    criteria = view.tables["criteria"]
    return {
        "title": " ".join(["Midstream siting,", view.place]).rstrip(" ,"),
        "facts": _facts(view),
        "words": list(WORDS),
        "warnings": [format_words(words) for words in view.warnings],
        "historical": HISTORICAL,
        "partners": pages,
        "unknowns": _unknowns(view),
        "reality": list_comparisons(view),
        "closures": [
            {"label": view.partner_labels[partner], "words": [format_words(words) for words in told[:CLOSURES]]}
            for partner, told in view.closures.items()
        ],
        "assumptions": list(list_assumed(view.assumptions, view.tables["sources"]["source_id"].tolist())),
        "criteria": criteria.to_dict("records"),
        "weights": [[_weight(view.weights.get(partner, {}).get(name)) for partner in view.partners] for name in criteria["criterion_id"]],
        "labels": list(view.partner_labels.values()),
        "sources": _sources(view, pages),
        "searched": _searched(pages),
    }


def _facts(view: View) -> dict[str, str]:
    """Return the date of knowledge and the versions."""
    facts = {name: str(view.manifest.get(name, "")) for name in ("version", "on", "data_version", "verified_on", "fingerprint")}
    modified = ", ".join(sorted(str(name) for name in view.manifest.get("modified", ())))
    credited = list_attributions(view.layers) if "resources" in view.layers else ()
    return facts | {"modified": modified, "mode": view.assumptions.scoring.mode, "credits": " ".join(credited)}


def _partner_page(view: View, partner: str) -> dict[str, Any]:
    """Return the page of one partner: its first reading of the law in full, the other by what differs."""
    cases = [case for case in view.cases if case.partner == partner]
    first, rest = cases[0], cases[1:]
    rows = _rows(view, first)
    table = view.tables["rankings"]
    apart = table[(table["case_id"] == first.case_id) & (table["status"] == Status.NOT_RANKABLE)].sort_values(
        ["evidence_frac", "alternative"], ascending=[False, True]
    )
    return {
        "label": view.partner_labels[partner],
        "headline": format_words(view.headlines.get(first.case_id, "")),
        "remarks": format_words(view.remarks.get(first.case_id, "")),
        "answer": _first_sentence(format_words(view.headlines.get(first.case_id, ""))),
        "reading": TRACK_WORDS[first.track],
        "on": first.on.isoformat(),
        "best": _best(view, first),
        "rows": rows,
        "reasons": _reasons(rows[:TOLD]),
        "others": [_other_reading(view, case, rows) for case in rest],
        "apart": [_row(view, first, row) for _, row in apart.head(APART).iterrows()],
        "n_apart": format_figure(len(apart)),
    }


def _best(view: View, case: Case) -> dict[str, Any]:
    """Return the best plant of a case: whether it beats exporting, what it leaves for conversion, what to find out first."""
    table = view.tables["rankings"]
    kinds = view.tables["alternatives"].set_index("alternative")["kind"]
    rows = table[(table["case_id"] == case.case_id) & table["rank"].notna()].sort_values(["rank", "alternative"])
    plants = rows[rows["alternative"].map(kinds) == Kind.PLANT]
    if plants.empty:
        return {}
    row = plants.iloc[0]
    before = int((rows["rank"] < row["rank"]).sum())
    told = _row(view, case, row)
    port = _lookup(view.layer("partners", ["partner_id"]), partner_id=case.partner).get("default_port_id", "")
    unless = f"only if conversion costs less than {told['margin_mode']}{SPACE}USD/t" if told["margin_mode"] else ""
    blind = unless or ("" if port else "no port of this partner is in the layers")
    verdict = VERDICTS.get(str(row["beats_baseline"]), f"cannot be told{': ' if blind else ''}{blind}")
    ahead = f"rank {told['rank']}, behind {before} without a plant here" if before else "rank 1"
    return told | {"verdict": verdict, "ahead": ahead, "ask": _first_question(view, case, row)}


def _first_question(view: View, case: Case, row: pd.Series) -> str:
    """Return what to find out first about a plant: all that a value of it lacks, with the assumption that fills it, then what moves it."""
    money = _lookup(view.tables["economics"], partner=case.partner, alternative=row["alternative"])
    lacks, keys = (str(money.get(name) or "").split("; ") for name in ("missing_inputs", "missing_keys"))
    asks = [f"{lack} ({key})" if key else lack for lack, key in zip_longest(lacks, keys, fillvalue="") if lack]
    unknowns = view.tables["unknowns"]
    mine = (
        unknowns[unknowns["stage_id"].isin(["", row["stage_id"]]) & unknowns["site_id"].isin(["", row["site_id"]])]
        if len(unknowns)
        else unknowns
    )
    gaps = list_gaps(mine, limit=1, partner=case.partner, track=case.track.value)
    asks += [f"{gap['what']} (ask {gap['holder'] or 'nobody named yet'})" for _, gap in gaps.iterrows()]
    return "; then ".join(asks) or "nothing listed"


def _reasons(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return why the leading rows stand where they do; rows with the same reason share one line."""
    shared: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        because = re.sub(r"^No\. \S+ for [^;]*?(?: because |; )", "", row["reason"])
        condition = f" {row['status'].capitalize()}: {row['status_reason']}." if row["status_reason"] not in row["reason"] else ""
        shared.setdefault(because + condition, []).append(row)
    return [
        {
            "ranks": ", ".join(row["rank"] for row in alike),
            "sites": "; ".join(row["site"] for row in alike),
            "why": why[:1].upper() + why[1:],
        }
        for why, alike in shared.items()
    ]


def _first_sentence(headline: str) -> list[str]:
    """Return the first sentence of a headline, which is the title of its page, and the rest."""
    first, dot, rest = headline.partition(". ")
    return [first + dot.strip(), rest]


def _rows(view: View, case: Case) -> list[dict[str, Any]]:
    """Return the leading rows of a case."""
    table = view.tables["rankings"]
    ranked = table[(table["case_id"] == case.case_id) & table["rank"].notna()].sort_values(["rank", "alternative"])
    return [_row(view, case, row) for _, row in ranked.head(LISTED).iterrows()]


def _row(view: View, case: Case, row: pd.Series) -> dict[str, Any]:
    """Return one row of a ranking in words."""
    about = _lookup(view.tables["alternatives"], alternative=row["alternative"])
    dependency = _lookup(view.tables["dependency"], case_id=case.case_id, alternative=row["alternative"])
    economics = _lookup(view.tables["economics"], partner=case.partner, alternative=row["alternative"])
    named = name_alternative(view, {"alternative": row["alternative"], "site_id": "", **about})
    aged = not view.historical.isdisjoint(split_ids(economics.get("feed_deposit_ids", "")))
    spread = format_range(economics.get("margin_usd_per_t_low"), economics.get("margin_usd_per_t_high"))
    mode, less = economics.get("margin_usd_per_t"), KIND_TAGS.get(about.get("kind", ""), "")
    return _standing(row) | {
        "site": named["name"],
        "product": named["product"],
        "less": less,
        "historical": aged,
        "margin_mode": "" if mode is None or pd.isna(mode) else format_figure(mode),
        "d_rel": _two(dependency.get("d_rel")),
        "searched": str(dependency.get("regimes_searched", "")),
        "freight": format_figure(economics.get("product_freight_usd_per_t")),
        "margin": "\u2013" if less and mode == 0 else spread,
        "source_ids": [*split_ids(about.get("source_ids")), *split_ids(economics.get("source_ids"))],
    }


def _standing(row: pd.Series) -> dict[str, Any]:
    """Return what the ranking itself says of a row: rank, standing, score, its two kinds of doubt, the sentence."""
    return {
        "rank": "" if pd.isna(row["rank"]) else str(int(row["rank"])),
        "alternative": row["alternative"],
        "status": str(row["status"]).replace("_", " "),
        "status_reason": textwrap.shorten(format_words(row["status_reason"]), REMARK_WIDTH, placeholder=" \u2026"),
        "reason": format_words(row["reason"]),
        "tier": "" if pd.isna(row["tier"]) else str(int(row["tier"])),
        "bar": {name: _unit(row[name]) for name in ("score", "score_p10", "score_p90", "bound_low", "bound_high")},
        "score": _two(row["score"]),
        "band": f"{_two(row['score_p10'])} to {_two(row['score_p90'])}",
        "bounds": f"{_two(row['bound_low'])} to {_two(row['bound_high'])}",
        "evidence": format_percent(row["evidence_frac"]),
    }


def _other_reading(view: View, case: Case, rows: list[dict[str, Any]]) -> str:
    """Return in one sentence what the other reading of the law changes among the rows listed (model rule M10)."""
    table = view.tables["rankings"]
    ranks = table[table["case_id"] == case.case_id].set_index("alternative")["rank"]
    moved = []
    for row in rows:
        rank = ranks.get(row["alternative"])
        there = "no rank" if rank is None or pd.isna(rank) else str(int(rank))
        if there != row["rank"]:
            moved.append(f"{row['site']}, {row['product']} ({row['rank']} becomes {there})")
    what = f"{len(moved)} of the rows above would stand elsewhere: " + "; ".join(moved) if moved else "every row above keeps its rank"
    return f"If the law is read {TRACK_WORDS[case.track]} instead, {what}."


def _unknowns(view: View) -> list[dict[str, str]]:
    """Return what to find out next, the most decisive first."""
    return [
        {
            "what": str(row["what"]),
            "where": _where(view, row),
            "note": format_words(str(row.get("note", ""))),
            "holder": row["holder"] or "nobody named yet",
            "touched": format_figure(row["alternatives_touched"]),
            "swing": format_figure(row["rank_swing"]),
        }
        for _, row in list_gaps(view.tables["unknowns"], limit=UNKNOWN).iterrows()
    ]


def _where(view: View, row: pd.Series) -> str:
    """Return the stage, site and partner that a missing fact is about."""
    partner = view.partner_labels.get(row["partner"], row["partner"])
    more = row["n_sites"] - 1
    others = f" and {more} other place{'s' if more > 1 else ''}" if more and row["site_id"] else ""
    words = (view.stage_label(row["stage_id"]), view.site_label(row["site_id"]) + others, partner)
    return ", ".join(word for word in words if word)


def _searched(pages: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return whose law was searched for the rows listed, and whose was not, from the ``issuer: finding`` parts of each row."""
    cells = {row["searched"] for page in pages for row in page["rows"]}
    parts = sorted({part.strip() for cell in cells for part in cell.split(";") if ":" in part})
    told = [part.split(":", 1) for part in parts]
    blind = sorted({issuer.strip() for issuer, finding in told if "not researched" in finding})
    return {"yes": sorted({issuer.strip() for issuer, _ in told} - set(blind) - {"none"}), "no": blind}


def _sources(view: View, pages: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the sources under the rows that the report lists and under the clauses that touch them."""
    table = view.tables["sources"]
    used = {name for page in pages for row in page["rows"] for name in row["source_ids"]}
    used |= {name for cell in view.tables["states"].get("source_ids", ()) for name in split_ids(cell)}
    known = table.set_index("source_id") if "source_id" in table else pd.DataFrame()
    rows = []
    for name in sorted(used):
        facts = known.loc[name] if name in known.index else {}
        rows.append({"id": name} | {field: str(facts.get(field, "")) for field in ("title", "publisher", "date", "url")})
    return rows


def _lookup(table: pd.DataFrame, **keys: object) -> dict[str, Any]:
    """Return the first row of a table with these keys as a mapping; empty when there is none."""
    if table.empty:
        return {}
    chosen = pd.Series(True, index=table.index)  # noqa: FBT003  every row to begin with
    for name, value in keys.items():
        chosen &= table[name] == value
    return {str(name): value for name, value in table[chosen].iloc[0].items()} if chosen.any() else {}


def _two(value: Any) -> str:  # noqa: ANN401  a cell
    """Return a score or index with two decimals."""
    return "unknown" if value is None or pd.isna(value) else f"{value:.2f}".replace("-", "\u2212")


def _unit(value: Any) -> float:  # noqa: ANN401  a cell
    """Return a share of the width of a bar, 0 when missing."""
    return 0.0 if pd.isna(value) else round(min(max(float(value), 0.0), 1.0), 4)


def _weight(value: Any) -> str:  # noqa: ANN401  a cell
    """Return a weight with two decimals; a criterion that the mode leaves out has none."""
    return "not used" if value is None or pd.isna(value) else f"{value:.2f}"
