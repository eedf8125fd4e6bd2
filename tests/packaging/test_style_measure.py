"""The style measure counts what it says, passes clean code and names every breach."""

from __future__ import annotations

import ast
import importlib.util
import sys

import pytest

CLEAN = '''"""A module."""


def add(first: int, second: int) -> int:
    """Add two numbers."""
    if first > second:
        raise ValueError(f"{first} is too much")
    return first + second
'''


@pytest.fixture(scope="module")
def tool(root):
    spec = importlib.util.spec_from_file_location("measure_style", root / "tools" / "measure_style.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["measure_style"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path):
    """Write a package of one module with as many lines of tests."""
    for folder, text in (("package", CLEAN), ("tests", CLEAN)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.py").write_text(text)
    return tmp_path


def run(tool, project):
    return tool.main(str(project / "package"), str(project / "tests"))


@pytest.mark.parametrize(
    ("code", "ways"),
    [
        ("def f(): return 1", 1),
        ("def f(a):\n    if a: return 1", 2),
        ("def f(a):\n    if a and a > 1 or a < 0: return 1", 4),
        ("def f(a): return [b for b in a if b]", 2),
        ("def f(a):\n    for b in a:\n        while b: b = b if b else 0", 4),
        ("def f(a):\n    match a:\n        case 1: pass\n        case _: pass", 3),
        ("def f(a):\n    assert a\n    try: pass\n    except ValueError: pass", 3),
    ],
)
def test_branches_are_counted_by_hand(tool, code, ways):
    assert tool.count_branches(ast.parse(code).body[0]) == ways


def test_body_leaves_the_docstring_out(tool):
    assert tool.measure_body(ast.parse(CLEAN).body[1]) == 4


@pytest.mark.parametrize(
    ("raised", "shown"),
    [
        ("raise ValueError('too much')", False),
        ("raise ValueError(f'{a} is too much')", True),
        ("msg = 'too much'\n    raise ValueError(msg)", False),
        ("msg = f'{a} is too much'\n    raise ValueError(msg)", True),
        ("raise KeyError(a)", True),
    ],
)
def test_a_raise_shows_a_value_or_does_not(tool, raised, shown):
    assert [good for good, _ in tool.list_raises(ast.parse(f"def f(a):\n    {raised}"))] == [shown]


def test_clean_code_passes(tool, project, capsys):
    assert run(tool, project) == 0
    assert "! " not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("two.py", CLEAN + "    first = 1\n" * 70, "one_too_long"),
        ("two.py", '"""A module."""\n\n\ndef one_too_long(a: int) -> int:\n    return a\n', "documented"),
        ("two.py", '"""A module."""\n\n\ndef one_too_long(a) -> int:\n    """Return it."""\n    return a\n', "annotated"),
        ("two.py", '"""A module."""\n' + "A = 1\n" * 501, "file length"),
        ("page.js", "const a = 1;\n" * 401, "script and style files"),
        ("page.js", "node.inner" + "HTML = text;\n", "injected markup"),
    ],
)
def test_a_breach_fails_and_is_named(tool, project, capsys, name, text, words):
    (project / "package" / name).write_text(text.replace("def add(", "def one_too_long("))
    (project / "tests" / "more.py").write_text("a = 1\n" * 600)
    assert run(tool, project) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("!", "      "))]
    assert any(words in line for line in told)
    assert any(name in line for line in told)


def test_too_few_tests_fail(tool, project, capsys):
    (project / "tests" / "one.py").write_text("")
    assert run(tool, project) == 1
    assert "! test : code lines" in capsys.readouterr().out
