"""Frames as JSON that cannot break out of a page."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.outputs.pack import pack_frame, render_json, round_figure
from geokit.outputs.style import format_words

CLAUSES = st.sampled_from(
    ["its feed is free", "a truck haul of 612 km", "1234 USD", "no quote. None", "because", "and so on", " ", "", "No. 4", "a, b; c: d"]
)
SEAMS = st.sampled_from([" ", ". ", "; ", ", ", ": ", "  ", " because ", " and ", "\n"])


def unpack(table):
    rows = [{} for _ in range(table["length"])]
    for name, (levels, codes) in table["text"].items():
        for row, code in zip(rows, codes, strict=True):
            row[name] = levels[code]
    for name, (pieces, values, codes) in table["prose"].items():
        for row, code in zip(rows, codes, strict=True):
            row[name] = " ".join(pieces[place] for place in values[code])
    for name, values in table["figures"].items():
        for row, value in zip(rows, values, strict=True):
            row[name] = value
    return rows


def test_packing_loses_nothing_that_was_asked_for():
    frame = pd.DataFrame({"id": ["b", "a", "b"], "x": [1.0, np.nan, 2.5], "dropped": [1, 2, 3]})
    assert unpack(pack_frame(frame, ["id"], ["x"])) == [{"id": "b", "x": 1}, {"id": "a", "x": None}, {"id": "b", "x": 2.5}]


def test_levels_are_sorted_and_missing_text_is_blank():
    packed = pack_frame(pd.DataFrame({"id": pd.Series(["b", None, "a"], dtype=object)}), ["id"])
    assert packed["text"]["id"] == [["", "a", "b"], [2, 0, 1]]


def test_truths_are_written_in_lower_case():
    assert pack_frame(pd.DataFrame({"flag": [True, False]}), ["flag"])["text"]["flag"][0] == ["false", "true"]


def test_columns_that_are_not_there_are_left_out():
    packed = pack_frame(pd.DataFrame({"id": ["a"]}), ["id", "none"], ["nor"])
    assert packed == {"length": 1, "text": {"id": [["a"], [0]]}, "prose": {}, "figures": {}}


def test_prose_is_kept_in_pieces_that_recur():
    words = ["The feed is free. No price was found.", "The feed is dear. No price was found.", None]
    packed = pack_frame(pd.DataFrame({"reason": pd.Series(words, dtype=object)}), ["reason"])
    pieces, values, codes = packed["prose"]["reason"]
    assert pieces == ["", "No price was found.", "The feed is dear.", "The feed is free."]
    assert values == [[0], [2, 1], [3, 1]]
    assert codes == [2, 1, 0]
    assert packed["text"] == {}


SENTENCES = st.lists(st.tuples(CLAUSES, SEAMS), max_size=5).map(lambda pairs: "".join(a + b for a, b in pairs))


@settings(max_examples=80)
@given(st.lists(SENTENCES, min_size=1, max_size=4))
def test_pieces_joined_by_a_blank_give_every_sentence_back(sentences):
    rows = unpack(pack_frame(pd.DataFrame({"note": sentences}), ["note"]))
    assert [row["note"] for row in rows] == [format_words(words) for words in sentences]


def test_many_like_sentences_take_less_room_in_pieces():
    notes = [f"Power alone takes about 329 USD per tonne of product. Feed is priced against the buyer at port {n}." for n in range(50)]
    frame = pd.DataFrame({"note": notes, "plain": notes})
    packed = pack_frame(frame, ["note", "plain"])
    assert len(render_json(packed["prose"])) < 0.7 * len(render_json(packed["text"]))


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(1 / 3, 0.33333), (123456.0, 123460), (5.0, 5), (-0.0, 0), (math.nan, None), (math.inf, None), (None, None), ("", None)],
)
def test_rounding(value, rounded):
    assert round_figure(value) == rounded


def test_json_cannot_end_a_script_element_and_reads_back():
    tree = {"b": "</script><!--<script>&\u2028", "a": [1, None]}
    text = render_json(tree)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == tree
    assert text.index('"a"') < text.index('"b"')


def test_json_refuses_figures_that_are_not_finite():
    with pytest.raises(ValueError, match="JSON"):
        render_json({"x": math.nan})
