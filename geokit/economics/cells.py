"""What this room knows of the criteria, as cells: F1, F2, L1, E1, E2, E3 (model rules M16, M19, M21)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geokit.core.cells import CELL_COLUMNS, CELL_KEYS
from geokit.core.codes import Grade, Kind
from geokit.core.columns import join_ids
from geokit.economics.bands import Band
from geokit.economics.margin import freight_share
from geokit.economics.notes import pick_words
from geokit.economics.words import missing_value

MINES = "the mine operators, the provincial mines department, the geological survey"
MARKET = "buyers and traders of the product, price reporting agencies"
COUNTS = ["n_stage", "n_rows", "n_reach", "n_known", "n_free", "n_offered", "n_open"]
BUILDERS = "engineering contractors and owners of like plants"


def economics_cells(rows: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of the six criteria of this room.

    Parameters
    ----------
    rows : pandas.DataFrame
        From :func:`geokit.economics.rows.lay_rows`.
    values : pandas.DataFrame
        From :func:`geokit.economics.valuation.value_alternatives`, on the same index.

    Returns
    -------
    pandas.DataFrame
        Columns as in the data dictionary; F1, F2 and E3 by (site, stage), L1, E1 and E2 by (site, stage, partner).
    """
    single = rows.drop_duplicates(["site_id", "stage_id"])
    known = values["npv_million_usd"].notna()
    why = missing_value(rows, values)
    tables = [
        feed_years(single),
        feed_spread(single),
        freight_cells(rows),
        _value_cells(rows, "E1", Band.read(values, "profitability_index"), known=known, why=why),
        _value_cells(rows, "E2", Band.exact(values["loss_chance"]), known=known, why=why),
        _kept_in_province(single),
    ]
    return pd.concat([table.reindex(columns=list(CELL_COLUMNS)) for table in tables]).sort_values(list(CELL_KEYS), ignore_index=True)


def feed_years(rows: pd.DataFrame) -> pd.DataFrame:
    """Return F1: years of plant output that the payable product within reach would make.

    years = product in free feed / output of the plant; the high end adds contested feed and feed of unknown holders. Nil is known
    only where every sized feed in reach is captive or committed: feed that nobody could name a holder of, and free feed of unknown
    size, leave the years unknown while no free feed is sized.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row a (site, stage); columns of the feed in reach and ``plant_t_per_y``.

    Returns
    -------
    pandas.DataFrame
        Cells; missing also where no deposit in reach has tonnage and grade, or the plant has no size.
    """
    counts = rows[COUNTS].fillna(0).astype(int)
    none_in_reach = (counts["n_reach"] == 0) & (counts["n_rows"] == counts["n_stage"]) & (counts["n_stage"] > 0)
    sized = rows["plant_t_per_y"].notna()
    untold = (counts["n_free"] == 0) & (counts[["n_offered", "n_open"]].sum(axis=1) > 0)
    known = sized & (((counts["n_known"] > 0) & ~untold) | none_in_reach)
    years = Band.read(rows.fillna({"free_t_low": 0.0, "free_t": 0.0, "free_t_high": 0.0}), "free_t") / Band.exact(rows["plant_t_per_y"])
    values = years.where(known.to_numpy(), Band.exact(np.nan))
    grade = np.select([~known, none_in_reach], [Grade.MISSING.value, Grade.ASSUMPTION.value], default=Grade.CARRIED.value)
    note = _feed_notes(rows, counts, years)
    return _frame(rows, "F1", values, grade=grade, source_ids=rows["reach_source_ids"], note=note, holder=MINES)


def feed_spread(rows: pd.DataFrame) -> pd.DataFrame:
    """Return F2: the Herfindahl index of free feed by deposit, the sum of squared shares; one deposit gives 1.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row a (site, stage); columns ``hhi``, ``n_free``, ``n_offered``, ``reach_source_ids``.

    Returns
    -------
    pandas.DataFrame
        Cells; missing unless every free deposit in reach has tonnage and grade: one without them may hold any share.
    """
    sized, offered = (rows[name].fillna(0).astype(int) for name in ("n_free", "n_offered"))
    known = rows["hhi"].notna() & (sized == offered)
    grade = np.where(known, Grade.CARRIED.value, Grade.MISSING.value)
    note = pick_words(
        rows.index,
        (known, "shares of the " + offered.astype(str) + " free deposit(s) in reach, all with tonnage and grade"),
        (offered == 0, "no deposit within reach is known to be free, so there are no shares"),
        default=sized.astype(str) + " of " + offered.astype(str) + " free deposits have a tonnage; the shares cannot be told",
    )
    return _frame(
        rows, "F2", Band.exact(rows["hhi"].where(known)), grade=grade, source_ids=rows["reach_source_ids"], note=note, holder=MINES
    )


