"""Every assumption with its value, range, unit, grade, basis and meaning, and the JSON Schema of the file that changes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from pydantic import BaseModel

from geokit.core.assumptions import Assumptions, Section, Spread
from geokit.core.codes import Grade
from geokit.core.columns import join_ids
from geokit.core.errors import UnknownNameError
from geokit.io.basis import read_basis
from geokit.io.defaults import read_assumptions

DIALECT = "https://json-schema.org/draft/2020-12/schema"
COLUMNS = ["name", "value", "is_changed", "range", "unit", "grade", "source_ids", "basis", "meaning"]
OURS = re.compile(r"\bour (?:judgement|choice)\b|\bours?\b")
UNIT = re.compile(r"^[^`]{1,40}$")
NO_UNIT = ("a ", "as ", "at ", "by ", "in ", "of ", "and ", "or ", "such ", "sum ", "the ", "that ", "one ", "before ", "1 ")
LIMITS = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
UNSET = "not set"
CITED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def describe(assumptions: Assumptions, *, name: str = "", sources: Sequence[str] = ()) -> pd.DataFrame:
    """Return what each assumption is, how sure it is and what it rests on.

    Parameters
    ----------
    assumptions : Assumptions
        Those in use.
    name : str
        One assumption, by its dotted name or a unique ending, or a section; all when blank.
    sources : sequence of str
        Ids of the sources of the layers: an assumption whose basis names one is carried over from it.

    Returns
    -------
    pandas.DataFrame
        One row an assumption, in the order of the file: ``name``, ``value`` (as YAML takes it), ``is_changed`` (against the packaged
        one), ``range`` (ends of the spread, or what is allowed), ``unit``, ``grade`` (``M`` carried over, ``A`` assumption),
        ``source_ids``, ``basis`` (in words; blank = nobody said more than ourselves) and ``meaning``.

    Raises
    ------
    UnknownNameError
        If there is no such assumption; it names the nearest.
    """
    basis, packaged, schema = read_basis(), read_assumptions(), Assumptions.model_json_schema()
    fields, plain = dict(list_fields(assumptions)), dict(list_fields(packaged))
    rows = []
    for path, value in fields.items():
        note = _find_schema(schema, path)
        words, own = str(note.get("description", "")), basis.get(path, "")
        cited = [one for one in CITED.findall(own) if one in set(sources)]
        grade = Grade.CARRIED if cited and not OURS.search(own) else Grade.ASSUMPTION
        changed = value != plain.get(path)
        told = (_tell(value), changed, _say_range(value, note), find_unit(words), grade.value, join_ids(cited), own, words)
        rows.append((path, *told))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table if not name else table[table["name"].isin(_pick(name, list(fields)))].reset_index(drop=True)


def find_unit(words: str) -> str:
    """Return the unit that a docstring names: what stands behind the last comma of its first clause.

    Parameters
    ----------
    words : str
        The docstring of a field.

    Returns
    -------
    str
        Blank where it names none.

    Examples
    --------
    >>> find_unit("Largest parcel that sails in a handysize ship, t; a larger one goes by supramax.")
    't'
    >>> find_unit("Seed of every random draw.")
    ''
    """
    clause = re.split(r";|\.$", words.replace("\n", " "), maxsplit=1)[0]
    *rest, last = clause.split(", ")
    return last.strip() if rest and UNIT.match(last) and not last.startswith(NO_UNIT) else ""


def build_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an assumptions file, for editors.

    A file need hold only what it changes, so nothing is required; the packaged value of each figure stands as its default.

    Returns
    -------
    dict
        A JSON tree, its keys in the order of the file.
    """
    schema = Assumptions.model_json_schema()
    values = read_assumptions().model_dump(mode="json")
    for part in (schema, *schema["$defs"].values()):
        part.pop("required", None)
    for section, tree in values.items():
        reference = schema["properties"][section]
        if isinstance(tree, Mapping) and "$ref" in reference:
            own = schema["$defs"][reference["$ref"].rpartition("/")[2]]["properties"]
            for name, value in tree.items():
                own[name]["default"] = value
        else:
            reference["default"] = tree
    return {"$schema": DIALECT, "$id": "urn:geokit:assumptions", **schema, "title": "Assumptions of geokit"}


def list_fields(section: BaseModel, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield every assumption with its value; a spread or a table is one.

    Parameters
    ----------
    section : pydantic.BaseModel
        The assumptions, or a section of them.
    prefix : str
        Path of the section, with its dot.

    Yields
    ------
    tuple of str and object
        Dotted name and value.
    """
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section) and not isinstance(value, Spread):
            yield from list_fields(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _find_schema(schema: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return what the schema says of an assumption."""
    *sections, leaf = path.split(".")
    part = schema
    for name in sections:
        part = schema["$defs"][part["properties"][name]["$ref"].rpartition("/")[2]]
    return dict(part["properties"][leaf])


def _tell(value: object) -> str:
    """Return a value as YAML takes it; what nobody knows is said to be so."""
    if value is None:
        return UNSET
    if isinstance(value, Spread):
        return f"{value.mode:g}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_tell(one)}" for name, one in value.items()) + "}" if value else "none"
    if isinstance(value, tuple):
        return "[" + ", ".join(_tell(one) for one in value) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _say_range(value: object, note: Mapping[str, Any]) -> str:
    """Return the ends of a spread, or what is allowed."""
    if isinstance(value, Spread):
        return f"{value.low:g} to {value.high:g}"
    if "enum" in note:
        return "one of " + ", ".join(map(str, note["enum"]))
    return ", ".join(f"{words} {note[limit]:g}" for limit, words in LIMITS.items() if limit in note)


def _pick(name: str, known: Sequence[str]) -> list[str]:
    """Return the assumptions that a user means: one by its name or the end of it, or all of a section."""
    found = [one for one in known if one == name or one.startswith(f"{name}.")] or [one for one in known if one.endswith(f".{name}")]
    if not found:
        stems = {one.rpartition(".")[2] for one in known} | {one.partition(".")[0] for one in known if "." in one}
        kind = "assumption"
        raise UnknownNameError(kind, name, [*known, *sorted(stems)])
    return found
