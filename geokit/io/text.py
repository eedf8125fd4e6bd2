"""How frames keep text: as Python strings, which our tables of a few hundred rows are walked through faster than as Arrow arrays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd


@contextmanager
def plain_text() -> Iterator[None]:
    """Let new columns of text hold Python strings, as a context or a decorator; the words are the same, and pandas is left as it was."""
    with pd.option_context("mode.string_storage", "python"):
        yield
