SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-deploy test-spark lint bench load calibrate golden lock wheels newest figures pictures licences sbom release-check clean python system browser java

PYTHON ?= python3
PORT ?= 8501
WORKERS ?= 2
MINUTES ?= 60

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed
NEWEST := build/newest
RELEASE := build/release
FIGURES ?= build/figures
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" --no-annotate --no-emit-index-url --no-emit-find-links
SPARK := .venv-spark
SPARK_INSTALLED := $(SPARK)/.spark-installed
CHECKED = advisor $(wildcard app.py pages/*/*.py)
# The shell without a window takes half of the processor's time of the whole browser, which serves where nobody may
# install the shell; a Chromium that is named is the one.
CHROMIUM_WORKS = { "$${CHROMIUM:-chromium-headless-shell}" --version \
	|| { [ -z "$$CHROMIUM" ] && [ "$$(id -u)" -ne 0 ] && chromium --version; }; } >/dev/null 2>&1

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(RUNTIME) ## Start the app on http://127.0.0.1:8501 (PORT=... for another port)
	@echo "Open http://127.0.0.1:$(PORT)   (stop with Ctrl+C)"
	@STREAMLIT_SERVER_PORT=$(PORT) $(BIN)/python -m advisor

test: system browser lint ## Install what is missing, then check style and types and run every test
	@$(BIN)/python -m compileall -q advisor # the tests start hundreds of Pythons, which may be told to write no bytecode
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test-deploy: NEEDED = nginx
test-deploy: system browser ## Start two replicas, PostgreSQL and nginx as deploy/ has them, and see what they do when one dies
	@$(BIN)/python -m pytest -q -m deploy tests/deploy

test-spark: java $(SPARK_INSTALLED) ## Install what is missing, Java and Spark included, then profile logs on Spark and on DuckDB
	@ADVISOR_TEST_SPARK=1 JDK_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" \
		$(SPARK)/bin/python -m pytest -q -p no:xdist tests/spark

lint: $(DEVELOPMENT) ## Check style, formatting and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy $(CHECKED)

bench: $(DEVELOPMENT) ## Measure the speed of the model and of the pages
	@$(BIN)/python tests/benchmarks/bench.py

load: $(DEVELOPMENT) ## Have 100 readers work on two processes of the app (MINUTES=60)
	@$(BIN)/python -m tests.load.run steady --minutes $(MINUTES)

calibrate: $(DEVELOPMENT) ## Predict every family of software by constants fitted without it
	@$(BIN)/python -m tests.benchmarks.calibrate

golden: $(DEVELOPMENT) ## Run the golden cases only
	@$(BIN)/python -m pytest -q tests/golden

lock: $(DEVELOPMENT) ## Write both requirements files, hashes included, from the pins in pyproject.toml
	@$(LOCK) -o requirements.txt
	@$(LOCK) --group dev -c requirements.txt -o requirements-dev.txt
	@sed -n 's/^spark = .*"\(pyspark==[^"]*\)".*/\1/p' pyproject.toml \
		| $(subst pyproject.toml,-,$(LOCK)) -c requirements.txt -o requirements-spark.txt

wheels: $(DEVELOPMENT) ## Ask the registry whether every pin has a wheel for each Python and system, with a hash that is held
	@for system in linux macos windows; do for version in 3.11 3.12 3.13 3.14; do \
		$(BIN)/uv pip install --quiet --dry-run --only-binary :all: --require-hashes --target build/wheels \
			--python-platform $$system --python-version $$version -r requirements.txt || exit 1; \
		echo "Python $$version on $$system: every pin has its wheel"; \
	done; done

newest: $(DEVELOPMENT) ## Compute the figures on the newest Python that is found, in an environment of its own
	@for version in 3.14 3.13 3.12; do \
		for found in python$$version "$$HOME"/.pyenv/versions/$$version.*/bin/python; do \
			"$$found" -c '' 2>/dev/null || continue; \
			echo "The figures on $$("$$found" --version):"; \
			test -x $(NEWEST)/bin/python || "$$found" -m venv $(NEWEST) || exit 1; \
			$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt || exit 1; \
			exec $(NEWEST)/bin/python -m pytest -q tests/golden tests/money tests/supply; \
		done; \
	done; echo "No Python 3.12 to 3.14 was found: the figures were computed on $$($(BIN)/python --version) alone."

figures: $(DEVELOPMENT) ## Write every figure of every preset to FIGURES=build/figures, to be compared with diff -r
	@mkdir -p $(FIGURES)
	@for preset in $(basename $(notdir $(wildcard data/presets/*.yaml))); do \
		$(BIN)/python -m advisor report $$preset -o $(FIGURES)/$$preset.json || exit 1; \
	done

pictures: $(DEVELOPMENT) ## Take the README's pictures anew
	@$(BIN)/python -m tests.pictures

licences: $(DEVELOPMENT) ## Write docs/licences.md from what is installed
	@$(BIN)/python -m tests.supply.licences

sbom: $(DEVELOPMENT) ## Write a bill of materials (CycloneDX) to build/sbom.json
	@mkdir -p build
	@$(BIN)/python -m tests.supply.sbom build/sbom.json

release-check: $(DEVELOPMENT) ## Build the wheel, install it in an empty environment, use it from an empty folder
	@rm -rf $(RELEASE) && mkdir -p $(RELEASE)/elsewhere
	@$(BIN)/hatchling build -t wheel -d $(RELEASE)
	@$(BIN)/python -m venv $(RELEASE)/venv
	@$(RELEASE)/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(RELEASE)/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps $(RELEASE)/*.whl
	@cd $(RELEASE)/elsewhere && ../venv/bin/finetune-advisor assess extraction | head -3
	@$(BIN)/python -m tests.supply.started $(RELEASE)/venv/bin/finetune-advisor $(RELEASE)/elsewhere

clean: ## Remove the environment and everything generated
	@rm -rf $(VENV) $(SPARK) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Python and its packages. A stamp file says that a requirements file is installed as it stands.

python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11 to 3.14, or name it: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || { echo "$$($(PYTHON) --version) does not suit. Python 3.11 to 3.14 is needed; name it: make PYTHON=python3.12 ..."; exit 1; }

$(BIN)/python: | python
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot create environments: install its venv package (python3-venv on Debian and Ubuntu)."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.txt | $(BIN)/python
	@echo "Installing requirements.txt ..."
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "Installing requirements-dev.txt ..."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

# Spark in an environment of its own, beside the packages of the app as they are installed: two packages more, and the
# pins of the app are those that the test runs on.

$(SPARK_INSTALLED): requirements-spark.txt $(DEVELOPMENT)
	@echo "Installing requirements-spark.txt (430 MB) ..."
	@$(BIN)/python -m venv --clear $(SPARK)
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		> "$$($(SPARK)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/app.pth"
	@$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-spark.txt
	@touch $@

# The packages named in the array `missing`, installed where we may.

define INSTALL_MISSING
[ $${#missing[@]} -eq 0 ] && exit 0; \
	if [ "$$(id -u)" -eq 0 ]; then root=(); elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then root=(sudo); else root=(false); fi; \
	if ! command -v apt-get >/dev/null || [ "$${root[*]}" = false ]; then \
		echo "The tests need these packages (names as on Debian): $${missing[*]}"; \
		echo "Install them, or run make test as root. Another Chromium can be named: CHROMIUM=/path/to/chrome make test"; \
		exit 1; \
	fi; \
	echo "Installing $${missing[*]} ..."; \
	export DEBIAN_FRONTEND=noninteractive; \
	"$${root[@]}" apt-get update -qq && "$${root[@]}" apt-get install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null \
		|| { echo "apt-get could not install: $${missing[*]}"; exit 1; }
endef

# What the browser and report tests need from the operating system, installed where it is missing and we may.

system:
	@missing=(); \
	$(CHROMIUM_WORKS) || grep -qs '^ID=ubuntu' /etc/os-release || missing+=(chromium-headless-shell); \
	command -v pdftotext >/dev/null || missing+=(poppler-utils); \
	command -v qpdf >/dev/null || missing+=(qpdf); \
	command -v soffice >/dev/null || missing+=(libreoffice-calc libreoffice-impress); \
	command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql); \
	[ -z "$(NEEDED)" ] || command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light); \
	[ -z "$(NEEDED)" ] || command -v openssl >/dev/null || missing+=(openssl); \
	[ -n "$$(fc-list :lang=zh 2>/dev/null)" ] || missing+=(fontconfig fonts-noto-cjk); \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || missing+=(python3 python3-venv); \
	$(INSTALL_MISSING)

java: # Spark runs on it
	@missing=(); \
	java -version >/dev/null 2>&1 || [ -x "$$JAVA_HOME/bin/java" ] || missing+=(default-jre-headless); \
	$(INSTALL_MISSING)

browser: $(DEVELOPMENT) # Ubuntu packages no Chromium that runs everywhere; Playwright brings one
	@$(CHROMIUM_WORKS) || $(BIN)/python -m playwright install --with-deps --only-shell chromium \
		|| { echo "The tests need Chromium. Install it, or name one: CHROMIUM=/path/to/chrome make test"; exit 1; }
