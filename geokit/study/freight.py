"""Everything about freight that a study needs, kept for the next question on the same layers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from functools import lru_cache

import pandas as pd

from geokit.catalog import Layers
from geokit.core.assumptions import Assumptions
from geokit.io.defaults import read_assumptions, read_defaults
from geokit.network import build_world, close_hauls, measure_reliability, price_inbound, route
from geokit.study.alternatives import build_alternatives
from geokit.study.kept import Store, list_frames, mark_freight

COUNT = ("transport", "terrain", "finance", "seed")
"""Sections of the assumptions that freight reads."""
ROUND = ("port", "delivered")
"""Kinds of hauls that ways round are told for, and those that these are made of."""
KEPT = 4
"""Answers kept: another partner, day or weight on the same layers moves no ore."""


@dataclass(frozen=True)
class Freight:
    """What moves, by which way, and what a closure does to it; the frames must not be written to.

    Attributes
    ----------
    alternatives, hauls, reliability, detours, inbound : pandas.DataFrame
        Columns as in the data dictionary.
    """

    alternatives: pd.DataFrame = field(repr=False)
    hauls: pd.DataFrame = field(repr=False)
    reliability: pd.DataFrame = field(repr=False)
    detours: pd.DataFrame = field(repr=False)
    inbound: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, eq=False)
class _Same:
    """Layers that equal themselves, and others of the same folder whose files and rows are the same."""

    layers: Layers

    def __eq__(self, other: object) -> bool:
        """Return whether the layers, however often read, are the same."""
        return isinstance(other, _Same) and (self.layers is other.layers or _are_alike(self.layers, other.layers))

    def __hash__(self) -> int:
        """Return the hash of the folder."""
        return hash(self.layers.root)


def _are_alike(first: Layers, second: Layers) -> bool:
    """Return whether two sets of layers hold the same files and rows."""
    if (first.root, first.sha256) != (second.root, second.sha256) or first.keys() != second.keys():
        return False
    return all(first[name] is second[name] or first[name].equals(second[name]) for name in first)


def move_freight(layers: Layers, assumptions: Assumptions, *, store: Store | None = None) -> Freight:
    """Return the alternatives and how their goods move.

    Parameters
    ----------
    layers : Layers
        The facts.
    assumptions : Assumptions
        The sections of :data:`COUNT` count.
    store : Store, optional
        Where answers are kept between runs; nowhere when not given.

    Returns
    -------
    Freight
        The same object when the same layers, perhaps read again, were asked before with the same assumptions on freight.
    """
    text = json.dumps(assumptions.model_dump(mode="json", include=set(COUNT)), sort_keys=True)
    return _move(_Same(layers), text) if store is None or not layers.sha256 else _look_up(store, layers, assumptions, text=text)


def _look_up(store: Store, layers: Layers, assumptions: Assumptions, *, text: str) -> Freight:
    """Return what was kept of the same question, or find it and keep it."""
    key = mark_freight(layers, assumptions, COUNT)
    frames = store.read(key)
    if frames is not None and frames.keys() == {one.name for one in fields(Freight)}:
        return Freight(**frames)
    found = _move(_Same(layers), text)
    store.write(key, list_frames(found))
    return found


@lru_cache(maxsize=KEPT)
def _move(same: _Same, text: str) -> Freight:
    """Route every haul, shut every closure; the assumptions are read from the key, so that nothing else can count."""
    layers, defaults = same.layers, read_assumptions().model_dump(mode="json")
    assumptions = Assumptions.build({**defaults, **json.loads(text)}, "freight")
    alternatives = build_alternatives(layers, read_defaults("siting"))
    world = build_world(layers, assumptions)
    hauls = route(layers, alternatives, assumptions=assumptions, land=world.land)
    reliability, detours = measure_reliability(world, hauls), close_hauls(world, hauls[hauls["kind"].isin(ROUND)]).detours
    inbound = price_inbound(layers, alternatives, assumptions=assumptions, land=world.land)
    return Freight(alternatives, hauls, reliability, detours, inbound)
