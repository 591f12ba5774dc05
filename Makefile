# deskpulse: `make demo` shows it, `make test` proves it, `make check` keeps it in shape.
.DEFAULT_GOAL := help
.PHONY: help setup demo test soak check bench docs words lock system clean

PYTHON ?= python3
BIN := .venv/bin
# uv from the PATH where there is one, else the one that setup fetches with pip.
UV := $(if $(shell uv --version 2>/dev/null),uv,$(BIN)/uv)
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
WORKERS ?= 2

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "deskpulse needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

$(BIN)/uv: | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt

.venv/.run: requirements/run.txt pyproject.toml | $(BIN)/python $(if $(filter uv,$(UV)),,$(BIN)/uv)
	$(INSTALL) --require-hashes -r requirements/run.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.run
	$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

setup: .venv/.run ## create .venv from the hashed lock

demo: setup ## make an invented support company and print its scorecard
	$(BIN)/deskpulse demo demo/

system: # what tests need from the system
	@tools/system.sh

test: .venv/.dev system ## run every test (WORKERS=2 at a time)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile

soak: .venv/.dev system ## kill what writes 200 times each, and make up more histories and requests
	DESKPULSE_KILLS=200 DESKPULSE_SEEDS=20 DESKPULSE_EXAMPLES=50 $(BIN)/pytest -q tests/faults tests/facts/test_incremental.py tests/api/test_openapi.py \
	  tests/connectors/test_fuzz_pages.py tests/connectors/test_fuzz_files.py tests/connectors/test_fuzz_bytes.py

check: .venv/.dev ## style, types, floors and house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_house_rules.py

bench: .venv/.dev ## measure speed and memory; prints the table of bench/README.md
	$(BIN)/python -m bench.run

docs: setup ## write the page of each KPI from its declaration
	$(BIN)/python tools/docs.py
	$(BIN)/python tools/connector_pages.py

words: setup ## list what there is to translate, and print what is not translated yet
	$(BIN)/python tools/words.py

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(LOCK_OPTIONS)
lock: | $(BIN)/python $(if $(filter uv,$(UV)),,$(BIN)/uv) ## pin every package again, with hashes (LOCK_OPTIONS=--upgrade)
	$(COMPILE) pyproject.toml --all-extras --group dev --group build --output-file requirements/dev.txt
	$(COMPILE) pyproject.toml --group build --constraints requirements/dev.txt --output-file requirements/run.txt
	echo uv | $(COMPILE) - --output-file requirements/uv.txt

clean: ## remove what was made, the environment included
	rm -rf .venv demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
