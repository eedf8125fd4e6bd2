"""Read the preferences that ship with the package, or a user's own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

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
        A YAML file; the packaged defaults when not given.

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
        tree = yaml.safe_load(source.read_text(encoding="utf8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        msg = f"{source}: cannot be read as YAML ({error}); give a text file like the one `geokit assumptions` prints"
        raise AssumptionError(msg) from None
    if not isinstance(tree, dict):
        msg = f"{source}: holds {type(tree).__name__}, not a mapping; give a file like the one `geokit assumptions` prints"
        raise AssumptionError(msg)
    return Assumptions.build(tree, str(source))


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
