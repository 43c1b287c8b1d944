# Two commands matter: `make demo` and `make test`. Both work from a new clone.
SHELL := /bin/bash
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PY := .venv/bin/python
PYTHON ?= python3

PY_BENCH = $(PY) -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(NETWORK),--network $(NETWORK)) \
  $(if $(PUBLIC),--public-share $(PUBLIC))

.PHONY: help install demo test check bench bench-smoke format lock clean messages catalogue schema

help:
	@echo "make demo    install, load a demonstration residence, plan a cycle and serve it"
	@echo "make test    install and run every test"
	@echo "make bench   measure the engine against its goals (SEEDS=3 ONLY=assignment,cycle to take less)"
	@echo "make check   lint, types, import contracts, templates"

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Foyer needs Python 3.11 or newer."; exit 1; }
	@echo "Installing what Foyer needs into .venv; once, a minute at most."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian and Ubuntu, install python3-venv first."; exit 1; }
	@$(PY) -m pip install -qq uv || echo "uv has no wheel here; pip does the work, only slower."

# uv installs in seconds; where it has no wheel, pip installs the same lock.
define install
	@if $(PY) -m uv --version >/dev/null 2>&1; then \
	  $(PY) -m uv pip install --quiet $(2) --python $(PY) --require-hashes -r $(1) && \
	  $(PY) -m uv pip install --quiet --python $(PY) --no-deps -e .; \
	else \
	  $(PY) -m pip install -qq --require-hashes -r $(1) && $(PY) -m pip install -qq --no-deps -e .; \
	fi
endef

.venv/.run: .venv/bin/python requirements.lock pyproject.toml
	$(call install,requirements.lock)
	@touch $@

# Compiled at once: servers that tests start anew would otherwise compile it each time where Python keeps nothing compiled.
.venv/.dev: .venv/bin/python requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock,--compile-bytecode)
	@touch $@

# Catalogues are compiled from their sources, never committed.
messages:
	@for po in foyer/translations/*/LC_MESSAGES/messages.po; do \
	  [ -e "$$po" ] || continue; \
	  $(PY) -m babel.messages.frontend compile --use-fuzzy -i "$$po" -o "$${po%.po}.mo" 2>/dev/null || exit 1; \
	done

# Brings the Indonesian catalogue up to date with the texts in code and templates; then translate what is empty.
catalogue: .venv/.dev
	@.venv/bin/pybabel --quiet extract -F babel.cfg -k _l -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2 \
	  --add-location=file --sort-by-file --project=Foyer -o .venv/foyer.pot . && \
	.venv/bin/pybabel --quiet update -i .venv/foyer.pot -d foyer/translations -l id --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120

# The JSON Schemas of the engine's files, from the dataclasses.
schema: .venv/.dev
	@$(PY) -m foyer.scheduling.schema docs/schema

install: .venv/.dev messages

demo: .venv/.run messages
	@$(PY) -m foyer.cli demo

test: install
	@$(PY) -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

# A full run takes about three quarters of an hour and keeps its table in benchmarks/results; parts of it are only shown.
# PUBLIC=0.1 gives the public instances a tenth of their time limits, NETWORK=10,40,90 plans 10,000 residents, RESUME=1
# goes on where a run was broken off.
bench: install
	@$(PY_BENCH) $(if $(ONLY)$(SEEDS),,--write $(if $(RESUME),--resume))

bench-smoke: install
	@$(PY) -m benchmarks --smoke

check: install
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports --no-logo \
	  && .venv/bin/djlint templates --lint --quiet

format: install
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

lock:
	@.ci/lock.sh

clean:
	rm -rf .venv build dist *.egg-info
