"""The fixed words of the page: each is used, each is there in every language, none is left half done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geokit.outputs import page
from geokit.outputs.messages import pack_messages, read_messages

ASSETS = Path(page.__file__).parent
LANGUAGES = {"de": "Deutsch", "ja": "日本語", "ko": "한국어", "ur": "اردو", "ar": "العربية"}
NATIVE = "English"
"""The row that holds how each language calls itself."""
SCRIPT = {"de": r"[A-Za-z]", "ja": r"[぀-ヿ一-鿿]", "ko": r"[가-힯]", "ur": r"[؀-ۿ]", "ar": r"[؀-ۿ]"}
"""Letters of which every translation holds at least one, unless it is a sign or a code."""


@pytest.fixture(scope="module")
def texts():
    """What our scripts and the page's frame say."""
    scripts = {name: (ASSETS / "assets" / f"{name}.js").read_text(encoding="utf8") for name in page.SCRIPTS}
    return scripts | {"frame": (ASSETS / "templates" / "page.html").read_text(encoding="utf8")}


def asked(texts):
    """Return the words that the scripts and the frame ask for."""
    words = set()
    for name, text in texts.items():
        found = re.findall(r"<[^>]* data-t>([^<]*)<" if name == "frame" else r"\bt\(\"((?:[^\"\\]|\\.)*)\"\)", text)
        words |= {one.replace("\\u2192", "\u2192") for one in found}
    heads = re.search(r"const COLUMNS = \[(.*?)\n\];", texts["tables"], re.DOTALL).group(1)
    return words | set(re.findall(r"\[\"\w+\", \"([^\"]+)\"", heads))


def test_every_language_calls_itself_by_its_own_name():
    assert {code: words[NATIVE] for code, words in read_messages().items()} == LANGUAGES


def test_all_that_is_asked_for_is_there_and_nothing_else(texts):
    known = set(read_messages()["de"]) - {NATIVE}
    codes = {"P10", "P90"}
    assert asked(texts) - codes - known == set()
    assert known - asked(texts) == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_word_is_translated_into_the_letters_of_its_language(code):
    for english, words in read_messages()[code].items():
        assert words.strip() == words != ""
        assert re.search(SCRIPT[code], words) or words == "ID", english
        assert re.findall(r"\{\w+\}", words) == re.findall(r"\{\w+\}", english)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_two_words_that_a_reader_must_tell_apart_fall_together(code):
    words = read_messages()[code]
    for group in (
        ("ranked", "conditional", "yardstick", "not rankable", "screened out"),
        ("in force", "suspended", "unresolved", "announced", "tightened", "revoked"),
        ("evidence", "assumption", "carried over", "by definition", "missing"),
        ("by text", "as practised"),
        ("Ranking", "Why", "Compare", "Unknowns", "Table"),
        ("If missing is worst", "If missing is best"),
    ):
        assert len({words[one] for one in group}) == len(group), group


def test_units_and_symbols_stay_as_they_are():
    for words in read_messages().values():
        for english, told in words.items():
            for sign in ("USD/t", "D_rel", "D_max", "D_avg", "P80", "CSV"):
                assert (sign in english) == (sign in told), (english, told)


def test_no_word_carries_markup_or_turns_the_direction_of_writing():
    for words in read_messages().values():
        for told in words.values():
            assert not re.search("[<>&\u202a-\u202e\u2066-\u2069]", told)


def test_lists_are_of_one_length_and_in_one_order():
    packed = pack_messages()
    assert packed["en"] == sorted(packed["en"])
    assert {len(words) for words in packed.values()} == {len(packed["en"])}
    at = packed["en"].index("Ranking")
    assert packed["de"][at] == "Rangliste"
    assert set(packed) == {"en", *LANGUAGES}
