"""The way round each named closure: what it costs, and what it shares with the path that is shut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import join_ids
from geokit.network.closures import close_links, reroute_lanes
from geokit.network.land import Land, close_land
from geokit.network.paths import sum_paths
from geokit.network.reliability import KEY, WAY, World, build_world, list_elements, list_ways, path_links
from geokit.network.route import deliver
from geokit.network.sea import CORNERS, port_charges

DETOURS = ["closure_id", *KEY, "via_port_id", "way_round_port_id", "detour_usd_per_t", "shared_frac", "shared_link_ids"]
MOVES = ["ranks_moved", "most_places"]
EFFECTS = ["closure_id", "partner", "alternatives", "cut", "detour_usd_per_t", "detour_usd_per_t_most", "shared_frac", *MOVES]


def list_detours(layers: Mapping[str, pd.DataFrame], hauls: pd.DataFrame, *, assumptions: Assumptions) -> pd.DataFrame:
    """Return the way round each named closure for each delivered haul whose best path it shuts.

    All closures meet the same graph: links are taken out of it, and only its paths are solved anew.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    hauls : pandas.DataFrame
        From :func:`geokit.network.route`; kinds ``port`` and ``delivered`` count.
    assumptions : Assumptions
        With which the hauls were costed.

    Returns
    -------
    pandas.DataFrame
        One row a closure and haul that it shuts: ``detour_usd_per_t`` (what the way round costs more by land and sea,
        at mode; NaN where there is none; charges of ports do not choose the way and are left out),
        ``way_round_port_id`` (blank where there is none), ``shared_link_ids`` (links of the way round that the best path runs through
        too) and ``shared_frac`` (their share of the length of the best path on the network).
    """
    world, delivered = build_world(layers, assumptions), list_ways(hauls, layers)
    ways = delivered[WAY].drop_duplicates(ignore_index=True)
    delivered = delivered.merge(ways.assign(elements=pd.Series(list_elements(ways, world), dtype=object)), on=WAY)
    to_port = hauls.query("kind == 'port'")
    tables = []
    for closure_id in layers["closures"]["closure_id"]:
        closed = close_links(layers, [closure_id])
        shut = delivered[[bool(closed & one) for one in delivered["elements"]]]
        if not shut.empty:
            tables.append(_go_round(shut, to_port, world, closed=closed, assumptions=assumptions).assign(closure_id=closure_id))
    empty = pd.DataFrame(columns=DETOURS)
    return pd.concat(tables)[DETOURS].sort_values(["closure_id", *KEY], ignore_index=True) if tables else empty


def sum_effects(
    detours: pd.DataFrame, alternatives: pd.DataFrame, partners: pd.DataFrame, *, moves: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Sum up what each closure does to the plants of each partner; the first row is the closure that does most.

    Parameters
    ----------
    detours : pandas.DataFrame
        From :func:`list_detours`.
    alternatives : pandas.DataFrame
        As built by ``build_alternatives``.
    partners : pandas.DataFrame
        The layer.
    moves : pandas.DataFrame, optional
        ``closure_id``, ``partner``, ``ranks_moved`` and ``most_places`` where rankings were run with a closure (see :func:`count_moves`).

    Returns
    -------
    pandas.DataFrame
        Columns as in the data dictionary (``closure_effects``), closures in the order of the alternatives that they cut, then of the
        dollars a tonne that they add to all alternatives of all partners together.
    """
    plants = alternatives.query("kind == 'plant'")[["alternative", "place_id", "product_id"]]
    ports = partners.query("default_port_id != ''")[["partner_id", "default_port_id"]]
    both = detours.merge(plants, left_on=["origin_id", "product_id"], right_on=["place_id", "product_id"])
    both = both.merge(ports, left_on="destination_id", right_on="default_port_id").rename(columns={"partner_id": "partner"})
    both = both.assign(cut=both["detour_usd_per_t"].isna())
    groups = both.groupby(["closure_id", "partner"])
    effects = groups.agg(
        alternatives=("alternative", "nunique"),
        cut=("cut", "sum"),
        detour_usd_per_t=("detour_usd_per_t", "median"),
        detour_usd_per_t_most=("detour_usd_per_t", "max"),
        shared_frac=("shared_frac", "median"),
    )
    order = both.groupby("closure_id").agg(cut_all=("cut", "sum"), added=("detour_usd_per_t", "sum"))
    told = pd.DataFrame(columns=[*EFFECTS[:2], *MOVES], dtype=float) if moves is None else moves[[*EFFECTS[:2], *MOVES]]
    ranked = effects.reset_index().join(order, on="closure_id").merge(told.astype({"closure_id": str, "partner": str}), "left", EFFECTS[:2])
    ranked = ranked.sort_values(["cut_all", "added", *EFFECTS[:2]], ascending=[False, False, True, True], ignore_index=True)
    return ranked[EFFECTS]


