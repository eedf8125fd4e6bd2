"""Ocean freight by the voyage formula or by container, and the charges of ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd

from geokit.core.assumptions import Transport
from geokit.core.columns import split_ids
from geokit.core.errors import GeokitError
from geokit.network.packing import BULK, hazard_words, pack_of, price_boxes
from geokit.network.passages import lane_detours, lane_dues, sea_passages

KM_PER_NM = 1.852
"""A nautical mile by definition, km."""
PROXY = "break-bulk proxy: no current container quote for this lane"
CORNERS = {"usd_per_t_low": "low", "usd_per_t": "mode", "usd_per_t_high": "high"}
FASTER_IS_CHEAPER = ("speed", "load_rate", "disch_rate")
"""Parameters whose high value belongs to the low cost."""


@dataclass(frozen=True)
class Voyage:
    """One set of the parameters of the voyage formula; field names are those of the layer, without the class of ship."""

    rate: float
    """Time-charter rate R, USD/day."""
    bunker: float
    """Fuel price B, USD/t."""
    fuel: float
    """Fuel at sea f, t/day."""
    fuel_port: float
    """Fuel in port, t/day."""
    speed: float
    """Service speed V, knots."""
    load_rate: float
    """Loading L, t/day."""
    disch_rate: float
    """Discharge D, t/day."""
    turn: float
    """Time in port besides cargo work, days."""
    position: float
    """Ballast voyage as a share of sea time, dimensionless."""
    sea_margin: float
    """Distance sailed over distance of the lane, dimensionless."""
    port_costs: float
    """Port costs at both ends, USD a voyage."""
    commission: float
    """Share of the freight paid to brokers, 0-1."""
    ship_value: float = 0.0
    """Value of the ship, on which war risk is paid, USD."""


def read_voyage(ocean_freight: pd.DataFrame, vessel: str, corner: str) -> Voyage:
    """Read the parameters of a class of ship.

    Parameters
    ----------
    ocean_freight : pandas.DataFrame
        The layer; its rows of kind ``parameter`` count. A row named for the class (``rate_handysize``) goes before the general one.
    vessel : str
        Class of ship.
    corner : str
        ``low``, ``mode`` or ``high`` cost; a blank low or high means that the parameter has one value.

    Returns
    -------
    Voyage
        For :func:`voyage_usd_per_t`.

    Raises
    ------
    GeokitError
        If a parameter has no row or no value.
    """
    rows = ocean_freight.query("kind == 'parameter'").set_index("freight_id")
    rows = rows.assign(**{side: rows[side].fillna(rows["mode"]) for side in ("low", "high")})
    figures = {}
    for name in (field.name for field in fields(Voyage)):
        mirrored = {"low": "high", "high": "low"}.get(corner, corner) if name in FASTER_IS_CHEAPER else corner
        found = rows[mirrored].reindex([f"{name}_{vessel}", name]).dropna()
        if found.empty:
            msg = f"ocean_freight.csv has no value for {name!r} of class {vessel!r}; add a row of kind 'parameter'"
            raise GeokitError(msg)
        figures[name] = float(found.iloc[0])
    return Voyage(**figures)


def voyage_usd_per_t(nm: npt.ArrayLike, voyage: Voyage, *, parcel_t: float, dues_usd: npt.ArrayLike = 0.0) -> npt.NDArray[np.float64]:
    r"""Return the freight of a cargo in a ship of its own.

    .. math::
        F = \frac{R\,(s(1+p)+h) + B\,(f\,s(1+p) + f_h\,h) + C + dues}{Q\,(1-k)}, \quad
        s = \frac{m\,nm}{24\,V}, \quad h = \frac{Q}{L} + \frac{Q}{D} + turn

    with ballast share p, port costs C, margin m, commission k and fuel in port :math:`f_h` (``dossier-economics``, section 6).

    Parameters
    ----------
    nm : array_like, shape (n,)
        Length of the lane, nautical miles.
    voyage : Voyage
        Parameters.
    parcel_t : float
        Cargo Q, t.
    dues_usd : array_like, shape (n,), default 0
        Canal dues and war risk, USD a voyage.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Freight, USD/t.
    """
    sea = np.asarray(nm, dtype=float) * voyage.sea_margin / (24.0 * voyage.speed) * (1.0 + voyage.position)
    port = parcel_t / voyage.load_rate + parcel_t / voyage.disch_rate + voyage.turn
    hire = voyage.rate * (sea + port)
    fuel = voyage.bunker * (voyage.fuel * sea + voyage.fuel_port * port)
    total = hire + fuel + voyage.port_costs + np.asarray(dues_usd, dtype=float)
    return np.asarray(total / parcel_t / (1.0 - voyage.commission), dtype=float)


def sea_hauls(pairs: pd.DataFrame, layers: Mapping[str, pd.DataFrame], transport: Transport) -> pd.DataFrame:
    """Cost shipments between ports.

    Every product sails by the formula for bulk, in a handysize or, above ``handysize_max_parcel_t``, a supramax ship. Products that leave
    in bags or containers go by container where a current quote makes that cheaper; without one they sail as a break-bulk proxy, the
    note says so and tells a stale quote, and nothing is added to the high end. Dues that no source states are left out and named.
    A voyage through a passage pays war risk on the value of the ship: the mode of ``war_risk_frac`` at mode, its high end only where
    the passage is not stated as open. Where such a passage has a way round that the layers know, the high end, and only that, goes
    the way round if that is dearer; low end, mode and time keep the passage, which ``assumed_open`` names. Costs are those of a
    tonne as it sails, water included.

    Parameters
    ----------
    pairs : pandas.DataFrame
        ``from_port_id``, ``to_port_id`` and ``product_id`` (blank for any bulk cargo).
    layers : mapping of str to pandas.DataFrame
        Needs ``sea_distances``, ``ocean_freight``, ``ports``, ``products``, ``cargo_rules``, ``passages`` and ``passage_links``.
    transport : Transport
        Parcel, containers and war risk.

    Returns
    -------
    pandas.DataFrame
        ``pairs`` (those with a lane, or within one port, which costs nothing) with costs in USD/t, ``hours`` under way, ``sea_km``,
        ``assumed_open`` and ``note``.
    """
    lanes = _lanes(pairs, layers["sea_distances"])
    vessel = "handysize" if transport.parcel_t <= transport.handysize_max_parcel_t else "supramax"
    voyages = {column: read_voyage(layers["ocean_freight"], vessel, corner) for column, corner in CORNERS.items()}
    moved = lanes["from_port_id"] != lanes["to_port_id"]
    bulk = _lane_costs(lanes, layers, voyages, transport=transport)
    boxes = price_boxes(lanes, layers, transport)
    boxed = boxes["usd_per_t"] < bulk["usd_per_t"]
    costs = bulk.where(~boxed, boxes[list(CORNERS)]).mul(moved, axis=0)
    sailing = voyages["usd_per_t"]
    return lanes.assign(
        hours=lanes["nm"] * sailing.sea_margin / sailing.speed,
        sea_km=lanes["nm"] * KM_PER_NM,
        assumed_open=sea_passages(lanes, layers).where(moved, ""),
        note=_lane_notes(lanes, layers, boxes.assign(boxed=boxed)).where(moved, ""),
        **costs,
    )[[*pairs.columns, *CORNERS, "hours", "sea_km", "assumed_open", "note"]]


def port_charges(ports: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what a port takes for a product.

    Charges exist for one terminal only; elsewhere they were not found and are left out, so a delivered cost with charges and one
    without must not be compared by that difference.

    Parameters
    ----------
    ports : pandas.DataFrame
        ``via_port_id`` and ``product_id``.
    layers : mapping of str to pandas.DataFrame
        Needs ``port_charges`` and ``products``.

    Returns
    -------
    pandas.DataFrame
        ``usd_per_t_low``, ``usd_per_t``, ``usd_per_t_high``; zero with ``found`` false where no charge was found; index of ``ports``.
    """
    costs = list(CORNERS)
    charges = layers["port_charges"]
    general = charges.assign(pack=charges["pack"].replace("", "bulk|bag|container").str.split("|")).explode("pack")
    sums = general.groupby(["port_id", "pack"])[costs].sum()
    keys = ports[["via_port_id"]].assign(pack=pack_of(ports["product_id"], layers["products"]))
    found = keys.join(sums, on=["via_port_id", "pack"])[costs]
    return found.fillna(0.0).assign(found=found["usd_per_t"].notna())


