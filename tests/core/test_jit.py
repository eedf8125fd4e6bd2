"""Loops are compiled on their first call, with a cache where one can be written."""

import sys

import numpy as np
import pytest

from geokit.core import jit
from geokit.core.jit import compile_lazily


def _double(figure):
    return 2 * figure


@compile_lazily(_double)
def add_doubles(figures):
    """Return the sum of twice the figures."""
    total = 0.0
    for figure in figures:
        total += _double(figure)
    return total


def test_a_loop_keeps_its_name_and_its_answer():
    figures = np.arange(5.0)
    assert add_doubles(figures) == add_doubles.__wrapped__(figures) == 20.0
    assert (add_doubles.__name__, add_doubles.__doc__) == ("add_doubles", "Return the sum of twice the figures.")


def test_a_loop_is_compiled_once(monkeypatch):
    calls = []
    monkeypatch.setattr(jit, "_compile", lambda loop, _: calls.append(loop) or loop)
    loop = compile_lazily()(lambda figure: figure + 1)
    assert not calls
    assert (loop(1), loop(2)) == (2, 3)
    assert len(calls) == 1


def test_a_loop_runs_where_no_cache_can_be_written(monkeypatch):
    numba = pytest.importorskip("numba")
    plain = numba.njit

    def read_only(**options):
        if options.get("cache"):
            msg = "cannot cache function: no locator available"
            raise RuntimeError(msg)
        return plain(**options)

    monkeypatch.setattr(numba, "njit", read_only)
    assert compile_lazily()(add_doubles.__wrapped__)(np.ones(3)) == 6.0


def test_a_loop_runs_uncompiled_where_there_is_no_compiler(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    plain = add_doubles.__wrapped__
    assert jit._compile(plain, (_double,)) is plain
