"""One route between two named places, leg by leg."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from geokit.core.assumptions import Assumptions, Spread
from geokit.core.columns import split_ids
from geokit.core.errors import GeokitError, UnknownNameError
from geokit.network.capacity import judge_capacity
from geokit.network.closures import NONE, check_closed, reroute_lanes, shut_in, tell_closed, tell_year
from geokit.network.destinations import COSTS, inland_legs, tell_inland
from geokit.network.gaps import ROAD_COSTS
from geokit.network.land import Land, build_land, land_hauls
from geokit.network.legs import Leg, land_legs
from geokit.network.payload import tell_wet
from geokit.network.rates import origin_ports
from geokit.network.route import deliver, haul_rows
from geokit.network.sea import port_charges, sea_hauls
from geokit.network.snap import straight_km
from geokit.network.terminals import planned_cargoes, tell_terminal
from geokit.network.terrain import CORNERS

NOWHERE = "{place} has no coordinates"
TOO_FAR = "{place} lies {km:.0f} km from the nearest open road at {node}, more than the limit of {limit:g} km: bridge that gap first"
CUT_OFF = "no open links lead there from {place}; the nearest town from which they do is {node}, {km:.0f} km away: bridge that gap first"
BY_NAME = "no place has the id {name!r}; places of that name: {choices}"
NO_LOAD = "a load of {load:g} kt a year is none: name more than nothing, or leave it out"
NAMED = [
    ("deposit", "deposits", "deposit_id", "name"),
    ("site", "sites", "site_id", "name"),
    ("port", "ports", "port_id", "name"),
    ("node", "nodes", "node_id", "name"),
    ("plant", "destinations", "destination_id", "plant"),
]
"""Kinds of places, their tables, and the columns of the id and of the name by which a user may know them."""
ONLY_TO = "plants abroad are destinations; no route starts at {name!r}"
CHOICES = 8
"""Places of a name that a refusal lists."""
DEAD_END = "no open links lead to {place} from anywhere"


@dataclass(frozen=True)
class Route:
    """A least-cost route.

    Attributes
    ----------
    origin, destination : str
        Ids.
    product_id : str
        What moves; blank for any bulk cargo.
    legs : tuple of Leg
        In the order of travel; their costs add up to ``usd_per_t``.
    usd_per_t_low, usd_per_t, usd_per_t_high : float
        Total cost, USD/t.
    hours : float
        Time under way and in transfers.
    assumed_open : tuple of str
        Passages not stated as open that the route takes.
    note : str
        What the cost leaves out.
    capacity : tuple of str
        What is known and unknown of the capacity of its links; see :func:`geokit.network.capacity.judge_capacity`.
    access_road_usd_million : Spread or None
        What a new road over its tracks would cost to build, no part of the cost a tonne; None where there is no track or it is unknown.
    closed : tuple of str
        Links and ports that were taken out, and closures by which lanes go round a passage.
    """

    origin: str
    destination: str
    product_id: str
    legs: tuple[Leg, ...]
    usd_per_t_low: float
    usd_per_t: float
    usd_per_t_high: float
    hours: float
    assumed_open: tuple[str, ...]
    note: str
    capacity: tuple[str, ...] = ()
    access_road_usd_million: Spread | None = None
    closed: tuple[str, ...] = ()

    @property
    def km(self) -> float:
        """Return the length of all legs, km."""
        return sum(leg.km for leg in self.legs)

    def as_dict(self) -> dict[str, object]:
        """Return the route as the documented JSON object of ``geokit route --json``."""
        return {
            "origin": self.origin,
            "destination": self.destination,
            "product_id": self.product_id,
            "legs": [leg.as_dict() for leg in self.legs],
            "km": self.km,
            "hours": self.hours,
            "usd_per_t": {"low": self.usd_per_t_low, "mode": self.usd_per_t, "high": self.usd_per_t_high},
            "assumed_open": list(self.assumed_open),
            "note": self.note,
            "capacity": list(self.capacity),
            "access_road_usd_million": self.access_road_usd_million.model_dump() if self.access_road_usd_million else None,
            "closed": list(self.closed),
        }


@dataclass(frozen=True)
class _Question:
    """What is asked, and the world in which it is asked."""

    layers: Mapping[str, pd.DataFrame]
    land: Land
    assumptions: Assumptions
    pair: tuple[int, int]
    product_id: str
    kt_per_year: float | None

    @property
    def ids(self) -> tuple[str, str]:
        """Return the ids of the two places."""
        here, there = (str(self.land.places.loc[position, "place_id"]) for position in self.pair)
        return here, there

    @property
    def places(self) -> list[dict[str, Any]]:
        """Return both places."""
        return [{str(key): value for key, value in row.items()} for row in self.land.places.loc[list(self.pair)].to_dict("records")]

    @property
    def quays(self) -> set[str]:
        """Return the ports of the country."""
        return set(origin_ports(self.layers["ports"])["port_id"])

    def refuse(self, why: str) -> GeokitError:
        """Say why there is no route."""
        return GeokitError(f"no route from {self.ids[0]!r} to {self.ids[1]!r}: {why}")

    def answer(self, haul: Mapping[Hashable, Any], legs: tuple[Leg, ...]) -> Route:
        """Put a route together."""
        link_ids = [link_id for leg in legs for link_id in leg.link_ids]
        quays = [port_id for port_id in self.ids if port_id in self.quays] if self.ids[0] != self.ids[1] else []
        told, more = self._tell_quays(quays)
        ports = list(dict.fromkeys([*quays, *split_ids(str(haul.get("via_port_id", "")))]))
        roads = [float(haul.get(name, 0.0)) for name in ROAD_COSTS]
        return Route(
            *self.ids,
            self.product_id,
            legs,
            usd_per_t_low=float(haul["usd_per_t_low"]),
            usd_per_t=float(haul["usd_per_t"]),
            usd_per_t_high=float(haul["usd_per_t_high"]),
            hours=float(haul["hours"]),
            assumed_open=tuple(dict.fromkeys([*split_ids(haul["assumed_open"]), *more])),
            note="; ".join(filter(None, (str(haul.get("note", "")), *told))),
            capacity=judge_capacity(link_ids, self.layers, kt_per_year=self.kt_per_year, port_ids=ports),
            access_road_usd_million=Spread(**dict(zip(CORNERS, roads, strict=True))) if roads[-1] > 0 else None,
        )

    def _tell_quays(self, quays: list[str]) -> tuple[list[str], list[str]]:
        """Return what ports at the ends of the route leave out of its cost, and the plans on which they rest."""
        told = [tell_terminal(port_id, self.product_id, self.layers) for port_id in quays]
        return told, [name for port_id in quays for name in planned_cargoes(port_id, self.product_id, self.layers)]


def find_route(  # noqa: PLR0913  one parameter a question
    layers: Mapping[str, pd.DataFrame],
    origin: str,
    destination: str,
    *,
    assumptions: Assumptions,
    product_id: str = "",
    closed: frozenset[str] = NONE,
    year: int | None = None,
    month: int | None = None,
    kt_per_year: float | None = None,
) -> Route:
    """Find the cheapest route between two places.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    origin, destination : str
        Ids of deposits, sites, ports or network nodes, and of plants abroad as destination; a kind may stand before the id, as in
        ``port:abc``.
    assumptions : Assumptions
        Group ``transport`` counts.
    product_id : str, default ""
        What moves; it matters at sea and in ports, and the note tells what a dry tonne of it costs. Blank is a cargo of any kind, which
        no terminal with a list of cargoes takes.
    closed : frozenset of str
        What is shut, as from :func:`geokit.network.closures.close_links`.
    year : int, optional
        Year in which promised links count as open by their ``open_from``; those of today when not given.
    month : int, optional
        Month, 1 to 12, whose closures by season count; none when not given.
    kt_per_year : float, optional
        Load, thousand tonnes a year, that is held against the capacity of the links.

    Returns
    -------
    Route
        Between two ports by sea, to a port overseas by land and sea, to a plant abroad by its port, else by land. Its totals are those
        of the hauls table.

    Raises
    ------
    UnknownNameError
        If a name is not in the layers.
    GeokitError
        If a name is ambiguous, something closed is unknown, or there is no route.
    """
    if kt_per_year is not None and not kt_per_year > 0:
        raise GeokitError(NO_LOAD.format(load=kt_per_year))
    check_closed(layers, closed)
    shut = closed if month is None else closed | shut_in(layers["links"], month)
    land = build_land(layers, assumptions, closed=shut, year=year)
    layers = reroute_lanes(layers, shut)
    plants = _list_plants(layers, land)
    for name in (origin, destination):
        _suggest(name, layers, known={*land.places["place_id"], *plants["place_id"]})
    if origin.rpartition(":")[2] in set(plants["place_id"]) - set(land.places["place_id"]):
        raise GeokitError(ONLY_TO.format(name=origin))
    start, end = _locate(origin, land.places), _locate(destination, pd.concat([land.places, plants]))
    plant = plants[plants.index == end].to_dict("records")
    gate = _locate(f"port:{plant[0]['port_id']}", land.places) if plant else end
    _check_product(product_id, layers["products"])
    question = _Question(layers, land, assumptions, (start, gate), product_id, kt_per_year)
    found = _solve(question)
    found = _inland(found, plant[0], question) if plant else found
    told = (found.note, tell_wet(product_id, layers["products"], found.usd_per_t), tell_year(layers, year))
    return replace(found, closed=tell_closed(layers, shut), note="; ".join(words for words in told if words))


def _solve(question: _Question) -> Route:
    """Return the route between two places of the land side, by land, by sea, or by both."""
    places = question.land.places
    kinds = places.loc[list(question.pair), "kind"].tolist()
    overseas = kinds[1] == "port" and places["target"].iloc[question.pair[1]] < 0
    turn = _by_sea if kinds == ["port", "port"] else _delivered if overseas else _by_land
    return turn(question)


def _list_plants(layers: Mapping[str, pd.DataFrame], land: Land) -> pd.DataFrame:
    """Return the plants abroad as places after those of the land side, each with its leg from the port."""
    legs = inland_legs(layers["destinations"], layers["ports"], land.transport)
    points = layers["destinations"].set_index("destination_id")[["lat", "lon"]].reindex(legs.index)
    table = legs.join(points).rename_axis("place_id").reset_index().assign(kind="plant")
    return table.set_index(pd.RangeIndex(len(land.places), len(land.places) + len(table)))


def _inland(found: Route, plant: Mapping[Hashable, Any], question: _Question) -> Route:
    """Bring a route to a port abroad on to the plant behind it."""
    low, mode, high = (float(plant[name]) for name in COSTS)
    port = question.places[1]
    points = ((float(port["lon"]), float(port["lat"])), (float(plant["lon"]), float(plant["lat"])))
    leg = Leg("inland", "road or ship abroad", str(plant["port_id"]), str(plant["place_id"]), float(plant["km"]), 0.0, mode, points)
    told = tell_inland(str(plant["port_id"]), float(plant["km"]), own=bool(plant["own_port"]))
    return replace(
        found,
        destination=str(plant["place_id"]),
        legs=(*found.legs, leg) if leg.km > 0 else found.legs,
        usd_per_t_low=found.usd_per_t_low + low,
        usd_per_t=found.usd_per_t + mode,
        usd_per_t_high=found.usd_per_t_high + high,
        note="; ".join(words for words in (found.note, told) if words),
    )


def _suggest(name: str, layers: Mapping[str, pd.DataFrame], *, known: set[str]) -> None:
    """Refuse a name that is no id but that of some place, and list the ids of these."""
    bare = name.rpartition(":")[2]
    if bare in known:
        return
    tables = [(kind, layers[table][[key, named]]) for kind, table, key, named in NAMED if named in layers[table]]
    found = [
        f"{kind}:{place} ({full})"
        for kind, table in tables
        for place, full in table.itertuples(index=False, name=None)
        if bare and bare.casefold() in full.casefold()
    ]
    if found:
        more = f" and {len(found) - CHOICES} more" if len(found) > CHOICES else ""
        raise GeokitError(BY_NAME.format(name=bare, choices=", ".join(found[:CHOICES]) + more))


def _locate(name: str, places: pd.DataFrame) -> int:
    """Return the position of a place typed by a user."""
    kind, _, bare = name.rpartition(":")
    found = places[(places["place_id"] == bare) & places["kind"].isin([kind] if kind else places["kind"])]
    if found.empty:
        raise UnknownNameError(kind or "place", bare, list(places["place_id"]))
    if len(found) > 1:
        choices = ", ".join(found["kind"] + ":" + found["place_id"])
        msg = f"{name!r} is ambiguous; type one of: {choices}"
        raise GeokitError(msg)
    return int(found.index[0])


def _check_product(product_id: str, products: pd.DataFrame) -> None:
    """Refuse a product that the layers do not have."""
    known, kind = products["product_id"].tolist(), "product"
    if product_id not in {"", *known}:
        raise UnknownNameError(kind, product_id, known)


def _by_land(question: _Question) -> Route:
    """Return a route by land."""
    land = question.land
    hauls = land_hauls(pd.DataFrame([question.pair], columns=["origin", "destination"]), land)
    if hauls.empty:
        raise question.refuse(_find_gap(question))
    haul = hauls.to_dict("records")[0]
    return question.answer(haul, land_legs(question.pair, haul, land, nodes=question.layers["nodes"].set_index("node_id")))


def _find_gap(question: _Question) -> str:
    """Say which gap must be bridged before there is a way by land."""
    limit = question.land.transport.snap_limit_km
    for place in question.places:
        named = {"place": repr(place["place_id"]), "node": place["node_id"], "km": place["gap_km"]}
        if place["gap_km"] != place["gap_km"]:
            return NOWHERE.format(**named)
        if place["gap_km"] > limit:
            return TOO_FAR.format(**named, limit=limit)
    here, there = question.places
    towns = _list_leading(question, int(there["target"]))
    if towns.empty:
        return DEAD_END.format(place=repr(there["place_id"]))
    start = pd.DataFrame({"lat": here["lat"], "lon": here["lon"]}, index=towns.index)
    apart = pd.Series(straight_km(start, towns), index=towns.index)
    nearest = str(apart.idxmin())
    return CUT_OFF.format(place=repr(here["place_id"]), node=f"{towns['name'][nearest]} ({nearest})", km=apart.min())


def _list_leading(question: _Question, target: int) -> pd.DataFrame:
    """Return the towns from which open links lead to a vertex, by node id."""
    vertices = question.land.network.vertices
    if target < 0:
        return pd.DataFrame(columns=["name", "lat", "lon"])
    leads = question.land.paths[False].leads_to(target) & (vertices.index != target)
    nodes = question.layers["nodes"].set_index("node_id")
    return nodes[nodes.index.isin(vertices.loc[leads, "node_id"])]


def _by_sea(question: _Question) -> Route:
    """Return a route between two ports."""
    asked = pd.DataFrame([[*question.ids, question.product_id]], columns=["from_port_id", "to_port_id", "product_id"])
    hauls = sea_hauls(asked, question.layers, question.land.transport)
    if hauls.empty:
        raise question.refuse("the layer sea_distances has no lane between them")
    haul = hauls.to_dict("records")[0]
    points = tuple((place["lon"], place["lat"]) for place in question.places)
    leg = Leg("sea", "sea lane", *question.ids, float(haul["sea_km"]), float(haul["hours"]), float(haul["usd_per_t"]), points)
    return question.answer(haul, (leg,))


def _delivered(question: _Question) -> Route:
    """Return a route over the cheapest origin port that takes the product."""
    places = question.land.places
    ports = places.index[(places["kind"] == "port") & (places["target"] >= 0)]
    pairs = pd.DataFrame({"origin": question.pair[0], "destination": ports})
    asked = pd.DataFrame([[*question.ids, question.product_id]], columns=["origin_id", "destination_id", "product_id"])
    rows = deliver(asked, haul_rows(pairs, "port", question.land), question.layers, assumptions=question.assumptions)
    if rows.empty:
        raise question.refuse("no origin port that takes the product is reached by land, or no sea lane leads on from it")
    via = str(rows["via_port_id"].iloc[0])
    gate = _locate(f"port:{via}", places)
    by_land, by_sea = (
        turn(replace(question, pair=pair)).legs
        for turn, pair in ((_by_land, (question.pair[0], gate)), (_by_sea, (gate, question.pair[1])))
    )
    charge = float(port_charges(rows, question.layers)["usd_per_t"].iloc[0])
    handling = (Leg("port", "port charges", via, via, 0.0, 0.0, charge),) if charge > 0 else ()
    return question.answer(rows.to_dict("records")[0], (*by_land, *handling, *by_sea))
