"""A study that was saved and opened again is the same study; a damaged or foreign file is refused."""

from __future__ import annotations

import dataclasses
import json
import zipfile

import pandas as pd
import pytest
from typer.testing import CliRunner

from geokit.catalog import read_layers
from geokit.cli import app
from geokit.core.errors import LayerError, OutputError
from geokit.io.bundle import read_bundle, write_bundle
from geokit.study.cases import build_cases
from geokit.study.evaluate import evaluate
from geokit.study.store import STUDY_FILE
from geokit.study.study import Study
from tests.conftest import ON


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """Return a study for one partner on layers in which a user changed a row and added one."""
    rows = tmp_path_factory.mktemp("rows") / "prices.csv"
    rows.write_text("price_id,low\ncopper_lme,7000\n", encoding="utf8")
    layers = read_layers(files={"prices": rows})
    return evaluate(layers=layers, cases=build_cases(layers, on=ON, partners=["us"]))


@pytest.fixture(scope="module")
def saved(mine, tmp_path_factory):
    return mine.save(tmp_path_factory.mktemp("saved"))


@pytest.fixture(scope="module")
def opened(saved):
    return Study.load(saved.parent)


def test_every_table_and_word_comes_back(mine, opened):
    for one in dataclasses.fields(Study):
        before, after = getattr(mine, one.name), getattr(opened, one.name)
        if isinstance(before, pd.DataFrame):
            pd.testing.assert_frame_equal(before.reset_index(drop=True), after, check_dtype=False)
        elif one.name not in {"layers", "matrix", "scored"}:
            assert before == after, one.name
    assert opened.matrix.criteria == mine.matrix.criteria
    assert (opened.scored.joined.rows == mine.scored.joined.rows).all()


def test_the_rows_of_the_user_come_back_with_their_mark(mine, opened):
    assert opened.layers.changes == mine.layers.changes
    assert opened.layers.modified == mine.layers.modified
    for name in mine.layers:
        pd.testing.assert_frame_equal(mine.layers[name], opened.layers[name])


def test_rows_that_the_environment_names_today_are_not_laid_over_a_saved_study(saved, opened, monkeypatch, tmp_path):
    (tmp_path / "prices.csv").write_text("price_id,low\ncopper_lme,6500\n", encoding="utf8")
    monkeypatch.setenv("GEOKIT_LAYERS", str(tmp_path))
    again = Study.load(saved)
    assert again.layers.changes == opened.layers.changes
    told = again.layers["prices"].set_index("price_id").loc["copper_lme", "low"]
    assert told == 7000
    assert read_layers().changes[0].file == "prices.csv"
    assert not read_layers(environment=False).changes


def test_scoring_again_gives_what_the_first_study_would(mine, opened):
    first, second = (study.rescore({"D1": 0.5}, partner="us") for study in (mine, opened))
    pd.testing.assert_frame_equal(first.rankings, second.rankings, check_dtype=False)
    assert first.headlines == second.headlines


def test_an_explanation_is_the_same(mine, opened):
    first = mine.rankings["alternative"].iloc[0]
    assert mine.explain(first, "us") == opened.explain(first, "us")


def test_the_same_study_makes_the_same_bytes(opened, saved, tmp_path):
    assert opened.save(tmp_path / "again.zip").read_bytes() == saved.read_bytes()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_changed_byte_is_found(saved, tmp_path, share):
    content = bytearray(saved.read_bytes())
    content[int(len(content) * share)] ^= 1
    (tmp_path / STUDY_FILE).write_bytes(content)
    with pytest.raises(LayerError, match=r"damaged|not as it was written"):
        Study.load(tmp_path)


def test_a_table_taken_out_or_put_in_is_named(saved, tmp_path):
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(tmp_path / STUDY_FILE, "w") as new:
        for name in old.namelist():
            if name != "hauls.parquet":
                new.writestr(name, old.read(name))
        new.writestr("more.parquet", b"")
    with pytest.raises(LayerError, match=r"hauls\.parquet, more\.parquet"):
        Study.load(tmp_path)


def test_a_study_of_another_version_is_refused_with_what_differs(saved, tmp_path):
    frames, about = read_bundle(saved)
    write_bundle(tmp_path / STUDY_FILE, {**frames, "omens": frames["hauls"].head(1)}, about)
    with pytest.raises(LayerError, match="'omens' is kept by another version of geokit"):
        Study.load(tmp_path)
    write_bundle(tmp_path / STUDY_FILE, {name: frame for name, frame in frames.items() if name not in {"hauls", "vendors"}}, about)
    with pytest.raises(LayerError, match=r"2 problem(.|\n)*'hauls'(.|\n)*'vendors'"):
        Study.load(tmp_path)


def test_a_bundle_that_is_no_study_is_refused_by_name(saved, tmp_path):
    write_bundle(tmp_path / "kept.zip", {"hauls": read_bundle(saved)[0]["hauls"]}, {"key": "abc", "version": "0"})
    with pytest.raises(LayerError, match=r"'kept\.zip' is no study"):
        Study.load(tmp_path / "kept.zip")


def test_what_is_unknown_is_found_again_and_not_kept(saved, mine, opened):
    assert "scored_unknowns" not in read_bundle(saved)[0]
    pd.testing.assert_frame_equal(opened.unknowns, mine.unknowns, check_dtype=False)
    assert opened.unknowns is opened.unknowns


def test_what_is_no_study_is_refused(tmp_path):
    (tmp_path / STUDY_FILE).write_text("no zip", encoding="utf8")
    with pytest.raises(LayerError, match="is no saved study, or is damaged"):
        Study.load(tmp_path)
    with pytest.raises(OutputError, match="name the folder of a run"):
        Study.load(tmp_path / "nowhere")


def test_a_study_of_other_facts_is_refused(saved, layers):
    other = dataclasses.replace(layers, sha256={**layers.sha256, "sources.csv": "0"})
    with pytest.raises(LayerError, match="was made from layers"):
        Study.load(saved, other)


def test_the_command_line_ranks_again_and_writes_everything(saved, opened, tmp_path):
    told = CliRunner().invoke(app, ["rescore", str(saved.parent), "--weight", "D1=0.5", "--out", str(tmp_path / "again")])
    assert told.exit_code == 0, told.output
    again = Study.load(tmp_path / "again")
    pd.testing.assert_frame_equal(again.rankings, opened.rescore({"D1": 0.5}).rankings, check_dtype=False)
    manifest = json.loads((tmp_path / "again" / "manifest.json").read_text(encoding="utf8"))
    assert manifest["weights"]["us"]["shares"]["D1"] == pytest.approx(0.5)
    assert manifest["command"].endswith("--weight D1=0.5")


def test_the_command_line_explains_what_was_found(saved, mine):
    first = mine.rankings["alternative"].iloc[0]
    told = CliRunner().invoke(app, ["explain", first, "--partner", "us", "--study", str(saved), "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["answer"]["alternative"] == first


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["rescore", "STUDY", "--weight", "D9=0.5"], "is no criterion that counts"),
        (["rescore", "STUDY", "--partner", "japan"], "no partner of this study called 'japan'"),
        (["explain", "a:b", "--partner", "us", "--study", "STUDY", "--on", "2027-01-01"], "leave out the options"),
        (["explain", "a:b", "--partner", "us", "--study", "STUDY"], "no alternative called 'a:b'"),
    ],
)
def test_the_command_line_says_what_is_wrong(saved, words, why):
    told = CliRunner().invoke(app, [str(saved) if word == "STUDY" else word for word in words])
    assert told.exit_code != 0
    assert why in " ".join(f"{told.output} {told.exception}".split())
