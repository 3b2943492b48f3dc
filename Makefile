# Every target sets itself up: it needs make and Python 3.11 or newer, nothing else. uv is used where it is found, else venv and pip.

# An empty environment is enough; and uv trusts the certificates that the machine trusts, as pip does.
PATH ?= /usr/local/bin:/usr/bin:/bin
export PATH
export UV_SYSTEM_CERTS ?= true

# The first Python on PATH that is new enough; `make PYTHON=/path/to/python test` names another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$python" && break; done)
BIN := .venv/bin
INSTALLED := .venv/.installed
LOCK := requirements/dev.txt
DEMO := .venv-demo
DEMO_INSTALLED := $(DEMO)/.installed
DEMO_LOCK := requirements/run.txt

# Twice as many as there are cores: many tests wait, for pauses between tries and for processes of their own.
WORKERS = $(shell $(BIN)/python -c 'import os; print(2 * (os.cpu_count() or 1))')

.DEFAULT_GOAL := help
.PHONY: help demo test coverage soak lint format bench bench-rivals house lock clean

help:
	@echo 'make demo     audit the AWS organization that ships with rootsweep'
	@echo 'make test     run the tests'
	@echo 'make coverage show how much of the core its own tests reach'
	@echo 'make soak     run the tests that take minutes: 10,000 accounts, a twentieth of all calls failing, and mixed faults'
	@echo 'make lint     check style, types, import rules and docstrings'
	@echo 'make format   fix what ruff can fix'
	@echo 'make bench    measure speed, as ratios against a plain baseline (takes minutes)'
	@echo 'make bench-rivals  measure other tools beside rootsweep (downloads them)'
	@echo 'make house    show how the source is laid out: files, sizes, folders, imports'
	@echo 'make lock     resolve the dependencies again (needs uv)'
	@echo 'make clean    remove what these targets made'

# A reader who only wants to see it installs what runs, 46 MB, and not what develops, 800 MB.
demo: $(if $(wildcard $(INSTALLED)),$(INSTALLED),$(DEMO_INSTALLED))
	@PYTHONPATH=src $(if $(wildcard $(INSTALLED)),$(BIN),$(DEMO)/bin)/python -m rootsweep demo

test: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

# The decisions alone, by plain values: what the command line reaches beside them proves little about them.
coverage: $(INSTALLED)
	$(BIN)/pytest -q -n $(WORKERS) tests/core --cov=rootsweep.core --cov-branch --cov-report=term:skip-covered

soak: $(INSTALLED)
	$(BIN)/pytest -m soak

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate src

format: $(INSTALLED)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(INSTALLED)
	@set -e; for script in $(filter-out bench/house.py bench/rivals.py,$(wildcard bench/*.py)); do $(BIN)/python "$$script"; done

house: $(INSTALLED)
	@$(BIN)/python bench/house.py

# Apart from the others, because it downloads the rivals into environments of their own.
bench-rivals: $(INSTALLED)
	@$(BIN)/python bench/rivals.py

# The stamp is written last, so that an installation that broke off is done again.
$(INSTALLED): pyproject.toml $(LOCK)
	@test -n "$(PYTHON)" || { \
		echo 'rootsweep needs Python 3.11 or newer and found none on PATH; install one, or name it: make PYTHON=/path/to/python' >&2; exit 1; }
	@rm -f $@
	@if command -v uv >/dev/null 2>&1; then \
		echo 'Installing into .venv with uv' && \
		uv venv --quiet --allow-existing --python "$(PYTHON)" .venv && \
		uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes $(LOCK) && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . ; \
	else \
		echo 'Installing into .venv with pip' && \
		"$(PYTHON)" -m venv .venv && \
		$(BIN)/python -m pip --quiet --disable-pip-version-check install --require-hashes --requirement $(LOCK) && \
		$(BIN)/python -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --editable . ; \
	fi
	@touch $@

$(DEMO_INSTALLED): pyproject.toml $(DEMO_LOCK)
	@test -n "$(PYTHON)" || { \
		echo 'rootsweep needs Python 3.11 or newer and found none on PATH; install one, or name it: make PYTHON=/path/to/python' >&2; exit 1; }
	@rm -f $@
	@echo 'Installing what rootsweep needs into $(DEMO), once'
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python "$(PYTHON)" $(DEMO) && \
		uv pip install --python $(DEMO)/bin/python --require-hashes --requirement $(DEMO_LOCK) ; \
	else \
		"$(PYTHON)" -m venv $(DEMO) && \
		$(DEMO)/bin/python -m pip --disable-pip-version-check install --require-hashes --requirement $(DEMO_LOCK) ; \
	fi
	@touch $@

lock:
	uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --output-file $(DEMO_LOCK)
	uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --extra postgresql --extra xlsx --group dev --upgrade \
		--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --output-file $(LOCK)

clean:
	rm -rf .venv $(DEMO) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist build
