# Every command of the project, by name. `make` alone lists them.
VENV := .venv
PYTHON := $(VENV)/bin/python
PORT ?= 5000
# A stamp's name contains the digest of its list: a changed list is installed again, an unchanged one costs nothing.
digest = $(shell sha256sum $(1) | cut -c1-16)
RUNTIME := $(VENV)/.installed-$(call digest,requirements.txt)
DEV := $(VENV)/.installed-dev-$(call digest,requirements-dev.txt)
PIP_INSTALL := $(PYTHON) -m pip install -qq --disable-pip-version-check --require-hashes
LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --strip-extras --no-header --no-emit-index-url --no-emit-find-links
PYTEST_ARGS ?=
DRILL_ARGS ?=
# Temporary files of tests are written to memory if it has enough space, because a disk is slower.
ROOM_KB := 4000000
IN_MEMORY := $(shell test -w /dev/shm && df -Pk /dev/shm | awk 'NR == 2 && $$4 > $(ROOM_KB) { print "TMPDIR=/dev/shm" }')

.DEFAULT_GOAL := help
.PHONY: help run gateway test test-fast soak attack drill drill-restore drill-migrations drill-release check bench format translations docs texts lock sbom browser scanner front clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(RUNTIME)  ## install everything and serve on http://127.0.0.1:5000 (PORT=… for another port)
	@PORT=$(PORT) MALLOC_ARENA_MAX=2 $(PYTHON) app.py

gateway: $(DEV)  ## start a fake SMS gateway and mail server on this machine
	@WSS_ENV=development $(PYTHON) -m flask --app app dev gateway

test: $(DEV) browser scanner front  ## run every test, in a real browser and on SQLite and PostgreSQL
	@$(IN_MEMORY) $(PYTHON) -m pytest -n 6 --dist worksteal --durations 25 $(PYTEST_ARGS)

test-fast: $(DEV)  ## run tests on SQLite without a browser or other programs, for daily work
	@$(IN_MEMORY) $(PYTHON) -m pytest -n 2 --dist worksteal --fast $(PYTEST_ARGS)

soak: $(DEV)  ## run resilience and property tests with large counts, every benchmark at its smallest, and a sample of mutants
	@WSS_SOAK=1 $(PYTHON) -m pytest -s tests/resilience tests/domain $(PYTEST_ARGS)
	@$(IN_MEMORY) $(PYTHON) -m bench --quick
	@$(IN_MEMORY) $(PYTHON) -m devtools.mutants

attack: $(DEV)  ## run scanners and crawlers against the site on the loopback, with counts (ATTACK=quick: 3 minutes)
	@ATTACK=$(ATTACK) $(PYTHON) -m attack

drill: $(DEV)  ## let parts of a whole site fail under 50 registrations a second; prints what visitors lost
	@$(PYTHON) -m drill $(DRILL_ARGS)

drill-restore: $(DEV)  ## lose a PostgreSQL server and restore it to a moment with pgBackRest, on the loopback
	@sh deploy/backup/drill.sh

drill-migrations: $(DEV)  ## migrate 5 million rows in each of the largest tables under writes; prints the longest pause
	@$(PYTHON) -m drill migrations $(DRILL_ARGS)

drill-release: $(DEV)  ## run the former release's journeys on the tables of this version (RELEASE=tag or commit)
	@$(PYTHON) -m drill release $(RELEASE)

check: $(DEV)  ## lint, format, types, template lint, translations, generated tables
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m djlint --lint --quiet templates
	@$(PYTHON) -m devtools.translations --check
	@$(PYTHON) -m devtools.docs --check
	@$(PYTHON) -m devtools.sizes

bench: $(DEV)  ## run the benchmarks of docs/benchmarks.md
	@$(PYTHON) -m bench --peer

format: $(DEV)  ## format the code
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

translations: $(DEV)  ## update translations/hi/LC_MESSAGES/messages.po from the texts in the code
	@$(PYTHON) -m devtools.translations

docs: texts browser  ## write the generated tables of docs/ and take the two screenshots of README
	@$(PYTHON) -m devtools.pictures

# Only the tables; they need no browser.
texts: $(DEV)
	@$(PYTHON) -m devtools.docs

lock: $(DEV)  ## pin requirements*.txt from requirements*.in
	@$(PYTHON) -m pip install -qq --disable-pip-version-check uv
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-production.in -o requirements-production.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt
	@$(LOCK) attack/requirements-sqlmap.in -o attack/requirements-sqlmap.txt
	@$(LOCK) attack/requirements-wapiti.in -o attack/requirements-wapiti.txt
	@$(LOCK) bench/peer/requirements.in -o bench/peer/requirements.txt

sbom: $(DEV)  ## write the bill of materials of production (CycloneDX) to sbom.json
	@$(PYTHON) -m devtools.sbom > sbom.json

browser:
	@sh devtools/browser.sh

front:
	@sh devtools/front.sh

scanner:
	@sh devtools/scanner.sh

clean:  ## remove the generated files, except the instance folder with its data
	rm -rf $(VENV) .attack .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made: devtools/venv.sh
	@sh devtools/venv.sh $(VENV)
	@touch $@

$(RUNTIME): $(VENV)/.made
	@echo "Installing the packages of requirements.txt …"
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(DEV): $(VENV)/.made
	@echo "Installing the packages of requirements-dev.txt …"
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@