def count_moves(base: pd.DataFrame, shut: pd.DataFrame) -> pd.DataFrame:
    """Count the ranks that move between two rankings.

    Parameters
    ----------
    base, shut : pandas.DataFrame
        Rankings of the same cases with columns ``case_id``, ``alternative`` and ``rank`` (missing where not ranked).

    Returns
    -------
    pandas.DataFrame
        Index ``case_id``: ``ranks_moved`` (alternatives with another rank, or ranked in one only) and ``most_places``, the longest move.
    """
    pair = [table.set_index(["case_id", "alternative"])["rank"].astype(float) for table in (base, shut)]
    ranks = pd.concat(pair, axis=1, keys=["base", "shut"])
    step = (ranks["shut"] - ranks["base"]).abs()
    moved = (step > 0) | (ranks["base"].isna() != ranks["shut"].isna())
    table = pd.DataFrame({"ranks_moved": moved, "most_places": step.fillna(0.0)})
    return table.groupby("case_id").agg({"ranks_moved": "sum", "most_places": "max"}).astype(int)


def _go_round(shut: pd.DataFrame, to_port: pd.DataFrame, world: World, *, closed: frozenset[str], assumptions: Assumptions) -> pd.DataFrame:
    """Cost the hauls again with something closed, and compare."""
    land = close_land(world.land, closed)
    dearer = _add_to_land(to_port[to_port["origin_id"].isin(shut["origin_id"])], world.land, land)
    asked = shut[KEY].reset_index(drop=True)
    again = deliver(asked, dearer, reroute_lanes(world.layers, closed), assumptions=assumptions)
    again = again.assign(again=_before_charges(again, world))[[*KEY, "via_port_id", "again"]]
    again = again.rename(columns={"via_port_id": "way_round_port_id"})
    both = shut.merge(again, on=KEY, how="left").fillna({"way_round_port_id": ""})
    ends = both[["origin_id", "way_round_port_id"]].drop_duplicates()
    ways = {(here, port): path_links(here, port, land) for here, port in ends.itertuples(index=False) if port}
    chosen = zip(both["elements"], both["origin_id"], both["way_round_port_id"], strict=True)
    shared = [one & ways.get((here, port), frozenset()) for one, here, port in chosen]
    own, common = (_lengths(sets, world) for sets in (both["elements"], shared))
    return both.assign(
        detour_usd_per_t=both["again"] - _before_charges(both, world),
        shared_frac=(common / own.where(own > 0)).where(both["again"].notna()),
        shared_link_ids=[join_ids(one) for one in shared],
    )


def _lengths(sets: Iterable[frozenset[str]], world: World) -> pd.Series[float]:
    """Return the length of the links of each set, km."""
    km = world.layers["links"].set_index("link_id")["length_km"].to_dict()
    return pd.Series([sum(km.get(link, 0.0) for link in one) for one in sets], dtype=float)


def _before_charges(hauls: pd.DataFrame, world: World) -> pd.Series[float]:
    """Return the cost of hauls without the charges of ports, which are known for one terminal and do not choose the way."""
    return hauls["usd_per_t"] - port_charges(hauls, world.layers)["usd_per_t"]


def _add_to_land(to_port: pd.DataFrame, before: Land, after: Land) -> pd.DataFrame:
    """Return hauls to ports at mode with what their path costs more after something is shut; those without a path are left out."""
    places = before.places.drop_duplicates("place_id").set_index("place_id")
    source = to_port["origin_id"].map(places["source"]).to_numpy(dtype=np.int64)
    target = to_port["destination_id"].map(places["target"]).to_numpy(dtype=np.int64)
    rides = to_port["origin_id"].map(places["province_id"]).isin(before.network.backhaul).to_numpy()
    tracked = (to_port[["road_km", "rail_km"]].sum(axis=1) == 0).to_numpy()
    sums = to_port[["road_km"]].assign(more=0.0)
    for kind in (False, True):
        chosen = (rides == kind) & ~tracked
        ends = (source[chosen], target[chosen])
        again = sum_paths(after.paths[kind], ends, ["road_km", "usd_per_t"]).set_index(sums.index[chosen])
        sums.loc[chosen] = again[["road_km"]].assign(more=again["usd_per_t"] - before.paths[kind].cost[ends])
    by_road = [(road + to_port["gap_km"] > 0).astype(float) for road in (to_port["road_km"], sums["road_km"])]
    more = sums["more"] + before.transport.security_premium_usd_per_t.mode * (by_road[1] - by_road[0])
    return to_port.assign(**{name: to_port[name] + more for name in CORNERS})[more.notna()]
