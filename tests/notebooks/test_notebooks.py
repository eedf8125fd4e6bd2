"""Every notebook runs from top to bottom, and is kept without its outputs."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import folium
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cells(path):
    return [cell for cell in json.loads(path.read_text(encoding="utf8"))["cells"] if cell["cell_type"] == "code"]


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path):
    names, said = {}, io.StringIO()
    with contextlib.redirect_stdout(said):
        for cell in cells(path):
            exec(compile("".join(cell["source"]), path.name, "exec"), names)  # noqa: S102  our own notebook
    assert isinstance(names["country"], folium.Map)
    assert "beat exporting for Japan" in said.getvalue()
    assert names["study"].ranking("japan", top=1)["alternative"][0] == names["first"]