def freight_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return L1: freight over delivered product value; for plain export the freight of the feed over its price.

    The haul of ore to a plant that stands at it counts where somebody prices the ore; else its few kilometres are left out.

    Parameters
    ----------
    rows : pandas.DataFrame
        From :func:`geokit.economics.rows.lay_rows`.

    Returns
    -------
    pandas.DataFrame
        Cells by (site, stage, partner); missing without a price, a way or a metal balance.
    """
    near = (rows["siting"] == "at_ore") & rows[["feed_t", "in"]].isna().any(axis=1)
    no_haul_in = (near | (rows["kind"] == Kind.EXPORT)).to_numpy()
    names = {name: rows[name].mask(no_haul_in, 0.0) for stem in ("feed_t", "in") for name in (f"{stem}_low", stem, f"{stem}_high")}
    share = freight_share(rows.assign(**names))
    known = ~np.isnan(share.mode)
    no_feed = ~no_haul_in & (rows["deposit_id"] == "")
    note = pick_words(
        rows.index,
        (known, "freight of feed and product over the price of the product; rates are assumed or carried over"),
        (rows["partner_port_id"] == "", "the layers name no port of this partner"),
        (rows["usd_per_t"].isna(), "no price of the product was found"),
        (rows["freight"].isna(), "no open way to the partner's port"),
        (no_feed, "no free or unclaimed feed lies within reach"),
        default="feed per tonne of product is unknown: " + rows["ratio_note"],
    )
    grade = np.where(known, Grade.CARRIED.value, Grade.MISSING.value)
    cells = _frame(rows, "L1", share, grade=grade, source_ids=rows["price_source_ids"], note=note, holder=MARKET)
    return cells.assign(partner=rows["partner"])


def _feed_notes(rows: pd.DataFrame, counts: pd.DataFrame, years: Band) -> pd.Series:
    """Say how the feed was counted, or why it could not be."""
    reach, known, free = (counts[name].astype(str) for name in ("n_reach", "n_known", "n_free"))
    ways, lost = counts["n_rows"].astype(str), (counts["n_stage"] - counts["n_rows"]).astype(str)
    old = pick_words(rows.index, (rows["historical"].astype(bool), "; historical estimate, not a mineral resource"))
    tail = pick_words(rows.index, (rows["names"] != "", "; without tonnage or grade: " + rows["names"])) + old
    counted = known + " of " + reach + " deposit(s) in reach with tonnage and grade, "
    span = pd.Series([f"0 to {end:,.1f} years, depending on who holds it: " for end in years.high], index=rows.index, dtype=object)
    unsized = "all captive or committed; " + counts["n_offered"].astype(str) + " free deposit(s) in reach have none"
    empty = counts["n_reach"] == 0
    return pick_words(
        rows.index,
        (counts["n_stage"] == 0, "no deposit in the layers feeds this stage: import or toll feed only"),
        (empty & (lost == "0"), "none of " + ways + " deposit(s) lies within the freight cut-off, which is an assumption"),
        (empty, "no deposit within reach; " + lost + " have no known place or no way here"),
        (counts["n_known"] == 0, reach + " deposit(s) in reach, none with tonnage and grade in its metal"),
        (rows["plant_t_per_y"].isna(), "the size of a plant is not known in tonnes of product"),
        ((counts["n_free"] == 0) & (counts["n_open"] > 0), span + counted + "none known to be free" + tail),
        ((counts["n_free"] == 0) & (counts["n_offered"] > 0), counted + unsized + tail),
        (counts["n_free"] == 0, counted + "all captive or committed" + tail),
        default=free + " free deposit(s) of " + reach + " in reach with tonnage and grade" + tail,
    )


def _value_cells(rows: pd.DataFrame, criterion: str, value: Band, *, known: pd.Series, why: pd.Series) -> pd.DataFrame:
    """Return E1 or E2: only where capital, operating cost and price are sourced."""
    note = np.where(known, "after tax, with ramp-up, working capital and closure; royalty as marked", why)
    grade = np.where(known, Grade.ASSUMPTION.value, Grade.MISSING.value)
    sources = [join_ids(pair) for pair in zip(rows["price_source_ids"], rows["cost_source_ids"], strict=True)]
    return _frame(rows, criterion, value, grade=grade, source_ids=sources, note=note, holder=BUILDERS).assign(partner=rows["partner"])


def _kept_in_province(rows: pd.DataFrame) -> pd.DataFrame:
    """Return E3, which nobody can compute yet."""
    note = "royalty schedules, wages and local purchases were not found"
    holder = "the provincial mines department and revenue authority"
    return _frame(rows, "E3", Band.exact(np.full(len(rows), np.nan)), grade="", source_ids="", note=note, holder=holder)


def _frame(rows: pd.DataFrame, criterion: str, value: Band, **columns: str | list[str] | pd.Series | npt.NDArray[np.str_]) -> pd.DataFrame:
    """Lay cells out; a missing cell has no figure and no source, a known one no holder."""
    table = rows[["site_id", "stage_id"]].assign(criterion_id=criterion, profile="", partner="", track="", **value.columns("value"))
    table = table.assign(**columns)
    missing = table["value"].isna()
    return table.assign(source_ids=table["source_ids"].mask(missing, ""), holder=table["holder"].where(missing, ""))
