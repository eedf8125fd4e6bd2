"""The written tables of the whole study as plain rows, for programs that know nothing of geokit."""

from __future__ import annotations

import csv

import pytest

from geokit.outputs.export import write_tables


@pytest.fixture(scope="session")
def written(study, tmp_path_factory):
    """Read the written tables back: name to a list of rows, figures as floats and None for a blank figure."""
    tables = {}
    for path in write_tables(study, tmp_path_factory.mktemp("written")):
        with path.open(newline="", encoding="utf8") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


@pytest.fixture(scope="session")
def number():
    """Read a written figure, None where there is none."""
    return lambda cell: float(cell) if cell else None
