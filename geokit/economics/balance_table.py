"""The mass balance, stage by stage: what goes in, what comes out, what is lost and what comes out beside it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.chain import trace_feeds
from geokit.core.columns import join_ids
from geokit.economics.balance import content_factors, feed_ratios, map_factors, step_recoveries
from geokit.economics.bands import Band
from geokit.economics.feed import contained_bands
from geokit.economics.notes import pick_words
from geokit.economics.quotes import ASSUMED, MISSING, SOURCED, content_bands

PRODUCT, BY_PRODUCT = "product", "by_product"
BANDS = ("feed_t_per_t", "mass_pull_frac", "recovery", "feed_content_frac", "content_frac", "by_product_per_t")
PARTS = {"%": 1e2, "g/t": 1e6}
"""Units of an assay, and how many make the whole; a ratio makes none."""
KEYS = ["stage_id", "feed_product_id", "deposit_id", "output"]
COLUMNS = [
    *KEYS, "output_kind", *(f"{band}{end}" for band in BANDS[:3] for end in ("_low", "", "_high")), "recovery_assumed",
    "feed_contained_of", "feed_content_frac_low", "feed_content_frac", "feed_content_frac_high", "contained_of",
    "content_frac_low", "content_frac", "content_frac_high", "by_product_per_t_low", "by_product_per_t", "by_product_per_t_high",
    "by_product_unit", "counted", "note", "source_ids",
]  # fmt: skip


def lay_balance(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the mass balance of every stage, for each of its inputs and for each deposit whose ore it eats.

    feed per tonne of product = content of the product / (factor x recovery x content of the feed), mass pull = its inverse. Where a
    source states the ratio, the recovery is what follows from it: recovery = content of the product / (ratio x factor x content of
    the feed).

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``, ``products``, ``contained_factors``, ``deposits``, ``deposit_feeds``, ``other_grades`` and ``by_products``.
    assumptions : Assumptions
        Recoveries and contents that no source states.

    Returns
    -------
    pandas.DataFrame
        One row a (stage, input, deposit, output); columns as in the data dictionary (``balance``). The deposit is blank for a
        concentrate or an intermediate. By-products are rows of their own, blank in their amount where none was found.
    """
    products = _balance_products(layers, assumptions)
    ores = _balance_ores(layers, assumptions)
    main = pd.concat([products[~_has_ore(products, ores)], ores], ignore_index=True)
    table = pd.concat([main, _list_by_products(layers, main, assumptions=assumptions)], ignore_index=True)
    words = ["deposit_id", "recovery_assumed", "feed_contained_of", "contained_of", "by_product_unit", "note", "source_ids"]
    table = table.reindex(columns=COLUMNS).fillna(dict.fromkeys(words, ""))
    order = ["stage_id", "feed_product_id", "deposit_id", "output_kind", "output"]
    return table.sort_values(order, ascending=[True, True, True, False, True], ignore_index=True)


def _has_ore(products: pd.DataFrame, ores: pd.DataFrame) -> pd.Series[bool]:
    """Say which rows are told better by the rows of the deposits."""
    keys = ["stage_id", "feed_product_id"]
    told = set(ores[keys].itertuples(index=False, name=None))
    return pd.Series([pair in told for pair in products[keys].itertuples(index=False, name=None)], index=products.index)


def _balance_products(layers: Mapping[str, pd.DataFrame], assumptions: Assumptions) -> pd.DataFrame:
    """Return the balance of each stage on a feed of the content that its product row states."""
    ratios = feed_ratios(layers, assumptions=assumptions)
    content = content_bands(layers, assumptions=assumptions)
    steps = step_recoveries(layers, assumptions=assumptions).reindex(ratios["stage_id"]).reset_index(drop=True)
    names = layers["products"].set_index("product_id")["contained_of"]
    fed, made = ratios["feed_product_id"].map(names), ratios["product_id"].map(names)
    feed, product = (Band.read(content.reindex(ratios[name]), "frac") for name in ("feed_product_id", "product_id"))
    need = Band.read(ratios, "feed_t")
    factor = Band.exact(map_factors(content_factors(layers), fed, made))
    stated = ratios["ratio_stated"].to_numpy(dtype=bool)
    recovery = (product / (need * factor * feed)).where(stated, Band.read(steps, "recovery"))
    sources = layers["stages"].set_index("stage_id")[["recovery_source_ids", "input_ratio_source_id"]].reindex(ratios["stage_id"])
    named = np.where(ratios["ratio_mark"] == ASSUMED, "", sources["input_ratio_source_id"])
    own = np.where(stated, named, sources["recovery_source_ids"])
    product_ids = [ratios[name].map(layers["products"].set_index("product_id")["source_id"]) for name in ("feed_product_id", "product_id")]
    states = ratios["ratio_mark"].map({ASSUMED: "the user states"}).fillna("a source states")
    told = states + " the ratio; the recovery follows from it"
    return ratios[["stage_id", "feed_product_id"]].assign(
        deposit_id="", output=ratios["product_id"], output_kind=PRODUCT, counted="yes",
        **_lay_bands(need, recovery, feed=feed, product=product),
        recovery_assumed=np.where(steps["recovery_assumed"].to_numpy(dtype=bool) & ~stated, "yes", "no"),
        feed_contained_of=fed, contained_of=made,
        note=pick_words(ratios.index, (stated, told), default=ratios["ratio_note"]),
        source_ids=[join_ids(cells) for cells in zip(own, *product_ids, strict=True)],
    )  # fmt: skip


