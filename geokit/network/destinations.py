"""From the port abroad to the plant: inland legs that no source prices."""

from __future__ import annotations

import pandas as pd

from geokit.core.assumptions import Transport
from geokit.network.snap import straight_km

COSTS = ["usd_per_t_low", "usd_per_t", "usd_per_t_high"]
TO_PLANT = "from {port} {km:,.0f} km inland to the plant at an assumed rate (grade A), its time not counted"
NEAREST = "; no port of the plant is stated, so the nearest"


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


def carry_inland(by_port: pd.DataFrame, takers: pd.DataFrame) -> pd.DataFrame:
    """Bring what has reached a port abroad on to the plants behind it that take it (model rule M3: outlet ``plant``).

    Parameters
    ----------
    by_port : pandas.DataFrame
        Hauls whose ``destination_id`` is a port, with ``product_id``, costs in USD/t and ``note``.
    takers : pandas.DataFrame
        ``plant_id``, ``product_id`` and the leg of the plant: ``destination_id`` (its port) and the columns of
        :func:`inland_legs`.

    Returns
    -------
    pandas.DataFrame
        Hauls of kind ``plant`` with the columns of ``by_port``: ``destination_id`` is the plant.
    """
    legs = takers.rename(columns={name: f"{name}_leg" for name in COSTS})
    both = by_port.merge(legs, on=["destination_id", "product_id"])
    rows = zip(both["destination_id"], both["km"], both["own_port"], strict=True)
    words = [tell_inland(port, km, own=own) for port, km, own in rows]
    notes = [f"{note}; {told}" if note else told for note, told in zip(both["note"], words, strict=True)]
    costs = {name: both[name] + both[f"{name}_leg"] for name in COSTS}
    return both.assign(kind="plant", destination_id=both["plant_id"], note=notes, **costs)[list(by_port.columns)]


def tell_inland(port_id: str, km: float, *, own: bool) -> str:
    """Say what is assumed of the leg from a port to a plant."""
    return TO_PLANT.format(port=port_id, km=km) + ("" if own else NEAREST)
