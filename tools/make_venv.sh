#!/bin/sh
# Make .venv with a Python that can hold the locked packages, or say in one line what is missing.
# PYTHON=/path/to/python chooses the interpreter; without it the first good one on the path is taken.
set -eu

venv=.venv
fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
version='import platform; print(platform.python_version())'

fail() {
    printf 'geokit: %s\n' "$*" >&2
    exit 1
}

choose() {
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$name" >/dev/null 2>&1 && "$name" -c "$fits" >/dev/null 2>&1; then
            printf '%s\n' "$name"
            return
        fi
    done
}

python=${PYTHON:-$(choose)}
if [ -z "$python" ]; then
    found=$(python3 -c "$version" 2>/dev/null || echo none)
    fail "needs Python 3.11 to 3.14, found: $found. Install one, or name it: make run PYTHON=/path/to/python3.12"
fi
"$python" -c "$version" >/dev/null 2>&1 || fail "PYTHON=$python does not run. Name one that does: make run PYTHON=/path/to/python3.12"
"$python" -c "$fits" || fail "needs Python 3.11 to 3.14, but $python is $("$python" -c "$version")"
"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
    fail "$python cannot make environments. On Debian or Ubuntu: sudo apt-get install python3-venv; or name another: make run PYTHON=/path/to/python3.12"

printf 'geokit: making %s with Python %s\n' "$venv" "$("$python" -c "$version")"
rm -rf "$venv"
"$python" -m venv "$venv" || { rm -rf "$venv"; fail "$python -m venv failed; the lines above say why"; }
