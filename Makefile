# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors

PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/python

# Half of the time of a fresh run of the tests is compiling; the results are kept, but not among the sources.
export PYTHONPYCACHEPREFIX := $(abspath $(VENV))/pycache
export PYTHONDONTWRITEBYTECODE :=

# ruff cannot read setup.cfg, so its options stand here.
# The formatter's line is 110 characters. Rules: pycodestyle, pyflakes, imports, bugbear, newer syntax,
# comprehensions, simplifications, ruff's own.
RUFF := --line-length 110
RULES := --target-version py39 --select E,F,W,I,B,UP,C4,SIM,RUF
# Tests hold whole texts, which may be longer than a line (E501), and hostile ones (RUF001).
TEST_RULES := --ignore E501,RUF001

# How many records `make traffic` generates.
TRAFFIC ?= 100000

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types slow-tests golden vendor-check sample test-pythons judges sdks recipes docs browser browser-bounds pictures servers interop bench instructions traffic backfill-proof backfill-quick forks outages faults faults-full faults-peers faults-planted soak planted mutation fuzz traceql clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Where Python comes without ensurepip, pip itself installs pip into the new environment.
$(RUN):
	@$(PYTHON) -m venv $(VENV) > /dev/null 2>&1 \
	|| { rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV) \
	     && $(PYTHON) -m pip --quiet --python $(RUN) install pip; } \
	|| { rm -rf $(VENV); echo "make: $(PYTHON) is no Python 3.9 or newer with pip" >&2; exit 1; }

$(VENV)/.installed: setup.cfg | $(RUN)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[cli]'
	@touch $@

$(VENV)/.installed-test: setup.cfg | $(RUN)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-check: setup.cfg | $(RUN)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[test,check]'
	@touch $@ $(VENV)/.installed-test $(VENV)/.installed

demo: $(VENV)/.installed  ## The main job on a receiver of its own: a request becomes a trace
	@$(VENV)/bin/otlpjson demo

# Each tier leaves its coverage data; tests/conftest.py says what belongs to which.
FAST := -m "not slow and not row" --hypothesis-profile=few
SLOW := -m "slow or row or hypothesis"
# The name of the fast tier's data tells what the files of the project held when it passed, so `make check`
# runs that tier only where it has not passed yet.
PROJECT := Makefile README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md mkdocs.yml setup.cfg docs examples fixtures otlpjson tests
PASSED := .coverage.fast.$(shell find $(PROJECT) -type d \( -name __pycache__ -o -name node_modules \) -prune \
	-o -type f -exec cksum {} + | LC_ALL=C sort | cksum | cut -d ' ' -f 1)

test: $(VENV)/.installed-test  ## The fast tier of the tests, in about a minute
	@rm -f .coverage.fast.*
	@$(MAKE) --no-print-directory $(PASSED)

$(PASSED): | $(VENV)/.installed-test
	@rm -f .coverage.fast.*
	$(RUN) -m coverage run --data-file=.coverage.unfinished -m pytest $(FAST)
	@mv .coverage.unfinished $@

check: $(VENV)/.installed-check format lint types slow-tests golden vendor-check sample  ## Everything that must hold before a change lands

format: $(VENV)/.installed-check
	$(RUN) -m ruff format $(RUFF) --check otlpjson tests examples

lint: $(VENV)/.installed-check
	$(RUN) -m ruff check $(RUFF) $(RULES) otlpjson
	$(RUN) -m ruff check $(RUFF) $(RULES) $(TEST_RULES) tests examples

types: $(VENV)/.installed-check
	$(RUN) -m mypy

slow-tests: $(PASSED)
	$(RUN) -m coverage run --data-file=.coverage.slow -m pytest $(SLOW)
	@$(RUN) -m coverage combine --quiet --keep $(PASSED) .coverage.slow
	$(RUN) -m coverage report

golden: $(VENV)/.installed-test  ## Write the golden files anew; fails if that changed any
	$(RUN) -m tests.golden

vendor-check: $(VENV)/.installed-test  ## Renamed copies at work: whole, zipped, and the core with attrs alone
	$(RUN) -m tests.vendor_check

sample: $(VENV)/.installed-test  ## A user's project with golden files, beside the built wheel and pytest alone
	$(RUN) -m tests.sample

test-pythons: $(VENV)/.installed-test  ## All but slow tests on every other CPython from 3.9 to 3.13 that is installed
	$(RUN) -m tests.pythons

judges:  ## Public bodies, protobuf and other encoders as judges, in an environment of their own
	@$(PYTHON) -m tests.judges.environment

sdks:  ## SDKs that are built on the captured clients, each at pinned versions, in environments of their own
	@$(PYTHON) -m tests.sdks.environment

recipes:  ## The recipes of docs/recipes on their servers, in an environment of their own
	@$(PYTHON) -m tests.recipes.environment

docs: $(VENV)/.installed-test  ## The site of documents in site/, with the tests of its blocks, links and reference
	@$(PYTHON) -m tests.site.build
	$(RUN) -m pytest tests/site tests/test_reference.py tests/test_docstrings.py tests/test_site_hooks.py $(wildcard tests/test_docs.py tests/test_readme.py)

