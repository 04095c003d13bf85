# make run     installs what is missing, loads the demo, serves it       PORT=8000 HOST=127.0.0.1
# make test    the whole suite, on SQLite unless DATABASE_URL is set     ARGS="-k credit"
# A newcomer needs Python 3.11 or newer (with venv), git and make; everything else is installed into .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
PORT ?= 8000
HOST ?= 127.0.0.1
BIN := .venv/bin
STALE := find . -name __pycache__ -type d -not -path "./.venv/*" -prune -exec rm -rf {} +

.PHONY: run test install install-dev lint format bench docs lock clean

run: install
	@exec $(BIN)/python -m cms.launch --host "$(HOST)" --port "$(PORT)"

install:
	@$(PYTHON) cms/install.py requirements.txt

install-dev:
	@$(PYTHON) cms/install.py requirements.txt requirements-dev.txt

test: install-dev
	@exec $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: install-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .

format: install-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: install-dev
	@exec $(BIN)/python -m bench $(ARGS)

docs: install-dev
	@$(BIN)/python docs/generate.py

lock: install-dev
	@$(BIN)/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results var/static
	@$(STALE)
	@echo "Removed what make can make again. var/ keeps your database and uploads: delete it yourself to begin anew."
