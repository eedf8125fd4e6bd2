"""How many days a year a haul is cut: named closures drawn together, met by whatever way round stays open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geokit.core.assumptions import Assumptions
from geokit.core.columns import join_ids, split_ids
from geokit.network.build import GATE
from geokit.network.closures import NONE, close_links
from geokit.network.frequency import rate_closures, unknown_closures
from geokit.network.land import Land, build_land, find_ends
from geokit.network.rates import origin_ports, takes_product
from geokit.network.years import DAYS, Years, draw_years, list_parts, list_seasons

YEARS = 1000
"""Years drawn: the mean of days that spread like these is then known to about two of eighty days."""
KEY = ["origin_id", "destination_id", "product_id"]
WAY = ["origin_id", "toward_id", "via_port_id", "tracked", "taken"]
"""What tells the ways of hauls apart; products that the same ports take share one, and so do destinations whose lanes are alike."""
BAND = {"path_closed_days_p10": 10, "path_closed_days_p50": 50, "path_closed_days_p90": 90}
CUT = {"low": "cut_days_low", "mode": "cut_days", "high": "cut_days_high"}
FIGURES = ["path_closed_days", *BAND, "open_frac", *CUT.values()]
RELIABILITY = [*KEY, "via_port_id", "closures", "unknown", *FIGURES, "source_ids"]
Flags = npt.NDArray[np.bool_]
Sets = list[frozenset[str]]


@dataclass(frozen=True)
class World:
    """Where closures happen.

    Attributes
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    assumptions : Assumptions
        With which it was built.
    land : Land
        Its land side.
    lanes : pandas.DataFrame
        Sea lanes in both directions, index ``from_port_id``, ``to_port_id``.
    passages : list of str
        Columns of ``lanes`` that closures name.
    """

    layers: Mapping[str, pd.DataFrame]
    assumptions: Assumptions
    land: Land
    lanes: pd.DataFrame
    passages: list[str]


def build_world(layers: Mapping[str, pd.DataFrame], assumptions: Assumptions) -> World:
    """Build the land side and join the lanes, which hold in both directions, to their passages.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    assumptions : Assumptions
        Group ``transport`` and ``seed`` count.

    Returns
    -------
    World
        What all figures on closures share.
    """
    ends = {"from_port_id": "to_port_id", "to_port_id": "from_port_id"}
    distances = layers["sea_distances"]
    lanes = pd.concat([distances, distances.rename(columns=ends)]).drop_duplicates([*ends]).set_index([*ends])
    passages = sorted(set(layers["closures"]["lane_column"]) & set(lanes.columns))
    return World(layers, assumptions, build_land(layers, assumptions), lanes, passages)


def measure_reliability(world: World, hauls: pd.DataFrame) -> pd.DataFrame:
    """Return how many days a year each delivered haul is closed, and how many it is cut.

    A path is *closed* on a day when something that it runs through is shut. It is *cut* when, besides, no other way leads from its
    origin over an open lane to its destination, whatever that way costs. At mode and high a way round counts only if every closure
    named on it has statistics; at low any way round does. Closures that nobody named are not counted.

    Parameters
    ----------
    world : World
        From :func:`build_world`, with the layers and the assumptions of the hauls.
    hauls : pandas.DataFrame
        From :func:`geokit.network.route`; kind ``delivered`` counts.

    Returns
    -------
    pandas.DataFrame
        Columns as in the data dictionary (``reliability``), one row a haul. Figures are NaN where a closure without statistics lies on
        the path, and where no closure is named on its way by land.
    """
    layers, rates = world.layers, rate_closures(world.layers)
    delivered = list_ways(hauls, world)
    ways = delivered[WAY].drop_duplicates(ignore_index=True)
    elements, doubts = list_elements(ways, world), list_doubts(layers, rates)
    named = name_closures(elements, layers, doubts)
    never = dict.fromkeys(CUT, NONE.union(*doubts.values())) | {"low": NONE}
    years = {corner: draw_years(layers, rates, corner, count=YEARS, seed=world.assumptions.seed) for corner in CUT}
    closed = years["mode"].count_days(years["mode"].shuts(elements))
    cut = {name: _mean_cut(years[corner], (ways, elements), world, never=never[corner]) for corner, name in CUT.items()}
    band = dict(zip(BAND, np.percentile(closed, [*BAND.values()], axis=0), strict=True))
    mean = closed.mean(axis=0)
    figures = pd.DataFrame({"path_closed_days": mean, **band, "open_frac": 1.0 - mean / DAYS, **cut})
    told = ways.join(figures.where(named["known"])).join(named)
    return delivered.merge(told, on=WAY)[RELIABILITY].sort_values(KEY, ignore_index=True)


def list_ways(hauls: pd.DataFrame, world: World) -> pd.DataFrame:
    """Return the delivered hauls with what tells their ways apart.

    Parameters
    ----------
    hauls : pandas.DataFrame
        From :func:`geokit.network.route`.
    world : World
        From :func:`build_world`.

    Returns
    -------
    pandas.DataFrame
        The rows of kind ``delivered`` with ``tracked`` (no link of the network is used), ``taken`` (origin ports that take the
        product) and ``toward_id`` (the first destination to which the same lanes run through the same passages).
    """
    delivered = hauls.query("kind == 'delivered'").reset_index(drop=True)
    ports = world.layers["ports"]
    pairs = delivered[["product_id"]].drop_duplicates().merge(origin_ports(ports)["port_id"], how="cross")
    pairs = pairs[takes_product(ports, pairs["port_id"], pairs["product_id"])]
    taken = pairs.groupby("product_id")["port_id"].agg(join_ids)
    tracked = delivered[["road_km", "rail_km"]].sum(axis=1) == 0
    told = {"taken": delivered["product_id"].map(taken).fillna(""), "toward_id": delivered["destination_id"].map(_alike(world))}
    return delivered.assign(tracked=tracked, **told)


def _alike(world: World) -> dict[str, str]:
    """Return, by destination, the first one to which the same lanes run through the same passages."""
    lanes = world.lanes.loc[world.lanes.index.isin(origin_ports(world.layers["ports"])["port_id"], level=0)]
    facts = np.column_stack([lanes[["nm", *world.passages]].isna(), _uses(lanes, world.passages)])
    known: dict[str, frozenset[tuple[str, bytes]]] = {}
    for (here, there), row in zip(lanes.index, facts, strict=True):
        known[there] = known.get(there, frozenset()) | {(here, row.tobytes())}
    first: dict[frozenset[tuple[str, bytes]], str] = {}
    return {there: first.setdefault(known[there], there) for there in sorted(known)}


def _uses(lanes: pd.DataFrame, passages: list[str]) -> pd.DataFrame:
    """Tell which lanes run through which passages: without those they are longer or do not exist."""
    used = ~(lanes[passages].to_numpy(dtype=float) <= lanes[["nm"]].to_numpy(dtype=float))
    return pd.DataFrame(used, index=lanes.index, columns=passages)


def list_elements(ways: pd.DataFrame, world: World) -> Sets:
    """Return what each way runs through: links, the port that it leaves by, and passages by their column of ``sea_distances``.

    Parameters
    ----------
    ways : pandas.DataFrame
        Columns of ``WAY``.
    world : World
        From :func:`build_world`.

    Returns
    -------
    list of frozenset of str
        In the order of ``ways``; a lane runs through a passage without which it is longer or does not exist.
    """
    names, used = np.asarray(world.passages, dtype=object), _uses(world.lanes, world.passages)
    passages = {ends: frozenset(names[row].tolist()) for ends, row in zip(used.index, used.to_numpy(dtype=bool), strict=True)}
    links = path_links(zip(ways["origin_id"], ways["via_port_id"], strict=True), world.land)
    return [
        (NONE if tracked else links[here, port]) | {port} | passages.get((port, there), NONE)
        for here, there, port, tracked in ways[WAY[:4]].itertuples(index=False)
    ]


def path_links(pairs: Iterable[tuple[str, str]], land: Land) -> dict[tuple[str, str], frozenset[str]]:
    """Return the links of the cheapest path on the network between places.

    Parameters
    ----------
    pairs : iterable of tuple of str
        Ids of the place where it begins and of the place where it ends.
    land : Land
        The land side.

    Returns
    -------
    dict of tuple of str to frozenset of str
        By pair; none where there is no path.
    """
    asked = sorted(set(pairs))
    places = land.places.drop_duplicates("place_id").set_index("place_id")
    here, there = (places.loc[[pair[side] for pair in asked]] for side in (0, 1))
    backhaul = here["province_id"].isin(land.network.backhaul).to_numpy()
    found: dict[tuple[str, str], frozenset[str]] = {}
    for kind, paths in land.paths.items():
        chosen = np.flatnonzero(backhaul == kind)
        ends = find_ends(land, (here.iloc[chosen], there.iloc[chosen]), backhaul=kind)
        found |= {asked[at]: paths.collect_links(*way) for at, *way in zip(chosen, *(end.tolist() for end in ends), strict=True)}
    return found


def list_doubts(layers: Mapping[str, pd.DataFrame], rates: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return what each closure without statistics would shut, and the seasonal links that state no months.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    rates : pandas.DataFrame
        From :func:`geokit.network.frequency.rate_closures`.

    Returns
    -------
    dict of str to frozenset of str
        By closure or link.
    """
    unstated = layers["links"].query("status_code == 'seasonal' and months_open == ''")["link_id"].astype(str)
    named = {name: close_links(layers, [name]) for name in sorted(unknown_closures(layers, rates))}
    return named | {link: frozenset({link}) for link in unstated}


