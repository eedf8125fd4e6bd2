"""Freight is routed once for the same layers and assumptions, and anew as soon as one that counts differs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from geokit.catalog import read_layers
from geokit.network import land, price_inbound, route
from geokit.study.freight import COUNT, move_freight


def change(layers, **tables):
    return dataclasses.replace(layers, tables={**layers.tables, **tables})


def shrink(layers):
    """Return the layers with every ninth site and three closures."""
    three = ["bolan", "lasbela", "hormuz"]
    closures = {name: layers[name][layers[name]["closure_id"].isin(three)] for name in ("closures", "closure_events")}
    return change(layers, sites=layers["sites"].iloc[::9], **closures)


@pytest.fixture(scope="module")
def few(layers):
    return shrink(layers)


def test_the_same_question_is_answered_once(few, assumptions):
    first = move_freight(few, assumptions)
    assert move_freight(few, assumptions.replace(regime="lifted")) is first
    assert move_freight(shrink(read_layers()), assumptions) is first, "the same files read again"


def test_another_relief_is_another_question(few, assumptions):
    other = dataclasses.replace(few, sha256={**few.sha256, "terrain/dem_30s.tif": "0"})
    assert move_freight(other, assumptions) is not move_freight(few, assumptions)


def test_another_rate_or_another_layer_moves_everything_anew(few, assumptions):
    first = move_freight(few, assumptions)
    assert len(first.hauls) > 1000
    dear = move_freight(few, assumptions.replace(transfer_usd_per_t={"low": 30.0, "mode": 40.0, "high": 50.0}))
    assert (dear.hauls["usd_per_t"] >= first.hauls["usd_per_t"] - 1e-9).all()
    assert dear.hauls["usd_per_t"].sum() > first.hauls["usd_per_t"].sum()
    assert np.any(first.hauls["rail_km"])
    bare = change(few, links=few["links"][few["links"]["mode"] != "rail"])
    assert not np.any(move_freight(bare, assumptions).hauls["rail_km"])


def test_what_freight_reads_is_what_tells_answers_apart(assumptions):
    assert set(COUNT) <= set(assumptions.model_dump())


def test_the_land_side_is_built_once_and_is_that_of_each_part_alone(few, assumptions, monkeypatch):
    """Hauls, closures and needs share one graph; each part built on its own gives the same figures."""
    built = []
    honest = land.build_network
    monkeypatch.setattr(land, "build_network", lambda *args, **more: built.append(1) or honest(*args, **more))
    asked = assumptions.replace(transfer_hours=assumptions.transport.transfer_hours + 1)
    found = move_freight(few, asked)
    assert len(built) == 1
    pd.testing.assert_frame_equal(found.hauls, route(few, found.alternatives, assumptions=asked))
    pd.testing.assert_frame_equal(found.inbound, price_inbound(few, found.alternatives, assumptions=asked))
    assert len(built) == 3
