"""What supply from elsewhere is worth when its own country must license it, as substitute or as first choice (model rule M8)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geokit.core.assumptions import Controls
from geokit.dependency.index import Array
from geokit.dependency.own_licence import FREE, NAMED, NEEDED, judge_carried, judge_named, judge_processes, judge_suppliers


def limit_substitutes(
    blocks: pd.DataFrame, ties: pd.DataFrame, layers: Mapping[str, pd.DataFrame], *, controls: Controls
) -> pd.DataFrame:
    r"""Return the blocks with what is left of other supply when its own country may refuse its licence.

    .. math::

        \sigma_g' = \sigma_g (1 - r_g), \quad \rho_g = r (1 - \sigma_g''), \quad
        t_g = n_g + v_g (1 - s_g - n_g - f_g)^+

    Parameters
    ----------
    blocks : pandas.DataFrame
        As :func:`geokit.dependency.flowsheet.list_blocks` returns; ``sigma`` rates technique only.
    ties : pandas.DataFrame
        As :func:`geokit.dependency.flowsheet.touch_blocks` or :func:`geokit.dependency.binding.date_ties` returns; with a column
        ``state`` only clauses that bind, or may, count.
    layers : mapping of str to pandas.DataFrame
        Needs ``operations``, with the vendors of a user where he named them, ``classes``, ``suppliers`` and ``issuers``.
    controls : Controls
        The chance r of a refusal; no source gives one, so none given means anything from 0 to 1.

    Returns
    -------
    pandas.DataFrame
        The blocks with ``sigma_low``, ``sigma`` and ``sigma_high`` (0-1, in this order), ``barred_low``, ``barred``, ``barred_high``
        and ``barred_granted`` (as :func:`bar_supply`; the last one with the largest Chinese share and the likeliest r),
        ``barred_elsewhere`` (the same if all is bought elsewhere), ``is_told`` (whether nothing about the vendor and its licence is
        left open), ``supplier_note`` and the columns of
        :func:`geokit.dependency.own_licence.judge_named`; ``process_sigma_low``, ``process_sigma``, ``process_sigma_high`` (what is
        left of the other process on file, 0-1: none 0, one that nobody rated 0 to 1) and, for
        :mod:`geokit.dependency.two_sided`, ``lost_low``, ``lost`` and ``lost_most`` (:math:`\rho_g`; NaN where r decides and is
        not given), ``rest_needed`` and ``rest_open`` (whether a supply that names nobody needs a licence of its own, or may), and
        ``sigma_least``, ``barred_most`` and ``process_sigma_least`` (the harsh ends if all that may carry goods of a country whose rule
        follows them does), with the columns of :func:`geokit.dependency.own_licence.judge_carried`.

    Notes
    -----
    :math:`r_g` applies to a substitute only where every country of a vendor outside has a rule that counts for the items of the
    block, its own or that of a union it belongs to; one country without such a rule leaves a way open, and the note names it. Where
    a country was not researched, or lists the item only on a condition, nobody knows: that moves ``sigma_low`` and ``barred_high``
    alone. A rule that follows the goods of its country wherever they are bought (15 CFR 734.3, 734.4(d)) may reach what a vendor of any
    country sells, a Chinese one too; how much of such goods is in it is on no file, so that moves the ``_least`` and ``_most`` ends alone
    and no figure between. One refusal is taken to close all vendors that need a licence, for nothing is known of each.

    :math:`t_g` is the part of the supply that needs a licence of its own: :math:`n_g` of it from named vendors whose country has a
    rule, and of what names no vendor (:math:`f_g` is named and needs none) all or nothing, as the vendors on file do (:math:`v_g`).
    :math:`\sigma_g''` is :math:`\sigma_g` where the vendors on file leave a way open, else 0.
    """
    asked = controls.supplier_refused
    least, mode, most = (0.0, 0.0, 1.0) if asked is None else (asked.low, asked.mode, asked.high)
    found, named = judge_suppliers(blocks, ties, layers), judge_named(blocks, ties, layers)
    needed, possible = ((found["licence"] == NEEDED).to_numpy(), (found["licence"] != FREE).to_numpy())
    sigma, free = blocks["sigma"].to_numpy(), named["own_free"].to_numpy()
    sure, maybe = (named["own_needed"].to_numpy(), (named["own_needed"] + named["own_open"]).to_numpy())
    way, sure_way = np.where(needed, 0.0, sigma), np.where(possible, 0.0, sigma)
    limited = blocks.assign(
        sigma_low=sigma * (1.0 - most * possible),
        sigma=sigma * (1.0 - mode * needed),
        sigma_high=sigma * (1.0 - least * needed),
        supplier_note=found["supplier_note"].to_numpy(),
        **{name: named[name].to_numpy() for name in NAMED},
    )
    ends = {
        "barred_low": ("s_low", "sigma_high", least * (1.0 - way), need_licence(blocks["s_low"], sure, free=free, rest=needed)),
        "barred": ("s", "sigma", mode * (1.0 - way), need_licence(blocks["s"], sure, free=free, rest=needed)),
        "barred_high": ("s_high", "sigma_low", most * (1.0 - sure_way), need_licence(blocks["s_high"], maybe, free=free, rest=possible)),
        "barred_granted": ("s_high", "sigma", mode * (1.0 - way), need_licence(blocks["s_high"], sure, free=free, rest=needed)),
    }
    carried = judge_carried(blocks, ties, layers)
    reached = carried["own_carried"].to_numpy()
    licence, refused = judge_processes(blocks, ties, layers), (least, mode, most)
    process = _rate_processes(blocks, licence, layers["classes"], refused=refused, carried=reached)
    worst = _suppose_carried(blocks, maybe, free, asks=possible | reached, carried=reached, most=most)
    return limited.assign(
        **{name: bar_supply(limited[s], limited[left], lost=lost, needs=t) for name, (s, left, lost, t) in ends.items()},
        **process,
        **worst,
        own_carried=reached,
        own_longest=carried["own_longest"].to_numpy(),
        barred_elsewhere=mode * (1.0 - way) * needed * (1.0 - process["process_sigma"]),
        lost_low=least * (1.0 - way),
        lost=np.where((way == 1.0) | (asked is not None), mode * (1.0 - way), np.nan),
        rest_needed=needed,
        rest_open=possible,
        is_told=blocks["is_named"].to_numpy() & ((maybe == 0.0) | (asked is not None)),
        own_refused=mode,
    )


def _suppose_carried(
    blocks: pd.DataFrame, named: Array, free: Array, *, asks: NDArray[np.bool_], carried: NDArray[np.bool_], most: float
) -> dict[str, Array]:
    """Return the harsh ends if whatever may carry goods of a country whose rule follows them does, and is refused as often as it may be."""
    sigma, share = (blocks[name].to_numpy(dtype=float) for name in ("sigma", "s_high"))
    least, lost = sigma * (1.0 - most * asks), most * (1.0 - np.where(asks, 0.0, sigma))
    part = np.maximum(need_licence(share, named, free=free, rest=asks), np.where(carried, 1.0 - share, 0.0))
    return {"sigma_least": least, "lost_most": lost, "barred_most": bar_supply(share, least, lost=lost, needs=part)}


def _rate_processes(
    blocks: pd.DataFrame, licence: pd.Series, classes: pd.DataFrame, *, refused: tuple[float, float, float], carried: NDArray[np.bool_]
) -> dict[str, Array]:
    """Return what the other process of each block is worth, less the chance that the country of its vendors refuses."""
    least, mode, most = refused
    rows = classes.set_index("class_id").reindex(blocks["block_id"])
    is_on_file = (rows["other_process"].fillna("") != "").to_numpy()
    needed, possible = ((licence == NEEDED).to_numpy(), (licence != FREE).to_numpy())
    rated = rows["other_process_sigma"].to_numpy(dtype=float)
    known, best = np.nan_to_num(rated, nan=0.0), np.where(np.isnan(rated), 1.0, rated) * is_on_file
    ends = {"process_sigma_low": known * (1.0 - most * possible), "process_sigma": known * (1.0 - mode * needed)}
    ends |= {"process_sigma_least": known * (1.0 - most * (possible | carried))}
    return {**ends, "process_sigma_high": best * (1.0 - least * needed)}


def bar_supply(s: ArrayLike, sigma: ArrayLike, *, lost: ArrayLike, needs: ArrayLike) -> Array:
    r"""Return the chance that the supply comes from elsewhere and is lost to its own country's refusal.

    .. math:: \beta_g = \rho_g \bigl[ t_g - (s_g + t_g - 1)^+ (1 - \sigma_g') \bigr]

    Parameters
    ----------
    s : array_like
        Chance that the supply is Chinese, 0-1.
    sigma : array_like
        How far another supply does the duty of the Chinese one, 0-1.
    lost : array_like
        Chance :math:`\rho_g` that a licence of its own is refused and no way round is known, 0-1.
    needs : array_like
        Chance :math:`t_g` that the supply needs such a licence, 0-1; where both kinds of vendor are ordered from, s and t are 1.

    Returns
    -------
    numpy.ndarray
        0 to 1 - s (1 - sigma). Added to s (1 - sigma) it is the chance that nobody but a licensed Chinese vendor delivers.
    """
    share, left, own = (np.asarray(figures, dtype=float) for figures in (s, sigma, needs))
    both = np.maximum(share + own - 1.0, 0.0)
    found: Array = np.asarray(lost, dtype=float) * np.maximum(own - both * (1.0 - left), 0.0)
    return found


def need_licence(s: ArrayLike, named: Array, *, free: Array, rest: NDArray[np.bool_]) -> Array:
    r"""Return the chance that a supply needs a licence of its own country: the named part and, where the vendors on file do, the rest.

    .. math:: t_g = n_g + v_g (1 - s_g - n_g - f_g)^+

    Parameters
    ----------
    s : array_like
        Shape (blocks,): chance that the supply is Chinese, 0-1; NaN where unknown.
    named, free : numpy.ndarray
        Shape (blocks,): parts of the supply from named vendors that need such a licence, and that need none, 0-1.
    rest : numpy.ndarray
        Shape (blocks,), bool: whether the vendors on file all need one.

    Returns
    -------
    numpy.ndarray
        Shape (blocks,): 0-1; NaN where the part that names no vendor is unknown and counts.
    """
    unnamed = np.maximum(1.0 - np.asarray(s, dtype=float) - named - free, 0.0)
    return np.minimum(named + np.where(rest, unnamed, 0.0), 1.0)
