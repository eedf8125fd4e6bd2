"""The list of verbs: each is a function of its own room, told in one line, and the help keeps their order."""

from __future__ import annotations

import inspect

import pytest
import typer
from typer.testing import CliRunner

from geokit import cli


@pytest.mark.parametrize("name", list(cli.VERBS))
def test_a_verb_says_what_it_does_in_one_sentence(name):
    told = inspect.getdoc(cli.VERBS[name])
    assert told
    assert "\n" not in told
    assert told.endswith(".")


def test_the_help_keeps_the_order_of_the_list():
    told = CliRunner().invoke(cli.app, ["--help"]).stdout
    places = [told.index(f"\n  {name} ") for name in cli.VERBS]
    assert places == sorted(places)


@pytest.mark.parametrize("name", list(cli.VERBS))
def test_the_help_of_a_verb_names_each_of_its_options(name):
    command = typer.main.get_command(cli.app).commands[name]
    told = CliRunner().invoke(cli.app, [name, "--help"], terminal_width=200).stdout
    assert all(option.opts[0] in told for option in command.params if option.param_type_name == "option")
