"""A folder is filled in one move or not at all, whatever stops the run, and what others put there stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.core.errors import OutputError
from geokit.io import stage
from geokit.io.stage import stage_folder

NAMES = ("a.csv", "b.csv", "c.csv", "manifest.json")
KILLS = 20
ENDLESS = """
import sys
from pathlib import Path
from geokit.io.stage import stage_folder

turn = int(sys.argv[2])
print("ready", flush=True)
while True:
    turn += 1
    with stage_folder(Path(sys.argv[1])) as draft:
        for name in {names}:
            (draft / name).write_text(str(turn) * 2000)
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def fill(folder, words, *, ours=(), files=NAMES):
    with stage_folder(folder, ours) as draft:
        for name in files:
            (draft / name).write_text(words, encoding="utf8")


def read(folder):
    return {path.name: path.read_text(encoding="utf8") for path in folder.iterdir() if path.is_file()}


def test_files_appear_together_and_the_draft_is_gone(tmp_path):
    with stage_folder(tmp_path / "deep" / "out") as draft:
        (draft / "a.csv").write_text("a", encoding="utf8")
        assert not (tmp_path / "deep" / "out").exists()
    assert names(tmp_path / "deep") == ["out"]
    assert names(tmp_path / "deep" / "out") == ["a.csv"]


def test_the_old_folder_is_whole_until_the_end(tmp_path):
    out = tmp_path / "out"
    fill(out, "old")
    with stage_folder(out) as draft:
        for name in NAMES:
            (draft / name).write_text("new", encoding="utf8")
        assert read(out) == dict.fromkeys(NAMES, "old")
    assert read(out) == dict.fromkeys(NAMES, "new")
    assert names(tmp_path) == ["out"]


