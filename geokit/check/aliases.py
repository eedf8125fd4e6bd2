"""The nearest known id for a word: by the other names that the layers keep, then by spelling."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

import pandas as pd

from geokit.core.columns import Column, split_ids

ALIAS_COLUMNS = ("alias", "aliases", "label", "name", "alt_names")
"""Columns that hold further names of the ids of their table; so do those whose name begins with ``in_``."""
LONGEST = 100
"""Signs of a name that are compared."""
MOST = 5000
"""Ids among which near spellings are looked for; more would take too long."""
MOST_HINTS = 50
"""Words of a column for which near ones are looked up; a column with more is wrong as a whole."""

Aliases = Mapping[str, Mapping[str, str]]
"""``table.column`` to folded name to id."""


@lru_cache(maxsize=1 << 17)
def fold(word: str) -> str:
    """Return a word without case, accents and punctuation, as ``khyber pakhtunkhwa``."""
    plain = unicodedata.normalize("NFKD", word).casefold()
    return " ".join(re.findall(r"[^\W_]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


def list_names(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the folded names of each row: its name without what stands in brackets, and its other names."""
    blank = pd.Series("", index=frame.index)
    cells = zip(frame.get("name", blank), frame.get("alt_names", blank), strict=True)
    short = ((name[:LONGEST], re.split(r"[|;,]", others[: 10 * LONGEST])) for name, others in cells)
    told = [(fold(re.sub(r"\([^()]*\)", " ", name)) or fold(name), *map(fold, others)) for name, others in short]
    return [tuple(dict.fromkeys(name for name in names if name)) for names in told]


def index_ids(
    frames: Mapping[str, pd.DataFrame], columns: Mapping[str, Sequence[Column]], *, only: str | None = None
) -> dict[str, frozenset[str]]:
    """Return the ids that tables, or one of them, may be referred to by: ``table.column`` to ids; :func:`index_aliases` has their names."""
    several = {f"{table}.{column.name}" for table in frames for column in columns[table] if column.type == "ids"}
    return {
        target: frozenset(
            one for cell in frames[table][name].unique() for one in (split_ids(cell) if target in several else (cell,)) if one
        )
        for target, table, name in _list_targets(frames, columns)
        if only in {None, table}
    }


def index_aliases(frames: Mapping[str, pd.DataFrame], columns: Mapping[str, Sequence[Column]]) -> dict[str, dict[str, str]]:
    """Return the other names of the ids that tables may refer to.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Tables as text.
    columns : mapping of str to sequence of Column
        Their declarations.

    Returns
    -------
    dict of str to dict of str to str
        ``table.column`` to folded name to id; a name that means two ids is left out.
    """
    return {target: _index_table(frames[table], column) for target, table, column in _list_targets(frames, columns)}


def name_id(word: str, known: Collection[str], aliases: Mapping[str, str]) -> str:
    """Return the id that a word is or names, whatever its case and punctuation; blank when it names none."""
    if word in known:
        return word
    plain, folded = fold(word), {fold(one): one for one in known} if len(known) <= MOST else {}
    return aliases.get(plain) or folded.get(plain, "")


def list_near(word: str, known: Collection[str], aliases: Mapping[str, str]) -> list[str]:
    """Return up to three ids whose names are spelt nearly like a word, the nearest first."""
    if len(known) + len(aliases) > MOST:
        return []
    folded = {fold(one): one for one in known}
    close = difflib.get_close_matches(fold(word)[:LONGEST], [*folded, *aliases], n=6, cutoff=0.7)
    return list(dict.fromkeys(aliases.get(one) or folded[one] for one in close))[:3]


def guess_ids(words: Collection[str], known: Collection[str], aliases: Mapping[str, str]) -> dict[str, str]:
    """Return words to the one id that each names or is spelt like; blank when there is none or there are several."""
    meant = {word: name_id(word, known, aliases) for word in dict.fromkeys(words)}
    strange = [word for word, one in meant.items() if not one][:MOST_HINTS]
    near = {word: list_near(word, known, aliases) for word in strange}
    return meant | {word: ids[0] for word, ids in near.items() if len(ids) == 1}


def suggest_id(word: str, known: Collection[str], aliases: Mapping[str, str]) -> str:
    """Return what to write instead of a word that is no known id.

    Parameters
    ----------
    word : str
        What stands there.
    known : collection of str
        The ids that may stand there.
    aliases : mapping of str to str
        Folded names to ids.

    Returns
    -------
    str
        The remedy: the id that the word names, the nearest ones, or the first few.
    """
    meant = name_id(word, known, aliases)
    if meant:
        return f"write {meant}"
    near = list_near(word, known, aliases)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"valid are: {', '.join(sorted(known)[:12])}{', ...' if len(known) > 12 else ''}"


def _list_targets(frames: Mapping[str, pd.DataFrame], columns: Mapping[str, Sequence[Column]]) -> list[tuple[str, str, str]]:
    """Return every column that a table refers to and that stands in one of the tables, sorted: whole name, table and column."""
    targets = {column.refers_to for table in frames for column in columns[table] if column.refers_to}
    split = [(target, *target.split(".")) for target in sorted(targets)]
    return [(target, table, name) for target, table, name in split if table in frames and name in frames[table]]


def _index_table(frame: pd.DataFrame, column: str) -> dict[str, str]:
    """Return folded names to the ids of one column."""
    meanings: dict[str, set[str]] = {}
    for name in (name for name in frame.columns if name in ALIAS_COLUMNS or name.startswith("in_")):
        for cell, meant in zip(frame[name], frame[column], strict=True):
            for one in {cell, *split_ids(cell)} if meant else ():
                meanings.setdefault(fold(one), set()).add(meant)
    return {name: next(iter(meant)) for name, meant in meanings.items() if len(meant) == 1 and name}
