# Every command of the project; `make` alone lists them. Settings come from the environment: PORT=8080 make run.

.DEFAULT_GOAL := help
.PHONY: help run chat train check evaluate benchmark test soak lint format lock audit environment test-environment

PYTHON := .venv/bin/python
# the environment is made by the first of these that works and is new enough: a name on PATH may be a broken shim
PYTHONS := python3 python /usr/bin/python3
BOOTSTRAP = for python in $(PYTHONS) ""; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 && break; \
	done; \
	test -n "$$python" || { echo "No Python 3.8 or later was found. Install one (Debian: sudo apt-get install python3-pip)." >&2; exit 1; }; \
	"$$python" scripts/bootstrap.py

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: environment ## install and train what is missing, then start the assistant and print its address
	@$(PYTHON) -m bot run

chat: environment ## the same, to talk to it in this terminal
	@$(PYTHON) -m bot chat

train: environment ## train the model if its sources changed
	@$(PYTHON) -m bot train

check: environment ## check content, examples and rules
	@$(PYTHON) -m bot check

evaluate: environment ## score it on the held-out questions and dialogues
	@$(PYTHON) -m bot evaluate

benchmark: environment ## compare it with Rasa's default configuration
	@$(PYTHON) -m bot benchmark

test: lint ## lint, types, content, unit, held-out questions, dialogues, browser: everything but `make soak`
	@$(PYTHON) -m bot check
	@$(PYTHON) -m bot train
	@$(PYTHON) -m pytest

soak: test-environment ## the tests that take long: crashes, ten minutes of load, two servers against one, a million conversations
	@$(PYTHON) -m bot train
	@KILLS=200 OUTAGE=20 $(PYTHON) -m pytest tests/soak tests/conversations/test_many_servers.py

lint: test-environment ## style and types
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check
	@$(PYTHON) -m mypy

format: test-environment ## put the code into the project's format
	@$(PYTHON) -m ruff check --fix
	@$(PYTHON) -m ruff format

LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" .tools/bin/uv pip compile --quiet --universal --generate-hashes \
	--no-emit-index-url --no-emit-find-links

lock: environment ## renew requirements/*.txt after a change to pyproject.toml or requirements/*.in
	$(LOCK) --python-version 3.10 -o requirements/run.txt pyproject.toml
	$(LOCK) --python-version 3.10 -o requirements/test.txt --group test --constraint requirements/run.txt pyproject.toml
	$(LOCK) --no-config --python-version 3.11 -o requirements/encoder.txt requirements/encoder.in
	$(LOCK) --no-config --python-version 3.10 -o requirements/benchmark.txt --override requirements/run.txt requirements/benchmark.in
	$(LOCK) --no-config --python-version 3.10 -o requirements/audit.txt requirements/audit.in
	$(LOCK) --no-config --python-version 3.8 -o requirements/uv.txt requirements/uv.in

audit: environment .venv-audit/bin/pip-audit ## look for known advisories of what is pinned
	@$(PYTHON) scripts/audit.py

.venv-audit/bin/pip-audit: requirements/audit.txt
	@.tools/bin/uv venv --quiet --clear --python 3.10 .venv-audit
	@.tools/bin/uv pip install --quiet --python .venv-audit --require-hashes -r requirements/audit.txt

environment:
	@$(BOOTSTRAP)

# Node's packages build and check the widget; where there is no npm, the tests that need them say that they did not run
test-environment:
	@$(BOOTSTRAP) --test
	@if command -v npm > /dev/null && ! [ node_modules/.package-lock.json -nt package-lock.json ]; then \
		npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules/.package-lock.json; \
	fi