def test_what_else_lies_there_stays(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf8")
    with stage_folder(tmp_path) as draft:
        (draft / "a.csv").write_text("new", encoding="utf8")
    assert names(tmp_path) == ["a.csv", "notes.txt"]


def lay_foreign(out):
    """Put in what a person might: a file, a folder with files, a link to a folder, and a link to nothing."""
    (out / "notes.txt").write_text("mine", encoding="utf8")
    (out / "pictures" / "more").mkdir(parents=True)
    (out / "pictures" / "more" / "site.txt").write_text("a picture", encoding="utf8")
    (out / "elsewhere").symlink_to(out.parent)
    (out / "nowhere").symlink_to(out / "gone")


def look_foreign(out):
    return (
        (out / "notes.txt").read_text(encoding="utf8"),
        (out / "pictures" / "more" / "site.txt").read_text(encoding="utf8"),
        (out / "elsewhere").is_symlink(),
        (out / "nowhere").is_symlink(),
    )


FOREIGN = ("mine", "a picture", True, True)


@pytest.mark.parametrize("way", ["exchange", "two steps", "no links"])
def test_files_folders_and_links_of_others_stay_on_every_system(tmp_path, monkeypatch, way):
    if way == "two steps":
        monkeypatch.setattr(stage, "_exchange", lambda *_: False)
    if way == "no links":
        monkeypatch.setattr(os, "link", refuse)
    out = tmp_path / "out"
    fill(out, "old")
    lay_foreign(out)
    fill(out, "new")
    assert look_foreign(out) == FOREIGN
    assert {name: words for name, words in read(out).items() if name in NAMES} == dict.fromkeys(NAMES, "new")
    assert names(tmp_path) == ["out"]


def refuse(*_args, **_options):
    raise PermissionError(1, "Operation not permitted")


def test_what_an_earlier_run_wrote_goes_with_it_and_nothing_else(tmp_path):
    out = tmp_path / "out"
    fill(out, "old", files=("a.csv", "report.pdf"))
    (out / "mine.csv").write_text("mine", encoding="utf8")
    fill(out, "new", ours=["a.csv", "report.pdf"], files=("a.csv", "b.csv"))
    assert read(out) == {"a.csv": "new", "b.csv": "new", "mine.csv": "mine"}


def test_the_folder_keeps_who_may_read_it(tmp_path):
    out = tmp_path / "out"
    out.mkdir(mode=0o750)
    out.chmod(0o750)
    fill(out, "new")
    assert out.stat().st_mode & 0o777 == 0o750


def test_a_new_folder_may_be_read_like_any_other(tmp_path):
    (tmp_path / "other").mkdir()
    fill(tmp_path / "out", "new")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_to_a_folder_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    fill(tmp_path / "out", "new")
    assert (tmp_path / "out").is_symlink()
    assert read(tmp_path / "real") == dict.fromkeys(NAMES, "new")


def test_the_working_folder_stays_the_same_folder(tmp_path, monkeypatch):
    out = tmp_path / "out"
    fill(out, "old", files=("a.csv", "gone.csv"))
    lay_foreign(out)
    monkeypatch.chdir(out)
    before = out.stat().st_ino
    fill(out, "new", ours=["a.csv", "gone.csv"])
    assert out.stat().st_ino == before
    assert look_foreign(out) == FOREIGN
    assert {name: words for name, words in read(out).items() if name != "notes.txt"} == dict.fromkeys(NAMES, "new")


def _stop_halfway(folder, stop):
    with stage_folder(folder) as draft:
        (draft / "a.csv").write_text("new", encoding="utf8")
        raise stop


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_a_run_that_stops_changes_nothing(tmp_path, stop):
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.csv").write_text("old", encoding="utf8")
    with pytest.raises(stop):
        _stop_halfway(out, stop)
    assert (out / "a.csv").read_text(encoding="utf8") == "old"
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("way", ["exchange", "two steps"])
@pytest.mark.parametrize("at", ["_carry", "_clear"])
def test_an_interrupt_in_the_swap_itself_leaves_one_whole_folder(tmp_path, monkeypatch, way, at):
    out = tmp_path / "out"
    fill(out, "old")
    lay_foreign(out)
    if way == "two steps":
        monkeypatch.setattr(stage, "_exchange", lambda *_: False)
    real, calls = getattr(stage, at), []

    def stop(*args, **options):
        calls.append(args)
        if at == "_carry" or options:  # options: the clearing that ends a swap
            raise KeyboardInterrupt
        return real(*args, **options)

    monkeypatch.setattr(stage, at, stop)
    with pytest.raises(KeyboardInterrupt):
        fill(out, "new")
    assert calls
    monkeypatch.setattr(stage, at, real)
    assert {name: words for name, words in read(out).items() if name in NAMES} in (dict.fromkeys(NAMES, one) for one in ("old", "new"))
    fill(out, "next")
    assert look_foreign(out) == FOREIGN
    assert names(tmp_path) == ["out"]


def test_a_failed_second_step_brings_the_old_folder_back(tmp_path, monkeypatch):
    out = tmp_path / "out"
    fill(out, "old")
    monkeypatch.setattr(stage, "_exchange", lambda *_: False)
    real = stage.Path.rename

    def fail(path, target):
        if path.name.endswith(".part"):
            raise OSError(28, "No space left on device")
        return real(path, target)

    monkeypatch.setattr("pathlib.Path.rename", fail)
    with pytest.raises(OutputError, match="No space left on device"):
        fill(out, "new")
    assert read(out) == dict.fromkeys(NAMES, "old")
    assert names(tmp_path) == ["out"]


@pytest.mark.skipif(sys.platform != "linux", reason="two names are swapped in one step on Linux alone")
def test_two_names_are_swapped_in_one_step(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not stage._exchange(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this file system cannot swap names")
    assert names(tmp_path / "one") == ["other"]
    assert names(tmp_path / "other") == ["one"]
    assert not stage._exchange(tmp_path / "one", tmp_path / "absent")


def test_a_folder_set_aside_by_a_killed_run_comes_back(tmp_path):
    fill(tmp_path / ".out.old", "old")
    fill(tmp_path / ".out.part", "half")
    with pytest.raises(KeyboardInterrupt):
        _stop_halfway(tmp_path / "out", KeyboardInterrupt)
    assert read(tmp_path / "out") == dict.fromkeys(NAMES, "old")
    assert names(tmp_path) == ["out"]


@settings(max_examples=25, deadline=None)
@given(
    old=st.sets(st.sampled_from("abcdef"), min_size=1),
    new=st.sets(st.sampled_from("abcdef"), min_size=1),
    ours=st.sets(st.sampled_from("abcdef")),
    swaps=st.booleans(),
)
def test_after_a_run_there_lies_what_it_wrote_and_what_is_not_ours(tmp_path_factory, old, new, ours, swaps):
    out = tmp_path_factory.mktemp("law") / "out"
    fill(out, "old", files=sorted(old))
    with pytest.MonkeyPatch.context() as patch:
        if not swaps:
            patch.setattr(stage, "_exchange", lambda *_: False)
        fill(out, "new", ours=ours, files=sorted(new))
    assert read(out) == dict.fromkeys(old - ours - new, "old") | dict.fromkeys(new, "new")


def test_a_file_in_the_way_is_an_error_of_ours(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf8")
    for wanted in (tmp_path / "file" / "out", tmp_path / "file"):
        with pytest.raises(OutputError, match="choose a folder"), stage_folder(wanted):
            pass
    assert names(tmp_path) == ["file"]


def test_a_read_only_folder_is_told_at_once(tmp_path, monkeypatch):
    out = tmp_path / "out"
    fill(out, "old")
    monkeypatch.setattr(os, "access", lambda path, _mode: path != out)
    with pytest.raises(OutputError, match=r"out: cannot be written \(it is read-only\); choose a folder"), stage_folder(out):
        pytest.fail("the run went on")
    assert read(out) == dict.fromkeys(NAMES, "old")


def test_the_root_is_refused(tmp_path):
    with pytest.raises(OutputError, match="root of the file system"), stage_folder(tmp_path.__class__(tmp_path.anchor)):
        pytest.fail("the run went on")


def test_a_second_run_into_the_same_folder_is_refused_and_the_first_goes_on(tmp_path):
    out = tmp_path / "out"
    with stage_folder(out) as draft:
        (draft / "a.csv").write_text("first", encoding="utf8")
        with pytest.raises(OutputError, match="another run is writing it; wait until it has ended, or choose another"), stage_folder(out):
            pytest.fail("the second run went on")
        fill(tmp_path / "other", "second")
    assert read(out) == {"a.csv": "first"}
    assert names(tmp_path) == ["other", "out"]


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_a_run_killed_at_any_moment_leaves_one_whole_folder(tmp_path):
    out, clock = tmp_path / "out", np.random.default_rng(11)
    fill(out, "0" * 2000)
    lay_foreign(out)
    program, seen = ENDLESS.format(names=NAMES), set()
    for kill in range(KILLS):
        run = subprocess.Popen([sys.executable, "-c", program, str(out), str(100 * kill)], stdout=subprocess.PIPE)
        with run:
            assert run.stdout.readline() == b"ready\n"
            time.sleep(clock.uniform(0.0, 0.02))
            run.send_signal(signal.SIGKILL)
        words = {words for name, words in read(out).items() if name in NAMES}
        assert len(words) == 1, f"kill {kill} left a mixture"
        assert set(NAMES) <= set(names(out))
        assert (out / "notes.txt").read_text(encoding="utf8") == "mine"
        seen |= words
    fill(out, "last")
    assert look_foreign(out) == FOREIGN
    assert {name: words for name, words in read(out).items() if name in NAMES} == dict.fromkeys(NAMES, "last")
    assert names(tmp_path) == ["out"]
    assert len(seen) > 1
