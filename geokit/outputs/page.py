"""The sealed page: one HTML file with the map, the ranking and the tables, which asks no other computer for anything."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from geokit.io.resource import read_resource
from geokit.io.write import write_text
from geokit.outputs.pack import render_json
from geokit.outputs.payload import build_payload
from geokit.outputs.view import view_study

ROOM = "geokit.outputs"
SCRIPTS = (
    "core", "words", "bars", "store", "reweigh", "weights", "map", "labels", "closures", "places", "ranking", "why", "route", "facts",
    "compare", "tables", "page",
)  # fmt: skip
"""Our scripts in the order in which they are joined into one."""
STYLES = ("tokens", "page", "panel", "map")


def write_page(study: Any, path: Path | str) -> Path:  # noqa: ANN401  a Study, or any object with its attributes
    """Write the page of a study.

    Parameters
    ----------
    study : Study
        A finished study.
    path : pathlib.Path or str
        Where to, as in ``out/map.html``.

    Returns
    -------
    pathlib.Path
        The file that was written; it opens in a browser without a network.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    return write_text(Path(path), render_page(study))


def render_page(study: Any) -> str:  # noqa: ANN401  see write_page
    """Return the page of a study as HTML.

    Parameters
    ----------
    study : Study
        A finished study.

    Returns
    -------
    str
        The same text for the same study, whatever the machine's hash seed.
    """
    payload = build_payload(view_study(study))
    leaflet = _without_source_map(read_resource(ROOM, "vendor/leaflet/leaflet.js"))
    script = _join_scripts()
    vendored = _without_pictures(read_resource(ROOM, "vendor/leaflet/leaflet.css"))
    styles = [vendored, *(read_resource(ROOM, f"assets/{name}.css") for name in STYLES)]
    return render_template(
        "page.html",
        title=" ".join(["Midstream siting,", payload["meta"]["place"]]).rstrip(" ,"),
        policy=_policy([leaflet, script]),
        styles=Markup("\n".join(styles)),  # noqa: S704  our own file
        leaflet=Markup(leaflet),  # noqa: S704  vendored
        script=Markup(script),  # noqa: S704  our own files
        data=Markup(render_json(payload)),  # noqa: S704  render_json escapes every sign that could end the element
    )


def render_template(name: str, **context: Any) -> str:  # noqa: ANN401  whatever the template prints
    """Return one of our templates filled in; every value is escaped unless marked safe.

    Parameters
    ----------
    name : str
        File in ``templates/``.
    **context
        What the template prints; a name it lacks is an error.

    Returns
    -------
    str
        HTML.
    """
    loader = DictLoader({name: read_resource(ROOM, f"templates/{name}")})
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(name).render(**context)


def _join_scripts() -> str:
    """Return our scripts as one function that shares nothing with the rest of the page."""
    parts = [read_resource(ROOM, f"assets/{name}.js") for name in SCRIPTS]
    return '(function () {\n"use strict";\n' + "\n".join(parts) + "\n})();"


def _policy(scripts: list[str]) -> str:
    """Return the content security policy: only these scripts run, nothing is fetched."""
    digests = [base64.b64encode(hashlib.sha256(text.encode("utf8")).digest()).decode("ascii") for text in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; connect-src 'none'; "
        "base-uri 'none'; form-action 'none'"
    )


def _without_source_map(script: str) -> str:
    """Return a script without the comment that points developer tools at a file that is not there."""
    return re.sub(r"\n//# sourceMappingURL=\S+", "", script).strip()


def _without_pictures(style: str) -> str:
    """Return a style sheet without the pictures of controls that we do not use."""
    return re.sub(r"url\(images/[^)]*\)", "none", style).strip()
