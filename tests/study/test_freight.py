"""Freight is routed once for the same layers and assumptions, and anew as soon as one that counts differs."""

from __future__ import annotations

import dataclasses

import numpy as np

from geokit.study.freight import COUNT, move_freight


def test_the_same_question_is_answered_once(layers, assumptions):
    first = move_freight(layers, assumptions)
    assert move_freight(layers, assumptions.replace(regime="lifted")) is first


def test_another_rate_or_another_layer_moves_everything_anew(layers, assumptions):
    first = move_freight(layers, assumptions)
    dear = move_freight(layers, assumptions.replace(transfer_usd_per_t={"low": 30.0, "mode": 40.0, "high": 50.0}))
    assert (dear.hauls["usd_per_t"] >= first.hauls["usd_per_t"] - 1e-9).all()
    assert dear.hauls["usd_per_t"].sum() > first.hauls["usd_per_t"].sum()
    links = layers["links"]
    fewer = dataclasses.replace(layers, tables={**layers.tables, "links": links[links["mode"] != "rail"]})
    assert not np.any(move_freight(fewer, assumptions).hauls["rail_km"])


def test_what_freight_reads_is_what_tells_answers_apart(assumptions):
    assert set(COUNT) <= set(assumptions.model_dump())
