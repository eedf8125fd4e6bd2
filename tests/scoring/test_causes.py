"""Cells that hang on one cause are drawn by one figure: neighbours on the same deposits rise and fall together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.core.triangle import draw_triangular
from geokit.scoring import build_matrix
from geokit.scoring.draws import number_causes, prepare_draws
from geokit.scoring.drivers import find_drivers
from geokit.scoring.simplex import GivenDraws
from geokit.scoring.smaa import accept_ranks

EVERY = np.ones(3, dtype=bool)
FEED = ("F", "a", "smelt"), ("F", "b", "smelt")


def lay(*rows):
    """Return cells as number_causes reads them."""
    return pd.DataFrame(rows, columns=["stage_id", "source_ids", "value_low", "value", "value_high"])


@pytest.mark.parametrize(
    ("cells", "causes"),
    [
        ((("smelt", "s1;s2", 1, 2, 3), ("smelt", "s1;s2", 4, 5, 6)), [0, 0]),
        ((("smelt", "s1", 1, 2, 3), ("smelt", "s1;s2", 1, 2, 3)), [0, 1]),
        ((("smelt", "s1", 1, 2, 3), ("mill", "s1", 1, 2, 3)), [0, 1]),
        ((("smelt", "", 1, 2, 3), ("smelt", "", 1, 2, 3)), [0, 1]),
        ((("", "s1", 1, 2, 3), ("", "s1", 1, 2, 3), ("", "s1", 1, 2, 4)), [0, 0, 1]),
        ((("mill", "s1", 1, 2, 3), ("smelt", "s1", 1, 2, 3), ("mill", "s1", 0, 2, 3)), [0, 1, 0]),
    ],
    ids=["same ground", "one more deposit", "another stage", "no source", "no stage: the same figures", "order of appearance"],
)
def test_a_cause_is_a_stage_and_its_sources(cells, causes):
    assert number_causes(lay(*cells)).tolist() == causes


@pytest.fixture
def draw(make_cells, criteria, plain, plants, grid, who_uses):
    """Return a function that gives the feed of the plants a and b with the named sources, ready to be drawn."""

    def build(sources, ranges=((4.0, 6.0, 8.0), (2.0, 5.0, 6.0))):
        cells = make_cells(*zip(FEED, ranges, strict=True))
        cells.loc[cells["criterion_id"] == "F", "source_ids"] = sources
        joined = build_matrix(cells, criteria, assumptions=plain).join(plants, grid, who_uses)
        return joined, prepare_draws(joined, 0, np.ones(4, dtype=bool), counts=EVERY, seed=7)

    return build


def test_neighbours_on_the_same_ground_rise_and_fall_together(draw):
    _, facts = draw(["s1", "s1"])
    values = next(facts.blocks(iter([2000])))[0]
    assert values.shape == (2000, 2)
    order = np.argsort(values[:, 0])
    assert (np.diff(values[order, 1]) >= 0).all()


def test_each_keeps_the_spread_of_its_own_range(draw):
    even = (np.arange(4000) + 0.5) / 4000
    for sources in (["s1", "s1"], ["s1", "s2"]):
        values = next(draw(sources)[1].blocks(iter([4000])))[0]
        for place, ends in enumerate(((4.0, 6.0, 8.0), (2.0, 5.0, 6.0))):
            assert np.sort(values[:, place]) == pytest.approx(draw_triangular(*ends, uniform=even) / 10.0, abs=0.03)


def test_what_rests_on_other_sources_is_drawn_by_itself(draw):
    values = next(draw(["s1", "s2"])[1].blocks(iter([4000])))[0]
    assert abs(np.corrcoef(values.T)[0, 1]) < 0.05


def test_a_neighbour_that_is_never_ahead_is_never_first(draw):
    """Plant b has less feed than a at every chance of the common cause; drawn apart it would still come first now and then."""
    only_feed = GivenDraws(np.array([[0.0, 1.0, 0.0]]))
    firsts = {}
    for sources in (("s1", "s1"), ("s1", "s2")):
        joined, facts = draw(list(sources))
        found = accept_ranks(only_feed, facts, samples=1000)
        firsts[sources[1]] = found.rank_frac[joined.places_of(["a:smelt", "b:smelt"]), 0].tolist()
    assert firsts["s1"] == [1.0, 0.0]
    assert firsts["s2"][1] > 0.05


def test_one_cause_is_one_driver_without_a_place(draw):
    told = {}
    for sources in (("s1", "s1"), ("s1", "s2")):
        joined, facts = draw(list(sources))
        order = GivenDraws(np.array([[0.5, 0.3, 0.2]]))
        drivers = find_drivers(joined, order, facts, leaders=joined.places_of(["a:smelt", "b:smelt"]), samples=500)
        told[sources[1]] = sorted(drivers["what"])
    name = joined.criteria[1].name
    assert told["s1"] == [f"{name} of smelt"]
    assert told["s2"] == [f"{name} of smelt at {site}" for site in "ab"]
