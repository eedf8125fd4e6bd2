"""What a stage must buy, block by block, and which clauses touch it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.columns import join_ids, split_ids
from geokit.dependency.market import split_countries
from geokit.dependency.scope import CARRIED, ELSEWHERE, OUTSIDE, WIDEST, judge_scope

PLACE = ["stage_id", "class_id"]
NO_VENDOR = "no vendor named is of its countries"
"""Why a rule of a supplier country says nothing of a block."""
ONLY_CARRIED = "no vendor named is of its countries: only if what is bought carries such goods or content"
"""Why a rule that follows the goods of its country says something of a block all the same."""
CONDITIONAL = "conditional"
"""Link of what binds only if something holds that the layers do not know."""
COUNTED_LINKS = ("direct", "technology")
"""Links that bind: ``conditional`` is not bound by default, ``product`` is no machine, ``spillover`` is a declaration."""
NOTED = (CONDITIONAL, "product", "spillover")
"""Links whose note says whom or what they reach, or that it is our inference: it is told with the clause."""
COUNTED_EFFECTS = ("licence", "presumptive_denial", "ban", "catch_all", "tech_prohibited", "tech_restricted")
"""Effects that can withhold a supply; partner tests, listings and declarations never count as exposure."""


def list_blocks(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the blocks of every stage: operations that share class, vendors and control fail together.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``operations``, with the vendors of a user where he named them.

    Returns
    -------
    pandas.DataFrame
        One row a stage and block: ``name`` (of its first operation), ``s_low``, ``s``, ``s_high`` (chance that the supply is
        Chinese, a proxy; unknown is NaN between 0 and 1), ``sigma`` (the least of the block), ``substitute_low``,
        ``substitute``, ``substitute_high`` (months), ``source_ids``, ``is_named`` (whether a vendor list gives the share of every
        operation). A known share without bounds is its own bound.

    References
    ----------
    Flowsheet dossier, section 4.1 (common-cause blocks); model rule M12 (output shares are not vendor shares).
    """
    operations = layers["operations"]
    blocks = (
        operations.assign(is_named=operations.get("is_named", default=False))
        .sort_values(["stage_id", "order"])
        .groupby(["stage_id", "block_id"], sort=False)
        .agg(
            name=("name", "first"),
            s_low=("chinese_share_low", "max"),
            s=("chinese_share_mode", "max"),
            s_high=("chinese_share_high", "max"),
            sigma=("sigma", "min"),
            substitute_low=("delay_months_low", "max"),
            substitute=("delay_months_mode", "max"),
            substitute_high=("delay_months_high", "max"),
            source_ids=("source_ids", join_ids),
            is_named=("is_named", "all"),
        )
        .reset_index()
    )
    known = blocks["s"].notna()
    low = blocks["s_low"].fillna(blocks["s"]).where(known, 0.0)
    high = blocks["s_high"].fillna(blocks["s"]).where(known, 1.0)
    return blocks.assign(s_low=low, s_high=high)


