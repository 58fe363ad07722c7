# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The suite's tiers, its time limits, and how property tests draw.

======================  ================================================  ===================
run by                  selected                                          properties
======================  ================================================  ===================
``make test``           ``-m "not slow and not row"``: the fast tier      a few examples
``make check``          ``-m "slow or row or hypothesis"``: the rest      all examples
``make test-pythons``   ``-m "not slow"``                                 a few examples
``pytest`` alone        everything                                        all examples
======================  ================================================  ===================

- ``slow`` is written at a test that costs about a third of a second of CPU or more, or that tests a tool
  of the suite and not the package.
- ``row`` is given here to most rows of a long table: of a test with many parameter sets, the fast tier
  runs a few that lie evenly in the table. What a test costs is mostly what pytest costs, so thousands
  of rows would be half of the fast tier.
- Hypothesis marks a property, a test with ``@given``, as ``hypothesis``. It runs in both tiers, first with
  a few examples, so that a fault which nearly every example shows is found at once.
- ``process`` is written at a test that starts another process; a test without it cannot start one.

Every profile but ``explore`` draws the same examples in every run, so that the gate has one answer.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Generator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings

# A project of its own, which ``make sample`` tests where nothing else is.
collect_ignore: Final = ["sample_project"]

# The last four need programs of other people.
MAY_START_PROCESSES: Final = ("process", "browser", "interop", "judges", "traceql")
FAST_ROWS: Final = 6
"""The most rows of one table that the fast tier runs."""
SLOW_LIMIT_S: Final = 600
"""For a test of the slow tier; the limit of all others is ``timeout`` in setup.cfg."""

# Thousands of tests are made while they are collected and live until the end; looking for garbage among them
# again and again would cost as much as a thousand tests.
gc.disable()

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the suite in the background has it ignore Ctrl-C, and with it all that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is no fault of a test, so nothing here has a time limit of Hypothesis's.
settings.register_profile(
    "all", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("few", settings.get_profile("all"), max_examples=3)
settings.register_profile("explore", settings.get_profile("all"), derandomize=False, max_examples=5000)
settings.load_profile("all")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Ids without escapes: pytest writes those in another way each time that it runs in one process."""
    written = ascii(val)[:80] if isinstance(val, (str, bytes)) else ""
    return written.replace("\\", "_") if "\\" in written else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives tests that take long more time before they count as hanging, and marks rows of long tables."""
    tables: dict[str, list[pytest.Item]] = {}
    for item in items:
        if "slow" in item.keywords or getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.timeout(SLOW_LIMIT_S))
        else:
            tables.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for rows in tables.values():
        step = -(-len(rows) // FAST_ROWS)
        for number, item in enumerate(rows):
            if number % step:
                item.add_marker("row")


class _Processes:
    """Refuses to start a process in a test that is not marked ``process``."""

    def __init__(self) -> None:
        self.allowed = True
        sys.addaudithook(self._on_event)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.allowed = any(item.get_closest_marker(name) for name in MAY_START_PROCESSES)
        try:
            return (yield)
        finally:
            self.allowed = True

    def _on_event(self, event: str, arguments: object) -> None:
        if event == "subprocess.Popen" and not self.allowed:
            raise RuntimeError("a test that starts a process needs the mark `process`")


class _Coverage:
    """
    Pauses coverage while pytest is at work between tests: tracing that would double its cost and cover nothing.

    Collecting is traced whole, because test modules may run code of the package when they are imported.
    """

    def __init__(self, tracer: Any) -> None:
        self.tracer = tracer

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self) -> None:
        sys.settrace(None)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_pyfunc_call(self) -> Generator[None, object, object]:
        return (yield from self._traced())

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_fixture_setup(self) -> Generator[None, object, object]:
        return (yield from self._traced())

    def _traced(self) -> Generator[None, object, object]:
        sys.settrace(self.tracer)
        try:
            return (yield)
        finally:
            sys.settrace(None)


def pytest_configure(config: pytest.Config) -> None:
    """Registers what has a state of its own."""
    config.pluginmanager.register(_Processes(), "otlpjson-processes")
    tracer = sys.gettrace()
    if type(tracer).__module__.partition(".")[0] == "coverage":
        config.pluginmanager.register(_Coverage(tracer), "otlpjson-coverage")


def pytest_collection_finish() -> None:
    """From here on garbage is looked for again, but not among the tests themselves."""
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what the run cost, processes that it started included, and how to run what it left out."""
    outcomes = ("passed", "failed", "skipped", "xfailed", "error")
    count = sum(len(terminalreporter.stats.get(outcome, ())) for outcome in outcomes)
    used_s = sum(os.times()[:4])
    terminalreporter.write_line(f"{count:,} tests used {used_s:.1f} s of CPU.")
    if terminalreporter.config.option.markexpr == "not slow and not row":
        left = len(terminalreporter.stats.get("deselected", ()))
        terminalreporter.write_line(
            f"This was the fast tier. `make check` adds {left:,} tests and all examples of the properties."
        )
