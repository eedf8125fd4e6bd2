"""One route between two named places, leg by leg."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.columns import split_ids
from geokit.core.errors import GeokitError, UnknownNameError
from geokit.network.land import Land, build_land, land_hauls
from geokit.network.legs import Leg, land_legs
from geokit.network.route import deliver, haul_rows
from geokit.network.sea import port_charges, sea_hauls

UNREACHED = "no coordinates, more than {limit:g} km from every open road, or no open links between them"


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
        }


@dataclass(frozen=True)
class _Question:
    """What is asked, and the world in which it is asked."""

    layers: Mapping[str, pd.DataFrame]
    land: Land
    assumptions: Assumptions
    pair: tuple[int, int]
    product_id: str

    @property
    def ids(self) -> tuple[str, str]:
        """Return the ids of the two places."""
        here, there = (str(self.land.places.loc[position, "place_id"]) for position in self.pair)
        return here, there

    def refuse(self, why: str) -> GeokitError:
        """Say why there is no route."""
        return GeokitError(f"no route from {self.ids[0]!r} to {self.ids[1]!r}: {why}")

    def answer(self, haul: Mapping[Hashable, Any], legs: tuple[Leg, ...]) -> Route:
        """Put a route together."""
        return Route(
            *self.ids,
            self.product_id,
            legs,
            usd_per_t_low=float(haul["usd_per_t_low"]),
            usd_per_t=float(haul["usd_per_t"]),
            usd_per_t_high=float(haul["usd_per_t_high"]),
            hours=float(haul["hours"]),
            assumed_open=split_ids(haul["assumed_open"]),
            note=str(haul.get("note", "")),
        )


def find_route(
    layers: Mapping[str, pd.DataFrame], origin: str, destination: str, *, assumptions: Assumptions, product_id: str = ""
) -> Route:
    """Find the cheapest route between two places.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    origin, destination : str
        Ids of deposits, sites, ports or network nodes; a kind may stand before the id, as in ``port:abc``.
    assumptions : Assumptions
        Group ``transport`` counts.
    product_id : str, default ""
        What moves; it matters at sea and in ports. Blank is a cargo of any kind, which no terminal with a list of cargoes takes.

    Returns
    -------
    Route
        Between two ports by sea, to a port overseas by land and sea, else by land. Its totals are those of the
        hauls table.

    Raises
    ------
    UnknownNameError
        If a name is not in the layers.
    GeokitError
        If a name is ambiguous, or there is no route.
    """
    land = build_land(layers, assumptions)
    pair = (_locate(origin, land.places), _locate(destination, land.places))
    _check_product(product_id, layers["products"])
    question = _Question(layers, land, assumptions, pair, product_id)
    kinds = land.places.loc[list(pair), "kind"].tolist()
    if kinds == ["port", "port"]:
        return _by_sea(question)
    overseas = kinds[1] == "port" and land.places["target"].iloc[pair[1]] < 0
    return _delivered(question) if overseas else _by_land(question)


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
        raise question.refuse(UNREACHED.format(limit=land.transport.snap_limit_km))
    names = question.layers["nodes"].set_index("node_id")["name"]
    haul = hauls.to_dict("records")[0]
    return question.answer(haul, land_legs(question.pair, haul, land, node_names=names))


def _by_sea(question: _Question) -> Route:
    """Return a route between two ports."""
    asked = pd.DataFrame([[*question.ids, question.product_id]], columns=["from_port_id", "to_port_id", "product_id"])
    hauls = sea_hauls(asked, question.layers, question.land.transport)
    if hauls.empty:
        raise question.refuse("the layer sea_distances has no lane between them")
    haul = hauls.to_dict("records")[0]
    leg = Leg("sea", "sea lane", *question.ids, float(haul["sea_km"]), float(haul["hours"]), float(haul["usd_per_t"]))
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
        turn(_Question(question.layers, question.land, question.assumptions, pair, question.product_id)).legs
        for turn, pair in ((_by_land, (question.pair[0], gate)), (_by_sea, (gate, question.pair[1])))
    )
    charge = float(port_charges(rows, question.layers)["usd_per_t"].iloc[0])
    handling = (Leg("port", "port charges", via, via, 0.0, 0.0, charge),) if charge > 0 else ()
    return question.answer(rows.to_dict("records")[0], (*by_land, *handling, *by_sea))
