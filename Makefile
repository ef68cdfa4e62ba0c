# Forbear 宽和. Run `make` to see what there is.
#
# Everything is installed into .venv from the locks in requirements/, each file checked against
# its hash. Nothing that is not pinned is fetched, and nothing outside this folder is touched.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
# The tool that writes the locks; only `make lock` needs it.
UV_PIN := uv==0.13.9

SAMPLES    := examples/sample-calls.xml examples/sample-sms.xml
COLLECTORS := --collector 95187=甲小贷 --collector 1069018795187=甲小贷
REPORT     := build/report.html
# The language of the report: zh or en.
REPORT_LANG := zh
POCKET     := build/pocket
PORT       := 8000
# The npm client that fetches Python for the browser: the machine's own, or else a pinned one.
NPM        := $(shell command -v npm || echo $(BIN)/npm)
OWN_NPM    := $(filter $(BIN)/npm,$(NPM))

# Names and clauses are Chinese; do not let a bare locale garble them.
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help run pocket install test test-slow lint fix types contracts check lock bench clean

help: ## Show this list
	@echo "Forbear 宽和: debt collection that can prove it was lawful"
	@echo
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / \
		{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "Another Python: make test PYTHON=python3.12 (after make clean)"

run: $(VENV)/.base pocket ## Audit the sample phone log, then serve the borrower's page
	@echo "Auditing a made-up week of calls and texts: $(SAMPLES)"
	@echo
	@$(BIN)/forbear audit $(SAMPLES) --pack cn --pack cn-humane $(COLLECTORS) \
		--lang $(REPORT_LANG) -o $(REPORT)
	@echo
	@echo "Open it in a browser: file://$(CURDIR)/$(REPORT)"
	@echo "In English: make run REPORT_LANG=en. Your own log: $(BIN)/forbear audit --help"
	@echo
	@echo "The borrower's page: http://localhost:$(PORT)/ (stop with Ctrl-C; another port: PORT=8080)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory $(POCKET) || \
		{ status=$$?; test $$status -eq 130 || { echo "Port $(PORT) may be in use; try" \
		"make run PORT=8080" >&2; exit $$status; }; }

pocket: $(VENV)/.base $(OWN_NPM) ## Build the borrower's page as a folder
	@$(BIN)/forbear pocket build -o $(POCKET) --npm $(NPM)
	@echo

install: $(VENV)/.dev ## Install everything a developer needs into .venv

test: $(VENV)/.dev $(OWN_NPM) ## Run the tests (all but the slow ones)
	$(BIN)/pytest -q -n auto --maxprocesses 8 --dist loadgroup -m "not slow"

test-slow: $(VENV)/.spark $(OWN_NPM) ## Run the slow tests: large random campaigns, limits, timing
	$(BIN)/pytest -q -n auto --maxprocesses 8 --dist loadgroup -m slow

lint: $(VENV)/.dev ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

fix: $(VENV)/.dev ## Mend what the linter can mend, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev ## Check types, strictly
	$(BIN)/mypy

contracts: $(VENV)/.dev ## Check that imports go down only
	$(BIN)/lint-imports

check: lint types contracts test ## All of the above but the slow tests

bench: $(VENV)/.bench ## Time the engine beside its peers
	@set -e; for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file; done

lock: ## Write the locks in requirements/ anew from pyproject.toml
	@mkdir -p build
	test -x build/locker/bin/uv || $(PYTHON) -m venv build/locker
	build/locker/bin/python -m pip install --quiet --disable-pip-version-check $(UV_PIN)
	$(COMPILE) -o requirements/base.txt
	$(COMPILE) --extra dev -c requirements/base.txt -o requirements/dev.txt
	$(COMPILE) --extra dev --extra spark -c requirements/dev.txt -o requirements/spark.txt
	$(COMPILE) --extra dev --extra spark --extra bench -c requirements/spark.txt \
		-o requirements/bench.txt
	$(subst pyproject.toml requirements/build.in,requirements/npm.in,$(COMPILE)) \
		-o requirements/npm.txt

clean: ## Remove everything that was made here
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	rm -rf src/forbear.egg-info
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# One lock for every Python from 3.11 and every system, with the hash of each file.
COMPILE = build/locker/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate pyproject.toml requirements/build.in

# Each stamp stands for one lock installed into the environment. The larger locks hold the smaller
# ones, version for version, so they may follow one another in any order.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Forbear needs Python 3.11 or later; name one: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo "This Python makes no environments; on Debian: apt-get install python3-venv" >&2; \
		exit 2; }
	$(PYTHON) -m venv $(VENV)

$(BIN)/npm: requirements/npm.txt | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r $<

$(VENV)/.%: requirements/%.txt pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r $<
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@
