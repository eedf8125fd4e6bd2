import pandas as pd

from geokit.economics.notes import pick_words

ROWS = pd.Index([7, 8, 9])


def test_the_first_condition_that_holds_decides():
    told = pick_words(ROWS, ([True, False, False], "a"), ([True, True, False], "b"), default="c")
    assert list(told) == ["a", "b", "c"]


def test_words_may_differ_by_row():
    told = pick_words(ROWS, ([True, True, False], pd.Series(["x", "y", "z"], index=ROWS)), default=pd.Series(["p", "q", "r"], index=ROWS))
    assert list(told) == ["x", "y", "r"]


def test_without_conditions_all_is_default():
    assert list(pick_words(ROWS)) == ["", "", ""]
