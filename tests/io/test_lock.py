"""A folder is locked by one process at a time, and by none that is gone."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from geokit.core.errors import OutputError
from geokit.io import lock
from geokit.io.lock import hold_lock, tell_trouble

HOLD = """
import sys, time
from pathlib import Path
from geokit.io.lock import hold_lock

with hold_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read(1)
"""


def test_the_lock_lies_beside_the_folder_and_goes(tmp_path):
    with hold_lock(tmp_path / "out"):
        assert [path.name for path in tmp_path.iterdir()] == [".out.lock"]
    assert list(tmp_path.iterdir()) == []


def test_it_is_given_up_when_the_work_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), hold_lock(tmp_path / "out"):
        raise ZeroDivisionError
    with hold_lock(tmp_path / "out"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_nobody_else_may_hold_it_meanwhile(tmp_path):
    with hold_lock(tmp_path / "out"):
        with pytest.raises(OutputError, match="out: another run is writing it"), hold_lock(tmp_path / "out"):
            pytest.fail("held twice")
        with hold_lock(tmp_path / "other"):
            pass
    with hold_lock(tmp_path / "out"):
        pass


def hold_elsewhere(folder):
    run = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert run.stdout.readline() == b"held\n"
    return run


def test_another_process_holds_it_until_it_ends(tmp_path):
    with hold_elsewhere(tmp_path / "out") as run:
        with pytest.raises(OutputError, match="another run is writing it"), hold_lock(tmp_path / "out"):
            pytest.fail("held twice")
        run.stdin.write(b"x")
    with hold_lock(tmp_path / "out"):
        pass


def test_a_killed_process_holds_none_though_its_file_stays(tmp_path):
    with hold_elsewhere(tmp_path / "out") as run:
        run.kill()
    assert [path.name for path in tmp_path.iterdir()] == [".out.lock"]
    with hold_lock(tmp_path / "out"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_taken_away_before_we_held_it_is_made_anew(tmp_path, monkeypatch):
    real, taken = lock._lock, []

    def take_away(file):
        real(file)
        if not taken:
            taken.append(file)
            (tmp_path / ".out.lock").unlink()

    monkeypatch.setattr(lock, "_lock", take_away)
    with hold_lock(tmp_path / "out"):
        monkeypatch.setattr(lock, "_lock", real)
        with pytest.raises(OutputError, match="another run"), hold_lock(tmp_path / "out"):
            pytest.fail("held twice")
    assert taken


def count_open():
    """Count the open files of this process, where the system tells."""
    told = Path("/proc/self/fd")
    return len(list(told.iterdir())) if told.is_dir() else 0


def test_a_system_without_locks_says_so(tmp_path, monkeypatch):
    def fail(_file):
        raise OSError(errno.ENOLCK, "No locks available")

    before = count_open()
    monkeypatch.setattr(lock, "_lock", fail)
    with pytest.raises(OutputError, match=r"out: cannot be written \(No locks available\)"), hold_lock(tmp_path / "out"):
        pytest.fail("held")
    assert count_open() == before


def test_a_parent_that_is_not_there_is_told(tmp_path):
    told = r"out: cannot be written \(No such file or directory\); choose a folder"
    with pytest.raises(OutputError, match=told), hold_lock(tmp_path / "absent" / "out"):
        pytest.fail("held")


def test_only_what_the_system_says_is_turned_into_our_error(tmp_path):
    with pytest.raises(ValueError, match="mine"), tell_trouble(tmp_path):
        raise ValueError("mine")
    with pytest.raises(OutputError, match="cannot be written") as told, tell_trouble(tmp_path):
        raise OSError("no number")
    assert "no number" in str(told.value)
    assert isinstance(told.value.__cause__, OSError)
