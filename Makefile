# The portal's commands. `make` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TOOLS := $(VENV)/.tools
ORACLES := tests/oracles/node_modules/.installed
LOCK := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header

.DEFAULT_GOAL := help
.PHONY: help up down reset test fuzz check format schema messages lock

help:  ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

up: $(INSTALLED)  ## Start everything on this machine, with demonstration data
	@exec $(BIN)/python -m portal up

down: $(INSTALLED)  ## Stop what `make up` started
	@$(BIN)/python -m portal down

reset: $(INSTALLED)  ## Stop, and delete the data of `make up`
	@$(BIN)/python -m portal reset

test: $(TOOLS) $(ORACLES)  ## Run every test
	@$(BIN)/python -m pytest

fuzz: $(TOOLS)  ## Compare federated answers with those of one server: operations=100000 seed=1
	@$(BIN)/python -m tests.fuzz --operations $(or $(operations),100000) --seed $(or $(seed),1) --jobs 2

check: $(TOOLS)  ## Formatting, lint, types and import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(TOOLS)  ## Format the code and mend what lint can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

schema: $(INSTALLED)  ## Print the subgraphs' schemas, compose the supergraph, write the access matrix
	@$(BIN)/python -m portal schema
	@$(BIN)/python -m portal compose
	@$(BIN)/python -m portal access matrix

messages: $(INSTALLED)  ## Compile the message catalogues
	@$(BIN)/python -m kit.messages

lock:  ## Pin the requirements anew, with hashes (needs uv)
	@$(LOCK) --extra gateway --extra services --extra portal --extra dev -o requirements-dev.txt
	@$(LOCK) -c requirements-dev.txt --extra gateway --extra services -o requirements.txt
	@$(LOCK) -c requirements-dev.txt --extra gateway --extra services --extra portal \
		-o requirements-portal.txt

$(INSTALLED): requirements-portal.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the portal needs (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-portal.txt
	@touch $@

$(TOOLS): requirements-dev.txt $(INSTALLED)
	@echo "Installing what the checks and tests need (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(ORACLES): tests/oracles/package-lock.json
	@npm ci --prefix tests/oracles --silent --no-audit --no-fund
	@touch $@
