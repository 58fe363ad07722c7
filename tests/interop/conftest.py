# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What every interop test starts from: both servers, started once, and their words where a test fails."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from otlpjson.delivery import Sender, deliver

from .gateway import Gateway
from .install import installed
from .population import Population
from .programs import PROGRAMS

_HEARD = ("OTLPJSON_", "OTEL_", "REQUESTS_", "CURL_")
_PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "NETRC"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder needs the servers."""
    for item in items:
        if item.path.parent.name == "interop":
            item.add_marker("interop")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Puts the servers' last words below a failure."""
    report: pytest.TestReport = yield  # type: ignore[assignment]  # a wrapper is sent the result
    for value in getattr(item, "funcargs", {}).values() if report.failed else ():
        if isinstance(value, Gateway):
            report.sections.extend(value.words())
    return report  # type: ignore[return-value]  # and returns it


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The Collector with Jaeger behind it, for all tests."""
    missing = [program.name for program in PROGRAMS if not installed(program).is_file()]
    assert not missing, f"{' and '.join(missing)} missing: `make servers` builds them"
    running = Gateway.started(tmp_path_factory.mktemp("servers"))
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def population(gateway: Gateway) -> Population:
    """Generations of all shapes, delivered through the gateway."""
    made = Population.made()
    with Sender(gateway.destination(), timeout_s=60) as sender:
        report = deliver(made.entries, sender)
    assert report.complete, str(report)
    return made


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes out every variable that the package or requests listens to."""
    for name in tuple(os.environ):
        if name.startswith(_HEARD) or name.upper() in _PROXIES:
            monkeypatch.delenv(name)
