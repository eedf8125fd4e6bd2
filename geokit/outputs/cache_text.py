"""What is kept on disk between runs, as lines to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from geokit.study.kept import VARIABLE, Store


def tell_store(store: Store) -> Iterator[tuple[str, bool]]:
    """Yield where freight is kept, how much of it, and how to turn it on and off.

    Parameters
    ----------
    store : Store
        The folder.

    Yields
    ------
    tuple of str and bool
        A line and whether it is a heading.
    """
    entries = store.list_entries()
    yield f"{store.folder}: {len(entries)} {'entry' if len(entries) == 1 else 'entries'}", True
    yield f"{entries['bytes'].sum() / 1e6:.1f} of at most {store.largest / 1e6:.0f} MB", False
    for row in entries.to_dict("records"):
        used = dt.datetime.fromtimestamp(row["used"], dt.UTC)
        yield f"  {row['key'][:12]}  {row['bytes'] / 1e6:6.1f} MB  last used {used:%d %b %Y %H:%M} UTC", False
    yield f"A run keeps its freight only with --cache, or where {VARIABLE} names a folder; --no-cache leaves it out once.", False
