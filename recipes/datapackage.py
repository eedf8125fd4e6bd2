"""Write layers/datapackage.json from the data dictionary and the table of resources: ``python recipes/datapackage.py``.

Whoever changes, adds or removes a file below layers/, or a file in geokit/core/columns/, runs this again in the same commit: the hashes in
the package say which bytes are ours, and a layer whose bytes differ is shown as modified. Raise VERSION and VERIFIED_ON when facts were
verified anew. A file without a row in layers/resources.csv, or on terms that do not allow redistribution, is refused. The descriptor
follows Frictionless Data Package v1; ``frictionless validate layers/datapackage.json`` checks it.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from geokit.check.terms import check_resources
from geokit.core.columns import Column, split_ids
from geokit.io.descriptor import describe_field
from geokit.io.dictionary import list_dictionary, read_columns, read_themes
from geokit.io.folder import list_files

LAYERS = Path(__file__).resolve().parents[1] / "layers"
VERSION = "2026.11.22"
VERIFIED_ON = "2026-11-22"
MEDIA = {".geojson": "application/geo+json", ".tif": "image/tiff", ".png": "image/png", ".json": "application/json"}
LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "other-pd": ("Public domain", "https://creativecommons.org/publicdomain/mark/1.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "MIT": ("MIT Licence", "https://opensource.org/license/mit"),
    "Apache-2.0": ("Apache Licence 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    "Unlicense": ("The Unlicense", "https://unlicense.org/"),
}
"""The terms that a file may carry: each of them allows everybody to pass it on."""


def read_rows(name: str, key: str) -> dict[str, dict[str, str]]:
    """Return a table at the top of the folder, row by key."""
    with (LAYERS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def refuse_unlicensed(terms: Mapping[str, Mapping[str, str]], paths: Sequence[Path]) -> None:
    """Stop when a file has no row in resources.csv, a row no file, or a licence does not allow everybody to pass the file on."""
    told = [str(problem) for problem in check_resources(pd.DataFrame(terms.values()), [path.relative_to(LAYERS).as_posix() for path in paths])]
    remedy = f"take one of {', '.join(LICENCES)}, or leave the file out"
    told += [f"{layer}: licence {row['licence']!r} is not allowed; {remedy}" for layer, row in terms.items() if row["licence"] not in LICENCES]
    if told:
        raise SystemExit("\n".join(told))


def describe_licence(name: str) -> dict[str, str]:
    """Return a licence as the format wants it."""
    title, path = LICENCES[name]
    return {"name": name, "title": title, "path": path}


def describe_terms(row: Mapping[str, str], sources: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return licence, sources, credit, method and limits of a file."""
    named = [sources[one] for one in split_ids(row["source_ids"])]
    cited = [{"title": source["title"]} | ({"path": source["url"]} if source["url"].startswith("http") else {}) for source in named]
    told = {name: row[name] for name in ("attribution", "method", "limits", "recipe", "verified_on") if row[name]}
    return {"licenses": [describe_licence(row["licence"])], "sources": cited, **told}


def list_foreign_keys(table: str, columns: Sequence[Column], tables: Sequence[str]) -> list[dict[str, Any]]:
    """Return the foreign keys that the format can say: one id a cell, into a table of the package."""
    keys = []
    for column in columns:
        target, _, name = column.refers_to.partition(".")
        if target in tables and column.type != "ids" and not column.allowed:
            keys.append({"fields": column.name, "reference": {"resource": "" if target == table else target, "fields": name}})
    return keys


def describe_table(path: Path, tables: Sequence[str]) -> dict[str, Any]:
    """Return the resource descriptor of a table."""
    by_name = {column.name: column for column in read_columns(path.stem)}
    header = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    columns = [by_name[name] for name in header]
    schema: dict[str, Any] = {"fields": [describe_field(column) for column in columns]}
    schema["primaryKey"] = [column.name for column in columns if column.key]
    foreign = list_foreign_keys(path.stem, columns, tables)
    return {
        "name": path.stem, "profile": "tabular-data-resource", "description": read_themes()[path.stem][1], **describe_bytes(path),
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema | ({"foreignKeys": foreign} if foreign else {}),
    }


def describe_file(path: Path, text: str) -> dict[str, Any]:
    """Return the resource descriptor of a file that is no table."""
    name, suffix = f"{path.stem}-{path.suffix[1:]}".replace("_", "-"), path.suffix
    return {"name": name, "type": "file", "description": text, **describe_bytes(path), "format": suffix[1:], "mediatype": MEDIA[suffix]}


def describe_bytes(path: Path) -> dict[str, Any]:
    """Return path, size and hash of a file."""
    data = path.read_bytes()
    return {"path": path.relative_to(LAYERS).as_posix(), "bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def describe_package() -> dict[str, Any]:
    """Return the whole descriptor."""
    declared = set(list_dictionary())
    files = list_files(LAYERS, read_themes()).values()
    csv_files = sorted(path for path in files if path.suffix == ".csv")
    strangers = [path.name for path in csv_files if path.stem not in declared or path.stem not in read_themes()]
    if strangers:
        msg = f"{strangers} have no data dictionary or stand not in themes.csv; declare them in geokit/core/"
        raise SystemExit(msg)
    tables = [path.stem for path in csv_files]
    others = sorted(path for path in files if path.suffix != ".csv")
    terms, sources = read_rows("resources", "layer"), read_rows("sources", "source_id")
    refuse_unlicensed(terms, [*csv_files, *others])
    resources = [describe_table(path, tables) | describe_terms(terms[path.stem], sources) for path in csv_files]
    resources += [describe_file(path, terms[path.stem]["method"]) | describe_terms(terms[path.stem], sources) for path in others]
    return {
        "profile": "data-package", "name": "geokit-layers", "title": "Facts behind geokit", "version": VERSION, "verified_on": VERIFIED_ON,
        "description": "Deposits, sites, freight, controls, partners, prices and risks, a source on every row; screening grade.",
        "licenses": [describe_licence("CC-BY-4.0")],
        "contributors": [{"title": "the geokit authors", "role": "author"}],
        "sources": [{"title": "Every row names its sources by id; they are listed in sources.csv", "path": "sources.csv"}],
        "resources": resources,
    }


def main() -> None:
    """Write the descriptor."""
    text = json.dumps(describe_package(), indent=1, ensure_ascii=False) + "\n"
    (LAYERS / "datapackage.json").write_text(text, encoding="utf8", newline="\n")


if __name__ == "__main__":
    main()