def touch_blocks(layers: Mapping[str, pd.DataFrame], vendors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return every clause that touches a block of a stage, of any issuer and by any link.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``operations``, ``class_items``, ``items``, ``clauses`` and ``instruments``; ``issuers`` where vendors are named.
    vendors : pandas.DataFrame, optional
        As :func:`geokit.dependency.vendors.read_vendors` returns; an item whose windows a stated size lies outside of does not count,
        and a rule of a country that none of the vendors named for a block is of lies ``elsewhere``; where it follows the goods of its
        country wherever they are bought, it binds what they are ``carried`` in.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``block_id``, ``clause_id``, ``item_id``, ``link``, ``condition`` (what a clause of a supplier country
        reaches, with the remark on the link; when a ``conditional`` link binds; blank for the others), ``code``, ``kind`` (of item;
        prohibited technology is ``technology_prohibited``), ``effect``, ``issuer``, ``instrument`` (number or title), ``counts``
        (whether link and effect can withhold a supply and no stated size lies outside), ``source_id``, ``scope`` and ``scope_note``
        (as :func:`geokit.dependency.scope.judge_scope` says); one row a stage, block, clause, item and link.
    """
    ties = _place_vendors(judge_scope(_link_items(layers), layers, vendors), layers, vendors)
    keys = ["stage_id", "block_id", "clause_id", "item_id", "link"]
    widest = ties["scope"].map(WIDEST.index).sort_values(kind="stable").index
    ties = ties.loc[widest].drop_duplicates(keys).drop(columns="class_id")
    instruments = layers["instruments"][["instrument_id", "issuer", "number", "title"]]
    instruments = instruments.assign(instrument=instruments["number"].where(instruments["number"] != "", instruments["title"]))
    clauses = layers["clauses"][["clause_id", "instrument_id", "effect", "source_id"]].merge(instruments, on="instrument_id")
    ties = ties.merge(layers["items"][["item_id", "code", "name", "kind"]], on="item_id").merge(clauses, on="clause_id")
    return ties.assign(
        code=ties["code"].where(ties["code"] != "", ties["name"]),
        kind=ties["kind"].mask(ties["effect"] == "tech_prohibited", "technology_prohibited"),
        counts=ties["link"].isin(COUNTED_LINKS) & ties["effect"].isin(COUNTED_EFFECTS) & (ties["scope"] != OUTSIDE),
    ).sort_values(keys, ignore_index=True)[
        [*keys, "condition", "code", "kind", "effect", "issuer", "instrument", "counts", "source_id", "scope", "scope_note"]
    ]


def _link_items(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the items that catch each operation, with its block, its class and the condition under which the link binds."""
    operations = layers["operations"][["stage_id", "order", "class_id", "block_id"]]
    links = layers["class_items"][["class_id", "clause_id", "item_id", "link", "op_scope", "note"]]
    reach = links["clause_id"].map(layers["clauses"].set_index("clause_id")["reach"])
    both = reach + ("; " + links["note"]).where((reach != "") & (links["note"] != ""), links["note"])
    ties = operations.merge(links.assign(condition=both.where((reach != "") | links["link"].isin(NOTED), "")), on="class_id")
    place = ties["stage_id"] + ":" + ties["order"].astype(int).astype(str)
    inside = [not scope or one in split_ids(scope) for one, scope in zip(place, ties["op_scope"], strict=True)]
    kept = ["stage_id", "block_id", "class_id", "clause_id", "item_id", "link", "condition"]
    return ties.loc[np.array(inside, dtype=bool), kept].drop_duplicates(kept[:-1])


def _place_vendors(ties: pd.DataFrame, layers: Mapping[str, pd.DataFrame], vendors: pd.DataFrame | None) -> pd.DataFrame:
    """Return the ties, those of countries that no named vendor is of with the scope ``elsewhere``, or ``carried`` if they follow goods."""
    operations = layers["operations"]
    if vendors is None or "is_named" not in operations:
        return ties
    named = set(operations.loc[operations["is_named"].astype(bool), PLACE].itertuples(index=False, name=None))
    bought = _list_vendor_countries(vendors)
    binds = _list_issuer_countries(layers)
    found = [
        (stage, name) in named and clause in binds and binds[clause].isdisjoint(bought.get((stage, name), bought.get(("", name), set())))
        for stage, name, clause in ties[[*PLACE, "clause_id"]].itertuples(index=False, name=None)
    ]
    away = pd.Series(found, index=ties.index, dtype=bool) & (ties["scope"] != OUTSIDE)
    carried = away & ties["clause_id"].isin(list_following(layers))
    scope = ties["scope"].mask(away, ELSEWHERE).mask(carried, CARRIED)
    return ties.assign(scope=scope, scope_note=ties["scope_note"].mask(away & ~carried, NO_VENDOR))


def list_following(layers: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """Return the clauses of supplier countries that follow the goods or content of their country wherever they are bought.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``clauses``.

    Returns
    -------
    frozenset of str
        Clauses that reach a plant from outside and are extraterritorial, as 15 CFR 734.3 and 734.4(d) make those of the US.
    """
    rows = layers["clauses"].reindex(columns=["clause_id", "reach", "extraterritorial"], fill_value="none")
    return frozenset(rows.loc[(rows["reach"] != "") & (rows["extraterritorial"] != "none"), "clause_id"])


def _list_issuer_countries(layers: Mapping[str, pd.DataFrame]) -> dict[str, set[str]]:
    """Return the countries, in small letters, whose vendors each clause of a supplier country binds."""
    held = layers["instruments"][["instrument_id", "issuer"]].merge(layers["issuers"][["issuer", "countries"]], on="issuer")
    rows = layers["clauses"].merge(held, on="instrument_id").query("reach != ''")
    return {clause: {one.casefold() for one in split_ids(cell)} for clause, cell in zip(rows["clause_id"], rows["countries"], strict=True)}


def _list_vendor_countries(vendors: pd.DataFrame) -> dict[tuple[str, str], set[str]]:
    """Return the countries of the vendors that a user names, in small letters, by stage (blank = every stage) and class."""
    found: dict[tuple[str, str], set[str]] = {}
    bought = vendors[vendors["share"].fillna(vendors["chosen"]) > 0.0]
    for stage, name, cell in bought[[*PLACE, "country"]].itertuples(index=False, name=None):
        found.setdefault((stage, name), set()).update(one.casefold() for one in split_countries(cell))
    return found
