# Everything starts here: `make help` lists the targets.
PYTHON ?= python3
export PORT ?= 8000
VENV := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run dev test check format lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with the locked packages (the others do this first)
	@$(PYTHON) config/install.py

run: setup ## Start the site with its demo; PORT=8001 changes the port, Ctrl-C stops everything
	@exec $(VENV)/python -m config.run

dev: setup ## The same with debug pages and reloading
	@COUNTERSIGN_DEBUG=1 exec $(VENV)/python -m config.run

test: setup ## The whole suite, the browser journeys too; ARGS= passes words on to pytest
	@exec $(VENV)/python -m config.run.suite $(ARGS)

check: setup ## Format, lint, types, imports, migrations, deployment and templates
	@exec $(VENV)/python -m config.run.checks

format: setup ## Rewrite the code in the agreed format
	@$(VENV)/ruff format --quiet . && $(VENV)/ruff check --fix .

COMPILE = $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --no-emit-index-url --no-emit-find-links --no-annotate pyproject.toml

lock: setup ## Renew the two locks from pyproject.toml: what production runs on, and all of it
	@$(COMPILE) --upgrade -o requirements.lock
	@$(COMPILE) --group dev --constraints requirements.lock -o requirements-dev.lock
