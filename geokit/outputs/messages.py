"""The fixed words of the page in other languages: one table, none of them reviewed by a speaker yet."""

from __future__ import annotations

import csv
import io

from geokit.io.resource import read_resource


def read_messages() -> dict[str, dict[str, str]]:
    """Return the fixed words of the page by language.

    Returns
    -------
    dict of str to dict of str to str
        Language code (``de``, ``ja``, ...) to the English words and what they are in it; English itself is not among them.
    """
    rows = list(csv.DictReader(io.StringIO(read_resource("geokit.outputs", "assets/messages.csv"))))
    return {code: {row["en"]: row[code] for row in rows} for code in rows[0] if code != "en"}


def pack_messages() -> dict[str, list[str]]:
    """Return the same as lists of equal length: the English words under ``en``, each language's in that order.

    Returns
    -------
    dict of str to list of str
        For the page.
    """
    messages = read_messages()
    keys = sorted(next(iter(messages.values())))
    return {"en": keys} | {code: [words[key] for key in keys] for code, words in messages.items()}
