"""The locks: every pin with its hashes, no address, and everything that pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ("requirements.lock", "requirements-dev.lock")
PLATFORMS = ("linux", "darwin", "win32")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def read_pins(root, lock):
    """Return (requirement, number of hashes) of every entry."""
    entries = re.sub(r"\\\n", " ", (root / lock).read_text(encoding="utf8")).splitlines()
    lines = [line for line in entries if line.strip() and not line.lstrip().startswith("#")]
    return [(Requirement(line.split("--hash")[0].strip()), len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line))) for line in lines]


def list_groups(project, name):
    """Return the requirements of a dependency group and of the groups it includes."""
    rows = project["dependency-groups"][name]
    inner = [part for row in rows if isinstance(row, dict) for part in list_groups(project, row["include-group"])]
    return [Requirement(row) for row in rows if isinstance(row, str)] + inner


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf8"))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_one_exact_version_with_hashes(root, lock):
    pins = read_pins(root, lock)
    assert len(pins) > 40
    for requirement, hashes in pins:
        assert re.fullmatch(r"==[0-9][0-9A-Za-z.+!]*", str(requirement.specifier)), requirement
        assert requirement.url is None, requirement
        assert hashes >= 1, requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address_and_no_folder(root, lock):
    text = (root / lock).read_text(encoding="utf8")
    assert not re.search(r"://|file:|--index|--extra|--find-links|--trusted|(^|\s)-[ief] ", text)


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_no_platform_is_given_two_versions_of_a_package(root, lock, platform, python):
    machine = {**default_environment(), "sys_platform": platform, "python_version": python, "python_full_version": f"{python}.4"}
    chosen = [canonicalize_name(one.name) for one, _ in read_pins(root, lock) if one.marker is None or one.marker.evaluate(machine)]
    assert len(chosen) == len(set(chosen))


def test_runtime_lock_meets_the_project_and_its_build_backend(root, project):
    asked = [Requirement(text) for text in (*project["project"]["dependencies"], *project["build-system"]["requires"])]
    check_met(asked, read_pins(root, "requirements.lock"))


def test_dev_lock_meets_the_dev_group(root, project):
    check_met(list_groups(project, "dev"), read_pins(root, "requirements-dev.lock"))


def check_met(asked, pins):
    """Assert that each requirement has a pin, and that every pin of that name satisfies it."""
    for wanted in asked:
        versions = [next(iter(pin.specifier)).version for pin, _ in pins if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]
        assert versions, wanted
        assert all(wanted.specifier.contains(version) for version in versions), wanted


def test_dev_lock_holds_the_runtime_lock_unchanged(root):
    runtime, dev = ({str(pin) for pin, _ in read_pins(root, lock)} for lock in LOCKS)
    assert runtime <= dev


def test_build_group_is_the_build_system(project):
    assert project["dependency-groups"]["build"] == project["build-system"]["requires"]