def _lane_costs(
    lanes: pd.DataFrame, layers: Mapping[str, pd.DataFrame], voyages: Mapping[str, Voyage], *, transport: Transport
) -> pd.DataFrame:
    """Return the freight of lanes in USD/t, one column a voyage; the high end is that of the way round where it is dearer."""
    around = lanes.assign(nm=lane_detours(lanes, layers)["nm"])
    direct, other = (_sail(ways, layers, voyages, transport=transport) for ways in (lanes, around))
    return direct.assign(usd_per_t_high=np.fmax(direct["usd_per_t_high"], other["usd_per_t_high"]))


def _sail(ways: pd.DataFrame, layers: Mapping[str, pd.DataFrame], voyages: Mapping[str, Voyage], *, transport: Transport) -> pd.DataFrame:
    """Return the freight of ways in USD/t, dues and war risk included, one column a voyage."""
    dues, share = lane_dues(ways, layers)["dues_usd"], _war_risk(ways, layers, transport)
    costs = {
        name: voyage_usd_per_t(ways["nm"], voyage, parcel_t=transport.parcel_t, dues_usd=dues + share[name] * voyage.ship_value)
        for name, voyage in voyages.items()
    }
    return pd.DataFrame(costs, index=ways.index)


def _war_risk(lanes: pd.DataFrame, layers: Mapping[str, pd.DataFrame], transport: Transport) -> pd.DataFrame:
    """Return the premium of each lane as a share of the value of the ship: once for each passage at sea that it uses."""
    at_sea = dict(layers) | {"passage_links": layers["passage_links"].query("lane_column != ''")}
    all_shut = at_sea | {"passages": layers["passages"].assign(valid_to="", state_code="closed")}
    used, shut = (sea_passages(lanes, known).map(split_ids).map(len).astype(int) for known in (all_shut, at_sea))
    spread = transport.war_risk_frac
    high = spread.mode * (used - shut) + spread.high * shut
    return pd.DataFrame({"usd_per_t_low": spread.low * used, "usd_per_t": spread.mode * used, "usd_per_t_high": high})


