"""What plants in the world took in time and money, held against the figures of the model that rest on them."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.dependency.flowsheet import touch_blocks
from geokit.dependency.solve import solve_track

Layers = Mapping[str, pd.DataFrame]
Spread = tuple[float, float, float]

TRIANGLES = {"delay_months": "months_mode", "premium": "factor_mode"}
"""Triangles of the layer of operations that rest on anchors, and the figure of an anchor that each takes."""
FEWEST = 3
"""Anchors below which leaving one out leaves no triangle."""
LEFT_OUT, IN_SAMPLE = "leave-one-out", "in-sample"
MODELLED = ["d_rel", "delay_months_p50", "delay_months_p80", "capex_factor_p50"]
"""What the model says of a plant."""


def fit_triangle(figures: ArrayLike) -> Spread:
    """Return the triangle that some observations make: the least, the median and the largest.

    Parameters
    ----------
    figures : array_like
        Shape (observations,).

    Returns
    -------
    (float, float, float)
        Low, mode and high; NaN for no observation.
    """
    x = np.asarray(figures, dtype=float)
    return (float(x.min()), float(np.median(x)), float(x.max())) if x.size else (np.nan, np.nan, np.nan)


def list_anchors(anchors: pd.DataFrame, triangle: str) -> pd.DataFrame:
    """Return the observations that a triangle of the operations rests on, the least first.

    Parameters
    ----------
    anchors : pandas.DataFrame
        The layer ``anchors``.
    triangle : str
        ``delay_months`` or ``premium``.

    Returns
    -------
    pandas.DataFrame
        Columns ``anchor_id``, ``plant``, ``attributable``, ``used_by``, ``observed`` (months, or a ratio).
    """
    named = anchors[anchors["used_by"].str.startswith(f"operations.{triangle}_")].rename(columns={TRIANGLES[triangle]: "observed"})
    return named.sort_values("observed", ignore_index=True)[["anchor_id", "plant", "attributable", "used_by", "observed"]]


def leave_one_out(anchors: pd.DataFrame, triangle: str) -> pd.DataFrame:
    r"""Return each observation against the triangle that the others make.

    .. math:: \text{miss}_i = x_i - \operatorname{median}_{j \ne i} x_j

    Parameters
    ----------
    anchors : pandas.DataFrame
        The layer ``anchors``, or some of its rows.
    triangle : str
        ``delay_months`` or ``premium``.

    Returns
    -------
    pandas.DataFrame
        As :func:`list_anchors`, with ``low``, ``mode``, ``high`` of the triangle without the row, ``miss`` (observed less mode),
        ``is_inside`` (whether it lies between low and high) and ``test``: leave-one-out; where fewer than three observations are
        left, in-sample, and the triangle is that of all of them. The least and the largest of a handful always lie outside.

    References
    ----------
    M. Stone, Cross-validatory choice and assessment of statistical predictions, J. R. Stat. Soc. B 36 (1974) 111-147.
    """
    own = list_anchors(anchors, triangle)
    enough = len(own) >= FEWEST
    fits = [fit_triangle(own["observed"].drop(row) if enough else own["observed"]) for row in own.index]
    fit = pd.DataFrame(fits, columns=["low", "mode", "high"], index=own.index)
    miss = own["observed"] - fit["mode"]
    inside = own["observed"].between(fit["low"], fit["high"])
    return own.join(fit).assign(miss=miss, is_inside=inside, test=LEFT_OUT if enough else IN_SAMPLE)


def back_test(layers: Layers, assumptions: Assumptions, *, known_on: dt.date, profile: str = "B") -> pd.DataFrame:
    """Return what the model says of the plants that were ordered on a known day, beside what was observed.

    Every plant is bought on its day, under the law that was printed on the days of its shipments.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``anchors`` and what :func:`geokit.dependency.solve.solve_track` and :func:`geokit.dependency.flowsheet.touch_blocks`
        need.
    assumptions : Assumptions
        Lead times, draws and seed; the decision is the day of the order.
    known_on : datetime.date
        Date of knowledge: the law is taken as it is known to have been.
    profile : str
        End-user profile.

    Returns
    -------
    pandas.DataFrame
        One row an observation with a stage and a day: the columns of the layer, ``day`` (of a month or year the last, for the later
        the day, the more law), ``d_rel``, ``delay_months_p50``, ``delay_months_p80``, ``capex_factor_p50`` of the model, and
        ``missed``, what it leaves unexplained: months observed less the median delay, or the observed ratio less the median factor.
    """
    anchors = layers["anchors"]
    dated = anchors[(anchors["stage_id"] != "") & (anchors["ordered_on"] != "")].reset_index(drop=True)
    days = [find_last_day(day) for day in dated["ordered_on"]]
    asked = dict.fromkeys(zip(dated["stage_id"], days, strict=True))
    told = {one: rate_plant(layers, *one, assumptions=assumptions, known_on=known_on, profile=profile) for one in asked}
    found = pd.DataFrame([told[one] for one in zip(dated["stage_id"], days, strict=True)])
    months = dated["months_mode"] - found["delay_months_p50"]
    return dated.join(found).assign(day=days, missed=months.fillna(dated["factor_mode"] - found["capex_factor_p50"]))


def rate_plant(
    layers: Layers, stage_id: str, day: dt.date, *, assumptions: Assumptions, known_on: dt.date, profile: str = "B"
) -> dict[str, float]:
    """Return what the model says of one plant ordered on one day, by the text of the law.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        As for :func:`back_test`.
    stage_id : str
        Stage that the plant performs.
    day : datetime.date
        Day of the decision.
    assumptions : Assumptions
        Lead times, draws and seed.
    known_on : datetime.date
        Date of knowledge.
    profile : str
        End-user profile.

    Returns
    -------
    dict of str to float
        ``d_rel`` (0-1), ``delay_months_p50``, ``delay_months_p80`` (months), ``capex_factor_p50`` (dimensionless).
    """
    operations = layers["operations"]
    own = {**layers, "operations": operations[operations["stage_id"] == stage_id]}
    bought = assumptions.replace(controls__fid_on=day)
    plants = solve_track(own, touch_blocks(own), Case("", day, Track.TEXT, known_on), assumptions=bought).plants
    row = plants[plants["profile"] == profile].iloc[0]
    return {name: float(row[name]) for name in MODELLED}


def cap_factor(equipment_share: float, premium: float) -> float:
    r"""Return the largest capital cost over the planned one that dearer equipment can explain.

    .. math:: I' / I = 1 + \omega (x - 1)

    Parameters
    ----------
    equipment_share : float
        Share of equipment in the capital cost, 0-1.
    premium : float
        Price over the Chinese price, all equipment bought so.

    Returns
    -------
    float
        Dimensionless.

    References
    ----------
    Flowsheet dossier, section 4.5.
    """
    return 1.0 + equipment_share * (premium - 1.0)


def find_last_day(date: str) -> dt.date:
    """Return the last day of a date that may be only a year or a month."""
    parts = [int(part) for part in date.split("-")]
    year, month = (*parts, 12)[:2]
    return dt.date(year, month, parts[2] if parts[2:] else monthrange(year, month)[1])
