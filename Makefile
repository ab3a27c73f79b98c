# Everything a person types. `make help` lists the verbs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
KAM := $(VENV)/bin/kam
READY := $(VENV)/.ready
PEERS := .venv-peers
PEERS_READY := $(PEERS)/.ready
SCALE ?= 1
STAGING := dbt_project/models/staging
AS_OF ?=
export AS_OF SCALE

.DEFAULT_GOAL := help
.PHONY: help setup nightly sample sources kam-desk test test-peers bench lint docs dev status verify rollback table what-if connect adapter waive clean

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "expected Python 3.11, found $$($(PYTHON) --version 2>&1); run make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "setup: installing the locked packages (about 1 GB, one to three minutes, once) ..."
	@$(VENV)/bin/python -m pip install --disable-pip-version-check --progress-bar on -q --require-hashes -r requirements.lock
	@$(VENV)/bin/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $@
	@echo "setup: done"

$(PEERS_READY): requirements-peers.txt $(READY)
	@test -x $(PEERS)/bin/python || $(VENV)/bin/python -m venv $(PEERS)
	@echo "test-peers: installing the libraries to compare with (about 800 MB, once) ..."
	@$(PEERS)/bin/python -m pip install --disable-pip-version-check --progress-bar on -q --require-hashes -r requirements-peers.txt
	@touch $@

setup: $(READY) ## create the environment (.venv) from the lock file

nightly: $(READY) ## run the night: AS_OF=YYYY-MM-DD for one date, KAM_CONFIG=folder for another company, SCALE=n for a larger sample
	@$(KAM) nightly $(if $(AS_OF),--as-of "$(AS_OF)",)

sample: $(READY) ## write the sample company's files (SCALE=n multiplies the invoice lines)
	@$(VENV)/bin/python -m sample --out data/sample --scale $(SCALE)

sources: $(READY) ## after a change of sources.yml: assemble and parse the models of its sources
	@$(KAM) sources

kam-desk: $(READY) ## write the workbook template for what neither ERP nor CRM keeps
	@$(KAM) desk-template

table: $(READY) ## one table again, into a sandbox: NAME=account_ltv
	@$(KAM) table $(NAME)

what-if: $(READY) ## who would change segment under another configuration, into a sandbox: CONFIG=folder
	@$(KAM) what-if --config "$(CONFIG)"

connect: $(READY) ## check a source block and print what a night would read: SOURCE=erp_main
	@$(KAM) connect $(SOURCE)

adapter: ## a staging folder of your own, copied from the template: NAME=acme
	@test -n "$(NAME)" || { echo "make adapter: expected NAME=the_adapter, found none"; exit 2; }
	@echo "$(NAME)" | grep -Eq '^[a-z][a-z0-9_]*$$' || { echo "make adapter: expected a name of a-z, 0-9 and _, found $(NAME)"; exit 2; }
	@test ! -e $(STAGING)/$(NAME) || { echo "make adapter: expected a new name, found the folder $(STAGING)/$(NAME)"; exit 2; }
	@mkdir $(STAGING)/$(NAME)
	@for path in $(STAGING)/_template/*; do \
	  target="$(STAGING)/$(NAME)/$$(basename $$path | sed 's/_template/$(NAME)/')"; \
	  sed 's/_template/$(NAME)/g' $$path > $$target && echo $$target; \
	done

waive: $(READY) ## accept that a check fails, for a reason and until a date: CHECK=id REASON=text UNTIL=YYYY-MM-DD
	@$(KAM) waive "$(CHECK)" --reason "$(REASON)" --until "$(UNTIL)"

status: $(READY) ## the last attempts, and what readers see
	@$(KAM) status

verify: $(READY) ## hold every published file against its manifest
	@$(KAM) verify

rollback: $(READY) ## serve the publication before (or TO=id)
	@$(KAM) rollback $(if $(TO),--to $(TO),)

dev: $(READY) ## open the Dagster UI on http://127.0.0.1:3000
	@$(VENV)/bin/python -m pipelines.dev

test: $(READY) ## lint, types and every test
	@$(MAKE) --no-print-directory lint
	@$(VENV)/bin/python -m pytest -m "not peers"

test-peers: $(PEERS_READY) ## hold the lifetime value model against lifetimes and pymc-marketing
	@$(VENV)/bin/python -m pytest tests/peers -m peers -n 0

bench: $(READY) ## measure speed as ratios and write docs/benchmarks.md (PART=landing or ltv, LINES="1000000 10000000"; about ten minutes)
	@$(VENV)/bin/python -m tests.bench $(PART) $(LINES)

lint: $(READY) ## ruff, mypy, sqlfluff and the generated docs
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/sqlfluff lint --disable-progress-bar dbt_project/models
	@$(VENV)/bin/python -m pipelines.dictionary --check

docs: $(READY) ## write docs/data-dictionary.md from the column metadata
	@$(VENV)/bin/python -m pipelines.dictionary

clean: ## remove the data of the sample company
	rm -rf data/sample data/config
