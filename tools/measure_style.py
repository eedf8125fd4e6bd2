"""Measure the shape of the code and hold it to the project's bars: ``python tools/measure_style.py geokit tests``.

Prints one line a measure; exits with 1 and names every breach when a bar is missed.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FORKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.comprehension, ast.Assert, ast.match_case)
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITION = (*FUNCTION, ast.ClassDef)
INJECTIONS = (".innerHTML", ".outerHTML", ".insertAdjacentHTML", "document.write")


@dataclass
class Counts:
    """What one walk over a package gathers: (number, place) pairs and (good, place) pairs."""

    code: int = 0
    files: list[tuple[int, str]] = field(default_factory=list)
    bodies: list[tuple[int, str]] = field(default_factory=list)
    branches: list[tuple[int, str]] = field(default_factory=list)
    public: list[tuple[int, str]] = field(default_factory=list)
    documented: list[tuple[bool, str]] = field(default_factory=list)
    annotated: list[tuple[bool, str]] = field(default_factory=list)
    raises: list[tuple[bool, str]] = field(default_factory=list)
    assets: list[tuple[int, str]] = field(default_factory=list)
    injections: list[str] = field(default_factory=list)


def count_code(path: Path) -> int:
    """Count the lines that are neither blank nor a comment."""
    return sum(not line.strip().startswith("#") for line in path.read_text(encoding="utf8").splitlines() if line.strip())


def count_branches(function: ast.AST) -> int:
    """Count the ways through a function: one, plus one a fork, plus one a further operand of and / or."""
    nodes = list(ast.walk(function))
    return 1 + sum(isinstance(n, FORKS) for n in nodes) + sum(len(n.values) - 1 for n in nodes if isinstance(n, ast.BoolOp))


def measure_body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function from its ``def``, without its docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    text = function.body[0]
    return lines if ast.get_docstring(function) is None else lines - ((text.end_lineno or 0) - text.lineno + 1)


def list_hints(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[bool]:
    """Tell for each argument (but self and cls) and for the result whether it carries a type."""
    given = [a for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs) if a.arg not in {"self", "cls"}]
    return [*(a.annotation is not None for a in given), function.returns is not None]


def list_raises(function: ast.AST) -> Iterator[tuple[bool, int]]:
    """Tell for each error that a function makes whether its message carries a value; a plain text does not."""
    plain = {t.id for n in ast.walk(function) if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant)
             for t in n.targets if isinstance(t, ast.Name)}  # fmt: skip
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            names = [n for arg in (*node.exc.args, *node.exc.keywords) for n in ast.walk(arg) if isinstance(n, ast.Name)]
            yield any(name.id not in plain for name in names), node.lineno


def measure_module(path: Path, counts: Counts) -> None:
    """Add one Python file to the counts."""
    tree = ast.parse(path.read_text(encoding="utf8"))
    counts.code += count_code(path)
    counts.files.append((len(path.read_text(encoding="utf8").splitlines()), str(path)))
    counts.public.append((sum(isinstance(n, DEFINITION) and not n.name.startswith("_") for n in tree.body), str(path)))
    counts.documented.append((ast.get_docstring(tree) is not None, str(path)))
    for node in (n for n in ast.walk(tree) if isinstance(n, DEFINITION)):
        place = f"{path}:{node.lineno} {node.name}"
        public = not node.name.startswith("_")
        if public:
            counts.documented.append((ast.get_docstring(node) is not None, place))
        if isinstance(node, FUNCTION):
            counts.bodies.append((measure_body(node), place))
            counts.branches.append((count_branches(node), place))
            counts.raises += [(shown, f"{path}:{line}") for shown, line in list_raises(node)]
            counts.annotated += [(typed, place) for typed in list_hints(node) if public]


def measure(package: Path) -> Counts:
    """Walk a package: its Python files, its scripts, styles and templates (not what others wrote)."""
    counts = Counts()
    for path in sorted(package.rglob("*.py")):
        measure_module(path, counts)
    for path in sorted(p for p in package.rglob("*") if p.suffix in {".js", ".css", ".html"} and "vendor" not in p.parts):
        lines = path.read_text(encoding="utf8").splitlines()
        counts.assets.append((len(lines), str(path)))
        counts.injections += [f"{path}:{i} {word}" for i, line in enumerate(lines, 1) for word in INJECTIONS if word in line]
    return counts


def judge_spread(name: str, pairs: list[tuple[int, str]], bars: tuple[float, float, float]) -> Iterator[tuple[str, bool, list[str]]]:
    """Judge median, ninth decile and largest of a list of sizes; breaches are the sizes over the last bar that is missed."""
    sizes = sorted(number for number, _ in pairs) or [0]
    found = (statistics.median(sizes), sizes[round(0.9 * (len(sizes) - 1))], sizes[-1])
    over = [bar for size, bar in zip(found, bars, strict=True) if size > bar]
    text = f"{name:<26}{found[0]:g} / {found[1]} / {found[2]}   (bars {bars[0]:g} / {bars[1]:g} / {bars[2]:g})"
    yield text, not over, [f"{place}: {number}" for number, place in sorted(pairs, reverse=True) if over and number > over[-1]][:20]


def judge_share(name: str, pairs: list[tuple[bool, str]], bar: float) -> Iterator[tuple[str, bool, list[str]]]:
    """Judge the share of pairs that are good."""
    share = sum(good for good, _ in pairs) / len(pairs) if pairs else 1.0
    missing = [] if share >= bar else [place for good, place in pairs if not good]
    yield f"{name:<26}{share:.1%}   (bar {bar:.0%})", share >= bar, missing


def judge(counts: Counts, tests: int) -> Iterator[tuple[str, bool, list[str]]]:
    """Hold the counts to the bars: the line to print, whether the bar is met, and the breaches."""
    short = [(lines <= 400, f"{place}: {lines}") for lines, place in counts.files]
    simple = [(number <= 10, f"{place}: {number}") for number, place in counts.branches]
    yield from judge_spread("function body", counts.bodies, (12, 35, 60))
    yield from judge_share("at most 10 branches", simple, 0.99)
    yield from judge_spread("file length", counts.files, (400, 500, 500))
    yield from judge_share("files up to 400 lines", short, 0.95)
    yield from judge_spread("public names a module", counts.public, (3, 8, float("inf")))
    yield from judge_share("documented", counts.documented, 1.0)
    yield from judge_share("annotated", counts.annotated, 1.0)
    yield from judge_share("raises that show a value", counts.raises, 0.75)
    yield from judge_spread("script and style files", counts.assets, (400, 400, 400))
    yield f"{'injected markup':<26}{len(counts.injections)}   (bar 0)", not counts.injections, counts.injections
    ratio = tests / max(counts.code, 1)
    yield f"{'test : code lines':<26}{ratio:.2f} of {counts.code}   (bar 0.90)", ratio >= 0.9, [f"{tests} lines of tests"]


def main(package: str, tests: str) -> int:
    """Print every measure and every breach; return the exit code."""
    verdicts = list(judge(measure(Path(package)), sum(count_code(path) for path in sorted(Path(tests).rglob("*.py")))))
    for line, met, breaches in verdicts:
        print(("  " if met else "! ") + line)
        for breach in [] if met else breaches:
            print(f"      {breach}")
    return int(not all(met for _, met, _ in verdicts))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
