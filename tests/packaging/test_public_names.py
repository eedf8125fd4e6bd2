"""The public names: each exists, is documented in full and imported only when it is used."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest
from numpydoc.validate import validate

import geokit

HEAVY = ("pandas", "numpy", "scipy", "geopandas", "shapely", "rasterio", "folium", "sklearn", "jinja2", "pydantic", "typer", "rich")
SECTIONS = {"PR01", "PR02", "PR03", "PR04", "PR07", "RT01", "RT03", "GL08"}


def list_imported(statement):
    """Return the heavy libraries that a fresh interpreter has loaded after a statement."""
    program = f"{statement}\nimport sys\nprint(*sorted(set(sys.modules) & set({HEAVY!r})))"
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize("name", geokit.__all__)
def test_public_name_says_what_it_takes_and_gives(name):
    value = getattr(geokit, name)
    codes = {code for code, _ in validate(f"{value.__module__}.{value.__qualname__}")["errors"]}
    assert not codes & (SECTIONS if inspect.isfunction(value) else {"GL08"})


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        geokit.no_such_name  # noqa: B018


def test_names_are_listed():
    assert set(geokit.__all__) <= set(dir(geokit))
    assert geokit.__all__ == sorted(geokit.__all__)


def test_importing_the_package_loads_nothing_heavy():
    assert list_imported("import geokit") == []


def test_the_command_line_loads_no_frames_before_a_verb_runs():
    assert {"pandas", "numpy", "geopandas", "scipy"}.isdisjoint(list_imported("import geokit.cli"))
