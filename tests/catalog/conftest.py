"""A copy of the real layers that a test may break."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture
def folder(tmp_path, layers):
    """Return a whole layers folder below tmp_path."""
    target = tmp_path / "layers"
    shutil.copytree(layers.root, target)
    return target


@pytest.fixture
def edit(folder):
    """Return a function that replaces one text in one file of the folder, and insists that it was there."""

    def replace(name, old, new, count=1):
        path = folder / name
        text = path.read_text(encoding="utf8")
        assert old in text
        path.write_text(text.replace(old, new, count), encoding="utf8")
        return path

    return replace
