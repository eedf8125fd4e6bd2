"""Where there is no browser the tests that need one say so and pass by; where one is required its absence is a failure."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def answers(root):
    """Run the browser tests without a browser, at once as a user and as the CI that requires one; return code and words of each."""
    command = [sys.executable, "-m", "pytest", "tests/browser", "-q", "-x", "--maxfail=1", "-p", "no:cacheprovider", "-p", "no:xdist"]
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "GEOKIT", "COV"))}
    started = [
        subprocess.Popen(command, cwd=root, env={**bare, "GEOKIT_CHROMIUM": str(root / "no-such-browser"), **more},
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for more in ({}, {"GEOKIT_REQUIRE": "browser"})
    ]  # fmt: skip
    told = [process.communicate(timeout=170)[0] for process in started]
    return [(process.returncode, words) for process, words in zip(started, told, strict=True)]


def test_without_a_browser_its_tests_are_skipped_with_a_reason(answers):
    code, told = answers[0]
    assert code == 0, told
    assert re.search(r"^\d+ skipped in", told.splitlines()[-1])
    assert re.search(r"no Chromium at .*no-such-browser: install it or set GEOKIT_CHROMIUM|playwright is not installed", told)


def test_where_a_browser_is_required_its_absence_fails(answers):
    code, told = answers[1]
    assert code == 1, told
    assert "skipped" not in told.splitlines()[-1]
