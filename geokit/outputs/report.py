"""The report: an A4 document that stands alone, one question a page, each title the answer in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from geokit.io.resource import read_resource
from geokit.io.write import write_text
from geokit.outputs.page import ROOM, render_template
from geokit.outputs.reportdata import build_report
from geokit.outputs.view import view_study


def write_report(study: Any, path: Path | str) -> Path:  # noqa: ANN401  a Study, or any object with its attributes
    """Write the report of a study; print it or save it as PDF from any browser.

    Parameters
    ----------
    study : Study
        A finished study.
    path : pathlib.Path or str
        Where to, as in ``out/report.html``.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    return write_text(Path(path), render_report(study))


def render_report(study: Any) -> str:  # noqa: ANN401  see write_report
    """Return the report of a study as HTML.

    Parameters
    ----------
    study : Study
        A finished study.

    Returns
    -------
    str
        The same text for the same study; it holds no script.
    """
    style = read_resource(ROOM, "assets/report.css")
    return render_template("report.html", style=Markup(style), **build_report(view_study(study)))  # noqa: S704  our own file
