"""Read the preferences that ship with the package, or a user's own."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from geokit.core.assumptions import Assumptions
from geokit.core.errors import AssumptionError
from geokit.io.dictionary import read_columns
from geokit.io.read import read_text_table, type_columns


def read_assumptions(path: Path | None = None) -> Assumptions:
    """Read a set of assumptions.

    Parameters
    ----------
    path : pathlib.Path, optional
        A YAML file, laid over the packaged defaults: what it leaves out keeps its default.

    Returns
    -------
    Assumptions
        Frozen and checked.

    Raises
    ------
    AssumptionError
        If the file cannot be read as YAML, or a figure is unknown or refused.
    """
    source = path or Path(str(files("geokit.defaults").joinpath("assumptions.yaml")))
    try:
        tree = read_yaml(source.read_text(encoding="utf8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        msg = f"{source}: cannot be read as YAML ({error}); give a text file like the one `geokit assumptions` prints"
        raise AssumptionError(msg) from None
    if not isinstance(tree, dict):
        msg = f"{source}: holds {type(tree).__name__}, not a mapping; give a file like the one `geokit assumptions` prints"
        raise AssumptionError(msg)
    if path:
        tree = _lay_over(_read_packaged(), tree)
    return Assumptions.build(tree, str(source))


def read_yaml(text: str) -> object:
    """Read YAML into plain values; a date stays text, so that an impossible one can be named where it stands.

    Parameters
    ----------
    text : str
        YAML.

    Returns
    -------
    object
        Mappings, lists, texts, numbers, truths and None.

    Raises
    ------
    yaml.YAMLError
        If the text is no YAML, or asks for anything but plain values.
    """
    return _PlainLoader(text).get_single_data()


class _PlainLoader(yaml.SafeLoader):
    """The safe loader without its dates."""

    yaml_implicit_resolvers = {  # noqa: RUF012  as the base class declares it
        sign: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
        for sign, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _read_packaged() -> dict[str, Any]:
    """Return the packaged assumptions as a tree."""
    tree = read_yaml(files("geokit.defaults").joinpath("assumptions.yaml").read_text(encoding="utf8"))
    return tree if isinstance(tree, dict) else {}


def _lay_over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tree with the leaves of another laid over it; what the other leaves out stays."""
    both = {name: _lay_over(base[name], tree) for name, tree in own.items() if isinstance(tree, dict) and isinstance(base.get(name), dict)}
    return {**base, **own, **both}


def read_defaults(table: str) -> pd.DataFrame:
    """Read a packaged table of preferences, typed by the data dictionary.

    Parameters
    ----------
    table : str
        ``criteria``, ``ranks`` or ``siting``.

    Returns
    -------
    pandas.DataFrame
        The rows in the order of the file.
    """
    path = Path(str(files("geokit.defaults").joinpath(f"{table}.csv")))
    return type_columns(read_text_table(path), read_columns(table))


def dump_assumptions(assumptions: Assumptions) -> str:
    """Return a set of assumptions as YAML that :func:`read_assumptions` reads back unchanged."""
    return str(yaml.safe_dump(assumptions.model_dump(), sort_keys=False, allow_unicode=True))
