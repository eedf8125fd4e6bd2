"""Percentiles of the value of each alternative, its chance of a loss and what drives it, over joint draws (model rules M13, M14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geokit.core.assumptions import Finance
from geokit.economics.bands import Floats
from geokit.economics.basecase import BaseCases
from geokit.economics.cashflow import lay_cases, value_cases
from geokit.economics.sampling import CHUNK, draw_cases, draw_sight, draw_uniforms

BLOCK = 64
"""Alternatives whose draws are held at once."""
SHOWN = 3
"""Drivers that a row names."""
NAMES = {
    "content": "content of the feed", "recovery": "recovery", "payable": "charges on the feed", "freight": "freight",
    "opex": "operating cost", "capex": "capital cost", "rate": "discount rate", "royalty": "royalty", "controls": "controls",
    "delay": "delay", "premium": "premium", "supply": "feed in sight",
}  # fmt: skip
RISK = ["npv_million_usd_p10", "npv_million_usd_p50", "npv_million_usd_p90", "loss_chance"]


def simulate(cases: BaseCases, valued: pd.Series, *, finance: Finance, seed: int, chunk: int = CHUNK) -> pd.DataFrame:
    """Return percentiles of the value, the chance that it is below nil, and its drivers.

    All rows share their draws, so that two of them may be compared draw by draw. Memory: the draws of a block of rows, and a chunk of
    those of the uncertain figures.

    Parameters
    ----------
    cases : BaseCases
        From :func:`geokit.economics.basecase.lay_valuation`.
    valued : pandas.Series
        Which rows are drawn.
    finance : Finance
        Draws, model of prices and correlations.
    seed : int
        Seed of the study.
    chunk : int
        Draws of the uncertain figures that are held at once; the figures do not depend on it.

    Returns
    -------
    pandas.DataFrame
        Index of ``valued``; ``npv_million_usd_p10``, ``_p50``, ``_p90``, ``loss_chance`` and ``drivers``, as text: the figures with the
        largest rank correlations (Spearman) with the value, the largest first. Blank where nothing is drawn.
    """
    rows = cases.table[valued.to_numpy()]
    families = {*rows["price_family"], *rows["feed_price_family"]}
    parts = []
    for start in range(0, len(rows), BLOCK):
        block = rows.iloc[start : start + BLOCK]
        npv = np.empty((len(block), finance.draws))
        asked = {"finance": finance, "seed": seed, "samples": finance.draws, "chunk": chunk}
        _draw_block(cases, block, npv, families=families, asked=asked)
        figures = [*np.quantile(npv, [0.1, 0.5, 0.9], axis=1), (npv < 0.0).mean(axis=1)]
        part = pd.DataFrame(dict(zip(RISK, figures, strict=True)), index=block.index)
        parts.append(part.assign(drivers=_drive(npv, block, families=families, asked=asked)))
    empty = pd.DataFrame(columns=[*RISK, "drivers"], index=rows.index[:0])
    table = pd.concat(parts) if parts else empty
    return table.reindex(valued.index).astype(dict.fromkeys(RISK, float)).fillna({"drivers": ""})


def list_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _draw_block(cases: BaseCases, block: pd.DataFrame, npv: Floats, *, families: set[str], asked: Mapping[str, Any]) -> None:
    """Fill in the values of a block of rows."""
    base, places = lay_cases(cases.base.loc[block.index]), cases.states.find(block)
    waits, records = cases.states.pad(), list_rows(block)
    for part, uniforms in draw_uniforms(families, **asked):
        state = cases.states.pick(uniforms["controls"])
        for number, row in enumerate(records):
            pair = (waits[0][places[number]], waits[1][places[number]])
            drawn, feed_t = draw_cases(
                row, base[number], uniforms, finance=asked["finance"], state=state, waits=pair, factors=cases.factors
            )  # fmt: skip
            seen = draw_sight(cases.sight.feed, int(row["sight_place"]), uniforms["supply"])
            npv[number, part] = value_cases(drawn, cases.plan, seen / np.reshape(feed_t, (-1, 1)))


def _drive(npv: Floats, block: pd.DataFrame, *, families: set[str], asked: Mapping[str, Any]) -> list[str]:
    """Name the uncertain figures that move the value of each row most; a uniform figure is its own rank."""
    ranks = pd.DataFrame(npv).rank(axis=1).to_numpy() / npv.shape[1] - 0.5
    spread = ranks.std(axis=1) * np.sqrt(1.0 / 12.0)
    sums: dict[str, Floats] = {}
    for part, uniforms in draw_uniforms(families, **asked):
        for name, drawn in uniforms.items():
            sums[name] = sums.get(name, 0.0) + ranks[:, part] @ (drawn - 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        linked = {name: np.nan_to_num(total / npv.shape[1] / spread) for name, total in sums.items()}
    return [
        _name_drivers({name: float(found[number]) for name, found in linked.items()}, row)
        for number, row in enumerate(list_rows(block[["price_family", "feed_price_family"]]))
    ]


def _name_drivers(linked: Mapping[str, float], row: Mapping[str, Any]) -> str:
    """Return the largest correlations of a row in words; prices of others are no drivers of it."""
    own = {f"price:{row['feed_price_family']}": "price of the feed", f"price:{row['price_family']}": "price of the product"}
    own |= {f"regime:{row['price_family']}": "regime of prices"}
    told = {text: linked[name] for name, text in (NAMES | own).items()}
    order = sorted(told, key=lambda text: -abs(told[text]))[:SHOWN]
    return "; ".join(f"{text} {told[text]:+.2f}" for text in order)
