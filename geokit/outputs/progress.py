"""A bar for work of many like steps, with the time that is left; quiet when the terminal is piped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def track_count(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show how much of some work is done.

    Parameters
    ----------
    title : str
        What is done.

    Yields
    ------
    callable
        To be called with the number of steps done and of all.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def tell(done: int, total: int) -> None:
            """Move the bar."""
            bar.update(task, completed=done, total=total)

        yield tell
