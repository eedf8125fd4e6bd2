"""What the pages of the repository tell a user to type exists: verbs, options, targets, names, places, files."""

from __future__ import annotations

import ast
import re
import shlex

import pytest
import typer

import geokit
from geokit.cli import app
from geokit.core.assumptions import Assumptions
from geokit.study.study import Study

PAGES = ("README.md", "CONTRIBUTING.md", "DESIGN.md", "CHANGELOG.md", "docs/outputs.md", "benchmarks/README.md")


@pytest.fixture(scope="module")
def pages(root):
    return {name: (root / name).read_text(encoding="utf8") for name in PAGES}


@pytest.fixture(scope="module")
def verbs():
    return typer.main.get_command(app).commands


def list_fences(text, language=""):
    """Return the code blocks of a page that are marked with a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def list_commands(text, program):
    """Return the commands of a page as words: lines of its plain blocks and what stands between backticks."""
    lines = [line for block in list_fences(text) for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    split = [shlex.split(line, comments=True) for line in lines if re.match(rf"(\S*/)?{program} ", line)]
    return [words[1:] for words in split]


@pytest.fixture(scope="module")
def typed(pages):
    """Return every geokit command of every page as words."""
    return [words for text in pages.values() for words in list_commands(text, "geokit")]


def test_the_pages_show_every_verb(pages, verbs):
    shown = {verb for text in pages.values() for verb in re.findall(r"geokit ([a-z]+)", text)}
    assert set(verbs) - shown == set()


def test_every_command_of_a_page_is_a_verb_with_its_options(typed, verbs):
    for words in typed:
        if words[0] == "--help":
            continue
        assert words[0] in verbs, words
        options = {name for parameter in verbs[words[0]].params for name in parameter.opts}
        assert {word.split("=")[0] for word in words if word.startswith("--")} <= options, words


def test_every_command_of_the_readme_can_be_parsed(pages, verbs):
    for words in list_commands(pages["README.md"], "geokit"):
        whole = words if len(words) > 1 or words[0] in {"layers", "assumptions", "controls", "forecasts"} else [*words, "--out", "x"]
        assert verbs[words[0]].make_context(words[0], whole[1:]).params


def test_what_the_readme_asks_for_is_in_the_layers(pages, layers, alternatives, assumptions):
    commands = list_commands(pages["README.md"], "geokit")
    partners = {words[at + 1] for words in commands for at, word in enumerate(words) if word == "--partner"}
    assert partners <= set(layers["partners"]["partner_id"])
    assert {words[1] for words in commands if words[0] == "explain"} <= set(alternatives["alternative"])
    assert {words[1] for words in commands if words[0] == "layers" and len(words) > 1} <= {*layers, "provinces"}
    for words in (words for words in commands if "--set" in words):
        name, _, value = words[words.index("--set") + 1].partition("=")
        assert isinstance(assumptions.replace(**{name: float(value)}), Assumptions)


def test_python_on_the_readme_is_python_and_its_names_exist(pages):
    blocks = list_fences(pages["README.md"], "python")
    assert blocks
    for block in blocks:
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                owner = {"gk": geokit, "study": Study}[node.value.id]
                assert hasattr(owner, node.attr), node.attr


def test_every_target_of_make_on_a_page_is_in_the_makefile(pages, root):
    targets = set(re.findall(r"^([a-z][\w-]*):", (root / "Makefile").read_text(encoding="utf8"), flags=re.MULTILINE))
    asked = {words[0] for text in pages.values() for words in list_commands(text, "make")}
    assert {"run", "test"} <= asked <= targets


@pytest.mark.parametrize("name", PAGES)
def test_a_link_to_a_file_leads_somewhere(pages, root, name):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", pages[name])
    lost = [link for link in links if not ((root / name).parent / link).exists()]
    assert lost == []


@pytest.mark.parametrize("name", PAGES)
def test_a_file_of_the_repository_that_a_page_names_exists(pages, root, name):
    paths = re.findall(r"`((?:layers|recipes|tools|geokit|tests|docs|benchmarks)/[\w./-]+\.\w+)`", pages[name])
    lost = [path for path in paths if not (root / path).exists()]
    assert lost == []


def test_every_verb_and_option_says_what_it_does(verbs):
    for name, verb in verbs.items():
        assert verb.help, name
        for parameter in verb.params:
            assert parameter.help, (name, parameter.name)


def test_no_verb_has_two_options_of_one_name(verbs):
    for name, verb in verbs.items():
        options = [option for parameter in verb.params for option in parameter.opts]
        assert len(options) == len(set(options)), name
