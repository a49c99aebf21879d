# `make serve` and `make test` do everything on a fresh machine with Python 3.11+; `make help` lists the rest.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
PACKAGES := frontend/node_modules/.package-lock.json
FRONTEND := src/medsynth_kg/endpoint/static/frontend/manifest.json

.DEFAULT_GOAL := help
.PHONY: help serve build corpus frontend frontend-if-possible test screenshots lint lock clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

# pip checks each download against the hashes in the lock file; the stamps make a second run start at once.
.venv/serve.stamp: requirements/serve.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "medsynth-kg needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/serve.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test.stamp: requirements/test.lock .venv/serve.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/test.lock
	@touch $@

# pyspark is large and only `medsynth-kg corpus` needs it; without it, that command's tests are skipped.
.venv/corpus.stamp: requirements/corpus.lock .venv/serve.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/corpus.lock
	@touch $@

# npm and the bundler each write one file last, which so is a stamp.
$(PACKAGES): frontend/package.json frontend/package-lock.json frontend/.npmrc
	@cd frontend && npm ci --ignore-scripts --loglevel=error >&2
	@touch $@

$(FRONTEND): $(PACKAGES) frontend/build.mjs $(wildcard frontend/src/*)
	@cd frontend && npm run --silent build

frontend: $(FRONTEND) ## bundle the SPARQL editor and the interactive charts (needs npm)

frontend-if-possible:
	@if ! command -v npm >/dev/null; then \
		echo "npm not found: serving the plain SPARQL form instead of the editor" >&2; \
	elif ! $(MAKE) --no-print-directory $(FRONTEND); then \
		echo "the SPARQL editor could not be bundled: serving the plain form instead" >&2; \
	fi

serve: .venv/serve.stamp frontend-if-possible ## build the first release if there is none, and serve it (HOST, PORT)
	@$(BIN)/medsynth-kg serve --host $(HOST) --port $(PORT)

build: .venv/serve.stamp ## build a release from data/ and ontology/
	@$(BIN)/medsynth-kg build

test: .venv/test.stamp ## run all tests
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal

corpus: .venv/corpus.stamp ## install Apache Spark for medsynth-kg corpus (needs Java 17)

screenshots: .venv/test.stamp $(FRONTEND) ## take the README's pictures of the site (needs npm and chromium)
	@$(BIN)/python -m tests.browser.take_screenshots

lint: .venv/test.stamp ## check style, types and the order of the packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lock: ## renew the lock files from pyproject.toml (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		pyproject.toml --group editable --output-file requirements/serve.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--constraint requirements/serve.lock pyproject.toml --group editable --group test --output-file requirements/test.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--constraint requirements/serve.lock pyproject.toml --extra corpus --output-file requirements/corpus.lock

clean: ## remove the environment and the releases
	rm -rf .venv releases frontend/node_modules $(dir $(FRONTEND))
