"""The way round each named closure: what it costs, and what it shares with the path that is shut."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geokit.core.columns import join_ids
from geokit.network.closures import close_links, reroute_lanes
from geokit.network.destinations import carry_inland
from geokit.network.frequency import rate_closures, share_of_year
from geokit.network.land import close_land
from geokit.network.onward import add_onward, sail_again
from geokit.network.reliability import KEY, WAY, World, list_elements, list_ways, path_links
from geokit.network.route import HAULS, deliver, haul_rows, list_takers
from geokit.network.sea import CORNERS

COSTS = [f"detour_{name}" for name in CORNERS]
DETOURS = ["closure_id", *KEY, "via_port_id", "way_round_port_id", *COSTS, "shared_frac", "shared_link_ids", "detour_link_ids"]
EFFECTS = ["closure_id", "partner", "shut_frac", "alternatives", "cut", *COSTS, "detour_usd_per_t_most", "shared_frac"]
WORDS = ["via_port_id", "assumed_open", "note"]
"""Columns of words, blank where no way is left."""
ZEROS = {"cut_all": 0.0, "added": 0.0}
"""What orders the closures, and what one has that shuts no best path."""


@dataclass(frozen=True)
class ClosedHauls:
    """What every named closure does to the hauls of a study.

    Attributes
    ----------
    hauls : pandas.DataFrame
        ``closure_id`` and the columns of the hauls table: each haul of any kind whose best path the closure shuts, costed again with the
        closure; costs are NaN where no way is left.
    detours : pandas.DataFrame
        The delivered ones of them beside their best path; columns ``DETOURS``.
    """

    hauls: pd.DataFrame
    detours: pd.DataFrame


@dataclass(frozen=True)
class _Side:
    """The land side while something is closed: what that is, and the delivered hauls that it shuts."""

    closed: frozenset[str]
    touched: pd.DataFrame
    legs: pd.DataFrame
    """The hauls by land that it shuts, costed again (``shut``), and the others from the origins of the touched ones to a port."""
    links: Mapping[tuple[str, str], frozenset[str]]
    """Links of the paths from the origins of the touched ones to all ports."""


def close_hauls(world: World, hauls: pd.DataFrame) -> ClosedHauls:
    """Cost the hauls again that each named closure shuts.

    All closures meet the same graph: links are taken out of it, and only its paths are solved anew.

    Parameters
    ----------
    world : World
        From :func:`geokit.network.reliability.build_world`, with the layers and the assumptions of the hauls.
    hauls : pandas.DataFrame
        From :func:`geokit.network.route`.

    Returns
    -------
    ClosedHauls
        Of a detour: what the way round costs more, at mode, and the least and the most of the three ends of the rates, not below zero:
        where an end makes the way round cheaper one would go it anyway; ``way_round_port_id`` (blank where there is none),
        ``detour_link_ids``, ``shared_link_ids`` (links of the way round that the best path runs through too) and ``shared_frac`` (their
        share of the length of the best path).
    """
    takers = list_takers(world.layers, world.assumptions)
    delivered, legs = _with_elements(add_onward(hauls, takers), world), _with_links(hauls, world)
    sides, tables = {}, []
    for name in world.layers["closures"]["closure_id"].astype(str):
        closed = close_links(world.layers, [name])
        touched = _shut(delivered, closed)
        if len(touched) or len(_shut(legs, closed)):
            sides[name] = _close_land_side(legs, world, closed, touched=touched)
            tables.append(sides[name].legs.query("shut").assign(closure_id=name))
    further = _lay_together([_deliver_again(sides, world), sail_again(hauls, takers, world)])
    further = pd.concat([further, carry_inland(further, takers)])
    known = pd.MultiIndex.from_frame(further[[*KEY, "kind"]]).isin(pd.MultiIndex.from_frame(hauls[[*KEY, "kind"]]))
    table = _lay_together([*tables, further[known]])
    told = _compare(sides, table.query("kind == 'delivered'"), world)
    return ClosedHauls(table.sort_values(["closure_id", "kind", *KEY], ignore_index=True), told)


def sum_effects(detours: pd.DataFrame, alternatives: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Sum up what each closure does to the plants of each partner; the first row is the closure that does most.

    Parameters
    ----------
    detours : pandas.DataFrame
        Of :func:`close_hauls`.
    alternatives : pandas.DataFrame
        As built by ``build_alternatives``.
    layers : mapping of str to pandas.DataFrame
        Needs ``partners``, ``closures`` and ``closure_events``.

    Returns
    -------
    pandas.DataFrame
        Columns as in the data dictionary (``closure_effects``) without those on ranks, one row a closure and partner with a port,
        closures in the order of the alternatives that they cut, then of the dollars a tonne that they add to all alternatives of all
        partners together.
    """
    plants = alternatives.query("kind == 'plant'")[["alternative", "place_id", "product_id"]]
    ports = layers["partners"].query("default_port_id != ''")[["partner_id", "default_port_id"]]
    both = detours.merge(plants, left_on=["origin_id", "product_id"], right_on=["place_id", "product_id"])
    both = both.merge(ports, left_on="destination_id", right_on="default_port_id").rename(columns={"partner_id": "partner"})
    both = both.assign(cut=both["detour_usd_per_t"].isna())
    figures = {name: (name, "median") for name in [*COSTS, "shared_frac"]}
    effects = both.groupby(["closure_id", "partner"]).agg(
        alternatives=("alternative", "nunique"), cut=("cut", "sum"), detour_usd_per_t_most=("detour_usd_per_t", "max"), **figures
    )
    order = both.groupby("closure_id").agg(cut_all=("cut", "sum"), added=("detour_usd_per_t", "sum"))
    every = pd.MultiIndex.from_product([layers["closures"]["closure_id"], sorted(ports["partner_id"])], names=EFFECTS[:2])
    ranked = effects.reindex(every).fillna({"alternatives": 0, "cut": 0}).reset_index().join(order, on="closure_id").fillna(ZEROS)
    ranked = ranked.sort_values([*ZEROS, *EFFECTS[:2]], ascending=[False, False, True, True], ignore_index=True)
    ranked = ranked.assign(shut_frac=ranked["closure_id"].map(share_of_year(layers, rate_closures(layers))))
    return ranked.astype({"alternatives": int, "cut": int})[EFFECTS]