def name_closures(elements: Sets, layers: Mapping[str, pd.DataFrame], doubts: Mapping[str, frozenset[str]]) -> pd.DataFrame:
    """Name the closures on each way.

    Parameters
    ----------
    elements : list of frozenset of str
        From :func:`list_elements`.
    layers : mapping of str to pandas.DataFrame
        The layers of the study.
    doubts : mapping of str to frozenset of str
        From :func:`list_doubts`.

    Returns
    -------
    pandas.DataFrame
        In the order of ``elements``: ``closures`` whose events or season shut something on the way (a link that states months counts
        under its own id), those ``unknown``, ``source_ids`` of the former, and ``known``: none is unknown, and one shuts a link unless
        the way has none.
    """
    shuts = {name: shut for name, shut in _list_shuts(layers).items() if name not in doubts}
    sources, links = _list_sources(layers), frozenset(layers["links"]["link_id"])
    rows = []
    for way in elements:
        told = [name for name, shut in shuts.items() if shut & way]
        lost = [name for name, shut in doubts.items() if shut & way]
        by_land = any(shuts[name] & way & links for name in told) or not way & links
        known = bool(told) and not lost and by_land
        rows.append((join_ids(told), join_ids(lost), join_ids(sources[name] for name in told), known))
    return pd.DataFrame(rows, columns=["closures", "unknown", "source_ids", "known"])