def _lane_notes(lanes: pd.DataFrame, layers: Mapping[str, pd.DataFrame], boxes: pd.DataFrame) -> pd.Series[str]:
    """Say which lanes are proxies or go by container, what is hazardous, whose dues were not found and which high ends go round."""
    packed = pack_of(lanes["product_id"], layers["products"]) != BULK
    how = packed.map({True: "; " + PROXY, False: ""}).mask(boxes["boxed"], "") + boxes["told"]
    by_ship = (lane_dues(lanes, layers)["unstated"] + lane_detours(lanes, layers)["told"]).mask(boxes["boxed"], "")
    told = how + by_ship + hazard_words(lanes["product_id"], layers)
    return told.str.removeprefix("; ")


def _lanes(pairs: pd.DataFrame, distances: pd.DataFrame) -> pd.DataFrame:
    """Join distances, which hold in both directions; a port lies at no distance from itself."""
    ends = {"from_port_id": "to_port_id", "to_port_id": "from_port_id"}
    both = pd.concat([distances, distances.rename(columns=ends)]).drop_duplicates([*ends])
    lanes = pairs.merge(both, on=[*ends], how="left").set_axis(pairs.index)
    figures = [name for name in both.columns if name.startswith("nm")]
    lanes.loc[lanes["from_port_id"] == lanes["to_port_id"], figures] = 0.0
    return lanes.dropna(subset=["nm"])
