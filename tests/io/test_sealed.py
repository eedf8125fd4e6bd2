"""What an earlier run wrote is known by its manifest and its bytes."""

from __future__ import annotations

import hashlib
import json

import pytest

from geokit.io.sealed import list_unchanged, read_sealed


def seal(folder, **files):
    for name, words in files.items():
        (folder / name).write_bytes(words)
    sums = {name: hashlib.sha256(words).hexdigest() for name, words in files.items()}
    (folder / "manifest.json").write_text(json.dumps({"outputs_sha256": sums}), encoding="utf8")
    return sums


def test_the_manifest_names_the_outputs(tmp_path):
    assert read_sealed(tmp_path) == {}
    assert read_sealed(tmp_path / "absent") == {}
    sums = seal(tmp_path, a=b"1", b=b"2")
    assert read_sealed(tmp_path) == sums


def test_only_what_still_holds_the_same_bytes_is_ours(tmp_path):
    seal(tmp_path, a=b"1", b=b"2", gone=b"3")
    (tmp_path / "b").write_bytes(b"edited")
    (tmp_path / "gone").unlink()
    (tmp_path / "notes").write_bytes(b"mine")
    assert list_unchanged(tmp_path) == ["a", "manifest.json"]


def test_without_a_manifest_nothing_is_ours(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    assert list_unchanged(tmp_path) == []


@pytest.mark.parametrize("words", ["", "[]", "{", '{"outputs_sha256": []}', '{"outputs": {}}', "null", '"text"', "\x00"])
def test_a_manifest_of_another_program_says_nothing(tmp_path, words):
    (tmp_path / "manifest.json").write_text(words, encoding="utf8")
    assert read_sealed(tmp_path) == {}
    assert list_unchanged(tmp_path) == []


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "deep/file", "..", ""])
def test_a_manifest_cannot_name_what_lies_outside(tmp_path, name):
    folder = tmp_path / "out"
    folder.mkdir()
    (tmp_path / "outside").write_bytes(b"x")
    sums = {name: hashlib.sha256(b"x").hexdigest()}
    (folder / "manifest.json").write_text(json.dumps({"outputs_sha256": sums}), encoding="utf8")
    assert read_sealed(folder) == {}
    assert (tmp_path / "outside").exists()
