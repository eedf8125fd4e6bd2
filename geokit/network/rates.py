"""What a tonne-kilometre on a link costs, which depends on the way the truck is going."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geokit.core.assumptions import Transport
from geokit.core.columns import split_ids
from geokit.core.errors import GeokitError

RATES = ["usd_per_t_km_low", "usd_per_t_km", "usd_per_t_km_high"]
"""Columns of a rate, cheap to dear."""
USABLE = ("open", "seasonal")
"""Status of a link that carries freight; all else (construction, planned, closed, concept, unverified) does not."""
BUILT = (*USABLE, "closed")
"""Status of a road that exists; closing one does not turn the flow of empty trucks round."""

DIRECTIONS = ("port_bound", "up_country")
"""Nearer to a port, and not."""


def open_links(links: pd.DataFrame) -> pd.DataFrame:
    """Return the links that carry ore today.

    Links to a border town stay: they are domestic and end at the gate, and no link of the layer crosses a border.

    Parameters
    ----------
    links : pandas.DataFrame
        The links layer.

    Returns
    -------
    pandas.DataFrame
        Its rows with a usable status and a length, not closed to heavy trucks.
    """
    usable = links["status_code"].isin(USABLE) & links["length_km"].notna() & (links["heavy_trucks"] != "no")
    return links[usable].reset_index(drop=True)


def origin_ports(ports: pd.DataFrame) -> pd.DataFrame:
    """Return the ports that load freight of the country today: those with role ``origin`` that operate and have a node."""
    return ports.query("role_code == 'origin' and status_code == 'operating' and node_id != ''")


def takes_product(ports: pd.DataFrame, port_ids: pd.Series[str], product_ids: pd.Series[str]) -> pd.Series[bool]:
    """Tell which ports may load which products.

    A row of the layer can stand for one terminal of a harbour, with a contract that names its cargoes; other terminals of that harbour
    are not in the layers.

    Parameters
    ----------
    ports : pandas.DataFrame
        The ports layer; a blank ``takes_product_ids`` means any cargo.
    port_ids, product_ids : pandas.Series
        Pairs, equally long; a blank product is a cargo of any kind, which a port with a list does not take.

    Returns
    -------
    pandas.Series
        Booleans; index of ``port_ids``.
    """
    taken = ports.set_index("port_id")["takes_product_ids"].map(split_ids).to_dict()
    pairs = zip(port_ids, product_ids, strict=True)
    return pd.Series([not taken[port] or product in taken[port] for port, product in pairs], index=port_ids.index, dtype=bool)


def index_layers(layers: Mapping[str, pd.DataFrame], transport: Transport) -> dict[str, pd.DataFrame]:
    """Return the layers with road rates at the diesel price and the load of a study, and its factors on the links.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``freight_rates`` and ``links``.
    transport : Transport
        Diesel price and share, load of a truck and factors of links.

    Returns
    -------
    dict of str to pandas.DataFrame
        Rates as from :func:`index_rates`; ``links`` with ``cost_factor``, that of the link before that of its surface, 1 without either.
    """
    links, factors = layers["links"], transport.link_cost_factor
    factor = links["link_id"].map(factors).fillna(links["surface_code"].map(factors)).astype(float).fillna(1.0)
    return dict(layers) | {"freight_rates": index_rates(layers["freight_rates"], transport), "links": links.assign(cost_factor=factor)}


def index_rates(rates: pd.DataFrame, transport: Transport) -> pd.DataFrame:
    r"""Bring rates from the day and the load of their quotes to those of a study.

    .. math:: r' = r\,\frac{q_0}{q}\,\bigl(1 + s\,(d / d_0 - 1)\bigr)

    with load q (the quote's is :math:`q_0`), diesel price d and its share s. Low and high take the end of the share that makes them
    lower and higher. A rate without a load or a diesel price keeps that part as it is, and without a price of today all do.

    Parameters
    ----------
    rates : pandas.DataFrame
        The layer; ``payload_t`` and ``diesel_usd_per_l`` may be blank.
    transport : Transport
        Diesel price and share, load of a truck.

    Returns
    -------
    pandas.DataFrame
        The same rows with other rates.
    """
    load = rates["payload_t"].fillna(transport.truck_payload_t) / transport.truck_payload_t
    rise = rates["diesel_usd_per_l"].rdiv(transport.diesel_usd_per_l or np.nan).fillna(1.0) - 1.0
    share = transport.diesel_share_frac
    ends = np.outer(rise, [share.low, share.mode, share.high])
    factors = 1.0 + np.column_stack([ends.min(axis=1), ends[:, 1], ends.max(axis=1)])
    return rates.assign(**{name: rates[name] * load * factors[:, end] for end, name in enumerate(RATES)})


def rail_extras(rail_km: pd.Series[float], rates: pd.DataFrame, transport: Transport) -> pd.DataFrame:
    """Return what a run by rail, from loading to unloading, costs besides its length and its transfers.

    Parameters
    ----------
    rail_km : pandas.Series
        Length of each run, km; one of no length pays nothing.
    rates : pandas.DataFrame
        The layer of rates.
    transport : Transport
        Shortest length charged and cost of the terminals.

    Returns
    -------
    pandas.DataFrame
        ``usd_per_t_low``, ``usd_per_t``, ``usd_per_t_high``: the terminals, and the kilometres charged but not run; index of ``rail_km``.
    """
    rail = _general_rates(rates).query("mode == 'rail'")[RATES].head(1).to_numpy(dtype=float).ravel()
    unrun = (transport.rail_minimum_km - rail_km).clip(lower=0.0)
    terminal = transport.rail_terminal_usd_per_t
    ends = zip(RATES, rail, (terminal.low, terminal.mode, terminal.high), strict=True)
    return pd.DataFrame({name.replace("_km", "", 1): (unrun * rate + fee).where(rail_km > 0, 0.0) for name, rate, fee in ends})


def price_traversals(layers: Mapping[str, pd.DataFrame], *, backhaul: bool, from_ports: pd.DataFrame | None = None) -> pd.DataFrame:
    r"""Price each open link in both directions.

    .. math:: c = r_{mode,\,direction}\,\phi\,L, \qquad t = L / v_{surface}

    with the factor :math:`\phi` of the link where :func:`index_layers` has set one.
    A traversal is port-bound when its far node is nearer, by built road, to some origin port than its near node. Trucks bound for the
    ports of a back-haul quote ride at its rate where the quote says so, whatever other ports there are; elsewhere they pay the rate of
    the general row (``costs.md`` section 1).

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``nodes``, ``links``, ``ports``, ``freight_rates`` and ``link_speeds``.
    backhaul : bool
        Whether the load starts where trucks return empty, so that the rates bound to an origin apply.
    from_ports : pandas.DataFrame, optional
        From :func:`measure_ports`, of the roads that direct the flow of trucks; those of ``layers`` when not given.

    Returns
    -------
    pandas.DataFrame
        Two rows a link: ``link_id``, ``mode``, ``name``, ``tail_id``, ``head_id``, ``direction``, ``km``, ``hours``, ``usd_per_t_low``,
        ``usd_per_t``, ``usd_per_t_high``.

    Raises
    ------
    GeokitError
        If a link has no rate or no speed.
    """
    links = open_links(layers["links"]).rename(columns={"from": "tail_id", "to": "head_id", "length_km": "km"})
    links = links.assign(cost_factor=links.get("cost_factor", 1.0))
    links = links[["link_id", "mode", "name", "tail_id", "head_id", "surface_code", "km", "cost_factor"]]
    both = pd.concat([links, links.rename(columns={"tail_id": "head_id", "head_id": "tail_id"})], ignore_index=True)
    from_ports = measure_ports(layers) if from_ports is None else from_ports
    homeward = _turn_home(both, from_ports[origin_ports(layers["ports"])["port_id"]])
    both = both.assign(direction=np.where(homeward, *DIRECTIONS))
    speeds = layers["link_speeds"].set_index(["surface_code", "mode"])["km_per_h"]
    priced = both.join(speeds, on=["surface_code", "mode"]).merge(
        _general_rates(layers["freight_rates"]), on=["mode", "direction"], how="left"
    )
    if backhaul:
        priced = _discount(priced, layers, from_ports)
    _check_priced(priced)
    costs = {name.replace("_km", "", 1): priced[name] * priced["km"] * priced["cost_factor"] for name in RATES}
    return priced.assign(hours=priced["km"] / priced["km_per_h"], **costs).drop(columns=[*RATES, "km_per_h", "surface_code", "cost_factor"])


def dear_rate(rates: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return the up-country road rate (low, mode, high), USD/t-km; tracks off the network are priced by it."""
    general = _general_rates(rates).set_index(["mode", "direction"])
    return general.loc[("road", "up_country"), RATES].to_numpy(dtype=float)


def backhaul_provinces(rates: pd.DataFrame) -> frozenset[str]:
    """Return the provinces in which a load finds an empty truck on its way home."""
    return frozenset(province for cell in rates["origin_province_ids"] for province in split_ids(cell))


def _general_rates(rates: pd.DataFrame) -> pd.DataFrame:
    """Return one row a mode and direction, of the rates that any load pays."""
    anywhere = rates[(rates["origin_province_ids"] == "") & (rates["province_ids"] == "")]
    spread = anywhere.assign(direction=anywhere["direction"].replace("", "|".join(DIRECTIONS)).str.split("|")).explode("direction")
    return spread[["mode", "direction", *RATES]].drop_duplicates(["mode", "direction"])


def _discount(priced: pd.DataFrame, layers: Mapping[str, pd.DataFrame], from_ports: pd.DataFrame) -> pd.DataFrame:
    """Put the rates bound to an origin on the links in their provinces, towards the ports to which their trucks return."""
    province, anywhere = layers["nodes"].set_index("node_id")["province_id"], origin_ports(layers["ports"])["port_id"]
    ends = [priced[side].map(province) for side in ("tail_id", "head_id")]
    priced = priced.copy()
    for rate in layers["freight_rates"].query("origin_province_ids != ''").itertuples():
        inside = ends[0].isin(split_ids(rate.province_ids)) & ends[1].isin(split_ids(rate.province_ids))
        homeward = _turn_home(priced, from_ports.reindex(columns=list(split_ids(rate.home_port_ids) or anywhere)))
        bound = pd.Series(np.where(homeward, *DIRECTIONS), index=priced.index).isin([rate.direction] if rate.direction else DIRECTIONS)
        applies = inside & bound & (priced["mode"] == rate.mode)
        priced.loc[applies, RATES] = [getattr(rate, name) for name in RATES]
    return priced


def _turn_home(both: pd.DataFrame, from_ports: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which traversals lead nearer to one of some ports."""
    tail, head = (from_ports.reindex(both[side]).fillna(np.inf).to_numpy() for side in ("tail_id", "head_id"))
    return np.asarray((head < tail).any(axis=1))


def measure_ports(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the distance of each node from each port of the country by built road.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``nodes``, ``links`` and ``ports``.

    Returns
    -------
    pandas.DataFrame, shape (nodes, ports)
        In km, by ``node_id`` and ``port_id``; infinite where no road leads. Ports abroad have no node and no column.
    """
    roads = layers["links"].query("mode == 'road' and status_code in @BUILT").dropna(subset=["length_km"])
    nodes, ports = pd.Index(layers["nodes"]["node_id"]), layers["ports"].query("node_id != ''")
    tail, head = nodes.get_indexer(roads["from"]), nodes.get_indexer(roads["to"])
    shortest = roads.assign(tail=np.minimum(tail, head), head=np.maximum(tail, head)).groupby(["tail", "head"])["length_km"].min()
    pairs = shortest.index.to_frame()
    graph = csr_array((shortest.to_numpy(), (pairs["tail"], pairs["head"])), shape=(len(nodes), len(nodes)))
    distances = dijkstra(graph, directed=False, indices=nodes.get_indexer(ports["node_id"]))
    return pd.DataFrame(distances.T, index=nodes, columns=pd.Index(ports["port_id"]))


def _check_priced(priced: pd.DataFrame) -> None:
    """Refuse a link that has no rate or no speed."""
    bare = priced[priced["usd_per_t_km"].isna() | priced["km_per_h"].isna()]
    if not bare.empty:
        first = bare.iloc[0]
        msg = (
            f"link {first['link_id']!r} (mode {first['mode']!r}, surface {first['surface_code']!r}) has no freight rate or no speed; "
            f"add a row to freight_rates.csv or link_speeds.csv ({bare['link_id'].nunique()} link(s) concerned)"
        )
        raise GeokitError(msg)
