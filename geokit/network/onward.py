"""Goods that go on from a port abroad, to a plant or to another port, while something is closed."""

from __future__ import annotations

import pandas as pd

from geokit.network.closures import close_links, reroute_lanes
from geokit.network.reliability import KEY, World
from geokit.network.route import HAULS, sail


def add_onward(hauls: pd.DataFrame, takers: pd.DataFrame) -> pd.DataFrame:
    """Return the delivered hauls, and one to the port of each plant abroad that goods from the country go on to.

    Parameters
    ----------
    hauls : pandas.DataFrame
        From :func:`geokit.network.route`.
    takers : pandas.DataFrame
        From :func:`geokit.network.route.list_takers`.

    Returns
    -------
    pandas.DataFrame
        Hauls of kind ``delivered`` with ``onward``, true for those that are no rows of the table; costs of these count the leg inland.
    """
    delivered = hauls.query("kind == 'delivered'").assign(onward=False)
    plants = hauls.query("kind == 'plant' and via_port_id != ''").assign(onward=True, kind="delivered")
    return pd.concat([delivered, _to_ports(plants, takers)]).drop_duplicates(KEY, ignore_index=True)


def sail_again(hauls: pd.DataFrame, takers: pd.DataFrame, world: World) -> pd.DataFrame:
    """Ship goods from ports abroad again, round the passages that each named closure shuts.

    Parameters
    ----------
    hauls : pandas.DataFrame
        From :func:`geokit.network.route`.
    takers : pandas.DataFrame
        From :func:`geokit.network.route.list_takers`.
    world : World
        From :func:`geokit.network.reliability.build_world`.

    Returns
    -------
    pandas.DataFrame
        ``closure_id`` and hauls of kind ``sea`` to the port of a partner or of a plant, those alone whose lane the closure makes longer;
        costs are NaN where no lane is left.
    """
    by_sea = hauls.query("via_port_id == '' and kind in ['sea', 'plant']")
    ports = by_sea["kind"] == "sea"
    pairs = pd.concat([by_sea[ports], _to_ports(by_sea[~ports], takers)])[KEY].drop_duplicates(ignore_index=True)
    lanes = world.lanes.reindex(pd.MultiIndex.from_frame(pairs[KEY[:2]]))
    tables = [pd.DataFrame(columns=["closure_id", *HAULS])]
    for name in world.layers["closures"]["closure_id"].astype(str):
        columns = sorted(close_links(world.layers, [name]) & set(world.passages))
        shut = ~(lanes[columns].to_numpy(dtype=float) <= lanes[["nm"]].to_numpy(dtype=float)).all(axis=1) & lanes["nm"].notna().to_numpy()
        if shut.any():
            again = sail(pairs[shut], reroute_lanes(world.layers, frozenset(columns)), world.land.transport)
            tables.append(pairs[shut].merge(again, on=KEY, how="left").assign(closure_id=name, kind="sea"))
    return pd.concat(tables[1:] or tables)


def _to_ports(plants: pd.DataFrame, takers: pd.DataFrame) -> pd.DataFrame:
    """Return hauls to plants as hauls to their ports."""
    ports = takers.drop_duplicates("plant_id").set_index("plant_id")["destination_id"]
    return plants.assign(destination_id=plants["destination_id"].map(ports))
