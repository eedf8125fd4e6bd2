"""A case of a study as layers of a map: what was ranked, on what it rests, and how goods move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geokit.catalog import list_attributions
from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.core.columns import Column, split_ids
from geokit.core.errors import LayerError
from geokit.io.dictionary import read_columns
from geokit.io.vector import Vector, frame_points
from geokit.network.closures import list_closures
from geokit.network.draw import INDICATIVE, STRAIGHT, list_alignments
from geokit.outputs.board import Board, build_board, pick_hauls
from geokit.outputs.style import HISTORICAL, WORDS, commodity_group
from geokit.outputs.view import View
from geokit.study.study import Study

RANKED = (
    "alternative", "rank", "name", "product", "feed", "kind", "site_id", "stage_id", "status", "status_reason", "score", "score_p10",
    "score_p90", "bound_low", "bound_high", "evidence_frac", "tier", "beats_baseline", "d_rel", "product_freight_usd_per_t",
    "margin_usd_per_t_low", "margin_usd_per_t", "margin_usd_per_t_high", "rank_as_law_stands", "rank_as_practised", "reason", "lat", "lon",
)  # fmt: skip
SITES = (
    "site_id", "name", "kind_code", "status_code", "province_id", "district", "developer", "end_user_profile", "power_firm_mw",
    "water_class", "coord_precision_km", "source_id", "confidence", "lat", "lon",
)  # fmt: skip
DEPOSITS = (
    "deposit_id", "name", "commodity_id", "deposit_type", "status_code", "operator", "feed_available", "province_id", "district",
    "resource_class", "historical_estimate", "tonnage_million_t_low", "tonnage_million_t_mode", "tonnage_million_t_high", "grade_value",
    "grade_unit", "coord_accuracy_km", "source_id", "confidence", "lat", "lon",
)  # fmt: skip
PORTS = (
    "port_id", "name", "country", "role_code", "draft_m_low", "draft_m_high", "bulk_terminal", "operator", "status_code", "source_id",
    "confidence", "lat", "lon",
)  # fmt: skip
LINKS = ("link_id", "name", "mode", "length_km", "status_code", "surface_code", "months_open", "capacity_kt_per_year", "source_id",
         "confidence")  # fmt: skip
HAULS = (
    "origin_id", "destination_id", "kind", "product_id", "usd_per_t_low", "usd_per_t", "usd_per_t_high", "hours", "road_km", "rail_km",
    "sea_km", "gap_km", "via_port_id", "closed_days", "assumed_open", "note",
)  # fmt: skip
ADDED = {
    "name": "Name for the reader.", "product": "What is sold.", "feed": "What it is made from.",
    "kind": "A plant here, or a way of doing less.",
    "best_rank": "Rank of the best alternative of the site.", "best_product": "What that one sells.", "best_score": "Its score.",
    "n_ranked": "How many alternatives of the site carry a rank.", "group": "Group of commodities, as on the page.",
    "letter": "Letter of the group.", "estimate": "What the tonnage is, where no code supports it.",
    "drawn": "Whether the line is indicative or straight.", "province_id": "Unit.", "label": "Name for the reader.",
    "source_id": "Source.", "disputed": "Whether it is disputed.", "note": "Remark for the reader.", "line_id": "Line.",
    "area_ids": "Areas on both sides.",
}  # fmt: skip
"""Columns that no table of the data dictionary declares."""
DEGREES = "EPSG:4326"
PLACES = {"deposits": "deposit_id", "sites": "site_id", "ports": "port_id", "destinations": "destination_id", "baselines": "baseline_id"}
"""Layers that say where something lies, and the column that names it."""


@dataclass(frozen=True)
class MapLayer:
    """One layer with what a file of it needs to say.

    Attributes
    ----------
    vector : Vector
        Rows, geometry and words.
    key : tuple of str
        Columns that name a row.
    columns : tuple of Column
        Meaning and unit of each column.
    of_case : bool
        Whether it depends on the partner and the reading of the law.
    """

    vector: Vector
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    of_case: bool = False


@dataclass(frozen=True)
class _Plan:
    """How a layer is made: its rows, geometry and key, what it is, which tables declare its columns, and what it shows of the facts."""

    draw: Callable[[Study, Board], gpd.GeoDataFrame | None]
    shape: str
    key: tuple[str, ...]
    title: str
    about: str
    tables: tuple[str, ...] = ()
    of_case: bool = False


def build_layers(study: Study, view: View, case: Case) -> dict[str, MapLayer]:
    """Return the layers of a case, the lowest first as they are drawn.

    Parameters
    ----------
    study : Study
        The finished study.
    view : View
        Its view, for names.
    case : Case
        One of its cases.

    Returns
    -------
    dict of str to MapLayer
        ``provinces``, ``disputed_lines``, ``links``, ``closures``, ``hauls``, ``ports``, ``deposits``, ``sites``, ``ranking``; a layer that
        the folder of facts does not hold is left out.
    """
    board, label = build_board(study, view, case), view.partner_labels[case.partner]
    reading = "by its text" if case.track == Track.TEXT else "as practised"
    asked = f"{label}, law read {reading}, {case.on.isoformat()}"
    told = tell_study(view, case)
    layers = {}
    for name, plan in PLANS.items():
        frame = plan.draw(study, board)
        if frame is not None:
            about = plan.about.format(asked=asked)
            vector = Vector(_settle(frame), plan.shape, plan.title, about, told | {"layer": about})
            layers[name] = MapLayer(vector, plan.key, _declare(frame, plan.tables), plan.of_case)
    return layers


def tell_study(view: View, case: Case) -> dict[str, str]:
    """Return what every file says of itself: question, date of knowledge, versions, what it is not, and whom to credit."""
    facts = {name: str(view.manifest.get(name, "")) for name in ("version", "data_version", "fingerprint")}
    credited = " ".join(list_attributions(view.layers)) if "resources" in view.layers else ""
    return {
        "case": case.case_id, "known_on": case.known_on.isoformat(), "answer": view.headlines.get(case.case_id, ""),
        "notice": " ".join(WORDS), "geokit": facts["version"], "layers": facts["data_version"], "assumptions": facts["fingerprint"],
        "attribution": credited,
    }  # fmt: skip


def _draw_provinces(study: Study, _: Board) -> gpd.GeoDataFrame | None:
    """Return the first-level units, several parts each."""
    frame = _read_shapes(study, "provinces")
    if frame is None:
        return None
    parts = [shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape for shape in frame.geometry]
    return frame.set_geometry(gpd.GeoSeries(parts, index=frame.index, crs=frame.crs)).sort_values("province_id")


def _draw_disputed(study: Study, _: Board) -> gpd.GeoDataFrame | None:
    """Return the edges of disputed areas."""
    frame = _read_shapes(study, "disputed_lines")
    return None if frame is None else frame.sort_values("line_id")


def _draw_links(study: Study, _: Board) -> gpd.GeoDataFrame:
    """Return the roads and railways, along their alignment where it is known, else straight; one with an end nowhere is left out."""
    links, lines = study.layers["links"], _line_links(study)
    table = links[links["link_id"].isin(lines)].sort_values("link_id")
    known = list_alignments(study.layers)
    table = _pick(table, LINKS).assign(drawn=[INDICATIVE if one in known else STRAIGHT for one in table["link_id"]])
    return gpd.GeoDataFrame(table, geometry=[lines[one] for one in table["link_id"]], crs=DEGREES)


def _draw_closures(study: Study, board: Board) -> gpd.GeoDataFrame:
    """Return the named closures along the links that they shut, with what each does to the plants of the partner."""
    lines, table = _line_links(study), list_closures(study.layers).sort_values("closure_id")
    effects = study.closure_effects[study.closure_effects["partner"] == board.case.partner].drop(columns="partner")
    named = [column for column in ("closure_id", "name", "link_ids", "port_ids", "what_happened", "source_id") if column in table]
    table = table[named].merge(effects, on="closure_id", how="left")
    shut = [[lines[one] for one in split_ids(cell) if one in lines] for cell in table["link_ids"]]
    return gpd.GeoDataFrame(table, geometry=[shapely.MultiLineString(parts) if parts else None for parts in shut], crs=DEGREES)


def _draw_hauls(study: Study, board: Board) -> gpd.GeoDataFrame:
    """Return the hauls of the case as straight lines over the port that they leave by; one with an end off the map is left out."""
    places = _list_places(study)
    table = pick_hauls(study, board.case)
    table = table[table["origin_id"].isin(places) & table["destination_id"].isin(places)]
    stops = [
        [places[one] for one in dict.fromkeys(ends) if one in places]
        for ends in zip(table["origin_id"], table["via_port_id"], table["destination_id"], strict=True)
    ]
    known = [len(points) > 1 for points in stops]
    lines = [shapely.LineString(points) for points in stops if len(points) > 1]
    return gpd.GeoDataFrame(_pick(table[known], HAULS).assign(drawn=STRAIGHT), geometry=lines, crs=DEGREES)


def _draw_ports(study: Study, _: Board) -> gpd.GeoDataFrame:
    """Return the ports."""
    return frame_points(_pick(study.layers["ports"].sort_values("port_id"), PORTS))


def _draw_deposits(study: Study, _: Board) -> gpd.GeoDataFrame:
    """Return the deposits with their group and, where no code supports the tonnage, the words for that."""
    table = study.layers["deposits"].sort_values("deposit_id")
    groups = [commodity_group(one) for one in table["commodity_id"]]
    sized = table[["tonnage_million_t_low", "tonnage_million_t_mode", "tonnage_million_t_high"]].notna().any(axis=1)
    is_old = (table["historical_estimate"].astype(str).str.lower() == "true") & sized
    told = _pick(table, DEPOSITS).assign(group=[one.label for one in groups], letter=[one.letter for one in groups])
    return frame_points(told.assign(estimate=np.where(is_old, HISTORICAL, "")))


def _draw_sites(study: Study, board: Board) -> gpd.GeoDataFrame:
    """Return the candidate sites, each with its best alternative in the case."""
    ranked = board.rows.dropna(subset=["rank"]).sort_values("rank")
    counts = ranked["site_id"].value_counts()
    best = ranked.drop_duplicates("site_id").set_index("site_id")[["rank", "product", "score"]]
    best.columns = pd.Index(["best_rank", "best_product", "best_score"])
    sites = study.layers["sites"]
    table = _pick(sites[sites["role"] == "candidate"].sort_values("site_id"), SITES)
    table = table.assign(n_ranked=table["site_id"].map(counts).fillna(0.0)).join(best, on="site_id")
    return frame_points(table.fillna({"best_product": ""}))


def _draw_ranking(_: Study, board: Board) -> gpd.GeoDataFrame:
    """Return every alternative where it would stand."""
    return frame_points(_pick(board.rows, RANKED))


PLANS = {
    "provinces": _Plan(_draw_provinces, "MultiPolygon", ("province_id",), "Provinces", "First-level units; simplified, no legal limit."),
    "disputed_lines": _Plan(_draw_disputed, "LineString", ("line_id",), "Disputed lines", "Edges of disputed areas, labelled neutrally."),
    "links": _Plan(_draw_links, "LineString", ("link_id",), "Links", f"Roads and railways; {INDICATIVE}, or a {STRAIGHT}.", ("links",)),
    "closures": _Plan(
        _draw_closures, "MultiLineString", ("closure_id",), "Closures",
        "Named closures of corridors, and what each does to the plants for {asked}.", ("closures", "closure_effects"), of_case=True,
    ),
    "hauls": _Plan(
        _draw_hauls, "LineString", ("kind", "origin_id", "destination_id", "product_id"), "Hauls",
        f"Cheapest hauls for {{asked}}; {STRAIGHT}. A haul with an end off the map is left out.", ("hauls",), of_case=True,
    ),
    "ports": _Plan(_draw_ports, "Point", ("port_id",), "Ports", "Ports of departure and of the partners.", ("ports",)),
    "deposits": _Plan(
        _draw_deposits, "Point", ("deposit_id",), "Deposits", f"Known deposits; the column estimate says which tonnage is a {HISTORICAL}.",
        ("deposits",),
    ),
    "sites": _Plan(
        _draw_sites, "Point", ("site_id",), "Sites", "Candidate sites with the best alternative of each for {asked}.", ("sites",),
        of_case=True,
    ),
    "ranking": _Plan(
        _draw_ranking, "Point", ("alternative",), "Ranking", "Every alternative for {asked}; one without a rank says why.",
        ("ranking", "dependency", "economics", "alternatives"), of_case=True,
    ),
}  # fmt: skip
"""The layers, the lowest first."""


def _read_shapes(study: Study, name: str) -> gpd.GeoDataFrame | None:
    """Return a layer of shapes, or None when the folder of facts does not hold it."""
    try:
        return study.layers.geometry(name)
    except LayerError:
        return None


def _line_links(study: Study) -> dict[str, shapely.LineString]:
    """Return the line of every link whose ends are on the map: its alignment, or straight."""
    nodes = study.layers["nodes"].dropna(subset=["lat", "lon"]).set_index("node_id")
    known = list_alignments(study.layers)
    lines = {}
    for link, start, end in study.layers["links"][["link_id", "from", "to"]].itertuples(index=False):
        if start in nodes.index and end in nodes.index:
            straight = [nodes.loc[one, ["lon", "lat"]].to_numpy(dtype=float) for one in (start, end)]
            lines[str(link)] = shapely.LineString(known.get(str(link), straight))
    return lines


def _list_places(study: Study) -> dict[str, tuple[float, float]]:
    """Return longitude and latitude of every deposit, site, port, plant and baseline that has a place."""
    tables = [(study.layers[name], key) for name, key in PLACES.items() if name in study.layers]
    tables.append((study.alternatives, "place_id"))
    found: dict[str, tuple[float, float]] = {}
    for table, key in tables:
        if {"lat", "lon"} <= set(table.columns):
            known = table.dropna(subset=["lat", "lon"])
            found |= {str(name): (float(lon), float(lat)) for name, lon, lat in zip(known[key], known["lon"], known["lat"], strict=True)}
    return found


def _pick(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Return the columns of a table that it has, in the order asked for."""
    return table[[name for name in columns if name in table]].reset_index(drop=True)


def _settle(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer whose truths are words and whose row numbers start at nought."""
    truths = {name: frame[name].map({True: "true", False: "false"}) for name in frame.columns if pd.api.types.is_bool_dtype(frame[name])}
    settled: gpd.GeoDataFrame = frame.assign(**truths).reset_index(drop=True)
    return settled


def _declare(frame: gpd.GeoDataFrame, tables: Iterable[str]) -> tuple[Column, ...]:
    """Return what each column means: by the data dictionary, or by our own words."""
    known: Mapping[str, Column] = {column.name: column for table in reversed(list(tables)) for column in read_columns(table)}
    names = [name for name in frame.columns if name != frame.geometry.name]
    kinds = {name: "number" if pd.api.types.is_numeric_dtype(frame[name]) else "text" for name in names}
    return tuple(known.get(name) or Column(name, kinds[name], description=ADDED.get(name, "")) for name in names)
