"""What a plant needs from the coast, brought up-country at the dear rate (model rule M17)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import join_ids
from geokit.network.build import GATE
from geokit.network.land import Land, build_land, land_hauls

COSTS = ["usd_per_t_low", "usd_per_t", "usd_per_t_high"]
NEEDS = ["t_per_t_low", "t_per_t", "t_per_t_high"]
"""Columns of the consumption, in the order of ``COSTS``."""
HEAVY = "heavy_usd_per_t"
INBOUND = ["place_id", "stage_id", "port_id", *COSTS, "complete", "known", "unknown", HEAVY]


def price_inbound(
    layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, *, assumptions: Assumptions, land: Land | None = None
) -> pd.DataFrame:
    """Return what the freight of its needs adds to a tonne of product at each plant.

    The figure stands beside the margin, and never in the cost of the plant, which may already hold the delivery of its needs (model
    rule M16). Only a complete one may be subtracted; else it is the part that is known, shown and flagged.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    alternatives : pandas.DataFrame
        As built by ``build_alternatives``; plants in the country count.
    assumptions : Assumptions
        Group ``transport`` counts.
    land : Land, optional
        The land side of both where it is built already; built here when not given.

    Returns
    -------
    pandas.DataFrame
        One row a place and stage, sorted: ``port_id`` from which the needs come (blank without a way), costs in USD/t of product (NaN
        where no need is known or no haul leads up), ``complete`` (whether every need of the stage is known and a haul leads up),
        ``known`` and ``unknown`` needs, and ``heavy_usd_per_t``: what a tonne of project cargo pays at least on the way up.
    """
    asked = alternatives.query("kind == 'plant'")[["place_id", "stage_id"]].drop_duplicates().sort_values(["place_id", "stage_id"])
    up = up_country_hauls(build_land(layers, assumptions) if land is None else land)
    costs = inbound_usd_per_t(asked, layers, up)
    complete = costs["usd_per_t"].notna() & (costs["unknown"] == "")
    way = up[["port_id", HEAVY]].reindex(asked["place_id"]).set_axis(asked.index).fillna({"port_id": ""})
    return asked.join(costs).join(way).assign(complete=complete)[INBOUND].reset_index(drop=True)


def up_country_hauls(land: Land) -> pd.DataFrame:
    """Return the cheapest haul from any origin port up to each site, and to each deposit, at which a plant may stand as well.

    Parameters
    ----------
    land : Land
        From :func:`geokit.network.land.build_land`.

    Returns
    -------
    pandas.DataFrame
        Index ``place_id``: ``port_id``, costs in USD/t, and ``heavy_usd_per_t``: the dear end of the rate. No quote for a single piece
        of 100 t was found; it is heavier than any truck may weigh without a permit, so the dear end is the least it costs a tonne.
    """
    places = land.places
    gates = land.network.vertices.index[land.network.vertices["mode"] == GATE]
    ports = places.index[(places["kind"] == "port") & places["source"].isin(gates)]
    sites = places.index[places["kind"].isin(["site", "deposit"])]
    pairs = pd.MultiIndex.from_product([ports, sites], names=["origin", "destination"]).to_frame(index=False)
    hauls = land_hauls(pairs, land)
    ids = {"port_id": pairs["origin"].map(places["place_id"]), "place_id": pairs["destination"].map(places["place_id"])}
    cheapest = hauls[COSTS].assign(**ids).sort_values(["usd_per_t", "port_id"]).drop_duplicates("place_id")
    return cheapest.assign(**{HEAVY: cheapest["usd_per_t_high"]}).set_index("place_id").sort_index()


def inbound_usd_per_t(asked: pd.DataFrame, layers: Mapping[str, pd.DataFrame], up_country: pd.DataFrame) -> pd.DataFrame:
    r"""Return the freight of what a plant needs for a tonne of product.

    .. math:: c = u \sum_k q_k

    with the haul u up-country and the consumption :math:`q_k` of each need k. It is freight alone: prices of the needs stay with the
    costs of the plant, which may already hold their delivery.

    Parameters
    ----------
    asked : pandas.DataFrame
        ``stage_id`` and ``place_id``.
    layers : mapping of str to pandas.DataFrame
        Needs ``inbound_consumables``.
    up_country : pandas.DataFrame
        From :func:`up_country_hauls`.

    Returns
    -------
    pandas.DataFrame
        Index of ``asked``: costs in USD/t of product over the needs that are known, NaN where none is or no haul leads up; ``known``
        and ``unknown``, names separated by ``;``. Where some are unknown the cost is only a part, and no total.
    """
    needs = layers["inbound_consumables"]
    stated = needs["t_per_t"].notna()
    sums = needs[stated].groupby("stage_id")[NEEDS].sum()
    told = {name: rows.groupby("stage_id")["consumable"].agg(join_ids) for name, rows in _split(needs, stated).items()}
    haul = up_country[COSTS].reindex(asked["place_id"]).set_axis(asked.index)
    each = sums.reindex(asked["stage_id"]).set_axis(asked.index)
    costs = {cost: haul[cost] * each[need] for cost, need in zip(COSTS, NEEDS, strict=True)}
    words = {name: [names.get(stage, "") for stage in asked["stage_id"]] for name, names in told.items()}
    return pd.DataFrame(costs | words, index=asked.index)


def _split(needs: pd.DataFrame, stated: pd.Series[bool]) -> dict[str, pd.DataFrame]:
    """Return the needs with and without a figure."""
    return {"known": needs[stated], "unknown": needs[~stated]}
