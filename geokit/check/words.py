"""Text that is broken or hostile: lost letters, bytes of another encoding, signs that steer, formulas, HTML, words for a blank."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from geokit.check.figures import BLANK_WORDS, LEAVE_BLANK
from geokit.check.finding import Finding, Rows
from geokit.check.judge import FORMS
from geokit.core.columns import Column
from geokit.io.sheet import BYTE_MARK

LONGEST_NAME = 500
"""Signs of a cell that names something; a name that fills five lines names nothing."""
LONGEST_TEXT = 10_000
"""Signs of any cell; spreadsheets cut a cell at 32,767."""
NAMES = ("name", "label")
MARKED = re.compile(f"[{chr(BYTE_MARK + 0x80)}-{chr(BYTE_MARK + 0xFF)}]+")
STEERING = "\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
"""Signs that steer a terminal, turn the direction of writing or cannot be seen; a line feed may stand in a note."""
CONTROL = re.compile(f"[{STEERING}]")
LATIN = bytes(range(0x80, 0xA0)).decode("cp1252", "ignore") + "\u0080-\u00bf"
MOJIBAKE = re.compile(f"[\u00c2-\u00c5\u00ce-\u00d1\u00d8-\u00db][{LATIN}]|[\u00e0-\u00ef][{LATIN}]{{2}}|[\u00f0-\u00f4][{LATIN}]{{3}}")
"""UTF-8 that was read as Windows-1252: a lead byte and its continuations as letters (Latin, Greek, Cyrillic, Arabic; signs; emoji)."""
FORMULA = re.compile(r"[=@\t\r]|[+-](?![\s\d.])|[+-].*[(|!]", re.DOTALL)
"""What a spreadsheet would run: =, @, or + and - before anything but a plain figure."""
LINK = re.compile(r"(?:[=+@-]\s*)?HYPERLINK\s*\((?P<inside>.*)", re.IGNORECASE | re.DOTALL)
QUOTED = re.compile(r'"((?:[^"]|"")*)"')
"""A spreadsheet's link: its words are the last of its texts."""
HTML = re.compile(
    r"</?[a-z!][^<>]*>|<(?:script|img|iframe|svg|object|embed|style|link|meta|base)\b|javascript:|&(?:#\w+|lt|gt|amp|quot);", re.IGNORECASE
)
SUSPECT = re.compile(f"[{STEERING}{MARKED.pattern[1:4]}\ufffd\u00c2-\u00f4<&]|^[=@+-]|javascript:|HYPERLINK", re.MULTILINE | re.IGNORECASE)
"""Any of these may make a cell worth a look; a column without them is passed over."""


def find_hostile(rows: Rows) -> Iterator[Finding]:
    """Yield every cell of text that is broken, that a program could run or that stands for a blank.

    Parameters
    ----------
    rows : Rows
        The table; figures, truths and dates have rules of their own.

    Yields
    ------
    Finding
        One a cell, for the first thing that is wrong with it.
    """
    declared = {column.name: column for column in rows.columns}
    for name, cells in rows.cells.items():
        column = declared.get(name, Column(name))
        if column.type in {"text", "ids", *FORMS}:
            yield from _find_in_column(cells, column)


def _find_in_column(cells: Sequence[str], column: Column) -> Iterator[Finding]:
    """Yield the faults of one column."""
    longest = LONGEST_NAME if column.name in NAMES or (column.key and column.type != "ids") else LONGEST_TEXT
    verdicts = {value: _judge(value, longest) for value in _list_suspects(set(cells).difference(column.allowed), longest)}
    wrong = {value: verdict for value, verdict in verdicts.items() if verdict}
    if wrong:
        yield from (Finding(row, column.name, value, *wrong[value]) for row, value in enumerate(cells) if value in wrong)


def _list_suspects(values: set[str], longest: int) -> set[str]:
    """Return the values of a column that are worth a look: all when any sign in it is suspect."""
    if SUSPECT.search("\n".join(values)):
        return values
    return {value for value in values if len(value) > longest or value.strip().casefold() in BLANK_WORDS}


def _judge(value: str, longest: int) -> tuple[str, str] | None:
    """Return the first thing that is wrong with a text, and the remedy."""
    if value.strip().casefold() in BLANK_WORDS:
        return "is a word for a blank", LEAVE_BLANK
    for judge in JUDGES:
        if verdict := judge(value):
            return verdict
    return (f"has {len(value)} signs, and at most {longest} make sense here", "shorten it") if len(value) > longest else None


def _judge_bytes(value: str) -> tuple[str, str] | None:
    """Return whether a text holds bytes that are no UTF-8, and what it would say in Windows-1252."""
    found = MARKED.search(value)
    if not found:
        return None
    rule = f"holds the byte 0x{ord(found[0][0]) - BYTE_MARK:02x}, which is no UTF-8"
    return rule, f"save the file as UTF-8; in Windows-1252 it says {guess_bytes(value)!r}"


def guess_bytes(value: str) -> str:
    """Return a text with its bytes that are no UTF-8 read as Windows-1252."""
    return MARKED.sub(lambda run: bytes(ord(sign) - BYTE_MARK for sign in run[0]).decode("cp1252", "replace"), value)


def _judge_letters(value: str) -> tuple[str, str] | None:
    """Return whether a letter of a text was lost, or read in the wrong encoding."""
    if "\N{REPLACEMENT CHARACTER}" in value:
        return "has lost a letter (U+FFFD)", "write it again from the original"
    mended = MOJIBAKE.sub(_mend, value)
    return None if mended == value else ("is UTF-8 that was read in another encoding", f"write {mended!r}")


def _mend(found: re.Match[str]) -> str:
    """Return signs read in the wrong encoding as they were meant; unchanged when that makes no sense."""
    data = b"".join(sign.encode("latin-1" if ord(sign) < 0x100 else "cp1252") for sign in found[0])
    try:
        return data.decode("utf8")
    except UnicodeDecodeError:
        return found[0]


def _judge_signs(value: str) -> tuple[str, str] | None:
    """Return whether a text holds signs that cannot be seen but do something."""
    found = CONTROL.search(value)
    return (f"holds the control sign U+{ord(found[0]):04X}", "remove it") if found else None


def _judge_formula(value: str) -> tuple[str, str] | None:
    """Return whether a spreadsheet would take a text for a formula."""
    return ("begins like a formula", f"remove the {value[0]!r} at its beginning") if FORMULA.match(value) else None


def _judge_link(value: str) -> tuple[str, str] | None:
    """Return whether a text holds a spreadsheet's link, with its sign or without, and the words that it shows."""
    found = LINK.search(value)
    if not found:
        return None
    texts = [text for text in QUOTED.findall(found["inside"]) if text]
    rule = "begins like a formula that is a link" if FORMULA.match(value) else "holds the link function of a spreadsheet"
    return rule, f"write {value[: found.start()] + texts[-1]}" if texts else "write the words alone"


def _judge_html(value: str) -> tuple[str, str] | None:
    """Return whether a text holds HTML or a script."""
    found = HTML.search(value)
    return ("holds HTML or a script", f"remove {found[0][:40]!r} and write plain words") if found else None


JUDGES: tuple[Callable[[str], tuple[str, str] | None], ...] = (
    _judge_bytes, _judge_letters, _judge_signs, _judge_link, _judge_formula, _judge_html,
)  # fmt: skip
