"""Joint draws of what a net present value is uncertain of, the same for every alternative (model rules M13, M14)."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.random import SeedSequence
from scipy.special import ndtr, ndtri

from geokit.core.assumptions import Finance
from geokit.core.triangle import draw_triangular
from geokit.economics.bands import Band, Floats
from geokit.economics.cashflow import CASE
from geokit.economics.states import Places

CHUNK = 4096
"""Draws handled at once: the memory grows with it, the figures do not move with it."""
OPEN = 2.0**-54
"""Half of the spacing of uniform figures: keeps them off 0, whose normal figure has no end."""
PLAIN = ("content", "recovery", "payable", "freight", "opex", "capex", "rate", "royalty", "controls", "delay", "premium", "supply")
"""Uncertain figures of a plant besides its prices, each with draws of its own."""
MOVING = ("freight", "opex", "capex")
"""Those that rise and fall with the cycle of commodities; so do the prices."""


def draw_uniforms(
    families: Iterable[str], *, finance: Finance, seed: int, samples: int, chunk: int = CHUNK
) -> Iterator[tuple[slice, dict[str, Floats]]]:
    r"""Yield uniform figures of every uncertain figure, a chunk of draws at a time.

    Figures that move with the cycle of commodities are joined by a Gaussian copula of one factor, with loading b:

    .. math:: z = b\, c + \sqrt{1 - b^2}\, e, \quad \operatorname{corr}(z_i, z_j) = b_i b_j

    Each figure has a stream of its own, read in order, so that neither the size of a chunk nor another figure moves its draws.

    Parameters
    ----------
    families : iterable of str
        Families of prices; those of one family move together.
    finance : Finance
        ``cycle_loading``.
    seed : int
        Seed of the study.
    samples, chunk : int
        Draws in all, and at once.

    Yields
    ------
    slice
        Which of the draws these are.
    dict of str to numpy.ndarray
        By figure, ``price:<family>`` and ``regime:<family>`` among them, 0-1, shape (draws of the chunk,).
    """
    prices = sorted({f"price:{name}" for name in families})
    names = ["cycle", *PLAIN, *prices, *(f"regime{name[5:]}" for name in prices)]
    streams = {name: np.random.default_rng(SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()),))) for name in names}
    given = {str(name): load for name, load in finance.cycle_loading.items()}
    loads = {name: given.get(name, 0.0) for name in MOVING} | dict.fromkeys(prices, given.get("price", 0.0))
    for start in range(0, samples, chunk):
        count = min(chunk, samples - start)
        drawn = {name: stream.random(count) + OPEN for name, stream in streams.items()}
        cycle = ndtri(drawn.pop("cycle"))
        joint = {name: ndtr(load * cycle + math.sqrt(1.0 - load * load) * ndtri(drawn[name])) for name, load in loads.items() if load}
        yield slice(start, start + count), drawn | joint


def draw_price(row: Mapping[str, Any], name: str, uniforms: tuple[Floats, Floats], *, finance: Finance) -> Floats:
    r"""Return draws of a price of today, before the political state.

    Within the range of the layer, or by the model that the user chooses with a log-normal factor of mean 1 and the spread that
    a reverting price has in the long run,

    .. math:: P = S \exp(s z - s^2 / 2), \quad s = \sigma / \sqrt{2 \kappa}, \quad \kappa = \ln 2 / h

    about today's level S, or, in two regimes, about S or the median of the years before.

    Parameters
    ----------
    row : mapping
        ``<name>_low``, ``<name>``, ``<name>_high`` in USD/t, ``price_ratio`` or ``feed_ratio`` and the like ``_log_vol``.
    name : str
        ``usd_per_t`` or ``feed_quote_usd_per_t``.
    uniforms : tuple of numpy.ndarray
        Of the price and of its regime, 0-1.
    finance : Finance
        The model, half-life and chance that today's level stays.

    Returns
    -------
    numpy.ndarray
        USD/t; a price whose yearly spread nobody states is drawn from its range in every model.
    """
    kind = "feed" if name.startswith("feed") else "price"
    vol, level = row[f"{kind}_log_vol"], row[name]
    if finance.price_model == "range" or math.isnan(vol):
        return draw_triangular(row[f"{name}_low"], level, row[f"{name}_high"], uniform=uniforms[0])
    spread = vol / math.sqrt(2.0 * math.log(2.0) / finance.half_life_years)
    noise = np.exp(spread * ndtri(uniforms[0]) - 0.5 * spread**2)
    if finance.price_model == "two_regimes":
        return np.asarray(np.where(uniforms[1] < finance.regime_stays_frac, level, level * row[f"{kind}_ratio"]) * noise)
    return np.asarray(level * noise)


def draw_cases(
    row: Mapping[str, Any],
    base: Floats,
    uniforms: Mapping[str, Floats],
    *,
    finance: Finance,
    state: Places,
    waits: tuple[Floats, Floats],
    factors: Mapping[str, Floats],
) -> tuple[Floats, Floats]:
    """Return the cases of one plant for a chunk of draws, and the feed of a tonne of its product in each.

    Parameters
    ----------
    row : mapping
        A row of :func:`geokit.economics.basecase.join_inputs`.
    base : numpy.ndarray
        Its base case, whose other figures stay.
    uniforms : mapping of str to numpy.ndarray
        A chunk of :func:`draw_uniforms`.
    finance : Finance
        Model of prices.
    state : numpy.ndarray
        Political state of each draw.
    waits : tuple of numpy.ndarray
        Delay in months and dearer capital cost of this plant, each of shape (states, draws of the room of dependency).
    factors : mapping of str to numpy.ndarray
        From :func:`geokit.economics.states.price_factors`.

    Returns
    -------
    numpy.ndarray
        Shape (draws, len(CASE)).
    numpy.ndarray
        Tonnes of feed for a tonne of product, shape (draws,).
    """

    def _triangle(name: str, figure: str) -> Floats:
        """Draw a figure of the row from its three ends."""
        return draw_triangular(row[f"{name}_low"], row[name], row[f"{name}_high"], uniform=uniforms[figure])

    def _price(name: str, family: str, price_id: str) -> Floats:
        """Draw a price of today times what the political state makes of it."""
        pair = uniforms[f"price:{family}"], uniforms[f"regime:{family}"]
        drawn = draw_price(row, name, pair, finance=finance)
        ends = factors.get(price_id)
        return drawn if ends is None else drawn * draw_triangular(*ends[state].T, uniform=uniforms["premium"])

    delay, dearer = waits
    at = (uniforms["delay"] * delay.shape[1]).astype(np.intp)
    content = _triangle("feed_frac", "content") if not row["ratio_stated"] or row["feed_on_content"] else row["feed_frac"]
    feed_t = _triangle("feed_t", "recovery") if row["ratio_stated"] else _triangle("need", "recovery") / content
    quote = _price("feed_quote_usd_per_t", str(row["feed_price_family"]), str(row["feed_price_id"]))
    quote *= _triangle("feed_paid_frac", "payable")
    figures = {
        "usd_per_t": _price("usd_per_t", str(row["price_family"]), str(row["price_id"])),
        "feed_value_usd_per_t": feed_t * quote * (content if row["feed_on_content"] else 1.0),
        "feed_saved_usd_per_t": feed_t * _triangle("out", "freight"),
        "feed_floor_usd_per_t": feed_t * row["feed_floor"],
        "other_usd_per_t": _triangle("freight", "freight") + feed_t * _triangle("in", "freight") + _triangle("opex", "opex"),
        "capex_million_usd": _triangle("capex_million_usd", "capex") * dearer[state, at],
        "delay_years": delay[state, at] / 12.0,
        "rate_frac": _triangle("rate_frac", "rate"),
        "royalty_frac": _triangle("royalty_frac", "royalty"),
    }
    cases = np.repeat(base[np.newaxis], state.size, axis=0)
    for name, drawn in figures.items():
        cases[:, CASE.index(name)] = drawn
    return cases, feed_t


def draw_sight(feed: Band, place: int, uniform: Floats) -> Floats:
    """Return draws of the feed in sight of one place: one luck for all years, each year within its own ends.

    Parameters
    ----------
    feed : Band
        By place and year, t/y (:class:`geokit.economics.sight.Sight`).
    place : int
        Which place.
    uniform : numpy.ndarray
        Uniform figures 0-1, shape (draws,).

    Returns
    -------
    numpy.ndarray
        Tonnes of feed a year, shape (draws, years); one row where no year has a spread.
    """
    ends = np.stack([feed.low[place], feed.mode[place], feed.high[place]])
    if (ends[0] == ends[2]).all():
        return np.asarray(ends[1][np.newaxis])
    levels, years = np.unique(ends, axis=1, return_inverse=True)
    drawn = [draw_triangular(*level, uniform=uniform) for level in levels.T]
    return np.asarray(np.stack(drawn, axis=1)[:, np.ravel(years)])
