"""The fonts of the package are there, open, and hold the signs that we print."""

from __future__ import annotations

import shutil

import pytest

from geokit.core.errors import OutputError
from geokit.io.fonts import FONTS, find_fonts, read_signs
from geokit.outputs.style import SPACE, THIN_SPACE, WORDS, format_figure, format_range

LARGEST = 2_000_000
"""Bytes that the fonts may weigh in all."""


@pytest.fixture(scope="module")
def signs():
    return read_signs(find_fonts())


def test_the_fonts_come_with_their_licence_and_are_small():
    folder = find_fonts()
    assert sum((folder / name).stat().st_size for name in FONTS) < LARGEST
    assert {path.name for path in folder.iterdir()} == {*FONTS, "LICENSE"}
    assert "SIL OPEN FONT LICENSE" in (folder / "LICENSE").read_text(encoding="utf8").upper()


def test_every_sign_that_we_print_ourselves_is_held(signs):
    marks = "\u2020\u2026\u2013\u2212\u00d7\u2022\u00b7\u00b0\u2019\u201c\u201d\u2018\u00e9\u0101\u00fc\u00df"
    ours = "".join([*WORDS, format_figure(-5779.0, "t"), format_range(-1e6, 1e6, "km"), THIN_SPACE, SPACE, marks])
    assert [sign for sign in ours if ord(sign) not in signs] == []
    assert set(range(0x20, 0x7F)) <= signs


def test_what_a_font_lacks_is_not_claimed(signs):
    assert not signs & {ord(sign) for sign in "\u4e2d\u6587\u0627\u0631\ud55c\U0001d538\U0001f600"}
    assert 0 not in signs


def test_the_ranges_agree_with_a_font_reader(signs):
    reader = pytest.importorskip("fontTools.ttLib")
    held = [set(reader.TTFont(find_fonts() / name).getBestCmap()) for name in FONTS]
    assert signs == held[0] & held[1]


@pytest.mark.parametrize("name", FONTS)
def test_a_missing_font_is_told_by_name_with_a_remedy(tmp_path, name):
    for font in FONTS:
        if font != name:
            shutil.copy(find_fonts() / font, tmp_path)
    with pytest.raises(OutputError, match=f"the font {name} is missing.*install geokit again"):
        find_fonts(tmp_path)
