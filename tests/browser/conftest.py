"""A headless browser with its network cut, and pages opened from disk."""

from __future__ import annotations

import os
import runpy
import shutil
import warnings
from pathlib import Path

import pytest

from geokit.outputs.page import write_page

SAMPLE = runpy.run_path(str(Path(__file__).parents[1] / "outputs" / "sample_study.py"))
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def give_up(reason):
    """Skip with the reason, or fail when the browser was required."""
    required = "browser" in os.environ.get("GEOKIT_REQUIRE", "")
    (pytest.fail if required else pytest.skip)(reason)


@pytest.fixture(scope="session")
def browser():
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415  optional on a user's machine
    except ImportError:
        give_up("playwright is not installed: pip install playwright")
    path = os.environ.get("GEOKIT_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        give_up(f"no Chromium at {path}: install it or set GEOKIT_CHROMIUM")
    with sync_playwright() as driver:
        try:
            chromium = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            give_up(f"Chromium does not start: {error}")
        yield chromium
        chromium.close()


@pytest.fixture
def build_sample(layers, alternatives, assumptions):
    """Make the plain sample study."""
    return lambda: SAMPLE["build_sample"](layers, alternatives, assumptions)


@pytest.fixture(scope="session")
def pages(layers, alternatives, assumptions, tmp_path_factory):
    """The plain and the hostile page on disk."""
    folder = tmp_path_factory.mktemp("pages")
    build = SAMPLE["build_sample"]
    return {
        name: write_page(build(layers, alternatives, assumptions, hostile=name == "hostile"), folder / f"{name}.html")
        for name in ("plain", "hostile")
    }


@pytest.fixture
def opened(browser, pages):
    """Open a page; at the end nothing may have been asked of the network and nothing said in the console."""
    contexts, asked, said = [], [], []

    def open_page(name="plain", width=1440, height=900, address="", **options):
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.goto(pages[name].as_uri() + address)
        page.wait_for_selector("body[data-ready=yes]", timeout=15_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert said == []


@pytest.fixture(scope="session")
def probes():
    """Return what a probe of ``probes.js`` finds on a page: ``nameless``, ``poor``, ``cut``, ``odd`` what is wrong, ``headings`` levels."""
    script = Path(__file__).with_name("probes.js").read_text(encoding="utf8")
    return lambda page, name: page.evaluate(f"() => {{ {script}\nreturn {name}(); }}")
