# `make run` and `make test` are all that is needed from a bare checkout; `make help` lists the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test lint types walls style lock wheel bench clean

OUT ?= out
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input install --quiet --progress-bar off
LOCKED := --require-hashes --only-binary :all: --requirement
SOURCES := pyproject.toml $(shell find geokit layers -type f ! -name '*.pyc' 2>/dev/null)
RESOLVE := uv --no-config pip compile --quiet --upgrade --universal --python-version 3.11 --only-binary :all: --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' pyproject.toml

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '  make %-7s %s\n' "$$name" "$$text"; done
	@printf '\nPYTHON=/path/to/python chooses the interpreter (3.11 to 3.14), OUT=folder where `make run` writes.\n'

run: .venv/project ## Rank every alternative for every partner and write the page, the report and the tables
	@.venv/bin/geokit run --out '$(OUT)'

test: lint types walls style .venv/project ## Check everything: lint, types, import walls, style, tests
	@$(PY) -m pytest -q -p no:cacheprovider -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: .venv/dev ## Ruff on the code, numpydoc on the docstrings
	@echo 'geokit: lint'
	@.venv/bin/ruff check --quiet .
	@find geokit -name '*.py' -print0 | xargs -0 .venv/bin/numpydoc lint

types: .venv/dev ## Mypy, strict
	@echo 'geokit: types'
	@$(PY) -m mypy --no-error-summary

walls: .venv/dev ## Which room may import which
	@echo 'geokit: walls'
	@.venv/bin/lint-imports --no-logo

style: .venv/dev ## The shape of the code against its bars
	@echo 'geokit: style'
	@$(PY) tools/measure_style.py geokit tests

wheel: .venv/project ## Build the wheel and the source archive into dist/
	@$(PY) -m hatchling build -d dist

bench: .venv/dev .venv/project ## Time start-up and the main job against named peers
	@$(PY) benchmarks/startup.py
	@$(PY) benchmarks/routing.py
	@$(PY) benchmarks/controls.py
	@$(PY) benchmarks/surface.py
	@$(PY) benchmarks/scoring.py
	@$(PY) benchmarks/cashflow.py
	@$(PY) benchmarks/run.py

lock: ## Pin the newest releases again (needs uv and a network); fails if a platform lacks a wheel
	@command -v uv >/dev/null || { echo 'geokit: make lock needs uv; see CONTRIBUTING.md' >&2; exit 1; }
	@$(RESOLVE) --group build --output-file requirements.lock >/dev/null
	@$(RESOLVE) --group dev --constraint requirements.lock --output-file requirements-dev.lock >/dev/null
	@sh tools/check_wheels.sh requirements.lock requirements-dev.lock

clean: ## Remove .venv, caches and everything built
	rm -rf .venv out dist build maps/out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: a second call is quick and needs no network; a changed lock installs again, a changed source too.
.venv/bin/python:
	@PYTHON='$(PYTHON)' sh tools/make_venv.sh

.venv/runtime: requirements.lock .venv/bin/python
	@echo 'geokit: installing the locked packages (about a minute the first time)'
	@$(PIP) $(LOCKED) requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock .venv/runtime
	@echo 'geokit: installing the locked tools for tests'
	@$(PIP) $(LOCKED) requirements-dev.lock
	@touch $@

.venv/project: .venv/runtime $(SOURCES)
	@echo 'geokit: installing this checkout into .venv'
	@$(PIP) --no-deps --no-build-isolation --force-reinstall .
	@touch $@
