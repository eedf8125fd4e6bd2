"""LibreOffice without a window: recalculate workbooks, or say why that cannot be done."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""Recalculate every workbook when it is opened, whatever values it carries."""


def recalculate(paths, folder):
    """Open workbooks in LibreOffice, compute every cell anew and save them into a folder; skip, or fail where office is required."""
    program = os.environ.get("GEOKIT_SOFFICE") or shutil.which("soffice")
    if not program or not Path(program).exists():
        told = pytest.fail if "office" in os.environ.get("GEOKIT_REQUIRE", "") else pytest.skip
        told("no LibreOffice: install libreoffice-calc-nogui or set GEOKIT_SOFFICE")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf8")
    command = [program, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(folder), *map(str, paths)], check=True, capture_output=True, timeout=240)
    return [folder / path.name for path in paths]


def fill_cells(source, target, sheet, cells):
    """Copy a workbook with figures typed into empty cells of one sheet, or in the place of its figures; nothing else changes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        names = re.findall(r'<sheet name="([^"]+)"', old.read("xl/workbook.xml").decode("utf8"))
        changed = f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
        for member in old.namelist():
            text = old.read(member)
            new.writestr(member, _type(text.decode("utf8"), cells).encode("utf8") if member == changed else text)
    return target


def _type(xml, cells):
    """Return the sheet with the figures in their cells."""
    for cell, value in cells.items():
        xml, count = re.subn(rf'<c r="{cell}"( s="\d+")(?:/>|><v>[^<]*</v></c>)', rf'<c r="{cell}"\1><v>{value}</v></c>', xml)
        assert count == 1, cell
    return xml
