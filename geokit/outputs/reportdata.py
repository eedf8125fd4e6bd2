"""What the report prints, as words: rows cut to the page, figures formatted, nothing computed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Kind, Status, Track
from geokit.core.columns import split_ids
from geokit.outputs.gaps import list_gaps
from geokit.outputs.style import WORDS, format_figure, format_range, format_share
from geokit.outputs.view import View

LISTED, APART, UNKNOWN = 10, 2, 15
"""Rows on a partner's page, apart from the ranking, and among what to find out next."""
TRACK_WORDS = {Track.TEXT: "read by its text", Track.PRACTICE: "as practised"}


def build_report(view: View) -> dict[str, Any]:
    """Return everything that the template of the report prints.

    Parameters
    ----------
    view : View
        The study.

    Returns
    -------
    dict
        ``title``, ``facts``, ``words``, ``warnings``, ``partners``, ``unknowns``, ``assumptions``, ``criteria``, ``weights``,
        ``sources``, ``searched``.
    """
    pages = [_partner_page(view, partner) for partner in view.partners]
    criteria = view.tables["criteria"]
    return {
        "title": " ".join(["Midstream siting,", view.place]).rstrip(" ,"),
        "facts": _facts(view),
        "words": list(WORDS),
        "warnings": list(view.warnings),
        "partners": pages,
        "unknowns": _unknowns(view),
        "assumptions": [{"name": name, "value": _value(value)} for name, value in view.assumptions.leaves()],
        "criteria": criteria.to_dict("records"),
        "weights": [[_two(view.weights.get(partner, {}).get(name)) for partner in view.partners] for name in criteria["criterion_id"]],
        "labels": list(view.partner_labels.values()),
        "sources": _sources(view, pages),
        "searched": _searched(pages),
    }


def _facts(view: View) -> dict[str, str]:
    """Return the date of knowledge and the versions."""
    facts = {name: str(view.manifest.get(name, "")) for name in ("version", "on", "data_version", "verified_on", "fingerprint")}
    modified = ", ".join(sorted(str(name) for name in view.manifest.get("modified", ())))
    return facts | {"modified": modified, "mode": view.assumptions.scoring.mode}


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
        "headline": view.headlines.get(first.case_id, ""),
        "remarks": view.remarks.get(first.case_id, ""),
        "answer": _first_sentence(view.headlines.get(first.case_id, "")),
        "reading": TRACK_WORDS[first.track],
        "on": first.on.isoformat(),
        "rows": rows,
        "others": [_other_reading(view, case, rows) for case in rest],
        "apart": [_row(view, first, row) for _, row in apart.head(APART).iterrows()],
        "n_apart": len(apart),
    }


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
    return _standing(row) | {
        "site": _site_name(view, about, row["alternative"]),
        "product": _product_name(view, str(about.get("product_id", ""))),
        "less": about.get("kind", Kind.PLANT) != Kind.PLANT,
        "d_rel": _two(dependency.get("d_rel")),
        "searched": str(dependency.get("regimes_searched", "")),
        "freight": format_figure(economics.get("product_freight_usd_per_t")),
        "margin": format_range(economics.get("margin_usd_per_t_low"), economics.get("margin_usd_per_t_high")),
        "source_ids": [*split_ids(about.get("source_ids")), *split_ids(economics.get("source_ids"))],
    }


def _standing(row: pd.Series) -> dict[str, Any]:
    """Return what the ranking itself says of a row: rank, standing, score, its two kinds of doubt, the sentence."""
    return {
        "rank": "" if pd.isna(row["rank"]) else str(int(row["rank"])),
        "alternative": row["alternative"],
        "status": str(row["status"]).replace("_", " "),
        "status_reason": row["status_reason"],
        "reason": row["reason"],
        "tier": "" if pd.isna(row["tier"]) else str(int(row["tier"])),
        "bar": {name: _unit(row[name]) for name in ("score", "score_p10", "score_p90", "bound_low", "bound_high")},
        "score": _two(row["score"]),
        "band": f"{_two(row['score_p10'])} to {_two(row['score_p90'])}",
        "bounds": f"{_two(row['bound_low'])} to {_two(row['bound_high'])}",
        "evidence": format_share(row["evidence_frac"]),
    }


def _product_name(view: View, product_id: str) -> str:
    """Return the printed name of a product, or its id."""
    return str(_lookup(view.layer("products", ["product_id"]), product_id=product_id).get("label", product_id))


def _site_name(view: View, about: dict[str, Any], alternative: str) -> str:
    """Return the printed name of the place of an alternative."""
    site = _lookup(view.layer("sites", ["site_id"]), site_id=about.get("site_id", ""))
    return str(site.get("name") or str(about.get("label", alternative)).split(": ")[0])


def _other_reading(view: View, case: Case, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the other reading of the law changes among the rows listed (model rule M10)."""
    table = view.tables["rankings"]
    ranks = table[table["case_id"] == case.case_id].set_index("alternative")["rank"]
    moved = []
    for row in rows:
        rank = ranks.get(row["alternative"])
        there = "no rank" if rank is None or pd.isna(rank) else str(int(rank))
        if there != row["rank"]:
            moved.append({"site": row["site"], "product": row["product"], "here": row["rank"], "there": there})
    return {"reading": TRACK_WORDS[case.track], "headline": view.headlines.get(case.case_id, ""), "moved": moved}


def _unknowns(view: View) -> list[dict[str, str]]:
    """Return what to find out next, the most decisive first."""
    return [
        {
            "what": str(row["what"]),
            "where": _where(view, row),
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
    others = f" and {more} other site{'s' if more > 1 else ''}" if more else ""
    site = row["site_id"].replace("-", " ") + others
    return ", ".join(word for word in (row["stage_id"].replace("-", " "), site, partner) if word)


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


def _value(value: object) -> str:
    """Return an assumption as printed: figures plainly, years and counts without a thousands mark."""
    return f"{value:.9g}" if isinstance(value, float) else str(value)
