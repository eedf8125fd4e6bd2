"""Properties of what is written, for any words and figures: it comes back, it is harmless, it is rounded and never invented."""

from __future__ import annotations

import csv
import io
import json
import math
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.core.columns import Column, join_ids, split_ids
from geokit.io.write import FORMULA_SIGNS, write_table
from geokit.outputs.gaps import list_gaps
from geokit.outputs.pack import pack_frame, render_json, round_figure
from geokit.outputs.style import THIN_SPACE, commodity_group, format_figure, format_range
from geokit.study.sentences import figure

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"))
risky = st.tuples(st.sampled_from(["", *FORMULA_SIGNS]), words).map("".join)
finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)
cell = st.one_of(finite, st.just(math.nan))
leaves = st.one_of(st.none(), st.booleans(), st.integers(), finite, words)
trees = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4), max_leaves=12)


def read_back(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@settings(deadline=None)
@given(st.lists(st.tuples(risky, cell), max_size=6))
def test_a_table_comes_back_from_its_file(rows):
    frame = pd.DataFrame(rows, columns=["name", "height_m"]).astype({"name": object, "height_m": float})
    with tempfile.TemporaryDirectory() as folder:
        path = write_table(frame, Path(folder) / "t.csv", [Column("name"), Column("height_m", type="number")])
        head, *found = read_back(path.read_bytes().decode("utf8"))
        assert [entry.name for entry in Path(folder).iterdir()] == ["t.csv"]
    assert head == ["name", "height_m"]
    for (name, height), (word, number) in zip(rows, found, strict=True):
        lines = name.replace("\r\n", "\n").replace("\r", "\n")
        assert word == (f"'{lines}" if name.startswith(FORMULA_SIGNS) else lines)
        assert not word.startswith(FORMULA_SIGNS)
        assert (number == "") == math.isnan(height)
        assert number == "" or float(number) == pytest.approx(height, rel=1e-8, abs=1e-300)


@given(trees)
def test_any_tree_comes_back_from_a_page_and_ends_no_element(tree):
    text = render_json(tree)
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == tree


@pytest.mark.parametrize("figure", [math.nan, math.inf, -math.inf])
def test_a_page_refuses_what_json_does_not_know(figure):
    with pytest.raises(ValueError, match="JSON compliant"):
        render_json({"a": [figure]})


@settings(deadline=None)
@given(st.lists(st.tuples(words, cell, st.booleans()), max_size=8))
def test_a_packed_frame_can_be_unpacked(rows):
    frame = pd.DataFrame(rows, columns=["name", "height_m", "steep"]).astype({"name": object, "height_m": float})
    packed = json.loads(render_json(pack_frame(frame, ["name", "steep", "absent"], ["height_m"])))
    assert packed["length"] == len(rows)
    levels, places = packed["text"]["name"]
    assert [levels[place] for place in places] == [name for name, _, _ in rows]
    assert levels == sorted(set(levels))
    assert "absent" not in packed["text"]
    for (_, height, _), number in zip(rows, packed["figures"]["height_m"], strict=True):
        assert (number is None) == math.isnan(height)
        assert number is None or number == pytest.approx(height, rel=1e-4)


@given(finite, st.integers(1, 12))
def test_rounding_keeps_the_digits_asked_for_and_is_done_once(number, digits):
    once = round_figure(number, digits)
    assert once == pytest.approx(number, rel=0.5 * 10.0 ** (1 - digits) * 1.000001, abs=1e-300)
    assert round_figure(once, digits) == once


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_a_printed_figure_has_three_digits_and_is_read_as_about_itself(number):
    for text in (format_figure(number).replace(THIN_SPACE, ""), figure(number)):
        assert "e" not in text
        assert float(text) == pytest.approx(number, rel=0.0051)


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_a_negative_figure_is_the_positive_one_with_a_minus(number):
    assert format_figure(-number) == "\u2212" + format_figure(number)


@given(st.one_of(st.none(), st.just(math.nan), finite), st.one_of(st.none(), st.just(math.nan), finite))
def test_a_range_is_two_figures_one_figure_or_unknown(low, high):
    told, ends = format_range(low, high), [format_figure(low), format_figure(high)]
    assert told in {f"{ends[0]} to {ends[1]}", *ends}
    assert (told == "unknown") == (ends == ["unknown", "unknown"])
    assert ("unknown" in told) == (ends == ["unknown", "unknown"])


ids = st.text(st.characters(categories=("L", "N"), include_characters="-_"), min_size=1)


@given(st.lists(ids))
def test_joined_ids_split_into_the_same_set_whatever_their_order(names):
    joined = join_ids(names)
    assert list(split_ids(joined)) == sorted(set(names))
    assert join_ids(names[::-1]) == joined == join_ids([joined, *names])


@given(words)
def test_every_commodity_has_one_group(name):
    assert commodity_group(name).colour.startswith("#")


gap = st.tuples(st.sampled_from("FD"), st.sampled_from(["", "x", "y"]), st.sampled_from(["", "p", "q"]), st.integers(0, 9))


@settings(deadline=None)
@given(st.lists(gap, max_size=12), st.integers(1, 5))
def test_gaps_are_gathered_by_question_and_led_by_the_most_decisive_site(rows, limit):
    table = pd.DataFrame(rows, columns=["criterion_id", "site_id", "partner", "rank_swing"]).assign(
        stage_id="", profile="", track="", holder="h", alternatives_touched=1.0, rank_swing=lambda frame: frame["rank_swing"].astype(float)
    )
    found = list_gaps(table, limit=limit, partner="p")
    assert len(found) <= limit
    assert found["rank_swing"].is_monotonic_decreasing
    asked = {}
    for criterion, site, partner, swing in rows:
        if partner in {"", "p"}:
            asked.setdefault((criterion, partner), []).append((site, swing))
    assert len(found) == min(limit, len(asked))
    for row in found.to_dict("records"):
        sites = asked[row["criterion_id"], row["partner"]]
        assert (row["n_sites"], row["alternatives_touched"]) == (len({site for site, _ in sites}), len(sites))
        assert row["rank_swing"] == max(swing for _, swing in sites)


def test_no_gap_is_no_row():
    assert list_gaps(pd.DataFrame(), limit=3).empty
    assert np.shape(list_gaps(pd.DataFrame(), limit=3)) == (0, 1)