browser:  ## The viewer's page in Chromium, in an environment of its own; installs Debian's package where there is none
	@$(PYTHON) -m tests.browser.environment

browser-bounds:  ## Fifty thousand spans and a gigabyte of prompts in the viewer, measured in Chromium; five minutes
	@$(PYTHON) -m tests.browser.environment bounds

pictures:  ## The pictures of the page in the documents, made anew
	@$(PYTHON) -m tests.browser.environment pictures

servers: $(VENV)/.installed-test  ## Build the OpenTelemetry Collector and Jaeger into the user's cache, once; needs Go
	@$(RUN) -m tests.interop.install

interop: servers  ## The tests against these two servers, on loopback
	$(RUN) -m pytest tests/interop

BENCH ?=

bench:  ## Instructions, import, encoding, reading, streams, recording, sending and growth, beside peers; BENCH="encode sending" for some
	@$(PYTHON) -m tests.bench.environment $(BENCH)

instructions: $(VENV)/.installed-test  ## Instructions of four measures as multiples of a floor; fails where one grew by 3 %; needs valgrind
	$(RUN) -m tests.bench.gate

traffic: $(VENV)/.installed-test  ## The laws of the mapping over TRAFFIC generated records; 100,000 take half an hour
	$(RUN) -m tests.traffic $(TRAFFIC)

backfill-proof: $(VENV)/.installed-test  ## A million records converted while workers and the command are killed: every file is the same; a quarter of an hour
	$(RUN) -m tests.backfill.proof

backfill-quick: $(VENV)/.installed-test  ## The same with twenty thousand records, in half a minute
	$(RUN) -m tests.backfill.proof --records 20000 --kills 8

# npm writes its own record into node_modules when it is done.
GRAMMAR := tests/traceql/node_modules/.package-lock.json

$(GRAMMAR): tests/traceql/package-lock.json
	npm ci --prefix tests/traceql
	@touch $@

traceql: $(VENV)/.installed-test $(GRAMMAR)  ## Every TraceQL query, read by Grafana's own grammar; needs Node and npm
	@node --version > /dev/null || { echo "make: tests/traceql needs Node; without it they are skipped" >&2; exit 1; }
	$(RUN) -m pytest tests/traceql

# Both have an environment of their own: they need newer Pythons than the package does, and no install of it.
TOOL_NEEDS := attrs requests protobuf opentelemetry-proto
FUZZ_S ?= 600
FORKS ?= 2000
SOAK_S ?= 3600

.venv-%/bin/python:
	@$(PYTHON) -m venv .venv-$* > /dev/null 2>&1 \
	|| { rm -rf .venv-$*; $(PYTHON) -m venv --without-pip .venv-$* \
	     && $(PYTHON) -m pip --quiet --python $@ install pip; }

forks: $(VENV)/.installed-test  ## FORKS children of every kind while a thread records: none may hang, each span arrives once
	$(RUN) -m tests.processes.forks $(FORKS)

outages: $(VENV)/.installed-test  ## A minute of seven kinds of outage while a program records: nothing is lost
	$(RUN) -m tests.processes.outages

faults: $(VENV)/.installed-test  ## The rig: a spool under kills, damage, full and failing disks, forks, clocks; one to two minutes
	$(RUN) -m tests.faults

faults-full: $(VENV)/.installed-test  ## The rig with all repetitions; half an hour
	$(RUN) -m tests.faults --full

faults-planted: $(VENV)/.installed-test  ## Faults of the spool put back on purpose: the rig or a test has to notice each
	$(RUN) -m tests.planted spool

faults-peers:  ## The same faults for this package, OpenTelemetry's exporters and sentry-sdk, side by side
	@$(PYTHON) -m tests.faults.peers.environment

soak: $(VENV)/.installed-test  ## SOAK_S seconds of recording with a fault every few seconds: nothing is lost, memory stays flat
	$(RUN) -m tests.faults.soak $(SOAK_S)

planted: $(VENV)/.installed-test  ## Ninety faults put back on purpose, one after the other: the tests have to notice each; a quarter of an hour
	$(RUN) -m tests.planted

mutation: .venv-mutation/bin/python  ## The tests against every line of the encoder and decoder changed on purpose; half an hour
	@$< -m pip install --quiet --disable-pip-version-check $(TOOL_NEEDS) pytest pytest-timeout hypothesis mutmut==3.8.1
	@rm -rf mutants
	.venv-mutation/bin/mutmut run --max-children 1 > mutants.log 2>&1 || { tail -40 mutants.log; exit 1; }
	@tr '\r' '\n' < mutants.log | grep -a / | tail -1
	@.venv-mutation/bin/mutmut results

fuzz: .venv-fuzz/bin/python  ## Atheris over the decoder, records and streams, FUZZ_S seconds each
	@$< -m pip install --quiet --disable-pip-version-check $(TOOL_NEEDS) atheris==3.0.0
	$< -m tests.fuzz decoder $(FUZZ_S)
	$< -m tests.fuzz record $(FUZZ_S)
	$< -m tests.fuzz stream $(FUZZ_S)

clean:  ## Remove everything that the other targets made
	rm -rf $(VENV) .venv-* site tests/traceql/node_modules .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist mutants mutants.log *.egg-info
