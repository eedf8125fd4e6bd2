"""What the packaging tests share: the built archives and a read-only environment that holds the wheel and no repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command, **where):
    """Run a program to its end and return what it printed; if it fails, its own words are the message of the test."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, **where)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture(scope="session")
def program():
    return run


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def archives(tmp_path_factory):
    """Build the wheel and the source archive as ``make wheel`` does; hatchling asks no network."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="session")
def wheel(archives):
    return next(archives.glob("*.whl"))


@pytest.fixture(scope="session")
def sdist(archives):
    return next(archives.glob("*.tar.gz"))


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """Install the wheel into a fresh environment and take the right to write there away.

    The libraries come from the environment of the tests: a .pth file puts them behind the fresh one on the path, so geokit itself is
    always the installed wheel. Returns the folder of the environment.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / "env"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    libraries = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (site / "libraries.pth").write_text("\n".join(libraries) + "\n")
    pip = [sys.executable, "-m", "pip", "--python", folder, "install", "--quiet", "--no-index", "--no-deps", "--ignore-installed", wheel]
    run(*pip, env=clean_environment(folder, HOME=str(folder.parent)))
    for path in (site, *site.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    yield folder
    for path in (site, *site.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    shutil.rmtree(folder)


def clean_environment(folder, **more):
    """Return the variables of a user who has nothing: an empty home, no PYTHONPATH, no GEOKIT_LAYERS."""
    home = Path(folder).parent / "home"
    home.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    return {**kept, "HOME": str(home), **more}


@pytest.fixture(scope="session")
def environment(installed):
    def make(**more):
        return clean_environment(installed, **more)

    return make
