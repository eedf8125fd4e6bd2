"""The page is sealed: no address is asked for, hostile text stays text, and the bytes do not depend on the hash seed."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from geokit.core.errors import OutputError
from geokit.outputs.page import SCRIPTS, STYLES, render_page, write_page
from geokit.outputs.report import render_report

ASSETS = files("geokit.outputs").joinpath("assets")


@pytest.fixture(scope="module")
def page(sample):
    return render_page(sample)


def test_nothing_is_fetched(page):
    leaflet = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)[0]  # its credit, which we print as text, is a link
    page = page.replace(leaflet, "")
    assert not re.search(r"""\b(src|href|action)\s*=\s*["']?\s*(https?:)?//""", page)
    assert not re.search(r"url\(\s*['\"]?(?!#|data:)", page)
    assert "sourceMappingURL" not in page
    assert "@import" not in page


def test_the_policy_names_exactly_the_scripts_of_the_page(page):
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts}
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page).group(1).replace("&#39;", "'")
    assert digests == set(re.findall(r"'sha256-([^']+)'", policy))
    assert len(digests) == 2
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy


def test_hostile_names_never_become_markup(hostile, hostile_words):
    text = render_page(hostile)
    assert text.count("<script") == 3
    assert text.count("</script") == 3
    for words in hostile_words[:2]:
        assert words not in text
    assert "\\u003cimg src=x" in text


def test_the_page_is_small_enough_to_mail(page):
    assert len(page.encode()) < 2_800_000


def test_words_on_every_output(page):
    for words in ("Screening, not a feasibility study", "Not legal advice", "2026-11-22"):
        assert words in page


def test_write_page_returns_the_path(sample, tmp_path):
    path = write_page(sample, tmp_path / "out" / "map.html")
    assert path == tmp_path / "out" / "map.html"
    assert path.read_bytes().startswith(b"<!doctype html>")


def test_a_page_that_cannot_be_written_is_our_error(sample, tmp_path):
    (tmp_path / "map.html").mkdir()
    with pytest.raises(OutputError, match=r"map\.html"):
        write_page(sample, tmp_path / "map.html")


@pytest.mark.parametrize("name", [entry.name for entry in ASSETS.iterdir() if entry.name.endswith((".js", ".css"))])
def test_our_assets_are_short_and_build_elements_only(name):
    text = ASSETS.joinpath(name).read_text(encoding="utf8")
    assert len(text.splitlines()) <= 400
    for banned in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "XMLHttpRequest",
        "localStorage",
        "Math.random",
    ):
        assert banned not in text


def test_every_asset_is_used():
    named = {f"{name}.js" for name in SCRIPTS} | {f"{name}.css" for name in STYLES} | {"report.css", "messages.csv"}
    assert {entry.name for entry in ASSETS.iterdir() if not entry.name.startswith("__")} == named


BUILD = """
import runpy, sys, hashlib
from geokit.catalog import read_layers
from geokit.io.defaults import read_assumptions, read_defaults
from geokit.outputs.page import render_page
from geokit.outputs.report import render_report
from geokit.study.alternatives import build_alternatives
layers = read_layers()
make = runpy.run_path(sys.argv[1])["build_sample"]
study = make(layers, build_alternatives(layers, read_defaults("siting")), read_assumptions())
sys.stdout.write(hashlib.sha256((render_page(study) + render_report(study)).encode()).hexdigest())
"""


def test_bytes_do_not_depend_on_the_hash_seed(page, sample):
    """This process has a seed of its own, drawn or given; the other gets another one."""
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    script = str(Path(__file__).with_name("sample_study.py"))
    done = subprocess.run(
        [sys.executable, "-c", BUILD, script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
    )
    assert done.stdout == hashlib.sha256((page + render_report(sample)).encode()).hexdigest()
