"""What the page tells of named closures: what each shuts, whom it cuts off, what the way round costs, which ranks move."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geokit.core.columns import split_ids
from geokit.outputs.pack import pack_frame
from geokit.outputs.view import View

HAUL = ["origin_id", "destination_id", "product_id"]
LISTED = ["closure_id", "name", "link_ids", "lane_column", "what_happened", "note", "source_id"]
COSTS = ["detour_usd_per_t_low", "detour_usd_per_t", "detour_usd_per_t_high"]
MOVES = ["ranks_moved", "falls_places"]


def pack_closures(view: View, rows: pd.DataFrame, *, hauls: pd.DataFrame, links: pd.DataFrame) -> dict[str, Any]:
    """Return the closures of a study and what they do to the rows that a page shows.

    Parameters
    ----------
    view : View
        The study.
    rows : pandas.DataFrame
        Rows of the ranking that the page carries.
    hauls : pandas.DataFrame
        Hauls that the page carries.
    links : pandas.DataFrame
        Links in the order in which the map draws them.

    Returns
    -------
    dict
        Packed tables ``list``, ``effects``, ``detours`` (``way``: position in ``ways``), ``ranks`` of the rows that a page carries and
        ``ranked``, the cases in which any rank moves with a closure; ``shut``, by closure in the order
        of ``list``, and ``ways``, each a list of positions of links on the map. A study without the tables has closures and their
        links alone.
    """
    listed = view.layer("closures", LISTED)
    order = {link: at for at, link in enumerate(links["link_id"])} if "link_id" in links else {}
    effects = view.tables["closure_effects"]
    detours = _among_hauls(view.tables["detours"], hauls)
    cells = sorted(set(detours.get("detour_link_ids", ())))
    position = {cell: at for at, cell in enumerate(cells)}
    ways = detours.get("detour_link_ids", pd.Series(dtype=object)).map(position)
    shares = effects.drop_duplicates("closure_id").set_index("closure_id")["shut_frac"] if len(effects) else pd.Series(dtype=float)
    known = listed.assign(shut_frac=listed["closure_id"].map(shares).astype(float))
    kept = _name(effects[effects["partner"].isin(view.partners)], view) if len(effects) else effects
    return {
        "list": pack_frame(known, ["closure_id", "name", "lane_column", "what_happened", "note", "source_id"], ["shut_frac"]),
        "shut": [_positions(cell, order) for cell in listed["link_ids"]],
        "effects": pack_frame(kept, ["closure_id", "partner", "falls_most", "leader"], ["alternatives", "cut", *COSTS, *MOVES]),
        "detours": pack_frame(detours.assign(way=ways), ["closure_id", *HAUL, "way_round_port_id"], [*COSTS, "way"]),
        "ways": [_positions(cell, order) for cell in cells],
        "ranked": pack_frame(_list_ranked(view.tables["closure_ranks"]), ["closure_id", "case_id"]),
        "ranks": pack_frame(_among_rows(view.tables["closure_ranks"], rows), ["closure_id", "case_id", "alternative"], ["rank"]),
    }


def _positions(cell: str, order: dict[str, int]) -> list[int]:
    """Return where the links of a cell stand on the map; one that the map does not draw is left out."""
    return sorted(order[link] for link in split_ids(cell) if link in order)


def _name(effects: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the effects with the names of the alternatives that they mention."""
    labels = view.tables["alternatives"].set_index("alternative")["label"]
    return effects.assign(**{name: effects[name].map(labels).fillna("") for name in ("falls_most", "leader")})


def _among_hauls(detours: pd.DataFrame, hauls: pd.DataFrame) -> pd.DataFrame:
    """Return the ways round of the hauls that a page carries."""
    if detours.empty or hauls.empty:
        return detours.head(0)
    return detours.merge(hauls.query("kind == 'delivered'")[HAUL].drop_duplicates(), on=HAUL)


def _list_ranked(ranks: pd.DataFrame) -> pd.DataFrame:
    """Return the closures and cases that were ranked together and in which a rank moves, be its row on the page or not."""
    return ranks if ranks.empty else ranks[["closure_id", "case_id"]].drop_duplicates()


def _among_rows(ranks: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the ranks that move of the rows that a page carries."""
    return ranks if ranks.empty else ranks.merge(rows[["case_id", "alternative"]], on=["case_id", "alternative"])
