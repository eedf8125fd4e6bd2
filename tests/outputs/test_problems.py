"""What the terminal says of a user's file: errors before doubts, row by row, each with its remedy, and JSON that any program reads."""

from __future__ import annotations

import pytest

from geokit.core.errors import Problem
from geokit.outputs.terminal import ALIKE, WIDTH, print_problems

HOSTILE = ["[bold]x[/bold]", "[link=file:///etc]y[/link]", "\x1b[31mred", "\x1b]0;title\x07", "a\rb", "\u202egnp.exe", "<img src=x>",
    "x" * 5000]


@pytest.fixture
def show(capsys, monkeypatch):
    """Print problems into a pipe and return what came out."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)

    def call(*problems):
        print_problems(problems)
        return capsys.readouterr().out

    return call


def problem(row=2, column="lat", value="x", rule="is wrong", **options):
    return Problem(options.pop("file", "mine.csv"), value, rule, options.pop("remedy", "mend it"), row, column, **options)


def test_errors_come_before_doubts_and_each_has_row_column_value_rule_and_remedy(show):
    told = show(problem(9, "name", "Gunga", "may be a twin", is_doubt=True),
        problem(3, "lat", "64.2", "is outside", remedy="exchange them"))
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert lines[0] == "mine.csv: 1 error"
    assert lines[1] == "row column value what is wrong -> what to do"
    assert lines[2:4] == ["3 lat 64.2 is outside", "-> exchange them"]
    assert lines[4] == "mine.csv: 1 doubt"
    assert lines[6:8] == ["9 name Gunga may be a twin", "-> mend it"]
    assert lines[8].startswith("A doubt breaks no rule")


def test_files_are_told_apart(show):
    told = show(problem(file="a.csv"), problem(file="b.csv"), problem(file="a.csv", row=4))
    assert [line for line in told.splitlines() if line.endswith(("error", "errors"))] == ["a.csv: 2 errors", "b.csv: 1 error"]


def test_of_many_rows_alike_the_first_are_shown_and_the_rest_counted(show):
    rows = [problem(row, rule=f"lies in b, {row} km outside 'a'") for row in range(2, 102)]
    told = show(*rows, problem(7, "name"))
    assert told.count("-> mend it") == ALIKE + 1
    assert f"and {100 - ALIKE} more rows like these in column lat" in told


def test_a_row_that_wants_another_remedy_is_never_hidden(show):
    rows = [problem(row, remedy=f"write {row % 20}") for row in range(2, 102)]
    told = " ".join(show(*rows, problem(102, remedy="write itself")).split())
    assert all(f"-> write {one} " in f"{told} " for one in range(20))
    assert "-> write itself" in told
    many = show(*[problem(row) for row in range(2, 12)], *[problem(row, remedy="other") for row in range(12, 24)])
    assert "and 5 more rows like these in column lat (mend it)" in many
    assert "and 7 more rows like these in column lat (other)" in many


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_printed_and_not_obeyed(show, words):
    told = show(problem(column=words, value=words, rule=words, remedy=words, file=words))
    assert not set(told) & set("\x1b\x07\r\u202e")
    assert max(map(len, told.splitlines())) <= max(WIDTH, len(words) + len(": 1 error"))


def test_nothing_wrong_prints_nothing(show):
    assert show() == ""
