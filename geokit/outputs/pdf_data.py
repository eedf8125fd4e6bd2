"""What the PDF prints, as one tree of JSON: the words of the report, the map, and a profile of each leading row."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from geokit.catalog import list_attributions
from geokit.core.case import Case
from geokit.outputs.charts_map import draw_map
from geokit.outputs.pdf_profile import build_profile
from geokit.outputs.reportdata import LISTED, build_report
from geokit.outputs.style import format_figure, mark_controls
from geokit.outputs.view import View, name_alternative, view_study
from geokit.study.study import Study

DRAWN = ("deposits", "sites", "ports", "nodes", "links", "provinces", "neighbours", "lakes", "rivers", "disputed_lines")
"""Layers that the map draws, whose terms ask for a line of credit."""
CROSS = "\N{MULTIPLICATION SIGN}"
"""Stands for a sign that the fonts lack."""
BREAKS = re.compile(r"(?<=[/._&=?,;:|-])(?=[^\s/._&=?,;:|-])")
"""Where a long word may go on in the next line."""
LONG = 24
"""Letters of a word that any column has room for."""
BREAK = "\N{ZERO WIDTH SPACE}"


def build_document(study: Study, *, top: int, partner: str | None) -> dict[str, Any]:
    """Return everything that the PDF prints.

    Parameters
    ----------
    study : Study
        The finished study.
    top : int
        Leading rows of each partner that get a profile.
    partner : str, optional
        For whom; all partners of the study when not given.

    Returns
    -------
    dict
        As :func:`geokit.outputs.reportdata.build_report`, with ``warning`` (what every page says of the law), and for each partner
        ``map``, ``numbered`` (rank and name of what the map numbers) and ``profiles``; each source with its ``licence``.

    Raises
    ------
    UnknownNameError
        If the study holds no case of the partner.
    """
    cases = list(study.cases) if partner is None else _cases_of(study, partner)
    chosen = dataclasses.replace(study, cases=tuple(cases))
    view = view_study(chosen)
    tree = build_report(view)
    first = [next(case for case in cases if case.partner == name) for name in view.partners]
    pages = [page | _add_pages(chosen, case, top, view=view) for page, case in zip(tree["partners"], first, strict=True)]
    criteria = [{name: row[name] for name in ("label", "unit")} for row in tree["criteria"]]
    more = {"partners": pages, "criteria": criteria, "warning": _tell_law(view)}
    return tree | more | {"sources": _list_sources(view, tree["sources"], pages)}


def _cases_of(study: Study, partner: str) -> list[Case]:
    """Return the cases of a partner; one that the study lacks is an error."""
    study.case(partner, study.cases[0].track)
    return [case for case in study.cases if case.partner == partner]


def _add_pages(study: Study, case: Case, top: int, *, view: View) -> dict[str, Any]:
    """Return the map and the profiles of a case."""
    rows = study.rankings[(study.rankings["case_id"] == case.case_id) & study.rankings["rank"].notna()]
    leading = rows.sort_values(["rank", "alternative"]).head(max(top, LISTED))
    about = study.alternatives.set_index("alternative").loc[leading["alternative"]].reset_index()
    ranks = [f"{rank:.0f}" for rank in leading["rank"]]
    names = [name_alternative(view, row) for row in about.to_dict("records")]
    return {
        "credits": " ".join(list_attributions(view.layers, DRAWN)),
        "map": draw_map(view, list(zip(ranks, about["site_id"], strict=True))),
        "numbered": [[rank, f"{name['name']}: {name['product']}"] for rank, name in zip(ranks, names, strict=True)],
        "profiles": [build_profile(study, name, case, view=view) for name in leading["alternative"].head(top)],
        "n_ranked": format_figure(len(rows)),
    }


def _tell_law(view: View) -> str:
    """Return what every page says of the law: the first half of the warning on it, else the first warning."""
    told = next((words for words in view.warnings if words.startswith("Law unsettled")), next(iter(view.warnings), ""))
    return mark_controls(told.split("; ")[0].rstrip(".") + ".") if told else ""


def _list_sources(view: View, listed: Sequence[Mapping[str, str]], pages: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the sources under the report and the profiles, with publisher, date and licence."""
    table = view.tables["sources"]
    used = {source["id"] for source in listed}
    used |= {name for page in pages for profile in page["profiles"] for name in profile["source_ids"]}
    fields = ("title", "publisher", "date", "licence", "url")
    known = {row["source_id"]: {name: str(row.get(name, "") or "") for name in fields} for row in table.to_dict("records")}
    return [{"id": name} | known.get(name, dict.fromkeys(fields, "")) for name in sorted(used)]


def clean_tree(tree: Any, signs: frozenset[int]) -> tuple[Any, list[str]]:  # noqa: ANN401  any JSON tree
    """Return a tree whose words can all be printed, and the signs that could not.

    Parameters
    ----------
    tree : JSON tree
        Any.
    signs : frozenset of int
        Code points that the fonts hold.

    Returns
    -------
    tuple of the tree and list of str
        Signs that the fonts lack are crosses, long words may break; the signs as ``U+4E2D``, sorted, each once.
    """
    lacking: set[int] = set()
    return _clean(tree, signs, lacking), [f"U+{sign:04X}" for sign in sorted(lacking)]


def _clean(tree: Any, signs: frozenset[int], lacking: set[int]) -> Any:  # noqa: ANN401  any JSON tree
    """Return a tree cleaned, and note what is lacking."""
    if isinstance(tree, Mapping):
        return {name: _clean(part, signs, lacking) for name, part in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [_clean(part, signs, lacking) for part in tree]
    if not isinstance(tree, str):
        return tree
    missing = {ord(sign) for sign in tree if ord(sign) not in signs and sign != "\n"}
    lacking |= missing
    words = tree.translate(dict.fromkeys(missing, CROSS))
    return words if words.startswith("<svg") else re.sub(rf"\S{{{LONG},}}", _break_word, words)


def _break_word(found: re.Match[str]) -> str:
    """Return a long word that may go on in the next line: after a sign that parts it, else anywhere after so many letters."""
    parts = BREAKS.sub(BREAK, found.group()).split(BREAK)
    return BREAK.join(part[at : at + LONG] for part in parts for at in range(0, len(part), LONG))
