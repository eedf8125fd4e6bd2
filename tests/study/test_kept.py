"""Freight kept on disk: the same question finds it, another does not, damage is no answer, and the folder stays small."""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path

import pandas as pd
import pytest

from geokit.study import kept
from geokit.study.freight import COUNT
from geokit.study.kept import Store, find_store, mark_freight

FRAMES = {
    "hauls": pd.DataFrame({"origin_id": ["a", "b"], "km": [1.5, float("nan")]}),
    "none": pd.DataFrame({"x": pd.Series([], dtype=float)}),
}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "kept")


def test_what_was_kept_is_read_as_it_was(store):
    assert store.read("k") is None
    store.write("k", FRAMES)
    again = store.read("k")
    assert again.keys() == FRAMES.keys()
    for name, frame in FRAMES.items():
        pd.testing.assert_frame_equal(again[name], frame, check_dtype=False, check_column_type=False)
    assert store.read("another") is None


@pytest.mark.parametrize("damage", [b"", b"PK not a zip", None])
def test_a_damaged_entry_is_no_answer(store, damage):
    store.write("k", FRAMES)
    path = next(store.folder.iterdir())
    content = path.read_bytes()
    path.write_bytes(content[:-200] + b"x" * 200 if damage is None else damage)
    assert store.read("k") is None
    store.write("k", FRAMES)
    assert store.read("k") is not None


def test_an_entry_under_the_name_of_another_is_no_answer(store):
    store.write("k", FRAMES)
    path = next(store.folder.iterdir())
    path.rename(path.with_name(path.name.replace("k.", "other.", 1)))
    assert store.read("other") is None


def test_the_entries_used_longest_ago_go_first(tmp_path):
    folder = tmp_path / "kept"
    Store(folder).write("size", FRAMES)
    size = next(folder.iterdir()).stat().st_size
    Store(folder).clear()
    store = Store(folder, largest=2 * size + 10)
    for place, key in enumerate("abc"):
        store.write(key, FRAMES)
        if (path := folder / f"{key}{kept.ENDING}").exists():
            os.utime(path, (1000 + place, 1000 + place))
        if key == "b":
            store.read("a")
    assert sorted(store.list_entries()["key"]) == ["a", "c"]


def test_clearing_takes_entries_and_nothing_else(store):
    store.write("k", FRAMES)
    (store.folder / "letter.txt").write_text("mine", encoding="utf8")
    assert store.clear() == 1
    assert [path.name for path in store.folder.iterdir()] == ["letter.txt"]
    assert store.clear() == 0


def test_a_folder_that_cannot_be_written_is_let_go(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf8")
    store = Store(tmp_path / "file" / "kept")
    store.write("k", FRAMES)
    assert store.read("k") is None


@pytest.mark.parametrize(
    ("wanted", "environment", "folder"),
    [
        (None, {}, None),
        (False, {"GEOKIT_CACHE": "there"}, None),
        (None, {"GEOKIT_CACHE": "there"}, Path("there")),
        (True, {"GEOKIT_CACHE": "there"}, Path("there")),
    ],
)
def test_nothing_is_kept_unless_somebody_asks(wanted, environment, folder):
    store = find_store(wanted=wanted, environment=environment)
    assert (store and store.folder) == folder


@pytest.mark.skipif(sys.platform != "linux", reason="the rule of the desktop specification")
def test_the_folder_of_the_user_follows_the_desktop_specification(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_store(wanted=True, environment={}).folder == tmp_path / ".cache" / "geokit"
    assert find_store(wanted=True, environment={"XDG_CACHE_HOME": "fast"}).folder == Path("fast") / "geokit"


def test_the_mark_follows_what_freight_reads_and_nothing_else(layers, assumptions):
    mark = mark_freight(layers, assumptions, COUNT)
    assert mark_freight(layers, assumptions.replace(controls__regime="lifted", title="x"), COUNT) == mark
    assert mark_freight(layers, assumptions.replace(parcel_t=30000), COUNT) != mark
    links = layers["links"]
    shorter = links.assign(length_km=links["length_km"] + 1e-9) if "length_km" in links else links.iloc[1:]
    other = dataclasses.replace(layers, tables={**layers.tables, "links": shorter})
    assert mark_freight(other, assumptions, COUNT) != mark
    raster = dataclasses.replace(layers, sha256={**layers.sha256, "terrain/elevation.tif": "0" * 64})
    assert mark_freight(raster, assumptions, COUNT) != mark


def test_another_version_finds_nothing(layers, assumptions, monkeypatch):
    mark = mark_freight(layers, assumptions, COUNT)
    monkeypatch.setattr(kept, "__version__", "99.0")
    assert mark_freight(layers, assumptions, COUNT) != mark


def test_an_entry_that_cannot_be_marked_as_used_is_read_all_the_same(tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.write("a", {"one": pd.DataFrame({"x": [1.0]})})

    def refuse(*_words):
        raise PermissionError(13, "read-only")

    monkeypatch.setattr("os.utime", refuse)
    assert store.read("a")["one"]["x"].tolist() == [1.0]


def test_an_entry_that_another_run_drops_meanwhile_is_not_listed(tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.write("a", {"one": pd.DataFrame({"x": [1.0]})})
    there = store.list_entries()
    monkeypatch.setattr(type(tmp_path), "stat", lambda *_words, **_more: (_ for _ in ()).throw(FileNotFoundError(2, "gone")))
    monkeypatch.setattr(type(tmp_path), "is_dir", lambda *_words, **_more: True)
    assert there["key"].tolist() == ["a"]
    assert store.list_entries().empty
