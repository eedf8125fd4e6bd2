"""The tables and the manifest of a finished study: declared, complete, harmless, whole or absent."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json

import pandas as pd
import pytest

from geokit.core.columns import split_ids
from geokit.core.errors import OutputError
from geokit.io.dictionary import read_columns
from geokit.io.read import hash_bytes, read_text_table, type_columns
from geokit.io.write import FORMULA_SIGNS
from geokit.outputs.export import CONTRACT_VERSION, TABLES, list_tables, write_manifest, write_tables

KEPT = ("cases", "ranking", "unknowns")


@pytest.fixture(scope="module")
def folder(study, tmp_path_factory):
    place = tmp_path_factory.mktemp("tables") / "new" / "folder"
    written = write_tables(study, place)
    assert [path.name for path in written] == [f"{name}.csv" for name in TABLES]
    return place


@pytest.fixture(scope="module")
def read(folder):
    """Read a written table back by the data dictionary, each once."""
    tables = {name: type_columns(read_text_table(folder / f"{name}.csv"), read_columns(name)) for name in TABLES}
    return tables.__getitem__


@pytest.fixture(scope="module")
def manifest(study, folder):
    path = write_manifest(study, folder, files=sorted(folder.glob("*.csv")), command="geokit run")
    text = path.read_text(encoding="utf8")
    path.unlink()
    return text


@pytest.mark.parametrize("name", TABLES)
def test_a_table_keeps_every_row_and_its_key_stands_once(study, read, name):
    keys = [column.name for column in read_columns(name) if column.key]
    assert len(read(name)) == len(list_tables(study)[name])
    assert not read(name).duplicated(keys).any()


@pytest.mark.parametrize("name", [name for name in TABLES if name not in KEPT])
def test_a_table_is_sorted_by_its_key(read, name):
    keys = [column.name for column in read_columns(name) if column.key]
    rows = list(read(name)[keys].itertuples(index=False, name=None))
    assert rows == sorted(rows)


def test_tables_are_sorted_whatever_their_order_in_the_study(study):
    turned = dataclasses.replace(study, hauls=study.hauls.iloc[::-1], rankings=study.rankings.iloc[::-1])
    for name in ("hauls", "ranking"):
        plain, other = (list_tables(one)[name].reset_index(drop=True) for one in (study, turned))
        pd.testing.assert_frame_equal(plain, other)


def test_the_ranking_is_in_order_within_each_case_and_what_has_no_rank_comes_last(read):
    for _, rows in read("ranking").groupby("case_id"):
        ranks = rows["rank"].tolist()
        known = [rank for rank in ranks if rank == rank]  # noqa: PLR0124  not-a-number is the blank of a figure
        assert ranks[: len(known)] == sorted(known)


def test_the_unknowns_lead_with_what_moves_most(read):
    assert read("unknowns")["rank_swing"].is_monotonic_decreasing


@pytest.mark.parametrize("name", TABLES)
def test_figures_come_back_with_nine_digits(study, read, name):
    frame = list_tables(study)[name].reset_index(drop=True)
    for column in read_columns(name):
        if column.type in {"number", "integer"}:
            pd.testing.assert_series_equal(read(name)[column.name], frame[column.name].astype(float), rtol=5e-9, check_names=False)


@pytest.mark.parametrize("name", TABLES)
def test_figures_stay_within_their_declared_bounds_and_required_cells_are_filled(read, name):
    for column in read_columns(name):
        cells = read(name)[column.name]
        if column.type in {"number", "integer"}:
            assert column.minimum is None or not (cells < column.minimum).any(), column.name
            assert column.maximum is None or not (cells > column.maximum).any(), column.name
            assert column.type == "number" or (cells.dropna() % 1 == 0).all(), column.name
        assert not column.required or (cells != "").all(), column.name


@pytest.mark.parametrize("name", TABLES)
def test_words_are_of_the_declared_vocabulary_and_ids_stand_in_the_layers(layers, read, name):
    for column in read_columns(name):
        cells = {one for cell in read(name)[column.name].unique() for one in (split_ids(cell) if column.type == "ids" else [cell]) if one}
        if column.refers_to and column.type != "number":
            table, _, target = column.refers_to.partition(".")
            known = {one for cell in layers[table][target] for one in split_ids(cell)} if table in layers else cells
            assert cells <= known | set(column.allowed), column.name
        elif column.allowed:
            assert cells <= set(column.allowed), column.name


@pytest.mark.parametrize("name", TABLES)
def test_no_cell_of_words_is_a_formula(folder, name):
    words = {column.name for column in read_columns(name) if column.type not in {"number", "integer"}}
    with (folder / f"{name}.csv").open(newline="", encoding="utf8") as file:
        loose = [row for row in csv.DictReader(file) if any(row[word].startswith(FORMULA_SIGNS) for word in words)]
    assert loose == []


def test_every_case_of_every_table_is_among_the_cases(read):
    asked = set(read("cases")["case_id"])
    for name in ("ranking", "exposure", "dependency"):
        assert set(read(name)["case_id"]) == asked


def test_the_manifest_seals_what_lies_there(folder, manifest):
    sealed = json.loads(manifest)["outputs_sha256"]
    assert sealed == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_manifest_names_facts_assumptions_and_questions(study, manifest):
    told = json.loads(manifest)
    assert told["contract_version"] == CONTRACT_VERSION
    assert told["assumptions_fingerprint"] == study.assumptions.fingerprint()
    assert told["cases"] == [case.case_id for case in study.cases]
    assert told["headlines"] == dict(study.headlines)
    assert told["layers_sha256"] == dict(study.layers.sha256)
    assert told["warnings"] == list(study.warnings)


def test_the_manifest_of_other_assumptions_differs(study, folder, manifest):
    other = dataclasses.replace(study, assumptions=study.assumptions.replace(parcel_t=26_000))
    path = write_manifest(other, folder, files=[], command="geokit run")
    told, before = json.loads(path.read_text(encoding="utf8")), json.loads(manifest)
    path.unlink()
    assert told["assumptions_fingerprint"] != before["assumptions_fingerprint"]
    assert {name for name in told if told[name] != before[name]} == {"assumptions", "assumptions_fingerprint", "outputs_sha256"}


def test_a_fingerprint_is_sha256():
    """The one-block message of FIPS 180-2, appendix B.1, and the empty message."""
    assert hash_bytes(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hash_bytes(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_folder_in_the_place_of_a_table_is_told_and_no_half_table_stays(study, tmp_path):
    (tmp_path / "ranking.csv").mkdir()
    with pytest.raises(OutputError, match=r"ranking\.csv: cannot be written"):
        write_tables(study, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"cases.csv", "ranking.csv"}
    assert list((tmp_path / "ranking.csv").iterdir()) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError])
def test_an_interrupted_write_leaves_no_part_of_a_table(study, tmp_path, monkeypatch, stop):
    def fail(*_):
        raise stop

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(stop):
        write_tables(study, tmp_path)
    assert list(tmp_path.iterdir()) == []