def _with_elements(hauls: pd.DataFrame, world: World) -> pd.DataFrame:
    """Return the delivered hauls with what their best path runs through."""
    delivered = list_ways(hauls, world)
    ways = delivered[WAY].drop_duplicates(ignore_index=True)
    return delivered.merge(ways.assign(elements=pd.Series(list_elements(ways, world), dtype=object)), on=WAY)


def _with_links(hauls: pd.DataFrame, world: World) -> pd.DataFrame:
    """Return the hauls by land with the links of their best path and the port where it ends; no link where a track replaces the network."""
    legs = hauls.query("kind in ['feed', 'port']").reset_index(drop=True)
    links = path_links(zip(legs["origin_id"], legs["destination_id"], strict=True), world.land)
    tracked = legs[["road_km", "rail_km"]].sum(axis=1) == 0
    rows = zip(legs["origin_id"], legs["destination_id"], tracked, strict=True)
    ways = [(frozenset() if track else links[here, there]) | {there} for here, there, track in rows]
    return legs.assign(elements=pd.Series(ways, index=legs.index, dtype=object))


def _shut(hauls: pd.DataFrame, closed: frozenset[str]) -> pd.DataFrame:
    """Return the hauls whose best path runs through something that is closed."""
    return hauls[[bool(closed & one) for one in hauls["elements"]]]


def _close_land_side(legs: pd.DataFrame, world: World, closed: frozenset[str], *, touched: pd.DataFrame) -> _Side:
    """Cost the hauls by land again with something closed."""
    to_port = legs[(legs["kind"] == "port") & legs["origin_id"].isin(touched["origin_id"])]
    land, rows = close_land(world.land, closed), _shut(legs, closed)
    left = rows[~rows["destination_id"].isin(closed)]
    again = haul_rows(_positions(left, world), "port", land) if len(left) else left[HAULS]
    again = rows[[*KEY, "kind"]].join(again.drop(columns=[*KEY, "kind"]))
    links = path_links(zip(to_port["origin_id"], to_port["destination_id"], strict=True), land)
    kept = to_port[~to_port.index.isin(rows.index)]
    return _Side(closed, touched, pd.concat([again.assign(shut=True), kept.assign(shut=False)])[[*HAULS, "shut"]], links)


