"""Weights of a user, as a file or as words, and everything that can be wrong with them."""

from __future__ import annotations

import pytest

from geokit.core.errors import LayerError
from geokit.io.defaults import read_defaults
from geokit.scoring import derive_weights, read_criteria
from geokit.study.shares import read_shares, replace_shares


@pytest.fixture(scope="module")
def weights():
    criteria = read_criteria(read_defaults("criteria").merge(read_defaults("phrases")[["criterion_id", "missing"]]))
    ranks = read_defaults("ranks")
    return {partner: derive_weights(ranks, criteria, kind, "screen") for partner, kind in (("us", "derisk_china"), ("uae", "investor"))}


@pytest.fixture
def read(tmp_path, weights):
    """Return a function that reads the weights in a text."""

    def from_text(text):
        path = tmp_path / "mine.csv"
        path.write_text(text, encoding="utf8")
        return read_shares(path, weights)

    return from_text


def test_what_is_not_named_keeps_its_proportions(read, weights):
    found = read("criterion_id,weight\nD1,0.4\n")
    for partner, before in weights.items():
        after = found[partner]
        assert after["D1"] == pytest.approx(0.4)
        assert sum(after.values()) == pytest.approx(1.0)
        assert after["F1"] / after["F2"] == pytest.approx(before["F1"] / before["F2"])


def test_a_row_of_a_partner_goes_before_a_row_of_all(read):
    found = read("criterion_id,weight,partner\nD1,0.4,us\nD1,0.1,\n")
    assert found["us"]["D1"] == pytest.approx(0.4)
    assert found["uae"]["D1"] == pytest.approx(0.1)


def test_a_group_may_be_named(read):
    found = read("criterion_id,weight\ndependency,0.6\n")["us"]
    assert found["D1"] + found["D2"] + found["D3"] == pytest.approx(0.6)


def test_words_are_read_like_a_file(read, weights):
    assert replace_shares(["D1=0.4", " feed = 0.3 "], weights) == read("criterion_id,weight\nD1,0.4\nfeed,0.3\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("criterion_id,wieght\nD1,0.4\n", ["'weight' is a required column and absent", "did you mean weight?"]),
        ("criterion_id,weight\nD1,2\nF1,x\n", ["row 2", "outside 0 to 1", "row 3", "not a number"]),
        ("criterion_id,weight\nD9,0.1\ndepp,0.1\n", ["row 2", "'D9'", "row 3", "did you mean dep"]),
        ("criterion_id,weight,partner\nD1,0.1,mars\n", ["'mars'", "valid are: uae, us"]),
        ("criterion_id,weight\nD1,0.1\nD1,0.2\n", ["repeats the key of row 2"]),
        ("criterion_id,weight\nD1,0.7\nF1,0.7\n", ["'us, uae' cannot be weighed", "sum to 1.4"]),
        ("criterion_id,weight\ndep,0.4\nD1,0.1\n", ["a group or its criteria, not both"]),
        ("criterion_id,weight\n", ["has no row"]),
    ],
)
def test_everything_wrong_is_told_at_once(read, text, told):
    with pytest.raises(LayerError) as error:
        read(text)
    for words in told:
        assert words in str(error.value)


@pytest.mark.parametrize("words", [["D1"], ["D1=x"], ["D1="], ["D1=nan"]])
def test_words_that_are_no_weight_are_refused(weights, words):
    with pytest.raises(LayerError, match=r"write it as D1=0\.4"):
        replace_shares(words, weights)


def test_words_that_repeat_are_refused(weights):
    with pytest.raises(LayerError, match="has two weights"):
        replace_shares(["D1=0.1", "D1=0.2"], weights)
