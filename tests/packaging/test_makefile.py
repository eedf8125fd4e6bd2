"""The Makefile: help comes first and lists every command; a Python that does not fit is refused in one clear line."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess

import pytest

if shutil.which("make") is None:
    pytest.skip("make is not installed", allow_module_level=True)


def run_make(folder, *arguments):
    return subprocess.run(["make", *arguments], cwd=folder, check=False, capture_output=True, text=True)


@pytest.fixture
def checkout(root, tmp_path):
    """Copy what making an environment needs, into a folder with a blank in its name."""
    folder = tmp_path / "a checkout"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(root / name, folder)
    shutil.copytree(root / "tools", folder / "tools")
    return folder


def write_python(folder, lines):
    """Write a program that stands in for a Python."""
    path = folder / "python-stand-in"
    path.write_text("#!/bin/sh\n" + lines)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_help_is_the_default_and_lists_every_command(root):
    text = (root / "Makefile").read_text(encoding="utf8")
    told = re.findall(r"^  make ([a-z]+)", run_make(root).stdout, re.MULTILINE)
    assert told == re.findall(r"^([a-z]+):.*##", text, re.MULTILINE)
    assert sorted(told) == sorted(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split())


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("exit 127\n", "does not run"),
        ('case "$*" in *sys.exit*) exit 1;; *) echo 3.9.2;; esac\n', "needs Python 3.11 to 3.14, but .* is 3.9.2"),
        ('case "$*" in *ensurepip*) exit 1;; *) echo 3.12.0;; esac\n', "cannot make environments.*python3-venv"),
    ],
)
def test_a_python_that_does_not_fit_is_refused_and_leaves_nothing(checkout, program, words):
    answer = run_make(checkout, "run", f"PYTHON={write_python(checkout, program)}")
    assert answer.returncode == 2
    assert re.search(words, answer.stderr)
    assert "Traceback" not in answer.stderr
    assert not (checkout / ".venv").exists()


def test_a_changed_lock_installs_again(checkout):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    for name in ("bin/python", "runtime", "dev"):
        (checkout / ".venv" / name).touch()
    assert run_make(checkout, "--question", ".venv/dev").returncode == 0
    assert run_make(checkout, "--question", ".venv/dev", "--what-if=requirements.lock").returncode == 1
    assert run_make(checkout, "--question", ".venv/dev", "--what-if=requirements-dev.lock").returncode == 1
