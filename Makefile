# Set-up, demonstration, tests. All paths are relative, so a checkout path with spaces works.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3.11 python3.12 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' && { echo $$p; break; }; done)
BIN := .venv/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
RUNTIME_DEBS := libgl1 libglib2.0-0
BENCH_DEBS := tesseract-ocr tesseract-ocr-chi-sim
TEST_DEBS := fonts-noto-cjk fonts-wqy-zenhei postgresql chromium
NPM_DEBS = $(shell command -v npm >/dev/null || echo npm)
# What the pages use from others: package and file.
VENDOR := htmx.org/dist/htmx.min.js openseadragon/build/openseadragon/openseadragon.min.js \
	echarts/dist/echarts.min.js tus-js-client/dist/tus.min.js
# A redis-server where the wheel that brings one is not installed.
REDIS_DEBS = $(shell $(BIN)/python -c "from worker.redis_server import find_program; find_program()" 2>/dev/null || echo redis-server)
SAMPLE_DEBS := chromium fonts-noto-cjk fonts-noto-cjk-extra fonts-wqy-zenhei fonts-wqy-microhei \
	fonts-arphic-gbsn00lp fonts-arphic-gkai00mp fonts-arphic-ukai fonts-arphic-uming fonts-lxgw-wenkai

# Installs only the Debian packages that are missing.
define install_debs
	@missing=""; for p in $(1); do \
		dpkg-query -W -f='$${Status}' "$$p" 2>/dev/null | grep -q 'ok installed' \
		|| dpkg-query -W -f='$${Status}' "$${p}t64" 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
		echo "installing Debian packages:$$missing"; \
		$(SUDO) apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

.PHONY: help setup demo serve static bench-service test lint samples evaluate bench hostile fuzz faults soak audit-deps lock \
	screenshots clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | column -t -s "$$(printf '\t')"

setup: .venv/.runtime ## make .venv with .venv/bin/archive-verify
demo: setup ## check a sample binder with real OCR and write its report
	@status=0; $(BIN)/archive-verify check sample_archives/faulty/binder.pdf \
		--roster sample_archives/faulty/roster.xlsx --class sample_archives/faulty/class.toml \
		--out demo-report || status=$$?; [ $$status -le 1 ]

static: static/vendor/.made ## fetch the files that the web pages use from others

serve: setup ## start the whole service on this machine (HOST= PORT= to listen elsewhere)
	$(call install_debs,$(REDIS_DEBS))
	@$(BIN)/archive-verify serve $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

bench-service: setup ## the interface's answers; archives per hour with 1 and 2 reading processes (long; SAMPLES= for others)
	$(call install_debs,$(REDIS_DEBS))
	-$(BIN)/python -m tests.bench_api
	$(BIN)/python -m worker.bench $(or $(SAMPLES),sample_archives/clean sample_archives/faulty)

# Three processes: one that has driven a browser, loaded the reading libraries and taken workers' signals ends in a
# segmentation fault after some thousand tests.
test: .venv/.dev lint ## lint, types, import contracts and pytest
	$(BIN)/python -m pytest tests/test_pages_*.py
	$(BIN)/python -m pytest tests/test_worker_*.py
	$(BIN)/python -m pytest --ignore-glob='*/test_pages_*' --ignore-glob='*/test_worker_*'

hostile: .venv/.dev ## the whole corpus of hostile files, and a table of what became of it (long; SEED= EACH= for others)
	@$(BIN)/python -m tests.hostile --seed $(or $(SEED),1) --each $(or $(EACH),3)

# Atheris stands beside the environment: no package of it has to be pinned for what nobody runs every day. Its files lie
# in memory: a busy disk would be most of the time. It leaves without tidying up.
fuzz: .venv/.dev ## search values, roster reading and binder opening for what harms them (TIME= seconds for each)
	@[ -d build/fuzz-tools ] || $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --target build/fuzz-tools atheris==3.0.0
	@room=$$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d); trap 'rm -rf "$$room"' EXIT; \
	for target in values roster binder; do \
		TMPDIR=$$room PYTHONPATH=build/fuzz-tools:. $(BIN)/python -m tests.hostile.fuzz $$target -max_total_time=$(or $(TIME),300); done

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

samples: .venv/.dev ## what the generator needs besides: fonts, and a browser for the held-out family
	$(call install_debs,$(SAMPLE_DEBS) $(NPM_DEBS))
	@npm ci --prefix sample_archives --no-audit --no-fund --silent

evaluate: samples ## draw binders of both families with every fault and measure on them (long; SEED= COUNT= EVERY= for others)
	rm -rf build/evaluation
	$(BIN)/python -m sample_archives build/evaluation --count $(or $(COUNT),6) --seed $(or $(SEED),4100) --family both --pages 30 \
		--every-code $(or $(EVERY),3) --scan mixed
	$(BIN)/archive-verify evaluate build/evaluation

bench: samples ## reading speed and accuracy beside PaddleOCR, RapidOCR and Tesseract (an hour; BENCH= for options)
	$(call install_debs,$(BENCH_DEBS))
	@$(BIN)/python -m sample_archives.bench $(BENCH)

faults: .venv/.dev ## break the running service a hundred times under load, count what it lost (an hour; FAULTS= for options)
	$(call install_debs,$(TEST_DEBS) $(REDIS_DEBS))
	@$(BIN)/python -m tests.faults $(FAULTS)

soak: samples ## hours of checks by the running service: memory, files, the same reports (long; BINDERS= PAGES= SOAK=)
	$(call install_debs,$(REDIS_DEBS))
	@$(BIN)/python -m tests.soak --binders $(or $(BINDERS),10) --pages $(or $(PAGES),300) $(SOAK)

audit-deps: .venv/.dev ## hold the dependencies against lists of known holes (needs the network)
	@$(BIN)/python -m tests.audit_dependencies

lock: ## pin the dependencies again (needs uv)
	for f in "-dev" ""; do \
		uv pip compile pyproject.toml --extra build $$([ -z "$$f" ] && echo --constraint requirements-dev.txt || echo --extra dev) --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --no-header --quiet \
		--no-emit-package opencv-python-headless --no-emit-package opencv-python -o requirements$$f.txt; done

screenshots: .venv/.dev ## pictures of each page of the web, into docs/screenshots
	$(BIN)/python -m tests.screenshots docs/screenshots

clean: ## remove what was made, except .venv
	rm -rf build demo-report .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

# --no-deps with the full pinned list keeps out the second OpenCV that rapidocr asks for:
# both would install into the same folder.
.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or 3.12 is needed"; exit 1; }
	@$(PYTHON) -m venv .venv

# The lock file names versions and checksums and no addresses.
static/vendor/.made: frontend/package.json frontend/package-lock.json
	$(call install_debs,$(NPM_DEBS))
	@npm ci --prefix frontend --no-audit --no-fund --silent
	@rm -rf static/vendor && mkdir -p static/vendor
	@cd frontend/node_modules && cp $(VENDOR) ../../static/vendor/ && for file in $(VENDOR); do \
		package=$${file%%/*}; cat $$package/LICENSE* $$(ls $$package/NOTICE* 2>/dev/null) > ../../static/vendor/$$package.licence.txt; done
	@touch $@

.venv/.runtime: requirements.txt pyproject.toml static/vendor/.made | .venv/bin/python
	$(call install_debs,$(RUNTIME_DEBS))
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime static/vendor/.made
	$(call install_debs,$(TEST_DEBS) $(REDIS_DEBS))
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@
