"""Least-cost ways over the relief against the published lengths of highways (the road authority's list, in the layer of links)."""

import pandas as pd
import pytest

from geokit.core.assumptions import Spread
from geokit.io.raster import read_raster
from geokit.network.terrain import find_alignment, find_window, measure_relief

PUBLISHED = ["prorated", "published"]
FEWEST_LINKS = 3
LENGTH_GIVEN_FOR_ANOTHER_STRETCH = ["N-95"]


@pytest.fixture(scope="module")
def highways(layers, assumptions):
    """Published and least-cost km of every highway of three links or more between the same towns."""
    links = layers["links"].query("mode == 'road' and length_basis_code in @PUBLISHED and name not in @LENGTH_GIVEN_FOR_ANOTHER_STRETCH")
    links = links[links.groupby("name")["link_id"].transform("size") >= FEWEST_LINKS]
    nodes = layers["nodes"].set_index("node_id")[["lon", "lat"]]
    lengths = [find_length(layers, nodes.loc[[row["from"], row["to"]]], assumptions) for _, row in links.iterrows()]
    table = pd.DataFrame([length.model_dump() for length in lengths], index=links.index)
    return table.assign(name=links["name"], published=links["length_km"]).groupby("name").sum()


def find_length(layers, ends, assumptions) -> Spread:
    start, end = (tuple(point) for point in ends.to_numpy(dtype=float).tolist())
    relief = measure_relief(read_raster(layers.root / "terrain" / "dem_30s.tif", find_window(start, end)))
    return find_alignment(relief, start, end, terrain=assumptions.terrain).length_km


def test_every_published_length_lies_between_low_and_high(highways):
    assert len(highways) >= 12
    outside = highways[(highways["published"] < highways["low"]) | (highways["published"] > highways["high"])]
    assert outside.empty, outside


def test_the_mode_errs_by_less_than_15_percent_and_in_sum_by_less_than_3(highways):
    assert (highways["mode"] / highways["published"] - 1).abs().max() < 0.15
    assert highways["mode"].sum() / highways["published"].sum() == pytest.approx(1, abs=0.03)