def _positions(rows: pd.DataFrame, world: World) -> pd.DataFrame:
    """Return the positions in the places of the land side of the ends of hauls."""
    places = world.land.places.drop_duplicates("place_id")
    position = pd.Series(places.index, index=places["place_id"])
    return pd.DataFrame({side: rows[f"{side}_id"].map(position) for side in ("origin", "destination")})


def _deliver_again(sides: Mapping[str, _Side], world: World) -> pd.DataFrame:
    """Deliver the touched hauls again, all closures that leave the lanes alone at once: each has origins of its own."""
    lanes = {name: side.closed & frozenset(world.passages) for name, side in sides.items() if len(side.touched)}
    tables = [pd.DataFrame(columns=["closure_id", *HAULS])]
    for columns in dict.fromkeys(lanes.values()):
        own = {name: sides[name] for name in lanes if lanes[name] == columns}
        asked = pd.concat([_own(side.touched[KEY], name) for name, side in own.items()], ignore_index=True)
        ports = pd.concat([_own(side.legs.query("kind == 'port'").dropna(subset=["usd_per_t"]), name) for name, side in own.items()])
        again = deliver(asked, ports[HAULS], reroute_lanes(world.layers, columns), assumptions=world.assumptions)
        again = asked.merge(again, on=KEY, how="left").assign(kind="delivered")
        ends = again["origin_id"].str.split(">", n=1, expand=True)
        tables.append(again.assign(closure_id=ends[0], origin_id=ends[1]))
    return pd.concat(tables[1:] or tables)


def _lay_together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Return hauls of closures in one table."""
    table = pd.concat(tables, ignore_index=True)[["closure_id", *HAULS]].infer_objects()
    return table.assign(**{name: table[name].astype(object).fillna("").astype(str) for name in WORDS})


def _own(rows: pd.DataFrame, closure_id: str) -> pd.DataFrame:
    """Return rows whose origins belong to one closure."""
    return rows.assign(origin_id=closure_id + ">" + rows["origin_id"])


def _compare(sides: Mapping[str, _Side], again: pd.DataFrame, world: World) -> pd.DataFrame:
    """Return each way round beside the best path that is shut."""
    if not sides:
        return pd.DataFrame(columns=DETOURS)
    before = pd.concat([side.touched[~side.touched["onward"]].assign(closure_id=name) for name, side in sides.items()], ignore_index=True)
    kept = again[["closure_id", *KEY, "via_port_id", *CORNERS]].rename(columns={"via_port_id": "way_round_port_id"})
    both = before.merge(kept, on=["closure_id", *KEY], suffixes=("", "_again")).fillna({"way_round_port_id": ""})
    ends = zip(both["closure_id"], both["origin_id"], both["way_round_port_id"], strict=True)
    ways = [sides[name].links.get((here, port), frozenset()) for name, here, port in ends]
    shared = [one & way for one, way in zip(both["elements"], ways, strict=True)]
    told, km = _tell_sets([*ways, *shared, *both["elements"]], world)
    own, common = (pd.Series([*map(km.__getitem__, sets)], dtype=float) for sets in (both["elements"], shared))
    costs = np.column_stack([both[f"{name}_again"] - both[name] for name in CORNERS])
    low, high = (end(costs, axis=1).clip(min=0.0) for end in (np.min, np.max))
    table = both.assign(
        **dict(zip(COSTS, (low, costs[:, 1], high), strict=True)),
        shared_frac=(common / own.where(own > 0)).where(both["usd_per_t_again"].notna()),
        shared_link_ids=[*map(told.__getitem__, shared)],
        detour_link_ids=[*map(told.__getitem__, ways)],
    )
    return table[DETOURS].sort_values(["closure_id", *KEY], ignore_index=True)


def _tell_sets(sets: Iterable[frozenset[str]], world: World) -> tuple[dict[frozenset[str], str], dict[frozenset[str], float]]:
    """Return the ids in one cell, and the length of the links, km, of each different set."""
    km = world.layers["links"].set_index("link_id")["length_km"].to_dict()
    different = set(sets)
    return {one: join_ids(one) for one in different}, {one: math.fsum(km.get(link, 0.0) for link in one) for one in different}
