"""What the packaged assumptions rest on: the remarks that stand above them in their file."""

from __future__ import annotations

import re
from importlib.resources import files

KEY = re.compile(r"^( *)([a-z_0-9]+):")


def read_basis() -> dict[str, str]:
    """Return the remark above each packaged assumption.

    Returns
    -------
    dict of str to str
        By dotted name, on one line; an assumption without a remark is left out.
    """
    lines = files("geokit.defaults").joinpath("assumptions.yaml").read_text(encoding="utf8").splitlines()
    found: dict[str, str] = {}
    section, remark = "", list[str]()
    for line in lines:
        if line.lstrip().startswith("#"):
            remark.append(line.strip().lstrip("#").strip())
        elif key := KEY.match(line):
            indent, name = len(key[1]), key[2]
            section = name if indent == 0 else section
            if remark and indent:
                found[f"{section}.{name}"] = " ".join(remark)
            remark = []
    return found
