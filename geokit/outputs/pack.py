"""Frames as compact, deterministic JSON that is safe inside a page."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from geokit.outputs.style import format_words

DIGITS = 5
"""Significant digits of a figure on a page that prints three."""
PROSE = frozenset({"reason", "status_reason", "note"})
"""Columns that hold sentences, of which most come many times."""
SEAM = re.compile(r"(?<=[.;:,]) | (?=because |and )")
"""Blanks at which a sentence falls into pieces; joined by a blank each, the pieces give it back."""


def pack_frame(frame: pd.DataFrame, texts: Sequence[str], figures: Sequence[str] = ()) -> dict[str, Any]:
    """Return a frame as columns: texts as distinct values and positions, prose as pieces that recur, figures as rounded numbers.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows in the order wanted; a column it lacks is packed as blank.
    texts, figures : sequence of str
        Columns to keep.

    Returns
    -------
    dict
        ``length``, ``text`` (column to [values, positions]), ``prose`` (column to [pieces, values as positions of their pieces,
        positions of the values], for the columns in :data:`PROSE`, their figures as people read them) and ``figures`` (column to
        numbers, None when missing).
    """
    return {
        "length": len(frame),
        "text": {name: _levels(frame[name]) for name in texts if name in frame and name not in PROSE},
        "prose": {name: _pieces(frame[name]) for name in texts if name in frame and name in PROSE},
        "figures": {name: [round_figure(value) for value in frame[name]] for name in figures if name in frame},
    }


def round_figure(value: Any, digits: int = DIGITS) -> float | int | None:  # noqa: ANN401  whatever a cell holds
    """Return a number rounded to significant digits, whole numbers as integers, None when missing or not finite."""
    if value is None or value == "" or not math.isfinite(value):
        return None
    number = float(f"{float(value):.{digits}g}")
    return int(number) if number.is_integer() else number


def render_json(tree: Any) -> str:  # noqa: ANN401  any JSON tree
    r"""Return JSON with sorted keys in which no text can end a script element: ``<``, ``>`` and ``&`` are written as ``\u003c``...

    Raises
    ------
    ValueError
        If the tree holds a number that is not finite.
    """
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _levels(column: pd.Series) -> list[Any]:
    """Return a text column as its sorted distinct values and the position of each cell's value among them."""
    words = [_word(value) for value in column]
    levels = sorted(set(words))
    position = {word: at for at, word in enumerate(levels)}
    return [levels, [position[word] for word in words]]


def _pieces(column: pd.Series) -> list[Any]:
    """Return a column of prose as the pieces of its sentences, its distinct values as positions of pieces, and each cell's value."""
    levels, codes = _levels(column.map(format_words, na_action="ignore"))
    pieces, values = _levels(pd.Series([piece for words in levels for piece in SEAM.split(words)], dtype=object))
    taken = iter(values)
    return [pieces, [[next(taken) for _ in SEAM.split(words)] for words in levels], codes]


def _word(value: Any) -> str:  # noqa: ANN401  whatever a cell holds
    """Return a cell as text: blank when missing, truths in lower case."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)
