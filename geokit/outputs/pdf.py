"""The report as a tagged PDF (PDF/UA-1): set by typst, which gets the words as data and never as markup."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import typst

from geokit.core.errors import OutputError
from geokit.io.fonts import find_fonts, read_signs
from geokit.io.resource import read_resource
from geokit.io.write import write_bytes
from geokit.outputs.page import ROOM
from geokit.outputs.pdf_data import build_document, clean_tree
from geokit.study.study import Study

TEMPLATES = ("kit", "cover", "profile", "annex", "report")
"""Our templates in the order in which they are joined into one."""
TOP = 10
"""Leading rows of each partner that get a profile when nobody says how many."""


def write_pdf(study: Study, path: Path | str, *, top: int = TOP, partner: str | None = None) -> Path:
    """Write the report of a study as PDF.

    Parameters
    ----------
    study : Study
        A finished study.
    path : pathlib.Path or str
        Where to, as in ``out/report.pdf``.
    top : int
        Leading rows of each partner that get a profile of about two pages.
    partner : str, optional
        A partner of the study; all when not given.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    OutputError
        If a font of the package is missing, or the file cannot be written.
    UnknownNameError
        If the study holds no case of the partner.
    """
    return write_bytes(Path(path), render_pdf(study, top=top, partner=partner))


def render_pdf(study: Study, *, top: int = TOP, partner: str | None = None) -> bytes:
    """Return the report of a study as PDF/UA-1.

    Parameters
    ----------
    study : Study
        A finished study.
    top : int
        Leading rows of each partner that get a profile.
    partner : str, optional
        A partner of the study; all when not given.

    Returns
    -------
    bytes
        The same for the same study: dated by its date of knowledge, set in the fonts of the package.

    Raises
    ------
    OutputError
        If a font of the package is missing, or the report cannot be set.
    UnknownNameError
        If the study holds no case of the partner.
    """
    if top < 0:
        msg = f"top is {top}: the number of rows with a profile is nought or more"
        raise OutputError(msg)
    fonts = find_fonts()
    tree, lacking = clean_tree(build_document(study, top=top, partner=partner), read_signs(fonts))
    source = "\n".join(read_resource(ROOM, f"templates/{name}.typ") for name in TEMPLATES)
    day = dt.datetime.combine(max(case.known_on for case in study.cases), dt.time(), tzinfo=dt.UTC)
    try:
        printed: bytes = typst.compile(
            source.encode("utf8"),
            sys_inputs={"data": json.dumps(tree | {"lacking": lacking}, sort_keys=True, allow_nan=False)},
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)]),
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=day,
        )
    except typst.TypstError as error:
        msg = f"the PDF could not be set: {error}; report this with the study.zip of the run"
        raise OutputError(msg) from error
    return printed
