"""Every haul that the study needs, from deposit to plant to port to the partner's port."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geokit.core.assumptions import Assumptions, Transport
from geokit.core.chain import trace_feeds
from geokit.core.columns import split_ids
from geokit.network.closures import NONE, check_closed, reroute_lanes
from geokit.network.destinations import carry_inland, inland_legs
from geokit.network.gaps import ROAD_COSTS
from geokit.network.land import Land, build_land, land_hauls
from geokit.network.rates import origin_ports, takes_product
from geokit.network.sea import CORNERS, port_charges, sea_hauls

KEY = ["origin_id", "destination_id", "kind", "product_id"]
HAULS = [
    *KEY,
    *CORNERS,
    "hours",
    "road_km",
    "rail_km",
    "sea_km",
    "transfers",
    "gap_km",
    "via_port_id",
    "closed_days",
    "assumed_open",
    "note",
    *ROAD_COSTS,
]
ASK = ["origin_id", "destination_id", "product_id"]


def route(
    layers: Mapping[str, pd.DataFrame],
    alternatives: pd.DataFrame,
    *,
    assumptions: Assumptions,
    closed: frozenset[str] = NONE,
    year: int | None = None,
    land: Land | None = None,
) -> pd.DataFrame:
    """Return the least-cost hauls of a study.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    alternatives : pandas.DataFrame
        As built by ``build_alternatives``.
    assumptions : Assumptions
        Group ``transport`` counts.
    closed : frozenset of str
        What is shut, as from :func:`geokit.network.closures.close_links`.
    year : int, optional
        Year in which promised links count as open by their ``open_from``; those of today when not given.
    land : Land, optional
        The land side where it is built already, of the same layers, assumptions, closures and year; built here when not given.

    Returns
    -------
    pandas.DataFrame
        Columns as in the data dictionary (``hauls``), sorted by key. A place without coordinates or beyond the snap limit, and a port
        without a sea lane, have no row. Costs hold for today's open links; passages that are not stated as open are assumed open and
        named (model rule M18). What a new road off
        the network would cost to build is told and no part of a cost. Capacity of links and berths is unknown and no bound here (M17).
    """
    check_closed(layers, closed)
    land = build_land(layers, assumptions, closed=closed, year=year) if land is None else land
    layers = reroute_lanes(layers, closed)
    plants = alternatives.query("kind == 'plant'")
    feeds = trace_feeds(layers)
    asked = _delivered_asks(layers, plants, feeds)
    takers = list_takers(layers, assumptions)
    by_land = haul_rows(_positions(_feed_asks(plants, feeds), land), "feed", land)
    ports = _port_asks(layers, asked).query("destination_id not in @closed")
    to_port = haul_rows(_positions(ports, land), "port", land)
    further = asked[ASK[::2]].drop_duplicates().merge(takers[["product_id", "destination_id"]].drop_duplicates(), on="product_id")
    everywhere = pd.concat([asked, further])[ASK].drop_duplicates(ignore_index=True)
    delivered = deliver(everywhere, to_port, layers, assumptions=assumptions)
    by_sea = sail(_sea_asks(alternatives, takers, layers), layers, assumptions.transport)
    inland = carry_inland(pd.concat([delivered, by_sea]), takers)
    here = delivered.merge(asked, on=ASK)
    partner = by_sea[by_sea["destination_id"].isin(layers["partners"]["default_port_id"])]
    return pd.concat([by_land, to_port, here, partner, inland])[HAULS].sort_values(KEY, ignore_index=True)


def haul_rows(pairs: pd.DataFrame, kind: str, land: Land) -> pd.DataFrame:
    """Cost pairs of places by land, as rows of the hauls table.

    Parameters
    ----------
    pairs : pandas.DataFrame
        ``origin`` and ``destination``: positions in ``land.places``.
    kind : str
        ``feed`` or ``port``.
    land : Land
        The land side.

    Returns
    -------
    pandas.DataFrame
        Columns as in the data dictionary; pairs without a haul are left out.
    """
    hauls = land_hauls(pairs, land)
    ids = land.places["place_id"]
    ends = {f"{side}_id": pairs.loc[hauls.index, side].map(ids) for side in ("origin", "destination")}
    return hauls.assign(kind=kind, product_id="", via_port_id="", sea_km=0.0, **ends)[HAULS]


def deliver(asked: pd.DataFrame, to_port: pd.DataFrame, layers: Mapping[str, pd.DataFrame], *, assumptions: Assumptions) -> pd.DataFrame:
    """Bring products from places to ports overseas, each over its cheapest origin port that takes it.

    Costs are those of a tonne as it is carried: who sells dry tonnes adds their water (:func:`geokit.network.payload.wet_factor`).
    The cheapest port is the one with the least cost at mode, all counted that the haul is told to cost, so closing a link or a port
    never lowers it; charges that were not found count as nothing, and the note says whose.
    A terminal whose contract names its cargoes loads no others; other terminals of that harbour are not in the layers, so the rest
    leaves by the ports that take any cargo.

    Parameters
    ----------
    asked : pandas.DataFrame
        ``origin_id``, ``destination_id`` (a port) and ``product_id``.
    to_port : pandas.DataFrame
        Hauls of kind ``port`` of the origins.
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    assumptions : Assumptions
        Group ``transport`` counts.

    Returns
    -------
    pandas.DataFrame
        Hauls of kind ``delivered``; asks without a way are left out.
    """
    legs = asked.merge(
        to_port.drop(columns=["product_id", "kind", "via_port_id", "sea_km"]).rename(columns={"destination_id": "via_port_id"}),
        on="origin_id",
    )
    legs = legs[takes_product(layers["ports"], legs["via_port_id"], legs["product_id"])]
    lanes = (
        legs[["via_port_id", "destination_id", "product_id"]]
        .drop_duplicates()
        .set_axis(["from_port_id", "to_port_id", "product_id"], axis=1)
    )
    sea = sea_hauls(lanes.reset_index(drop=True), layers, assumptions.transport)
    sea = sea.rename(columns={"from_port_id": "via_port_id", "to_port_id": "destination_id"})
    both = legs.merge(sea, on=["via_port_id", "destination_id", "product_id"], suffixes=("", "_sea"))
    charges = port_charges(both, layers)
    costs = {name: both[name] + both[f"{name}_sea"] + charges[name] for name in CORNERS}
    both = both.assign(**costs, found=charges["found"]).sort_values([*ASK, "usd_per_t", "via_port_id"])
    best = both.drop_duplicates(ASK).reset_index(drop=True)
    unfound = ("; charges of " + best["via_port_id"] + " not found").where(~best["found"], "")
    return best.assign(
        kind="delivered",
        hours=best["hours"] + best["hours_sea"],
        assumed_open=_join(best["assumed_open"], best["assumed_open_sea"]),
        note=_join(_join(best["note"], best["note_sea"], "; "), unfound.str.removeprefix("; "), "; "),
    )[HAULS]


def _positions(asked: pd.DataFrame, land: Land) -> pd.DataFrame:
    """Return the positions in ``land.places`` of pairs of ids."""
    places = land.places.drop_duplicates("place_id")
    position = pd.Series(places.index, index=places["place_id"])
    return pd.DataFrame({side: asked[f"{side}_id"].map(position) for side in ("origin", "destination")})


def _feed_asks(plants: pd.DataFrame, feeds: pd.DataFrame) -> pd.DataFrame:
    """Pair each deposit with each plant place of the stages that it can feed."""
    pairs = feeds.merge(plants[["stage_id", "place_id"]], on="stage_id")
    return pairs[["deposit_id", "place_id"]].drop_duplicates(ignore_index=True).set_axis(ASK[:2], axis=1)


def _port_asks(layers: Mapping[str, pd.DataFrame], asked: pd.DataFrame) -> pd.DataFrame:
    """Pair each place with each origin port."""
    ports = origin_ports(layers["ports"])[["port_id"]].set_axis(["destination_id"], axis=1)
    return asked[["origin_id"]].drop_duplicates().merge(ports, how="cross")


def _delivered_asks(layers: Mapping[str, pd.DataFrame], plants: pd.DataFrame, feeds: pd.DataFrame) -> pd.DataFrame:
    """Pair plant products with partner ports, and the feed of deposits with every port where someone might buy or treat it."""
    partner = set(layers["partners"]["default_port_id"])
    rivals = layers["ports"].query("role_code == 'counterfactual'")["port_id"]
    buyers = partner | set(layers["baselines"]["port_id"]) | set(rivals)
    products = plants[["place_id", "product_id"]].set_axis(["origin_id", "product_id"], axis=1)
    free = layers["stages"].query("siting == 'free'")["stage_id"]
    feed = feeds[feeds["stage_id"].isin(free)].assign(product_id=lambda t: t["feed_product_ids"].map(split_ids)).explode("product_id")
    feed = feed[["deposit_id", "product_id"]].dropna().set_axis(["origin_id", "product_id"], axis=1)
    tables = [
        goods.merge(pd.DataFrame({"destination_id": sorted(to - {""})}), how="cross") for goods, to in ((products, partner), (feed, buyers))
    ]
    return pd.concat(tables)[ASK].drop_duplicates(ignore_index=True)


def list_takers(layers: Mapping[str, pd.DataFrame], assumptions: Assumptions) -> pd.DataFrame:
    """Return the named plants abroad that take a product, with the port of each and the leg from there.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``accepts``, ``destinations`` and ``ports``.
    assumptions : Assumptions
        Group ``transport`` counts.

    Returns
    -------
    pandas.DataFrame
        ``plant_id``, ``product_id``, ``destination_id`` (the port) and the columns of
        :func:`geokit.network.destinations.inland_legs`.
    """
    legs = inland_legs(layers["destinations"], layers["ports"], assumptions.transport)
    taken = layers["accepts"].query("accepts == 'yes'")[["destination_id", "product_id"]].set_axis(["plant_id", "product_id"], axis=1)
    return taken.merge(legs.rename(columns={"port_id": "destination_id"}), left_on="plant_id", right_index=True).reset_index(drop=True)


def sail(pairs: pd.DataFrame, layers: Mapping[str, pd.DataFrame], transport: Transport) -> pd.DataFrame:
    """Ship products between ports, as rows of the hauls table.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Columns of ``ASK``; both ends are ports.
    layers : mapping of str to pandas.DataFrame
        As for :func:`geokit.network.sea.sea_hauls`.
    transport : Transport
        Likewise.

    Returns
    -------
    pandas.DataFrame
        Hauls of kind ``sea``; pairs without a lane are left out.
    """
    ports = {"origin_id": "from_port_id", "destination_id": "to_port_id"}
    rows = sea_hauls(pairs[ASK].rename(columns=ports), layers, transport).rename(columns={new: old for old, new in ports.items()})
    zeros = dict.fromkeys(["road_km", "rail_km", "transfers", "gap_km", *ROAD_COSTS], 0.0)
    return rows.assign(kind="sea", via_port_id="", closed_days=float("nan"), **zeros)[HAULS]


def _sea_asks(alternatives: pd.DataFrame, takers: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Pair what a toll plant or a plant abroad makes with the port of each partner, and with the ports of the plants that take it."""
    abroad = alternatives.query("kind in ('toll', 'abroad') and port_id != ''")[["port_id", "product_id"]]
    abroad = abroad.set_axis(["origin_id", "product_id"], axis=1)
    partner = pd.DataFrame({"destination_id": sorted(set(layers["partners"]["default_port_id"]) - {""})})
    to_plants = abroad.merge(takers[["product_id", "destination_id"]], on="product_id")
    return pd.concat([abroad.merge(partner, how="cross"), to_plants])[ASK].drop_duplicates(ignore_index=True)


def _join(here: pd.Series[str], there: pd.Series[str], sign: str = ";") -> pd.Series[str]:
    """Join two columns of words with a sign where neither is blank."""
    return here + pd.Series(sign, index=here.index).where((here != "") & (there != ""), "") + there
