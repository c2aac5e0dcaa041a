# Förderkette: `make help` is the map of this project.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready-$(shell cat requirements.lock pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
KERNELS := $(VENV)/.kernels-$(shell cat $$(grep -l njit matching/*.py) | cksum | cut -d' ' -f1)
FRONT  := web/static/built/manifest.json
TESTS  ?=
# Promises whose tests stand beside what they are about; the longest first, so that both cores end together.
ELSEWHERE := tests/partner_files/test_uploads.py tests/workflows/partners/test_killed_imports.py
# Measures how long others are kept waiting, so that it runs alone.
ALONE := tests/reliability/test_seats.py

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint unit reliability screenshots benchmark lock clean

help: ## This map
	@echo "Förderkette: who offers what, who needs what, and the shortest wait between the steps."
	@echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
	@echo
	@echo "  README.md          what it is, the two commands, the three users"
	@echo "  data/partners/     the only hand-edited data: one folder a region"
	@echo "  network/           who offers what, where, for whom; the graph and its analysis"
	@echo "  plans/             what a person needs: household, analysis, needs, chain templates"
	@echo "  matching/          which slot for which need, and why: problem in, plan and proof out"
	@echo "  store/             what is remembered: tables, transactions, keys, audit, backups"
	@echo "  workflows/         what people do, across the rooms"
	@echo "  web/               pages and command line"
	@echo "  docs/              model.md (the problem and its cost), glossary.md (the words)"

setup: $(READY) $(KERNELS) $(FRONT) ## Make .venv and install what the lock file names (once; needs the package registries)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.ready-* $(VENV)/.kernels-*
	@touch $@

$(KERNELS): $(READY)
	@echo "Compiling the engine ..."
	@$(BIN)/python -m matching.warm_up
	@rm -f $(VENV)/.kernels-*
	@touch $@

$(FRONT): $(READY) hatch_build.py web/frontend/package-lock.json web/frontend/vite.config.js $(wildcard web/frontend/src/*)
	@echo "Building the front end ..."
	@$(BIN)/python hatch_build.py
	@touch $@

demo: setup ## The main job on the fictional county "musterkreis", then a desk with a fictional year (ONCE=1: figures only)
	@$(BIN)/foerderkette demo $(if $(ONCE),--once)

test: setup lint unit ## Everything that must pass

lint: setup ## Style, types, and the contracts between the rooms
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

unit: setup ## The tests; TESTS="tests/matching -k bound" runs a part
	@$(BIN)/python -m pytest -n auto --dist loadfile $(TESTS)

reliability: setup ## Every promise at full size on both databases, with its control; writes docs/figures.md (under 15 minutes by itself)
	@FOERDERKETTE_RELIABILITY=full $(BIN)/python -m pytest -n 3 --maxschedchunk 1 -p no:randomly \
		tests/reliability/test_sharing.py $(ELSEWHERE) tests/reliability --ignore $(ALONE)
	@FOERDERKETTE_RELIABILITY=full $(BIN)/python -m pytest $(ALONE)

screenshots: setup ## A picture of every page, into docs/screens (fictional people; a few minutes)
	@$(BIN)/python -m tests.e2e.gallery

benchmark: setup ## The measured claims of docs/figures.md, anew (about two hours; RESUME=1 goes on after a stop; NATION=1: 400,000 people)
	@$(BIN)/python -m benchmarks.contest $(if $(SECONDS),--seconds $(SECONDS)) $(if $(RESUME),--resume)
	@$(BIN)/python -m benchmarks.growth $(if $(NATION),--nation)
	@$(BIN)/python -m benchmarks.price_passes
	@$(BIN)/python -m benchmarks.seat_prices
	@$(BIN)/python -m benchmarks.recommend
	@$(BIN)/python -m benchmarks.replan
	@$(BIN)/python -m benchmarks.snapshot
	@$(BIN)/python -m benchmarks.store_lists
	@$(BIN)/python -m benchmarks.desk_pages
	@$(BIN)/python -m benchmarks.network_analysis
	@$(BIN)/python -m benchmarks.gap_savings
	@$(BIN)/python -m benchmarks.what_if

lock: ## Resolve requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements.lock

clean: ## Remove what setup and runs have made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .demo build dist
