"""The feed in sight of each plant, year by year: what bounds its output (model rules M5, M6, M19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions, Spread
from geokit.core.codes import Kind
from geokit.core.columns import join_ids
from geokit.economics.bands import Band, Floats
from geokit.economics.cashflow import ENDLESS_T_PER_Y
from geokit.economics.feed import FREE, HELD
from geokit.economics.quotes import ASSUMED, MISSING, SOURCED
from geokit.economics.states import Places
from geokit.economics.years import sum_years

PLACE = ["place_id", "stage_id"]
TONNES = [f"feed_t_per_y{end}" for end in ("_low", "", "_high")]
ABOUT = [*PLACE, "sight_product_id", "sight_mark", "sight_unrated", "sight_source_ids"]


def _endless() -> Band:
    """Return one place whose feed is no bound."""
    return Band.exact(np.full((1, 1), ENDLESS_T_PER_Y))


@dataclass(frozen=True)
class Sight:
    """Feed that plants may draw on, by place and stage, each calendar year from the first on; the last year stands for those after it.

    Attributes
    ----------
    feed : Band
        Free feed in t/y, shape (places, years): low, mode and high where a rate is known; a mode of NaN is unknown.
    most : numpy.ndarray
        The most that could be had, with contested feed, feed of unknown holders and feed that nobody rates, same shape.
    about : pandas.DataFrame
        One row a place of ``feed``: ``place_id``, ``stage_id``, ``sight_product_id`` (what is counted; blank = whatever the plant
        eats), ``sight_mark`` (evidence, assumption, missing), ``sight_unrated`` (free deposits in reach whose rate nobody states) and
        ``sight_source_ids``.
    """

    feed: Band = field(default_factory=_endless)
    most: Floats = field(default_factory=lambda: np.full((1, 1), ENDLESS_T_PER_Y))
    about: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ABOUT))

    def find(self, rows: pd.DataFrame) -> Places:
        """Return the place of each row here; the last place is unknown feed.

        Feed of another kind than is counted here, and feed bought elsewhere, is unknown unless the user states the tonnes.

        Parameters
        ----------
        rows : pandas.DataFrame
            Columns ``place_id``, ``stage_id``, ``deposit_id`` and ``feed_product_id``.

        Returns
        -------
        numpy.ndarray
            Places; 0 for every row where nothing bounds the feed at all.
        """
        if self.about.empty:
            return np.zeros(len(rows), dtype=np.intp)
        keys = {key: place for place, key in enumerate(self.about[PLACE].itertuples(index=False, name=None))}
        unknown = len(self.about) - 1
        found = np.array([keys.get(key, unknown) for key in rows[PLACE].itertuples(index=False, name=None)], dtype=np.intp)
        own, eaten = self.about.iloc[found], rows["feed_product_id"].to_numpy()
        other = (own["sight_product_id"].to_numpy() != eaten) & (own["sight_product_id"].to_numpy() != "") & (eaten != "")
        bought = (rows["deposit_id"] == "").to_numpy()
        unseen = (other | bought) & (own["sight_mark"] != ASSUMED).to_numpy()
        return np.asarray(np.where(unseen, unknown, found))


def see_feed(
    years: pd.DataFrame, feeds: pd.DataFrame, alternatives: pd.DataFrame, *, assumptions: Assumptions
) -> Sight:
    """Return the feed in sight of each plant in the assumed scenario.

    Free feed of a known rate counts. Where free feed in reach has no rate, or somebody unknown or a rival may hold it, the most that
    could be had is more; where no free feed is rated and such feed lies in reach, the tonnes are unknown and stay so. Nil is known
    only where all that lies in reach is captive or committed. What the user states for a stage takes the place of all this.

    Parameters
    ----------
    years : pandas.DataFrame
        From :func:`geokit.economics.years.feed_years`.
    feeds : pandas.DataFrame
        From :func:`geokit.economics.feed.feed_sources`.
    alternatives : pandas.DataFrame
        What is compared; plants in the country have a place here. Each is looked at alone: plants that draw on the same deposits
        share them here as often as there are plants.
    assumptions : Assumptions
        ``feed.scenario`` and ``feed.supply_t_per_y``.

    Returns
    -------
    Sight
        One place a (place, stage) and a last one for all others.
    """
    pairs = alternatives.loc[alternatives["kind"] == Kind.PLANT, PLACE].drop_duplicates()
    index = pd.MultiIndex.from_frame(pairs)
    calendar = np.unique(years["year"].to_numpy(dtype=int)) if len(years) else np.array([assumptions.finance.price_year])
    rows = years[years["scenario"] == assumptions.feed.scenario]
    sums = sum_years(rows, feeds)
    free = [_lay(sums[sums["availability"] == FREE], name, index=index, calendar=calendar) for name in TONNES]
    others = _lay(sums[~sums["availability"].isin([FREE, *HELD])], TONNES[2], index=index, calendar=calendar)
    counts = _count(rows, feeds).reindex(index, fill_value=0)
    known = (counts["rated_free"] > 0).to_numpy()
    nil = (counts["for_sale"] == 0).to_numpy()
    silent = np.where(nil, 0.0, np.nan)[:, np.newaxis]
    blanks = (np.zeros_like(silent), silent, silent)
    low, mode, high = (np.where(known[:, np.newaxis], tonnes, blank) for tonnes, blank in zip(free, blanks, strict=True))
    most = np.nan_to_num(high) + np.nan_to_num(others)
    most = np.where((counts["unrated"] > 0).to_numpy()[:, np.newaxis], ENDLESS_T_PER_Y, most)
    products = rows[rows["availability"] == FREE].drop_duplicates("stage_id").set_index("stage_id")["feed_product_id"].to_dict()
    about = pairs.assign(
        sight_product_id=[products.get(stage, "") if one else "" for stage, one in zip(pairs["stage_id"], known, strict=True)],
        sight_mark=np.where(known | nil, SOURCED, MISSING),
        sight_unrated=counts["unrated_free"].to_numpy(),
        sight_source_ids=_cite(rows, feeds).astype(object).reindex(index).fillna("").to_numpy(),
    )
    return _close(_state(Sight(Band(low, mode, high), most, about), assumptions.feed.supply_t_per_y))


def operate(sight: Floats, begun: Floats, life: int) -> Floats:
    """Return what is in sight in each operating year, as the cash-flow loop takes it.

    Parameters
    ----------
    sight : numpy.ndarray
        By calendar year, shape (n, years).
    begun : numpy.ndarray
        Years from the first calendar year to the first operating year, shape (n,).
    life : int
        Operating years.

    Returns
    -------
    numpy.ndarray
        Shape (n, life): an operating year that lies in two calendar years takes its share of each.
    """
    first = np.nan_to_num(begun).astype(np.intp)
    last, rows = sight.shape[1] - 1, np.arange(len(sight))[:, np.newaxis]
    places = first[:, np.newaxis] + np.arange(life + 1)
    seen = sight[rows, np.minimum(places, last)]
    share = (begun - first)[:, np.newaxis]
    return np.asarray(seen[:, :-1] + share * np.diff(seen, axis=1))


def _lay(sums: pd.DataFrame, name: str, *, index: pd.MultiIndex, calendar: np.ndarray) -> Floats:
    """Return the tonnes of each place and year, shape (places, years); NaN where none are told."""
    wide = sums.groupby([*PLACE, "year"])[name].sum(min_count=1).unstack("year")  # noqa: PD010  a pivot table would drop blank years
    return np.asarray(wide.reindex(index=index, columns=calendar), dtype=float)


def _count(rows: pd.DataFrame, feeds: pd.DataFrame) -> pd.DataFrame:
    """Count the deposits in reach of each place: for sale, free with a rate, and without one."""
    rated = rows.loc[rows[TONNES[1]].notna(), ["stage_id", "deposit_id"]].drop_duplicates().assign(rated=True)
    reach = feeds[(feeds["reachable"] == "yes") & ~feeds["feed_available"].isin(HELD)]
    lots = reach[[*PLACE, "deposit_id", "feed_available"]].merge(rated, on=["stage_id", "deposit_id"], how="left")
    blind, free = lots["rated"].isna(), lots["feed_available"] == FREE
    marks = lots.assign(for_sale=1, rated_free=free & ~blind, unrated=blind, unrated_free=free & blind)
    return marks.groupby(PLACE)[["for_sale", "rated_free", "unrated", "unrated_free"]].sum()


def _cite(rows: pd.DataFrame, feeds: pd.DataFrame) -> pd.Series:
    """Return the sources of the free feed of each place."""
    told = rows.loc[(rows["availability"] == FREE) & rows[TONNES[1]].notna(), ["stage_id", "deposit_id", "source_ids"]].drop_duplicates()
    lots = feeds.loc[feeds["reachable"] == "yes", [*PLACE, "deposit_id"]].merge(told, on=["stage_id", "deposit_id"])
    return lots.groupby(PLACE)["source_ids"].agg(join_ids)


def _state(sight: Sight, given: Mapping[str, Spread]) -> Sight:
    """Put what the user states for a stage in the place of what is found."""
    stated = sight.about["stage_id"].isin(list(given)).to_numpy()
    if not stated.any():
        return sight
    spreads = [given.get(stage) for stage in sight.about["stage_id"]]
    ends = [np.array([getattr(one, end) if one else np.nan for one in spreads])[:, np.newaxis] for end in ("low", "mode", "high")]
    keep = stated[:, np.newaxis]
    own = Band(*(np.broadcast_to(end, sight.most.shape) for end in ends))
    about = sight.about.assign(
        sight_mark=sight.about["sight_mark"].mask(stated, ASSUMED),
        sight_product_id=sight.about["sight_product_id"].mask(stated, ""),
        sight_unrated=sight.about["sight_unrated"].mask(stated, 0),
        sight_source_ids=sight.about["sight_source_ids"].mask(stated, ""),
    )
    return Sight(own.where(keep, sight.feed), np.where(keep, own.high, sight.most), about)


def _close(sight: Sight) -> Sight:
    """Add the last place: feed of which nothing is known."""
    blank = np.full((1, sight.most.shape[1]), np.nan)
    unknown = Band(np.zeros_like(blank), blank, blank)
    feed = Band(*(np.concatenate([getattr(sight.feed, end), getattr(unknown, end)]) for end in ("low", "mode", "high")))
    words = {"place_id": "", "stage_id": "", "sight_product_id": "", "sight_mark": MISSING, "sight_unrated": 0, "sight_source_ids": ""}
    about = pd.concat([sight.about, pd.DataFrame([words])], ignore_index=True)
    return Sight(feed, np.concatenate([sight.most, np.full_like(blank, ENDLESS_T_PER_Y)]), about)
