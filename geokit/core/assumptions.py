"""What we assume, as opposed to what we know: frozen, documented under every field, printed on every output."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

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
        try:
            return cls.model_validate(dict(tree))
        except ValidationError as error:
            lines = "\n".join(f"  {'.'.join(map(str, e['loc']))}: {_shorten(e['input'])}: {e['msg']}" for e in error.errors())
            msg = f"{origin}: {error.error_count()} assumption(s) refused; `geokit assumptions` prints the valid ones:\n{lines}"
            raise AssumptionError(msg) from None

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
        if wrong:
            raise AssumptionError("\n".join(wrong))
        return Assumptions.build(tree, "replace")

    def _path(self, name: str) -> list[str]:
        """Return the path of a field given by its dotted name or by a unique ending of it."""
        leaves = [path.split(".") for path, _ in self.leaves()]
        heads = {".".join(path[:depth]) for path in leaves for depth in range(1, len(path) + 1)}
        found = [name] if name in heads else sorted(head for head in heads if head.endswith(f".{name}"))
        if len(found) != 1:
            msg = f"assumption {name!r} is {'ambiguous: ' + ', '.join(found) if found else 'unknown'}; see `geokit assumptions`"
            raise AssumptionError(msg)
        return found[0].split(".")

    def leaves(self) -> Iterator[tuple[str, object]]:
        """Yield every figure with its dotted path, in the order of the file."""
        yield from _leaves(self.model_dump(), "")

    def diff(self, other: Assumptions) -> dict[str, tuple[object, object]]:
        """Return the figures that differ: path to (here, there)."""
        here, there = dict(self.leaves()), dict(other.leaves())
        return {path: (here.get(path), there.get(path)) for path in {**here, **there} if here.get(path) != there.get(path)}

    def fingerprint(self) -> str:
        """Return the first twelve hex digits of the SHA-256 of the figures."""
        text = json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _leaves(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, object]]:
    """Walk a nested mapping."""
    for name, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