def _list_shuts(layers: Mapping[str, pd.DataFrame]) -> dict[str, frozenset[str]]:
    """Return what the events and seasons of each closure shut, and the links that state months of their own."""
    shuts: dict[str, frozenset[str]] = {}
    for name, part in zip(layers["closure_events"]["closure_id"], list_parts(layers), strict=True):
        shuts[name] = shuts.get(name, NONE) | part
    seasonal = layers["closures"].query("months != ''")
    for name, ids in zip(seasonal["closure_id"], seasonal["link_ids"], strict=True):
        shuts[name] = shuts.get(name, NONE) | frozenset(split_ids(ids))
    covered = NONE.union(*shuts.values())
    return shuts | {link: part for part in list_seasons(layers) if not part <= covered for link in part}


def _list_sources(layers: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return the sources of each closure and its events, and of each link."""
    tables = [layers["closures"], layers["closure_events"], layers["links"].rename(columns={"link_id": "closure_id"})]
    both = pd.concat([table[["closure_id", "source_id"]] for table in tables])
    return {str(name): join_ids(cells) for name, cells in both.groupby("closure_id")["source_id"]}


def _mean_cut(years: Years, ways: tuple[pd.DataFrame, Sets], world: World, *, never: frozenset[str]) -> npt.NDArray[np.float64]:
    """Return the mean days a year on which each way is cut; what is in ``never`` serves no way round."""
    table, elements = ways
    joined = _label(years, world.land, never)
    cut = years.shuts(elements)
    for port in origin_ports(world.layers["ports"])["port_id"]:
        cut &= ~_reach(years, table.assign(own=(table["via_port_id"] == port) & table["tracked"]), port, joined=joined, world=world)
    return np.asarray(years.days.mean(axis=0) @ cut.astype(float), dtype=float)


def _reach(years: Years, ways: pd.DataFrame, port: str, *, joined: npt.NDArray[np.int64], world: World) -> Flags:
    """Return in which states some way leads from origin to destination by a port, shape (S, ways)."""
    places, edges = world.land.places.drop_duplicates("place_id").set_index("place_id"), world.land.network.edges[False]
    doors = edges.loc[edges["head"] == places["target"][port], "tail"].to_numpy(dtype=np.int64)
    here = joined[:, ways["origin_id"].map(places["source"]).to_numpy(dtype=np.int64)]
    found = np.logical_or.reduce([here == joined[:, [door]] for door in doors]) | ways["own"].to_numpy()
    lanes = world.lanes.xs(port).reindex(ways["toward_id"])
    for passage in world.passages:
        found = found & ~(years.shuts([frozenset({passage})]) & lanes[passage].isna().to_numpy())
    taken = np.asarray([port in split_ids(cell) for cell in ways["taken"]], dtype=bool) & lanes["nm"].notna().to_numpy()
    return np.asarray(found & taken & ~years.shuts([frozenset({port})]))


def _label(years: Years, land: Land, never: frozenset[str]) -> npt.NDArray[np.int64]:
    """Return a number for each vertex in each state, the same for all that links and transfers join; ports join nothing.

    All sets of open links are solved as one graph: each has vertices of its own.
    """
    edges = land.network.edges[False]
    edges = edges[(edges["mode"] != GATE) & ~edges["link_id"].isin(never)].drop_duplicates(["tail", "head", "link_id"])
    links = pd.Index(edges["link_id"].unique())
    shut, like = np.unique(years.shuts(frozenset({link}) for link in links), axis=0, return_inverse=True)
    which, edge = np.nonzero(~shut[:, links.get_indexer(edges["link_id"])])
    size, count = len(land.network.vertices), len(shut)
    tail, head = (which * size + edges[side].to_numpy(dtype=np.int64)[edge] for side in ("tail", "head"))
    graph = coo_array((np.ones(len(edge)), (tail, head)), shape=(count * size, count * size))
    labels = connected_components(graph.tocsr(), directed=False)[1].reshape(count, size)
    return np.asarray(labels[like.ravel()], dtype=np.int64)
