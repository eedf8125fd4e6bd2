"""The decision matrix as the page carries it: every cell once at its own grain, so that the reader can weigh again."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geokit.core.codes import Kind
from geokit.outputs.pack import pack_frame
from geokit.outputs.view import View, name_alternative
from geokit.scoring.join import KEYS
from geokit.scoring.methods import DECIMALS
from geokit.scoring.screen import HINTS, WITH_RANK

VALUES = ["v_low", "v", "v_high"]
FACTS = ["grade", "note", "source_ids"]
"""What is told of a cell beside its figures."""
FIGURES = ["value_low", "value", "value_high"]


def pack_matrix(view: View) -> dict[str, Any]:
    """Return what the page needs to score and rank every alternative of every case by any weights.

    Parameters
    ----------
    view : View
        The study.

    Returns
    -------
    dict
        Empty for a study without cells. Otherwise ``words`` (key to its values), ``levels`` (``v_low``, ``v``, ``v_high`` of each
        distinct cell as 64-bit floats), ``facts`` (its value, range, grade, note and sources) and ``sourced`` (whether it is evidence),
        ``cells`` (positions of distinct cells, one table a criterion and set of keys, in the order in which
        :func:`geokit.scoring.join.join_cells` looks), ``alternatives`` in the order that settles ties, ``profiles`` and ``hints`` by
        partner, and the constants ``threshold``, ``decimals``, ``with_rank``. Numbers are packed as base64, least byte first.
    """
    if view.joined is None or view.standing is None:
        return {}
    partners = list(view.partners)
    table = view.joined.table.assign(sourced=view.joined.is_evidence)
    table = table[table["partner"].isin(["", *partners])].fillna(dict.fromkeys(FACTS, ""))
    axis = view.joined.alternatives
    told = [*VALUES, "sourced", *FIGURES, *FACTS]
    levels = table[told].drop_duplicates().sort_values(told, ignore_index=True)
    words = {key: sorted({*table[key], *axis.get(key, ())} - {""}) for key in KEYS[1:]}
    hints = view.standing.set_index(["alternative", "partner"])["status_hint"].to_dict()
    return {
        "criteria": [one.criterion_id for one in view.joined.criteria],
        "words": words,
        "levels": _to_text(levels[VALUES].to_numpy(dtype="<f8").ravel()),
        "facts": pack_frame(levels, FACTS, FIGURES),
        "sourced": _pack_codes(levels["sourced"].to_numpy(dtype=int), 2),
        "cells": list(_pack_cells(table, levels, words)),
        "alternatives": _pack_axis(view, axis),
        "axis": {key: _pack_words(axis[key].tolist(), words[key]) for key in ("site_id", "stage_id")},
        "profiles": _pack_by_partner(view, view.joined.profiles, ["", *words["profile"]]),
        "hints": _pack_by_partner(view, hints, HINTS),
        "hint_words": list(HINTS),
        "threshold": view.assumptions.scoring.evidence_threshold_frac,
        "decimals": DECIMALS,
        "with_rank": list(WITH_RANK),
        "plant": Kind.PLANT.value,
    }


def _pack_cells(table: pd.DataFrame, levels: pd.DataFrame, words: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Yield the cells of each criterion and set of keys, the set that names the site first."""
    place = levels.reset_index(names="level")
    table = table.merge(place, on=list(levels.columns), how="left")
    names: list[Any] = [tuple(key for key in KEYS[1:] if row[key]) for row in table[list(KEYS[1:])].to_dict("records")]
    table = table.assign(named=names)
    patterns = sorted(set(table["named"]), key=lambda keys: [key not in keys for key in KEYS])
    for keys in patterns:
        for criterion, part in table[table["named"] == keys].groupby("criterion_id", sort=True):
            codes = {key: _pack_words(part[key].tolist(), words[key]) for key in keys}
            level = _pack_codes(part["level"].to_numpy(), len(levels))
            yield {"criterion": str(criterion), "keys": list(keys), "codes": codes, "level": level}


def _pack_axis(view: View, axis: pd.DataFrame) -> dict[str, Any]:
    """Return the alternatives in the order of their ids, with the names that people read."""
    about = view.tables["alternatives"].set_index("alternative", drop=False).loc[axis["alternative"]]
    names = pd.DataFrame([name_alternative(view, row) for row in about.to_dict("records")], columns=["name", "product", "feed"])
    return pack_frame(axis.reset_index(drop=True).join(names), ["alternative", "kind", "site_id", "stage_id", "name", "product", "feed"])


def _pack_by_partner(view: View, words: Mapping[Any, str], known: Sequence[str]) -> dict[str, Any]:
    """Return by partner a word of each alternative as packed positions among those known."""
    names = view.joined.alternatives["alternative"]
    return {partner: _pack_words([words.get((name, partner), "") for name in names], known) for partner in view.partners}


def _pack_words(cells: Sequence[str], words: Sequence[str]) -> dict[str, Any]:
    """Return words as packed positions in a list; one that the list lacks stands as its length."""
    found = pd.Index(words).get_indexer(pd.Index(cells))
    return _pack_codes(np.where(found < 0, len(words), found), len(words) + 1)


def _pack_codes(codes: Any, count: int) -> dict[str, Any]:  # noqa: ANN401  an array of whole numbers
    """Return whole numbers below a count as base64 of one, two or four bytes each."""
    size = next(size for size in (1, 2, 4) if count <= 256**size)
    return {"bytes": size, "data": _to_text(np.asarray(codes).astype(f"<u{size}"))}


def _to_text(array: Any) -> str:  # noqa: ANN401  an array
    """Return the bytes of an array as base64."""
    return base64.b64encode(array.tobytes()).decode("ascii")
