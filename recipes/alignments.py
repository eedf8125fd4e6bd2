"""Derive layers/network/alignments.geojson: where the roads between the towns of the network may run, for drawing.

::

    python recipes/alignments.py

Needs no package beside geokit itself. Every road link between two towns is the way of least effort over the relief of
``layers/terrain/dem_30s.tif`` (cells of 30 arc-seconds, about 0.9 km) with the default assumptions of group ``terrain``, thinned to about a
cell. It is indicative: no road was surveyed, traced or copied, a tunnel or a bridge is not known, and the length of a link stays that of
its row in ``links.csv``. At the end the recipe prints published over least-cost lengths, by highway. The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import shapely
from shapes import write_features

from geokit import read_assumptions
from geokit.core.assumptions import Terrain
from geokit.core.errors import GeokitError
from geokit.io.raster import read_raster
from geokit.network.terrain import Alignment, find_alignment, find_window, measure_relief

LAYERS = Path(__file__).resolve().parents[1] / "layers"
RELIEF = LAYERS / "terrain" / "dem_30s.tif"
TOLERANCE_DEG = 0.008
"""A line may leave the way by about a cell."""
NOTE = "indicative, least-cost over 30 arc-second relief"
FEWEST_LINKS = 3


def list_alignments(links: pd.DataFrame, nodes: pd.DataFrame, terrain: Terrain) -> Iterator[tuple[pd.Series, Alignment]]:
    """Return every link with its way; a link without a way over land is told and left out."""
    points = nodes.set_index("node_id")[["lon", "lat"]]
    for _, link in links.iterrows():
        start, end = (tuple(points.loc[link[side]].astype(float)) for side in ("from", "to"))
        try:
            yield link, find_alignment(measure_relief(read_raster(RELIEF, find_window(start, end))), start, end, terrain=terrain)
        except GeokitError as error:
            print(f"{link['link_id']} is left out: {error}")


def describe(link: pd.Series, way: Alignment) -> tuple[dict[str, object], shapely.Geometry]:
    """Return the properties and the line of a link."""
    line = shapely.LineString(way.profile[["lon", "lat"]].to_numpy()).simplify(TOLERANCE_DEG)
    figures = {"least_cost_km": round(way.length_km.mode, 1), "climb_m": round(way.climb_m), "descent_m": round(way.descent_m)}
    return {"link_id": link["link_id"], "label": link["name"], **figures, "source_id": "globe-dem", "note": NOTE}, line


def compare(found: list[tuple[pd.Series, Alignment]]) -> pd.DataFrame:
    """Return the sums of published and least-cost lengths of the highways whose lengths are published, km."""
    rows = [(link["name"], link["length_basis_code"], link["length_km"], way.length_km.mode) for link, way in found]
    table = pd.DataFrame(rows, columns=["name", "basis", "published_km", "least_cost_km"])
    known = (
        table[table["basis"].isin(["published", "prorated"])].groupby("name").agg({"published_km": "sum", "least_cost_km": ["sum", "size"]})
    )
    known.columns = ["published_km", "least_cost_km", "links"]
    return known.assign(ratio=known["published_km"] / known["least_cost_km"])


def main() -> None:
    """Write the layer and print the comparison."""
    links, nodes = (pd.read_csv(LAYERS / "network" / f"{name}.csv") for name in ("links", "nodes"))
    roads = links[links["mode"] == "road"].sort_values("link_id")
    found = list(list_alignments(roads, nodes, read_assumptions().terrain))
    write_features(LAYERS / "network" / "alignments.geojson", (describe(link, way) for link, way in found))
    table = compare(found)
    print(table[table["links"] >= FEWEST_LINKS].round(2).to_string())


if __name__ == "__main__":
    main()