def _balance_ores(layers: Mapping[str, pd.DataFrame], assumptions: Assumptions) -> pd.DataFrame:
    """Return the balance of each first stage on the ore of each deposit of known grade."""
    pairs = trace_feeds(layers).query("stage_id == first_stage_id").drop(columns="feed_product_ids")
    stages = layers["stages"][["stage_id", "product_id", "input_product_ids", "recovery_source_ids"]]
    table = pairs.merge(stages, on="stage_id").merge(layers["deposits"], on="deposit_id")
    held = contained_bands(layers, table)
    table = table[held["grade_frac"].notna()].reset_index(drop=True)
    held = held[held["grade_frac"].notna()].reset_index(drop=True)
    feed = Band.read(held, "grade_frac")
    product = Band.read(content_bands(layers, assumptions=assumptions).reindex(table["product_id"]), "frac")
    steps = step_recoveries(layers, assumptions=assumptions).reindex(table["stage_id"]).reset_index(drop=True)
    recovery = Band.read(steps, "recovery")
    need = product / (Band.exact(held["factor"]) * recovery * feed)
    names = layers["products"].set_index("product_id")["contained_of"]
    first = table["input_product_ids"].str.split("|").str[-1]
    return table[["stage_id", "deposit_id"]].assign(
        feed_product_id=first, output=table["product_id"], output_kind=PRODUCT, counted="yes",
        **_lay_bands(need, recovery, feed=feed, product=product),
        recovery_assumed=np.where(steps["recovery_assumed"].to_numpy(dtype=bool), "yes", "no"),
        feed_contained_of=held["contained_of"], contained_of=table["product_id"].map(names),
        note=pick_words(
            table.index,
            (np.isnan(product.mode), "the content of the product was not found"),
            (held["factor"].isna(), "the ore is graded in another metal than the product's"),
        ),
        source_ids=[join_ids(cells) for cells in zip(table["source_id"], table["recovery_source_ids"], strict=True)],
    )  # fmt: skip


def ore_needs(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the ore of each deposit that a tonne of product of its first stage takes.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        As for :func:`lay_balance`.
    assumptions : Assumptions
        Recoveries and contents that no source states.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``deposit_id``, ``feed_t_*`` (t/t), ``need_*`` (tonnes of what the ore is graded in per tonne of
        product), ``frac_*`` (grade, 0-1) and ``ratio_mark`` (evidence, assumption, missing); NaN where a part is unknown.
    """
    rows = _balance_ores(layers, assumptions)
    feed, grade = Band.read(rows, "feed_t_per_t"), Band.read(rows, "feed_content_frac")
    need = Band(feed.low * grade.high, feed.mode * grade.mode, feed.high * grade.low)
    bands = {"feed_t": feed, "need": need, "frac": grade}
    figures = {name: column for band, figure in bands.items() for name, column in figure.columns(band).items()}
    mark = pick_words(rows.index, (np.isnan(feed.mode), MISSING), (rows["recovery_assumed"] == "yes", ASSUMED), default=SOURCED)
    return rows[["stage_id", "deposit_id"]].assign(**figures, ratio_mark=mark)


def _lay_bands(need: Band, recovery: Band, *, feed: Band, product: Band) -> dict[str, np.ndarray]:
    """Return the columns of a balance."""
    pull = Band.exact(np.ones(len(need.mode))) / need
    bands = dict(zip(BANDS, (need, pull, recovery, feed, product), strict=False))
    return {name: column for band, figures in bands.items() for name, column in figures.columns(band).items()}


def _list_by_products(layers: Mapping[str, pd.DataFrame], main: pd.DataFrame, *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the by-products of each row of the main balance; a row for its own deposit wins over one for any."""
    rows = layers["by_products"].rename(columns={"by_product": "output", "deposit_id": "only", "source_id": "by_source_ids"})
    needs = main[[*KEYS[:3], "feed_t_per_t_low", "feed_t_per_t", "feed_t_per_t_high"]]
    pairs = needs.merge(rows, on="stage_id").reset_index(drop=True)
    pairs = pairs[(pairs["only"] == "") | (pairs["only"] == pairs["deposit_id"])].sort_values("only", ascending=False)
    pairs = pairs.drop_duplicates(KEYS)
    assays = layers["other_grades"].query("basis == 'ore'").rename(columns={"source_id": "assay_source_id"})
    found_in = ["deposit_id", "constituent"]
    pairs = pairs.merge(assays[[*found_in, "grade_value", "unit", "assay_source_id"]], on=found_in, how="left")
    share = Band.exact(pairs["grade_value"].astype(float) / pairs["unit"].map(PARTS))
    sourced = pairs["recovery_frac"].astype(float)
    recovery = Band.exact(sourced).where(sourced.notna().to_numpy(), Band.spread(assumptions.feed.recovery_frac))
    inside = Band.exact(pairs["content_frac"].astype(float).fillna(1.0) / pairs["per_t_unit"].map({"g/t": 1e6, "t/t": 1.0}))
    found = share * Band.read(pairs, "feed_t_per_t") * recovery / inside
    mode = pairs["per_t"].astype(float)
    given = Band.of(pairs["per_t_low"].astype(float).fillna(mode), mode, pairs["per_t_high"].astype(float).fillna(mode))
    amount = given.where(mode.notna().to_numpy(), found)
    blank = np.isnan(amount.mode) & (pairs["constituent"] != "").to_numpy()
    sources = [join_ids(cells) for cells in zip(pairs["by_source_ids"], pairs["assay_source_id"].fillna(""), strict=True)]
    return pairs[[*KEYS, "counted"]].assign(
        **amount.columns("by_product_per_t"), output_kind=BY_PRODUCT, by_product_unit=pairs["per_t_unit"], source_ids=sources,
        note=pick_words(pairs.index, (blank, "no assay of " + pairs["constituent"] + " for the ore"), default=pairs["note"]),
    )  # fmt: skip
