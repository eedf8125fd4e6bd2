"""Words and sizes that no file of the project may have: paths of a machine, hosts of registries, names that are facts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

# Written in pieces, so that this file does not find itself.
PATHS = ("/wo" + "rk/", "/tm" + "p/dev", "/ro" + "ot/", "/ho" + "me/", r"C:\\Us" + "ers", r"\.\./sha" + "red")
HOSTS = ("pypi\\.o" + "rg", "pythonho" + "sted", "registry\\.np" + "mjs", "conda\\.ana" + "conda", "--index-u" + "rl", "--extra-ind" + "ex")
PLACES = ("paki" + "stan", "balo" + "ch", "kara" + "chi", "gwa" + "dar", "bo" + "lan")
LARGEST = 4_000_000
BUILT = {".git", ".venv", "out", "dist", "build", "__pycache__", ".hypothesis"}


def list_tracked(root):
    """Return what git tracks or would track; without git, every file that is not built."""
    if (root / ".git").exists() and shutil.which("git"):
        listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, check=False,
                                 capture_output=True, text=True)  # fmt: skip
        if listing.returncode == 0:
            return [path for name in listing.stdout.split("\0") if name and (path := root / name).is_file()]
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in BUILT and not name.endswith("_cache")]
        found += [Path(folder) / name for name in names]
    return found


@pytest.fixture(scope="module")
def tracked(root):
    return list_tracked(root)


def find(paths, words, root):
    """Return place and text of every line that holds one of the words."""
    pattern = re.compile("|".join(words).encode(), re.IGNORECASE)
    lines = ((path, number, line) for path in paths for number, line in enumerate(path.read_bytes().splitlines(), 1))
    return [f"{path.relative_to(root)}:{number}: {line[:120]!r}" for path, number, line in lines if pattern.search(line)]


def test_the_search_finds_what_it_is_given(tmp_path):
    (tmp_path / "page.txt").write_text("one\nmined in " + PLACES[0].title() + "\n")
    assert find(list_tracked(tmp_path), PLACES, tmp_path) == [f"page.txt:2: {('mined in ' + PLACES[0].title()).encode()!r}"]


def test_no_file_names_a_path_of_a_machine(tracked, root):
    assert find(tracked, PATHS, root) == []


def test_no_file_names_a_registry(tracked, root):
    assert find(tracked, HOSTS, root) == []


def test_the_package_names_no_place(tracked, root):
    package = [path for path in tracked if (root / "geokit") in path.parents]
    assert len(package) > 50
    assert find(package, PLACES, root) == []


def test_no_file_is_large(tracked, root):
    assert [f"{path.relative_to(root)}: {path.stat().st_size}" for path in tracked if path.stat().st_size > LARGEST] == []
