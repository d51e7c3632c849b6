# make demo: build the sample.  make test: run the tests.  Both install what they need into .venv, once.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test test-long check clean

demo: .venv/installed
	@$(BIN)/audiobook build examples/the-salt-road.txt --title "The Salt Road" --author "A. Reviewer" --date 2019-03-08

test: .venv/installed-dev
	@$(BIN)/python -m pytest -n 2 -m "not slow"

test-long: .venv/installed-dev
	@$(BIN)/python -m pytest -n 2 -m slow

check: .venv/installed-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

.venv/installed: pyproject.toml
	@echo "Installing into .venv; this takes a minute the first time."
	@$(PYTHON) -m venv .venv
	@$(PIP) install --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@echo "Installing what the tests need."
	@$(PIP) install --editable ".[dev]"
	@touch $@

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
