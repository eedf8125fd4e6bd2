"""Pick a sentence for each row: the first condition that holds decides."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def pick_words(index: pd.Index, *pairs: tuple[Any, Any], default: str | pd.Series = "") -> pd.Series:
    """Return the words of the first condition that holds in each row.

    Parameters
    ----------
    index : pandas.Index
        The rows.
    *pairs : tuple of (array_like of bool, str or Series or array_like of str)
        Conditions with their words, the first that holds wins.
    default : str or pandas.Series
        Words where none holds.

    Returns
    -------
    pandas.Series
        Text, one a row.

    Examples
    --------
    >>> list(pick_words(pd.Index([0, 1, 2]), ([True, False, False], "a"), ([True, True, False], "b"), default="c"))
    ['a', 'b', 'c']
    """
    told = pd.Series(default, index=index, dtype=object)
    for holds, words in reversed(pairs):
        told = told.where(~np.asarray(holds, dtype=bool), words)
    return told
