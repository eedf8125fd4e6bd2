"""Write a finished study in the formats that people ask for, into one sealed folder."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.core.errors import OutputError, UnknownNameError
from geokit.io.descriptor import describe_resource
from geokit.io.dictionary import read_columns
from geokit.io.sealed import list_unchanged
from geokit.io.stage import stage_folder
from geokit.io.write import write_table, write_text
from geokit.outputs.export import TABLES, write_manifest, write_tables
from geokit.outputs.gis import write_gis_files, write_gis_package
from geokit.outputs.pdf import TOP, write_pdf
from geokit.outputs.report import write_report
from geokit.outputs.run import refuse_file
from geokit.outputs.style import WORDS
from geokit.outputs.workbook import write_workbook
from geokit.study.store import STUDY_FILE
from geokit.study.study import Study

PACKAGE = "datapackage.json"
"""The file that describes the tables."""
APOSTROPHE = "A text that a spreadsheet would take for a formula has an apostrophe in front."
REFERENCES = {"case_id": "cases"}
"""Column of a table to the table that it names a row of."""


@dataclass(frozen=True)
class Order:
    """What to write.

    Attributes
    ----------
    study : Study
        The finished study.
    cases : tuple of Case
        For whom; one file, or one set of files, each.
    folder : pathlib.Path
        Where to.
    top : int
        Leading rows of each partner that get a profile in the PDF.
    """

    study: Study
    cases: tuple[Case, ...]
    folder: Path
    top: int = TOP


def write_formats(
    study: Study, out: Path, *, formats: Sequence[str], command: str, partners: Sequence[str] = (), track: Track = Track.TEXT,
    top: int = TOP,
) -> tuple[Path, ...]:  # fmt: skip
    """Write a finished study in some formats.

    Parameters
    ----------
    study : Study
        The finished study.
    out : pathlib.Path
        Folder; made when it does not exist. What an earlier run wrote there goes, files of others stay.
    formats : sequence of str
        Of :data:`FORMATS`.
    command : str
        The command line that makes the same files again; stands in the manifest.
    partners : sequence of str
        For whom; all partners of the study when empty. ``html`` and ``csv`` hold all cases in any event.
    track : Track
        Reading of the law.
    top : int
        Leading rows of each partner that get a profile in the PDF.

    Returns
    -------
    tuple of pathlib.Path
        The files, the manifest that seals them last.

    Raises
    ------
    UnknownNameError
        If there is no such format, or the study has no such partner.
    OutputError
        If the folder is a file or that of a run, or cannot be written; nothing is half-written.
    """
    for name in formats:
        if name not in FORMATS:
            raise UnknownNameError("format", name, list(FORMATS))
    refuse_file(out)
    if (out / STUDY_FILE).exists():
        msg = f"{out}: is the folder of a run, whose manifest seals its files; give a folder of its own"
        raise OutputError(msg)
    known = tuple(dict.fromkeys(case.partner for case in study.cases))
    cases = tuple(study.case(partner, track) for partner in partners or known)
    with stage_folder(out, ours=list_unchanged(out)) as draft:
        order = Order(study, cases, draft, top)
        files = {path.name: path for name in dict.fromkeys(formats) for path in FORMATS[name](order)}
        manifest = write_manifest(study, draft, files=list(files.values()), command=command)
    return tuple(out / path.name for path in (*files.values(), manifest))


def name_command(verb: str, saved: Path, *, formats: Sequence[str], partners: Sequence[str], track: Track, top: int = TOP) -> str:
    """Return the command line that :func:`write_formats` was called with, without the place of any folder."""
    asked = [f"--format {','.join(formats)}", *(f"--partner {shlex.quote(one)}" for one in partners)]
    told = [f"--top {top}"] if top != TOP else []
    return " ".join([f"geokit {verb}", shlex.quote(saved.name), *asked, f"--track {track.value}", *told])


def name_case(case: Case) -> str:
    """Return the beginning of the name of a file about a case: the partner, and the reading of the law unless it is that of the text."""
    return case.partner if case.track == Track.TEXT else f"{case.partner}-{case.track.value}"


def _write_html(order: Order) -> Iterable[Path]:
    """Write the report of all cases."""
    return [write_report(order.study, order.folder / "report.html")]


def _write_pdf(order: Order) -> Iterable[Path]:
    """Write a report with profiles for each partner; both readings of the law stand in it."""
    partners = dict.fromkeys(case.partner for case in order.cases)
    return [write_pdf(order.study, order.folder / f"{name}.pdf", top=order.top, partner=name) for name in partners]


def _write_xlsx(order: Order) -> Iterable[Path]:
    """Write a workbook for each case."""
    return [write_workbook(order.study, case, order.folder / f"{name_case(case)}.xlsx") for case in order.cases]


def _write_gpkg(order: Order) -> Iterable[Path]:
    """Write a GeoPackage for each case."""
    return [write_gis_package(order.study, case, order.folder / f"{name_case(case)}.gpkg") for case in order.cases]


def _write_geojson(order: Order) -> Iterable[Path]:
    """Write the layers of each case as GeoJSON."""
    return [
        path for case in order.cases for path in write_gis_files(order.study, case, order.folder, ending="geojson", prefix=name_case(case))
    ]


def _write_geoparquet(order: Order) -> Iterable[Path]:
    """Write the layers of each case as GeoParquet."""
    return [
        path for case in order.cases for path in write_gis_files(order.study, case, order.folder, ending="parquet", prefix=name_case(case))
    ]


def _write_csv(order: Order) -> Iterable[Path]:
    """Write every table of the contract and the sources, with a descriptor."""
    study, folder = order.study, order.folder
    files = [*write_tables(study, folder), write_table(study.layers["sources"], folder / "sources.csv", read_columns("sources"))]
    known = [*TABLES, "sources"]
    package = {
        "profile": "data-package", "name": "geokit-study", "title": "Tables of a study of midstream sites", "version": study.layers.version,
        "description": f"{' '.join(WORDS)} Known on {max(case.known_on for case in study.cases).isoformat()}. {APOSTROPHE}",
        "resources": [describe_resource(path, read_columns(name), REFERENCES) for name, path in zip(known, files, strict=True)],
    }  # fmt: skip
    return [*files, write_text(folder / PACKAGE, f"{json.dumps(package, indent=1, ensure_ascii=False)}\n")]


FORMATS: dict[str, Callable[[Order], Iterable[Path]]] = {
    "pdf": _write_pdf,
    "html": _write_html,
    "xlsx": _write_xlsx,
    "gpkg": _write_gpkg,
    "geoparquet": _write_geoparquet,
    "geojson": _write_geojson,
    "csv": _write_csv,
}
"""What can be written, and how."""
VERBS = {"report": ("pdf", "html", "xlsx"), "export": ("gpkg", "geoparquet", "geojson", "csv")}
"""What ``geokit report`` and ``geokit export`` write when no format is named."""
