"""How much feed a tonne of product takes: a sourced ratio, else the metal balance of the step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import split_ids
from geokit.economics.bands import Band, Floats
from geokit.economics.notes import pick_words
from geokit.economics.own import read_own
from geokit.economics.quotes import ASSUMED, MISSING, SOURCED, content_bands


def content_factors(layers: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the tonnes of one content in a tonne of another, both ways and to itself.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``contained_factors`` and ``products``.

    Returns
    -------
    pandas.Series
        Index (from, to), t/t.
    """
    rows = layers["contained_factors"]
    there = rows.set_index(["from_content", "to_content"])["factor"]
    back = (1.0 / rows.set_index(["to_content", "from_content"])["factor"]).rename_axis(there.index.names)
    names = {*rows["from_content"], *rows["to_content"], *layers["products"]["contained_of"]} - {""}
    same = pd.Series(1.0, index=pd.MultiIndex.from_tuples([(name, name) for name in sorted(names)], names=there.index.names))
    return pd.Series(pd.concat([there, back, same]), name="factor")


def map_factors(factors: pd.Series, start: pd.Series, end: pd.Series) -> Floats:
    """Look up the factor of each pair of contents; NaN where stoichiometry gives none."""
    return np.asarray(factors.reindex(pd.MultiIndex.from_arrays([start, end])), dtype=float)


def step_recoveries(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the recovery of each stage: sourced, else the assumed spread.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``.
    assumptions : Assumptions
        ``feed.recovery_frac``.

    Returns
    -------
    pandas.DataFrame
        Index ``stage_id``; columns ``recovery_low``, ``recovery``, ``recovery_high`` (0-1), ``recovery_assumed``.
    """
    stages = layers["stages"].set_index("stage_id")
    sourced, spread = stages["recovery_frac"], assumptions.feed.recovery_frac
    low, high = (stages[f"recovery_frac_{end}"].fillna(sourced) for end in ("low", "high"))
    band = Band.of(low.fillna(spread.low), sourced.fillna(spread.mode), high.fillna(spread.high))
    return pd.DataFrame({**band.columns("recovery"), "recovery_assumed": sourced.isna()}, index=sourced.index)


def feed_ratios(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the feed that each stage takes per tonne of its product, for each of its input products.

    feed_t = product content / (factor x recovery x feed content), with factor the tonnes of the product's content in a tonne of the
    feed's content. A ratio that the user or a source states wins.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``, ``products`` and ``contained_factors``.
    assumptions : Assumptions
        Recoveries and contents that no source states.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id``, ``feed_product_id``, ``product_id``, ``need_low``, ``need``, ``need_high`` (tonnes of the feed's content
        per tonne of product), ``feed_t_low``, ``feed_t``, ``feed_t_high`` (tonnes of feed), ``input_order`` (place in the list of
        inputs), ``ratio_stated`` (whether somebody states it), ``ratio_mark`` (evidence, assumption, missing), ``ratio_note`` (why there
        is none).
    """
    table = _list_inputs(layers["stages"])
    product, feed, factor = _hold_contents(layers, table, assumptions=assumptions)
    steps = step_recoveries(layers, assumptions=assumptions).reindex(table["stage_id"])
    recovery, guessed = Band.read(steps, "recovery"), steps["recovery_assumed"].to_numpy(dtype=bool)
    own = read_own(table["stage_id"], assumptions.feed.feed_t_per_t)
    stated = own.where(~np.isnan(own.mode), Band.exact(table["input_t_per_t"]))
    is_stated = ~np.isnan(stated.mode)
    balance = product / (recovery * Band.exact(factor))
    ratio = stated.where(is_stated, balance / feed)
    given = [np.isnan(ratio.mode), ~np.isnan(own.mode) | (guessed & ~is_stated)]
    return table.drop(columns="input_t_per_t").assign(
        **(stated * feed).where(is_stated, balance).columns("need"),
        **ratio.columns("feed_t"),
        input_order=table.groupby("stage_id").cumcount(),
        ratio_stated=is_stated,
        ratio_mark=np.select(given, [MISSING, ASSUMED], default=SOURCED),
        ratio_note=pick_words(
            table.index,
            (is_stated, ""),
            (np.isnan(product.mode), "the content of the product was not found"),
            (np.isnan(feed.mode), "the content of the feed was not found"),
            (np.isnan(factor), "the feed does not carry the product's content"),
        ),
    )


def find_gains(layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> list[str]:
    """Return why ratios of the user are refused: more content would come out than goes in, whatever the feed.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``, ``products`` and ``contained_factors``.
    assumptions : Assumptions
        ``feed.feed_t_per_t``.

    Returns
    -------
    list of str
        One line a ratio.
    """
    given, table = assumptions.feed.feed_t_per_t, _list_inputs(layers["stages"])
    product, feed, factor = _hold_contents(layers, table, assumptions=assumptions)
    least = pd.Series(product.low / (factor * feed.high)).groupby(table["stage_id"]).min().to_dict()
    words = "t of feed for a tonne of product is a recovery above 1; it takes at least"
    return [
        f"feed.feed_t_per_t.{stage}: {ratio.low:g} {words} {least[stage]:.3g}"
        for stage, ratio in given.items()
        if stage in least and ratio.low < least[stage]
    ]


def _list_inputs(stages: pd.DataFrame) -> pd.DataFrame:
    """Return each stage with each of its inputs."""
    each = stages.assign(feed_product_id=stages["input_product_ids"].map(split_ids)).explode("feed_product_id")
    kept = ["stage_id", "feed_product_id", "product_id", "input_t_per_t"]
    return each[kept].dropna(subset=["feed_product_id"]).reset_index(drop=True)


def _hold_contents(layers: Mapping[str, pd.DataFrame], table: pd.DataFrame, *, assumptions: Assumptions) -> tuple[Band, Band, Floats]:
    """Return the contents of product and feed of each row, and the tonnes of the one in a tonne of the other."""
    content = content_bands(layers, assumptions=assumptions)
    names = layers["products"].set_index("product_id")["contained_of"]
    product, feed = (Band.read(content.reindex(table[column]), "frac") for column in ("product_id", "feed_product_id"))
    return product, feed, map_factors(content_factors(layers), table["feed_product_id"].map(names), table["product_id"].map(names))
