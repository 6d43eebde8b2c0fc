# The manual of this checkout: `make help`. ARGS goes to the program behind a target:
# make test ARGS="-k registry", make up ARGS="--bind 0.0.0.0:8000"
ARGS ?=
BENCH ?= check
python := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup lab up demo test lint format messages screenshots bench drill lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with the locked packages (the targets below do this themselves)
	@scripts/setup

up: setup ## Run Watchweb on http://127.0.0.1:8000
	@exec $(python) manage.py up $(ARGS)

demo: lab ## Try it on a private Docker Engine with a dozen containers (Linux, root)
	@exec $(python) manage.py demo $(ARGS)

test: lab ## Run every test, against real engines, registries, databases and a browser
	@scripts/lab-newer-engine
	@$(python) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup ## Check style, types, imports between layers, templates and migrations
	@scripts/lint

format: setup ## Bring the code into the project's form
	@$(python) -m ruff check --quiet --fix-only .
	@$(python) -m ruff format .

messages: lab ## Collect the pages' words for translation, and compile the translations
	@scripts/messages

bench: lab ## Measure a check; BENCH=references, fleet, tokens, scan, update, journal, downtime, metrics, api or pages measures those
	@exec $(python) -m bench.$(BENCH) $(ARGS)

drill: lab ## Kill the worker, the engine and the database at every point of an update, and recover
	@exec $(python) -m tests.drill $(ARGS)

screenshots: lab ## Make the pictures of docs/screenshots.md anew, from the demo in a browser
	@exec $(python) -m tests.pictures $(ARGS)

lock: ## Resolve the dependencies anew into requirements.lock (needs uv)
	@scripts/lock $(ARGS)

clean: ## Remove .venv and caches; the data folder stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov test-results
	find updates watchweb tests -name __pycache__ -prune -exec rm -rf {} +

lab: setup
	@scripts/lab-packages
