"""The unit of a grade: a share of the ore by mass, and what it counts (``% Sb``, ``g/t Au``)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

WHOLE = {"%": 1e2, "kg/t": 1e3, "g/t": 1e6, "ppm": 1e6, "ppb": 1e9, "ct/t": 5e6}
"""Units, and how many of each make the whole by mass; a metric carat is 0.2 g."""
SPELLINGS = {
    "%": "%|percent|per cent|pct|pc|wt %|% wt|wt|weight %|weight percent|wt pct|mass %|mass percent|% w/w",
    "kg/t": "kg/t|kg/tonne|kg/ton|kg per t|kg per tonne",
    "g/t": "g/t|gpt|gm/t|gms/t|gr/t|g/tonne|g/ton|g/mt|g per t|g per tonne|grams/tonne|grams per tonne|gram per tonne",
    "ppm": "ppm|mg/kg",
    "ppb": "ppb",
    "ct/t": "ct/t|cts/t|carat/t|carats/t|carats per tonne",
}
"""How people write the units, without case, points and blanks; the first stands in our tables."""
SUMS = ("TREO", "REO", "LREO", "HREO", "MREO", "PGE", "PGM", "TGC", "C graphitic", "graphite", "talc", "gems")
"""What is counted and has no formula of one compound: sums of oxides and metals, and minerals by their name."""
ELEMENTS = (
    "Ac Ag Al Am Ar As At Au B Ba Be Bi Br C Ca Cd Ce Cl Co Cr Cs Cu Dy Er Eu F Fe Ga Gd Ge H He Hf Hg Ho I In Ir K Kr La Li Lu Mg Mn Mo N"
    " Na Nb Nd Ne Ni O Os P Pa Pb Pd Pm Po Pr Pt Ra Rb Re Rh Rn Ru S Sb Sc Se Si Sm Sn Sr Ta Tb Tc Te Th Ti Tl Tm U V W Xe Y Yb Zn Zr"
)
LONGEST = 40
"""Signs of a unit that are read."""


class GradeUnit(NamedTuple):
    """The unit of a grade.

    Attributes
    ----------
    measure : str
        One of the keys of ``WHOLE``.
    analyte : str
        What it counts: a formula such as ``Cr2O3``, several joined by ``+``, or a named sum such as ``TREO``.
    """

    measure: str
    analyte: str

    @property
    def whole(self) -> float:
        """Return the figure that means nothing but the analyte: 100 for per cent, 1,000,000 for g/t."""
        return WHOLE[self.measure]

    @property
    def is_known(self) -> bool:
        """Return whether what is counted is a chemical formula or a named sum, in its own spelling."""
        return _read_analyte(self.analyte) == self.analyte

    def __str__(self) -> str:
        """Return the one accepted spelling, as ``% Sb``."""
        return f"{self.measure} {self.analyte}"


@lru_cache(maxsize=1 << 12)
def read_grade_unit(text: str) -> GradeUnit | None:
    """Return the unit that a text means, however it is spelt; its own ``str`` is the one spelling that a table may hold.

    Parameters
    ----------
    text : str
        As ``% Sb``, and as people write it: ``Sb %``, ``wt% Sb``, ``%Sb``, ``pct sb``.

    Returns
    -------
    GradeUnit or None
        None when the text holds no known unit, or nothing that it counts.

    Examples
    --------
    >>> str(read_grade_unit("wt.% sb"))
    '% Sb'
    """
    short = text if len(text) <= LONGEST else ""
    measure, _, rest = short.partition(" ")
    plain = GradeUnit(measure, rest.strip()) if measure in WHOLE and rest.strip() else None
    if plain and plain.is_known:
        return plain
    words = " ".join(re.sub(r"[.()]", " ", short).split())
    for pattern in (_BEFORE, _AFTER):
        found = pattern.fullmatch(words)
        if found and (analyte := _read_analyte(found["analyte"])):
            return GradeUnit(_MEANT["".join(found["unit"].split()).casefold()], analyte)
    return plain


def _spell(words: str) -> str:
    """Return a pattern for a unit in which blanks do not matter; a unit of letters stands apart from what it counts."""
    pattern = r"\s*".join(re.escape(sign) for sign in words if sign != " ")
    return f"{pattern}(?![^\\W_])" if words[-1].isalpha() else pattern


_MEANT = {"".join(words.split()): measure for measure, row in SPELLINGS.items() for words in row.split("|")}
_UNIT = "|".join(_spell(words) for row in SPELLINGS.values() for words in sorted(row.split("|"), key=len, reverse=True))
_BEFORE = re.compile(rf"(?P<unit>{_UNIT})(?:\s+of)?\s*(?P<analyte>.+)", re.IGNORECASE)
_AFTER = re.compile(rf"(?P<analyte>.+?)[\s,_-]*(?P<unit>(?:(?<![^\W_])(?:{_UNIT})|%))", re.IGNORECASE)
_ONE = "|".join(sorted(ELEMENTS.split(), key=len, reverse=True))
_FORMULA = rf"(?:{_ONE})\d*(?:(?:{_ONE}|[()])\d*)*"
_ANALYTE = re.compile(rf"{_FORMULA}(?:\+{_FORMULA})*")
_TOKENS = re.compile(rf"(?P<oxide>co(?=[23]))|{_ONE}", re.IGNORECASE)
"""Symbols where nobody minds the case; before 2 and 3 carbon and oxygen, not cobalt."""
_SYMBOLS = {symbol.casefold(): symbol for symbol in ELEMENTS.split()}
_NAMED = {name.casefold(): name for name in SUMS}


def _read_analyte(text: str) -> str:
    """Return what a text counts in its own spelling, also ``X of Y``; blank when it counts nothing known."""
    parts = [_read_part(part.strip()) for part in re.split(r"\s+of\s+", text)]
    return " of ".join(parts) if all(parts) and len(parts) <= 2 else ""


def _read_part(text: str) -> str:
    """Return a formula or a named sum in its own spelling; blank when the text is neither."""
    if text.casefold() in _NAMED or (_ANALYTE.fullmatch(text) and not text.isupper()):
        return _NAMED.get(text.casefold(), text)
    mended = _TOKENS.sub(lambda token: "CO" if token["oxide"] else _SYMBOLS[token[0].casefold()], text)
    return mended if _ANALYTE.fullmatch(mended) else ""
