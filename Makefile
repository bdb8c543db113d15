# Every target works on a fresh machine: it makes .venv, installs what is pinned, then does its work.
# The same steps by hand stand in README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
# Two workers, or what the machine has; `make test ARGS="tests/registry -k nik"` narrows the run.
WORKERS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
ARGS ?=
# Generated requests for each operation of the API in `make fuzz`.
CASES ?= 97
# Businesses on PostgreSQL in `make bench`.
ROWS ?= 1000000

.DEFAULT_GOAL := help
.PHONY: help demo test test-postgres races fuzz bench bench-board quality load check

help: ## shows this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

demo: $(VENV)/.installed ## a demo city on http://127.0.0.1:8000, ready to sign in to
	$(BIN)/python manage.py demo $(ARGS)

test: $(VENV)/.installed-dev ## the whole suite on SQLite (browser tests need Chromium)
	$(PYTEST) $(ARGS)

test-postgres: $(VENV)/.installed-dev ## the whole suite on a throwaway PostgreSQL, races included
	$(BIN)/python tests/postgres.py $(PYTEST) -m "not once and not browser" $(ARGS)

races: $(VENV)/.installed-dev ## fifty rounds of 64 clients at once, over HTTP on a throwaway PostgreSQL
	RACE_ROUNDS=50 $(BIN)/python tests/postgres.py $(BIN)/python -m pytest tests/http_races $(ARGS)

fuzz: $(VENV)/.installed-dev ## thousands of generated requests against the API, by five roles; prints a table
	FUZZ_CASES=$(CASES) $(PYTEST) tests/api/test_schemathesis.py $(ARGS)

bench: $(VENV)/.installed-dev ## speed at a million businesses (ROWS=20000 for a look); prints a table and the bars
	$(BIN)/python -m bench.run --rows=$(ROWS) $(ARGS)

bench-board: $(VENV)/.installed-dev ## the board with 15,000 open needs beside the floor, on PostgreSQL and SQLite
	$(BIN)/python tests/postgres.py $(BIN)/python -m bench.board $(ARGS)
	$(BIN)/python -m bench.board --sqlite $(ARGS)

quality: $(VENV)/.installed-dev ## how well search finds what is misspelled, in a generated city
	$(BIN)/python -m bench.quality $(ARGS)

load: $(VENV)/.installed-dev ## the highest rate of visitors that two workers answer within a second
	$(BIN)/python -m bench.load $(ARGS)

check: $(VENV)/.installed-dev ## lint, format, migrations, translations, deployment, repository
	$(BIN)/python .ci/check.py $(ARGS)

# ---- the virtual environment: made once, filled again only when the pins change ----

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Python 3.11 or newer is needed and '$(PYTHON)' was not found. Debian/Ubuntu: sudo apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name a newer one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "The virtual environment could not be made. Debian/Ubuntu keep it apart: sudo apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.txt $(VENV)/bin/python
	@echo "Installing requirements.txt into $(VENV) (only when it changed) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing requirements-dev.txt into $(VENV) (only when it changed) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@
