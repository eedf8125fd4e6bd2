"""Find the files of rows in a user's folder: each is read once, or it is said why it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from geokit.core.errors import LayerError, Problem
from geokit.io.dictionary import read_themes
from geokit.io.digest import digest
from geokit.io.folder import list_files
from geokit.io.foreign import FORMATS


def find_rows(folder: Path, tables: Iterable[str], known: Mapping[str, str], *, skip: Path | None = None) -> dict[str, Path]:
    """Return the files of rows in a folder of the user.

    Parameters
    ----------
    folder : pathlib.Path
        Its files are named after layers, as ``deposits.csv``, and lie at its top or in the folder of their theme.
    tables : iterable of str
        The layers that rows can be laid over.
    known : mapping of str to str
        SHA-256 of the files of the layers, by their path: a copy of a map or picture has nothing to lay over.
    skip : pathlib.Path, optional
        A file that is not laid over: the one that is about to be checked.

    Returns
    -------
    dict of str to pathlib.Path
        A table name to its file.

    Raises
    ------
    LayerError
        With every file that is not read, or of which there are two for one layer.
    """
    tables, left_out = list(tables), skip.resolve() if skip else None
    files = {place: path for place, path in list_files(folder, tables).items() if path.resolve() != left_out}
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    for place, path in files.items():
        if wrong := _judge_place(PurePosixPath(place), tables):
            problems += [] if _is_copy(place, path, known) else [Problem(place, path.name, *_judge_copy(place, known, wrong))]
        elif path.stem in found:
            rule = f"holds rows for the same layer as {found[path.stem].relative_to(folder).as_posix()}"
            problems.append(Problem(place, path.name, rule, "put the rows into one file"))
        else:
            found[path.stem] = path
    if problems:
        raise LayerError(problems)
    return found


def _judge_place(place: PurePosixPath, tables: list[str]) -> tuple[str, str] | None:
    """Return why a file is no file of rows, and what to do about it; None where it is one."""
    if place.stem not in tables:
        return "is no layer of rows", "name the file after a layer, as deposits.csv, or take it out of the folder"
    if place.suffix.lower() not in FORMATS:
        return "is no format that is read", f"save it as {', '.join(name[1:].upper() for name in FORMATS)}"
    theme = read_themes().get(place.stem, ("", ""))[0]
    if str(place.parent) not in {".", theme}:
        own = f" or into {theme}/" if theme else ""
        return "lies where no layer is looked for", f"move it to the top of the folder{own}, or take it out"
    return None


def _is_copy(place: str, path: Path, known: Mapping[str, str]) -> bool:
    """Return whether a file is the file of the layers at the same place, byte by byte."""
    return place in known and digest(path) == known[place]


def _judge_copy(place: str, known: Mapping[str, str], wrong: tuple[str, str]) -> tuple[str, str]:
    """Return what is wrong with a file that differs from the one of the layers at its place; else what was found already."""
    rule = "differs from the file of the layers, and only rows can be laid over"
    return (rule, "give the complete folder with --layers") if place in known else wrong
