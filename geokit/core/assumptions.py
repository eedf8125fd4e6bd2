"""What we assume, as opposed to what we know: frozen, documented under every field, printed on every output."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, get_origin

from pydantic import Field, ValidationError

from geokit.core.errors import AssumptionError
from geokit.core.sections.base import NotNegativeSpread, PositiveSpread, Section, ShareSpread, Spread
from geokit.core.sections.controls import Controls, Procurement, Regime
from geokit.core.sections.feed import Feed
from geokit.core.sections.finance import Finance
from geokit.core.sections.gates import Gates
from geokit.core.sections.scoring import Scoring
from geokit.core.sections.transport import Terrain, Transport

__all__ = [
    "Assumptions", "Controls", "Feed", "Finance", "Gates", "NotNegativeSpread", "PositiveSpread", "Procurement", "Regime", "Scoring",
    "Section", "ShareSpread", "Spread", "Terrain", "Transport",
]  # fmt: skip

LONGEST = 60
"""Signs shown of a value that is refused."""


def _shorten(value: object) -> str:
    """Return a value as it fits into a line."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


class Assumptions(Section):
    """All assumptions of a study."""

    title: str
    """Name of this set."""
    seed: Annotated[int, Field(ge=0)]
    """Seed of every random draw."""
    transport: Transport
    """Freight and transit."""
    terrain: Terrain
    """New roads and tracks over the relief."""
    feed: Feed
    """Ore and concentrate."""
    controls: Controls
    """Export windows and licences."""
    procurement: Procurement
    """Buying elsewhere."""
    gates: Gates = Gates()
    """What the tests of partners leave to the user."""
    finance: Finance
    """Money."""
    scoring: Scoring
    """How cells become a ranking."""

    @classmethod
    def build(cls, tree: Mapping[str, Any], origin: str) -> Assumptions:
        """Build a set from nested mappings.

        Parameters
        ----------
        tree : mapping
            As read from YAML.
        origin : str
            Where it came from, for the message.

        Returns
        -------
        Assumptions
            Frozen and checked.

        Raises
        ------
        AssumptionError
            With every problem at once.
        """
        return cls._check(tree, origin, [])

    @classmethod
    def _check(cls, tree: Mapping[str, Any], origin: str, wrong: Iterable[str]) -> Assumptions:
        """Build a set, or refuse it with what was wrong before and all that is wrong in it."""
        lines, found = list(wrong), None
        try:
            found = cls.model_validate(dict(tree))
        except ValidationError as error:
            for one in error.errors():
                path = ".".join(map(str, one["loc"]))
                near = _suggest(path, _list_fields(cls, "")) if one["type"] == "extra_forbidden" else ""
                lines.append(f"{path}: {_shorten(one['input'])}: {one['msg']}{near}")
        if found is None or lines:
            told = "\n".join(f"  {line}" for line in lines)
            msg = f"{origin}: {len(lines)} assumption(s) refused; `geokit assumptions` prints the valid ones:\n{told}"
            raise AssumptionError(msg)
        return found

    def replace(self, /, **changes: object) -> Assumptions:
        """Return a copy with some fields changed, each named by its dotted path with ``__`` for the dot.

        Parameters
        ----------
        **changes : object
            As in ``replace(transport__parcel_t=30_000)``; a leaf name that is unique may stand alone.

        Returns
        -------
        Assumptions
            A checked copy.

        Raises
        ------
        AssumptionError
            If a name is unknown or ambiguous, or a value is refused.
        """
        tree, wrong = self.model_dump(), []
        for name, value in changes.items():
            try:
                *path, leaf = self._path(name.replace("__", "."))
            except AssumptionError as error:
                wrong.append(str(error))
                continue
            branch = tree
            for step in path:
                branch = branch[step]
            branch[leaf] = value
        return Assumptions._check(tree, "replace", wrong)

    def _path(self, name: str) -> list[str]:
        """Return the path of a field given by its dotted name or by a unique ending of it; a table of the user takes any key."""
        leaves = [path.split(".") for path, _ in self.leaves()]
        heads = {".".join(path[:depth]) for path in leaves for depth in range(1, len(path) + 1)}
        found = [name] if name in heads else sorted(head for head in heads if head.endswith(f".{name}"))
        table, _, key = name.rpartition(".")
        found = found or [f"{path}.{key}" for path in _list_tables(type(self), "") if table and f".{path}".endswith(f".{table}")]
        if len(found) != 1:
            why = f"ambiguous: {', '.join(found)}" if found else f"unknown{_suggest(name, heads)}"
            msg = f"assumption {name!r} is {why}"
            raise AssumptionError(msg)
        return found[0].split(".")

    def leaves(self) -> Iterator[tuple[str, object]]:
        """Yield every figure with its dotted path, in the order of the file."""
        yield from _leaves(self.model_dump(), "")

    def diff(self, other: Assumptions) -> dict[str, tuple[object, object]]:
        """Return the figures that differ: path to (here, there)."""
        here, there = dict(self.leaves()), dict(other.leaves())
        return {path: (here.get(path), there.get(path)) for path in {**here, **there} if here.get(path) != there.get(path)}

    def find_changed(self, other: Assumptions) -> dict[str, Any]:
        """Return the fields of another set that differ: dotted name to its value there as JSON, a spread or a table as a whole."""
        tree, found = other.model_dump(mode="json"), {}
        for path in self.diff(other):
            head, *rest = path.split(".")[:2]
            found[".".join([head, *rest])] = tree[head][rest[0]] if rest else tree[head]
        return found

    def fingerprint(self) -> str:
        """Return the first twelve hex digits of the SHA-256 of the figures."""
        text = json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _list_fields(section: type[Section], prefix: str) -> Iterator[str]:
    """Yield the dotted path of every field, sections first."""
    for name, field in section.model_fields.items():
        yield f"{prefix}{name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from _list_fields(field.annotation, f"{prefix}{name}.")


def _list_tables(section: type[Section], prefix: str) -> Iterator[str]:
    """Yield the dotted path of every field whose keys the user chooses."""
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from _list_tables(field.annotation, f"{prefix}{name}.")
        elif get_origin(field.annotation) is Mapping:
            yield f"{prefix}{name}"


def _suggest(name: str, known: Iterable[str]) -> str:
    """Return the known path that is written most like a name, or like its last part; blank where none is near."""
    paths = sorted(known)
    ends = {path.rpartition(".")[2]: path for path in paths}
    near = get_close_matches(name, paths, n=1) or [ends[end] for end in get_close_matches(name.rpartition(".")[2], ends, n=1)]
    return f"; did you mean {near[0]!r}?" if near else ""


def _leaves(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, object]]:
    """Walk a nested mapping."""
    for name, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
