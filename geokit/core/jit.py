"""The one place where numeric loops are compiled, on their first call and never at import."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

Inputs = ParamSpec("Inputs")
Output = TypeVar("Output")


def compile_lazily(*helpers: Callable[..., object]) -> Callable[[Callable[Inputs, Output]], Callable[Inputs, Output]]:
    """Return a decorator that compiles a loop over arrays to machine code when it is first called.

    The machine code is kept beside the source or in the user's cache, so a second process does not compile again; where neither can
    be written, as in a read-only image, it is compiled once a process. The loop releases the interpreter lock. What it does is that of
    the plain Python function, which stays reachable as ``__wrapped__`` and runs instead, slowly, where there is no compiler.

    Parameters
    ----------
    *helpers : callable
        Plain functions that the loop calls, and those that they call.

    Returns
    -------
    callable
        The decorator.
    """
    return lambda loop: _defer(loop, helpers)


def _defer(loop: Callable[Inputs, Output], helpers: tuple[Callable[..., object], ...]) -> Callable[Inputs, Output]:
    """Return a function that compiles a loop the first time and runs it."""
    compiled = functools.cache(functools.partial(_compile, loop, helpers))

    @functools.wraps(loop)
    def _call(*args: Inputs.args, **kwargs: Inputs.kwargs) -> Output:
        return compiled()(*args, **kwargs)

    return _call


def _compile(loop: Callable[Inputs, Output], helpers: tuple[Callable[..., object], ...]) -> Callable[Inputs, Output]:
    """Compile a loop, with a cache on disk if one can be written; return it as it is where the platform has no compiler."""
    try:
        import numba  # noqa: PLC0415 - takes a third of a second: only those who compute pay for it
        import numba.extending  # noqa: PLC0415
    except ImportError:
        return loop
    for helper in helpers:
        numba.extending.register_jitable(helper)
    try:
        return cast("Callable[Inputs, Output]", numba.njit(nogil=True, cache=True)(loop))
    except RuntimeError:  # no folder that can be written
        return cast("Callable[Inputs, Output]", numba.njit(nogil=True)(loop))
