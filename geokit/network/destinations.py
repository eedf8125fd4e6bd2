"""From the port abroad to the plant: inland legs that no source prices."""

from __future__ import annotations

import pandas as pd

from geokit.core.assumptions import Transport
from geokit.network.snap import straight_km


def inland_legs(destinations: pd.DataFrame, ports: pd.DataFrame, transport: Transport) -> pd.DataFrame:
    r"""Return the leg from the port of each plant abroad to the plant.

    .. math:: L = \tau\,d, \qquad c = r\,L

    with great circle d, tortuosity :math:`\tau` and rate r, both assumptions (grade A) for all countries alike. The port is that of
    the row; a row without one takes the nearest port of any partner.

    Parameters
    ----------
    destinations : pandas.DataFrame
        ``destination_id``, ``lat``, ``lon`` and ``port_id``.
    ports : pandas.DataFrame
        The ports layer; those with role ``destination`` count.
    transport : Transport
        Tortuosity and rate.

    Returns
    -------
    pandas.DataFrame
        Index ``destination_id``: ``port_id``, ``own_port`` (whether the row names it), ``km``, ``usd_per_t_low``, ``usd_per_t``,
        ``usd_per_t_high``; a plant without coordinates or with an unknown port has no row.
    """
    plants = destinations.dropna(subset=["lat", "lon"])[["destination_id", "lat", "lon", "port_id"]]
    coast = ports.query("role_code == 'destination'")[["port_id", "lat", "lon"]]
    pairs = plants.merge(coast, how="cross", suffixes=("", "_port"))
    there = pairs[["lat_port", "lon_port"]].set_axis(["lat", "lon"], axis=1)
    pairs = pairs.assign(own_port=pairs["port_id"] != "", apart=straight_km(pairs, there))
    meant = pairs[~pairs["own_port"] | (pairs["port_id"] == pairs["port_id_port"])]
    nearest = meant.sort_values(["apart", "port_id_port"]).drop_duplicates("destination_id").set_index("destination_id")
    km, rate = nearest["apart"] * transport.inland_abroad_tortuosity, transport.inland_abroad_usd_per_t_km
    costs = {"usd_per_t_low": km * rate.low, "usd_per_t": km * rate.mode, "usd_per_t_high": km * rate.high}
    legs = pd.DataFrame({"port_id": nearest["port_id_port"], "own_port": nearest["own_port"], "km": km, **costs})
    return legs.reindex([name for name in plants["destination_id"] if name in legs.index])
