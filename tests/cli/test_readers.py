"""What the options say is read, or refused with the word that is wrong and what to write instead."""

from __future__ import annotations

import datetime as dt

import pytest
import typer

from geokit.cli.readers import open_assumptions, open_layers, read_date, read_files, read_together, read_track, refuse, stay_in_time
from geokit.core.codes import Track
from geokit.core.errors import AssumptionError, UnknownNameError
from geokit.io.defaults import dump_assumptions


def test_files_are_named_by_their_layer():
    found = read_files(["deposits=my deposits.csv", "ports=a=b.csv"])
    assert {name: str(path) for name, path in found.items()} == {"deposits": "my deposits.csv", "ports": "a=b.csv"}
    assert read_files([]) == {}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["deposits"], "names no table or no file"),
        (["=my.csv"], "names no table or no file"),
        (["deposits="], "names no table or no file"),
        (["deposits=a.csv", "deposits=b.csv"], "is given twice"),
    ],
)
def test_a_file_that_names_no_layer_is_refused(given, told):
    with pytest.raises(typer.BadParameter, match=told):
        read_files(given)


@pytest.mark.parametrize("track", list(Track))
def test_a_track_is_read_by_its_name(track):
    assert read_track(track.value) is track


@pytest.mark.parametrize("words", ["", "Text", "law", "text ", "practise"])
def test_another_track_is_refused_by_name(words):
    with pytest.raises(typer.BadParameter, match="neither text nor practice"):
        read_track(words)


def test_a_date_is_read_and_none_stays_none():
    assert read_date("2026-11-22") == dt.date(2026, 11, 22)
    assert read_date(None) is None


@pytest.mark.parametrize("words", ["", "22.11.2026", "2026-13-01", "2026-02-30", "today"])
def test_what_is_no_date_is_refused(words):
    with pytest.raises(typer.BadParameter, match="is not a date"):
        read_date(words)


def test_settings_lay_over_the_file_and_named_options_over_both(tmp_path, assumptions):
    path = tmp_path / "mine.yaml"
    path.write_text("transport: {parcel_t: 20000}\ncontrols: {regime: lifted, float_months: 2}\n", encoding="utf8")
    chosen = open_assumptions(path, ["parcel_t=30000", "seed=3"], fid="2028-01-01", regime="snapback")
    assert (chosen.transport.parcel_t, chosen.seed, chosen.controls.float_months) == (30000, 3, 2)
    assert (chosen.controls.regime, chosen.controls.fid_on) == ("snapback", dt.date(2028, 1, 1))
    rest = set(assumptions.diff(chosen)) - {"transport.parcel_t", "seed", "controls.float_months", "controls.regime", "controls.fid_on"}
    assert rest == set()


def test_a_spread_can_be_set_as_a_mapping():
    chosen = open_assumptions(None, ["transfer_usd_per_t={low: 1, mode: 2, high: 3}"])
    assert (chosen.transport.transfer_usd_per_t.low, chosen.transport.transfer_usd_per_t.high) == (1, 3)


@pytest.mark.parametrize(("words", "told"), [("parcel_t", "has no '='"), ("parcel_t={", "is not a value")])
def test_a_setting_that_cannot_be_read_is_misuse(words, told):
    with pytest.raises(typer.BadParameter, match=told):
        open_assumptions(None, [words])


def test_a_decision_before_the_question_is_refused(layers, assumptions):
    early = assumptions.replace(controls__fid_on="2026-01-01")
    with pytest.raises(AssumptionError):
        stay_in_time(early, "2026-11-22", layers)
    assert stay_in_time(early, "no date", layers) is early
    assert stay_in_time(assumptions, None, layers) is assumptions


def test_one_wrong_reader_raises_its_own_error_and_several_are_told_together():
    def fail():
        kind = "partner"
        raise UnknownNameError(kind, "zz", ["japan"])

    assert read_together(lambda: 1, lambda: 2) == [1, 2]
    with pytest.raises(UnknownNameError, match="zz"):
        read_together(lambda: 1, fail)
    with pytest.raises(typer.BadParameter, match="2 problems") as caught:
        read_together(fail, lambda: read_date("soon"), lambda: 3)
    assert "zz" in str(caught.value)
    assert "soon" in str(caught.value)


def test_a_refusal_is_misuse():
    with pytest.raises(typer.BadParameter, match="no such thing"):
        refuse("no such thing")


def test_rows_of_a_user_are_told_beside_the_answer(layers, tmp_path, capsys):
    row = layers.texts["ports"].head(1)
    path = tmp_path / "mine.csv"
    path.write_text(f"port_id,name\n{row['port_id'].iloc[0]},Another harbour\n", encoding="utf8")
    facts = open_layers(None, [f"ports={path}"])
    assert "Another harbour" in facts["ports"]["name"].tolist()
    assert "1 row changed" in capsys.readouterr().err
    open_layers(None, [f"ports={path}"], tell=False)
    assert capsys.readouterr().err == ""


def test_what_is_printed_is_what_is_read(tmp_path, assumptions):
    path = tmp_path / "all.yaml"
    path.write_text(dump_assumptions(assumptions), encoding="utf8")
    assert open_assumptions(path, None) == assumptions
