"""A bundle holds the words of its tables, not how pandas happened to keep them."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.io.bundle import read_bundle, write_bundle


def make_frame(storage):
    with pd.option_context("mode.string_storage", storage):
        words, blank = pd.array(["ore", "", "metal"], dtype="str"), pd.array([None, None, None], dtype="str")
    return pd.DataFrame({"word": words, "blank": blank, "none": [None, None, None], "figure": [1.5, float("nan"), 3.0], "count": [1, 2, 3]})


@pytest.fixture
def write(tmp_path):
    return lambda storage: write_bundle(tmp_path / f"{storage}.zip", {"table": make_frame(storage)}, {"told": "é"})


def test_how_pandas_keeps_text_changes_no_byte(write):
    assert write("python").read_bytes() == write("pyarrow").read_bytes()


def test_words_blanks_and_figures_come_back(write):
    frames, about = read_bundle(write("pyarrow"))
    same = ["word", "figure", "count"]
    pd.testing.assert_frame_equal(frames["table"][same], make_frame("python")[same], check_dtype=False)
    assert frames["table"][["blank", "none"]].isna().all(axis=None)
    assert about == {"told": "é"}
