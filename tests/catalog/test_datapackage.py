"""The data package is valid, and vouches for the bytes that stand beside it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geokit.catalog import find_layers
from geokit.core.columns import split_ids

ROOT = Path(__file__).resolve().parents[2]
LAYERS = find_layers()


@pytest.fixture(scope="module")
def package():
    return json.loads((LAYERS / "datapackage.json").read_text(encoding="utf8"))


def test_the_hashes_are_those_of_the_files(package):
    stale = [
        resource["path"]
        for resource in package["resources"]
        if resource["hash"] != "sha256:" + hashlib.sha256((LAYERS / resource["path"]).read_bytes()).hexdigest()
    ]
    assert stale == [], "run python recipes/datapackage.py"


def test_every_file_is_a_resource(package):
    paths = {path.relative_to(LAYERS).as_posix() for path in LAYERS.rglob("*") if path.is_file()}
    assert {resource["path"] for resource in package["resources"]} == paths - {"datapackage.json"}


def test_nothing_of_ours_is_marked_as_modified(layers):
    assert layers.modified == ()


def test_the_package_says_version_date_and_licence(package):
    assert package["version"]
    assert package["verified_on"] == "2026-11-22"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"


def test_keys_and_bounds_reach_the_schema(package):
    resources = {resource["name"]: resource for resource in package["resources"]}
    deposits = resources["deposits"]["schema"]
    fields = {field["name"]: field for field in deposits["fields"]}
    assert deposits["primaryKey"] == ["deposit_id"]
    assert fields["lat"]["constraints"]["minimum"] == -90.0
    assert fields["historical_estimate"]["type"] == "boolean"
    assert {"fields": "parent_id", "reference": {"resource": "", "fields": "deposit_id"}} in deposits["foreignKeys"]


def test_every_resource_says_its_terms_its_sources_and_what_it_is(package, layers):
    terms = layers["resources"].set_index("layer")
    for resource in package["resources"]:
        row = terms.loc[Path(resource["path"]).stem]
        (licence,) = resource["licenses"]
        assert licence["name"] == row["licence"]
        assert licence["path"].startswith("https://")
        titles = layers.sources.loc[list(split_ids(row["source_ids"])), "title"]
        assert [source["title"] for source in resource["sources"]] == titles.tolist()
        assert resource["description"]
        assert resource.get("attribution", "") == row["attribution"]
        assert resource["limits"] == row["limits"]


def test_the_recipe_gives_the_same_bytes(package):
    recipe = ROOT / "recipes" / "datapackage.py"
    if not recipe.exists():
        pytest.skip("recipes are not in the wheel")
    code = f"import runpy; p = runpy.run_path({str(recipe)!r}); import json; print(json.dumps(p['describe_package']()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert json.loads(done.stdout) == package


@pytest.fixture
def recipe(folder, monkeypatch):
    """Return the recipe, at work on a folder that may be broken."""
    path = ROOT / "recipes" / "datapackage.py"
    if not path.exists():
        pytest.skip("recipes are not in the wheel")
    spec = importlib.util.spec_from_file_location("datapackage", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "LAYERS", folder)
    return module


def test_a_file_without_terms_is_refused(recipe, folder):
    (folder / "boundaries" / "roads.geojson").write_text('{"type":"FeatureCollection","features":[]}', encoding="utf8")
    with pytest.raises(SystemExit, match=r"roads\.geojson.*resources\.csv"):
        recipe.describe_package()


def test_terms_without_a_file_are_refused(recipe, folder):
    (folder / "boundaries" / "neighbours.geojson").unlink()
    with pytest.raises(SystemExit, match=r"neighbours.*names no file"):
        recipe.describe_package()


@pytest.mark.parametrize("licence", ["ODbL-1.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "GPL-3.0", ""])
def test_terms_that_forbid_redistribution_are_refused(recipe, edit, licence):
    edit("resources.csv", "neighbours,other-pd,", f"neighbours,{licence},")
    with pytest.raises(SystemExit, match=r"neighbours: licence.*is not allowed"):
        recipe.describe_package()


def test_a_table_that_nobody_declared_is_refused(recipe, folder):
    (folder / "economics" / "wages.csv").write_text("a\n1\n", encoding="utf8")
    with pytest.raises(SystemExit, match="wages"):
        recipe.describe_package()


def test_another_byte_gives_another_hash(recipe, edit, package):
    edit("economics/charges.csv", "cu_tc_annual", "cu_tc_yearly")
    hashes = {resource["name"]: resource["hash"] for resource in recipe.describe_package()["resources"]}
    changed = {resource["name"] for resource in package["resources"] if hashes[resource["name"]] != resource["hash"]}
    assert changed == {"charges"}


def test_frictionless_finds_the_package_valid():
    if importlib.util.find_spec("frictionless") is None:
        pytest.skip("frictionless is not installed")
    program = [sys.executable, "-m", "frictionless", "validate", str(LAYERS / "datapackage.json"), "--json"]
    done = subprocess.run(program, capture_output=True, text=True, check=False, env=_environment())
    report = json.loads(done.stdout)
    assert report["valid"], [task["errors"][:3] for task in report["tasks"] if not task["valid"]]


def _environment():
    """Return this environment with the repository on the path and no way to the net."""
    return os.environ | {"PYTHONPATH": str(ROOT), "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
