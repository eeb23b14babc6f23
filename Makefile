# One command each; `make` alone lists them. Needs Python 3.11 or newer and nothing else that is not set up here.

SHELL := /bin/sh
.DEFAULT_GOAL := help
ARGS ?=

# Many processes read the same modules: what the first of them compiles is kept, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
MILE := $(BIN)/python -m cli.main

# The first Python that is new enough and can make a virtual environment; PYTHON=… chooses another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo "$$python" && break; done)

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help install demo up test coverage integration lint format types imports check faults figures journey replay schema translations emails benchmark screenshots lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

install: $(STAMP) ## set up .venv with the locked dependencies; a second call does nothing

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "No Python 3.11 or newer with venv was found. Install one (Debian: apt install python3 python3-venv)" >&2; \
		echo "or name it: make PYTHON=/path/to/python3.12 install" >&2; exit 1; }
	@$(BIN)/python -c 'import pip' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: install ## play the 2019 cohort's 18 months on this machine, then keep serving (ARGS="--exit --json out.json")
	@$(MILE) demo $(ARGS)

up: install ## run the whole service on this machine until Ctrl-C (ARGS="--ports 8500")
	@$(MILE) up $(ARGS)

test: install ## run every test (ARGS="tests/unit")
	@$(BIN)/python -m pytest -n 4 --dist loadscope --no-loadscope-reorder $(ARGS)

coverage: install ## run every test and show which lines none of them reaches; slower than make test (ARGS="tests/unit")
	@$(BIN)/python -m pytest -n 4 --dist loadscope --no-loadscope-reorder --cov --cov-report=term $(ARGS)

integration: install ## what takes Debian's programs and npm; a test skips where one is missing
	@if command -v npm >/dev/null; then mkdir -p build/node && cp tests/integration/package*.json build/node \
		&& npm ci --silent --ignore-scripts --no-audit --no-fund --prefix build/node \
		|| echo "npm could not install what some tests need; they are skipped." >&2; fi
	@$(BIN)/python -m pytest -rs tests/integration $(ARGS)

lint: install ## style, formatting and American spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/codespell

format: install ## put the formatting right
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: install ## static types, tests included
	@$(BIN)/mypy .

imports: install ## which room may import which
	@$(BIN)/lint-imports

check: lint types imports ## everything but the tests

faults: install ## kill, pause, fill and put off the parts of a local stack at random, and count what is lost (ARGS="--runs 100 --seed 2")
	@$(BIN)/python -m tools.fault_runs $(ARGS)

figures: install ## describe the code in numbers (ARGS="--json")
	@$(BIN)/python -m tools.figures $(ARGS)

journey: install ## only the tests of workflows: whole classes and mentorships, 18 months each
	@$(BIN)/python -m pytest tests/workflows $(ARGS)

replay: install ## recorded histories against today's workflows
	@$(BIN)/python -m pytest -k replay tests/replay tests/runtime tests/integration/test_replay_mutations.py $(ARGS)

translations: install ## bring the catalogs of participants' texts up to date with the code (ARGS="--check")
	@$(BIN)/python -m tools.translations $(ARGS)

schema: install ## write storage/schema.sql anew after a change to the migrations
	@$(BIN)/python -m pytest tests/storage/test_schema.py --write-schema

emails: install ## write every email to build/emails to look at
	@$(MILE) emails preview --out build/emails $(ARGS)

benchmark: install ## a rehearsal beside the bare engine, matching, a large start, what a mentorship costs, how fast emails leave and staff's pages come, what an answer costs
	@$(BIN)/python benchmarks/mentorship.py
	@$(BIN)/python -m benchmarks.rehearsing
	@$(BIN)/python -m benchmarks.starting
	@$(BIN)/python benchmarks/sending.py
	@$(BIN)/python -m benchmarks.console
	@$(BIN)/python -m benchmarks.answering
	@$(BIN)/python benchmarks/matching.py $(ARGS)

screenshots: install ## take the documents' screenshots beside a running make demo
	@$(BIN)/python -m docs.screenshot $(ARGS)

lock: ## renew the locked dependencies (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	@$(COMPILE) --upgrade --extra local --extra text --extra dev pyproject.toml -o requirements.lock
	@$(COMPILE) --upgrade -c requirements.lock pyproject.toml deploy/requirements.in -o deploy/requirements.lock

clean: ## remove everything that can be made again, the local stack's data too
	rm -rf $(VENV) .mile build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
